"""Faces in the store: what a card looks like stays the same as long as nothing that it depends on has changed."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck
from eigendeck.deck.schema import DeckMeta, Section
from eigendeck.errors import Fault
from eigendeck.phrases import phrases
from eigendeck.plots.draw import DRAWN, lacking
from eigendeck.render.box import Arrangement, Box
from eigendeck.render.card import Face
from eigendeck.store import Kind, Store
from eigendeck.worked.jobs import variants_of

_CODE = (
    *("deck", "errors.py", "latex", "model.py", "phrases", "render", "substitution", "templates/anki", "text"),
    *("worked", "worker"),
)
_VERSIONS = ("numpy", "jinja2", "markupsafe", "math-core", "pygments")
FACES = Kind("faces", _CODE, _VERSIONS)
PLOTTED = Kind("faces", (*_CODE, *DRAWN.code), (*_VERSIONS, *DRAWN.versions))
_BOX = [field.name for field in fields(Box) if field.name not in ("number", "words")]


def kept_faces(store: Store, deck: Deck, seed: int) -> dict[str, Face]:
    """Returns the faces that an earlier build has made, of the cards that are as they were, by id."""
    cards = ((section, card) for section in deck.sections for card in section.cards)
    faces = (_kept(store, deck, section, card, seed) for section, card in cards)
    return {face.card.id: face for face in faces if face}


def _kept(store: Store, deck: Deck, section: Section, card: Card, seed: int) -> Face | None:
    if (kept := store.find(_kind(card), _about(deck.meta, section, card, seed))) is None:
        return None
    box: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.pop("box").items()
    }
    if box["arrangement"]:
        box["arrangement"] = Arrangement(**box["arrangement"])
    return Face(
        card=card,
        section=section,
        sides={direction: (front, back) for direction, (front, back) in kept.pop("sides").items()},
        media={name: svg.encode() for name, svg in kept.pop("media").items()},
        box=Box(number=deck.numbers[card.id], words=phrases(deck.meta.language, deck.meta.phrases), **box),
        wide=tuple((key, what, hint) for key, what, hint in kept.pop("wide")),
        **kept,
    )


def keep_face(store: Store, meta: DeckMeta, face: Face, seed: int) -> None:
    """Keeps the faces of a card in which nothing is wrong."""
    kept: dict[str, Any] = {name: getattr(face, name) for name in ("concept", "says", "see", "heading", "sides")}
    kept |= {name: getattr(face, name) for name in ("variants", "missing", "shown", "drawn", "wide")}
    kept["media"] = {name: svg.decode() for name, svg in face.media.items()}
    kept["box"] = {name: getattr(face.box, name) for name in _BOX}
    store.keep(_kind(face.card), _about(meta, face.section, face.card, seed), kept)


def _kind(card: Card) -> Kind:
    return PLOTTED if card.plot else FACES


def _about(meta: DeckMeta, section: Section, card: Card, seed: int) -> list[object]:
    words = (section.title, meta.language, meta.phrases)
    return [card.model_dump(), *words, meta.shapes, variants_of(meta, card), seed]


def lacking_letters(deck: Deck, faces: Iterable[Face]) -> list[Fault]:
    """Returns what was warned of when the plots of kept faces were drawn."""
    return [fault for face in faces for fault in lacking(deck, face.card.id, face.missing)]

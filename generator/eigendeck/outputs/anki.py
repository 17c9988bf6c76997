"""Output: faces → the bytes of an .apkg."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eigendeck import __version__
from eigendeck.deck.read import Deck
from eigendeck.deck.schema import DeckMeta, Section
from eigendeck.latex.mathml import mathml_in_text
from eigendeck.outputs.notetype import FIELDS, TEMPLATES
from eigendeck.phrases import phrases
from eigendeck.render.card import Face
from eigendeck.store import version_of
from eigendeck.text import markup
from eigendeck.text.escape import harmless

_ZIP_TIME = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Note:
    """A note without its time: what an import would bring."""

    guid: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str  # full name

    @property
    def id(self) -> str:
        """The card's id: the first field."""
        return self.fields[0]

    @property
    def edition(self) -> str:
        """What its numbers were drawn with: `seed 7`; nothing without drawn inputs."""
        return self.fields[list(FIELDS).index("Edition")]

    @property
    def directions(self) -> frozenset[str]:
        """The templates that make a card of it."""
        return frozenset(name for name, (_, front, _) in TEMPLATES.items() if self.fields[list(FIELDS).index(front)])


def guid(deck_id: str, card_id: str) -> str:
    """Returns the identity of a note: for ever a function of the deck's id and the card's id alone."""
    digest = hashlib.sha256(f"eigendeck/{deck_id}/{card_id}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:12]).decode()


def note(meta: DeckMeta, face: Face, seed: int) -> Note:
    """Returns the note of a card."""
    card, section = face.card, face.section
    by_name = dict.fromkeys(FIELDS, "") | {
        "Id": card.id,
        "Concept": face.concept,
        "Section": face.heading,
        "Says": face.says,
        "See": face.see,
        "Edition": f"seed {seed}" if card.given else "",
    }
    for direction, (front, back) in face.sides.items():
        by_name[f"{direction.title()} Front"] = front
        by_name[f"{direction.title()} Back"] = back
    tags = [f"{meta.id}::{section.stem}", *(f"{meta.id}::{tag}" for tag in card.tags)]
    if card.form:
        form = markup.to_plain(card.form, mathml_in_text)
        tags.append(f"{meta.id}::form::{'-'.join(form.split())}")
    if card.told:
        tags.append(f"{meta.id}::told")
    return Note(guid(meta.id, card.id), tuple(by_name.values()), tuple(sorted(tags)), deck_name(meta, section))


def deck_name(meta: DeckMeta, section: Section) -> str:
    """Returns the full name of a section's deck in Anki."""
    return f"{meta.anki_name}::{section.anki_name}"


def emit(deck: Deck, notes: Sequence[Note], times: Mapping[str, int], media: Mapping[str, bytes]) -> bytes:
    """Returns the .apkg: the same bytes for the same arguments and versions, whatever the folder, process, or day.

    times: when each note last changed, by guid. media: the files that the notes refer to, by name.
    """
    from eigendeck.outputs.collection import database  # imported here: most commands write no package

    decks = {deck.meta.anki_name: "<br>".join(harmless(line) for line in _description(deck.meta) if line)}
    decks |= {deck_name(deck.meta, section): "" for section in deck.sections}
    rows = [(note.guid, note.fields, note.tags, note.deck, times[note.guid]) for note in notes]
    return _zipped(database(decks, rows), media)


def _description(meta: DeckMeta) -> tuple[str, str, str]:
    """The lines of the deck's description. Versions stand here alone, so that a new one changes no note."""
    words = phrases(meta.language, meta.phrases)
    edition = words.say("package.edition", version=meta.version) + " " if meta.version else ""
    built = words.say("package.built", eigendeck=__version__, numpy=version_of("numpy"))
    licence = words.say("package.licence", license=meta.license) if meta.license else ""
    return meta.description, licence, edition + built


def _zipped(database: bytes, media: Mapping[str, bytes]) -> bytes:
    names = sorted(media)
    index = json.dumps({str(number): name for number, name in enumerate(names)})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        entries = [("collection.anki2", database), ("media", index.encode())]
        entries += [(str(number), media[name]) for number, name in enumerate(names)]
        for name, content in entries:
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return packed.getvalue()

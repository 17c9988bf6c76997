"""Cards to cut out: one HTML file whose pages are pages of paper. Its script sets each side as large as fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from eigendeck.outputs.imposition import NAMES, Layout, Place
from eigendeck.outputs.page import hues, marked, rendered
from eigendeck.render.paper import PaperCard, PaperDeck
from eigendeck.render.templates import template_text

_APART = " · "


@dataclass(frozen=True, slots=True)
class Side:
    """A side in its place. label, body: HTML of what stands at the end of its first line, and below that."""

    card: PaperCard
    kind: str  # `front` or `back`
    place: Place
    label: Markup
    body: Markup


def emit(deck: PaperDeck, layout: Layout) -> str:
    """Returns the whole document: the same text for the same cards."""
    words = deck.words
    way = "paper.fold" if layout.cut == "fold" else f"paper.duplex_{layout.flip}"
    return rendered(
        "cards",
        template_text("cards.js"),
        cards=deck,
        layout=layout,
        pages=tuple(_pages(deck, layout)),
        how=f"{words.say('paper.print', paper=NAMES[layout.paper])} {words[way]}",
        hues=hues(dict.fromkeys(card.section.number for card in deck.cards)),
    )


def _pages(deck: PaperDeck, layout: Layout) -> Iterator[tuple[Side, ...]]:
    """The sides that stand on each page; on paper that is turned over, fronts and backs by turns."""
    for start in range(0, len(deck.cards), layout.count):
        cards = deck.cards[start : start + layout.count]
        fronts = tuple(_side(deck, card, "front", layout.front(index)) for index, card in enumerate(cards))
        backs = tuple(_side(deck, card, "back", layout.back(index)) for index, card in enumerate(cards))
        if layout.cut == "fold":
            yield tuple(side for pair in zip(fronts, backs, strict=True) for side in pair)
        else:
            yield from (fronts, backs)


def _side(deck: PaperDeck, card: PaperCard, kind: str, place: Place) -> Side:
    body = card.front if kind == "front" else card.back
    return Side(card, kind, place, _label(deck, card, kind), Markup(body))


def _label(deck: PaperDeck, card: PaperCard, kind: str) -> Markup:
    """The deck on both sides; the section and the licence on the front; what tells editions apart on the back."""
    edition = deck.words.say("paper.edition", seed=deck.seed, variant=card.variant) if card.variant else ""
    name = deck.meta.anki_name
    parts = (marked(card.section.title, deck.words), name, deck.meta.license) if kind == "front" else (name, edition)
    return Markup(_APART).join(part for part in parts if part)

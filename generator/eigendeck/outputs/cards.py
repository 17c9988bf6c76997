"""Cards to cut out: one HTML file whose pages are pages of paper. Its script sets each side as large as fits."""

from collections.abc import Iterator
from typing import NamedTuple

from eigendeck.outputs.imposition import NAMES, Layout, Place
from eigendeck.outputs.page import hues, rendered
from eigendeck.render.paper import PaperCard, PaperDeck
from eigendeck.render.templates import template_text


class Side(NamedTuple):
    """A side in its place. kind: `front` or `back`."""

    card: PaperCard
    kind: str
    place: Place


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
        fronts = tuple(Side(card, "front", layout.front(index)) for index, card in enumerate(cards))
        backs = tuple(Side(card, "back", layout.back(index)) for index, card in enumerate(cards))
        if layout.cut == "fold":
            yield tuple(side for pair in zip(fronts, backs, strict=True) for side in pair)
        else:
            yield from (fronts, backs)

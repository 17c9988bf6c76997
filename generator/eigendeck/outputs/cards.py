"""Cards to cut out: one HTML file whose pages are pages of paper. Its script sets each side as large as fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from eigendeck.outputs.imposition import NAMES, Layout, Place
from eigendeck.outputs.page import hues, marked, rendered, trimmed
from eigendeck.phrases import Phrases
from eigendeck.render.paper import PaperCard, PaperDeck
from eigendeck.render.templates import template_text

_MARK = 3.0  # mm: of a cut's mark, to each side
_APART = " · "
_SCALE, _CIRCLE = 10, 3  # mm: of the scales that an offset is read on, to each side; the radius of what is read


@dataclass(frozen=True, slots=True)
class Side:
    """A side in its place. label, body: HTML of what stands at the end of its first line, and below that."""

    card: PaperCard
    kind: str  # `front` or `back`
    place: Place
    label: Markup
    body: Markup


@dataclass(frozen=True, slots=True)
class Page:
    """One side of a sheet of paper. drawn: lines on it, as SVG. notes: what stands on it that is no card."""

    sides: tuple[Side, ...]
    drawn: str = ""
    notes: tuple[str, ...] = ()


def emit(deck: PaperDeck, layout: Layout) -> str:
    """Returns the whole document: the same text for the same cards."""
    pages, words = tuple(_pages(deck, layout)), deck.words
    way = "paper.fold" if layout.cut == "fold" else f"paper.duplex_{layout.flip}"
    return rendered(
        "cards",
        template_text("cards.js"),
        cards=deck,
        layout=layout,
        pages=pages,
        how=f"{words.say('paper.print', paper=NAMES[layout.paper])} {words[way]}",
        hues=hues(dict.fromkeys(card.section.number for card in deck.cards)),
    )


def _pages(deck: PaperDeck, layout: Layout) -> Iterator[Page]:
    marks = _marks(layout)
    if layout.cut == "duplex":
        yield from calibration(deck.words, layout)
    for start in range(0, len(deck.cards), layout.count):
        cards = deck.cards[start : start + layout.count]
        fronts = tuple(_side(deck, card, "front", layout.front(index)) for index, card in enumerate(cards))
        backs = tuple(_side(deck, card, "back", layout.back(index)) for index, card in enumerate(cards))
        if layout.cut == "fold":
            yield Page(tuple(side for pair in zip(fronts, backs, strict=True) for side in pair), marks)
        else:
            yield Page(fronts, marks)
            yield Page(backs)


def _side(deck: PaperDeck, card: PaperCard, kind: str, place: Place) -> Side:
    body = card.front if kind == "front" else card.back
    return Side(card, kind, place, _label(deck, card, kind), Markup(body))


def _label(deck: PaperDeck, card: PaperCard, kind: str) -> Markup:
    """The deck on both sides; the section and the licence on the front; what tells editions apart on the back."""
    edition = deck.words.say("paper.edition", seed=deck.seed, variant=card.variant) if card.variant else ""
    name = deck.meta.anki_name
    parts = (marked(card.section.title, deck.words), name, deck.meta.license) if kind == "front" else (name, edition)
    return Markup(_APART).join(part for part in parts if part)


def _marks(layout: Layout) -> Markup:
    """Crosses where cuts cross, which reach less far into a card than its text; lines to fold."""
    cuts = "".join(
        f"M{_points(x - _MARK, y)}h{2 * _MARK:g}M{_points(x, y - _MARK)}v{2 * _MARK:g}" for x, y in layout.crossings()
    )
    folds = "".join(f"M{_points(x, top)}V{trimmed(bottom)}" for x, top, bottom in layout.folds())
    return Markup(f'<path class="cut" d="{cuts}"/>' + (f'<path class="fold" d="{folds}"/>' if folds else ""))


def calibration(words: Phrases, layout: Layout) -> tuple[Page, Page]:
    """Returns the two sides of the first sheet: on its front scales and a square, on its back what belongs behind them.

    The back is moved as all backs are, so that a new sheet shows whether the offset is right.
    """
    x, y = (side / 2 for side in layout.page)
    square = (layout.page[0] * 0.25, layout.page[1] * 0.7)  # where no wrong edge puts the dot
    dot = layout.behind(*square)
    edge = words.say("paper.edge", option=f"--flip {'short' if layout.flip == 'long' else 'long'}")
    offset = words.say("paper.then", option="--offset X,Y")
    front = Page(
        (),
        Markup(_scales(x, y) + f'<path class="ruler" d="M{_points(*square)}m-5 -5h10v10h-10z"/>'),
        (words["paper.calibration"], edge, words["paper.against"], offset, words["paper.scale"]),
    )
    half = f"a{_CIRCLE} {_CIRCLE} 0 1 0"
    circle = (
        f"M{_points(*layout.behind(x, y))}m-1 0h2m-1 -1v2m-{_CIRCLE} -1{half} {2 * _CIRCLE} 0{half} -{2 * _CIRCLE} 0"
    )
    drawn = (
        f'<path class="ruler" d="{circle}"/><circle class="dot" cx="{trimmed(dot[0])}" cy="{trimmed(dot[1])}" r="1"/>'
    )
    return front, Page((), Markup(drawn), (words["paper.behind"],))


def _scales(x: float, y: float) -> str:
    """Two scales that cross in a point, and a line of 100 mm below them."""
    each = range(-_SCALE, _SCALE + 1)
    axes = f"M{_points(x - _SCALE, y)}h{2 * _SCALE}M{_points(x, y - _SCALE)}v{2 * _SCALE}"
    sizes = [(mm, "3.5" if mm % 10 == 0 else "2.5" if mm % 5 == 0 else "1.5") for mm in each if mm]
    ticks = "".join(f"M{_points(x + mm, y)}v{size}M{_points(x, y + mm)}h-{size}" for mm, size in sizes)
    length = f"M{_points(x - 50, y + 40)}v-2v4v-2h100v-2v4"
    texts = [(x + _SCALE + 4, y + 1, "X"), (x, y + _SCALE + 5, "Y"), (x, y + 38, "100 mm")]
    for mm in each:
        if abs(mm) == _SCALE:
            number = f"{mm}".replace("-", "−")
            texts += [(x + mm, y + 5.5, number), (x - 5.5, y + mm + 0.9, number)]
    labels = "".join(f'<text x="{trimmed(left)}" y="{trimmed(top)}">{text}</text>' for left, top, text in texts)
    return f'<path class="ruler" d="{axes}{ticks}{length}"/>{labels}'


def _points(x: float, y: float) -> str:
    return f"{trimmed(x)} {trimmed(y)}"

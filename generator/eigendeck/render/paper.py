"""Stage 4, for paper: each direction of a note as a card of its own, front and back, that asks for nothing else."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck
from eigendeck.deck.schema import DeckMeta, Section
from eigendeck.model import CardPlots, Plot, Worked
from eigendeck.phrases import Phrases, phrases
from eigendeck.plots.canvas.svg import inline
from eigendeck.render.anki_html import media_name
from eigendeck.render.card import sides
from eigendeck.render.metrics import viewed
from eigendeck.render.standalone import with_mathml

_PICTURE = re.compile(r'<img src="([^"]*)"[^>]* alt="([^"]*)">')
# A unit of a picture in ems: where it is what the card asks about, and where it stands beside a worked answer.
_LARGE, _SMALL = 0.105, 0.0905
_MOST_BESIDE = 16.0  # ems: a wider one has lines of its own
_FOLDERS = ("paper", "anki")  # of templates: paper has no hint to unfold


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A card to cut out. The sides are HTML: formulas are MathML, pictures stand in them."""

    card: Card
    number: int  # of the card in the deck, from 1
    direction: str  # `work`, `mistake`, …, or `told`
    section: Section
    variant: int  # from 1; 0 where every edition is the same
    front: str
    back: str

    @property
    def id(self) -> str:
        """Its name in the page: no id of a card has an underscore."""
        return f"{self.card.id}_{self.direction}"


@dataclass(frozen=True, slots=True)
class PaperDeck:
    """All cards of a deck, or of a part of it, and what stands on each of them."""

    meta: DeckMeta
    seed: int
    words: Phrases
    cards: tuple[PaperCard, ...]


def one_variant(worked: Worked, number: int) -> Worked:
    """Returns the card with this variant alone, from 1; of one that has fewer they come round again."""
    variants = worked.variants
    return replace(worked, variants=(variants[(number - 1) % len(variants)],) if variants else ())


def paper_deck(deck: Deck, worked: Sequence[Worked], plots: Mapping[str, CardPlots], seed: int) -> PaperDeck:
    """Returns the paper cards of a deck, in its order. worked: each with one variant. plots: by the card's id."""
    cards = (made for one in worked for made in _of_note(deck, one, plots.get(one.card.id, CardPlots()), seed))
    return PaperDeck(deck.meta, seed, phrases(deck.meta.language, deck.meta.phrases), tuple(cards))


def _of_note(deck: Deck, worked: Worked, drawn: CardPlots, seed: int) -> Iterator[PaperCard]:
    card, section = worked.card, deck.section_of(worked.card.id)
    number = worked.variants[0].number if worked.variants else 1  # nothing is drawn for a told card
    large, small = ({number: plot} if plot else {} for plot in (drawn.variants.get(number), drawn.printed))
    fronts = sides(worked, large, seed, deck.meta, _FOLDERS)
    backs = sides(worked, small, seed, deck.meta, _FOLDERS)
    for direction in fronts:
        name = f"{card.id}_{direction}"
        yield PaperCard(
            card,
            deck.numbers[card.id],
            "told" if card.told else direction,
            section,
            number if card.given.strip() else 0,
            front=_whole(fronts[direction][0], large.values(), f"{name}_front", _LARGE),
            back=_whole(backs[direction][1], small.values(), f"{name}_back", _SMALL),
        )


def _whole(side: str, plots: Iterable[Plot], prefix: str, unit: float) -> str:
    """A side of Anki's with what it only refers to. unit: of a picture, in ems."""
    drawn = {media_name(plot): plot for plot in plots}

    def picture(image: re.Match[str]) -> str:
        plot = replace(drawn[image[1]], alt=html.unescape(image[2]))
        width = viewed(plot.svg)[0] * unit
        beside = " beside" if unit == _SMALL and width <= _MOST_BESIDE else ""
        return f'<span class="figure{beside}" style="width:{width:.2f}em">{inline(plot, prefix)}</span>'

    return _PICTURE.sub(picture, with_mathml(side))

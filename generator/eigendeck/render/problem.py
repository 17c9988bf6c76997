"""Stage 4, for paper: worked cards as problems, which a worksheet asks and its key answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck
from eigendeck.deck.schema import DeckMeta, Section
from eigendeck.latex.mathml import mathml
from eigendeck.model import Variant, Worked
from eigendeck.phrases import Phrases, phrases
from eigendeck.render.inputs import named_in, shape_trace, shows_shapes, unasked, with_unit
from eigendeck.render.variant import whole_mistake
from eigendeck.substitution.worked_formula import substituted
from eigendeck.text import markup

LEAST_ROOM, STEP_ROOM, MOST_ROOM = 4, 1, 10  # lines of 5 mm to work in: at least, more for each step, at most


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a common mistake gives, and what it is, in the author's words. printed: "" where it is told, not run."""

    code: str
    printed: str
    says: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One variant of a card: what is asked, and how it is answered. A text is plain where no other kind is named."""

    card: Card
    variant: Variant | None  # None of a told card
    number: int  # on the worksheet, from 1
    ask: str  # HTML; "" where the inputs say it all
    room: int  # lines to work in
    inputs: str = ""  # lines; those that `ask` does not name
    shapes: str = ""  # "(3,) · (3,) → ()"; "" where none are asked for
    answer: str = ""  # what the program prints, with its unit
    substituted: tuple[str, ...] = ()  # LaTeX, a line each
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Worksheet:
    """The problems of an edition by section. student: whose it is, a plain name; "" where nobody's."""

    deck: DeckMeta
    seed: int
    student: str
    sections: tuple[tuple[Section, tuple[Problem, ...]], ...]

    @property
    def words(self) -> Phrases:
        """The fixed phrases of the deck."""
        return phrases(self.deck.language, self.deck.phrases)

    @property
    def edition(self) -> str:
        """What tells it from other editions: `seed 7, Ada`."""
        if self.student:
            return self.words.say("worksheet.edition", seed=self.seed, student=self.student)
        return self.words.say("sheet.seed", seed=self.seed)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of all sections."""
        return tuple(problem for _, problems in self.sections for problem in problems)


def worksheet_of(
    deck: Deck, worked: Sequence[Worked], seed: int, student: str = "", variants: Sequence[int] = ()
) -> Worksheet:
    """Returns the problems of a deck's cards by section, numbered through.

    variants: the numbers of those that are asked; none: all. A card that has none of them is asked as its first.
    """
    by_id = {one.card.id: one for one in worked}
    numbers = count(1)
    sections = [
        (section, tuple(_problem(card, variant, next(numbers), deck.meta) for card, variant in asked))
        for section in deck.sections
        if (asked := [(card, one) for card in section.cards for one in _chosen(by_id[card.id], variants)])
    ]
    return Worksheet(deck.meta, seed, student, tuple(sections))


def _problem(card: Card, variant: Variant | None, number: int, meta: DeckMeta) -> Problem:
    values, rtl = variant.ask if variant else None, phrases(meta.language, meta.phrases).rtl
    ask = markup.to_html(card.ask, mathml, values, apart=rtl, units=card.all_units)
    if variant is None:
        return Problem(card, None, number, ask, LEAST_ROOM + STEP_ROOM)
    return Problem(
        card,
        variant,
        number,
        ask,
        min(LEAST_ROOM + STEP_ROOM * len(variant.steps) + variant.output.count("\n"), MOST_ROOM),
        unasked(card, variant),
        shape_trace(variant) if shows_shapes(card, meta) else "",
        variant.output + with_unit(card.unit),
        substituted(card, variant),
        _wrong(card, variant),
    )


def _wrong(card: Card, variant: Variant) -> tuple[Wrong, ...]:
    """The mistakes that were run, each with what it gives; where none was, what is said of the first."""
    if not variant.mistakes:
        return (Wrong("", "", card.mistakes[0].says),)
    named = named_in(card)
    return tuple(
        Wrong(whole_mistake(variant, number, named), line.printed, mistake.says)
        for number, (line, mistake) in enumerate(zip(variant.mistakes, card.mistakes, strict=False))
    )


def _chosen(worked: Worked, variants: Sequence[int]) -> Sequence[Variant | None]:
    if worked.card.told:
        return (None,)
    return [one for one in worked.variants if not variants or one.number in variants] or worked.variants[:1]

"""Stage 4, for paper: worked cards as problems, which a worksheet asks and its key answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from eigendeck.deck.read import Deck
from eigendeck.deck.schema import DeckMeta
from eigendeck.latex.mathml import mathml
from eigendeck.model import Variant, Worked
from eigendeck.phrases import Phrases, phrases
from eigendeck.render.inputs import input_lines, program_with_units, shape_trace, shows_shapes, with_unit
from eigendeck.render.variant import whole_mistake
from eigendeck.substitution.worked_formula import substituted
from eigendeck.text import markup

LEAST_ROOM, STEP_ROOM, MOST_ROOM = 4, 1, 10  # lines of 5 mm to work in: at least, more for each step, at most


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a common mistake gives, and what it is. printed: "" where it is told, not run. says: HTML."""

    code: str
    printed: str
    says: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line on the way to the answer. caption: HTML."""

    caption: str
    code: str
    printed: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One variant of a card: what is asked, and how it is answered. A text is plain where no other kind is named."""

    card: str  # id
    variant: int
    number: int  # on the worksheet, from 1
    concept: str  # a text of the author
    ask: str  # HTML; "" where the inputs say it all
    asked: str  # the same without marks, for a table
    inputs: str  # lines; those that `ask` does not name
    told: bool
    room: int  # lines to work in
    shapes: str = ""  # "(3,) · (3,) → ()"; "" where none are asked for
    answer: str = ""  # what the program prints, with its unit
    says: str = ""  # HTML
    said: str = ""  # of a told card the same without marks
    formula: str = ""  # LaTeX
    substituted: tuple[str, ...] = ()  # LaTeX, a line each
    steps: tuple[Step, ...] = ()
    program: str = ""
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemSection:
    """The problems of a section. title: a text of the author."""

    number: str
    title: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """The problems of an edition. student: whose it is, a plain name; "" where nobody's."""

    deck: DeckMeta
    seed: int
    student: str
    sections: tuple[ProblemSection, ...]

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
        return tuple(problem for section in self.sections for problem in section.problems)


def worksheet_of(
    deck: Deck, worked: Sequence[Worked], seed: int, student: str = "", variants: Sequence[int] = ()
) -> Worksheet:
    """Returns the problems of a deck's cards by section, numbered through.

    variants: the numbers of those that are asked; none: all. A card that has none of them is asked as its first.
    """
    by_id = {one.card.id: one for one in worked}
    number, sections = 0, []
    for section in deck.sections:
        problems: list[Problem] = []
        for card in section.cards:
            one = by_id[card.id]
            for variant in _chosen(one, variants):
                number += 1
                problems.append(problem(one, variant, number, deck.meta))
        if problems:
            sections.append(ProblemSection(section.number, section.title, tuple(problems)))
    return Worksheet(deck.meta, seed, student, tuple(sections))


def problem(worked: Worked, variant: Variant | None, number: int, meta: DeckMeta) -> Problem:
    """Returns a variant of a card as a problem; of a told card there is none."""
    card = worked.card
    if variant is None:
        return Problem(
            card=card.id,
            variant=1,
            number=number,
            concept=card.concept,
            ask=markup.to_html(card.ask, mathml),
            asked=markup.to_plain(card.ask, escape),
            inputs="",
            told=True,
            room=LEAST_ROOM + STEP_ROOM,
            says=markup.to_html(card.says, mathml),
            said=markup.to_plain(card.says, escape),
            formula=card.formula,
        )
    rtl = phrases(meta.language, meta.phrases).rtl
    named = {content.partition(":")[0] for content, _ in markup.placeholders(card.ask)}
    unasked = [pair for pair in variant.inputs if pair[0] not in named]
    return Problem(
        card=card.id,
        variant=variant.number,
        number=number,
        concept=card.concept,
        ask=markup.to_html(card.ask, mathml, variant.ask, apart=rtl, units=card.all_units) if card.ask else "",
        asked=markup.to_plain(card.ask, escape, variant.ask),
        inputs=input_lines(unasked, variant.shown, card.units),
        told=False,
        room=min(LEAST_ROOM + STEP_ROOM * len(variant.steps) + variant.output.count("\n"), MOST_ROOM),
        shapes=shape_trace(variant) if shows_shapes(card, meta) else "",
        answer=variant.output + with_unit(card.unit),
        says=markup.to_html(card.says, mathml),
        formula=card.formula,
        substituted=substituted(card, variant),
        steps=tuple(Step(markup.to_html(s.caption, mathml), s.code, s.printed) for s in variant.steps),
        program=program_with_units(variant.program, card.units, card.unit),
        wrong=_wrong(worked, variant, named),
    )


def _wrong(worked: Worked, variant: Variant, named: set[str]) -> tuple[Wrong, ...]:
    """The mistakes that were run, each with what it gives; where none was, what is said of the first."""
    mistakes = worked.card.mistakes
    if not variant.mistakes:
        return (Wrong("", "", markup.to_html(mistakes[0].says, mathml)),)
    return tuple(
        Wrong(whole_mistake(variant, number, named), line.printed, markup.to_html(mistake.says, mathml))
        for number, (line, mistake) in enumerate(zip(variant.mistakes, mistakes, strict=False))
    )


def _chosen(worked: Worked, variants: Sequence[int]) -> Sequence[Variant | None]:
    if worked.card.told:
        return (None,)
    return [one for one in worked.variants if not variants or one.number in variants] or worked.variants[:1]

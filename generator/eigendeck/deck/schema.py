"""What a deck says: the keys of `deck.yaml`, of a section and of a card, with their limits.

Whatever a validator refuses, it refuses in words for the author.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationInfo,
    field_validator,
)

from eigendeck.deck.limits import code, deck_name, distinct, filled, kebab, said, several, tag, whole, words

Form = Literal["linear combination", "dot product", "softmax", "likelihood", "expectation"]
Direction = Literal["work", "mistake", "code", "formula", "plot"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

Id = Annotated[str, AfterValidator(kebab)]
DeckName = Annotated[str, AfterValidator(deck_name)]
Tag = Annotated[str, AfterValidator(tag)]
Name = Annotated[str, words(80, required=True, one_line=True)]
Sentence = Annotated[str, words(600)]
RequiredSentence = Annotated[str, words(600, required=True)]
Latex = Annotated[str, words(1000)]
RequiredLatex = Annotated[str, words(1000, required=True)]
Code = Annotated[str, AfterValidator(code)]
RequiredCode = Annotated[str, AfterValidator(code), AfterValidator(filled)]
References = Annotated[tuple[Annotated[str, words(600, required=True, one_line=True)], ...], *several(50)]
Variants = Annotated[int, whole(1, 20)]


@dataclass(frozen=True, slots=True)
class Nice:
    """What a hand-friendly answer is: on a grid, shown to some digits, or (both None) whatever comes out."""

    grid: float | None = None
    digits: int | None = None


def _nice(value: object) -> Nice:
    if isinstance(value, Nice):
        return value
    if value is False or value == "off":
        return Nice()
    if isinstance(value, int | float) and value is not True and 0 < value < math.inf:
        return Nice(grid=float(value))
    if isinstance(value, str) and (digits := re.fullmatch(r"([1-6]) digits?", value)):
        return Nice(digits=int(digits[1]))
    raise said("must be a grid above 0 such as 0.25, `1 digits` to `6 digits`, or off")


def _parameter(value: object) -> object:
    """Passes NumPy expressions and literal data: numbers, booleans, text, lists of them."""
    if isinstance(value, str):
        return code(value)
    if isinstance(value, list):
        return [_parameter(item) for item in value]
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise said("must be a NumPy expression, a number, true or false, or a list of them")


class Strictly(BaseModel):
    """Refuses what it does not know, converts nothing, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Panel(Strictly):
    """A box of the sheet that is no card: sentences, and lines of NumPy whose values are shown, or either."""

    title: Name
    points: Annotated[tuple[RequiredSentence, ...], *several(20)] = ()
    numbers: Annotated[Code, Field(validate_default=True)] = ""

    @field_validator("numbers")
    @classmethod
    def _something(cls, numbers: str, info: ValidationInfo) -> str:
        if not numbers.strip() and not info.data.get("points", True):
            raise said("is empty, and so is points", "Write sentences in `points`, or lines of NumPy in `numbers`.")
        return numbers


class DeckMeta(Strictly):
    """`deck.yaml`."""

    id: Id
    title: DeckName
    deck: DeckName | None = None
    description: Latex = ""
    license: Sentence = ""
    version: Name | None = None
    seed: Annotated[int, whole(0)] = 0
    variants: Variants = 6
    panels: Annotated[tuple[Panel, ...], *several(10)] = ()

    @property
    def anki_name(self) -> str:
        """The deck's name in Anki."""
        return self.deck or self.title


class Mistake(Strictly):
    """The common mistake: what is wrong about it, the line that makes it, and why the formula may hold for it too."""

    says: RequiredSentence
    numpy: Code = ""
    fits: Sentence = ""

    @field_validator("fits")
    @classmethod
    def _of_a_value(cls, fits: str, info: ValidationInfo) -> str:
        if fits.strip() and not info.data.get("numpy", "mistake").strip():
            raise said(
                "says why the formula holds for the mistake's value, but the mistake has no `numpy`",
                "Write the line that makes the mistake, or take `fits` away.",
            )
        return fits


class PlotSpec(Strictly):
    """A plot: its kind, what it is fed, and the question and sentence of the Plot direction."""

    kind: Name
    parameters: Mapping[Name, Annotated[Any, BeforeValidator(_parameter)]]
    ask: Sentence = ""
    says: Sentence = ""


def _plot(value: object) -> object:
    """Turns `{arrows: {…}, ask: …}` into the fields of a PlotSpec."""
    if not isinstance(value, dict):
        return value
    words = {key: value[key] for key in ("ask", "says") if key in value}
    kinds = [key for key in value if key not in words]
    if len(kinds) != 1:
        found = f"has {len(kinds)}: {', '.join(kinds)[:100]}" if kinds else "has none"
        hint = "Keep one; what belongs to a kind stands in its braces." if kinds else 'Write `arrows: {x: "x[:2]"}`.'
        raise said(f"takes exactly one plot kind beside ask and says; it {found}", hint)
    return {"kind": kinds[0], "parameters": value[kinds[0]], **words}


class Card(Strictly):
    """One card as its author wrote it. Texts are unchanged, line ends included."""

    id: Id
    concept: Name
    says: RequiredSentence
    form: Form | None = None
    needs: Annotated[tuple[Id, ...], *several(20)] = ()
    formula: RequiredLatex
    given: Code = ""
    keep: Code = ""
    nice: Annotated[Nice, BeforeValidator(_nice)] = Nice(grid=1)
    numpy: RequiredCode
    steps: Code = ""
    check: RequiredCode
    mistake: Mistake
    plot: Annotated[PlotSpec | None, BeforeValidator(_plot)] = None
    cards: Annotated[tuple[Direction, ...], Strict(False)] = Field(None, validate_default=True)
    ask: Sentence = ""
    show: Mapping[Name, Sentence] = Field(default_factory=dict)
    hint: Sentence = ""
    work: Latex = ""
    variants: Variants | None = None
    answers: Annotated[int, whole(1)] | None = None
    see: References = ()
    tags: Annotated[tuple[Tag, ...], *several(50)] = ()
    reads: Mapping[Name, Code] | None = None

    # Both run although other keys are at fault: pydantic leaves those out of `info.data`, and what they lack is said.
    @field_validator("cards", mode="before")
    @classmethod
    def _default_directions(cls, cards: object, info: ValidationInfo) -> object:
        if cards is not None:
            return cards
        mistake = info.data.get("mistake")
        return ("work", "mistake") if mistake is not None and mistake.numpy.strip() else ("work",)

    @field_validator("cards")
    @classmethod
    def _directions(cls, cards: tuple[Direction, ...], info: ValidationInfo) -> tuple[Direction, ...]:
        mistake, plot = info.data.get("mistake"), info.data.get("plot")
        distinct(cards)
        if "work" not in cards:
            raise said("work is always among the directions", f"Write [{', '.join(('work', *cards))}].")
        if len(cards) > 3:
            raise said(f"has {len(cards)} directions; 3 are allowed")
        if "mistake" in cards and mistake is not None and not mistake.numpy.strip():
            raise said("the Mistake direction needs mistake.numpy", "Write the line that makes the mistake.")
        if "plot" in cards and "plot" in info.data:
            if plot is None:
                raise said("the Plot direction needs a plot", 'Write `plot: {arrows: {x: "x[:2]"}, ask: …, says: …}`.')
            if lacking := [key for key in ("ask", "says") if not getattr(plot, key).strip()]:
                raise said(f"the Plot direction needs {' and '.join(f'plot.{key}' for key in lacking)}")
        return tuple(direction for direction in DIRECTIONS if direction in cards)


class Heading(Strictly):
    """A section file without its cards."""

    section: DeckName
    deck: DeckName | None = None
    see: References = ()
    cards: Annotated[tuple[Any, ...], Strict(False), AfterValidator(filled)]


class Section(Strictly):
    """One section file."""

    stem: str
    number: str
    title: str
    deck: str | None = None
    see: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()

    @property
    def anki_name(self) -> str:
        """The name of the section's deck in Anki, below the deck's own."""
        return self.deck or f"{self.number} {self.title}"

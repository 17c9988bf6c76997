"""What a deck says: the keys of `deck.yaml`, of a section and of a card, with their limits.

Whatever a validator refuses, it refuses in words for the author; `said` carries them through pydantic.
"""

from __future__ import annotations

import math
import re
import unicodedata
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
from pydantic_core import PydanticCustomError

Form = Literal["linear combination", "dot product", "softmax", "likelihood", "expectation"]
Direction = Literal["work", "mistake", "code", "formula", "plot"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

# Ids become file names, and these names open devices on Windows.
DEVICES = frozenset({"con", "nul", "aux", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def said(what: str, hint: str = "", line: int = 0, column: int = 0) -> PydanticCustomError:
    """Returns an error in the author's words; a line (from 1) and column (from 0) place it inside the text."""
    return PydanticCustomError("said", "{what}", {"what": what, "hint": hint, "line": line, "column": column})


def _visible(text: str, allowed: str) -> None:
    """Refuses control characters, and format characters such as those that turn the direction of writing.

    Unassigned and private characters (Cn, Co) show as boxes, so they pass: they cannot deceive.
    """
    for row, line in enumerate(text.split("\n"), 1):
        for column, character in enumerate(line):
            if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character not in allowed:
                name = unicodedata.name(character, "a control character")
                hint = "Delete it." + (" In double quotes a backslash starts an escape." if character < " " else "")
                raise said(f"contains U+{ord(character):04X} ({name.lower()})", hint, row, column)


def _text(limit: int, *, required: bool = False, one_line: bool = False) -> AfterValidator:
    def check(text: str) -> str:
        _visible(text, "")
        if required and not text.strip():
            raise said("is empty")
        if one_line and "\n" in text:
            raise said("must be one line", "Write it behind the key, without `|`.")
        if len(text) > limit:
            raise said(f"has {len(text)} characters; {limit} are allowed")
        return text

    return AfterValidator(check)


def _code(*, required: bool = False) -> AfterValidator:
    def check(code: str) -> str:
        _visible(code, "\t")
        if required and not code.strip():
            raise said("is empty")
        if len(code) > 4000:
            raise said(f"has {len(code)} characters; 4000 are allowed")
        if (count := len(code.rstrip("\n").split("\n"))) > 60:
            raise said(f"has {count} lines; 60 are allowed")
        return code

    return AfterValidator(check)


def _id(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        suggestion = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
        raise said(
            "must be kebab-case: lower-case letters a-z and digits, joined by single hyphens",
            f'Write "{suggestion}".' if suggestion else "",
        )
    if len(text) > 64:
        raise said(f"has {len(text)} characters; 64 are allowed")
    if text in DEVICES:
        raise said(f'"{text}" opens a device on Windows and cannot name a file', f'Write "{text}-card", for instance.')
    return text


def _deck_name(text: str) -> str:
    _visible(text, "")
    if not text.strip():
        raise said("is empty")
    if "\n" in text:
        raise said("must be one line", "Write it behind the key, without `|`.")
    if text != text.strip():
        raise said("begins or ends with a space")
    if "::" in text:
        raise said('contains "::", which separates decks in Anki', "Use one colon.")
    if len(text) > 100:
        raise said(f"has {len(text)} characters; 100 are allowed")
    return text


def _tag(text: str) -> str:
    _visible(text, "")
    if not text or re.search(r"\s", text):
        raise said("a tag is one word without spaces", f'Write "{"-".join(text.split())}".' if text.strip() else "")
    if len(text) > 100:
        raise said(f"has {len(text)} characters; 100 are allowed")
    return text


def _whole(low: int, high: float) -> AfterValidator:
    def check(number: int) -> int:
        if not low <= number <= high:
            raise said(f"must be {low} or more" if high == math.inf else f"must be between {low} and {high}")
        return number

    return AfterValidator(check)


def _distinct(items: tuple[str, ...]) -> tuple[str, ...]:
    for item in items:
        if items.count(item) > 1:
            raise said(f'"{item}" stands there twice')
    return items


def _some(items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not items:
        raise said("is empty")
    return items


def _several(most: int) -> tuple[Any, ...]:
    """YAML gives lists; a card holds tuples."""

    def check(items: tuple[str, ...]) -> tuple[str, ...]:
        if len(items) > most:
            raise said(f"has {len(items)} entries; {most} are allowed")
        return items

    return (Strict(False), AfterValidator(check))


Id = Annotated[str, AfterValidator(_id)]
DeckName = Annotated[str, AfterValidator(_deck_name)]
Tag = Annotated[str, AfterValidator(_tag)]
Concept = Annotated[str, _text(80, required=True, one_line=True)]
Sentence = Annotated[str, _text(600)]
Sentences = Annotated[str, _text(600, required=True)]
Template = Annotated[str, _text(1000)]
Formula = Annotated[str, _text(1000, required=True)]
Code = Annotated[str, _code()]
Lines = Annotated[str, _code(required=True)]
Name = Annotated[str, _text(80, required=True, one_line=True)]
References = Annotated[tuple[Annotated[str, _text(600, required=True, one_line=True)], ...], *_several(50)]
Variants = Annotated[int, _whole(1, 20)]


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
        return _parameter_code(value)
    if isinstance(value, list):
        return [_parameter(item) for item in value]
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise said("must be a NumPy expression, a number, true or false, or a list of them")


def _parameter_code(text: str) -> str:
    _visible(text, "\t")
    if len(text) > 4000:
        raise said(f"has {len(text)} characters; 4000 are allowed")
    return text


class Strictly(BaseModel):
    """Refuses what it does not know, converts nothing, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class DeckMeta(Strictly):
    """`deck.yaml`."""

    id: Id
    title: DeckName
    deck: DeckName | None = None
    description: Template = ""
    license: Sentence = ""
    version: Annotated[str, _text(40, required=True, one_line=True)] | None = None
    seed: Annotated[int, _whole(0, math.inf)] = 0
    variants: Variants = 6

    @property
    def anki_name(self) -> str:
        """The deck's name in Anki."""
        return self.deck or self.title


class Mistake(Strictly):
    """The common mistake: what is wrong about it, and the line that makes it."""

    says: Sentences
    numpy: Code = ""


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
        raise said(f"takes exactly one plot kind beside ask and says; it {found}", 'Write `arrows: {x: "x[:2]"}`.')
    return {"kind": kinds[0], "parameters": value[kinds[0]], **words}


class Card(Strictly):
    """One card as its author wrote it. Texts are unchanged, line ends included."""

    id: Id
    concept: Concept
    says: Sentences
    form: Form | None = None
    needs: Annotated[tuple[Id, ...], *_several(20), AfterValidator(_distinct)] = ()
    formula: Formula
    given: Code = ""
    keep: Code = ""
    nice: Annotated[Nice, BeforeValidator(_nice)] = Nice(grid=1)
    numpy: Lines
    steps: Code = ""
    check: Lines
    mistake: Mistake
    plot: Annotated[PlotSpec | None, BeforeValidator(_plot)] = None
    cards: Annotated[tuple[Direction, ...], Strict(False)] = Field(None, validate_default=True)
    ask: Sentence = ""
    show: Mapping[Name, Sentence] = Field(default_factory=dict)
    hint: Sentence = ""
    work: Template = ""
    variants: Variants | None = None
    answers: Annotated[int, _whole(1, math.inf)] | None = None
    see: References = ()
    tags: Annotated[tuple[Tag, ...], *_several(50), AfterValidator(_distinct)] = ()
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
        _distinct(cards)
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
    cards: Annotated[tuple[Any, ...], Strict(False), AfterValidator(_some)]


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

"""What a deck says: the keys of `deck.yaml`, of a section and of a card, with their limits.

Whatever a validator refuses, it refuses in words for the author.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

import pydantic
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from eigendeck.deck.limits import (
    DEVICES,
    FILLED,
    ID_LENGTH,
    KEBAB,
    NAME_LENGTH,
    PATH_LENGTH,
    UNIT,
    UNIT_LENGTH,
    Limit,
    code,
    deck_name,
    deck_path,
    distinct,
    filled,
    kebab,
    said,
    several,
    tag,
    unit,
    whole,
    words,
)
from eigendeck.errors import nearest
from eigendeck.phrases import Language, blanks, phrases_of
from eigendeck.worker import budget
from eigendeck.worker.job import Nice

Direction = Literal["work", "mistake", "code", "formula", "plot"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

Id = Annotated[str, Limit(kebab, pattern=f"^{KEBAB}$", maxLength=ID_LENGTH, **{"not": {"enum": sorted(DEVICES)}})]
DeckPath = Annotated[
    str, Limit(deck_path, pattern=r"^(?!::)(?!.*(\s::|::(::|\s|$)))\S([^\n]*\S)?$", maxLength=PATH_LENGTH)
]
DeckName = Annotated[str, Limit(deck_name, pattern=r"^(?!.*::)\S([^\n]*\S)?$", maxLength=NAME_LENGTH)]
Tag = Annotated[str, Limit(tag, pattern=r"^\S+$", maxLength=NAME_LENGTH)]
Name = Annotated[str, words(80, required=True, one_line=True)]
Sentence = Annotated[str, words(600)]
RequiredSentence = Annotated[str, words(600, required=True)]
Latex = Annotated[str, words(1000)]
RequiredLatex = Annotated[str, words(1000, required=True)]
Code = Annotated[str, Limit(code, maxLength=budget.CHARACTERS)]
RequiredCode = Annotated[str, Limit(code, maxLength=budget.CHARACTERS), Limit(filled, pattern=FILLED)]
References = Annotated[tuple[Annotated[str, words(600, required=True, one_line=True)], ...], *several(50)]
Unit = Annotated[str, Limit(unit, pattern=UNIT, maxLength=UNIT_LENGTH)]
Phrase = Annotated[str, words(300, required=True, one_line=True)]
Forms = Annotated[tuple[Name, ...], *several(20), AfterValidator(distinct)]
Variants = Annotated[int, whole(1, 20)]


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


_NICE_IN_JSON = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": sys.float_info.max},
        {"type": "string", "pattern": "^[1-6] digits?$"},
        {"enum": ["off", False]},
    ]
}


def _parameter(value: object) -> object:
    """Passes NumPy expressions and literal data: numbers, booleans, text, lists of them."""
    if isinstance(value, str):
        return code(value)
    if isinstance(value, list):
        return [_parameter(item) for item in value]
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise said("must be a NumPy expression, a number, true or false, or a list of them")


_DISTANCE = re.compile(r"(\\\\)(\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|px|mu)\s*\])")  # of `\\[4pt]`


class Strictly(BaseModel):
    """Refuses what it does not know, converts nothing, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Panel(Strictly):
    """A box of the sheet that is no card: sentences, and lines of NumPy whose values are shown, or either."""

    title: Name = Field(description="What the panel is about, in a few words.")
    points: Annotated[tuple[RequiredSentence, ...], *several(20)] = Field((), description="Sentences.")
    numbers: Code = Field(
        "",
        validate_default=True,
        description="Lines of NumPy with a comment each, whose values are computed and shown.",
    )

    @field_validator("numbers")
    @classmethod
    def _something(cls, numbers: str, info: ValidationInfo) -> str:
        if not numbers.strip() and not info.data.get("points", True):
            raise said("is empty, and so is points", "Write sentences in `points`, or lines of NumPy in `numbers`.")
        return numbers


class DeckMeta(Strictly):
    """`deck.yaml`."""

    id: Id = Field(
        description="The permanent name of the deck, such as `refresher`. It names the outputs and is half of every "
        "note's identity: it never changes."
    )
    title: DeckName = Field(description="The name of the deck as people read it.")
    deck: DeckPath | None = Field(
        None,
        description="The permanent name in Anki, or `Medicine::Statistics` below another deck; default is the title.",
    )
    description: Latex = Field("", description="One or two sentences.")
    license: Sentence = Field(
        "", description="Shown in the deck's description and on the sheet.", examples=["CC BY 4.0"]
    )
    version: Name | None = Field(None, description='Your own version of the deck, as text: `"1.0"`.', examples=["1.0"])
    seed: Annotated[int, whole(0)] = Field(0, description="What all numbers are drawn from; default 0.")
    variants: Variants = Field(6, description="How many examples a card has, 1 to 20; default 6.")
    shapes: bool = Field(
        True,
        description="Whether cards ask for the shape of an answer that is an array, or is made of a matrix or of "
        "several arrays, and show the shapes; default true.",
    )
    language: Language = Field(
        "en",
        description="The language of the fixed phrases and the direction of the text: `en`, `de`, `es`, `fr`, `zh` or "
        "`ar`; default `en`.",
    )
    phrases: Mapping[str, Phrase] = Field(
        default_factory=dict,
        description="Fixed phrases in your own words, by their names in `generator/eigendeck/phrases`.",
        examples=[{"card.say_answer": "What is the answer?"}],
    )
    forms: Forms = Field(
        (),
        description="The names that `form` of a card may have, such as `[dot product, softmax]`; default none.",
        examples=[["dot product", "softmax"]],
    )
    panels: Annotated[tuple[Panel, ...], *several(10)] = Field(
        (),
        description="Boxes at the end of the sheet that are no cards: a list of `title` with `points` (sentences) or "
        "`numbers` (lines of NumPy with a comment each, whose values are computed and shown).",
    )

    @field_validator("phrases")
    @classmethod
    def _known_phrases(cls, own: Mapping[str, str]) -> Mapping[str, str]:
        known = phrases_of("en").by_name
        for name, text in own.items():
            if name not in known:
                raise said(f'"{name}" is no phrase', nearest(name, known) or "They stand in phrases/en.toml.")
            if blanks(text) != blanks(known[name]):
                raise said(f"{name} must name what is filled in as this does: {known[name]}")
        return own

    @property
    def anki_name(self) -> str:
        """The deck's name in Anki."""
        return self.deck or self.title


class Mistake(Strictly):
    """The common mistake: what is wrong about it, the line that makes it, and why the formula may hold for it too."""

    says: RequiredSentence = Field(description="What is wrong about the common mistake, in a sentence or two.")
    numpy: Code = Field(
        "",
        description="The line that makes the mistake. It may raise: then the error is what the card shows.",
        examples=["np.median(x)"],
    )
    fits: Sentence = Field(
        "",
        description="Why the formula holds for the value of the mistake, too. Only where `reads` holds it to the code, "
        "and it does.",
    )

    @field_validator("fits")
    @classmethod
    def _of_a_value(cls, fits: str, info: ValidationInfo) -> str:
        if fits.strip() and not info.data.get("numpy", "mistake").strip():
            raise said(
                "says why the formula holds for the mistake's value, but the mistake has no `numpy`",
                "Write the line that makes the mistake, or take `fits` away.",
            )
        return fits


MOST_MISTAKES = 4


def _listed(mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    if not 1 <= len(mistakes) <= MOST_MISTAKES:
        raise said(f"has {len(mistakes)} entries; 1 to {MOST_MISTAKES} are allowed")
    if any(not mistake.numpy.strip() for mistake in mistakes):
        raise said("each mistake of a list needs its `numpy`", "Write the line that makes it, or keep one mistake.")
    return mistakes


# One mistake, or a list of them. The words of the tags stand in the places of errors: `schema_errors` takes them out.
ONE, SEVERAL = "[one]", "[several]"
Mistakes = Annotated[
    Annotated[Mistake, pydantic.Tag(ONE)]
    | Annotated[
        tuple[Mistake, ...], Strict(False), Limit(_listed, minItems=1, maxItems=MOST_MISTAKES), pydantic.Tag(SEVERAL)
    ],
    Discriminator(lambda value: SEVERAL if isinstance(value, list | tuple) else ONE),
]


class PlotSpec(Strictly):
    """A plot: its kind, what it is fed, and the question and sentence of the Plot direction."""

    kind: Name
    parameters: Mapping[Name, Annotated[Any, BeforeValidator(_parameter)]]
    ask: Sentence = Field("", description="The question of the Plot card.")
    says: Sentence = Field("", description="What the picture shows: the back of the Plot card.")


def _plot(value: object) -> object:
    """Turns `{arrows: {…}, ask: …}` into the fields of a PlotSpec."""
    if isinstance(value, str):
        hint = "Write the kind and what it is fed, as in `plot: {bars: {x: x}}`; `eigendeck plots` shows the kinds."
        raise said("must name a kind of plot", hint)
    if not isinstance(value, dict):
        return value
    words = {key: value[key] for key in ("ask", "says") if key in value}
    kinds = [key for key in value if key not in words]
    if len(kinds) != 1:
        found = f"has {len(kinds)}: {', '.join(kinds)[:100]}" if kinds else "has none"
        hint = "Keep one; what belongs to a kind stands in its braces." if kinds else 'Write `arrows: {x: "x[:2]"}`.'
        raise said(f"takes exactly one plot kind beside ask and says; it {found}", hint)
    return {"kind": kinds[0], "parameters": value[kinds[0]], **words}


def _has_code(mistake: Mistake | tuple[Mistake, ...] | None) -> bool:
    return isinstance(mistake, tuple) or (mistake is not None and bool(mistake.numpy.strip()))


def _where_cards_have(direction: Direction, then: dict[str, Any]) -> dict[str, Any]:
    """What a direction needs, in the words of JSON Schema."""
    return {
        "if": {"required": ["cards"], "properties": {"cards": {"type": "array", "contains": {"const": direction}}}},
        "then": then,
    }


class Card(Strictly):
    """One card as its author wrote it. Texts are unchanged, line ends included."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                _where_cards_have(
                    "mistake", {"properties": {"mistake": {"if": {"type": "object"}, "then": {"required": ["numpy"]}}}}
                ),
                _where_cards_have(
                    "plot", {"required": ["plot"], "properties": {"plot": {"required": ["ask", "says"]}}}
                ),
            ]
        }
    )

    id: Id = Field(
        description="The permanent name, such as `dot-product`. Review history hangs on it: never rename it, never "
        "reuse it."
    )
    concept: Name = Field(description="What the card is about, in a few words.", examples=["Dot product"])
    says: RequiredSentence = Field(description="What the formula means, in one or two sentences.")
    form: Name | None = Field(
        None,
        description="One of the deck's `forms`: the sheet is filtered by it, and it is a tag in Anki.",
        examples=["dot product"],
    )
    needs: Annotated[tuple[Id, ...], *several(20)] = Field(
        (), description="A list of the ids of cards that come first."
    )
    formula: RequiredLatex = Field(
        description="The formula, in LaTeX without dollar signs.", examples=[r"\bar{x}=\frac{1}{n}\sum_i x_i"]
    )
    given: Code = Field(
        "",
        description="NumPy that draws the inputs; `rng` exists here alone. A card without it has one variant.",
        examples=["x = rng.integers(0, 10, 4)"],
    )
    wide: Code = Field(
        "",
        description="A second `given` with larger, uglier, less special inputs under the same names; no card shows "
        "them. `check` runs `numpy`, `check` and the formula on 20 of its draws.",
        examples=["x = rng.normal(0, 100, 7)"],
    )
    keep: Code = Field(
        "", description="Conditions, one a line; redrawn until all hold.", examples=["len(set(x.tolist())) > 2"]
    )
    nice: Annotated[Nice, BeforeValidator(_nice), WithJsonSchema(_NICE_IN_JSON)] = Field(
        Nice(grid=1),
        description="What numbers are hand-friendly: a grid such as `0.05` (default 1), `1 digits` to `6 digits`, or "
        "`off`.",
        examples=[1, 0.05, "3 digits", "off"],
    )
    allow: Annotated[tuple[Literal["inf", "nan"], ...], Strict(False), AfterValidator(distinct)] = Field(
        (),
        description="What an answer or a step may be besides finite: `inf`, `nan`, or both.",
        examples=[["inf"]],
    )
    numpy: RequiredCode = Field(
        description="The NumPy equivalent; its last expression is the answer.", examples=["x.mean()"]
    )
    unit: Unit | None = Field(
        None, description="The unit of the answer. It is shown with it, and never computed with.", examples=["m/s"]
    )
    units: Mapping[Name, Unit] = Field(
        default_factory=dict,
        description="The units of inputs. They are shown beside them, and never computed with.",
        examples=[{"v": "m/s"}],
    )
    shapes: bool | None = Field(
        None, description="Whether the card asks for shapes and shows them; default is the deck's."
    )
    steps: Code = Field(
        "",
        description="Lines whose values are shown; a comment is the caption; the last is the answer.",
        examples=["x.sum()            # add them up\nx.sum() / len(x)   # divide"],
    )
    check: RequiredCode = Field(
        description="Conditions that hold for every draw, by another route than `numpy`.",
        examples=["(x - answer).sum() == 0   # what lies above balances what lies below"],
    )
    mistake: Mistakes = Field(
        description="The common mistake: `says` in words and, where it can be run, its `numpy`; or a list of such, the "
        "commonest first, each with its `numpy`."
    )
    plot: Annotated[PlotSpec | None, BeforeValidator(_plot)] = Field(
        None, description="One plot kind with its parameters, beside `ask` and `says`."
    )
    cards: Annotated[tuple[Direction, ...], Strict(False)] = Field(
        None,
        validate_default=True,
        description="The directions: `work` (always), `mistake`, `code`, `formula`, `plot`; at most three; default "
        "`[work, mistake]`, or `[work]` where the mistake is not executed.",
        examples=[["work", "mistake", "code"]],
        json_schema_extra={"maxItems": 3, "uniqueItems": True, "contains": {"const": "work"}},
    )
    ask: Sentence = Field("", description="The question on the front, in place of the plain list of inputs.")
    show: Mapping[Name, Sentence] = Field(
        default_factory=dict, description="How an input is displayed.", examples=[{"z": "np.log({w})"}]
    )
    hint: Sentence = Field("", description="A hint that is folded away on the front.")
    work: Latex = Field("", description="The formula with its numbers, as a LaTeX template.")
    variants: Variants | None = Field(
        None, description="How many examples this card has, 1 to 20; default is the deck's."
    )
    answers: Annotated[int, whole(1)] | None = Field(None, description="That this few different answers are meant.")
    see: References = Field((), description="A list of what to read; shown on the back.")
    tags: Annotated[tuple[Tag, ...], *several(50)] = Field(
        (), description="A list of words; Anki shows them as `statistics::word`."
    )
    reads: Mapping[Name, Code] | None = Field(
        None, description="How the symbols of the formula read as NumPy.", examples=[{"P(A)": "prior"}]
    )

    @property
    def told(self) -> bool:
        """Whether it is told, not computed: nothing in it was executed or checked."""
        return isinstance(self, ToldCard)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes, the commonest first."""
        return self.mistake if isinstance(self.mistake, tuple) else (self.mistake,)

    def mistake_key(self, number: int, name: str) -> tuple[str | int, ...]:
        """Returns where a key of a mistake stands in the card: in a list behind its number, from 0."""
        return ("mistake", number, name) if isinstance(self.mistake, tuple) else ("mistake", name)

    @field_validator("formula", "work")
    @classmethod
    def _without_distances(cls, latex: str) -> str:
        """Drops the distance behind the end of a row, of which the sheet has none; places stay what they are."""
        return _DISTANCE.sub(lambda match: match[1] + " " * len(match[2]), latex)

    @field_validator("wide")
    @classmethod
    def _beside_given(cls, wide: str, info: ValidationInfo) -> str:
        if wide.strip() and not info.data.get("given", "given").strip():
            raise said("draws other inputs than `given`, but the card has no `given`", "Take `wide` away.")
        return wide

    # Both run although other keys are at fault: pydantic leaves those out of `info.data`, and what they lack is said.
    @field_validator("cards", mode="before")
    @classmethod
    def _default_directions(cls, cards: object, info: ValidationInfo) -> object:
        if cards is not None:
            return cards
        return ("work", "mistake") if _has_code(info.data.get("mistake")) else ("work",)

    @field_validator("cards")
    @classmethod
    def _directions(cls, cards: tuple[Direction, ...], info: ValidationInfo) -> tuple[Direction, ...]:
        plot = info.data.get("plot")
        distinct(cards)
        if "work" not in cards:
            others = f"[{', '.join(('work', *cards))}]" if len(cards) < 3 else "work and two others"
            raise said("work is always among the directions", f"Write {others}.")
        if len(cards) > 3:
            raise said(f"has {len(cards)} directions; 3 are allowed")
        if "mistake" in cards and "mistake" in info.data and not _has_code(info.data["mistake"]):
            raise said("the Mistake direction needs mistake.numpy", "Write the line that makes the mistake.")
        if "plot" in cards and "plot" in info.data:
            if plot is None:
                raise said("the Plot direction needs a plot", 'Write `plot: {arrows: {x: "x[:2]"}, ask: …, says: …}`.')
            if lacking := [key for key in ("ask", "says") if not getattr(plot, key).strip()]:
                raise said(f"the Plot direction needs {' and '.join(f'plot.{key}' for key in lacking)}")
        return tuple(direction for direction in DIRECTIONS if direction in cards)


class ToldCard(Card):
    """A card that is not computed: a question and what is to be said, and a formula if there is one."""

    model_config = ConfigDict(json_schema_extra={"allOf": []})

    ask: RequiredSentence = Field(description="The question on the front.")
    formula: Latex = Field("", description="A formula of the answer, in LaTeX without dollar signs.")
    numpy: Code = ""
    check: Code = ""
    mistake: Annotated[tuple[Mistake, ...], Strict(False)] = ()
    cards: tuple[Direction, ...] = ("work",)


# What a told card has; with any other key it is a card that is computed, and lacks what that needs.
TOLD_KEYS = frozenset({"id", "concept", "ask", "says", "formula", "form", "needs", "hint", "see", "tags"})


class Heading(Strictly):
    """A section file without its cards."""

    section: DeckName = Field(description="The title of the section.")
    deck: DeckName | None = Field(
        None,
        description="The permanent name of its deck in Anki; default is the number of the file and the title, "
        "`01 Averages`.",
    )
    see: References = Field((), description="A list of what to read; shown on the sheet.")
    cards: Annotated[tuple[Any, ...], Strict(False), Limit(filled, minItems=1)] = Field(
        description="The list of its cards."
    )


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

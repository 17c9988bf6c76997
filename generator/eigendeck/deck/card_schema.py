"""The keys of a card, computed or told."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from eigendeck.deck import key_types as keys
from eigendeck.deck.card_parts import Mistake, Mistakes, PlotSpec, read_plot
from eigendeck.deck.key_types import distinct, said, several, whole
from eigendeck.worker.job import Nice
from eigendeck.worker.latex_tokens import without_distances

Direction = Literal["work", "mistake", "code", "formula", "plot"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


def _has_code(mistake: Mistake | tuple[Mistake, ...] | None) -> bool:
    return isinstance(mistake, tuple) or (mistake is not None and bool(mistake.numpy.strip()))


def _where_cards_have(direction: Direction, then: dict[str, Any]) -> dict[str, Any]:
    """What a direction needs, in the words of JSON Schema."""
    return {
        "if": {"required": ["cards"], "properties": {"cards": {"type": "array", "contains": {"const": direction}}}},
        "then": then,
    }


class Card(keys.Strictly):
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

    id: keys.Id = Field(
        description="The permanent name, such as `dot-product`. Review history hangs on it: never rename it, never "
        "reuse it."
    )
    concept: keys.Name = Field(description="What the card is about, in a few words.", examples=["Dot product"])
    says: keys.RequiredSentence = Field(description="What the formula means, in one or two sentences.")
    form: keys.Name | None = Field(
        None,
        description="One of the deck's `forms`: the sheet is filtered by it, and it is a tag in Anki.",
        examples=["dot product"],
    )
    needs: Annotated[tuple[keys.Id, ...], *several(20)] = Field(
        (), description="A list of the ids of cards that come first."
    )
    formula: keys.RequiredLatex = Field(
        description="The formula, in LaTeX without dollar signs.", examples=[r"\bar{x}=\frac{1}{n}\sum_i x_i"]
    )
    given: keys.Code = Field(
        "",
        description="NumPy that draws the inputs; `rng` exists here alone. A card without it has one variant.",
        examples=["x = rng.integers(0, 10, 4)"],
    )
    wide: keys.Code = Field(
        "",
        description="A second `given` with larger, uglier, less special inputs under the same names; no card shows "
        "them. `check` runs `numpy`, `check` and the formula on 20 of its draws.",
        examples=["x = rng.normal(0, 100, 7)"],
    )
    keep: keys.Code = Field(
        "", description="Conditions, one a line; redrawn until all hold.", examples=["len(set(x.tolist())) > 2"]
    )
    nice: Annotated[Nice, BeforeValidator(keys.read_nice), WithJsonSchema(keys.NICE_IN_JSON)] = Field(
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
    numpy: keys.RequiredCode = Field(
        description="The NumPy equivalent; its last expression is the answer.", examples=["x.mean()"]
    )
    unit: keys.Unit | None = Field(
        None, description="The unit of the answer. It is shown with it, and never computed with.", examples=["m/s"]
    )
    units: Mapping[keys.Name, keys.Unit] = Field(
        default_factory=dict,
        description="The units of inputs. They are shown beside them, and never computed with.",
        examples=[{"v": "m/s"}],
    )
    shapes: bool | None = Field(
        None, description="Whether the card asks for shapes and shows them; default is the deck's."
    )
    steps: keys.Code = Field(
        "",
        description="Lines whose values are shown; a comment is the caption; the last is the answer.",
        examples=["x.sum()            # add them up\nx.sum() / len(x)   # divide"],
    )
    check: keys.RequiredCode = Field(
        description="Conditions that hold for every draw, by another route than `numpy`.",
        examples=["(x - answer).sum() == 0   # what lies above balances what lies below"],
    )
    mistake: Mistakes = Field(
        description="The common mistake: `says` in words and, where it can be run, its `numpy`; or a list of such, the "
        "commonest first, each with its `numpy`.",
        examples=[{"says": "The median leaves sizes out.", "numpy": "np.median(x)"}],
    )
    plot: Annotated[PlotSpec | None, BeforeValidator(read_plot)] = Field(
        None,
        description="One plot kind with its parameters, beside `ask` and `says`.",
        examples=[{"bars": {"x": "x"}}],
    )
    cards: Annotated[tuple[Direction, ...], Strict(False)] = Field(
        None,
        validate_default=True,
        description="The directions: `work` (always), `mistake`, `code`, `formula`, `plot`; at most three; default "
        "`[work, mistake]`, or `[work]` where the mistake is not executed.",
        examples=[["work", "mistake", "code"]],
        json_schema_extra={"maxItems": 3, "uniqueItems": True, "contains": {"const": "work"}},
    )
    ask: keys.Sentence = Field("", description="The question on the front, in place of the plain list of inputs.")
    show: Mapping[keys.Name, keys.Sentence] = Field(
        default_factory=dict, description="How an input is displayed.", examples=[{"z": "np.log({w})"}]
    )
    hint: keys.Sentence = Field("", description="A hint that is folded away on the front.")
    work: keys.Latex = Field("", description="The formula with its numbers, as a LaTeX template.")
    variants: keys.Variants | None = Field(
        None, description="How many examples this card has, 1 to 20; default is the deck's."
    )
    answers: Annotated[int, whole(1)] | None = Field(None, description="That this few different answers are meant.")
    see: keys.References = Field((), description="A list of what to read; shown on the back.")
    tags: Annotated[tuple[keys.Tag, ...], *several(50)] = Field(
        (), description="A list of words; Anki shows them as `statistics::word`."
    )
    reads: Mapping[keys.Name, keys.Code] | None = Field(
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

    @property
    def all_units(self) -> frozenset[str]:
        """The units of its inputs and of its answer."""
        return frozenset(filter(None, (self.unit, *self.units.values())))

    def mistake_key(self, number: int, name: str) -> tuple[str | int, ...]:
        """Returns where a key of a mistake stands in the card: in a list behind its number, from 0."""
        return ("mistake", number, name) if isinstance(self.mistake, tuple) else ("mistake", name)

    @field_validator("formula", "work")
    @classmethod
    def _without_distances(cls, latex: str) -> str:
        """Drops the distance behind the end of a row, of which the sheet has none; places stay what they are."""
        return without_distances(latex)

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

    ask: keys.RequiredSentence = Field(description="The question on the front.")
    formula: keys.Latex = Field("", description="A formula of the answer, in LaTeX without dollar signs.")
    numpy: keys.Code = ""
    check: keys.Code = ""
    mistake: Annotated[tuple[Mistake, ...], Strict(False)] = ()
    cards: tuple[Direction, ...] = ("work",)


# Lines of NumPy.
CODE_KEYS = ("given", "wide", "keep", "numpy", "steps", "check")
# What a told card has; with any other key it is a card that is computed, and lacks what that needs.
TOLD_KEYS = frozenset({"id", "concept", "ask", "says", "formula", "form", "needs", "hint", "see", "tags"})
# What computes nothing by itself: a card with `ask` and `says` and these alone is told, and has too much.
SHOWING_KEYS = frozenset(
    {"unit", "units", "variants", "cards", "plot", "shapes", "mistake", "answers", "nice", "allow"}
)

"""The parts of a deck that have keys of their own: panels of the sheet, mistakes and plots of a card."""

from collections.abc import Mapping
from typing import Annotated, Any

import pydantic
from pydantic import BeforeValidator, Discriminator, Field, Strict, ValidationInfo, field_validator

from eigendeck.deck import key_types as keys
from eigendeck.deck.key_types import Limit, said, several


class Panel(keys.Strictly):
    """A box of the sheet that is no card: sentences, and lines of NumPy whose values are shown, or either."""

    title: keys.Name = Field(description="What the panel is about, in a few words.")
    points: Annotated[tuple[keys.RequiredSentence, ...], *several(20)] = Field((), description="Sentences.")
    numbers: keys.Code = Field(
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


class Mistake(keys.Strictly):
    """The common mistake: what is wrong about it, the line that makes it, and why the formula may hold for it too."""

    says: keys.RequiredSentence = Field(description="What is wrong about the common mistake, in a sentence or two.")
    numpy: keys.Code = Field(
        "",
        description="The line that makes the mistake. It may raise: then the error is what the card shows.",
        examples=["np.median(x)"],
    )
    fits: keys.Sentence = Field(
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


class PlotSpec(keys.Strictly):
    """A plot: its kind, what it is fed, and the question and sentence of the Plot direction."""

    kind: keys.Name
    parameters: Mapping[keys.Name, Annotated[Any, BeforeValidator(keys.read_parameter)]]
    ask: keys.Sentence = Field("", description="The question of the Plot card.")
    says: keys.Sentence = Field(
        "", description="What the picture shows, with placeholders as in `ask`: the back of the Plot card."
    )


def read_plot(value: object) -> object:
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

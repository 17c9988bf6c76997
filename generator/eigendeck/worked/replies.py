"""What the worker answers to a card: distrusted, so validated to the last character.

Card code that broke out of the worker's guards could answer anything; here it still could not harm who reads it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from eigendeck import model
from eigendeck.errors import printable
from eigendeck.worker.formula import Cause, MutationReport, Summary

MOST_NUMBERS = 5_000  # in one value
MOST_BITS = 2_000  # of one whole number


class Distrusted(Exception):
    """An answer that is not what was asked for; the message says where."""


def read_reply(reply: object, job: Mapping[str, Any]) -> Reply:
    """Returns the answer to a job: faults, or what was asked for.

    Raises:
        Distrusted: it is anything else.
    """
    try:
        read = Reply.model_validate(reply)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise Distrusted(f"{where}: {first['msg']}") from None
    if not read.faults and job["full"]:
        _complete(read, job)
    return read


def _complete(reply: Reply, job: Mapping[str, Any]) -> None:
    wanted = list(range(job["first"], job["first"] + job["count"]))
    if [variant.number for variant in reply.variants] != wanted:
        raise Distrusted(f"not the variants {wanted[0]} to {wanted[-1]}")
    for variant in reply.variants:
        if len(variant.ask) != len(job["ask"]) or len(variant.work) != len(job["work"]):
            raise Distrusted(f"variants.{variant.number}: not a value for each placeholder")
        if set(variant.plot) != set(job["plot"]):
            raise Distrusted(f"variants.{variant.number}: not a value for each parameter of the plot")
        if (variant.mistake is None) == bool(job["code"]["mistake/numpy"].strip()):
            raise Distrusted(f"variants.{variant.number}: no mistake, or one that was not asked for")


def _plain_text(given: object) -> object:
    if isinstance(given, str) and not given.replace("\n", "").replace("\t", "").isprintable():
        raise ValueError("control characters")
    return given


def _entry(given: object) -> object:
    if isinstance(given, dict):
        if set(given) != {"re", "im"} or not all(isinstance(part, float) for part in given.values()):
            raise ValueError("no complex number")
        return complex(given["re"], given["im"])
    if isinstance(given, int) and given.bit_length() > MOST_BITS:
        raise ValueError("too large a number")
    return _plain_text(given)


def _numbers(given: object, validated: ValidatorFunctionWrapHandler) -> object:
    """Floats and truths as they are: there is nothing in them to distrust, and one by one they would take long."""
    if isinstance(given, list) and len(given) <= MOST_NUMBERS and set(map(type, given)) <= {float, bool}:
        return given
    return validated(given)


_Text = Annotated[str, BeforeValidator(_plain_text), Field(max_length=60_000)]
_Name = Annotated[str, BeforeValidator(_plain_text), Field(max_length=200)]
_Words = Annotated[str, Field(max_length=5_000), AfterValidator(printable)]
_Number = Annotated[bool | int | float | complex | str | None, BeforeValidator(_entry)]
_Numbers = Annotated[list[_Number], Field(max_length=MOST_NUMBERS), WrapValidator(_numbers)]
_Size = Annotated[int, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkerFault(_Strict):
    """A fault that the worker found: the key, a line (from 1) and a column (from 0) in its text."""

    key: list[_Name] = Field(max_length=5)
    line: int = Field(ge=1, le=10_000)
    column: int = Field(ge=0, le=10_000)
    message: _Words
    hint: _Words
    draw: int


class _Value(_Strict):
    kind: Literal["number", "bool", "text", "array", "sequence", "function"]
    literal: _Text
    printed: _Text
    shape: list[_Size] | None = Field(max_length=32)
    dtype: _Name
    numbers: _Numbers

    def model_post_init(self, _: object) -> None:
        """Refuses what later stages would trip over, or count through for hours: an axis of 10⁹ beside one of 0."""
        shape, numbers = self.shape, self.numbers
        if shape is not None and math.prod(shape) != len(numbers):
            raise ValueError("a shape that its numbers do not fill")
        if shape is not None and math.prod(max(size, 1) for size in shape) > MOST_NUMBERS:
            raise ValueError("a shape with too long an axis")
        one = type(numbers[0]) if len(numbers) == 1 else None
        fits = {
            "number": shape == [] and one in (int, float, complex),
            "bool": shape == [] and one is bool,
            "text": shape is None and one is str,
            "array": shape is not None,
            "sequence": shape is None,
            "function": shape is None and not numbers,
        }
        if not fits[self.kind]:
            raise ValueError(f"not what a {self.kind} is")

    def value(self) -> model.Value:
        shape = None if self.shape is None else tuple(self.shape)
        numbers = tuple("None" if number is None else number for number in self.numbers)
        return model.Value(self.kind, self.literal, self.printed, shape, self.dtype, numbers)


class _Line(_Strict):
    code: _Text
    caption: _Text
    printed: _Text
    value: _Value | None
    raised: bool = False

    def line(self) -> model.Line:
        value = self.value.value() if self.value else None
        return model.Line(self.code, self.caption, self.printed, value, self.raised)


class _Variant(_Strict):
    number: int
    inputs: list[tuple[_Name, _Value]]
    mistake_inputs: list[tuple[_Name, _Value]]
    shown: dict[_Name, _Text]
    answer: _Value
    program: _Text
    output: _Text
    steps: list[_Line]
    mistake: _Line | None
    ask: list[_Text]
    work: list[_Value]
    plot: dict[_Name, _Value]

    def variant(self) -> model.Variant:
        """Returns it as the later stages take it."""
        return model.Variant(
            number=self.number,
            inputs=tuple((name, value.value()) for name, value in self.inputs),
            mistake_inputs=tuple((name, value.value()) for name, value in self.mistake_inputs),
            shown=self.shown,
            answer=self.answer.value(),
            program=self.program,
            output=self.output,
            steps=tuple(line.line() for line in self.steps),
            mistake=self.mistake.line() if self.mistake else None,
            ask=tuple(self.ask),
            work=tuple(value.value() for value in self.work),
            plot={name: value.value() for name, value in self.plot.items()},
        )


class _Cause(_Strict):
    kind: _Text
    message: _Text
    hint: _Text


class _Mutants(_Strict):
    made: int = Field(ge=0)
    killed: int = Field(ge=0)
    survived: list[_Text] = Field(max_length=200)
    untested: list[_Text] = Field(max_length=200)
    named: list[_Text] = Field(max_length=200)


class _Summary(_Strict):
    kind: Literal["value", "relation", "sizes", "part", "differs", "not checked"]
    draws: int = Field(ge=0)
    cause: _Cause
    draw: int = Field(ge=-1)
    formula: _Text
    code: _Text
    ratio: float | None
    conventions: list[list[tuple[_Text, _Text]]] = Field(max_length=200)
    mistake: bool
    excused: bool
    binding: bool
    wide: int = Field(ge=0)
    inputs: _Text
    mutants: _Mutants | None

    def summary(self) -> Summary:
        """Returns it as the worker made it."""
        fields = self.model_dump(exclude={"cause", "conventions", "mutants"})
        conventions = tuple(tuple((key, value) for key, value in convention) for convention in self.conventions)
        mutants = None
        if told := self.mutants:
            lists = tuple(told.survived), tuple(told.untested), tuple(told.named)
            mutants = MutationReport(told.made, told.killed, *lists)
        return Summary(**fields, cause=Cause(**self.cause.model_dump()), conventions=conventions, mutants=mutants)


class Reply(_Strict):
    """The answer to a job. answers: the printed answers of its draws, up to five different ones."""

    faults: list[WorkerFault]
    variants: list[_Variant] = Field(max_length=20)
    answers: list[_Text] = Field(max_length=10)
    checks: list[_Text] = Field(max_length=100)
    formula: _Summary | None = None

"""What the worker answers to a job: distrusted, so looked at to the last character.

Card code that broke out of the worker's guards could answer anything; here it still could not harm who reads it.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from types import NoneType
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from eigendeck.errors import printable
from eigendeck.worker import budget
from eigendeck.worker.formula_summary import Cause, MutationReport, Summary
from eigendeck.worker.job import CardFault, Job, Line, Reply, Value, Variant
from eigendeck.worker.joiners import without_joiners

FARTHEST = 10_000  # line or column of a fault

# In a tuple, since pydantic takes no settings for a dataclass that it is given alone.
_TYPES = TypeAdapter(tuple[Reply], config=ConfigDict(extra="forbid"))


_PLAIN = frozenset({float, bool, complex, NoneType})  # in which there is nothing to distrust
_FIELDS = {
    kind: (names := [field.name for field in fields(kind)], attrgetter(*names))
    for kind in (CardFault, Cause, Line, MutationReport, Reply, Summary, Value, Variant)
}


class Distrusted(Exception):
    """An answer that is not what was asked for; the message says where."""


def read_reply(frame: object, job: Job) -> Reply:
    """Returns the answer to a job: faults, or what was asked for. Raises Distrusted: it is anything else."""
    try:
        (reply,) = _TYPES.validate_python([frame])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise Distrusted(f"{'.'.join(map(str, first['loc'][1:]))}: {first['msg']}") from None
    # The words of a fault may repeat an author's odd letters: they are shown by their numbers, and not refused.
    said = [replace(fault, message=printable(fault.message), hint=printable(fault.hint)) for fault in reply.faults]
    reply = replace(reply, faults=tuple(said)) if said else reply
    if wrong := _odd(reply):
        raise Distrusted(wrong.removeprefix("."))
    if not reply.faults:
        _complete(reply, job)
    return reply


def _complete(reply: Reply, job: Job) -> None:
    wanted = list(range(job.first, job.first + job.count)) if job.full else []
    if [variant.number for variant in reply.variants] != wanted:
        raise Distrusted(f"not the variants {wanted[0]} to {wanted[-1]}" if wanted else "variants that nobody wants")
    if reply.alone and (not job.alone or len(reply.alone) != len(reply.checks)):
        raise Distrusted("alone: not one for each check")
    if len(reply.answers) > budget.ANSWERS:
        raise Distrusted("answers: more than were asked for")
    for variant in reply.variants:
        if len(variant.ask) != len(job.ask) or len(variant.work) != len(job.work):
            raise Distrusted(f"variants.{variant.number}: not a value for each placeholder")
        if variant.plot.keys() != job.plot.keys():
            raise Distrusted(f"variants.{variant.number}: not a value for each parameter of the plot")
        if len(variant.mistakes) != len(job.mistakes):
            raise Distrusted(f"variants.{variant.number}: not a value for each mistake")


def _odd(part: Any) -> str:
    """What no honest worker sends, wherever it stands, behind the way to it: a field needs no mark of its own."""
    kind = type(part)
    inside: Iterable[tuple[object, Any]] = ()
    if kind is str:
        if len(part) > budget.TEXT:
            return ": too long a text"
        bare = part if part.isprintable() else without_joiners(part).replace("\n", "").replace("\t", "")
        return "" if bare.isprintable() else ": control characters"
    if kind is int:
        return ": too large a number" if part.bit_length() > budget.BITS else ""
    if kind is tuple:
        kinds = set(map(type, part))  # one by one numbers would take long
        small = kinds == {int} and max(map(int.bit_length, part)) <= budget.BITS
        if not (small or kinds <= _PLAIN):
            inside = enumerate(part)
    elif kind in _FIELDS:
        names, values_of = _FIELDS[kind]
        inside = zip(names, values_of(part), strict=True)
        if kind is Value and (misfit := _misfit(part)):
            return f": {misfit}"
        if kind is CardFault and not (0 < part.line <= FARTHEST and 0 <= part.column <= FARTHEST):
            return ": a fault at no place"
    elif isinstance(part, Mapping):
        inside = part.items()
        if any(map(_odd, part)):
            return ": control characters in a name, or too long a name"
    for name, entry in inside:
        usual = type(entry) is str and len(entry) <= budget.TEXT and entry.isprintable()  # most are
        if not (usual or type(entry) in _PLAIN) and (wrong := _odd(entry)):
            return f".{name}{wrong}"
    return ""


def _misfit(value: Value) -> str:
    """Why later stages would trip over a value, or count through it for hours: an axis of 10⁹ beside one of 0."""
    shape, numbers = value.shape, value.numbers
    if len(numbers) > budget.PLOT_ELEMENTS:
        return "too many numbers"
    if shape is not None and (min(shape, default=0) < 0 or math.prod(shape) != len(numbers)):
        return "a shape that its numbers do not fill"
    if shape is not None and math.prod(max(size, 1) for size in shape) > budget.PLOT_ELEMENTS:
        return "a shape with too long an axis"
    if shape is not None and len(shape) > budget.AXES:
        return "a shape of too many axes"
    one = type(numbers[0]) if len(numbers) == 1 else None
    fits = {
        "number": shape == () and one in (int, float, complex),
        "bool": shape == () and one is bool,
        "text": shape is None and one is str,
        "array": shape is not None,
        "sequence": shape is None,
        "function": shape is None and not numbers,
    }
    return "" if fits[value.kind] else f"no {value.kind}"

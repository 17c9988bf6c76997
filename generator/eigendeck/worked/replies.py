"""What the worker answers to a job: distrusted, so looked at to the last character.

Card code that broke out of the worker's guards could answer anything; here it still could not harm who reads it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from types import NoneType

from pydantic import ConfigDict, TypeAdapter, ValidationError

from eigendeck.errors import printable
from eigendeck.worker import budget
from eigendeck.worker.formula_summary import Cause, MutationReport, Summary
from eigendeck.worker.job import CardFault, Job, Line, Reply, Value, Variant
from eigendeck.worker.joiners import without_joiners

FARTHEST = 10_000  # line or column of a fault

# In a tuple, since pydantic takes no settings for a dataclass that it is given alone.
_TYPES = TypeAdapter(tuple[Reply], config=ConfigDict(extra="forbid"))


_PLAIN = frozenset({float, bool})
_FIELDS = {
    kind: attrgetter(*(field.name for field in fields(kind)))
    for kind in (Cause, Line, MutationReport, Reply, Summary, Value, Variant)
}


class Distrusted(Exception):
    """An answer that is not what was asked for; the message says where."""


def read_reply(frame: object, job: Job) -> Reply:
    """Returns the answer to a job: faults, or what was asked for. Raises Distrusted: it is anything else."""
    try:
        (reply,) = _TYPES.validate_python([frame])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise Distrusted(f"{_path(*first['loc'][1:])}: {first['msg']}") from None
    # The words of a fault may repeat an author's odd letters: they are shown by their numbers, and not refused.
    said = [replace(fault, message=printable(fault.message), hint=printable(fault.hint)) for fault in reply.faults]
    reply = replace(reply, faults=tuple(said))
    if not _sound(reply):  # which is much quicker than to say what is wrong
        for wrong in _wrong(reply):
            raise Distrusted(wrong)
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


def _sound(reply: object) -> bool:
    """Whether there is nothing that `_wrong` would find."""
    parts = [reply]
    while parts:
        part = parts.pop()
        kind = type(part)
        if kind is str:
            if len(part) > budget.TEXT or not (part.isprintable() or _printable(part)):  # type: ignore[arg-type, attr-defined]
                return False
        elif kind is tuple:
            kinds = set(map(type, part))  # type: ignore[call-overload]
            if kinds == {int}:
                if max(map(int.bit_length, part)) > budget.BITS:  # type: ignore[call-overload]
                    return False
            elif not kinds <= _PLAIN:
                parts += part  # type: ignore[arg-type]
        elif kind in _FIELDS:
            if kind is Value and _misfit(part):  # type: ignore[arg-type]
                return False
            parts += _FIELDS[kind](part)
        elif kind is int:
            if part.bit_length() > budget.BITS:  # type: ignore[attr-defined]
                return False
        elif isinstance(part, Mapping):
            parts += (*part, *part.values())
        elif kind not in _PLAIN and kind not in (complex, NoneType):
            return False
    return True


def _printable(text: str) -> bool:
    return without_joiners(text).replace("\n", "").replace("\t", "").isprintable()


def _wrong(part: object, *where: str | int) -> Iterator[str]:
    """What no honest worker sends, wherever in a reply it stands: a field needs no mark of its own to be looked at."""
    if isinstance(part, str):
        if not _printable(part):
            yield f"{_path(*where)}: control characters"
        if len(part) > budget.TEXT:
            yield f"{_path(*where)}: too long a text"
    elif isinstance(part, int):
        if part.bit_length() > budget.BITS:
            yield f"{_path(*where)}: too large a number"
    elif isinstance(part, tuple):
        # Floats and truths as they are: there is nothing in them to distrust, and one by one they would take long.
        if not set(map(type, part)) <= {float, bool}:
            for number, entry in enumerate(part):
                yield from _wrong(entry, *where, number)
    elif isinstance(part, Mapping):
        for name, entry in part.items():
            yield from _wrong(name, *where)
            yield from _wrong(entry, *where, name)
    elif is_dataclass(part):
        if isinstance(part, Value) and (misfit := _misfit(part)):
            yield f"{_path(*where)}: {misfit}"
        if isinstance(part, CardFault) and not (0 < part.line <= FARTHEST and 0 <= part.column <= FARTHEST):
            yield f"{_path(*where)}: a fault at no place"
        for field in fields(part):
            yield from _wrong(getattr(part, field.name), *where, field.name)


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


def _path(*where: str | int) -> str:
    """The way into a reply: `variants.0.output`."""
    return ".".join(map(str, where))

"""What the executed sides of one clause say of the answer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from eigendeck.worker.formula.evaluate.tensors import Array, Tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.labels import occurs
from eigendeck.worker.formula.parser.naming import is_name
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula.verdict.compare import close, laid_out, related
from eigendeck.worker.formula_summary import NO_CAUSE, Cause

Kind = Literal["value", "relation", "sizes", "holds", "bare", "other", "differs", "contradicts", "unread", "remark"]

_NAMING = ("=", "←")
NOTHING_EXECUTED = Cause("nothing executed", "nothing in it was executed")
UNSIZED = Cause("unsized", "the size of a side is not known")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a clause said on one draw.

    kind: value (a side is the answer), relation (the answer satisfies it), sizes (its sizes are the answer), holds
    (true, but not about the answer), bare (gives a value without computing it), differs (gives a value that is not the
    answer), other (the same, of another shape), contradicts (its sides differ), unread (not executed), remark (words).
    sides: those that are the answer. formula, code: the values that differ. missing: symbols without a value.
    part: why sides were not executed that are more than a name. executed: the others that are no mere names.
    renamed: its left side is a name with another value. noise: what rounding errors may have left of a zero in the
    sides that are the answer; endless where the answer went into them.
    """

    kind: Kind
    cause: Cause = NO_CAUSE
    sides: tuple[int, ...] = ()
    formula: Array | None = None
    code: Array | None = None
    missing: tuple[t.Node, ...] = ()
    part: tuple[Cause, ...] = ()
    executed: tuple[int, ...] = ()
    renamed: bool = False
    noise: float = 0.0


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a clause on one draw: what executing it gave, or why it was not executed.

    used_answer: it cannot be executed without the answer. composite: executing it did more than looking a value up.
    label: it only names something. missing: the symbol without a value, where that is why.
    """

    node: t.Node
    value: Tensor | None = None
    used_answer: bool = False
    composite: bool = False
    label: bool = False
    cause: Cause = NO_CAUSE
    missing: tuple[t.Node, ...] = ()


def decided(clause: t.Chain, sides: Sequence[Side], answer: Tensor, letters: Sequence[str]) -> Finding:
    """Returns what a clause says of the answer on one draw: of several cases the first that is given decides.

    letters: the index letters of the left side. Raises Unread where sides cannot be compared.
    """
    relations = clause.relations
    values = {number: side.value for number, side in enumerate(sides) if side.value is not None}
    missing = tuple(node for side in sides for node in side.missing)
    if not values:
        return Finding("unread", sides[-1].cause, missing=missing)
    arrays = _arrays(values, letters, answer)
    matches = tuple(n for n, array in arrays.items() if close(array, answer.data, values[n].noise))
    redefined = _is_redefined(relations, sides, values, matches)
    compared = tuple(values)[1 if redefined else 0 :]
    part = _not_executed(clause, sides, redefined, letters)

    def differing(number: int, *, renamed: bool = False) -> Finding:
        if (array := arrays.get(number)) is None:
            return Finding("unread", UNSIZED, renamed=renamed)
        kind: Kind = "differs" if array.shape == answer.data.shape else "other"
        return Finding(kind, formula=array, code=answer.data, missing=missing, part=part, renamed=renamed)

    if relations == ("∝",) and sides[0].label and sides[1].composite and 1 in arrays:  # of the answer, then
        agrees = arrays[1].shape == answer.shape and related(answer, "∝", Tensor(arrays[1]))
        return Finding("relation", part=part) if agrees else differing(1)
    if broken := _broken(relations, values, compared):
        left, right = broken
        # `y = …` with a y that need not be this one: the card's name may mean something else
        if left == 0 and is_name(sides[0].node) and sides[right].composite and between(relations, 0, right) in _NAMING:
            return differing(right, renamed=True)
        return Finding("contradicts", formula=arrays.get(left), code=arrays.get(right), part=part)
    computed = [number for number in compared if sides[number].composite]  # and not only looked up
    if matches and any(not sides[number].used_answer for number in computed):
        noise = max(math.inf if sides[number].used_answer else values[number].noise for number in matches)
        return Finding("value", sides=matches, missing=missing, part=part, noise=noise)
    if computed and len(compared) > 1 and any(sides[number].used_answer for number in compared):
        return Finding("relation", part=part)  # the answer satisfies it
    labelled = redefined or any(side.label for side in sides)
    if not computed and not part and (len(compared) != 1 or (matches and labelled)):
        return Finding("holds")  # sides are equal, or a name is given the answer, and nothing was computed
    if not computed and not part and labelled:
        return Finding("bare", missing=missing)  # a name is given another value
    if computed and len(compared) == 1 and (not relations or labelled):
        return differing(computed[0])  # the only side is not the answer
    if part or not computed:
        return Finding("unread", (*part, NOTHING_EXECUTED)[0], missing=missing)
    array = arrays.get(computed[0])
    same = array is not None and array.shape == answer.data.shape
    return Finding("holds", formula=array if same else None, code=answer.data)  # but is not about the answer


def _arrays(values: Mapping[int, Tensor], letters: Sequence[str], answer: Tensor) -> dict[int, Array]:
    """The executed sides, laid out as the answer is; without those whose size only another answer would tell."""
    rank = len(answer.shape)
    return {
        number: laid_out(value, letters, answer.shape)
        for number, value in values.items()
        if not value.special or rank == (2 if value.special == "identity" else 1)
    }


def _is_redefined(
    relations: Sequence[str], sides: Sequence[Side], values: Mapping[int, Tensor], matches: Sequence[int]
) -> bool:
    """Whether the left side is a new meaning of a name that the card uses otherwise: `w ← w - η g`."""
    if 0 in matches or 0 not in values or not relations or not is_name(sides[0].node):
        return False
    return relations[0] == "←" or (relations[0] == "=" and 1 in matches and sides[1].composite)


def _not_executed(clause: t.Chain, sides: Sequence[Side], redefined: bool, letters: Sequence[str]) -> tuple[Cause, ...]:
    """Why sides were not executed that are more than a name."""
    causes = tuple(side.cause for side in sides if side.value is None and not side.label)
    left = clause.sides[0]
    if redefined and clause.relations[0] == "=" and occurs(left, clause.sides[1:], letters):
        # `x̄ = f(x̄)`: a reader could not tell the two apart
        causes += (Cause("renamed", f"{spelled(left)} on the left has another value than on the right"),)
    return causes


def _broken(relations: Sequence[str], values: Mapping[int, Tensor], compared: Sequence[int]) -> tuple[int, int] | None:
    """The first two neighbours whose relation does not hold, sides in between that were not executed left out."""
    for left, right in pairwise(compared):
        relation = between(relations, left, right)
        if relation and not related(values[left], relation, values[right]):
            return left, right
    return None


def between(relations: Sequence[str], left: int, right: int) -> str:
    """Returns the relation between two sides, over sides in between that were not executed; nothing where none is."""
    steps = set(relations[left:right])
    if len(steps) == 1:
        return relations[left]
    return "=" if steps <= {"=", "←"} else ""

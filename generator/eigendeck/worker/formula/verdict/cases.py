"""What the executed sides of one clause say of the answer: facts, and a table of cases that is tried in order."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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


class Facts:
    """What is true of a clause on one draw. A fact is worked out when a case asks for it: a later one may be undefined.

    letters: the index letters of the left side.
    """

    def __init__(self, clause: t.Chain, sides: Sequence[Side], answer: Tensor, letters: Sequence[str]) -> None:
        self.clause, self.sides, self.answer, self.letters = clause, sides, answer, letters
        self.values = {number: side.value for number, side in enumerate(sides) if side.value is not None}
        self.missing = tuple(node for side in sides for node in side.missing)

    @cached_property
    def arrays(self) -> dict[int, Array]:
        """The executed sides, laid out as the answer is; without those whose size only another answer would tell."""
        rank = len(self.answer.shape)
        return {
            number: laid_out(value, self.letters, self.answer.shape)
            for number, value in self.values.items()
            if not value.special or rank == (2 if value.special == "identity" else 1)
        }

    @cached_property
    def matches(self) -> tuple[int, ...]:
        """The sides that are the answer."""
        answer, values = self.answer.data, self.values
        return tuple(n for n, array in self.arrays.items() if close(array, answer, values[n].noise))

    @property
    def noise(self) -> float:
        """That of the sides that are the answer."""
        return max(math.inf if self.sides[n].used_answer else self.values[n].noise for n in self.matches)

    @cached_property
    def redefined(self) -> bool:
        """The left side is a new meaning of a name that the card uses otherwise: `w ← w - η g`."""
        if 0 in self.matches or 0 not in self.values or not self.clause.relations or not is_name(self.sides[0].node):
            return False
        relation = self.clause.relations[0]
        return relation == "←" or (relation == "=" and 1 in self.matches and self.sides[1].composite)

    @cached_property
    def compared(self) -> tuple[int, ...]:
        """The executed sides without a name that is redefined."""
        return tuple(self.values)[1 if self.redefined else 0 :]

    @cached_property
    def part(self) -> tuple[Cause, ...]:
        """Why sides were not executed that are more than a name."""
        causes = tuple(side.cause for side in self.sides if side.value is None and not side.label)
        left = self.clause.sides[0]
        if self.redefined and self.clause.relations[0] == "=" and occurs(left, self.clause.sides[1:], self.letters):
            # `x̄ = f(x̄)`: a reader could not tell the two apart
            causes += (Cause("renamed", f"{spelled(left)} on the left has another value than on the right"),)
        return causes

    @cached_property
    def broken(self) -> tuple[int, ...]:
        """The first two neighbours whose relation does not hold, sides in between that were not executed left out."""
        for left, right in pairwise(self.compared):
            relation = between(self.clause.relations, left, right)
            if relation and not related(self.values[left], relation, self.values[right]):
                return left, right
        return ()

    @property
    def renamed(self) -> bool:
        """`y = …` with a y that need not be this one: the card's name may mean something else."""
        if not self.broken or self.broken[0] != 0 or not is_name(self.sides[0].node):
            return False
        return between(self.clause.relations, 0, self.broken[1]) in ("=", "←") and self.sides[self.broken[1]].composite

    @property
    def proportional(self) -> bool:
        """It says of a name alone that it is proportional to something: of the answer, then."""
        return self.clause.relations == ("∝",) and self.sides[0].label and self.sides[1].composite and 1 in self.arrays

    @property
    def labelled(self) -> bool:
        """A side only names something."""
        return self.redefined or any(side.label for side in self.sides)

    @property
    def computed(self) -> int | None:
        """The first side that was computed, not looked up."""
        return next((number for number in self.compared if self.sides[number].composite), None)

    @property
    def only_looked_up(self) -> bool:
        """Each side is a mere name or has a value, and none was computed."""
        return self.computed is None and not self.part

    @property
    def alone(self) -> bool:
        """One side was executed."""
        return len(self.compared) == 1

    @property
    def used_answer(self) -> bool:
        """The answer went into a side."""
        return any(self.sides[number].used_answer for number in self.compared)

    @property
    def independent(self) -> bool:
        """A side was computed into which the answer did not go: agreement says something."""
        return any(self.sides[n].composite and not self.sides[n].used_answer for n in self.compared)


def between(relations: Sequence[str], left: int, right: int) -> str:
    """Returns the relation between two sides, over sides in between that were not executed; nothing where none is."""
    steps = set(relations[left:right])
    if len(steps) == 1:
        return relations[left]
    return "=" if steps <= {"=", "←"} else ""


def decided(facts: Facts) -> Finding:
    """Returns what the first case says that is given. Raises Unread where sides cannot be compared."""
    return next(says(facts) for given, says in CASES.values() if given(facts))


def _proportional(facts: Facts) -> Finding:
    if facts.arrays[1].shape == facts.answer.shape and related(facts.answer, "∝", Tensor(facts.arrays[1])):
        return Finding("relation", part=facts.part)
    return _differing(facts, 1)


def _contradiction(facts: Facts) -> Finding:
    left, right = map(facts.arrays.get, facts.broken)
    return Finding("contradicts", formula=left, code=right, part=facts.part)


def _differing(facts: Facts, number: int | None) -> Finding:
    assert number is not None
    array, answer = facts.arrays.get(number), facts.answer.data
    if array is None:
        return Finding("unread", UNSIZED)
    kind: Kind = "differs" if array.shape == answer.shape else "other"
    return Finding(kind, formula=array, code=answer, missing=facts.missing, part=facts.part)


def _holding(facts: Facts) -> Finding:
    assert facts.computed is not None
    array, answer = facts.arrays.get(facts.computed), facts.answer.data
    same = array is not None and array.shape == answer.shape
    return Finding("holds", formula=array if same else None, code=answer)


# By its name each case: when it is given, and what it says of the answer. The first that is given decides.
CASES: Mapping[str, tuple[Callable[[Facts], object], Callable[[Facts], Finding]]] = {
    "no side was executed": (
        lambda facts: not facts.values,
        lambda facts: Finding("unread", facts.sides[-1].cause, missing=facts.missing),
    ),
    "a name is proportional to a side": (lambda facts: facts.proportional, _proportional),
    "a name has another value": (
        lambda facts: facts.renamed,
        lambda facts: replace(_differing(facts, facts.broken[1]), renamed=True),
    ),
    "sides contradict each other": (lambda facts: facts.broken, _contradiction),
    "a side is the answer, and one was computed without it": (
        lambda facts: facts.matches and facts.independent,
        lambda facts: Finding("value", sides=facts.matches, missing=facts.missing, part=facts.part, noise=facts.noise),
    ),
    "the answer satisfies the relation of sides": (
        lambda facts: facts.computed is not None and not facts.alone and facts.used_answer,
        lambda facts: Finding("relation", part=facts.part),
    ),
    "sides are equal, or a name is given the answer, and nothing was computed": (
        lambda facts: facts.only_looked_up and (not facts.alone or (facts.matches and facts.labelled)),
        lambda facts: Finding("holds"),
    ),
    "a name is given another value, and nothing was computed": (
        lambda facts: facts.only_looked_up and facts.labelled,
        lambda facts: Finding("bare", missing=facts.missing),
    ),
    "nothing was computed": (
        lambda facts: facts.computed is None,
        lambda facts: Finding("unread", (*facts.part, NOTHING_EXECUTED)[0], missing=facts.missing),
    ),
    "the only side is not the answer": (
        lambda facts: facts.alone and (not facts.clause.relations or facts.labelled),
        lambda facts: _differing(facts, facts.computed),
    ),
    "a side was not executed": (
        lambda facts: facts.part,
        lambda facts: Finding("unread", facts.part[0], missing=facts.missing),
    ),
    "it holds, and is not about the answer": (lambda _: True, _holding),
}

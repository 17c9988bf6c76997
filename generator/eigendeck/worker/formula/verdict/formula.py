"""A formula, read once for a card and judged on each of its draws."""

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.bindings import Expression, KeyFault, read_bindings
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.labels import counts_in
from eigendeck.worker.formula.parser.naming import joined_letters, name_of
from eigendeck.worker.formula.parser.parse import parse
from eigendeck.worker.formula.verdict.compare import EXACT, answer_of, close
from eigendeck.worker.formula.verdict.judge import Prepared, Verdict, overall, prepare
from eigendeck.worker.formula_summary import AGREES, NO_CAUSE, Cause, Convention

Trial = tuple[Mapping[str, Any], Any, Any]  # of one draw its namespace, the answer, and the mistake's value or None

# Where textbooks differ, one reading must hold on all draws: the usual one first.
_CONVENTIONS = {
    "slash": ("all", "next"),
    "variance": ("n", "n-1"),
    "weights": ("equal", "p"),
    "norm": ("F", "2"),
    "softmax": ("rows", "columns"),
    "first": ("1", "0"),
    "percent": ("1", "0.01"),
    "degrees": ("degrees", "radians"),
}
_MOST_READINGS = 16  # of one formula: each is judged on every draw


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it was read.

    clauses: as they were read, without what `reads` replaces. problem: why it is not checked at all. faults: what is
    wrong with `reads`. wants: the inputs that it needs.
    """

    latex: str
    clauses: tuple[t.Chain, ...] = ()
    prepared: Prepared | None = None
    conventions: tuple[Convention, ...] = ((),)
    problem: Unread | None = None
    faults: tuple[KeyFault, ...] = ()
    wants: tuple[str, ...] = ()

    def judge(self, trial: Trial, convention: Convention) -> Verdict:
        """Returns what one draw says under a convention. Raises nothing.

        trial: its namespace has `np`, the inputs, and what `numpy` bound.
        """
        namespace, answer, mistake = trial
        with np.errstate(all="ignore"):
            verdict = self._verdict(namespace, answer, convention)
            if verdict.kind not in AGREES or mistake is None or not _may_fit(verdict, answer, mistake):
                return verdict
            other = self._verdict(namespace, mistake, convention)
        return replace(verdict, accepts=other.sides if other.kind == verdict.kind else frozenset())

    def _verdict(self, namespace: Mapping[str, Any], answer: Any, convention: Convention) -> Verdict:
        if self.prepared is None:
            return Verdict("not checked", self.problem.cause if self.problem else NO_CAUSE)
        try:
            return overall(self.prepared, namespace, answer_of(answer), dict(convention))
        except Unread as unread:
            return Verdict("not checked", unread.cause)
        except (RecursionError, MemoryError):
            return Verdict("not checked", Cause("too large", "too large"))
        except Exception as error:  # of what a formula may combine some is of no use to NumPy, or to this program
            return Verdict("not checked", Cause("error", f"{type(error).__name__}: {error}"[:200]))


def _may_fit(verdict: Verdict, answer: Any, mistake: Any) -> bool:
    """Whether the sides that are the answer may be the mistake's value too: without that need to execute them again."""
    try:
        right, wrong = answer_of(answer), answer_of(mistake)
    except Unread:
        return False
    if verdict.kind != "value" or right.data.shape != wrong.data.shape or right.data.dtype != wrong.data.dtype:
        return True
    near = 3 * (verdict.noise + EXACT * max(right.largest, wrong.largest))  # each as far from the side as it may be
    return not near < math.inf or close(right.data, wrong.data, noise=near)


def read(latex: str, reads: Mapping[str, Expression] | None, names: Collection[str]) -> Formula:
    """Returns a formula as it reads with a card's `reads`. Raises nothing.

    names: the inputs of the card.
    """
    faults: tuple[KeyFault, ...] = ()
    try:
        bindings, faults = read_bindings(reads or {}, names)
        clauses = tuple(joined_letters(clause, names) for clause in parse(latex, names))
        prepared = prepare(clauses, bindings, frozenset(names))
    except Unread as unread:
        return Formula(latex, problem=unread, faults=faults)
    except RecursionError:
        return Formula(latex, problem=Unread("nested too deeply", 0), faults=faults)
    wanted = {name for binding in bindings for name in binding.expression.free}
    wanted |= {name_of(node, names) for clause in clauses for node in t.walk(clause)} | {"p"}  # p may be the weights
    idle = [binding.key for number, binding in enumerate(bindings) if number not in prepared.used]
    faults += tuple(KeyFault(key, f"`{key}` does not occur in the formula") for key in idle)
    wants = tuple(name for name in names if name in wanted)
    return Formula(latex, clauses, prepared, tuple(_conventions(clauses, names)), faults=faults, wants=wants)


def _conventions(clauses: Sequence[t.Chain], names: Collection[str]) -> list[Convention]:
    """The readings that the formula leaves open, the usual one first."""
    used: set[str] = set()
    for node in itertools.chain.from_iterable(map(t.walk, clauses)):
        match node:
            case t.Fraction(rest=rest) if rest:
                used.add("slash")
            case t.Function("var" | "std" | "cov" | "corr"):
                used |= {"variance", "weights"} if "p" in names else {"variance"}
            case t.Call(t.Symbol("E")) | t.Function("mean"):
                used |= {"weights"} if "p" in names else set()
            case t.Norm(_, None):
                used.add("norm")
            case t.Function("softmax", _, None):
                used.add("softmax")
            case t.Symbol("\\%"):
                used.add("percent")
            case t.Marked(t.Number(), t.Words("°")):
                used.add("degrees")
            case t.Big("sum" | "prod", (t.Symbol() | t.Tuple() | t.Product()) as below, None, body) if any(
                counts_in(body, part) for part in t.walk(below) if isinstance(part, t.Symbol)
            ):
                used.add("first")
    options = [[(key, value) for value in _CONVENTIONS[key]] for key in _CONVENTIONS if key in used]
    return list(itertools.islice(itertools.product(*options), _MOST_READINGS))

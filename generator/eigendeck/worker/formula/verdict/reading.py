"""A formula, read once for a card and judged on each of its draws."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eigendeck.worker.code.statements import Faults
from eigendeck.worker.formula.mutants.mutants import MisprintReport, misprints
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.bindings import bound, read_bindings
from eigendeck.worker.formula.parser.naming import joined_letters, name_of
from eigendeck.worker.formula.parser.parse import parse
from eigendeck.worker.formula.parser.tokens import Unread
from eigendeck.worker.formula.verdict.compare import answer_of
from eigendeck.worker.formula.verdict.judge import AGREES, Bare, Outcome, overall, prepared

Convention = tuple[tuple[str, str], ...]
Draw = tuple[Mapping[str, Any], Any]  # the namespace of a draw, and the answer

# Where textbooks differ, one reading must hold on all draws: the usual one first.
_CONVENTIONS = {
    "slash": ("all", "next"),
    "variance": ("n", "n-1"),
    "weights": ("equal", "p"),
    "norm": ("F", "2"),
    "softmax": ("rows", "columns"),
    "vectors": ("rows", "columns"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One draw: the outcome under each convention that the formula leaves open."""

    outcomes: Mapping[Convention, Outcome]


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula as it was read.

    problem: why it is not checked at all, with `offset` in the formula. faults: what is wrong with `reads`, each with
    its key and place. binding: `reads` is there, so that anything but agreement is an error. wants: the inputs that it
    reads.
    """

    formula: str
    clauses: tuple[t.Chain, ...] = ()  # as they were read, without what `reads` replaces
    bare: Bare | None = None
    conventions: tuple[Convention, ...] = ((),)
    binding: bool = False
    problem: str = ""
    offset: int = -1
    faults: tuple[dict[str, Any], ...] = ()
    wants: tuple[str, ...] = ()

    def judge(self, namespace: Mapping[str, Any], answer: Any, mistake: Any | None = None) -> Verdict:
        """Returns what one draw says. Raises nothing.

        namespace: `np`, the inputs, and what `numpy` bound. mistake: its value, None where it raised or there is none.
        """
        outcomes = {}
        for convention in self.conventions:
            with np.errstate(all="ignore"):
                found = self._outcome(namespace, answer, dict(convention))
                if found.kind in AGREES and mistake is not None:
                    other = self._outcome(namespace, mistake, dict(convention))
                    found = replace(found, accepts=other.sides if other.kind == found.kind else frozenset())
            outcomes[convention] = found
        return Verdict(outcomes)

    def misprints(
        self, draws: Sequence[Draw], convention: Convention = (), wide: Sequence[Draw] = ()
    ) -> MisprintReport:
        """Returns how many single-site misprints of the formula the draws would notice. Raises nothing.

        convention: the one under which the formula agrees, as the summary of its draws says.
        wide: draws of `wide`, on which it agrees too.
        """
        return misprints(self, draws, convention or self.conventions[0], wide)

    def _outcome(self, namespace: Mapping[str, Any], answer: Any, convention: dict[str, str]) -> Outcome:
        if self.bare is None:
            return Outcome("not checked", self.problem)
        try:
            return overall(self.bare, namespace, answer_of(answer), convention)
        except Unread as unread:
            return Outcome("not checked", unread.reason)
        except (RecursionError, MemoryError):
            return Outcome("not checked", "too large")
        except (ArithmeticError, ValueError, TypeError, np.linalg.LinAlgError) as error:
            return Outcome("not checked", f"{type(error).__name__}: {error}"[:200])


def read(formula: str, reads: Mapping[str, str] | None, names: Collection[str], made: Collection[str] = ()) -> Reading:
    """Returns a formula as it reads with a card's `reads`. Raises nothing.

    names: the inputs of the card. made: the names that its `numpy` binds.
    """
    faults = Faults()
    blank = Reading(formula, binding=reads is not None)
    try:
        bindings = read_bindings(reads or {}, names, made, faults)
    except RecursionError:
        return replace(blank, problem="nested too deeply", offset=0)
    try:
        clauses = tuple(_chain(joined_letters(clause, names)) for clause in parse(formula, names))
        used = bound(clauses, bindings)[1]
    except Unread as unread:
        return replace(blank, problem=unread.reason, offset=unread.offset, faults=tuple(faults.found))
    except RecursionError:
        return replace(blank, problem="nested too deeply", offset=0, faults=tuple(faults.found))
    for number, binding in enumerate(bindings):
        if number not in used:
            hint = "A key is a fragment of the formula, as it stands there."
            faults.add(("reads", binding.key), f"`{binding.key}` does not occur in the formula", hint)
    wanted = dict.fromkeys(name for b in bindings for name in b.statement.names.free)
    for clause in clauses:
        wanted |= dict.fromkeys(name for node in t.walk(clause) if (name := name_of(node, names)))
    wants = tuple(name for name in names if name in wanted or (name == "p" and "p" in names))
    return Reading(
        formula,
        clauses,
        prepared(clauses, bindings, frozenset(names)),
        tuple(_conventions(clauses, frozenset(names))),
        reads is not None,
        faults=tuple(faults.found),
        wants=wants,
    )


def _chain(node: t.Node) -> t.Chain:
    assert isinstance(node, t.Chain)
    return node


def _conventions(clauses: Sequence[t.Chain], names: frozenset[str]) -> list[Convention]:
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
            case t.Indexed(t.Symbol(name, "bold"), (_,)) if name.upper() in names and name not in names:
                used.add("vectors")
    options = [[(key, value) for value in _CONVENTIONS[key]] for key in _CONVENTIONS if key in used]
    return list(itertools.islice(itertools.product(*options), 16))

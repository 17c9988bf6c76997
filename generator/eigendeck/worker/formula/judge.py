"""A formula read once for a card, and judged on its draws."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from eigendeck.worker.formula import tree as t
from eigendeck.worker.formula.bindings import Binding, bound, read_bindings
from eigendeck.worker.formula.clauses import Finding, is_label, is_remark, judged
from eigendeck.worker.formula.compare import answer_of, ratio
from eigendeck.worker.formula.evaluate import scope_of
from eigendeck.worker.formula.naming import joined_letters, name_of
from eigendeck.worker.formula.parse import parse
from eigendeck.worker.formula.scope import Definition, Scope, Undefined
from eigendeck.worker.formula.spell import spelled
from eigendeck.worker.formula.tensors import Array, Tensor
from eigendeck.worker.formula.tokens import Unread
from eigendeck.worker.pieces import Faults

Class = Literal["value", "relation", "sizes", "part", "differs", "not checked"]
AGREES = ("value", "relation", "sizes")
Convention = tuple[tuple[str, str], ...]

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
class Outcome:
    """One draw under one convention.

    formula, code: the values that differ, as text, and their ratio. sides: which sides of which clauses are the answer.
    accepts: those that are the value of the mistake, too.
    """

    kind: Class
    reason: str = ""
    formula: str = ""
    code: str = ""
    ratio: float | None = None
    sides: frozenset[tuple[int, int]] = frozenset()
    accepts: frozenset[tuple[int, int]] = frozenset()


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
    clauses: tuple[t.Chain, ...] = ()
    bindings: tuple[Binding, ...] = ()
    names: frozenset[str] = frozenset()
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

    def _outcome(self, namespace: Mapping[str, Any], answer: Any, convention: dict[str, str]) -> Outcome:
        if self.problem:
            return Outcome("not checked", self.problem)
        try:
            return _overall(self, namespace, answer_of(answer), convention)
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
        clauses, used = bound(clauses, bindings)
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
        bindings,
        frozenset(names),
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


def _overall(reading: Reading, namespace: Mapping[str, Any], answer: Tensor, convention: dict[str, str]) -> Outcome:
    clauses = reading.clauses
    known: dict[t.Node, Tensor] = {}
    findings = _findings(reading, namespace, answer, convention, known)
    if not any(finding.kind in AGREES for finding in findings):
        missing = {node for finding in findings for node in finding.missing if finding.kind == "unread"}
        node = next(iter(missing)) if len(missing) == 1 else None
        if node is not None and isinstance(node, t.Symbol | t.Accented) and not _labels(clauses, node):
            known = {node: answer}
            tried = _findings(reading, namespace, answer, convention, known)
            if any(finding.kind in AGREES for finding in tried):
                findings = tried
    return _summed(clauses, findings)


def _labels(clauses: Sequence[t.Chain], node: t.Node) -> bool:
    """Whether a symbol is the name of a side, so that trying it as the answer would say nothing."""
    return any(is_label(side) and node in set(t.walk(side)) for c in clauses if c.relations for side in c.sides[:1])


def _findings(
    reading: Reading,
    namespace: Mapping[str, Any],
    answer: Tensor,
    convention: dict[str, str],
    known: dict[t.Node, Tensor],
) -> list[Finding]:
    found = []
    cache: dict[int, Any] = {}
    for number, clause in enumerate(reading.clauses):
        others = [other for k, other in enumerate(reading.clauses) if k != number]
        scope = scope_of(
            namespace=namespace,
            names=reading.names,
            bindings=reading.bindings,
            conventions=convention,
            answer=answer,
            definitions=_definitions(others),
            known=known,
            counts=_counts(reading.clauses),
            sets=_sets(reading.clauses),
            read=cache,
        )
        found.append(judged(scope, clause))
    return found


def _definitions(clauses: Sequence[t.Chain]) -> list[Definition]:
    r"""What clauses say that symbols are: `\mu = …`."""
    found = []
    for clause in clauses:
        if clause.relations and clause.relations[0] in ("=", "←") and is_label(clause.sides[0]):
            found += [Definition(clause.sides[0], side) for side in clause.sides[1:2]]
    return found


def _counts(clauses: Sequence[t.Chain]) -> dict[str, tuple[str, t.Node]]:
    """Symbols such as n that count what a sum runs over: its upper bound, or n where there is one sum."""
    found: dict[str, tuple[str, t.Node]] = {}
    plain: list[tuple[str, t.Node]] = []
    for node in itertools.chain.from_iterable(map(t.walk, clauses)):
        if not isinstance(node, t.Big) or node.operator not in ("sum", "prod"):
            continue
        below = node.below.sides[0] if isinstance(node.below, t.Chain) else node.below
        if not isinstance(below, t.Symbol) or not t.is_letter(below):
            continue
        if isinstance(node.above, t.Symbol) and isinstance(node.below, t.Chain):
            starts_at_1 = node.below.sides[1:] == (t.Number("1"),)
            if starts_at_1:
                found.setdefault(node.above.name, (below.name, node.body))
        elif node.above is None and not isinstance(node.below, t.Chain):
            plain.append((below.name, node.body))
    if plain:
        for name in ("n", "N"):
            found.setdefault(name, plain[0])
    return found


def _sets(clauses: Sequence[t.Chain]) -> frozenset[t.Node]:
    r"""What letters run over: `B` in `\sum_{i\in B}`."""
    found = set()
    for node in itertools.chain.from_iterable(map(t.walk, clauses)):
        if isinstance(node, t.Big) and isinstance(node.below, t.Chain) and node.below.relations == ("∈",):
            found.add(node.below.sides[1])
    return frozenset(found)


def _summed(clauses: Sequence[t.Chain], findings: Sequence[Finding]) -> Outcome:
    """What the clauses together say."""
    wrong = next((f for f in findings if f.kind == "contradicts"), None)
    if wrong is not None:
        if wrong.formula is None or wrong.code is None:
            return Outcome("not checked", f"the sizes do not fit: {wrong.reason}")
        if wrong.formula.shape == wrong.code.shape:
            return _differs(wrong, f"the sides of {wrong.reason} differ")
        return Outcome("not checked", f"the sides of {wrong.reason} have different shapes")
    for kind in ("value", "relation", "sizes"):
        if any(finding.kind == kind for finding in findings):
            return _agreeing(clauses, findings, kind)
    for finding in findings:
        if finding.kind == "differs":
            return _differs(finding, "")
    for finding in findings:
        if finding.kind == "holds" and finding.formula is not None:
            return _differs(finding, "")
        if finding.kind == "holds":
            return Outcome("not checked", "the formula holds, but says nothing about the answer")
        if finding.kind == "other" and finding.formula is not None and finding.code is not None:
            gives, code = finding.formula.shape, finding.code.shape
            return Outcome("not checked", f"the formula gives an array of shape {gives}, the code one of {code}")
    reason = next((f.reason for f in findings if f.kind == "unread"), "the formula has words alone")
    return Outcome("not checked", reason)


def _agreeing(clauses: Sequence[t.Chain], findings: Sequence[Finding], kind: Class) -> Outcome:
    left = []
    for number, (clause, finding) in enumerate(zip(clauses, findings, strict=True)):
        if finding.kind == "unread":
            left.append(f"{spelled(clause)} was not executed: {finding.reason}")
        elif finding.kind in ("differs", "other") and not _is_definition(clauses, number):
            left.append(f"{spelled(clause)} is not the answer")
        left += finding.part
    sides = {(k, side) for k, f in enumerate(findings) if f.kind == kind for side in f.sides or (0,)}
    return Outcome("part" if left else kind, "; ".join(left[:1]), sides=frozenset(sides))


def _is_definition(clauses: Sequence[t.Chain], number: int) -> bool:
    """Whether a clause says what a symbol in another clause is."""
    label = clauses[number].sides[0]
    base = label.base if isinstance(label, t.Indexed) else label
    return any(base in set(t.walk(clause)) for k, clause in enumerate(clauses) if k != number)


def _differs(finding: Finding, reason: str) -> Outcome:
    assert finding.formula is not None
    assert finding.code is not None
    return Outcome("differs", reason, _text(finding.formula), _text(finding.code), ratio(finding.formula, finding.code))


def _text(array: Array) -> str:
    values = np.round(array, 6) + 0
    text = np.array2string(values, threshold=20, separator=", ", max_line_width=10_000)
    return text.replace(".,", ",").replace(".]", "]").removesuffix(".")


__all__ = ["AGREES", "Outcome", "Reading", "Scope", "Undefined", "Verdict", "field", "is_remark", "read"]

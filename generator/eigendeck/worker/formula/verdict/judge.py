"""What the clauses of a formula say together, on one draw."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from eigendeck.worker.formula.evaluate.context import Axis, Context, Count, Known, as_tensor
from eigendeck.worker.formula.evaluate.rules import RULES
from eigendeck.worker.formula.evaluate.tensors import Array, Tensor, mapped
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.bindings import Binding, bound
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.labels import free_letters, is_label
from eigendeck.worker.formula.parser.naming import name_of
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula.verdict.cases import NOTHING_EXECUTED, Finding
from eigendeck.worker.formula.verdict.clauses import judged
from eigendeck.worker.formula_summary import AGREES, NO_CAUSE, SIDES, Cause, Class

_OF_A_NAME = t.Power | t.Function | t.Norm | t.Absolute  # `c^2`, `\ln k`: c and k themselves may be the answer


@dataclass(frozen=True, slots=True)
class Prepared:
    r"""A formula and what its symbols may stand for: all that is needed to execute it.

    clauses: with what `reads` reads replaced. names: the inputs that symbols may stand for. definitions: for each
    clause what the others define. counts: symbols such as n, and what they count. sets: what letters run over, B in
    `i\in B`. used: the numbers of the bindings that occur. free: the one letter that numbers the entries of a left side
    and whose values count, from 1; counted: such letters of which `reads` says what they count, and their bindings.
    """

    clauses: tuple[t.Chain, ...]
    bindings: tuple[Binding, ...]
    names: frozenset[str]
    definitions: tuple[tuple[tuple[t.Node, t.Node], ...], ...]
    counts: Mapping[str, Count]
    sets: frozenset[t.Node]
    used: frozenset[int]
    free: str
    counted: Mapping[str, int]


def prepare(clauses: Sequence[t.Chain], bindings: tuple[Binding, ...], names: frozenset[str]) -> Prepared:
    """Returns a formula with all that can be known of it before a draw."""
    free, keys = free_letters(clauses), [binding.pattern for binding in bindings]
    counted = {letter: keys.index(t.Symbol(letter)) for letter in free if t.Symbol(letter) in keys}
    found, used = bound(clauses, bindings, frozenset(counted.values()))
    saying = [clause.relations[:1] in (("=",), ("←",)) and is_label(clause.sides[0]) for clause in found]
    definitions = [(k, (clause.sides[0], clause.sides[1])) for k, clause in enumerate(found) if saying[k]]
    others = tuple(tuple(each for k, each in definitions if k != number) for number in range(len(found)))
    below = [node.below for clause in found for node in t.walk(clause) if isinstance(node, t.Big)]
    sets = frozenset(chain.sides[1] for chain in below if isinstance(chain, t.Chain) and chain.relations == ("∈",))
    letter = "".join({*free} - names - counted.keys()) if len(free) == 1 else ""
    used |= frozenset(counted.values())
    return Prepared(found, bindings, names, others, _counts(found), sets, used, letter, counted)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One draw under one convention.

    formula, code: the values that differ. sides: which sides of which clauses are the answer.
    accepts: those that are the value of the mistake, too. executed: all sides that were executed. bounded: where it
    differs, an inequality may be what does not hold. doubtful: where it differs, it may speak of something else than
    the answer. tried: what is found with the answer in the place of the one unknown symbol, where that agrees with
    nothing. counts: where it differs, the one letter that numbers the entries and whose values count. noise: of the
    sides that are the answer, see `Finding`.
    """

    kind: Class
    cause: Cause = NO_CAUSE
    formula: Array | None = None
    code: Array | None = None
    sides: frozenset[tuple[int, int]] = frozenset()
    accepts: frozenset[tuple[int, int]] = frozenset()
    executed: frozenset[tuple[int, int]] = frozenset()
    bounded: bool = False
    doubtful: bool = False
    tried: Verdict | None = None
    counts: str = ""
    noise: float = 0.0


def overall(formula: Prepared, namespace: Mapping[str, Any], answer: Tensor, convention: Mapping[str, str]) -> Verdict:
    """Returns what a formula says of one draw under one convention. Raises Unread where it cannot be executed."""
    values = [_read(binding, namespace, answer) for binding in formula.bindings]
    axes: dict[str, Axis] = {}
    variables: dict[t.Node, Tensor] = {}
    for letter, number in formula.counted.items():
        if isinstance(value := values[number], Unread):
            raise value
        counts = as_tensor(value, t.Symbol(letter))
        if counts.rank == 1:
            axes[letter] = Axis(counts.data, np.arange(counts.data.size))
        else:
            variables[t.Symbol(letter)] = counts
    clauses, imaginary = formula.clauses, answer.data.dtype.kind == "c"
    fixed = partial(Known, RULES, namespace, formula.names, formula.bindings, values, convention)

    def findings_with(tried: Mapping[t.Node, Tensor]) -> list[Finding]:
        each = (fixed(defined, formula.counts, formula.sets, imaginary, tried) for defined in formula.definitions)
        return [judged(Context(k, variables, axes), answer, clause) for k, clause in zip(each, clauses, strict=True)]

    findings = findings_with({})
    verdict = _in_doubt(formula, findings)
    if verdict.kind == "differs" and answer.data.ndim == 1:
        verdict = replace(verdict, counts=formula.free)
    if verdict.kind in AGREES:
        return verdict
    # An unknown that stands in an equation, as x in `Ax = b` or c in `c^2 = a^2 + b^2`, may be what the card asks for:
    # only where it is the one unknown, and no mere name of a side, of which anything would be true.
    missing = {node for finding in findings for node in finding.missing}
    node = missing.pop() if len(missing) == 1 else None
    if not isinstance(node, t.Symbol | t.Accented | t.Indexed | t.Marked) or _is_label_of_a_side(clauses, node):
        return verdict
    tried = findings_with({node: answer})
    if any(finding.kind in AGREES for finding in tried):
        summed = _summed(clauses, tried)
        return verdict if summed.kind == verdict.kind else summed
    functions = (part for clause in clauses for part in t.walk(clause) if isinstance(part, t.Function))
    if any(part.name in ("sin", "cos", "tan", "cot") and node in set(t.walk(part)) for part in functions):
        in_degrees = findings_with({node: mapped(np.radians, answer)})
        if any(finding.kind in AGREES for finding in in_degrees):
            return replace(verdict, doubtful=True)
    return replace(verdict, tried=_summed(clauses, tried))


def _in_doubt(formula: Prepared, findings: Sequence[Finding]) -> Verdict:
    """What the clauses say together, and whether a difference may be of something else than the answer."""
    verdict = _summed(formula.clauses, findings)
    if verdict.kind != "differs" or verdict.formula is None or verdict.code is None:
        return verdict
    for clause, finding in zip(formula.clauses, findings, strict=True):
        if finding.formula is verdict.formula:
            inputs = any(isinstance(node, t.Bound) or name_of(node, formula.names) for node in t.walk(clause))
            silent = np.all(np.isfinite(verdict.code)) and not np.all(np.isfinite(verdict.formula))
            # `a^2 + b^2 = c^2` of inputs that are all known need not be about the answer; `a^2 - b^2 = (a+b)(a-b)` is.
            given = any(isinstance(side, t.Number | t.Bound) or name_of(side, formula.names) for side in clause.sides)
            about_others = bool(finding.part) or (finding.kind == "holds" and given) or (formula.names and not inputs)
            return replace(verdict, doubtful=bool(about_others or silent))
    return verdict


def _read(binding: Binding, namespace: Mapping[str, Any], answer: Tensor) -> Any | Unread:
    """The value of a key of `reads` on a draw, or why it has none."""
    try:
        return binding.expression.value({**namespace, "answer": answer.data})
    except Exception as error:  # whatever an author's expression may raise
        return Unread(f"reads {binding.key}: {type(error).__name__}: {error}"[:200])


def _is_label_of_a_side(clauses: Sequence[t.Chain], node: t.Node) -> bool:
    lefts = (clause.sides[0] for clause in clauses if clause.relations)
    return any(is_label(left) and not isinstance(left, _OF_A_NAME) and node in set(t.walk(left)) for left in lefts)


def _counts(clauses: Sequence[t.Chain]) -> dict[str, Count]:
    r"""Symbols such as n that count what a sum runs over: what stands in its upper bound, or n where there is one sum.

    In `\sum_{k=0}^n` it is the number of the last value, one less than there are.
    """
    found: dict[str, Count] = {}
    plain: list[Count] = []
    for node in itertools.chain.from_iterable(map(t.walk, clauses)):
        match node:
            case t.Big("sum" | "prod", t.Chain((letter, t.Number(("0" | "1") as first))), t.Node() as above, body):
                terms = above.terms if isinstance(above, t.Sum) else (above,)
                symbols = [term for term in terms if isinstance(term, t.Symbol)]
                if t.is_letter(letter) and len(symbols) == 1:
                    less = int(first == "0" and len(terms) == 1)
                    found.setdefault(symbols[0].name, Count(letter.name, body, less))
            case t.Big("sum" | "prod", letter, None, body) if t.is_letter(letter):
                plain.append(Count(letter.name, body))
    return {name: plain[0] for name in ("n", "N") if plain} | found


def _summed(clauses: Sequence[t.Chain], findings: Sequence[Finding]) -> Verdict:
    """What the clauses together say."""
    for clause, finding in zip(clauses, findings, strict=True):
        if finding.kind != "contradicts":
            continue
        left, right = finding.formula, finding.code
        if left is None or right is None:
            return Verdict("not checked", Cause("sizes", f"the sizes do not fit: {spelled(clause)}"))
        if left.shape != right.shape:
            return Verdict("not checked", Cause("other shape", f"the sides of {spelled(clause)} have different shapes"))
        bounded = any(set(other.relations) - {"=", "←", "∝"} for other in clauses)
        return Verdict("differs", Cause(SIDES, f"the sides of {spelled(clause)} differ"), left, right, bounded=bounded)
    for kind in AGREES:
        if any(finding.kind == kind for finding in findings):
            return _agreeing(clauses, findings, kind)
    for finding in sorted(findings, key=lambda finding: finding.kind != "differs"):
        if finding.kind == "differs" or (finding.kind == "holds" and finding.formula is not None):
            return Verdict("differs", Cause("answer differs"), finding.formula, finding.code)
        if finding.kind == "holds":
            return Verdict("not checked", Cause("hollow", "the formula holds, but says nothing about the answer"))
        if finding.kind == "other" and finding.formula is not None and finding.code is not None:
            gives, code = finding.formula.shape, finding.code.shape
            cause = Cause("other shape", f"the formula gives an array of shape {gives}, the code one of {code}")
            return Verdict("not checked", cause)
    bare = any(finding.kind == "bare" for finding in findings)
    rest = NOTHING_EXECUTED if bare else Cause("words", "the formula has words alone")
    return Verdict("not checked", next((finding.cause for finding in findings if finding.kind == "unread"), rest))


def _agreeing(clauses: Sequence[t.Chain], findings: Sequence[Finding], kind: Class) -> Verdict:
    left: list[Cause] = []
    for number, (clause, finding) in enumerate(zip(clauses, findings, strict=True)):
        if finding.kind == "unread":
            message = f"{spelled(clause)} was not executed: {finding.cause.message}"
            left.append(replace(finding.cause, message=message))
        elif finding.kind in ("differs", "other", "bare") and (finding.renamed or not _is_definition(clauses, number)):
            left.append(Cause("another value", f"{spelled(clause)} is not the answer"))
        left += finding.part
    sides = {(k, side) for k, f in enumerate(findings) if f.kind == kind for side in f.sides or (0,)}
    executed = frozenset((k, side) for k, finding in enumerate(findings) for side in finding.executed)
    cause = left[0] if left else NO_CAUSE
    noise = max(finding.noise for finding in findings if finding.kind == kind)
    return Verdict("part" if left else kind, cause, sides=frozenset(sides), executed=executed, noise=noise)


def _is_definition(clauses: Sequence[t.Chain], number: int) -> bool:
    """Whether a clause says what a symbol in another clause is."""
    label = clauses[number].sides[0]
    base = label.base if isinstance(label, t.Indexed) else label
    return any(base in set(t.walk(clause)) for k, clause in enumerate(clauses) if k != number)

"""One clause of a formula on one draw: which sides were executed, whether they agree, and whether with the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from eigendeck.worker.formula.evaluate.scope import Axis, Scope, Undefined
from eigendeck.worker.formula.evaluate.tensors import Array, Tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.bindings import letters_of
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula.parser.tokens import Unread
from eigendeck.worker.formula.verdict.compare import close, laid_out, related
from eigendeck.worker.formula.verdict.sizes import is_about_sizes, sizes

Kind = Literal[
    "value", "relation", "sizes", "holds", "bare", "other", "differs", "contradicts", "unread", "remark"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What a clause said on one draw.

    kind: value (a side is the answer), relation (the answer satisfies it), sizes (its sizes are the answer), holds
    (true, but not about the answer), bare (gives a value without computing it), differs (gives a value that is not the
    answer), other (the same, of another shape), contradicts (its sides differ), unread (not executed), remark (words).
    sides: those that are the answer. formula, code: the values that differ. missing: symbols without a value.
    part: sides that were not executed and are more than a name. executed: the others that are no mere names.
    renamed: its left side is a name with another value.
    """

    kind: Kind
    sides: tuple[int, ...] = ()
    reason: str = ""
    formula: Array | None = None
    code: Array | None = None
    missing: tuple[t.Node, ...] = ()
    part: tuple[str, ...] = ()
    executed: tuple[int, ...] = ()
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class _Side:
    node: t.Node
    value: Tensor | None
    composite: bool
    met: bool = False  # it reads the answer
    label: bool = False
    reason: str = ""
    missing: t.Node | None = None


def judged(scope: Scope, clause: t.Chain) -> Finding:
    """Returns what a clause says of the answer. Where it has a ±, either sign will do."""
    if is_remark(clause):
        return Finding("remark")
    if is_about_sizes(clause):
        return _sizes(scope, clause)
    found = _judged(scope, clause)
    if found.kind in ("contradicts", "differs") and any(isinstance(n, t.Negative) and n.both for n in t.walk(clause)):
        with scope.inside(sign=-1):
            other = _judged(scope, clause)
        return other if other.kind not in ("contradicts", "differs") else found
    return found


def is_remark(clause: t.Chain) -> bool:
    r"""Whether a clause is words, such as `\text{where}`, or says how something is distributed, or lists names."""
    side = clause.sides[0]
    if clause.relations:
        return "∼" in clause.relations or any(_is_distribution(side) for side in clause.sides)
    if isinstance(side, t.Dots | t.Symbol | t.Indexed):
        return True
    first = side.factors[0] if isinstance(side, t.Product) else side
    return isinstance(first, t.Words)


def _is_distribution(side: t.Node) -> bool:
    return isinstance(side, t.Call) and isinstance(side.head, t.Symbol) and side.head.font == "cal"


def _sizes(scope: Scope, clause: t.Chain) -> Finding:
    try:
        agrees, found = sizes(scope, clause)
    except Undefined as undefined:
        return Finding("unread", reason=undefined.reason, missing=(undefined.node,))
    except Unread as unread:
        return Finding("unread", reason=unread.reason)
    if found is None:
        return Finding("contradicts", reason=spelled(clause))
    same, every = found.shape == scope.answer.data.shape, tuple(range(len(clause.sides)))
    kind: Kind = "sizes" if agrees else "holds"
    return Finding(kind, formula=found if same else None, code=scope.answer.data, executed=every)


def _judged(scope: Scope, clause: t.Chain) -> Finding:
    answer = scope.answer
    letters = tuple(name for name in label_letters(clause) if not (name in scope.names and _counts(clause, name)))
    if len(letters) > answer.rank:
        letters = ()  # they are part of a name, as in $\\bar{X}_n$
    declared = frozenset(letters) | scope.declared
    ranges = dict(zip(letters, answer.shape, strict=False))
    places = dict.fromkeys(letters, clause.sides)
    # `y_i = x_i + x_{i+1}` is for as many i as there are answers: one fewer than there are x
    shifted = {
        name: Axis(np.arange(1.0, n + 1), np.arange(n)) for name, n in ranges.items() if _is_shifted(clause, name)
    }
    with scope.inside(axes=shifted, declared=declared, sizes=ranges, places={**scope.places, **places}):
        sides = [_side(scope, node) for node in clause.sides]
    executed = tuple(number for number, side in enumerate(sides) if side.value is not None)
    try:
        return replace(_compared(scope, clause, sides, letters), executed=executed)
    except Unread as unread:
        return Finding("unread", reason=unread.reason)


def _counts(clause: t.Chain, letter: str) -> bool:
    r"""Whether a letter stands outside subscripts, as the k of `A_k = \sum_{i=1}^k …` does."""
    symbol = t.Symbol(letter)

    def stands(node: t.Node) -> bool:
        if isinstance(node, t.Indexed):
            return stands(node.base)
        return node == symbol or any(map(stands, t.children(node)))

    return any(map(stands, clause.sides[1:]))


def _is_shifted(clause: t.Chain, letter: str) -> bool:
    """Whether a letter stands in a subscript with a number added."""
    subscripts = (i for node in t.walk(clause) if isinstance(node, t.Indexed) for i in node.indices)
    return any(isinstance(index, t.Sum) and t.Symbol(letter) in index.terms for index in subscripts)


def label_letters(clause: t.Chain) -> tuple[str, ...]:
    """The index letters of the left side, in the order in which they number the axes of the answer."""
    if not clause.relations:
        return ()
    left = clause.sides[0]
    bound: set[str] = set()
    for node in t.walk(left):
        if isinstance(node, t.Big):
            bound |= set(letters_of(t.Chain((node,), ())))
            if node.below is not None:
                bound |= {part.name for part in t.walk(node.below) if isinstance(part, t.Symbol)}
    return tuple(letter for letter in letters_of(left) if letter not in bound)


def _side(scope: Scope, node: t.Node) -> _Side:
    scope.met = False
    try:
        value = scope.value(node)
    except Undefined as undefined:
        label = is_label(node, undefined.node)
        return _Side(node, None, False, label=label, reason=undefined.reason, missing=undefined.node)
    except Unread as unread:
        return _Side(node, None, False, reason=unread.reason)
    return _Side(node, value, is_composite(node), scope.met)


def is_label(node: t.Node, missing: t.Node | None = None) -> bool:
    """Whether a side only names something: a symbol, a symbol of something, or a power or a logarithm of one."""
    match node:
        case t.Symbol() | t.Words() | t.Accented() | t.Call() | t.Derivative() | t.Gradient() | t.Event() | t.Given():
            return True
        case t.Indexed(base) | t.Marked(base) | t.Primed(base) | t.Power(base, t.Number()):
            return is_label(base)
        case t.Function(_, arguments):
            return all(is_label(argument) for argument in arguments)
        case t.Norm(body) | t.Absolute(body):
            return is_label(body)
        case t.Product(factors):  # `\operatorname{proj}_{\mathbf{u}} \mathbf{x}`, and a chain of derivatives
            head = factors[0].base if isinstance(factors[0], t.Indexed) else factors[0]
            word = isinstance(head, t.Symbol) and len(head.name) > 1 and not head.name.startswith("\\")
            return (word and missing in (head, factors[0])) or all(isinstance(part, t.Derivative) for part in factors)
    return False


def is_name(node: t.Node) -> bool:
    """Whether a side is a symbol, with its accents and subscripts."""
    while isinstance(node, t.Indexed | t.Marked | t.Accented | t.Primed):
        node = node.base
    return isinstance(node, t.Symbol | t.Words)


def is_composite(node: t.Node) -> bool:
    """Whether executing a node does more than looking a value up."""
    if isinstance(node, t.Indexed):
        return is_composite(node.base)
    if isinstance(node, t.Negative):
        return is_composite(node.body)
    plain = t.Number | t.Symbol | t.Words | t.Accented | t.Marked | t.Bound | t.Tuple | t.Primed
    return not isinstance(node, plain)


def _compared(scope: Scope, clause: t.Chain, sides: Sequence[_Side], letters: Sequence[str]) -> Finding:
    answer, coarse = scope.answer, scope.coarse
    done = [number for number, side in enumerate(sides) if side.value is not None]
    missing = tuple(side.missing for side in sides if side.missing is not None)
    part = tuple(side.reason for side in sides if side.value is None and not side.label)
    if not done:
        return Finding("unread", reason=sides[-1].reason, missing=missing)
    if clause.relations == ("∝",) and sides[0].label and sides[1].value and sides[1].composite:
        return _proportional(answer.data, laid_out(sides[1].value, letters, answer.shape), part)
    order = [] if not any(side.value and side.value.letters for side in sides) else list(letters)
    matches, arrays = [], {}
    for number in done:
        value = sides[number].value
        assert value is not None
        if value.special and len(answer.shape) != (2 if value.special == "identity" else 1):
            continue
        arrays[number] = laid_out(value, order, answer.shape)
        if close(arrays[number], answer.data, coarse):
            matches.append(number)
    redefined = _is_redefinition(clause, sides, matches)
    if redefined:
        done = done[1:]
        if clause.relations[0] == "=" and _occurs(clause.sides[0], clause.sides[1:]):
            part = (*part, f"{spelled(clause.sides[0])} on the left has another value than on the right")
    for left, right in pairwise(done):
        relation = _between(clause.relations, left, right)
        one, other = sides[left].value, sides[right].value
        assert one is not None
        assert other is not None
        if relation and not related(one, relation, other, coarse):
            if left == 0 and is_name(sides[0].node) and relation in ("=", "←") and sides[right].composite:
                # `y = …` with a y that may not be this one
                return replace(_differing(answer.data, arrays[right], part), renamed=True)
            told = arrays.get(left), arrays.get(right)
            return Finding("contradicts", reason=spelled(clause), formula=told[0], code=told[1], part=part)
    composite = any(sides[number].composite for number in done)
    labelled = redefined or any(side.label for side in sides)
    if matches and any(sides[number].composite and not sides[number].met for number in done):
        return Finding("value", sides=tuple(matches), part=part)
    if composite and len(done) > 1 and any(sides[number].met for number in done):
        return Finding("relation", part=part)
    best = next((number for number in done if sides[number].composite), None)
    if best is None and not part and (len(done) > 1 or (matches and labelled)):
        return Finding("holds")
    if best is None and not part and labelled:
        return Finding("bare")
    if best is None:
        return Finding("unread", reason=part[0] if part else "nothing in it was executed", missing=missing)
    if len(done) == 1 and (not clause.relations or labelled):
        return _differing(answer.data, arrays[best], part)
    if part:
        return Finding("unread", reason=part[0], missing=missing)
    shown = arrays.get(best)
    same = shown is not None and shown.shape == answer.data.shape
    return Finding("holds", formula=shown if same else None, code=answer.data, reason=spelled(clause))


def _differing(answer: Array, found: Array, part: tuple[str, ...]) -> Finding:
    kind: Kind = "differs" if found.shape == answer.shape else "other"
    return Finding(kind, formula=found, code=answer, part=part)


def _proportional(answer: Array, found: Array, part: tuple[str, ...]) -> Finding:
    if found.shape == answer.shape and related(Tensor(answer), "∝", Tensor(found), False):
        return Finding("relation", part=part)
    return _differing(answer, found, part)


def _between(relations: Sequence[str], left: int, right: int) -> str:
    """The relation between two sides, over sides in between that were not executed; nothing where there is none."""
    steps = set(relations[left:right])
    if len(steps) == 1:
        return relations[left]
    return "=" if steps <= {"=", "←"} else ""


def _is_redefinition(clause: t.Chain, sides: Sequence[_Side], matches: Sequence[int]) -> bool:
    """Whether the left side is a new meaning of a name that the card uses otherwise: `w ← w - η g`."""
    if not clause.relations or sides[0].value is None or 0 in matches or not is_name(sides[0].node):
        return False
    if clause.relations[0] == "←":
        return True
    return clause.relations[0] == "=" and 1 in matches and sides[1].composite


def _occurs(label: t.Node, sides: Sequence[t.Node]) -> bool:
    """Whether the name on the left stands on the right too, bold or not."""
    while isinstance(label, t.Indexed):
        label = label.base
    if isinstance(label, t.Symbol):
        return any(isinstance(node, t.Symbol) and node.name == label.name for side in sides for node in t.walk(side))
    return any(label in set(t.walk(side)) for side in sides)

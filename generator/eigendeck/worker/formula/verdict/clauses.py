"""One clause of a formula on one draw: its sides are executed, and what they say of the answer is decided."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from eigendeck.worker.formula.evaluate.context import Axis, Context, number
from eigendeck.worker.formula.evaluate.tensors import Array, Tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import NotExecuted, Undefined, Unread
from eigendeck.worker.formula.parser.labels import index_letters, is_composite, is_label, is_remark, symbols_of
from eigendeck.worker.formula.parser.naming import name_of
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula.verdict.cases import Finding, Kind, Side, decided

_NAMING = (("=",), ("←",), ("≈",))  # relations that give a name to what follows


def judged(context: Context, answer: Tensor, clause: t.Chain) -> Finding:
    """Returns what a clause says of the answer. Where it has a ±, either sign will do."""
    if is_remark(clause):
        return Finding("remark")
    if _is_about_sizes(clause):
        return _sizes(context, answer, clause)
    finding = _judged(context, answer, clause)
    if finding.kind in ("contradicts", "differs") and _has_both_signs(clause):
        other = _judged(context._replace(sign=-1), answer, clause)
        return other if other.kind not in ("contradicts", "differs") else finding
    return finding


def _judged(context: Context, answer: Tensor, clause: t.Chain) -> Finding:
    letters = index_letters(clause, context.known.names, answer.rank)
    ranges = dict(zip(letters, answer.shape, strict=False))
    # `y_i = x_i + x_{i+1}` is for as many i as there are answers: one fewer than there are x
    added = _added_in_subscripts(clause)
    shifted = {name: Axis(np.arange(1.0, n + 1), np.arange(n)) for name, n in ranges.items() if t.Symbol(name) in added}
    axes, places = {**shifted, **context.axes}, {**context.places, **dict.fromkeys(letters, clause.sides)}
    inner = context._replace(axes=axes, sizes=ranges, places=places)
    sides = [_side(inner, node) for node in clause.sides]
    if clause.relations[:1] in _NAMING and _is_free(inner, clause.sides[0]):  # `I = U/R`, `n = \sum_i n_i`
        sides[0] = Side(clause.sides[0], label=True, cause=Undefined(clause.sides[0]).cause, missing=clause.sides[:1])
    try:
        finding = decided(clause, sides, answer, letters)
    except Unread as unread:
        return Finding("unread", unread.cause)
    return replace(finding, executed=tuple(number for number, side in enumerate(sides) if side.value is not None))


@t.of_tree
def _has_both_signs(clause: t.Chain) -> bool:
    return any(isinstance(node, t.Negative) and node.both for node in t.walk(clause))


@t.of_tree
def _added_in_subscripts(clause: t.Chain) -> frozenset[t.Node]:
    return frozenset(term for index in t.subscripts(clause) if isinstance(index, t.Sum) for term in index.terms)


def _side(context: Context, node: t.Node) -> Side:
    """The side executed: without the answer first, so that what needs it is told from what gives it."""
    composite = is_composite(node)
    try:
        if context.known.reads_answer:
            with suppress(Unread):
                return Side(node, context._replace(withheld=True).value(node), False, composite)
        return Side(node, context.value(node), context.known.reads_answer, composite)
    except Unread as unread:
        names = isinstance(unread, Undefined) and (is_label(node, *unread.missing) or _names_alone(context, node))
        return Side(node, label=names, cause=unread.cause, missing=unread.missing)


def _is_free(context: Context, node: t.Node) -> bool:
    """Whether a symbol has no meaning on the card itself, though it may be a constant, or the number of entries."""
    if not isinstance(node, t.Symbol) or node.name.isdigit() or context.is_index(node):
        return False
    known = context.known
    return not name_of(node, known.names) and node not in known.tried and context.defined(node) is None


def _names_alone(context: Context, node: t.Node) -> bool:
    r"""Whether nothing in a node has a value, as in `x_1 + x_2` or `\ln\frac{K_2}{K_1}`: it only names the result."""
    if context.known.bindings:  # then `reads` says what symbols are: one that it does not say is a misprint
        return False
    symbols = list(symbols_of(node))
    return bool(symbols) and not any(map(context.has_value, symbols))


# ---- sizes: `W \in \mathbb{R}^{m\times n}`, `(m\times k)(k\times n)\to(m\times n)`


@t.of_tree
def _is_about_sizes(clause: t.Chain) -> bool:
    """Whether a clause speaks of sizes alone."""
    if not clause.relations:
        return False
    if clause.relations == ("∈",):
        return _space(clause.sides[1]) is not None
    if "→" in clause.relations or set(clause.relations) == {"="}:
        return all(_shapes(side) for side in clause.sides)
    return False


def _sizes(context: Context, answer: Tensor, clause: t.Chain) -> Finding:
    """Returns what a clause about sizes says of the answer."""
    try:
        found = _membership(context, clause) if clause.relations == ("∈",) else _arrows(context, clause)
    except Unread as unread:
        return Finding("unread", unread.cause, missing=unread.missing)
    if found is None:
        return Finding("contradicts")
    same, every = found.shape == answer.data.shape, tuple(range(len(clause.sides)))
    kind: Kind = "sizes" if same and np.all(answer.data == found) else "holds"
    return Finding(kind, formula=found if same else None, code=answer.data, executed=every)


def _space(node: t.Node) -> tuple[t.Node, ...] | None:
    r"""The dimensions of `\mathbb{R}^{m\times n}`."""
    match node:
        case t.Power(t.Symbol("R" | "C" | "Z" | "N", "bb"), exponent):
            if isinstance(exponent, t.Product):
                return exponent.factors if set(exponent.between) == {"times"} else None
            return exponent.items if isinstance(exponent, t.Tuple) else (exponent,)
    return None


def _membership(context: Context, clause: t.Chain) -> Array | None:
    dimensions = _space(clause.sides[1])
    assert dimensions
    value = context.value(clause.sides[0])
    if value.special or value.letters or value.row:
        raise NotExecuted(clause)
    if len(value.shape) != len(dimensions):
        return None
    seen: dict[t.Node, int] = {}
    for node, size in zip(dimensions, value.shape, strict=True):
        try:
            wanted = number(context, node, "a size")
        except Undefined:
            wanted = float(seen.setdefault(node, size))
        if wanted != size:
            return None
    return np.array(value.shape, dtype=float)


def _shapes(side: t.Node) -> list[tuple[t.Node, ...]]:
    """The shapes that stand side by side, nothing where it is anything else."""
    factors: Sequence[t.Node] = side.factors if isinstance(side, t.Product) and not any(side.between) else (side,)
    found = [factor.items for factor in factors if isinstance(factor, t.Tuple) and factor.brackets in ("××", "()")]
    return found if len(found) == len(factors) and (len(found) > 1 or len(found[0]) > 1) else []


def _arrows(context: Context, clause: t.Chain) -> Array | None:
    """The last shape, where each side follows from the one before: inner sizes cancel, outer ones stay."""
    before: tuple[t.Node, ...] | None = None
    multiplied = False
    for side, relation in zip(clause.sides, ("", *clause.relations), strict=True):
        shapes = _shapes(side)
        multiplied = multiplied or len(shapes) > 1
        shape = _multiplied(shapes)
        if shape is None or (before is not None and multiplied and relation and shape != before):
            return None
        before = shape
    assert before
    if not multiplied:
        raise Unread(f"{spelled(clause)} multiplies nothing")
    return np.array([number(context, node, "a size") for node in before])


def _multiplied(shapes: Sequence[tuple[t.Node, ...]]) -> tuple[t.Node, ...] | None:
    found, *others = shapes
    for other in others:
        if len(found) < 2 or len(found) != len(other) or found[-1] != other[-2] or found[:-2] != other[:-2]:
            return None
        found = (*found[:-1], other[-1])
    return found

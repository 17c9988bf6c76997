r"""Clauses about sizes: `W \in \mathbb{R}^{m\times n}`, `(m\times k)(k\times n)\to(m\times n)`."""

from collections.abc import Sequence

import numpy as np

from eigendeck.worker.formula.evaluate.context import Context, number
from eigendeck.worker.formula.evaluate.tensors import Array, Tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import NotExecuted, Undefined, Unread
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula.verdict.cases import Finding, Kind


@t.of_tree
def is_about_sizes(clause: t.Chain) -> bool:
    """Whether a clause speaks of sizes alone."""
    if not clause.relations:
        return False
    if clause.relations == ("∈",):
        return _space(clause.sides[1]) is not None
    if "→" in clause.relations or set(clause.relations) == {"="}:
        return all(_shapes(side) for side in clause.sides)
    return False


def sizes(context: Context, answer: Tensor, clause: t.Chain) -> Finding:
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

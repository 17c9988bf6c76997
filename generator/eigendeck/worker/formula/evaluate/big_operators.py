"""Signs that bind a letter: sums, products, the largest and the smallest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from eigendeck.worker.formula.evaluate import calculus
from eigendeck.worker.formula.evaluate.conditions import holds
from eigendeck.worker.formula.evaluate.context import Axis, Context, number
from eigendeck.worker.formula.evaluate.tensors import NOISE, Array, Tensor, each, full
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Undefined, Unread, bound_by_sign, unknown_range
from eigendeck.worker.formula.parser.labels import is_search
from eigendeck.worker.formula.parser.naming import is_name
from eigendeck.worker.formula.parser.printer import spelled

MOST = 100_000  # values of a letter with written bounds
_REDUCE: dict[str, Callable[..., Any]] = {"sum": np.sum, "prod": np.prod, "max": np.max, "min": np.min}
_NEUTRAL = {"sum": 0.0, "prod": 1.0, "max": -np.inf, "min": np.inf}


@dataclass(slots=True)
class _Bounds:
    """What stands below a sign: its letters, those with written values, and the conditions on them."""

    letters: list[str] = field(default_factory=list)
    axes: dict[str, Axis] = field(default_factory=dict)
    conditions: list[t.Node] = field(default_factory=list)


def big(context: Context, node: t.Big) -> Tensor:
    """The value of a sign with all that it reaches."""
    if node.operator == "int":
        return calculus.integral(context, node)
    if node.operator == "lim":
        return calculus.limit(context, node)
    if is_search(node):
        return calculus.search(context, node)
    if node.below is None:
        raise Unread(f"\\{node.operator} has no letter below")
    bounds = _bounds(context, node)
    if twice := [letter for letter in bounds.letters if letter in context.axes]:
        raise Unread(f"{twice[0]} is bound twice")
    _refuse_open_products(node, bounds)
    axes = {name: axis for name, axis in context.axes.items() if name not in bounds.letters}
    places = {**context.places, **dict.fromkeys(bounds.letters, (node.body,))}
    inner = context._replace(axes=axes | bounds.axes, places=places)
    body = inner.value(node.body)
    mask: Tensor | None = None
    for condition in bounds.conditions:
        missing = {name: inner.axis(name) for name in _letters(condition) if name in bounds.letters}
        where = holds(inner._replace(axes={**inner.axes, **missing}), condition)
        mask = where if mask is None else each(np.multiply, mask, where)
    return _reduced(node, bounds, body, mask)


def _letters(node: t.Node) -> Iterator[str]:
    return (part.name for part in t.walk(node) if t.is_letter(part))


def _bounds(context: Context, node: t.Big) -> _Bounds:
    found = _Bounds()
    assert node.below
    items = node.below.items if isinstance(node.below, t.Tuple) and node.below.brackets == "{}" else (node.below,)
    for item in items:
        parts = item.factors if isinstance(item, t.Product) and not any(item.between) else (item,)
        if all(t.is_letter(part) for part in parts):
            found.letters += [part.name for part in parts if t.is_letter(part)]
        elif isinstance(item, t.Chain):
            _condition(context, item, node, found)
        elif any(isinstance(part, t.Bound) for part in parts):
            raise bound_by_sign(item)
        else:
            raise Unread(f"{spelled(item)} below a sign is not executed")
    if node.above is not None and len(items) == 1 and isinstance(items[0], t.Symbol):
        found.axes[items[0].name] = _run(context, 1.0, node, items[0].name)
    if not found.letters:
        raise Unread(f"{spelled(node.below)} names no letter")
    return found


def _condition(context: Context, item: t.Chain, node: t.Big, found: _Bounds) -> None:
    first, relation = item.sides[0], item.relations[0]
    if relation in ("=", "∈") and t.is_letter(first) and len(item.sides) == 2:
        if relation == "∈":
            axis = _set(context, item.sides[1])
        elif node.above is None:
            raise Unread(f"{spelled(item)} without an upper bound")
        else:
            axis = _run(context, number(context, item.sides[1], "the lower bound"), node, first.name)
        found.letters.append(first.name)
        found.axes[first.name] = axis
    elif set(item.relations) <= {"<", ">", "≤", "≥", "≠"}:
        # A letter is the sign's own where it indexes something after it and nothing outside it.
        fresh = [name for name in _letters(item) if not context.is_index(t.Symbol(name)) and _indexes(node, name)]
        if not fresh:
            raise Unread(f"{spelled(item)} names no letter")
        found.letters += [name for name in dict.fromkeys(fresh) if name not in found.letters]
        found.conditions.append(item)
    else:
        raise Unread(f"{spelled(item)} below a sign is not executed")


def _indexes(node: t.Big, letter: str) -> bool:
    """Whether a letter stands alone in a subscript of what a sign reaches."""
    parts = (part for part in t.walk(node.body) if isinstance(part, t.Indexed | t.Bound))
    return any(t.Symbol(letter) in part.indices for part in parts)


def _run(context: Context, lower: float, node: t.Big, letter: str) -> Axis:
    """The values from the lower to the upper bound; an upper bound without a value is where the arrays end."""
    assert node.above
    try:
        upper = number(context, node.above, "the upper bound")
    except Undefined:
        size = context._replace(places={**context.places, letter: (node.body,)}).size(letter)
        if size is None or not is_name(node.above):
            raise
        upper = float(size)
    if not (lower.is_integer() and np.isfinite(upper) and float(upper).is_integer()) or upper - lower > MOST:
        raise Unread(f"the bounds {lower:g} and {upper:g}")
    values = np.arange(lower, upper + 1)
    return Axis(values, (values if lower == 0 and _indexes(node, letter) else values - 1).astype(int))


def _set(context: Context, node: t.Node) -> Axis:
    """The elements of a set: positions as the card's own index arrays have them."""
    found = context.value(node)
    if found.rank != 1 or found.letters or not np.all(found.data == np.round(found.data)):
        raise Unread(f"{spelled(node)} is no set of indices")
    return Axis(np.full(found.shape, np.nan), found.data.astype(int))


def _refuse_open_products(node: t.Big, bounds: _Bounds) -> None:
    r"""`\prod_i x_i c`: whether c is multiplied once or for each i is not clear."""
    factors = node.body.factors if isinstance(node.body, t.Product) and node.operator != "sum" else ()
    if any({*bounds.letters}.isdisjoint(_letters(factor)) for factor in factors[1:]):
        raise Unread(f"how far \\{node.operator} reaches is not clear: put brackets around it")


def _reduced(node: t.Big, bounds: _Bounds, body: Tensor, mask: Tensor | None) -> Tensor:
    if body.special:
        raise Unread("a sum of what has no size")
    if body.rank and node.operator != "sum":
        raise Unread(f"\\{node.operator} of arrays")
    if mask is not None or not {*bounds.letters} <= {*body.letters}:
        body = _widened(bounds, body, mask, _NEUTRAL.get(node.operator))
    for letter in bounds.letters:
        axis, letters = body.letters.index(letter), tuple(other for other in body.letters if other != letter)
        if body.data.shape[axis] == 0 and node.operator not in ("sum", "prod"):
            raise Unread(f"\\{node.operator} of nothing")
        if node.operator in ("argmax", "argmin"):
            if len(bounds.letters) > 1 or mask is not None:
                raise Unread(f"\\{node.operator} with conditions")
            best = body.data.argmax(axis) if node.operator == "argmax" else body.data.argmin(axis)
            known = bounds.axes.get(letter)
            place = np.asarray(known.positions[best] if known else best, dtype=float)
            return body._replace(data=place, letters=letters, noise=0.0)
        noise = body.noise if node.operator != "sum" else body.noise * body.data.shape[axis] + NOISE * body.largest
        data = np.asarray(_REDUCE[node.operator](body.data, axis=axis))
        body = body._replace(data=data, letters=letters, noise=noise)
    return body


def _widened(bounds: _Bounds, body: Tensor, mask: Tensor | None, neutral: float | None) -> Tensor:
    """The body for each value of all letters, and what changes nothing where the conditions do not hold."""
    sizes = {name: size for each in (body, mask) if each for name, size in zip(each.letters, each.lead, strict=True)}
    for letter in [letter for letter in bounds.letters if letter not in sizes]:
        if letter not in bounds.axes:
            raise unknown_range(letter)
        sizes[letter] = len(bounds.axes[letter].values)
    if np.prod([float(size) for size in sizes.values()]) > 10 * MOST:
        raise Unread("too many values of the index letters")
    letters = tuple(sizes)
    data: Array = full(body, letters, sizes)
    if mask is not None:
        if neutral is None:
            raise Unread("a condition below a search")
        where = full(mask, letters, sizes).reshape([*sizes.values(), *(1 for _ in body.shape)])
        data = np.where(where != 0, data, neutral)
    return body._replace(data=data, letters=letters)

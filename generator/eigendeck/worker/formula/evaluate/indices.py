"""What subscripts choose of an array."""

from collections.abc import Sequence

import numpy as np

from eigendeck.worker.formula.evaluate.context import Context, as_tensor
from eigendeck.worker.formula.evaluate.tensors import Array, Tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Undefined, Unread, out_of_range, range_clash
from eigendeck.worker.formula.parser.printer import spelled


def chosen(context: Context, value: Tensor, node: t.Indexed | t.Bound) -> Tensor:
    """Returns what the indices of a node choose of a value: letters become named axes, numbers count from 1.

    An index whose value is data, such as the class y_i, is a position as NumPy counts it, from 0.
    Raises Unread where there are more indices than axes, or an index is out of range.
    """
    indices = _split(value, node.indices)
    if len(indices) > value.rank:
        raise Unread(f"{spelled(node)}: {value.rank or 'no'} axes, {len(indices)} subscripts")
    lead = len(value.letters)
    places: list[tuple[Array, tuple[str, ...]] | None] = [
        (np.arange(size), (letter,)) for size, letter in zip(value.lead, value.letters, strict=True)
    ]
    for axis, index in enumerate(indices):
        places.append(None if isinstance(index, t.All) else _places(context, index, value.shape[axis], node))
    places += [None] * (value.data.ndim - len(places))
    sizes: dict[str, int] = {}
    for place in places:
        for letter, size in zip(place[1], place[0].shape, strict=True) if place else ():
            if sizes.setdefault(letter, size) != size:
                raise range_clash(letter, sizes[letter], size)
    taken = [axis for axis, place in enumerate(places) if place is not None]
    kept = [axis for axis, place in enumerate(places) if place is None]
    data = value.data.transpose(taken + kept)
    choice = []
    for positions, letters in filter(None, places):
        order = [letters.index(letter) for letter in sizes if letter in letters]
        choice.append(positions.transpose(order).reshape([sizes[name] if name in letters else 1 for name in sizes]))
    found = data[tuple(choice)] if choice else data
    return Tensor(np.asarray(found), tuple(sizes), row=value.row and not lead and not choice, noise=value.noise)


def _split(value: Tensor, indices: Sequence[t.Node]) -> list[t.Node]:
    """`a_{12}` of a matrix is row 1, column 2; of a vector it is its entry 12."""
    match indices:
        case [t.Number(text)] if value.rank > 1 and len(text) == value.rank and text.isdigit():
            return [t.Number(digit) for digit in text]
        case [t.Product(factors, between)] if value.rank > 1 and len(factors) == value.rank and not any(between):
            return list(factors)
    return list(indices)


def _places(context: Context, index: t.Node, size: int, node: t.Node) -> tuple[Array, tuple[str, ...]]:
    """The positions that an index chooses, and the letters that they depend on."""
    found: Tensor | None = None
    if isinstance(index, t.Symbol) and not index.font:
        if index.name in context.axes:
            return _within(context.axes[index.name].positions, size, node), (index.name,)
        data = context.raw(index)
        if data is None or context.is_index(index):
            if t.is_letter(index) and index not in context.variables and context.defined(index) is None:
                return np.arange(size), (index.name,)
        elif index not in context.variables:
            found = as_tensor(data, index)
    if isinstance(index, t.Bound | t.Indexed | t.Accented):
        found = context.value(index)
    if found:
        if found.rank:
            raise Unread(f"{spelled(node)}: {spelled(index)} is an array")
        return _within(found.data, size, node), found.letters
    if isinstance(index, t.Words | t.Chain | t.Tuple):
        raise Undefined(node)
    parts = t.walk_executed(index)
    letters = dict.fromkeys(part.name for part in parts if t.is_letter(part))  # a set has another order each run
    axes = {letter: context.axis(letter) for letter in letters}
    # What `reads` says of a letter is a position as NumPy counts it, from 0; plain numbers count from 1.
    told = any(isinstance(part, t.Bound) for part in parts)
    first = {0 if np.array_equal(axis.values, axis.positions) else 1 for axis in axes.values()} or {0 if told else 1}
    if len(first) > 1:
        raise Unread(f"{spelled(node)}: one letter counts from 0 and another from 1")
    found = context._replace(axes={**context.axes, **axes}).value(index)
    if found.rank:
        raise Unread(f"{spelled(node)}: the subscript is no number")
    return _within(found.data - first.pop(), size, node), found.letters


def _within(positions: Array, size: int, node: t.Node) -> Array:
    whole = np.asarray(positions)
    if whole.dtype.kind == "c" or not np.all(whole == np.round(whole)):
        raise Unread(f"{spelled(node)}: a subscript that is not whole")
    whole = whole.astype(int)
    if np.any(whole < 0) or np.any(whole >= size):
        raise out_of_range(node, size)
    return whole

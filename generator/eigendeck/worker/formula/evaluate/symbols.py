"""What symbols stand for: inputs of the card, constants, and entries of arrays."""

import math

import numpy as np

from eigendeck.worker.formula.evaluate.context import SAMPLE, Context, as_tensor
from eigendeck.worker.formula.evaluate.indices import chosen
from eigendeck.worker.formula.evaluate.tensors import NOISE, Tensor, tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Undefined, Unread
from eigendeck.worker.formula.parser.naming import name_of

SPECIAL = {"1": "ones", "0": "zeros"}
_IMAGINARY = (t.Symbol("i"), t.Symbol("j"))


def symbol(context: Context, node: t.Symbol | t.Words) -> Tensor:
    if isinstance(node, t.Symbol) and t.is_letter(node) and node.name in context.axes:
        return Tensor(context.axes[node.name].values, (node.name,))
    name = name_of(node, context.known.names)
    if name and not context.is_index(node):
        return _sampled(context, node, as_tensor(context.known.namespace.get(name), node))
    if (found := context.defined(node)) is not None or (found := _constant(node)) is not None:
        return found
    if node == t.Symbol("\\%"):
        return tensor(float(context.known.conventions.get("percent", "1")))
    if context.known.imaginary and node in _IMAGINARY and not context.is_index(node):
        return tensor(1j)
    if isinstance(node, t.Symbol) and not node.font:
        if context.is_index(node):
            return Tensor(context.axis(node.name).values, (node.name,))
        if node.name in context.known.counts and node not in context.resolving:
            count = context.known.counts[node.name]
            resolving = (*context.resolving, node)  # it is not counted by itself
            inner = context._replace(
                places={**context.places, count.letter: (count.place,)}, axes={}, resolving=resolving
            )
            if (size := inner.size(count.letter)) is not None:
                return tensor(size - count.less)
    raise Undefined(node)


def _sampled(context: Context, node: t.Node, found: Tensor) -> Tensor:
    """Data whose mean or variance is taken: its entries are values of one random variable."""
    if context.sampling and found.rank == 1 and isinstance(node, t.Symbol) and not node.font:
        return Tensor(found.data, (SAMPLE,))
    return found


def _constant(node: t.Node) -> Tensor | None:
    if not isinstance(node, t.Symbol):
        return None
    if node.font in ("bold", "bb") and node.name in SPECIAL:
        return Tensor(np.array(1.0), special=SPECIAL[node.name])
    if node.name == "I" and node.font in ("", "bold"):
        return Tensor(np.array(1.0), special="identity")
    if node.font:
        return None
    constant = {"\\pi": math.pi, "e": math.e, "\\infty": math.inf}.get(node.name)
    return None if constant is None else tensor(constant)


def _decorated(context: Context, node: t.Accented | t.Marked) -> Tensor | None:
    """What stands for a symbol with an accent or a mark as a whole: an input of that name, or a definition."""
    name = name_of(node, context.known.names)
    return as_tensor(context.known.namespace.get(name), node) if name else context.defined(node)


def accented(context: Context, node: t.Accented) -> Tensor:
    """The value of a symbol with an accent; a bar over data is their mean."""
    if (found := _decorated(context, node)) is not None:
        return found
    if node.accent == "bar":
        return _mean(context, node)
    if node.accent == "vec":
        return context.value(node.base)
    raise Undefined(node)


def _mean(context: Context, node: t.Accented) -> Tensor:
    for number, binding in enumerate(context.known.bindings):
        pattern = binding.pattern
        if isinstance(pattern, t.Indexed) and pattern.base == node.base and len(binding.letters) == 1:
            data = as_tensor(context.bound(number), node).data
            if data.ndim:
                return Tensor(data.mean(axis=0), noise=NOISE * float(np.abs(data).max(initial=0)))
    try:
        base = context._replace(sampling=False).value(node.base)
    except Unread:
        raise Undefined(node) from None
    if base.rank == 1 and not base.letters and not base.special:
        return Tensor(np.asarray(base.data.mean()), noise=NOISE * base.largest)
    raise Undefined(node)


def bound(context: Context, node: t.Bound) -> Tensor:
    """The value that `reads` gives, each letter of its key an axis."""
    found = as_tensor(context.bound(node.key), node)
    letters = context.known.bindings[node.key].letters
    if found.rank < len(letters):  # its letters are part of the name: `d_k`
        if all(index == t.Symbol(letter) for index, letter in zip(node.indices, letters, strict=True)):
            return found
        raise Undefined(node)
    if not letters and found.rank == 1 and (grid := _grid(context, node, found)):
        return Tensor(found.data, (grid,))
    if not letters:
        return _sampled(context, node.stood, found)
    return chosen(context, found, node)


def _grid(context: Context, node: t.Bound, found: Tensor) -> str:
    """The variable of a search that a value runs along, as L(θ) does."""
    for variable, grid in context.variables.items():
        if grid.letters and grid.lead == found.data.shape and variable in set(t.walk(node.stood)):
            return grid.letters[0]
    return ""


def indexed(context: Context, node: t.Indexed) -> Tensor:
    """An entry, or a row or column, or all of them, one for each value of a letter."""
    name = name_of(node, context.known.names)
    if name and not any(map(context.is_index, node.indices)):
        return as_tensor(context.known.namespace.get(name), node)
    if (found := context.defined(node)) is not None:
        return found
    try:
        value = context._replace(sampling=False).value(node.base)
    except Undefined:
        raise Undefined(node.base if any(map(context.is_index, node.indices)) else node) from None
    if value.special:
        return value  # of `I_n` the context decides the size
    if not value.rank:
        raise Undefined(node)  # a number has no entries: with its subscript it is another symbol
    return chosen(context, value, node)


def marked(context: Context, node: t.Marked) -> Tensor:
    """A symbol with a mark, as a name: w^* is w_star."""
    if (found := _decorated(context, node)) is not None:
        return found
    mark = node.mark.text if isinstance(node.mark, t.Words) else ""
    if mark == "°" and isinstance(node.base, t.Number):
        degree = math.radians(1) if context.known.conventions.get("degrees") == "radians" else 1.0
        return tensor(degree * float(node.base.text))
    if mark in ("+", "†", "-"):
        try:
            base = context.value(node.base)
        except Undefined:
            raise Undefined(node) from None
        if base.rank == 2 and not base.special and mark != "-":
            return base._replace(data=np.linalg.pinv(base.data))
        if base.rank == 0 and not base.special and mark != "†":
            return base  # of an ion: `\mathrm{H}^+`
    raise Undefined(node)

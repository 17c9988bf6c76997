"""What symbols stand for: inputs of the card, constants, and entries of arrays."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from eigendeck.worker.formula.evaluate.indices import chosen
from eigendeck.worker.formula.evaluate.scope import SAMPLE, Scope, as_tensor
from eigendeck.worker.formula.evaluate.tensors import Tensor, tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Undefined, Unread
from eigendeck.worker.formula.parser.naming import name_of
from eigendeck.worker.formula.parser.printer import spelled

SPECIAL = {"1": "ones", "0": "zeros"}


def symbol(scope: Scope, node: t.Symbol | t.Words) -> Tensor:
    """The value of a symbol."""
    if node in scope.variables:
        return scope.variables[node]
    if node in scope.known:
        scope.met = True
        return scope.known[node]
    if isinstance(node, t.Symbol) and t.is_letter(node) and node.name in scope.axes:
        return Tensor(scope.axes[node.name].values, (node.name,))
    name = name_of(node, scope.names)
    if name and not scope.is_index(node):
        return _sampled(scope, node, as_tensor(scope.namespace.get(name), node))
    found = scope.defined(node)
    if found is not None:
        return found
    constant = _constant(node)
    if constant is not None:
        return constant
    if isinstance(node, t.Symbol) and not node.font:
        if scope.is_index(node):
            return Tensor(scope.axis(node.name).values, (node.name,))
        if node.name in scope.counts:
            letter, place = scope.counts[node.name]
            with scope.inside(places={letter: (place,)}, axes={}, counts={}):  # it is not counted by itself
                size = scope.size(letter)
            if size is not None:
                return tensor(size)
    raise Undefined(node)


def _sampled(scope: Scope, node: t.Node, found: Tensor) -> Tensor:
    """Data whose mean or variance is taken: its entries are values of one random variable."""
    if scope.sampling and found.rank == 1 and isinstance(node, t.Symbol) and not node.font:
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
    constants = {"\\pi": math.pi, "e": math.e, "\\infty": math.inf}
    return tensor(constants[node.name]) if node.name in constants else None


def _decorated(scope: Scope, node: t.Accented | t.Marked) -> Tensor | None:
    """What stands for a symbol with an accent or a mark as a whole: the answer, an input of that name, a definition."""
    if node in scope.known:
        scope.met = True
        return scope.known[node]
    name = name_of(node, scope.names)
    return as_tensor(scope.namespace.get(name), node) if name else scope.defined(node)


def accented(scope: Scope, node: t.Accented) -> Tensor:
    """The value of a symbol with an accent; a bar over data is their mean."""
    if node in scope.variables:
        return scope.variables[node]
    found = _decorated(scope, node)
    if found is not None:
        return found
    if node.accent == "bar":
        return _mean(scope, node)
    if node.accent == "vec":
        return scope.value(node.base)
    raise Undefined(node)


def _mean(scope: Scope, node: t.Accented) -> Tensor:
    for number, binding in enumerate(scope.bindings):
        pattern = binding.pattern
        if isinstance(pattern, t.Indexed) and pattern.base == node.base and len(binding.letters) == 1:
            data = as_tensor(scope.bound(number), node).data
            if data.ndim:
                return Tensor(data.mean(axis=0))
    try:
        with scope.inside(sampling=False):
            base = scope.value(node.base)
    except Undefined:
        raise Undefined(node) from None
    if base.rank == 1 and not base.letters and not base.special:
        return Tensor(np.asarray(base.data.mean()))
    raise Undefined(node)


def bound(scope: Scope, node: t.Bound) -> Tensor:
    """The value that `reads` gives, each letter of its key an axis."""
    if node in scope.variables:
        return scope.variables[node]
    found = as_tensor(scope.bound(node.key), node)
    letters = scope.bindings[node.key].letters
    if found.rank < len(letters):  # its letters are part of the name: `d_k`
        if all(index == t.Symbol(letter) for index, letter in zip(node.indices, letters, strict=True)):
            return found
        raise Undefined(node)
    if not letters and found.rank == 1 and (grid := _grid(scope, node, found)):
        return Tensor(found.data, (grid,))
    if not letters:
        return _sampled(scope, node.stood, found)
    return chosen(scope, found, node.indices, node)


def _grid(scope: Scope, node: t.Bound, found: Tensor) -> str:
    """The variable of a search that a value runs along, as L(θ) does."""
    for variable, grid in scope.variables.items():
        if grid.letters and grid.lead == found.data.shape and variable in set(t.walk(node.stood)):
            return grid.letters[0]
    return ""


def indexed(scope: Scope, node: t.Indexed) -> Tensor:
    """An entry, or a row or column, or all of them, one for each value of a letter."""
    if node in scope.variables:
        return scope.variables[node]
    if node in scope.known:
        scope.met = True
        return scope.known[node]
    name = name_of(node, scope.names)
    if name and not _letters_in(scope, node):
        return as_tensor(scope.namespace.get(name), node)
    found = scope.defined(node)
    if found is not None:
        return found
    base = node.base
    special = _constant(base) if isinstance(base, t.Symbol) and not name_of(base, scope.names) else None
    if special is not None and special.special:
        return _sized_special(scope, special, node)
    try:
        with scope.inside(sampling=False):
            value = scope.value(base)
    except Undefined:
        value = _rows(scope, node)
    if value.special:
        raise Unread(f"{spelled(node)}: the size is not known")
    if not value.rank:
        raise Undefined(node)  # a number has no entries: with its subscript it is another symbol
    return chosen(scope, value, node.indices, node)


def _letters_in(scope: Scope, node: t.Indexed) -> bool:
    """Whether a subscript is an index that a sum or the left side binds."""
    return any(scope.is_index(index) for index in node.indices)


def _sized_special(scope: Scope, special: Tensor, node: t.Indexed) -> Tensor:
    try:
        size = scope.value(node.indices[0])
    except Undefined:
        return special
    if size.data.ndim or len(node.indices) > 1 or not 0 < size.data.real < 1_000:
        return special
    count = int(size.data.real)
    if special.special == "identity":
        return tensor(np.eye(count))
    return tensor(np.ones(count) if special.special == "ones" else np.zeros(count))


def _rows(scope: Scope, node: t.Indexed) -> Tensor:
    r"""The rows or columns of X that $\mathbf{x}_i$ stands for, where there is no x."""
    base = node.base
    if isinstance(base, t.Symbol) and base.font == "bold" and len(base.name) == 1 and len(node.indices) == 1:
        upper = t.Symbol(base.name.upper())
        if base.name.islower() and name_of(upper, scope.names):
            value = as_tensor(scope.raw(upper), upper)
            if value.rank == 2:
                rows = scope.conventions.get("vectors", "rows") == "rows"
                return value if rows else Tensor(value.data.T)
    raise Undefined(base)


def primed(scope: Scope, node: t.Primed) -> Tensor:
    """A symbol with a stroke, as a name: x' is x_prime."""
    raise Undefined(node)


def marked(scope: Scope, node: t.Marked) -> Tensor:
    """A symbol with a mark, as a name: w^* is w_star."""
    found = _decorated(scope, node)
    if found is not None:
        return found
    if isinstance(node.mark, t.Words) and node.mark.text in ("+", "†"):
        base = scope.value(node.base)
        if base.rank == 2 and not base.special:
            return replace(base, data=np.linalg.pinv(base.data))
    raise Undefined(node)

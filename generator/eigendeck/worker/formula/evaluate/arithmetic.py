"""Sums, products, fractions, powers, roots, norms, and what is written out."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from eigendeck.worker.formula.evaluate.context import Context, number
from eigendeck.worker.formula.evaluate.products import add, power, times
from eigendeck.worker.formula.evaluate.tensors import Tensor, each, full, mapped, tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import NotExecuted, Unread
from eigendeck.worker.formula.parser.printer import spelled


def negative(context: Context, node: t.Negative) -> Tensor:
    """-x; ±x with the sign that is being tried."""
    found = context.value(node.body)
    return found._replace(data=found.data * (context.sign if node.both else -1.0))


def total(context: Context, node: t.Sum) -> Tensor:
    terms = [context.value(term) for term in node.terms]
    return reduce(add, sorted(terms, key=lambda term: bool(term.special)))  # last what has the size of the others


def product(context: Context, node: t.Product) -> Tensor:
    """The product of factors, from the left; numbers first, so that only arrays have to stand in order."""
    factors = [context.value(factor) for factor in node.factors]
    found: Tensor | None = None
    scale = tensor(1.0)
    for factor, sign in zip(factors, ["", *node.between], strict=True):
        if not factor.rank and not factor.special:
            scale = times(scale, factor)
        else:
            found = factor if found is None else times(found, factor, sign)
    return scale if found is None else times(scale, found)


def fraction(context: Context, node: t.Fraction) -> Tensor:
    """A quotient by a number. `a/b c` is `a/(b c)` or `(a/b) c`, as the convention says."""
    far = context.known.conventions.get("slash", "all") == "all"
    top, below = context.value(node.top), context.value(t.product((node.bottom, *node.rest)) if far else node.bottom)
    if below.rank or below.special:
        raise Unread(f"a fraction with an array below: {spelled(node)}")
    found = times(top, below._replace(data=1.0 / below.data, noise=0.0))
    return found if far else reduce(times, map(context.value, node.rest), found)


def powers(context: Context, node: t.Power) -> Tensor:
    """A power; e^x is the exponential function whatever the card calls e, unless `reads` says what e is."""
    exponent = context.value(node.exponent)
    squared = isinstance(node.exponent, t.Number) and "e" in context.known.names
    if node.base == t.Symbol("e") and not squared:
        if exponent.rank > 1:
            raise Unread("a matrix in the exponent")
        return mapped(np.exp, exponent)
    return power(context.value(node.base), exponent)


def superscript(rule: Callable[[Context, Any], Tensor]) -> Callable[[Context, Any], Tensor]:
    """The rule of what stands above: of `p (x-μ)^2` where p is a number it stands above the brackets alone."""

    def applied(context: Context, node: t.Node) -> Tensor:
        call = node
        while isinstance(call, t.Power | t.Transposed | t.Factorial):
            call = call.base
        if not isinstance(call, t.Call) or not is_factor(context, call):
            return rule(context, node)
        return context.value(t.Product((call.head, inner(node, call)), ("",)))

    def inner(part: t.Node, call: t.Call) -> t.Node:
        if isinstance(part, t.Power | t.Transposed | t.Factorial):
            return replace(part, base=inner(part.base, call))
        return call.arguments[0]

    return applied


def is_factor(context: Context, call: t.Call) -> bool:
    """Whether what looks like a call is a product: its head is a number or an array."""
    if len(call.arguments) != 1 or context.function(call.head) is not None:
        return False
    return not isinstance(call.arguments[0], t.Chain | t.Event) and context.has_value(call.head)


def factorial(context: Context, node: t.Factorial) -> Tensor:
    return _counted(math.factorial, 170, "the factorial of {:g}", context.value(node.base))


def choose(context: Context, node: t.Choose) -> Tensor:
    """A binomial coefficient."""
    return _counted(math.comb, 500, "{:g} choose {:g}", context.value(node.top), context.value(node.bottom))


def _counted(function: Callable[..., int], most: int, words: str, *items: Tensor) -> Tensor:
    """A function of whole numbers, the first of them at most so large."""

    def counted(*numbers: float) -> float:
        if numbers[0] > most or any(number < 0 or number != round(number) for number in numbers):
            raise Unread(words.format(*numbers))
        return float(function(*map(round, numbers)))

    return each(np.vectorize(counted, otypes=[float]), *items)


def root(context: Context, node: t.Root) -> Tensor:
    """A root, entry by entry."""
    body = context.value(node.body)
    if body.rank > 1 or body.special:
        raise Unread("the root of a matrix")
    if body.data.dtype.kind != "c" and np.any(body.data < 0):
        if np.any(body.data < -body.noise):
            raise Unread("the root of a negative number")
        body = body._replace(data=np.maximum(body.data, 0))  # a zero, but for rounding errors
    degree = 2.0 if node.degree is None else number(context, node.degree, "the degree of a root")
    return mapped(np.sqrt if degree == 2 else lambda x: x ** (1 / degree), body)


# Of vectors (1) and of matrices (2), by their subscripts: what NumPy calls them.
_ORDERS: dict[tuple[int, str], Any] = {
    (1, "2"): 2, (1, "F"): 2, (1, "1"): 1, (1, "\\infty"): np.inf, (2, "F"): "fro", (2, "2"): 2, (2, "*"): "nuc",
}  # fmt: skip


def norm(context: Context, node: t.Norm) -> Tensor:
    """The norm of a vector or a matrix. Without a subscript a matrix has two: the convention says which."""
    body = context.value(node.body)
    if body.special:
        raise Unread("the norm of what has no size")
    if not body.rank:
        return body._replace(data=np.abs(body.data))
    order = _ORDERS.get((body.rank, spelled(node.kind) if node.kind else context.known.conventions.get("norm", "F")))
    if order is None:
        raise NotExecuted(node)
    data = np.linalg.norm(body.data, order, axis=tuple(range(-body.rank, 0)))
    return Tensor(np.asarray(data), body.letters, noise=body.noise)


def absolute(context: Context, node: t.Absolute) -> Tensor:
    """The absolute value of a number; how many elements an index set has."""
    body = context.value(node.body)
    if node.body in context.known.sets and body.rank == 1:
        return tensor(body.shape[0])
    match node.body:
        case t.Accented("vec") | t.Symbol(_, "bold") if body.rank == 1:
            return body._replace(data=np.linalg.norm(body.data, axis=-1), row=False)
    if body.rank:
        raise Unread(f"{spelled(node)}: the bars of an array may mean several things")
    return body._replace(data=np.abs(body.data))


def matrix(context: Context, node: t.Matrix) -> Tensor:
    """A matrix that is written out."""
    return _stacked(context, [entry for row in node.rows for entry in row], (len(node.rows), len(node.rows[0])))


def listed(context: Context, node: t.Tuple) -> Tensor:
    """A vector that is written out; `(m × n)` among numbers is a product."""
    if node.brackets == "××":
        return product(context, t.Product(node.items, ("cdot",) * (len(node.items) - 1)))
    if node.brackets not in ("()", "[]"):
        raise NotExecuted(node)
    return _stacked(context, list(node.items), (len(node.items),))


def _stacked(context: Context, entries: list[t.Node], shape: tuple[int, ...]) -> Tensor:
    found = [context.value(entry) for entry in entries]
    if any(entry.rank or entry.special for entry in found):
        raise Unread("an array inside an array")
    sizes = {letter: size for entry in found for letter, size in zip(entry.letters, entry.lead, strict=True)}
    data = np.stack([full(entry, tuple(sizes), sizes) for entry in found], axis=-1)
    if shape[1:] == (1,):
        shape = shape[:1]  # a column is a vector
    return Tensor(data.reshape([*sizes.values(), *shape]), tuple(sizes), noise=max(entry.noise for entry in found))

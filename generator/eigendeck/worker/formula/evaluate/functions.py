"""Functions with names of their own, and the card's own functions."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial, reduce
from typing import Any

import numpy as np

from eigendeck.worker.formula.evaluate import calculus
from eigendeck.worker.formula.evaluate.arithmetic import is_factor
from eigendeck.worker.formula.evaluate.conditions import holds
from eigendeck.worker.formula.evaluate.context import Context, number
from eigendeck.worker.formula.evaluate.products import times
from eigendeck.worker.formula.evaluate.statistics import statistic
from eigendeck.worker.formula.evaluate.tensors import NOISE, Array, Tensor, each, full, mapped, tensor
from eigendeck.worker.formula.evaluate.whole import modulo, whole
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import NotExecuted, Undefined, Unread
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula.parser.vocabulary import STATISTICS

_Entrywise = Callable[[Array], Array]


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


# Entry by entry. Those on matrices are the activations of networks; log and exp of a matrix may mean several things.
_ENTRYWISE: dict[str, _Entrywise] = {
    "exp": np.exp, "sin": np.sin, "cos": np.cos, "arcsin": np.arcsin, "arccos": np.arccos, "arctan": np.arctan,
    "sinh": np.sinh, "cosh": np.cosh, "sqrt": np.sqrt, "abs": np.abs, "sec": lambda x: 1 / np.cos(x),
    "csc": lambda x: 1 / np.sin(x), "cot": lambda x: np.cos(x) / np.sin(x), "coth": lambda x: 1 / np.tanh(x),
    "sigmoid": _sigmoid, "tanh": np.tanh, "relu": lambda x: np.maximum(x, 0),
}  # fmt: skip
_OF_ANGLES = frozenset(["sin", "cos", "tan", "cot", "sec", "csc"])
_ACTIVATIONS = ("sigmoid", "tanh", "relu")
# Those that jump: nearby entries say nothing of their rounding errors.
_JUMPS: dict[str, _Entrywise] = {"floor": np.floor, "ceil": np.ceil, "sign": np.sign, "tan": np.tan}
# Of vectors (1) and of matrices (2).
_OF_ARRAYS: dict[tuple[str, int], Callable[[Tensor], Tensor]] = {
    ("diag", 1): lambda x: x._replace(data=x.data[..., :, None] * np.eye(x.shape[0]), row=False),
    ("diag", 2): lambda x: x._replace(data=np.diagonal(x.data, axis1=-2, axis2=-1)),
    ("logsumexp", 1): lambda x: Tensor(np.log(np.exp(x.data).sum(-1)), x.letters),
    ("median", 1): lambda x: Tensor(np.median(x.data, axis=-1), x.letters),
    ("rank", 2): lambda x: Tensor(np.asarray(np.linalg.matrix_rank(x.data), dtype=float), x.letters),
    ("det", 2): lambda x: Tensor(np.asarray(np.linalg.det(x.data)), x.letters, noise=NOISE * x.largest ** x.shape[0]),
    ("tr", 2): lambda x: Tensor(np.trace(x.data, axis1=-2, axis2=-1), x.letters, noise=x.noise + NOISE * x.largest),
}


def function(context: Context, node: t.Function) -> Tensor:
    name, arguments = node.name, node.arguments
    if name == "indicator":
        return reduce(partial(each, np.multiply), [holds(context, argument) for argument in arguments])
    if name in STATISTICS:
        return statistic(context, name, arguments, node)
    if name == "dim":
        return _dimension(context, node)
    if name in ("max", "min"):
        return _extreme(context, node)
    if name == "mod":
        return tensor(modulo(context, *arguments))
    if name in ("gcd", "lcm"):
        return tensor(getattr(math, name)(*(whole(context, argument) for argument in arguments)))
    if name == "inner" and len(arguments) == 2:
        return times(context.value(arguments[0]), context.value(arguments[1]), "cdot")
    if len(arguments) != 1:
        raise Unread(f"{spelled(node)} with {len(arguments)} arguments")
    if own := context.function(t.Symbol(name)):
        return applied(context, own, [context.value(arguments[0])], node)
    found = context.value(arguments[0])
    if found.special:
        raise Unread(f"{spelled(node)}: its size is not known")
    if name == "log":
        return _logarithm(context, node, found)
    if name == "softmax":
        return _softmax(context, node, found)
    if node.below is not None:
        raise NotExecuted(node)
    if (name in _ENTRYWISE or name in _JUMPS) and name not in _ACTIVATIONS and found.rank > 1:
        raise Unread(f"{name} of a matrix")
    in_degrees = context.known.conventions.get("angles") == "degrees"
    if in_degrees and name.startswith("arc"):
        return mapped(lambda x: np.degrees(_ENTRYWISE[name](x)), found)
    if in_degrees and name in _OF_ANGLES:
        found = mapped(np.radians, found)
    if name in _JUMPS:
        noise = found.noise + NOISE * found.largest if name == "tan" else 0.0
        return found._replace(data=_JUMPS[name](found.data), noise=noise)
    if name in _ENTRYWISE:
        return mapped(_ENTRYWISE[name], found)
    square = name not in ("det", "tr") or len({*found.shape}) == 1
    if (name, found.rank) not in _OF_ARRAYS or not square:
        raise NotExecuted(node)
    return _OF_ARRAYS[name, found.rank](found)


def _logarithm(context: Context, node: t.Function, found: Tensor) -> Tensor:
    if found.rank > 1:
        raise Unread("the logarithm of a matrix")
    if found.data.dtype.kind == "c" or np.any(found.data < 0):
        raise Unread("the logarithm of a negative number")
    if node.below is None:
        return mapped(np.log, found)
    base = number(context, node.below, "the base")
    return mapped(np.log2 if base == 2 else lambda x: np.log(x) / np.log(base), found)


def _softmax(context: Context, node: t.Function, found: Tensor) -> Tensor:
    below = node.below.text if isinstance(node.below, t.Words) else spelled(node.below) if node.below else ""
    if found.rank == 0 or found.rank > 2:
        raise Unread(f"{spelled(node)}: softmax of a number")
    columns = context.known.conventions.get("softmax", "rows") == "columns"
    if below:
        if not ("row" in below or "col" in below):
            raise NotExecuted(node)
        columns = "col" in below
    axis = -2 if columns and found.rank == 2 else -1
    shifted = np.exp(found.data - found.data.max(axis=axis, keepdims=True))
    return found._replace(data=shifted / shifted.sum(axis=axis, keepdims=True), noise=0.0)


def _dimension(context: Context, node: t.Function) -> Tensor:
    """The dimension of a span: how many of the vectors are independent."""
    inner = node.arguments[0]
    if not isinstance(inner, t.Function) or inner.name != "span":
        raise NotExecuted(node)
    vectors = inner.arguments
    if len(vectors) == 1 and isinstance(vectors[0], t.Tuple):
        vectors = vectors[0].items
    is_run = any(isinstance(vector, t.Dots) for vector in vectors)
    vectors = (_run(vectors[0], vectors[-1], node),) if is_run else vectors
    found = list(map(context.value, vectors))
    if len(found) == 1 and found[0].rank == 1 and len(found[0].letters) == 1:
        return tensor(np.linalg.matrix_rank(found[0].data))
    if is_run or any(item.rank != 1 or item.letters for item in found) or len({item.shape for item in found}) != 1:
        raise NotExecuted(node)
    return tensor(np.linalg.matrix_rank(np.stack([item.data for item in found])))


def _run(first: t.Node, last: t.Node, node: t.Node) -> t.Node:
    """`A_{:,1}, …, A_{:,n}` as `A_{:,i}`: all columns, or all rows."""
    if isinstance(first, t.Indexed) and isinstance(last, t.Indexed) and first.base == last.base:
        pairs = list(zip(first.indices, last.indices, strict=False))
        differing = [k for k, (a, b) in enumerate(pairs) if a != b]
        same = len(first.indices) == len(last.indices)
        if same and len(differing) == 1 and first.indices[differing[0]] == t.Number("1"):
            return replace(first, indices=tuple(t.Symbol("i") if a != b else a for a, b in pairs))
    raise NotExecuted(node)


def _extreme(context: Context, node: t.Function) -> Tensor:
    arguments = node.arguments
    if len(arguments) == 1 and isinstance(arguments[0], t.Tuple) and arguments[0].brackets == "{}":
        arguments = arguments[0].items
    choose = np.maximum if node.name == "max" else np.minimum
    found, *others = map(context.value, arguments)
    if others:
        return reduce(partial(each, choose), others, found)
    if found.rank != 1:
        raise NotExecuted(node)
    return Tensor(choose.reduce(found.data, axis=-1), found.letters)


# ---- calls of symbols


def call(context: Context, node: t.Call) -> Tensor:
    """A function of the card's, a product that looks like a call, or one of the known symbols."""
    head = node.head
    if own := context.function(head):
        return applied(context, own, [context.value(argument) for argument in node.arguments], node)
    if isinstance(head, t.Primed) and context.function(head.base) and len(node.arguments) == 1:
        return calculus.derivative_at(context, head, node.arguments[0])
    if is_factor(context, node):
        return times(context.value(head), context.value(node.arguments[0]))
    if isinstance(head, t.Symbol) and head.name == "E" and head.font in ("", "bb"):
        return statistic(context, "mean", node.arguments, node)
    if isinstance(head, t.Symbol) and head.name == "\\sigma" and len(node.arguments) == 1:
        return mapped(_sigmoid, context.value(node.arguments[0]))
    if isinstance(head, t.Indexed) and len(node.arguments) == 1 and (spectrum := _spectrum(context, head, node)):
        return spectrum
    if (defined := _defined(context, node)) is not None:
        return defined
    raise Undefined(node)


def _defined(context: Context, node: t.Call) -> Tensor | None:
    """The value of a function that another clause defines: `f(x) = x^2`."""
    for label, meaning in context.known.definitions:
        if isinstance(label, t.Call) and label.head == node.head and len(label.arguments) == len(node.arguments):
            if label == node or not all(isinstance(argument, t.Symbol) for argument in label.arguments):
                return context.defined(node)
            values = [context.value(argument) for argument in node.arguments]
            return context.setting(dict(zip(label.arguments, values, strict=True))).value(meaning)
    return None


def _spectrum(context: Context, head: t.Indexed, node: t.Call) -> Tensor | None:
    r"""`\lambda_i(M)`, `\sigma_{\max}(M)`: eigenvalues of a symmetric matrix, or singular values, descending."""
    if head.base not in (t.Symbol("\\lambda"), t.Symbol("\\sigma")) or len(head.indices) != 1:
        return None
    found = context.value(node.arguments[0])
    if found.rank != 2 or found.letters or found.special:
        raise NotExecuted(node)
    if head.base == t.Symbol("\\lambda"):
        square = found.shape[0] == found.shape[1]
        if not square or np.abs(found.data - found.data.T).max() > 1e-9 * found.largest:
            raise Unread(f"{spelled(node)}: the order of the eigenvalues is not known")
        values = np.linalg.eigvalsh(found.data)[::-1]
    else:
        values = np.linalg.svd(found.data, compute_uv=False)
    # A singular value of 0 may come out as the root of what rounding left of an eigenvalue.
    spectrum = Tensor(values, noise=1e-7 * float(np.abs(values).max()))
    index, stand_in = head.indices[0], t.Symbol("#spectrum")
    if index in (t.Symbol("max"), t.Symbol("min")):
        index = t.Number("1" if index == t.Symbol("max") else str(len(values)))
    return context.setting({stand_in: spectrum}).value(t.Indexed(stand_in, (index,)))


def applied(context: Context, own: Callable[..., Any], arguments: list[Tensor], node: t.Node) -> Tensor:
    """Returns what a function of the card's gives, for each value of the letters.

    Raises Unread where it raises, or gives what is no number.
    """
    letters = list(dict.fromkeys(letter for argument in arguments for letter in argument.letters))
    sizes = {letter: size for a in arguments for letter, size in zip(a.letters, a.lead, strict=True)}
    if any(argument.special for argument in arguments) or np.prod([1.0, *sizes.values()]) > calculus.MOST_CALLS:
        raise NotExecuted(node)
    data = [full(argument, letters, sizes) for argument in arguments]
    try:
        if not letters:
            return tensor(own(*(_plain(item) for item in data)))
        shape = tuple(sizes[letter] for letter in letters)
        found = [tensor(own(*(_plain(item[place]) for item in data))).data for place in np.ndindex(*shape)]
        stacked = np.stack(found).reshape([*shape, *found[0].shape])
    except Unread:
        raise
    except Exception as error:
        raise Unread(f"{spelled(node)}: {type(error).__name__}"[:200]) from None
    return Tensor(stacked, tuple(letters))


def _plain(item: Array) -> Any:
    return item.item() if item.ndim == 0 else np.array(item)

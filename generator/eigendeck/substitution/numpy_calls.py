"""The functions and methods of NumPy and Python that are read, each from arrays of terms to an array of terms.

Their parameters are those of the originals as far as they are understood; a call with others is refused.
"""

import itertools
import math
from collections.abc import Callable, Sequence

from eigendeck.substitution import term_arrays as arrays
from eigendeck.substitution import term_functions, terms
from eigendeck.substitution.term_arrays import Array
from eigendeck.substitution.terms import Number, Term, Unknown


def _average(entries: Sequence[Term]) -> Term:
    return terms.divide(terms.add(*entries), terms.number(len(entries)))


def _deviations(entries: Sequence[Term]) -> list[Term]:
    """Each entry minus the mean, which is a number already: written out in each of them nobody could read it."""
    mean = terms.number(terms.value(_average(entries)), computed=True)
    return [terms.subtract(entry, mean) for entry in entries]


def _squares(entries: Sequence[Term]) -> Term:
    return terms.add(*(terms.power(entry, terms.number(2)) for entry in entries))


def _extreme(name: str) -> Callable[[Sequence[Term]], Term]:
    def pick(entries: Sequence[Term]) -> Term:
        if all(isinstance(entry, Number) for entry in entries):  # one sees which it is
            return {"max": max, "min": min}[name](entries, key=terms.value)
        return term_functions.function(name, *entries) if len(entries) > 1 else entries[0]

    return pick


def _reduction(apply: Callable[[Sequence[Term]], Term]) -> Callable[..., Array]:
    def reduce(a: Array, axis: Array | None = None, *, keepdims: bool = False) -> Array:
        return arrays.reduce(a, axis, keepdims, apply)

    return reduce


def _spread(finish: Callable[[Term], Term]) -> Callable[..., Array]:
    def reduce(a: Array, axis: Array | None = None, *, ddof: int = 0, keepdims: bool = False) -> Array:
        def spread(entries: Sequence[Term]) -> Term:
            return finish(terms.divide(_squares(_deviations(entries)), terms.number(len(entries) - ddof)))

        return arrays.reduce(a, axis, keepdims, spread)

    return reduce


def _norm(x: Array) -> Array:
    if not x.entries or len(x.shape) > 2:
        raise Unknown
    return Array((), (terms.root(_squares(x.entries)),))


def _centred(x: Array, y: Array | None, rowvar: bool) -> list[list[Term]]:
    """The deviations of each variable from its mean, worked out: their products are what is to be seen."""
    table = x if y is None else arrays.stack([x, y])
    if len(table.shape) != 2 or 0 in table.shape:
        raise Unknown
    table = table if rowvar or y is not None else arrays.transpose(table)
    rows = [table.entries[i : i + table.shape[1]] for i in range(0, len(table.entries), table.shape[1])]
    return [[terms.number(terms.value(deviation), computed=True) for deviation in _deviations(row)] for row in rows]


def _products(a: Sequence[Term], b: Sequence[Term]) -> Term:
    return _squares(a) if a is b else terms.add(*map(terms.multiply, a, b))


def _cov(x: Array, y: Array | None = None, *, rowvar: bool = True, ddof: int = 1) -> Array:
    rows = _centred(x, y, rowvar)
    return _of_pairs(rows, lambda a, b: terms.divide(_products(a, b), terms.number(len(a) - ddof)))


def _corrcoef(x: Array, y: Array | None = None, *, rowvar: bool = True) -> Array:
    def correlation(a: list[Term], b: list[Term]) -> Term:
        return terms.divide(_products(a, b), terms.root(terms.multiply(_squares(a), _squares(b))))

    return _of_pairs(_centred(x, y, rowvar), correlation)


def _of_pairs(rows: list[list[Term]], entry: Callable[[list[Term], list[Term]], Term]) -> Array:
    return arrays.make((len(rows),) * 2, itertools.starmap(entry, itertools.product(rows, rows)))


def _entrywise(name: str) -> Callable[[Array], Array]:
    return lambda x: arrays.elementwise(lambda entry: term_functions.function(name, entry), x)


def _binary(apply: Callable[[Term, Term], Term]) -> Callable[[Array, Array], Array]:
    return lambda a, b: arrays.elementwise(apply, a, b)


def _single(each: Sequence[Array]) -> list[Term]:
    """The terms of single numbers."""
    if any(a.shape for a in each):
        raise Unknown
    return [a.entries[0] for a in each]


def _picked(name: str) -> Callable[..., Array]:
    def pick(*each: Array) -> Array:
        if len(each) == 1 and len(each[0].shape) == 1:
            return arrays.reduce(each[0], None, False, _extreme(name))
        if len(each) < 2:
            raise Unknown
        return Array((), (term_functions.function(name, *_single(each)),))

    return pick


def _unchanged(x: Array, digits: Array | None = None) -> Array:
    """A conversion or a rounding that leaves the value as it is."""
    places = 0 if digits is None else arrays.whole(digits)
    if any(abs(round(v := terms.value(entry), places) - v) > 1e-9 * max(1, abs(v)) for entry in x.entries):
        raise Unknown
    return x


def _filled(number: float) -> Callable[[Array], Array]:
    def fill(shape: Array) -> Array:
        sizes = [arrays.whole(Array((), (entry,))) for entry in shape.entries]
        return arrays.make(sizes, itertools.repeat(terms.number(number), math.prod(sizes)))

    return fill


def _eye(n: Array) -> Array:
    size = arrays.whole(n)
    return arrays.make((size, size), (terms.number(i == j) for i in range(size) for j in range(size)))


def _same(x: Array) -> Array:
    return x


def _inner(a: Array, b: Array) -> Array:
    if len(a.shape) != 1 or len(b.shape) != 1:
        raise Unknown
    return arrays.matmul(a, b)


def _of_numbers(name: str) -> Callable[..., Array]:
    """A function of `math`, which takes single numbers."""

    def call(*each: Array) -> Array:
        numbers = _single(each)
        if not numbers or (name in _GROWING and any(terms.value(number) > _MOST for number in numbers)):
            raise Unknown
        return Array((), (term_functions.function(name, *numbers),))

    return call


def _length(x: Array) -> Array:
    if not x.shape:
        raise Unknown
    return arrays.scalar(x.shape[0])


_mean = _reduction(_average)
_unary = {name: _entrywise(name) for name in ("abs", "exp", "log", "log2", "log10", "sin", "cos", "tanh")}
_methods: dict[str, Callable[..., Array]] = {
    "sum": _reduction(lambda entries: terms.add(*entries)),
    "prod": _reduction(lambda entries: terms.multiply(*entries)),
    "mean": _mean,
    "max": _reduction(_extreme("max")),
    "min": _reduction(_extreme("min")),
    "var": _spread(lambda term: term),
    "std": _spread(terms.root),
    "dot": arrays.matmul,
    "transpose": arrays.transpose,
    "round": _unchanged,
}

_GROWING, _MOST = ("comb", "factorial"), 170  # beyond which n! is no float
_OF_MATH = (*_GROWING, "gcd", "lcm", "isqrt", "erf", "erfc", "gamma")

# By the name that code calls them: a function of NumPy, a function of Python, or (with a dot) a method of arrays.
CALLS: dict[str, Callable[..., Array]] = {
    **{f"np.{name}": apply for name, apply in _unary.items()},
    **{f"math.{name}": _of_numbers(name) for name in _OF_MATH},
    "math.hypot": lambda *each: Array((), (terms.root(_squares(_single(each))),)),
    "np.absolute": _unary["abs"],
    "abs": _unary["abs"],
    "np.sqrt": lambda x: arrays.elementwise(terms.root, x),
    "np.square": lambda x: arrays.elementwise(lambda entry: terms.power(entry, terms.number(2)), x),
    "np.add": _binary(terms.add),
    "np.subtract": _binary(terms.subtract),
    "np.multiply": _binary(terms.multiply),
    "np.divide": _binary(terms.divide),
    "np.power": _binary(terms.power),
    "np.negative": lambda x: arrays.elementwise(terms.negative, x),
    "np.maximum": _binary(lambda a, b: term_functions.function("max", a, b)),
    "np.minimum": _binary(lambda a, b: term_functions.function("min", a, b)),
    **{f"np.{name}": apply for name, apply in _methods.items()},
    **{f".{name}": apply for name, apply in _methods.items()},
    "np.around": _unchanged,
    "np.average": lambda x: _mean(x),  # with weights it is refused
    "np.matmul": arrays.matmul,
    "np.inner": _inner,
    "np.outer": arrays.outer,
    "np.linalg.norm": _norm,
    "np.cov": _cov,
    "np.corrcoef": _corrcoef,
    "np.array": _same,
    "np.asarray": _same,
    "np.float64": _same,
    "np.stack": _same,
    "np.eye": _eye,
    "np.identity": _eye,
    "np.ones": _filled(1),
    "np.zeros": _filled(0),
    "np.arange": lambda n: arrays.make((arrays.whole(n),), map(terms.number, range(arrays.whole(n)))),
    "sum": lambda x: _methods["sum"](x, arrays.scalar(0)),
    "max": _picked("max"),
    "min": _picked("min"),
    "len": _length,
    "int": _unchanged,
    "float": _same,
    "round": _unchanged,
    ".item": _same,
}

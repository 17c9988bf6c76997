"""Arrays whose entries are terms, and the ways in which NumPy takes arrays apart and puts them together."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eigendeck.model import Value
from eigendeck.substitution import terms
from eigendeck.substitution.terms import Term, Unknown

LARGEST_ARRAY = 100  # entries

Key = int | range | tuple[int, ...] | None  # an index, a slice, a list of indices, a new axis


@dataclass(frozen=True, slots=True)
class Array:
    """Terms in row-major order; shape () is a single term."""

    shape: tuple[int, ...]
    entries: tuple[Term, ...]


def scalar(value: float, symbol: str = "") -> Array:
    return Array((), (terms.number(value, symbol),))


def make(shape: Sequence[int], entries: Iterable[Term]) -> Array:
    # Each axis by itself, too: (10**9, 0) has no entries, but whoever counts through its indices never ends.
    if math.prod(shape) > LARGEST_ARRAY or any(not 0 <= size <= LARGEST_ARRAY for size in shape):
        raise Unknown
    return Array(tuple(shape), tuple(entries))


def of_value(value: Value) -> Array:
    """Returns the entries of a value as terms. Raises Unknown where they are not real numbers, or too many."""
    if value.shape is None or len(value.numbers) != math.prod(value.shape) or len(value.numbers) > LARGEST_ARRAY:
        raise Unknown
    numbers = [n for n in value.numbers if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(numbers) < len(value.numbers):  # as an index, True is not 1
        raise Unknown
    return make(value.shape, map(terms.number, numbers))


def whole(array: Array) -> int:
    """The integer that an index, an axis or a size is."""
    if array.shape or not (number := terms.value(array.entries[0])).is_integer():
        raise Unknown
    return int(number)


def indices(shape: Sequence[int]) -> Iterable[tuple[int, ...]]:
    return itertools.product(*map(range, shape))


def at(array: Array, index: Sequence[int]) -> Term:
    flat = 0
    for size, i in zip(array.shape, index, strict=True):
        flat = flat * size + i
    return array.entries[flat]


def elementwise(apply: Callable[..., Term], *arrays: Array) -> Array:
    """Returns the operation on matching entries, shapes broadcast as NumPy does."""
    axes = max(len(a.shape) for a in arrays)
    padded = [Array((1,) * (axes - len(a.shape)) + a.shape, a.entries) for a in arrays]
    shape = [max(sizes) if 0 not in sizes else 0 for sizes in zip(*(a.shape for a in padded), strict=True)]
    if any(size not in (1, full) for a in padded for size, full in zip(a.shape, shape, strict=True)):
        raise Unknown
    return make(shape, (apply(*(_stretched(a, index) for a in padded)) for index in indices(shape)))


def _stretched(array: Array, index: Sequence[int]) -> Term:
    return at(array, [0 if size == 1 else i for size, i in zip(array.shape, index, strict=True)])


def matmul(a: Array, b: Array) -> Array:
    if len(a.shape) not in (1, 2) or len(b.shape) not in (1, 2) or a.shape[-1] != b.shape[0] or 0 in a.shape:
        raise Unknown
    inner, rows, columns = a.shape[-1], a.shape[:-1], b.shape[1:]
    places = itertools.product(indices(rows), indices(columns))
    products = ([terms.multiply(at(a, (*i, k)), at(b, (k, *j))) for k in range(inner)] for i, j in places)
    return make(rows + columns, (terms.add(*each) for each in products))


def outer(a: Array, b: Array) -> Array:
    return make((len(a.entries), len(b.entries)), (terms.multiply(x, y) for x in a.entries for y in b.entries))


def transpose(a: Array) -> Array:
    return make(a.shape[::-1], (at(a, index[::-1]) for index in indices(a.shape[::-1])))


def stack(parts: Sequence[Array]) -> Array:
    if not parts or any(part.shape != parts[0].shape for part in parts):
        raise Unknown
    return make((len(parts), *parts[0].shape), (entry for part in parts for entry in part.entries))


def select(a: Array, keys: Sequence[Key]) -> Array:
    """Returns part of an array: integers, slices and new axes freely, one list of indices, or lists on all axes."""
    used = sum(key is not None for key in keys)
    if used > len(a.shape):
        raise Unknown
    keys = [*keys, *(range(size) for size in a.shape[used:])]
    lists = [key for key in keys if isinstance(key, tuple)]
    if len(lists) > 1:
        if len(keys) != len(lists):
            raise Unknown
        return make((len(lists[0]),), (at(a, index) for index in zip(*lists, strict=True)))
    kept = [key for key in keys if key is not None]
    shape = [1 if key is None else len(key) for key in keys if not isinstance(key, int)]
    chosen = itertools.product(*([key] if isinstance(key, int) else key for key in kept))
    return make(shape, (at(a, index) for index in chosen))


def reduce(a: Array, axis: Array | None, keepdims: bool, apply: Callable[[list[Term]], Term]) -> Array:
    """One term from all entries, or from those along an axis."""
    if not a.entries:
        raise Unknown
    if axis is None:
        return make((1,) * len(a.shape) if keepdims else (), [apply(list(a.entries))])
    along = whole(axis)
    if not -len(a.shape) <= along < len(a.shape):
        raise Unknown
    along %= len(a.shape)
    before, size, after = a.shape[:along], a.shape[along], a.shape[along + 1 :]
    groups = (apply([at(a, (*i, k, *j)) for k in range(size)]) for i in indices(before) for j in indices(after))
    return make((*before, *((1,) if keepdims else ()), *after), groups)

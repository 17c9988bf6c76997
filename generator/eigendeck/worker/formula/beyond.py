"""Numbers that no draw of a card has: larger, of either sign, not symmetric, to look past the hand-friendly ones.

What all draws have in common may be what an input is: shares, a rotation, labels, sorted values. That much is kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from eigendeck.worker.formula.evaluate.tensors import Array

MOST = 400  # entries of an input that is varied
MOST_LARGE = 10**6  # of what is made larger
NEAR = 1e-9

Kind = Literal["number", "free", "shares", "balanced", "shuffled", "labels", "turn", "unit", "gram", "graph"]


@dataclass(frozen=True, slots=True)
class Habit:
    """What all draws of an input have in common.

    kind: a single number; free entries; not negative with a fixed sum; with a sum of 0; the same entries in another
    order; labels, which are other values of the same few; orthonormal columns or rows; vectors of length 1; symmetric
    and without negative eigenvalues, as covariances and Gram matrices are; which nodes of a graph are joined.
    axis: along which the sum is fixed, or the order changes; None: all entries together. total: the fixed sum.
    pool: the values that were drawn. fixed: entries that never change, where all draws have one shape.
    """

    kind: Kind
    low: float
    high: float
    whole: bool
    zeros: bool
    distinct: bool = False
    order: int = 0  # 1: sorted upwards, -1: downwards
    axis: int | None = None
    total: float = 0.0
    pool: Array | None = None
    fixed: Array | None = None

    def varied(self, value: Any, rng: np.random.Generator, *, signs: bool) -> Any:
        """Returns an unfriendly value in the place of a drawn one, of its shape and type.

        signs: what was never negative may become so.
        """
        if self.kind == "number":
            return float(self._numbers((), rng, signs=False))
        assert isinstance(value, np.ndarray)
        found = self._entries(value, rng, signs)
        if self.order:
            found = np.sort(found)[:: self.order]
        if self.fixed is not None and self.kind == "free":
            found = np.where(self.fixed, value, found)
        return found.astype(value.dtype)

    def _entries(self, value: Array, rng: np.random.Generator, signs: bool) -> Array:
        shape, axis = value.shape, self.axis
        drawn: Array
        match self.kind:
            case "labels":
                assert self.pool is not None
                return np.asarray(rng.choice(self.pool, shape))
            case "shuffled":
                return rng.permuted(value, axis=axis)
            case "shares":
                drawn = np.asarray(rng.uniform(0.05, 1, shape))
                return np.asarray(self.total * drawn / drawn.sum(axis=axis, keepdims=True))
            case "balanced":
                drawn = self._numbers(shape, rng, signs=True)
                count = value.size if axis is None else shape[axis]
                surplus = drawn.sum(axis=axis, keepdims=True)
                return np.asarray(count * drawn - surplus if self.whole else drawn - surplus / count)
            case "turn":
                tall = shape[0] >= shape[1]
                drawn = np.linalg.qr(rng.normal(size=shape if tall else shape[::-1]))[0]
                return drawn if tall else drawn.T
            case "gram":
                return self._gram(shape, rng, signs)
            case "graph":
                drawn = np.triu(rng.integers(0, 2, shape), 1)
                return np.asarray(drawn + drawn.T)
            case "unit":
                drawn = np.asarray(rng.normal(size=shape))
                return np.asarray(drawn / np.sqrt((drawn**2).sum(axis=-1, keepdims=True)))
        # A factor of zeros on one side of its diagonal has a positive diagonal by convention.
        return self._numbers(shape, rng, signs and self.fixed is None)

    def _gram(self, shape: tuple[int, ...], rng: np.random.Generator, signs: bool) -> Array:
        most = int(np.sqrt(min(self.high, MOST_LARGE))) + 2
        drawn = rng.integers(-most if self.low < 0 or signs else 0, most + 1, shape) + np.eye(shape[0], dtype=int)
        found = np.asarray(drawn @ drawn.T)
        if self.total:  # a matrix of correlations
            scale = np.sqrt(np.diag(found) + 1)
            return np.asarray((found + np.eye(len(found))) / np.outer(scale, scale))
        return found

    def _numbers(self, shape: tuple[int, ...], rng: np.random.Generator, signs: bool) -> Array:
        largest = min(max(abs(self.low), abs(self.high)), MOST_LARGE)
        either = self.low < 0 or signs
        if self.whole:
            return self._whole_numbers(shape, 3 * int(largest) + 2, either, rng)
        if self.low >= 0 and self.high <= 1:
            return np.round(np.asarray(rng.uniform(0.02, 0.98, shape)), 3)
        spread = 2 * largest + 1
        digits = 3 - int(np.floor(np.log10(spread)))  # few enough for a message
        return np.round(np.asarray(rng.uniform(-spread if either else spread / 50, spread, shape)), max(digits, 0))

    def _whole_numbers(self, shape: tuple[int, ...], most: int, either: bool, rng: np.random.Generator) -> Array:
        least = 0 if self.zeros else 1
        count = math.prod(shape)
        if self.distinct and count <= most:
            found = least + rng.choice(most, count, replace=False).reshape(shape)
        else:
            found = rng.integers(least, most + 1, shape)
        return np.asarray(found * rng.choice([-1, 1], shape) if either else found)


def habit(values: Sequence[Any], *, label: bool = False) -> Habit | None:
    """Returns what the draws of an input have in common; None where it is nothing that can be varied.

    Whole numbers by themselves are left alone: they may be sizes, classes or seeds. So are words and functions, and
    what is known to be right as it is: grids, projections, the identity. label: the code takes the entries for names.
    """
    if all(isinstance(value, float) for value in values):
        return _of_numbers(np.array(values))
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    if len(arrays) < len(values) or not all(1 <= a.size <= MOST and a.ndim for a in arrays):
        return None
    if any(a.dtype not in (np.int64, np.float64) or a.ndim != arrays[0].ndim for a in arrays):
        return None
    entries = np.concatenate([a.ravel() for a in arrays]).astype(float)
    if not np.all(np.isfinite(entries)):
        return None
    whole = bool(np.all(entries == np.round(entries)))
    look = Habit("free", float(entries.min()), float(entries.max()), whole, bool(np.any(entries == 0)))
    if label:
        pool = np.unique(entries)
        return replace(look, kind="labels", pool=pool) if len(pool) > 1 else None
    if _is_settled(arrays):
        return None
    if arrays[0].ndim == 2 and all(map(_is_turn, arrays)):
        return None if whole else replace(look, kind="turn")
    if not whole and all(np.allclose((a**2).sum(axis=-1), 1, rtol=1e-8) for a in arrays):
        return replace(look, kind="unit")
    return _of_symmetric(arrays, look) or _of_sums(arrays, look)


def _of_symmetric(arrays: Sequence[Array], look: Habit) -> Habit | None:
    """Covariances, correlations and graphs, which are symmetric by what they are; a diagonal matrix shows nothing."""
    if not all(map(_is_symmetric, arrays)) or not any(np.any(a - np.diag(np.diag(a))) for a in arrays):
        return None
    if all(np.linalg.eigvalsh(a)[0] > -NEAR * max(1.0, look.high) for a in arrays):
        ones = all(np.allclose(np.diag(a), 1) for a in arrays)
        return replace(look, kind="gram", total=float(ones))
    joined = look.whole and (look.low, look.high) == (0, 1) and not any(np.any(np.diag(a)) for a in arrays)
    return replace(look, kind="graph") if joined else None


def _of_sums(arrays: Sequence[Array], look: Habit) -> Habit | None:
    """Shares, counts out of a total, one-hot rows, centred columns, other orders; else anything."""
    axes = range(arrays[0].ndim - 1, -1, -1) if arrays[0].ndim > 1 else ()
    sums: list[tuple[int | None, float]] = [
        (axis, total) for axis in axes if (total := _fixed_sum(arrays, axis)) is not None
    ]
    if len(sums) > 1:
        return None
    first = np.sort(arrays[0], axis=None)
    if not sums and _vary(arrays) and all(np.array_equal(np.sort(a, axis=None), first) for a in arrays):
        return replace(look, kind="shuffled")
    if not sums and (total := _fixed_sum(arrays, None)) is not None:
        sums = [(None, total)]
    for axis, total in sums:
        if abs(total) < NEAR * max(1.0, look.high):
            return replace(look, kind="balanced", axis=axis)
        if look.whole:
            return replace(look, kind="shuffled", axis=axis)
        return replace(look, kind="shares", axis=axis, total=total) if look.low >= 0 else None
    line = arrays[0].ndim == 1 and max(a.size for a in arrays) > 1
    order = next((step for step in (1, -1) if line and all(np.all(np.diff(a) * step >= 0) for a in arrays)), 0)
    distinct = all(len(np.unique(a)) == a.size for a in arrays)
    return replace(look, distinct=distinct, order=order, fixed=_fixed(arrays))


def _of_numbers(numbers: Array) -> Habit | None:
    """Single numbers keep their sign: a width or a deviation is never negative."""
    low, high = float(numbers.min()), float(numbers.max())
    if not np.all(np.isfinite(numbers)) or (low <= 0 < high and low > -NEAR):
        return None
    return Habit("number", low, high, False, bool(np.any(numbers == 0))) if high > 0 else None


def _vary(arrays: Sequence[Array]) -> bool:
    return not all(np.array_equal(a, arrays[0]) for a in arrays)


def _is_settled(arrays: Sequence[Array]) -> bool:
    """Whether these are grids, or matrices that come back when they are applied twice."""
    if arrays[0].ndim == 1:
        even = all(a.size > 2 and np.allclose(np.diff(a), np.diff(a)[0]) for a in arrays)
        return even and (not _vary(arrays) or not all(np.all(a == a[0]) for a in arrays))
    if arrays[0].ndim > 2 or any(a.shape[0] != a.shape[1] for a in arrays):
        return all(np.all(a == a.flat[0]) for a in arrays)
    return all(np.allclose(a @ a, a) or np.allclose(a @ a, np.eye(len(a))) for a in arrays)


def _is_turn(array: Array) -> bool:
    tall = array if array.shape[0] >= array.shape[1] else array.T
    return tall.shape[1] > 1 and bool(np.allclose(tall.T @ tall, np.eye(tall.shape[1]), atol=1e-8))


def _is_symmetric(array: Array) -> bool:
    return array.ndim == 2 and array.shape[0] == array.shape[1] and bool(np.allclose(array, array.T))


def _fixed_sum(arrays: Sequence[Array], axis: int | None) -> float | None:
    """The sum that all draws have along an axis; a sum that could be one by chance only where it is 0 or 1."""
    sums = np.concatenate([np.atleast_1d(a.sum(axis=axis)).ravel() for a in arrays]).astype(float)
    same = bool(np.all(np.abs(sums - sums[0]) <= NEAR * max(1.0, abs(float(sums[0])))))
    if not same or any((a.size if axis is None else a.shape[axis]) < 2 for a in arrays):
        return None
    return float(sums[0]) if _vary(arrays) or min(abs(sums[0]), abs(sums[0] - 1)) < NEAR else None


def _fixed(arrays: Sequence[Array]) -> Array | None:
    """Which entries are the same in all draws, such as a column of ones, where others are not."""
    if any(a.shape != arrays[0].shape for a in arrays):
        return None
    same = np.all([a == arrays[0] for a in arrays], axis=0)
    return np.asarray(same) if 0 < same.sum() < same.size else None

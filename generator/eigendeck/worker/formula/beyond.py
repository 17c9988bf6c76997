"""Inputs that no card draws: larger, with all digits, not symmetric, to look past the hand-friendly ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

COUNT = 4


def unfriendly(inputs: Mapping[str, Any], rng: np.random.Generator, count: int = COUNT) -> list[dict[str, Any]]:
    """Returns variations of a draw's inputs: the same names and shapes, with unfriendly numbers in the arrays.

    What sums to 1 along its last axis still does, what lies between 0 and 1 stays there, whole numbers stay whole,
    and what is not negative stays so. Single numbers, words and functions are left alone: they may be sizes, classes
    or seeds.
    """
    return [{name: _varied(value, rng) for name, value in inputs.items()} for _ in range(count)]


def _varied(value: Any, rng: np.random.Generator) -> Any:
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "if" or not value.size or not value.ndim:
        return value
    if value.dtype.kind == "i":
        largest = 3 * int(min(np.abs(value).max(), 10**6)) + 2
        lowest = -largest if np.any(value < 0) else int(np.any(value == 0)) ^ 1
        return rng.integers(lowest, largest + 1, value.shape).astype(value.dtype)
    if not np.all(np.isfinite(value)):
        return value
    share = value.min() >= 0 and np.allclose(value.sum(axis=-1), 1)
    if share:
        drawn = rng.uniform(0.05, 1, value.shape)
        return drawn / np.sum(drawn, axis=-1, keepdims=True)
    if value.min() >= 0 and value.max() <= 1:
        return rng.uniform(0.02, 0.98, value.shape)
    spread = 2 * float(np.abs(value).max()) + 1
    return rng.uniform(0.1 if value.min() > 0 else -spread, spread, value.shape)

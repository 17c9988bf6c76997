"""Arithmetic with numbers that differ in the thirteenth digit, to tell rounding errors from small numbers.

A number that means something changes as little as what it was computed from: 3e-19 stays 3e-19. What rounding has left
of a zero comes out as something else altogether. Card code is run as it is; the functions that its arithmetic was
compiled to (see `overflow`) are others.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np

from eigendeck.worker.code.overflow import BY_SIGN

SHAKE = 1e-12  # relative: inputs have no more digits than that


class Shaking:
    """Numbers and arithmetic for one run of card code; each number is changed by another amount."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)
        self.arithmetic: Mapping[str, object] = {
            "__binary": lambda sign, left, right: self.shaken(BY_SIGN[sign][0](left, right)),
            "__in_place": lambda sign, left, right: self.shaken(BY_SIGN[sign][1](left, right)),
            "__item_in_place": lambda sign, whole, index, right: operator.setitem(
                whole, index, self.shaken(BY_SIGN[sign][1](whole[index], right))
            ),
            "__negative": lambda value: self.shaken(-value),
            "__called": self._called,
            "__stored": lambda value, whole, index: operator.setitem(whole, index, value),
        }

    def shaken(self, value: Any) -> Any:
        """Returns a value with floats that differ a little, in arrays, lists and tuples, too."""
        if isinstance(value, np.ndarray | np.inexact) and value.dtype.kind in "fc":
            relative = max(SHAKE, 16 * float(np.finfo(value.dtype).eps))
            changed = value * (1 + relative * self._rng.uniform(0.5, 1, np.shape(value)))
            return changed.astype(value.dtype)
        if isinstance(value, float | complex):
            return value * (1 + SHAKE * float(self._rng.uniform(0.5, 1)))
        if type(value) is list:
            return [self.shaken(entry) for entry in value]
        if isinstance(value, tuple):
            entries = [self.shaken(entry) for entry in value]
            return type(value)(*entries) if hasattr(value, "_fields") else tuple(entries)
        return value

    def _called(self, function: Any, *arguments: Any, **options: Any) -> Any:
        linear_algebra = str(getattr(function, "__module__", "")).startswith("numpy.linalg")
        given = map(_as_floats, arguments) if linear_algebra else arguments
        return self.shaken(function(*map(self.shaken, given), **options))


def _as_floats(value: Any) -> Any:
    """Integers as floats, as linear algebra takes them: whole ones could not be shaken."""
    return value.astype(float) if isinstance(value, np.ndarray) and value.dtype.kind in "iu" else value

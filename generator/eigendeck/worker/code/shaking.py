"""Arithmetic with numbers that differ in the thirteenth digit, to tell rounding errors from small numbers.

A number that means something changes as little as what it was computed from: 3e-19 stays 3e-19. What rounding has left
of a zero comes out as something else altogether. Card code is run as it is; the functions that its arithmetic was
compiled to (see `overflow`) are others.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from eigendeck.worker.code.overflow import arithmetic

SHAKE = 1e-12  # relative: inputs have no more digits than that


class Shaking:
    """Numbers and arithmetic for one run of card code; each number is changed by another amount."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)
        self.arithmetic: Mapping[str, object] = {**arithmetic(self.shaken), "__called": self._called}

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
        value = function(*map(self.shaken, arguments), **options)
        if str(getattr(function, "__module__", "")).startswith("numpy") and _has_floats(value):
            whole = [_as_floats(argument) for argument in arguments]
            with suppress(Exception):  # counts and places are no floats
                value = function(*map(self.shaken, whole), **options)
        return self.shaken(value)


def _has_floats(value: Any) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return any(isinstance(part, np.ndarray | np.inexact) and part.dtype.kind in "fc" for part in parts)


def _as_floats(value: Any) -> Any:
    """Whole numbers in arrays and lists as floats, as NumPy takes them to compute floats: they could not be shaken."""
    if isinstance(value, np.ndarray):
        return value.astype(float) if value.dtype.kind in "iu" else value
    return (
        [float(entry) if type(entry) is int else _as_floats(entry) for entry in value] if type(value) is list else value
    )

"""What rounding errors leave where there should be nothing: 8.9e-16 beside 20, or alone.

They are told from small numbers by computing again with numbers that differ in the thirteenth digit. A number that
means something changes as little as what it was computed from: 3e-19 stays 3e-19. What rounding has left of a zero
comes out as something else altogether. Card code is run as it is; the functions that its arithmetic was compiled to
(see `code.overflow`) are others.
"""

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from eigendeck.worker.code.overflow import arithmetic
from eigendeck.worker.values import flat

SMALL = 1e-9  # beside the largest number of a value, or beside 1: what is larger is no rounding error
LARGE = 1e12  # what is larger may have been divided by one
TOO_LARGE = 1e300  # what is larger may overflow where numbers differ in their last digits
SHAKE = 1e-12  # relative: inputs have no more digits than that
CHANGED = 0.5  # of a number: by more than that it comes out as another one
_NUMBERS = np.ndarray | np.generic | int | float | complex

Array = np.ndarray[Any, np.dtype[Any]]


def quieted(value: Any, again: Callable[[], Any]) -> Any:
    """Returns a value with zeros in place of its rounding errors.

    again: computes it once more with numbers that differ in their last digits, or returns None where that cannot be.
    """
    if not _is_suspicious(value):
        return value
    other = again()
    return value if other is None else _compared(value, other)


def is_blown_up(value: Any, again: Callable[[], Any]) -> bool:
    """Whether a number in a value is what dividing by such a rest has given: 1.6e16 as the tangent of 90°."""
    numbers = [entry if type(entry) in (float, complex) else 0 for entry in flat(value)]
    if not any(LARGE < abs(number) < TOO_LARGE for number in numbers):
        return False
    others = flat(again())
    return len(others) == len(numbers) and any(
        LARGE < abs(number) < TOO_LARGE
        and type(other) in (float, complex)
        and abs(other - number) > CHANGED * abs(number)
        for number, other in zip(numbers, others, strict=True)
    )


def _is_suspicious(value: Any) -> bool:
    """Whether a number in a value is so small that it may be a rounding error."""
    if isinstance(value, np.ndarray) and value.dtype.kind not in "fc":
        return False
    numbers = [entry for entry in flat(value) if type(entry) in (float, complex)]
    sizes = [size for number in numbers for size in (abs(number.real), abs(number.imag)) if 0 < size < math.inf]
    return bool(sizes) and min(sizes) < SMALL * max(1.0, *sizes)


def _compared(value: Any, other: Any) -> Any:
    if isinstance(value, list | tuple):
        if not isinstance(other, list | tuple) or len(value) != len(other):
            return value
        entries = [_compared(*pair) for pair in zip(value, other, strict=True)]
        return entries if isinstance(value, list) else tuple(entries)
    if not isinstance(value, _NUMBERS) or not isinstance(other, _NUMBERS):
        return value
    array, again = np.asarray(value), np.asarray(other)
    if array.dtype.kind not in "fc" or again.dtype.kind not in "biufc" or array.shape != again.shape:
        return value  # other numbers lead another way: to a text, or to fewer entries
    if array.dtype.kind == "c":
        clean = _without_noise(array.real, again.real) + 1j * _without_noise(array.imag, again.imag)
    else:
        clean = _without_noise(array, again.real)
    return clean.astype(array.dtype) if isinstance(value, np.ndarray) else type(value)(clean[()])


def _without_noise(array: Array, again: Array) -> Array:
    sizes = np.abs(array)
    largest = max(1.0, float(sizes[np.isfinite(sizes)].max(initial=0.0)))
    return np.where((sizes < SMALL * largest) & (np.abs(again - array) > CHANGED * sizes), 0.0, array)


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

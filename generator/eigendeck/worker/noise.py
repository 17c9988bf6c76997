"""What rounding errors leave where there should be nothing: 8.9e-16 beside 20, or alone."""

from collections.abc import Callable
from typing import Any

import numpy as np

from eigendeck.worker.numerals import is_finite
from eigendeck.worker.values import flat

SMALL = 1e-9  # beside the largest number of a value, or beside 1: what is larger is no rounding error
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


def _is_suspicious(value: Any) -> bool:
    """Whether a number in a value is so small that it may be a rounding error."""
    if isinstance(value, np.ndarray) and value.dtype.kind not in "fc":
        return False
    numbers = [entry for entry in flat(value) if isinstance(entry, float | complex)]
    sizes = [abs(part) for number in numbers for part in (number.real, number.imag) if part and is_finite(part)]
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

"""What rounding errors leave where there should be nothing: 8.9e-16 beside 20, or alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from eigendeck.worker.numerals import is_finite
from eigendeck.worker.values import flat

SMALL = 1e-9  # beside the largest number of a value, or beside 1: what is larger is no rounding error
CHANGED = 0.5  # of a number: by more than that it comes out as another one


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
    sizes = [size for entry in flat(value) for size in _sizes(entry) if size and is_finite(size)]
    return bool(sizes) and min(sizes) < SMALL * max(1.0, *sizes)


def _sizes(entry: Any) -> tuple[float, ...]:
    if isinstance(entry, complex):
        return abs(entry.real), abs(entry.imag)
    return (abs(entry),) if isinstance(entry, float) else ()


def _compared(value: Any, other: Any) -> Any:
    if isinstance(value, np.ndarray):
        if np.shape(other) != value.shape or value.dtype.kind not in "fc":
            return value
        if value.dtype.kind == "c":
            return (_compared(value.real, np.real(other)) + 1j * _compared(value.imag, np.imag(other))).astype(
                value.dtype
            )
        sizes = np.abs(value)
        largest = max(1.0, float(sizes[np.isfinite(sizes)].max(initial=0.0)))
        noise = (sizes < SMALL * largest) & (np.abs(other - value) > CHANGED * sizes)
        return np.where(noise, 0.0, value).astype(value.dtype)
    if isinstance(value, float | np.floating) and np.ndim(other) == 0:
        return type(value)(_compared(np.array(float(value)), np.array(float(np.real(other)))))
    if isinstance(value, complex | np.complexfloating) and np.ndim(other) == 0:
        return type(value)(_compared(np.array(complex(value)), np.array(complex(other))))
    if isinstance(value, list | tuple) and isinstance(other, list | tuple) and len(value) == len(other):
        entries = [_compared(*pair) for pair in zip(value, other, strict=True)]
        return entries if isinstance(value, list) else tuple(entries)
    return value

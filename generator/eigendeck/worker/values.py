"""Values of card code as numbers: their entries, copies of them, and whether they are nice."""

import copy
import math
from typing import Any

import numpy as np

from eigendeck.worker.job import Nice
from eigendeck.worker.numerals import is_halfway


def copied(value: Any) -> Any:
    """Returns a value of its own: what changes it leaves the other as it was."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple | dict | set):
        try:
            return copy.deepcopy(value)
        except Exception:  # card code may hang in it what cannot be copied, such as an iterator
            return value
    return value


def flat(value: Any) -> list[Any]:
    """Returns the entries of a value, row-major, as Python's own numbers and texts."""
    if isinstance(value, np.ndarray):
        return list(value.ravel().tolist())
    if isinstance(value, (list, tuple)):
        return [entry for item in value for entry in flat(item)]
    if isinstance(value, np.generic):
        return [value.item()]
    return [value]


def is_nice(value: Any, nice: Nice) -> bool:
    """Whether each number of `value` lies on the grid (or, for `N digits`, is finite and not half-way). Text always is.

    value: without rounding errors: a small number lies on no grid that is coarser than it.
    """
    if nice.grid is None and nice.digits is None:
        return True
    for entry in flat(value):
        if isinstance(entry, str | bool) or entry is None or (isinstance(entry, int) and abs(entry) > 2**53):
            continue  # so large a whole number lies on every grid that a float can tell
        for part in (entry.real, entry.imag) if isinstance(entry, complex) else (entry,):
            if not math.isfinite(part):
                return False
            if nice.grid is not None and not _is_whole(part / nice.grid):
                return False
            if nice.digits is not None and is_halfway(part, nice.digits):
                return False
    return True


def _is_whole(ratio: float) -> bool:
    """Whether a number is whole but for rounding errors."""
    nearest = round(ratio)
    return abs(ratio - nearest) <= (min(max(1e-9, 1e-11 * abs(ratio)), 0.01) if nearest else 0)

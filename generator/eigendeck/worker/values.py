"""Values of card code as numbers: their entries, copies of them, whether they are nice, and whether two are the same.

Numbers are the same, or look the same on a card, beside the size of what is there.
"""

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from eigendeck.worker.job import Nice
from eigendeck.worker.numerals import is_finite, is_halfway, numeral, shared_decimals

SAME = 1e-9  # relative
ROUND_OFF = 1e-12  # what computing leaves of a zero, beside the largest number of an array
UNSEEN = 1e-4  # relative: what it changes of a small number that is none

_LARGEST = 1e300  # beyond it an integer cannot be compared with a float


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


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same but for rounding errors."""
    return _match(one, other, lambda x, y: abs(x - y) <= SAME * abs(x))


def look_the_same(one: Any, other: Any, digits: int | None = None) -> bool:
    """Whether two values would look the same on a card: shown alike, or apart by less than half of the last digit.

    digits: the decimals that the card asks for; what differs in the third decimal looks different even so.
    """
    if isinstance(one, np.ndarray) != isinstance(other, np.ndarray):
        return False
    places = digits
    if isinstance(one, np.ndarray) and one.dtype.kind == "f":
        shared = shared_decimals([size for size in flat(np.abs(one)) if is_finite(size)], digits)
        places = digits if shared is None else shared

    def alike(x: float, y: float) -> bool:
        return (x != 0 and abs(x - y) < 0.5 * numeral(x).unit) or shown(x) == shown(y)

    def shown(number: float) -> tuple[str, int | None]:
        numeral_ = numeral(number, places)
        return numeral_.digits, numeral_.exponent

    return _match(one, other, alike)


def _match(one: Any, other: Any, alike: Callable[[float, float], bool]) -> bool:
    """Whether values have the same shape and entries, of which finite numbers, or their parts, need only be alike."""
    if isinstance(one, str) or isinstance(other, str):
        return bool(isinstance(one, str) and isinstance(other, str) and one == other)
    try:
        same_shape = bool(_shape(one) == _shape(other))
    except ValueError:  # lists may be ragged
        same_shape = bool(_nesting(one) == _nesting(other))
    a, b = flat(one), flat(other)
    if not same_shape or len(a) != len(b):
        return False
    left = 0.0
    if len(a) > 1 or any(isinstance(x, complex) for x in a):
        left = ROUND_OFF * max((size for size in map(_size, (*a, *b)) if is_finite(size)), default=0.0)

    def near(x: float, y: float) -> bool:
        off = abs(x - y)
        return off == 0 or (off <= left and (not x or not y or off <= UNSEEN * abs(x))) or alike(x, y)

    def match(x: Any, y: Any) -> bool:
        if x == y or (x != x and y != y):
            return True
        if isinstance(x, str | int | None) and isinstance(y, str | int | None):
            return False
        numbers = isinstance(x, int | float | complex) and isinstance(y, int | float | complex)
        if not numbers or not (_size(x) < _LARGEST and _size(y) < _LARGEST):  # infinite, or no number
            return False
        return near(x.real, y.real) and near(x.imag, y.imag)

    return all(map(match, a, b))


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of a value, of a number at once. Raises ValueError where it has none."""
    return () if isinstance(value, int | float | complex) else np.shape(value)


def _nesting(value: Any) -> Any:
    """How a ragged value is nested: the lengths of its parts, and of theirs."""
    if isinstance(value, list | tuple):
        return [_nesting(part) for part in value]
    return np.shape(value)


def _size(entry: Any) -> float:
    """How large a number is; nothing for other entries, and endless for an integer that no float can tell."""
    try:
        return float(abs(entry)) if isinstance(entry, int | float | complex) else 0.0
    except OverflowError:
        return math.inf

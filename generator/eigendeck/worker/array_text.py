"""What NumPy prints of an array: for most of those on cards in a tenth of the time that NumPy takes."""

import math
from typing import Any

import numpy as np

PRECISION = 8  # decimals that NumPy prints, where nobody asks for others

_MOST = 200  # entries
_ROW = 70  # characters that NumPy does not break
_LEAST, _SPREAD, _LARGEST = 1e-4, 1e3, 1e8  # sizes of floats, and their ratio, beyond which it takes powers of ten
_OWN = 1e6  # below it all digits up to the precision are the number's own
_TWO_DIGITS = 1e99  # and its inverse: powers of ten that it writes so


def text_of(value: Any, precision: int = PRECISION, *, suppress: bool = False) -> str:
    """Returns `str(value)` as it is with these options of `np.printoptions`."""
    if type(value) is np.ndarray and value.ndim in (1, 2) and 0 < value.size <= _MOST and precision <= PRECISION:
        texts, columns = _texts(value, precision, suppress=suppress), value.shape[-1]
        width = max(map(len, texts), default=_ROW)
        if columns * (width + 1) <= _ROW:
            texts = [text.rjust(width) for text in texts]
            rows = [f"[{' '.join(texts[at : at + columns])}]" for at in range(0, len(texts), columns)]
            return rows[0] if value.ndim == 1 else "[" + "\n ".join(rows) + "]"
    if not isinstance(value, np.ndarray):
        return str(value)
    with np.printoptions(precision=precision, suppress=suppress):
        return str(value)


def _texts(array: np.ndarray, precision: int, *, suppress: bool) -> list[str]:
    """The entries, those of floats as long to the right of their points; nothing where NumPy had better be asked."""
    entries: list[Any] = array.ravel().tolist()
    if array.dtype.kind in "iu":
        return list(map(str, entries))
    if array.dtype.char != "d":
        return []
    sizes = [abs(entry) for entry in entries if entry] or [1.0]
    small, large = min(sizes), max(sizes)
    if not (small > 1 / _TWO_DIGITS and large < _TWO_DIGITS) or any(map(math.isnan, sizes)):
        return []
    if large >= _LARGEST or not (suppress or (small >= _LEAST and large / small <= _SPREAD)):
        mantissas = [f"{entry:#.{precision}e}".partition("e")[0].rstrip("0") for entry in entries]
        longest = max(len(mantissa.partition(".")[2]) for mantissa in mantissas)
        return [f"{entry:#.{longest}e}" for entry in entries]
    if large >= _OWN:
        return []
    parts = [f"{entry:#.{precision}f}".rstrip("0").partition(".") for entry in entries]
    longest = max(len(decimals) for _, _, decimals in parts)
    return [f"{whole}.{decimals.ljust(longest)}" for whole, _, decimals in parts]

"""Numbers and lists in words: what the pictures and their alt texts say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_LISTED = 16


def say(value: float, digits: int = 4) -> str:
    """Returns a number with at most `digits` significant digits and a true minus sign: `−2`, `0.25`, `1.5×10⁶`."""
    size = abs(value)
    if size == 0:
        return "0"
    exponent = int(f"{size:.{digits - 1}e}".split("e")[1])
    if value == int(value) and size < 1e6:
        text = str(int(value))
    elif -4 <= exponent < 6:
        text = _trimmed(f"{value:.{max(0, digits - 1 - exponent)}f}")
    else:
        mantissa = _trimmed(f"{value:.{digits - 1}e}".split("e")[0])
        text = f"{mantissa}×10{str(exponent).translate(_SUPERSCRIPTS)}"
    return text.replace("-", "−")


def say_rounded(value: float, decimals: int) -> str:
    """Returns a number with at most `decimals` decimals: beside others, where small ones need no more digits."""
    if abs(value) >= 1e6 or decimals > 5:
        return say(value, 3)
    return _trimmed(f"{value:.{decimals}f}").replace("-", "−")


def say_pair(pair: Sequence[float]) -> str:
    """Returns `(5, −2)`."""
    return f"({', '.join(map(say, pair))})"


def say_list(values: Sequence[float]) -> str:
    """Returns the numbers in a row, or for many of them how many there are and from where to where they go."""
    if len(values) <= MOST_LISTED:
        return ", ".join(map(say, values))
    return f"{len(values)} numbers from {say(min(values))} to {say(max(values))}"


def say_rows(matrix: Sequence[Sequence[float]]) -> str:
    """Returns `[1, 2; 3, 4]`: the rows of a matrix, parted by semicolons."""
    return f"[{'; '.join(', '.join(map(say, row)) for row in matrix)}]"


def named_pairs(names: Sequence[str], pairs: Sequence[Sequence[float]]) -> str:
    """Returns `u (5, −2) and v (1, 0)`; without names the pairs alone."""
    return listed(
        f"{name} {say_pair(pair)}".strip() for name, pair in zip(names or [""] * len(pairs), pairs, strict=True)
    )


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Returns `a, b and c`."""
    parts = list(parts)
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Returns the texts at an axis's ticks: all with as many decimals as their distance needs."""
    step = min((abs(b - a) for a, b in pairwise(ticks)), default=abs(ticks[0]) if ticks else 1) or 1
    largest = max(map(abs, ticks), default=0)
    needed = math.floor(math.log10(max(largest, step)) + 1e-9) - math.floor(math.log10(step) + 1e-9)
    if (largest >= 1e5 or largest < 1e-3) and needed <= 3:
        return [say(tick, needed + 2) if abs(tick) > step / 1e6 else "0" for tick in ticks]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [_trimmed(f"{tick:.{decimals}f}").replace("-", "−") for tick in ticks]


def _trimmed(text: str) -> str:
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text

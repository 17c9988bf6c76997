r"""Numbers as people read them: in code, in a formula, in words, on paper.

A number is shown without the noise of binary fractions: 12 significant digits are those of the number, what is behind
them is not. One that needs many digits is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

DECIMALS = 3  # of a number that no short decimal gives exactly
MOST_DECIMALS = 6  # of one that a decimal gives exactly

_ROUND_OFF = 1e-11  # what computing leaves of a zero, beside the largest number
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def clean(number: float) -> float:
    """Returns the number to 12 significant digits."""
    return float(f"{number:.12g}")


def typed(number: float) -> str:
    """Returns a float as code with `np` says it."""
    if math.isnan(number):
        return "np.nan"
    if math.isinf(number):
        return "np.inf" if number > 0 else "-np.inf"
    return repr(clean(number))


def decimals(numbers: Iterable[float]) -> int:
    """Returns the fewest decimals that show every one of some numbers exactly, else three that matter.

    A small number keeps three significant digits: 0.0123, not 0.012.
    """
    sizes = [abs(number) for number in numbers if math.isfinite(number)]
    largest = max(sizes, default=0.0)
    sizes = [size for size in sizes if size > _ROUND_OFF * max(1.0, largest)]
    for places in range(MOST_DECIMALS + 1):
        if all(abs(round(size, places) - size) <= 1e-9 * size for size in sizes):
            return places
    return max(DECIMALS, min(12, DECIMALS - 1 - math.floor(math.log10(largest))))


# In a formula


def places(value: float) -> int:
    """Returns to how many decimals a value is rounded if it has many: 3, or as many as show 2 significant digits."""
    return DECIMALS if abs(value) >= 0.0095 or value == 0 else 1 - math.floor(math.log10(abs(value)))


@lru_cache(4096)
def rounded(value: float) -> float:
    """Returns the value that is shown: itself where its digits are few (6 decimals, 8 digits), else rounded."""
    exact = clean(value) + 0.0
    few = round(exact, MOST_DECIMALS) == exact and len(_plain(exact).replace(".", "").lstrip("-0")) <= 8
    return exact if few or exact.is_integer() else clean(round(exact, places(exact))) + 0.0


@lru_cache(4096)
def in_latex(value: float) -> str:
    r"""Returns the LaTeX of a finite number as it is shown: `-0.25`, `0.667`, `4.4\times 10^{-9}`."""
    shown = rounded(value)
    if abs(shown) < 1e15 and (shown.is_integer() or abs(shown) >= 1e-4 or round(shown, MOST_DECIMALS) == shown):
        return _plain(shown)
    digits, exponent = _scientific(shown, 4)
    return rf"{digits}\times 10^{{{exponent}}}"


def whole_in_latex(value: int) -> str:
    """Returns the LaTeX of an integer of any size."""
    if abs(value) < 10**18:
        return str(value)
    digits, exponent = f"{Decimal(value):.3e}".split("e")
    return rf"{digits}\times 10^{{{int(exponent)}}}"


def _plain(value: float) -> str:
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


# In words, with a true minus sign


def in_words(value: float, digits: int = 4) -> str:
    """Returns a number with at most `digits` significant digits: `−2`, `0.25`, `1.5×10⁶`."""
    size = abs(value)
    if size == 0:
        return "0"
    mantissa, exponent = _scientific(value, digits)
    if value == int(value) and size < 1e6:
        text = str(int(value))
    elif -4 <= exponent < 6:
        text = fixed(value, max(0, digits - 1 - exponent))
    else:
        text = f"{mantissa}×10{str(exponent).translate(_SUPERSCRIPTS)}"
    return text.replace("-", "−")


def at_ticks(ticks: Sequence[float]) -> list[str]:
    """Returns the texts at an axis's ticks: all with as many decimals as their distance needs."""
    step = min((abs(b - a) for a, b in pairwise(ticks)), default=abs(ticks[0]) if ticks else 1) or 1
    largest = max(map(abs, ticks), default=0)
    needed = math.floor(math.log10(max(largest, step)) + 1e-9) - math.floor(math.log10(step) + 1e-9)
    if (largest >= 1e5 or largest < 1e-3) and needed <= 3:
        return [in_words(tick, needed + 2) if abs(tick) > step / 1e6 else "0" for tick in ticks]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [fixed(tick, decimals).replace("-", "−") for tick in ticks]


# On paper, and in messages


def fixed(value: float, decimals: int) -> str:
    """Returns a number with at most so many decimals, none of them a zero at the end, and no negative zero."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def brief(value: float) -> str:
    """Returns a number as a message shows it."""
    return f"{value + 0:.6g}"


def _scientific(value: float, digits: int) -> tuple[str, int]:
    """The digits of a number, so many at most, and its power of ten."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa, int(exponent)

r"""Numbers as people read them: one rule for all that shows them, in code, in a formula, in words.

A number with few digits is shown as it is; one with many is rounded to three decimals, or where it is smaller than 0.1
to three significant digits. What is tiny or huge is written with a power of ten: `6.626e-34`, `6.626\times 10^{-34}`.
Twelve significant digits are the number's own, what is behind them is the noise of binary fractions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

DECIMALS = 3  # of a number that no short decimal gives exactly
MOST_DECIMALS, MOST_DIGITS = 6, 8  # of one that a decimal gives exactly
SMALL, LARGE = 1e-4, 1e9  # what lies between is written without a power of ten, as Python and NumPy do
LONGEST = 15  # digits of a whole number that is written without one

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A finite number as it is shown.

    digits: with the sign, and without the power of ten. exponent: of that power, None where there is none. exact: no
    digit of the number's own is missing. unit: the worth of one in the last place to which it is rounded, or would be.
    """

    digits: str
    exponent: int | None
    exact: bool
    unit: float

    @property
    def value(self) -> float:
        """What is shown, as a number."""
        return float(self.digits if self.exponent is None else f"{self.digits}e{self.exponent}")

    @property
    def code(self) -> str:
        """The number in Python, `6.626e-34`, and a whole one as a float, `49.0`."""
        if self.exponent is not None:
            return f"{self.digits}e{self.exponent:+03d}"
        return self.digits if "." in self.digits else f"{self.digits}.0"

    @property
    def spec(self) -> str:
        """The format by which Python writes `code`."""
        decimals = len(self.digits.partition(".")[2])
        return f".{max(decimals, 1)}f" if self.exponent is None else f".{decimals}e"

    @property
    def latex(self) -> str:
        r"""The number in a formula: `4.4\times 10^{-9}`."""
        return self.digits if self.exponent is None else rf"{self.digits}\times 10^{{{self.exponent}}}"


@lru_cache(4096, typed=True)  # 10**12 and 1e12 are equal, and shown differently
def numeral(number: float, digits: int | None = None) -> Numeral:
    """Returns a finite number as it is shown. digits: the decimals that a card asks for; None leaves it to the rule."""
    if isinstance(number, int):
        return _whole(number)
    if not (number.is_integer() and abs(number) < 2**53):
        number = clean(number)
    if number == 0:
        return Numeral("0", None, True, 10.0**-DECIMALS)
    mantissa, exponent = scientific(number, 16)
    if abs(number) < SMALL or (abs(number) >= LARGE and len(mantissa.strip("-")) < 6) or exponent >= LONGEST:
        places = DECIMALS if digits is None else digits
        exact = len(mantissa.partition(".")[2]) <= (MOST_DECIMALS if digits is None else digits)
        mantissa, exponent = (mantissa, exponent) if exact else scientific(number, places + 1)
        return Numeral(mantissa, exponent, exact, 10.0 ** (exponent - places))
    plain = str(int(number)) if number.is_integer() else format(Decimal(repr(number)), "f")
    places = _places(exponent, digits)
    exact = _is_short(plain, digits)
    return Numeral(plain if exact else fixed(number, places), None, exact, 10.0**-places)


def is_halfway(number: float, digits: int) -> bool:
    """Whether a number lies half-way between two of so many decimals: 14.225 is 14.23 on paper, and 14.22 to Python."""
    if isinstance(number, int):
        return False
    return abs(Decimal(f"{number:.12g}") / Decimal(str(numeral(number, digits).unit)) % 1) == Decimal("0.5")


def _is_short(plain: str, digits: int | None) -> bool:
    """Whether a number without a power of ten is shown with all its digits."""
    decimals = len(plain.partition(".")[2])
    if digits is not None or decimals <= DECIMALS:
        return decimals <= (DECIMALS if digits is None else digits)
    return decimals <= MOST_DECIMALS and len(plain.replace(".", "").lstrip("-0")) <= MOST_DIGITS


def _places(exponent: int, digits: int | None) -> int:
    """To how many decimals a number is rounded whose first digit stands at a power of ten.

    A small number keeps three significant digits: 0.0123, not 0.012. Where a card asks for decimals it gets them, as
    long as they show something of the number.
    """
    if digits is None:
        return max(DECIMALS, DECIMALS - 1 - exponent)
    return digits if exponent >= -digits else max(digits, 1) - 1 - exponent


def _whole(number: int) -> Numeral:
    """An integer has all its digits, unless there are too many to be read."""
    if abs(number) < 10**18:
        return Numeral(str(number), None, True, 10.0**-DECIMALS)
    mantissa, exponent = f"{Decimal(number):.{DECIMALS}e}".split("e")
    exact = Decimal(mantissa).scaleb(int(exponent)) == number
    unit = 10.0 ** min(int(exponent) - DECIMALS, 300)  # of a whole number beyond all floats it only has to be large
    return Numeral(_trimmed(mantissa), int(exponent), exact, unit)


def is_finite(number: float) -> bool:
    """Whether a number is neither infinite nor no number; a whole one may be beyond all floats."""
    return isinstance(number, int) or math.isfinite(number)


def shared_decimals(numbers: Sequence[float], digits: int | None = None) -> int | None:
    """Returns to how many decimals the numbers of an array are shown, or None where each is shown by itself.

    They are where all are exact, and where one needs a power of ten. The smallest keeps two significant digits, or one
    where the card asks for decimals.
    """
    shown = [numeral(number, digits) for number in numbers if is_finite(number)]
    if all(each.exact for each in shown) or any(each.exponent is not None for each in shown):
        return None
    smallest = min(abs(each.value) for each in shown if each.value)
    needed = (1 if digits is None else 0) - math.floor(math.log10(smallest))
    return max(DECIMALS if digits is None else digits, needed)


def clean(number: float) -> float:
    """Returns the number to 12 significant digits."""
    return float(f"{number:.12g}")


def typed(number: float) -> str:
    """Returns a float as code with `np` says it."""
    if -LARGE < number < LARGE:
        return repr(clean(number))
    if math.isnan(number):
        return "np.nan"
    if math.isinf(number):
        return "np.inf" if number > 0 else "-np.inf"
    plain = repr(clean(number))
    mantissa, exponent = scientific(number, 12)
    powered = f"{mantissa}e{exponent}"
    return powered if len(powered) < len(plain) - 3 else plain


def scientific(number: float, digits: int) -> tuple[str, int]:
    """Returns the digits of a number, so many at most, and its power of ten."""
    mantissa, exponent = f"{number:.{digits - 1}e}".split("e")
    return _trimmed(mantissa), int(exponent)


def fixed(number: float, decimals: int) -> str:
    """Returns a number with at most so many decimals, none of them a zero at the end, and no negative zero."""
    text = _trimmed(f"{number:.{decimals}f}")
    return "0" if text == "-0" else text


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


# In words, with a true minus sign


def in_words(number: float, digits: int = 4) -> str:
    """Returns a number with at most `digits` significant digits: `−2`, `0.25`, `1.5×10⁶`.

    What three decimals give exactly has all its digits: beside 412.5 on a card no picture says 412.
    """
    if number == 0:
        return "0"
    mantissa, exponent = scientific(number, digits)
    if number == int(number) and abs(number) < 1e6:
        text = str(int(number))
    elif -4 <= exponent < 6:
        text = fixed(number, DECIMALS)
        if not math.isclose(float(text), number, rel_tol=1e-12):
            text = fixed(number, max(0, digits - 1 - exponent))
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


# In messages


def brief(number: float) -> str:
    """Returns a number as a message shows it."""
    return f"{number + 0:.6g}"

"""What card code sees as `math`: the listed names, those that grow fast guarded against results nobody could read."""

import math
from collections.abc import Callable
from operator import index
from types import SimpleNamespace
from typing import Any

from eigendeck.worker.allowlist import MATH
from eigendeck.worker.code.strict import NumericFault

DIGITS = 3_000  # of a whole number: Python itself writes out no more than 4,300


def math_view() -> SimpleNamespace:
    """Returns the names of `math` that are on the allow-list."""
    guarded = {"comb": _comb, "factorial": _factorial, "lcm": _lcm, "perm": _perm}
    return SimpleNamespace(**{name: guarded.get(name, getattr(math, name)) for name in MATH})


def _comb(n: Any, k: Any, /) -> int:
    return _unless_long("comb", math.comb, _factors(n, min(index(k), index(n) - index(k))), n, k)


def _perm(n: Any, k: Any = None, /) -> int:
    return _unless_long("perm", math.perm, _factors(n, n if k is None else k), n, k)


def _factorial(n: Any, /) -> int:
    return _unless_long("factorial", math.factorial, _factors(n, n), n)


def _lcm(*integers: Any) -> int:
    return _unless_long("lcm", math.lcm, sum(index(n).bit_length() for n in integers), *integers)


def _factors(largest: Any, count: Any) -> int:
    """The most bits that a product of so many numbers up to the largest has."""
    return max(index(count), 0) * index(largest).bit_length()


def _unless_long(name: str, function: Callable[..., int], bits: int, *arguments: Any) -> int:
    """The value of a function that may have so many bits: computed only where nobody has to wait for it.

    Raises NumericFault where it has more digits than anybody would read.
    """
    value = 0 if bits > 8 * DIGITS else function(*arguments)  # four times what fits: `bits` is a rough upper bound
    if bits > 8 * DIGITS or abs(value) >= 10**DIGITS:
        raise NumericFault(
            f"`math.{name}` would have more than {DIGITS:,} digits",
            "Draw smaller numbers, or compute with its logarithm: math.lgamma(n + 1) is that of n!.",
        )
    return value

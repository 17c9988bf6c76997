"""What card code sees as `math`: the listed names, those that grow fast guarded against results nobody could read."""

import math
from collections.abc import Callable
from operator import index
from types import SimpleNamespace
from typing import Any

from eigendeck.worker.allowlist import MATH
from eigendeck.worker.code.strict import NumericFault

DIGITS = 3_000  # of a whole number: Python itself writes out no more than 4,300


# The most bits that a result may have, by what it is called with.
_BITS: dict[str, Callable[..., int]] = {
    "comb": lambda n, k: _factors(n, min(index(k), index(n) - index(k))),
    "factorial": lambda n: _factors(n, n),
    "lcm": lambda *integers: sum(index(n).bit_length() for n in integers),
    "perm": lambda n, k=None: _factors(n, n if k is None else k),
}


def math_view() -> SimpleNamespace:
    """Returns the names of `math` that are on the allow-list."""
    return SimpleNamespace(**{name: _guarded(name) if name in _BITS else getattr(math, name) for name in MATH})


def _factors(largest: Any, count: Any) -> int:
    """The most bits that a product of so many numbers up to the largest has."""
    return max(index(count), 0) * index(largest).bit_length()


def _guarded(name: str) -> Callable[..., int]:
    """The function of that name, which computes only where nobody has to wait for it, or would not read the result."""

    def guarded(*arguments: Any) -> int:
        bits = _BITS[name](*arguments)
        small = bits <= 8 * DIGITS  # four times what fits: `bits` is a rough upper bound
        value: int = getattr(math, name)(*arguments) if small else 0
        if not small or abs(value) >= 10**DIGITS:
            raise NumericFault(
                f"`math.{name}` would have more than {DIGITS:,} digits",
                "Draw smaller numbers, or compute with its logarithm: math.lgamma(n + 1) is that of n!.",
            )
        return value

    return guarded

"""The range of an axis and the round numbers along it."""

import math
from collections.abc import Iterable, Sequence

Span = tuple[float, float]


def span(values: Iterable[float], pad: float = 0.06) -> Span:
    """Returns a range that holds the values with a margin; never an empty one."""
    listed = list(values)
    low, high = min(listed), max(listed)
    least = max(abs(low), abs(high)) * 1e-6  # narrower, and floating point has no digits left for ticks
    if high - low <= least:
        reach = max(abs(low), abs(high)) * 0.5 or 1.0
        return low - reach, high + reach
    margin = (high - low) * pad
    return low - margin, high + margin


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Returns at most `most` round numbers in the range: multiples of 1, 2, 4 or 5 times a power of ten."""
    exponent = math.floor(math.log10((high - low) / most))
    powers = (exponent, exponent + 1, exponent + 2)
    chosen = _multiples(low, high, most, [base * 10.0**power for power in powers for base in (1, 2, 5)])
    if len(chosen) < 3:  # 4 is a step that readers take less easily, but better than a bare axis
        other = _multiples(low, high, most, [4 * 10.0**power for power in powers])
        chosen = other if len(other) > len(chosen) else chosen
    return chosen


def _multiples(low: float, high: float, most: int, steps: Sequence[float]) -> list[float]:
    for step in steps:
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [round(n * step, 12 - math.floor(math.log10(step))) + 0.0 for n in range(first, last + 1)]
    return []

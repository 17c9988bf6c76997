"""Numbers and lists in words: what the pictures and their alt texts say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eigendeck.worker.numerals import at_ticks as tick_texts
from eigendeck.worker.numerals import fixed
from eigendeck.worker.numerals import in_words as say

__all__ = ["listed", "say", "say_list", "say_pair", "say_rounded", "say_rows", "tick_texts"]

MOST_LISTED = 16


def say_rounded(value: float, decimals: int) -> str:
    """Returns a number with at most `decimals` decimals: beside others, where small ones need no more digits."""
    if abs(value) >= 1e6 or decimals > 5:
        return say(value, 3)
    return fixed(value, decimals).replace("-", "−")


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

"""Numbers and lists in words: what the pictures and their alt texts say."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from eigendeck.phrases import ENGLISH, Phrases
from eigendeck.worker import numerals

MOST_LISTED = 16

say, tick_texts = numerals.in_words, numerals.at_ticks


_PHRASES = ContextVar("phrases", default=ENGLISH)  # of the deck whose pictures are drawn


@contextmanager
def told_in(phrases: Phrases) -> Iterator[None]:
    """Has pictures and their alt texts speak a language as long as it is open."""
    token = _PHRASES.set(phrases)
    try:
        yield
    finally:
        _PHRASES.reset(token)


def tell(name: str, /, **values: object) -> str:
    """Returns a phrase about pictures, filled in, in the deck's language."""
    return _PHRASES.get().say(f"plot.{name}", **values)


def rowed(parts: Iterable[str], sign: str = "comma") -> str:
    """Returns `a, b, c`, parted by the comma or the `semicolon` of the deck's language."""
    return _PHRASES.get()[f"list.{sign}"].join(parts)


def say_rounded(value: float, decimals: int) -> str:
    """Returns a number with at most `decimals` decimals: beside others, where small ones need no more digits."""
    if abs(value) >= 1e6 or decimals > 5:
        return say(value, 3)
    return numerals.fixed(value, decimals).replace("-", "−")


def exact_decimals(value: float) -> int:
    """Returns how many decimals a number of at most four digits needs; 0 for others, which are rounded anyway."""
    text = f"{value:.4g}"
    if not math.isclose(float(text), value, rel_tol=1e-9):
        return 0
    digits, _, power = text.partition("e")
    return max(0, len(digits.partition(".")[2]) - int(power or 0))


def say_pair(pair: Sequence[float]) -> str:
    """Returns `(5, −2)`."""
    return f"({', '.join(map(say, pair))})"


def say_list(values: Sequence[float]) -> str:
    """Returns the numbers in a row, or for many of them how many there are and from where to where they go."""
    if len(values) <= MOST_LISTED:
        return rowed(map(say, values))
    return tell("many", count=len(values), low=say(min(values)), high=say(max(values)))


def say_rows(matrix: Sequence[Sequence[float]]) -> str:
    """Returns `[1, 2; 3, 4]`: the rows of a matrix, parted by semicolons."""
    return f"[{'; '.join(', '.join(map(say, row)) for row in matrix)}]"


def named_pairs(names: Sequence[str], pairs: Sequence[Sequence[float]]) -> str:
    """Returns `u (5, −2) and v (1, 0)`; without names the pairs alone."""
    return listed(
        f"{name} {say_pair(pair)}".strip() for name, pair in zip(names or [""] * len(pairs), pairs, strict=True)
    )


def sentences(*parts: str) -> str:
    """Returns sentences behind each other; those that are empty are left out."""
    return " ".join(filter(None, parts))


def in_turn(parts: Iterable[str]) -> str:
    """Returns `a, then b, then c`."""
    return f"{tell('then')} ".join(parts)


def listed(parts: Iterable[str]) -> str:
    """Returns `a, b and c`."""
    parts = list(parts)
    return f" {tell('and')} ".join([rowed(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)

"""Arithmetic that says what NumPy passes over in silence: infinity, not-a-number, and warnings.

Card code runs inside `strictly`. What the card allows is let through, and so is what an author's own `np.errstate` does
inside it.
"""

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

from eigendeck.worker.budget import DEPTH

INFINITY, NAN = "inf", "nan"  # the words of `allow`


class NumericFault(ArithmeticError):
    """A number that would be wrong without a word; the message says which, `hint` what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


_MEANT = "Draw inputs for which it does not happen, or write `allow: [{}]` where it is meant."
_IN_PLACE = (
    "What works in place returns nothing: end with the name of what it changes, or write `np.sort(x)` for `x.sort()`."
)
# By the flag of the processor that NumPy passes on: the word of `allow` that lets it pass, and what has happened.
_FLAGS = {
    1: (INFINITY, "division by zero, or a logarithm of zero: it gives infinity"),
    2: (INFINITY, "overflow: a number leaves the range of its type"),
    8: (NAN, "not a number: a root or logarithm of something negative, 0 / 0, or what no whole number can hold"),
}


def strictly(allow: Collection[str] = ()) -> np.errstate:
    """Returns the context in which card code runs.

    allow: `inf` and `nan`, where the card means them. What becomes too small to be told from zero passes: it is no
    fault of an intermediate value, and `lost` finds an answer that was lost in this way.
    """

    def called(_: str, flag: int) -> None:
        word, message = next(words for bit, words in _FLAGS.items() if flag & bit)
        if word not in allow:
            raise NumericFault(message, _MEANT.format(word))

    invalid: Literal["call", "ignore"] = "ignore" if NAN in allow else "call"
    return np.errstate(divide="call", over="call", invalid=invalid, under="ignore", call=called)


@contextmanager
def warnings_are_errors() -> Iterator[None]:
    """The context of all card code: a warning is an error, unless it is of numbers that may be none."""
    with warnings.catch_warnings(action="error"):
        warnings.filterwarnings("always", category=RuntimeWarning)
        warnings.showwarning = _raised
        yield


def _raised(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    """NumPy warns of an empty mean, and of others that give no number, in words alone, whatever `np.errstate` says."""
    if np.geterr()["invalid"] != "ignore":
        raise NumericFault(f"{category.__name__}: {message}", _MEANT.format(NAN))


@contextmanager
def leniently() -> Iterator[None]:
    """The context of the mistake: that a number overflows, or is none, may be the point of it."""
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        yield


def fault_of_value(value: Any, allow: Collection[str], depth: int = 0) -> tuple[str, str] | None:
    """Returns what is wrong with a value that a card would show, and what to write instead; nothing where it is fine.

    Numbers of arithmetic were stopped where they arose; what is left was written down, or came out of Python's own.
    """
    if value is None:
        return "is None", _IN_PLACE
    if isinstance(value, (list, tuple)):
        if depth > DEPTH:  # it may hold itself; too deep to be shown it is in any case
            return None
        return next((fault for part in value if (fault := fault_of_value(part, allow, depth + 1))), None)
    kind = np.asarray(value).dtype.kind if isinstance(value, np.ndarray | np.inexact | float | complex) else ""
    if kind in ("f", "c") and not np.isfinite(value).all():
        if INFINITY not in allow and np.isinf(value).any():
            return "is infinite" if np.ndim(value) == 0 else "has an infinite entry", _MEANT.format(INFINITY)
        if NAN not in allow and np.isnan(value).any():
            return "is not a number" if np.ndim(value) == 0 else "has an entry that is no number", _MEANT.format(NAN)
    return None


def is_lost(value: Any) -> bool:
    """Whether nothing is left of a float: all of it is zero, or so small that its digits are gone."""
    if not isinstance(value, np.ndarray | np.floating | float):
        return False
    if np.asarray(value).dtype.kind != "f" or not np.size(value):
        return False
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(value) < np.finfo(np.asarray(value).dtype).smallest_normal))

"""Values of card code as cards show them: how code prints them without noise, and whether two look the same."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from eigendeck.worker import numerals
from eigendeck.worker.budget import ELEMENTS, TEXT
from eigendeck.worker.job import Value
from eigendeck.worker.literals import literal, name_of, refuse_array, refuse_text
from eigendeck.worker.values import alike, close, flat

_NOISE = re.compile(r"np\.|array\(|\d\.\d{7}|\de[+-]?\d|(?<![\w.])-0\.?0*(?![\d.])")
_EXPONENT = re.compile(r"e[+-]?\d+")


def describe(value: Any, printed: str | None = None, most: int = ELEMENTS, made: str | None = None) -> Value:
    """Returns a value as cards take it.

    printed, made: how it prints and its literal, where they are known already.

    Raises:
        Unshowable: see `literal`.
    """
    drawn = isinstance(value, np.ndarray) and ELEMENTS < value.size <= most  # for a plot: it is never printed
    if drawn:
        refuse_array(value, most)
        if value.dtype.kind == "U":
            refuse_text("".join(value.ravel().tolist()), TEXT)
    text = "" if drawn else made if made is not None else literal(value)
    if printed is None:
        printed = show(value)[1] if text else ""
    numbers = tuple("None" if entry is None else entry for entry in flat(value))
    if isinstance(value, np.ndarray):
        return Value("array", text, printed, value.shape, name_of(value.dtype), numbers)
    if isinstance(value, bool | np.bool_):
        return Value("bool", text, printed, (), "bool", numbers)
    if isinstance(value, int | float | complex | np.number):
        return Value("number", text, printed, (), type(value).__name__, numbers)
    return Value("text" if isinstance(value, str) else "sequence", text, printed, None, "", numbers)


def show(value: Any, digits: int | None = None) -> tuple[str, str]:
    """Returns how code prints `value` without noise, and what then stands there.

    The first is the argument of `print` with `{}` for the expression: plain where plain is clean, else with the
    rounding or the conversion that makes it so. digits: decimals asked for; None chooses.
    """
    plain = str(value)
    if not isinstance(value, float | complex | np.number | np.ndarray | list | tuple):
        return "{}", plain
    if isinstance(value, np.ndarray) and value.dtype.kind == "U":  # what looks like noise in it is its text
        return "{}", plain
    if not _noisy(plain) and (digits is None or not _longer(plain, digits)):
        return "{}", plain
    places = digits if digits is not None else decimals(value)
    found = [("{}", plain), *((wrapped, str(shown)) for wrapped, shown in _conversions(value, places))]
    clean = [pair for pair in found[1:] if not _noisy(pair[1])]
    # Numbers too large or too small for plain digits keep their exponent.
    short = [pair for pair in found if not _noisy(_EXPONENT.sub("", pair[1]))]
    return [*clean, *short, *found][0]


def decimals(value: Any) -> int:
    """Returns the fewest decimals that show every number of `value` exactly, else three that matter.

    A small number keeps three significant digits: 0.0123, not 0.012.
    """
    parts = [
        abs(part)
        for entry in flat(value)
        if isinstance(entry, float | complex)  # a whole number needs none
        for part in ((entry.real, entry.imag) if isinstance(entry, complex) else (entry,))
    ]
    return numerals.decimals(parts)


def look_the_same(one: Any, other: Any, digits: int | None = None) -> bool:
    """Whether two values would look the same on a card: printed alike, or equal at the shown precision."""
    if isinstance(one, np.ndarray) != isinstance(other, np.ndarray):
        return False
    if isinstance(one, str) or isinstance(other, str):
        return bool(one is other or (isinstance(one, str) and isinstance(other, str) and one == other))
    if show(one, digits)[1] == show(other, digits)[1]:
        return True
    if not alike(one, other):
        return False
    a, b = flat(one), flat(other)
    places = max(digits if digits is not None else decimals(one), numerals.DECIMALS)
    return len(a) == len(b) and all(close(x, y, 0.5 * 10.0**-places) for x, y in zip(a, b, strict=True))


def _conversions(value: Any, places: int) -> list[tuple[str, Any]]:
    """The ways to print a value without noise, plainest first: the code with `{}` for the value, and what it gives."""
    if isinstance(value, list | tuple):
        return _conversions_of_list(value, places)
    rounded = np.round(value, places)
    return [
        (f"np.round({{}}, {places})", rounded),
        (f"np.round({{}}, {places}) + 0", rounded + 0),  # turns -0.0 into 0.0
        (f"(np.round({{}}, {places}) + 0).tolist()", (rounded + 0).tolist()),
    ]


def _conversions_of_list(value: list[Any] | tuple[Any, ...], places: int) -> list[tuple[str, Any]]:
    try:
        array = np.array(value)
    except ValueError:  # rows of different lengths
        return []
    kind = tuple if isinstance(value, tuple) else list
    wrap = "tuple({})" if kind is tuple else "{}"
    found: list[tuple[str, Any]] = []
    if array.dtype.kind in "iub" or (array.dtype.kind == "U" and all(isinstance(entry, str) for entry in flat(value))):
        found.append(("np.array({}).tolist()", array))
    if array.dtype.kind in "iufcb":
        rounded = np.round(array, places)
        found.append((f"np.round({{}}, {places}).tolist()", rounded))
        found.append((f"(np.round({{}}, {places}) + 0).tolist()", rounded + 0))
    return [(wrap.format(code), kind(made.tolist())) for code, made in found]


def _noisy(text: str) -> bool:
    return bool(_NOISE.search(text))


def _longer(text: str, digits: int) -> bool:
    return bool(re.search(rf"\.\d{{{digits + 1}}}", text))

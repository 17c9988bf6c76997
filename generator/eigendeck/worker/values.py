"""Values of card code: their literals, how they print, whether they are nice, and whether two look the same."""

from __future__ import annotations

import copy
import math
import re
from typing import Any

import numpy as np

MOST_ELEMENTS = 2_000
MOST_DEPTH = 5
WIDTH = 36  # characters of code on a phone
DISPLAYED_DIGITS = 3  # of a number that no short decimal gives exactly

_PLAIN_DTYPES = {"int64", "float64", "bool", "complex128"}  # what np.array makes of a literal by itself
_NOISE = re.compile(r"np\.|array\(|\d\.\d{7}|\de[+-]?\d|(?<![\w.])-0\.?0*(?![\d.])")


class Unshowable(Exception):
    """A value that a card cannot show; the message says what it is."""


def is_function(value: Any) -> bool:
    """Whether a value can only be shown as the source that made it."""
    return callable(value)


def through_literal(value: Any) -> Any:
    """Returns the value that the shown literal of `value` makes: floats keep 12 significant digits.

    What runs is then what a reader sees and can type. NumPy's scalars become Python's.
    """
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return _shortened(float(value))
    if isinstance(value, complex | np.complexfloating):
        return complex(_shortened(float(value.real)), _shortened(float(value.imag)))
    if isinstance(value, np.ndarray):
        _refuse_unshowable_array(value)
        if value.dtype.kind not in "fc":
            return np.array(value)
        flat = [through_literal(item) for item in value.ravel().tolist()]
        return np.array(flat, dtype=value.dtype).reshape(value.shape)
    if isinstance(value, list | tuple):
        return type(value)(through_literal(item) for item in value)
    return copy.deepcopy(value)


def literal(value: Any, depth: int = 0) -> str:
    """Returns Python that makes `value` again, given `np`; floats with 12 significant digits.

    Raises:
        Unshowable: too large, too deep, or of a kind that has no literal.
    """
    if depth > MOST_DEPTH:
        raise Unshowable(f"is nested more than {MOST_DEPTH} deep")
    if isinstance(value, bool | np.bool_) or value is None:
        return str(value)
    if isinstance(value, int | np.integer):
        if abs(int(value)).bit_length() > 2_000:
            raise Unshowable("is an integer of more than 600 digits")
        return str(int(value))
    if isinstance(value, float | np.floating):
        return _float_literal(float(value))
    if isinstance(value, complex | np.complexfloating):
        real, imaginary = _shortened(float(value.real)), _shortened(float(value.imag))
        if not (math.isfinite(real) and math.isfinite(imaginary)):
            return f"complex({_float_literal(real)}, {_float_literal(imaginary)})"
        return repr(complex(real, imaginary))
    if isinstance(value, str):
        if len(value) > MOST_ELEMENTS:
            raise Unshowable(f"is a text of {len(value):,} characters; at most {MOST_ELEMENTS:,} fit on a card")
        return repr(str(value))
    if isinstance(value, np.ndarray):
        return _array_literal(value)
    if isinstance(value, list | tuple):
        if len(value) > MOST_ELEMENTS:
            raise Unshowable(f"has {len(value):,} elements; at most {MOST_ELEMENTS:,} fit on a card")
        inner = ", ".join(literal(item, depth + 1) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    raise Unshowable(f"is a {type(value).__name__}, which a card cannot show: give numbers, text or an array")


def assignment(name: str, value: Any) -> str:
    """Returns the line that makes a value: a matrix too wide for a phone gets a line for each row."""
    line = f"{name} = {literal(value)}"
    if not isinstance(value, np.ndarray) or value.ndim < 2 or value.size == 0 or len(line) <= WIDTH:
        return line
    before = f"{name} = np.array(["
    rows = [literal(row) for row in value.tolist()]
    after = literal(value).removeprefix(f"np.array({literal(value.tolist())}")
    return before + (",\n" + " " * len(before)).join(rows) + "]" + after


def compact(value: Any) -> str:
    """Returns `value` as running text shows it: `[5, 2, -1]`, without the `np.array` around it."""
    return literal(value.tolist()) if isinstance(value, np.ndarray) else literal(value)


def describe(value: Any, printed: str | None = None, most: int = MOST_ELEMENTS) -> dict[str, Any]:
    """Returns a value as plain JSON: kind, literal, printed text, shape, dtype, flat numbers.

    Raises:
        Unshowable: see `literal`.
    """
    if isinstance(value, np.ndarray) and value.size > MOST_ELEMENTS and value.size <= most:
        text = ""  # for a plot: it is drawn, never printed
    else:
        text = literal(value)
    kind, shape, dtype = "sequence", None, ""
    if isinstance(value, np.ndarray):
        kind, shape, dtype = "array", list(value.shape), str(value.dtype)
    elif isinstance(value, bool | np.bool_):
        kind, shape, dtype = "bool", [], "bool"
    elif isinstance(value, int | float | complex | np.number):
        kind, shape, dtype = "number", [], type(value).__name__
    elif isinstance(value, str):
        kind = "text"
    return {
        "kind": kind,
        "literal": text,
        "printed": printed if printed is not None else show(value)[1] if text else "",
        "shape": shape,
        "dtype": dtype,
        "numbers": [_plain(item) for item in flat(value)],
    }


def flat(value: Any) -> list[Any]:
    """Returns the entries of a value, row-major, as Python's own numbers and texts."""
    if isinstance(value, np.ndarray):
        return list(value.ravel().tolist())
    if isinstance(value, list | tuple):
        return [entry for item in value for entry in flat(item)]
    if isinstance(value, np.generic):
        return [value.item()]
    return [value]


def is_nice(value: Any, nice: dict[str, Any]) -> bool:
    """Whether every number of `value` lies on the grid (or, for `N digits`, is finite). Text always is."""
    if nice.get("grid") is None and nice.get("digits") is None:
        return True
    for entry in flat(value):
        if isinstance(entry, str | bool) or entry is None:
            continue
        for part in (entry.real, entry.imag) if isinstance(entry, complex) else (entry,):
            if not math.isfinite(part):
                return False
            if nice.get("grid") is not None:
                ratio = part / nice["grid"]
                if abs(ratio - round(ratio)) > 1e-9 * max(1.0, abs(ratio)):
                    return False
    return True


def show(value: Any, digits: int | None = None) -> tuple[str, str]:
    """Returns how code prints `value` without noise, and what then stands there.

    The first is the argument of `print` with `{}` for the expression: plain where plain is clean, else with the
    rounding or the conversion that makes it so. digits: decimals asked for; None chooses.
    """
    plain = str(value)
    if not isinstance(value, float | complex | np.number | np.ndarray | list | tuple):
        return "{}", plain
    places = digits if digits is not None else decimals(value)
    if not _noisy(plain) and (digits is None or not _longer(plain, digits)):
        return "{}", plain
    for wrapped, shown in _conversions(value, places):
        text = str(shown)
        if not _noisy(text) or wrapped.endswith(".tolist()"):
            return wrapped, text
    return "{}", plain


def decimals(value: Any) -> int:
    """Returns the fewest decimals that show every number of `value` exactly, else three that matter.

    A small number keeps three significant digits: 0.0123, not 0.012.
    """
    parts = [
        float(part)
        for entry in flat(value)
        if isinstance(entry, int | float | complex)
        for part in ((entry.real, entry.imag) if isinstance(entry, complex) else (entry,))
        if math.isfinite(part)
    ]
    for places in range(7):
        if all(abs(round(part, places) - part) <= 1e-9 * max(1.0, abs(part)) for part in parts):
            return places
    largest = max((abs(part) for part in parts), default=1.0)
    return max(DISPLAYED_DIGITS, min(12, DISPLAYED_DIGITS - 1 - math.floor(math.log10(largest))) if largest else 0)


def look_the_same(one: Any, other: Any, digits: int | None = None) -> bool:
    """Whether two values would look the same on a card: same shape, and equal at the shown precision."""
    if isinstance(one, np.ndarray) != isinstance(other, np.ndarray):
        return False
    if isinstance(one, str) or isinstance(other, str):
        return bool(one is other or (isinstance(one, str) and isinstance(other, str) and one == other))
    if not _alike(one, other):
        return False
    a, b = flat(one), flat(other)
    places = max(digits if digits is not None else decimals(one), DISPLAYED_DIGITS)
    return len(a) == len(b) and all(_close(x, y, 0.5 * 10.0**-places) for x, y in zip(a, b, strict=True))


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same but for rounding errors."""
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    if not _alike(one, other):
        return False
    a, b = flat(one), flat(other)
    return len(a) == len(b) and all(_close(x, y, 1e-9) for x, y in zip(a, b, strict=True))


def _alike(one: Any, other: Any) -> bool:
    """Whether two values have the same shape; lists may be ragged, and then have as many entries."""
    try:
        return bool(np.shape(one) == np.shape(other))
    except ValueError:
        return len(flat(one)) == len(flat(other))


def _close(x: Any, y: Any, tolerance: float) -> bool:
    if isinstance(x, int | float | complex) and isinstance(y, int | float | complex):
        if x == y or (x != x and y != y):
            return True
        return bool(abs(x - y) <= tolerance * max(1.0, abs(x)) if tolerance < 1e-8 else abs(x - y) < tolerance)
    return bool(x == y)


def _conversions(value: Any, places: int) -> list[tuple[str, Any]]:
    if isinstance(value, list | tuple):
        try:
            array = np.array(value)
        except ValueError:
            return []
        if array.dtype.kind not in "iufcb":
            return []
        wrap = "tuple({})" if isinstance(value, tuple) else "{}"
        kind = type(value)
        found = []
        if array.dtype.kind in "iub":
            found.append((wrap.format("np.array({}).tolist()"), kind(array.tolist())))
        found.append((wrap.format(f"np.round({{}}, {places}).tolist()"), kind(np.round(array, places).tolist())))
        found.append(
            (wrap.format(f"(np.round({{}}, {places}) + 0).tolist()"), kind((np.round(array, places) + 0).tolist()))
        )
        return found
    rounded = np.round(value, places)
    return [
        (f"np.round({{}}, {places})", rounded),
        (f"np.round({{}}, {places}) + 0", rounded + 0),  # turns -0.0 into 0.0
        (f"(np.round({{}}, {places}) + 0).tolist()", (rounded + 0).tolist()),
    ]


def _noisy(text: str) -> bool:
    return bool(_NOISE.search(text))


def _longer(text: str, digits: int) -> bool:
    return bool(re.search(rf"\.\d{{{digits + 1}}}", text))


def _shortened(number: float) -> float:
    return float(f"{number:.12g}")


def _float_literal(number: float) -> str:
    if math.isnan(number):
        return "np.nan"
    if math.isinf(number):
        return "np.inf" if number > 0 else "-np.inf"
    return repr(_shortened(number))


def _array_literal(array: np.ndarray) -> str:
    _refuse_unshowable_array(array)
    if 0 in array.shape:
        return f"np.zeros({tuple(array.shape)}, dtype=np.{array.dtype})"
    dtype = "" if array.dtype.kind == "U" or str(array.dtype) in _PLAIN_DTYPES else f", dtype=np.{array.dtype}"
    return f"np.array({literal(array.tolist())}{dtype})"


def _refuse_unshowable_array(array: np.ndarray) -> None:
    if array.dtype.kind not in "biufcU":
        raise Unshowable(f"is an array of dtype {array.dtype}, which a card cannot show: use numbers or text")
    if array.size > MOST_ELEMENTS:
        raise Unshowable(f"has {array.size:,} elements; at most {MOST_ELEMENTS:,} fit on a card")


def _plain(entry: Any) -> Any:
    """JSON has no complex numbers: they travel as a pair."""
    return {"re": entry.real, "im": entry.imag} if isinstance(entry, complex) else entry

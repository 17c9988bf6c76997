"""Values of card code: their literals, how they print, whether they are nice, and whether two look the same."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

import numpy as np

from eigendeck.worker import numerals
from eigendeck.worker.budget import BITS, DEPTH, ELEMENTS
from eigendeck.worker.job import Nice, Value

WIDTH = 36  # characters of code on a phone

_PLAIN_DTYPES = {"int64", "float64", "bool", "complex128"}  # what np.array makes of a literal by itself
_NOISE = re.compile(r"np\.|array\(|\d\.\d{7}|\de[+-]?\d|(?<![\w.])-0\.?0*(?![\d.])")
_EXPONENT = re.compile(r"e[+-]?\d+")


class Unshowable(Exception):
    """A value that a card cannot show; the message says what it is."""


def is_function(value: Any) -> bool:
    """Whether a value can only be shown as the source that made it."""
    return callable(value)


def through_literal(value: Any, depth: int = 0) -> Any:
    """Returns the value that the shown literal of `value` makes: floats keep 12 significant digits.

    What runs is then what a reader sees and can type. NumPy's scalars become Python's.

    Raises:
        Unshowable: see `literal`.
    """
    if depth > DEPTH:
        raise _too_deep()
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return numerals.clean(float(value))
    if isinstance(value, complex | np.complexfloating):
        # No literal makes a complex number with a negative zero.
        return complex(numerals.clean(float(value.real)) + 0.0, numerals.clean(float(value.imag)) + 0.0)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, np.ndarray):
        _refuse_unshowable_array(value)
        if value.dtype.kind == "U":
            return np.array(value.tolist())  # as wide as its longest text, and no wider
        if value.dtype.kind not in "fc":
            return np.array(value, dtype=_native(value.dtype))
        flat = [through_literal(item) for item in value.ravel().tolist()]
        return np.array(flat, dtype=_native(value.dtype)).reshape(value.shape)
    if isinstance(value, list):
        return [through_literal(item, depth + 1) for item in value]
    if isinstance(value, tuple):  # a named one becomes a plain one: its name has no literal
        return tuple(through_literal(item, depth + 1) for item in value)
    return value


def copied(value: Any) -> Any:
    """Returns a value of its own: what changes it leaves the other as it was."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple | dict | set):
        try:
            return copy.deepcopy(value)
        except Exception:  # card code may hang in it what cannot be copied, such as an iterator
            return value
    return value


def literal(value: Any, depth: int = 0) -> str:
    """Returns Python that makes `value` again, given `np`; floats with 12 significant digits.

    Raises:
        Unshowable: too large, too deep, or of a kind that has no literal.
    """
    if depth > DEPTH:
        raise _too_deep()
    if isinstance(value, bool | np.bool_) or value is None:
        return str(value)
    if isinstance(value, int | np.integer):
        if abs(int(value)).bit_length() > BITS:
            raise Unshowable("is an integer of more than 600 digits")
        return str(int(value))
    if isinstance(value, float | np.floating):
        return numerals.typed(float(value))
    if isinstance(value, complex | np.complexfloating):
        real, imaginary = numerals.clean(float(value.real)), numerals.clean(float(value.imag))
        if not (math.isfinite(real) and math.isfinite(imaginary)):
            return f"complex({numerals.typed(real)}, {numerals.typed(imaginary)})"
        text = repr(complex(real, imaginary))
        return f"(0{text})" if text.startswith("-") else text  # `-1j` alone has a real part of -0.0
    if isinstance(value, str):
        return _text_literal(str(value))
    if isinstance(value, np.ndarray):
        return _array_literal(value)
    if isinstance(value, list | tuple):
        if not depth and sum(1 for _ in islice(_elements(value), ELEMENTS + 1)) > ELEMENTS:
            raise Unshowable(f"has more than {ELEMENTS:,} elements, which do not fit on a card")
        inner = ", ".join(literal(item, depth + 1) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    raise Unshowable(f"is a {type(value).__name__}, which a card cannot show: give numbers, text or an array")


def _elements(value: Any) -> Iterator[None]:
    """One for each entry, at any depth: they are counted before any of them becomes text."""
    stack = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, list | tuple) and item and depth <= DEPTH:
            stack += [(entry, depth + 1) for entry in item[: ELEMENTS + 1]]
        else:
            yield None


def _too_deep() -> Unshowable:
    return Unshowable(f"is nested more than {DEPTH} deep")


def _text_literal(text: str) -> str:
    if len(text) > ELEMENTS:
        raise Unshowable(f"is a text of {len(text):,} characters; at most {ELEMENTS:,} fit on a card")
    for character in text:
        if not character.isprintable() and character not in "\n\t":
            raise Unshowable(f"has the character U+{ord(character):04X}, which cannot be printed on a card")
    return repr(text)


def assignment(name: str, value: Any, made: str) -> str:
    """Returns the line that makes a value, of which `made` is the literal: a wide matrix gets a line for each row."""
    line = f"{name} = {made}"
    if not isinstance(value, np.ndarray) or value.ndim < 2 or value.size == 0 or len(line) <= WIDTH:
        return line
    before = f"{name} = np.array(["
    rows = [literal(row) for row in _listed(value)]
    after = made.removeprefix(f"np.array({literal(_listed(value))}")
    return before + (",\n" + " " * len(before)).join(rows) + "]" + after


def compact(value: Any) -> str:
    """Returns `value` as running text shows it: `[5, 2, -1]`, without the `np.array` around it."""
    return literal(_listed(value)) if isinstance(value, np.ndarray) else literal(value)


def describe(value: Any, printed: str | None = None, most: int = ELEMENTS, made: str | None = None) -> Value:
    """Returns a value as cards take it.

    printed, made: how it prints and its literal, where they are known already.

    Raises:
        Unshowable: see `literal`.
    """
    drawn = isinstance(value, np.ndarray) and ELEMENTS < value.size <= most  # for a plot: it is never printed
    text = "" if drawn else made if made is not None else literal(value)
    if printed is None:
        printed = show(value)[1] if text else ""
    numbers = tuple("None" if entry is None else entry for entry in flat(value))
    if isinstance(value, np.ndarray):
        return Value("array", text, printed, value.shape, _name_of(value.dtype), numbers)
    if isinstance(value, bool | np.bool_):
        return Value("bool", text, printed, (), "bool", numbers)
    if isinstance(value, int | float | complex | np.number):
        return Value("number", text, printed, (), type(value).__name__, numbers)
    return Value("text" if isinstance(value, str) else "sequence", text, printed, None, "", numbers)


def flat(value: Any) -> list[Any]:
    """Returns the entries of a value, row-major, as Python's own numbers and texts."""
    if isinstance(value, np.ndarray):
        return list(value.ravel().tolist())
    if isinstance(value, list | tuple):
        return [entry for item in value for entry in flat(item)]
    if isinstance(value, np.generic):
        return [value.item()]
    return [value]


def is_nice(value: Any, nice: Nice) -> bool:
    """Whether every number of `value` lies on the grid (or, for `N digits`, is finite). Text always is."""
    if nice.grid is None and nice.digits is None:
        return True
    for entry in flat(value):
        if isinstance(entry, str | bool) or entry is None or (isinstance(entry, int) and abs(entry) > 2**53):
            continue  # so large a whole number lies on every grid that a float can tell
        for part in (entry.real, entry.imag) if isinstance(entry, complex) else (entry,):
            if not math.isfinite(part):
                return False
            if nice.grid is not None:
                ratio = part / nice.grid
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
    if not _alike(one, other):
        return False
    a, b = flat(one), flat(other)
    places = max(digits if digits is not None else decimals(one), numerals.DECIMALS)
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
        if isinstance(x, int) or isinstance(y, int):
            if isinstance(x, int) and isinstance(y, int):
                return False
            if max(abs(x), abs(y)) > 1e300:  # beyond what a float can be compared with
                return False
        return bool(abs(x - y) <= tolerance * max(1.0, abs(x)) if tolerance < 1e-8 else abs(x - y) < tolerance)
    return bool(x == y)


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


_LITERALS: dict[str, Callable[[Any], str]] = {"b": str, "i": str, "u": str, "f": numerals.typed}  # by kind of dtype


def _array_literal(array: np.ndarray) -> str:
    _refuse_unshowable_array(array)
    if 0 in array.shape:
        dtype = "str" if array.dtype.kind == "U" else f"np.{array.dtype}"
        return f"np.zeros({tuple(array.shape)}, dtype={dtype})"
    if array.ndim > DEPTH:
        raise _too_deep()
    name = _name_of(array.dtype)
    dtype = "" if array.dtype.kind == "U" or name in _PLAIN_DTYPES else f", dtype=np.{name}"
    return f"np.array({_list_literal(_listed(array), _LITERALS.get(array.dtype.kind, literal))}{dtype})"


def _list_literal(listed: Any, entry: Callable[[Any], str]) -> str:
    """The literal of nested lists whose entries are all of a kind."""
    if isinstance(listed, list):
        return f"[{', '.join([_list_literal(item, entry) for item in listed])}]"
    return entry(listed)


@cache
def _name_of(dtype: np.dtype[Any]) -> str:
    return str(dtype)  # NumPy makes it anew each time


def _listed(array: np.ndarray) -> Any:
    """The entries as nested lists; those of short floats with no more digits than such a float has."""
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        return np.array([float(str(entry)) for entry in array.ravel()]).reshape(array.shape).tolist()
    return array.tolist()


def _native(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype in this machine's order of bytes, the only one that a literal can name."""
    return dtype.newbyteorder("=")


def _refuse_unshowable_array(array: np.ndarray) -> None:
    if array.dtype.kind not in "biufcU":
        raise Unshowable(f"is an array of dtype {array.dtype}, which a card cannot show: use numbers or text")
    if array.size > ELEMENTS:
        raise Unshowable(f"has {array.size:,} elements; at most {ELEMENTS:,} fit on a card")
    if math.prod(max(length, 1) for length in array.shape) > ELEMENTS:
        raise Unshowable(f"has the shape {array.shape}, which does not fit on a card though it is empty")

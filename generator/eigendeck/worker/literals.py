"""Python that makes a value of card code again, given `np`: what readers type is what ran."""

import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from eigendeck.worker import numerals
from eigendeck.worker.budget import BITS, DEPTH, ELEMENTS, TEXT
from eigendeck.worker.joiners import without_joiners

WIDTH = 36  # characters of code on a phone
# Where something lies in memory: `<function <lambda> at 0x7f3c5e0d2a40>`, or the number alone.
ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,}|0x[57][0-9a-f]{11}\b")
_OF_NUMPY = re.compile(
    r"\bnp\.(?:bool|complex|float|int|str|uint)\w*\("
)  # how NumPy's scalars name themselves in a list

_PLAIN_DTYPES = {"int64", "float64", "bool", "complex128"}  # what np.array makes of a literal by itself
_LITERALS: dict[str, Callable[[Any], str]] = {"b": str, "i": str, "u": str, "f": numerals.typed}  # by kind of dtype


class Unshowable(Exception):
    """A value that a card cannot show; the message says what it is."""


def through_literal(value: Any, depth: int = 0) -> Any:
    """Returns the value that the shown literal of `value` makes: floats keep 12 significant digits.

    What runs is then what a reader sees and can type; NumPy's scalars become Python's. Raises as `literal`.
    """
    if depth > DEPTH:
        raise _too_deep()
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, np.timedelta64):
        raise _no_number(value)
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
        refuse_array(value)
        if value.dtype.kind == "U":
            return np.array(value.tolist())  # as wide as its longest text, and no wider
        native = value.dtype.newbyteorder("=")  # this machine's order of bytes, the only one that a literal can name
        if value.dtype.kind not in "fc":
            return np.array(value, dtype=native)
        return np.array([through_literal(item) for item in value.ravel().tolist()], dtype=native).reshape(value.shape)
    if isinstance(value, list):
        return [through_literal(item, depth + 1) for item in value]
    if isinstance(value, tuple):  # a named one becomes a plain one: its name has no literal
        return tuple(through_literal(item, depth + 1) for item in value)
    return value


def literal(value: Any, depth: int = 0) -> str:
    """Returns Python that makes `value` again, given `np`; floats with 12 significant digits.

    Raises Unshowable where it is too large, too deep, or of a kind that has none.
    """
    text = _literal(value, depth)
    if len(text) > TEXT:
        raise Unshowable(f"takes {len(text):,} characters to write; at most {TEXT:,} fit on a card")
    return text


def _literal(value: Any, depth: int = 0) -> str:
    if depth > DEPTH:
        raise _too_deep()
    if isinstance(value, np.ndarray):
        return _array_literal(value)
    if isinstance(value, np.longdouble | np.clongdouble | np.timedelta64):
        raise _no_number(value)
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
        refuse_text(value)
        return repr(str(value))
    if isinstance(value, (list, tuple)):
        if not depth and sum(1 for _ in islice(_elements(value), ELEMENTS + 1)) > ELEMENTS:
            raise Unshowable(f"has more than {ELEMENTS:,} elements, which do not fit on a card")
        inner = ", ".join(literal(item, depth + 1) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)" if len(value) == 1 else f"({inner})"
    if callable(value):
        raise Unshowable("is a function, not its value: call it, as in `x.sum()`")
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


def _no_number(value: Any) -> Unshowable:
    return Unshowable(f"is a {type(value).__name__}, which a card cannot show: use float64, or whole numbers")


def _too_deep() -> Unshowable:
    return Unshowable(f"is nested more than {DEPTH} deep")


def refuse_text(text: str, most: int = ELEMENTS) -> None:
    """Refuses a text that no card can show.

    Raises Unshowable where it is too long, has characters that cannot be printed, or differs from run to run.
    """
    if len(text) > most:
        raise Unshowable(f"is a text of {len(text):,} characters; at most {most:,} fit on a card")
    if ADDRESS.search(text):
        raise Unshowable("has the address of an object in memory, which differs from run to run")
    if scalar := _OF_NUMPY.search(text):
        raise Unshowable(f"has `{scalar[0]}` in it: convert its entries, with `float(…)`, `int(…)` or `.tolist()`")
    if odd := next((c for c in without_joiners(text) if not c.isprintable() and c not in "\n\t"), ""):
        raise Unshowable(f"has the character U+{ord(odd):04X}, which cannot be printed on a card")


def assignment(name: str, value: Any, made: str) -> str:
    """Returns the line that makes a value, of which `made` is the literal: a wide matrix gets a line for each row."""
    line = f"{name} = {made}"
    if not isinstance(value, np.ndarray) or value.ndim < 2 or value.size == 0 or len(line) <= WIDTH:
        return line
    before = f"{name} = np.array(["
    rows = [literal(row) for row in listed(value)]
    after = made.removeprefix(f"np.array({literal(listed(value))}")
    return before + (",\n" + " " * len(before)).join(rows) + "]" + after


def compact(value: Any) -> str:
    """Returns `value` as running text shows it: `[5, 2, -1]`, without the `np.array` around it."""
    return literal(listed(value)) if isinstance(value, np.ndarray) else literal(value)


def _array_literal(array: np.ndarray) -> str:
    refuse_array(array)
    if 0 in array.shape:
        dtype = "str" if array.dtype.kind == "U" else f"np.{array.dtype}"
        return f"np.zeros({tuple(array.shape)}, dtype={dtype})"
    if array.ndim > DEPTH:
        raise _too_deep()
    name = name_of(array.dtype)
    dtype = "" if array.dtype.kind == "U" or name in _PLAIN_DTYPES else f", dtype=np.{name}"
    return f"np.array({_list_literal(listed(array), _LITERALS.get(array.dtype.kind, literal))}{dtype})"


def _list_literal(listed: Any, entry: Callable[[Any], str]) -> str:
    """The literal of nested lists whose entries are all of a kind."""
    if not isinstance(listed, list):
        return entry(listed)
    rows = bool(listed) and isinstance(listed[0], list)
    return f"[{', '.join([_list_literal(row, entry) for row in listed] if rows else map(entry, listed))}]"


@lru_cache(100)
def name_of(dtype: np.dtype[Any]) -> str:
    return str(dtype)  # NumPy makes it anew each time


def listed(array: np.ndarray) -> Any:
    """The entries as nested lists; those of short floats with no more digits than such a float has."""
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        return np.array([float(str(entry)) for entry in array.ravel()]).reshape(array.shape).tolist()
    return array.tolist()


def refuse_array(array: np.ndarray, most: int = ELEMENTS) -> None:
    """Refuses an array that no card can show.

    Raises Unshowable where it has more than `most` elements, or holds what is no number or text.
    """
    if array.dtype.kind not in "biufcU" or array.dtype.char in "gG":  # long doubles differ between machines
        raise Unshowable(f"is an array of dtype {array.dtype}, which a card cannot show: use numbers or text")
    if array.size > most:
        raise Unshowable(f"has {array.size:,} elements; at most {most:,} fit on a card")
    if math.prod(max(length, 1) for length in array.shape) > most:
        raise Unshowable(f"has the shape {array.shape}, which does not fit on a card though it is empty")

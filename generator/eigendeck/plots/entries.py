"""The values that plots are drawn from, as they come from card code: nested lists of numbers, and labels, checked."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from eigendeck.plots.registry import PlotError
from eigendeck.worker.joiners import without_joiners

LARGEST = 1e9
SMALLEST = 1e-200  # below it floating point runs out of digits for axis limits: read as 0
NOISE = 1e-13  # of the largest number beside it: what rounding leaves where a 0 should be
MOST_POINTS = 5_000
LONGEST_LABEL = 80

Row = tuple[float, ...]
Rows = tuple[Row, ...]


def numbers(name: str, value: object) -> tuple[Row, tuple[int, ...]]:
    """Returns the numbers of nested lists, flat in row-major order, and their shape.

    Raises PlotError: no number at all, too many, ragged rows, or one that is not finite or larger than 1e9.
    """
    flat: list[float] = []
    shape = _gather(name, value, flat)
    if not flat:
        raise PlotError(name, "is empty: there is nothing to draw")
    largest = max(map(abs, flat))
    return tuple(value if abs(value) > NOISE * largest else 0.0 for value in flat), shape


def read_number(name: str, value: object) -> float:
    """Returns one finite number. Raises PlotError: the value is a list or a text, not finite, or larger than 1e9."""
    flat, shape = numbers(name, value)
    if shape:
        raise PlotError(name, f"needs one number, has {described_shape(shape)}")
    return flat[0]


def read_label(name: str, value: object) -> str:
    """Returns a text that can stand in a picture; a number becomes text.

    Raises PlotError: it is no text, too long, or not printable.
    """
    label = str(value) if is_number(value) else value
    if not isinstance(label, str):
        raise PlotError(name, f"needs text, has {described(value)}")
    if len(label) > LONGEST_LABEL:
        raise PlotError(name, f"has a label of {len(label)} letters: at most {LONGEST_LABEL}")
    if not without_joiners(label).isprintable():
        raise PlotError(name, f"has a label with letters that cannot be printed: {label!r}")
    return label


def need_as_many(name: str, given: object, wanted: int, of_what: str) -> None:
    """Refuses a list that is neither empty nor as long as wanted; of_what: `, one a point`.

    Raises PlotError: it has another length.
    """
    has = len(given) if isinstance(given, (list, tuple)) else 0
    if has and has != wanted:
        raise PlotError(name, f"needs {wanted}{of_what}, has {has}")


def need_same_length(name: str, given: Sequence[float], x: Sequence[float]) -> None:
    """Refuses a list that is not as long as `x`. Raises PlotError."""
    if len(given) != len(x):
        raise PlotError(name, f"needs as many numbers as `x`, {len(x)}, has {len(given)}")


def split(flat: Row, width: int) -> Rows:
    """Returns flat numbers in rows of this width."""
    return tuple(flat[i : i + width] for i in range(0, len(flat), width))


def is_number(value: object) -> bool:
    """Returns whether a value is a real number that a float can hold."""
    return isinstance(value, (bool, int, float)) and not (isinstance(value, int) and abs(value) > 10**300)


def described_shape(shape: tuple[int, ...] | None) -> str:
    """Returns the words for a shape: `one number`, `3 numbers`, `a 2 × 3 matrix`."""
    if not shape:
        return "one number"
    if len(shape) == 1:
        return f"{shape[0]} number{'s' if shape[0] != 1 else ''}"
    sizes = " × ".join(map(str, shape))
    return f"a {sizes} matrix" if len(shape) == 2 else f"an array of shape {sizes}"


def described(value: object) -> str:
    """Returns the words for a value that is not what was wanted: `the text "x"`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the text "{value[:20]}"'
    if is_number(value):
        return f"the number {value}"
    kinds: dict[Callable[..., Any], str] = {type(None): "nothing", complex: "a complex number", list: "a list"}
    return kinds.get(type(value), "something that is no number")


def operand(name: str) -> str:
    """Returns a parameter's name as it can stand before an attribute or an index in a hint."""
    return name if name.isidentifier() else f"({name})"


def _gather(name: str, value: object, into: list[float]) -> tuple[int, ...]:
    if isinstance(value, (list, tuple)):
        shapes = {_gather(name, item, into) for item in value}
        if len(shapes) > 1:
            raise PlotError(name, "has rows of different lengths")
        return (len(value), *(shapes.pop() if shapes else ()))
    if not is_number(value):
        raise PlotError(name, f"needs numbers, has {described(value)}")
    real = float(value)  # type: ignore[arg-type]  # is_number has looked
    if not math.isfinite(real):
        raise PlotError(name, f"has {real}, which has no place in a picture")
    if abs(real) > LARGEST:
        raise PlotError(name, f"has {real:g}: at most {LARGEST:g} either way can be drawn; divide, as `axis` may say")
    if len(into) >= MOST_POINTS:
        raise PlotError(name, f"has more than {MOST_POINTS} numbers: write `{operand(name)}[:{MOST_POINTS}]`")
    into.append(real if abs(real) > SMALLEST else 0.0)
    return ()

"""What parameters take: each function returns a Parameter whose `read` checks a value that came from card code."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from eigendeck.plots.registry import MOST_SERIES, Parameter, PlotError

LARGEST = 1e9
SMALLEST = 1e-200  # below it floating point runs out of digits for axis limits: read as 0
NOISE = 1e-13  # of the largest number beside it: what rounding leaves where a 0 should be
MOST_POINTS = 5_000
MOST_CELLS = 12
LONGEST_LABEL = 80

Row = tuple[float, ...]
Rows = tuple[Row, ...]


def number(takes: str, *, required: bool = False) -> Parameter:
    """A single number."""
    return Parameter(takes, read_number, required)


def vector(takes: str, *, size: int | None = None, required: bool = False, rising: bool = False) -> Parameter:
    """A list of numbers, of `size` where given; `rising` refuses a list that turns back."""

    def read(name: str, value: object) -> Row:
        flat, shape = entries(name, value)
        wanted = f"{size} numbers" if size else "a list of numbers"
        if shape is None or len(shape) != 1 or (size and shape[0] != size):
            raise PlotError(name, f"needs {wanted}, has {described(shape)}{_cut(name, shape, size)}")
        if rising and any(after < before for before, after in pairwise(flat)):
            raise PlotError(name, f"must not turn back: write `np.sort({name})`")
        return flat

    return Parameter(takes, read, required)


def amounts(takes: str, *, required: bool = False) -> Parameter:
    """A list of numbers, or one number, read as a list of one."""

    def read(name: str, value: object) -> Row:
        flat, shape = entries(name, value)
        if len(shape) > 1:
            raise PlotError(name, f"needs a list of numbers, has {described(shape)}: write `{_code(name)}.ravel()`")
        return flat

    return Parameter(takes, read, required)


def rows(
    takes: str, *, width: int | None = None, most: int = MOST_POINTS, sets: bool = False, required: bool = False
) -> Parameter:
    """A k × n list of rows; one row alone is read as 1 × n."""

    def read(name: str, value: object) -> Rows:
        flat, shape = entries(name, value)
        wanted = f"rows of {width} numbers" if width else "a list of numbers, or rows of them"
        if len(shape) not in (1, 2) or (width and shape[-1] != width):
            raise PlotError(name, f"needs {wanted}, has {described(shape)}")
        made = _split(flat, shape[-1])
        if len(made) > most:
            raise PlotError(name, f"has {len(made)} {'series' if sets else 'rows'}: at most {most} can be told apart")
        return made

    return Parameter(takes, read, required)


def curves(takes: str, *, required: bool = False) -> Parameter:
    """One list of numbers a curve: n, or k × n with at most 8 curves."""
    return rows(takes, most=MOST_SERIES, sets=True, required=required)


def matrix(
    takes: str, *, size: tuple[int, int] | None = None, largest: int = MOST_CELLS, required: bool = False
) -> Parameter:
    """An m × n matrix, of `size` where given; a list of numbers is read as one row."""

    def read(name: str, value: object) -> Rows:
        flat, shape = entries(name, value)
        if size is not None and shape != size:
            raise PlotError(name, f"needs a {size[0]} × {size[1]} matrix, has {described(shape)}{_corner(name, shape)}")
        if len(shape) not in (1, 2):
            raise PlotError(name, f"needs a matrix, has {described(shape)}")
        made = _split(flat, shape[-1])
        if max(len(made), shape[-1]) > largest:
            shown = f"{len(made)} × {shape[-1]}"
            raise PlotError(
                name, f"is {shown}: at most {largest} × {largest} can be read: write `{_code(name)}[:8, :8]`"
            )
        return made

    return Parameter(takes, read, required)


def matrices(takes: str, *, most: int = 4, required: bool = False) -> Parameter:
    """A 2 × 2 matrix, or a list of at most `most` of them."""

    def read(name: str, value: object) -> tuple[Rows, ...]:
        flat, shape = entries(name, value)
        if shape[-2:] != (2, 2) or len(shape) > 3:
            raise PlotError(name, f"needs a 2 × 2 matrix, or a list of them, has {described(shape)}")
        made = tuple(_split(flat[i : i + 4], 2) for i in range(0, len(flat), 4))
        if len(made) > most:
            raise PlotError(name, f"has {len(made)} matrices: at most {most} steps can be drawn")
        return made

    return Parameter(takes, read, required)


def shape(takes: str) -> Parameter:
    """A shape: a tuple of sizes; an empty one is a single number's."""

    def read(name: str, value: object) -> tuple[int, ...]:
        sizes = [value] if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(sizes, (list, tuple)) or not all(type(size) is int and size >= 0 for size in sizes):
            raise PlotError(name, f"needs a shape, such as (3, 2): write `{_code(name)}.shape`")
        if len(sizes) > 5 or any(size > LARGEST for size in sizes):
            raise PlotError(name, "is a shape too large to draw: at most 5 axes, each at most 1e9 long")
        return tuple(sizes)

    return Parameter(takes, read)


def flag(takes: str) -> Parameter:
    """`true` or `false`."""

    def read(name: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise PlotError(name, f"needs true or false, has {_described_value(value)}")
        return value

    return Parameter(takes, read, option=True)


def choice(takes: str, *choices: str) -> Parameter:
    """One of a few words."""

    def read(name: str, value: object) -> str:
        if value not in choices:
            raise PlotError(name, f"needs one of {', '.join(choices)}, has {_described_value(value)}")
        return str(value)

    return Parameter(takes, read, option=True)


def texts(takes: str, *, size: int | None = None) -> Parameter:
    """A list of labels, taken as written; numbers become text."""

    def read(name: str, value: object) -> tuple[str, ...]:
        listed = value if isinstance(value, (list, tuple)) else [value]
        made = tuple(read_label(name, str(item) if _is_number(item) else item) for item in listed)
        if size is not None and len(made) != size:
            raise PlotError(name, f"needs {size} texts, has {len(made)}")
        return made

    return Parameter(takes, read, option=True)


def text_pairs(takes: str) -> Parameter:
    """A list of pairs of names, taken as written."""

    def read(name: str, value: object) -> tuple[tuple[str, str], ...]:
        listed = value if isinstance(value, (list, tuple)) else [value]
        pairs = [pair for pair in listed if isinstance(pair, (list, tuple)) and len(pair) == 2]
        if len(pairs) < len(listed):
            raise PlotError(name, "needs pairs of names: write `[[x, y], [y, z]]`")
        return tuple((read_label(name, start), read_label(name, end)) for start, end in pairs)

    return Parameter(takes, read, option=True)


def marked(takes: str) -> Parameter:
    """An index of a cell (row, column), or a mask: a matrix of true and false."""

    def read(name: str, value: object) -> tuple[int, int] | Rows:
        flat, shape = entries(name, value)
        if shape == (2,) and not _has_bool(value) and all(number == int(number) for number in flat):
            return int(flat[0]), int(flat[1])
        if len(shape) in (1, 2) and set(flat) <= {0.0, 1.0}:
            return _split(flat, shape[-1])
        raise PlotError(name, f"needs an index (row, column) or a mask of true and false, has {described(shape)}")

    return Parameter(takes, read)


def cell_index(takes: str) -> Parameter:
    """A pair of whole numbers (row, column)."""

    def read(name: str, value: object) -> tuple[int, int]:
        flat, shape = entries(name, value)
        if shape != (2,) or any(number != int(number) for number in flat):
            raise PlotError(name, f"needs an index (row, column), has {described(shape)}")
        return int(flat[0]), int(flat[1])

    return Parameter(takes, read)


def count(takes: str) -> Parameter:
    """How many there are: a whole number from 0 to 5,000."""

    def read(name: str, value: object) -> int:
        counted = read_number(name, value)
        if counted != int(counted) or not 0 <= counted <= MOST_POINTS:
            raise PlotError(name, f"needs a whole number from 0 to {MOST_POINTS}, has {counted:g}")
        return int(counted)

    return Parameter(takes, read)


def read_number(name: str, value: object) -> float:
    """Returns one finite number.

    Raises:
        PlotError: the value is a list or a text, not finite, or larger than 1e9.
    """
    flat, shape = entries(name, value)
    if shape:
        raise PlotError(name, f"needs one number, has {described(shape)}")
    return flat[0]


def entries(name: str, value: object) -> tuple[Row, tuple[int, ...]]:
    """Returns the numbers of nested lists, flat in row-major order, and their shape.

    Raises:
        PlotError: no number at all, too many, ragged rows, or one that is not finite or larger than 1e9.
    """
    flat: list[float] = []
    shape = _gather(name, value, flat)
    if not flat:
        raise PlotError(name, "is empty: there is nothing to draw")
    largest = max(map(abs, flat))
    return tuple(value if abs(value) > NOISE * largest else 0.0 for value in flat), shape


def read_label(name: str, value: object) -> str:
    """Returns a text that can stand in a picture.

    Raises:
        PlotError: it is no text, too long, not printable, or has a letter that the plots' font lacks.
    """
    if not isinstance(value, str):
        raise PlotError(name, f"needs text, has {_described_value(value)}")
    if len(value) > LONGEST_LABEL:
        raise PlotError(name, f"has a label of {len(value)} letters: at most {LONGEST_LABEL}")
    if not value.isprintable():
        raise PlotError(name, f"has a label with letters that cannot be printed: {value!r}")
    from eigendeck.plots.canvas.style import letters_missing

    missing = letters_missing(value)
    if missing:
        raise PlotError(name, f'the plots\' font has no "{missing}": write the label in other letters')
    return value


def described(shape: tuple[int, ...] | None) -> str:
    """Returns the words for a shape: `one number`, `3 numbers`, `a 2 × 3 matrix`."""
    if not shape:
        return "one number"
    if len(shape) == 1:
        return f"{shape[0]} number{'s' if shape[0] != 1 else ''}"
    sizes = " × ".join(map(str, shape))
    return f"a {sizes} matrix" if len(shape) == 2 else f"an array of shape {sizes}"


def _gather(name: str, value: object, into: list[float]) -> tuple[int, ...]:
    if isinstance(value, (list, tuple)):
        shapes = {_gather(name, item, into) for item in value}
        if len(shapes) > 1:
            raise PlotError(name, "has rows of different lengths")
        return (len(value), *(shapes.pop() if shapes else ()))
    if not _is_number(value):
        raise PlotError(name, f"needs numbers, has {_described_value(value)}")
    real = float(value)  # type: ignore[arg-type]  # _is_number has looked
    if not math.isfinite(real):
        raise PlotError(name, f"has {real}, which has no place in a picture")
    if abs(real) > LARGEST:
        raise PlotError(name, f"has {real:g}: at most {LARGEST:g} either way can be drawn")
    if len(into) >= MOST_POINTS:
        raise PlotError(name, f"has more than {MOST_POINTS} numbers: write `{_code(name)}[:{MOST_POINTS}]`")
    into.append(real if abs(real) > SMALLEST else 0.0)
    return ()


def _is_number(value: object) -> bool:
    return isinstance(value, (bool, int, float)) and not (isinstance(value, int) and abs(value) > 10**300)


def _has_bool(value: object) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(item, bool) for item in value)


def _described_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the text "{value[:20]}"'
    if _is_number(value):
        return f"the number {value}"
    kinds: dict[Callable[..., Any], str] = {type(None): "nothing", complex: "a complex number", list: "a list"}
    return kinds.get(type(value), "something that is no number")


def _code(name: str) -> str:
    return name if name.isidentifier() else f"({name})"


def _cut(name: str, shape: tuple[int, ...] | None, size: int | None) -> str:
    if not size or not shape or len(shape) != 1 or shape[0] < size:
        return ""
    return f": write `{_code(name)}[:{size}]`"


def _corner(name: str, shape: tuple[int, ...]) -> str:
    return f": write `{_code(name)}[:2, :2]`" if len(shape) == 2 and min(shape) >= 2 else ""


def _split(flat: Row, width: int) -> Rows:
    return tuple(flat[i : i + width] for i in range(0, len(flat), width))

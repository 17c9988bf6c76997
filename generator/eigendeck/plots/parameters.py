"""What the parameters of a plot kind take: the fields of its values, each with the function that checks one.

Every function here returns a dataclass field. Its `read` gets a value that came from card code, and returns it checked.
"""

from collections.abc import Callable
from dataclasses import field
from itertools import pairwise
from typing import Any

from eigendeck.plots import entries
from eigendeck.plots.entries import LARGEST, MOST_POINTS, Row, Rows
from eigendeck.plots.registry import MOST_SERIES, Parameter, PlotError

MOST_CELLS = 12


def number(takes: str) -> Any:
    """A single number, or None."""
    return _field(takes, entries.read_number, default=None)


def vector(takes: str, *, size: int | None = None, required: bool = False, rising: bool = False) -> Any:
    """A list of numbers, of `size` where given, or None; `rising` refuses a list that turns back."""

    def read(name: str, value: object) -> Row:
        flat, shape = entries.numbers(name, value)
        if len(shape) != 1 or (size and shape[0] != size):
            wanted = f"{size} numbers" if size else "a list of numbers"
            cut = f": write `{entries.operand(name)}[:{size}]`" if size and len(shape) == 1 and shape[0] > size else ""
            raise PlotError(name, f"needs {wanted}, has {entries.described_shape(shape)}{cut}")
        if rising and any(after < before for before, after in pairwise(flat)):
            raise PlotError(name, f"must not turn back: write `np.sort({name})`")
        return flat

    return _field(takes, read, required=required, default=None)


def amounts(takes: str) -> Any:
    """A list of numbers, or one number, read as a list of one."""

    def read(name: str, value: object) -> Row:
        flat, shape = entries.numbers(name, value)
        if len(shape) > 1:
            hint = f"write `{entries.operand(name)}.ravel()`"
            raise PlotError(name, f"needs a list of numbers, has {entries.described_shape(shape)}: {hint}")
        return flat

    return _field(takes, read)


def rows(
    takes: str,
    *,
    width: int | None = None,
    most: int = MOST_POINTS,
    called: str = "rows",
    required: bool = False,
    default: Rows | None = (),
) -> Any:
    """A k × n list of rows, as messages call them; one row alone is read as 1 × n."""

    def read(name: str, value: object) -> Rows:
        flat, shape = entries.numbers(name, value)
        if len(shape) not in (1, 2) or (width and shape[-1] != width):
            wanted = f"rows of {width} numbers" if width else "a list of numbers, or rows of them"
            raise PlotError(name, f"needs {wanted}, has {entries.described_shape(shape)}")
        made = entries.split(flat, shape[-1])
        if len(made) > most:
            raise PlotError(name, f"has {len(made)} {called}: at most {most} can be told apart")
        return made

    return _field(takes, read, required=required, default=default)


def curves(takes: str, *, required: bool = False) -> Any:
    """One list of numbers a curve, n, or k × n with at most 8 curves; or None."""
    return rows(takes, most=MOST_SERIES, called="series", required=required, default=None)


def matrix(
    takes: str, *, size: tuple[int, int] | None = None, largest: int = MOST_CELLS, required: bool = False
) -> Any:
    """An m × n matrix, of `size` where given, or None; a list of numbers is read as one row."""

    def read(name: str, value: object) -> Rows:
        flat, shape = entries.numbers(name, value)
        if size is not None and shape != size:
            cut = f": write `{entries.operand(name)}[:2, :2]`" if len(shape) == 2 and min(shape) >= 2 else ""
            raise PlotError(name, f"needs a {size[0]} × {size[1]} matrix, has {entries.described_shape(shape)}{cut}")
        if len(shape) not in (1, 2):
            raise PlotError(name, f"needs a matrix, has {entries.described_shape(shape)}")
        made = entries.split(flat, shape[-1])
        if max(len(made), shape[-1]) > largest:
            limit = f"at most {largest} × {largest} can be read: write `{entries.operand(name)}[:8, :8]`"
            raise PlotError(name, f"is {len(made)} × {shape[-1]}: {limit}")
        return made

    return _field(takes, read, required=required, default=None)


def matrices(takes: str, *, most: int = 4, required: bool = False) -> Any:
    """A 2 × 2 matrix, or a list of at most `most` of them."""

    def read(name: str, value: object) -> tuple[Rows, ...]:
        flat, shape = entries.numbers(name, value)
        if shape[-2:] != (2, 2) or len(shape) > 3:
            raise PlotError(name, f"needs a 2 × 2 matrix, or a list of them, has {entries.described_shape(shape)}")
        made = tuple(entries.split(flat[i : i + 4], 2) for i in range(0, len(flat), 4))
        if len(made) > most:
            raise PlotError(name, f"has {len(made)} matrices: at most {most} steps can be drawn")
        return made

    return _field(takes, read, required=required)


def shape(takes: str) -> Any:
    """A shape: a tuple of sizes; an empty one is a single number's."""

    def read(name: str, value: object) -> tuple[int, ...]:
        sizes = [value] if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(sizes, (list, tuple)) or not all(type(size) is int and size >= 0 for size in sizes):
            raise PlotError(name, f"needs a shape, such as (3, 2): write `{entries.operand(name)}.shape`")
        if len(sizes) > 5 or any(size > LARGEST for size in sizes):
            raise PlotError(name, "is a shape too large to draw: at most 5 axes, each at most 1e9 long")
        return tuple(sizes)

    return _field(takes, read)


def flag(takes: str) -> Any:
    """`true` or `false`."""

    def read(name: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise PlotError(name, f"needs true or false, has {entries.described(value)}")
        return value

    return _field(takes, read, choices=(True, False), default=False)


def choice(takes: str, *choices: str, default: str = "") -> Any:
    """One of a few words."""

    def read(name: str, value: object) -> str:
        if value not in choices:
            raise PlotError(name, f"needs one of {', '.join(choices)}, has {entries.described(value)}")
        return str(value)

    return _field(takes, read, choices=choices, default=default)


def texts(takes: str, *, size: int | None = None) -> Any:
    """A list of labels, taken as written; numbers become text. By default `size` empty ones."""

    def read(name: str, value: object) -> tuple[str, ...]:
        listed = value if isinstance(value, (list, tuple)) else [value]
        made = tuple(entries.read_label(name, item) for item in listed)
        if size is not None and len(made) != size:
            raise PlotError(name, f"needs {size} texts, has {len(made)}")
        return made

    return _field(takes, read, option=True, default=("",) * (size or 0))


def text_pairs(takes: str) -> Any:
    """A list of pairs of names, taken as written."""

    def read(name: str, value: object) -> tuple[tuple[str, str], ...]:
        listed = value if isinstance(value, (list, tuple)) else [value]
        pairs = [pair for pair in listed if isinstance(pair, (list, tuple)) and len(pair) == 2]
        if len(pairs) < len(listed):
            raise PlotError(name, "needs pairs of names: write `[[x, y], [y, z]]`")
        return tuple((entries.read_label(name, start), entries.read_label(name, end)) for start, end in pairs)

    return _field(takes, read, option=True)


def marked(takes: str) -> Any:
    """An index of a cell (row, column), or a mask: a matrix of true and false; or None."""

    def read(name: str, value: object) -> tuple[int, int] | Rows:
        flat, shape = entries.numbers(name, value)
        booleans = isinstance(value, (list, tuple)) and any(isinstance(item, bool) for item in value)
        if shape == (2,) and not booleans and all(number == int(number) for number in flat):
            return int(flat[0]), int(flat[1])
        if len(shape) in (1, 2) and set(flat) <= {0.0, 1.0}:
            return entries.split(flat, shape[-1])
        wanted = "an index (row, column) or a mask of true and false"
        raise PlotError(name, f"needs {wanted}, has {entries.described_shape(shape)}")

    return _field(takes, read, default=None)


def cell_index(takes: str) -> Any:
    """A pair of whole numbers (row, column), or None."""

    def read(name: str, value: object) -> tuple[int, int]:
        flat, shape = entries.numbers(name, value)
        if shape != (2,) or any(number != int(number) for number in flat):
            raise PlotError(name, f"needs an index (row, column), has {entries.described_shape(shape)}")
        return int(flat[0]), int(flat[1])

    return _field(takes, read, default=None)


def count(takes: str) -> Any:
    """How many there are: a whole number from 0 to 5,000."""

    def read(name: str, value: object) -> int:
        counted = entries.read_number(name, value)
        if counted != int(counted) or not 0 <= counted <= MOST_POINTS:
            raise PlotError(name, f"needs a whole number from 0 to {MOST_POINTS}, has {counted:g}")
        return int(counted)

    return _field(takes, read)


def any_name(each: Any) -> Any:
    """A mapping of names of the author's own, which are labels, to values, at least one, each as `each` reads it."""
    parameter = each.metadata["parameter"]

    def read(name: str, value: object) -> Any:
        entries.read_label(name, name)
        return parameter.read(name, value)

    return field(metadata={"any_name": Parameter(parameter.takes, read)})


def _field(
    takes: str,
    read: Callable[[str, object], Any],
    *,
    required: bool = False,
    option: bool = False,
    choices: tuple[str | bool, ...] = (),
    default: object = (),
) -> Any:
    parameter = Parameter(takes, read, required, option or bool(choices), choices)
    if required:
        return field(metadata={"parameter": parameter})
    return field(default=default, metadata={"parameter": parameter})

"""Matrices as coloured cells, and shapes as boxes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from eigendeck.plots import parameters
from eigendeck.plots.canvas import ink, style
from eigendeck.plots.canvas.ink import Box
from eigendeck.plots.parameters import Rows
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, say, say_list, say_rounded, say_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CELL, _TALL = 13.0, 15.0  # points: least width, and height
_ON_DARK, _ON_LIGHT = "#fefefe", "#010101"  # not INK: a cell keeps its colour in dark mode, and so its number
_LOW, _MIDDLE, _HIGH = (155, 70, 0), (250, 250, 250), (8, 64, 129)

Write = Callable[[float], str]
Colour = Callable[[float], tuple[str, str]]


@kind(
    "grid",
    "A matrix as coloured cells with their numbers.",
    cells=parameters.matrix("a matrix of at most 12 × 12, or a vector", required=True),
    rows=parameters.texts("labels of the rows"),
    columns=parameters.texts("labels of the columns"),
    mark=parameters.marked("an index (row, column), or a mask: the cells to frame"),
    sums=parameters.choice("`rows` or `columns`: writes their sums beside them", "rows", "columns"),
)
def grid(
    axes: Axes,
    /,
    *,
    cells: Rows,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    mark: tuple[int, int] | Rows | None = None,
    sums: str = "",
) -> str:
    """Returns the alt text: the shape, the rows, and which cells are framed."""
    high, wide = len(cells), len(cells[0])
    for name, labels, size in (("rows", rows, high), ("columns", columns, wide)):
        if labels and len(labels) != size:
            raise PlotError(name, f"needs {size} labels, one for each of the {name} of `cells`, has {len(labels)}")
    framed = _framed(mark, high, wide)
    totals = [sum(row) for row in cells] if sums == "rows" else [sum(column) for column in zip(*cells, strict=True)]
    aside = max((ink.text_width(f"Σ {say(total)}") + 6 for total in totals), default=0) if sums == "rows" else 0
    row_room = max((min(max(ink.text_width(label), 6.0), 80.0) + 5 for label in rows), default=0)
    title_room = max((min(ink.text_width(label), 46.0) + 6 for label in columns), default=0)
    if sums == "columns":
        title_room = max(title_room, *(ink.text_width(say(total)) + 6 for total in totals))
    most = (style.space_of(axes).widest - row_room - aside - 4) / wide
    write, width = _written([cells], most)
    width = min(max(width, title_room), most)
    left, bottom = 2 + row_room, 2 + (11 if sums == "columns" else 0)
    height = bottom + high * _TALL + 2 + (12 if columns else 0)
    style.page(axes, max(left + wide * width + 2 + aside, 60.0), height)
    top = bottom + high * _TALL
    _draw_cells(axes, cells, left, top, width, write, _scale([cells]))
    _frame_cells(axes, framed, left, top, width)
    for i, label in enumerate(rows):
        ink.text(axes, (left - 3, top - (i + 0.5) * _TALL), ink.fitted(label, row_room - 4), across=1)
    for j, label in enumerate(columns):
        ink.text(axes, (left + (j + 0.5) * width, top + 2), ink.fitted(label, width - 2), up=-1)
    if sums == "rows":
        for i, total in enumerate(totals):
            ink.text(axes, (left + wide * width + 4, top - (i + 0.5) * _TALL), f"Σ {say(total)}", across=-1)
    if sums == "columns":
        if rows:
            ink.text(axes, (left - 3, bottom - 7), "Σ", across=1)
        for j, total in enumerate(totals):
            ink.text(axes, (left + (j + 0.5) * width, bottom - 7), ink.fitted(say(total), width))
    return _grid_alt(cells, rows, columns, framed, sums, totals)


def _framed(mark: tuple[int, int] | Rows | None, high: int, wide: int) -> list[tuple[int, int]]:
    if mark is None:
        return []
    mask = [row for row in mark if isinstance(row, tuple)]
    if not mask:
        row, column = (index for index in mark if isinstance(index, int))
        if not (-high <= row < high and -wide <= column < wide):
            raise PlotError("mark", f"({row}, {column}) is outside the {high} × {wide} cells")
        return [(row % high, column % wide)]
    if (len(mask), len(mask[0])) != (high, wide):
        raise PlotError("mark", f"is a mask of {len(mask)} × {len(mask[0])}, but the cells are {high} × {wide}")
    return [(i, j) for i in range(high) for j in range(wide) if mask[i][j]]


def _grid_alt(
    cells: Rows,
    rows: Sequence[str],
    columns: Sequence[str],
    framed: Sequence[tuple[int, int]],
    sums: str,
    totals: Sequence[float],
) -> str:
    parts = [f"{rows[i] if rows else f'row {i}'}: {say_list(row)}" for i, row in enumerate(cells)]
    alt = f"A grid of {len(cells)} × {len(cells[0])} cells."
    if columns:
        alt += f" Columns: {', '.join(columns)}."
    alt += f" {'; '.join(parts)[0].upper() + '; '.join(parts)[1:]}."
    if framed:
        alt += f" Framed: {listed(f'row {i}, column {j}' for i, j in framed[:12])}{' and more' * (len(framed) > 12)}."
    if sums:
        alt += f" Sums of the {sums}: {say_list(totals)}."
    return alt


@kind(
    "heatmaps",
    "Several matrices side by side, coloured on one scale.",
    any_name=parameters.matrix("a matrix of at most 12 × 12 with this name; a vector is drawn as one row"),
    then=parameters.texts('what stands between them, such as `["@", "="]`'),
    entry=parameters.cell_index(
        "(i, j): frames row i of the first, column j of the second, and entry (i, j) of the last"
    ),
)
def heatmaps(axes: Axes, /, *, then: Sequence[str] = (), entry: tuple[int, int] | None = None, **matrices: Rows) -> str:
    """Returns the alt text: every matrix by name, row by row."""
    names, every = list(matrices), list(matrices.values())
    _check_then(then, names)
    marks = _entry_marks(entry, matrices) if entry is not None else {}
    gap = max([9.0, *(ink.text_width(ink.fitted(text, 40)) + 8 for text in then)])
    columns = sum(len(matrix[0]) for matrix in every)
    widest = style.space_of(axes).widest - 4
    write, width = _written(every, (widest - gap * (len(every) - 1)) / columns)
    if write is None:  # too wide side by side: in lines below each other, where numbers then fit
        write, width = _written(every, min(44.0, widest / max(len(matrix[0]) for matrix in every)))
    lines = _lines([max(len(m[0]) * width, min(ink.text_width(n), 70.0)) for n, m in matrices.items()], gap, widest)
    tall = [max(len(every[i]) for i in line) * _TALL + 13 for line in lines]
    used = [
        sum(lengths) + gap * (len(lengths) - 1)
        for lengths in (
            [max(len(every[i][0]) * width, min(ink.text_width(names[i]), 70.0)) for i in line] for line in lines
        )
    ]
    style.page(
        axes, max([60.0, *used]) + 4 + (gap if len(lines) > 1 and then else 0), sum(tall) + 4 + 5 * (len(lines) - 1)
    )
    colour = _scale(every)
    top = sum(tall) + 2 + 5 * (len(lines) - 1)
    for line, height in zip(lines, tall, strict=True):
        left = 2.0
        for i in line:
            matrix = every[i]
            room = max(len(matrix[0]) * width, min(ink.text_width(names[i]), 70.0))
            start = left + (room - len(matrix[0]) * width) / 2
            middle = top - 12 - (height - 13) / 2
            high = middle + len(matrix) * _TALL / 2
            ink.text(axes, (left + room / 2, high + 2), ink.fitted(names[i], room + 1), up=-1)
            _draw_cells(axes, matrix, start, high, width, write, colour)
            _frame_cells(axes, marks.get(i, []), start, high, width)
            left += room + gap
            if i < len(then):
                ink.text(axes, (left - gap / 2, middle), ink.fitted(then[i], 40))
        top -= height + 5
    alt = " ".join(f"{name}, {len(m)} × {len(m[0])}: {say_rows(m)}." for name, m in matrices.items())
    between = f" Between them stand {listed(then)}." if then else ""
    count = f"{len(every)} matrices side by side, coloured on one scale." if len(every) > 1 else "A coloured matrix."
    framed = (
        f" Framed: row {entry[0]} of {names[0]}, column {entry[1]} of {names[1]}, and entry {entry} of {names[-1]}."
        if entry
        else ""
    )
    return f"{count} {alt}{between}{framed}"


def _entry_marks(entry: tuple[int, int], matrices: dict[str, Rows]) -> dict[int, list[tuple[int, int]]]:
    every = list(matrices.values())
    if len(every) != 3:
        raise PlotError("entry", f"needs three matrices (a product of two, and what it makes), here are {len(every)}")
    row, column = entry
    first, second, last = every
    if not (0 <= row < min(len(first), len(last)) and 0 <= column < min(len(second[0]), len(last[0]))):
        raise PlotError("entry", f"({row}, {column}) is outside {listed(matrices)}")
    return {
        0: [(row, j) for j in range(len(first[0]))],
        1: [(i, column) for i in range(len(second))],
        2: [(row, column)],
    }


def _check_then(then: Sequence[str], names: Sequence[str]) -> None:
    if len(then) > len(names) - 1:
        raise PlotError("then", f"has {len(then)} texts, but between {len(names)} names fit only {len(names) - 1}")


def _lines(widths: Sequence[float], gap: float, widest: float) -> list[list[int]]:
    """Returns the things' positions, line by line, each line no wider than the widest may be."""
    lines: list[list[int]] = [[]]
    used = 0.0
    for i, width in enumerate(widths):
        if lines[-1] and used + gap + width > widest:
            lines.append([])
            used = 0.0
        used += width + (gap if lines[-1] else 0)
        lines[-1].append(i)
    return lines


def _written(matrices: Sequence[Rows], room: float) -> tuple[Write | None, float]:
    """Returns how the cells' numbers are written, None where they do not fit, and the width of a cell."""
    numbers = [number for matrix in matrices for row in matrix for number in row]
    for decimals in _decimals(max(map(abs, numbers))):
        write = partial(say_rounded, decimals=decimals)
        width = max(map(ink.text_width, map(write, numbers))) + 5
        if width <= room:
            return write, max(width, min(18.0, room))
    return None, min(_CELL, max(room, 6.0))


def _decimals(largest: float) -> list[int]:
    """Returns with how many decimals cells may be written, the best first: three digits of the largest number."""
    if largest == 0:
        return [0]
    best = max(0, 2 - math.floor(math.log10(largest)))
    return [best, best - 1] if best >= 1 else [0]


def _scale(matrices: Sequence[Rows]) -> Colour:
    """Returns the colours of a number's cell and of its text, on one scale for all the matrices."""
    numbers = [number for matrix in matrices for row in matrix for number in row]
    low, high = min(numbers), max(numbers)
    reach = max(abs(low), abs(high)) or 1.0

    def colour(number: float) -> tuple[str, str]:
        share = math.sqrt(abs(number) / reach) if number else 0.0  # the root tells small numbers from 0
        share = abs(number) / reach * 0.6 + share * 0.3
        end = _HIGH if number >= 0 else _LOW
        mixed = tuple(round(m + (e - m) * share) for m, e in zip(_MIDDLE, end, strict=True))
        return "#{:02x}{:02x}{:02x}".format(*mixed), _ON_DARK if _luminance(mixed) < 0.179 else _ON_LIGHT

    return colour


def _luminance(colour: Sequence[int]) -> float:
    """Returns the relative luminance of WCAG 2; at 0.179 black and white stand out equally."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _draw_cells(
    axes: Axes, cells: Rows, left: float, top: float, width: float, write: Write | None, colour: Colour
) -> None:
    same: dict[str, list[list[ink.Point]]] = {}
    for i, row in enumerate(cells):
        for j, number in enumerate(row):
            same.setdefault(colour(number)[0], []).append(ink.rectangle(_cell(i, j, left, top, width)))
            if write:
                middle = (left + (j + 0.5) * width, top - (i + 0.5) * _TALL)
                ink.text(axes, middle, write(number), colour(number)[1])
    for fill, boxes in same.items():
        ink.areas(axes, boxes, fill)
    high, wide = len(cells), len(cells[0])
    inner = [[(left + j * width, top), (left + j * width, top - high * _TALL)] for j in range(1, wide)]
    inner += [[(left, top - i * _TALL), (left + wide * width, top - i * _TALL)] for i in range(1, high)]
    ink.strokes(axes, inner, "#a8a8a8", 0.5, above=1.5)
    ink.areas(
        axes,
        [ink.rectangle((left, top - high * _TALL, left + wide * width, top))],
        style.DIM,
        0.0,
        edge=style.DIM,
        above=1.6,
    )


def _frame_cells(axes: Axes, framed: Sequence[tuple[int, int]], left: float, top: float, width: float) -> None:
    """Draws a thick line around the framed cells, none between two of them."""
    inside = set(framed)
    edges = []
    for i, j in framed:
        x0, y0, x1, y1 = _cell(i, j, left, top, width)
        sides = {
            (i - 1, j): [(x0, y1), (x1, y1)],
            (i + 1, j): [(x0, y0), (x1, y0)],
            (i, j - 1): [(x0, y0), (x0, y1)],
            (i, j + 1): [(x1, y0), (x1, y1)],
        }
        edges += [side for neighbour, side in sides.items() if neighbour not in inside]
    # Dark in light: it shows on pale cells and on deep ones, on white paper and in dark mode.
    ink.strokes(axes, edges, _ON_DARK, 3.8, cap="projecting", above=3)
    ink.strokes(axes, edges, _ON_LIGHT, 2.0, cap="projecting", above=3.1)


def _cell(i: int, j: int, left: float, top: float, width: float) -> Box:
    return left + j * width, top - (i + 1) * _TALL, left + (j + 1) * width, top - i * _TALL


@kind(
    "shapes",
    "Shapes as boxes, in proportion, with operators between.",
    any_name=parameters.shape("a shape, such as `A.shape`: a box with this name"),
    then=parameters.texts('what stands between the boxes, such as `["@", "→"]`'),
)
def shapes(axes: Axes, /, *, then: Sequence[str] = (), **boxes: tuple[int, ...]) -> str:
    """Returns the alt text: the shapes by name, with the operators between."""
    names = list(boxes)
    _check_then(then, names)
    largest = max((size for shape in boxes.values() for size in shape[-2:]), default=1)
    made = [_box(shape, largest) for shape in boxes.values()]
    texts = [say_shape(shape) for shape in boxes.values()]
    widths = [
        max(box.width, min(ink.text_width(name), 80.0), ink.text_width(text))
        for box, name, text in zip(made, names, texts, strict=True)
    ]
    gap = max([10.0, *(ink.text_width(ink.fitted(text, 60)) + 9 for text in then)])
    lines = _lines(widths, gap, style.space_of(axes).widest - 4)
    tall = [max(made[i].height for i in line) + 26 for line in lines]
    long = max(sum(widths[i] for i in line) + gap * (len(line) - 1) for line in lines)
    style.page(axes, max(long + 4 + (gap if len(lines) > 1 and then else 0), 60.0), sum(tall) + 4)
    top = sum(tall) + 2
    for line, height in zip(lines, tall, strict=True):
        left, middle = 2.0, top - height / 2
        for i in line:
            x = left + widths[i] / 2
            _draw_box(axes, made[i], x, middle, style.PALETTE[i])
            ink.text(axes, (x, middle + made[i].height / 2 + 2), ink.fitted(names[i], widths[i] + 1), up=-1)
            ink.text(axes, (x, middle - made[i].height / 2 - 2), texts[i], up=1)
            left += widths[i] + gap
            if i < len(then):
                ink.text(axes, (left - gap / 2, middle), ink.fitted(then[i], 60))
        top -= height
    parts = [f"{name} {text}" for name, text in zip(names, texts, strict=True)]
    return f"Boxes of these shapes: {_joined(parts, then)}."


@dataclass(frozen=True, slots=True)
class _Solid:
    """A box on the page: the last two axes as height and width, those before them as sheets behind."""

    wide: float
    high: float
    sheets: int

    @property
    def width(self) -> float:
        return self.wide + 3 * (self.sheets - 1)

    @property
    def height(self) -> float:
        return self.high + 3 * (self.sheets - 1)


def _box(shape: tuple[int, ...], largest: int) -> _Solid:
    high, wide = ((1, 1, *shape)[-2:]) if shape else (1, 1)
    sheets = min(3, max(1, math.prod(shape[:-2])))
    least = 7.0  # points: a single row must still be seen
    side = [
        least + (46 - least) * math.sqrt((size - 1) / max(largest - 1, 1)) if size else 0.5 for size in (wide, high)
    ]
    return _Solid(side[0], side[1], sheets)


def _draw_box(axes: Axes, box: _Solid, x: float, y: float, colour: str) -> None:
    left, bottom = x - box.width / 2, y - box.height / 2
    for sheet in reversed(range(box.sheets)):
        at = (left + 3 * sheet, bottom + 3 * sheet)
        corners = ink.rectangle((at[0], at[1], at[0] + box.wide, at[1] + box.high))
        ink.areas(axes, [corners], style.PAPER, above=1 - 0.1 * sheet)
        ink.areas(axes, [corners], colour, 0.2, edge=colour, width=1.1, above=1.03 - 0.1 * sheet)


def say_shape(shape: tuple[int, ...]) -> str:
    """Returns a shape as Python prints it."""
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


def _joined(parts: Sequence[str], then: Sequence[str]) -> str:
    between = [f" {text} " for text in then] + [", "] * (len(parts) - 1 - len(then))
    return parts[0] + "".join(text + part for text, part in zip(between, parts[1:], strict=True))

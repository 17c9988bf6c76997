"""Matrices as coloured cells with their numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eigendeck.plots import parameters
from eigendeck.plots.canvas.letters import fitted, text_width
from eigendeck.plots.canvas.page import FOOT, LEFT, RIGHT, Page
from eigendeck.plots.entries import Rows, need_as_many
from eigendeck.plots.kinds.cells import HEIGHT, Cells, Place, cells_of
from eigendeck.plots.kinds.side_by_side import check_between, slots
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, rowed, say, say_list, say_rows, sentences, tell


@dataclass(frozen=True, slots=True)
class Grid:
    cells: Rows = parameters.matrix("a matrix of at most 12 × 12, or a vector", required=True)
    rows: Sequence[str] = parameters.texts("labels of the rows")
    columns: Sequence[str] = parameters.texts("labels of the columns")
    mark: tuple[int, int] | Rows | None = parameters.marked("an index (row, column), or a mask: the cells to frame")
    sums: str = parameters.choice("`rows` or `columns`: writes their sums beside them", "rows", "columns")


@kind("grid", "A matrix as coloured cells with their numbers.", Grid)
def grid(page: Page, values: Grid) -> str:
    """Returns the alt text: the shape, the rows, and which cells are framed."""
    matrix, rows, columns = values.cells, values.rows, values.columns
    high, wide = len(matrix), len(matrix[0])
    need_as_many("rows", rows, high, " labels, one for each of the rows of `cells`")
    need_as_many("columns", columns, wide, " labels, one for each of the columns of `cells`")
    framed = _framed(values.mark, high, wide)
    totals = [sum(row) for row in (matrix if values.sums == "rows" else zip(*matrix, strict=True))]
    aside = max(text_width(f"Σ {say(total)}") + 6 for total in totals) if values.sums == "rows" else 0
    row_room = max((min(max(text_width(label), 6.0), 80.0) + 5 for label in rows), default=0)
    column_room = max((min(text_width(label), 46.0) + 6 for label in columns), default=0)
    if values.sums == "columns":
        column_room = max(column_room, *(text_width(say(total)) + 6 for total in totals))
    cells = cells_of([matrix], (page.space.widest - row_room - aside - 4) / wide, page.space.small, column_room)
    left, bottom = 2 + row_room, 2 + (11 if values.sums == "columns" else 0)
    top = bottom + high * HEIGHT
    page.resize(max(left + wide * cells.width + 2 + aside, 60.0), top + 2 + (12 if columns else 0))
    cells.draw(page, matrix, (left, top), framed)
    _write_labels(page, values, cells, (left, top), row_room)
    if values.sums == "rows":
        for i, total in enumerate(totals):
            page.text((left + wide * cells.width + 4, top - (i + 0.5) * HEIGHT), f"Σ {say(total)}", anchor=LEFT)
    if values.sums == "columns":
        if rows:
            page.text((left - 3, bottom - 7), "Σ", anchor=RIGHT)
        for j, total in enumerate(totals):
            page.text((left + (j + 0.5) * cells.width, bottom - 7), fitted(say(total), cells.width))
    return _grid_alt(values, framed, totals)


def _write_labels(page: Page, values: Grid, cells: Cells, corner: tuple[float, float], row_room: float) -> None:
    left, top = corner
    for i, label in enumerate(values.rows):
        page.text((left - 3, top - (i + 0.5) * HEIGHT), fitted(label, row_room - 4), anchor=RIGHT)
    for j, label in enumerate(values.columns):
        page.text((left + (j + 0.5) * cells.width, top + 2), fitted(label, cells.width - 2), anchor=FOOT)


def _framed(mark: tuple[int, int] | Rows | None, high: int, wide: int) -> list[Place]:
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


def _grid_alt(values: Grid, framed: Sequence[Place], totals: Sequence[float]) -> str:
    cells, rows = values.cells, values.rows
    names = rows or [tell("row", row=i) for i in range(len(cells))]
    parts = rowed((f"{name}: {say_list(row)}" for name, row in zip(names, cells, strict=True)), "semicolon")
    first = listed(tell("cell", row=i, column=j) for i, j in framed[:12])
    return sentences(
        tell("grid", high=len(cells), wide=len(cells[0])),
        tell("columns", names=rowed(values.columns)) if values.columns else "",
        f"{parts if rows else parts[:1].upper() + parts[1:]}.",  # an author's σ stays small
        tell("framed", cells=tell("more", cells=first) if len(framed) > 12 else first) if framed else "",
        tell("row_sums" if values.sums == "rows" else "column_sums", sums=say_list(totals)) if values.sums else "",
    )


@dataclass(frozen=True, slots=True)
class Heatmaps:
    matrices: Mapping[str, Rows] = parameters.any_name(
        parameters.matrix("a matrix of at most 12 × 12 with this name; a vector is drawn as one row")
    )
    then: Sequence[str] = parameters.texts('what stands between them, such as `["@", "="]`')
    entry: Place | None = parameters.cell_index(
        "(i, j): frames row i of the first, column j of the second, and entry (i, j) of the last"
    )


_NAME_ROOM = 70.0  # points that a name may take over a matrix that is narrower
_BETWEEN_ROOM = 40.0  # points that a text between two matrices may take
_TITLE = 13.0  # points: a name over its matrix


@kind("heatmaps", "Several matrices side by side, coloured on one scale.", Heatmaps)
def heatmaps(page: Page, values: Heatmaps) -> str:
    """Returns the alt text: every matrix by name, row by row."""
    names, every, then = list(values.matrices), list(values.matrices.values()), values.then
    check_between(then, names)
    marks = _entry_marks(values.entry, values.matrices) if values.entry is not None else {}
    gap = max([9.0, *(text_width(fitted(text, _BETWEEN_ROOM)) + 8 for text in then)])
    widest = page.space.widest - 4
    small = page.space.small
    cells = cells_of(every, (widest - gap * (len(every) - 1)) / sum(len(matrix[0]) for matrix in every), small)
    if not cells.write:  # too wide side by side: in lines below each other, where numbers then fit
        cells = cells_of(every, min(44.0, widest / max(len(matrix[0]) for matrix in every)), small)
    rooms = [max(len(m[0]) * cells.width, min(text_width(n), _NAME_ROOM)) for n, m in values.matrices.items()]
    heights = [len(matrix) * HEIGHT + _TITLE for matrix in every]
    for i, (left, bottom, right, top) in enumerate(slots(page, rooms, heights, gap, between=bool(then), leading=5.0)):
        middle = (top - 12 + bottom + 1) / 2
        upper = middle + len(every[i]) * HEIGHT / 2
        page.text(((left + right) / 2, upper + 2), fitted(names[i], rooms[i] + 1), anchor=FOOT)
        start = left + (rooms[i] - len(every[i][0]) * cells.width) / 2
        cells.draw(page, every[i], (start, upper), marks.get(i, []))
        if i < len(then):
            page.text((right + gap / 2, middle), fitted(then[i], _BETWEEN_ROOM))
    return _heatmaps_alt(values)


def _entry_marks(entry: Place, matrices: Mapping[str, Rows]) -> dict[int, list[Place]]:
    """Returns the cells to frame, by the matrix's number: a row, a column, and the entry that they make."""
    if len(matrices) != 3:
        what = f"three matrices (a product of two, and what it makes), here are {len(matrices)}"
        raise PlotError("entry", f"needs {what}")
    row, column = entry
    first, second, last = matrices.values()
    if not (0 <= row < min(len(first), len(last)) and 0 <= column < min(len(second[0]), len(last[0]))):
        raise PlotError("entry", f"({row}, {column}) is outside {', '.join(matrices)}")
    return {
        0: [(row, j) for j in range(len(first[0]))],
        1: [(i, column) for i in range(len(second))],
        2: [(row, column)],
    }


def _heatmaps_alt(values: Heatmaps) -> str:
    names, entry = list(values.matrices), values.entry
    of = {"first": names[0], "second": names[1], "last": names[-1]} if entry else {}
    return sentences(
        tell("matrices", count=len(names)) if len(names) > 1 else tell("matrix"),
        *(f"{name}, {len(m)} × {len(m[0])}: {say_rows(m)}." for name, m in values.matrices.items()),
        tell("between", signs=listed(values.then)) if values.then else "",
        tell("entry", row=entry[0], column=entry[1], entry=entry, **of) if entry else "",
    )

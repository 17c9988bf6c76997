"""Shares of a whole as areas: icon arrays and mosaics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.labels import Labels, apart
from eigendeck.plots.canvas.letters import fitted, text_width
from eigendeck.plots.canvas.page import LEFT, Page
from eigendeck.plots.canvas.paths import Box, Point, middle, rectangle
from eigendeck.plots.entries import MOST_POINTS, Rows, need_as_many
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, say, tell


@dataclass(frozen=True, slots=True)
class Icons:
    groups: Mapping[str, int] = parameters.any_name(parameters.count("how many the group with this name counts"))


@kind("icons", "An icon array: one small mark for each person, in groups; the first two groups stand out.", Icons)
def icons(page: Page, values: Icons) -> str:
    """Returns the alt text: the groups and their sizes."""
    groups = values.groups
    total = sum(groups.values())
    if not 0 < total <= MOST_POINTS:
        raise PlotError("", f"the groups count {total} together: from 1 to {MOST_POINTS} can be drawn")
    if len(groups) > len(_ICONS):
        raise PlotError("", f"{len(groups)} groups: at most {len(_ICONS)} can be told apart")
    rows = 1 if total < 8 else 5 * max(1, round((total / 1.6) ** 0.5 / 5))
    columns = -(-total // rows)
    width = page.space.width
    pitch = min(9.0, (width - 6) / columns)
    foot = 11.5 * len(groups) + 4
    page.resize(width, foot + rows * pitch + 3)
    left, top = (width - columns * pitch) / 2, foot + rows * pitch
    passed = 0
    for i, (name, count) in enumerate(groups.items()):
        _draw_icons(page, _column_runs(passed, passed + count, rows), _ICONS[i], (left, top), pitch)
        passed += count
        line = foot - 9 - 11.5 * i
        _draw_icons(page, [(0, 0, 1)], _ICONS[i], (5, line + 3.4), 6.8)
        page.text((15, line), fitted(f"{count:,} {name}", width - 18), anchor=LEFT)
    return tell("icons", total=f"{total:,}", groups=listed(f"{count:,} {name}" for name, count in groups.items()))


# (share of the pitch that a mark fills, share that is hollow, colour): the first two are dark, the others recede.
_ICONS = (
    (0.86, 0.0, style.PALETTE[0]),
    (0.86, 0.46, style.PALETTE[1]),
    (0.5, 0.0, "#9a9a9a"),
    (0.3, 0.0, "#9a9a9a"),
    (0.62, 0.0, style.PALETTE[2]),
    (0.62, 0.3, style.PALETTE[3]),
)


def _column_runs(start: int, stop: int, rows: int) -> list[tuple[int, int, int]]:
    """Returns (column, first row, end row) of the marks start … stop, filled column by column."""
    columns = range(start // rows, -(-stop // rows))
    runs = [(column, max(start - column * rows, 0), min(stop - column * rows, rows)) for column in columns]
    return [run for run in runs if run[2] > run[1]]


def _draw_icons(
    page: Page, runs: Sequence[tuple[int, int, int]], icon: tuple[float, float, str], corner: Point, pitch: float
) -> None:
    """Draws each run of marks as one dashed line whose dashes are squares: a thousand marks in a few bytes."""
    size, hole, colour = icon
    left, top = corner
    for share, ground in ((size, colour), (hole, style.PAPER)):
        side = share * pitch
        if side == 0:
            continue
        lines = []
        for column, first, end in runs:
            x = left + (column + 0.5) * pitch
            start = top - first * pitch - (pitch - side) / 2
            lines.append([(x, start), (x, top - end * pitch + (pitch - side) / 2 - 0.01)])
        page.strokes(lines, ground, side, (side, pitch - side))


@dataclass(frozen=True, slots=True)
class Mosaic:
    table: Rows = parameters.matrix("a table of at most 4 × 4 counts or probabilities", largest=4, required=True)
    rows: Sequence[str] = parameters.texts("names of the rows")
    columns: Sequence[str] = parameters.texts("names of the columns")


@kind(
    "mosaic",
    "A table as areas: a column is as wide as its share of the whole, and its parts as high as their share of it.",
    Mosaic,
)
def mosaic(page: Page, values: Mosaic) -> str:
    """Returns the alt text: the table, cell by cell."""
    table, space = values.table, page.space
    need_as_many("rows", values.rows, len(table), " names, one for each of the rows of `table`")
    need_as_many("columns", values.columns, len(table[0]), " names, one for each of the columns of `table`")
    if min(min(row) for row in table) < 0:
        raise PlotError("table", "has a number below 0: areas show counts or probabilities")
    total = sum(map(sum, table))
    if total == 0:
        raise PlotError("table", "is all 0: there are no areas to draw")
    row_names = tuple(values.rows) or tuple(tell("row", row=i) for i in range(len(table)))
    column_names = tuple(values.columns) or tuple(tell("column", column=j) for j in range(len(table[0])))
    room = max(min(text_width(name), 64.0) for name in row_names) + 15
    for i, name in enumerate(row_names):
        y = space.height - 24 - 14 * i
        _draw_tile(page, (2, y - 3.5, 10, y + 3.5), i)
        page.text((13, y), fitted(name, room - 15), anchor=LEFT)
    tiles = _tiles(table, (room + 4, 3, space.width - 3, space.height - 14))
    for (i, _), box in tiles.items():
        if box[3] > box[1] and box[2] > box[0]:
            _draw_tile(page, box, i)
    _name_columns(page, column_names, tiles, room)
    _write_numbers(Labels(page, (room, 0, space.width, space.height)), table, tiles)
    cells = [
        tell("crossed", row=row_names[i], column=column_names[j], number=say(number))
        for i, row in enumerate(table)
        for j, number in enumerate(row)
    ]
    return tell("mosaic", total=say(total), cells=listed(cells))


def _tiles(table: Rows, area: Box) -> dict[tuple[int, int], Box]:
    left, bottom, right, top = area
    sums = [sum(column) for column in zip(*table, strict=True)]
    gap = 2.5
    wide = right - left - gap * (sum(total > 0 for total in sums) - 1)
    tiles, x = {}, left
    for j, total in enumerate(sums):
        width = wide * total / sum(sums)
        y = top
        for i, row in enumerate(table):
            height = (top - bottom) * row[j] / total if total else 0.0
            tiles[i, j] = (x, y - height, x + width, y)
            y -= height
        x += width + (gap if total else 0)
    return tiles


def _write_numbers(board: Labels, table: Rows, tiles: dict[tuple[int, int], Box]) -> None:
    """Writes the numbers in their tiles, and those that have no room there beside a dot."""
    small = []
    for (i, j), box in tiles.items():
        text = say(table[i][j])
        board.keep_off([*rectangle(box), (box[0], box[1])])
        if box[2] - box[0] >= text_width(text) + 4 and box[3] - box[1] >= 12:
            board.keep_off_boxes([board.page.text(middle(box), text, backing=True)])
        else:
            small.append((text, middle(box)))
    board.page.crowd += len(small)
    for text, at in small:
        board.page.dots([at], style.INK, 2.5, above=5)
        board.put(text, at, (1, 0.2), backing=True)


def _draw_tile(page: Page, box: Box, row: int) -> None:
    colour = style.PALETTE[row]
    hatch = style.HATCHES[row]
    fill = style.Fill(colour, 0.12 if hatch else 0.45, hatch, edge=colour, width=0.9)
    page.areas([rectangle(box)], fill)


def _name_columns(page: Page, names: Sequence[str], tiles: dict[tuple[int, int], Box], least: float) -> None:
    """Writes the columns' names above them, pushed apart where columns are narrow."""
    boxes = [tiles[0, j] for j in range(len(names))]
    space = page.space
    room = (space.width - least - 6) / len(names)
    texts = [fitted(name, max(room - 4, box[2] - box[0])) for name, box in zip(names, boxes, strict=True)]
    widths = [text_width(text) for text in texts]
    if sum(widths) + 4 * len(widths) > space.width - least - 4:
        texts = [fitted(name, room - 4) for name in names]
        widths = [text_width(text) for text in texts]
    lefts = [(box[0] + box[2] - width) / 2 for box, width in zip(boxes, widths, strict=True)]
    lefts = apart(lefts, [width + 4 for width in widths], least + 2, space.width + 2)
    for left, text in zip(lefts, texts, strict=True):
        page.text((left, space.height - 11), text, anchor=(-1, -1))

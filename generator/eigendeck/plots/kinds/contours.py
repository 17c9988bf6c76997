"""Contour lines of a function of two variables."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import Frame, Layout, Span, frame, ticks
from eigendeck.plots.canvas.labels import Labels
from eigendeck.plots.canvas.letters import text_width
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Point
from eigendeck.plots.entries import Row, Rows, need_as_many
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import in_turn, named_pairs, say, say_list, say_pair, sentences, tell


@dataclass(frozen=True, slots=True)
class Contour:
    x: Row = parameters.vector("n numbers, rising: the grid along", required=True, rising=True)
    y: Row = parameters.vector("m numbers, rising: the grid up", required=True, rising=True)
    z: Rows = parameters.rows("m × n values: z[i, j] at x[j] and y[i]", required=True)
    steps: Rows = parameters.rows("points (x, y): a path of arrows from each to the next", width=2, most=20)
    at: Row | None = parameters.vector("a point", size=2)
    arrows: Rows = parameters.rows("vectors of 2 numbers, drawn from `at`", width=2, most=8)
    labels: Sequence[str] = parameters.texts("names of the arrows, or without arrows of the steps' points")
    axis: Sequence[str] = parameters.texts("the titles along and up", size=2)


@kind("contour", "Contour lines of a function of two variables, with a path of steps or arrows at a point.", Contour)
def contour(page: Page, values: Contour) -> str:
    """Returns the alt text: the levels, the path, the arrows."""
    _check(values)
    foot = values.at or (0.0, 0.0)
    tips = [(foot[0] + dx, foot[1] + dy) for dx, dy in values.arrows]
    drawn_over = [*values.steps, *tips, *([foot] if values.at else [])]
    across = _around(values.x, [point[0] for point in drawn_over])
    upwards = _around(values.y, [point[1] for point in drawn_over])
    width, high = page.space.width, page.space.height + 13
    page.resize(width, high)
    layout = Layout(box=(0, 0, width, high), titles=values.axis, equal=bool(values.arrows))
    made = frame(page, across, upwards, layout)
    board = Labels(page, (made.box[0] + 1, made.box[1] + 1, made.box[2], high))
    steps = made.along(values.steps)
    board.keep_off_dots(steps[:1] or ([made.at(foot)] if values.at else []), 5.0)
    board.named += made.along(tips) or steps
    paths = [*pairwise(steps), *((made.at(foot), made.at(tip)) for tip in tips)]
    for path in paths:
        board.keep_off_arrow(*path)
    levels = _draw_levels(page, board, made, values)
    for i, (start, end) in enumerate(paths):
        series = i + 1 if tips else 1
        page.arrow(start, end, style.PALETTE[series % 8], 1.7, style.DASHES[i % 8] if tips else ())
    page.rings(steps[:1] or ([made.at(foot)] if values.at else []), style.INK, 5.0, above=5)
    _put_labels(board, values.labels, steps, made.at(foot), made.along(tips))
    return _alt(values, levels)


def _check(values: Contour) -> None:
    x, y, z = values.x, values.y, values.z
    for name, numbers in (("x", x), ("y", y)):
        if len(numbers) < 2 or numbers[0] == numbers[-1]:
            raise PlotError(name, "needs at least 2 different numbers")
        if any(a == b for a, b in pairwise(numbers)):
            raise PlotError(name, "has the same number twice")
    if (len(z), len(z[0])) != (len(y), len(x)):
        raise PlotError("z", f"needs {len(y)} rows (one for each y) of {len(x)} numbers, has {len(z)} × {len(z[0])}")
    if values.arrows and values.at is None:
        raise PlotError("arrows", "needs `at`: the point from which they are drawn")
    of = "arrows" if values.arrows else "steps"
    need_as_many("labels", values.labels, len(values.arrows or values.steps), f", one for each of the {of}")


def _put_labels(
    board: Labels, labels: Sequence[str], steps: Sequence[Point], foot: Point, tips: Sequence[Point]
) -> None:
    """Writes the names at the arrows' tips, or without arrows at the steps."""
    for i, (text, point) in enumerate(zip(labels, tips or steps, strict=False)):
        start = foot if tips else steps[max(i - 1, 0)]
        toward = (point[0] - start[0], point[1] - start[1]) if point != start else (-1.0, 1.0)
        board.put(text, point, toward, style.PALETTE[(i + 1) % 8] if tips else style.INK, backing=True)


def _alt(values: Contour, levels: Sequence[float]) -> str:
    x, y = values.x, values.y
    ends = {"left": say(x[0]), "right": say(x[-1]), "low": say(y[0]), "high": say(y[-1])}
    return sentences(
        tell("contours", levels=say_list(levels), **ends),
        tell("path", path=in_turn(map(say_pair, values.steps))) if values.steps else "",
        tell("point", point=say_pair(values.at)) if values.at else "",
        tell("arrows_there", arrows=named_pairs(values.labels, values.arrows)) if values.arrows else "",
    )


def _around(grid: Row, extra: Sequence[float]) -> Span:
    low, high = min([grid[0], *extra]), max([grid[-1], *extra])
    reach = high - low
    return low - 0.05 * reach * (low < grid[0]), high + 0.05 * reach * (high > grid[-1])


def _draw_levels(page: Page, board: Labels, made: Frame, values: Contour) -> list[float]:
    """Draws contour lines, the higher the thicker, and writes their levels on them; returns the levels."""
    from contourpy import contour_generator  # comes with Matplotlib, whose contours it finds

    flat = sorted(value for row in values.z for value in row)
    if flat[-1] - flat[0] <= max(abs(flat[0]), abs(flat[-1])) * 1e-9:
        return [flat[0]]
    levels, drawn = _levels(flat), list[list[Point]]()
    generator: Any = contour_generator(values.x, values.y, [list(row) for row in values.z])
    for n, level in enumerate(levels):
        lines = [made.along(line.tolist()) for line in generator.lines(level)]
        share = n / max(len(levels) - 1, 1)
        page.strokes(lines, style.PALETTE[0], 0.6 + 0.7 * share, above=1.5)
        drawn += lines
        longest = max(lines, key=_length, default=[])
        if _length(longest) > 40:
            _write_level(page, board, longest, say(level, 3))
    for line in drawn:
        board.keep_off(line[::3], faint=True)
    return levels


def _levels(heights: Sequence[float]) -> list[float]:
    """Returns 4 to 8 round levels; closer together at the bottom of a bowl, where most of the plane would be empty.

    heights: of the function at the points of its grid, rising.
    """
    low, high, middle = heights[0], heights[-1], heights[len(heights) // 2]
    levels = [level for level in ticks(low, high, 8) if low < level < high]
    if middle < low + 0.25 * (high - low) and levels:
        fine = [level for level in ticks(low, middle, 3) if low < level < levels[0]]
        levels = [*fine, *levels[::2]]
    return levels


def _write_level(page: Page, board: Labels, line: Sequence[Point], text: str) -> None:
    """Writes a level on its line, where it covers least."""
    wide = text_width(text)

    def cost(at: Point) -> float:
        left, bottom, right, top = board.within
        if not (left + wide / 2 + 2 < at[0] < right - wide / 2 - 2 and bottom + 6 < at[1] < top - 6):
            return math.inf
        return board.covered((at[0] - wide / 2 - 2, at[1] - 6, at[0] + wide / 2 + 2, at[1] + 6))

    best = min(line[:: max(1, len(line) // 40)], key=cost)
    if cost(best) < 1:
        box = page.text(best, text, style.DIM, size=page.space.small, backing=True)
        board.keep_off_boxes([box])


def _length(line: Sequence[Point]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(line))

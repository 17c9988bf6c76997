"""Functions: curves, densities, and contour lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from eigendeck.plots import parameters
from eigendeck.plots.canvas import ink, style
from eigendeck.plots.canvas.frame import MARKED, Frame, Span, frame, point_below, span, ticks
from eigendeck.plots.canvas.ink import Point
from eigendeck.plots.canvas.labels import Labels, labels_in
from eigendeck.plots.parameters import Row, Rows
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, say, say_list, say_pair

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@kind(
    "curve",
    "One or several curves over the same x, with points and a tangent.",
    x=parameters.vector("n numbers, rising", required=True, rising=True),
    y=parameters.curves("n numbers; or k × n, a curve a row", required=True),
    names=parameters.texts("the curves' names, written at their ends"),
    points=parameters.rows("points (x, y) to mark", width=2, most=20),
    labels=parameters.texts("the points' names"),
    tangent=parameters.vector("(x0, slope): draws the line that touches the first curve at x0", size=2),
    axis=parameters.texts("the titles along and up", size=2),
)
def curve(
    axes: Axes,
    /,
    *,
    x: Row,
    y: Rows,
    names: Sequence[str] = (),
    points: Rows = (),
    labels: Sequence[str] = (),
    tangent: Row | None = None,
    axis: Sequence[str] = ("", ""),
) -> str:
    """Returns the alt text: the curves' values, the points, and the tangent."""
    _check_curves(x, y, names)
    if labels and len(labels) != len(points):
        raise PlotError("labels", f"needs {len(points)}, one a point, has {len(labels)}")
    across = span([*x, *(point[0] for point in points)], 0.03)
    upwards = span([*(value for row in y for value in row), *(point[1] for point in points)], 0.08)
    right = max((min(ink.text_width(name), 70.0) for name in names), default=0.0) + 5 if len(y) > 1 else 0.0
    made = frame(axes, across, upwards, titles=axis, right=right)
    board = labels_in(axes, made, axis)
    lines = [made.along(zip(x, row, strict=True)) for row in y]
    _zero_line(axes, made)
    for i, line in enumerate(lines):
        ink.line(axes, line, style.PALETTE[i], style.WEIGHTS[i], style.DASHES[i], above=3)
        board.keep_off(line[:: max(1, len(line) // 60)])
    if names:
        _name_curves(axes, board, lines, names, made)
    touched = _draw_tangent(axes, board, made, x, y[0], tangent) if tangent else ""
    places = made.along(points)
    for place in places:
        board.keep_off([place])
    ink.rings(axes, places, style.INK, 5.0, above=5)
    for place, point, label in zip(places, points, labels or [""] * len(points), strict=True):
        if label or len(points) <= 4:
            board.put(label or say_pair((_short(point[0]), _short(point[1]))), place, (0.4, 1))
    alt = _curves_alt("Curve", x, y, names) + touched
    if points:
        marked = [
            f"{label} {say_pair(p)}".strip() for label, p in zip(labels or [""] * len(points), points, strict=True)
        ]
        alt += f" Marked: {listed(marked)}."
    return alt


def _check_curves(x: Row, y: Rows, names: Sequence[str]) -> None:
    if len(x) < 2:
        raise PlotError("x", "needs at least 2 numbers to draw a line through")
    if len(y[0]) != len(x):
        raise PlotError("y", f"needs as many numbers as `x`, {len(x)}, has {len(y[0])}")
    if names and len(names) != len(y):
        raise PlotError("names", f"needs {len(y)}, one a curve, has {len(names)}")


def _as_seen(point: Sequence[float], width: float, height: float) -> Point:
    """Returns a point of a sampled curve, rounded to what the eye can tell in a picture of this width and height."""

    def rounded(value: float, reach: float) -> float:
        return round(value, 2 - math.floor(math.log10(reach))) if reach > 0 else value

    return rounded(point[0], width), rounded(point[1], height)


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _zero_line(axes: Axes, made: Frame) -> None:
    if made.y[0] < 0 < made.y[1]:
        ink.line(axes, made.along([(made.x[0], 0), (made.x[1], 0)]), style.FAINT, 0.8, above=0.5)


def _name_curves(
    axes: Axes, board: Labels, lines: Sequence[Sequence[Point]], names: Sequence[str], made: Frame
) -> None:
    """Writes the names at the curves' right ends, apart from each other; one curve alone is named on the line."""
    if len(lines) == 1:
        board.put_along(names[0], lines[0], style.PALETTE[0])
        return
    order = sorted(range(len(lines)), key=lambda i: lines[i][-1][1])
    heights = [lines[i][-1][1] for i in order]
    space = style.space_of(axes)
    low, high = made.box[1] + 4, space.height - 6
    for n in range(len(heights)):
        heights[n] = max(heights[n], low if n == 0 else heights[n - 1] + 10)
    for n in reversed(range(len(heights))):
        heights[n] = min(heights[n], high if n == len(heights) - 1 else heights[n + 1] - 10)
    for i, y in zip(order, heights, strict=True):
        end = lines[i][-1]
        text = ink.fitted(names[i], space.width - end[0] - 5)
        board.keep_off_boxes([ink.text(axes, (end[0] + 4, y), text, style.PALETTE[i], across=-1)])


def _draw_tangent(axes: Axes, board: Labels, made: Frame, x: Row, y: Row, tangent: Row) -> str:
    x0, slope = tangent
    if not x[0] <= x0 <= x[-1]:
        raise PlotError("tangent", f"touches at {say(x0)}, outside the curve's x, {say(x[0])} to {say(x[-1])}")
    y0 = _at(x, y, x0)
    ends = _clipped(made, x0, y0, slope)
    line = made.along(ends)
    ink.line(axes, line, style.PALETTE[1], 1.3, (4, 2), above=4)
    touch = made.at((x0, y0))
    ink.dots(axes, [touch], style.PALETTE[1], 5.0, above=5)
    board.keep_off(line)
    board.keep_off([touch])
    seen = _as_seen((x0, y0), x[-1] - x[0], max(y) - min(y))[1]
    board.put(f"slope {say(slope, 3)}", touch, (1, -0.6), style.PALETTE[1])
    return f" A tangent touches at {say_pair((x0, seen))} with slope {say(slope)}."


def _at(x: Row, y: Row, x0: float) -> float:
    for a, b, ya, yb in zip(x, x[1:], y, y[1:], strict=False):
        if a <= x0 <= b:
            return ya if a == b else ya + (yb - ya) * (x0 - a) / (b - a)
    return y[-1]


def _clipped(made: Frame, x0: float, y0: float, slope: float) -> list[Point]:
    """Returns the ends of the line through (x0, y0) inside the frame, a third of its width to either side at most."""
    reach = (made.x[1] - made.x[0]) / 3
    ends = []
    for direction in (-1, 1):
        run = min(reach, made.x[1] - x0 if direction > 0 else x0 - made.x[0])
        rise = direction * slope
        room = made.y[1] - y0 if rise > 0 else y0 - made.y[0]
        if abs(rise) * run > room:
            run = room / abs(rise)
        ends.append((x0 + direction * run, y0 + rise * run))
    return ends


def _curves_alt(what: str, x: Row, y: Rows, names: Sequence[str]) -> str:
    parts = []
    height = max(map(max, y)) - min(map(min, y))
    for i, row in enumerate(y):
        name = names[i] if names else (f"curve {i + 1}" if len(y) > 1 else what)
        ends = [_as_seen((x[n], row[n]), x[-1] - x[0], height) for n in (0, -1)]
        low, high = (_as_seen((x[n], row[n]), x[-1] - x[0], height) for n in (row.index(min(row)), row.index(max(row))))
        parts.append(
            f"{name} from {say_pair(ends[0])} to {say_pair(ends[1])}, "
            f"lowest {say(low[1])} at x = {say(low[0])}, highest {say(high[1])} at x = {say(high[0])}"
        )
    several = f"{len(y)} curves: " if len(y) > 1 else ("" if not names else f"{what}: ")
    return f"{several}{'; '.join(parts)}."


@kind(
    "density",
    "A density, or several, with the area between two numbers shaded.",
    x=parameters.vector("n numbers, rising", required=True, rising=True),
    y=parameters.curves("n densities; or k × n, one a row", required=True),
    names=parameters.texts("the densities' names"),
    shade=parameters.vector("(a, b): shades the area of the first density between them", size=2),
    marks=parameters.amounts("numbers to mark with a line up to the first density"),
    axis=parameters.texts("the titles along and up", size=2),
)
def density(
    axes: Axes,
    /,
    *,
    x: Row,
    y: Rows,
    names: Sequence[str] = (),
    shade: Row | None = None,
    marks: Row = (),
    axis: Sequence[str] = ("", ""),
) -> str:
    """Returns the alt text: the densities' ends and peaks, what is shaded and what is marked."""
    _check_curves(x, y, names)
    if min(min(row) for row in y) < 0:
        raise PlotError("y", "has a number below 0, which no density is")
    across = span([*x, *marks], 0.02)
    top = max(max(row) for row in y) or 1.0
    made = frame(axes, across, (0.0, top * 1.12), titles=axis, below=MARKED if marks else 0)
    board = labels_in(axes, made, axis)
    lines = [made.along(zip(x, row, strict=True)) for row in y]
    alt = _curves_alt("Density", x, y, names)
    if shade:
        a, b = sorted(shade)
        inside = [x0 for x0 in x if a < x0 < b]
        edge = [max(a, x[0]), *inside, min(b, x[-1])]
        if edge[0] < edge[-1]:
            ridge = made.along((x0, _at(x, y[0], x0)) for x0 in edge)
            ground = [*ridge, made.at((edge[-1], 0)), made.at((edge[0], 0))]
            ink.areas(axes, [ground], style.PALETTE[0], 0.2, "////")
        alt += f" Shaded from {say(a)} to {say(b)}."
    for i, line in enumerate(lines):
        ink.line(axes, line, style.PALETTE[i], style.WEIGHTS[i], style.DASHES[i], above=3)
        board.keep_off(line[:: max(1, len(line) // 60)])
    for i, line in enumerate(lines if names else ()):
        board.put_along(names[i], line, style.PALETTE[i])
    if marks:
        feet = [(number, _at(x, y[0], number)) for number in marks if x[0] <= number <= x[-1]]
        stems = [made.along([(number, 0), (number, height)]) for number, height in feet]
        ink.strokes(axes, stems, style.PALETTE[1], 1.3, above=4)
        point_below(axes, made, marks, style.whole(axes))
        alt += f" Marked: {listed(map(say, marks))}."
    return alt


@kind(
    "contour",
    "Contour lines of a function of two variables, with a path of steps or arrows at a point.",
    x=parameters.vector("n numbers, rising: the grid along", required=True, rising=True),
    y=parameters.vector("m numbers, rising: the grid up", required=True, rising=True),
    z=parameters.rows("m × n values: z[i, j] at x[j] and y[i]", required=True),
    steps=parameters.rows("points (x, y): a path of arrows from each to the next", width=2, most=20),
    at=parameters.vector("a point", size=2),
    arrows=parameters.rows("vectors of 2 numbers, drawn from `at`", width=2, most=8),
    labels=parameters.texts("names of the arrows, or without arrows of the steps' points"),
    axis=parameters.texts("the titles along and up", size=2),
)
def contour(
    axes: Axes,
    /,
    *,
    x: Row,
    y: Row,
    z: Rows,
    steps: Rows = (),
    at: Row | None = None,
    arrows: Rows = (),
    labels: Sequence[str] = (),
    axis: Sequence[str] = ("", ""),
) -> str:
    """Returns the alt text: the levels, the path, the arrows."""
    _check_contour(x, y, z, at, arrows)
    named = arrows or steps
    if labels and len(labels) != len(named):
        raise PlotError("labels", f"needs {len(named)}, one for each of the {'arrows' if arrows else 'steps'}")
    foot = at or (0.0, 0.0)
    tips = [(foot[0] + dx, foot[1] + dy) for dx, dy in arrows]
    extra = [*steps, *tips, *([at] if at else [])]
    across, upwards = _around(x, [point[0] for point in extra]), _around(y, [point[1] for point in extra])
    space = style.space_of(axes)
    high = space.height + 13
    made = frame(axes, across, upwards, (0, 0, space.width, high), titles=axis, equal=bool(arrows))
    style.page(axes, space.width, high)
    board = Labels(axes, (made.box[0] + 1, made.box[1] + 1, made.box[2], high))
    for point in made.along(steps):
        board.keep_off([point])
    paths = list(zip(made.along(steps), made.along(steps)[1:], strict=False))
    paths += [(made.at(foot), made.at(tip)) for tip in tips]
    for path in paths:
        board.keep_off(path)
    levels = _draw_levels(axes, board, made, x, y, z)
    for i, (start, end) in enumerate(paths):
        series = i + 1 if arrows else 1
        ink.arrow(axes, start, end, style.PALETTE[series % 8], 1.7, style.DASHES[i % 8] if arrows else ())
    ink.rings(axes, made.along(steps[:1] if steps else ([at] if at else [])), style.INK, 5.0, above=5)
    for i, (text, point) in enumerate(zip(labels, made.along(tips or steps), strict=False)):
        start = made.at(foot) if arrows else made.at(steps[max(i - 1, 0)])
        toward = (point[0] - start[0], point[1] - start[1]) if point != start else (-1.0, 1.0)
        board.put(text, point, toward, style.PALETTE[(i + 1) % 8] if arrows else style.INK, backing=True)
    alt = (
        f"Contour lines at {say_list(levels)} for x from {say(x[0])} to {say(x[-1])} and y from {say(y[0])} "
        f"to {say(y[-1])}."
    )
    if steps:
        alt += f" Steps: {', then '.join(map(say_pair, steps))}."
    if at:
        alt += f" A point at {say_pair(at)}."
    if arrows:
        shown = [
            f"{text} {say_pair(arrow)}".strip()
            for text, arrow in zip(labels or [""] * len(arrows), arrows, strict=True)
        ]
        alt += f" Arrows from it: {listed(shown)}."
    return alt


def _check_contour(x: Row, y: Row, z: Rows, at: Row | None, arrows: Rows) -> None:
    if len(x) < 2 or len(y) < 2 or x[0] == x[-1] or y[0] == y[-1]:
        raise PlotError("x" if len(x) < 2 or x[0] == x[-1] else "y", "needs at least 2 different numbers")
    if (len(z), len(z[0])) != (len(y), len(x)):
        raise PlotError("z", f"needs {len(y)} rows (one for each y) of {len(x)} numbers, has {len(z)} × {len(z[0])}")
    for name, numbers in (("x", x), ("y", y)):
        if any(a == b for a, b in pairwise(numbers)):
            raise PlotError(name, "has the same number twice")
    if arrows and at is None:
        raise PlotError("arrows", "needs `at`: the point from which they are drawn")


def _around(grid: Row, extra: Sequence[float]) -> Span:
    low, high = min([grid[0], *extra]), max([grid[-1], *extra])
    reach = high - low
    return low - 0.05 * reach * (low < grid[0]), high + 0.05 * reach * (high > grid[-1])


def _draw_levels(axes: Axes, board: Labels, made: Frame, x: Row, y: Row, z: Rows) -> list[float]:
    """Draws contour lines, the higher the darker, and writes their levels on them; returns the levels."""
    from contourpy import contour_generator  # comes with Matplotlib, whose contours it finds

    flat = [value for row in z for value in row]
    low, high = min(flat), max(flat)
    if high - low <= max(abs(low), abs(high)) * 1e-9:
        return [low]
    levels = _levels(low, high, z)
    generator: Any = contour_generator(x, y, [list(row) for row in z])
    for n, level in enumerate(levels):
        lines = [made.along(line.tolist()) for line in generator.lines(level)]
        share = n / max(len(levels) - 1, 1)
        ink.strokes(axes, lines, style.PALETTE[0], 0.6 + 0.7 * share, above=1.5)
        long = max(lines, key=_length, default=[])
        if _length(long) > 40:
            _write_level(axes, board, long, say(level, 3))
    return levels


def _levels(low: float, high: float, z: Rows) -> list[float]:
    """Returns 4 to 8 round levels; closer together at the bottom of a bowl, where most of the plane would be empty."""
    levels = [level for level in ticks(low, high, 8) if low < level < high]
    flat = sorted(value for row in z for value in row)
    middle = flat[len(flat) // 2]
    if middle < low + 0.25 * (high - low) and levels:
        fine = [level for level in ticks(low, middle, 3) if low < level < levels[0]]
        levels = [*fine, *levels[::2]]
    return levels


def _write_level(axes: Axes, board: Labels, line: Sequence[Point], text: str) -> None:
    """Writes a level on its line, where it covers least."""
    size = style.space_of(axes).small
    wide = ink.text_width(text)

    def cost(at: Point) -> float:
        left, bottom, right, top = board.within
        if not (left + wide / 2 + 2 < at[0] < right - wide / 2 - 2 and bottom + 6 < at[1] < top - 6):
            return math.inf
        return board.covered((at[0] - wide / 2 - 2, at[1] - 6, at[0] + wide / 2 + 2, at[1] + 6))

    best = min(line[:: max(1, len(line) // 40)], key=cost)
    if cost(best) < 1:
        box = ink.text(axes, best, text, style.DIM, size=size, backing=True)
        board.keep_off_boxes([box])


def _length(line: Sequence[Point]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(line))

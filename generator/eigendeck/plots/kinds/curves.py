"""Curves over numbers, and densities."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import MARKED, Frame, Layout, frame, point_below, span
from eigendeck.plots.canvas.labels import Labels, apart, labels_in
from eigendeck.plots.canvas.letters import fitted, text_width
from eigendeck.plots.canvas.page import LEFT, Page
from eigendeck.plots.canvas.paths import Point
from eigendeck.plots.entries import Row, Rows, need_as_many, need_same_length
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, named_pairs, rowed, say, say_pair, tell

_NAME_ROOM = 70.0  # points at the right that the curves' names may take


@dataclass(frozen=True, slots=True)
class Curve:
    x: Row = parameters.vector("n numbers, rising", required=True, rising=True)
    y: Rows = parameters.curves("n numbers; or k × n, a curve a row", required=True)
    names: Sequence[str] = parameters.texts("the curves' names, written at their ends")
    points: Rows = parameters.rows("points (x, y) to mark", width=2, most=20)
    labels: Sequence[str] = parameters.texts("the points' names")
    tangent: Row | None = parameters.vector("(x0, slope): draws the line that touches the first curve at x0", size=2)
    axis: Sequence[str] = parameters.texts("the titles along and up", size=2)


@kind("curve", "One or several curves over the same x, with points and a tangent.", Curve)
def curve(page: Page, values: Curve) -> str:
    """Returns the alt text: the curves' values, the points, and the tangent."""
    x, y, names, points = values.x, values.y, values.names, values.points
    _check_curves(x, y, names)
    need_as_many("labels", values.labels, len(points), ", one a point")
    across = span([*x, *(point[0] for point in points)], 0.03)
    upwards = span([*(value for row in y for value in row), *(point[1] for point in points)], 0.08)
    right = max((min(text_width(name), _NAME_ROOM) for name in names), default=0.0) + 5 if len(y) > 1 else 0.0
    made = frame(page, across, upwards, Layout(titles=values.axis, right=right))
    board = labels_in(page, made, values.axis, made.box[2] + 2 if right else None)
    if made.y[0] < 0 < made.y[1]:
        page.line(made.along([(made.x[0], 0), (made.x[1], 0)]), style.FAINT, 0.8, above=0.5)
    lines = _draw_lines(page, board, made, x, y)
    if len(lines) == 1 and names:
        board.put_along(names[0], lines[0], style.PALETTE[0])
    elif names:
        _name_ends(page, board, lines, names, made)
    touched = _draw_tangent(page, board, made, values) if values.tangent else ""
    places = made.along(points)
    board.named += places
    board.keep_off_dots(places, 5.0)
    page.rings(places, style.INK, 5.0, above=5)
    for place, point, label in zip(places, points, values.labels or [""] * len(points), strict=True):
        if label or len(points) <= 4:
            board.put(label or say_pair((_short(point[0]), _short(point[1]))), place, (0.4, 1))
    marked = f" {tell('marked', marks=named_pairs(values.labels, points))}" if points else ""
    return _alt(tell("curve"), x, y, names) + touched + marked


def _check_curves(x: Row, y: Rows, names: Sequence[str]) -> None:
    if len(x) < 2:
        raise PlotError("x", "needs at least 2 numbers to draw a line through")
    need_same_length("y", y[0], x)
    need_as_many("names", names, len(y), ", one a curve")


def _draw_lines(page: Page, board: Labels, made: Frame, x: Row, y: Rows) -> list[list[Point]]:
    lines = [made.along(zip(x, row, strict=True)) for row in y]
    for i, line in enumerate(lines):
        page.line(line, style.PALETTE[i], style.WEIGHTS[i], style.DASHES[i], above=3)
        board.keep_off(line[:: max(1, len(line) // 60)])
    return lines


def _as_seen(point: Sequence[float], width: float, height: float) -> Point:
    """Returns a point of a sampled curve, rounded to what the eye can tell in a picture of this width and height."""

    def rounded(value: float, reach: float) -> float:
        return round(value, 2 - math.floor(math.log10(reach))) if reach > 0 else value

    return rounded(point[0], width), rounded(point[1], height)


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _name_ends(page: Page, board: Labels, lines: Sequence[Sequence[Point]], names: Sequence[str], made: Frame) -> None:
    """Writes the names at the curves' right ends, apart from each other."""
    order = sorted(range(len(lines)), key=lambda i: lines[i][-1][1])
    heights = apart([lines[i][-1][1] for i in order], [10.0] * len(order), made.box[1] + 4, page.space.height + 4)
    for i, y in zip(order, heights, strict=True):
        end = lines[i][-1]
        text = fitted(names[i], page.space.width - end[0] - 5)
        board.keep_off_boxes([page.text((end[0] + 4, y), text, style.PALETTE[i], LEFT)])


def _draw_tangent(page: Page, board: Labels, made: Frame, values: Curve) -> str:
    x, y = values.x, values.y[0]
    x0, slope = values.tangent or (0.0, 0.0)
    if not x[0] <= x0 <= x[-1]:
        raise PlotError("tangent", f"touches at {say(x0)}, outside the curve's x, {say(x[0])} to {say(x[-1])}")
    y0 = _at(x, y, x0)
    line = made.along(_clipped(made, x0, y0, slope))
    page.line(line, style.PALETTE[1], 1.3, (4, 2), above=4)
    touch = made.at((x0, y0))
    page.dots([touch], style.PALETTE[1], 5.0, above=5)
    board.keep_off(line)
    board.keep_off_dots([touch], 5.0)
    seen = _as_seen((x0, y0), x[-1] - x[0], max(y) - min(y))[1]
    board.put(tell("slope", slope=say(slope, 3)), touch, (1, -0.6), style.PALETTE[1])
    return f" {tell('tangent', point=say_pair((x0, seen)), slope=say(slope))}"


def _at(x: Row, y: Row, x0: float) -> float:
    """Returns the height of a sampled curve at x0."""
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


def _alt(what: str, x: Row, y: Rows, names: Sequence[str]) -> str:
    parts = []
    height = max(map(max, y)) - min(map(min, y))
    for i, row in enumerate(y):
        name = names[i] if names else (tell("curve_number", number=i + 1) if len(y) > 1 else what)
        ends = [_as_seen((x[n], row[n]), x[-1] - x[0], height) for n in (0, -1)]
        course = tell("course", name=name, start=say_pair(ends[0]), end=say_pair(ends[1]))
        for extreme, value in (("lowest", min(row)), ("highest", max(row))):
            seen = _as_seen((x[row.index(value)], value), x[-1] - x[0], height)
            if seen[1] not in (ends[0][1], ends[1][1]):  # an end has been told
                course = tell(extreme, course=course, height=say(seen[1]), x=say(seen[0]))
        parts.append(course)
    if len(y) > 1:
        return tell("curves", count=len(y), curves=rowed(parts, "semicolon"))
    return tell("one_curve", what=what, curve=parts[0]) if names else f"{parts[0]}."


@dataclass(frozen=True, slots=True)
class Density:
    x: Row = parameters.vector("n numbers, rising", required=True, rising=True)
    y: Rows = parameters.curves("n densities; or k × n, one a row", required=True)
    names: Sequence[str] = parameters.texts("the densities' names")
    shade: Row | None = parameters.vector("(a, b): shades the area of the first density between them", size=2)
    marks: Row = parameters.amounts("numbers to mark with a line up to the first density")
    axis: Sequence[str] = parameters.texts("the titles along and up", size=2)


@kind("density", "A density, or several, with the area between two numbers shaded.", Density)
def density(page: Page, values: Density) -> str:
    """Returns the alt text: the densities' ends and peaks, what is shaded and what is marked."""
    x, y, marks = values.x, values.y, values.marks
    _check_curves(x, y, values.names)
    if min(min(row) for row in y) < 0:
        raise PlotError("y", "has a number below 0, which no density is")
    top = max(max(row) for row in y) or 1.0
    layout = Layout(titles=values.axis, below=MARKED if marks else 0)
    made = frame(page, span([*x, *marks], 0.02), (0.0, top * 1.12), layout)
    board = labels_in(page, made, values.axis)
    alt = _alt(tell("density"), x, y, values.names)
    if values.shade:
        alt += _shade(page, made, x, y[0], values.shade)
    lines = _draw_lines(page, board, made, x, y)
    for i, line in enumerate(lines if values.names else ()):
        board.put_along(values.names[i], line, style.PALETTE[i])
    if marks:
        feet = [(number, _at(x, y[0], number)) for number in marks if x[0] <= number <= x[-1]]
        stems = [made.along([(number, 0), (number, height)]) for number, height in feet]
        page.strokes(stems, style.PALETTE[1], 1.3, above=4)
        point_below(page, made, marks, page.whole)
        alt += f" {tell('marked', marks=listed(map(say, marks)))}"
    return alt


def _shade(page: Page, made: Frame, x: Row, y: Row, shade: Row) -> str:
    a, b = sorted(shade)
    inside = [x0 for x0 in x if a < x0 < b]
    edge = [max(a, x[0]), *inside, min(b, x[-1])]
    if edge[0] < edge[-1]:
        ridge = made.along((x0, _at(x, y, x0)) for x0 in edge)
        ground = [*ridge, made.at((edge[-1], 0)), made.at((edge[0], 0))]
        page.areas([ground], style.Fill(style.PALETTE[0], 0.2, "////"))
    return f" {tell('shaded', low=say(a), high=say(b))}"

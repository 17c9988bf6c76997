"""Samples: scatter plots, residual squares, and numbers on a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eigendeck.plots import parameters
from eigendeck.plots.canvas import ink, style
from eigendeck.plots.canvas.frame import Frame, Span, frame, span, title_lines
from eigendeck.plots.canvas.ink import Point
from eigendeck.plots.canvas.labels import labels_in
from eigendeck.plots.parameters import Row, Rows
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, say, say_list, say_pair, say_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@kind(
    "scatter",
    "Points, with a line, the ellipses of a covariance, or arrows.",
    x=parameters.vector("n numbers", required=True),
    y=parameters.vector("n numbers", required=True),
    line=parameters.vector("(slope, intercept) of a line through the plot", size=2),
    ellipse=parameters.matrix("a 2 × 2 covariance: ellipses at one and two standard deviations", size=(2, 2)),
    arrows=parameters.rows("vectors of 2 numbers, drawn from the centre", width=2, most=8),
    centre=parameters.vector("where ellipses and arrows start; the points' mean by default", size=2),
    labels=parameters.texts("the arrows' names"),
    axis=parameters.texts("the titles along and up", size=2),
)
def scatter(
    axes: Axes,
    /,
    *,
    x: Row,
    y: Row,
    line: Row | None = None,
    ellipse: Rows | None = None,
    arrows: Rows = (),
    centre: Row | None = None,
    labels: Sequence[str] = (),
    axis: Sequence[str] = ("", ""),
) -> str:
    """Returns the alt text: the points, and what is drawn over them."""
    _check_lengths(x, y)
    if labels and len(labels) != len(arrows):
        raise PlotError("labels", f"needs {len(arrows)}, one an arrow, has {len(labels)}")
    middle = (centre[0], centre[1]) if centre else (sum(x) / len(x), sum(y) / len(y))
    rounds = _ellipses(ellipse, middle) if ellipse else []
    tips = [(middle[0] + dx, middle[1] + dy) for dx, dy in arrows]
    shown = [*zip(x, y, strict=True), *tips, *(p for ring in rounds for p in ring), *([middle] if arrows else [])]
    across, upwards = span(p[0] for p in shown), span(p[1] for p in shown)
    equal = bool(ellipse or arrows)
    made = frame(axes, across, upwards, titles=axis, equal=equal, plane=equal)
    places = made.along(zip(x, y, strict=True))
    board = labels_in(axes, made, axis)
    for place in places[:400]:
        board.keep_off([place])
    size = 4.2 if len(places) <= 60 else 3.0 if len(places) <= 300 else 1.8
    ink.dots(axes, places, style.PALETTE[0], size)
    for i, ring in enumerate(rounds):
        ink.line(axes, made.along(ring), style.PALETTE[1], 1.4, () if i == 0 else (4, 2), above=3.5)
    if line:
        ends = _line_across(made, *line)
        if ends:
            ink.line(axes, made.along(ends), style.PALETTE[1], 1.5, above=3.5)
    starts = [made.at(middle), *made.along(tips)]
    for tip in starts[1:]:
        board.keep_off([starts[0], tip])
    for i, tip in enumerate(starts[1:]):
        ink.arrow(axes, starts[0], tip, style.INK, 2.0 - 0.5 * (i % 2), style.DASHES[i % 2], above=5)
        if labels:
            board.put(labels[i], tip, (tip[0] - starts[0][0], tip[1] - starts[0][1]), backing=True)
    return _scatter_alt(x, y, line, ellipse, arrows, labels, middle)


def _check_lengths(x: Row, y: Row, name: str = "y") -> None:
    if len(x) != len(y):
        raise PlotError(name, f"needs as many numbers as `x`, {len(x)}, has {len(y)}")


def _scatter_alt(
    x: Row,
    y: Row,
    line: Row | None,
    ellipse: Rows | None,
    arrows: Rows,
    labels: Sequence[str],
    middle: Point,
) -> str:
    if len(x) <= 12:
        alt = f"{len(x)} points: {', '.join(map(say_pair, zip(x, y, strict=True)))}."
    else:
        alt = f"{len(x)} points, x from {say(min(x))} to {say(max(x))}, y from {say(min(y))} to {say(max(y))}."
    if line:
        alt += f" A line with slope {say(line[0])} and intercept {say(line[1])}."
    if ellipse:
        alt += f" Ellipses of one and two standard deviations of the covariance {say_rows(ellipse)}."
    if arrows:
        names = labels or [""] * len(arrows)
        shown = [f"{name} {say_pair(arrow)}".strip() for name, arrow in zip(names, arrows, strict=True)]
        alt += f" Arrows from {say_pair(middle)}: {listed(shown)}."
    return alt


def _ellipses(covariance: Rows, middle: Point) -> list[list[Point]]:
    """Returns the outlines at one and two standard deviations: the circle mapped by the covariance's square root."""
    (a, b), (c, d) = covariance
    if abs(b - c) > 1e-9 * max(abs(b), abs(c)):
        raise PlotError("ellipse", f"is not symmetric: {say(b)} and {say(c)}; a covariance is")
    if a < 0 or d < 0 or a * d - b * b < -1e-9 * max(a * d, b * b):
        raise PlotError("ellipse", "is no covariance: it has a negative eigenvalue")
    # Cholesky's factor maps the unit circle on the ellipse as any square root does.
    low = math.sqrt(a)
    cross = b / low if low else 0.0
    rest = math.sqrt(max(d - cross * cross, 0.0))
    circle = [(math.cos(math.tau * i / 72), math.sin(math.tau * i / 72)) for i in range(73)]
    return [[(middle[0] + k * low * u, middle[1] + k * (cross * u + rest * v)) for u, v in circle] for k in (1, 2)]


def _line_across(made: Frame, slope: float, intercept: float) -> list[Point]:
    """Returns the ends of the line inside the frame; nothing when it passes outside."""
    low, high = made.x
    if slope:
        crossings = sorted((y - intercept) / slope for y in made.y)
        low, high = max(low, crossings[0]), min(high, crossings[1])
    elif not made.y[0] <= intercept <= made.y[1]:
        return []
    return [(x0, slope * x0 + intercept) for x0 in (low, high)] if low < high else []


@kind(
    "squares",
    "Residuals as squares: between what was observed and what was predicted.",
    y=parameters.vector("n observed numbers", required=True),
    x=parameters.vector("where they were observed; 0, 1, 2, … by default"),
    predicted=parameters.vector("n predictions"),
    line=parameters.vector("(slope, intercept) of the line that predicts, in place of `predicted`", size=2),
    axis=parameters.texts("the titles along and up", size=2),
)
def squares(
    axes: Axes,
    /,
    *,
    y: Row,
    x: Row | None = None,
    predicted: Row | None = None,
    line: Row | None = None,
    axis: Sequence[str] = ("", ""),
) -> str:
    """Returns the alt text: observations, predictions, and residuals."""
    x = x or tuple(map(float, range(len(y))))
    _check_lengths(x, y)
    if (predicted is None) == (line is None):
        raise PlotError("predicted", "or `line` is needed, and not both")
    if len(y) > 40:
        raise PlotError("y", f"has {len(y)} numbers: at most 40 squares can be told apart")
    guesses = predicted or tuple(line[0] * value + line[1] for value in x)  # type: ignore[index]  # one is given
    _check_lengths(x, guesses, "predicted")
    made = _room_for_squares(axes, x, y, guesses, axis)
    observed, foretold = made.along(zip(x, y, strict=True)), made.along(zip(x, guesses, strict=True))
    boxes = []
    for (px, py), (_, gy) in zip(observed, foretold, strict=True):
        side = abs(py - gy)
        if side > 0.3:
            boxes.append(ink.rectangle((px, min(py, gy), px + side, max(py, gy))))
    for box in boxes:  # one by one: where squares overlap, the overlap shows
        ink.areas(axes, [box], style.PALETTE[1], 0.18, edge=style.PALETTE[1], width=0.8)
    if line:
        ink.line(axes, made.along(_line_across(made, *line)), style.PALETTE[0], 1.5, above=3)
    else:
        ink.strokes(axes, [[(gx - 4, gy), (gx + 4, gy)] for gx, gy in foretold], style.PALETTE[0], 2.0, above=3)
    ink.dots(axes, observed, style.INK, 4.5, above=4)
    residuals = [value - guess for value, guess in zip(y, guesses, strict=True)]
    by = f"the line with slope {say(line[0])} and intercept {say(line[1])}" if line else say_list(guesses)
    return (
        f"Squares on the residuals. Observed: {', '.join(map(say_pair, zip(x, y, strict=True)))}. "
        f"Predicted: {by}. Residuals: {say_list([float(f'{r:.10g}') for r in residuals])}."
    )


def _room_for_squares(axes: Axes, x: Row, y: Row, guesses: Row, axis: Sequence[str]) -> Frame:
    """Returns a frame in which squares that are as wide on the page as high stay inside."""
    upwards = span([*y, *guesses], 0.1)
    across = span(x, 0.08)
    space = style.space_of(axes)
    scale = (space.height - 30) / (upwards[1] - upwards[0])  # points a unit up
    for _ in range(6):  # each round widens the range by what sticks out at the right
        unit = (across[1] - across[0]) / (space.width - 40)
        right = max(at + abs(a - b) * scale * unit for at, a, b in zip(x, y, guesses, strict=True))
        across = (across[0], max(across[1], right + 2 * unit))
    return frame(axes, across, upwards, titles=axis)


@kind(
    "line",
    "A number line: numbers as dots, and named numbers above them.",
    any_name=parameters.number("a number, marked with this name"),
    x=parameters.vector("the numbers drawn as dots"),
    span=parameters.vector("(a, b): a bar over the line between them", size=2),
    axis=parameters.texts("the title under the line", size=1),
)
def line(
    axes: Axes,
    /,
    *,
    x: Row = (),
    span: Row | None = None,
    axis: Sequence[str] = ("",),
    **marks: float,
) -> str:
    """Returns the alt text: the dots and the named numbers."""
    width = style.space_of(axes).width
    made, rows = _number_line(axes, x, span, marks, axis, width)
    foot = made.box[1]
    stacked: dict[float, int] = {}
    for number in x:
        stacked[number] = stacked.get(number, 0) + 1
    lift = min(5.5, 26.0 / max(stacked.values(), default=1))
    dots = [(made.at((number, 0))[0], foot + 4 + lift * n) for number, high in stacked.items() for n in range(high)]
    ink.dots(axes, dots, style.PALETTE[0], min(5.0, lift + 0.5))
    if span:
        a, b = sorted(span)
        left, right = made.at((a, 0))[0], made.at((b, 0))[0]
        ink.areas(axes, [ink.rectangle((left, foot, right, foot + 34))], style.PALETTE[1], 0.12)
        ink.strokes(
            axes, [[(left, foot), (left, foot + 34)], [(right, foot), (right, foot + 34)]], style.PALETTE[1], 1.0
        )
    for i, (name, number) in enumerate(marks.items()):
        at = made.at((number, 0))[0]
        text = _mark_text(name, number, width)
        top = foot + 40 + 11 * rows[i]
        ink.line(axes, [(at, foot), (at, top - 1)], style.PALETTE[(i + 1) % 8], 1.4, style.DASHES[i % 8], above=1.5)
        half = ink.text_width(text) / 2
        middle = min(max(at, half + 1), width - half - 1)
        ink.text(axes, (middle, top), text, style.PALETTE[(i + 1) % 8], up=-1, backing=True)
    parts = [f"{name} at {say(number)}" for name, number in marks.items()]
    alt = f"A number line. Marked: {listed(parts)}."
    alt += f" Dots at {say_list(x)}." if x else ""
    return alt + (f" A bar from {say(min(span))} to {say(max(span))}." if span else "")


def _mark_text(name: str, number: float, width: float) -> str:
    return ink.fitted(f"{name} {say(number, 3)}", width - 4)


def _number_line(
    axes: Axes, x: Row, bar: Row | None, marks: dict[str, float], axis: Sequence[str], width: float
) -> tuple[Frame, list[int]]:
    """Returns the line's frame and, for each mark, the row that its name stands in: names never meet."""
    across: Span = span([*x, *(bar or ()), *marks.values()], 0.08)
    rows, ends = [0] * len(marks), list[list[tuple[float, float]]]()
    unit = (width - 10) / (across[1] - across[0])
    for i in sorted(range(len(marks)), key=lambda n: list(marks.values())[n]):
        name, number = list(marks.items())[i]
        half = ink.text_width(_mark_text(name, number, width)) / 2 + 3
        middle = 5 + (number - across[0]) * unit
        middle = min(max(middle, half), width - half)
        row = 0
        while row < len(ends) and any(middle - half < b and a < middle + half for a, b in ends[row]):
            row += 1
        if row == len(ends):
            ends.append([])
        ends[row].append((middle - half, middle + half))
        rows[i] = row
    height = 40 + 11 * len(ends) + 14 + 10 * len(title_lines(axis[0], width))
    style.page(axes, width, height)
    made = frame(axes, across, (0.0, 1.0), (0, 0, width, height), titles=(axis[0], ""), y_ticks=False)
    return made, rows

"""Samples: scatter plots and residual squares."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import Frame, Layout, frame, span
from eigendeck.plots.canvas.labels import labels_in
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Point, rectangle
from eigendeck.plots.entries import Row, Rows, need_as_many, need_same_length
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import named_pairs, rowed, say, say_list, say_pair, say_rows, sentences, tell

_MOST_KEPT_OFF = 400  # points that labels keep off: in a denser cloud there is no free place


@dataclass(frozen=True, slots=True)
class Scatter:
    x: Row = parameters.vector("n numbers", required=True)
    y: Row = parameters.vector("n numbers", required=True)
    line: Row | None = parameters.vector("(slope, intercept) of a line through the plot", size=2)
    ellipse: Rows | None = parameters.matrix(
        "a 2 × 2 covariance: ellipses at one and two standard deviations", size=(2, 2)
    )
    arrows: Rows = parameters.rows("vectors of 2 numbers, drawn from the centre", width=2, most=8)
    centre: Row | None = parameters.vector("where ellipses and arrows start; the points' mean by default", size=2)
    labels: Sequence[str] = parameters.texts("the arrows' names")
    axis: Sequence[str] = parameters.texts("the titles along and up", size=2)


@kind("scatter", "Points, with a line, the ellipses of a covariance, or arrows.", Scatter)
def scatter(page: Page, values: Scatter) -> str:
    """Returns the alt text: the points, and what is drawn over them."""
    x, y, arrows = values.x, values.y, values.arrows
    need_same_length("y", y, x)
    need_as_many("labels", values.labels, len(arrows), ", one an arrow")
    centre = values.centre or (sum(x) / len(x), sum(y) / len(y))
    rounds = _ellipses(values.ellipse, centre) if values.ellipse else []
    tips = [(centre[0] + dx, centre[1] + dy) for dx, dy in arrows]
    shown = [*zip(x, y, strict=True), *tips, *(p for ring in rounds for p in ring), *([centre] if arrows else [])]
    equal = bool(values.ellipse or arrows)
    layout = Layout(titles=values.axis, equal=equal, plane=equal)
    made = frame(page, span(p[0] for p in shown), span(p[1] for p in shown), layout)
    places = made.along(zip(x, y, strict=True))
    board = labels_in(page, made, values.axis)
    size = 4.2 if len(places) <= 60 else 3.0 if len(places) <= 300 else 1.8
    board.keep_off_dots(places[:_MOST_KEPT_OFF], size)
    page.dots(places, style.PALETTE[0], size)
    for i, ring in enumerate(rounds):
        board.keep_off(made.along(ring))
        page.line(made.along(ring), style.PALETTE[1], 1.4, () if i == 0 else (4, 2), above=3.5)
    ends = _line_across(made, *values.line) if values.line else []
    if ends:
        page.line(made.along(ends), style.PALETTE[1], 1.5, above=3.5)
    start, ends = made.at(centre), made.along(tips)
    board.named += ends
    for tip in ends:
        board.keep_off_arrow(start, tip)
    for i, tip in enumerate(ends):
        page.arrow(start, tip, style.INK, 2.0 - 0.5 * (i % 2), style.DASHES[i % 2], above=5)
        if values.labels:
            board.put(values.labels[i], tip, (tip[0] - start[0], tip[1] - start[1]), backing=True)
    return _scatter_alt(values, centre)


def _scatter_alt(values: Scatter, centre: Sequence[float]) -> str:
    x, y = values.x, values.y
    if len(x) <= 12:
        alt = tell("points", count=len(x), points=rowed(map(say_pair, zip(x, y, strict=True))))
    else:
        reach = {"left": say(min(x)), "right": say(max(x)), "low": say(min(y)), "high": say(max(y))}
        alt = tell("cloud", count=len(x), **reach)
    arrows = named_pairs(values.labels, values.arrows)
    return sentences(
        alt,
        tell("line", slope=say(values.line[0]), intercept=say(values.line[1])) if values.line else "",
        tell("ellipses", covariance=say_rows(values.ellipse)) if values.ellipse else "",
        tell("arrows_from", point=say_pair(centre), arrows=arrows) if arrows else "",
    )


def _ellipses(covariance: Rows, centre: Sequence[float]) -> list[list[Point]]:
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
    return [[(centre[0] + k * low * u, centre[1] + k * (cross * u + rest * v)) for u, v in circle] for k in (1, 2)]


def _line_across(made: Frame, slope: float, intercept: float) -> list[Point]:
    """Returns the ends of the line inside the frame; nothing when it passes outside."""
    low, high = made.x
    if slope:
        crossings = sorted((y - intercept) / slope for y in made.y)
        low, high = max(low, crossings[0]), min(high, crossings[1])
    elif not made.y[0] <= intercept <= made.y[1]:
        return []
    return [(x0, slope * x0 + intercept) for x0 in (low, high)] if low < high else []


@dataclass(frozen=True, slots=True)
class Squares:
    y: Row = parameters.vector("n observed numbers", required=True)
    x: Row | None = parameters.vector("where they were observed; 0, 1, 2, … by default")
    predicted: Row | None = parameters.vector("n predictions")
    line: Row | None = parameters.vector(
        "(slope, intercept) of the line that predicts, in place of `predicted`", size=2
    )
    axis: Sequence[str] = parameters.texts("the titles along and up", size=2)


@kind("squares", "Residuals as squares: between what was observed and what was predicted.", Squares)
def squares(page: Page, values: Squares) -> str:
    """Returns the alt text: observations, predictions, and residuals."""
    y, line = values.y, values.line
    x = values.x or tuple(map(float, range(len(y))))
    need_same_length("y", y, x)
    if (values.predicted is None) == (line is None):
        raise PlotError("predicted", "or `line` is needed, and not both")
    if len(y) > 40:
        raise PlotError("y", f"has {len(y)} numbers: at most 40 squares can be told apart")
    guesses = tuple(line[0] * value + line[1] for value in x) if line else values.predicted or ()
    need_same_length("predicted", guesses, x)
    made = _room_for_squares(page, x, y, guesses, values.axis)
    observed, foretold = made.along(zip(x, y, strict=True)), made.along(zip(x, guesses, strict=True))
    for (px, py), (_, gy) in zip(observed, foretold, strict=True):
        side = abs(py - gy)
        if side > 0.3:  # one by one: where squares overlap, the overlap shows
            box = (px, min(py, gy), px + side, max(py, gy))
            page.areas([rectangle(box)], style.Fill(style.PALETTE[1], 0.18, edge=style.PALETTE[1]))
    if line:
        page.line(made.along(_line_across(made, *line)), style.PALETTE[0], 1.5, above=3)
    else:
        page.strokes([[(gx - 4, gy), (gx + 4, gy)] for gx, gy in foretold], style.PALETTE[0], 2.0, above=3)
    page.dots(observed, style.INK, 4.5, above=4)
    residuals = [value - guess for value, guess in zip(y, guesses, strict=True)]
    return tell(
        "squares",
        observed=rowed(map(say_pair, zip(x, y, strict=True))),
        predicted=tell("by_line", slope=say(line[0]), intercept=say(line[1])) if line else say_list(guesses),
        residuals=say_list([float(f"{r:.10g}") for r in residuals]),
    )


def _room_for_squares(page: Page, x: Row, y: Row, guesses: Row, axis: Sequence[str]) -> Frame:
    """Returns a frame in which squares that are as wide on the page as high stay inside."""
    upwards = span([*y, *guesses], 0.1)
    across = span(x, 0.08)
    scale = (page.space.height - 30) / (upwards[1] - upwards[0])  # points a unit up
    for _ in range(6):  # each round widens the range by what sticks out at the right
        unit = (across[1] - across[0]) / (page.space.width - 40)
        right = max(at + abs(a - b) * scale * unit for at, a, b in zip(x, y, guesses, strict=True))
        across = (across[0], max(across[1], right + 2 * unit))
    return frame(page, across, upwards, Layout(titles=axis))

"""Arrows in the plane, and what a matrix does to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eigendeck.plots import parameters
from eigendeck.plots.canvas import ink, style
from eigendeck.plots.canvas.frame import Frame, frame, panels, span
from eigendeck.plots.canvas.ink import Point
from eigendeck.plots.canvas.labels import Labels
from eigendeck.plots.parameters import Row, Rows
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, say, say_pair, say_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@kind(
    "arrows",
    "Arrows from the origin, or head to tail.",
    any_name=parameters.vector("a vector of 2 numbers: an arrow with this name", size=2),
    chain=parameters.flag("`true` draws the arrows head to tail, and dashed where they lead"),
    angle=parameters.texts("two of the names: draws the angle between them, in degrees", size=2),
    lengths=parameters.flag("`true` writes each arrow's length beside its name"),
)
def arrows(
    axes: Axes, /, *, chain: bool = False, angle: Sequence[str] = (), lengths: bool = False, **vectors: Row
) -> str:
    """Returns the alt text: every arrow's end, and the angle where one is drawn."""
    for name in angle:
        if name not in vectors:
            raise PlotError("angle", f'names "{name}", which is no arrow here: write two of {", ".join(vectors)}')
        if not any(vectors[name]):
            raise PlotError("angle", f'"{name}" has no length, and so no angle')
    if chain and angle:
        raise PlotError("angle", "needs arrows from the origin: leave out `chain`")
    ends = _ends(vectors, chain)
    corners = [(0.0, 0.0), *(end for _, end in ends.values())]
    made = frame(axes, span((x for x, _ in corners), 0.14), span((y for _, y in corners), 0.16), equal=True, plane=True)
    labels = _labels(axes, made)
    tips = {name: (made.at(start), made.at(end)) for name, (start, end) in ends.items()}
    for tail, tip in tips.values():
        labels.keep_off([tail, tip])
    names = list(vectors)
    # The longest goes first and lies below: of two arrows along one line both stay visible.
    for name in sorted(names, key=lambda name: -math.hypot(*vectors[name])):
        i = names.index(name)
        ink.arrow(axes, *tips[name], style.PALETTE[i], style.WEIGHTS[i], style.DASHES[i])
    if chain and len(vectors) > 1:
        labels.keep_off([made.at((0, 0)), tips[names[-1]][1]])
        ink.arrow(axes, made.at((0, 0)), tips[names[-1]][1], style.INK, 1.0, (2, 2), above=3)
    turned = _draw_angle(axes, labels, made, vectors, angle) if angle else ""
    for i, (name, (tail, tip)) in enumerate(tips.items()):
        text = f"{name} ({say(math.hypot(*vectors[name]), 3)})" if lengths else name
        toward = (tip[0] - tail[0], tip[1] - tail[1])
        # On a chain the tip is crowded: the next arrow starts there.
        at = ((tail[0] + tip[0]) / 2, (tail[1] + tip[1]) / 2) if chain else tip
        labels.put(text, at, (-toward[1], toward[0]) if chain else toward, style.PALETTE[i])
    return _arrows_alt(vectors, ends, chain, lengths) + turned


def _labels(axes: Axes, made: Frame) -> Labels:
    """The labels of a plane, which keep off its axes."""
    space = style.space_of(axes)
    labels = Labels(axes, (made.box[0], made.box[1] - 2, space.width, space.height))
    for start, end in (((made.x[0], 0), (made.x[1], 0)), ((0, made.y[0]), (0, made.y[1]))):
        labels.keep_off(made.along([start, end]))
    return labels


def _ends(vectors: dict[str, Row], chain: bool) -> dict[str, tuple[Point, Point]]:
    ends, at = {}, (0.0, 0.0)
    for name, vector in vectors.items():
        end = (at[0] + vector[0], at[1] + vector[1])
        ends[name] = (at, end)
        at = end if chain else at
    return ends


def _arrows_alt(vectors: dict[str, Row], ends: dict[str, tuple[Point, Point]], chain: bool, lengths: bool) -> str:
    if chain:
        parts = [
            f"{name} by {say_pair(vectors[name])} from {say_pair(start)} to {say_pair(end)}"
            for name, (start, end) in ends.items()
        ]
        alt = f"Arrows head to tail: {listed(parts)}."
    else:
        parts = [f"{name} to {say_pair(end)}" for name, (_, end) in ends.items()]
        alt = f"{'Arrows' if len(parts) > 1 else 'An arrow'} from the origin: {listed(parts)}."
    if lengths:
        sizes = [f"{name} {say(math.hypot(*vector), 3)}" for name, vector in vectors.items()]
        alt += f" Lengths: {listed(sizes)}."
    return alt


def _draw_angle(axes: Axes, labels: Labels, made: Frame, vectors: dict[str, Row], names: Sequence[str]) -> str:
    first, second = (vectors[name] for name in names)
    start = math.atan2(first[1], first[0])
    turn = math.remainder(math.atan2(second[1], second[0]) - start, math.tau)
    x0, y0 = made.at((0, 0))
    reach = min(math.dist((x0, y0), made.at(vector)) for vector in (first, second))
    radius = min(20.0, 0.5 * reach)
    turns = [start + turn * i / 24 for i in range(25)]
    arc = [(x0 + radius * math.cos(t), y0 + radius * math.sin(t)) for t in turns]
    ink.line(axes, arc, style.INK, 0.9)
    labels.keep_off(arc)
    words = f"{say(math.degrees(abs(turn)), 3)}°"
    labels.put(words, arc[12], (arc[12][0] - x0, arc[12][1] - y0), backing=True)
    return f" The angle between {names[0]} and {names[1]} is {words}."


@kind(
    "transform",
    "The unit square or circle before and after a matrix, or step by step through several.",
    matrix=parameters.matrices(
        "a 2 × 2 matrix; or a list of at most 3, applied one after the other, a panel each", most=3, required=True
    ),
    shape=parameters.choice(
        "`square` (the unit square, the default) or `circle` (the unit circle)", "square", "circle"
    ),
    arrows=parameters.rows("vectors of 2 numbers carried along; the unit vectors by default", width=2, most=4),
    names=parameters.texts("the panels' titles, the start first"),
)
def transform(
    axes: Axes,
    /,
    *,
    matrix: tuple[Rows, ...],
    shape: str = "square",
    arrows: Rows = ((1.0, 0.0), (0.0, 1.0)),
    names: Sequence[str] = (),
) -> str:
    """Returns the alt text: the matrices, and where corners and arrows go."""
    outlines, carried = [_outline(shape)], [arrows]
    for step in matrix:
        outlines.append(_mapped(step, outlines[-1]))
        carried.append(_mapped(step, carried[-1]))
    steps = len(matrix)
    points = [point for stage in (*outlines, *carried) for point in stage] + [(0.0, 0.0)]
    x, y = span((p[0] for p in points), 0.1), span((p[1] for p in points), 0.1)
    if steps == 1:
        made = frame(axes, x, y, equal=True, plane=True)
        labels = _labels(axes, made)
        _draw_stage(axes, made, outlines[0], carried[0], before=True)
        _draw_stage(axes, made, outlines[1], carried[1], before=False)
        for points_there in (*outlines, *(((0.0, 0.0), arrow) for stage in carried for arrow in stage)):
            labels.keep_off(made.along([*points_there, points_there[0]]))
        _put_names(labels, made, outlines, names or ("before", "after"))
    else:
        space = style.space_of(axes)
        columns, height = (3, space.tall(100.0)) if steps == 2 else (2, space.tall(92.0))
        width = space.wide(252.0 if columns == 3 else 210.0)
        if space.widest > 2 * space.width:  # room for all of them in a row
            columns, height, width = steps + 1, space.tall(112.0), (steps + 1) * 70.0
        lines = -(-(steps + 1) // columns)
        style.page(axes, width, height * lines)
        boxes = [
            box
            for line in reversed(range(lines))
            for box in panels(columns, width, height * (line + 1) - 3, gap=6, foot=height * line)
        ]
        titles = [*names, *[""] * (steps + 1 - len(names))] if names else ["start", *_step_names(steps)]
        for i, box in enumerate(boxes[: steps + 1]):
            made = frame(axes, x, y, box, titles=("", titles[i]), equal=True, plane=True)
            _draw_stage(axes, made, outlines[i], carried[i], before=i == 0)
    return _transform_alt(matrix, shape, arrows, carried)


def _outline(shape: str) -> Rows:
    if shape == "square":
        return ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    return tuple((math.cos(math.tau * i / 72), math.sin(math.tau * i / 72)) for i in range(72))


def _mapped(matrix: Rows, points: Rows) -> Rows:
    (a, b), (c, d) = matrix
    size = parameters.NOISE * max(map(abs, (a, b, c, d))) * max(abs(part) for point in points for part in point)
    mapped = ((a * x + b * y, c * x + d * y) for x, y in points)
    return tuple((x if abs(x) > size else 0.0, y if abs(y) > size else 0.0) for x, y in mapped)


def _draw_stage(axes: Axes, made: Frame, outline: Rows, arrows: Rows, *, before: bool) -> None:
    closed = made.along([*outline, outline[0]])
    if before:
        ink.line(axes, closed, style.DIM, 1.1, (3, 2))
    else:
        ink.areas(axes, [closed], style.PALETTE[0], 0.14)
        ink.line(axes, closed, style.PALETTE[0], 1.3)
    for i, arrow in enumerate(arrows):
        colour = style.DIM if before else style.PALETTE[1]
        width = 1.0 if before else 1.7 - 0.5 * (i % 2)
        ink.arrow(axes, made.at((0, 0)), made.at(arrow), colour, width, style.DASHES[i % 2], above=3 if before else 4)


def _put_names(labels: Labels, made: Frame, outlines: Sequence[Rows], names: Sequence[str]) -> None:
    for outline, name, colour in zip(outlines, names, (style.DIM, style.PALETTE[0]), strict=False):
        if not name:
            continue
        points = made.along(outline)
        middle = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
        far = max(points, key=lambda p: p[1] - middle[1] + 0.5 * abs(p[0] - middle[0]))
        labels.put(name, far, (far[0] - middle[0], far[1] - middle[1]), colour)


def _step_names(steps: int) -> list[str]:
    return [f"step {i}" for i in range(1, steps + 1)]


def _transform_alt(matrix: tuple[Rows, ...], shape: str, arrows: Rows, carried: Sequence[Rows]) -> str:
    what = f"The unit {shape}"
    if len(matrix) == 1:
        alt = f"{what} before and after the matrix {say_rows(matrix[0])}."
    else:
        alt = f"{what} through {len(matrix)} matrices in turn: {', then '.join(map(say_rows, matrix))}."
    if shape == "square" and len(matrix) == 1:
        corners = _mapped(matrix[0], _outline(shape))
        alt += f" The corners go to {listed(map(say_pair, corners))}."
    moves = [f"{say_pair(start)} to {say_pair(end)}" for start, end in zip(arrows, carried[-1], strict=True)]
    return f"{alt} Arrows go from {listed(moves)}."

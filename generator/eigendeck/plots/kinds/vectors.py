"""Arrows in the plane, and what a matrix does to it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import Frame, Layout, frame, panels, span
from eigendeck.plots.canvas.labels import Labels
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Box, Point
from eigendeck.plots.entries import NOISE, Row, Rows
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import in_turn, listed, say, say_pair, say_rows, tell


@dataclass(frozen=True, slots=True)
class Arrows:
    vectors: Mapping[str, Row] = parameters.any_name(
        parameters.vector("a vector of 2 numbers: an arrow with this name", size=2)
    )
    chain: bool = parameters.flag("`true` draws the arrows head to tail, and dashed where they lead")
    angle: Sequence[str] = parameters.texts("two of the names: draws the angle between them, in degrees", size=2)
    lengths: bool = parameters.flag("`true` writes each arrow's length beside its name")


Ends = Mapping[str, tuple[Point, Point]]


@kind("arrows", "Arrows from the origin, or head to tail.", Arrows)
def arrows(page: Page, values: Arrows) -> str:
    """Returns the alt text: every arrow's end, and the angle where one is drawn."""
    _check_angle(values)
    vectors, names = values.vectors, list(values.vectors)
    ends = _ends(vectors, values.chain)
    corners = [(0.0, 0.0), *(end for _, end in ends.values())]
    plane = Layout(equal=True, plane=True)
    made = frame(page, span((x for x, _ in corners), 0.14), span((y for _, y in corners), 0.16), plane)
    labels = _labels(page, made)
    drawn = {name: (made.at(start), made.at(end)) for name, (start, end) in ends.items()}
    for arrow in drawn.values():
        labels.keep_off_arrow(*arrow)
    # The longest goes first and lies below: of two arrows along one line both stay visible.
    for name in sorted(names, key=lambda name: -math.hypot(*vectors[name])):
        i = names.index(name)
        page.arrow(*drawn[name], style.PALETTE[i], style.WEIGHTS[i], style.DASHES[i])
    if values.chain and len(names) > 1:
        labels.keep_off([made.at((0, 0)), drawn[names[-1]][1]])
        page.arrow(made.at((0, 0)), drawn[names[-1]][1], style.INK, 1.0, (2, 2), above=3)
    if not values.chain:
        labels.named += [tip for _, tip in drawn.values()]
    turned = _draw_angle(labels, made, vectors, values.angle) if any(values.angle) else ""
    for i, (name, (tail, tip)) in enumerate(drawn.items()):
        text = f"{name} ({say(math.hypot(*vectors[name]), 3)})" if values.lengths else name
        if values.chain:  # the tip is crowded: the next arrow starts there
            labels.put_beside(text, tail, tip, style.PALETTE[i])
        else:
            labels.put(text, tip, (tip[0] - tail[0], tip[1] - tail[1]), style.PALETTE[i])
    return _arrows_alt(values, ends) + turned


def _check_angle(values: Arrows) -> None:
    if not any(values.angle):
        return
    for name in values.angle:
        if name not in values.vectors:
            names = ", ".join(values.vectors)
            raise PlotError("angle", f'names "{name}", which is no arrow here: write two of {names}')
        if not any(values.vectors[name]):
            raise PlotError("angle", f'"{name}" has no length, and so no angle')
    if values.chain:
        raise PlotError("angle", "needs arrows from the origin: leave out `chain`")


def _labels(page: Page, made: Frame) -> Labels:
    """Returns the labels of a plane, which keep off its axes."""
    labels = Labels(page, (made.box[0], made.box[1] - 2, page.space.width, page.space.height))
    for start, end in (((made.x[0], 0), (made.x[1], 0)), ((0, made.y[0]), (0, made.y[1]))):
        labels.keep_off(made.along([start, end]), faint=True)
    return labels


def _ends(vectors: Mapping[str, Row], chain: bool) -> Ends:
    ends, at = {}, (0.0, 0.0)
    for name, vector in vectors.items():
        end = (at[0] + vector[0], at[1] + vector[1])
        ends[name] = (at, end)
        at = end if chain else at
    return ends


def _arrows_alt(values: Arrows, ends: Ends) -> str:
    if values.chain:
        parts = [
            tell("arrow_by", name=name, vector=say_pair(values.vectors[name]), start=say_pair(start), end=say_pair(end))
            for name, (start, end) in ends.items()
        ]
        alt = tell("chain", arrows=listed(parts))
    else:
        parts = [tell("arrow_to", name=name, point=say_pair(end)) for name, (_, end) in ends.items()]
        alt = tell("arrows" if len(parts) > 1 else "arrow", arrows=listed(parts))
    if values.lengths:
        sizes = [f"{name} {say(math.hypot(*vector), 3)}" for name, vector in values.vectors.items()]
        alt += f" {tell('lengths', lengths=listed(sizes))}"
    return alt


def _draw_angle(labels: Labels, made: Frame, vectors: Mapping[str, Row], names: Sequence[str]) -> str:
    first, second = (vectors[name] for name in names)
    start = math.atan2(first[1], first[0])
    turn = math.remainder(math.atan2(second[1], second[0]) - start, math.tau)
    x0, y0 = made.at((0, 0))
    reach = min(math.dist((x0, y0), made.at(vector)) for vector in (first, second))
    radius = min(20.0, 0.5 * reach)
    turns = [start + turn * i / 24 for i in range(25)]
    arc = [(x0 + radius * math.cos(t), y0 + radius * math.sin(t)) for t in turns]
    labels.page.line(arc, style.INK, 0.9)
    labels.keep_off(arc)
    words = f"{say(math.degrees(abs(turn)), 3)}°"
    labels.put(words, arc[12], (arc[12][0] - x0, arc[12][1] - y0), backing=True)
    return f" {tell('angle', first=names[0], second=names[1], angle=words)}"


@dataclass(frozen=True, slots=True)
class Transform:
    matrix: Sequence[Rows] = parameters.matrices(
        "a 2 × 2 matrix; or a list of at most 3, applied one after the other, a panel each", most=3, required=True
    )
    shape: str = parameters.choice(
        "`square` (the unit square, the default) or `circle` (the unit circle)", "square", "circle", default="square"
    )
    arrows: Rows = parameters.rows(
        "vectors of 2 numbers carried along; the unit vectors by default",
        width=2,
        most=4,
        default=((1.0, 0.0), (0.0, 1.0)),
    )
    names: Sequence[str] = parameters.texts("the panels' titles, the start first")


_Stage = tuple[Rows, Rows]  # an outline and arrows, after some of the matrices


@kind("transform", "The unit square or circle before and after a matrix, or step by step through several.", Transform)
def transform(page: Page, values: Transform) -> str:
    """Returns the alt text: the matrices, and where corners and arrows go."""
    stages: list[_Stage] = [(_outline(values.shape), values.arrows)]
    for matrix in values.matrix:
        outline, arrows = stages[-1]
        stages.append((_mapped(matrix, outline), _mapped(matrix, arrows)))
    points = [(0.0, 0.0), *(point for stage in stages for part in stage for point in part)]
    x, y = span((p[0] for p in points), 0.1), span((p[1] for p in points), 0.1)
    if len(stages) == 2:
        _draw_in_one(page, frame(page, x, y, Layout(equal=True, plane=True)), stages, values.names)
    else:
        titles = values.names or [tell("start"), *(tell("step", number=i) for i in range(1, len(stages)))]
        titles = [*titles, *[""] * (len(stages) - len(titles))]
        for i, box in enumerate(_stage_boxes(page, len(stages))):
            layout = Layout(box=box, titles=("", titles[i]), equal=True, plane=True)
            _draw_stage(page, frame(page, x, y, layout), stages[i], before=i == 0)
    return _transform_alt(values, stages[-1][1])


def _draw_in_one(page: Page, made: Frame, stages: Sequence[_Stage], names: Sequence[str]) -> None:
    """Draws before and after over each other, with their names."""
    labels = _labels(page, made)
    for stage, before in zip(stages, (True, False), strict=True):
        _draw_stage(page, made, stage, before=before)
    lines = [[*outline, outline[0]] for outline, _ in stages]
    for points in lines:
        labels.keep_off(made.along(points))
    for _, arrows in stages:
        for arrow in arrows:
            labels.keep_off_arrow(made.at((0, 0)), made.at(arrow))
    looks = zip(stages, names or (tell("before"), tell("after")), (style.DIM, style.PALETTE[0]), strict=False)
    for (outline, _), name, colour in looks:
        if name:
            labels.put_around(name, made.along(outline), colour)


def _stage_boxes(page: Page, count: int) -> list[Box]:
    """Returns the panels of three or four stages, and makes the page fit them."""
    space = page.space
    columns, height = (3, space.tall(100.0)) if count == 3 else (2, space.tall(92.0))
    width = space.wide(252.0 if columns == 3 else 210.0)
    if space.widest > 2 * space.width:  # room for all of them in a row
        columns, height, width = count, space.tall(112.0), count * 70.0
    return panels(page, count, columns, (width, height), gap=6, air=3)


def _outline(shape: str) -> Rows:
    if shape == "square":
        return ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    return tuple((math.cos(math.tau * i / 72), math.sin(math.tau * i / 72)) for i in range(72))


def _mapped(matrix: Rows, points: Rows) -> Rows:
    (a, b), (c, d) = matrix
    size = NOISE * max(map(abs, (a, b, c, d))) * max(abs(part) for point in points for part in point)
    mapped = ((a * x + b * y, c * x + d * y) for x, y in points)
    return tuple((x if abs(x) > size else 0.0, y if abs(y) > size else 0.0) for x, y in mapped)


def _draw_stage(page: Page, made: Frame, stage: _Stage, *, before: bool) -> None:
    outline, arrows = stage
    closed = made.along([*outline, outline[0]])
    if before:
        page.line(closed, style.DIM, 1.1, (3, 2))
    else:
        page.areas([closed], style.Fill(style.PALETTE[0], 0.14))
        page.line(closed, style.PALETTE[0], 1.3)
    for i, arrow in enumerate(arrows):
        colour = style.DIM if before else style.PALETTE[1]
        width = 1.0 if before else 1.7 - 0.5 * (i % 2)
        page.arrow(made.at((0, 0)), made.at(arrow), colour, width, style.DASHES[i % 2], above=3 if before else 4)


def _transform_alt(values: Transform, carried: Rows) -> str:
    what, matrix = tell(f"unit_{values.shape}"), values.matrix
    if len(matrix) == 1:
        alt = tell("transformed", what=what, matrix=say_rows(matrix[0]))
    else:
        alt = tell("in_turn", what=what, count=len(matrix), matrices=in_turn(map(say_rows, matrix)))
    if values.shape == "square" and len(matrix) == 1:
        corners = _mapped(matrix[0], _outline(values.shape))
        alt += f" {tell('corners', corners=listed(map(say_pair, corners)))}"
    moves = [
        tell("move", start=say_pair(start), end=say_pair(end))
        for start, end in zip(values.arrows, carried, strict=True)
    ]
    return f"{alt} {tell('moves', moves=listed(moves))}"

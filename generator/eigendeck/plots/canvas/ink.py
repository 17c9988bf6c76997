"""Marks on the page: lines, dots, areas, arrows and texts. Coordinates are points, y upwards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from eigendeck.plots.canvas import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top

ASCENT, DESCENT = 0.94, 0.24  # of the text size: room for accents and tails
CAPITAL = 0.73  # height of capitals and digits, of the text size
_TOLERANCE = 0.04  # points: less than half the grid that the SVG is rounded to


def line(
    axes: Axes,
    points: Sequence[Point],
    colour: str = style.INK,
    width: float = 1.2,
    dash: Sequence[float] = (),
    *,
    above: float = 2,
) -> None:
    """Draws a line through the points."""
    strokes(axes, [points], colour, width, dash, above=above)


def strokes(
    axes: Axes,
    lines: Iterable[Sequence[Point]],
    colour: str = style.INK,
    width: float = 1.2,
    dash: Sequence[float] = (),
    *,
    cap: str = "butt",
    above: float = 2,
) -> None:
    """Draws several lines as one path: together they cost little more than one."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    vertices: list[Point] = []
    codes: list[int] = []
    for points in lines:
        kept = thinned(points)
        vertices += kept
        codes += [int(Path.MOVETO), *[int(Path.LINETO)] * (len(kept) - 1)]
    if not vertices:
        return
    pattern = (0, tuple(dash)) if dash else "solid"
    patch = PathPatch(
        Path(vertices, codes), fill=False, edgecolor=colour, linewidth=width, linestyle=pattern, capstyle=cap
    )
    patch.set(joinstyle="round", clip_on=False, zorder=above)
    axes.add_patch(patch)


def dots(axes: Axes, points: Iterable[Point], colour: str = style.INK, size: float = 4.0, *, above: float = 3) -> None:
    """Draws round dots of `size` points across: strokes of no length with round ends, the shortest SVG there is."""
    strokes(axes, [(point, point) for point in points], colour, size, cap="round", above=above)


def rings(axes: Axes, points: Sequence[Point], colour: str = style.INK, size: float = 4.6, *, above: float = 3) -> None:
    """Draws hollow dots."""
    dots(axes, points, colour, size, above=above)
    dots(axes, points, style.PAPER, size - 2.2, above=above + 0.01)


def areas(
    axes: Axes,
    polygons: Iterable[Sequence[Point]],
    colour: str,
    opacity: float = 1.0,
    hatch: str = "",
    *,
    edge: str = "",
    width: float = 0.8,
    above: float = 1,
) -> None:
    """Fills the polygons, hatches them, and draws their outlines in `edge`."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    vertices: list[Point] = []
    codes: list[int] = []
    for points in polygons:
        kept = thinned(points)
        vertices += [*kept, kept[0]]
        codes += [int(Path.MOVETO), *[int(Path.LINETO)] * (len(kept) - 1), int(Path.CLOSEPOLY)]
    if not vertices:
        return
    path = Path(vertices, codes)
    if opacity:
        fill = PathPatch(path, facecolor=colour, edgecolor="none", alpha=opacity if opacity < 1 else None)
        fill.set(clip_on=False, zorder=above)
        axes.add_patch(fill)
    if hatch:
        lines = PathPatch(path, facecolor="none", edgecolor=colour, linewidth=0, hatch=hatch)
        lines.set(clip_on=False, zorder=above + 0.01)
        axes.add_patch(lines)
    if edge:
        outline = PathPatch(path, fill=False, edgecolor=edge, linewidth=width)
        outline.set(clip_on=False, zorder=above + 0.02, joinstyle="miter")
        axes.add_patch(outline)


def rectangle(box: Box) -> list[Point]:
    """Returns the corners of a box."""
    left, bottom, right, top = box
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def arrow(
    axes: Axes,
    start: Point,
    end: Point,
    colour: str = style.INK,
    width: float = 1.5,
    dash: Sequence[float] = (),
    *,
    above: float = 4,
) -> None:
    """Draws an arrow whose tip is exactly at `end`; one of no length is a dot."""
    length = math.dist(start, end)
    if length < 0.75:
        dots(axes, [end], colour, 4.5, above=above)
        return
    head = min(7.0 + width, 0.7 * length)
    across = head * 0.4
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    neck = (end[0] - ux * head, end[1] - uy * head)
    line(axes, [start, (neck[0] + ux * 0.6, neck[1] + uy * 0.6)], colour, width, dash, above=above)
    wings = [(neck[0] - uy * across, neck[1] + ux * across), (neck[0] + uy * across, neck[1] - ux * across)]
    areas(axes, [[end, *wings]], colour, above=above)


def text(
    axes: Axes,
    at: Point,
    words: str,
    colour: str = style.INK,
    *,
    across: float = 0.0,
    up: float = 0.0,
    size: float = style.TEXT_SIZE,
    backing: bool = False,
) -> Box:
    """Writes one line and returns its box.

    across, up: which point of the text stands at `at`: 0 the middle, −1 its left or foot, +1 its right or top.
    backing: paper behind it, for a text over hatches or lines.
    """
    width = text_width(words, size)
    left = at[0] - (across + 1) / 2 * width
    middle = at[1] - up * size * (ASCENT + DESCENT) / 2
    foot = middle - size * CAPITAL / 2 if up == 0 else middle - size * (ASCENT - DESCENT) / 2
    box = (left, foot - size * DESCENT, left + width, foot + size * ASCENT)
    if backing and words:
        ground = (box[0] - 1.5, foot - 2.0, box[2] + 1.5, foot + size * CAPITAL + 2.0)
        areas(axes, [rectangle(ground)], style.PAPER, above=5)
    if words.strip():
        axes.text(left, foot, words, color=colour, fontsize=size, ha="left", va="baseline", parse_math=False, zorder=6)
    return box


@lru_cache(maxsize=4096)
def text_width(words: str, size: float = style.TEXT_SIZE) -> float:
    """Returns how wide a text is drawn, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not words:
        return 0.0
    properties = FontProperties(family="DejaVu Sans", size=size)
    return float(text_to_path.get_text_width_height_descent(words, properties, ismath=False)[0])


def fitted(words: str, room: float, size: float = style.TEXT_SIZE) -> str:
    """Returns the text, cut with an ellipsis where it is wider than `room` points."""
    if text_width(words, size) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(words[:middle].rstrip() + "…", size) <= room:
            low = middle
        else:
            high = middle - 1
    return words[:low].rstrip() + "…" if low else ""


def lines(words: str, room: float) -> list[str]:
    """Returns the text on one line, or on two of about the same width, cut where even these are wider than `room`."""
    if text_width(words) <= room or " " not in words.strip():
        return [fitted(words, room)]
    gaps = [at for at, letter in enumerate(words) if letter == " "]
    best = min(gaps, key=lambda at: max(text_width(words[:at]), text_width(words[at + 1 :])))
    return [fitted(part, room) for part in (words[:best], words[best + 1 :])]


def thinned(points: Sequence[Point]) -> list[Point]:
    """Returns the points without those that a straight line passes within a hair's breadth."""
    if len(points) < 3:
        return list(points)
    kept = [points[0]]
    between: list[Point] = []
    for point in points[1:]:
        if all(_off_line(kept[-1], point, skipped) <= _TOLERANCE for skipped in between) and len(between) < 20:
            between.append(point)
            continue
        kept.append(between[-1])
        between = [point]
    return [*kept, points[-1]]


def _off_line(a: Point, b: Point, point: Point) -> float:
    length = math.dist(a, b)
    if length == 0:
        return math.dist(a, point)
    along = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length
    if not 0 <= along <= length:
        return max(-along, along - length)
    return abs((b[0] - a[0]) * (a[1] - point[1]) - (a[0] - point[0]) * (b[1] - a[1])) / length

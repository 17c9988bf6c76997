"""The page of a picture and the marks on it: lines, dots, areas, arrows, texts. Coordinates are points, y upwards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.letters import ASCENT, CAPITAL, DESCENT, TEXT_SIZE, text_width
from eigendeck.plots.canvas.paths import Box, Point, rectangle, thinned

# Which point of a text stands where it is put, across and up: −1 its left or foot, 0 the middle, +1 its right or top.
Anchor = tuple[float, float]
MIDDLE: Anchor = (0, 0)
LEFT: Anchor = (-1, 0)
RIGHT: Anchor = (1, 0)
FOOT: Anchor = (0, -1)
TOP: Anchor = (0, 1)


class Page:
    """What a plot kind draws on. A mark with a higher `above` covers those below; of two alike, the later covers."""

    def __init__(self, space: style.Space = style.CARD) -> None:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        self.space = space
        self.figure = Figure(dpi=72)
        FigureCanvasSVG(self.figure)  # it measures texts as it draws them, unhinted
        self.figure.patch.set_visible(False)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.resize(space.width, space.height)

    def resize(self, width: float, height: float) -> None:
        """Makes the page `width` × `height` points."""
        self.figure.set_size_inches(width / 72, height / 72)
        self.axes.set(xlim=(0, width), ylim=(0, height))

    @property
    def whole(self) -> Box:
        """The box of a picture that takes all its space."""
        return 0.0, 0.0, self.space.width, self.space.height

    def line(
        self,
        points: Sequence[Point],
        colour: str = style.INK,
        width: float = 1.2,
        dash: Sequence[float] = (),
        *,
        above: float = 2,
    ) -> None:
        """Draws a line through the points."""
        self.strokes([points], colour, width, dash, above=above)

    def strokes(
        self,
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
        self.axes.add_patch(patch)

    def dots(self, points: Iterable[Point], colour: str = style.INK, size: float = 4.0, *, above: float = 3) -> None:
        """Draws round dots of `size` points across: strokes of no length with round ends, the shortest SVG there is."""
        self.strokes([(point, point) for point in points], colour, size, cap="round", above=above)

    def rings(self, points: Sequence[Point], colour: str = style.INK, size: float = 4.6, *, above: float = 3) -> None:
        """Draws hollow dots."""
        self.dots(points, colour, size, above=above)
        self.dots(points, style.PAPER, size - 2.2, above=above + 0.01)

    def areas(self, polygons: Iterable[Sequence[Point]], fill: style.Fill, *, above: float = 1) -> None:
        """Fills the polygons, hatches them, and draws their outlines."""
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
        if fill.opacity:
            opacity = fill.opacity if fill.opacity < 1 else None
            ground = PathPatch(path, facecolor=fill.colour, edgecolor="none", alpha=opacity)
            ground.set(clip_on=False, zorder=above)
            self.axes.add_patch(ground)
        if fill.hatch:
            hatching = PathPatch(path, facecolor="none", edgecolor=fill.colour, linewidth=0, hatch=fill.hatch)
            hatching.set(clip_on=False, zorder=above + 0.01)
            self.axes.add_patch(hatching)
        if fill.edge:
            outline = PathPatch(path, fill=False, edgecolor=fill.edge, linewidth=fill.width)
            outline.set(clip_on=False, zorder=above + 0.02, joinstyle="miter")
            self.axes.add_patch(outline)

    def arrow(
        self,
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
            self.dots([end], colour, 4.5, above=above)
            return
        head = min(7.0 + width, 0.7 * length)
        across = head * 0.4
        ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        neck = (end[0] - ux * head, end[1] - uy * head)
        self.line([start, (neck[0] + ux * 0.6, neck[1] + uy * 0.6)], colour, width, dash, above=above)
        wings = [(neck[0] - uy * across, neck[1] + ux * across), (neck[0] + uy * across, neck[1] - ux * across)]
        self.areas([[end, *wings]], style.Fill(colour), above=above)

    def text(
        self,
        at: Point,
        words: str,
        colour: str = style.INK,
        anchor: Anchor = MIDDLE,
        *,
        size: float = TEXT_SIZE,
        backing: bool = False,
    ) -> Box:
        """Writes one line and returns its box; backing: paper behind it, for a text over hatches or lines."""
        width = text_width(words, size)
        left = at[0] - (anchor[0] + 1) / 2 * width
        middle = at[1] - anchor[1] * size * (ASCENT + DESCENT) / 2
        foot = middle - size * CAPITAL / 2 if anchor[1] == 0 else middle - size * (ASCENT - DESCENT) / 2
        box = (left, foot - size * DESCENT, left + width, foot + size * ASCENT)
        if backing and words:
            ground = (box[0] - 1.5, foot - 2.0, box[2] + 1.5, foot + size * CAPITAL + 2.0)
            self.areas([rectangle(ground)], style.Fill(style.PAPER), above=5)
        if words.strip():
            self.axes.text(
                left, foot, words, color=colour, fontsize=size, ha="left", va="baseline", parse_math=False, zorder=6
            )
        return box

"""The page of a picture and the marks on it: lines, dots, areas, arrows, texts. Coordinates are points, y upwards."""

import math
from collections.abc import Iterable, Sequence

from eigendeck.plots.canvas import style, svg
from eigendeck.plots.canvas.letters import ASCENT, CAPITAL, DESCENT, TEXT_SIZE, run, text_width
from eigendeck.plots.canvas.paths import Box, Line, Point, rectangle, thinned, through
from eigendeck.plots.canvas.style import INK

Dash = Sequence[float]  # how long what is drawn and what is left out are in turn, in points
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
        self.space = space
        self.width, self.height = space.width, space.height
        self.marks: list[svg.Mark] = []
        self.definitions: dict[str, str] = {}  # elements that marks refer to, by their ids
        self.missing: set[str] = set()  # letters that the plots' font lacks
        self.crowd = 0.0  # how much of what is drawn labels cover; more room may help

    def document(self) -> str:
        """Returns the picture as a whole SVG document."""
        return svg.document((self.width, self.height), self.definitions, self.marks)

    def resize(self, width: float, height: float) -> None:
        """Makes the page `width` × `height` points."""
        self.width, self.height = width, height

    @property
    def whole(self) -> Box:
        """The box of a picture that takes all its space."""
        return 0.0, 0.0, self.space.width, self.space.height

    def line(self, points: Line, colour: str = INK, width: float = 1.2, dash: Dash = (), *, above: float = 2) -> None:
        """Draws a line through the points."""
        self.strokes([points], colour, width, dash, above=above)

    def strokes(
        self,
        lines: Iterable[Line],
        colour: str = INK,
        width: float = 1.2,
        dash: Dash = (),
        *,
        cap: str = "butt",
        above: float = 2,
    ) -> None:
        """Draws several lines as one path: together they cost little more than one."""
        data = svg.path_data(segment for points in lines for segment in through(thinned(points)))
        if data:
            self.marks.append(svg.Mark(above, "path", svg.stroke(colour, width, dash, cap), data))

    def dots(self, points: Iterable[Point], colour: str = INK, size: float = 4.0, *, above: float = 3) -> None:
        """Draws round dots of `size` points across: strokes of no length with round ends, the shortest SVG there is."""
        self.strokes([(point, point) for point in points], colour, size, cap="round", above=above)

    def rings(self, points: Line, colour: str = INK, size: float = 4.6, *, above: float = 3) -> None:
        """Draws hollow dots."""
        self.dots(points, colour, size, above=above)
        self.dots(points, style.PAPER, size - 2.2, above=above + 0.01)

    def areas(self, polygons: Iterable[Line], fill: style.Fill, *, above: float = 1) -> None:
        """Fills the polygons, hatches them, and draws their outlines."""
        outlines = (through(thinned(points), closed=True) for points in polygons)
        data = svg.path_data(segment for outline in outlines for segment in outline)
        if not data:
            return
        ground = svg.ground(fill.colour, fill.opacity) if fill.opacity else ""
        edge = f' {svg.stroke(fill.edge, fill.width)} stroke-linejoin="miter"' if fill.edge else ""
        if fill.hatch:
            name = self.define(svg.hatching(fill.hatch, fill.colour))
            self.marks.append(svg.Mark(above + 0.01, "path", f'fill="url(#{name})"{edge}', data, alone=True))
            edge = ""
        if ground or edge:
            self.marks.append(svg.Mark(above, "path", (ground + edge).strip(), data, alone=True))

    def define(self, definition: tuple[str, str]) -> str:
        """Lets marks refer to an element by its id, which comes back."""
        name, element = definition
        if element:
            self.definitions[name] = element
        return name

    def arrow(
        self, start: Point, end: Point, colour: str = INK, width: float = 1.5, dash: Dash = (), *, above: float = 4
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
        colour: str = INK,
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
            data = svg.path_data(through(rectangle(ground), closed=True))
            self.marks.append(svg.Mark(5, "path", svg.ground(style.PAPER), data))
        if words.strip():
            it = run(words)
            self.missing.update(it.missing)
            if it.typed:
                content = svg.typed(words, (at[0], foot), size, anchor[0])
            else:
                for letter, _ in it.letters:
                    self.define(svg.symbol(letter))
                content = svg.lettering(it.letters, (left, foot), size)
            self.marks.append(svg.Mark(6, "g", svg.ground(colour), content))
        return box

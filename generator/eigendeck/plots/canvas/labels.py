"""Labels beside what they name: where they cover nothing, and inside the page."""

import math
from collections.abc import Iterable, Sequence

from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import Frame
from eigendeck.plots.canvas.letters import CAPITAL, TEXT_SIZE, fitted, text_width
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Box, Point

_DIRECTIONS = tuple((math.cos(math.tau * i / 16), math.sin(math.tau * i / 16)) for i in range(16))
_DISTANCES = (3.5, 7.0, 12.0, 19.0, 28.0)  # points
_HEIGHT = TEXT_SIZE * CAPITAL + 2.5  # of a label, with a little air
_WORDS = 72.0  # points
_COLUMN = 8.0  # points
_SAMPLE = 3.0  # points between the samples of a line that labels keep off


class Labels:
    """The texts of one page and what they keep off; it grows with every label that is put."""

    def __init__(self, page: Page, within: Box) -> None:
        self.page = page
        self.within = within
        self.taken: list[Box] = []
        self.inked: dict[int, list[Point]] = {}  # by columns of the page, so that few points are looked at

    def keep_off(self, points: Sequence[Point]) -> None:
        """Keeps later labels off the line through these points."""
        for (x0, y0), (x1, y1) in zip(points, points[1:] or points, strict=False):
            steps = min(200, max(1, int(math.hypot(x1 - x0, y1 - y0) / _SAMPLE)))
            for i in range(steps + 1):
                x = x0 + (x1 - x0) * i / steps
                self.inked.setdefault(int(x // _COLUMN), []).append((x, y0 + (y1 - y0) * i / steps))

    def keep_off_dots(self, places: Iterable[Point], size: float) -> None:
        """Keeps later labels off dots and rings of this size, and a hair's breadth more."""
        reach = size / 2 + 0.8
        self.keep_off_boxes((x - reach, y - reach, x + reach, y + reach) for x, y in places)

    def keep_off_boxes(self, boxes: Iterable[Box]) -> None:
        """Keeps later labels off these boxes."""
        self.taken += boxes

    def put(
        self, words: str, at: Point, toward: Point = (1.0, 0.5), colour: str = style.INK, *, backing: bool = False
    ) -> Box:
        """Writes a label near a point, best in the direction `toward`, and returns its box."""
        text = fitted(words, self._room)
        return self._write(text, self._best(text, at, toward)[1], colour, backing)

    def put_along(self, words: str, line: Sequence[Point], colour: str = style.INK) -> Box:
        """Writes a label beside a line, where it covers least, and returns its box."""
        text = fitted(words, self._room)
        anchors = [line[len(line) * i // 24] for i in range(2, 23)]
        found = []
        for n, anchor in enumerate(anchors):
            cost, where = self._best(text, anchor, (1.0 if n > 10 else -1.0, 0.7))
            found.append((cost + 0.05 * abs(n - 13), where))
        return self._write(text, min(found)[1], colour, False)

    @property
    def _room(self) -> float:
        """The most that a label may take: half the page, of a narrow one a few words."""
        width = self.within[2] - self.within[0]
        return max(width * 0.5, min(width, _WORDS))

    def _write(self, text: str, where: Point, colour: str, backing: bool) -> Box:
        box = self.page.text(where, text, colour, backing=backing)
        self.taken.append((box[0], where[1] - _HEIGHT / 2, box[2], where[1] + _HEIGHT / 2))
        return box

    def _best(self, text: str, at: Point, toward: Point) -> tuple[float, Point]:
        """Returns the least cost of a label at a point, and where its middle then stands."""
        left, bottom, right, top = self.within
        width, height = text_width(text), _HEIGHT
        norm = math.hypot(*toward) or 1.0
        best, where = math.inf, at
        for distance in _DISTANCES:
            for ux, uy in _DIRECTIONS:
                x = at[0] + ux * (distance + width / 2)
                y = at[1] + uy * (distance + height / 2)
                x = min(max(x, left + width / 2 + 1), right - width / 2 - 1)
                y = min(max(y, bottom + 5.5), top - 5.5)
                box = (x - width / 2 - 1, y - height / 2, x + width / 2 + 1, y + height / 2)
                turn = 1 - (ux * toward[0] + uy * toward[1]) / norm
                cost = distance * 0.35 + turn * 3
                if cost >= best:
                    continue
                cost += self.covered(box, cost, best)
                if box[0] < at[0] < box[2] and box[1] < at[1] < box[3]:
                    cost += 12  # the page's edge pushed it over its own anchor
                if cost < best:
                    best, where = cost, (x, y)
        return best, where

    def covered(self, box: Box, before: float = 0.0, best: float = math.inf) -> float:
        """Returns how much a label there would cover; 0 for nothing.

        before: its cost without that; where both are more than the best, not all is counted.
        """
        left, bottom, right, top = box
        cost = 0.0
        for other in self.taken:
            wide = min(right, other[2]) - max(left, other[0])
            high = min(top, other[3]) - max(bottom, other[1])
            if wide > 0 and high > 0:
                cost += 20 + wide * high
        if before + cost >= best:
            return cost
        inked = 0
        for n in range(int(left // _COLUMN), int(right // _COLUMN) + 1):
            for x, y in self.inked.get(n, ()):
                if bottom < y < top and left < x < right:
                    inked += 1
        return cost + 6 * inked


def labels_in(page: Page, made: Frame, axis: Sequence[str]) -> Labels:
    """Returns the labels of a coordinate system that fills its picture, below its title."""
    top = page.space.height - (11 if axis[1] else 0)
    return Labels(page, (made.box[0] + 1, made.box[1] + 1, page.space.width, top))

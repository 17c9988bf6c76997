"""Labels beside what they name: where they cover nothing, and inside the page."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import Frame
from eigendeck.plots.canvas.letters import CAPITAL, TEXT_SIZE, fitted, text_width
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Box, Point, length_inside

_DISTANCES = (3.5, 6.0, 9.0, 13.0, 18.0, 25.0)  # points
_LED = 10.0  # points: a label that stands further off has a line that leads to it
_TURNS = 32  # the directions that are told apart, all around
_RISE = TEXT_SIZE * CAPITAL / 2 + 1.8  # of a label over its middle, with a little air
_FALL = TEXT_SIZE * CAPITAL / 2 + 2.3  # below it: tails hang lower
_FAINT = 0.4  # of what it costs to cover a line: for axes, and for contours among other contours
_WORDS = 72.0  # points
_COLUMN = 8.0  # points
_ASTRAY = 15.0  # what a label costs that seems to belong to something else

Anchor = tuple[float, Point, Point]  # what it costs to stand there, where that is, and the direction that is best
_Columns = dict[int, list[tuple[float, float, float, float]]]  # pieces of lines by columns of the page


class Labels:
    """The texts of one page and what they keep off; it grows with every label that is put."""

    def __init__(self, page: Page, within: Box) -> None:
        self.page = page
        self.within = within
        self.taken: list[Box] = []
        self.named: list[Point] = []  # what labels belong to: each stands nearest to its own
        self._lines: _Columns = {}
        self._faint: _Columns = {}

    def keep_off(self, points: Sequence[Point], *, faint: bool = False) -> None:
        """Keeps later labels off the line through these points; off a faint one where that costs little."""
        columns = self._faint if faint else self._lines
        for a, b in pairwise(points):
            (x0, y0), (x1, y1) = (a, b) if a[0] <= b[0] else (b, a)
            first, last = int(x0 // _COLUMN), int(x1 // _COLUMN)
            slope = (y1 - y0) / (x1 - x0) if last > first else 0.0
            for n in range(first, last):
                x, y = (n + 1) * _COLUMN, y1 - slope * (x1 - (n + 1) * _COLUMN)
                columns.setdefault(n, []).append((x0, y0, x, y))
                x0, y0 = x, y
            columns.setdefault(last, []).append((x0, y0, x1, y1))

    def keep_off_arrow(self, tail: Point, tip: Point) -> None:
        """Keeps later labels off an arrow and its head."""
        self.keep_off([tail, tip])
        neck = min(7.0 / (math.dist(tail, tip) or 7.0), 0.7)  # of its length, from the tip: where the head is wide
        middle = (tip[0] + (tail[0] - tip[0]) * neck, tip[1] + (tail[1] - tip[1]) * neck)
        self.keep_off_dots([middle], 5.0)
        self.keep_off_dots([tip], 2.0)

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
        return self.put_near(words, [(0.0, at, toward)], colour, backing=backing)

    def put_along(self, words: str, line: Sequence[Point], colour: str = style.INK) -> Box:
        """Writes a label beside a line, where it covers least, and returns its box."""
        spots = [(n, line[len(line) * n // 24]) for n in range(2, 23)]
        return self.put_near(
            words, [(0.05 * abs(n - 15), at, (1.0 if n > 12 else -1.0, 0.7)) for n, at in spots], colour
        )

    def put_beside(self, words: str, tail: Point, tip: Point, colour: str) -> Box:
        """Writes a label beside an arrow, left of it where there is room, and returns its box."""
        dx, dy = tip[0] - tail[0], tip[1] - tail[1]
        shares = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)
        spots = [(8 * abs(share - 0.5), (tail[0] + share * dx, tail[1] + share * dy)) for share in shares]
        sides = [(cost, at, side) for cost, at in spots for side in ((-dy, dx), (dy, -dx))]
        return self.put_near(
            words, [(cost + 0.5 * (n % 2), at, side) for n, (cost, at, side) in enumerate(sides)], colour
        )

    def put_around(self, words: str, outline: Sequence[Point], colour: str) -> Box:
        """Writes a label outside a closed line, best at its top, and returns its box."""
        x, y = (sum(parts) / len(outline) for parts in zip(*outline, strict=True))
        top = max(py for _, py in outline)
        spots = outline[:: max(1, len(outline) // 24)]
        anchors = [(0.1 * (top - py) - 0.01 * (px - x), (px, py), (px - x, py - y)) for px, py in spots]
        return self.put_near(words, anchors, colour)

    def put_near(self, words: str, anchors: Iterable[Anchor], colour: str, *, backing: bool = False) -> Box:
        """Writes a label near one of some points, where it costs least, and returns its box."""
        page = self.within[2] - self.within[0]
        text = fitted(words, max(page * 0.5, min(page, _WORDS)))  # half of it, of a narrow one a few words
        size = text_width(text)
        best, where, near = math.inf, (0.0, 0.0), (0.0, 0.0)
        for cost, at, toward in sorted(anchors):
            if cost >= best:
                break
            found = self._best(size, at, toward, best - cost, _FAINT / 2 if backing else _FAINT)
            if found and found[0] + cost < best:
                best, where, near = found[0] + cost, found[1], at
        box = _box(where, size)
        self.page.crowd += self.covered(box) + self._astray(box, near)
        if leader := _leader(box, near):
            self.page.line(leader, style.DIM, 0.6, above=5)
            self.keep_off(leader)
        drawn = self.page.text(where, text, colour, backing=backing)
        self.taken.append(box)
        return drawn

    def _best(self, width: float, at: Point, toward: Point, most: float, faint: float) -> tuple[float, Point] | None:
        """Returns the least cost of a label at a point, if it is below `most`, and where its middle then stands.

        faint: how much less it costs to cover a faint line.
        """
        left, bottom, right, top = self.within
        left, right, bottom, top = left + width / 2 + 1, right - width / 2 - 1, bottom + 5.5, top - 5.5
        turn = round(math.atan2(toward[1], toward[0]) / math.tau * _TURNS) % _TURNS
        best = None
        for first, distance, ux, uy in _places(turn):
            if first >= most:
                break
            x = at[0] + ux * (distance + width / 2)
            y = at[1] + uy * (distance + _RISE)
            x = right if x > right else left if x < left else x
            y = top if y > top else bottom if y < bottom else y
            box = _box((x, y), width)
            cost = first + self.covered(box, most - first)
            if cost < most:
                cost += faint * _inked(self._faint, box, (most - cost) / faint)
            if cost < most and box[0] < at[0] < box[2] and box[1] < at[1] < box[3]:
                cost += 12  # the page's edge pushed it over its own anchor
            if cost < most:
                cost += self._astray(box, at)
            if cost < most and (leader := _leader(box, at)):
                cost += 0.5 * sum(_inked(self._lines, spot, math.inf) for spot in _spots(*leader))
            if cost < most:
                best, most = (cost, (x, y)), cost
        return best

    def covered(self, box: Box, enough: float = math.inf) -> float:
        """Returns how much a label there would cover; 0 for nothing, and not all is counted from `enough` on."""
        left, bottom, right, top = box
        cost = 0.0
        for other in self.taken:
            if other[0] < right and other[2] > left and other[1] < top and other[3] > bottom:
                wide = min(right, other[2]) - max(left, other[0])
                cost += 20 + wide * (min(top, other[3]) - max(bottom, other[1]))
                if cost >= enough:
                    return cost
        return cost + _inked(self._lines, box, enough - cost)

    def _astray(self, box: Box, at: Point) -> float:
        """Returns what it costs that a label seems to belong to something else: to what is nearer, or led across."""
        if leader := _leader(box, at):
            return _ASTRAY * sum(length_inside((*leader[0], *leader[1]), other) > 0 for other in self.taken)
        own = math.dist(at, _nearest(box, at)) + 0.5
        others = (other for other in self.named if math.dist(other, at) > 0.5)
        return _ASTRAY * sum(math.dist(other, _nearest(box, other)) < own for other in others)


@cache
def _places(turn: int) -> list[tuple[float, float, float, float]]:
    """Returns where a label may stand, the best first: its cost, its distance, and its direction."""
    places = []
    for distance in _DISTANCES:
        for i in range(16):
            off = math.cos(math.tau * (i / 16 - turn / _TURNS))
            cost = distance * 0.35 + (1 - off) * 3
            places.append((round(cost, 9), distance, math.cos(math.tau * i / 16), math.sin(math.tau * i / 16)))
    return sorted(places, key=lambda place: place[0])


def _box(middle: Point, width: float) -> Box:
    x, y = middle
    return x - width / 2 - 1, y - _FALL, x + width / 2 + 1, y + _RISE


def _nearest(box: Box, point: Point) -> Point:
    """Returns the point of a box that is nearest to another one."""
    return min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])


def _leader(box: Box, at: Point) -> tuple[Point, Point] | None:
    """Returns the ends of the thin line to a label from what it names; None where it stands beside that."""
    end = _nearest(box, at)
    if (far := math.dist(at, end)) <= _LED:
        return None
    return (at[0] + (end[0] - at[0]) * 4 / far, at[1] + (end[1] - at[1]) * 4 / far), end


def _spots(start: Point, end: Point) -> Iterator[Box]:
    """Yields small boxes along a straight line."""
    count = math.ceil(math.dist(start, end))
    for i in range(1, count):
        x, y = start[0] + (end[0] - start[0]) * i / count, start[1] + (end[1] - start[1]) * i / count
        yield x - 0.5, y - 0.5, x + 0.5, y + 0.5


def _inked(columns: _Columns, box: Box, enough: float) -> float:
    """Returns what it costs to cover what is drawn in a box; not all is counted from `enough` on."""
    left, bottom, right, top = box
    cost = 0.0
    for n in range(int(left // _COLUMN), int(right // _COLUMN) + 1):
        for piece in columns.get(n, ()):
            y0, y1 = piece[1], piece[3]
            if (y0 > top and y1 > top) or (y0 < bottom and y1 < bottom):
                continue
            if length := length_inside(piece, box):
                cost += 3 + 2 * length
                if cost >= enough:
                    return cost
    return cost


def labels_in(page: Page, made: Frame, axis: Sequence[str], right: float | None = None) -> Labels:
    """Returns the labels of a coordinate system that fills its picture, below its title.

    right: how far they may go; by default as far as the picture.
    """
    top = page.space.height - (11 if axis[1] else 0)
    return Labels(page, (made.box[0] + 1, made.box[1] + 1, page.space.width if right is None else right, top))


def apart(places: Iterable[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Returns where things in a row begin that stay between two edges: each moved no further than others make it."""
    moved, edge = [], low
    for place, size in zip(places, sizes, strict=True):
        moved.append(max(place, edge))
        edge = moved[-1] + size
    for n in reversed(range(len(moved))):
        moved[n] = high = min(moved[n], high - sizes[n])
    return moved

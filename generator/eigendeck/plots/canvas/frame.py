"""Coordinate systems on the page: from data to points, with few round ticks and nothing clipped."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eigendeck.plots import words
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.letters import fitted, lines, text_width
from eigendeck.plots.canvas.page import FOOT, RIGHT, TOP, Page
from eigendeck.plots.canvas.paths import Box, Point

Span = tuple[float, float]
Tick = tuple[float, str]

MARKED = 17.0  # points below an axis's numbers that `point_below` takes
_TICK = 2.5  # points
_LINE = 9.5  # points a line of text takes
_BELOW_TITLE = 2.0  # points below the top, so far down a number along y is clear of the title's tails


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a coordinate system stands on its page.

    box: the part of the page that it fills; by default the whole picture.
    titles: along and up.
    equal: a unit is as long across as up; the shorter range is widened for it.
    plane: a grid and lines through the origin, in place of axis lines at the sides.
    right: room for labels at the right, in points.
    below: room between the numbers along x and the title, in points.
    x_ticks: positions and texts along x in place of round numbers.
    """

    box: Box | None = None
    titles: Sequence[str] = ("", "")
    equal: bool = False
    plane: bool = False
    right: float = 0.0
    below: float = 0.0
    x_ticks: Sequence[Tick] | None = None
    y_ticks: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """Data coordinates in a box of the page."""

    box: Box
    x: Span
    y: Span

    def at(self, point: Sequence[float]) -> Point:
        """Returns where a data point stands on the page."""
        left, bottom, right, top = self.box
        return (
            left + (point[0] - self.x[0]) / (self.x[1] - self.x[0]) * (right - left),
            bottom + (point[1] - self.y[0]) / (self.y[1] - self.y[0]) * (top - bottom),
        )

    def along(self, points: Iterable[Sequence[float]]) -> list[Point]:
        """Returns where data points stand on the page."""
        return [self.at(point) for point in points]


def frame(page: Page, x: Span, y: Span, layout: Layout = Layout()) -> Frame:
    """Draws axes and returns their coordinates."""
    box = layout.box or page.whole
    made, across, upwards = _laid_out(x, y, box, layout)
    left, bottom, edge, top = made.box
    if layout.plane:
        _draw_plane(page, made, across, upwards)
    else:
        page.line([(left, top), (left, bottom), (edge, bottom)][0 if layout.y_ticks else 1 :], style.DIM, 0.7)
    marks = []
    for value, text in across:
        at = made.at((value, made.y[0]))[0]
        marks.append([(at, bottom), (at, bottom - _TICK)])
        page.text((at, bottom - _TICK - 1), text, anchor=TOP)
    for value, text in upwards:
        at = made.at((made.x[0], value))[1]
        marks.append([(left, at), (left - _TICK, at)])
        page.text((left - _TICK - 1.5, at), text, anchor=RIGHT)
    if not layout.plane:
        page.strokes(marks, style.DIM, 0.7)
    _draw_titles(page, made, box, layout.titles)
    return made


def _laid_out(x: Span, y: Span, box: Box, layout: Layout) -> tuple[Frame, list[Tick], list[Tick]]:
    floor = box[1] + 1 + _LINE * len(title_lines(layout.titles[0], box[2] - box[0])) + layout.below
    floor += _TICK + 1 + _LINE
    top = box[3] - (_LINE + 3 if layout.titles[1] else 4)
    left_room, right_room, highest = 4.0, max(4.0, layout.right), top - (_BELOW_TITLE if layout.titles[1] else 0.0)
    for _ in range(4):  # the margins depend on the ticks, which depend on the margins: it settles at once or twice
        inner = (box[0] + left_room, floor, max(box[2] - right_room, box[0] + left_room + 12), top)
        made = Frame(inner, *(_equal(x, y, inner) if layout.equal else (x, y)))
        across = _ticks(made.x, inner[2] - inner[0]) if layout.x_ticks is None else list(layout.x_ticks)
        upwards = _ticks(made.y, inner[3] - inner[1], _LINE - 1.5) if layout.y_ticks else []
        wanted_left = max((text_width(text) + _TICK + 3 for _, text in upwards), default=4.0)
        wanted_right = right_room
        for value, text in across:
            middle, half = made.at((value, 0))[0], text_width(text) / 2 + 1
            wanted_left = max(wanted_left, left_room + box[0] - (middle - half))
            wanted_right = max(wanted_right, right_room + middle + half - box[2])
        wanted_top = top - _BELOW_TITLE if upwards and made.at((0, upwards[-1][0]))[1] > highest else top
        if wanted_left <= left_room and wanted_right <= right_room and wanted_top == top:
            break
        left_room, right_room, top = max(left_room, wanted_left), max(right_room, wanted_right), wanted_top
    return made, across, upwards


def _ticks(span: Span, length: float, room: float = 0.0) -> list[Tick]:
    """As many numbers along an axis as stand clear of each other. room: of each, in points; by default its width."""
    for most in (4, 3, 2):
        values = ticks(*span, most)
        texts = words.tick_texts(values)
        apart = length * (values[1] - values[0]) / (span[1] - span[0]) if values[1:] else 1e9
        if (room or max(map(text_width, texts), default=0) + 5) <= apart:
            break
    return list(zip(values, texts, strict=True))


def _equal(x: Span, y: Span, box: Box) -> tuple[Span, Span]:
    unit = max((x[1] - x[0]) / (box[2] - box[0]), (y[1] - y[0]) / (box[3] - box[1]))  # data units a point
    return _widened(x, unit * (box[2] - box[0])), _widened(y, unit * (box[3] - box[1]))


def _widened(old: Span, size: float) -> Span:
    middle = (old[0] + old[1]) / 2
    return middle - size / 2, middle + size / 2


def _draw_plane(page: Page, made: Frame, across: Sequence[Tick], upwards: Sequence[Tick]) -> None:
    left, bottom, right, top = made.box
    grid = [[made.at((value, made.y[0])), made.at((value, made.y[1]))] for value, _ in across if value]
    grid += [[made.at((made.x[0], value)), made.at((made.x[1], value))] for value, _ in upwards if value]
    page.strokes(grid, style.FAINT, 0.6, above=0.5)
    x0, y0 = made.at((0, 0))
    through = [[(left, y0), (right, y0)]] if bottom <= y0 <= top else []
    through += [[(x0, bottom), (x0, top)]] if left <= x0 <= right else []
    page.strokes(through, style.DIM, 0.8, above=0.6)


def _draw_titles(page: Page, made: Frame, box: Box, titles: Sequence[str]) -> None:
    for number, text in enumerate(reversed(title_lines(titles[0], box[2] - box[0]))):
        half = text_width(text) / 2
        middle = min(max((made.box[0] + made.box[2]) / 2, box[0] + half + 1), box[2] - half - 1)
        page.text((middle, box[1] + 1 + number * _LINE), text, anchor=FOOT)
    width = box[2] - box[0] - 2
    if titles[1]:
        page.text((box[0] + 1, box[3] - 1), fitted(titles[1], width), anchor=(-1, 1))


def title_lines(title: str, width: float) -> list[str]:
    """Returns the lines that a title along x takes in a box of this width; none where there is no title."""
    return lines(title, width - 2) if title else []


def point_below(page: Page, made: Frame, numbers: Iterable[float], box: Box) -> None:
    """Points at numbers from below the axis, where the frame has left MARKED points: a mean, or how far it spreads."""
    right = -math.inf
    tip = made.box[1] - _TICK - 1 - _LINE - 1
    for number in sorted(numbers):
        x = made.at((number, 0))[0]
        page.areas([[(x, tip), (x - 3.5, tip - 6), (x + 3.5, tip - 6)]], style.Fill(style.PALETTE[1]), above=4)
        text = words.say(number, 3)
        half = text_width(text) / 2
        middle = min(max(x, box[0] + half + 1), box[2] - half - 1)
        if middle - half > right + 3:
            page.text((middle, tip - 6), text, style.PALETTE[1], TOP)
            right = middle + half


def panels(page: Page, count: int, columns: int, size: Point, *, gap: float = 8.0, air: float = 2.0) -> list[Box]:
    """Makes the page fit so many panels, `columns` on a line, and returns their boxes.

    size: the width and the height of a line. gap: between two panels. air: above each, in points.
    """
    (width, height), lines = size, -(-count // columns)
    page.resize(width, height * lines)
    each = (width - gap * (columns - 1)) / columns
    lefts, feet = [i * (each + gap) for i in range(columns)], [height * line for line in reversed(range(lines))]
    return [(left, foot, left + each, foot + height - air) for foot in feet for left in lefts][:count]


def span(values: Iterable[float], pad: float = 0.06) -> Span:
    """Returns a range that holds the values with a margin; never an empty one."""
    listed = list(values)
    low, high = min(listed), max(listed)
    least = max(abs(low), abs(high)) * 1e-9  # narrower, and floating point has no digits left for ticks
    if high - low <= least:
        reach = max(abs(low), abs(high)) * 0.5 or 1.0
        return low - reach, high + reach
    margin = (high - low) * pad
    return low - margin, high + margin


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Returns at most `most` round numbers in the range: multiples of 1, 2, 4 or 5 times a power of ten."""
    exponent = math.floor(math.log10((high - low) / most))
    powers = (exponent, exponent + 1, exponent + 2)
    chosen = _multiples(low, high, most, [base * 10.0**power for power in powers for base in (1, 2, 5)])
    if len(chosen) < 3:  # 4 is a step that readers take less easily, but better than a bare axis
        other = _multiples(low, high, most, [4 * 10.0**power for power in powers])
        chosen = other if len(other) > len(chosen) else chosen
    return chosen


def _multiples(low: float, high: float, most: int, steps: Sequence[float]) -> list[float]:
    for step in steps:
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [round(n * step, 12 - math.floor(math.log10(step))) + 0.0 for n in range(first, last + 1)]
    return []

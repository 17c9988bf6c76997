"""Points, boxes and lines on a page. Coordinates are points, y upwards."""

import math
from collections.abc import Sequence

Point = tuple[float, float]
Line = Sequence[Point]
Box = tuple[float, float, float, float]  # left, bottom, right, top
Segment = tuple[str, Sequence[float]]  # M, L, Q, C or Z as in SVG, and the coordinates of its points

_TOLERANCE = 0.04  # points: on paper and on screens alike nobody sees it
_MOST_SKIPPED = 20  # points in a row: each later one is compared with all of them
# Matplotlib's codes of a path: what SVG writes, and how many points are the segment's. CLOSEPOLY has one to no purpose.
_CODES = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("Z", 1)}


def rectangle(box: Box) -> list[Point]:
    """Returns the corners of a box."""
    left, bottom, right, top = box
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def middle(box: Box) -> Point:
    """Returns the middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def thinned(points: Sequence[Point]) -> list[Point]:
    """Returns the points without those that a straight line passes within a hair's breadth."""
    if len(points) < 3:
        return list(points)
    kept = [points[0]]
    between: list[Point] = []
    for point in points[1:]:
        straight = all(_off_line(kept[-1], point, skipped) <= _TOLERANCE for skipped in between)
        if straight and len(between) < _MOST_SKIPPED:
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


def through(points: Line, *, closed: bool = False) -> list[Segment]:
    """Returns the straight segments through the points; none through no points."""
    if not points:
        return []
    end: list[Segment] = [("Z", ())] if closed else []
    return [("M", points[0]), *(("L", point) for point in points[1:]), *end]


def segments(vertices: Sequence[Sequence[float]], codes: Sequence[int]) -> list[Segment]:
    """Returns the segments of a path of Matplotlib."""
    made: list[Segment] = []
    at = 0
    while at < len(vertices):
        letter, points = _CODES[codes[at]]
        numbers = [number for vertex in vertices[at : at + points] for number in vertex]
        made.append((letter, () if letter == "Z" else numbers))
        at += points
    return made


def length_inside(piece: tuple[float, float, float, float], box: Box) -> float:
    """Returns how much of a straight line from (x0, y0) to (x1, y1) lies in a box."""
    x0, y0, x1, y1 = piece
    first, last = 0.0, 1.0
    for start, step, low, high in ((x0, x1 - x0, box[0], box[2]), (y0, y1 - y0, box[1], box[3])):
        if step:
            enter, leave = (low - start) / step, (high - start) / step
            if enter > leave:
                enter, leave = leave, enter
            if enter > first:
                first = enter
            if leave < last:
                last = leave
        elif not low < start < high:
            return 0.0
    return (last - first) * math.hypot(x1 - x0, y1 - y0) if last > first else 0.0

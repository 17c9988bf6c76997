"""Coloured cells with their numbers: how wide they are, what stands in them, and which colour they have."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.letters import TEXT_SIZE, text_width
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Box, Point, rectangle
from eigendeck.plots.entries import NOISE, Rows
from eigendeck.plots.words import exact_decimals, say_rounded

HEIGHT = 15.0  # points, of a cell
_TINY, _EMPTY, _LEAST = 6.0, 13.0, 18.0  # points: widths of a cell without its number, and the least of one with it
_ON_DARK, _ON_LIGHT = "#fefefe", "#010101"  # not INK: a cell keeps its colour in dark mode, and so its number
_LINE = "#a8a8a8"
_LOW, _MIDDLE, _HIGH = (155, 70, 0), (250, 250, 250), (8, 64, 129)
_EQUAL = 0.179  # the luminance on which black and white stand out equally

Place = tuple[int, int]  # row, column
Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Cells:
    """How the cells of matrices on one scale are drawn.

    width: of a cell, in points. write: the text of a number; None where numbers do not fit. reach: the largest size.
    size: of the letters.
    """

    width: float
    write: Write | None
    reach: float
    size: float

    def draw(self, page: Page, matrix: Rows, corner: Point, framed: Sequence[Place]) -> None:
        """Draws a matrix whose upper left corner is given, with a frame around some cells."""
        same: dict[str, list[list[Point]]] = {}
        for i, row in enumerate(matrix):
            for j, number in enumerate(row):
                box = self._box((i, j), corner)
                fill, ink = self._colours(number)
                same.setdefault(fill, []).append(rectangle(box))
                if self.write:
                    page.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), self.write(number), ink, size=self.size)
        for fill, boxes in same.items():
            page.areas(boxes, style.Fill(fill))
        self._draw_lines(page, len(matrix), len(matrix[0]), corner)
        self._frame(page, framed, corner)

    def _box(self, place: Place, corner: Point) -> Box:
        (i, j), (left, top) = place, corner
        return left + j * self.width, top - (i + 1) * HEIGHT, left + (j + 1) * self.width, top - i * HEIGHT

    def _draw_lines(self, page: Page, high: int, wide: int, corner: Point) -> None:
        left, top = corner
        right, bottom = left + wide * self.width, top - high * HEIGHT
        across = [top - i * HEIGHT for i in range(1, high)]
        upwards = [left + j * self.width for j in range(1, wide)]
        inner = [[(x, top), (x, bottom)] for x in upwards] + [[(left, y), (right, y)] for y in across]
        page.strokes(inner, _LINE, 0.5, above=1.5)
        outline = style.Fill(style.DIM, 0.0, edge=style.DIM)
        page.areas([rectangle((left, bottom, right, top))], outline, above=1.6)

    def _frame(self, page: Page, framed: Sequence[Place], corner: Point) -> None:
        """Draws a thick line around the framed cells, none between two of them."""
        edges = []
        for i, j in framed:
            x0, y0, x1, y1 = self._box((i, j), corner)
            sides = {
                (i - 1, j): [(x0, y1), (x1, y1)],
                (i + 1, j): [(x0, y0), (x1, y0)],
                (i, j - 1): [(x0, y0), (x0, y1)],
                (i, j + 1): [(x1, y0), (x1, y1)],
            }
            edges += [side for neighbour, side in sides.items() if neighbour not in framed]
        # Dark in light: it shows on pale cells and on deep ones, on white paper and in dark mode.
        page.strokes(edges, _ON_DARK, 3.8, cap="projecting", above=3)
        page.strokes(edges, _ON_LIGHT, 2.0, cap="projecting", above=3.1)

    def _colours(self, number: float) -> tuple[str, str]:
        """Returns the colours of a number's cell and of its text."""
        size = abs(number) / self.reach
        share = size * 0.6 + math.sqrt(size) * 0.3  # the root tells small numbers from 0
        end = _HIGH if number >= 0 else _LOW
        mixed = tuple(round(m + (e - m) * share) for m, e in zip(_MIDDLE, end, strict=True))
        return "#{:02x}{:02x}{:02x}".format(*mixed), _ON_DARK if _luminance(mixed) < _EQUAL else _ON_LIGHT


def cells_of(matrices: Sequence[Rows], room: float, small: float, least: float = 0.0) -> Cells:
    """Returns how the matrices' cells are drawn: with as many digits as fit, but never with another number.

    room: the most points that a cell may be wide. small: the size of letters where they have little room.
    least: how wide a cell is where there is room.
    """
    numbers = [number for matrix in matrices for row in matrix for number in row]
    largest = max(map(abs, numbers))
    for decimals in _decimals(numbers, largest):
        write = partial(say_rounded, decimals=decimals)
        texts = set(map(write, numbers))
        for size in (TEXT_SIZE, small):
            width = max(text_width(text, size) for text in texts) + 5
            if width <= room:
                return Cells(max(width, min(max(_LEAST, least), room)), write, largest or 1.0, size)
    return Cells(max(min(_EMPTY, max(room, _TINY)), min(least, room)), None, largest or 1.0, TEXT_SIZE)


def _decimals(numbers: Sequence[float], largest: float) -> list[int]:
    """Returns with how many decimals cells may be written, the best first: three digits of the largest number.

    What three digits write exactly keeps them all, beside larger numbers, too.
    """
    if largest == 0:
        return [0]
    needed = max(exact_decimals(number) for number in numbers if abs(number) > NOISE * largest)
    best = max(0, 2 - math.floor(math.log10(largest)), needed)
    return [best, best - 1] if best > needed else [best]


def _luminance(colour: Sequence[int]) -> float:
    """Returns the relative luminance of WCAG 2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

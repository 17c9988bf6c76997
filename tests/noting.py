"""A page that remembers what was drawn on it: texts, dots and lines, for tests of what covers what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from eigendeck.plots import PLOTS
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.letters import CAPITAL, DESCENT
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Box, Point, length_inside
from eigendeck.plots.canvas.style import CARD, Space
from eigendeck.plots.registry import read_values

Stroke = tuple[Point, Point]


class Noting(Page):
    """A page that remembers its texts, their sizes, and their boxes from the feet of tails to the tops of capitals."""

    def __init__(self, space: Space) -> None:
        super().__init__(space)
        self.texts: list[tuple[str, float, Box]] = []
        self.spots: list[Box] = []  # dots and rings
        self.lines: list[tuple[str, Stroke]] = []  # straight pieces of lines and arrows, with their colours

    def dots(self, points: Any, *look: Any, size: float = 4.0, **more: Any) -> None:
        size = look[1] if len(look) > 1 else size
        points = list(points)
        self.spots += [(x - size / 2, y - size / 2, x + size / 2, y + size / 2) for x, y in points]
        super().dots(points, look[0] if look else style.INK, size, **more)

    def line(self, points: Any, colour: str = style.INK, *look: Any, **more: Any) -> None:
        self.lines += [(colour, piece) for piece in itertools.pairwise(points)]
        super().line(points, colour, *look, **more)

    def overlaps(self) -> list[str]:
        """What a reader would see covered: a text by another one, or a dot by a text."""
        boxes = [(words, box) for words, _, box in self.texts if words.strip()]
        pairs = list(itertools.combinations(boxes, 2))
        pairs += [(text, ("a dot", spot)) for text in boxes for spot in self.spots]
        return [f"{one[0]} over {other[0]}" for one, other in pairs if common(one[1], other[1]) > 0.7]

    def crossed(self) -> list[str]:
        """The texts that lie on a line or an arrow: not on the axes, nor on the thin line that leads to them."""
        return [
            words
            for words, _, (left, bottom, right, top) in self.texts
            if words.strip()
            and any(
                length_inside((*start, *end), (left, bottom + 0.9, right, top)) > 0.3
                for colour, (start, end) in self.lines
                if colour not in (style.DIM, style.FAINT)
            )
        ]

    def text(self, at: Any, words: str, *look: Any, size: float = 8.0, **more: Any) -> Box:
        box = super().text(at, words, *look, size=size, **more)
        left, foot, right, _ = box
        self.texts.append((words, size, (left, foot, right, foot + (DESCENT + CAPITAL) * size)))
        return box

    def box(self, words: str) -> Box:
        """Where a text stands that is there once."""
        (box,) = (box for text, _, box in self.texts if text == words)
        return box


def common(one: Box, other: Box) -> float:
    """By how many points two boxes overlap, across or up, whichever is less."""
    return min(min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1]))


def noted(kind: str, values: dict[str, Any], space: Space = CARD) -> Noting:
    """The page of a picture, as large as its labels need it."""
    pages = list(_pages(kind, values, space))
    return min(pages, key=lambda page: page.crowd)


def _pages(kind: str, values: dict[str, Any], space: Space) -> Iterator[Noting]:
    for room in space.in_turn():
        page = Noting(room)
        PLOTS[kind].paint(page, read_values(PLOTS[kind], values))
        yield page
        if not page.crowd:
            return

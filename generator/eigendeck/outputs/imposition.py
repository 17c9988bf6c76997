"""Where cards stand on paper: pure geometry, in millimetres from the upper left corner of a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from eigendeck.outputs.pdf import Paper

Cut = Literal["fold", "duplex"]
Flip = Literal["long", "short"]
Size = Literal["3x5", "4x6", "a6", "a7"]

PAPERS: dict[Paper, tuple[float, float]] = {"a4": (210, 297), "letter": (215.9, 279.4)}
NAMES: dict[Paper, str] = {"a4": "A4", "letter": "Letter"}
SIZES: dict[Size, tuple[float, float]] = {"3x5": (127, 76.2), "4x6": (101.6, 152.4), "a6": (105, 148), "a7": (105, 74)}
_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class Place:
    """The upper left corner of a side; turned: it stands on its head."""

    left: float
    top: float
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A page of cards. card: width and height. page: the same, as it is held. columns, rows: of cards, or of pairs."""

    paper: Paper
    card: tuple[float, float]
    page: tuple[float, float]
    columns: int
    rows: int
    cut: Cut
    flip: Flip
    offset: tuple[float, float]  # what the printer adds to a back, seen from the front: taken back here

    @property
    def count(self) -> int:
        """How many cards a page has."""
        return self.columns * self.rows

    @property
    def unit(self) -> tuple[float, float]:
        """The size of what is cut out: a card, or a pair of sides to fold."""
        return (2 * self.card[0] if self.cut == "fold" else self.card[0], self.card[1])

    @property
    def origin(self) -> tuple[float, float]:
        """The upper left corner of the first of them: all stand in the middle of the page."""
        width, height = self.unit
        return (self.page[0] - self.columns * width) / 2, (self.page[1] - self.rows * height) / 2

    @property
    def turns_over(self) -> bool:
        """Whether the sheet is turned over its upper edge, and not over its side as a leaf of a book."""
        upright = self.page[0] <= self.page[1]
        return upright == (self.flip == "short")

    @property
    def shift(self) -> tuple[float, float]:
        """By what a back is moved on its own page, so that the printer's offset puts it behind its front."""
        right, down = self.offset
        return (-right, down) if self.turns_over else (right, -down)

    def front(self, index: int) -> Place:
        """Returns the place of a front, from 0 on a page."""
        row, column = divmod(index, self.columns)
        left, top = self.origin
        return Place(left + column * self.unit[0], top + row * self.unit[1])

    def back(self, index: int) -> Place:
        """Returns the place of the back that belongs to it: beside it, or behind it on the next page.

        Behind it, it stands so that the cut-out card turns over as a leaf of a book does.
        """
        front, (width, height) = self.front(index), self.card
        if self.cut == "fold":
            return Place(front.left + width, front.top)
        if self.turns_over:
            left, bottom = self.behind(front.left, front.top)
            return Place(left, bottom - height, turned=True)
        right, top = self.behind(front.left, front.top)
        return Place(right - width, top)

    def behind(self, x: float, y: float) -> tuple[float, float]:
        """Returns the point of the next page that the printer puts behind a point of a page."""
        across, down = self.shift
        if self.turns_over:
            return x + across, self.page[1] - y + down
        return self.page[0] - x + across, y + down

    def crossings(self) -> Iterator[tuple[float, float]]:
        """Yields the points at which cuts cross."""
        left, top = self.origin
        for column in range(self.columns + 1):
            for row in range(self.rows + 1):
                yield left + column * self.unit[0], top + row * self.unit[1]

    def folds(self) -> Iterator[tuple[float, float, float]]:
        """Yields the lines to fold, from top to bottom: how far from the left, where they begin, and where they end."""
        for index in range(self.count if self.cut == "fold" else 0):
            back = self.back(index)
            yield back.left, back.top, back.top + self.card[1]


def layout(
    paper: Paper, size: Size, cut: Cut = "fold", flip: Flip = "long", offset: tuple[float, float] = (0, 0)
) -> Layout:
    """Returns how most cards of a size go on a paper, which is held upright unless more go on it lying."""
    width, height = PAPERS[paper]
    card = SIZES[size]
    unit = 2 * card[0] if cut == "fold" else card[0]
    ways = (
        Layout(paper, card, page, int(page[0] / unit + _HAIR), int(page[1] / card[1] + _HAIR), cut, flip, offset)
        for page in ((width, height), (height, width))
    )
    return max(ways, key=lambda way: way.count)  # of two alike the first


ON_A4 = layout("a4", "3x5")

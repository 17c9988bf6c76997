"""How every plot looks: colours, dashes, hatches, widths, and the space that it may take."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from eigendeck.plots.canvas.letters import TEXT_SIZE

INK = "#000000"  # embedded in a page: the page's text colour
PAPER = "#ffffff"  # embedded in a page: --p0
DIM = "#6b6b6b"  # second to ink: axes, shapes before they are transformed; --dim
FAINT = "#d4d4d4"  # grids; --faint

# Told apart by colour-blind readers; each has at least 4.5:1 against its paper, so that labels may wear them.
PALETTE = ("#0060a8", "#bb4600", "#00775a", "#7b2d8b", "#8a6000", "#4f4f4f", "#1f76a6", "#b0306a")
PALETTE_DARK = ("#6cb8ff", "#ff9d5c", "#4fd6a8", "#d79be8", "#f2c14e", "#c8c8c8", "#9fdcff", "#ff9fbf")

# Colour alone never tells two series apart: the sheet is printed in grey.
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (5, 2),
    (1.5, 1.5),
    (6, 2, 1.5, 2),
    (9, 2.5),
    (3, 1.2),
    (6, 2, 1.5, 2, 1.5, 2),
    (1, 3),
)
WEIGHTS = (1.7, 1.5, 1.9, 1.4, 1.2, 2.2, 1.4, 1.7)
HATCHES = ("", "////", "\\\\\\\\", "----", "xxxx", "||||", "++++", "//")
OPACITIES = (0.85, 0.16, 0.16, 0.16, 0.16, 0.16, 0.16, 0.4)  # of a filled area, beside its hatch


@dataclass(frozen=True, slots=True)
class Fill:
    """How an area looks: a colour, a hatch of that colour over it, and the colour and width of its outline."""

    colour: str
    opacity: float = 1.0
    hatch: str = ""
    edge: str = ""
    width: float = 0.8


@dataclass(frozen=True, slots=True)
class Space:
    """How much a picture may take up beside its letters of TEXT_SIZE, in points.

    width, height: of one coordinate system. widest: of several things side by side. small: the size of the letters that
    stand in the middle of a drawing. grows: how many times as wide and high it becomes, in turn, while labels have no
    room.
    """

    width: float
    height: float
    widest: float
    small: float
    grows: tuple[tuple[float, float], ...] = ()

    def wide(self, points: float) -> float:
        """Returns the width of a part that takes this much of a card's picture."""
        return points * self.width / CARD.width

    def in_turn(self) -> Iterator["Space"]:
        """Yields the space, and then what a picture gets whose labels have too little of it."""
        yield self
        for wide, high in self.grows:
            yield replace(self, width=self.width * wide, height=self.height * high)

    def tall(self, points: float) -> float:
        """Returns the height of a part that takes this much of a card's picture."""
        return points * self.height / CARD.height


CARD = Space(187.0, 137.0, 252.0, 7.0, ((1.15, 1.15), (1.32, 1.3)))  # shown at twice this size on a phone
# Printed at PRINTED of this size, so that letters are 5.5 points high: a third of a column wide, the widest a column.
SHEET = Space(120.0, 84.0, 380.0, 8.0, ((1.2, 1.15), (1.35, 1.25), (1.5, 1.5)))
PRINTED = 5.5 / TEXT_SIZE


def variables(*, dark: bool = False) -> dict[str, str]:
    """Returns the CSS custom properties that `inline` uses, with their colours on light or on dark paper."""
    paper, dim, faint = ("#1e1e1e", "#a6a6a6", "#4a4a4a") if dark else (PAPER, DIM, FAINT)
    hues = PALETTE_DARK if dark else PALETTE
    return {"--p0": paper, "--dim": dim, "--faint": faint} | {f"--p{i}": hue for i, hue in enumerate(hues, start=1)}

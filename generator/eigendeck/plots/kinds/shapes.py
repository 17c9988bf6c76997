"""Shapes of arrays as boxes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.letters import fitted, text_width
from eigendeck.plots.canvas.page import FOOT, TOP, Page
from eigendeck.plots.canvas.paths import Point, rectangle
from eigendeck.plots.kinds.side_by_side import check_between, slots
from eigendeck.plots.registry import kind
from eigendeck.plots.words import tell

Shape = tuple[int, ...]

_NAME_ROOM = 80.0  # points that a name may take over a box that is narrower
_BETWEEN_ROOM = 60.0  # points that a text between two boxes may take
_MOST_SHEETS = 3
_SHEET = 3.0  # points by which a sheet stands behind the one before it
_LEAST, _MOST = 7.0, 46.0  # points of a side: a single row must still be seen


@dataclass(frozen=True, slots=True)
class Shapes:
    boxes: Mapping[str, Shape] = parameters.any_name(
        parameters.shape("a shape, such as `A.shape`: a box with this name")
    )
    then: Sequence[str] = parameters.texts('what stands between the boxes, such as `["@", "→"]`')


@kind("shapes", "Shapes as boxes, in proportion, with operators between.", Shapes)
def shapes(page: Page, values: Shapes) -> str:
    """Returns the alt text: the shapes by name, with the operators between."""
    names, then = list(values.boxes), values.then
    check_between(then, names)
    largest = max((size for shape in values.boxes.values() for size in shape[-2:]), default=1)
    solids = [_solid(shape, largest) for shape in values.boxes.values()]
    texts = list(map(str, values.boxes.values()))
    widths = [
        max(solid.width, min(text_width(name), _NAME_ROOM), text_width(text))
        for solid, name, text in zip(solids, names, texts, strict=True)
    ]
    gap = max([10.0, *(text_width(fitted(text, _BETWEEN_ROOM)) + 9 for text in then)])
    heights = [solid.height + 26 for solid in solids]
    for i, (left, bottom, right, top) in enumerate(slots(page, widths, heights, gap, between=bool(then))):
        x, y = (left + right) / 2, (bottom + top) / 2
        _draw_solid(page, solids[i], (x, y), style.PALETTE[i])
        page.text((x, y + solids[i].height / 2 + 2), fitted(names[i], widths[i] + 1), anchor=FOOT)
        page.text((x, y - solids[i].height / 2 - 2), texts[i], anchor=TOP)
        if i < len(then):
            page.text((right + gap / 2, y), fitted(then[i], _BETWEEN_ROOM))
    parts = [f"{name} {text}" for name, text in zip(names, texts, strict=True)]
    return tell("shapes", shapes=_joined(parts, then))


class _Solid(NamedTuple):
    """A box on the page: the last two axes as height and width, those before them as sheets behind."""

    wide: float
    high: float
    sheets: int
    width: float  # with the sheets
    height: float


def _solid(shape: Shape, largest: int) -> _Solid:
    high, wide = ((1, 1, *shape)[-2:]) if shape else (1, 1)
    sheets = min(_MOST_SHEETS, max(1, math.prod(shape[:-2])))
    side = [
        _LEAST + (_MOST - _LEAST) * math.sqrt((size - 1) / max(largest - 1, 1)) if size else 0.5
        for size in (wide, high)
    ]
    behind = _SHEET * (sheets - 1)
    return _Solid(side[0], side[1], sheets, side[0] + behind, side[1] + behind)


def _draw_solid(page: Page, solid: _Solid, middle: Point, colour: str) -> None:
    left, bottom = middle[0] - solid.width / 2, middle[1] - solid.height / 2
    for sheet in reversed(range(solid.sheets)):
        x, y = left + _SHEET * sheet, bottom + _SHEET * sheet
        corners = rectangle((x, y, x + solid.wide, y + solid.high))
        page.areas([corners], style.Fill(style.PAPER), above=1 - 0.1 * sheet)
        page.areas([corners], style.Fill(colour, 0.2, edge=colour, width=1.1), above=1.03 - 0.1 * sheet)


def _joined(parts: Sequence[str], then: Sequence[str]) -> str:
    between = [f" {text} " for text in then] + [", "] * (len(parts) - 1 - len(then))
    return parts[0] + "".join(text + part for text, part in zip(between, parts[1:], strict=True))

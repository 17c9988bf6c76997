"""Amounts as bars: series over categories or numbers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import MARKED, Frame, Layout, Span, Tick, frame, panels, point_below
from eigendeck.plots.canvas.letters import CAPITAL, TEXT_SIZE, fitted, text_width
from eigendeck.plots.canvas.page import FOOT, LEFT, TOP, Page
from eigendeck.plots.canvas.paths import Box, rectangle
from eigendeck.plots.entries import Row, need_as_many
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import exact_decimals, listed, rowed, say, say_list, say_rounded, sentences, tell

_LEAST_PANEL = 88.0  # points: three bars in it still carry their numbers
_PANELS_A_LINE = 3
_MOST_BARS = 60
_AIR = 1.5  # points between a number and a line across
_NEARER = 2.5  # points by which a number may move towards its bar
_INSIDE = 11.0  # points: a bar as tall has room for its number


@dataclass(frozen=True, slots=True)
class Bars:
    series: Mapping[str, Row] = parameters.any_name(
        parameters.amounts("the heights of one series, which bears this name; or one number")
    )
    labels: Sequence[str] = parameters.texts("what stands under the bars; their indices by default")
    at: Row | None = parameters.vector(
        "numbers: where the bars stand on a number line, in place of labels", rising=True
    )
    marks: Row = parameters.amounts("with `at`: numbers on the line to point at, such as a mean")
    line: float | None = parameters.number("a level, drawn across")
    panels: bool = parameters.flag("`true` gives each series a panel and a scale of its own")
    axis: Sequence[str] = parameters.texts("the titles along and up", size=2)


@kind("bars", "Bars, one series a name: beside each other, or a panel each.", Bars)
def bars(page: Page, values: Bars) -> str:
    """Returns the alt text: every bar's height, series by series."""
    count = _checked_count(values)
    alt = _alt(values)
    if count == 1 and len(values.series) > 1 and values.at is None and not values.labels:
        heights = tuple(row[0] for row in values.series.values())
        values = replace(values, labels=tuple(values.series), series={"": heights})
    if values.panels and len(values.series) > 1:
        _draw_panels(page, values)
        return alt
    top = page.space.height
    if len(values.series) > 1:
        top = _legend(page, list(values.series), top)
    elif not values.axis[1]:
        values = replace(values, axis=(values.axis[0], next(iter(values.series))))
    _draw_bars(page, values, (0, 0, page.space.width, top))
    return alt


def _checked_count(values: Bars) -> int:
    """Returns how many bars a series has."""
    series = values.series
    sizes = {len(heights) for heights in series.values()}
    if len(sizes) > 1:
        has = ", ".join(f"{name} {len(heights)}" for name, heights in series.items())
        raise PlotError("", f"the series need equally many bars: {has}")
    count = sizes.pop()
    if count > _MOST_BARS:
        most = f"at most {_MOST_BARS} can be told apart; `histogram` takes more"
        raise PlotError(next(iter(series)), f"has {count} bars: {most}")
    if values.marks and values.at is None:
        raise PlotError("marks", "needs `at`: the numbers at which the bars stand")
    need_as_many("at", values.at, count, ", one a bar")
    need_as_many("labels", values.labels, count, ", one a bar")
    return count


def _alt(values: Bars) -> str:
    places = values.labels or ([say(x) for x in values.at] if values.at else ())
    parts = []
    for name, heights in values.series.items():
        shown = listed(f"{p}: {say(h)}" for p, h in zip(places, heights, strict=True)) if places else say_list(heights)
        parts.append(f"{name}: {shown}")
    return sentences(
        tell("bars", series=rowed(parts, "semicolon")),
        tell("level", level=say(values.line)) if values.line is not None else "",
        tell("below", marks=listed(map(say, values.marks))) if values.marks else "",
    )


def _draw_panels(page: Page, values: Bars) -> None:
    space, names = page.space, list(values.series)
    width = min(space.widest, max(space.wide(126.0), _LEAST_PANEL) * len(names))
    boxes = panels(page, len(names), min(_PANELS_A_LINE, len(names)), (width, space.tall(106.0)))
    for place, (name, box) in enumerate(zip(names, boxes, strict=True)):
        panel = replace(values, series={name: values.series[name]}, axis=(values.axis[0], name))
        _draw_bars(page, panel, box, place)


def _draw_bars(page: Page, values: Bars, box: Box, first: int = 0) -> None:
    """Draws the series in a box; first: the place of the first one in the order of looks."""
    count = len(next(iter(values.series.values())))
    places = list(values.at) if values.at else list(map(float, range(count)))
    gap = min((b - a for a, b in pairwise(places) if b > a), default=1.0)
    made = _frame(page, values, box, places, gap)
    share = (made.at((gap, 0))[0] - made.at((0, 0))[0]) * 0.76 / len(values.series)
    zero = made.at((0, 0))[1]
    for i, heights in enumerate(values.series.values()):
        left = (i - (len(values.series) - 1) / 2) * share - share / 2 + 0.06 * share
        boxes = []
        for at in zip(places, heights, strict=True):
            middle, end = made.at(at)
            boxes.append(rectangle((middle + left, min(zero, end), middle + left + 0.88 * share, max(zero, end))))
        page.areas(boxes, _fill(i + first))
    _write_heights(page, made, values, places, share, first)
    page.line([(made.box[0], zero), (made.box[2], zero)], style.DIM, 0.8)
    if values.line is not None:
        level = made.at((0, values.line))[1]
        page.line([(made.box[0], level), (made.box[2], level)], style.INK, 1.1, (4, 2), above=4)
        page.text((made.box[2] + 2, level), say(values.line), anchor=LEFT)
    point_below(page, made, values.marks, box)


def _frame(page: Page, values: Bars, box: Box, places: Sequence[float], gap: float) -> Frame:
    x: Span = (min([places[0], *values.marks]) - gap * 0.55, max([places[-1], *values.marks]) + gap * 0.55)
    heights = [height for row in values.series.values() for height in row]
    level = [] if values.line is None else [values.line]
    right = text_width(say(values.line)) + 4 if values.line is not None else 0.0
    ticks = None if values.at else _category_ticks(values.labels, len(places), box[2] - box[0] - 26 - right)
    below = MARKED if values.marks else 0.0
    layout = Layout(box=box, titles=values.axis, x_ticks=ticks, right=right, below=below)
    return frame(page, x, _from_zero([*heights, *level], box[3] - box[1] - 30), layout)


def _category_ticks(labels: Sequence[str], count: int, room: float) -> list[Tick]:
    slot = room / count
    if not labels:
        every = next(step for step in (1, 2, 5, 10, 20) if slot * step >= text_width(str(count)) + 3 or step == 20)
        return [(float(i), str(i)) for i in range(0, count, every)]
    return [(float(i), fitted(label, slot - 2)) for i, label in enumerate(labels)]


def _from_zero(values: Sequence[float], height: float) -> Span:
    """Returns a range that holds 0 and the values, with room for numbers above and below bars `height` points high."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    room = ((high - low) or 1.0) * 13 / max(height - 26, 26)
    return low - room * (low < 0), high + room * (high > 0 or low == 0)


def _fill(series: int) -> style.Fill:
    """Returns how bars of a series look, so that they differ in grey: the first solid, the others pale and hatched."""
    colour = style.PALETTE[series]
    return style.Fill(colour, style.OPACITIES[series], style.HATCHES[series], edge=colour, width=0.9)


def _write_heights(page: Page, made: Frame, values: Bars, places: Sequence[float], share: float, first: int) -> None:
    """Writes the numbers at the bars' ends, or none where they have no room."""
    series = list(values.series.values())
    room = share * (1.2 if len(series) == 1 else 1.05)
    numbers = [height for heights in series for height in heights]
    largest = max(map(abs, numbers))
    decimals = max(0, 1 - math.floor(math.log10(largest))) if largest else 0
    texts = [say(number, 3) for number in numbers]
    if max(map(text_width, texts)) > room:
        texts = [say_rounded(number, decimals) for number in numbers]
        if max(map(text_width, texts)) > room or max(map(exact_decimals, numbers)) > decimals:
            return
    level = None if values.line is None else made.at((0, values.line))[1]
    zero, written = made.at((0, 0))[1], iter(texts)
    for i, heights in enumerate(series):
        for place, height in zip(places, heights, strict=True):
            middle, end = made.at((place, height))
            text, up = next(written), 1 if height >= 0 else -1
            wide = text_width(text) + 2 <= 0.88 * share
            off = 0.0 if level is None else _off_line((level - end) * up, abs(end - zero) if wide else 0.0)
            if off > 0:
                page.crowd += 1
            at = (middle + (i - (len(series) - 1) / 2) * share, end + (2.0 + off) * up)
            inside, hatched = off < -_NEARER, style.HATCHES[i + first] != ""
            colour = style.PAPER if inside and not hatched else style.INK
            page.text(at, text, colour, FOOT if up > 0 else TOP, backing=inside and hatched)


def _off_line(level: float, tall: float) -> float:
    """Returns by how much a bar's number is moved away from the bar's end, so that a line does not go through it.

    level: of the line, over the bar's end. tall: the bar, if it is as wide as the number; else 0. All in points.
    """
    foot, top = 3.9, 3.9 + TEXT_SIZE * CAPITAL  # of the digits over the end
    if not foot - _AIR < level < top + _AIR:
        return 0.0
    if level > top - _NEARER + _AIR:
        return -_NEARER
    return -top - 2.5 if tall >= _INSIDE else level + _AIR - foot


def _legend(page: Page, names: Sequence[str], top: float) -> float:
    """Writes which fill is whose above the plot and returns where the plot may begin."""
    x, y, edge = 3.0, top - 7, page.space.width
    for i, name in enumerate(names):
        text = fitted(name, edge - 20)
        wide = 12 + text_width(text)
        if x > 3 and x + wide > edge - 2:
            x, y = 3.0, y - 11
        page.areas([rectangle((x, y - 3, x + 8, y + 4))], _fill(i))
        page.text((x + 11, y), text, anchor=LEFT)
        x += wide + 9
    return y - 6

"""Amounts as bars: series over categories or numbers, and histograms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eigendeck.draw import ink, style, takes
from eigendeck.draw.frame import Frame, Span, frame, panels
from eigendeck.draw.ink import Box
from eigendeck.draw.registry import PlotError, kind
from eigendeck.draw.takes import Row, Rows
from eigendeck.draw.words import listed, say, say_list

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@kind(
    "bars",
    "Bars, one series a name: beside each other, or a panel each.",
    any_name=takes.amounts("the heights of one series, which bears this name; or one number"),
    labels=takes.texts("what stands under the bars; their indices by default"),
    at=takes.vector("numbers: where the bars stand on a number line, in place of labels", rising=True),
    marks=takes.amounts("with `at`: numbers on the line to point at, such as a mean"),
    line=takes.number("a level, drawn across"),
    panels=takes.flag("`true` gives each series a panel and a scale of its own"),
    axis=takes.texts("the titles along and up", size=2),
)
def bars(
    axes: Axes,
    /,
    *,
    labels: Sequence[str] = (),
    at: Row | None = None,
    marks: Row = (),
    line: float | None = None,
    panels: bool = False,
    axis: Sequence[str] = ("", ""),
    **series: Row,
) -> str:
    """Returns the alt text: every bar's height, series by series."""
    sizes = {len(heights) for heights in series.values()}
    if len(sizes) > 1:
        has = ", ".join(f"{name} {len(heights)}" for name, heights in series.items())
        raise PlotError("", f"the series need equally many bars: {has}")
    count = sizes.pop()
    if count > 60:
        raise PlotError(next(iter(series)), f"has {count} bars: at most 60 can be told apart; `histogram` takes more")
    if marks and at is None:
        raise PlotError("marks", "needs `at`: the numbers at which the bars stand")
    for name, given in (("at", at), ("labels", labels)):
        if given and len(given) != count:
            raise PlotError(name, f"needs {count}, one a bar, has {len(given)}")
    alt = _bars_alt(series, labels, at, marks, line)
    if count == 1 and len(series) > 1 and at is None and not labels:
        labels, series = tuple(series), {"": tuple(heights[0] for heights in series.values())}
    if panels and len(series) > 1:
        _draw_panels(axes, series, labels, at, marks, line, axis)
    else:
        top = _legend(axes, list(series), style.HEIGHT) if len(series) > 1 else style.HEIGHT
        _draw_bars(axes, series, (0, 0, style.WIDTH, top), labels, at, marks, line, axis)
    return alt


def _bars_alt(
    series: dict[str, Row], labels: Sequence[str], at: Row | None, marks: Row, line: float | None
) -> str:
    places = labels or ([say(x) for x in at] if at else ())
    parts = []
    for name, heights in series.items():
        shown = listed(f"{p}: {say(h)}" for p, h in zip(places, heights, strict=True)) if places else say_list(heights)
        parts.append(f"{name}: {shown}")
    alt = f"Bars. {'; '.join(parts)}."
    if line is not None:
        alt += f" A line across at {say(line)}."
    if marks:
        alt += f" Marked below: {listed(map(say, marks))}."
    return alt


def _draw_panels(
    axes: Axes,
    series: dict[str, Row],
    labels: Sequence[str],
    at: Row | None,
    marks: Row,
    line: float | None,
    axis: Sequence[str],
) -> None:
    width = min(style.WIDEST, max(style.WIDTH, 84.0 * len(series)))
    each_line = 3
    rows = [list(series)[i : i + each_line] for i in range(0, len(series), each_line)]
    height = 106.0
    style.page(axes, width, height * len(rows))
    for number, names in enumerate(rows):
        boxes = panels(min(len(series), each_line), width, height * (len(rows) - number), foot=height * (len(rows) - 1 - number))
        for name, box in zip(names, boxes, strict=False):
            heights = {name: series[name]}
            _draw_bars(axes, heights, box, labels, at, marks, line, (axis[0], name), list(series).index(name))


def _draw_bars(
    axes: Axes,
    series: dict[str, Row],
    box: Box,
    labels: Sequence[str],
    at: Row | None,
    marks: Row,
    line: float | None,
    axis: Sequence[str],
    first: int = 0,
) -> None:
    count = len(next(iter(series.values())))
    heights = [height for values in series.values() for height in values]
    places = list(at) if at else list(map(float, range(count)))
    gap = min((b - a for a, b in zip(places, places[1:], strict=False) if b > a), default=1.0)
    x: Span = (min([places[0], *marks]) - gap * 0.55, max([places[-1], *marks]) + gap * 0.55)
    y = _from_zero([*heights, *([line] if line is not None else [])])
    if marks:
        box = (box[0], box[1] + 13, box[2], box[3])
    made = frame(axes, x, y, box, titles=axis, x_ticks=None if at else [], right=_right_room(line))
    if not at:
        texts = list(labels) or list(map(str, range(count)))
        made = _with_categories(axes, x, y, box, axis, texts, line)
    share = (made.at((gap, 0))[0] - made.at((0, 0))[0]) * 0.76 / len(series)
    zero = made.at((0, 0))[1]
    for i, values in enumerate(series.values(), start=first):
        offset = (i - first - (len(series) - 1) / 2) * share
        boxes = []
        for place, height in zip(places, values, strict=True):
            middle, end = made.at((place, height))
            inset = 0.06 * share
            boxes.append(ink.rectangle((middle + offset - share / 2 + inset, min(zero, end),
                                        middle + offset + share / 2 - inset, max(zero, end))))
        _fill(axes, boxes, i)
    _write_heights(axes, made, series, places, share)
    ink.line(axes, [(made.box[0], zero), (made.box[2], zero)], style.DIM, 0.8)
    if line is not None:
        level = made.at((0, line))[1]
        ink.line(axes, [(made.box[0], level), (made.box[2], level)], style.INK, 1.1, (4, 2), above=4)
        ink.text(axes, (made.box[2] + 2, level), say(line), across=-1)
    _draw_marks(axes, made, marks, box)


def _with_categories(
    axes: Axes, x: Span, y: Span, box: Box, axis: Sequence[str], texts: Sequence[str], line: float | None
) -> Frame:
    raise NotImplementedError

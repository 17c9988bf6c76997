"""Amounts as bars: series over categories or numbers, and histograms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from eigendeck.plots import parameters
from eigendeck.plots.canvas import ink, style
from eigendeck.plots.canvas.frame import MARKED, Frame, Span, frame, panels, point_below
from eigendeck.plots.canvas.ink import Box
from eigendeck.plots.parameters import Row, Rows
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, say, say_list, say_rounded

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_LEAST_PANEL = 88.0  # points: three bars in it still carry their numbers


@kind(
    "bars",
    "Bars, one series a name: beside each other, or a panel each.",
    any_name=parameters.amounts("the heights of one series, which bears this name; or one number"),
    labels=parameters.texts("what stands under the bars; their indices by default"),
    at=parameters.vector("numbers: where the bars stand on a number line, in place of labels", rising=True),
    marks=parameters.amounts("with `at`: numbers on the line to point at, such as a mean"),
    line=parameters.number("a level, drawn across"),
    panels=parameters.flag("`true` gives each series a panel and a scale of its own"),
    axis=parameters.texts("the titles along and up", size=2),
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
        space = style.space_of(axes)
        top = _legend(axes, list(series), space.height) if len(series) > 1 else space.height
        axis = axis if axis[1] or len(series) > 1 else (axis[0], next(iter(series)))
        _draw_bars(axes, series, (0, 0, space.width, top), labels, at, marks, line, axis)
    return alt


def _bars_alt(series: dict[str, Row], labels: Sequence[str], at: Row | None, marks: Row, line: float | None) -> str:
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
    space = style.space_of(axes)
    width = min(space.widest, max(space.wide(126.0), _LEAST_PANEL) * len(series))
    each_line = 3
    rows = [list(series)[i : i + each_line] for i in range(0, len(series), each_line)]
    height = space.tall(106.0)
    style.page(axes, width, height * len(rows))
    for number, names in enumerate(rows):
        foot = height * (len(rows) - 1 - number)
        boxes = panels(len(rows[0]), width, foot + height - 2, foot=foot)
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
    gap = min((b - a for a, b in pairwise(places) if b > a), default=1.0)
    x: Span = (min([places[0], *marks]) - gap * 0.55, max([places[-1], *marks]) + gap * 0.55)
    y = _from_zero([*heights, *([line] if line is not None else [])], box[3] - box[1] - 30)
    right = ink.text_width(say(line)) + 4 if line is not None else 0.0
    named = None if at else _category_ticks(labels, count, box[2] - box[0] - 26 - right)
    made = frame(axes, x, y, box, titles=axis, x_ticks=named, right=right, below=MARKED if marks else 0)
    share = (made.at((gap, 0))[0] - made.at((0, 0))[0]) * 0.76 / len(series)
    zero = made.at((0, 0))[1]
    for i, values in enumerate(series.values(), start=first):
        offset = (i - first - (len(series) - 1) / 2) * share
        boxes = []
        for place, height in zip(places, values, strict=True):
            middle, end = made.at((place, height))
            inset = 0.06 * share
            boxes.append(
                ink.rectangle(
                    (
                        middle + offset - share / 2 + inset,
                        min(zero, end),
                        middle + offset + share / 2 - inset,
                        max(zero, end),
                    )
                )
            )
        _fill(axes, boxes, i)
    _write_heights(axes, made, series, places, share, backing=line is not None)
    ink.line(axes, [(made.box[0], zero), (made.box[2], zero)], style.DIM, 0.8)
    if line is not None:
        level = made.at((0, line))[1]
        ink.line(axes, [(made.box[0], level), (made.box[2], level)], style.INK, 1.1, (4, 2), above=4)
        ink.text(axes, (made.box[2] + 2, level), say(line), across=-1)
    point_below(axes, made, marks, box)


def _category_ticks(labels: Sequence[str], count: int, room: float) -> list[tuple[float, str]]:
    slot = room / count
    if not labels:
        every = next(step for step in (1, 2, 5, 10, 20) if slot * step >= ink.text_width(str(count)) + 3 or step == 20)
        return [(float(i), str(i)) for i in range(0, count, every)]
    return [(float(i), ink.fitted(label, slot - 2)) for i, label in enumerate(labels)]


def _from_zero(values: Sequence[float], height: float) -> Span:
    """Returns a range that holds 0 and the values, with room for numbers above and below bars `height` points high."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    room = ((high - low) or 1.0) * 13 / max(height - 26, 26)
    return low - room * (low < 0), high + room * (high > 0 or low == 0)


def _fill(axes: Axes, boxes: Sequence[Sequence[ink.Point]], series: int) -> None:
    """Fills bars so that series differ in grey too: the first solid, the others pale and hatched."""
    colour = style.PALETTE[series]
    ink.areas(axes, boxes, colour, style.OPACITIES[series], style.HATCHES[series], edge=colour, width=0.9)


def _write_heights(
    axes: Axes, made: Frame, series: dict[str, Row], places: Sequence[float], share: float, *, backing: bool
) -> None:
    room = share * (1.2 if len(series) == 1 else 1.05)
    numbers = [height for heights in series.values() for height in heights]
    largest = max(map(abs, numbers))
    decimals = max(0, 1 - math.floor(math.log10(largest))) if largest else 0
    for texts in ([say(number, 3) for number in numbers], [say_rounded(number, decimals) for number in numbers]):
        if max(map(ink.text_width, texts)) <= room:
            break
    else:
        return
    written = iter(texts)
    for i, heights in enumerate(series.values()):
        for place, height in zip(places, heights, strict=True):
            middle, end = made.at((place, height))
            at = (middle + (i - (len(series) - 1) / 2) * share, end + (2.0 if height >= 0 else -2.0))
            ink.text(axes, at, next(written), up=-1 if height >= 0 else 1, backing=backing)


def _legend(axes: Axes, names: Sequence[str], top: float) -> float:
    """Writes which fill is whose above the plot and returns where the plot may begin."""
    x, y, edge = 3.0, top - 7, style.space_of(axes).width
    for i, name in enumerate(names):
        text = ink.fitted(name, edge - 20)
        wide = 12 + ink.text_width(text)
        if x > 3 and x + wide > edge - 2:
            x, y = 3.0, y - 11
        _fill(axes, [ink.rectangle((x, y - 3, x + 8, y + 4))], i)
        ink.text(axes, (x + 11, y), text, across=-1)
        x += wide + 9
    return y - 6


@kind(
    "histogram",
    "How often numbers fall between edges; several histograms, a panel each; and a density to compare.",
    edges=parameters.vector("the n + 1 edges of the bins", required=True, rising=True),
    counts=parameters.curves("n counts; or k × n, a panel each", required=True),
    names=parameters.texts("the panels' titles"),
    x=parameters.vector("with `y`: where a density curve is known", rising=True),
    y=parameters.curves(
        "the density there, drawn over the bars, whose heights then are densities too; k × n: one a panel"
    ),
    marks=parameters.amounts("numbers to point at with a line"),
    axis=parameters.texts("the titles along and up", size=2),
)
def histogram(
    axes: Axes,
    /,
    *,
    edges: Row,
    counts: Rows,
    names: Sequence[str] = (),
    x: Row | None = None,
    y: Rows | None = None,
    marks: Row = (),
    axis: Sequence[str] = ("", ""),
) -> str:
    """Returns the alt text: the bins and their counts, panel by panel."""
    if len(edges) != len(counts[0]) + 1:
        raise PlotError("edges", f"needs one more than the {len(counts[0])} counts, has {len(edges)}")
    if edges[0] == edges[-1]:
        raise PlotError("edges", "are all the same number: there is no room for bins")
    if min(min(row) for row in counts) < 0:
        raise PlotError("counts", "has a number below 0")
    if (x is None) != (y is None):
        raise PlotError("y" if y is None else "x", "is needed: `x` and `y` come together")
    if x is not None and y is not None and (len(y[0]) != len(x) or len(y) not in (1, len(counts))):
        raise PlotError("y", f"needs as many numbers as `x` ({len(x)}), in 1 row or one a panel")
    if names and len(names) != len(counts):
        raise PlotError("names", f"needs {len(counts)}, one a panel, has {len(names)}")
    shown = [_densities(edges, row) if y is not None else list(row) for row in counts]
    space = style.space_of(axes)
    width = space.width if len(counts) == 1 else min(space.widest, space.wide(84.0) * max(len(counts), 3))
    lines = -(-len(counts) // 3)
    height = space.height if len(counts) == 1 else space.tall(104.0)
    style.page(axes, width, height * lines)
    for i, heights in enumerate(shown):
        foot = height * (lines - 1 - i // 3)
        box = panels(min(3, len(counts)), width, foot + height - (0 if len(counts) == 1 else 2), foot=foot)[i % 3]
        curve = y[i % len(y)] if y is not None else ()
        title = names[i] if names else axis[1]
        _draw_histogram(axes, edges, heights, box, x or (), curve, marks, (axis[0], title))
    return _histogram_alt(edges, counts, names, y is not None, marks)


def _densities(edges: Row, counts: Row) -> list[float]:
    total = sum(counts) or 1.0
    wide = pairwise(edges)
    return [count / total / (b - a) if b > a else 0.0 for count, (a, b) in zip(counts, wide, strict=True)]


def _draw_histogram(
    axes: Axes,
    edges: Row,
    heights: Sequence[float],
    box: Box,
    x: Row,
    y: Row,
    marks: Row,
    titles: Sequence[str],
) -> None:
    across = (min([*edges, *x, *marks]), max([*edges, *x, *marks]))
    margin = (across[1] - across[0]) * 0.02
    top = max([*heights, *y]) or 1.0
    made = frame(axes, (across[0] - margin, across[1] + margin), (0.0, top * 1.06), box, titles=titles)
    bins = [
        ink.rectangle((*made.at((a, 0.0)), *made.at((b, height))))
        for a, b, height in zip(edges, edges[1:], heights, strict=False)
        if height
    ]
    ink.areas(axes, bins, style.PALETTE[0], 0.3, edge=style.PALETTE[0], width=0.6)
    if y:
        ink.line(axes, made.along(zip(x, y, strict=True)), style.PALETTE[1], 1.6, above=4)
    for number in marks:
        ink.line(axes, made.along([(number, 0), (number, top * 1.06)]), style.INK, 1.0, (3, 2), above=5)


def _histogram_alt(edges: Row, counts: Rows, names: Sequence[str], density: bool, marks: Row) -> str:
    several = len(counts) > 1
    alt = f"{f'{len(counts)} histograms' if several else 'Histogram'} with {len(counts[0])} bins "
    alt += f"from {say(edges[0])} to {say(edges[-1])}."
    for i, row in enumerate(counts):
        name = names[i] if names else (f"histogram {i + 1}" if several else "counts")
        alt += f" {name[0].upper()}{name[1:]}: {say_list(row)}, in all {say(sum(row))}."
    alt += " A density curve is drawn over the bars." * density
    return alt + (f" Lines at {listed(map(say, marks))}." if marks else "")

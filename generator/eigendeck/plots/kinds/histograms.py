"""How often numbers fall between edges: histograms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import Layout, frame, panels
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Box, rectangle
from eigendeck.plots.entries import Row, Rows, need_as_many
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, say, say_list, tell

_PANELS_A_LINE = 3


@dataclass(frozen=True, slots=True)
class Histogram:
    edges: Row = parameters.vector("the n + 1 edges of the bins", required=True, rising=True)
    counts: Rows = parameters.curves("n counts; or k × n, a panel each", required=True)
    names: Sequence[str] = parameters.texts("the panels' titles")
    x: Row | None = parameters.vector("with `y`: where a density curve is known", rising=True)
    y: Rows | None = parameters.curves(
        "the density there, drawn over the bars, whose heights then are densities too; k × n: one a panel"
    )
    marks: Row = parameters.amounts("numbers to point at with a line")
    axis: Sequence[str] = parameters.texts("the titles along and up", size=2)


@kind(
    "histogram",
    "How often numbers fall between edges; several histograms, a panel each; and a density to compare.",
    Histogram,
)
def histogram(page: Page, values: Histogram) -> str:
    """Returns the alt text: the bins and their counts, panel by panel."""
    _check(values)
    counts, space = values.counts, page.space
    size, columns = (space.width, space.height), min(_PANELS_A_LINE, len(counts))
    if len(counts) > 1:
        size = min(space.widest, space.wide(84.0) * max(len(counts), _PANELS_A_LINE)), space.tall(104.0)
    for i, box in enumerate(panels(page, len(counts), columns, size, air=2.0 if len(counts) > 1 else 0.0)):
        _draw_panel(page, values, i, box)
    return _alt(values)


def _check(values: Histogram) -> None:
    edges, counts, x, y = values.edges, values.counts, values.x, values.y
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
    need_as_many("names", values.names, len(counts), ", one a panel")


def _densities(edges: Row, counts: Row) -> list[float]:
    total = sum(counts) or 1.0
    wide = pairwise(edges)
    return [count / total / (b - a) if b > a else 0.0 for count, (a, b) in zip(counts, wide, strict=True)]


def _draw_panel(page: Page, values: Histogram, number: int, box: Box) -> None:
    edges, marks, x = values.edges, values.marks, values.x or ()
    curve = values.y[number % len(values.y)] if values.y else ()
    heights = _densities(edges, values.counts[number]) if values.y else values.counts[number]
    low, high = min([*edges, *x, *marks]), max([*edges, *x, *marks])
    margin = (high - low) * 0.02
    top = max([*heights, *curve]) or 1.0
    title = values.names[number] if values.names else values.axis[1]
    layout = Layout(box=box, titles=(values.axis[0], title))
    made = frame(page, (low - margin, high + margin), (0.0, top * 1.06), layout)
    bins = [
        rectangle((*made.at((a, 0.0)), *made.at((b, height))))
        for a, b, height in zip(edges, edges[1:], heights, strict=False)
        if height
    ]
    page.areas(bins, style.Fill(style.PALETTE[0], 0.3, edge=style.PALETTE[0], width=0.6))
    if curve:
        page.line(made.along(zip(x, curve, strict=True)), style.PALETTE[1], 1.6, above=4)
    for mark in marks:
        page.line(made.along([(mark, 0), (mark, top * 1.06)]), style.INK, 1.0, (3, 2), above=5)


def _alt(values: Histogram) -> str:
    counts, several = values.counts, len(values.counts) > 1
    reach = {"bins": len(counts[0]), "low": say(values.edges[0]), "high": say(values.edges[-1])}
    alt = tell("histograms", count=len(counts), **reach) if several else tell("histogram", **reach)
    for i, row in enumerate(counts):
        own = tell("histogram_number", number=i + 1) if several else tell("counts")
        name = values.names[i] if values.names else own[:1].upper() + own[1:]
        alt += f" {tell('in_all', name=name, counts=say_list(row), total=say(sum(row)))}"
    if values.y is not None:
        alt += f" {tell('density_over')}"
    return alt + (f" {tell('lines', marks=listed(map(say, values.marks)))}" if values.marks else "")

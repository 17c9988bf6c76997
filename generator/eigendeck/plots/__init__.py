"""The stage that draws: a kind's checked values become an SVG and its alt text. Matplotlib is imported only in `draw`.

A new kind is one function decorated with `kind`, and the dataclass of its values, in a module named below.
"""

from __future__ import annotations

from collections.abc import Mapping

from eigendeck.model import Plot
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.style import CARD, SHEET, Space, settings, variables
from eigendeck.plots.canvas.svg import document, inline
from eigendeck.plots.kinds import (  # noqa: F401  they fill PLOTS
    bars,
    contours,
    curves,
    graphs,
    histograms,
    matrices,
    number_lines,
    samples,
    shapes,
    shares,
    vectors,
)
from eigendeck.plots.registry import PLOTS, Kind, Parameter, PlotError, parameter_problem, read_values

__all__ = [
    "CARD",
    "PLOTS",
    "SHEET",
    "Kind",
    "Parameter",
    "PlotError",
    "Space",
    "draw",
    "inline",
    "parameter_problem",
    "variables",
]


def draw(kind: str, values: Mapping[str, object], salt: str, space: Space = CARD) -> Plot:
    """Returns the picture of plain values (numbers, nested lists, texts, booleans): the same bytes every time.

    space: for what it is drawn: CARD, or SHEET for print.

    Raises:
        PlotError: no such kind, a name that it does not take, or a value that it cannot draw.
    """
    if kind not in PLOTS:
        raise PlotError("", parameter_problem(kind, values) or "")
    with settings(salt):
        page = Page(space)
        alt = PLOTS[kind](page, **read_values(PLOTS[kind], values))
        return Plot(document(page.figure), alt)

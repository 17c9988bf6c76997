"""The stage that draws: a kind's checked values become an SVG and its alt text. Matplotlib waits for the first letter.

A new kind is one function decorated with `kind`, and the dataclass of its values, in a module named below.
"""

from eigendeck.plots.canvas.style import CARD, SHEET, Space, variables
from eigendeck.plots.canvas.svg import inline
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
    "inline",
    "parameter_problem",
    "read_values",
    "variables",
]

"""The stage that draws: a kind's checked values become an SVG and its alt text. Matplotlib waits for the first letter.

A new kind is one function decorated with `kind`, and the dataclass of its values, in a module of `kinds`.
"""

import pkgutil
from importlib import import_module

from eigendeck.plots import kinds
from eigendeck.plots.registry import PLOTS, Kind, Parameter, PlotError, parameter_problem, read_values

__all__ = ["PLOTS", "Kind", "Parameter", "PlotError", "parameter_problem", "read_values"]

for _module in pkgutil.iter_modules(kinds.__path__):  # each adds its own to PLOTS
    import_module(f"{kinds.__name__}.{_module.name}")

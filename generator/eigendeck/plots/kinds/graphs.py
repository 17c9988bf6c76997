"""Computation graphs: values forward, gradients backward."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from eigendeck.errors import nearest
from eigendeck.plots import parameters
from eigendeck.plots.canvas import ink, style
from eigendeck.plots.canvas.ink import Point
from eigendeck.plots.parameters import Row
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 42.0  # points from row to row
_HIGH = 23.0  # points: two lines of text

Edge = tuple[str, str]


@kind(
    "graph",
    "A computation graph from left to right: values forward, gradients backward.",
    any_name=parameters.number("a node with this name: its value"),
    edges=parameters.text_pairs("pairs of names, `[[x, u], [u, y]]`; a chain in the order of the names by default"),
    back=parameters.amounts("the gradient at each node, in the order of the names"),
)
def graph(axes: Axes, /, *, edges: Sequence[Edge] = (), back: Row = (), **nodes: float) -> str:
    """Returns the alt text: the edges, the values, and the gradients."""
    names = list(nodes)
    if back and len(back) != len(names):
        raise PlotError("back", f"needs {len(names)} gradients, one a node, has {len(back)}")
    for name in (name for edge in edges for name in edge):
        if name not in nodes:
            raise PlotError("edges", f'names "{name}", which is no node here. {nearest(name, names)}'.strip())
    edges = list(edges) or list(pairwise(names))
    places, routes, layers = _arranged(names, edges)
    values = [f"= {say(value)}" for value in nodes.values()]
    wide = max(
        34.0,
        *(min(ink.text_width(name), 76.0) + 8 for name in names),
        *(ink.text_width(v) + 8 for v in values),
        *(ink.text_width(f"grad {say(value)}") + 4 for value in back),
    )
    gap = 15.0
    high = max(row for _, row in places.values()) + 1
    high = max([high, *(row + 1 for route in routes.values() for _, row in route)])
    width, height = layers * wide + (layers - 1) * gap + 4, high * _ROW - (6 if back else 14)
    style.page(axes, width, height)

    def middle(layer: float, row: float) -> Point:
        return 2 + wide / 2 + layer * (wide + gap), height - 2 - _HIGH / 2 - row * _ROW

    for (start, end), route in routes.items():
        x0, y0 = middle(*places[start])
        x1, y1 = middle(*places[end])
        points = [(x0 + wide / 2, y0)]
        for layer, row in route:
            x, y = middle(layer, row)
            points += [(x - wide / 2, y), (x + wide / 2, y)]
        if route:
            ink.line(axes, points, style.INK, 1.0)
        ink.arrow(axes, points[-1], (x1 - wide / 2, y1), style.INK, 1.0)
    for i, name in enumerate(names):
        x, y = middle(*places[name])
        corners = ink.rectangle((x - wide / 2, y - _HIGH / 2, x + wide / 2, y + _HIGH / 2))
        ink.areas(axes, [corners], style.PALETTE[0], 0.1, edge=style.PALETTE[0], width=1.0)
        ink.text(axes, (x, y + 5.2), ink.fitted(name, wide - 4))
        ink.text(axes, (x, y - 5.2), values[i])
        if back:
            ink.text(axes, (x, y - _HIGH / 2 - 2), f"grad {say(back[i])}", style.PALETTE[1], up=1)
    alt = "Computation graph."
    if edges:
        alt += f" {'; '.join(f'{start} goes into {end}' for start, end in edges)}."
    alt += f" Values: {listed(f'{name} = {say(value)}' for name, value in nodes.items())}."
    if back:
        alt += f" Gradients: {listed(f'{name} {say(value)}' for name, value in zip(names, back, strict=True))}."
    return alt


def _arranged(
    names: Sequence[str], edges: Sequence[Edge]
) -> tuple[dict[str, tuple[int, float]], dict[Edge, list[tuple[int, float]]], int]:
    """Returns where nodes stand (layer, row), by where long edges pass the layers between, and how many layers."""
    layer = _layers(names, edges)
    layers = max(layer.values()) + 1
    # An edge that skips layers holds a place of its own in each: no box is drawn over it.
    held: list[list[str | tuple[Edge, int]]] = [[name for name in names if layer[name] == n] for n in range(layers)]
    for edge in dict.fromkeys(edges):
        for between in range(layer[edge[0]] + 1, layer[edge[1]]):
            held[between].append((edge, between))
    high = max(map(len, held))
    rows: dict[object, float] = {}
    for column in held:
        order = sorted(column, key=lambda item: _parents_row(item, edges, rows))
        for n, item in enumerate(order):
            rows[item] = n + (high - len(order)) / 2
    places = {name: (layer[name], rows[name]) for name in names}
    routes = {
        edge: [(between, rows[edge, between]) for between in range(layer[edge[0]] + 1, layer[edge[1]])]
        for edge in dict.fromkeys(edges)
    }
    return places, routes, layers


def _layers(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    layer = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for start, end in edges:
            if layer[end] <= layer[start]:
                layer[end] = layer[start] + 1
                moved = True
        if not moved:
            return _late_sources(layer, edges)
    raise PlotError("edges", "go round in a circle: a computation graph runs one way")


def _late_sources(layer: dict[str, int], edges: Sequence[Edge]) -> dict[str, int]:
    """Returns the layers with inputs moved right before their first use: shorter arrows."""
    ends = {end for _, end in edges}
    for name in layer:
        uses = [layer[end] for start, end in edges if start == name]
        if name not in ends and uses:
            layer[name] = min(uses) - 1
    return layer


def _parents_row(item: str | tuple[Edge, int], edges: Sequence[Edge], rows: dict[object, float]) -> float:
    if isinstance(item, tuple):
        (start, end), between = item
        before: list[object] = [((start, end), between - 1), start]
        return next(rows[parent] for parent in before if parent in rows) + 0.1
    parents = [rows[start] for start, end in edges if end == item and start in rows]
    return sum(parents) / len(parents) if parents else 0.05

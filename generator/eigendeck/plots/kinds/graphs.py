"""Computation graphs: values forward, gradients backward."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from eigendeck.errors import nearest
from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.letters import fitted, text_width
from eigendeck.plots.canvas.page import TOP, Page
from eigendeck.plots.canvas.paths import Point, rectangle
from eigendeck.plots.entries import Row, need_as_many
from eigendeck.plots.registry import PlotError, kind
from eigendeck.plots.words import listed, rowed, say, sentences, tell

_ROW = 42.0  # points from row to row
_HIGH = 23.0  # points: two lines of text
_GAP = 15.0  # points from box to box
_LEAST = 34.0  # points: the width of a box
_NAME_ROOM = 76.0  # points that a name may widen the boxes to

Edge = tuple[str, str]


Cell = tuple[int, float]  # layer, row


@dataclass(frozen=True, slots=True)
class Graph:
    nodes: Mapping[str, float] = parameters.any_name(parameters.number("a node with this name: its value"))
    edges: Sequence[Edge] = parameters.text_pairs(
        "pairs of names, `[[x, u], [u, y]]`; a chain in the order of the names by default"
    )
    back: Row = parameters.amounts("the gradient at each node, in the order of the names")


@kind("graph", "A computation graph from left to right: values forward, gradients backward.", Graph)
def graph(page: Page, values: Graph) -> str:
    """Returns the alt text: the edges, the values, and the gradients."""
    names, back = list(values.nodes), values.back
    need_as_many("back", back, len(names), " gradients, one a node")
    for name in (name for edge in values.edges for name in edge):
        if name not in values.nodes:
            raise PlotError("edges", f'names "{name}", which is no node here. {nearest(name, names)}'.strip())
    edges = list(values.edges) or list(pairwise(names))
    places, routes, layers = _arranged(names, edges)
    texts = [f"= {say(value)}" for value in values.nodes.values()]
    wide = max(
        _LEAST,
        *(min(text_width(name), _NAME_ROOM) + 8 for name in names),
        *(text_width(text) + 8 for text in texts),
        *(text_width(f"grad {say(value)}") + 4 for value in back),
    )
    rows = max(row for _, row in (*places.values(), *(cell for route in routes.values() for cell in route))) + 1
    height = rows * _ROW - (6 if back else 14)
    page.resize(layers * wide + (layers - 1) * _GAP + 4, height)

    def middle(cell: Cell) -> Point:
        return 2 + wide / 2 + cell[0] * (wide + _GAP), height - 2 - _HIGH / 2 - cell[1] * _ROW

    for (start, end), route in routes.items():
        _draw_edge(page, [middle(places[start]), *map(middle, route), middle(places[end])], wide)
    for i, name in enumerate(names):
        x, y = middle(places[name])
        corners = rectangle((x - wide / 2, y - _HIGH / 2, x + wide / 2, y + _HIGH / 2))
        page.areas([corners], style.Fill(style.PALETTE[0], 0.1, edge=style.PALETTE[0], width=1.0))
        page.text((x, y + 5.2), fitted(name, wide - 4))
        page.text((x, y - 5.2), texts[i])
        if back:
            page.text((x, y - _HIGH / 2 - 2), f"grad {say(back[i])}", style.PALETTE[1], TOP)
    return _alt(values, edges)


def _draw_edge(page: Page, middles: Sequence[Point], wide: float) -> None:
    """Draws the arrow from one box to another, past the middles between them."""
    points = [(middles[0][0] + wide / 2, middles[0][1])]
    for x, y in middles[1:-1]:
        points += [(x - wide / 2, y), (x + wide / 2, y)]
    if len(points) > 1:
        page.line(points, style.INK, 1.0)
    page.arrow(points[-1], (middles[-1][0] - wide / 2, middles[-1][1]), style.INK, 1.0)


def _alt(values: Graph, edges: Sequence[Edge]) -> str:
    forward = listed(f"{name} = {say(value)}" for name, value in values.nodes.items())
    backward = listed(f"{name} {say(value)}" for name, value in zip(values.nodes, values.back, strict=False))
    return sentences(
        tell("graph"),
        rowed((tell("edge", start=start, end=end) for start, end in edges), "semicolon") + "." * bool(edges),
        tell("values", values=forward),
        tell("gradients", gradients=backward) if values.back else "",
    )


def _arranged(names: Sequence[str], edges: Sequence[Edge]) -> tuple[dict[str, Cell], dict[Edge, list[Cell]], int]:
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
    """Returns the layer of each node: behind all that it is computed from; an input right before its first use."""
    before = {name: [start for start, end in edges if end == name] for name in names}
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError:
        raise PlotError("edges", "go round in a circle: a computation graph runs one way") from None
    layer: dict[str, int] = {}
    for name in order:
        layer[name] = max((layer[start] + 1 for start in before[name]), default=0)
    for name in names:
        uses = [layer[end] for start, end in edges if start == name]
        if uses and not before[name]:
            layer[name] = min(uses) - 1
    return layer


def _parents_row(item: str | tuple[Edge, int], edges: Sequence[Edge], rows: dict[object, float]) -> float:
    if isinstance(item, tuple):
        (start, end), between = item
        before: list[object] = [((start, end), between - 1), start]
        return next(rows[parent] for parent in before if parent in rows) + 0.1
    parents = [rows[start] for start, end in edges if end == item and start in rows]
    return sum(parents) / len(parents) if parents else 0.05

"""Stage 1, second half: what the plot of a card asks for must be something that its kind takes."""

from collections.abc import Iterator

from eigendeck.deck.card_parts import PlotSpec
from eigendeck.deck.repairs import quoted, scalar_in_quotes
from eigendeck.deck.source_map import Node, SourceMap
from eigendeck.errors import Fault, Place, clipped
from eigendeck.plots import PLOTS, parameter_problem


def plot_faults(source: SourceMap, label: str, plot: PlotSpec) -> Iterator[Fault]:
    """Yields what is wrong with the names of a plot's kind and parameters, and with words that are taken as written."""
    problem = parameter_problem(plot.kind, plot.parameters)
    if problem:
        named = [name for name in plot.parameters if plot.kind in PLOTS and f'"{name}"' in problem]
        yield Fault(source.key("plot", plot.kind, *named[:1]), f"{label}: plot: {problem}")
    yield from _misread_words(source, label, plot)


def _misread_words(source: SourceMap, label: str, plot: PlotSpec) -> Iterator[Fault]:
    """Words of a plot, such as labels, that are truths or other numbers to YAML: `no`, `1.10`."""
    kind = PLOTS.get(plot.kind)
    for name, parameter in kind.parameters.items() if kind else ():
        if name not in plot.parameters or not parameter.option or parameter.choices:
            continue
        for node in _leaves(source.within("plot", plot.kind, name).node):
            number = isinstance(node.data, int | float) and not isinstance(node.data, bool)
            if node.style or isinstance(node.data, str) or (number and str(node.data) == node.text):
                continue
            what = f"{label}: plot.{plot.kind}.{name}: to YAML `{clipped(node.text)}` is no word: put it in quotes"
            row, column = node.start
            place, mended = Place(source.file, row + 1, column + 1), scalar_in_quotes(source, node)
            yield Fault(place, what, f"Write {quoted(clipped(node.text))}.", edits=mended)


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children.values():
        yield from _leaves(child)

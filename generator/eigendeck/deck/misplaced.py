"""Keys of a card that are indented too deep, and so stand inside another key."""

import re
from collections.abc import Iterator, Mapping

from eigendeck.deck.card_parts import Mistake, PlotSpec
from eigendeck.deck.card_schema import Card
from eigendeck.deck.source_map import SourceMap
from eigendeck.errors import Fault, Place

CODE = ("given", "wide", "keep", "numpy", "steps", "check")
_INSIDE: Mapping[str, frozenset[str]] = {  # what belongs there
    "mistake": frozenset(Mistake.model_fields),
    "plot": (frozenset(PlotSpec.model_fields) - {"kind", "parameters"}) | {"shapes"},  # which is a plot kind, too
}
_KEY = re.compile(r"\s*(\w+):(?=\s|$)")

Path = tuple[str | int, ...]


def misplaced(source: SourceMap, label: str) -> dict[Path, Fault]:
    """Returns a fault for each such key of a card, by the path at which it was looked for, or was one too many."""
    faults: dict[Path, Fault] = {}
    for key, outer, place in (*_in_mappings(source), *_in_texts(source)):
        if key not in source.node.children:
            what = f"{label}: {key}: stands inside `{outer}`: it is indented too deep"
            fault = Fault(place, what, f"Begin it in the column of `{outer}`.")
            faults |= {(key,): fault, (outer, key): fault}
            faults |= {("plot",): fault} if outer == "plot" else {}
    return faults


def _in_mappings(source: SourceMap) -> Iterator[tuple[str, str, Place]]:
    for outer, own in _INSIDE.items():
        node = source.node.children.get(outer)
        if node is None:
            continue
        for key in node.children:
            if not isinstance(key, str) or key not in Card.model_fields or key in own:
                continue
            if key != "shapes" or not node.children[key].children:  # with keys of its own it is the plot kind so called
                yield key, outer, source.key(outer, key)


def _in_texts(source: SourceMap) -> Iterator[tuple[str, str, Place]]:
    """In code any key of a card, since no line of code looks like one; in prose those that no card may lack."""
    for outer, node in source.node.children.items():
        if not isinstance(outer, str) or node.style not in ("|", ">"):
            continue
        for number, line in enumerate(node.text.splitlines(), 1):
            found = _KEY.match(line)
            field = Card.model_fields.get(found[1]) if found else None
            if found and field and (outer in CODE or field.is_required()):
                yield found[1], outer, source.at(outer, line=number, column=found.start(1))

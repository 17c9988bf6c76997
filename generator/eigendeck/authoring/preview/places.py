"""Which line of its file each part of a card comes from."""

import ast
from collections.abc import Iterable

from eigendeck.deck.card_schema import Card
from eigendeck.deck.source_map import SourceMap

Spot = tuple[str, int, int]  # the key; line and column, from 1

_KEYS = ("concept", "says", "formula", "given", "numpy", "ask", "hint", "work", "see", "form", "units")


def places(card: Card, source: SourceMap) -> dict[str, Spot | list[Spot]]:
    """Returns the key and the place of each part of a card that a click may be on; a list where there are several."""
    spots: dict[str, Spot | list[Spot]] = {key: _spot(source, key) for key in _KEYS if key in source.node.children}
    spots["steps"] = [_spot(source, "steps", line=line) for line in _statements(card.steps)]
    spots["check"] = [_spot(source, "check", line=line) for line in _statements(card.check)]
    spots["mistake"] = [
        _spot(source, *card.mistake_key(number, "numpy" if mistake.numpy else "says"))
        for number, mistake in enumerate(card.mistakes)
    ]
    spots["mistake says"] = [_spot(source, *card.mistake_key(number, "says")) for number in range(len(card.mistakes))]
    if card.plot:
        spots |= {"plot": _spot(source, "plot")}
        spots |= {f"plot {key}": _spot(source, "plot", key) for key in ("ask", "says") if getattr(card.plot, key)}
    return spots


def _spot(source: SourceMap, *path: str | int, line: int = 1) -> Spot:
    place = source.at(*path, line=line)
    return ".".join(str(step) for step in path), place.line, place.column


def _statements(code: str) -> Iterable[int]:
    """The lines, from 1, at which the statements of a text begin; those that say something, where it is no Python."""
    try:
        return [statement.lineno for statement in ast.parse(code).body]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [number for number, line in enumerate(code.splitlines(), 1) if line.strip()]

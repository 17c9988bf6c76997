"""What the page asks for, as plain data: the list of cards, and one card with all that is shown of it."""

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eigendeck.authoring.preview.cards import AROUND, DRAWS, Shown, State, ends
from eigendeck.authoring.preview.sides import sides
from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import excerpt
from eigendeck.deck.source_map import SourceMap
from eigendeck.errors import Fault, only_warnings
from eigendeck.latex.mathml import mathml_in_text
from eigendeck.outputs.sheet import box_html
from eigendeck.text import markup

MOST_FAULTS = 50  # of a card, or of what is of none: nobody reads more at once


def outline(state: State) -> dict[str, Any]:
    """Returns the sections with their cards, and the faults that are of no card."""
    waiting = set(state.waiting)
    sections = []
    for section in state.sections:
        cards = [
            {"id": card_id, "name": _name(state, card_id), "state": _state(state, card_id, waiting)}
            for card_id in section.ids
        ]
        sections.append({"title": _plain(section.title), "cards": cards})
    return {
        "title": _plain(state.deck.meta.title) if state.deck else "",
        "seed": state.deck.meta.seed if state.deck else 0,
        "sections": sections,
        "faults": _faults(state.faults(AROUND)),
        "waiting": len(waiting - {AROUND}),
        "untried": len(state.untried),
        "draws": DRAWS,
        "builds": state.builds,
        "revision": state.revision,
    }


def one_card(state: State, card_id: str, seed: int, shown: Shown | None) -> dict[str, Any]:
    """Returns a card as the page shows it. shown: the card with this seed, as it was last worked, if it was."""
    assert state.deck is not None  # or there would be no card
    source, face = state.source(card_id), shown.face if shown else None
    standing = _state(state, card_id, set(state.waiting))
    if standing == "good" and shown and not only_warnings(shown.faults):
        standing = "faulty"  # with this seed alone
    own = state.faults(card_id)
    if shown and shown is not state.shown.get(card_id) and source:
        own = sorted({*own, *shown.faults_at(source.node.start[0])})
    card = face.card if face else None
    return {
        "id": card_id,
        "name": _name(state, card_id),
        "state": standing,
        "old": bool(shown and shown.of != state.made.get(card_id)) and standing != "working",
        "seed": seed,
        "faults": _faults(own),
        "sides": [
            {"name": name, "front": front, "back": back}
            for name, front, back in (sides(face, state.deck.meta, seed) if face else ())
        ],
        "variants": face.variants if face else 0,
        "box": box_html(face.box) if face else "",
        "lang": face.box.words.language if face else "en",
        "dir": face.box.words.direction if face else "ltr",
        "file": source.file if source else "",
        "places": places(card, source) if card and source else {},
        "source": _lines(state, card_id),
    }


def _state(state: State, card_id: str, waiting: set[str]) -> str:
    """How a card stands: working, faulty, hidden by a fault of its file, warned, or good."""
    if card_id in waiting:
        return "working"
    faults = state.faults(card_id)
    if not only_warnings(faults):
        return "faulty"
    return "hidden" if not state.source(card_id) else "warned" if faults else "good"


def _lines(state: State, card_id: str) -> dict[str, Any]:
    """The lines of a card's YAML, and the number of the first."""
    source = state.source(card_id)
    if source is None or state.deck is None:
        return {"first": 1, "lines": []}
    start = source.node.start[0]
    lines = [*source.lines[start : ends(state.deck)[card_id]]]
    while lines and not lines[-1].strip():
        lines.pop()
    return {"first": start + 1, "lines": lines}


def _name(state: State, card_id: str) -> str:
    source, shown = state.source(card_id), state.shown.get(card_id)
    named = source.node.children.get("concept") if source else None
    if named and isinstance(named.data, str):
        return _plain(named.data)
    return _plain(shown.face.card.concept) if shown and shown.face else card_id


def _plain(text: str) -> str:
    return markup.to_plain(text, mathml_in_text)


def _faults(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    return [
        {
            "place": str(fault.place),
            "line": fault.place.line,
            "what": fault.what,
            "hint": fault.hint,
            "warning": fault.warning,
            "excerpt": excerpt(fault.place) if Path(fault.place.file).suffix == ".yaml" else None,
        }
        for fault in sorted(faults, key=lambda fault: fault.warning)[:MOST_FAULTS]
    ]


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

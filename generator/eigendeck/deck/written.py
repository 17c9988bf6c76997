"""What a file of a deck holds, once its bytes are read: the models of its keys, and every fault in them."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from eigendeck.deck.card_schema import SHOWING_KEYS, TOLD_KEYS, Card, ToldCard
from eigendeck.deck.key_types import ID_LENGTH, KEBAB, Strictly
from eigendeck.deck.schema import Heading, Section
from eigendeck.deck.schema_errors import folded, misplaced, refusal, written_path
from eigendeck.deck.source_map import SourceMap
from eigendeck.deck.yaml import MOST_FAULTS, card_lines, read_yaml
from eigendeck.errors import Fault

_ID = re.compile(rf"\s*(?:- +)?id: +({KEBAB})\s*(?:#.*)?$")

Model = TypeVar("Model", bound=Strictly)


@dataclass(frozen=True, slots=True)
class WrittenCard:
    id: str | None  # None where none can be read
    source: SourceMap
    card: Card | None  # None where it is at fault


@dataclass(frozen=True, slots=True)
class WrittenSection:
    stem: str
    position: int  # among the section files, from 1
    source: SourceMap
    heading: Heading | None  # None where it is at fault
    cards: tuple[WrittenCard, ...]


def parsed(path: Path, data: bytes, faults: list[Fault]) -> SourceMap | None:
    """Returns the YAML of a file; None, with faults, where it cannot be read."""
    source, found = read_yaml(data.decode(), path.as_posix())
    if source:
        faults += [_named(fault, source) for fault in found]
    else:
        lines = re.split("\r\n?|\n", data.decode())
        starts = card_lines(lines)
        faults += [_named_by_eye(fault, lines, starts) for fault in found]
    return source


def _named(fault: Fault, source: SourceMap) -> Fault:
    """A fault of the YAML itself, with the card in which it stands, where it stands in one."""
    path = source.path_of(fault.place)
    if path[:1] != ("cards",) or len(path) < 2 or not isinstance(path[1], int):
        return fault
    label = _id(source.within(*path[:2])) or f"card {path[1] + 1} of the section"
    return replace(fault, what=f"{label}: {fault.what}")


def _named_by_eye(fault: Fault, lines: Sequence[str], starts: Sequence[int]) -> Fault:
    """The same where the YAML cannot be read. starts: the lines with which the cards begin, from 0."""
    begun = bisect_left(starts, fault.place.line)
    own = lines[starts[begun - 1] : starts[begun] if begun < len(starts) else None] if begun else ()
    named = next(filter(None, map(_ID.match, own)), None)
    return replace(fault, what=f"{named[1]}: {fault.what}") if named else fault


def written_section(path: Path, position: int, data: bytes) -> tuple[WrittenSection | None, tuple[Fault, ...]]:
    """Returns what a section's file holds, None where its YAML cannot be read, and what is wrong in it."""
    faults: list[Fault] = []
    source = parsed(path, data, faults)
    if source is None:
        return None, tuple(faults)
    heading = model_of(Heading, source, "the section", faults)
    list_of_cards = source.node.children.get("cards")
    wrong = 0
    count = len(list_of_cards.data) if list_of_cards and isinstance(list_of_cards.data, list) else 0
    cards = []
    for index in range(count):
        own: list[Fault] = []
        cards.append(_card(source.within("cards", index), index + 1, own))
        faults += own
        wrong += len(own)
        if wrong >= MOST_FAULTS and index + 1 < count:
            here = source.key("cards", index + 1)
            faults.append(Fault(here, f"{wrong} faults up to here: the rest of the file is not read"))
            cards.append(WrittenCard(None, source, None))  # stands for the cards that nobody knows
            break
    return WrittenSection(path.stem, position, source, heading, tuple(cards)), tuple(faults)


def _card(source: SourceMap, position: int, faults: list[Fault]) -> WrittenCard:
    card_id = _id(source)
    label = card_id or f"card {position} of the section"
    strays = misplaced(source, label)
    keys = source.node.children.keys()
    undecided = bool(keys) and not strays and keys <= TOLD_KEYS - {"ask"}
    told = not strays and (
        undecided or "ask" in keys <= TOLD_KEYS or {"ask", "says"} <= keys <= TOLD_KEYS | SHOWING_KEYS
    )
    beyond = keys - TOLD_KEYS if told else set()
    known = {*strays, *((key,) for key in beyond), *([("ask",), ("says",)] if undecided else [])}
    card = model_of(ToldCard if told else Card, source, label, faults, known)
    wrong = [*dict.fromkeys(strays.values()), *folded(source, label)]
    if undecided:
        hint = (
            "A told card needs `ask` and `says`; one that computes `says`, `formula`, `numpy`, `check` and `mistake`."
        )
        wrong.append(Fault(source.key("id"), f"{label}: has neither a question, `ask`, nor a line of `numpy`", hint))
    for key in beyond:
        what = f"{label}: {key}: belongs to a card that computes, and this one is told by `ask` and `says`"
        wrong.append(Fault(source.key(key), what, "Take it away, or write `numpy`, `check` and `mistake`."))
    faults += wrong
    return WrittenCard(card_id, source, None if wrong else card)


def _id(source: SourceMap) -> str | None:
    named = source.node.children.get("id")
    return named.data if named and isinstance(named.data, str) and 0 < len(named.data) <= ID_LENGTH else None


def numbered(written: WrittenSection, card_sources: Mapping[str, SourceMap]) -> Section:
    """Returns the section with the cards that have no fault, the first of those with the same id.

    Of a heading at fault the names are taken as they stand: what they are called in Anki is no second fault.
    """
    names = {key: node.text for key, node in written.source.node.children.items() if isinstance(node.data, str)}
    digits = re.match("[0-9]+", written.stem)
    return Section(
        stem=written.stem,
        number=digits[0] if digits else f"{written.position:02}",
        title=names.get("section", written.stem),
        deck=names.get("deck"),
        see=written.heading.see if written.heading else (),
        cards=tuple(one.card for one in written.cards if one.card and card_sources[one.card.id] is one.source),
    )


def model_of(
    model: type[Model], source: SourceMap, label: str, faults: list[Fault], said: Collection[tuple[str | int, ...]] = ()
) -> Model | None:
    """Returns what a mapping holds; None, with faults, where it is wrong. said: paths of which a fault is known."""
    try:
        return model.model_validate(source.node.data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
    new = [problem for problem in problems if written_path(problem["loc"], source.node) not in said]
    faults += [fault for problem in new[:MOST_FAULTS] if (fault := refusal(model, problem, source, label))]
    return None

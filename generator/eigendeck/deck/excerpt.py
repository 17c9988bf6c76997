"""The line of a file that a fault is about, and which part of it is meant."""

import re
from dataclasses import dataclass
from pathlib import Path

from eigendeck.deck.read import read_bytes
from eigendeck.errors import Place, printable

_WORD = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[a-zA-Z]+|\w+(\.\w+)*|.")  # or a character that is written out


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line without control characters; what is meant stands from `start` to `end`, from 0."""

    line: str
    start: int
    end: int


def excerpt(place: Place) -> Excerpt | None:
    """Returns the line of a place as its file has it now; None where it has no such line, or an empty one."""
    path = Path(place.file)
    data = read_bytes(path, path.parent, [])
    lines = re.split(r"\r\n|\r|\n", data.decode().removeprefix("\ufeff")) if data else []
    line = printable(lines[place.line - 1].replace("\t", " ")).rstrip() if place.line <= len(lines) else ""
    found = _WORD.match(line, place.column - 1)
    return Excerpt(line, place.column - 1, found.end() if found else place.column - 1) if line else None

"""The line of a file that a fault is about, and which part of it is meant."""

import re
from pathlib import Path

from eigendeck.deck.read import read_bytes
from eigendeck.errors import Place, printable

_WORD = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[a-zA-Z]+|\w+(\.\w+)*|.")  # or a character that is written out


def excerpt(place: Place) -> tuple[str, str, str] | None:
    """Returns the line of a place as its file has it now, without control characters: what is meant between the rest.

    None where the file has no such line, or an empty one.
    """
    path = Path(place.file)
    data = read_bytes(path, path.parent, [])
    lines = re.split(r"\r\n|\r|\n", data.decode().removeprefix("\ufeff")) if data else []
    line = printable(lines[place.line - 1].replace("\t", " ")).rstrip() if place.line <= len(lines) else ""
    start = place.column - 1
    end = found.end() if (found := _WORD.match(line, start)) else start
    return (line[:start], line[start:end], line[end:]) if line else None

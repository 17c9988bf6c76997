"""The pieces of a YAML file as plain data, and where each of them stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from eigendeck.errors import Place

Position = tuple[int, int]  # line and column, from 0
_COMMENT = re.compile(r"\s*(#.*)")


NOTHING: Mapping[str | int, Node] = {}


class Node(NamedTuple):  # of which a file has thousands: these are made much faster than dataclasses
    """One piece of a YAML file.

    data: what it says, as plain Python: str, int, float, bool, None, list, dict.
    start, key: where it and its key begin; the key of a list item is the item itself.
    end: behind its last character, where it is plain text.
    faulty: a fault was already reported about its YAML, so what its data lacks is no news.
    """

    data: object
    start: Position
    key: Position
    style: str = ""  # of a scalar: "", "|", ">", "'" or '"'
    text: str = ""
    children: Mapping[str | int, Node] = NOTHING
    faulty: bool = False
    end: Position = (0, 0)


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Where the keys and texts of one mapping stand in its file; paths are keys and list positions below it.

    A path that is not in the file is placed at the innermost part of it that is.
    """

    file: str
    lines: tuple[str, ...]
    node: Node

    def key(self, *path: str | int) -> Place:
        """Returns where the key itself stands; a list item has no key and is placed at its first character."""
        line, column = self.within(*path).node.key
        return Place(self.file, line + 1, column + 1)

    def at(self, *path: str | int, line: int = 1, column: int = 0) -> Place:
        """Returns the place of a character of a text: its line from 1, its column from 0, as Python counts in code.

        Exact for literal blocks and for values of one line without escapes; the start of the value otherwise.
        """
        row, offset = _position(self.within(*path).node, self.lines, line, column)
        return Place(self.file, row + 1, offset + 1)

    def comment(self, *path: str | int) -> tuple[Place, str] | None:
        """Returns the comment behind a plain value, and where it begins: text that YAML has dropped."""
        node = self.within(*path).node
        if node.style or node.children:
            return None
        row, column = node.end
        found = _COMMENT.match(self.lines[row], column) if row < len(self.lines) else None
        return (Place(self.file, row + 1, found.start(1) + 1), found[1].rstrip()) if found else None

    def path_of(self, place: Place) -> tuple[str | int, ...]:
        """Returns the keys and list positions that lead to what stands at a place: the last that begins before it."""
        spot, node = (place.line - 1, place.column - 1), self.node
        path: list[str | int] = []
        while before := [step for step, child in node.children.items() if child.key <= spot]:
            path.append(before[-1])
            node = node.children[before[-1]]
        return tuple(path)

    def within(self, *path: str | int) -> SourceMap:
        """Returns the map of what is below a path."""
        return SourceMap(self.file, self.lines, self.along(*path)[-1])

    def along(self, *path: str | int) -> list[Node]:
        """Returns what stands on the way to the end of a path, that included, as far as it is in the file."""
        nodes = [self.node]
        for step in path:
            if step not in nodes[-1].children:
                break
            nodes.append(nodes[-1].children[step])
        return nodes


def _position(node: Node, lines: tuple[str, ...], line: int, column: int) -> Position:
    row, start = node.start
    if node.style == "|":
        # Every line of a literal block stands on one line of the file, moved right by the block's indentation.
        texts = node.text.split("\n")
        index = min(max(line, 1), len(texts)) - 1
        row += 1 + index
        if row >= len(lines):
            return len(lines) - 1, len(lines[-1])
        text = texts[index]
        return row, len(lines[row]) - len(text) + min(max(column, 0), len(text))
    text = lines[row]  # not cut: a file may be one long line, with thousands of values
    column = min(max(column, 0), len(node.text))
    if line != 1:
        return row, start
    if not node.style and text.startswith(node.text, start):
        return row, start + column
    if node.style == '"' and text.startswith(f'"{node.text}"', start):
        return row, start + 1 + column
    if node.style == "'" and text.startswith("'" + node.text.replace("'", "''") + "'", start):
        return row, start + 1 + column + node.text[:column].count("'")
    return row, start

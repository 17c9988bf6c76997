"""Repairs that are certain: what the message of a fault says to write, as an edit of one line of its file.

Where an author may have meant something else there is none.
"""

import re

from eigendeck.deck.source_map import Node, Position, SourceMap
from eigendeck.errors import Edit, Place
from eigendeck.latex.commands import COMMANDS

# Signs of card code that Python spells otherwise.
SPELLINGS = {"^": "**", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-"}
# Words that are no text for some reader of YAML.
_WORDS_OF_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
_LINE = re.compile(r"\s*(?:- +)*")
_KEY = re.compile(r"\s*(?:- +)*(?:[\w-]+:\s+)?")
_BARE_KEY = re.compile(r"\s*(?:- +)*[\w-]+:")
_DOUBLE_QUOTED = re.compile(r'"((?:[^"\\]|\\[a-zA-Z]+|\\[()\[\]{},;:!|%&#])*)"')


def quoted(text: str) -> str:
    """Returns a text as YAML writes it in quotes."""
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


def written(text: str) -> str:
    """Returns a text as a value of one line: plain where every reader of YAML takes it for this text, else quoted."""
    plain = re.fullmatch(r"(\d+ )?[^\W\d_][\w .()/+-]*(?<! )", text) and text.casefold() not in _WORDS_OF_YAML
    return text if plain else quoted(text)


def flow(value: object) -> str:
    """Returns a value as YAML writes it in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(str(key))}: {flow(entry)}" for key, entry in value.items()) + "}"
    return written(str(value))


def value_in_quotes(file: str, lines: tuple[str, ...], row: int, start: int | None = None) -> tuple[Edit, ...]:
    """Returns the edit that puts the plain value of a line into quotes.

    start: where the value begins; None: behind the key of the line. No edit where the value may go on in the next line,
    or may end at a comment, or is no plain one.
    """
    line = lines[row]
    begun = _KEY.match(line)
    assert begun is not None  # it may match nothing
    start = begun.end() if start is None else start
    value = line[start:].rstrip()
    below = next((other for other in lines[row + 1 :] if other.strip()), "")
    deeper = len(below) - len(below.lstrip()) > _end(_LINE, line)
    if not value or value[0] in "{[\"'|>#" or " #" in value or deeper:
        return ()
    return (Edit(Place(file, row + 1, start + 1), len(value), quoted(value)),)


def scalar_in_quotes(source: SourceMap, node: Node) -> tuple[Edit, ...]:
    """Returns the edit that puts a plain scalar into quotes, such as a number that is meant as text."""
    (row, start), (last, end) = node.start, node.end
    if node.style or not node.text or row != last:
        return ()
    return (Edit(Place(source.file, row + 1, start + 1), end - start, quoted(node.text)),)


def part_in_quotes(file: str, position: Position, part: str) -> tuple[Edit, ...]:
    """Returns the edit that puts a part of a line into quotes: a value with commas or brackets inside braces."""
    return (Edit(Place(file, position[0] + 1, position[1] + 1), len(part), quoted(part)),) if part else ()


def single_quotes(file: str, lines: tuple[str, ...], position: Position) -> tuple[Edit, ...]:
    """Returns the edit that puts a text in double quotes into single ones, where each backslash begins LaTeX."""
    row, start = position
    found = _DOUBLE_QUOTED.match(lines[row], start)
    if not found or not all(name in COMMANDS for name in re.findall(r"\\([a-zA-Z]+)", found[1])):
        return ()
    text = "'" + found[1].replace("'", "''") + "'"
    return (Edit(Place(file, row + 1, start + 1), len(found[0]), text),)


def bar(file: str, lines: tuple[str, ...], row: int) -> tuple[Edit, ...]:
    """Returns the edit that puts `|` behind a key whose lines stand below it."""
    end = _end(_BARE_KEY, lines[row])
    return (Edit(Place(file, row + 1, end + 1), 0, " |"),) if end else ()


def respelt(source: SourceMap, places: list[Place]) -> tuple[Edit, ...]:
    """Returns the edits that write signs of code as Python does; what stands at a place is looked at, not believed."""
    edits = []
    for place in places:
        line = source.lines[place.line - 1] if place.line <= len(source.lines) else ""
        sign = line[place.column - 1 : place.column]
        if sign in SPELLINGS:
            edits.append(Edit(place, 1, SPELLINGS[sign]))
    return tuple(edits)


def _end(pattern: re.Pattern[str], line: str) -> int:
    found = pattern.match(line)
    return found.end() if found else 0

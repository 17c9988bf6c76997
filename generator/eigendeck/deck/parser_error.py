"""What the two parsers of PyYAML say of a file that is no YAML, and where."""

import re
from dataclasses import dataclass

from eigendeck.deck.source_map import Position

QUOTE = "Put the value in quotes, or on lines of its own below `|`."
KEY_LINE = re.compile(r"\s*(- +)*[\w-]+:(\s|$)")

Said = tuple[Position, str, str]  # where, what is wrong, what to write instead


@dataclass(frozen=True, slots=True)
class Quoted:
    """Where a value in quotes begins and ends, and its quote."""

    start: Position
    end: Position
    quote: str


@dataclass(frozen=True, slots=True)
class ParserError:
    """What a parser says, where it gave up, and where the construct began that it could not finish."""

    said: str
    problem: Position
    context: Position
    lines: tuple[str, ...]
    before: Quoted | None

    @property
    def line(self) -> str:
        return self.lines[self.problem[0]]


def indent(line: str) -> int:
    """Returns how many characters a line begins with that show as nothing."""
    return len(line) - len(line.lstrip())

"""What PyYAML's parsers say of a file that is no YAML, and what of it is about quotes: open, closed early, curly."""

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


_CURLY = re.compile(r"(?<=[:\[{,] )[“”„«‘’‚]|(?<=[\[{,])[“”„«‘’‚]")


def open_quote(error: ParserError) -> Said | None:
    """A quote that took keys into its text, until an escape in them or another quote ended it."""
    if "quoted" in error.said:
        start, end = error.context, _closing(error.context, error.lines)
    elif error.before and error.before.end[0] == error.problem[0]:
        start, end = error.before.start, error.before.end
    else:
        return None
    inside = error.lines[start[0] + 1 : error.problem[0] + 1]
    if not any(KEY_LINE.match(line) for line in inside):
        return None
    what = f"the quote opened here is closed only at line {end[0] + 1}" if end else "this quoted text has no end"
    return start, what, "Close it at the end of its text."


def _closing(start: Position, lines: tuple[str, ...]) -> Position | None:
    """Where the quote that begins at a spot comes next."""
    row, column = start
    quote, column = lines[row][column : column + 1], column + 1
    for number in range(row, len(lines)):
        if (found := lines[number].find(quote, column)) >= 0:
            return number, found + 1
        column = 0
    return None


def early_quote(error: ParserError) -> Said | None:
    """Text right behind a closing quote, which was meant to be inside."""
    before, (row, column) = error.before, error.problem
    if not before or before.end[0] != row or error.line[before.end[1] : column].strip() or "quoted" in error.said:
        return None
    hint = (
        "Use double quotes outside, or write '' for ' inside."
        if before.quote == "'"
        else 'Use single quotes outside, or write \\" for " inside.'
    )
    if "flow" in error.said:
        hint = f"A comma is missing here, or it is a quote inside the text: {hint[0].lower()}{hint[1:]}"
    return error.problem, "the text ended at the quote before this", hint


def escape(error: ParserError) -> Said | None:
    if "escape" not in error.said and "hexdecimal" not in error.said:
        return None
    row, column = error.problem
    spot = row, max(error.line.rfind("\\", 0, column + 1), 0)  # one parser points at the backslash, one behind it
    return spot, "a backslash in double quotes starts an escape", f"Use single quotes. {QUOTE}"


def curly(error: ParserError) -> Said | None:
    """Quotes as books have them, at the start of a value: to YAML they are letters."""
    row = error.problem[0]
    found = _CURLY.search(error.line)
    if not found or found.start() > error.problem[1]:
        return None
    what = f"`{found[0]}` is a letter to YAML, not a quote"
    return (row, found.start()), what, "Write straight quotes, \" or ', around the whole value."

"""What is wrong with a piece of card code, and where."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from eigendeck.worker import budget
from eigendeck.worker.job import Signs

# First and last line of a part of code, from 1, and the bytes where it begins in the one and ends in the other.
Span = tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a piece of code; line counts from 1, column from 0 in characters.

    undefined: the name that is not there, where that is it. foreign: the one that is not in plain letters. signs: where
    those stand that Python spells otherwise.
    """

    line: int
    column: int
    message: str
    hint: str = ""
    undefined: str = ""
    foreign: str = ""
    signs: Signs = ()


class Refused(Exception):
    """A piece of code may not run; carries every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=astuple)[: budget.PROBLEMS])
        super().__init__("\n".join(f"{p.line}:{p.column}: {p.message}" for p in self.problems))


def place(source: str, line: int, byte: int) -> tuple[int, int]:
    """Returns the line and column that Python gave: it counts bytes of UTF-8, people count characters."""
    lines = source.split("\n")
    line = min(max(line, 1), len(lines))
    return line, len(lines[line - 1].encode("utf-8", "replace")[:byte].decode("utf-8", "ignore"))


def foreign_letters(line: int, column: int, name: str) -> Problem:
    """Returns the problem of a name in look-alike or other letters."""
    return Problem(line, column, f"{name!r} is not in plain letters: names are ASCII", foreign=name)

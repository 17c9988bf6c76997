"""What an author can do wrong, said at its place: file:line:column, the card, what, why, what to write instead."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module

from eigendeck.worker.suggest import meant

MOST_SAID = 3_000  # characters of one message


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a card file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Edit:
    """A repair that is certain: from `start` on, so many characters of the line give way to a text."""

    start: Place
    length: int
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a deck, or with `warning`, one thing worth a look."""

    place: Place
    what: str  # names the card and the key first: `dot-product: numpy: "X" is not defined`
    hint: str = ""  # what to write instead
    warning: bool = False
    edits: tuple[Edit, ...] = field(default=(), compare=False)  # that mend it, where nothing else can be meant

    def __str__(self) -> str:
        kind = "warning" if self.warning else "error"
        hint = f"\n    {on_one_line(self.hint)}" if self.hint else ""
        return on_one_line(f"{self.place}: {kind}: {self.what}") + hint


class DeckError(Exception):
    """The deck is at fault; carries every fault that was found, not just the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


def only_warnings(faults: Iterable[Fault]) -> bool:
    """Whether nothing among the faults stops a build."""
    return all(fault.warning for fault in faults)


class MissingPart(Exception):
    """A part that an option needs is not installed; the message ends in the line that installs it."""


def require(who: str, extra: str, *modules: str, called: str = "") -> None:
    """Imports modules that an option or a command needs. called: what messages call them, if not by their names.

    Raises MissingPart: one of them is not installed.
    """
    try:
        for module in modules:
            import_module(module)
    except ImportError as missing:
        raise MissingPart(f"{who} needs {called or missing.name}: pip install 'eigendeck[{extra}]'") from None


def nearest(name: str, known: Iterable[str]) -> str:
    """Returns `Did you mean "x"?` for the known name that `name` is a slip of, or nothing where there is none."""
    close = meant(name, known)
    return f'Did you mean "{close}"?' if close else ""


def clipped(text: str) -> str:
    """Returns an author's own words as a message repeats them: so many that one knows which are meant."""
    return text if len(text) <= 60 else text[:60] + "…"


def printable(text: str) -> str:
    """Returns text without control characters: a card's own words must not steer the terminal."""
    if text.isprintable():  # as nearly every one is
        return text
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def counted(number: int, thing: str) -> str:
    """Returns `1 card` or `3 cards`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def on_one_line(text: str) -> str:
    """A card's own words must not look like a fault of their own, nor flood, either."""
    shown = text if len(text) <= MOST_SAID else text[:MOST_SAID] + "…"
    return printable(re.sub(r"\s*\n\s*", " ", shown))

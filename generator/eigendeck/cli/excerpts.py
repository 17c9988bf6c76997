"""Faults as a person at a terminal reads them: the line of the file, and a caret below what is meant."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from eigendeck.deck.read import excerpt
from eigendeck.errors import Fault, on_one_line

_COLOURS = {True: ("warning", "bold yellow"), False: ("error", "bold red")}
_QUIET = "bold blue"


def print_faults(faults: Iterable[Fault], console: Console) -> None:
    """Prints faults, each with its line and a caret, in colour where the terminal has any."""
    for fault in faults:
        kind, colour = _COLOURS[fault.warning]
        console.print(Text.assemble((kind, colour), (f": {on_one_line(fault.what)}", "bold")))
        for line in _excerpt(fault, colour, console.width):
            console.print(line, soft_wrap=True)
        console.print()


def _excerpt(fault: Fault, colour: str, width: int) -> Iterator[Text]:
    place = fault.place
    found = excerpt(place)
    margin = " " * len(str(place.line)) if found else ""
    yield Text.assemble((f"{margin}--> ", _QUIET), on_one_line(str(place)))
    if found:
        before, meant, after = found
        room = width - len(margin) - 4  # the ends of a line are cut off where it is wider than the terminal
        while before and cell_len(before + meant) > room:
            before = before[1:]
        while after and cell_len(before + meant + after) > room:
            after = after[:-1]
        yield Text.assemble((f"{margin} |", _QUIET))
        yield Text.assemble((f"{place.line} | ", _QUIET), before, (meant, colour), after)
        yield Text.assemble((f"{margin} | ", _QUIET), " " * cell_len(before), ("^" * max(cell_len(meant), 1), colour))
    if fault.hint:
        yield Text.assemble((f"{margin} = ", _QUIET), on_one_line(fault.hint))

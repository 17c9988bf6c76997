"""What people and programs see of a command: messages and progress on standard error, JSON on standard output."""

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from eigendeck.errors import Fault, printable

DONE, AT_FAULT, USAGE, MISSING, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130  # exit codes
MOST_FAULTS = 1_000  # that are shown


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """A bar for each stage, on a terminal alone."""
    if not sys.stderr.isatty():
        yield lambda stage, pieces: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        stages: dict[str, TaskID] = {}

        def step(stage: str, pieces: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=pieces)
            bars.advance(stages[stage])

        yield step


def take_any_letter() -> None:
    r"""Makes the standard streams write `\u5927` for a letter that the terminal's encoding lacks, and not raise."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: object) -> None:
    """Prints a value as JSON, all of it in ASCII where the terminal may lack a letter."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(value, indent=2, ensure_ascii=not unicode)
    print(text.replace(_OLD_COMMAND, _OLD_COMMAND.replace("#", r"\u0023")))


_OLD_COMMAND = "##["
_COMMAND = re.compile(r"^( *):(?=:)|##(?=\[)", re.MULTILINE)


def unheeded(text: str) -> str:
    """Returns text that steers neither a terminal nor GitHub, which takes commands out of what a workflow prints."""
    return _COMMAND.sub(lambda found: f"{found[0]} ", printable(text))


def say(*messages: str) -> None:
    """Prints lines on standard error, as text and nothing else."""
    for message in messages:
        print(unheeded(message), file=sys.stderr)


def say_faults(faults: Iterable[Fault]) -> None:
    """Prints faults on standard error: a line each for programs, with the lines that they are about on a terminal.

    As many as anybody reads: errors before warnings, where not all of them are shown.
    """
    ranked = sorted(faults, key=lambda fault: fault.warning)
    shown = sorted(ranked[:MOST_FAULTS])
    if sys.stderr.isatty():
        from rich.console import Console

        from eigendeck.cli.excerpts import print_faults

        print_faults(shown, Console(stderr=True, highlight=False))
    else:
        say(*map(str, shown))
    if len(ranked) > MOST_FAULTS:
        say(f"and {len(ranked) - MOST_FAULTS} more")


def say_diff(lines: Iterable[str]) -> None:
    """Prints a diff on standard error, in colour on a terminal."""
    colours = {"+": "32", "-": "31", "@": "36"} if sys.stderr.isatty() and not os.environ.get("NO_COLOR") else {}
    for line in lines:
        colour = colours.get(line[:1])
        shown = unheeded(line)
        print(f"\x1b[{colour}m{shown}\x1b[0m" if colour else shown, file=sys.stderr)

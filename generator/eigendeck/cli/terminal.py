"""What people and programs see of a command: messages and progress on standard error, JSON on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from eigendeck.errors import printable

DONE, AT_FAULT, USAGE, MISSING, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130  # exit codes


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


def print_json(value: object) -> None:
    """Prints a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def say(*messages: str) -> None:
    """Prints lines on standard error, none of which steers the terminal."""
    for message in messages:
        print(printable(message), file=sys.stderr)

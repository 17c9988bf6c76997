"""Workers for tests alone: they run any lines of code, with guards left out and limits left open on demand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eigendeck.worked.process import PATHS
from eigendeck.worked.sandbox import Worker
from eigendeck.worker import frames

CHILD = str(Path(__file__).with_name("snippet_worker.py"))


class Snippets(Worker):
    """A worker that is locked up as every other, but for the limits in `off`, and runs snippets instead of cards."""

    def __init__(self, *, off: Sequence[str] = ()) -> None:
        super().__init__()
        self.program = f"{PATHS}; import runpy; runpy.run_path({CHILD!r})['main']({[*off]!r})"

    def run(self, code: str, seconds: float = 2.0, *, rng: int = 0, without: Sequence[str] = ()) -> dict[str, Any]:
        """Returns what some lines of code show, or their faults.

        rng: the seed of the generator that they find. without: the guards in front of them to leave out.
        """
        return self.send(frames.pack({"code": code, "rng": rng, "without": without}), seconds)

    def unchecked(self, code: str) -> dict[str, Any]:
        """Returns what code does that has fooled the check."""
        return self.run(code, without=["static"])

"""The most memory that a process has taken, as its kernel counts it.

`getrusage` would not do: a process that was started counts what the one that started it had then, and the figure never
falls, so that after a large test nothing seems to take memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROCESS = Path("/proc/self")


def peak() -> float:
    """The most that this process has taken since it was started, or since `held_to`, in MB."""
    return int(re.findall(r"VmHWM:\s+(\d+) kB", (PROCESS / "status").read_text())[0]) / 1024


@contextmanager
def held_to(megabytes: float) -> Iterator[None]:
    """Refuses what takes more than that, beyond what this process has already."""
    (PROCESS / "clear_refs").write_text("5")  # the peak is what is taken now
    before = peak()
    yield
    assert peak() - before < megabytes

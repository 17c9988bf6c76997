"""A worker ends with the program that started it, whatever it is computing, and whatever ended that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import left
from decks import CONSTANT, card, section, write

pytestmark = [
    pytest.mark.kills,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="processes are looked for in /proc"),
]


def children(pid: int) -> set[int]:
    """The processes that a process has started, and those that they have."""
    found: set[int] = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended this very moment
            continue
        if parent == pid:
            found |= {int(stat.parent.name), *children(int(stat.parent.name))}
    return found


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.tries("ends a build, or meets another")
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT], ids=lambda n: signal.Signals(n).name
)
@pytest.mark.parametrize("code", ["10**10**8", "while True:\n    pass\n2"], ids=["one call", "a loop"])
def test_no_worker_outlives_its_parent(tmp_path: Path, number: signal.Signals, code: str) -> None:
    folder = write(tmp_path, section(card(**CONSTANT | {"numpy": code})))
    command = [sys.executable, "-m", "eigendeck", "build", str(folder), "--out", str(tmp_path / "out")]
    build = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while not (workers := children(build.pid)) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.5)  # the worker has its job
    workers |= children(build.pid)
    assert workers
    os.kill(build.pid, number)
    said = build.communicate(timeout=60)[1]
    end = time.monotonic() + 2
    while any(map(is_there, workers)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(is_there, workers))
    if number == signal.SIGINT:
        assert build.returncode == 130
        assert "interrupted; nothing was written." in said
    assert not left(tmp_path / "out")

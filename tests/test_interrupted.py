"""A build that is killed, or meets another, leaves whole outputs behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from test_evolution import Growing

KILLS = [*(i / 15 for i in range(14)), *(0.9 + i / 60 for i in range(7))]  # a third of them in the last tenth


@pytest.fixture
def deck(tmp_path: Path) -> Growing:
    """A small deck that was built once, and then changed."""
    growing = Growing(tmp_path, None)  # type: ignore[arg-type]
    growing.write(_01_first=["one One", "two Two"], _02_second=["three Three"])
    growing.build()
    growing.write(_01_first=["one One", "two Zwei"], _02_second=["three Drei"])
    return growing


def start(deck: Growing, *options: str) -> subprocess.Popen[bytes]:
    """Starts a build of the changed deck."""
    command = [sys.executable, "-m", "eigendeck", "build", "deck", "--out", "out", *options]
    return subprocess.Popen(command, cwd=deck.folder, stderr=subprocess.DEVNULL, start_new_session=True)


def outputs(folder: Path) -> dict[str, bytes]:
    """The outputs, as they are; each must be whole."""
    found = {name: (folder / name).read_bytes() for name in ("growing.apkg", "growing.html")}
    with zipfile.ZipFile(folder / "growing.apkg") as package:
        assert package.testzip() is None
    assert found["growing.html"].rstrip().endswith(b"</html>")
    return found


def test_a_build_killed_at_any_moment_leaves_whole_outputs_and_the_next_one_is_right(deck: Growing) -> None:
    out = deck.folder / "out"
    before = outputs(out)
    epoch = int(time.time()) + 10
    environment = {"SOURCE_DATE_EPOCH": str(epoch)}
    os.environ |= environment
    try:
        began = time.monotonic()
        assert start(deck).wait() == 0
        duration = time.monotonic() - began
        after = outputs(out)
        assert all(after[name] != before[name] for name in after)
        for share in KILLS:
            for name, content in before.items():
                (out / name).write_bytes(content)
            build = start(deck)
            time.sleep(share * duration)
            if build.poll() is None:
                os.killpg(build.pid, signal.SIGKILL)
            build.wait()
            left = outputs(out)
            assert all(left[name] in (before[name], after[name]) for name in left)
        assert start(deck).wait() == 0
        assert outputs(out) == after
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]


def test_two_builds_at_once_leave_whole_outputs(deck: Growing) -> None:
    builds = [start(deck, "--seed", str(seed)) for seed in (3, 4)]
    assert [build.wait() for build in builds] == [0, 0]
    outputs(deck.folder / "out")
    assert not list((deck.folder / "out").glob(".*"))


@pytest.mark.parametrize("share", [0.1, 0.2, 0.4, 0.6, 0.8])
def test_ctrl_c_says_that_nothing_was_written(share: float, deck: Growing) -> None:
    began = time.monotonic()
    assert start(deck).wait() == 0
    before, duration = outputs(deck.folder / "out"), time.monotonic() - began
    command = [sys.executable, "-m", "eigendeck", "build", "deck", "--out", "out", "--seed", "5"]
    build = subprocess.Popen(command, cwd=deck.folder, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not Path(f"/proc/{build.pid}/cmdline").read_bytes():  # Python has not begun
        time.sleep(0.001)
    time.sleep(0.1 + share * (duration - 0.1))
    os.killpg(build.pid, signal.SIGINT)
    _, said = build.communicate(timeout=60)
    if "growing.html" not in said:  # else it was quicker this time
        assert said.strip().splitlines() == ["interrupted; nothing was written."]
        # Python itself ends by the signal where it met it in an import of code made on the fly; shells say 130, too.
        assert build.returncode in (130, -signal.SIGINT)
        assert outputs(deck.folder / "out") == before

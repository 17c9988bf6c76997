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

from conftest import eigendeck
from decks import write_sections
from forks import forks

KILLS = [*(i / 15 for i in range(14)), *(0.9 + i / 60 for i in range(7))]  # a third of them in the last tenth


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """A folder with a small deck that was built once, and then changed."""
    first, second = ["one One", "two Two"], ["three Three"]
    write_sections(tmp_path / "deck", {"_01_first": first, "_02_second": second}, id="growing", variants=6)
    eigendeck("build", "deck", "--out", "out", cwd=tmp_path)
    first, second = ["one One", "two Zwei"], ["three Drei"]
    write_sections(tmp_path / "deck", {"_01_first": first, "_02_second": second}, id="growing", variants=6)
    return tmp_path


@pytest.fixture(scope="module")
def duration(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a build of such a deck takes, in seconds."""
    folder = tmp_path_factory.mktemp("timed")
    write_sections(folder / "deck", {"_01_first": ["one One", "two Two"]}, id="growing", variants=6)
    began = time.monotonic()
    assert start(folder).wait() == 0
    return time.monotonic() - began


def start(deck: Path, *options: str) -> subprocess.Popen[bytes]:
    """Starts a build of the changed deck."""
    command = [sys.executable, "-m", "eigendeck", "build", "deck", "--out", "out", *options]
    return subprocess.Popen(command, cwd=deck, stderr=subprocess.DEVNULL, start_new_session=True)


def outputs(folder: Path) -> dict[str, bytes]:
    """The outputs, as they are; each must be whole."""
    found = {name: (folder / name).read_bytes() for name in ("growing.apkg", "growing.html")}
    with zipfile.ZipFile(folder / "growing.apkg") as package:
        assert package.testzip() is None
    assert found["growing.html"].rstrip().endswith(b"</html>")
    return found


@pytest.mark.tries("ends a build, or meets another")
@pytest.mark.kills
def test_a_build_killed_at_any_moment_leaves_whole_outputs_and_the_next_one_is_right(deck: Path) -> None:
    out = deck / "out"
    before = outputs(out)
    line = ("build", "deck", "--out", "out")
    environment = {"SOURCE_DATE_EPOCH": str(int(time.time()) + 10)}
    with forks() as starter:
        began = time.monotonic()
        assert starter.start(deck, *line, env=environment).wait() == 0
        duration = time.monotonic() - began
        after = outputs(out)
        assert all(after[name] != before[name] for name in after)
        for share in KILLS:
            for name, content in before.items():
                (out / name).write_bytes(content)
            build = starter.start(deck, *line, env=environment)
            time.sleep(share * duration)
            build.kill()
            build.wait()
            left = outputs(out)
            assert all(left[name] in (before[name], after[name]) for name in left)
        assert starter.start(deck, *line, env=environment).wait() == 0
        assert outputs(out) == after


@pytest.mark.tries("ends a build, or meets another")
@pytest.mark.kills
def test_two_builds_at_once_leave_whole_outputs(deck: Path) -> None:
    builds = [start(deck, "--seed", str(seed)) for seed in (3, 4)]
    assert [build.wait() for build in builds] == [0, 0]
    outputs(deck / "out")
    assert not list((deck / "out").glob(".*.part"))


@pytest.mark.tries("ends a build, or meets another")
@pytest.mark.kills
@pytest.mark.parametrize("share", [0.1, 0.2, 0.4, 0.6, 0.8])
def test_ctrl_c_says_that_nothing_was_written(share: float, deck: Path, duration: float) -> None:
    before = outputs(deck / "out")
    command = [sys.executable, "-m", "eigendeck", "build", "deck", "--out", "out", "--seed", "5"]
    build = subprocess.Popen(command, cwd=deck, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not Path(f"/proc/{build.pid}/cmdline").read_bytes():  # Python has not begun
        time.sleep(0.001)
    time.sleep(0.1 + share * (duration - 0.1))
    os.killpg(build.pid, signal.SIGINT)
    _, said = build.communicate(timeout=60)
    if "growing.html" not in said:  # else it was quicker this time
        assert said.strip().splitlines() == ["interrupted; nothing was written."]
        # Python itself ends by the signal where it met it in an import of code made on the fly; shells say 130, too.
        assert build.returncode in (130, -signal.SIGINT)
        assert outputs(deck / "out") == before


LIBRARY = """
import os, signal, time
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(9)
except KeyboardInterrupt{caught}:
    raise ImportError("the rest of this library is missing"){cause}
"""


@pytest.mark.tries("ends a build, or meets another")
@pytest.mark.parametrize("cause", [(" as error", " from error"), ("", ""), ("", " from None")])
@pytest.mark.kills
def test_ctrl_c_in_a_library_that_makes_another_error_of_it(cause: tuple[str, str], deck: Path) -> None:
    before = outputs(deck / "out")
    (deck / "libraries").mkdir()
    (deck / "libraries" / "jinja2.py").write_text(LIBRARY.format(caught=cause[0], cause=cause[1]))
    command = [sys.executable, "-m", "eigendeck", "build", "deck", "--out", "out"]
    environment = os.environ | {"PYTHONPATH": str(deck / "libraries")}
    done = subprocess.run(command, cwd=deck, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.strip().splitlines() == ["interrupted; nothing was written."]
    assert done.returncode == 130
    assert outputs(deck / "out") == before


@pytest.mark.kills
def test_a_library_that_fails_of_itself_is_no_ctrl_c(deck: Path) -> None:
    (deck / "libraries").mkdir()
    (deck / "libraries" / "jinja2.py").write_text("raise ImportError('the rest of this library is missing')")
    command = [sys.executable, "-m", "eigendeck", "build", "deck", "--out", "out"]
    environment = os.environ | {"PYTHONPATH": str(deck / "libraries")}
    done = subprocess.run(command, cwd=deck, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 70

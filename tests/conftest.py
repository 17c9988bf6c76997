"""What many tests share: the shipped deck, built through the command line, and a Chromium."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import settings

from eigendeck import cli
from eigendeck.worked.process import Process
from warm import warm

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes is the affair of the machine, and of what else it does. The suite tries the same examples
# each time, so that it fails where something has changed; `make fuzz` seeks others.
settings.register_profile("steady", deadline=None, derandomize="FUZZ_SECONDS" not in os.environ)
settings.load_profile("steady")

# A shell has what runs in its background ignore Ctrl-C, and so would everything that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
CARDS = ROOT / "cards"
DECKS = ROOT / "tests" / "decks"  # in other languages
READ_LATE = {"SOURCE_DATE_EPOCH", "PATH"}  # by the command that they concern, not when Python starts
NO_BROWSER = {"PATH": "/none"}  # an environment in which none is found, so that no PDF is made


def eigendeck(
    *arguments: object, cwd: Path, env: dict[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """Runs the command line, and insists on its exit code.

    In this process, which has NumPy and Matplotlib already; in one of its own where Python itself, too, reads what is
    other in the environment.
    """
    line = [str(argument) for argument in arguments]
    if env is None or env.keys() <= READ_LATE:
        out, error = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, env or {}),
            beside_a_browser(),
            contextlib.chdir(cwd),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(error),
        ):
            end = cli.run(line)
        done = subprocess.CompletedProcess(line, end, out.getvalue(), error.getvalue())
    else:
        command = [sys.executable, "-m", "eigendeck", *line]
        done = subprocess.run(
            command, cwd=cwd, env=os.environ | env, capture_output=True, text=True, timeout=300, check=False
        )
    assert done.returncode == code, f"exit code {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
    return done


@contextlib.contextmanager
def beside_a_browser() -> Iterator[None]:
    """What runs in it may start a browser of its own: the one of the tests looks like an event loop that runs."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)


# The files that take longest, in the order of their time: they go first, so that no process is left alone with one.
LONGEST = (
    *("extras", "release", "sheet", "editions_kills", "cards", "reviewer", "preview_page", "languages", "store"),
    *("tries", "interrupted", "preview", "phones", "hostile_doors", "hostile_texts", "cut", "rehearse", "editions"),
    *("worksheet", "faults", "budget", "check", "docs", "build", "formula_faults", "textbook_formulas", "wide"),
    *("sandbox", "subjects", "library", "unchanged", "fuzz", "formula", "substitute", "overflow", "part", "limits"),
    *("read", "drawing", "draw", "scaffold", "previous_package", "variants", "numbers"),
)


def pytest_configure() -> None:
    """Thousands of tests are collected, none of them a cycle: to look for some took a sixth of the time."""
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the tests by file, the longest first, and marks what `make quick` leaves out, by what the tests use."""
    for item in items:
        used = getattr(item, "fixturenames", ())
        if "browser" in used:
            item.add_marker("browser")
        if "reseeded" in used:
            item.add_marker("twice")
        if not {"attacked", "crowd"}.isdisjoint(used):
            item.add_marker("kills")
    order = {f"test_{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for cycles, again and again, took a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def own_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Stores of tests are sealed with a key of their own, and not with that of whoever runs them."""
    state = made_once("state", tmp_path_factory, lambda folder: None)
    os.environ["XDG_STATE_HOME"] = os.environ["LOCALAPPDATA"] = str(state)


@pytest.fixture(scope="session", autouse=True)
def warm_workers() -> Iterator[None]:
    """Commands that run in this process share their workers, one after the other."""
    with warm():
        yield


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of how workers start and end: nothing is shared."""
    monkeypatch.setattr("eigendeck.worked.sandbox.Process", Process)


def left(folder: Path) -> dict[str, bytes]:
    """What lies in a folder, by name, but for what builds keep there for the next one."""
    return {path.name: path.read_bytes() for path in folder.glob("*") if path.name != ".eigendeck"}


def made_once(name: str, factory: pytest.TempPathFactory, make: Callable[[Path], object]) -> Path:
    """A folder that one process of a test run fills, and all of them use."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = factory.mktemp(name)
        make(folder)
        return folder
    folder = factory.getbasetemp().parent / name
    ready, end = folder.with_suffix(".ready"), time.monotonic() + 300
    try:
        folder.mkdir()
    except FileExistsError:
        while not ready.exists():
            assert time.monotonic() < end, f"{folder} was never ready"
            time.sleep(0.1)
        return folder
    make(folder)
    ready.touch()
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the outputs of the shipped deck, seed 0."""
    return made_once("built", tmp_path_factory, lambda out: eigendeck("build", CARDS, "--out", out, cwd=out))


@pytest.fixture(scope="session")
def package(built: Path) -> Path:
    """The package of the shipped deck."""
    return built / "refresher.apkg"


@pytest.fixture(scope="session")
def page(built: Path) -> Path:
    """The sheet of the shipped deck."""
    return built / "refresher.html"


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes folders, called as the decks in other languages are, with their outputs and what was said of them."""

    @cache
    def folder(language: str) -> Path:
        def build(place: Path) -> None:
            said = eigendeck("build", DECKS / language, "--out", place / language, cwd=place).stderr
            (place / "said.txt").write_text(said, encoding="utf-8")

        return made_once(f"deck-{language}", tmp_path_factory, build) / language

    return folder


@pytest.fixture(scope="session")
def reseeded(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the shipped deck, built again with seed 2 after the one of seed 0."""

    def build(out: Path) -> None:
        (out / "refresher.apkg").write_bytes((built / "refresher.apkg").read_bytes())
        eigendeck("build", CARDS, "--out", out, "--seed", 2, cwd=out)

    return made_once("reseeded", tmp_path_factory, build) / "refresher.apkg"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium shared by all tests of a process: each opens pages of its own."""
    from browser import launched

    with launched() as running:
        yield running

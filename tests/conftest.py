"""What many tests share: the shipped deck, built through the command line, and a Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser import launched

ROOT = Path(__file__).parents[1]
CARDS = ROOT / "cards"


def eigendeck(
    *arguments: object, cwd: Path, env: dict[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """Runs the command line in another process, and insists on its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "eigendeck", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | (env or {}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, f"exit code {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the outputs of the shipped deck, seed 0."""
    out = tmp_path_factory.mktemp("built")
    eigendeck("build", CARDS, "--out", out, cwd=out)
    return out


@pytest.fixture(scope="session")
def package(built: Path) -> Path:
    """The package of the shipped deck."""
    return built / "refresher.apkg"


@pytest.fixture(scope="session")
def page(built: Path) -> Path:
    """The sheet of the shipped deck."""
    return built / "refresher.html"


@pytest.fixture(scope="session")
def reseeded(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the shipped deck, built again with seed 2 after the one of seed 0."""
    out = tmp_path_factory.mktemp("reseeded")
    (out / "refresher.apkg").write_bytes((built / "refresher.apkg").read_bytes())
    eigendeck("build", CARDS, "--out", out, "--seed", 2, cwd=out)
    return out / "refresher.apkg"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium shared by the tests of one module."""
    with launched() as running:
        yield running

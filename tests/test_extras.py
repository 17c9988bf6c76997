"""The wheel alone and with each extra, on every Python that it is for: a command works, or names what it lacks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import ROOT, made_once
from decks import card, section, write
from eigendeck import cli

PATIENCE = 900  # seconds
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
ALONE = ["", *sorted(EXTRAS.keys() - {"test"})]
PYTHONS = (11, 12, 13)


RUN = """
import contextlib, io, json, sys
from eigendeck.cli import run
done = []
for line in sys.argv[1:]:
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = run(line.split())
    done.append((code, error.getvalue()))
print(json.dumps(done))
"""
WORK = ("check deck", "init other", "new second deck", "plots bars", "schema", "worksheet deck", "--version")
NEED = {
    "build deck --pdf": "pdf",
    "rehearse build/small.apkg build/small.apkg": "anki",
    "check deck --watch": "preview",
    "preview deck --port 0 --no-open": "preview",
    "editions deck --count 1 --scheduler tcp://127.0.0.1:9": "cluster",
}


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel and one extra; a folder with a deck that was built."""

    python: Path
    folder: Path

    def run(self, *lines: str) -> list[tuple[int, str]]:
        """Runs commands of the program, one after the other in one process: their exit codes and what they say."""
        command = [self.python, "-c", RUN, *lines]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE, env=clean())
        assert done.returncode == 0, done.stderr
        return [(code, said) for code, said in json.loads(done.stdout)]


def clean() -> dict[str, str]:
    """The environment without what would bring modules in."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def interpreter(minor: int) -> str:
    """Returns a Python of that version; skips the test where there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    named = [shutil.which(f"python3.{minor}"), *map(str, pyenv.glob(f"versions/3.{minor}.*/bin/python"))]
    for path in filter(None, named):
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        if done.stdout.startswith(f"Python 3.{minor}."):
            return path
    pytest.skip(f"there is no Python 3.{minor} here")


def pip(python: Path | str, *arguments: object) -> None:
    """Runs pip for an environment."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", python]
    done = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr


def environment(folder: Path, python: str) -> Path:
    """Makes an environment, and returns its Python."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True, capture_output=True, env=clean())
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this source."""
    make = ("wheel", "--no-deps", "--wheel-dir")
    folder = made_once("wheel", tmp_path_factory, lambda made: pip(sys.executable, *make, made, ROOT))
    (found,) = folder.glob("eigendeck-*.whl")
    return found


@pytest.fixture(scope="module", params=PYTHONS, ids=lambda minor: f"3.{minor}")
def plain(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A Python, and an environment of it that holds the wheel and what it needs, and nothing else."""
    python = interpreter(request.param)

    def make(folder: Path) -> None:
        pip(environment(folder / "env", python), "install", wheel)

    return python, made_once(f"plain-{request.param}", tmp_path_factory, make) / "env"


@pytest.fixture(params=ALONE, ids=lambda extra: extra or "none")
def installed(request: pytest.FixtureRequest, plain: tuple[str, Path], wheel: Path, tmp_path: Path) -> Installed:
    """The wheel with one extra; what the wheel itself needs is that of the plain environment."""
    own, base = tmp_path / "env", plain[1]
    python = environment(own, plain[0])
    (site,), (shared,) = (list(folder.glob("[Ll]ib/**/site-packages")) for folder in (own, base))
    (site / "plain.pth").write_text(f"{shared}\n", encoding="utf-8")
    if request.param:
        pip(python, "install", f"{wheel}[{request.param}]")
    write(tmp_path / "deck", section(card()))
    return Installed(python, tmp_path)


@pytest.mark.wheel
def test_every_command_works_or_names_the_extra_that_it_lacks(
    installed: Installed, request: pytest.FixtureRequest
) -> None:
    extra = request.node.callspec.params["installed"]
    assert set(NEED.values()) == set(ALONE) - {""}
    lacking = [line for line, needed in NEED.items() if needed != extra]
    works = ("build deck", *WORK)
    for line, (code, said) in zip((*works, *lacking), installed.run(*works, *lacking), strict=True):
        if line in works:
            assert code == cli.DONE, f"{line}: {said}"
        else:
            assert code == cli.MISSING, f"{line}: {said}"
            assert said.endswith(f"pip install 'eigendeck[{NEED[line]}]'\n"), said
    with_it = {"pdf": prints, "anki": rehearses, "preview": shows, "cluster": asks_the_scheduler}
    if extra:
        with_it[extra](installed)


def prints(installed: Installed) -> None:
    """Makes a PDF, or misses a browser and nothing else."""
    ((code, said),) = installed.run("build deck --pdf")
    assert code == cli.DONE or "Chromium" in said, said


def rehearses(installed: Installed) -> None:
    """Imports a package into the real Anki."""
    ((code, said),) = installed.run("rehearse build/small.apkg build/small.apkg")
    assert code == cli.DONE, said


def shows(installed: Installed) -> None:
    """Shows the deck until it is interrupted."""
    command = [installed.python, "-m", "eigendeck", "preview", "deck", "--port", "0", "--no-open"]
    with subprocess.Popen(
        command, cwd=installed.folder, env=clean(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == cli.DONE


def asks_the_scheduler(installed: Installed) -> None:
    """Finds no scheduler where there is none, and says so."""
    ((code, said),) = installed.run("editions deck --count 1 --scheduler tcp://127.0.0.1:9")
    assert code not in (cli.DONE, cli.MISSING, cli.BUG), said

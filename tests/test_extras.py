"""The wheel alone and with each extra, on every Python that it is for: a command works, or names what it lacks."""

from __future__ import annotations

import hashlib
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
from environments import BIN, PATIENCE, Package, clean, environment, link, needed, packages, pip, site

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
AT_ONCE = {  # how a command that needs an extra ends where it is there
    "build deck --pdf": lambda code, said: code == cli.DONE or "Chromium" in said,  # a browser is another thing
    "rehearse build/small.apkg build/small.apkg": lambda code, said: code == cli.DONE,
    "editions deck --count 1 --scheduler tcp://127.0.0.1:9": lambda code, said: (
        code not in (cli.DONE, cli.MISSING, cli.BUG)  # nobody listens there
    ),
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


def interpreter(minor: int) -> str:
    """Returns a Python of that version; skips the test where there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    named = [shutil.which(f"python3.{minor}"), *map(str, pyenv.glob(f"versions/3.{minor}.*/bin/python"))]
    for path in filter(None, named):
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        if done.stdout.startswith(f"Python 3.{minor}."):
            return path
    pytest.skip(f"there is no Python 3.{minor} here")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this source."""

    def make(folder: Path) -> None:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    (found,) = made_once("wheel", tmp_path_factory, make).glob("eigendeck-*.whl")
    return found


@pytest.fixture(scope="module", params=PYTHONS, ids=lambda minor: f"3.{minor}")
def everything(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel with all extras, from which others take what they need.

    What is compiled for another Python comes from pip, once for all runs; all else is that of this environment.
    """
    python = interpreter(request.param)

    def make(folder: Path) -> None:
        own = environment(folder, python)
        pip(own, "install", "--no-compile", "--no-deps", wheel)
        here = packages(*sys.path) | packages(site(own))
        names = {name for extra in ALONE for name in needed(extra, own, here)} - {"eigendeck"}
        suiting = {name for name in names & here.keys() if suits(here[name], request.param)}
        foreign = sorted(f"{name}=={here[name].version}" if name in here else name for name in names - suiting)
        there = here if not foreign else here | packages(site(compiled(python, foreign)))
        link(own, there, names)
        (site(own) / "__pycache__").mkdir(exist_ok=True)

    return made_once(f"everything-{request.param}", tmp_path_factory, make) / BIN / "python"


def compiled(python: str, requirements: list[str]) -> Path:
    """The Python of an environment with these alone, kept for the next run beside what `make test` has set up."""
    known = hashlib.sha256("\n".join([python, *requirements]).encode()).hexdigest()[:16]
    kept = Path(sys.prefix) / "pythons" / known
    if not kept.is_dir():
        made = kept.with_suffix(f".{os.getpid()}")
        pip(environment(made, python), "install", "--no-compile", "--no-deps", "--only-binary", ":all:", *requirements)
        made.rename(kept)
    return kept / BIN / "python"


def suits(one: Package, minor: int) -> bool:
    """Whether a distribution of this environment is one for a Python 3, too."""
    return minor == sys.version_info.minor or any(abi in ("none", "abi3") for _, abi in one.tags)


def asked_for(extra: str, python: Path) -> set[str]:
    """The names of the files and folders of the wheel with one extra: what the metadata asks for, and nothing else."""
    there = packages(site(python))
    names = needed(extra, python, there)
    owners: dict[str, set[str]] = {}
    for name, one in there.items():
        for top in one.tops:
            owners.setdefault(top, set()).add(name)
    mine = {top for top, by in owners.items() if by & names}
    assert all(owners[top] <= names for top in mine), "a folder that two distributions share"
    return mine


@pytest.fixture(params=ALONE, ids=lambda extra: extra or "none")
def installed(request: pytest.FixtureRequest, everything: Path, tmp_path: Path) -> Installed:
    """The wheel with one extra, and what both need."""
    python = environment(tmp_path / "env", str(everything))
    for name in (*asked_for(request.param, everything), "__pycache__"):
        (site(python) / name).symlink_to(site(everything) / name)
    write(tmp_path / "deck", section(card()))
    return Installed(python, tmp_path)


@pytest.mark.wheel
def test_every_command_works_or_names_the_extra_that_it_lacks(
    installed: Installed, request: pytest.FixtureRequest
) -> None:
    extra = request.node.callspec.params["installed"]
    assert set(NEED.values()) == set(ALONE) - {""}
    # An extra changes no other command: that is looked at on one Python, and on each what works without any.
    everywhere = not extra or request.node.callspec.params["everything"] == sys.version_info.minor
    works = ("build deck", *(WORK if everywhere else ("worksheet deck",)))
    served = [line for line, needed in NEED.items() if needed == extra and line in AT_ONCE]
    lacking = [line for line, needed in NEED.items() if needed != extra]
    lines = (*works, *lacking, *served)  # one process: to import what it needs is most of what it does
    for line, (code, said) in zip(lines, installed.run(*lines), strict=True):
        if line in works:
            assert code == cli.DONE, f"{line}: {said}"
        elif line in lacking:
            assert code == cli.MISSING, f"{line}: {said}"
            assert said.endswith(f"pip install 'eigendeck[{NEED[line]}]'\n"), said
        else:
            assert AT_ONCE[line](code, said), said
    if extra == "preview":
        shows(installed)


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

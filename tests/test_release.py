"""The release: the same bytes on two runs, dated by its commit, and a package that learners import without Python."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from eigendeck import __version__
from environments import environment, link, needed, packages, pip
from packages import database, fields

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
TARGET = re.compile(r"^make(?: [a-z]+)?$", re.MULTILINE)


def test_the_workflow_calls_what_ci_calls() -> None:
    jobs: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    steps = [step["run"] for step in jobs["test"]["steps"] if "run" in step]
    assert steps == TARGET.findall((ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert "make release" in [step.get("run") for step in jobs["release"]["steps"]]


def test_one_version_everywhere_and_a_date_in_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert re.search(
        rf"^## {re.escape(__version__)}, \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M
    )


def release(clone: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs `make release` in a clone, with the tools of this environment."""
    made = [f"--assume-old=.venv/{stamp}" for stamp in ("ready", "released", "browser")]
    command = ["make", "release", *made, f"BIN={Path(sys.executable).parent}", *options]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, timeout=600, check=False)


def commit(clone: Path, date: str) -> None:
    """Commits what is staged in a clone, even if that is nothing."""
    dated = os.environ | {"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
    command = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "--allow-empty"]
    subprocess.run([*command, "-m", date], cwd=clone, env=dated, check=True)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of what is committed, with its release in `dist`: of two sections, which take a tenth of the time."""
    clone = tmp_path_factory.mktemp("release") / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    others = [path for path in clone.glob("cards/[0-9]*.yaml") if path.stem > "03"]
    subprocess.run(["git", "rm", "--quiet", *others], cwd=clone, check=True)
    commit(clone, "2030-01-01T00:00:00Z")
    done = release(clone)
    assert done.returncode == 0, done.stderr
    return clone


def sums(dist: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in dist.iterdir()}


@pytest.mark.wheel
@pytest.mark.browser
def test_a_release_has_the_same_bytes_on_two_runs_and_says_their_sums(clone: Path) -> None:
    first = sums(clone / "dist")
    assert {
        f"eigendeck-{__version__}-py3-none-any.whl",
        f"eigendeck-{__version__}.tar.gz",
        "refresher.apkg",
        "refresher.html",
        "refresher.pdf",
        "refresher.cards.html",
        "refresher.cards.pdf",
        "SHA256SUMS",
    } == first.keys()
    listed = (clone / "dist" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {name: digest for digest, name in (line.split("  ") for line in listed)} == {
        name: digest for name, digest in first.items() if name != "SHA256SUMS"
    }
    assert release(clone).returncode == 0
    assert sums(clone / "dist") == first


@pytest.mark.wheel
@pytest.mark.browser
def test_the_notes_of_a_release_are_dated_by_its_commit_or_as_in_the_one_before(clone: Path, tmp_path: Path) -> None:
    committed = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=clone, capture_output=True, text=True, check=True
    )
    times = {time for (time,) in database(clone / "dist" / "refresher.apkg").execute("SELECT mod FROM notes")}
    assert times == {int(committed.stdout)}
    previous = shutil.copy(clone / "dist" / "refresher.apkg", tmp_path)
    commit(clone, "2040-01-01T00:00:00Z")
    assert release(clone, f"PREVIOUS={previous}").returncode == 0
    assert (clone / "dist" / "refresher.apkg").read_bytes() == Path(previous).read_bytes()


@pytest.mark.wheel
@pytest.mark.browser
def test_the_wheel_of_a_release_builds_its_deck_in_an_empty_environment(clone: Path, tmp_path: Path) -> None:
    (wheel,) = (clone / "dist").glob("*.whl")
    python = environment(tmp_path / "env", sys.executable)
    with zipfile.ZipFile(wheel) as whole:
        whole.extractall(tmp_path / "said", [name for name in whole.namelist() if ".dist-info/" in name])
    here = packages(*sys.path) | packages(tmp_path / "said")
    link(python, here, needed("", python, here) - {"eigendeck"})
    pip(python, "install", "--no-compile", "--no-index", wheel)  # which sees that all that it asks for is there
    scripts = python.parent
    subprocess.run([scripts / "eigendeck", "build"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "build" / "refresher.html").is_file()
    assert fields(tmp_path / "build" / "refresher.apkg") == fields(clone / "dist" / "refresher.apkg")
    shown = subprocess.run([scripts / "eigendeck", "plots", "arrows"], check=True, capture_output=True, text=True)
    assert "→ Arrows from the origin" in shown.stdout  # its examples come along


@pytest.mark.wheel
def test_what_is_not_committed_is_not_released(clone: Path) -> None:
    (clone / "stray").write_text("")
    done = release(clone)
    (clone / "stray").unlink()
    assert done.returncode != 0
    assert "Commit first" in done.stdout + done.stderr

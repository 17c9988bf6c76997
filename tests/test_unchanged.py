"""A build of which nothing has changed: it says so at once, and neither imports, starts nor writes anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import decks
from conftest import eigendeck, left

# Told by Python itself, and written down where the test reads it.
WATCHING = """
import os, sys
told = open(os.environ["TOLD"], "a")
def hook(event, arguments):
    written = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event == "subprocess.Popen" or written:
        told.write(f"{event} {arguments[0]}\\n")
    elif event == "import" and arguments[0] in ("numpy", "matplotlib", "pydantic", "yaml", "typer", "genanki"):
        told.write(f"import {arguments[0]}\\n")
sys.addaudithook(hook)
"""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder with a deck, and its outputs."""
    cards = (decks.card(), decks.card(id="wide", says="Adds {x} up.", plot={"arrows": {"x": "x[:2]"}}))
    decks.write(tmp_path / "deck", decks.section(*cards))
    eigendeck("build", "deck", cwd=tmp_path)
    return tmp_path


def watched(folder: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """What a command says, and what it imports that takes time, starts, and opens to write."""
    (folder / "watching").mkdir(exist_ok=True)
    (folder / "watching" / "sitecustomize.py").write_text(WATCHING)
    told = folder / "told"
    told.unlink(missing_ok=True)
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    environment |= {"PYTHONPATH": str(folder / "watching"), "TOLD": str(told), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "eigendeck", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done, told.read_text().splitlines()


def times(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_it_imports_nothing_that_takes_time_starts_nothing_and_writes_nothing(built: Path) -> None:
    before = times(built / "build")
    done, told = watched(built, "build", "deck")
    assert (done.returncode, told) == (0, []), done.stderr
    assert times(built / "build") == before
    assert "Small: 4 cards from 2 notes, 4 variants, seed 0.\n" in done.stderr
    assert "As an earlier build made them: 2 notes.\n" in done.stderr
    assert "Against the previous package: 0 new, 0 changed, 2 unchanged, 0 retired.\n" in done.stderr
    assert "deck/01-numbers.yaml:19:16: warning: wide: says: " in done.stderr
    assert done.stderr.endswith("  build/small.apkg\n  build/small.html\n")


def test_the_guard_of_the_test_before_sees_what_a_build_does(built: Path) -> None:
    _, told = watched(built, "build", "deck", "--no-store")
    assert {"import numpy", "import matplotlib", "import typer", "import yaml"} <= set(told)
    assert any(line.startswith("subprocess.Popen") for line in told)


def test_the_version_is_said_at_once(tmp_path: Path) -> None:
    done, told = watched(tmp_path, "--version")
    assert done.stdout.startswith("eigendeck ")
    assert not told


def test_the_help_is_said_without_what_builds_need(tmp_path: Path) -> None:
    done, told = watched(tmp_path, "build", "--help")
    assert "--fresh" in done.stdout
    assert set(told) <= {"import typer", "import pydantic"}  # which typer itself imports


def test_a_fault_of_yaml_is_said_without_numpy_and_workers(built: Path) -> None:
    (built / "deck" / "02-more.yaml").write_text("section: More\ncards:\n  - id: [x\n")
    for store in ([], ["--out", "elsewhere"]):  # what is whole is in the store, or has to be worked
        if store:
            (built / "deck" / "01-numbers.yaml").unlink()
        done, told = watched(built, "build", "deck", *store)
        assert "deck/02-more.yaml:3:9: error: this `[` has no end" in done.stderr
        assert done.stderr.endswith("1 fault; nothing was written.\n")
        assert not {"import numpy", "import matplotlib"} & set(told)
        assert not any(line.startswith("subprocess.Popen") for line in told)


def test_where_a_word_has_changed_nothing_is_drawn_anew_or_worked(built: Path) -> None:
    section = built / "deck" / "01-numbers.yaml"
    section.write_text(section.read_text().replace("Adds the", "Adds all"))
    done, told = watched(built, "build", "deck")
    assert "0 new, 1 changed, 1 unchanged, 0 retired." in done.stderr
    assert any(line.startswith("open") for line in told)
    assert not {"import numpy", "import matplotlib"} & set(told)
    assert not any(line.startswith("subprocess.Popen") for line in told)


@pytest.mark.parametrize(
    "options", [[], ["--json"], ["--verbose"], ["--quiet"], ["--only", "total"], ["--seed=0"]], ids=" ".join
)
def test_it_says_what_a_build_says_that_makes_everything(built: Path, options: list[str]) -> None:
    eigendeck("build", "deck", *options, cwd=built)
    at_once = eigendeck("build", "deck", *options, cwd=built)
    made = eigendeck("build", "deck", *options, "--no-store", cwd=built)
    if options == ["--json"]:
        assert json.loads(at_once.stdout) == json.loads(made.stdout) | {"reused": 2}
    else:
        assert (
            at_once.stderr.replace("As an earlier build made them: 2 notes.\n", "").replace(
                "As an earlier build made them: 1 note.\n", ""
            )
            == made.stderr
        )


def harmed(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def linked(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


@pytest.mark.parametrize("harm", [harmed, linked, Path.unlink])
def test_an_output_that_is_not_as_it_was_is_made_again(built: Path, harm: object) -> None:
    before = left(built / "build")
    harm(built / "build" / "small.html")  # type: ignore[operator]
    eigendeck("build", "deck", cwd=built)
    assert not (built / "build" / "small.html").is_symlink()
    assert {name: content for name, content in left(built / "build").items() if name in before} == before


def test_another_package_in_its_place_is_compared_with(built: Path) -> None:
    eigendeck("build", "deck", "--out", "other", "--seed", 3, cwd=built)
    (built / "build" / "small.apkg").write_bytes((built / "other" / "small.apkg").read_bytes())
    said = eigendeck("build", "deck", cwd=built).stderr
    assert "Against the previous package: 0 new, 2 changed, 0 unchanged, 0 retired.\n" in said
    assert "warning: the previous package has seed 3" in said


def test_with_fresh_every_note_is_dated_anew(built: Path) -> None:
    assert "dated anew" in eigendeck("build", "deck", "--fresh", cwd=built).stderr


def test_a_deck_that_was_changed_and_changed_back_has_its_first_outputs(built: Path) -> None:
    section = built / "deck" / "01-numbers.yaml"
    text, before = section.read_text(), left(built / "build")["small.html"]
    section.write_text(text.replace("Adds the", "Adds all"))
    eigendeck("build", "deck", cwd=built)
    section.write_text(text)
    said = eigendeck("build", "deck", cwd=built).stderr
    assert "0 new, 1 changed, 1 unchanged, 0 retired." in said
    assert left(built / "build")["small.html"] == before

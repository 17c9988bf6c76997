"""What a build says of the notes, how much of it, and what opens its package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import decks
from conftest import eigendeck
from eigendeck import cli


def write(folder: Path, says: dict[str, str]) -> None:
    """Writes a deck of these cards, each with what it says."""
    cards = [decks.card(id=card_id, says=text, variants=1) for card_id, text in says.items()]
    decks.write(folder / "deck", decks.section(*cards), id="sums", title="Sums")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a deck and the package of what it was: 12 of its cards have changed, one is gone, one is new."""
    folder = tmp_path_factory.mktemp("rebuilt")
    ids = [f"card-{n:02}" for n in range(14)]
    write(folder, dict.fromkeys(ids, "Adds up."))
    eigendeck("build", "deck", cwd=folder)
    write(folder, {**dict.fromkeys(ids[:12], "Adds all up."), ids[12]: "Adds up.", "new-one": "Adds up."})
    return folder


def test_a_build_names_the_notes_that_changed_the_first_ten_of_a_kind(rebuilt: Path) -> None:
    said = eigendeck("build", "deck", "--out", rebuilt / "build", cwd=rebuilt).stderr
    ten = ", ".join(f"card-{n:02}" for n in range(10))
    assert (
        "Against the previous package: 1 new, 12 changed, 1 unchanged, 1 retired.\n"
        "  new: new-one\n"
        f"  changed: {ten} and 2 more\n"
        "  retired: card-13\n"
    ) in said


def test_a_build_names_all_of_them_where_it_is_asked_to(rebuilt: Path, tmp_path: Path) -> None:
    write(tmp_path, {f"card-{n:02}": "Adds up." for n in range(14)})
    eigendeck("build", "deck", cwd=tmp_path)
    write(tmp_path, {f"card-{n:02}": "Adds all up." for n in range(14)})
    said = eigendeck("build", "deck", "--verbose", cwd=tmp_path).stderr
    assert f"  changed: {', '.join(f'card-{n:02}' for n in range(14))}\n" in said
    assert "  new:" not in said


def test_a_quiet_build_says_only_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, {"total": "Adds up."})
    done = eigendeck("build", "deck", "--quiet", cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("", "")
    assert (tmp_path / "build" / "sums.apkg").is_file()
    write(tmp_path, {"total": "Is it \\(x {y}\\)?", "other": "Adds {x}."})
    assert ": warning: other: says: " in eigendeck("build", "deck", "--quiet", cwd=tmp_path).stderr
    write(tmp_path, {"total": ""})
    assert "1 fault; nothing" in eigendeck("build", "deck", "--quiet", cwd=tmp_path, code=cli.AT_FAULT).stderr


# --- open


def programs(folder: Path, *names: str) -> str:
    """A path of programs that write down what they are given."""
    (folder / "programs").mkdir()
    for name in names:
        (folder / "programs" / name).write_text(f'#!/bin/sh\necho "$@" > {folder}/given\n')
        (folder / "programs" / name).chmod(0o755)
    return f"{folder / 'programs'}{':/bin' if names else ''}"


def test_open_hands_the_package_to_the_desktop(tmp_path: Path) -> None:
    write(tmp_path, {"total": "Adds up."})
    eigendeck("build", "deck", "--out", "there", cwd=tmp_path)
    command = [
        sys.executable,
        "-m",
        "eigendeck",
        "open",
        "deck",
        "--out",
        "there",
    ]  # alone: nobody waits for the desktop
    environment = os.environ | {"PATH": programs(tmp_path, "xdg-open", "open")}
    assert subprocess.run(command, cwd=tmp_path, env=environment, check=False).returncode == cli.DONE
    assert (tmp_path / "given").read_text().strip().endswith(str(tmp_path / "there" / "sums.apkg"))


def test_open_says_what_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {"total": "Adds up."})
    nothing = {"PATH": programs(tmp_path)}
    done = eigendeck("open", "deck", cwd=tmp_path, env=nothing, code=cli.AT_FAULT)
    assert done.stderr.startswith("build/sums.apkg:1:1: error: is not there\n    Build it first")
    eigendeck("build", "deck", cwd=tmp_path)
    done = eigendeck("open", "deck", cwd=tmp_path, env=nothing, code=cli.MISSING)
    assert "nothing here opens build/sums.apkg: install Anki" in done.stderr


# --- completion


COMPLETE = """
import contextlib, os, sys
from eigendeck.cli import main
for line in sys.argv[1:]:
    words = ["eigendeck", *line.split()]
    os.environ |= {"COMP_WORDS": "\\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    sys.argv = ["eigendeck"]
    with contextlib.suppress(SystemExit):
        main()
"""


def test_a_shell_completes_commands_options_and_choices() -> None:
    offered = {"bu": "build", "check --on": "--only", "check --format g": "github", "schema s": "section"}
    environment = os.environ | {"_EIGENDECK_COMPLETE": "complete_bash"}
    command = [sys.executable, "-c", COMPLETE, *offered]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.split() == list(offered.values())

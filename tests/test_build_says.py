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


def opened(folder: Path, *arguments: str, with_opener: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs `open` where the desktop's opener writes down what it is given, or where there is none."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    if with_opener:
        for name in ("xdg-open", "open"):
            (programs / name).write_text(f'#!/bin/sh\necho "$@" > {folder}/given\n')
            (programs / name).chmod(0o755)
    return subprocess.run(
        [sys.executable, "-m", "eigendeck", "open", *arguments],
        cwd=folder,
        env=os.environ | {"PATH": f"{programs}:/bin" if with_opener else str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_open_hands_the_package_to_the_desktop(tmp_path: Path) -> None:
    write(tmp_path, {"total": "Adds up."})
    eigendeck("build", "deck", "--out", "there", cwd=tmp_path)
    done = opened(tmp_path, "deck", "--out", "there")
    assert done.returncode == cli.DONE, done.stderr
    assert (tmp_path / "given").read_text().strip().endswith(str(tmp_path / "there" / "sums.apkg"))


def test_open_says_what_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {"total": "Adds up."})
    done = opened(tmp_path, "deck")
    assert done.returncode == cli.AT_FAULT
    assert done.stderr.startswith("build/sums.apkg:1:1: error: is not there\n    Build it first")
    eigendeck("build", "deck", cwd=tmp_path)
    (tmp_path / "given").unlink(missing_ok=True)
    for name in ("xdg-open", "open"):
        (tmp_path / "programs" / name).unlink()
    done = opened(tmp_path, "deck", with_opener=False)
    assert done.returncode == cli.MISSING
    assert "nothing here opens build/sums.apkg: install Anki" in done.stderr


# --- completion


def completed(*words: str) -> list[str]:
    """What a shell offers behind these words of a command line."""
    line = ["eigendeck", *words]
    code = "import sys; sys.argv = ['eigendeck']; from eigendeck.cli import main; main()"
    environment = {
        "_EIGENDECK_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(line),
        "COMP_CWORD": str(len(line) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    return done.stdout.split()


def test_a_shell_completes_commands_options_and_choices() -> None:
    assert completed("bu") == ["build"]
    assert completed("check", "--on") == ["--only"]
    assert completed("check", "--format", "g") == ["github"]
    assert completed("schema", "s") == ["section"]

"""Names that no one would give: of folders, files and options. Each is used, or refused in words."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from conftest import eigendeck
from decks import constants

pytestmark = pytest.mark.tries("has names that are none")

LONG = "x" * 300


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return constants(tmp_path_factory.mktemp("odd") / "deck", {"id": "one"})


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
@pytest.mark.parametrize(
    "arguments", [["build"], ["build", "--only", "one"], ["check"], ["check", "--format", "github"], ["new", "two"]]
)
def test_a_deck_in_a_folder_whose_name_is_no_text_is_a_deck(arguments: list[str], deck: Path, tmp_path: Path) -> None:
    folder = os.fsdecode(b"deck\xff")
    shutil.copytree(deck, tmp_path / folder)
    eigendeck(*arguments, folder, cwd=tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
@pytest.mark.parametrize("command", ["build", "check", "worksheet", "cards"])
def test_a_section_whose_name_is_no_text_is_a_fault(command: str, deck: Path, tmp_path: Path) -> None:
    shutil.copytree(deck, tmp_path / "deck")
    (tmp_path / "deck" / os.fsdecode(b"02-\xff.yaml")).write_text("section: More\ncards: []\n")
    said = eigendeck(command, "deck", cwd=tmp_path, code=1).stderr
    assert "the name of a section's file is one word of letters, digits, hyphens and dots" in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", LONG], 1),
        (["build", "deck", "--out", LONG], 2),
        (["check", "deck", "--out", LONG], 0),
        (["preview", LONG, "--no-open"], 1),
        (["open", "deck", "--out", LONG], 2),
        (["rehearse", LONG, LONG], 1),
        (["init", LONG], 2),
        (["new", "two", "deck", "--section", LONG], 1),
        (["plots", "bars", "--out", LONG], 1),
        (["editions", "deck", "--count", 1, "--out", LONG], 2),
        (["editions", "deck", "--roster", LONG], 1),
        (["editions", "deck", "--roster", "/dev/zero"], 1),
        (["editions", "deck", "--roster", "/dev/null"], 1),
        (["editions", "deck", "--roster", "deck"], 1),
        (["rehearse", "/dev/zero", "deck"], 1),
        (["build", "/dev/zero"], 1),
        (["build", "deck", "--out", "/dev/null/x"], 2),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_in_words(
    arguments: list[object], code: int, deck: Path, tmp_path: Path
) -> None:
    shutil.copytree(deck, tmp_path / "deck")
    assert "Traceback" not in eigendeck(*arguments, cwd=tmp_path, code=code).stderr


def test_a_link_in_place_of_the_package_is_not_opened(deck: Path, tmp_path: Path) -> None:
    shutil.copytree(deck, tmp_path / "deck")
    (tmp_path / "run.sh").write_text("#!/bin/sh\ntouch ran\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "small.apkg").symlink_to(tmp_path / "run.sh")
    assert "is a link, and links are not followed" in eigendeck("open", "deck", cwd=tmp_path, code=1).stderr

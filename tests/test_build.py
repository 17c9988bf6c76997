"""Builds: the same bytes for the same inputs, whole outputs or none, and the ledger between two builds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CARDS, eigendeck, left
from decks import CONSTANT, card, section, write
from packages import fields

OUTPUTS = ("refresher.apkg", "refresher.html")


def outputs(folder: Path) -> dict[str, bytes]:
    """The outputs in a folder, by name; nothing else may lie there."""
    found = left(folder)
    assert set(found) == set(OUTPUTS)
    return found


@pytest.fixture
def deck(small: Path, tmp_path: Path) -> Path:
    """A copy of the small deck, to change."""
    shutil.copytree(small / "deck", tmp_path / "deck")
    return tmp_path / "deck"


@pytest.fixture
def again(small: Path, tmp_path: Path) -> Path:
    """A folder that holds the earlier outputs of the small deck."""
    shutil.copytree(small / "out", tmp_path / "again")
    return tmp_path / "again"


def test_a_second_build_changes_no_byte(small: Path, deck: Path, again: Path) -> None:
    done = eigendeck("build", deck, "--out", again, cwd=again)
    assert outputs(again) == outputs(small / "out")
    assert "0 new, 0 changed" in done.stderr


def test_another_process_folder_and_hash_seed_give_the_same_bytes(
    small: Path, deck: Path, again: Path, tmp_path: Path
) -> None:
    """Over the earlier outputs, and in a fresh folder at the same time."""
    elsewhere, first = tmp_path / "a folder elsewhere", tmp_path / "first"
    shutil.copytree(deck, elsewhere / "deck")
    eigendeck("build", deck, "--out", first, "--jobs", 1, cwd=tmp_path, env={"SOURCE_DATE_EPOCH": "1800000000"})
    code = (
        "import os\nfrom eigendeck.cli import run\nrun(['build', 'deck', '--out', '../again'])\n"
        "os.environ['SOURCE_DATE_EPOCH'] = '1800000000'\nrun(['build', 'deck', '--out', 'fresh'])"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code], cwd=elsewhere, env=environment, check=True)
    assert outputs(again) == outputs(small / "out")
    assert outputs(elsewhere / "fresh") == outputs(first)


def test_another_seed_changes_the_numbers_of_every_card_with_inputs_and_no_id(package: Path, reseeded: Path) -> None:
    old, new = fields(package), fields(reseeded)
    assert list(old) == list(new)
    with_inputs = {card_id for card_id in old if "data-variant" in old[card_id]["Work Front"]}
    drawn = re.findall(r"^  - id: (\S+)\n(?:    .*\n|\n)*?    given: ", (all_cards()), re.MULTILINE)
    assert set(drawn) <= with_inputs
    for card_id in drawn:
        assert old[card_id]["Work Back"] != new[card_id]["Work Back"], card_id
        assert old[card_id]["Says"] == new[card_id]["Says"]


def all_cards() -> str:
    """The text of all section files."""
    return "\n".join(path.read_text() for path in sorted(CARDS.glob("[0-9]*.yaml")))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first two sections of the shipped deck, which stand on their own, and the outputs of seed 0 beside them.

    Two variants of each card do.
    """
    folder = tmp_path_factory.mktemp("small")
    (folder / "deck").mkdir()
    for name in ("deck.yaml", "01-vectors.yaml", "02-matrices.yaml"):
        shutil.copy(CARDS / name, folder / "deck")
    meta = folder / "deck" / "deck.yaml"
    meta.write_text(re.sub(r"^variants: .*$", "variants: 2", meta.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    eigendeck("build", "deck", "--out", "out", cwd=folder)
    return folder


def test_a_deck_at_fault_leaves_the_earlier_outputs_untouched(small: Path, deck: Path, again: Path) -> None:
    section = deck / "01-vectors.yaml"
    section.write_text(section.read_text().replace("numpy: x @ y", "numpy: x @ z"))
    done = eigendeck("build", deck, "--out", again, cwd=again, code=1)
    assert '"z" is not defined' in done.stderr
    assert outputs(again) == outputs(small / "out")


def test_a_damaged_package_stops_the_build_and_fresh_goes_on_without_it(deck: Path, again: Path) -> None:
    (again / "refresher.apkg").write_bytes(b"not a package")
    before = left(again)
    done = eigendeck("build", deck, "--out", again, cwd=again, code=1)
    assert "--fresh" in done.stderr
    assert left(again) == before
    done = eigendeck("build", deck, "--out", again, "--fresh", cwd=again)
    assert "dated anew" in done.stderr


def test_another_decks_package_is_not_taken_for_the_ledger(deck: Path, again: Path, tmp_path: Path) -> None:
    meta = deck / "deck.yaml"
    meta.write_text(meta.read_text().replace("id: refresher", "id: another"))
    out = tmp_path / "out"
    out.mkdir()
    shutil.copy(again / "refresher.apkg", out / "another.apkg")
    done = eigendeck("build", deck, "--out", out, cwd=tmp_path, code=1)
    assert "another deck" in done.stderr


def test_a_renamed_section_is_refused_with_the_line_that_keeps_its_deck(deck: Path, again: Path) -> None:
    section = deck / "01-vectors.yaml"
    section.write_text(section.read_text().replace("section: Vectors", "section: Arrows"))
    done = eigendeck("build", deck, "--out", again, cwd=again, code=1)
    assert "01-vectors.yaml:1:1" in done.stderr
    assert "deck: 01 Vectors" in done.stderr
    section.write_text(section.read_text().replace("section: Arrows", "section: Arrows\ndeck: 01 Vectors"))
    eigendeck("build", deck, "--out", again, cwd=again)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "no-such-folder"], 1),
        (["build", "--seed", "seven"], 2),
        (["build", "--sed", "7"], 2),
        (["rebuild"], 2),
        (["check", "--draws", "0"], 2),
        (["--version"], 0),
        (["--help"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_exit_codes(tmp_path: Path, arguments: list[str], code: int) -> None:
    eigendeck(*arguments, cwd=tmp_path, code=code)


def test_messages_go_to_stderr_and_progress_only_to_a_terminal(deck: Path, again: Path) -> None:
    done = eigendeck("build", deck, "--out", again, cwd=again)
    assert done.stdout == ""
    assert "\r" not in done.stderr


def test_the_order_of_a_set_is_the_same_in_every_build(tmp_path: Path) -> None:
    words = "' '.join(sorted({'ant', 'bee', 'cat', 'dog', 'eel', 'fox'}))"  # as it stands, a set is refused
    write(tmp_path / "deck", section(card(**CONSTANT | {"numpy": words, "check": "len(answer) == 23"})))
    found = set()
    for hash_seed in ({}, {"PYTHONHASHSEED": "1"}):
        environment = {"SOURCE_DATE_EPOCH": "1800000000", **hash_seed}
        eigendeck("build", "deck", "--out", "out", "--fresh", "--no-store", cwd=tmp_path, env=environment)
        found.add((tmp_path / "out" / "small.apkg").read_bytes())
    assert len(found) == 1


def test_sections_of_the_same_number_have_ids_of_their_own_on_the_sheet(tmp_path: Path) -> None:
    deck = write(tmp_path / "deck")
    for name in ("one", "two"):
        (deck / f"01-{name}.yaml").write_text(section(card(id=name), section=name.title()))
    eigendeck("build", "deck", "--out", "out", cwd=tmp_path)
    ids = re.findall(r'\bid="([^"]+)"', (tmp_path / "out" / "small.html").read_text())
    assert len(ids) == len(set(ids))

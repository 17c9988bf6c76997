"""The names of decks in Anki: they never change unasked, whatever is in them, and may stand below another deck."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import eigendeck
from decks import constants
from eigendeck.rehearsal import import_package, open_collection

NAMES = (
    "ML Refresher",
    "Finance 101: Time Value",
    "yes",
    "1.10",
    "12:30",
    "Numbers # 2",
    'Say "it"',
    'it\'s \\ too: "so"',
    "- a",
    "[a]",
    "*",
    "Größe 大",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_line_that_keeps_a_decks_name_keeps_it(name: str, tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "one"}, meta={"title": name})
    eigendeck("build", deck, cwd=tmp_path)
    constants(deck, {"id": "one"}, meta={"title": "Another"})
    (line,) = re.findall(r"write `(.*)`, which keeps", eigendeck("build", deck, cwd=tmp_path, code=1).stderr)
    with (deck / "deck.yaml").open("a", encoding="utf-8") as meta:
        meta.write(f"{line}\n")
    assert "0 new, 0 changed, 1 unchanged" in eigendeck("build", deck, cwd=tmp_path).stderr


@pytest.mark.parametrize("name", NAMES[:4])
def test_the_line_that_keeps_a_sections_name_keeps_it(name: str, tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "one"}, deck=name)
    eigendeck("build", deck, cwd=tmp_path)
    constants(deck, {"id": "one"}, section="Another")
    (line,) = re.findall(r"write `(.*)`, which keeps", eigendeck("build", deck, cwd=tmp_path, code=1).stderr)
    file = deck / "01-numbers.yaml"
    file.write_text(f"{line}\n{file.read_text()}")
    assert "0 retired" in eigendeck("build", deck, cwd=tmp_path).stderr


def test_a_deck_may_stand_below_another_and_stays_there(tmp_path: Path) -> None:
    meta = {"title": "Biostatistics", "deck": "Medicine::Biostatistics"}
    deck = constants(tmp_path / "deck", {"id": "one"}, meta=meta)
    eigendeck("build", deck, cwd=tmp_path)
    assert "1 unchanged" in eigendeck("build", deck, cwd=tmp_path).stderr
    constants(deck, {"id": "one"}, meta={"title": "Biostatistics"})
    said = eigendeck("build", deck, cwd=tmp_path, code=1).stderr
    assert 'in Anki this deck is "Medicine::Biostatistics"' in said
    assert 'write `deck: "Medicine::Biostatistics"`' in said
    constants(deck, {"id": "one"}, meta=meta, section="Others")
    said = eigendeck("build", deck, cwd=tmp_path, code=1).stderr
    assert "write `deck: 01 Numbers`" in said


@pytest.mark.anki
def test_anki_puts_a_nested_deck_below_the_one_that_is_there(tmp_path: Path) -> None:
    collection = open_collection(tmp_path / "user")
    mine = collection.decks.id("Medicine")
    deck = constants(tmp_path / "deck", {"id": "one"}, meta={"deck": "Medicine::Biostatistics"})
    eigendeck("build", deck, cwd=tmp_path)
    package = tmp_path / "build" / "small.apkg"
    import_package(collection, package)
    names = {name.name: name.id for name in collection.decks.all_names_and_ids()}
    assert set(names) == {"Default", "Medicine", "Medicine::Biostatistics", "Medicine::Biostatistics::01 Numbers"}
    assert names["Medicine"] == mine
    assert len(collection.find_cards('"deck:Medicine::Biostatistics::01 Numbers"')) == 1
    collection.close()
    said = eigendeck("rehearse", package, package, cwd=tmp_path).stderr
    assert "Safe to import" in said

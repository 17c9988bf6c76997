"""A rehearsal says what the real Anki does with a second package; each kind of bad pair is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import CARDS, eigendeck
from eigendeck import rehearsal
from packages import Change, changed, models

if TYPE_CHECKING:
    from anki.collection import Collection

pytestmark = pytest.mark.anki


def another_guid(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE notes SET guid = guid || 'x'")


def another_note_type(connection: sqlite3.Connection) -> None:
    models(connection, lambda model: model.update(id="1763879999", name="Another"))
    connection.execute("UPDATE notes SET mid = 1763879999")


def one_more_field(connection: sqlite3.Connection) -> None:
    def add(model: dict[str, object]) -> None:
        fields = model["flds"]
        assert isinstance(fields, list)
        fields.append(fields[-1] | {"name": "One More", "ord": len(fields), "id": 77})

    models(connection, add)
    connection.execute("UPDATE notes SET flds = flds || char(31)")


def an_older_time(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE notes SET mod = mod - 1000000")


def one_guid_twice(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE notes SET guid = (SELECT guid FROM notes LIMIT 1) WHERE id = (SELECT max(id) FROM notes)"
    )


def nothing(connection: sqlite3.Connection) -> None:
    pass


def test_a_regenerated_package_is_safe_to_import(package: Path, reseeded: Path, tmp_path: Path) -> None:
    done = eigendeck("rehearse", package, reseeded, "--json", cwd=tmp_path)
    result = json.loads(done.stdout)
    assert result["good"]
    assert (result["added"], result["skipped"], result["duplicated"], result["conflicting"]) == ([], [], [], [])
    assert (result["lost_cards"], result["changed_schedules"], result["lost_reviews"]) == (0, 0, 0)
    assert result["reviews"] > 300
    assert result["losing_tags"] == result["updated"]


def test_when_one_text_changed_one_note_is_updated_and_the_others_keep_their_users_tags(
    built: Path, package: Path, tmp_path: Path
) -> None:
    deck, out = tmp_path / "deck", tmp_path / "out"
    shutil.copytree(CARDS, deck)
    shutil.copytree(built, out)
    section = deck / "01-vectors.yaml"
    old = "    concept: Dot product\n"
    assert old in section.read_text()
    section.write_text(section.read_text().replace(old, "    concept: The dot product\n"))
    eigendeck("build", deck, "--out", out, cwd=tmp_path)
    result = json.loads(eigendeck("rehearse", package, out / package.name, "--json", cwd=tmp_path).stdout)
    assert result["updated"] == ["dot-product"]
    assert result["losing_tags"] == ["dot-product"]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The package of the first section of the shipped deck, and the one of another seed after it."""
    folder = tmp_path_factory.mktemp("pair")
    (folder / "deck").mkdir()
    for name in ("deck.yaml", "01-vectors.yaml"):
        shutil.copy(CARDS / name, folder / "deck")
    eigendeck("build", "deck", "--out", "old", cwd=folder)
    shutil.copytree(folder / "old", folder / "new")
    eigendeck("build", "deck", "--out", "new", "--seed", 2, cwd=folder)
    return folder / "old" / "refresher.apkg", folder / "new" / "refresher.apkg"


def test_a_leech_that_anki_tags_while_it_is_studied_is_updated_too(
    pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    studied = rehearsal.study

    def with_a_leech(collection: Collection, **how: bool) -> None:
        studied(collection, **how)
        collection.tags.bulk_add(list(collection.find_notes("Id:dot-product")), "leech")  # as Anki does it: now

    monkeypatch.setattr(rehearsal, "study", with_a_leech)
    assert rehearsal.rehearse(*pair).skipped == []


@pytest.mark.parametrize(
    ("change", "without", "named"),
    [
        (another_guid, "", "duplicated"),
        (another_note_type, "", "skipped"),
        (one_more_field, "", "conflicting"),
        (an_older_time, "", "skipped"),
        (nothing, ".svg", "missing_media"),
        (one_guid_twice, "", "duplicated"),
    ],
    ids=["guid changed", "note type changed", "field added", "older time", "missing media", "duplicate guid"],
)
def test_a_bad_pair_is_named(pair: tuple[Path, Path], tmp_path: Path, change: Change, without: str, named: str) -> None:
    package, reseeded = pair
    bad = changed(reseeded, tmp_path / "bad.apkg", change, without)
    result = json.loads(eigendeck("rehearse", package, bad, "--json", cwd=tmp_path, code=1).stdout)
    assert not result.pop("good")
    assert result[named]
    assert named.replace("_", " ") in "\n".join(rehearsal.Rehearsal(**result).lines())


def test_a_bad_pair_is_told_in_words(pair: tuple[Path, Path], tmp_path: Path) -> None:
    package, reseeded = pair
    bad = changed(reseeded, tmp_path / "bad.apkg", one_more_field)
    said = eigendeck("rehearse", package, bad, cwd=tmp_path, code=1).stderr
    assert "conflicting, their note type differs" in said
    assert "Not safe to import." in said

"""The package as the real Anki library imports it."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from conftest import CARDS
from eigendeck.rehearsal import history, import_package, open_collection, study

if TYPE_CHECKING:
    from anki.collection import Collection

pytestmark = pytest.mark.anki

TEMPLATES = ["work", "mistake", "code", "formula", "plot"]


def written_cards() -> dict[str, dict[str, object]]:
    """The cards as their files have them, by id; read without eigendeck."""
    sections = [yaml.safe_load(path.read_text()) for path in sorted(CARDS.glob("[0-9]*.yaml"))]
    return {card["id"]: card for section in sections for card in section["cards"]}


def wanted_directions(card: dict[str, object]) -> set[str]:
    """The directions that a card asks for, by the rules of the documentation."""
    mistake = card["mistake"]
    executed = isinstance(mistake, list) or "numpy" in mistake  # type: ignore[operator]
    default = ["work", "mistake"] if executed else ["work"]
    return set(card.get("cards", default))  # type: ignore[call-overload]


@pytest.fixture
def collection(tmp_path: Path, package: Path) -> Collection:
    """A collection into which the package was imported."""
    col = open_collection(tmp_path / "user")
    import_package(col, package)
    return col


def database(package: Path, tmp_path: Path) -> sqlite3.Connection:
    """The database inside a package."""
    with zipfile.ZipFile(package) as archive:
        archive.extract("collection.anki2", tmp_path)
    return sqlite3.connect(tmp_path / "collection.anki2")


def test_every_note_is_new_and_none_conflicts(tmp_path: Path, package: Path) -> None:
    log = import_package(open_collection(tmp_path / "user"), package)
    assert len(log.new) == len(written_cards())
    assert not log.conflicting
    assert not log.duplicate
    assert not log.updated


def test_a_note_has_exactly_the_cards_that_it_asks_for(collection: Collection) -> None:
    found: dict[str, set[str]] = {}
    for card_id in collection.find_cards(""):
        card = collection.get_card(card_id)
        found.setdefault(card.note()["Id"], set()).add(TEMPLATES[card.ord])
    assert found == {card_id: wanted_directions(card) for card_id, card in written_cards().items()}


def test_no_card_is_empty_and_the_collection_is_clean(collection: Collection) -> None:
    assert not list(collection.get_empty_cards().notes)
    report, ok = collection.fix_integrity()
    assert ok, report
    media = collection.media.check()
    assert not list(media.missing)
    assert not list(media.unused)


def test_a_field_is_empty_or_has_text(collection: Collection) -> None:
    for note_id in collection.find_notes(""):
        for name, content in collection.get_note(note_id).items():
            words = re.sub(r"<[^>]*>|&nbsp;|\s", "", content) or "img" * ("<img" in content)
            assert bool(content) == bool(words), (collection.get_note(note_id)["Id"], name)


def test_cards_come_in_the_decks_order(collection: Collection) -> None:
    for deck in {path.stem[:2] for path in CARDS.glob("[0-9]*.yaml")}:
        cards = [collection.get_card(c) for c in collection.find_cards(f'"deck:ML Refresher::{deck}*" card:Work')]
        ids = [card.note()["Id"] for card in sorted(cards, key=lambda card: card.due)]
        assert ids == [card_id for card_id in written_cards() if card_id in ids]
        assert all(0 < card.due < 1_000_000 for card in cards)


def test_new_cards_come_in_the_order_of_study_with_the_options_that_the_documents_advise(
    collection: Collection,
) -> None:
    options = collection.decks.config_dict_for_deck_id(collection.decks.id("ML Refresher"))
    options |= {"newGatherPriority": 1, "newSortOrder": 0}  # by ascending position; by card type, then as gathered
    options["new"] |= {"perDay": 9999, "bury": False}
    options["rev"] |= {"perDay": 9999}
    collection.decks.update_config(options)
    for deck in collection.decks.all():
        collection.decks.set_config_id_for_deck_dict(deck, options["id"])
    collection.decks.select(collection.decks.id("ML Refresher"))
    queue = [collection.get_card(entry.card.id) for entry in collection.sched.get_queued_cards(fetch_limit=999).cards]
    assert [card.note()["Id"] for card in queue if card.ord == 0] == list(written_cards())


def regenerate(collection: Collection, package: Path) -> None:
    """What must hold when a regenerated package comes into a collection with months of reviews."""
    study(collection, weeks=3)
    before = history(collection)
    fields = {note_id: collection.get_note(note_id).fields for note_id in collection.find_notes("")}
    log = import_package(collection, package)
    drawn = {card_id for card_id, card in written_cards().items() if card.get("given")}
    updated = {collection.get_note(change.id.nid)["Id"] for change in log.updated}
    assert not log.new
    assert not log.conflicting
    assert drawn <= updated
    assert history(collection) == before
    for note_id, old in fields.items():
        note = collection.get_note(note_id)
        assert (note.fields != old) == (note["Id"] in updated)


def test_another_seed_updates_the_notes_and_touches_no_schedule(collection: Collection, reseeded: Path) -> None:
    regenerate(collection, reseeded)


def test_the_test_above_fails_for_a_package_with_one_more_field(
    collection: Collection, reseeded: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.apkg"
    connection = database(reseeded, tmp_path)
    (models,) = connection.execute("SELECT models FROM col").fetchone()
    model = json.loads(models)
    fields = next(iter(model.values()))["flds"]
    fields.append(fields[-1] | {"name": "One More", "ord": len(fields), "id": 999})
    connection.execute("UPDATE col SET models = ?", (json.dumps(model),))
    connection.execute("UPDATE notes SET flds = flds || char(31)")
    connection.commit()
    connection.close()
    with zipfile.ZipFile(reseeded) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = (tmp_path / name).read_bytes() if name == "collection.anki2" else source.read(name)
            target.writestr(name, content)
    with pytest.raises(AssertionError):
        regenerate(collection, broken)


def test_the_note_type_is_what_it_was_in_version_1(package: Path, tmp_path: Path) -> None:
    """Frozen: people's review history hangs on it. A change here is a change of what every user has."""
    (models,) = database(package, tmp_path).execute("SELECT models FROM col").fetchone()
    (model,) = json.loads(models).values()
    assert (int(model["id"]), model["name"]) == (1_763_879_451, "Eigendeck")
    fields = (
        "Id Concept Section Says Work_Front Work_Back Mistake_Front Mistake_Back Code_Front Code_Back Formula_Front"
    )
    fields += " Formula_Back Plot_Front Plot_Back See Edition Spare_1 Spare_2 Spare_3 Spare_4 Spare_5 Spare_6"
    assert [(field["name"], field["id"]) for field in model["flds"]] == [
        (name.replace("_", " "), 7_636_110_001 + position) for position, name in enumerate(fields.split())
    ]
    assert [(template["name"], template["id"]) for template in model["tmpls"]] == [
        (name, 7_636_120_001 + position)
        for position, name in enumerate(["Work", "Mistake", "Code", "Formula", "Plot", "Spare"])
    ]


def test_identities_and_names_are_what_they_were_in_version_1(package: Path, tmp_path: Path) -> None:
    connection = database(package, tmp_path)
    guids = {fields.split("\x1f")[0]: guid for guid, fields in connection.execute("SELECT guid, flds FROM notes")}
    assert guids["dot-product"] == "zXQCcBCEdR8TxRd0"
    assert guids["bayes-rule"] == "D423_FZkAf-6BWPO"
    assert len(set(guids.values())) == len(guids)
    (decks,) = connection.execute("SELECT decks FROM col").fetchone()
    names = {deck["name"] for deck in json.loads(decks).values()} - {"Default"}
    assert "ML Refresher::01 Vectors" in names
    assert "ML Refresher::08 Dependence" in names


def test_an_unchanged_note_keeps_its_time_and_a_changed_one_gets_a_later_one(
    package: Path, reseeded: Path, tmp_path: Path
) -> None:
    times = []
    for number, one in enumerate((package, reseeded)):
        (tmp_path / str(number)).mkdir()
        rows = database(one, tmp_path / str(number)).execute("SELECT guid, mod, flds FROM notes").fetchall()
        times.append({guid: (mod, fields) for guid, mod, fields in rows})
    old, new = times
    assert set(old) == set(new)
    for guid, (mod, fields) in new.items():
        assert mod > old[guid][0] if fields != old[guid][1] else mod == old[guid][0]

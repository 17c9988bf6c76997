"""A deck may grow for years: whatever changes in it, nobody's reviews are touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import eigendeck
from decks import write_sections
from eigendeck.rehearsal import History, history, import_package, open_collection, study
from packages import changed, models

if TYPE_CHECKING:
    from anki.collection import Collection

pytestmark = pytest.mark.anki


@dataclass
class Growing:
    """A deck in a folder, the packages built from it, and somebody who studies them."""

    folder: Path
    collection: Collection
    reviewed: History | None = None
    said: str = ""

    @property
    def package(self) -> Path:
        """The newest package."""
        return self.folder / "out" / "growing.apkg"

    def write(self, *sections: str, variants: int = 6, **cards: list[str]) -> None:
        """Writes the deck: each keyword is a section file's stem, with its cards as `id concept directions`."""
        shutil.rmtree(self.folder / "deck", ignore_errors=True)
        write_sections(self.folder / "deck", cards, id="growing", title="A Growing Deck", variants=variants)

    def build(self) -> None:
        """Builds with the package that is there already as the ledger."""
        self.said = eigendeck("build", "deck", "--out", "out", cwd=self.folder).stderr

    def study(self) -> None:
        """Imports the package and reviews it for three weeks."""
        import_package(self.collection, self.package)
        study(self.collection, weeks=3)
        self.reviewed = history(self.collection)

    def update(self, package: Path | None = None) -> object:
        """Imports the newest package; what was reviewed must be as it was."""
        log = import_package(self.collection, package or self.package)
        assert self.reviewed is not None
        now = history(self.collection)
        for table, rows in self.reviewed.items():
            assert set(rows) <= set(now[table]), f"{table} changed"
        assert now["revlog"] == self.reviewed["revlog"]
        assert not log.conflicting
        return log

    def note(self, card_id: str) -> dict[str, str]:
        """The fields of a note, as its user has them."""
        (note_id,) = self.collection.find_notes(f"Id:{card_id}")
        return dict(self.collection.get_note(note_id).items())

    def cards(self, card_id: str) -> list[str]:
        """The templates of a note's cards."""
        found = [self.collection.get_card(one) for one in self.collection.find_cards(f"Id:{card_id}")]
        return [card.template()["name"] for card in found]


@pytest.fixture
def deck(tmp_path: Path) -> Growing:
    """A deck of two sections, three cards, studied for three weeks."""
    growing = Growing(tmp_path, open_collection(tmp_path / "user"))
    growing.write(_01_first=["one One", "two Two"], _02_second=["three Three"])
    growing.build()
    growing.study()
    return growing


def test_a_card_added(deck: Growing) -> None:
    before = {card_id: deck.note(card_id) for card_id in ("one", "two", "three")}
    deck.write(_01_first=["one One", "new New", "two Two"], _02_second=["three Three"])
    deck.build()
    log = deck.update()
    assert "1 new, 0 changed, 3 unchanged, 0 retired" in deck.said
    assert (len(log.new), len(log.updated)) == (1, 0)  # type: ignore[attr-defined]
    assert {card_id: deck.note(card_id) for card_id in before} == before


def test_a_card_removed_stays_with_its_users_and_is_named(deck: Growing) -> None:
    deck.write(_01_first=["one One"], _02_second=["three Three"])
    deck.build()
    assert "1 retired" in deck.said
    assert '"Id:two"' in deck.said
    deck.update()
    assert deck.cards("two") == ["Work", "Mistake"]
    search = deck.said.split("browser: ")[1].splitlines()[0]
    found = {deck.collection.get_card(one).note()["Id"] for one in deck.collection.find_cards(search)}
    assert found == {"two"}


@pytest.mark.parametrize("title", ["A Growing Deck", 'Say "_A_" or *: \\ too', "*"])
def test_the_search_for_retired_notes_finds_those_of_this_deck_alone(title: str, tmp_path: Path) -> None:
    collection = open_collection(tmp_path / "user")
    one, two = {"_01_first": ["one One", "two Two", "two-b Too"]}, {"_01_first": ["one One"]}
    for deck_id, name in (("growing", title), ("growing-up", f"{title} 2")):
        write_sections(tmp_path / deck_id, one, id=deck_id, title=name)
        eigendeck("build", deck_id, "--out", "out", cwd=tmp_path)
        import_package(collection, tmp_path / "out" / f"{deck_id}.apkg")
    write_sections(tmp_path / "growing", two, id="growing", title=title)
    said = eigendeck("build", "growing", "--out", "out", cwd=tmp_path).stderr
    found = collection.find_notes(said.split("browser: ")[1].splitlines()[0])
    own = collection.find_notes("tag:growing::01-first")
    assert sorted(collection.get_note(note)["Id"] for note in found) == ["two", "two-b"]
    assert set(found) < set(own)
    assert len(own) == 3
    collection.close()


def test_a_card_moved_to_another_section_keeps_its_reviews_and_its_deck(deck: Growing) -> None:
    deck.write(_01_first=["one One"], _02_second=["three Three", "two Two"])
    deck.build()
    deck.update()
    assert deck.note("two")["Section"] == "Second"


def test_a_section_inserted_before_the_others(deck: Growing) -> None:
    deck.write(_00_zeroth=["zero Zero"], _01_first=["one One", "two Two"], _02_second=["three Three"])
    deck.build()
    log = deck.update()
    assert (len(log.new), len(log.updated)) == (1, 0)  # type: ignore[attr-defined]


def test_a_text_corrected_updates_one_note(deck: Growing) -> None:
    deck.write(_01_first=["one One", "two Zwei"], _02_second=["three Three"])
    deck.build()
    log = deck.update()
    assert [deck.collection.get_note(one.id.nid)["Id"] for one in log.updated] == ["two"]  # type: ignore[attr-defined]
    assert deck.note("two")["Concept"] == "Zwei"


def test_more_variants_leave_the_first_ones_as_they_are(deck: Growing) -> None:
    deck.write(variants=8, _01_first=["one One", "two Two"], _02_second=["three Three"])
    before = deck.note("one")["Work Front"]
    deck.build()
    deck.update()
    after = deck.note("one")["Work Front"]
    parts = before.split('<div class="variant"')
    assert after.split('<div class="variant"')[: len(parts) - 1] == parts[:-1]
    assert after.count("data-variant") == 8


def test_a_direction_added_makes_a_new_card(deck: Growing) -> None:
    deck.write(_01_first=["one One work, mistake, code", "two Two"], _02_second=["three Three"])
    deck.build()
    deck.update()
    assert deck.cards("one") == ["Work", "Mistake", "Code"]


def test_a_direction_taken_away_leaves_a_blank_card_that_comes_back_with_its_reviews(deck: Growing) -> None:
    deck.write(_01_first=["one One work", "two Two"], _02_second=["three Three"])
    deck.build()
    assert "one has no Mistake card any more" in deck.said
    assert "Empty Cards" in deck.said
    deck.update()
    assert [list(note.card_ids) for note in deck.collection.get_empty_cards().notes]
    deck.write(_01_first=["one One work, mistake", "two Two"], _02_second=["three Three"])
    deck.build()
    deck.update()
    assert not list(deck.collection.get_empty_cards().notes)


def newer(edit: Callable[[dict[str, object]], None]) -> Callable[..., None]:
    """A note type changed, and dated a day later, as a later eigendeck would bring it."""

    def change(model: dict[str, object]) -> None:
        edit(model)
        model["mod"] = int(str(model["mod"])) + 86_400

    return lambda connection: models(connection, change)


def note_type(deck: Growing) -> dict[str, object]:
    """The note type as the user has it."""
    found = deck.collection.models.by_name("Eigendeck")
    assert found is not None
    return dict(found)


def test_new_css_and_templates_come_and_an_older_eigendeck_does_not_take_them_back(
    deck: Growing, tmp_path: Path
) -> None:
    def edit(model: dict[str, object]) -> None:
        model["css"] = ".card { color: rebeccapurple }"
        model["tmpls"][0]["qfmt"] += "<!-- newer -->"  # type: ignore[index]

    deck.update(changed(deck.package, tmp_path / "newer.apkg", newer(edit)))
    assert "rebeccapurple" in str(note_type(deck)["css"])
    deck.write(_01_first=["one One", "two Zwei"], _02_second=["three Three"])
    deck.build()
    deck.update()
    assert deck.note("two")["Concept"] == "Zwei"
    assert "rebeccapurple" in str(note_type(deck)["css"])
    assert "newer" in str(note_type(deck)["tmpls"])


def test_a_spare_field_and_template_taken_into_use_conflict_with_nobody(deck: Growing, tmp_path: Path) -> None:
    def edit(model: dict[str, object]) -> None:
        for field in model["flds"]:  # type: ignore[attr-defined]
            field["name"] = {"Spare 1": "Order Front", "Spare 2": "Order Back"}.get(field["name"], field["name"])
        template = model["tmpls"][-1]  # type: ignore[index]
        template["name"] = "Order"
        for side in ("qfmt", "afmt"):
            template[side] = template[side].replace("Spare 1", "Order Front").replace("Spare 2", "Order Back")

    def release(connection: object) -> None:
        newer(edit)(connection)
        rows = connection.execute("SELECT id, flds FROM notes").fetchall()  # type: ignore[attr-defined]
        for note_id, text in rows:
            fields = text.split("\x1f")
            fields[16] = "Which comes first?"
            connection.execute(  # type: ignore[attr-defined]
                "UPDATE notes SET flds = ?, mod = mod + 60 WHERE id = ?", ("\x1f".join(fields), note_id)
            )
        connection.execute(  # type: ignore[attr-defined]
            "INSERT INTO cards SELECT id + 1000, nid, did, 5, mod, usn, type, queue, due, ivl, factor, reps, lapses,"
            " left, odue, odid, flags, data FROM cards WHERE ord = 0"
        )

    log = deck.update(changed(deck.package, tmp_path / "newer.apkg", release))
    assert len(log.updated) == 3  # type: ignore[attr-defined]
    assert deck.cards("one") == ["Work", "Mistake", "Order"]
    names = [field["name"] for field in note_type(deck)["flds"]]  # type: ignore[attr-defined]
    assert len(names) == 22
    assert "Order Front" in names

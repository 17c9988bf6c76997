"""A rehearsal: two packages, one after the other, into a throw-away collection of the real Anki with weeks of reviews.

What an import does to somebody's collection is decided by Anki alone, so Anki is asked, not a model of it.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from eigendeck.deck.read import Folder
from eigendeck.errors import require
from eigendeck.outputs.anki import Note
from eigendeck.outputs.package import DamagedPackage, packaged_notes

if TYPE_CHECKING:
    from anki.collection import Collection

DAY = 86_400  # seconds
WEEKS = 8
MARK = "my-own-tag"  # put on every note, as a user would

History = Mapping[str, list[tuple[Any, ...]]]


@dataclass(slots=True)
class Rehearsal:
    """What the import of the new package did, with FSRS on and off alike. Notes are named by their ids.

    kept: neither updated nor added. skipped: the new package has other text for them, and the import left it out.
    """

    updated: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    kept: int = 0
    skipped: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    conflicting: list[str] = field(default_factory=list)
    lost_cards: int = 0
    changed_schedules: int = 0
    lost_reviews: int = 0
    missing_media: list[str] = field(default_factory=list)
    losing_tags: list[str] = field(default_factory=list)
    reviews: int = 0

    @property
    def good(self) -> bool:
        """Nothing lost, nothing duplicated, nothing skipped that should have been updated."""
        wrong = (self.skipped, self.duplicated, self.conflicting, self.missing_media)
        return not any(wrong) and not (self.lost_cards or self.changed_schedules or self.lost_reviews)

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self) | {"good": self.good}

    def lines(self) -> list[str]:
        """The same in words, worst first."""
        found = [
            _named("notes conflicting, their note type differs from the old package's", self.conflicting),
            _named("notes skipped though their text changed", self.skipped),
            _named("notes duplicated", self.duplicated),
            _named("missing media files", self.missing_media),
            f"{self.lost_cards} cards lost" if self.lost_cards else "",
            f"{self.changed_schedules} cards with another schedule" if self.changed_schedules else "",
            f"{self.lost_reviews} reviews lost" if self.lost_reviews else "",
            f"{len(self.updated)} notes updated, {len(self.added)} added, {self.kept} kept as they were",
        ]
        if not (self.lost_cards or self.changed_schedules or self.lost_reviews):
            found.append(f"schedules identical, all {self.reviews} reviews still there")
        if lost := len(self.losing_tags):
            found.append(f"{lost} updated notes lose the tags that a user put on them; flags and decks stay")
        return [line for line in found if line]


def rehearse(old: Folder, new: Folder) -> Rehearsal:
    """Returns what importing a package does to somebody who has studied an older one for weeks, in the real Anki.

    Raises:
        MissingPart: Anki's library is not installed.
        DamagedPackage: a package cannot be read.
    """
    require("rehearse", "anki", "anki.collection", called="Anki's library")
    result = Rehearsal()
    packages = Path(old), Path(new)
    for package in packages:
        if not os.path.isfile(package):  # noqa: PTH113  its name may be longer than the system takes
            raise DamagedPackage(f"{package} is not there")
        wanted = [packaged.note for packaged in packaged_notes(package)]  # before Anki sees it: a hostile one ends here
    for fsrs in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            _rehearse(result, Path(folder), *packages, wanted, fsrs)
    return result


def _rehearse(result: Rehearsal, folder: Path, old: Path, new: Path, wanted: Sequence[Note], fsrs: bool) -> None:
    """Adds up what one import of `new` does. wanted: its notes."""
    collection = open_collection(folder)
    try:
        import_package(collection, old)
        times = collection.db.all("SELECT mod, id FROM notes")  # type: ignore[union-attr]
        study(collection, fsrs=fsrs)
        _mark(collection, times)
        before, fields = history(collection), _fields(collection)
        log = import_package(collection, new)
        after, now = history(collection), _fields(collection)

        cards, reviews = _by_id(before["cards"]), _by_id(before["revlog"])
        cards_after, reviews_after = _by_id(after["cards"]), _by_id(after["revlog"])
        result.lost_cards += len(cards.keys() - cards_after.keys())
        result.changed_schedules += sum(row != cards_after.get(id_, row) for id_, row in cards.items())
        result.lost_reviews += sum(row != reviews_after.get(id_) for id_, row in reviews.items())
        result.reviews = max(result.reviews, len(reviews))

        tagged = collection.db.all("SELECT guid, tags FROM notes")  # type: ignore[union-attr]
        ids = {guid: content[0] for guid, content in (*fields.items(), *now.items())}
        guids = Counter(note.guid for note in wanted)
        doubled = [note.id for note in wanted if guids[note.guid] > 1]
        doubled += [id_ for id_, count in Counter(content[0] for content in now.values()).items() if count > 1]
        updated = [guid for guid in fields if now.get(guid) != fields[guid]]
        _merge(result.updated, [ids[guid] for guid in updated])
        _merge(result.added, [ids[guid] for guid in now if guid not in fields])
        _merge(result.duplicated, doubled)
        _merge(result.skipped, [note.id for note in wanted if now.get(note.guid) != note.fields])
        _merge(result.conflicting, [note.fields[0] for note in log.conflicting])
        _merge(result.missing_media, list(collection.media.check().missing))
        _merge(result.losing_tags, [ids[guid] for guid, tags in tagged if guid in fields and MARK not in tags.split()])
        result.kept = len(fields) - len(updated)
    finally:
        collection.close()


def _mark(collection: Collection, times: list[Sequence[Any]]) -> None:
    """Puts a tag on every note, as a user did in those weeks: before the new package was built, not today.

    Anki itself tags what is forgotten again and again, a leech: that, too, was then.
    """
    collection.tags.bulk_add([note_id for _, note_id in times], MARK)
    collection.db.executemany("UPDATE notes SET mod = ? WHERE id = ?", times)  # type: ignore[union-attr]


def open_collection(folder: Path) -> Collection:
    """Returns the collection of a folder, new where there is none."""
    from anki.collection import Collection

    folder.mkdir(parents=True, exist_ok=True)
    collection = Collection(str(folder / "collection.anki2"))
    _wait_for_no_disk(collection)
    return collection


def _wait_for_no_disk(collection: Collection) -> None:
    collection.db.execute("PRAGMA synchronous = OFF")  # type: ignore[union-attr]  # it is thrown away


def import_package(collection: Collection, package: Path) -> Any:
    """Imports as the dialog does with its defaults untouched; returns Anki's log."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from anki.errors import AnkiException

    request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
    try:
        log = collection.import_anki_package(request).log
    except AnkiException as error:
        raise DamagedPackage(f"Anki does not import {package}: {error}") from error
    collection.models._clear_cache()
    return log


def study(collection: Collection, *, weeks: int = WEEKS, fsrs: bool = True) -> None:
    """Reviews what is due on each day of some weeks, then suspends, flags, buries and moves a few cards.

    Time passes by moving all that was into the past; the collection is opened anew for each day.
    """
    dice = random.Random(4)
    collection.set_config("fsrs", fsrs)
    for _ in range(7 * weeks):
        _review_what_is_due(collection, dice)
        _a_day_later(collection)
    cards = list(collection.find_cards("-is:new")) or list(collection.find_cards(""))
    collection.sched.suspend_cards(cards[:2])
    collection.set_user_flag_for_cards(3, cards[2:4])
    collection.sched.bury_cards(cards[4:5])
    elsewhere = collection.decks.id("Elsewhere")
    assert elsewhere is not None
    collection.set_deck(cards[5:6], elsewhere)


def _review_what_is_due(collection: Collection, dice: random.Random) -> None:
    from anki.cards import Card
    from anki.decks import DeckId
    from anki.scheduler.v3 import Scheduler

    scheduler = cast(Scheduler, collection.sched)
    deck = next((d.id for d in collection.decks.all_names_and_ids() if "::" not in d.name and d.name != "Default"), 1)
    collection.decks.set_current(DeckId(deck))
    for _ in range(400):
        queued = scheduler.get_queued_cards(fetch_limit=1)
        if not queued.cards:
            return
        card = Card(collection, backend_card=queued.cards[0].card)
        card.start_timer()
        rating = dice.choices(range(4), weights=(1, 1, 6, 2))[0]
        states = queued.cards[0].states
        scheduler.answer_card(scheduler.build_answer(card=card, states=states, rating=rating))  # type: ignore[arg-type]


def _a_day_later(collection: Collection) -> None:
    execute = collection.db.execute  # type: ignore[union-attr]
    execute("UPDATE revlog SET id = -(id - ?)", DAY * 1000)  # negative first: an id must not meet its neighbour's
    execute("UPDATE revlog SET id = -id")
    execute("UPDATE cards SET due = due - ? WHERE queue = 1", DAY)
    last = "json_extract(data, '$.lrt')"
    execute(f"UPDATE cards SET data = json_set(data, '$.lrt', {last} - ?) WHERE {last} IS NOT NULL", DAY)
    execute("UPDATE col SET crt = crt - ?", DAY)
    collection.close()
    collection.reopen()
    _wait_for_no_disk(collection)


def history(collection: Collection) -> History:
    """Returns what an import must leave alone: each card's row, each review, which notes there are."""
    rows = collection.db.all  # type: ignore[union-attr]
    return {
        "cards": [tuple(row) for row in rows("SELECT * FROM cards ORDER BY id")],
        "revlog": [tuple(row) for row in rows("SELECT * FROM revlog ORDER BY id")],
        "notes": [tuple(row) for row in rows("SELECT id, guid, mid FROM notes ORDER BY id")],
    }


def _fields(collection: Collection) -> dict[str, tuple[str, ...]]:
    rows = collection.db.all("SELECT guid, flds FROM notes")  # type: ignore[union-attr]
    return {guid: tuple(fields.split("\x1f")) for guid, fields in rows}


def _by_id(rows: list[tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
    return {row[0]: row for row in rows}


def _merge(into: list[str], more: list[str]) -> None:
    into[:] = sorted({*into, *more})


def _named(what: str, names: list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"{len(names)} {what}: {', '.join(names[:8])}{more}" if names else ""

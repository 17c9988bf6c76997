"""The previous package as the ledger: what changed since, when each note last changed, and what must not change."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eigendeck.deck.read import Deck
from eigendeck.errors import Fault
from eigendeck.outputs.anki import Note, guid
from eigendeck.outputs.notetype import FIELDS, MODEL_ID

MOST_BYTES = 2**30  # of a package's notes: a few kilobytes can be packed so that they fill the memory
_SEPARATOR = "\x1f"  # between the fields of a note, in Anki's database


@dataclass(frozen=True, slots=True)
class Ledger:
    """The notes of the previous package, and when each last changed, in seconds; both by guid."""

    notes: Mapping[str, Note]
    times: Mapping[str, int]

    @property
    def edition(self) -> str:
        """What its numbers were drawn with: `seed 7`; nothing when no note has drawn inputs."""
        return next((note.edition for note in self.notes.values() if note.edition), "")


class DamagedPackage(Exception):
    """The previous package cannot be read, or is another deck's."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of the notes, by what became of them since the previous package.

    blank: directions that a note no longer has: (id, template); their cards stay in people's collections, blank.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    retired: tuple[str, ...]
    blank: tuple[tuple[str, str], ...] = ()


def changes(notes: Iterable[Note], ledger: Ledger | None) -> Changes:
    """Returns what an import will do with each note, for somebody who has imported the previous package."""
    found = {note.guid: note for note in notes}
    old = ledger.notes if ledger else {}
    kept = [(note, old[note.guid]) for note in found.values() if note.guid in old]
    return Changes(
        new=tuple(note.id for note in found.values() if note.guid not in old),
        changed=tuple(note.id for note, was in kept if _content(note) != _content(was)),
        unchanged=tuple(note.id for note, was in kept if _content(note) == _content(was)),
        retired=tuple(sorted(note.id for guid_, note in old.items() if guid_ not in found)),
        blank=tuple((note.id, name) for note, was in kept for name in sorted(was.directions - note.directions)),
    )


def times(found: Iterable[Note], ledger: Ledger | None, now: int) -> dict[str, int]:
    """Returns when each note last changed: its old time where nothing changed, else now.

    A changed note's time is strictly later than before, or Anki would not take it; where the clock went back, that is
    one second after the old time.
    """
    result = {}
    for note in found:
        old = ledger.times.get(note.guid) if ledger else None
        if old is None:
            result[note.guid] = now
        elif ledger and _content(ledger.notes[note.guid]) == _content(note):
            result[note.guid] = old
        else:
            result[note.guid] = max(now, old + 1)
    return result


def _content(note: Note) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an import brings into an existing note: fields and tags. Its deck is only used for new cards."""
    return note.fields, note.tags


def name_faults(deck: Deck, ledger: Ledger | None) -> list[Fault]:
    """Returns the decks whose name in Anki differs from the previous package's.

    Anki matches decks by name and never moves a card: old cards would stay behind, new ones go elsewhere.
    """
    if ledger is None:
        return []
    was = {note.id: note.deck.split("::") for note in ledger.notes.values()}
    faults = []
    tops = sorted({names[0] for names in was.values()} - {deck.meta.anki_name})
    if tops and was:
        place = deck.meta_source.key("deck" if deck.meta.deck else "title")
        what = f'in Anki this deck is "{tops[0]}"; under another name new cards are parted from old ones'
        faults.append(Fault(place, what, f"write `deck: {tops[0]}`, which keeps the name; the title may differ"))
        return faults
    for section in deck.sections:
        olds = {was[card.id][-1] for card in section.cards if card.id in was and len(was[card.id]) > 1}
        stayed = {names[-1] for id_, names in was.items() if id_ in {card.id for card in section.cards}}
        if not olds or section.anki_name in stayed or _moved_in(deck, section.anki_name, olds):
            continue
        old = sorted(olds)[0]
        place = deck.section_sources[section.stem].key("deck" if section.deck else "section")
        what = f'{section.title}: in Anki this deck is "{old}"; under another name new cards are parted from old ones'
        faults.append(Fault(place, what, f"write `deck: {old}`, which keeps the name; the section's title may differ"))
    return faults


def _moved_in(deck: Deck, name: str, olds: set[str]) -> bool:
    """Whether all the old names still stand for other sections: then cards moved here, and no deck was renamed."""
    others = {section.anki_name for section in deck.sections if section.anki_name != name}
    return olds <= others


def read_ledger(package: bytes, deck_id: str) -> Ledger:
    """Returns what the previous package of a deck holds.

    Raises:
        DamagedPackage: it is no package, it is damaged, its note type is not ours, or it is another deck's.
    """
    found = packaged_notes(package)
    if any(one.model != MODEL_ID or len(one.note.fields) != len(FIELDS) for one in found):
        raise DamagedPackage("its notes are not of eigendeck's note type")
    if any(guid(deck_id, one.note.id) != one.note.guid for one in found):
        raise DamagedPackage(f'it is a package of another deck than "{deck_id}"')
    return Ledger({one.note.guid: one.note for one in found}, {one.note.guid: one.modified for one in found})


@dataclass(frozen=True, slots=True)
class PackagedNote:
    """A note as it lies in a package: with its time, in seconds, and the number of its note type."""

    note: Note
    modified: int
    model: int


def packaged_notes(package: bytes) -> tuple[PackagedNote, ...]:
    """Returns the notes of a package, whoever made it.

    Raises:
        DamagedPackage: it is no package, or it is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            if archive.getinfo("collection.anki2").file_size > MOST_BYTES:
                raise DamagedPackage("its notes take more room than any deck needs")
            database = archive.read("collection.anki2")
        connection = sqlite3.connect(":memory:")
        try:
            connection.deserialize(database)
            rows = connection.execute(
                "SELECT guid, flds, tags, did, notes.mod, mid FROM notes JOIN cards ON cards.nid = notes.id"
                " GROUP BY notes.id ORDER BY notes.id"
            ).fetchall()
            (decks,) = connection.execute("SELECT decks FROM col").fetchone()
        finally:
            connection.close()
        names = {int(number): str(deck["name"]) for number, deck in json.loads(decks).items()}
        return tuple(
            PackagedNote(
                Note(str(guid_), tuple(fields.split(_SEPARATOR)), tuple(sorted(tags.split())), names[deck]),
                int(modified),
                int(model),
            )
            for guid_, fields, tags, deck, modified, model in rows
        )
    except (zipfile.BadZipFile, KeyError, sqlite3.Error, ValueError, TypeError, EOFError, NotImplementedError) as error:
        raise DamagedPackage(str(error) or type(error).__name__) from error

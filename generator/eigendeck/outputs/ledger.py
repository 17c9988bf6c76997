"""The previous package as the ledger: what changed since, when each note last changed, and what must not change."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eigendeck.deck.key_types import is_id
from eigendeck.deck.read import Deck
from eigendeck.deck.repairs import written
from eigendeck.errors import Fault, Place, only_warnings
from eigendeck.outputs.anki import Note, guid
from eigendeck.outputs.notetype import FIELDS, MODEL_ID
from eigendeck.outputs.package import DamagedPackage, packaged_notes

LONGEST_NAME = 500  # characters of a deck's full name in Anki: more than its parts may have together


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of a note of the previous package. modified: in seconds."""

    id: str
    deck: str  # full name
    edition: str
    directions: frozenset[str]
    content: bytes
    modified: int


Ledger = Mapping[str, Entry]  # the notes of the previous package, by guid


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
    old = ledger or {}
    kept = [(note, old[note.guid]) for note in found.values() if note.guid in old]
    return Changes(
        new=tuple(note.id for note in found.values() if note.guid not in old),
        changed=tuple(note.id for note, was in kept if _content(note) != was.content),
        unchanged=tuple(note.id for note, was in kept if _content(note) == was.content),
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
        old = ledger.get(note.guid) if ledger else None
        if old is None:
            result[note.guid] = now
        elif old.content == _content(note):
            result[note.guid] = old.modified
        else:
            result[note.guid] = max(now, old.modified + 1)
    return result


def _content(note: Note) -> bytes:
    """A digest of what an import brings into an existing note: fields and tags. Its deck is only used for new cards."""
    return hashlib.sha256("\x1f".join((*note.fields, *note.tags)).encode()).digest()


def name_faults(deck: Deck, ledger: Ledger | None) -> list[Fault]:
    """Returns the decks whose name in Anki differs from the previous package's.

    Anki matches decks by name and never moves a card: old cards would stay behind, new ones go elsewhere.
    """
    if ledger is None:
        return []
    was = {note.id: _names(note) for note in ledger.values()}
    tops = sorted({top for top, _ in was.values()} - {deck.meta.anki_name})
    if tops:
        place = deck.meta_source.key("deck" if deck.meta.deck else "title")
        return [_renamed(place, tops[0], "", "the title may differ")]
    faults = []
    for section in deck.sections:
        stayed = {was[card.id][1] for card in section.cards if card.id in was}
        olds = stayed - {""}
        others = {other.anki_name for other in deck.sections if other.anki_name != section.anki_name}
        # Where the old names all stand for other sections, cards moved here, and no deck was renamed.
        if not olds or section.anki_name in stayed or olds <= others:
            continue
        place = deck.section_sources[section.stem].key("deck" if section.deck else "section")
        faults.append(_renamed(place, min(olds), f"{section.title}: ", "the section's title may differ"))
    return faults


def _names(note: Entry) -> tuple[str, str]:
    """The names of a note's deck and, below it, of its section; of the section none where there is one level alone."""
    deck, _, section = note.deck.rpartition("::")
    return (deck, section) if deck else (section, "")


def _renamed(place: Place, old: str, label: str, free: str) -> Fault:
    what = f'{label}in Anki this deck is "{old}"; under another name new cards are parted from old ones'
    return Fault(place, what, f"write `deck: {written(old)}`, which keeps the name; {free}")


def read_ledger(package: Path, deck_id: str) -> Ledger:
    """Returns what the previous package of a deck holds.

    Raises DamagedPackage: it is no package, it is damaged, its note type is not ours, or it is another deck's; OSError:
    the file cannot be opened.
    """
    entries: dict[str, Entry] = {}
    for packaged in packaged_notes(package):
        note = packaged.note
        if packaged.model != MODEL_ID or len(note.fields) != len(FIELDS):
            raise DamagedPackage("its notes are not of eigendeck's note type")
        if guid(deck_id, note.id) != note.guid:
            raise DamagedPackage(f'it is a package of another deck than "{deck_id}"')
        if not is_id(note.id) or len(note.deck) > LONGEST_NAME:
            raise DamagedPackage("eigendeck did not make it: no id and no deck is called as there")
        entries[note.guid] = Entry(note.id, note.deck, note.edition, note.directions, _content(note), packaged.modified)
    if not entries:
        raise DamagedPackage("it holds no notes")
    return entries


def of_another_deck(deck: Deck, ledger: Ledger) -> bool:
    """Whether a package has no card of a deck though they have one id. Of a deck at fault not all cards are known."""
    return only_warnings(deck.faults) and not any(guid(deck.meta.id, card.id) in ledger for card in deck.cards)

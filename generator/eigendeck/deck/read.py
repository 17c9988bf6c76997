"""Stage 1: a folder of YAML to a Deck. The only module that reads card files.

Everything that is wrong with a deck as it is written is said at once, each fault at its place.
"""

import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eigendeck.deck.card_schema import Card
from eigendeck.deck.order import identity_faults, order_faults
from eigendeck.deck.schema import DeckMeta, Section
from eigendeck.deck.source_map import Node, SourceMap
from eigendeck.deck.written import WrittenSection, model_of, numbered, parsed, written_section
from eigendeck.errors import DeckError, Fault, Place, printable

MOST_BYTES = 2**20  # of one file
MOST_FILES = 1_000  # of sections
MOST_VALUES = 500_000  # in a deck: of 16,000 cards like those that come along
MOST_CHARACTERS = 32 * 2**20

_MISSING_META = "Write it with two lines at least: `id: my-deck` and `title: My Deck`."


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck as it is written, and where each of its keys stands.

    faults: what is wrong in it. The cards at fault are left out, so that the others can still be worked and checked.
    """

    meta: DeckMeta
    sections: tuple[Section, ...]
    card_sources: Mapping[str, SourceMap]  # by card id, those at fault too
    meta_source: SourceMap  # of deck.yaml
    section_sources: Mapping[str, SourceMap]  # by section stem
    numbers: Mapping[str, int]  # of the cards in the whole deck, from 1, by id: a part of it keeps them
    faults: tuple[Fault, ...] = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards, in the deck's order."""
        return tuple(card for section in self.sections for card in section.cards)

    def section_of(self, card_id: str) -> Section:
        """Returns the section that holds a card; KeyError if no section does."""
        for section in self.sections:
            if any(card.id == card_id for card in section.cards):
                return section
        raise KeyError(card_id)


Folder = str | os.PathLike[str]

# Sections as an earlier look has read them, by file, position and content, with the faults in them.
Known = dict[tuple[Path, int, bytes], tuple[WrittenSection | None, tuple[Fault, ...]]]


def read_deck(folder: Folder, known: Known | None = None) -> Deck:
    """Returns the deck of a folder: its `deck.yaml`, and every other `*.yaml` as a section, in file-name order.

    Nothing is executed; in `faults` is what is wrong in it.

    known: keeps sections until the next look, which reads only files that have changed.

    Raises:
        DeckError: there is no deck to speak of, because `deck.yaml` cannot be read; carries every fault of every file.
    """
    folder, faults = Path(folder), list[Fault]()
    paths = _section_paths(folder, faults)
    misnamed = any(Path(fault.place.file).stem.lower() == "deck" for fault in faults)
    path = folder / "deck.yaml"
    data = None if misnamed else read_bytes(path, folder, faults)
    meta_source = None if data is None else parsed(path, data, faults)
    meta = model_of(DeckMeta, meta_source, "the deck", faults) if meta_source else None
    written = _sections(paths, folder, faults, {} if known is None else known)
    cards = [card for section in written for card in section.cards]
    ids = [(card.id, card.source) for card in cards if card.id is not None]

    card_sources: dict[str, SourceMap] = {}
    for card_id, source in ids:
        card_sources.setdefault(card_id, source)
    sections = tuple(numbered(section, card_sources) for section in written)
    titled = [(section, was.source) for section, was in zip(sections, written, strict=True) if was.heading is not None]
    faults += identity_faults(ids, titled)
    # A card that cannot be read may be the one that another needs: only a deck read whole has unknown cards.
    faults += order_faults(sections, card_sources, whole=len(written) == len(paths) and len(ids) == len(cards))
    if meta is None or meta_source is None:
        raise DeckError(faults)
    section_sources = {section.stem: section.source for section in written}
    numbers = {card.id: number for number, card in enumerate((c for s in sections for c in s.cards), 1)}
    return Deck(meta, sections, card_sources, meta_source, section_sources, numbers, tuple(faults))


def _sections(paths: Sequence[Path], folder: Path, faults: list[Fault], known: Known) -> list[WrittenSection]:
    written = []
    values, characters = MOST_VALUES, MOST_CHARACTERS
    before = dict(known)
    known.clear()
    for position, path in enumerate(paths, 1):
        data = read_bytes(path, folder, faults)
        if data is None:
            continue
        key = path, position, data
        known[key] = section, found = before.get(key) or written_section(*key)
        if section is None:
            faults += found
            continue
        values -= _size(section.source.node)
        characters -= sum(map(len, section.source.lines))
        if values < 0 or characters < 0:
            limits = f"{MOST_VALUES:,} values, {MOST_CHARACTERS:,} characters"
            what = f"the deck is too large: up to here it holds more than a deck may ({limits})"
            faults.append(Fault(Place(section.source.file), what, "Make it several decks. The rest is not read."))
            break
        faults += found
        written.append(section)
    return written


def _size(node: Node) -> int:
    return 1 + sum(map(_size, node.children.values()))


def _section_paths(folder: Path, faults: list[Fault]) -> list[Path]:
    here = Place(folder.as_posix())
    try:
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError) as error:
        what = "is not a folder" if isinstance(error, NotADirectoryError) else "there is no such folder"
        raise DeckError([Fault(here, what, "Give the folder that holds deck.yaml.")]) from None
    except OSError as error:
        raise DeckError([Fault(here, f"cannot be read: {error.strerror}")]) from None
    files = [name for name in names if name.lower().endswith((".yml", ".yaml"))]
    for name in files:
        meant = re.sub(r"[^\w.-]+", "-", Path(name).stem) + ".yaml"
        place = Place((folder / name).as_posix())
        if meant.lower() == "deck.yaml" != name:
            what = "is no deck.yaml, which is called so, in small letters"
            faults.append(Fault(place, what, 'Rename it "deck.yaml".'))
        elif not name.endswith(".yaml"):
            faults.append(Fault(place, "the files of a deck end in .yaml", f'Rename it "{meant}".'))
    paths = [folder / name for name in files if name.endswith(".yaml") and name.lower() != "deck.yaml"]
    for path in paths:
        if not re.fullmatch(r"[\w.-]+", path.stem):
            what = "the name of a section's file is one word of letters, digits, hyphens and dots"
            hint = "It is a tag in Anki: write 01-vectors.yaml, for instance."
            faults.append(Fault(Place(path.as_posix()), what, hint))
    if len(paths) > MOST_FILES:
        faults.append(Fault(here, f"the deck has {len(paths)} sections; {MOST_FILES} are allowed", "Join some."))
    if not paths:
        faults.append(Fault(here, "the deck has no section", "Write one file a section, such as 01-vectors.yaml."))
    return paths[:MOST_FILES]


def is_of_a_deck(path: str) -> bool:
    """Whether a file of this name, saved in a deck's folder, can change the deck."""
    return path.endswith(".yaml") and not Path(path).name.startswith(".")


def read_bytes(path: Path, folder: Path, faults: list[Fault]) -> bytes | None:
    """Returns a file of a deck, which is UTF-8; None, with a fault, where it cannot be read."""
    place, hint = Place(path.as_posix()), ""
    try:
        # Judged before it is opened: opening a named pipe waits forever, and a link may point at anything.
        if not path.resolve().is_relative_to(folder.resolve()):
            what, hint = "links to a file outside the deck's folder", "Copy the file into it."
        elif not stat.S_ISREG((status := path.stat()).st_mode):
            what = "is not a file"
        elif status.st_size > MOST_BYTES:
            what, hint = f"has {status.st_size} bytes; {MOST_BYTES} are allowed", "Split it."
        else:
            data = path.read_bytes()
            data.decode()
            return data
    except FileNotFoundError:
        what, hint = "is missing", _MISSING_META if path.name == "deck.yaml" else ""
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
    except RuntimeError:  # what Path.resolve raises for links in a circle, before Python 3.13
        what = "links to itself"
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        place = Place(place.file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        what, hint = "is not UTF-8 from here on", "Save the file as UTF-8."
    faults.append(Fault(place, what, hint))
    return None


_WORD = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[a-zA-Z]+|\w+(\.\w+)*|.")  # or a character that is written out


def excerpt(place: Place) -> tuple[str, str, str] | None:
    """Returns the line of a place as its file has it now, without control characters: what is meant between the rest.

    None where the file has no such line, or an empty one.
    """
    path = Path(place.file)
    data = read_bytes(path, path.parent, [])
    lines = re.split(r"\r\n|\r|\n", data.decode().removeprefix("\ufeff")) if data else []
    line = printable(lines[place.line - 1].replace("\t", " ")).rstrip() if place.line <= len(lines) else ""
    start = place.column - 1
    end = found.end() if (found := _WORD.match(line, start)) else start
    return (line[:start], line[start:end], line[end:]) if line else None

"""The notes of a package that lies there already: whoever made it, reading it ends soon, and takes a bounded memory.

It may have come with a stranger's folder. So nothing is read before its size is known, SQLite runs nothing that the
database brings, and whatever is wrong in it is one error.
"""

import io
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from eigendeck.outputs.anki import Note

MOST_INDEX = 8 * 2**20  # bytes of what a package says about its files: some 150,000 of them
MOST_DATABASE = 512 * 2**20  # bytes of a package's notes: 20,000 of six variants each. It is unpacked to a file
MOST_NOTES = 50_000
MOST_OF_A_NOTE = 16 * 2**20  # bytes; of the list of decks, too
MOST_SQL = 100_000  # characters of a definition in the database
MOST_STEPS = 20_000_000  # of SQLite's machine; a note takes some 50
LATEST = 4_102_444_800  # seconds: the year 2100. Anki keeps times in 32 bits
_STEPS = 10_000  # between two looks at how many there were
_SEPARATOR = "\x1f"  # between the fields of a note, in Anki's database
_LEAF = 0x0D  # the kind of a page that holds rows, and no way to further pages
_TABLES = frozenset({"notes", "cards", "col"})


class DamagedPackage(Exception):
    """A package that cannot be read, or is another deck's."""


@dataclass(frozen=True, slots=True)
class PackagedNote:
    """A note as it lies in a package: with its time, in seconds, and the number of its note type."""

    note: Note
    modified: int
    model: int


def packaged_notes(package: Path) -> Iterator[PackagedNote]:
    """Yields the notes of a package, whoever made it; one at a time, so that a large one fits the memory.

    Raises DamagedPackage: it is no package, it is damaged, or it is larger than any deck's; OSError: the file cannot be
    opened.
    """
    with _Sparing(package) as file, tempfile.TemporaryDirectory() as folder:
        try:
            database = Path(folder) / "notes"
            _unpack(file, database)
            with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
                _restrain(connection)
                yield from _notes(connection)
        except DamagedPackage:
            raise
        except Exception as error:  # what a damaged file does to zipfile, zlib, SQLite and JSON, nobody has listed
            raise DamagedPackage(f"it is damaged: {str(error)[:200] or type(error).__name__}") from error


class _Sparing(io.FileIO):
    """A file that gives no more at a time than the index of a package may have: zipfile believes what it is told."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = os.fstat(self.fileno()).st_size - self.tell()
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > MOST_INDEX:
            raise DamagedPackage("it holds more files than any deck needs")
        return super().read(wanted) or b""


def _unpack(file: IO[bytes], target: Path) -> None:
    """Writes the database of a package to a file."""
    with zipfile.ZipFile(file) as archive:
        entry = archive.getinfo("collection.anki2")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DamagedPackage("it is packed in a way that Anki does not use")
        if entry.file_size > MOST_DATABASE:  # no more than that is ever unpacked: zipfile holds to what it says
            raise DamagedPackage("its notes take more room than any deck needs")
        with archive.open(entry) as packed, target.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    with target.open("rb") as unpacked:
        if unpacked.read(101)[100:] != bytes([_LEAF]):
            raise DamagedPackage("its database is not one of Anki's")  # whose definitions fit one page


def _restrain(connection: sqlite3.Connection) -> None:
    """Bounds what reading may cost, and lets a database bring data alone: no views, functions or computed columns."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_OF_A_NOTE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, MOST_SQL)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    steps = iter(range(MOST_STEPS // _STEPS))
    connection.set_progress_handler(lambda: next(steps, None) is None, _STEPS)
    stored = {name for name, root in connection.execute("SELECT name, rootpage FROM sqlite_master") if root}
    if missing := _TABLES - stored:  # of a view, and of a table that a module makes up, nothing is stored
        raise DamagedPackage(f"`{min(missing)}` must be a table")
    for table in _TABLES:
        if any(hidden for *_, hidden in connection.execute(f"PRAGMA table_xinfo({table})")):
            raise DamagedPackage(f"`{table}` must be a table of data alone")
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY)


def _notes(connection: sqlite3.Connection) -> Iterator[PackagedNote]:
    names, left = _deck_names(connection), MOST_DATABASE
    rows = connection.execute(
        "SELECT guid, flds, tags, did, notes.mod, mid FROM notes JOIN cards ON cards.nid = notes.id"
        " GROUP BY notes.id ORDER BY notes.id"
    )
    for number, (guid, fields, tags, deck, modified, model) in enumerate(rows):
        if not isinstance(modified, int) or not 0 <= modified <= LATEST:
            raise DamagedPackage("it dates a note as no build does")
        left -= len(fields)
        if (
            left < 0 or number >= MOST_NOTES
        ):  # pages may point to each other, so that the same rows come again and again
            raise DamagedPackage("its notes take more room than any deck needs")
        note = Note(str(guid), tuple(fields.split(_SEPARATOR)), tuple(sorted(tags.split())), names[deck])
        yield PackagedNote(note, modified, int(model))


def _deck_names(connection: sqlite3.Connection) -> Mapping[int, str]:
    ((decks,),) = connection.execute("SELECT decks FROM col")
    return {int(number): str(deck["name"]) for number, deck in json.loads(decks).items()}

"""The collection of a package: a database of decks and notes, which genanki writes. Imported when a package is made."""

import functools
import hashlib
import itertools
import json
import sqlite3
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from eigendeck.outputs.notetype import FIELDS, MODEL_ID, MODIFIED, NAME, css, templates

# For one property genanki imports a package that brings asyncio, which takes longer than all the rest of it.
_property = sys.modules.setdefault("cached_property", functools)
import genanki  # noqa: E402

if _property is functools:
    del sys.modules["cached_property"]

Row = tuple[str, Sequence[str], Sequence[str], str, int]  # a note: guid, fields, tags, full name of its deck, time

_ROW_TIME = 1_600_000_000  # of rows whose time Anki does not compare: constant, so that bytes repeat


class _Note(genanki.Note):  # type: ignore[misc]  # genanki has no types
    """A note that genanki writes as it is. Its own look for odd tags takes the square of a long line's time."""

    def _check_invalid_html_tags_in_fields(self) -> None:
        pass


@cache
def note_type() -> genanki.Model:
    """Returns the note type with its ids, templates and CSS."""
    fields = [{"name": name, "id": number} for name, number in FIELDS.items()]
    return genanki.Model(MODEL_ID, NAME, fields=fields, templates=[*map(dict, templates())], css=css())


def database(descriptions: Mapping[str, str], rows: Sequence[Row]) -> bytes:
    """Returns the collection as SQLite writes it. descriptions: of the decks, by their full names."""
    decks = {name: _deck(name, description) for name, description in descriptions.items()}
    for position, (guid, fields, tags, deck, _) in enumerate(rows, 1):
        decks[deck].add_note(_Note(note_type(), [*fields], tags=[*tags], guid=guid, due=10 * position))
    with tempfile.TemporaryDirectory() as folder:  # not in memory, where `serialize` would hold it three times
        path = Path(folder, "collection")
        connection = sqlite3.connect(path)
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
            genanki.Package([*decks.values()]).write_to_db(cursor, _ROW_TIME, itertools.count(_ROW_TIME * 1000))
            times = {guid: time for guid, *_, time in rows}
            ids = cursor.execute("SELECT guid, id FROM notes").fetchall()  # a guid has no index
            cursor.executemany("UPDATE notes SET mod = ? WHERE id = ?", [(times[guid], row) for guid, row in ids])
            (models,) = cursor.execute("SELECT models FROM col").fetchone()
            ours = {str(MODEL_ID): json.loads(models)[str(MODEL_ID)] | {"mod": MODIFIED}} if rows else {}
            cursor.execute("UPDATE col SET models = ?", (json.dumps(ours),))
            connection.commit()
            cursor.execute("VACUUM")
        finally:
            connection.close()
        return path.read_bytes()


def _deck(name: str, description: str) -> genanki.Deck:
    # Anki matches decks by name and ignores this number, which only has to differ between the decks of a package.
    number = int.from_bytes(hashlib.sha256(name.casefold().encode()).digest()[:6], "big") + (1 << 30)
    return genanki.Deck(number, name, description)

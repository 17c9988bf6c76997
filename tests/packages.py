"""Packages taken apart and put together again, changed: what another program, or another eigendeck, might bring."""

from __future__ import annotations

import html
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

from eigendeck.outputs.notetype import FIELDS

Change = Callable[[sqlite3.Connection], None]


def changed(package: Path, target: Path, change: Change, without: str = "") -> Path:
    """Returns a copy of a package whose database was changed, and which lacks the media of a given kind."""
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(target, "w") as copy:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(source.read("collection.anki2"))
        change(connection)
        connection.commit()
        copy.writestr("collection.anki2", connection.serialize())
        media = json.loads(source.read("media"))
        kept = {number: name for number, name in media.items() if not without or not name.endswith(without)}
        copy.writestr("media", json.dumps(kept))
        for number in kept:
            copy.writestr(number, source.read(number))
    return target


def fields(package: Path) -> dict[str, dict[str, str]]:
    """The fields of each note of a package, by the card's id and the field's name."""
    rows = [row.split("\x1f") for (row,) in database(package).execute("SELECT flds FROM notes")]
    return {row[0]: dict(zip(FIELDS, row, strict=True)) for row in rows}


def database(package: Path) -> sqlite3.Connection:
    """A copy of the database of a package."""
    with zipfile.ZipFile(package) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
        return connection


def models(connection: sqlite3.Connection, edit: Callable[[dict[str, object]], None]) -> None:
    """Edits the note type in a package's database."""
    (text,) = connection.execute("SELECT models FROM col").fetchone()
    found = json.loads(text)
    for model in found.values():
        edit(model)
    connection.execute("UPDATE col SET models = ?", (json.dumps({str(m["id"]): m for m in found.values()}),))


def text_of(markup: str) -> str:
    """The words of some HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))

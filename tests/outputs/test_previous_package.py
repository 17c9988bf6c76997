"""The package in the output folder may have come with a stranger's folder: it is read, or refused in words."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import eigendeck, left
from decks import constants
from eigendeck.outputs import package as outputs_package
from eigendeck.outputs.anki import guid
from eigendeck.outputs.ledger import read_ledger
from eigendeck.outputs.package import DamagedPackage
from memory import held_to
from packages import changed

MOST_MEMORY = 150  # MB that reading may take

Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of a deck of two cards."""
    folder = tmp_path_factory.mktemp("good")
    eigendeck("build", constants(folder / "deck", {"id": "one"}, {"id": "two"}), cwd=folder)
    return folder / "build" / "small.apkg"


def refusal(good: Path, tmp_path: Path, change: Change) -> str:
    """Why a package that was changed is not read; found out in little memory."""
    package = tmp_path / "small.apkg"
    package.write_bytes(good.read_bytes())
    change(package)
    with held_to(MOST_MEMORY), pytest.raises(DamagedPackage) as refused:
        read_ledger(package, "small")
    assert len(str(refused.value)) < 300
    return str(refused.value)


# --- its database


def sql(*statements: str, **values: object) -> Change:
    """Runs statements in the database of a package."""

    def change(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement, values if ":" in statement else {})

    return lambda package: (
        package.write_bytes(changed(package, package.with_name("changed"), change).read_bytes())
        and (package.with_name("changed").unlink())
    )


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT"
NOTES = "CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, mod, usn, tags, {flds}, sfld, csum, flags, data)"
DATABASES = {
    "notes that never end": (
     sql("DROP TABLE notes", f"CREATE VIEW notes AS {ENDLESS} x id, '' guid, 1 mid, 1 mod, '' tags, '' flds FROM n"),
     "`notes` must be a table"),
    "cards that never end": (sql("DROP TABLE cards", f"CREATE VIEW cards AS {ENDLESS} x id, 1 nid, 1 did FROM n"),
     "`cards` must be a table"),
    "a collection that is counted out": (sql("DROP TABLE col", f"CREATE VIEW col AS {ENDLESS} max(x) decks FROM n"),
     "`col` must be a table"),
    "a table that a module makes up": (
     sql("DROP TABLE notes", "CREATE VIRTUAL TABLE notes USING fts5(guid, mid, mod, tags, flds)"),
     "`notes` must be a table"),
    "fields that are computed": (sql("DROP TABLE notes", NOTES.format(flds="flds AS (printf('%.*c', 16000000, 'x'))")),
     "`notes` must be a table of data alone"),
    "no table": (sql("DROP TABLE notes"), "`notes` must be a table"),
    "definitions beyond number": (sql(*(f"CREATE TABLE t{n} (x)" for n in range(300))),
     "its database is not one of Anki's"),
    "a note of 20 MB": (sql("UPDATE notes SET flds = printf('%.*c', 20000000, 'x')"), "too big"),
    "a time beyond numbers": (sql("UPDATE notes SET mod = 9e999"), "it dates a note as no build does"),
    "the last time of all": (sql("UPDATE notes SET mod = 9223372036854775807"), "it dates a note as no build does"),
    "a time before all": (sql("UPDATE notes SET mod = -1"), "it dates a note as no build does"),
    "a time in words": (sql("UPDATE notes SET mod = 'noon'"), "it dates a note as no build does"),
    "decks in a list": (sql("UPDATE col SET decks = '[]'"), "it is damaged: "),
    "decks without names": (sql("""UPDATE col SET decks = '{"1": 2}'"""), "it is damaged: "),
    "decks nested deeply": (sql("UPDATE col SET decks = :deep", deep="[" * 100_000), "it is damaged: "),
    "a deck of a number beyond bounds": (sql("UPDATE col SET decks = :many", many="[" + "9" * 5000 + "]"), "damaged"),
    "a deck with a name without end": (
     sql("UPDATE col SET decks = replace(decks, 'Numbers', :long)", long="x" * 100_000), "eigendeck did not make it"),
    "no collection": (sql("DELETE FROM col"), "it is damaged: "),
    "two collections": (sql("INSERT INTO col SELECT 2, 0, 0, 0, 0, 0, 0, 0, '', '', decks, '', '' FROM col"),
     "it is damaged: "),
    "fields that are no text": (sql("UPDATE notes SET flds = x'00ff'"), "it is damaged: "),
    "fields that are half a text": (sql("UPDATE notes SET flds = CAST(x'ff' AS TEXT)"), "it is damaged: "),
    "a field too few": (sql("UPDATE notes SET flds = 'one'"), "its notes are not of eigendeck's note type"),
    "no notes": (sql("DELETE FROM notes"), "it holds no notes"),
    "another note type": (sql("UPDATE notes SET mid = 1"), "its notes are not of eigendeck's note type"),
    "an id that is a search": (
        sql(
            "UPDATE notes SET guid = :guid, flds = replace(flds, substr(flds, 1, 3), :id)",
            guid=guid("small", '" or deck:* or "'),
            id='" or deck:* or "',
        ),
        "eigendeck did not make it",
    ),
}  # fmt: skip


@pytest.mark.tries("brings a previous package")
@pytest.mark.parametrize("name", DATABASES)
def test_a_package_whose_database_is_hostile_is_refused(name: str, good: Path, tmp_path: Path) -> None:
    change, said = DATABASES[name]
    assert said in refusal(good, tmp_path, change)


# --- its file


def flipped(package: Path) -> None:
    """Changes bytes in the middle of the packed notes."""
    content = bytearray(package.read_bytes())
    for at in range(2000, 2010):
        content[at] ^= 0xFF
    package.write_bytes(content)


def field_of_index(offset: int, kind: str, value: int) -> Change:
    """Overwrites what the index of a package says about its first file, and what the file says of itself."""

    def change(package: Path) -> None:
        content = bytearray(package.read_bytes())
        struct.pack_into(kind, content, content.index(b"PK\1\2") + offset, value)
        if offset in (8, 10):
            struct.pack_into(kind, content, offset - 2, value)
        package.write_bytes(content)

    return change


def bomb(size: int, says: int | None = None) -> Change:
    """A package whose notes are nothing but zeros. says: the size that its index tells."""

    def change(package: Path) -> None:
        piece, pieces = bytes(2**20), size // 2**20
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = (packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)) * pieces + packer.flush()  # packed once
        check = 0
        for _ in range(pieces):
            check = zlib.crc32(piece, check)
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("collection.anki2", packed)
        content = bytearray(package.read_bytes())
        for head, sizes in ((0, size), (content.index(b"PK\1\2") + 2, size if says is None else says)):
            struct.pack_into("<H", content, head + 8, zipfile.ZIP_DEFLATED)
            struct.pack_into("<3I", content, head + 14, check, len(packed), sizes)
        package.write_bytes(content)

    return change


def sparse(size: int, index: int) -> Change:
    """A file of a few bytes on disk, whose end says that its index is large."""

    def change(package: Path) -> None:
        end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 65535, 65535, index, 0, 0)
        with package.open("wb") as file:
            file.truncate(size)
            file.seek(size)
            file.write(end)

    return change


def many_files(package: Path) -> None:
    """A package with more files than any deck has pictures."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("0", b"")
    entry, end = packed.getvalue().split(b"PK\1\2")[0], packed.getvalue()[-22:]
    row = packed.getvalue()[len(entry) : -22]
    index = row * 200_000
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 65535, 65535, len(index), len(entry), 0)
    package.write_bytes(entry + index + end)


def of_lzma(package: Path) -> None:
    """Packed in another way: one whose unpacking may ask for gigabytes."""
    with zipfile.ZipFile(package, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("collection.anki2", bytes(1000))


def of_other_bytes(content: bytes) -> Change:
    """A package whose database is something else."""

    def change(package: Path) -> None:
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("collection.anki2", content)
            archive.writestr("media", json.dumps({}))

    return change


FILES = {
    "empty": (lambda package: package.write_bytes(b""), "not a zip file"),
    "cut in half": (lambda package: package.write_bytes(package.read_bytes()[:3000]), "not a zip file"),
    "damaged within": (flipped, "it is damaged: "),
    "encrypted": (field_of_index(8, "<H", 1), "encrypted"),
    "strongly encrypted": (field_of_index(8, "<H", 0x41), "it is damaged: "),
    "patched": (field_of_index(8, "<H", 0x20), "it is damaged: "),
    "packed in no known way": (field_of_index(10, "<H", 99), "in a way that Anki does not use"),
    "packed in another way": (of_lzma, "in a way that Anki does not use"),
    "a size beyond bounds": (field_of_index(24, "<I", 2**31), "more room than any deck needs"),
    "a bomb": (bomb(300 * 2**20), "more room than any deck needs"),
    "a bomb that says it is small": (bomb(200 * 2**20, says=2**20), "it is damaged: "),
    "a bomb just small enough": (bomb(2**28), "its database is not one of Anki's"),
    "endless zeros": (sparse(3_100_000_000, 0), "it is damaged: "),
    "an index of gigabytes": (sparse(3_100_000_000, 3_000_000_000), "more files than any deck needs"),
    "an index that is not there": (sparse(10, 3_000_000_000), "it is damaged: "),
    "200,000 files": (many_files, "more files than any deck needs"),
    "a database of text": (of_other_bytes(b"SELECT" * 100), "its database is not one of Anki's"),
    "no database": (of_other_bytes(b""), "its database is not one of Anki's"),
    "a database of its first page": (
        of_other_bytes(b"SQLite format 3\0\x10\0\1\1\0\x40\x20\x20" + bytes(76) + b"\x0d" + bytes(3995)),
        "`cards` must be a table",
    ),
}


@pytest.mark.tries("brings a previous package")
@pytest.mark.parametrize("name", FILES)
def test_a_package_whose_file_is_hostile_is_refused(
    name: str, good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs_package, "MOST_DATABASE", 2**28)  # half of what it is: more than reading may take
    change, said = FILES[name]
    assert said in refusal(good, tmp_path, change)


def pages_that_repeat(table: str) -> Change:
    """A table whose rows come 300 × 300 × 300 × 300 times: each page above them points to the one below 300 times."""

    def change(package: Path) -> None:
        with zipfile.ZipFile(package) as archive:
            content = bytearray(archive.read("collection.anki2"))
        connection = sqlite3.connect(":memory:")
        connection.deserialize(bytes(content))
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        size = int.from_bytes(content[16:18])
        leaf, below = content[(root - 1) * size : root * size], len(content) // size + 1
        content += leaf
        for _ in range(4):
            cells = b"".join(struct.pack(">IB", below, n % 128) for n in range(300))
            start = size - len(cells)
            pointers = b"".join(struct.pack(">H", start + 5 * n) for n in range(300))
            page = struct.pack(">BHHHBI", 5, 0, 300, start, 0, below) + pointers
            content += page + bytes(start - len(page)) + cells
            below += 1
        content[(root - 1) * size : root * size] = content[-size:]
        content[28:32] = (len(content) // size).to_bytes(4)
        of_other_bytes(bytes(content))(package)

    return change


@pytest.mark.tries("brings a previous package")
@pytest.mark.parametrize("table", ["notes", "col", "cards"])
def test_a_table_whose_rows_come_again_and_again_is_given_up(
    table: str, good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs_package, "MOST_STEPS", outputs_package.MOST_STEPS // 10)  # or it takes seconds

    def change(package: Path) -> None:
        if table == "cards":  # with the index they are not read through
            sql("DROP INDEX ix_cards_nid")(package)
        pages_that_repeat(table)(package)

    assert refusal(good, tmp_path, change)


# --- what the person who builds sees


def laid(package: Path, folder: Path, *cards: dict[str, object]) -> Path:
    """A folder with a deck, and in `build` a package from elsewhere."""
    constants(folder / "deck", *cards)
    (folder / "build").mkdir()
    target = folder / "build" / "small.apkg"
    target.write_bytes(package.read_bytes())
    return target


@pytest.mark.tries("brings a previous package")
@pytest.mark.parametrize(
    "change",
    [DATABASES["notes that never end"][0], DATABASES["a time beyond numbers"][0], FILES["damaged within"][0]],
    ids=["view", "time", "deflate"],
)
def test_a_hostile_package_is_one_fault_and_nothing_is_written(change: Change, good: Path, tmp_path: Path) -> None:
    package = laid(good, tmp_path, {"id": "one"}, {"id": "two"})
    change(package)
    content = package.read_bytes()
    said = eigendeck("build", "deck", cwd=tmp_path, code=1).stderr
    assert said.count("error: ") == 1
    assert "build:1:1: error: the previous package cannot be used: " in said
    assert "--fresh" in said
    assert list(left(package.parent)) == ["small.apkg"]
    assert package.read_bytes() == content
    eigendeck("build", "deck", "--fresh", cwd=tmp_path)


@pytest.mark.tries("brings a previous package")
@pytest.mark.anki
def test_a_hostile_package_is_not_rehearsed(good: Path, tmp_path: Path) -> None:
    package = tmp_path / "small.apkg"
    package.write_bytes(good.read_bytes())
    DATABASES["notes that never end"][0](package)
    said = eigendeck("rehearse", good, package, cwd=tmp_path, code=1).stderr
    assert "`notes` must be a table" in said


# --- another deck


@pytest.mark.tries("has another deck's name")
def test_a_strangers_deck_of_the_same_id_does_not_replace_the_package(good: Path, tmp_path: Path) -> None:
    package = laid(good, tmp_path, {"id": "mine"}, {"id": "my-own"})
    said = eigendeck("build", "deck", cwd=tmp_path, code=1).stderr
    assert "shares no card with this deck" in said
    assert package.read_bytes() == good.read_bytes()
    assert not (tmp_path / "build" / "small.html").exists()
    eigendeck("build", "deck", "--fresh", cwd=tmp_path)


def test_a_deck_that_shares_one_card_is_the_same_deck(good: Path, tmp_path: Path) -> None:
    laid(good, tmp_path, {"id": "two"}, {"id": "three"})
    said = eigendeck("build", "deck", cwd=tmp_path).stderr
    assert "1 new, 0 changed, 1 unchanged, 1 retired" in said


def test_a_deck_at_fault_is_told_its_faults_though_no_sound_card_is_in_the_package(good: Path, tmp_path: Path) -> None:
    laid(good, tmp_path, {"id": "one", "numbers": 1}, {"id": "three"})
    said = eigendeck("build", "deck", cwd=tmp_path, code=1).stderr
    assert "one: numbers: " in said
    assert "previous package" not in said

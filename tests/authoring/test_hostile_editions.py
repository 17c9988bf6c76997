"""A folder of editions that came with somebody's deck: nothing in it is believed, waited for or followed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import eigendeck
from decks import constants

pytestmark = pytest.mark.tries("brings what builds keep")

FORGED = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a deck and its editions, made by somebody else."""
    folder = tmp_path_factory.mktemp("brought")
    constants(folder / "deck", {"id": "one"})
    editions(folder)
    return folder


def editions(folder: Path) -> str:
    options = ("--count", 2, "--make", "sheet", "--jobs", 1)
    return eigendeck("editions", "deck", *options, cwd=folder).stderr


def forged(record: Path) -> None:
    """Another sheet, and a record that says that it is ours."""
    (record.parents[2] / "e0001" / "small.html").write_bytes(FORGED)
    change(record, "e0001/small.html", hashlib.sha256(FORGED).hexdigest())


def change(record: Path, file: str, digest: object) -> None:
    read = json.loads(record.read_bytes())
    read["files"][file] = digest
    record.write_text(json.dumps(read))


def of_another(record: Path) -> None:
    """The record of another student, and that one's sheet."""
    record.write_bytes((record.parents[1] / "e0002" / "record.json").read_bytes())
    shutil.copy(record.parents[2] / "e0002" / "small.html", record.parents[2] / "e0001" / "small.html")


def larger(record: Path) -> None:
    with record.open("wb") as file:
        file.truncate(3 * 2**30)


def instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def replace(record: Path) -> None:
        record.unlink()
        make(record)

    return replace


RECORDS: dict[str, Callable[[Path], object]] = {
    "forged": forged,
    "of another student": of_another,
    "a pipe": instead(os.mkfifo),
    "endless": instead(lambda record: record.symlink_to("/dev/zero")),
    "of gigabytes": larger,
    "nested deeply": lambda record: record.write_text("[" * 100_000),
    "a list": lambda record: record.write_text("[1]"),
    "no text": lambda record: record.write_bytes(b"\xff\x00"),
    "without a seal": lambda record: record.write_text('{"order": "", "seed": 1, "time": 1, "files": {}}'),
    "a seal that is none": lambda record: record.write_text(
        '{"seal": 1, "order": "", "seed": 1, "time": 1, "files": {}}'
    ),
    "of endless files": lambda record: change(record, "../../../../../../../dev/zero", ""),
    "of a file that is none": lambda record: change(record, "a\0b", 3),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_that_was_brought_or_changed_is_none(name: str, brought: Path, tmp_path: Path) -> None:
    shutil.copytree(brought, tmp_path, dirs_exist_ok=True)
    sheet = tmp_path / "editions" / "e0001" / "small.html"
    before = sheet.read_bytes()
    RECORDS[name](tmp_path / "editions" / ".editions" / "e0001" / "record.json")
    assert "1 edition made, 1 there already, 0 failed" in editions(tmp_path)
    assert sheet.read_bytes() == before
    assert "0 editions made, 2 there already" in editions(tmp_path)


def test_editions_of_another_user_are_made_again(
    brought: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(brought, tmp_path, dirs_exist_ok=True)
    before = (tmp_path / "editions" / "e0001" / "small.html").read_bytes()
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "state"))
    assert "2 editions made, 0 there already" in editions(tmp_path)
    assert (tmp_path / "editions" / "e0001" / "small.html").read_bytes() == before


def test_a_pipe_in_place_of_an_edition_is_replaced(brought: Path, tmp_path: Path) -> None:
    shutil.copytree(brought, tmp_path, dirs_exist_ok=True)
    sheet = tmp_path / "editions" / "e0001" / "small.html"
    before = sheet.read_bytes()
    sheet.unlink()
    os.mkfifo(sheet)
    assert "1 edition made, 1 there already, 0 failed" in editions(tmp_path)
    assert sheet.read_bytes() == before

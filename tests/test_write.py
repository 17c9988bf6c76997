"""What a build writes, deletes and leaves alone, whatever lies in the folder that it writes to."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import eigendeck, left
from decks import constants
from eigendeck.write import write_whole


def link_out(target: Path, outside: Path) -> None:
    target.symlink_to(outside)


def dangling_link(target: Path, outside: Path) -> None:
    target.symlink_to(outside.with_name("nothing"))


def pipe(target: Path, _: Path) -> None:
    os.mkfifo(target)


@pytest.mark.tries("leads the outputs elsewhere")
@pytest.mark.parametrize("place", [link_out, dangling_link, pipe])
def test_what_lies_at_an_outputs_place_is_replaced_and_never_followed(
    place: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("precious")
    folder = tmp_path / "out"
    folder.mkdir()
    place(folder / "a.html", outside)
    write_whole(folder, {"a.html": b"new"})
    assert outside.read_text() == "precious"
    assert not (tmp_path / "nothing").exists()
    assert [path.name for path in folder.iterdir()] == ["a.html"]
    assert stat.S_ISREG((folder / "a.html").lstat().st_mode)
    assert (folder / "a.html").read_bytes() == b"new"


@pytest.mark.tries("leads the outputs elsewhere")
def test_a_folder_at_an_outputs_place_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "fair"})
    (tmp_path / "build" / "small.html").mkdir(parents=True)
    said = eigendeck("build", deck, cwd=tmp_path, code=2).stderr
    assert "--out" in said
    assert "Traceback" not in said


# --- folders that lead elsewhere


@pytest.mark.tries("leads the outputs elsewhere")
@pytest.mark.parametrize(
    ("links", "arguments", "cwd"),
    [
        ({"deck/build": "elsewhere"}, ["build"], "deck"),
        ({"deck/build": "elsewhere"}, ["build", "deck", "--out", "deck/build"], ""),
        ({"deck/build": "elsewhere"}, ["build", "deck", "--out", "deck/build/sheets", "--fresh"], ""),
        ({"deck/build": "elsewhere"}, ["build", "--only", "fair", "--out", "../deck/build"], "deck"),
        ({"deck/out": ""}, ["build", "--out", "out/elsewhere"], "deck"),
        ({"build": "elsewhere"}, ["build", "deck"], ""),
        ({"build": "elsewhere"}, ["build"], "deck/.."),
        ({"deck/one": "deck/build", "deck/build": "elsewhere"}, ["build", "--out", "one"], "deck"),
        ({"deck/build": "deck/build"}, ["build"], "deck"),
    ],
)
def test_a_link_that_a_deck_brings_is_not_followed(
    links: dict[str, str], arguments: list[str], cwd: str, tmp_path: Path
) -> None:
    constants(tmp_path / "deck", {"id": "fair"}, meta={"id": "index", "title": "Index"})
    if cwd == "deck/..":  # the folder that was sent has the deck in `cards`
        (tmp_path / "deck").rename(tmp_path / "cards")
        cwd = ""
    (tmp_path / "elsewhere").mkdir()
    for name in ("index.html", "index.part.html"):
        (tmp_path / "elsewhere" / name).write_text("precious")
    for link, target in links.items():
        (tmp_path / link).symlink_to(tmp_path / target)
    said = eigendeck(*arguments, cwd=tmp_path / cwd, code=2).stderr
    assert "is a link to " in " ".join(said.replace("│", "").split())
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == ["index.html", "index.part.html"]
    assert {path.read_text() for path in (tmp_path / "elsewhere").iterdir()} == {"precious"}


def test_a_link_of_the_person_who_builds_is_followed(tmp_path: Path) -> None:
    deck = constants(tmp_path / "sent" / "deck", {"id": "fair"})
    (tmp_path / "site").mkdir()
    (tmp_path / "public").symlink_to(tmp_path / "site")
    eigendeck("build", deck, "--out", tmp_path / "public" / "cards", cwd=tmp_path)
    assert (tmp_path / "site" / "cards" / "small.html").is_file()


# --- names


@pytest.mark.tries("has another deck's name")
def test_a_part_of_a_deck_does_not_overwrite_another_decks_sheet(tmp_path: Path) -> None:
    for deck_id in ("algebra-part", "algebra"):
        constants(tmp_path / deck_id, {"id": "fair"}, meta={"id": deck_id, "title": deck_id})
    eigendeck("build", "algebra-part", cwd=tmp_path)
    sheet = tmp_path / "build" / "algebra-part.html"
    before = sheet.read_bytes()
    eigendeck("build", "algebra", "--only", "fair", cwd=tmp_path)
    assert sheet.read_bytes() == before
    names = sorted(left(tmp_path / "build"))
    assert names == ["algebra-part.apkg", "algebra-part.html", "algebra.part.html"]


@pytest.mark.tries("ends a build, or meets another")
def test_builds_of_one_process_number_do_not_meet(tmp_path: Path) -> None:
    contents = [bytes([number]) * 200_000 for number in range(8)]
    failed: list[Exception] = []

    def write(content: bytes) -> None:
        try:
            for _ in range(10):
                write_whole(tmp_path, {"a.html": content})
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert (tmp_path / "a.html").read_bytes() in contents


# --- what is half written

OURS = ".a.html." + "0f" * 16 + ".part"
SHEET = b"<!doctype html><p>new"


@pytest.mark.tries("ends a build, or meets another")
@pytest.mark.parametrize("content", [b"<!doctype html><p>old", b"<!do", b""], ids=["some", "little", "nothing"])
def test_what_a_killed_build_left_half_written_is_cleared_away_later(content: bytes, tmp_path: Path) -> None:
    (tmp_path / OURS).write_bytes(content)
    os.utime(tmp_path / OURS, (0, 0))
    write_whole(tmp_path, {"a.html": SHEET})
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


@pytest.mark.tries("leaves files that are called as ours")
@pytest.mark.parametrize(
    "name",
    [
        ".thesis.docx.part",
        ".a.html.part",
        ".a.html.4711.part",
        ".a.html." + "0F" * 16 + ".part",
        ".b.html." + "0f" * 16 + ".part",
        ".a.html." + "0f" * 16 + ".docx.part",
    ],
)
def test_a_file_that_is_not_called_as_ours_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"<!doctype html>")
    os.utime(tmp_path / name, (0, 0))
    write_whole(tmp_path, {"a.html": SHEET})
    assert (tmp_path / name).read_bytes() == b"<!doctype html>"


@pytest.mark.tries("leaves files that are called as ours")
def test_a_file_that_is_called_as_ours_and_begins_otherwise_stays(tmp_path: Path) -> None:
    (tmp_path / OURS).write_bytes(b"PK\3\4 a thesis")
    os.utime(tmp_path / OURS, (0, 0))
    write_whole(tmp_path, {"a.html": SHEET})
    assert (tmp_path / OURS).read_bytes() == b"PK\3\4 a thesis"


@pytest.mark.tries("leaves files that are called as ours")
def test_what_another_build_is_writing_stays(tmp_path: Path) -> None:
    (tmp_path / OURS).write_bytes(b"<!doctype")
    write_whole(tmp_path, {"a.html": SHEET})
    assert (tmp_path / OURS).exists()


@pytest.mark.tries("leaves files that are called as ours")
@pytest.mark.parametrize("place", [link_out, dangling_link, pipe, lambda target, _: target.mkdir()])
def test_what_is_no_file_is_not_taken_for_a_half_written_one(
    place: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"<!doctype html>")
    (tmp_path / "out").mkdir()
    place(tmp_path / "out" / OURS, outside)
    os.utime(outside, (0, 0))
    write_whole(tmp_path / "out", {"a.html": SHEET})
    assert outside.read_bytes() == b"<!doctype html>"
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_folder_whose_name_is_too_long_is_a_wrong_option(command: str, tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "fair"})
    if command == "build":
        said = eigendeck("build", deck, "--out", "x" * 300, cwd=tmp_path, code=2).stderr
        assert "File name too long" in said
        assert "--out" in said
    else:
        assert "Traceback" not in eigendeck("check", tmp_path / ("x" * 300), cwd=tmp_path, code=1).stderr


@pytest.mark.tries("leads the outputs elsewhere")
@pytest.mark.parametrize("arguments", [["plots", "bars", "--out", "deck/sub"], ["init", "deck/sub/new"]])
def test_a_link_that_a_deck_brings_is_not_followed_by_commands_that_name_no_deck(
    arguments: list[str], tmp_path: Path
) -> None:
    constants(tmp_path / "deck", {"id": "fair"})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "deck" / "sub").symlink_to(tmp_path / "elsewhere")
    said = eigendeck(*arguments, cwd=tmp_path, code=2).stderr
    assert "is a link to " in " ".join(said.replace("│", "").split())
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.tries("leads the outputs elsewhere")
@pytest.mark.parametrize("name", ["small.html", "small.apkg"])
def test_a_file_of_gigabytes_at_an_outputs_place_is_replaced_unread(name: str, tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "fair"})
    (tmp_path / "build").mkdir()
    with (tmp_path / "build" / name).open("wb") as file:
        file.truncate(2**40)  # none of it is on the disk
    eigendeck("build", deck, "--fresh", cwd=tmp_path)
    assert (tmp_path / "build" / name).stat().st_size < 2**20

"""Editions: a roster as spreadsheets save it, other numbers for each student, and runs that go on where one ended."""

from __future__ import annotations

import csv
import io
import os
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from browser import chromium
from conftest import eigendeck
from decks import card, section, write
from eigendeck import rehearse
from eigendeck.authoring.editions.roster import Student, read_roster
from eigendeck.errors import DeckError
from packages import database, fields
from programs import plain

TOLD = "  - id: why\n    concept: Why\n    ask: Why?\n    says: Because.\n"


# ---- the roster


@pytest.mark.parametrize(
    "data",
    [
        "id,name\nada,Ada Löwe\nbob,\n".encode(),
        "id;name\r\nada;Ada Löwe\r\nbob;\r\n".encode("utf-8-sig"),
        "ID;Name;Group\r\nada;Ada Löwe;1\r\nbob;;2\r\n".encode("cp1252"),
        "id\tname\r\nada\tAda Löwe\r\nbob\t\r\n".encode("utf-16"),
        'sep=;\r\nname;"id"\r\n"Ada  Löwe ";" ada"\r\n;;\r\n"";bob\r\n'.encode("utf-8-sig"),
        "id,name\nada,Ada Lo\u0308we\nbob".replace("o\u0308", "ö").encode(),
    ],
    ids=["plain", "excel", "windows", "unicode text", "sep", "no last line end"],
)
def test_a_roster_is_read_as_spreadsheets_save_it(data: bytes) -> None:
    assert read_roster(data, "class.csv") == (Student("ada", "Ada Löwe"), Student("bob", ""))


WRONG = {
    "id,name\nada,\n\nada,\n": 'class.csv:4:1: error: the id "ada" is that of line 2, too',
    "id,name\nada,\nAda,\n": 'class.csv:3:1: error: the id "Ada" differs from that of line 2 in capitals alone',
    "id\n../../x\n": 'class.csv:2:1: error: the id "../../x" cannot be used',
    "id\n..\n": 'class.csv:2:1: error: the id ".." cannot be used',
    "id\n.editions\n": 'the id ".editions" cannot be used',
    "id\n/etc\n": 'the id "/etc" cannot be used',
    "id\na\\b\n": "cannot be used",
    "id\n=1+1\n": 'the id "=1+1" cannot be used',
    f"id\n{'x' * 151}\n": "cannot be used",
    "id\nNUL.txt\n": 'the id "NUL.txt" is the name of something else',
    "id\nKeys\n": 'the id "Keys" is the name of something else',
    "id\nkey.csv\n": 'the id "key.csv" is the name of something else',
    "id\n1.23E+11\n": 'the id "1.23E+11" was rounded by a spreadsheet',
    "id,name\n,Ada\n": "class.csv:2:1: error: has no id",
    "id,name\nada,Löwe, Ada\n": "class.csv:2:1: error: has 3 cells, and the first line names 2 columns",
    "id,name\nada,A\x07b\n": 'the name of "ada" cannot be printed',
    "ada,Ada\nbob,Bob\n": "class.csv:1:1: error: names no column `id`",
    "id,name\n": "class.csv:1:1: error: has no students",
    "": "names no column `id`",
    "id\na\0b\n": "is no text in UTF-8",
}


@pytest.mark.tries("names students oddly")
@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=range(len(WRONG)))
def test_a_row_that_cannot_be_used_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(DeckError) as error:
        read_roster(text.encode(), "class.csv")
    assert said in str(error.value)


def test_all_rows_at_fault_are_said_at_once_and_many_rows_take_no_time() -> None:
    rows = [f"s{number}" for number in range(10_000)]
    start = time.process_time()
    assert len(read_roster("\n".join(["id", *rows]).encode(), "class.csv")) == 10_000
    assert time.process_time() - start < 2
    with pytest.raises(DeckError) as error:
        read_roster(b"id\n../a\n../b\nok\n", "class.csv")
    assert [fault.place.line for fault in error.value.faults] == [2, 3]


# ---- what is made


def deck(folder: Path, **keys: object) -> Path:
    return write(folder / "deck", section(card(**keys), TOLD))


def contents(out: Path) -> dict[str, bytes]:
    """The files of a folder, by path."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a deck, a roster, and the editions of two students in `out`."""
    folder = tmp_path_factory.mktemp("made")
    deck(folder)
    (folder / "class.csv").write_text("id;name\nada;Ada <Löwe>\nbob;\n", encoding="utf-8-sig")
    editions(folder)
    return folder


def editions(folder: Path, *options: object, code: int = 0) -> str:
    arguments = ("deck", "--roster", "class.csv", "--make", "apkg,sheet,worksheet,key", "--out", "out", "--jobs", 1)
    return eigendeck("editions", *arguments, *options, cwd=folder, code=code).stderr


def test_each_student_has_a_folder_and_the_teacher_what_lies_beside(made: Path) -> None:
    shown = {path for path in contents(made / "out") if not path.startswith(".")}
    own = ("small.apkg", "small.html", "small.worksheet.html")
    assert shown == {"index.html", "key.csv"} | {f"{who}/{name}" for who in ("ada", "bob") for name in own} | {
        "keys/ada/small.key.html",
        "keys/bob/small.key.html",
    }
    index = (made / "out" / "index.html").read_text(encoding="utf-8")
    assert '<a href="ada/small.apkg">' in index


@pytest.mark.usefixtures("cold")
def test_the_seed_of_a_student_makes_the_same_edition_again_in_a_worker_that_has_made_no_other(
    made: Path, tmp_path: Path
) -> None:
    notes = fields(made / "out" / "bob" / "small.apkg")
    seed = notes["total"]["Edition"].removeprefix("seed ")
    eigendeck("build", made / "deck", "--seed", seed, "--out", tmp_path, cwd=tmp_path)
    assert fields(tmp_path / "small.apkg") == notes
    assert fields(made / "out" / "ada" / "small.apkg")["total"]["Work Front"] != notes["total"]["Work Front"]


def test_a_name_stands_on_paper_alone(made: Path) -> None:
    with_name = {path for path, content in contents(made / "out").items() if "Löwe".encode() in unpacked(content)}
    assert with_name == {"ada/small.worksheet.html", "keys/ada/small.key.html"}
    worksheet = (made / "out" / "ada" / "small.worksheet.html").read_text(encoding="utf-8")
    assert "Ada &lt;Löwe&gt;" in worksheet


def unpacked(content: bytes) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def test_the_teachers_table_has_the_answers_of_every_variant(made: Path) -> None:
    lines = (made / "out" / "key.csv").read_text(encoding="utf-8-sig").splitlines()
    table = list(csv.DictReader(lines, delimiter=";"))
    assert [(row["student"], row["card"], row["variant"]) for row in table] == [
        (who, *which) for who in ("ada", "bob") for which in (("total", "1"), ("total", "2"), ("why", "1"))
    ]
    for row in table:
        if row["card"] == "total":
            numbers = [int(text) for text in row["inputs"].removeprefix("x = [").removesuffix("]").split(", ")]
            assert int(row["answer"]) == sum(numbers)
            assert int(row["mistake 1"]) == numbers[0] * numbers[1] * numbers[2]
    assert "'=1" not in str(table)


def test_the_table_is_as_the_teachers_spreadsheet_reads_it(tmp_path: Path) -> None:
    keys = {"given": "k = 4\nx = -rng.integers(1, 9) / 8", "numpy": "k * x", "check": "answer / x == k", "nice": "off"}
    mistake = {"says": "Adds.", "numpy": "k + x"}
    deck(tmp_path, **keys, ask="k = {k}, x = {x}", unit="m/s", formula="kx", steps=None, mistake=mistake)
    tables = {}
    for name, separator in (("comma", ","), ("semicolon", ";")):
        (tmp_path / f"{name}.csv").write_text(f"id{separator}name\nada{separator}Ada\n", encoding="utf-8-sig")
        eigendeck("editions", "deck", "--roster", f"{name}.csv", "--out", name, "--jobs", 1, cwd=tmp_path)
        lines = (tmp_path / name / "key.csv").read_text(encoding="utf-8-sig").splitlines()
        tables[name] = list(csv.DictReader(lines, delimiter=separator))
    for row, comma in zip(tables["comma"][:2], tables["semicolon"], strict=False):
        assert float(row["answer"]) < 0
        assert row["unit"] == "m/s"
        assert comma["answer"] == row["answer"].replace(".", ",")
        assert comma["mistake 1"] == row["mistake 1"].replace(".", ",")
        assert comma["inputs"] == row["inputs"]  # as they stand on the worksheet


def test_a_second_run_makes_nothing_and_touches_nothing(made: Path) -> None:
    def state() -> dict[Path, tuple[int, int]]:
        return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (made / "out").rglob("*")}

    before = state()
    assert "0 editions made, 2 there already, 0 failed" in editions(made)
    assert state() == before


@pytest.mark.parametrize("damage", ["cut", "gone", "link", "record gone"])
def test_what_is_missing_or_damaged_is_made_again_as_it_was(made: Path, tmp_path: Path, damage: str) -> None:
    before = contents(made / "out")
    package, record = made / "out" / "bob" / "small.apkg", made / "out" / ".editions" / "bob" / "record.json"
    if damage == "cut":
        package.write_bytes(package.read_bytes()[:1000])
    elif damage == "gone":
        package.unlink()
    elif damage == "link":
        (tmp_path / "elsewhere").write_bytes(package.read_bytes())
        package.unlink()
        package.symlink_to(tmp_path / "elsewhere")
    else:
        record.write_text("{")
    (package.parent / f".small.apkg.{'0' * 32}.part").write_bytes(b"half")
    assert "1 edition made, 1 there already, 0 failed" in editions(made, "--now", 2_000_000_000)
    after = contents(made / "out")
    if damage == "record gone":  # the package still tells when its notes were made; a record tells when it was
        after[".editions/bob/record.json"] = before[".editions/bob/record.json"]
    assert after == before
    assert not package.is_symlink()


def test_a_second_edition_has_the_same_notes_with_other_numbers_and_a_later_time(made: Path, tmp_path: Path) -> None:
    def rows(out: Path) -> dict[str, tuple[str, int]]:
        found = database(out / "ada" / "small.apkg").execute("SELECT guid, flds, mod FROM notes").fetchall()
        return {guid: (text, time) for guid, text, time in found}

    first = rows(made / "out")
    (tmp_path / "class.csv").write_bytes((made / "class.csv").read_bytes())
    for name, content in contents(made / "out").items():
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(content)
    deck(tmp_path)
    assert "2 editions made" in editions(tmp_path, "--seed", 5)
    second = rows(tmp_path / "out")
    assert first.keys() == second.keys()
    drawn = [guid for guid, (text, _) in first.items() if "seed" in text]
    assert len(drawn) == 1
    for guid, (text, time_) in first.items():
        assert (second[guid] == (text, time_)) == (guid not in drawn)
        assert second[guid][1] > time_ or guid not in drawn


def test_a_number_of_editions_needs_no_roster(tmp_path: Path) -> None:
    deck(tmp_path)
    eigendeck("editions", "deck", "--count", 2, "--make", "worksheet", "--out", "out", "--jobs", 2, cwd=tmp_path)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        ".editions",
        "e0001",
        "e0002",
        "index.html",
        "key.csv",
    }


@pytest.mark.parametrize(("paper", "height"), [("a4", "297mm"), ("letter", "279.4mm")])
def test_paper_cards_are_made_for_the_paper_that_is_asked_for(tmp_path: Path, paper: str, height: str) -> None:
    deck(tmp_path)
    eigendeck("editions", "deck", "--count", 1, "--make", "cards", "--paper", paper, "--out", "out", cwd=tmp_path)
    page = (tmp_path / "out" / "e0001" / "small.cards.html").read_text(encoding="utf-8")
    assert height in page
    (row, *_) = csv.DictReader((tmp_path / "out" / "key.csv").read_text(encoding="utf-8-sig").splitlines())
    assert row["inputs"].removeprefix("x = [").removesuffix("]") in plain(page)


@pytest.mark.browser
def test_one_browser_prints_for_all_students_and_another_goes_on_where_it_ends(tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "class.csv").write_text("id\nada\nbob\ncleo\n")
    own = tmp_path / "bin" / Path(chromium()).name
    own.parent.mkdir()
    begins = f'#!/bin/sh\necho started >> "{tmp_path}/log"\n'
    own.write_text(f'{begins}exec "{chromium()}" "$@"\n')
    own.chmod(0o755)
    path = {"PATH": f"{own.parent}{os.pathsep}{os.environ['PATH']}"}
    options = ("--roster", "class.csv", "--make", "worksheet,key,cards,pdf", "--jobs", 1)
    eigendeck("editions", "deck", *options, cwd=tmp_path, env=path)
    assert (tmp_path / "log").read_text() == "started\n"
    assert len(list((tmp_path / "editions").rglob("*.pdf"))) == 9

    own.write_text(f'{begins}mkdir "{tmp_path}/ended" && exit 1\nexec "{chromium()}" "$@"\n')
    said = eigendeck("editions", "deck", *options, "--seed", 3, cwd=tmp_path, env=path).stderr
    assert "3 editions made" in said
    assert (
        tmp_path / "log"
    ).read_text() == "started\n" * 4  # the second ends at once, the third goes on, the fourth is a round's


@pytest.mark.tries("commands whoever runs it")
@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\uff1d1+1", "\uff0b1", "\uff20SUM(1)"])
def test_no_answer_is_a_formula_of_a_spreadsheet(text: str, tmp_path: Path) -> None:
    told = f"  - id: why\n    concept: Why\n    ask: '{text}'\n    says: '{text}'\n"
    write(tmp_path / "deck", section(told))
    eigendeck("editions", "deck", "--count", 1, "--make", "worksheet", "--jobs", 1, cwd=tmp_path)
    (row,) = csv.DictReader((tmp_path / "editions" / "key.csv").read_text(encoding="utf-8-sig").splitlines())
    assert (row["inputs"], row["answer"]) == (f"'{text}", f"'{text}")


# ---- what goes wrong


@pytest.mark.tries("leads the outputs elsewhere")
def test_a_folder_that_is_a_link_is_not_followed_and_the_others_are_made(tmp_path: Path) -> None:
    deck(tmp_path)
    (tmp_path / "class.csv").write_text("id\nada\nbob\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "ada").symlink_to(elsewhere)
    said = editions(tmp_path, code=1)
    assert "is a link, and links are not followed" in said
    assert "1 edition made, 0 there already, 1 failed" in said
    assert not list(elsewhere.iterdir())
    assert (tmp_path / "out" / "bob" / "small.apkg").is_file()


def test_an_edition_that_cannot_be_made_is_listed_and_the_others_are_made(tmp_path: Path) -> None:
    deck(tmp_path, check="answer == sum(x.tolist())   # one by one\nx[0] != 5\n")
    (tmp_path / "class.csv").write_text("id\n" + "\n".join(f"s{n}" for n in range(12)))
    said = editions(tmp_path, code=1)
    failed = said.count("total: check: ")
    assert 0 < failed < 12
    assert f"{12 - failed} editions made, 0 there already, {failed} failed" in said
    assert len(list((tmp_path / "out").glob("*/small.apkg"))) == 12 - failed


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"concept": ""}, "total: concept"),
        ({"check": "answer == answer"}, "total: check: would not notice a wrong answer"),
        ({"formula": r"s = \max_i x_i", "reads": {}}, "total: formula: formula gives"),
        ({"says": r"\(\frac{1\)"}, "total: says"),
    ],
)
def test_a_deck_at_fault_makes_nothing_and_says_so_once(tmp_path: Path, keys: dict[str, object], said: str) -> None:
    deck(tmp_path, **keys)
    (tmp_path / "class.csv").write_text("id\nada\nbob\ncleo\n")
    assert editions(tmp_path, code=1).count(said) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--count", 1, "--make", "akpg"), 'Did you mean "apkg"?'),
        (("--count", 1, "--make", "pdf"), "names no page"),
        ((), "one of the two says for whom"),
        (("--count", 1, "--roster", "class.csv"), "one of the two says for whom"),
    ],
)
def test_an_option_that_means_nothing_is_refused(tmp_path: Path, options: tuple[object, ...], said: str) -> None:
    deck(tmp_path)
    done = eigendeck("editions", "deck", *options, "--out", "out", cwd=tmp_path, code=2)
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "out").exists()


def test_a_roster_that_is_not_there_is_said_at_its_place(tmp_path: Path) -> None:
    deck(tmp_path)
    done = eigendeck("editions", "deck", "--roster", "none.csv", cwd=tmp_path, code=1)
    assert "none.csv:1:1: error: cannot be read" in done.stderr


# ---- in Anki


@pytest.mark.anki
def test_second_editions_of_ten_students_lose_nothing_in_their_collections(tmp_path: Path) -> None:
    deck(tmp_path, plot={"bars": {"a": "x[0]", "b": "x[1]"}}, cards=["work", "mistake", "code"])
    arguments = ("editions", "deck", "--count", 10, "--make", "apkg")
    eigendeck(*arguments, "--out", "first", "--now", 1_700_000_000, cwd=tmp_path)
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    said = eigendeck(*arguments, "--seed", 2, "--out", "second", "--now", 1_700_500_000, cwd=tmp_path).stderr
    assert "10 editions made" in said
    for number in range(1, 11):
        first, second = (tmp_path / out / f"e{number:04}" / "small.apkg" for out in ("first", "second"))
        assert fields(first)["total"]["Work Front"] != fields(second)["total"]["Work Front"]
        rehearsal = rehearse(first, second)
        assert rehearsal.good, "\n".join(rehearsal.lines())

"""The store: nothing is made twice, all that has changed is made, and what lies there is never believed blindly."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import decks
from conftest import ROOT, eigendeck, left
from eigendeck import Built, build, check
from forks import forks

TIME = 1_800_000_000
TOLD = {"concept": "Told", "ask": "What is it?", "says": "A sum."}
PLOT = {"arrows": {"x": "x[:2]"}}


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck of a card with a plot, one without, and a told one; nothing may change it."""
    return make(tmp_path_factory.mktemp("store") / "deck")


def make(folder: Path, change: Callable[[dict[str, Any]], None] = lambda cards: None, **meta: Any) -> Path:
    """The deck with something else in its cards, which come by their ids."""
    usual = {key: value for key, value in decks.USUAL.items() if key != "id"}
    cards = {"drawn": usual | {"plot": PLOT}, "plain": dict(usual), "told": TOLD}
    change(cards)
    folder.mkdir(parents=True)
    (folder / "deck.yaml").write_text(yaml.safe_dump({**decks.META, **meta}))
    listed: list[Any] = [{"id": card_id, **keys} for card_id, keys in cards.items()]
    (folder / "01-numbers.yaml").write_text(json.dumps({"section": "Numbers", "cards": listed}))
    return folder


def built(deck: Path, out: Path | None, **options: Any) -> Built:
    return build(deck, store=out, time=TIME, processes=1, **options)


def kept(out: Path) -> set[str]:
    """The names of the entries."""
    folder = out / ".eigendeck"
    return {path.name for path in folder.glob("*.json")} if folder.is_dir() else set()


@pytest.fixture
def out(deck: Path, tmp_path: Path) -> Path:
    """A folder whose store holds all that the deck is made of."""
    assert built(deck, tmp_path / "out").reused == 0
    return tmp_path / "out"


def says(cards: dict[str, Any]) -> None:
    cards["plain"]["says"] = "Adds all the entries up."


def given(cards: dict[str, Any]) -> None:
    cards["plain"]["given"] = "x = rng.integers(2, 8, 3)\n"


def drawn(cards: dict[str, Any]) -> None:
    cards["drawn"]["given"] = "x = rng.integers(2, 8, 3)\n"


def plotted(cards: dict[str, Any]) -> None:
    cards["drawn"]["plot"] = {"arrows": {"x": "x[1:]"}}


def first(cards: dict[str, Any]) -> None:
    before = dict(cards)
    cards.clear()
    cards |= {"new": before["plain"] | {"concept": "New"}} | before


def own_variants(cards: dict[str, Any]) -> None:
    cards["plain"]["variants"] = 3


@pytest.mark.parametrize(
    ("change", "meta", "made"),
    [
        (says, {}, {"faces": 1}),
        (given, {}, {"worked": 1, "faces": 1}),
        (drawn, {}, {"worked": 1, "drawn": 1, "faces": 1}),
        (plotted, {}, {"worked": 1, "drawn": 1, "faces": 1}),
        (own_variants, {}, {"worked": 1, "faces": 1}),
        (first, {}, {"worked": 1, "faces": 1}),
        (None, {"seed": 1}, {"worked": 2, "drawn": 1, "faces": 3}),
        (None, {"variants": 3}, {"worked": 2, "drawn": 1, "faces": 2}),
        (None, {"language": "de"}, {"drawn": 1, "faces": 3}),
        (None, {"title": "Other"}, {}),
    ],
    ids=lambda value: getattr(value, "__name__", None) or (str(value) if isinstance(value, dict) else "deck"),
)
def test_what_has_changed_is_made_and_nothing_else(
    out: Path,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], None] | None,
    meta: dict[str, Any],
    made: dict[str, int],
) -> None:
    changed = make(tmp_path / "changed", change or (lambda cards: None), **meta)
    before = kept(out)
    warm = built(changed, out)
    assert Counter(name.partition("-")[0] for name in kept(out) - before) == made
    assert warm.reused == len(warm.cards) - made.get("faces", 0)
    assert warm.files == built(changed, None).files
    assert built(changed, out).reused == len(warm.cards)


def test_a_deck_at_fault_keeps_the_cards_that_are_not(tmp_path: Path) -> None:
    def wrong(cards: dict[str, Any]) -> None:
        cards["plain"]["check"] = "answer == 0"

    at_fault, out = make(tmp_path / "wrong", wrong), tmp_path / "out"
    out.mkdir()
    first, second = (check(at_fault, store=out, draws=1, processes=1).faults for _ in range(2))
    assert [fault.what.partition(":")[0] for fault in first] == ["plain"]
    assert first == second
    assert built(make(tmp_path / "right"), out).reused == 2


def test_draws_that_passed_are_not_made_again(out: Path, deck: Path) -> None:
    ask = {"store": out, "draws": 30, "processes": 1, "formulas": True}
    first = check(deck, **ask)
    before = kept(out)
    assert check(deck, **ask) == first
    assert kept(out) == before
    assert check(deck, **ask | {"store": None}) == first


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def linked(path: Path) -> None:
    elsewhere = path.parent.with_name(f"elsewhere-{path.name}")
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.tries("brings what builds keep")
@pytest.mark.parametrize("harm", [flipped, truncated, emptied, linked, a_folder, a_pipe])
def test_a_store_that_was_harmed_costs_time_and_nothing_else(
    out: Path, deck: Path, harm: Callable[[Path], None]
) -> None:
    whole = built(deck, None)
    for path in sorted((out / ".eigendeck").glob("*.json")):
        harm(path)
    again = built(deck, out)
    assert (again.files, again.warnings) == (whole.files, whole.warnings)
    assert again.reused == 0


@pytest.mark.tries("brings what builds keep")
def test_an_entry_under_the_name_of_another_is_none(out: Path, deck: Path) -> None:
    faces = sorted((out / ".eigendeck").glob("faces-*"))
    contents = [path.read_bytes() for path in faces]
    for path, content in zip(faces, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(content)
    assert built(deck, out).reused == 0


@pytest.mark.tries("brings what builds keep")
def test_what_another_user_has_made_is_not_believed(
    out: Path, deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "another"))
    assert built(deck, out).reused == 0
    assert built(deck, out).reused == 3
    key = tmp_path / "another" / "eigendeck" / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.write_bytes(b"short")
    assert built(deck, out).reused == 0


@pytest.mark.tries("brings what builds keep")
def test_a_link_to_a_store_is_not_followed(deck: Path, out: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / ".eigendeck").symlink_to(out / ".eigendeck")
    before = kept(out)
    changed = make(tmp_path / "changed", says)
    assert built(deck, other).reused == 0
    assert built(changed, other).reused == 0
    assert kept(out) == before


def test_a_store_that_cannot_be_written_is_no_fault(deck: Path, tmp_path: Path) -> None:
    (tmp_path / ".eigendeck").write_text("no folder")
    assert built(deck, tmp_path).files == built(deck, None).files
    assert (tmp_path / ".eigendeck").read_text() == "no folder"


def test_entries_go_that_nobody_asked_for_in_thirty_days_and_other_files_stay(out: Path, tmp_path: Path) -> None:
    store = out / ".eigendeck"
    old = kept(out)
    foreign = [store / "notes.txt", store / "faces-1.json"]
    for path in foreign:
        path.write_text("mine")
    for path in store.iterdir():
        os.utime(path, (0, 0))
    built(make(tmp_path / "changed", drawn), out)  # which uses two of the faces
    assert len(kept(out) & old) == 2
    assert all(path.exists() for path in foreign)


def test_the_store_is_no_part_of_what_a_repository_tracks(out: Path) -> None:
    assert (out / ".eigendeck" / ".gitignore").read_text() == "*\n"


# ---- another program


def program(folder: Path) -> Path:
    """A copy of the program that may be changed; returns what goes before the other one."""
    shutil.copytree(ROOT / "generator", folder / "program")  # compiled as it is: no copy is compiled again
    return folder / "program"


RUN = "import sys; from eigendeck.cli import run; [sys.exit(1) for line in sys.argv[1:] if run(line.split())]"


def by_program(before: Path, deck: Path, *lines: str) -> None:
    """Builds a deck by another program, in one process, as each of the lines says."""
    environment = os.environ | {"PYTHONPATH": str(before), "SOURCE_DATE_EPOCH": str(TIME)}
    command = [sys.executable, "-c", RUN, *(f"build {deck} --jobs 1 {line}" for line in lines)]
    subprocess.run(command, cwd=before.parent, env=environment, capture_output=True, check=True)


@pytest.fixture(scope="module")
def unchanged(deck: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the program, and what it made, in `out`."""
    folder = tmp_path_factory.mktemp("unchanged")
    by_program(program(folder), deck, "--out out")
    return folder


def changed_template(before: Path) -> None:
    path = before / "eigendeck" / "templates" / "anki" / "work_back.html"
    path.write_text(path.read_text("utf-8").replace('<p class="says">', '<p class="says" data-x="1">'), "utf-8")


def changed_sheet(before: Path) -> None:
    path = before / "eigendeck" / "templates" / "sheet.html"
    path.write_text(path.read_text("utf-8").replace("<main>", '<main data-x="1">'), "utf-8")


def changed_kind(before: Path) -> None:
    path = min((before / "eigendeck" / "plots" / "kinds").glob("[a-z]*.py"))
    path.write_text(path.read_text("utf-8") + "\n# changed\n", "utf-8")


def another_numpy(before: Path) -> None:
    (before / "numpy-99.0.dist-info").mkdir()
    (before / "numpy-99.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 99.0\n")


@pytest.mark.parametrize(
    ("change", "made"),
    [
        (lambda before: None, {}),
        (changed_template, {"faces": 3}),
        (changed_sheet, {}),
        (changed_kind, {"drawn": 1, "faces": 1}),
        (another_numpy, {"worked": 2, "drawn": 1, "faces": 3}),
    ],
    ids=["nothing", "template of a card", "template of the sheet", "kind of plot", "NumPy"],
)
def test_what_another_program_makes_otherwise_is_made(
    deck: Path, unchanged: Path, tmp_path: Path, change: Callable[[Path], None], made: dict[str, int]
) -> None:
    shutil.copytree(unchanged, tmp_path / "again")
    before, out = tmp_path / "again" / "program", tmp_path / "again" / "out"
    there = kept(out)
    change(before)
    by_program(before, deck, "--out out --fresh", "--out anew --no-store")
    counted = Counter(name.partition("-")[0] for name in kept(out) - there)
    assert counted.pop("built", 0) == (change.__name__ != "<lambda>")
    assert counted == made
    assert left(out) == left(out.with_name("anew"))


# ---- the same bytes


@pytest.mark.tries("ends a build, or meets another")
@pytest.mark.kills
def test_a_build_killed_at_any_moment_leaves_a_store_from_which_the_next_one_is_right(tmp_path: Path) -> None:
    """Cold and warm, with one process and two, and after twenty kills on the way."""
    deck = make(tmp_path / "deck", first, variants=4)
    environment = {"SOURCE_DATE_EPOCH": str(TIME)}
    eigendeck("build", deck, "--out", tmp_path / "whole", "--no-store", "--jobs", 1, cwd=tmp_path, env=environment)
    whole = left(tmp_path / "whole")
    eigendeck("build", deck, "--out", tmp_path / "both", "--no-store", "--jobs", 2, cwd=tmp_path, env=environment)
    assert left(tmp_path / "both") == whole

    with forks() as starter:
        line = ("build", deck, "--fresh", "--out")
        began, store = time.monotonic(), tmp_path / "killed" / ".eigendeck"
        assert starter.start(tmp_path, *line, "timed", env=environment).wait() == 0
        duration, met = time.monotonic() - began, 0  # half of it goes by before the first entry is stored
        for moment in range(20):
            build = starter.start(tmp_path, *line, "killed", env=environment)
            time.sleep(duration * (0.5 + moment / 30))
            if build.poll() is None:
                met += store.is_dir()
                build.kill()
                duration *= 1 if store.is_dir() else 1.15  # the machine is busier than it was
            else:
                duration *= 0.9
            build.wait()
            if moment % 5 == 0 and store.is_dir():
                for path in store.glob("[df]*.json"):  # so that there is something to make
                    path.unlink()
    assert met, "no build was killed that had begun to store"
    for jobs in (2, 1):
        eigendeck("build", deck, "--out", "killed", "--fresh", "--jobs", jobs, cwd=tmp_path, env=environment)
        assert left(tmp_path / "killed") == whole


@pytest.mark.tries("ends a build, or meets another")
@pytest.mark.kills
def test_two_builds_at_once_share_a_store(tmp_path: Path) -> None:
    deck = make(tmp_path / "deck", first)
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(TIME)}
    command = [sys.executable, "-m", "eigendeck", "build", str(deck), "--out", "out", "--fresh"]
    builds = [subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [build.wait() for build in builds] == [0, 0]
    assert left(tmp_path / "out") == dict(built(deck, None).files)
    assert built(deck, tmp_path / "out").reused == 4

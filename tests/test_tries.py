"""Every try of a stranger's card, in one deck: each ends in words at its place or as plain text, and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from anki_reviewer import reviewing
from conftest import eigendeck
from decks import constants
from eigendeck.rehearsal import import_package, open_collection
from eigendeck.worker import budget
from hostile_texts import made_by_a_card, sides_that_make_nothing
from tries import TRIES as TRIES_BY_CAUSE
from tries import cards

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TRIES = cards()
FAIR = 360
WRONG = [number for number in range(FAIR) if number % 90 == 1]
MEGABYTES = 600
TOLD = """
import sys
from pathlib import Path
from eigendeck import cli
from memory import peak
code = cli.run(sys.argv[2:])
Path(sys.argv[1]).write_text(str(peak()))
sys.exit(code)
"""


@dataclass(frozen=True)
class Crowd:
    """What `check` says of a deck of all tries among fair cards, and what that cost."""

    folder: Path
    code: int
    faults: Mapping[str, list[dict[str, Any]]]  # by the card's id; warnings are none
    complaint: str
    seconds: float
    megabytes: float


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    """The crowd, checked by a process of its own."""
    folder = tmp_path_factory.mktemp("crowd")
    deck = [{"id": f"fair-{n}", "check": f"answer == {7 if n in WRONG else 6}"} for n in range(FAIR)]
    for place, (name, (_, attempt)) in enumerate(TRIES.items()):
        deck.insert(2 * place % len(deck), {"id": name, **attempt.keys})
    constants(folder / "deck", *deck)
    began = time.monotonic()
    command = [sys.executable, "-c", TOLD, str(folder / "peak"), "check", "deck", "--draws", "1", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with (folder / "said").open("w") as said, (folder / "complaint").open("w") as complaint:
        process = subprocess.run(command, cwd=folder, stdout=said, stderr=complaint, env=environment, check=False)
    faults: dict[str, list[dict[str, Any]]] = {}
    for fault in json.loads((folder / "said").read_text())["faults"]:
        if not fault["warning"]:
            faults.setdefault(fault["what"].split(": ")[0], []).append(fault)
    text = (folder / "complaint").read_text()
    megabytes = float((folder / "peak").read_text())
    return Crowd(folder, process.returncode, faults, text, time.monotonic() - began, megabytes)


@pytest.mark.parametrize("name", TRIES)
def test_a_try_ends_in_words_at_its_place_or_is_plain_text(name: str, crowd: Crowd) -> None:
    said = TRIES[name][1].said
    own = crowd.faults.get(name, [])
    assert any(said in fault["what"] for fault in own) or not said, (TRIES[name][1], own)
    for fault in own:
        assert re.fullmatch(r"deck/01-numbers\.yaml:\d+:\d+", fault["place"])
        assert not re.search(r"could not be worked|cannot be used|Traceback|site-packages", fault["what"])
        assert fault["what"].isprintable() or "\n" in fault["what"]


def test_all_other_cards_are_told_of_as_if_they_were_alone(crowd: Crowd) -> None:
    assert [n for n in range(FAIR) if f"fair-{n}" in crowd.faults] == WRONG
    assert set(crowd.faults) <= {*TRIES, *(f"fair-{n}" for n in WRONG)}


def test_all_tries_together_keep_to_the_limits_and_leave_nothing(crowd: Crowd) -> None:
    assert crowd.code == 1
    assert crowd.complaint == ""
    assert crowd.seconds < budget.DECK_SECONDS + budget.JOB_SECONDS * (FAIR + len(TRIES))
    assert crowd.megabytes < MEGABYTES
    assert sorted(path.name for path in crowd.folder.iterdir()) == ["complaint", "deck", "peak", "said"]


@pytest.mark.anki
def test_what_is_shown_of_them_makes_nothing_in_anki_and_on_the_sheet(
    crowd: Crowd, browser: Browser, tmp_path: Path
) -> None:
    shown = [{"id": name, **attempt.keys} for name, (_, attempt) in TRIES.items() if name not in crowd.faults]
    assert len(shown) > 30
    eigendeck("build", constants(tmp_path / "deck", *shown), cwd=tmp_path)
    collection = open_collection(tmp_path / "user")
    import_package(collection, tmp_path / "build" / "small.apkg")
    asked: list[str] = []
    with reviewing(collection, browser) as reviewer:
        reviewer.page.on("request", lambda request: asked.append(request.url))
        sides_that_make_nothing(reviewer, collection)
        page = reviewer.page.context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "build" / "small.html").as_uri())
        assert made_by_a_card(page, "main") == []
    collection.close()
    assert not [url for url in asked if not re.match(r"http://127\.0\.0\.1:\d+/|file:///", url)]


def test_the_table_counts_its_tries_by_cause() -> None:
    command = [sys.executable, str(Path(__file__).with_name("tries.py"))]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    *counts, (total, _) = [line.split(maxsplit=1) for line in lines]
    causes = {cause: int(count) for count, cause in counts}
    assert int(total) == sum(causes.values())
    assert causes.keys() > set(TRIES_BY_CAUSE)
    assert sum(map(len, TRIES_BY_CAUSE.values())) == len(TRIES) > 300
    beyond = {cause: count for cause, count in causes.items() if cause not in TRIES_BY_CAUSE and "LaTeX" not in cause}
    assert sum(beyond.values()) > 150  # of files, packages and processes

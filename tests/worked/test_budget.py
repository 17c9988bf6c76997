"""What a card may take is said once, and a card that took more is not tried again and again."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from conftest import eigendeck
from decks import constants
from eigendeck.worked.process import Process, Stopped
from eigendeck.worked.sandbox import Pool, Untried, Worker
from eigendeck.worker import budget
from eigendeck.worker.job import Job

COLD = pytest.mark.usefixtures("cold")
ENDLESS = "n = 1\nwhile n:\n    n = n + 1\nn"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """The processes that are started: nothing is shared."""
    processes: list[Process] = []

    class Counted(Process):
        def __init__(self, program: str) -> None:
            super().__init__(program)
            processes.append(self)

    monkeypatch.setattr("eigendeck.worked.sandbox.Process", Counted)
    return processes


@pytest.mark.kills
def test_few_jobs_wait_for_one_worker_and_none_of_them_for_long(started: list[Process]) -> None:
    quick = [Job(numpy=f"{number} + 1", stream=number) for number in range(1, 6)]
    with Pool(2) as pool:
        assert all(isinstance(answer, dict) for answer in pool.map(quick))
        assert len(started) == 1
        answers = pool.map([Job(numpy=ENDLESS, stream=9), *quick], 1.5)
        assert [type(answer) for answer in answers] == [Stopped, *[dict] * 5]
        assert len(started) >= 2
    before = len(started)
    with Pool(2) as pool:
        assert len([*pool.map(quick * 5)]) == 25
        assert len(started) == before + 2


@pytest.mark.kills
def test_a_card_that_was_stopped_is_not_tried_again(started: list[Process]) -> None:
    endless, honest = Job(numpy=ENDLESS, stream=5), Job(numpy="1 + 1", stream=6)
    began = time.monotonic()
    with Pool(1) as pool:
        answers = list(pool.map([endless, endless, honest, *[endless] * 8, honest], 0.5))
    assert time.monotonic() - began < 20  # a busy machine takes longer than 0.5 s
    assert len(started) == 2  # the one that was stopped, which has said where it was, and the next
    assert isinstance(answers[0], Stopped)
    assert answers[0].at == ("numpy",)
    assert all(answers[place] is answers[0] for place in (1, *range(3, 11)))
    assert isinstance(answers[2], dict)
    assert isinstance(answers[11], dict)


@COLD
@pytest.mark.kills
def test_jobs_are_tried_until_all_together_took_what_they_may() -> None:
    jobs = [Job(numpy=ENDLESS, stream=number) for number in range(1, 9)]
    with Pool(1) as pool:
        answers = list(pool.map([Job(numpy="1", stream=9), *jobs], 0.5, together=0.7))
    assert isinstance(answers[0], dict)
    assert all(isinstance(answer, Stopped) for answer in answers[1:3])
    for answer in answers[3:]:
        assert isinstance(answer, Untried)
        assert answer.allowed == 0.7
        assert {*answer.slowest} == {1, 2, 9}


@COLD
@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells what a process has computed")
def test_what_a_busy_machine_takes_is_no_time_of_the_cards() -> None:
    with Worker() as worker:
        worker.ask([Job(numpy="1")])
        os.kill(worker.pid, signal.SIGSTOP)
        threading.Timer(1.5, os.kill, (worker.pid, signal.SIGCONT)).start()
        began = time.monotonic()
        assert worker.ask([Job(numpy="1 + 1")])[0]["answers"] == ["2"]
        assert time.monotonic() - began > 1
        assert worker.took < 0.5
        worker.ask([Job(numpy="sum(range(10**7))")])
        assert worker.took > 0.1


@COLD
@pytest.mark.kills
def test_panels_are_tried_whatever_another_took() -> None:
    with Pool(1) as pool:
        answers = list(pool.map([Job(numpy=ENDLESS), Job(numpy="1 + 1")], 0.25))
    assert isinstance(answers[1], dict)


@pytest.mark.tries("takes time")
@COLD
@pytest.mark.kills
def test_a_slow_card_is_one_fault_of_its_own_and_the_others_are_told_of(tmp_path: Path) -> None:
    slow = {"given": "x = rng.integers(1, 99)\ny = [sum(range(10**7)) for i in range(30)]", "numpy": "x + 1"}
    deck = constants(
        tmp_path / "deck",
        {"id": "slow", **slow, "check": "answer == 1 + x"},
        {"id": "wrong", "check": "answer == 7"},
    )
    said = eigendeck("check", deck, cwd=tmp_path, code=1).stderr
    assert said.count("error: slow: ") == 1
    assert "error: slow: given: took longer than 2 s; stopped" in said
    assert "error: wrong: check: " in said


@pytest.mark.tries("floods")
def test_a_card_of_many_numbers_is_told_what_it_may_show(tmp_path: Path) -> None:
    many = {"given": "x = rng.integers(1, 9, 1900)", "numpy": "x.sum()", "check": "answer == sum(x.tolist())"}
    cards = [{"id": "many", "variants": 12, **many}, {"id": "fewer", "variants": 2, **many}]
    said = eigendeck("build", constants(tmp_path / "deck", *cards), cwd=tmp_path, code=1).stderr
    assert "error: many: numpy: shows " in said
    assert "characters in all variants together; 50,000 are allowed" in said
    assert "error: fewer" not in said


# --- a deck


@pytest.mark.tries("takes time")
@COLD
@pytest.mark.kills
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_deck_that_takes_too_long_says_from_which_card_on(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "DECK_SECONDS", 1.5)
    monkeypatch.setattr(budget, "JOB_SECONDS", 0.01)
    slow = [{"id": f"slow-{number}", "numpy": ENDLESS} for number in range(6)]
    deck = constants(tmp_path / "deck", {"id": "wrong", "check": "answer == 7"}, *slow, {"id": "fair"})
    said = eigendeck(command, deck, "--jobs", 1, cwd=tmp_path, code=1).stderr
    assert "error: wrong: check: " in said
    assert "error: slow-0: numpy: took longer than " in said
    (own,) = [line for line in said.splitlines() if "not tried" in line]
    assert own.endswith("cards after it: the cards before took 2 s of computing, all that this deck may")
    assert "The slowest: slow-0" in said
    assert said.count("in `check` for each 10 draws of it") == 1
    assert not (tmp_path / "build").exists()


@pytest.mark.tries("floods")
def test_a_deck_that_shows_too_much_says_from_which_card_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "DECK_SHOWN", 5_000)
    monkeypatch.setattr(budget, "CARD_SHOWN", 1_000)
    many = {"given": "x = rng.integers(1, 9, 300)", "numpy": "x.sum()", "check": "answer == sum(x.tolist())"}
    cards = [{"id": f"many-{number}", **many} for number in range(8)]
    deck = constants(tmp_path / "deck", *cards, {"id": "wrong", "check": "answer == 7"})
    said = eigendeck("build", deck, cwd=tmp_path, code=1).stderr
    assert "characters; 14,000 are allowed in this deck" in said
    assert said.count("left out, and ") == 1
    assert "The largest: many-" in said
    assert "error: wrong: check: " in said


@pytest.mark.tries("floods")
def test_a_deck_that_draws_too_much_says_from_which_card_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "DECK_DRAWN", 10_000)
    monkeypatch.setattr(budget, "CARD_DRAWN", 1_000)
    cards = [{"id": f"drawn-{number}", "plot": {"bars": {"x": "[1, 2, 3]"}}} for number in range(8)]
    said = eigendeck("build", constants(tmp_path / "deck", *cards), cwd=tmp_path, code=1).stderr
    (own,) = [line for line in said.splitlines() if "not drawn" in line]
    assert "plot: not drawn, and those of " in own
    assert "cards after it: the plots of this deck may have 18,000 characters of SVG together" in own
    assert said.count("error: ") == 1

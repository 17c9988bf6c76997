"""What a card may take is said once, and a card that took more is not tried again and again."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import eigendeck
from decks import constants
from eigendeck.worked.process import Stopped
from eigendeck.worked.sandbox import Pool
from eigendeck.worker.job import Job


def test_a_card_that_was_stopped_is_not_tried_in_further_slices() -> None:
    endless = Job(numpy="n = 1\nwhile n:\n    n = n + 1\nn", stream=5)
    honest = Job(numpy="1 + 1", stream=6)
    with Pool(1) as pool:
        answers = list(pool.map([endless, endless, honest, endless, honest], 0.5))
    assert isinstance(answers[0], Stopped)
    assert answers[1] is None
    assert answers[3] is None
    assert isinstance(answers[2], dict)
    assert isinstance(answers[4], dict)


def test_panels_are_tried_whatever_another_took() -> None:
    with Pool(1) as pool:
        answers = list(pool.map([Job(numpy="n = 1\nwhile n:\n    n = n + 1\nn"), Job(numpy="1 + 1")], 0.5))
    assert isinstance(answers[1], dict)


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


def test_a_card_of_many_numbers_is_told_what_it_may_show(tmp_path: Path) -> None:
    many = {"given": "x = rng.integers(1, 9, 1900)", "numpy": "x.sum()", "check": "answer == sum(x.tolist())"}
    cards = [{"id": "many", "variants": 12, **many}, {"id": "fewer", "variants": 2, **many}]
    said = eigendeck("build", constants(tmp_path / "deck", *cards), cwd=tmp_path, code=1).stderr
    assert "error: many: numpy: shows " in said
    assert "characters in all variants together; 50,000 are allowed" in said
    assert "error: fewer" not in said

"""Plots are drawn as their cards come in: in this process or in others, with the same bytes and the same faults."""

from __future__ import annotations

from pathlib import Path

import pytest

import decks
from eigendeck import DeckError, build, check
from eigendeck.plots import draw
from eigendeck.worker import budget

BARS = {"bars": {"x": "[1, 2, 3]"}}
TIME = 1_800_000_000


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """A deck whose cards have plots of different values, and one that has none."""
    cards = [
        {"id": f"drawn-{number}", "plot": {"bars": {"x": f"[1, 2, {number + 3}]"}}, "concept": f"C {number}"}
        for number in range(5)
    ]
    return decks.constants(tmp_path / "deck", *cards, {"id": "plain"})


def test_processes_draw_what_one_draws(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = build(deck, time=TIME, processes=1).files
    monkeypatch.setattr(draw, "WORTH_A_PROCESS", 2)
    asked: list[int] = []
    artists = draw.Artists.ask
    monkeypatch.setattr(draw.Artists, "ask", lambda self, tasks: asked.append(self.ahead) or artists(self, tasks))
    assert build(deck, time=TIME, processes=2).files == alone
    assert set(asked) == {8}  # in two of them


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_beyond_a_deck_does_not_depend_on_the_processes(
    processes: int, deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = build(deck, time=TIME, processes=1).files
    monkeypatch.setattr(draw, "WORTH_A_PROCESS", 2)
    with monkeypatch.context() as less:
        less.setattr(budget, "DECK_DRAWN", 10_000)
        less.setattr(budget, "CARD_DRAWN", 0)
        with pytest.raises(DeckError) as refused:
            build(deck, time=TIME, processes=processes, store=tmp_path / "out")
    assert [fault.what for fault in refused.value.faults] == [
        "drawn-3: plot: not drawn, and those of 1 card after it:"
        " the plots of this deck may have 10,000 characters of SVG together"
    ]
    # and no card was kept without its plots
    assert build(deck, time=TIME, processes=1, store=tmp_path / "out").files == whole


def test_a_value_that_cannot_be_drawn_is_said_by_every_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [{"id": f"drawn-{number}", "plot": BARS} for number in range(3)]
    deck = decks.constants(tmp_path / "deck", *cards, {"id": "wrong", "plot": {"bars": {"x": "[[1, 2], [3, 4]]"}}})
    alone = check(deck, processes=1, draws=1).faults
    monkeypatch.setattr(draw, "WORTH_A_PROCESS", 2)
    assert check(deck, processes=2, draws=1).faults == alone
    assert [fault.what.partition(":")[0] for fault in alone if not fault.warning] == ["wrong"]


def test_a_card_is_drawn_before_the_next_one_is_looked_at(deck: Path) -> None:
    told: list[str] = []
    build(deck, time=TIME, processes=1, step=lambda stage, _: told.append(stage))
    assert told == ["working", "drawing", "drawing"] * 5 + ["working"]

"""What the fronts of a card show, and in which variant."""

from __future__ import annotations

import re

import pytest

from conftest import eigendeck
from decks import card, section, write
from packages import fields, text_of


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The fields of a note that asks for a plot and for code."""
    folder = tmp_path_factory.mktemp("fronts")
    plot = {"bars": {"x": "x"}, "ask": "Which bar is the highest?", "says": "Look at its end."}
    asking = card(id="asking", given="x = rng.integers(1, 9, 3)\nunused = 1", plot=plot, cards=["work", "code", "plot"])
    write(folder / "deck", section(asking), variants=4)
    eigendeck("build", "deck", cwd=folder)
    return fields(folder / "build" / "small.apkg")["asking"]


def pictures(side: str) -> list[str]:
    return re.findall(r'data-variant="\d".*?<img src="(.*?)"', side, re.DOTALL)


def test_the_plot_card_takes_turns_over_the_variants(note: dict[str, str]) -> None:
    assert pictures(note["Plot Front"]) == pictures(note["Work Back"])
    assert len(set(pictures(note["Plot Front"]))) == 4
    assert set(re.findall(r'alt="(.*?)"', note["Plot Front"])) == {
        "The plot that the question is about: Which bar is the highest?"
    }


def test_the_code_card_names_its_inputs(note: dict[str, str]) -> None:
    assert text_of(note["Code Front"]).endswith("Write it in NumPy. Inputs: x.")

"""What the fronts of a card show, and in which variant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from anki_reviewer import reviewing
from conftest import NO_BROWSER, eigendeck
from decks import card, section, write
from packages import fields, text_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Whether the text behind some code begins on the line of that code, and nothing is wider than the page.
BESIDE = """() => [...document.querySelectorAll('.ask code')].every(code => {
  const sign = document.createRange()
  let last = code
  while (!last.nextSibling) last = last.parentElement
  sign.setStart(last.nextSibling, 0)
  sign.setEnd(last.nextSibling, 1)
  return sign.getBoundingClientRect().top < code.getBoundingClientRect().bottom - 2
}) && document.documentElement.scrollWidth <= innerWidth"""


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


def test_the_back_of_the_plot_card_answers_the_picture_of_its_variant(tmp_path: Path) -> None:
    plot = {
        "bars": {"x": "x"},
        "ask": "Which is the highest?",
        "says": "Bar {top}, \\(x_{1}\\) or not: it is {h} high.",
    }
    given = "x = rng.permutation([2, 5, 7])\ntop = int(x.argmax())\nh = 7\n"
    asking = card(id="asking", given=given, ask="Add up {x}.", plot=plot, cards=["work", "plot"])
    deck = write(tmp_path / "deck", section(asking), variants=4)
    eigendeck("build", deck, "--out", tmp_path, cwd=tmp_path)
    note = fields(tmp_path / "small.apkg")["asking"]
    heights = [re.findall(r"\d", text) for text in re.findall(r"Add up \[(.*?)\]", text_of(note["Work Front"]))]
    told = re.findall(r"Bar (\d), .*? it is 7 high\.", text_of(note["Plot Back"]))
    assert told == [str(bars.index("7")) for bars in heights]
    assert len(set(told)) > 1
    eigendeck("cards", deck, "--out", tmp_path, "--variant", 3, cwd=tmp_path, env=NO_BROWSER)
    assert f"Bar {told[2]}, " in text_of((tmp_path / "small.cards.html").read_text(encoding="utf-8"))


def test_a_sentence_that_is_the_same_for_all_pictures_stands_once(note: dict[str, str]) -> None:
    assert note["Plot Back"] == '<p class="says">Look at its end.</p>'


def test_arithmetic_is_graded_only_where_there_is_some(note: dict[str, str], tmp_path: Path) -> None:
    named = card(id="named", given="x = rng.choice(['sine', 'cosine'])\n", numpy="x + ' wave'", steps=None, answers=2)
    named = named.replace("answer == sum(x.tolist())", "answer[:-5] == x").replace("x.prod()", "x * 2")
    eigendeck("build", write(tmp_path / "deck", section(named)), "--out", tmp_path, cwd=tmp_path)
    assert "Grade the method" in note["Work Back"]
    assert "Grade the method" not in fields(tmp_path / "small.apkg")["named"]["Work Back"]


def test_the_code_card_names_its_inputs(note: dict[str, str]) -> None:
    assert text_of(note["Code Front"]).endswith("Write it in NumPy. Inputs: x.")


@pytest.mark.anki
@pytest.mark.browser
def test_no_line_of_a_question_begins_with_the_sign_behind_code(browser: Browser, tmp_path: Path) -> None:
    asking = card(given="x = rng.integers(1, 9, 3)", ask="Of `x = {x}`, and of `abs(x)`: what is the sum of `x * x`?")
    eigendeck("build", write(tmp_path / "deck", section(asking)), "--out", tmp_path, cwd=tmp_path)
    from anki.collection import Collection, ImportAnkiPackageRequest

    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(tmp_path / "small.apkg")))
        with reviewing(collection, browser) as reviewer:
            reviewer.show_question(collection.find_cards("card:Work")[0])
            stray = []
            for width in range(320, 520, 4):
                reviewer.page.set_viewport_size({"width": width, "height": 740})
                if not reviewer.page.evaluate(BESIDE):
                    stray.append(width)
            assert stray == []
    finally:
        collection.close()

"""Told cards: a question and an answer that nobody computed, and that nobody shall take for a checked one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import eigendeck
from decks import card, section, write
from packages import fields

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOLD = r"""  - id: limits
    concept: Limits of means
    ask: When does a mean tell little?
    says: Where a few values outweigh all others, as in \(x_n \gg x_1\).
    formula: x_n \gg x_1
    hint: Think of incomes.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck of one computed and one told card, built."""
    folder = tmp_path_factory.mktemp("told")
    write(folder, section(card(), TOLD))
    (folder / "said").write_text(eigendeck("build", folder, "--out", folder / "out", cwd=folder).stderr)
    return folder


def test_a_told_card_has_one_direction_on_the_template_work_and_its_own_mark(folder: Path) -> None:
    note = next(note for note in fields(folder / "out" / "small.apkg").values() if note["Id"] == "limits")
    filled = {name for name, content in note.items() if content}
    assert filled == {"Id", "Concept", "Section", "Says", "Work Front", "Work Back"}
    assert "When does a mean tell little?" in note["Work Front"]
    assert "Where a few values outweigh" in note["Work Back"]
    assert "Told, not computed" in note["Work Back"]
    assert "✓" not in note["Work Back"]


def test_told_cards_are_counted_apart_everywhere(folder: Path) -> None:
    assert "3 cards from 2 notes (1 told, not computed), 2 variants" in (folder / "said").read_text()
    sheet = (folder / "out" / "small.html").read_text(encoding="utf-8")
    assert "Cards: 2 · 1 told" in sheet
    box = re.search(r'<article class="card" id="limits".*?</article>', sheet, re.DOTALL)
    assert box
    assert "Told, not computed" in box[0]
    assert "✓" not in box[0]
    assert "2 cards (1 told, not computed)" in eigendeck("check", folder, cwd=folder).stderr
    said = json.loads(eigendeck("build", folder, "--out", folder / "again", "--json", cwd=folder).stdout)
    assert said["told"] == 1


@pytest.mark.parametrize("line", ["unit: m", "variants: 3", "cards: [work, mistake]", "mistake: {says: No.}"])
def test_a_key_that_belongs_to_a_computed_card_is_named_alone(tmp_path: Path, line: str) -> None:
    said = eigendeck("check", write(tmp_path, section(f"{TOLD}    {line}\n")), cwd=tmp_path, code=1).stderr
    assert f"{line.partition(':')[0]}: belongs to a card that computes, and this one is told" in said
    assert said.count("error:") == 1


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (("says",), "limits: has neither a question, `ask`, nor a line of `numpy`"),
        (("says", "formula"), "limits: has neither a question, `ask`, nor a line of `numpy`"),
        ((), "limits: has neither a question, `ask`, nor a line of `numpy`"),
        (("ask",), "limits: says: is missing"),
        (("ask", "hint"), "limits: says: is missing"),
    ],
)
def test_a_card_that_lacks_half_of_what_is_told_is_told_so_once(
    tmp_path: Path, left: tuple[str, ...], said: str
) -> None:
    lines = [line for line in TOLD.splitlines() if line.split(":")[0].strip(" -") in ("id", "concept", *left)]
    shown = eigendeck("check", write(tmp_path, section("\n".join(lines) + "\n")), cwd=tmp_path, code=1).stderr
    assert f"error: {said}" in shown
    assert shown.count("error:") == 1


def test_the_sheet_searches_and_hides_told_cards(folder: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((folder / "out" / "small.html").as_uri())
    page.fill("#_search", "outweigh")
    assert page.locator(".card:visible").count() == 1
    page.select_option("#_hide", "answers")
    assert not page.locator(".told .says").is_visible()
    assert page.locator("#limits .ask").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert faults == []
    page.close()


def test_a_card_with_a_question_and_a_key_of_a_computed_one_is_no_told_card(tmp_path: Path) -> None:
    write(tmp_path, section(card(), TOLD + "    given: x = rng.integers(2, 9)\n"))
    said = eigendeck("check", tmp_path, cwd=tmp_path, code=1).stderr
    assert "limits: numpy: is missing" in said


def test_a_deck_of_told_cards_alone_builds(tmp_path: Path) -> None:
    write(tmp_path, section(TOLD))
    assert "1 card from 1 note (1 told, not computed), 0 variants" in eigendeck("build", tmp_path, cwd=tmp_path).stderr

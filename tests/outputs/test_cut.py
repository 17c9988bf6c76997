"""Cards to cut out, as Chromium prints them: that a front and its back meet on the paper."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import CARDS, NO_BROWSER, beside_a_browser, eigendeck, left
from eigendeck.deck.read import read_deck
from eigendeck.outputs import cards, pdf
from eigendeck.outputs.imposition import PAPERS, SIZES, layout
from eigendeck.render.paper import PaperDeck
from paper_checks import LABEL, Printed, Run, read, shipped_cards

ENOUGH = 0.2  # mm
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def some_cards(built: Path) -> PaperDeck:
    """Some of the shipped deck's."""
    deck = shipped_cards(built)
    return replace(deck, cards=deck.cards[::5])


FOLDED = ("letter", "a7", "fold")
BEHIND = (
    ("a4", "3x5", "duplex", "long", (0, 0)),  # lying
    ("letter", "3x5", "duplex", "short", (1.5, -2)),
    ("letter", "a7", "duplex", "long", (-2.5, 3)),  # upright
    ("a4", "a6", "duplex", "short", (0, 0)),
)


@pytest.fixture(scope="module")
def printed(some_cards: PaperDeck) -> dict[tuple[object, ...], Printed]:
    """What one browser prints of them, on each paper."""
    with beside_a_browser(), pdf.Printer() as printer:
        pages = {how: cards.emit(some_cards, layout(*how)) for how in (FOLDED, *BEHIND)}
        files = {how: printer.emit({}, {"cards": page}, how[0], "2026-01-01")[0] for how, page in pages.items()}
    return {how: read(*made.values()) for how, made in files.items()}


def pairs(printed: Printed) -> list[list[Run]]:
    """Where the sides of each card begin."""
    labels = list(printed.labels().values())
    assert len(labels) > 30
    assert {len(runs) for runs in labels} == {2}
    return labels


def beside(printed: Printed, size: str) -> list[str]:
    """The cards whose back does not stand beside their front."""
    return [
        front.text
        for front, back in pairs(printed)
        if back.page != front.page or abs(back.y - front.y) > ENOUGH or abs(back.x - front.x - SIZES[size][0]) > ENOUGH
    ]


def behind(printed: Printed, size: str, flip: str, offset: tuple[float, float] = (0, 0)) -> list[str]:
    """The cards whose back does not stand behind their front, on a printer that misses by the offset.

    Seen through the paper, from the front: the long edge of paper that lies is its upper one. The back's first line
    begins on its upper left, which is the front's upper right: a card turns as a leaf does.
    """
    over_the_top = (printed.width > printed.height) == (flip == "long")
    found = []
    for front, back in pairs(printed):
        x, y = (back.x, printed.height - back.y) if over_the_top else (printed.width - back.x, back.y)
        x, y = x + offset[0] - (front.x + SIZES[size][0] - 2 * LABEL), y + offset[1] - front.y
        if back.page != front.page + 1 or front.page % 2 or max(abs(x), abs(y)) > ENOUGH:
            found.append(f"{front.text}: {x:.2f}, {y:.2f}")
    return found


def test_the_command_makes_a_small_pdf_of_cards_to_fold(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / ".eigendeck", tmp_path / ".eigendeck")
    eigendeck("cards", CARDS, "--out", tmp_path, cwd=tmp_path)
    assert sorted(left(tmp_path)) == ["refresher.cards.html", "refresher.cards.pdf"]
    assert all(len(content) < 6_000_000 for content in left(tmp_path).values())
    printed = read((tmp_path / "refresher.cards.pdf").read_bytes())
    assert len(printed.labels()) == sum(len(card.cards) for card in read_deck(CARDS).cards)
    assert beside(printed, "3x5") == []
    assert [round(side) for side in (printed.width, printed.height)] == [297, 210]


def test_a_back_stands_beside_its_front_to_be_folded(printed: dict[tuple[object, ...], Printed]) -> None:
    assert beside(printed[FOLDED], FOLDED[1]) == []


@pytest.mark.parametrize("how", BEHIND, ids=lambda how: "-".join(map(str, how)))
def test_a_back_stands_behind_its_front(printed: dict[tuple[object, ...], Printed], how: tuple[Any, ...]) -> None:
    paper, size, _, flip, offset = how
    on_paper = printed[how]
    assert behind(on_paper, size, flip, offset) == []
    assert len(behind(on_paper, size, flip, (offset[0] + 0.3, offset[1]))) == len(on_paper.labels())
    assert len(behind(on_paper, size, "short" if flip == "long" else "long", offset)) == len(on_paper.labels())
    assert {round(on_paper.width), round(on_paper.height)} == set(map(round, PAPERS[paper]))


def test_the_first_sheet_shows_a_misprint_and_that_an_offset_takes_it_back(tmp_path: Path) -> None:
    def sheet(*options: object) -> str:
        what = ("cards", CARDS, "--only", "dot-product", "--cut", "duplex")
        eigendeck(*what, *options, cwd=tmp_path, env=NO_BROWSER)
        return (tmp_path / "build" / "refresher.cards.html").read_text(encoding="utf-8")

    plain, moved = sheet(), sheet("--offset", "2,-3")
    circles = [re.search(r'class="ruler" d="M([\d.]+) ([\d.]+)m-1 0h2', page).groups() for page in (plain, moved)]
    (x, y), (moved_x, moved_y) = (tuple(map(float, circle)) for circle in circles)
    assert (x, y) == (297 / 2, 210 / 2)
    assert (moved_x, moved_y) == (x - 2, y - 3)  # turned over the upper edge: right stays right, and up is down
    assert "Hold this sheet against the light" in plain
    assert "--flip short" in plain

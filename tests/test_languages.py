"""Decks in German, Arabic and Chinese: they build, Anki shows them, and numbers read from left to right."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from anki_reviewer import describe, reviewing
from conftest import eigendeck, made_once
from eigendeck.rehearsal import import_package, open_collection

DECKS = Path(__file__).parent / "decks"
LANGUAGES = {"mechanik": "de", "ihsa": "ar", "caiwu": "zh"}

# Where the numbers of the first question stand: their left edges, in the order in which they are written.
NUMBERS = """selector => {
  const walk = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT), places = []
  for (let node; (node = walk.nextNode());)
    for (const { index, 0: number } of node.data.matchAll(/\\d+/g)) {
      const range = new Range()
      range.setStart(node, index)
      range.setEnd(node, index + number.length)
      places.push([number, range.getBoundingClientRect().left])
    }
  return places
}"""
# The parts of every worked-out formula, line by line: left edges in the order in which they are written.
PARTS = """() => [...document.querySelectorAll('.substituted')].map(formula => {
  const lines = new Map()
  for (const part of formula.children) {
    const { top, bottom, left } = part.getBoundingClientRect()
    const line = [...lines.keys()].find(middle => top < middle && middle < bottom) ?? (top + bottom) / 2
    lines.set(line, [...(lines.get(line) ?? []), left])
  }
  return [...lines.values()]
})"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the outputs of the three decks."""

    def build(out: Path) -> None:
        for deck in LANGUAGES:
            eigendeck("build", DECKS / deck, "--out", out, cwd=out)

    return made_once("languages", tmp_path_factory, build)


@pytest.mark.parametrize("deck", LANGUAGES)
def test_a_deck_in_another_language_passes(deck: str, tmp_path: Path) -> None:
    assert (
        "10 cards (1 told, not computed) × 40 draws, 0 faults"
        in eigendeck("check", DECKS / deck, "--draws", 40, cwd=tmp_path).stderr
    )


@pytest.mark.anki
@pytest.mark.parametrize("deck", LANGUAGES)
def test_anki_shows_every_card_without_fault(deck: str, outputs: Path, tmp_path: Path, browser: Browser) -> None:
    collection = open_collection(tmp_path / "user")
    import_package(collection, outputs / f"{deck}.apkg")
    found = []
    with reviewing(collection, browser) as reviewer:
        for card_id in collection.find_cards(""):
            for side in (reviewer.show_question, reviewer.show_answer):
                side(card_id)
                found += [f"{describe(collection, card_id)}: {fault}" for fault in reviewer.faults()]
                assert reviewer.page.locator(f'#qa [lang="{LANGUAGES[deck]}"]').count()
    collection.close()
    assert found == []


@pytest.fixture
def sheet(outputs: Path, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The sheet of the Arabic deck, as wide as asked for."""
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    page.goto((outputs / "ihsa.html").as_uri())
    yield page
    page.close()


def rises(places: list[float]) -> bool:
    return all(before < after for before, after in itertools.pairwise(places))


@pytest.mark.parametrize("sheet", [360, 1000], indirect=True)
def test_numbers_and_formulas_of_an_arabic_sheet_read_from_left_to_right(sheet: Page) -> None:
    numbers = sheet.evaluate(NUMBERS, "#mutawassit .ask bdi")
    assert [number for number, _ in numbers] == ["8", "10", "17", "4", "6"]
    assert rises([left for _, left in numbers])
    for media in ("screen", "print"):
        sheet.emulate_media(media=media)
        lines = [line for formula in sheet.evaluate(PARTS) for line in formula]
        assert all(map(rises, lines)), media
        assert max(map(len, lines)) > 1 or sheet.viewport_size == {"width": 360, "height": 900}


@pytest.mark.parametrize("sheet", [1000], indirect=True)
def test_a_wrong_direction_would_be_seen(sheet: Page) -> None:
    sheet.add_style_tag(
        content=".substituted, bdi { direction: rtl !important; unicode-bidi: bidi-override !important }"
    )
    assert not rises([left for _, left in sheet.evaluate(NUMBERS, "#mutawassit .ask bdi")])
    assert not all(rises(line) for formula in sheet.evaluate(PARTS) for line in formula)


@pytest.mark.anki
def test_numbers_of_an_arabic_card_read_from_left_to_right(outputs: Path, tmp_path: Path, browser: Browser) -> None:
    collection = open_collection(tmp_path / "user")
    import_package(collection, outputs / "ihsa.apkg")
    with reviewing(collection, browser, width=900) as reviewer:
        (card_id,) = collection.find_cards("Id:mutawassit card:Work")
        reviewer.show_question(card_id)
        chosen = next(
            n for n in range(1, 5) if reviewer.page.locator(f'.variant[data-variant="{n}"] .ask').is_visible()
        )
        shown = f'.variant[data-variant="{chosen}"] .ask bdi'
        assert rises([left for _, left in reviewer.page.evaluate(NUMBERS, shown)])
    collection.close()

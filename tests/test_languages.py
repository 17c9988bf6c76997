"""Decks in German, Arabic and Chinese: they build, Anki shows every card, and rows of numbers keep their order."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from anki_reviewer import Reviewer, describe, reviewing
from conftest import DECKS, eigendeck
from eigendeck.rehearsal import import_package, open_collection
from packages import fields
from sheet_checks import opened

if TYPE_CHECKING:
    from anki.collection import Collection
    from playwright.sync_api import Browser, Page

LANGUAGES = ("german", "arabic", "chinese")

# The numbers of each row that a side shows, as they stand from left to right, and whether they stand on one line.
ROWS = r"""root => [...document.querySelectorAll(root)].map(place => {
  const numbers = [];
  const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    for (const found of walk.currentNode.textContent.matchAll(/-?\d+(\.\d+)?/g)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, found.index);
      range.setEnd(walk.currentNode, found.index + found[0].length);
      const box = range.getBoundingClientRect();
      if (box.width) numbers.push({text: found[0], left: box.left, top: Math.round(box.top)});
    }
  return {written: numbers.map(n => n.text), lines: new Set(numbers.map(n => n.top)).size,
    seen: numbers.toSorted((a, b) => a.left - b.left).map(n => n.text)};
}).filter(row => row.written.length > 1)"""


# The left edges of the parts of each formula with its numbers, line by line, in the order in which they are written.
PARTS = """() => [...document.querySelectorAll('.substituted')].flatMap(formula => {
  const lines = new Map();
  for (const part of formula.children) {
    const { top, bottom, left } = part.getBoundingClientRect();
    const line = [...lines.keys()].find(middle => top < middle && middle < bottom) ?? (top + bottom) / 2;
    lines.set(line, [...(lines.get(line) ?? []), left]);
  }
  return [...lines.values()];
})"""


# How far from the right edge of its place each line of a formula that breaks ends.
ENDS = """() => [...document.querySelectorAll('.substituted > div')].flatMap(line => {
  const ends = new Map();
  for (const part of line.querySelectorAll('.part')) {
    const { top, bottom, right } = part.getBoundingClientRect();
    const row = [...ends.keys()].find(middle => top < middle && middle < bottom) ?? (top + bottom) / 2;
    ends.set(row, Math.max(right, ends.get(row) ?? 0));
  }
  return [...ends.values()].map(end => line.getBoundingClientRect().right - end);
})"""


# The signs in code of what follows them, as in `**-n`: those between which and that a line breaks.
TORN = r"""() => [...document.querySelectorAll('pre code span, .steps code')].flatMap(line => {
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), letters = [];
  while (walk.nextNode())
    for (let at = 0; at < walk.currentNode.length; at++) letters.push([walk.currentNode, at]);
  return [...line.textContent.matchAll(/(?<=\S)-(?=[a-z(])/g)].map(({ index }) => {
    const [top, next] = [index, index + 1].map(place => {
      const range = document.createRange();
      range.setStart(...letters[place]);
      range.setEnd(letters[place][0], letters[place][1] + 1);
      return range.getBoundingClientRect().top;
    });
    return Math.abs(top - next) > 4;
  });
})"""


# Each number with its unit in a question: how many lines it stands on, and whether any browser may break it.
QUANTITIES = r"""() => [...document.querySelectorAll('#qa .ask, article .ask')].flatMap(ask => {
  const walk = document.createTreeWalker(ask, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode())
    for (const match of walk.currentNode.textContent.matchAll(/\d\s(m|s|kg|N|m\/s²?|N\/(m|kg))(?![\w²\/])/g)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, match.index);
      range.setEnd(walk.currentNode, match.index + match[0].length);
      if (range.getClientRects().length) found.push({text: match[0], lines: range.getClientRects().length,
        breaks: getComputedStyle(walk.currentNode.parentElement).whiteSpace});
    }
  return found;
})"""


# The left edges of the numbers of each vector in a question, in the order in which they are written, line by line.
VECTORS = r"""() => [...document.querySelectorAll('#qa .ask')].flatMap(ask => {
  const walk = document.createTreeWalker(ask, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode())
    for (const vector of walk.currentNode.textContent.matchAll(/\[[^\]]+\]/g)) {
      const lines = new Map();
      for (const number of vector[0].matchAll(/-?\d+/g)) {
        const range = document.createRange();
        range.setStart(walk.currentNode, vector.index + number.index);
        range.setEnd(walk.currentNode, vector.index + number.index + number[0].length);
        const { left, top, width } = range.getBoundingClientRect();
        if (width) lines.set(Math.round(top), [...(lines.get(Math.round(top)) ?? []), left]);
      }
      found.push(...lines.values());
    }
  return found;
})"""


# The lists in questions that are short enough for a line, and on how many lines each stands.
LISTS = r"""() => [...document.querySelectorAll('#qa .ask, article .ask')].flatMap(ask => {
  const walk = document.createTreeWalker(ask, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode())
    for (const list of walk.currentNode.textContent.matchAll(/\[[^\]]{1,26}\]/g)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, list.index);
      range.setEnd(walk.currentNode, list.index + list[0].length);
      const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (tops.size) found.push({text: list[0], lines: tops.size});
    }
  return found;
})"""

# How many rules a side shows: `hr`, and borders above text.
RULES = """() => [...document.querySelectorAll('#qa hr, #qa p')].filter(one => {
  const { borderTopWidth, borderTopStyle } = getComputedStyle(one);
  return one.getClientRects().length && borderTopStyle !== 'none' && borderTopWidth !== '0px';
}).length"""


@pytest.fixture(scope="module", params=LANGUAGES)
def out(request: pytest.FixtureRequest, spoken: Callable[[str], Path]) -> Path:
    """The folder with the outputs of a deck, which is called as the deck is."""
    folder = spoken(request.param)
    said = (folder.parent / "said.txt").read_text(encoding="utf-8")
    warnings = [line for line in said.splitlines() if "warning" in line]
    assert all("the plots' font lacks" in line for line in warnings), said
    return folder


@contextmanager
def sheet_of(out: Path, browser: Browser, *, width: int = 1280, scheme: str = "light") -> Iterator[Page]:
    """The sheet of a deck, in a window of that width."""
    with opened(browser, (out / f"{out.name}.html").read_text(encoding="utf-8"), width=width, scheme=scheme) as seen:
        yield seen.page


@pytest.fixture(scope="module")
def collection(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection into which the deck was imported."""
    col = open_collection(tmp_path_factory.mktemp("user"))
    import_package(col, out / f"{out.name}.apkg")
    yield col
    col.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deck_in_another_language_passes_many_draws(language: str, tmp_path: Path) -> None:
    said = eigendeck("check", DECKS / language, "--draws", 60, cwd=tmp_path).stderr
    assert "10 cards × 60 draws, 0 faults" in said


def test_the_notes_speak_the_decks_language_alone(out: Path) -> None:
    language = re.search(r"^language: (\w+)", (DECKS / out.name / "deck.yaml").read_text(), re.MULTILINE)
    assert language
    notes = fields(out / f"{out.name}.apkg")
    assert len(notes) == 10
    for note in notes.values():
        assert f'lang="{language[1]}"' in note["Work Front"]
        assert not re.search(r"Say the|Grade the|Which code|Hint|common mistake", "".join(note.values()))


@pytest.mark.anki
def test_anki_shows_every_card_on_a_phone_without_fault_by_day_and_by_night(
    collection: Collection, browser: Browser
) -> None:
    assert len(collection.find_cards("")) >= 20
    with reviewing(collection, browser) as reviewer:
        assert reviewer.all_faults() == []


@pytest.mark.anki
def test_rows_of_numbers_run_from_left_to_right_in_every_language(collection: Collection, browser: Browser) -> None:
    rows = 0
    with reviewing(collection, browser) as reviewer:
        for card_id in collection.find_cards("(card:Work or card:Mistake)"):
            for side in (reviewer.show_question, reviewer.show_answer):
                side(card_id)
                rows += _in_order(reviewer.page, describe(collection, card_id))
    assert rows > 12


def _in_order(page: Page, card: str) -> int:
    """How many rows a side shows; each stands as it is written, from left to right and on one line."""
    found = page.evaluate(ROWS, "#qa :is(bdi, .value, .steps samp, pre.out, pre.shown)")
    for row in found:
        assert row["seen"] == row["written"] or row["lines"] > 1, (card, row)
        assert row["lines"] == 1 or len(row["written"]) > 4, (card, row)
    return len(found)


@pytest.mark.anki
def test_a_vector_in_a_question_runs_from_left_to_right(collection: Collection, browser: Browser, out: Path) -> None:
    found, turned = [], []
    with reviewing(collection, browser) as reviewer:
        for card_id in collection.find_cards("card:Work"):
            reviewer.show_question(card_id)
            found += reviewer.page.evaluate(VECTORS)
            bare = "document.querySelectorAll('#qa bdi').forEach(one => one.replaceWith(...one.childNodes))"
            reviewer.page.evaluate(bare)
            reviewer.page.evaluate("document.getElementById('qa').normalize()")
            turned += reviewer.page.evaluate(VECTORS)
    assert max(map(len, found)) > 2
    assert all(line == sorted(line) for line in found)
    if out.name == "arabic":  # without its isolation a vector runs the other way, and is seen to
        assert any(line != sorted(line) for line in turned)


@pytest.mark.anki
@pytest.mark.parametrize("out", ["german"], indirect=True)  # the deck with units in its questions that might break
def test_a_number_and_its_unit_stand_on_one_line(collection: Collection, browser: Browser, out: Path) -> None:
    quantities = 0
    with reviewing(collection, browser) as reviewer:
        for card_id in collection.find_cards("card:Work"):
            reviewer.show_question(card_id)
            for width in range(320, 420, 20):
                reviewer.page.set_viewport_size({"width": width, "height": 740})
                quantities += _unbroken(reviewer.page)
    assert quantities > 50
    with sheet_of(out, browser, width=340) as page:
        assert _unbroken(page) > 10


def _unbroken(page: Page) -> int:
    """How many numbers with units a page's questions show; each stands on one line."""
    found = page.evaluate(QUANTITIES)
    assert all(one["lines"] == 1 and one["breaks"] == "nowrap" for one in found), found
    return len(found)


@pytest.mark.anki
def test_a_short_list_in_a_question_stands_on_one_line(collection: Collection, browser: Browser, out: Path) -> None:
    lists = []
    with reviewing(collection, browser) as reviewer:
        for card_id in collection.find_cards("card:Work"):
            reviewer.show_question(card_id)
            for width in range(320, 420, 20):
                reviewer.page.set_viewport_size({"width": width, "height": 740})
                lists += reviewer.page.evaluate(LISTS)
    with sheet_of(out, browser) as page:
        for width in range(320, 420, 20):
            page.set_viewport_size({"width": width, "height": 740})
            lists += page.evaluate(LISTS)
    assert len(lists) > 25
    assert [one for one in lists if one["lines"] > 1] == []


@pytest.mark.anki
def test_the_back_of_a_plot_card_says_what_was_asked_below_one_rule(
    collection: Collection, browser: Browser, out: Path
) -> None:
    plots = collection.find_cards("card:Plot")
    assert plots
    with reviewing(collection, browser) as reviewer:
        for card_id in plots:
            reviewer.show_question(card_id)
            asked = reviewer.page.evaluate("document.querySelector('#qa .ask').innerText")
            reviewer.show_answer(card_id)
            shown, height = reviewer.page.evaluate("[qa.innerText, document.documentElement.scrollHeight]")
            rules = reviewer.page.evaluate(RULES)
            assert asked in shown
            assert rules == 1
            assert height <= 740


@pytest.mark.anki
def test_the_guard_of_their_order_sees_a_row_that_runs_the_other_way(collection: Collection, browser: Browser) -> None:
    with reviewing(collection, browser) as reviewer:
        _shown(reviewer, '<div dir="rtl"><bdi>أ [1, 2, 3]</bdi></div>')
        with pytest.raises(AssertionError):
            _in_order(reviewer.page, "planted")
        _shown(reviewer, '<div dir="rtl"><bdi dir="ltr">[1, 2, 3]</bdi></div>')
        assert _in_order(reviewer.page, "planted") == 1


def _shown(reviewer: Reviewer, html: str) -> None:
    reviewer.page.evaluate("html => { document.getElementById('qa').innerHTML = html }", html)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sheet_fits_a_phone_and_keeps_the_order_of_numbers(out: Path, browser: Browser, scheme: str) -> None:
    with sheet_of(out, browser, width=360, scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        rows = page.evaluate(ROWS, "bdi, .out")
    assert all(row["seen"] == row["written"] for row in rows if row["lines"] == 1)
    assert any(row["lines"] == 1 for row in rows)


@pytest.mark.parametrize("out", ["chinese"], indirect=True)  # the deck with such powers
def test_no_line_of_code_ends_with_the_sign_of_what_follows(out: Path, browser: Browser) -> None:
    torn, torn_without = [], []
    with sheet_of(out, browser) as page:
        for width in range(300, 420, 10):
            page.set_viewport_size({"width": width, "height": 740})
            torn += page.evaluate(TORN)
        page.add_style_tag(content="pre .j { white-space: inherit }")
        for width in range(300, 420, 10):
            page.set_viewport_size({"width": width, "height": 740})
            torn_without += page.evaluate(TORN)
    assert torn
    assert not any(torn)
    assert any(torn_without)


def test_headings_are_bold_in_every_language(out: Path, browser: Browser) -> None:
    with sheet_of(out, browser) as page:
        for heading in ("h1", "h2", "h3", ".check b"):
            bold = _ink(page, heading)
            page.add_style_tag(content=f"{heading} {{ font-weight: 400 !important }}")
            assert bold > 1.12 * _ink(page, heading), heading


def _ink(page: Page, selector: str) -> float:
    """How dark the letters of an element are in all, beside its ground."""
    from PIL import Image

    image = Image.open(io.BytesIO(page.locator(selector).first.screenshot())).convert("L")
    return sum(abs(level - image.getpixel((0, 0))) * count for level, count in enumerate(image.histogram()))


def test_worked_lines_end_on_the_right_among_arabic_words(out: Path, browser: Browser) -> None:
    if out.name != "arabic":
        return
    with sheet_of(out, browser, width=360) as page:
        lines = page.evaluate(ENDS)
        page.add_style_tag(content=".substituted > div { text-align: left !important }")
        assert max(page.evaluate(ENDS)) > 20  # of a line that goes on below
    assert len(lines) > 10
    assert max(lines) < 4


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_parts_of_a_formula_read_from_left_to_right(out: Path, browser: Browser, media: str) -> None:
    with sheet_of(out, browser, width=1000) as page:
        page.emulate_media(media=media)  # type: ignore[arg-type]
        lines = page.evaluate(PARTS)
        page.add_style_tag(content=".substituted { direction: rtl !important }")
        reversed_lines = page.evaluate(PARTS)
    assert lines == [sorted(line) for line in lines]
    if media == "screen" and max(map(len, lines)) > 1:  # the guard sees a line that runs the other way
        assert reversed_lines != [sorted(line) for line in reversed_lines]

"""Hostile texts in Anki's own reviewer, on the sheet and in its PDF: none makes an element, a request or a formula."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from anki_reviewer import describe, reviewing
from conftest import eigendeck
from decks import constants
from eigendeck.deck.read import read_deck
from eigendeck.latex.commands import problems
from eigendeck.latex.mathml import mathml
from eigendeck.rehearsal import import_package, open_collection
from eigendeck.render.anki_html import for_anki
from hostile_texts import PAYLOADS, WRAPPERS, accepted, made_by_a_card, texts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TEXTS = dict(itertools.islice(texts(), 2 * len(WRAPPERS)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the outputs of a deck that says hostile texts."""
    folder = tmp_path_factory.mktemp("texts")
    deck, refused = accepted(folder, TEXTS)
    assert refused > len(TEXTS)  # in most places most of them are
    eigendeck("build", deck, "--pdf", cwd=folder)
    return folder / "build"


@pytest.fixture
def page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page of a browser, and all that it asks for."""
    context = browser.new_context()
    leaf, asked = context.new_page(), []
    leaf.on("request", lambda request: asked.append(request.url))
    yield leaf, asked
    context.close()


def test_hostile_texts_make_nothing_in_ankis_reviewer(built: Path, browser: Browser, tmp_path: Path) -> None:
    collection = open_collection(tmp_path / "user")
    import_package(collection, built / "small.apkg")
    made, asked, formulas = [], [], 0
    with reviewing(collection, browser) as reviewer:
        reviewer.page.on("request", lambda request: asked.append(request.url))
        for card_id in collection.find_cards(""):
            for side in (reviewer.show_question, reviewer.show_answer):
                side(card_id)
                found = made_by_a_card(reviewer.page, "#qa")
                made += [f"{describe(collection, card_id)} {side.__name__}: {what}" for what in found]
                formulas += reviewer.page.locator("#qa mjx-container").count()
    collection.close()
    assert made == []
    assert not [url for url in asked if "evil" in url or not url.startswith("http://127.0.0.1:")]
    assert formulas  # MathJax was there


def test_hostile_texts_make_nothing_on_the_sheet(built: Path, page: tuple[Page, list[str]]) -> None:
    leaf, asked = page
    sheet = built / "small.html"
    leaf.goto(sheet.as_uri())
    assert made_by_a_card(leaf, "body") == []
    assert asked == [sheet.as_uri()]


@pytest.mark.browser  # which printed it
def test_hostile_texts_make_no_link_in_the_pdf(built: Path) -> None:
    content = (built / "small.pdf").read_bytes()
    assert b"/URI" not in content
    assert b"/JavaScript" not in content


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("says", '"\\uFFFE"'),
        ("concept", '"a\\uFFFF"'),
        ("formula", '"\\U0001FFFE"'),
        ("tags", '["\\uFDD0"]'),
        ("reads", '{"\\uFFFE": x}'),
        ("numpy", '"1  # \\uFFFE"'),
    ],
)
def test_what_is_no_character_is_refused(key: str, text: str, tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "fair"}, {"id": "odd", key: None})
    file = deck / "01-numbers.yaml"
    file.write_text(file.read_text() + f"    {key}: {text}\n")
    deck = read_deck(deck)
    assert any("which is no character" in fault.what for fault in deck.faults)
    assert [card.id for card in deck.cards] == ["fair"]


@pytest.mark.parametrize("text", ['"\\uD800"', '"\\uDC00 x"', '"\\uD83D\\uDE00"'])
def test_half_a_character_is_refused(text: str, tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "odd", "hint": None})
    file = deck / "01-numbers.yaml"
    file.write_text(file.read_text() + f"    hint: {text}\n")
    (fault,) = [fault for fault in read_deck(deck).faults if fault.place.line == len(file.read_text().splitlines())]
    assert "a backslash in double quotes starts an escape" in fault.what


@pytest.mark.parametrize("command", [r"\operatorname", r"\operatorname*", r"\mathrm", r"\text", r"\boxed"])
@pytest.mark.parametrize("inner", ["<", r"\&", r"\text{<}", "<b>", r"\%", ">", "a<b"])
def test_what_the_converter_returns_is_markup_with_its_text_escaped(command: str, inner: str) -> None:
    root = ElementTree.fromstring(mathml(rf"{command}{{{inner}}}"))
    assert {element.tag for element in root.iter()} <= {"math", "mrow", "mspace", "mi", "mo", "mtext", "menclose"}
    assert "".join(root.itertext()).strip("\u2061") == re.sub(r"\\text|[\\{}]", "", inner)


@pytest.mark.parametrize(
    "latex", [*list(PAYLOADS.values())[:-1], r"x\) \href{a}{b} \(y", "x{", "x}", "\\", r"\hspace{99em}", "$x$"]
)
def test_latex_that_no_card_may_use_is_words_to_mathjax_whoever_made_it(latex: str) -> None:
    assert not re.search(r"\\[(\[]", for_anki(latex))


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\hspace{9999em} x", "less than 10 em"),
        (r"x \hspace{-50em}", "less than 10 em"),
        (r"\hspace x", "less than 10 em"),
        (r"\begin{matrix} 1 \\[999em] 2 \end{matrix}", "is a distance in Anki"),
        (r"\begin{cases} 1 \\[4pt] 2 \end{cases}", "is a distance in Anki"),
        (r"\begin{aligned} 1 \\*[x] \end{aligned}", "is a distance in Anki"),
    ],
)
def test_a_formula_does_not_reach_beyond_its_place(latex: str, said: str) -> None:
    assert any(said in problem.message for problem in problems(latex))

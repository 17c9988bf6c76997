"""Hostile texts in Anki's own reviewer, on the sheet and in its PDF: none makes an element, a request or a formula."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from eigendeck.rehearse import import_package, open_collection
from playwright.sync_api import Browser, Page

from anki_reviewer import describe, reviewing
from conftest import eigendeck
from decks import constants
from eigendeck.deck.read import read_deck
from eigendeck.latex.commands import problems
from eigendeck.latex.mathjax import for_anki
from eigendeck.latex.mathml import mathml
from eigendeck.render.lint import faults
from hostile_texts import PAYLOADS, WRAPPERS, texts

TEXTS = dict(itertools.islice(texts(), 2 * len(WRAPPERS)))
TEXT_KEYS = ("concept", "says", "ask", "hint", "see", "steps", "check", "mistake", "plot")

# What a side shows that a card made: elements and attributes beyond those of the templates, and formulas that say so.
MADE = r"""() => {
  const known = new Set(('div span p pre code i b ul li ol samp hr h1 header details summary img script br '
    + 'article section main h2 h3 nav button input label math mi mn mo mtext mrow mspace svg g path rect line text '
    + 'title circle polyline polygon defs clippath use style footer aside table tbody thead tr td th select option a '
    + 'form figure figcaption strong em small time kbd search fieldset legend output desc').split(' '));
  const made = [];
  for (const element of document.querySelectorAll('ROOT *')) {
    const name = element.localName.toLowerCase();
    if (!name.startsWith('mjx-') && !element.closest('mjx-container') && !known.has(name)) made.push('element ' + name);
    for (const {name: key, value} of element.attributes)
      if (key.startsWith('on') || (key !== 'alt' && key !== 'aria-label' && /evil/.test(value)))
        made.push(`attribute ${key}=${value}`);
    if (name === 'mjx-container' || name === 'math') {
      const maths = element.cloneNode(true);  // in which the words of a value stand as words
      maths.querySelectorAll('mjx-mtext, mtext').forEach(words => words.remove());
      if (/evil/.test(maths.textContent)) made.push('formula ' + maths.textContent);
    }
  }
  return made }"""


def hostile_card(name: str, text: str) -> dict[str, Any]:
    """A card that says a text, and computes it, wherever that is possible."""
    line = " ".join(text.split("\n"))
    return {
        "id": re.sub(r"[^a-z]+", "-", name.lower()),
        "concept": line[:80],
        "says": text,
        "ask": text.replace("{", "{{").replace("}", "}}") + r" \{t} {t} `{t}`",
        "hint": text,
        "see": [line],
        "given": f"n = rng.integers(2, 60)\nt = {text!r} + str(n)\n",
        "numpy": "t",
        "steps": f"t + ''  # {line}\nt  # {line}\n",
        "check": f"answer == {text!r} + str(n)  # {line}\n",
        "work": r"t = <<t>> + <<t + '\\'>>",
        "mistake": {"says": text, "numpy": f"{{}}[t + {text!r}]"},
        "plot": {"bars": {"x": "[n, n + 1]", "labels": ["a", line[:70]]}, "ask": text, "says": text},
        "cards": ["work", "mistake", "plot"],
        "variants": 2,
    }


def accepted(folder: Path) -> tuple[Path, int]:
    """A deck of cards that say all the texts, but where one is refused; and how many were."""
    cards = [hostile_card(name, text) for name, text in TEXTS.items()]
    alone = (read_deck(constants(folder / card["id"], card)) for card in cards)
    wrong = [fault for deck in alone for fault in (*deck.faults, *faults(deck)) if not fault.warning]
    refused = {tuple(fault.what.split(": ")[:2]) for fault in wrong}
    for card, key in itertools.product(cards, TEXT_KEYS):
        if {(card["id"], key), (card["id"], f"{key}.says"), (card["id"], f"{key}.ask")} & refused:
            match key:
                case "mistake":
                    card[key]["says"] = "Plain."
                case "plot":
                    card[key] |= {"ask": "Plain?", "says": "Plain."}
                case "steps" | "check":
                    card[key] = re.sub("  # .*", "", card[key])
                case "ask":
                    card[key] = r"\{t} {t} `{t}`"
                case _:
                    card[key] = ["Plain."] if key == "see" else "Plain."
    return constants(folder / "deck", *cards), len(refused)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the outputs of a deck that says hostile texts."""
    folder = tmp_path_factory.mktemp("texts")
    deck, refused = accepted(folder)
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
                found = reviewer.page.evaluate(MADE.replace("ROOT", "#qa"))
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
    assert leaf.evaluate(MADE.replace("ROOT", "body")) == []
    assert asked == [sheet.as_uri()]


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

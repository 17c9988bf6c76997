"""A deck whose every text, label and phrase is hostile, through every door: none of them shows more than words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from anki_reviewer import reviewing
from conftest import eigendeck
from decks import constants
from eigendeck.phrases import blanks, phrases_of
from eigendeck.rehearsal import import_package, open_collection
from hostile_texts import made_by_a_card, sides_that_make_nothing
from previews import previewing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.tries("hides markup in a text, through every door")

EVIL = "<img src=//evil.test onerror=evil()>\"'</title></style></script>{{Id}}[sound:evil][latex]evil[/latex]$evil$"
LABEL = EVIL[:78]
WORD = EVIL.replace(" ", "/")[:100]
BRACED = EVIL.replace("{", "{{").replace("}", "}}")


def phrase(text: str) -> str:
    """A phrase that names what is filled in, among what is hostile."""
    return " ".join(
        [EVIL.replace("{{Id}}", "\\(\\evil\\)"), *(f"{{{name}}}" for name in blanks(text)), "--></textarea>"]
    )


PLOTS: list[dict[str, Any]] = [
    {"bars": {"<b>evil</b>": "[x, 2]", "labels": [LABEL, LABEL], "axis": [LABEL, LABEL]}},
    {"bars": {"a": "[x, 2]", LABEL: "[1, 3]", "panels": True}},
    {"contour": {"x": "[0, 1, 2]", "y": "[0, 1]", "z": "np.arange(6.0).reshape(2, 3)", "axis": [LABEL, LABEL]}},
    {"curve": {"x": "[0, 1]", "y": "[1, x]", "names": [LABEL], "points": "[(0, 1)]", "labels": [LABEL]}},
    {"density": {"x": "[0, 1, 2]", "y": "[0, 1, 0]", "names": [LABEL], "axis": [LABEL, LABEL]}},
    {"graph": {"<b>": "x", LABEL: "2"}},
    {"histogram": {"edges": "[0, 1, 2]", "counts": "[x, 2]", "names": [LABEL], "axis": [LABEL, LABEL]}},
    {"grid": {"cells": "np.eye(2)", "rows": [LABEL, "a"], "columns": [LABEL, "b"]}},
    {"heatmaps": {LABEL: "np.eye(2)", "b": "np.eye(2)", "then": [LABEL]}},
    {"line": {LABEL: "1", "x": "[1, 2]", "axis": LABEL}},
    {"scatter": {"x": "[1, 2]", "y": "[1, x]", "arrows": "[(1, 2)]", "labels": [LABEL], "axis": [LABEL, LABEL]}},
    {"shapes": {LABEL: "(2, 3)", "b": "(3, 2)", "then": [LABEL]}},
    {"icons": {LABEL: "x", "b": "2"}},
    {"mosaic": {"table": "[[1, x], [3, 4]]", "rows": [LABEL, "a"], "columns": [LABEL, "b"]}},
    {"arrows": {LABEL: "[1, 2]", "b": "[2, 1]", "angle": [LABEL, "b"]}},
    {"transform": {"matrix": "[[1, 1], [0, 1]]", "names": [LABEL, LABEL]}},
]


def drawn(name: str, plot: Mapping[str, Any]) -> dict[str, Any]:
    """A card that draws, and says the text in every key that takes one."""
    return {
        "id": name,
        "concept": EVIL[:80],
        "says": EVIL,
        "form": LABEL,
        "given": "x = rng.integers(4, 60)",
        "ask": f"{BRACED} {{x}} `{BRACED}`",
        "hint": EVIL,
        "see": [EVIL],
        "tags": [WORD],
        "numpy": "2 * x",
        "unit": "\"'/;",
        "units": {"x": "'\"()"},
        "steps": f"2 * x  # {EVIL}",
        "check": f"answer == x + x  # {EVIL}",
        "mistake": [
            {"says": EVIL, "numpy": f"{{}}[{EVIL!r}]"},
            {"says": EVIL, "numpy": f"{EVIL!r} + str(x)"},
            {"says": EVIL, "numpy": f"np.zeros(2).reshape(x, x)  # {EVIL}"},
        ],
        "plot": {**plot, "ask": EVIL, "says": EVIL},
        "cards": ["work", "mistake", "plot"],
        "variants": 2,
    }


LATEX = repr(r"\(\evil\)")
TOLD = dict.fromkeys(("formula", "numpy", "check", "mistake"))
CARDS = [
    *(drawn(f"plot-{number}", plot) for number, plot in enumerate(PLOTS)),
    {"id": "text", "numpy": f"t = {EVIL!r}\nt", "check": f"answer == {EVIL!r}", "cards": ["work", "code", "formula"]},
    {"id": "texts", "numpy": f"[{EVIL!r}, 1]", "check": f"answer[0] == {EVIL!r}", "work": f"<<{EVIL!r}>> = <<answer>>"},
    {"id": "code", "numpy": LATEX, "steps": f"{LATEX}\n{LATEX}[:]", "check": "len(answer) == 9"},
    {"id": "told", "concept": EVIL[:80], "ask": EVIL, "says": EVIL, "form": LABEL, "hint": EVIL, "see": [EVIL], **TOLD},
]
META = {
    "title": EVIL[:100],
    "description": EVIL,
    "license": EVIL,
    "version": EVIL[:80],
    "forms": [LABEL, "<b>evil</b>"],
    "panels": [{"title": EVIL[:80], "points": [EVIL], "numbers": f"len({EVIL!r})  # {EVIL}"}],
}
ROSTER = f'id,name\nada,"{EVIL[:99].replace(chr(34), chr(34) * 2)}"\nbad@-,=evil()\n'


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the deck, and its editions for a class."""
    folder = tmp_path_factory.mktemp("doors")
    own = {name: phrase(text) for name, text in phrases_of("en").by_name.items()}
    constants(folder / "deck", *CARDS, meta={**META, "phrases": own}, section=EVIL[:100], see=[EVIL])
    (folder / "class.csv").write_text(ROSTER, encoding="utf-8")
    options = ("--roster", "class.csv", "--make", "sheet,cards,worksheet,key", "--jobs", 1)
    eigendeck("editions", "deck", *options, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def doors(editions: Path) -> Path:
    """A folder in which the deck went through every door that writes."""
    eigendeck("build", "deck", "--pdf", cwd=editions)
    eigendeck("cards", "deck", "--cut", "duplex", cwd=editions)
    eigendeck("worksheet", "deck", "--key", "--variants", "1,2", cwd=editions)
    return editions


@pytest.fixture
def page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page in which `evil()` leaves a trace, and what it asks for and does."""
    context = browser.new_context()
    context.add_init_script("window.evil = () => { window.ran = true }")
    leaf, asked = context.new_page(), []
    leaf.on("request", lambda request: asked.append(request.url))
    yield leaf, asked
    context.close()


def test_no_page_shows_more_than_words(doors: Path, page: tuple[Page, list[str]]) -> None:
    leaf, asked = page
    written = sorted(doors.rglob("*.html"))
    assert len(written) > 10
    for path in written:
        leaf.goto(path.as_uri())
        assert made_by_a_card(leaf, "body") == [], path.name
        assert not leaf.evaluate("window.ran")
        assert leaf.title()
        assert leaf.locator("body").inner_text().count("evil.test") > 1 or path.name == "index.html"
    assert asked == [path.as_uri() for path in written]


@pytest.mark.browser  # which printed them
def test_no_pdf_has_a_link_or_a_script(doors: Path) -> None:
    for path in doors.rglob("*.pdf"):
        content = path.read_bytes()
        assert not re.search(rb"/URI|/JavaScript|/Launch|/EmbeddedFile", content), path.name


def test_no_cell_of_the_teachers_table_is_a_formula(editions: Path) -> None:
    for line in (editions / "editions" / "key.csv").read_text(encoding="utf-8-sig").splitlines():
        assert not re.match(r"[=+@\t-]", line.strip('"'))


@pytest.mark.anki
def test_no_side_shows_more_than_words_in_anki(doors: Path, browser: Browser, tmp_path: Path) -> None:
    collection = open_collection(tmp_path / "user")
    import_package(collection, doors / "build" / "small.apkg")
    asked: list[str] = []
    with reviewing(collection, browser) as reviewer:
        reviewer.page.on("request", lambda request: asked.append(request.url))
        sides_that_make_nothing(reviewer, collection)
    collection.close()
    assert not [url for url in asked if "evil" in url]


def test_the_preview_shows_no_more_than_words(doors: Path, page: tuple[Page, list[str]]) -> None:
    leaf, asked = page
    with previewing(doors / "deck", "--out", str(doors / "build")) as preview:
        preview.settled()
        for card in ("plot-0", "text", "told"):
            leaf.goto(f"{preview.address}#{card}")
            leaf.wait_for_function("() => document.body.innerText.includes('evil.test')")  # the page evaluates no text
            leaf.wait_for_timeout(500)
            for frame in leaf.frames:
                assert not frame.evaluate("window.ran")
                made = frame.evaluate("[...document.querySelectorAll('[onerror], [src*=evil], [href*=evil]')].length")
                assert made == 0
        shown = json.loads(preview.ask("/cards/plot-0")[1])
        assert shown["sides"]
    assert not [url for url in asked if "evil" in url]

"""The cards as Anki's own reviewer shows them, in Chromium, on a phone's width."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from anki_reviewer import LIGHTS, Reviewer, reviewing
from conftest import eigendeck
from decks import constants
from eigendeck.rehearsal import import_package, open_collection

if TYPE_CHECKING:
    from anki.collection import Collection
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.anki

SHOWN = "() => [...document.querySelectorAll('.variants')].map(v => [...v.children].map(c => c.dataset.variant))"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory, package: Path) -> Iterator[Collection]:
    """A collection into which the shipped deck was imported."""
    col = open_collection(tmp_path_factory.mktemp("user"))
    import_package(col, package)
    yield col
    col.close()


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_a_page_that_is_loaded_by_day_or_by_night_has_the_classes_that_anki_gives_it(
    collection: Collection, browser: Browser, night: bool
) -> None:
    with reviewing(collection, browser, night=night) as reviewer:
        reviewer.show_question(next(iter(collection.find_cards("Id:dot-product card:Work"))))
        light = "[document.documentElement, document.body].map(element => [...element.classList].toSorted()).join()"
        loaded, colour = reviewer.page.evaluate(f"[{light}, getComputedStyle(document.body).backgroundColor]")
        assert reviewer.faults() == []
        assert reviewer.page.evaluate(light) == loaded
        reviewer.page.evaluate(LIGHTS, not night)
        assert reviewer.page.evaluate("getComputedStyle(document.body).backgroundColor") != colour


def test_every_side_of_every_card_shows_without_fault_by_day_and_by_night(
    collection: Collection, browser: Browser
) -> None:
    with reviewing(collection, browser) as reviewer:
        assert reviewer.all_faults() == []


@pytest.mark.parametrize(
    ("field", "content", "fault"),
    [
        ("Work Front", r"\(\norm{x}\)", "macro"),
        ("Work Front", r"plain \alpha", "unrendered maths"),
        ("Work Back", '<img src="not-there.svg">', "missing image"),
        ("Work Back", '<p style="width:900px">wide</p>', "overflow"),
        ("Work Front", "<script>nothing.here()</script>", "script"),
    ],
)
def test_each_check_sees_a_card_broken_on_purpose(
    collection: Collection, browser: Browser, field: str, content: str, fault: str
) -> None:
    note = collection.get_note(next(iter(collection.find_notes("Id:dot-product"))))
    sound = note[field]
    note[field] += content
    collection.update_note(note)
    card_id = next(iter(collection.find_cards("Id:dot-product card:Work")))
    try:
        with reviewing(collection, browser) as reviewer:
            reviewer.show_question(card_id)
            reviewer.show_answer(card_id)
            assert any(fault in found for found in reviewer.faults()), reviewer.faults()
    finally:
        note[field] = sound
        collection.update_note(note)


def variant(reviewer: Reviewer) -> str:
    """The one variant that is shown, on all parts of the side alike."""
    boxes = reviewer.page.evaluate(SHOWN)
    shown = {variant for box in boxes for variant in box}
    assert len(shown) == 1, boxes
    assert all(len(box) == 1 for box in boxes)
    return str(shown.pop())


def test_the_signs_of_chemists_are_typeset(tmp_path: Path, browser: Browser) -> None:
    formula = r"A\overset{k}{\rightleftharpoons}B\uparrow\therefore\sum_{\substack{i<j\\ i>0}}\cfrac{1}{x_i}\leqslant 2"
    more = (
        r"\(\because a\xleftarrow{k}b\lesssim\nexists\longleftrightarrow\mathring{A}\check{x}\dbinom{n}{2}\triangle\)"
    )
    constants(tmp_path / "deck", {"formula": formula, "says": more, "reads": None, "cards": ["work", "formula"]})
    eigendeck("build", "deck", cwd=tmp_path)
    col = open_collection(tmp_path / "user")
    import_package(col, tmp_path / "build" / "small.apkg")
    with reviewing(col, browser) as reviewer:
        assert reviewer.all_faults() == []
    col.close()


@pytest.mark.parametrize("template", ["Work", "Mistake"])
def test_the_back_shows_the_fronts_variant_and_no_variant_comes_twice_running(
    collection: Collection, browser: Browser, template: str
) -> None:
    card_id = next(iter(collection.find_cards(f"Id:dot-product card:{template}")))
    seen = []
    with reviewing(collection, browser) as reviewer:
        for _ in range(20):
            reviewer.show_question(card_id)
            front = variant(reviewer)
            reviewer.show_answer(card_id)
            assert variant(reviewer) == front
            seen.append(front)
    assert all(one != next_ for one, next_ in itertools.pairwise(seen))
    assert len(set(seen)) >= 4


def test_only_the_chosen_variant_is_typeset(collection: Collection, browser: Browser) -> None:
    card_id = next(iter(collection.find_cards("Id:dot-product card:Work")))
    with reviewing(collection, browser) as reviewer:
        reviewer.show_question(card_id)
        reviewer.show_answer(card_id)
        variants = reviewer.page.evaluate("document.querySelectorAll('.variant').length")
        assert variants == 2  # the front's box and the back's, one variant in each


def test_without_storage_front_and_back_agree_by_the_day(collection: Collection, browser: Browser) -> None:
    card_id = next(iter(collection.find_cards("Id:dot-product card:Work")))
    with reviewing(collection, browser) as reviewer:
        blocked = "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('blocked') }})"
        reviewer.page.evaluate(blocked)
        for _ in range(3):
            reviewer.show_question(card_id)
            front = variant(reviewer)
            reviewer.show_answer(card_id)
            assert variant(reviewer) == front


def test_without_scripts_variant_1_is_shown_alone(collection: Collection, browser: Browser) -> None:
    card = collection.get_card(next(iter(collection.find_cards("Id:dot-product card:Work"))))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(f'<body class="card card1">{card.question()}{card.answer()}</body>')
    visible = [box.get_attribute("data-variant") for box in page.locator(".variant").all() if box.is_visible()]
    context.close()
    assert set(visible) == {"1"}
    assert len(visible) >= 2


# What a program does to a page's stored things before each load of a page.
BLOCKED = """for (const place of ['sessionStorage', 'localStorage'])
  Object.defineProperty(window, place, {get() { throw new Error('blocked') }});"""
EMPTIED = "sessionStorage.clear();"
ALL_EMPTIED = "sessionStorage.clear(); localStorage.clear(); window.name = '';"
STORAGE = {
    "kept": "",
    "session emptied at every load": EMPTIED,
    "session and name emptied at every load": EMPTIED + "window.name = '';",
    "all emptied at every load": ALL_EMPTIED,
    "all emptied at every back": f"if (location.pathname.endsWith('back')) {{ {ALL_EMPTIED} }}",
    "blocked": BLOCKED,
    "blocked, and the name is somebody else's": BLOCKED + "window.name = 'reviewer';",
}
WITHOUT_A_PLACE = {"all emptied at every load", "all emptied at every back", "blocked, and the name is somebody else's"}


class Loading:
    """A program that loads a whole page for each side and runs its scripts while it reads, as AnkiDroid's older one."""

    def __init__(self, context: BrowserContext, collection: Collection, before_each_load: str = "") -> None:
        self.page, self.sides = context.new_page(), ("front", "back")
        card = collection.get_card(next(iter(collection.find_cards("Id:dot-product card:Work"))))
        if before_each_load:
            self.page.add_init_script(before_each_load)
        for name, content in zip(self.sides, (card.question(), card.answer()), strict=True):
            body = f'<!doctype html><body class="card card1">{content}</body>'
            self.page.route(
                f"http://card.test/{name}",
                lambda route, _, body=body: route.fulfill(body=body, content_type="text/html"),
            )

    def shown(self, side: str) -> str:
        """The variant that a side shows, on all of its parts alike."""
        self.page.goto(f"http://card.test/{side}")
        variants = [variant for box in self.page.evaluate(SHOWN) for variant in box]
        assert variants
        assert len(set(variants)) == 1, variants
        return str(variants[0])


@pytest.mark.parametrize("storage", STORAGE)
def test_front_and_back_agree_where_the_page_is_loaded_anew_at_the_flip(
    collection: Collection, browser: Browser, storage: str
) -> None:
    context = browser.new_context()
    program = Loading(context, collection, STORAGE[storage])
    seen = []
    for _ in range(12):
        front, back = (program.shown(side) for side in program.sides)
        assert front == back
        seen.append(front)
    context.close()
    if storage in WITHOUT_A_PLACE:
        assert len(set(seen)) == 1, "nothing outlives a load, so that only the day can pick"
    else:
        assert all(one != next_ for one, next_ in itertools.pairwise(seen))


def test_storage_that_is_cleared_between_two_cards_costs_no_agreement(collection: Collection, browser: Browser) -> None:
    context = browser.new_context()
    program = Loading(context, collection)
    for number in range(12):
        front, back = (program.shown(side) for side in program.sides)
        assert front == back
        if number % 3 == 2:
            program.page.evaluate(ALL_EMPTIED)
    context.close()


def test_two_windows_do_not_take_each_others_variant(collection: Collection, browser: Browser) -> None:
    context = browser.new_context()
    programs = [Loading(context, collection) for _ in range(2)]
    for _ in range(8):
        fronts = [program.shown("front") for program in programs]
        assert [program.shown("back") for program in programs] == fronts
    context.close()


def test_a_back_shown_first_agrees_with_itself(collection: Collection, browser: Browser) -> None:
    """As the previewer does with both sides, and the browser's card preview."""
    card_id = next(iter(collection.find_cards("Id:dot-product card:Mistake")))
    with reviewing(collection, browser) as reviewer:
        reviewer.show_answer(card_id)
        variant(reviewer)


def test_the_script_leaves_no_variable_behind(collection: Collection, browser: Browser) -> None:
    card_id = next(iter(collection.find_cards("Id:dot-product card:Work")))
    with reviewing(collection, browser) as reviewer:
        reviewer.show_question(card_id)
        names = set(reviewer.page.evaluate("Object.keys(window)"))
        reviewer.show_answer(card_id)
        assert set(reviewer.page.evaluate("Object.keys(window)")) == names
        own = {"root", "boxes", "count", "key", "back", "pick", "chosen", "ofTheDay", "variants"}
        assert not names & own


def test_what_code_makes_is_never_typeset(tmp_path: Path, browser: Browser) -> None:
    text = r"\(\href{javascript:alert(1)}{x}\) \[y\]"  # refused wherever a card says it; here it is a value
    typeset: dict[str, Any] = {
        "id": "typeset",
        "says": r"So \(x\ \) \href{javascript:alert(1)}{click} and \(y\).",  # a blank cut would open `\)` again
        "given": f"n = rng.integers(2, 60)\nt = {text!r} + str(n)",
        "ask": "What of {t}?",
        "numpy": "t",
        "steps": "t  # take \\(t\\)\nt + ''  # as it is",
        "check": f"answer == {text!r} + str(n)",
        "mistake": {"says": "Not this.", "numpy": "t + '!'"},
        "variants": 2,
    }
    deck = constants(tmp_path / "deck", typeset)
    eigendeck("build", deck, cwd=tmp_path)
    collection = open_collection(tmp_path / "user")
    import_package(collection, tmp_path / "build" / "small.apkg")
    formulas = 0
    with reviewing(collection, browser) as reviewer:
        for card_id in collection.find_cards(""):
            for side in (reviewer.show_question, reviewer.show_answer):
                side(card_id)
                page = reviewer.page
                assert page.locator("#qa a, #qa [href]").count() == 0
                assert r"\(\href{javascript:alert(1)}{x}\)" in (page.locator("#qa").text_content() or "")
                formulas += page.locator("#qa mjx-container").count()
    collection.close()
    assert formulas  # those that the card itself says


UNBREAKABLE = {
    "id": "long",
    "concept": "Donaudampfschifffahrtsgesellschaftskapitänsversicherungspolice",
    "says": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz_und_noch_viel_mehr_davon_ohne_Ende",
    "formula": r"x = \underbrace{1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 + 18}_{171}",
    "ask": "Was ergibt https://example.org/ein/sehr/langer/Pfad/der/nirgends/umbricht/und/weiter/geht?",
    "hint": r"\(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v\)",
}


def test_nothing_scrolls_sideways_on_any_phone(tmp_path: Path, browser: Browser) -> None:
    deck = constants(tmp_path / "deck", UNBREAKABLE, meta={"language": "de"})
    eigendeck("build", deck, cwd=tmp_path)
    collection = open_collection(tmp_path / "user")
    import_package(collection, tmp_path / "build" / "small.apkg")
    for width in (320, 360, 393, 420, 500):
        with reviewing(collection, browser, width=width) as reviewer:
            assert reviewer.all_faults() == [], width
    collection.close()

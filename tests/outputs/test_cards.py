"""Cards to cut out: what is on them, that all of it is, and that front and back meet."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import eigendeck as library
from conftest import CARDS, NO_BROWSER, beside_a_browser, eigendeck
from decks import card, section, write
from eigendeck import Built
from eigendeck.outputs import cards
from eigendeck.outputs.imposition import PAPERS, SIZES, layout
from eigendeck.phrases import LANGUAGES
from paper_checks import LEAST, outside, shipped_cards, sizes, too_small
from sheet_checks import opened, strange_fonts, unresolved_ids

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PART = "12-attention,dot-product"


@cache
def shipped(built: Path, paper: str, size: str) -> str:
    """The page of the shipped deck's cards on a paper."""
    return cards.emit(shipped_cards(built), layout(paper, size, "fold"))


def page_of(built: Built) -> str:
    return next(content for name, content in built.files.items() if name.endswith(".cards.html")).decode()


# ---- what is on them


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the cards of a part were made."""
    out = tmp_path_factory.mktemp("part")
    eigendeck("cards", CARDS, "--only", PART, "--no-store", "--out", out, cwd=out, env=NO_BROWSER)
    return out


def test_a_part_has_a_name_of_its_own_and_says_what_a_pdf_needs(tmp_path: Path, part: Path) -> None:
    assert [path.name for path in part.iterdir()] == ["refresher.cards.html"]
    done = eigendeck("cards", CARDS, "--only", "dot-product", "--out", tmp_path, cwd=tmp_path, env=NO_BROWSER)
    assert "No PDF: needs Chromium or Chrome: " in done.stderr
    assert re.search(r"\b\d cards, seed 0, \d sheets? of A4 paper\.", done.stderr)


def test_no_side_shows_the_marks_of_the_page_itself(part: Path) -> None:
    page = (part / "refresher.cards.html").read_text(encoding="utf-8")
    assert '<samp class="' in page
    assert not re.findall(r"&lt;/?(?:code|samp|span|b)\b", page)


def test_a_page_asks_for_nothing_and_runs_its_own_script_alone(part: Path) -> None:
    page = (part / "refresher.cards.html").read_text(encoding="utf-8")
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; font-src data:"
    assert f'content="{html.escape(policy).replace("&#x27;", "&#39;")}' in page
    assert page.count("<script") == 1
    assert not re.search(r"https?://(?!www\.w3\.org/)", page)


def test_each_direction_of_a_note_is_a_card_with_its_number_and_its_deck_on_both_sides(part: Path) -> None:
    page = (part / "refresher.cards.html").read_text(encoding="utf-8")
    sides = re.findall(r'<article class="side (front|back)".*?<header>(.*?)</header>', page, re.DOTALL)
    labels = [(kind, *re.search(r"<b>(\d+ \w+)</b>", label).groups(), "ML Refresher" in label) for kind, label in sides]
    fronts = [label for kind, label, _ in labels if kind == "front"]
    assert fronts == [label for kind, label, _ in labels if kind == "back"]
    assert len(set(fronts)) == len(fronts) == len(labels) / 2
    assert all(named for *_, named in labels)
    deck = library.read_deck(CARDS)
    wanted = {"dot-product", *(card.id for s in deck.sections if s.stem == "12-attention" for card in s.cards)}
    assert len(fronts) == sum(len(card.cards) for card in deck.cards if card.id in wanted)


def test_another_variant_and_another_seed_show_other_numbers_on_both_sides(tmp_path: Path) -> None:
    deck = write(tmp_path / "deck", section(card(given="x = rng.integers(2, 9, 3)\n")), variants=3)
    shown = set()
    for options in ((), ("--variant", 3), ("--seed", 5)):
        eigendeck("cards", deck, "--out", tmp_path / "out", *options, cwd=tmp_path, env=NO_BROWSER)
        page = (tmp_path / "out" / "small.cards.html").read_text(encoding="utf-8")
        inputs = re.search(r'<pre class="line inputs"><code>(.*?)</code>', page, re.DOTALL)[1]
        shown.add(re.sub("<.*?>", "", inputs))
        assert page.count('data-variant="') <= 2  # of each direction one
    assert len(shown) == 3
    said = eigendeck("cards", deck, "--variant", 4, cwd=tmp_path, code=2).stderr
    assert "no card has variant 4: the last one is 3" in " ".join(said.replace("│", " ").split())


@pytest.mark.parametrize("offset", ["1", "a,b", "1,2,3", "11,0", "1;2", "nan,1"])
def test_an_offset_that_is_none_is_a_wrong_option(offset: str, tmp_path: Path) -> None:
    said = eigendeck("cards", CARDS, "--offset", offset, cwd=tmp_path, code=2).stderr
    assert "--offset" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_on_the_paper_are_those_of_the_deck(language: str, tmp_path: Path) -> None:
    deck = write(tmp_path / "deck", section(card()), language=language)
    page = page_of(library.build(deck, make=("cards",), layout=layout("a4", "a7", "duplex")))
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    english = re.findall(
        r"Work|Mistake\b|seed|Which code|Hold this|belongs|millimet",
        re.sub("<style>.*</style>", "", page, flags=re.DOTALL),
    )
    assert bool(english) == (language == "en")


# ---- that nothing is lost


# Where sides stand on a paper, and how large that is.
PLACED = re.compile(
    r'<p class="how">.*?</p>|<section class="page">\n(?:<svg class="marks".*?</svg>\n)?|</section>\n| turned(?=")'
    r'|left:[^;"]+;top:[^;"]+|@page\{.*?\}|\.(?:page|marks)\{width:.*?\}',
    re.DOTALL,
)


@pytest.mark.parametrize("size", SIZES)
def test_a_size_of_card_is_the_same_on_each_paper(built: Path, size: str) -> None:
    papers = [shipped(built, paper, size) for paper in PAPERS]
    assert len(set(papers)) == len(papers)
    (sides,) = {PLACED.sub("", page) for page in papers}
    assert sides.count('<article class="side') > 400


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_all_that_is_on_the_cards_of_the_shipped_deck_stands_inside_them(
    built: Path, size: str, browser: Browser
) -> None:
    with opened(browser, shipped(built, "a4", size)) as seen:  # each side is the same on each paper
        seen.page.emulate_media(media="print")
        assert outside(seen.page) == []
        small = too_small(seen.page)
        assert sum(points < LEAST - 0.01 for points in sizes(seen.page)) == len(small)
        assert len(small) <= 0.08 * len(sizes(seen.page)) if size == "3x5" else size == "a7" or not small
        assert all(points >= 5 for points in small.values())
        assert seen.did() == []
        if size == "a7":  # the measure sees sides that are too full
            seen.page.add_style_tag(content=".back{font-size:14pt!important}")
            assert len(outside(seen.page)) > 20


@pytest.mark.browser
def test_a_page_of_cards_has_its_own_fonts_and_whole_references(built: Path, browser: Browser) -> None:
    deck = shipped_cards(built)
    some = replace(deck, cards=deck.cards[::9])
    with opened(browser, cards.emit(some, layout("a4", "3x5", "duplex"))) as seen:
        assert strange_fonts(seen.page) == []
        assert unresolved_ids(seen.page) == []


FULL = "The mean of a sample is what its values would be if all of them were alike. " * 7
EXTREMES = {
    "long": card(says=FULL, check="".join(f"answer == sum(x.tolist())   # {FULL[:110]} {i}\n" for i in range(4))),
    "word": card(concept="Donaudampfschifffahrtsgesellschaft" * 2, says="m" * 400),
    "formula": card(formula="+".join(["x_{100}"] * 40), steps=None),
    "matrix": card(
        given="x = rng.integers(-9, 9, (14, 24))\n",
        check="answer == sum(x.ravel().tolist())",
        nice="off",
        mistake={"says": "Takes the columns.", "numpy": "x.sum(0)"},
    ),
    "lines": card(
        numpy="\n".join(f"value_number_{i} = x.sum() + {i} - {i}" for i in range(30)) + "\nvalue_number_29", steps=None
    ),
    "told": card(ask=FULL, says=FULL, formula=None, given=None, numpy=None, steps=None, check=None, mistake=None),
    "chinese": card(says="把所有的数加起来，然后除以它们的个数。" * 25, concept="平均数与总和" * 10),
}


@pytest.mark.browser
@pytest.mark.parametrize("extreme", EXTREMES)
def test_a_card_with_too_much_text_is_named_and_not_cut(extreme: str, tmp_path: Path, browser: Browser) -> None:
    deck = write(tmp_path / "deck", section(EXTREMES[extreme]))
    with beside_a_browser():
        built = library.build(deck, make=("cards",), layout=layout("a4", "a7"), paper="a4")
    with opened(browser, page_of(built)) as seen:
        seen.page.emulate_media(media="print")
        assert outside(seen.page) == []
        smallest = min(sizes(seen.page))
    warnings = [fault for fault in built.warnings if "is set in" in fault.what]
    assert bool(warnings) == (smallest < 6.99)
    assert all(fault.what.startswith("total: on paper the ") and fault.place.line for fault in warnings)
    assert warnings or extreme in ("word", "long", "told", "chinese")

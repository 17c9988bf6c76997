"""The worksheet and its key: the same numbers on both, those of the package, and answers on the key alone."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import CARDS, NO_BROWSER, eigendeck
from decks import card, section, write
from eigendeck import build, save
from packages import fields
from programs import plain
from sheet_checks import MM, PAPER, as_printed, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROBLEM = re.compile(r'<article class="problem" data-card="(.+?)" data-variant="(\d+)">(.*?)</article>', re.DOTALL)
ANSWERS = ("answer", "shapes", "steps", "substituted", "formula", "wrong", "says")  # classes of what a key alone has


@dataclass(frozen=True)
class Problem:
    """What a page shows of a problem. asked: the question and the inputs."""

    asked: tuple[str, ...]
    markup: str

    def text(self, name: str) -> str:
        """The text of its element of a class; nothing where there is none."""
        found = re.search(rf'<(pre|p|samp) class="{name}">(.*?)</\1>', self.markup, re.DOTALL)
        return plain(found[2]) if found else ""


def problems(page: str) -> dict[tuple[str, int], Problem]:
    """The problems of a worksheet or of a key, by card and variant."""
    found = {}
    for card_id, variant, markup in PROBLEM.findall(page):
        asked = re.findall(r'<(p class="ask"|pre class="inputs")>(.*?)</p(?:re)?>', markup, re.DOTALL)
        found[card_id, int(variant)] = Problem(tuple(plain(text) for _, text in asked), markup)
    return found


@pytest.fixture(scope="module")
def pages(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with worksheet and key of the shipped deck: the seed of its package, all variants."""
    out = tmp_path_factory.mktemp("pages")
    save(build(CARDS, make=("worksheet", "key"), variants=range(1, 7), store=built), out)
    return out


def page(folder: Path, kind: str) -> str:
    return (folder / f"refresher.{kind}.html").read_text(encoding="utf-8")


def head(folder: Path, kind: str) -> str:
    """What stands above the problems, without the style."""
    return re.sub(r"<style>.*?</style>", "", page(folder, kind).partition("<main>")[0], flags=re.DOTALL)


# ---- what belongs together


def test_worksheet_and_key_ask_the_same_of_every_card_and_variant(pages: Path) -> None:
    asked, answered = problems(page(pages, "worksheet")), problems(page(pages, "key"))
    assert len(asked) > 400
    assert list(asked) == list(answered)
    for which, problem in asked.items():
        assert problem.asked == answered[which].asked
        assert problem.asked


def test_the_key_answers_as_the_cards_of_the_same_seed_do(pages: Path, package: Path) -> None:
    notes, answered = fields(package), problems(page(pages, "key"))
    for (card_id, variant), problem in answered.items():
        back = notes[card_id]["Work Back"]
        values = [plain(value) for value in re.findall(r'<p class="value[^"]*"><samp>(.*?)</samp></p>', back, re.S)]
        assert problem.text("answer") == (values[variant - 1] if values else "")
    assert sum(bool(problem.text("answer")) for problem in answered.values()) > 400


def test_the_key_of_another_edition_asks_other_numbers(pages: Path, tmp_path: Path) -> None:
    save(build(CARDS, seed=8, make=["key"], only=["01-vectors", "02-matrices"]), tmp_path)
    assert "seed 8" in plain(head(tmp_path, "key"))
    asked, other = problems(page(pages, "worksheet")), problems(page(tmp_path, "key"))
    same = [which for which, problem in other.items() if asked[which].asked == problem.asked]
    assert len(same) <= len(other) / 10  # a card without drawn inputs has no others


def test_the_key_says_what_each_wrong_number_means(pages: Path) -> None:
    dot = problems(page(pages, "key"))["dot-product", 1]
    assert "If you got" in plain(dot.markup)
    assert dot.text("shown")
    assert dot.text("shown") != dot.text("answer")


def test_both_pages_bear_the_edition_and_the_worksheet_has_no_answers(pages: Path) -> None:
    asked = page(pages, "worksheet")
    for kind in ("worksheet", "key"):
        assert "seed 0" in plain(head(pages, kind))
        style = page(pages, kind).partition("<main>")[0]
        assert "seed \\30" in style or 'seed 0"' in style  # in the margin of every printed page
    assert not re.findall(rf'<\w+ class="({"|".join(ANSWERS)})"', asked.partition("<main>")[2])
    told = [p for p in problems(asked).values() if "ruled" in p.markup]
    assert not any(plain(p.markup).count("✗") for p in told)


# ---- what is chosen


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A deck of a drawn card, a constant one, and a told one."""
    constant = card(
        id="six", formula="2x", given=None, numpy="2 * 3", steps=None, check="answer == 6", mistake={"says": "<b>"}
    )
    told = "  - id: why\n    concept: Why\n    ask: Why?\n    says: Because.\n"
    return write(tmp_path / "deck", section(card(), constant, told))


def test_a_card_without_the_variant_that_is_asked_is_asked_as_its_first(small: Path, tmp_path: Path) -> None:
    options = ("--variants", "2", "--key", "--out", tmp_path)
    eigendeck("worksheet", small, *options, cwd=tmp_path, env=NO_BROWSER)
    read = {kind: (tmp_path / f"small.{kind}.html").read_text(encoding="utf-8") for kind in ("worksheet", "key")}
    assert list(problems(read["worksheet"])) == list(problems(read["key"])) == [("total", 2), ("six", 1), ("why", 1)]
    assert "Because." not in read["worksheet"]
    assert problems(read["key"])["why", 1].text("says") == "Because."
    assert "&lt;b&gt;" in read["key"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--variants", "3"), "no card has variant 3: the last one is 2."),
        (("--variants", "0"), "'0' is no list of numbers such as 1,2."),
        (("--variants", "1;2"), "is no list of numbers"),
        (("--only", "totl"), 'Did you mean "total"?'),
    ],
)
def test_a_part_that_is_not_there_is_a_wrong_option(
    small: Path, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "out"
    assert said in " ".join(eigendeck("worksheet", small, *options, "--out", out, cwd=tmp_path, code=2).stderr.split())
    assert not out.exists()


def test_without_a_browser_there_is_no_pdf_and_a_line_says_what_to_install(small: Path, tmp_path: Path) -> None:
    done = eigendeck("worksheet", small, "--out", tmp_path / "out", cwd=tmp_path, env=NO_BROWSER)
    assert "No PDF: needs Chromium or Chrome: " in done.stderr
    assert [path.name for path in (tmp_path / "out").glob("[!.]*")] == ["small.worksheet.html"]


def test_the_phrases_are_those_of_the_decks_language(tmp_path: Path) -> None:
    deck = write(tmp_path / "deck", section(card()), language="de")
    eigendeck("worksheet", deck, "--key", "--out", tmp_path, cwd=tmp_path, env=NO_BROWSER)
    asked = (tmp_path / "small.worksheet.html").read_text(encoding="utf-8")
    assert '<html lang="de" dir="ltr">' in asked
    assert "Aufgabenblatt · Startwert 0" in plain(asked)
    assert "Wenn du dies hast:" in (tmp_path / "small.key.html").read_text(encoding="utf-8")


# ---- on paper


@pytest.mark.browser
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_pdfs_have_their_paper_and_the_same_bytes_again(small: Path, tmp_path: Path, paper: str) -> None:
    outs = [tmp_path / "first", tmp_path / "again"]
    for out in outs:
        eigendeck("worksheet", small, "--key", "--paper", paper, "--out", out, cwd=tmp_path)
    for kind in ("worksheet", "key"):
        first, again = ((out / f"small.{kind}.pdf").read_bytes() for out in outs)
        assert first == again
        import pypdf

        (leaf,) = pypdf.PdfReader(io.BytesIO(first)).pages
        assert float(leaf.mediabox.width) == pytest.approx(612 if paper == "letter" else 595, abs=1)


@pytest.mark.parametrize("kind", ["worksheet", "key"])
def test_nothing_on_paper_is_wider_than_its_column(pages: Path, browser: Browser, kind: str) -> None:
    with opened(browser, page(pages, kind)) as seen:
        for paper in PAPER:
            as_printed(seen.page, paper)
            seen.page.set_viewport_size({"width": round((PAPER[paper][0] - 30) * MM), "height": 900})
            wide = seen.page.evaluate(
                """[...document.querySelectorAll(".problem")].flatMap(problem => {
                    const right = problem.getBoundingClientRect().right + 1
                    return [...problem.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > right)
                        .map(e => problem.dataset.card + " " + e.tagName + "." + e.className)})"""
            )
            assert sorted(set(wide)) == [], paper
        assert seen.did() == []

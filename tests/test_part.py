"""A part of a deck, a PDF, and the panels: what `build` makes beside the package and the whole sheet."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import CARDS, NO_BROWSER, eigendeck, left
from decks import card, section, write


def deck(folder: Path, *, formula: str = "2x", **meta: Any) -> Path:
    """Writes a deck of one card; returns its folder."""
    return write(folder / "deck", section(card(formula=formula, steps=None)), **meta)


def in_section(stem: str) -> int:
    """How many cards the section files with such names have."""
    return sum(path.read_text("utf-8").count("\n  - id: ") for path in CARDS.glob(f"{stem}.yaml"))


# ---- a part


def test_a_part_holds_the_cards_that_are_named_under_their_numbers_and_is_no_package(tmp_path: Path) -> None:
    eigendeck("build", CARDS, "--out", tmp_path, "--only", "12-attention, dot-product", cwd=tmp_path)
    assert list(left(tmp_path)) == ["refresher.part.html"]
    page = (tmp_path / "refresher.part.html").read_text(encoding="utf-8")
    assert page.count('<article class="card"') == in_section("12-attention") + 1
    last = in_section("0*") + in_section("1[012]-*")
    assert f'<span class="number">{last}</span>' in page
    assert '<aside class="panel"' not in page


def test_a_name_that_is_no_card_and_no_section_is_a_wrong_option_with_the_nearest(tmp_path: Path) -> None:
    done = eigendeck("build", CARDS, "--out", tmp_path, "--only", "softMax,01-vector,foo", cwd=tmp_path, code=2)
    said = " ".join(done.stderr.split())
    assert '"softMax" is no card and no section. Did you mean "softmax"?' in said
    assert 'Did you mean "01-vectors"?' in said
    assert '"foo" is no card and no section. Name cards by their ids' in said
    assert "deck.yaml" not in said
    assert not left(tmp_path)


def test_only_nothing_is_a_wrong_option(tmp_path: Path) -> None:
    assert "--only" in eigendeck("build", CARDS, "--out", tmp_path, "--only", " ,", cwd=tmp_path, code=2).stderr


# ---- a PDF


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The PDF of a part, on Letter."""
    out = tmp_path_factory.mktemp("printed")
    eigendeck("build", CARDS, "--out", out, "--only", "12-attention,dot-product", "--pdf", "--paper", "letter", cwd=out)
    return (out / "refresher.part.pdf").read_bytes()


@pytest.mark.browser
def test_a_pdf_has_bookmarks_tags_its_paper_and_its_own_fonts(printed: bytes) -> None:
    import pypdf

    pdf = pypdf.PdfReader(io.BytesIO(printed))
    title, (*inner,) = pdf.outline
    assert title.title == "Probability and Linear Algebra Refresher"
    assert [entry.title for entry in inner if not isinstance(entry, list)] == ["01 Vectors", "12 Attention"]
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert pdf.root_object["/Lang"] == "en"
    assert (float(pdf.pages[0].mediabox.width), float(pdf.pages[0].mediabox.height)) == (612, 792)
    fonts = [font.get_object() for font in pdf.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, font["/BaseFont"]


@pytest.mark.browser
def test_the_same_deck_gives_the_same_pdf(printed: bytes, tmp_path: Path) -> None:
    # Its date is the day's: yesterday's would differ by that alone.
    arguments = ("--only", "12-attention,dot-product", "--pdf", "--paper", "letter")
    eigendeck("build", CARDS, "--out", tmp_path, *arguments, cwd=tmp_path)
    assert (tmp_path / "refresher.part.pdf").read_bytes() == printed


def test_without_a_browser_the_build_says_what_to_install(tmp_path: Path) -> None:
    done = eigendeck("build", CARDS, "--out", tmp_path, "--pdf", cwd=tmp_path, env=NO_BROWSER, code=3)
    assert done.stderr.strip().splitlines()[-1].startswith("--pdf needs Chromium or Chrome: ")
    assert not left(tmp_path)


def test_without_playwright_the_build_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in {"playwright", *sys.modules}:
        if name.partition(".")[0] == "playwright":
            monkeypatch.setitem(sys.modules, name, None)
    done = eigendeck("build", CARDS, "--out", tmp_path / "out", "--pdf", cwd=tmp_path, code=3)
    assert done.stderr.strip() == "--pdf needs playwright: pip install 'eigendeck[pdf]'"


# ---- what does not fit on paper


def test_a_formula_too_wide_is_a_warning_at_its_place_that_says_by_how_much(tmp_path: Path) -> None:
    wide = deck(tmp_path, formula="+".join(["x_{100}"] * 30))
    done = eigendeck("build", wide, "--out", tmp_path / "out", cwd=tmp_path)
    assert "01-numbers.yaml:6:14: warning: total: formula: the formula is about " in done.stderr
    assert "mm too wide for its box on paper" in done.stderr


# ---- panels

PANEL = {
    "title": "By heart",
    "points": [r"Shapes first: `(2, 3) @ (3,)` gives \(\mathbf{y}\)."],
    "numbers": "\n".join(
        [
            r"x = np.arange(3)  # \(x\)",
            r"np.exp(-x**2 / 2) / np.sqrt(2 * np.pi)  # \(\varphi(x)\), standard normal",
            "np.log(2)",
            "np.array([[0.5, 2], [1, 0]])",
            '"e"',
        ]
    ),
}


def test_a_panel_shows_its_points_and_its_numbers_computed_to_three_decimals(tmp_path: Path) -> None:
    eigendeck("build", deck(tmp_path, panels=[PANEL]), "--out", tmp_path / "out", cwd=tmp_path)
    page = (tmp_path / "out" / "small.html").read_text(encoding="utf-8")
    panel = page[page.index('<aside class="panel"') :].split("</aside>")[0]
    values = [cell.split("</td>")[0] for cell in panel.split('<td class="number">')[1:]]
    assert values == ["[0 1 2]", "[0.399 0.242 0.054]", "0.693", "[[0.5 2. ]\n [1.  0. ]]", "e"]
    assert "<code>(2, 3) @ (3,)</code></span> gives <math>" in panel
    assert "<code>np.log(2)</code>" in panel


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ("panels:\n  - title: A\n", "deck.yaml:4:5: error: the deck: panels.numbers: is empty, and so is points"),
        ("panels:\n  - points: [x]\n", "the deck: panels.title: is missing"),
        ("panels:\n  - {title: A, point: [x]}\n", 'panels.point: is no key of a panel\n    Did you mean "points"?'),
        ("panels:\n  - {title: A, points: ['\\(\\foo\\)']}\n", "error: A: points: \\foo is not available on cards"),
        (
            "panels:\n  - title: A\n    numbers: |\n      np.pi  # \\(\\foo\\)\n",
            "deck.yaml:6:18: error: A: numbers: \\foo",
        ),
        ("panels:\n  - title: A\n    numbers: |\n      1\n      np.lgo(2)\n", "deck.yaml:7:"),
        ("panels:\n  - title: A\n    numbers: |\n      1\n      open('x')\n", "deck.yaml:7:7: error: A: numbers: "),
        ("panels:\n  - {title: A, numbers: x = 1}\n", "A: numbers: ends in `x = 1`, which has no value"),
    ],
)
def test_a_fault_of_a_panel_is_said_at_its_place(tmp_path: Path, meta: str, said: str) -> None:
    folder = deck(tmp_path)
    (folder / "deck.yaml").write_text(f"id: small\ntitle: Small\n{meta}")
    done = eigendeck("build", folder, "--out", tmp_path / "out", cwd=tmp_path, code=1)
    assert said in done.stderr
    assert not left(tmp_path / "out")

"""The sheet in a real Chromium, on screen and on paper; each check is also shown to fail on a broken page."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from eigendeck.latex.breaks import split_at_relations, split_at_spaces
from eigendeck.latex.mathml import MathError, mathml
from eigendeck.outputs.page import css_string
from eigendeck.outputs.sheet import emit
from eigendeck.render import measures
from eigendeck.render.box import Box, Sheet
from eigendeck.render.compact import compact
from eigendeck.render.highlight import highlight
from eigendeck.render.metrics import of_mathml
from eigendeck.render.overflow import too_wide
from sample_sheet import BOXES, DOT, RAISES, sheet
from sample_sheet import printed as run
from sheet_checks import (
    PAPER,
    Opened,
    as_printed,
    broken_code,
    clipped_labels,
    invisible,
    missing_letters,
    opened,
    overflowing,
    printed,
    small_letters,
    strange_fonts,
    torn_results,
    unresolved_ids,
    violations,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ANSWERS = ".out, .substituted, .check, .mistake, .card figure svg"
HOSTILE = "</pre></style></script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% x %}&lt;'\"\\"


@pytest.fixture(scope="module")
def html() -> str:
    return emit(sheet())


@pytest.fixture(scope="module")
def shipped(page: Path) -> str:
    """The sheet of the shipped deck."""
    return page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def on_screen(browser: Browser, shipped: str) -> Iterator[Opened]:
    """The sheet of the shipped deck, for those that look at it and change nothing but the window."""
    with opened(browser, shipped) as seen:
        yield seen


@pytest.fixture
def whole(on_screen: Opened) -> Opened:
    """The same, in the window of a desk, by day."""
    on_screen.page.set_viewport_size({"width": 1280, "height": 900})
    on_screen.page.emulate_media(media="screen", color_scheme="light")
    return on_screen


@contextmanager
def styled(seen: Opened, css: str) -> Iterator[Page]:
    """The page with a style more, for a while."""
    style = seen.page.add_style_tag(content=css)
    try:
        yield seen.page
    finally:
        style.evaluate("style => style.remove()")


def one_card(box: Box) -> Sheet:
    return sheet(boxes=(box,), sections=1)


def broken(html: str, old: str, new: str) -> str:
    assert old in html
    return html.replace(old, new, 1)


# ---- the document


def test_a_sheet_without_a_licence_has_no_gap_for_it() -> None:
    whole = sheet()
    page = emit(replace(whole, deck=whole.deck.model_copy(update={"license": ""})))
    assert re.search(r'@bottom-left\{content:"[^"]*2026[^"]*20"\}', page)  # ends in the date
    assert "</time> · computed with" in page


def test_the_same_sheet_gives_the_same_bytes_in_another_process(html: str) -> None:
    program = f"import sys; sys.path[:0] = {sys.path!r}; import sample_sheet as s, eigendeck.outputs.sheet as o; "
    program += "sys.stdout.buffer.write(o.emit(s.sheet()).encode())"
    again = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": "5"}
    )
    assert again.stdout.decode() == html


def test_the_policy_allows_only_the_sheets_own_script(html: str) -> None:
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert f"script-src &#39;sha256-{digest}&#39;" in policy[1]
    assert policy[1].startswith("default-src &#39;none&#39;")


class _Texts(HTMLParser):
    """Collects the text of each pre, and what follows a run."""

    def __init__(self) -> None:
        super().__init__()
        self.pres: list[tuple[str, str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "pre":
            self.pres.append((dict(attributes).get("class") or "", ""))
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self.inside:
            kind, text = self.pres[-1]
            self.pres[-1] = kind, text + data


def test_every_program_on_the_sheet_prints_exactly_the_output_that_follows_it(html: str) -> None:
    assert len(re.findall(r'</code></pre><pre class="out">', html)) == len(BOXES)
    reader = _Texts()
    reader.feed(html)
    for place, (kind, text) in enumerate(reader.pres):
        if kind == "run":
            assert reader.pres[place + 1] == ("out", run(text))


def test_output_that_starts_with_a_line_feed_keeps_it(browser: Browser) -> None:
    with opened(browser, emit(one_card(replace(DOT, output="\n\n[[1]\n [2]]")))) as sheet_:
        assert sheet_.page.locator(".out").evaluate("e => e.textContent") == "\n\n[[1]\n [2]]"


def test_a_program_can_be_copied_line_by_line(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        assert sheet_.page.locator("#dot-product .run").inner_text() == DOT.program


def test_formulas_break_only_at_outermost_relations() -> None:
    assert split_at_relations(r"a = b \approx c") == ["a ", "= b ", r"\approx c"]
    assert split_at_relations(r"P(A=1) = \left[x = 1\right]") == ["P(A=1) ", r"= \left[x = 1\right]"]
    assert split_at_relations(r"\sum_{i=1}^n x_i") == [r"\sum_{i=1}^n x_i"]
    assert split_at_relations(r"f(x = 1") == [r"f(x = 1"]


def test_formulas_break_best_where_a_space_parts_them() -> None:
    assert split_at_spaces(r"AB = C,\qquad B^{-1} = I") == ["AB = C,", "B^{-1} = I"]
    assert split_at_spaces(r"\begin{cases}a & b\quad c\end{cases}") == [r"\begin{cases}a & b\quad c\end{cases}"]
    assert split_at_spaces(r"f(x\quad") == [r"f(x\quad"]
    page = emit(one_card(replace(DOT, formula=r"a = b,\quad c = d")))
    assert len(re.findall(r'<span class="clause">.*?</math></span>', page)) == 2


def test_matrices_and_single_numbers_take_one_line_in_a_box() -> None:
    tall = "A = np.array([[1, 2],\n              [3, 4]])\na = 3\nb = -1\nprint(A * a + b)"
    assert compact(tall) == "A = np.array([[1, 2], [3, 4]])\na, b = 3, -1\nprint(A * a + b)"
    assert run(compact(tall)) == run(tall)


@pytest.mark.parametrize(
    "program",
    [
        "a = 3  # of them\nb = 4\nprint(a)",
        's = """1\n   2"""\nprint(s)',
        "a = 1; b = 2\nprint(a)",
        "print(",
        "x = np.array([\n    " + ", ".join(["12345"] * 20) + "])",
    ],
)
def test_a_program_that_would_change_or_not_fit_on_one_line_stays_as_it_is(program: str) -> None:
    assert compact(program) == program


def test_what_is_too_wide_for_paper_is_named_with_how_much() -> None:
    assert list(too_wide(DOT)) == []
    [(key, what, hint)] = too_wide(replace(DOT, formula="+".join(["x_{100}"] * 30)))
    assert (key, "aligned" in hint) == ("formula", True)
    assert re.search(r"about \d+ mm too wide", what)
    [(key, what, _)] = too_wide(replace(DOT, program=f"print({'1' * 70})"))
    assert (key, what.split(";")[0]) == ("numpy", "a line of the program has 77 characters")


def test_a_changed_measure_changes_the_style_and_the_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    fits = replace(DOT, program=f"print({'1' * 50})", formula="+".join(["x"] * 16), substituted=())
    assert list(too_wide(fits)) == []
    assert "monospace;font-size:.86em" in emit(sheet())
    monkeypatch.setattr(measures, "SHEET", replace(measures.SHEET, code=1.2))
    assert "monospace;font-size:1.2em" in emit(sheet())
    assert [key for key, *_ in too_wide(fits)] == ["numpy"]
    monkeypatch.setattr(measures, "SHEET", replace(measures.SHEET, formula=2))
    assert ".formula math{font-size:2em}" in emit(sheet())
    assert [key for key, *_ in too_wide(fits)] == ["formula", "numpy"]


def test_the_style_takes_every_measure() -> None:
    templates = ROOT / "generator" / "eigendeck" / "templates"
    style = "".join((templates / name).read_text(encoding="utf-8") for name in ("page.css", "sheet.css"))
    assert set(Template(style).get_identifiers()) == {field.name for field in fields(measures.Measures)}


def test_a_formula_whose_parts_do_not_stand_alone_is_shown_whole() -> None:
    assert "≠" in emit(one_card(replace(DOT, formula=r"a \not= b")))


def test_a_word_that_is_a_script_has_a_row_of_its_own_or_firefox_sets_it_at_full_size() -> None:
    markup = emit(one_card(replace(DOT, formula=r"E_\text{kin}=x_\text{max}^2")))
    assert "<msub><mi>E</mi><mrow><mtext>kin</mtext></mrow></msub>" in markup
    assert "<msubsup><mi>x</mi><mrow><mtext>max</mtext></mrow><mn>2</mn></msubsup>" in markup


@pytest.mark.parametrize("formula", [r"x + \foo", r"x = \foo"])
def test_a_faulty_formula_says_where(formula: str) -> None:
    with pytest.raises(MathError) as error:
        emit(one_card(replace(DOT, formula=formula)))
    assert (error.value.offset, "\\foo" in error.value.message) == (4, True)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=80))
def test_highlighted_code_has_exactly_the_text_of_the_code(code: str) -> None:
    markup = highlight(code)
    reader = _Texts()
    reader.feed(f"<pre>{markup}</pre>")
    assert reader.pres[0][1] == code
    assert set(re.findall(r"<[^>]*>", markup)) <= {f'<i class="{name}">' for name in "kfsmc"} | {"</i>"}
    assert all(line.count("<i ") == line.count("</i>") for line in markup.split("\n"))


@given(st.text())
def test_a_css_string_holds_no_quote_no_line_and_no_tag(text: str) -> None:
    assert not set('"\n<>') & set(css_string(text)[1:-1])


# ---- nothing from outside, nothing from cards


def test_the_sheet_asks_for_nothing_and_says_nothing(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        assert sheet_.did() == []


@pytest.mark.parametrize(
    "harm",
    [
        '<img src="http://sheet.test/x.png">',
        "<script>alert(1)</script>",
        '<link rel="stylesheet" href="//sheet.test/y">',
    ],
)
def test_what_asks_or_runs_is_refused_and_noticed(browser: Browser, html: str, harm: str) -> None:
    with opened(browser, broken(html, "</main>", harm + "</main>")) as sheet_:
        assert any("Content Security Policy" in message for message in sheet_.did())
        assert sheet_.page.evaluate("performance.getEntriesByType('resource').every(e => !e.responseStatus)")


def test_hostile_text_stays_text_in_every_field(browser: Browser) -> None:
    quoted = HOSTILE.replace("&", "&amp;").replace("<", "&lt;")
    hostile = replace(
        one_card(
            replace(
                DOT,
                concept=HOSTILE,
                form=HOSTILE,
                shapes=HOSTILE,
                program=f"print(1)  # {HOSTILE}",
                output=HOSTILE,
                checks=(HOSTILE,),
                mistake_code=HOSTILE,
                mistake_shown=HOSTILE,
                says=quoted,
                mistake_says=quoted,
                formula=r"\text{<script>alert(3)</script>} \mathbf{x}",
                substituted=(r"\text{<img src=x onerror=alert(4)>}",),
            )
        ),
        deck=sheet().deck.model_copy(update=dict.fromkeys(("title", "description", "license", "version"), HOSTILE)),
        date=HOSTILE,
    )
    hostile = replace(hostile, sections=(replace(hostile.sections[0], title=HOSTILE, see=(HOSTILE,)),))
    with opened(browser, emit(hostile)) as sheet_:
        page = sheet_.page
        assert sheet_.did() == []
        assert page.locator("script").count() == 1
        assert page.locator("img").count() == 0
        assert page.title() == HOSTILE
        for selector in (
            ".form",
            ".shapes",
            ".out",
            ".shown",
            ".line",
            ".says",
            ".mistake p",
            ".see",
            "h2",
            "h1",
            "h3",
        ):
            assert HOSTILE in (page.locator(selector).first.text_content() or ""), selector


# ---- fonts, ids


def test_every_glyph_comes_from_an_embedded_font(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        assert strange_fonts(sheet_.page) == []
        loaded = sheet_.page.evaluate("[...document.fonts].map(f => [f.family, f.weight, f.status])")
        assert all(status == "loaded" for _, _, status in loaded), loaded


def test_a_glyph_from_elsewhere_and_a_missing_one_are_noticed(browser: Browser, html: str) -> None:
    system = broken(html, '"Sheet Math",sans-serif', "serif").replace("positive when", "漢 when")
    with opened(browser, system) as sheet_:
        found = strange_fonts(sheet_.page)
        assert "in no font: 漢" in found
        assert any("≥ 0 and sum to 1" in line for line in found), found


def test_the_signs_that_cards_use_are_in_the_fonts(browser: Browser) -> None:
    signs = "×−≥≤≠→←↑↓✓✗θσµμλΣ·…“”‘’′≈√∞∑∈⊤ᵀ⁻¹²³ₙᵢ½°éüőłçñß€–—"
    box = replace(
        DOT, says=signs, checks=(signs,), program=f"print({signs!r})", output=signs, shapes=signs, concept=signs
    )
    with opened(browser, emit(one_card(box))) as sheet_:
        assert strange_fonts(sheet_.page) == []


def test_words_and_arrows_in_formulas_are_in_the_fonts_and_have_the_width_of_a_browser(browser: Browser) -> None:
    formulas = [r"a \bmod b", r"a \equiv b \pmod{n}", r"a \nmid b", r"\overrightarrow{AB}", r"\textbf{and}"]
    formulas += [
        r"A \xrightarrow{f} B",
        r"A\rightleftharpoons B\uparrow",
        r"\therefore a \leqslant b",
    ]
    formulas += [
        r"\cfrac{1}{1+\cfrac{1}{x}}",
        r"\nexists x \longleftrightarrow y",
        r"a\xleftarrow{k} b",
        r"\mathring{A}",
    ]
    page = emit(one_card(replace(DOT, formula=r" \quad ".join(formulas))))
    lines = "".join(f'<p><span style="font-size:100px">{mathml(latex)}</span></p>' for latex in formulas)
    shown = broken(page, "</main>", f"<style>p math{{font-size:1em!important}}</style>{lines}</main>")
    with opened(browser, shown) as sheet_:
        assert strange_fonts(sheet_.page) == []
        widths = sheet_.page.evaluate(
            "[...document.querySelectorAll('main > p math')].map(e => e.getBoundingClientRect().width)"
        )
    for latex, width in zip(formulas, widths, strict=True):
        assert of_mathml(mathml(latex)).width * 100 == pytest.approx(width, rel=0.09), latex


def test_ids_are_unique_and_references_resolve(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        assert unresolved_ids(sheet_.page) == []


def test_a_doubled_id_and_a_lost_reference_are_noticed(browser: Browser, html: str) -> None:
    with opened(browser, broken(html, "</main>", '<p id="softmax"></p><a href="#gone">x</a></main>')) as sheet_:
        assert unresolved_ids(sheet_.page) == ["twice: softmax", "nowhere: gone"]


# ---- the shipped deck


def test_the_shipped_sheet_is_small(page: Path) -> None:
    assert page.stat().st_size < 1_500_000


def test_every_program_of_the_shipped_sheet_prints_its_output(shipped: str) -> None:
    reader = _Texts()
    reader.feed(shipped)
    programs = [(text, reader.pres[place + 1]) for place, (kind, text) in enumerate(reader.pres) if kind == "run"]
    assert len(programs) == shipped.count('<article class="card"') > 70
    for program, output in programs:
        assert ("out", run(program)) == output


def test_nothing_of_the_shipped_deck_is_too_wide_for_paper(shipped: str) -> None:
    reader = _Texts()
    reader.feed(shipped)
    programs = [text for kind, text in reader.pres if kind == "run"]
    formulas = [unescape(latex) for latex in re.findall(r'data-latex="([^"]*)"', shipped)]
    for program, formula in zip(programs, formulas, strict=True):
        assert list(too_wide(replace(DOT, program=program, formula=formula))) == []


def test_every_glyph_and_label_of_the_shipped_sheet_is_there(whole: Opened) -> None:
    assert missing_letters(whole.page) == []
    assert unresolved_ids(whole.page) == []
    assert clipped_labels(whole.page) == []
    whole.page.set_viewport_size({"width": 360, "height": 800})
    assert overflowing(whole.page) == []


def test_a_label_cut_by_the_edge_of_its_plot_is_noticed(whole: Opened) -> None:
    cut = """([from, to]) => document.querySelectorAll(`svg[viewBox^="${from}"]`).forEach(svg =>
        svg.setAttribute('viewBox', svg.getAttribute('viewBox').replace(from, to)))"""
    whole.page.evaluate(cut, ["0 0 ", "40 0 "])
    try:
        assert clipped_labels(whole.page) != []
    finally:
        whole.page.evaluate(cut, ["40 0 ", "0 0 "])


def test_widths_worked_out_without_a_browser_are_those_of_a_browser(browser: Browser, shipped: str) -> None:
    latex = sorted(set(map(unescape, re.findall(r'data-latex="([^"]*)"', shipped))))
    formulas = [mathml(formula, True) for formula in latex]
    lines = "".join(f'<p><span style="font-size:100px">{formula}</span></p>' for formula in formulas)
    lines = lines.replace(' display="block"', ' displaystyle="true"')
    style = "<style>p math{font-size:1em!important}</style>"
    alone = re.sub("<main>.*</main>", lambda _: f"<main>{style}{lines}</main>", shipped, flags=re.DOTALL)
    with opened(browser, alone) as s:
        widths = s.page.evaluate(
            "[...document.querySelectorAll('main > p math')].map(e => e.getBoundingClientRect().width)"
        )
    assert len(widths) == len(formulas) > 70
    for formula, width in zip(formulas, widths, strict=True):
        assert of_mathml(formula).width * 100 == pytest.approx(width, rel=0.09), formula


# ---- layout on screen


def test_nothing_overflows_on_screen(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        for width in (360, 768, 1280):
            sheet_.page.set_viewport_size({"width": width, "height": 900})
            assert overflowing(sheet_.page) == [], width


WIDE = replace(DOT, formula="+".join(rf"\mathbf{{x}}_{{{n}}}" for n in range(60)))


def test_a_formula_too_wide_scrolls_on_screen_by_keyboard_and_is_noticed_where_it_cannot(browser: Browser) -> None:
    with opened(browser, emit(one_card(WIDE)), width=360) as sheet_:
        page = sheet_.page
        assert overflowing(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator(".formula .part").get_attribute("tabindex") == "0"
        assert page.locator(".substituted .part[tabindex]").count() == 0  # what fits does not scroll with it
        assert violations(page) == []
        page.locator(".formula .part").evaluate("e => e.removeAttribute('tabindex')")
        assert overflowing(page)


def test_a_page_wider_than_the_screen_is_noticed(browser: Browser, html: str) -> None:
    with opened(browser, broken(html, "</main>", '<div style="width:900px">x</div></main>'), width=360) as sheet_:
        assert overflowing(sheet_.page)


# ---- paper


def test_nothing_overflows_on_paper(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        for paper in PAPER:
            as_printed(sheet_.page, paper)
            assert overflowing(sheet_.page) == [], paper


def test_a_formula_too_wide_is_noticed_on_paper(browser: Browser) -> None:
    with opened(browser, emit(one_card(WIDE))) as sheet_:
        as_printed(sheet_.page, "A4")
        found = overflowing(sheet_.page)
        assert any("scroll" not in line and "ink" in line for line in found), found


def test_small_letters_and_broken_code_are_noticed_on_paper(whole: Opened) -> None:
    narrow = "figure{width:25mm!important}.run{max-width:40mm}.held{white-space:normal!important}"
    as_printed(whole.page, "A4")
    with styled(whole, narrow) as page:
        assert "softmax: 3.2 points" in small_letters(page, 5.4)
        lines = broken_code(page)
    assert any(line.startswith("variance: print(") for line in lines)
    assert any(line.split(": ")[1].startswith("[") for line in lines)  # a vector within a sentence


def test_a_result_torn_from_its_arrow_is_noticed_on_paper(whole: Opened) -> None:
    as_printed(whole.page, "A4")
    with styled(whole, ".result{display:inline!important}") as page:
        assert torn_results(page) != []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_shipped_deck_prints_whole_on_few_numbered_pages(whole: Opened, shipped: str, paper: str) -> None:
    boxes = shipped.count('<article class="card"') + shipped.count('<aside class="panel"')
    as_printed(whole.page, paper)
    assert overflowing(whole.page) == []
    assert small_letters(whole.page, 5.4) == []
    assert broken_code(whole.page) == []
    assert torn_results(whole.page) == []
    result = printed(whole.page, paper)
    assert whole.did() == []
    assert sorted(result.begins) == list(range(boxes))
    assert result.split() == []
    assert len(result.pages) <= {"A4": 11, "Letter": 12}[paper]
    assert [f"{n} / {len(result.pages)}" in text for n, text in enumerate(result.pages, 1)] == [True] * len(
        result.pages
    )
    assert all("Probability and Linear Algebra Refresher" in text for text in result.pages)
    assert result.size == pytest.approx(PAPER[paper], abs=0.5)
    assert result.tagged
    assert {"EigendeckSans", "EigendeckMono", "STIXTwoMath"} >= result.fonts, result.fonts


def test_a_split_box_and_a_lost_page_number_are_noticed(browser: Browser) -> None:
    html = emit(sheet(count=24)).replace("break-inside:avoid", "").replace('counter(page) " / "', '"Page "')
    with opened(browser, html) as sheet_:
        result = printed(sheet_.page, "A4")
    assert result.split() != []
    assert "1 / " not in result.pages[0]


def test_paper_is_light_and_complete_whatever_the_screen_shows(browser: Browser, html: str) -> None:
    with opened(browser, html, scheme="dark") as sheet_:
        page = sheet_.page
        page.select_option("#_hide", "all")
        page.select_option("#_colours", "dark")
        assert invisible(page, ANSWERS) != []
        page.emulate_media(media="print", color_scheme="dark")
        assert invisible(page, f"{ANSWERS}, .card :is(.says, .formula, .run, .shapes)") == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 26, 26)"
        assert page.locator(".controls").is_hidden()


def test_hiding_that_reaches_paper_is_noticed(browser: Browser, html: str) -> None:
    with opened(browser, broken(html, "</style>", ".check{filter:blur(3px)}</style>")) as sheet_:
        sheet_.page.emulate_media(media="print")
        assert len(invisible(sheet_.page, ANSWERS)) == len(BOXES)


# ---- for everyone


def test_axe_finds_nothing_in_the_shipped_deck(whole: Opened) -> None:
    assert violations(whole.page, contrast=False) == []
    assert violations(whole.page, contrast=True) == []
    whole.page.emulate_media(color_scheme="dark")
    assert violations(whole.page, contrast=True) == []
    assert whole.did() == []


def test_axe_finds_nothing_while_answers_are_hidden(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        sheet_.page.select_option("#_hide", "answers")
        assert violations(sheet_.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_notices_pale_text_in_both_schemes(browser: Browser, html: str, scheme: str) -> None:
    pale = broken(html, "</style>", ".says{color:#808080;opacity:.75}</style>")
    with opened(browser, pale, scheme=scheme) as sheet_:
        assert any("color-contrast" in line for line in violations(sheet_.page))


def test_the_colours_can_be_chosen(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        page = sheet_.page
        background = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(background)
        page.select_option("#_colours", "dark")
        assert page.evaluate(background) != light


# ---- self-test


def test_answers_hide_and_show_again_by_keyboard(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        page = sheet_.page
        assert invisible(page, ANSWERS) == []
        page.select_option("#_hide", "answers")
        assert len(invisible(page, "#softmax :is(.out, .substituted, .check, .mistake, figure svg)")) == 5
        assert invisible(page, "#softmax :is(h3, .says, .formula, .run)") == []
        page.locator("#softmax h3 a").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert invisible(page, "#softmax :is(.out, .substituted, .check, .mistake, figure svg)") == []
        assert invisible(page, "#dot-product .out") != []
        page.select_option("#_hide", "all")
        assert len(invisible(page, "#softmax :is(.says, .formula, .program, .out, .check)")) == 5


def test_a_tap_on_the_box_shows_its_answer_without_scripts(browser: Browser, html: str) -> None:
    with opened(browser, html, width=360, has_touch=True, java_script_enabled=False) as sheet_:
        page = sheet_.page
        page.select_option("#_hide", "answers")
        # Scripts are off, so what the reader sees is asked of the accessibility tree.
        check = page.get_by_text("sums to 1, order kept")
        assert not check.is_visible()
        page.locator("#softmax .work").tap(force=True)
        assert check.is_visible()
        assert not page.get_by_text("y·x = 24").is_visible()


# ---- search


def shown(page: object) -> list[str]:
    return page.locator(".card:visible").evaluate_all("cards => cards.map(card => card.id)")  # type: ignore[attr-defined]


def test_search_finds_names_words_code_and_formulas(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        page = sheet_.page
        for words, found in (
            ("softmax", ["softmax", "attention-output"]),
            ("DOT prod", ["dot-product", "l2-norm", "matvec"]),
            ("linalg.svd", ["svd-rebuild"]),  # code
            (r"\lVert", ["l2-norm"]),  # LaTeX
            ("bayes’ p(a∣b)", ["bayes-rule"]),  # as drawn
            ("base rate", []),  # the answers are not searched: they would give themselves away
        ):
            page.locator("#_search").press_sequentially(words)
            assert shown(page) == found
            assert page.locator("#_count").text_content() == f"{len(found)} of {len(BOXES)}"
            assert page.locator("#_none").is_visible() == (not found)
            page.keyboard.press("Escape")
            assert len(shown(page)) == len(BOXES)


def test_section_and_form_narrow_the_search(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        page = sheet_.page
        page.select_option("#_form", "expectation")
        assert shown(page) == ["attention-output", "distribution-budget"]
        page.select_option("#_section", label="01 Vectors")
        assert shown(page) == []
        page.select_option("#_form", "")
        assert shown(page) == [box.id for box in BOXES[:4]]
        assert page.locator("section:visible h2").all_text_contents() == ["01 Vectors"]


def test_a_link_to_a_card_shows_it_whatever_the_search(browser: Browser, html: str) -> None:
    with opened(browser, html) as sheet_:
        page = sheet_.page
        page.fill("#_search", "softmax")
        page.evaluate("location.hash = '#bayes-rule'")
        page.locator("#bayes-rule").wait_for(state="visible")
        assert page.locator("#bayes-rule h3 a").get_attribute("href") == "#bayes-rule"


def test_without_scripts_there_is_no_search_and_everything_else(browser: Browser, html: str) -> None:
    with opened(browser, html, java_script_enabled=False) as sheet_:
        page = sheet_.page
        assert page.locator("#_search").is_hidden()
        assert page.locator("#_hide").is_visible()
        assert page.locator(".card:visible").count() == len(BOXES)
        assert page.get_by_text(RAISES.mistake_says).is_visible()
        assert page.get_by_role("img", name="Bars").count() == sum(bool(box.plot) for box in BOXES)

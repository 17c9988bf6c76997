"""What a sheet must hold in a real browser. Each check returns what is wrong with the page; an empty list is a pass."""

from __future__ import annotations

import base64
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from paper_checks import read as texts_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MM = 96 / 25.4  # CSS pixels
PAPER = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}  # mm
TEXT = 3  # nodeType
VARIANT = "\ufe00"  # picks a form of the letter before it; has no glyph
SIDE_MARGIN = 6  # mm: @page in sheet.css


@dataclass
class Opened:
    """A page and what it did while it was open."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def did(self) -> list[str]:
        """Returns requests and console messages; a sheet has neither."""
        return self.requests + self.messages


_waiting: dict[tuple[Browser, str], list[Page]] = {}


@contextmanager
def opened(
    browser: Browser, html: str, *, width: int = 1280, scheme: str = "light", **context: object
) -> Iterator[Opened]:
    """Opens a document and waits for its fonts; records every request that is not the document's own.

    In a page of its own, or in one of such a context that another has left: its process knows the engine already.
    """
    left = _waiting.setdefault((browser, repr(context)), [])
    page = left.pop() if left else browser.new_page(**context)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="screen", color_scheme=scheme)
    page.set_default_timeout(120_000)  # on a busy machine a page of 400 sides takes its time
    seen = Opened(page)
    listeners = {
        "request": lambda request: seen.requests.append(request.url) if request.url[:5] != "data:" else None,
        "console": lambda message: seen.messages.append(message.text),
        "pageerror": lambda error: seen.messages.append(str(error)),
        "dialog": lambda dialog: (seen.messages.append(dialog.message), dialog.dismiss()),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.route("http://sheet.test/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://sheet.test/")
    page.evaluate("document.fonts.ready.then(() => 1)")
    seen.requests.remove("http://sheet.test/")
    try:
        yield seen
    except BaseException:
        page.close()
        raise
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); window.name = '' }")
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    page.unroute("http://sheet.test/")
    page.goto("about:blank")
    left.append(page)


def as_printed(page: Page, paper: str) -> None:
    """Lays the page out for print, at the printable width of a paper."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": int((PAPER[paper][0] - 2 * SIDE_MARGIN) * MM), "height": 1000})


def unresolved_ids(page: Page) -> list[str]:
    """Returns ids used twice, and references to ids that are not there."""
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    references = page.evaluate(
        """[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].flatMap(a =>
        /^(href|xlink:href)$/.test(a.name) && a.value[0] === '#' ? [a.value.slice(1)]
        : /^(for|aria-labelledby|aria-describedby)$/.test(a.name) ? a.value.split(' ')
        : [...a.value.matchAll(/url\\(#([^)]+)\\)/g)].map(m => m[1])))"""
    )
    return [f"twice: {id_}" for id_, count in Counter(ids).items() if count > 1] + [
        f"nowhere: {id_}" for id_ in sorted(set(references) - set(ids))
    ]


def overflowing(page: Page) -> list[str]:
    """Returns what is wider than its place: the page, a block's content, or ink beyond the box of its card.

    On screen, what scrolls and can be reached by keyboard may be wide.

    The rectangle of a `<math>` is as wide as its parent, whatever it holds: so the leaves are measured.
    """
    return page.evaluate(
        """() => {
        const found = [];
        const root = document.documentElement;
        if (root.scrollWidth > innerWidth) found.push(`page: ${root.scrollWidth} > ${innerWidth}`);
        const id = e => e.closest('.card, .panel')?.id ?? '';
        const name = e => `${id(e)} ${e.localName}.${e.className.baseVal ?? e.className}`;
        const blocks = '.card :is(.formula, .substituted, .part, pre, p, h3, header), .panel';
        for (const e of document.querySelectorAll(blocks)) {
            if (e.closest('[tabindex]') && matchMedia('screen').matches) continue;
            if (e.clientWidth && e.scrollWidth > e.clientWidth + 1) {
                found.push(`${name(e)}: ${e.scrollWidth} > ${e.clientWidth}`);
            }
        }
        for (const card of document.querySelectorAll('.card')) {
            const box = card.getBoundingClientRect();
            for (const e of card.querySelectorAll(':is(math, svg, pre, p, h3, header) *, svg, .form, .shapes')) {
                if (e.closest('[tabindex]') && matchMedia('screen').matches) continue;
                const ink = e.getBoundingClientRect();
                const off = Math.max(ink.right - box.right, box.left - ink.left, ink.bottom - box.bottom);
                if (ink.width && off > 0.5) found.push(`${name(e)}: ink ${off.toFixed(1)} px outside`);
            }
        }
        return found;
        }"""
    )


def clipped_labels(page: Page) -> list[str]:
    """Returns the plots in which a letter reaches beyond the picture; letters are drawn as `<use>` of a glyph."""
    return page.evaluate(
        """() => [...document.querySelectorAll('figure svg')].filter(svg => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('use')].some(letter => {
            const ink = letter.getBoundingClientRect();
            return Math.max(box.left - ink.left, ink.right - box.right, box.top - ink.top, ink.bottom - box.bottom) > 1;
        });
        }).map(svg => svg.closest('.card').id)"""
    )


def small_letters(page: Page, least: float) -> list[str]:
    """Returns the plots whose letters, 8 units high, are less than `least` points high as the page is laid out."""
    return page.evaluate(
        """least => [...document.querySelectorAll('.card figure svg')].flatMap(svg => {
        const size = 8 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width * 0.75;
        return size < least ? [`${svg.closest('.card').id}: ${size.toFixed(1)} points`] : [];
        })""",
        least,
    )


def broken_code(page: Page) -> list[str]:
    """Returns the lines of programs and outputs that do not fit on a line of their own as the page is laid out.

    Code within a sentence is among them if it breaks though it is short.
    """
    return page.evaluate(
        """() => [...[...document.querySelectorAll('p :is(code, samp)')].filter(e => {
        const range = document.createRange();
        range.selectNodeContents(e);
        const pieces = [...range.getClientRects()];
        return e.textContent.length <= 24 && pieces.some(r => r.top > pieces[0].top + 4);
        }), ...[...document.querySelectorAll('.program .run span, .program .out')].filter(e => {
        const style = getComputedStyle(e), px = name => parseFloat(style[name]);
        const lines = e.matches('.out') ? e.textContent.replace(/\\n$/, '').split('\\n').length : 1;
        const height = e.getBoundingClientRect().height - px('paddingTop') - px('borderTopWidth');
        return height > px('lineHeight') * (lines + 0.5);
        })].map(e => `${e.closest('.card').id}: ${e.textContent}`)"""
    )


def torn_results(page: Page) -> list[str]:
    """Returns the cards whose wrong result stands below the arrow that points at it."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.gives')].filter(arrow => {
        const shown = arrow.parentElement.querySelector('.shown').getBoundingClientRect();
        return shown.width < 150 && shown.top > arrow.getBoundingClientRect().bottom - 2;
        }).map(arrow => arrow.closest('.card').id)"""
    )


def missing_letters(page: Page) -> list[str]:
    """Returns the letters of the page that are in none of its embedded fonts."""
    css = page.locator("style").first.text_content() or ""
    embedded = re.findall(r"url\(data:font/woff2;base64,([^)]*)\)", css)
    from fontTools.ttLib import TTFont

    known = {point for font in embedded for point in TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()}
    used = {c for c in page.locator("body").inner_text() if not c.isspace() and c != VARIANT}
    return [f"in no font: {c}" for c in sorted(used) if ord(c) not in known]


def strange_fonts(page: Page) -> list[str]:
    """Returns the text that the browser drew in a font that is not embedded, or as the box for a missing glyph."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    nodes = session.send("DOM.getFlattenedDocument", {"depth": -1})["nodes"]

    def system_fonts(node: int) -> list[str]:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        return [font["familyName"] for font in fonts if not font["isCustomFont"]]

    above = {node["nodeId"]: node.get("parentId") for node in nodes}
    texts: dict[int, str] = {}
    for node in nodes:
        if node["nodeType"] == TEXT and node["nodeValue"].strip():
            texts[node["parentId"]] = texts.get(node["parentId"], "") + node["nodeValue"]
    beside: dict[int, list[int]] = {}  # a node is asked for its own texts and those of its children at one go
    for node in texts:
        beside.setdefault(above[node], []).append(node)
    found = missing_letters(page)
    for parent, children in beside.items():
        if system_fonts(parent):
            found += [f"{font}: {texts[node].strip()[:60]}" for node in children for font in system_fonts(node)]
    session.detach()
    return found


@dataclass(frozen=True)
class Printed:
    """A PDF of the sheet: what each page says, and in which column of which page each box begins and ends."""

    pages: tuple[str, ...]
    begins: dict[int, tuple[int, bool]]
    ends: dict[int, tuple[int, bool]]
    size: tuple[float, float]  # mm
    tagged: bool
    fonts: frozenset[str]

    def split(self) -> list[int]:
        """Returns the boxes, from 0, that begin in one column and end in another, or are missing."""
        return [card for card in sorted({*self.begins, *self.ends}) if self.begins.get(card) != self.ends.get(card)]


def printed(page: Page, paper: str) -> Printed:
    """Prints the page as its dialog would, with sentinels of 1-pixel text at both ends of each box."""
    page.emulate_media(media="print")
    page.evaluate(
        """() => document.querySelectorAll('.card, .panel').forEach((card, i) => {
            card.style.position = 'relative';
        for (const [end, css] of [['B', 'top:0'], ['E', 'bottom:0']]) {
            const mark = document.createElement('span');
            mark.className = 'sentinel';
            mark.textContent = `@${end}${i}@`;
            mark.style.cssText = `position:absolute;left:0;font:1px "Sheet Mono";color:#fff;${css}`;
            card.append(mark);
        }})"""
    )
    data = page.pdf(format=paper, print_background=True, tagged=True)
    page.evaluate("() => document.querySelectorAll('.sentinel').forEach(mark => mark.remove())")
    import pypdf

    pdf = pypdf.PdfReader(io.BytesIO(data))
    box = pdf.pages[0].mediabox
    ends: dict[str, dict[int, tuple[int, bool]]] = {"B": {}, "E": {}}
    pages = [""] * len(pdf.pages)
    for run in texts_of(data).runs:
        pages[run.page] += run.text
        for end, card in re.findall(r"@([BE])(\d+)@", run.text):
            ends[end][int(card)] = run.page, run.x / 25.4 * 72 > float(box.width) / 2
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for leaf in pdf.pages
        for font in leaf["/Resources"].get("/Font", {}).values()
    }
    marked = bool(pdf.root_object.get("/MarkInfo", {}).get("/Marked"))
    return Printed(
        tuple(pages),
        ends["B"],
        ends["E"],
        (float(box.width) / 72 * 25.4, float(box.height) / 72 * 25.4),
        marked,
        frozenset(fonts),
    )


CONTRAST = "color-contrast"
ONE_OF_EACH = [".masthead", ".controls", ".keep", ".panels", "footer"]  # with the first box of each section


def violations(page: Page, *, contrast: bool | None = None) -> list[str]:
    """Returns what axe finds against WCAG A and AA and its best practices.

    contrast: False leaves colours out; True judges them alone, in one box of each colour, for the time it takes.
    """
    context: dict[str, list[str]] | None = None
    # What is well fills megabytes, and a selector of each element takes a third of the time.
    options: dict[str, object] = {"resultTypes": ["violations"], "selectors": False}
    if contrast:
        context, options["runOnly"] = {"include": ONE_OF_EACH}, [CONTRAST]
    elif contrast is False:
        options["rules"] = {CONTRAST: {"enabled": False}}
    from axe_playwright_python.sync_playwright import Axe

    response = Axe().run(page, context=context, options=options).response
    return [
        f"{rule['id']}: {node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}"
        for rule in response["violations"]
        for node in rule["nodes"]
    ]


def invisible(page: Page, selector: str) -> list[str]:
    """Returns what a reader cannot see of the elements of a selector: hidden, blurred, transparent, or not laid out."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)].filter(e => {
        const style = getComputedStyle(e), box = e.getBoundingClientRect();
        return style.visibility !== 'visible' || style.display === 'none' || style.filter !== 'none'
            || Number(style.opacity) < 1 || !box.width || !box.height;
        }).map(e => `${e.closest('.card')?.id} .${e.className}`)""",
        selector,
    )

"""What cards to cut out must hold in a real browser and in the PDF that it prints. Lengths are in millimetres."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conftest import CARDS
from eigendeck.deck.read import read_deck
from eigendeck.plots.draw import draw_plots
from eigendeck.program import rendered
from eigendeck.render.paper import PaperDeck, one_variant, paper_deck
from eigendeck.store import FOLDER, Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

EDGE = 4.0  # nothing important stands so near to where a card is cut
LEAST = 7  # points: smaller letters are warned of
LABEL = 4.5  # from the edge of a side to its first line
_MM = 25.4 / 72  # of a point
_KINDS = "Work|Mistake|Code|Formula|Plot|Question"


@cache
def shipped_cards(built: Path) -> PaperDeck:
    """Returns the paper cards of the shipped deck: made once, and put on many papers. built: where a build has been."""
    deck, store = read_deck(CARDS), Store(built / FOLDER)
    shown = [one_variant(one, 1) for one in rendered(deck, 0, 2, faces=False, worked=True, store=store).worked]
    return paper_deck(deck, shown, draw_plots(deck, shown, 1, store=store)[0], 0)


def outside(page: Page) -> list[str]:
    """Returns what stands nearer to an edge of its side than EDGE, or beyond it: the rectangles of leaves."""
    return page.evaluate(
        """edge => {
        const mm = 96 / 25.4, found = [];
        for (const side of document.querySelectorAll('.side')) {
            const box = side.getBoundingClientRect();
            const seen = document.createTreeWalker(side, NodeFilter.SHOW_TEXT);
            const inks = [...side.querySelectorAll('svg, mo, mi, mn, mfrac, msqrt, pre, samp, .box, .letter')];
            const rects = inks.map(e => [e.getBoundingClientRect(), e.localName + ' ' + e.textContent]);
            while (seen.nextNode()) {
                if (seen.currentNode.parentElement.closest('svg, math') || !seen.currentNode.data.trim()) continue;
                const range = document.createRange();
                range.selectNodeContents(seen.currentNode);
                for (const rect of range.getClientRects()) rects.push([rect, seen.currentNode.data]);
            }
            for (const [ink, what] of rects) {
                if (!ink.width) continue;
                const beside = Math.min(ink.left - box.left, box.right - ink.right);
                const near = Math.min(beside, ink.top - box.top, box.bottom - ink.bottom) / mm;
                if (near < edge - 0.1) {
                    const name = side.querySelector('header').textContent.trim().slice(0, 40);
                    const text = what.trim().slice(0, 40);
                    found.push(`${name} (${side.className}): ${near.toFixed(2)} mm: ${text}`);
                }
            }
        }
        return found;
        }""",
        EDGE,
    )


def sizes(page: Page) -> list[float]:
    """Returns the size of the text of each side, in points."""
    return page.evaluate(
        "[...document.querySelectorAll('.side')].map(e => parseFloat(getComputedStyle(e).fontSize) * .75)"
    )


def too_small(page: Page) -> dict[str, float]:
    """Returns the size of the text of the cards that the page itself calls too small to read, by their names."""
    return json.loads(page.evaluate("() => document.documentElement.dataset.small"))


@dataclass(frozen=True)
class Run:
    """A run of text in a PDF: where it begins, from the upper left corner of its page."""

    page: int
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Printed:
    """A PDF of cards: its paper as it is held, and its text."""

    pages: int
    width: float
    height: float
    runs: tuple[Run, ...]

    def labels(self) -> dict[str, list[Run]]:
        """Returns where the first lines of sides begin, by the number and direction that they name."""
        found: dict[str, list[Run]] = {}
        for run in self.runs:
            if name := re.match(rf"\s*(\d+ (?:{_KINDS}))\b", run.text):
                found.setdefault(name[1], []).append(run)
        return found


Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)


# What Chromium writes for text, and where it stands. Paths, which are the most of a page, are passed over: their lines
# end otherwise.
_ENDS = (b"q", b"Q", b"cm", b"Tm", b"Td", b"Tf", b"Tj", b"TJ", b"ET", b"Do")
_OPERATOR = re.compile(rb"([^\n]*?)(?<!\S)(q|Q|cm|Tm|Td|Tf|Tj|TJ|ET|Do)(?!\S)")
_STRING = re.compile(rb"<([0-9A-Fa-f]*)>")


def read(pdf: bytes) -> Printed:
    """Returns the text of a PDF and where it stands, also where it stands on its head."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    box = reader.pages[0].mediabox
    runs: list[Run] = []
    for number, page in enumerate(reader.pages):
        for text, x, y in _texts(page.get_contents().get_data(), page["/Resources"], _SAME):
            runs.append(Run(number, text, x * _MM, (float(box.height) - y) * _MM))
    return Printed(len(reader.pages), float(box.width) * _MM, float(box.height) * _MM, tuple(runs))


def _texts(stream: bytes, resources: Any, at: Matrix) -> Iterator[tuple[str, float, float]]:
    """Yields each run of text and where it begins; pypdf's own reading forgets where a form is placed."""
    kept: list[Matrix] = []
    line, letters = _SAME, {}
    text, begun = "", (0.0, 0.0)
    lines = b"\n".join(line for line in stream.split(b"\n") if line.endswith(_ENDS))
    for operands, operator in _OPERATOR.findall(lines):
        match operator:
            case b"q":
                kept.append(at)
            case b"Q":
                at = kept.pop()
            case b"cm":
                at = _times(_matrix(operands), at)
            case b"Tm":
                line = _matrix(operands)
            case b"Td":
                line = _times((1, 0, 0, 1, *map(float, operands.split())), line)
            case b"Tf":
                font = resources["/Font"][operands.split()[0].decode()].get_object()
                letters = _letters(font["/ToUnicode"].get_data())
            case b"Tj" | b"TJ":
                codes = bytes.fromhex(b"".join(_STRING.findall(operands)).decode())
                begun = begun if text else _times(line, at)[4:]
                text += "".join(letters.get(codes[i : i + 2], "") for i in range(0, len(codes), 2))
            case b"ET":
                yield text, *begun
                text = ""
            case b"Do":
                form = resources["/XObject"][operands.decode().strip()].get_object()
                if form["/Subtype"] == "/Form":
                    inside = _times(tuple(map(float, form.get("/Matrix", _SAME))), at)
                    yield from _texts(form.get_data(), form.get("/Resources", resources), inside)


def _matrix(operands: bytes) -> Matrix:
    a, b, c, d, e, f = map(float, operands.split())
    return a, b, c, d, e, f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


@cache
def _letters(table: bytes) -> dict[bytes, str]:
    """The letters of a font's codes, by what it says itself."""
    text = table.decode("latin-1")
    known = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, letter in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            known[bytes.fromhex(code)] = bytes.fromhex(letter).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, letter in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                *before, last_letter = bytes.fromhex(letter).decode("utf-16-be")
                known[(int(first, 16) + step).to_bytes(2)] = "".join((*before, chr(ord(last_letter) + step)))
    return known

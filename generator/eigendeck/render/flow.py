"""How high a side of a paper card gets in a given width: its lines are broken as a browser breaks them.

It knows the elements and classes that the templates of sides write, and the style of templates/cards.css.
"""

import html
import re
from dataclasses import dataclass

from eigendeck.render import measures
from eigendeck.render.breaking import Item, of_code, of_words, pieces, rows_of, together
from eigendeck.render.metrics import Extent, of_mathml

_WHOLE = ("<section.*?</section>", "<math.*?</math>", "<svg.*?</svg>", "<pre.*?</pre>", "<samp.*?</samp>")
_TOKEN = re.compile("|".join((*_WHOLE, "<code class=.box.*?</code>", "<[^>]*>", "[^<]+")), re.DOTALL)
_BLOCKS = frozenset({"p", "div", "ol", "ul", "li", "h2"})
_BOLD = 1.05
_SPACE = 0.2  # em: of the sheet's sans
_ABOVE = 0.72  # of a line's leading stands above its base
_STRETCHED = 1.03  # formulas are measured to a few per cent
_ROWS = 0.88  # of what a table is measured by, whose rows are taken to hold letters with tails

_LONGEST_ROW = 90  # characters


@dataclass(slots=True)
class _Block:
    """An open element: what it takes on its left and right, below it, and how its words are set."""

    tag: str
    beside: float = 0.0
    below: float = 0.0
    size: float = 1.0
    maths: float = measures.SHEET.maths
    monospaced: bool = False
    figure: float = 0.0  # the width of a picture in it
    beside_text: bool = False
    kind: tuple[str, ...] = ()


def extent(side: str, width: float, title: str = "") -> Extent:
    """Returns what a side takes in a width in ems; its own width is that of the widest part that does not break.

    title: HTML of the line in large letters above it.
    """
    flow = _Flow(width)
    if title:
        flow.read(f"<h2>{title}</h2>")
    flow.read(side)
    return Extent(flow.widest, max(flow.height, flow.figure[1]))


class _Flow:
    """A side as far as it has been read."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.height = 0.0
        self.widest = 0.0
        self.figure = (0.0, 0.0)  # beside which lines are shorter: its width, and where it ends
        self.open: list[_Block] = [_Block("")]
        self.line: list[Item] = []
        self.spaced = False
        self.apart = 0.0  # a wide gap follows, if anything does

    def read(self, side: str) -> None:
        """Lays out a piece of a side."""
        for token in _TOKEN.findall(side):
            if token.startswith("<section"):
                self._choices(token)
            elif token.startswith("<math"):
                self._math(token)
            elif token.startswith("<svg"):
                self._figure(token)
            elif token.startswith(("<pre", "<samp", '<code class="box')):
                self._printed(token)
            elif token.startswith("</"):
                self._end(token[2:-1])
            elif token.startswith("<"):
                self._begin(token)
            else:
                self._words(html.unescape(token))
        self._break()

    def _begin(self, token: str) -> None:
        tag = re.split(r"[\s>/]", token[1:])[0]
        if tag == "br":
            self._break()
            return
        if tag in _BLOCKS:
            self._break()
        self.open.append(self._block(tag, token))

    def _block(self, tag: str, token: str) -> _Block:
        card, outer = measures.CARD, self.open[-1]
        block = _Block(tag, outer.beside, 0.0, outer.size, outer.maths, outer.monospaced)
        block.kind = kind = tuple((re.findall(r'class="([^"]*)"', token) or [""])[0].split())
        if tag in ("p", "li", "h2"):
            self.height += card.gap
        if tag == "h2":
            block.size = card.title * _BOLD
        elif tag == "ol" or (tag == "ul"):
            block.beside += card.indent
        elif "formula" in kind:
            block.maths = card.formula
        elif "shapes" in kind or (tag == "code"):
            block.monospaced, block.size = True, outer.size * measures.SHEET.code
            self._put(measures.SHEET.code_padding * block.size, 0.0, 0.0)
        elif "mistake" in kind:
            self.height += card.mistake_around + (card.gap if tag == "div" else 0.0)
            block.beside, block.below = block.beside + 2 * card.mistake_beside, card.mistake_around
        elif "choice" in kind:
            block.beside += card.letter
        elif "clause" in kind or "whole" in kind:
            self.spaced = True
        elif "figure" in kind:
            block.figure, block.beside_text = float(re.findall(r"width:([\d.]+)em", token)[0]), "beside" in kind
        elif "letter" in kind:
            block.size = 0.0  # stands beside
        elif tag == "b":
            block.size *= _BOLD
        elif "check" in outer.kind and self.line:
            self.apart = 1.0 + _SPACE
        return block

    def _end(self, tag: str) -> None:
        while len(self.open) > 1:
            block = self.open[-1]
            if block.tag in _BLOCKS:
                self._break()
                self.height += block.below
            elif block.tag == "code":
                self._put(measures.SHEET.code_padding * block.size, 0.0, 0.0)
            elif ("whole" in block.kind or "clause" in block.kind) and self.line:
                self.apart = measures.CARD.clause_gap
            self.open.pop()
            if block.tag == tag:
                return

    def _words(self, text: str) -> None:
        block = self.open[-1]
        if not block.size:
            return
        for piece in [text] if "shapes" in block.kind else pieces(text):
            if piece.isspace():
                self.spaced = True
                continue
            advance = measures.CODE_ADVANCE * len(piece) if block.monospaced else of_words(piece)
            leading = measures.CARD.leading * max(block.size, 1.0)
            self._put(advance * block.size, _ABOVE * leading, (1 - _ABOVE) * leading)

    def _put(self, width: float, above: float, below: float, solid: bool = False) -> None:
        block = self.open[-1]
        space = (measures.CODE_ADVANCE if block.monospaced else _SPACE) * max(block.size, 0.8) * self.spaced
        self.line.append(Item(width, above, below, max(space, self.apart), solid))
        self.spaced, self.apart = False, 0.0

    def _math(self, token: str) -> None:
        box = of_mathml(token).scaled(self.open[-1].maths)
        high = _ROWS if "<mtable" in token else 1.0
        self._put(box.width * _STRETCHED, box.above * high + 0.05, box.below * high + 0.05, solid=True)

    def _figure(self, token: str) -> None:
        wide, high = viewed(token)
        block = self.open[-1]
        width = min(block.figure, self.width)
        height = width * high / wide
        if block.beside_text:
            self.figure = (width + measures.CARD.figure_gap, self.height + height + measures.CARD.gap)
        else:
            self.height += height + measures.CARD.gap

    def _choices(self, section: str) -> None:
        """A and B: beside each other where there is room for the longest lines of both."""
        card = measures.CARD
        around = card.letter + 2 * card.pre_beside + 0.1
        widths, heights = [], []
        for choice in section.split('<div class="choice">')[1:]:
            blocks = [_lines(pre) for pre in re.findall("<pre.*?</pre>", choice, re.DOTALL)]
            widths.append(around + max(of_code(line) for lines in blocks for line in lines))
            rows = [rows_of(of_code(line), self.width - around) for lines in blocks for line in lines]
            leading = card.leading * measures.SHEET.code
            heights.append(sum(rows) * leading + len(blocks) * (card.gap + 2 * card.pre_around))
            if _is_table(blocks[-1]):
                self.widest = max(self.widest, around + max(map(of_code, blocks[-1])))
        beside = sum(widths) + card.choice_gap <= self.width
        self.height += max(heights) if beside else sum(heights)

    def _printed(self, token: str) -> None:
        """What keeps its lines: a `<pre>`, a block, or a `<samp>`, which stands in a line."""
        card, size = measures.CARD, measures.SHEET.code
        lines = _lines(token)
        widths = [of_code(line) for line in lines]
        leading = measures.CARD.leading * size
        if not token.startswith("<pre"):
            valued = "value" in self.open[-1].kind
            large = card.value if valued else 1.0
            beside, around = (2 * card.value_beside * size, 2 * card.value_around) if valued else (1.0, 0.1)
            room = self._room(self.open[-1].beside)
            self.spaced = True
            high = sum(rows_of(width * large + beside, room) for width in widths) * leading * large + around
            base = high - _ABOVE * leading if len(lines) > 1 else (1 - _ABOVE) * leading * large + around / 2
            if token.startswith("<samp") and _is_table(lines):
                self.widest = max(self.widest, max(widths) * large + beside + self.open[-1].beside)
            self._put(min(max(widths) * large + beside, room), high - base, base)
            return
        self._break()
        self.height += card.gap + 2 * card.pre_around
        beside = self.open[-1].beside + 2 * card.pre_beside
        for width in widths:
            self.height += leading * rows_of(width, self._room(beside))
        if "<code>" not in token and _is_table(lines):
            self.widest = max(self.widest, max(widths) + beside)

    def _room(self, beside: float) -> float:
        width, end = self.figure
        return max(self.width - beside - (width if self.height < end else 0.0), 0.1)

    def _break(self) -> None:
        """Sets what has been read in lines."""
        beside = self.open[-1].beside
        row: list[Item] = []
        used = 0.0
        for word in together(self.line):
            width = sum(item.width for item in word)
            space = word[0].space
            if any(item.solid for item in word):
                self.widest = max(self.widest, width + beside)
            if row and used + space + width > self._room(beside):
                self._set(row)
                row, used = [], 0.0
            if not row and width > self._room(beside):  # too wide to stand beside a figure
                self.height = max(self.height, self.figure[1])
                self.height += measures.CARD.leading * int(width / self._room(beside))  # or it breaks between letters
            used += (space if row else 0.0) + width
            row += word
        if row:
            self._set(row)
        self.line, self.spaced, self.apart = [], False, 0.0

    def _set(self, row: list[Item]) -> None:
        leading = measures.CARD.leading
        above = max(_ABOVE * leading, *(item.above for item in row))
        self.height += above + max((1 - _ABOVE) * leading, *(item.below for item in row))


def _lines(element: str) -> list[str]:
    """The lines of an element that keeps them."""
    return html.unescape(re.sub(r"<[^>]*>", "", element)).rstrip("\n").split("\n")


def _is_table(lines: list[str]) -> bool:
    """Whether what is printed is a table, which breaks into nothing that can be read."""
    return len(lines) > 1 and max(map(len, lines)) <= _LONGEST_ROW


def viewed(svg: str) -> tuple[float, float]:
    """Returns the width and the height of a picture in its own units."""
    size = re.search(r'viewBox="0 0 (\S+) (\S+?)"', svg)
    return (float(size[1]), float(size[2])) if size else (1.0, 0.0)

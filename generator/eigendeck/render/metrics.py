"""How much room maths, code and text take, in ems, from the advances of the embedded fonts: measured without a browser.

Browsers place maths by rules that are simple once each glyph's advance is known. What is simplified here (stretched
brackets, italic corrections, kerning) is worth a few per cent: enough to choose a layout, and to say that a formula
does not fit.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from xml.etree import ElementTree

from eigendeck.latex.mathml import mathml
from eigendeck.render import measures
from eigendeck.worker.latex_tokens import without_digits

_LINE = 1.2  # of a glyph: em
_OTHER_DIGITS = re.compile(r"\\(?:math|bold|text|hspace)")
_ITALIC = {
    **{chr(c): chr(0x1D44E + c - ord("a")) for c in range(ord("a"), ord("z") + 1)},
    **{chr(c): chr(0x1D434 + c - ord("A")) for c in range(ord("A"), ord("Z") + 1)},
    **{chr(c): chr(0x1D6FC + c - 0x3B1) for c in range(0x3B1, 0x3CA)},
    "h": "ℎ",
}
_TALL = frozenset("∑∏∐∫∬∮⋂⋃")
_SPACED = {  # operators whose spacing the markup leaves to the browser's dictionary, in ems on each side
    **dict.fromkeys("=≈≠≤≥<>∝∈∼→⇒⇔≡⟹⟺←↦∣∤∥⊂⊆⇌⇋⇀↼⟵⟷⟸↑↓↗↘⩽⩾≲≳≍⊨⊢", 0.278),
    **dict.fromkeys("+−±×⋅·∘÷", 0.222),
}
_AFTER = {",": 0.167, ";": 0.167}


@dataclass(frozen=True, slots=True)
class Extent:
    """A box in ems: its width, and how far it rises above and falls below the line that it stands on."""

    width: float = 0.0
    above: float = 0.0
    below: float = 0.0

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.above + self.below

    def scaled(self, factor: float) -> Extent:
        """Returns the box in another size."""
        return Extent(self.width * factor, self.above * factor, self.below * factor)


def of_text(text: str) -> float:
    """Returns the width of plain text in the sheet's sans."""
    return sum(map(_of_letter, text))


def of_code(text: str) -> float:
    """Returns the width of the longest line of code."""
    return max((len(line) for line in text.splitlines()), default=0) * measures.SHEET.code * measures.CODE_ADVANCE


def of_formula(latex: str, size: float) -> Extent:
    """Returns the box of a formula on a line of its own, shown at a size, text being 1."""
    return of_mathml(mathml(_as_wide(latex), True)).scaled(size)


def width_in_text(latex: str) -> float:
    """Returns the width of a formula inside a text, in ems of its own size."""
    return of_mathml(mathml(_as_wide(latex))).width


def _as_wide(latex: str) -> str:
    """A formula with the same box. All digits are as wide as 0, but for those of other alphabets, and of lengths."""
    return latex if _OTHER_DIGITS.search(latex) else without_digits(latex)


def of_markup(markup: str) -> float:
    """Returns the width of a text as HTML on one line, its `<code>` and maths included."""
    width = 0.0
    for part in re.split(r"(<math.*?</math>|<code>.*?</code>)", markup, flags=re.DOTALL):
        if part.startswith("<math"):
            width += of_mathml(part).width * measures.SHEET.maths
        elif part.startswith("<code>"):
            width += of_code(html.unescape(part[6:-7])) + 2 * measures.SHEET.code_padding
        else:
            width += of_text(html.unescape(re.sub(r"<[^>]*>", "", part)))
    return width


def viewed(svg: str) -> tuple[float, float]:
    """Returns the width and the height of a picture in its own units."""
    size = re.search(r'viewBox="0 0 (\S+) (\S+?)"', svg)
    return (float(size[1]), float(size[2])) if size else (1.0, 0.0)


@lru_cache(maxsize=16384)
def of_mathml(markup: str) -> Extent:
    """Returns the box of a `<math>` element as `mathml` gives it, in ems of its own size."""
    root = ElementTree.fromstring(markup)
    return _element(root, root.get("display") == "block")


def _element(element: ElementTree.Element, display: bool) -> Extent:
    if element.tag == "mtable":
        return _table(element)
    inner = [_element(child, _display(element, child, place, display)) for place, child in enumerate(element)]
    match element.tag:
        case "mi" | "mn" | "mo" | "mtext":
            return _token(element, display)
        case "mspace":
            return Extent(_length(element.get("width", "0")))
        case "mfrac":
            scale = 1.0 if display else measures.SHEET.script
            top, bottom = (part.scaled(scale) for part in inner)
            return Extent(max(top.width, bottom.width) + 0.1, 0.42 + top.height, bottom.height - 0.1)
        case "msqrt":
            inside = _row(inner)
            return Extent(inside.width + 0.75 + 0.1 * inside.height, inside.above + 0.25, inside.below + 0.05)
        case "msub" | "msup" | "msubsup":
            return _with_scripts(element.tag, inner)
        case "munder" | "mover" | "munderover":
            return _with_limits(element, inner, display)
    return _row(inner)


def _display(parent: ElementTree.Element, child: ElementTree.Element, place: int, display: bool) -> bool:
    """Whether a child has the large forms: not inside fractions, scripts, or tables that do without."""
    if (child.get("displaystyle") or parent.get("displaystyle")) == "true":
        return True
    small = parent.tag == "mfrac" or child.get("displaystyle") == "false" or parent.get("displaystyle") == "false"
    return display and not small and not (parent.tag in _SCRIPTED and place)


_SCRIPTED = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}


def _token(element: ElementTree.Element, display: bool) -> Extent:
    text = "".join(element.itertext())
    if element.tag == "mtext":
        return Extent(of_text(text.replace("\u00a0", " ")), 0.75, 0.25)
    if element.tag == "mi" and len(text) == 1 and element.get("mathvariant") != "normal":
        text = _ITALIC.get(text, text)
    width = sum(map(_of_symbol, text))
    if element.tag != "mo":
        return Extent(width, 0.7 if text else 0.0, 0.22)
    if text and text in _TALL:
        width *= 1.35 if display else 1.0
        above, below = (1.05, 0.55) if display else (0.8, 0.3)
        return Extent(width + 0.167, above, below)
    around = _SPACED.get(text, 0.0)
    before = _length(element.get("lspace", f"{around}em"))
    after = _length(element.get("rspace", f"{around + _AFTER.get(text, 0.0)}em"))
    large = _length(element.get("minsize", "1em"))
    return Extent(before + width * (1 + 0.3 * (large - 1)) + after, 0.75 * large, 0.25 * large)


def _row(parts: list[Extent]) -> Extent:
    if not parts:
        return Extent()
    return Extent(sum(p.width for p in parts), max(p.above for p in parts), max(p.below for p in parts))


def _with_scripts(tag: str, parts: list[Extent]) -> Extent:
    base, *scripts = parts
    small = [script.scaled(measures.SHEET.script) for script in scripts]
    above, below = base.above, base.below
    if tag != "msub":
        above = max(above, base.above - 0.3 + small[-1].above)
    if tag != "msup":
        below = max(below, base.below - 0.05 + small[0].below + 0.1)
    return Extent(base.width + max(script.width for script in small) + 0.05, above, below)


def _with_limits(element: ElementTree.Element, parts: list[Extent], display: bool) -> Extent:
    base, *limits = parts
    if element.get("accent") == "true":
        return Extent(base.width, base.above + 0.15, base.below)
    arrow = element[0].text in ("→", "←", "⇌", "⇋")
    if not display and not arrow and element[0].tag != "mrow":  # over an arrow they stay
        tags = {"munder": "msub", "mover": "msup", "munderover": "msubsup"}
        return _with_scripts(tags[element.tag], parts)
    small = [limit.scaled(measures.SHEET.script) for limit in limits]
    above = small[-1].height + 0.1 if element.tag != "munder" else 0.0
    below = small[0].height + 0.1 if element.tag != "mover" else 0.0
    around = 2 * _SPACED["→"] if arrow else 0.0
    width = max(base.width, *(limit.width for limit in small)) + around
    return Extent(width, base.above + above, base.below + below)


def _table(element: ElementTree.Element) -> Extent:
    display = element.get("displaystyle") == "true"  # a table begins anew: `aligned` has the large forms, no other
    bare = [[_row([_element(part, display) for part in cell]) for cell in row] for row in element]
    pad = 2 * measures.SHEET.cell_padding
    cells = [[Extent(c.width + pad, max(c.above, 0.7) + 0.13, max(c.below, 0.2) + 0.13) for c in row] for row in bare]
    count = max(map(len, cells), default=0)
    widths = [max((row[place].width for row in cells if place < len(row)), default=0.0) for place in range(count)]
    height = sum(_row(row).height for row in cells)
    return Extent(sum(widths) - 0.1 * bool(widths), height / 2 + 0.25, height / 2 - 0.25)


def _length(text: str) -> float:
    number = re.match(r"-?[0-9.]+", text)
    return float(number[0]) if number else 0.0


def _of_letter(letter: str) -> float:
    tables = _advances()
    return tables["sans-400"].get(letter) or tables["math"].get(letter, 0.6)


def _of_symbol(symbol: str) -> float:
    return _advances()["math"].get(symbol, 0.0 if symbol in "\ufe00\u2061\u2062\u2063\u2064" else 0.6)


@cache
def _advances() -> dict[str, dict[str, float]]:
    text = (files("eigendeck") / "fonts" / "advances.json").read_text(encoding="utf-8")
    return {font: {c: width / 1000 for c, width in table.items()} for font, table in json.loads(text).items()}

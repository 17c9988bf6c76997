r"""Text of cards: plain words with `code`, \(maths\) and {placeholders}, nothing else."""

import html
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from eigendeck.text.escape import defused, harmless
from eigendeck.worker.latex_tokens import formula_end, without_distances

_MARK = re.compile(r"`+|\\\\|\\\(")
_COMPOSITE = r"(?:[^\W\d_]|⁻){1,6}(?:[/·](?:[^\W\d_]|⁻){1,6})+"  # m/s², N·m: Firefox breaks a line behind a slash
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
NO_BREAK = "\u00a0"
_SHORT = 30  # characters of a list that fits on a phone's line
_SHORT_CODE = 24  # characters of code that leave room for a word beside it
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_AND = re.compile(r"(?<!\S)و (?=\S)")  # in Arabic no line ends with it
# n − 1, x + h, 2 × 2: a line does not break at the sign; in a longer sum it may, or a phone would have no room for it.
_SHORT_SUM = re.compile(r"(?<![\w.,])(?<![−+×] )\w{1,2} [−+×] \w{1,3}(?![\w.,]\w)(?![\w{]| [−+×])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: words, `code`, or maths (its LaTeX); `offset` is where its content begins in the source."""

    kind: Literal["words", "code", "math"]
    content: str
    offset: int


@lru_cache(maxsize=4096)  # the same texts stand beside all variants and on all sides of a card
def pieces(text: str) -> tuple[Piece, ...]:
    """Returns the runs of a text in order. What is neither code nor maths is words, whatever it looks like."""
    text = " ".join(text.splitlines())
    runs: list[Piece] = []
    begun = 0
    for mark, piece, end in _marked(text):
        if mark > begun:
            runs.append(Piece("words", text[begun:mark], begun))
        runs.append(piece)
        begun = end
    if begun < len(text):
        runs.append(Piece("words", text[begun:], begun))
    return tuple(runs)


def _marked(text: str) -> Iterator[tuple[int, Piece, int]]:
    """Yields each formula and each run of code, with where its marks begin and end."""
    single: set[str] = set()  # rows of backticks of which no other of that length follows
    at = 0
    while mark := _MARK.search(text, at):
        at = mark.end()
        if mark[0] == r"\(":
            end = formula_end(text, at)
            if end is not None:
                yield mark.start(), Piece("math", without_distances(text[at:end]), at), end + 2
                at = end + 2
        elif mark[0] != r"\\" and mark[0] not in single:
            closing = re.compile(f"(?<!`){mark[0]}(?!`)").search(text, at)
            if closing:
                yield mark.start(), _code(text[at : closing.start()], at), closing.end()
                at = closing.end()
            else:
                single.add(mark[0])


def _code(content: str, at: int) -> Piece:
    """Code between backticks: a space on both sides keeps it apart from backticks of its own."""
    apart = content[0] == content[-1] == " " and content.strip()
    return Piece("code", content[1:-1], at + 1) if apart else Piece("code", content, at)


def to_html(
    text: str,
    math: Callable[[str], str],
    values: Sequence[str] | None = None,
    *,
    apart: bool = False,
    units: Collection[str] = (),
) -> str:
    """Returns a text as HTML: words and code escaped once, each formula as `math` gives it.

    values: go in order into the placeholders, if the text has any; what stands in a value is no mark.
    apart: among words that are read from the right. A text without such letters runs from the left; so does each value,
    which keeps the signs behind it on its line.
    units: stay on the line of the number before them, as those like `m/s` do that are made of others.
    """
    filled = None if values is None else iter(values)
    quantity = _quantity(filled is not None, tuple(sorted(units, key=len, reverse=True)))
    parts = []
    for piece in pieces(text):
        if piece.kind == "math":
            parts.append(math(piece.content))
        elif piece.kind == "code":
            content = piece.content if filled is None else _PLACEHOLDER.sub(_next(filled), piece.content)
            parts.append(whole(content, "code"))
        else:
            parts.append(_words(piece.content, quantity, filled, apart))
    content = "".join(parts)
    return f'<bdi dir="ltr">{content}</bdi>' if apart and text and not _RIGHT_TO_LEFT.search(text) else content


def whole(content: str, tag: str) -> str:
    """Returns code or a number in its element, on one line where a column or a phone has room for that."""
    shown = f"<{tag}>{harmless(content)}</{tag}>"
    breaks = " " in content or "-" in content
    return f'<span class="held">{shown}</span>' if breaks and len(content) <= _SHORT_CODE else shown


def _next(values: Iterator[str]) -> Callable[[re.Match[str]], str]:
    """What stands in place of a brace or placeholder."""
    return lambda match: match[0][0] if match[0] in ("{{", "}}") else next(values)


@cache
def _quantity(filled: bool, units: tuple[str, ...]) -> re.Pattern[str]:
    """A number or placeholder with its unit and the signs behind it, a doubled brace, or words up to one of them."""
    number = r"\{\{|\}\}|(?:(?<!\w)[-+−])?\{[^{}]+\}|\{\}|\d" if filled else r"\d"
    unit = "|".join((*map(re.escape, units), _COMPOSITE))
    ends = r"(?:(?<=[\u3400-\u9fff])|(?![\w/·]))"  # Chinese words follow without a space
    return re.compile(rf"({number})(?:([ \u00a0\u2009\u202f]?)({unit}){ends})?([^\w\s{{}}]*)")


def _words(content: str, quantity: re.Pattern[str], values: Iterator[str] | None, apart: bool) -> str:
    """A run of words as HTML, with the next values in its placeholders."""
    parts, at = [], 0
    content = _AND.sub(f"و{NO_BREAK}", _SHORT_SUM.sub(lambda match: match[0].replace(" ", NO_BREAK), content))
    for match in quantity.finditer(content):
        number, gap, unit, signs = match.groups()
        placed = number[-1] == "}" and number != "}}"  # a sign before it belongs to it
        shown = harmless(_PLACEHOLDER.sub(_next(values), number) if values is not None else number)
        measured = f"{NO_BREAK if gap == ' ' else gap or ''}{harmless(unit)}" if unit else ""
        listed = placed and shown[:1] == "[" and " " in shown and len(shown) <= _SHORT  # it breaks only where it must
        if apart and placed:
            inside, outside = ("", measured) if _RIGHT_TO_LEFT.search(measured) else (measured, "")
            shown = f'<bdi dir="ltr">{shown}{inside}</bdi>{outside}'
        else:
            shown = (f"<bdi>{shown}</bdi>" if listed else shown) + measured
        if unit or listed or (apart and placed and signs):
            shown = f'<span class="held">{shown}{harmless(signs)}</span>'
        else:
            shown += harmless(signs)
        parts += [harmless(content[at : match.start()]), shown]
        at = match.end()
    return defused("".join((*parts, harmless(content[at:]))))  # what Anki reads may stand across two of the parts


def to_plain(text: str, math: Callable[[str], str], values: Sequence[str] | None = None) -> str:
    """Returns a text as a place shows it that takes no elements: of each formula the letters that `math` gives it."""
    return html.unescape(re.sub(r"<[^>]*>", "", to_html(text, math, values)))


def placeholders(text: str) -> tuple[tuple[str, int], ...]:
    r"""Returns what stands in `{…}` outside \(maths\), each with its offset; `{{` and `}}` are braces."""
    return tuple(
        (match[1], piece.offset + match.start(1))
        for piece in pieces(text)
        if piece.kind != "math"
        for match in _PLACEHOLDER.finditer(piece.content)
        if match[1] is not None
    )


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Returns the line, from 1, and the column, from 0, of an offset in a text."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1)

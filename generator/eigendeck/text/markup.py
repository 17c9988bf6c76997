r"""Text of cards: plain words with `code`, \(maths\) and {placeholders}, nothing else."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from eigendeck.text.escape import harmless
from eigendeck.worker.latex_tokens import formula_end, without_distances

_MARK = re.compile(r"`+|\\\\|\\\(")
_SIGNS = re.compile(r"[^\w\s{}]+")
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: words, `code`, or maths (its LaTeX); `offset` is where its content begins in the source."""

    kind: Literal["words", "code", "math"]
    content: str
    offset: int


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


def to_html(text: str, math: Callable[[str], str], values: Sequence[str] | None = None, *, apart: bool = False) -> str:
    """Returns a text as HTML: words and code escaped once, each formula as `math` gives it.

    values: go in order into the placeholders, if the text has any; what stands in a value is no mark.
    apart: each value runs from left to right, whatever stands around it, and keeps the signs behind it on its line.
    """
    filled = None if values is None else iter(values)
    parts = []
    for piece in pieces(text):
        if piece.kind == "math":
            parts.append(math(piece.content))
            continue
        shown = harmless(piece.content) if filled is None else _filled(piece, filled, apart)
        parts.append(f"<code>{shown}</code>" if piece.kind == "code" else shown)
    return "".join(parts)


def _filled(piece: Piece, values: Iterator[str], apart: bool) -> str:
    """A run as HTML, with the next values in its placeholders."""
    if not apart or piece.kind == "code":
        content = _PLACEHOLDER.sub(lambda m: m[0][0] if m[1] is None else next(values), piece.content)
        return harmless(content)
    parts, at = [], 0
    for match in _PLACEHOLDER.finditer(piece.content):
        parts.append(harmless(piece.content[at : match.start()]))
        at = match.end()
        if match[1] is None:
            parts.append(match[0][0])
            continue
        value = f'<bdi dir="ltr">{harmless(next(values))}</bdi>'
        if signs := _SIGNS.match(piece.content, at):
            at = signs.end()
            value = f'<span class="held">{value}{harmless(signs[0])}</span>'
        parts.append(value)
    return "".join((*parts, harmless(piece.content[at:])))


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

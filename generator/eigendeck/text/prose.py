r"""Text of cards: plain words with `code` and \(maths\), nothing else, and harmless in a page and in Anki."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_MATH = re.compile(r"\\\((.+?)\\\)", re.DOTALL)
# Anki reads these in a field; as character references they are only text.
_ANKI = re.compile(r"\{\{|\}\}|\[(?=sound:|latex\]|/latex\]|\$|/\$|anki:)", re.IGNORECASE)
_DELIMITER = re.compile(r"\\(?=[()\[\]])")
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: words, `code`, or maths (its LaTeX); `offset` is where its content begins in the source."""

    kind: Literal["words", "code", "math"]
    content: str
    offset: int


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with everything switched off but code spans, and maths beside them."""
    markdown = MarkdownIt("zero", {"html": False}).enable("backticks")
    markdown.inline.ruler.before("backticks", "math", _math_rule)
    return markdown


def _math_rule(state: StateInline, silent: bool) -> bool:
    found = _MATH.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        token = state.push("math", "", 0)
        token.content = found.group(1)
    state.pos = found.end()
    return True


def pieces(text: str) -> tuple[Piece, ...]:
    """Returns the runs of a text in order. What is neither code nor maths is words, whatever it looks like."""
    found: list[Piece] = []
    position = 0
    for token in _markdown().parseInline(" ".join(text.splitlines()))[0].children or []:
        kind: Literal["words", "code", "math"] = (
            "math" if token.type == "math" else "code" if token.type == "code_inline" else "words"
        )
        at = text.find(token.content, position)
        at = position if at < 0 else at
        position = at + len(token.content)
        found.append(Piece(kind, token.content, at))
    return tuple(found)


def to_html(text: str, math: Callable[[str], str]) -> str:
    """Returns a text as HTML: words and code escaped once, each formula as `math` gives it."""
    parts = []
    for piece in pieces(text):
        if piece.kind == "math":
            parts.append(math(piece.content))
        elif piece.kind == "code":
            parts.append(f"<code>{harmless(piece.content)}</code>")
        else:
            parts.append(harmless(piece.content))
    return "".join(parts)


def to_words(text: str) -> str:
    """Returns a text without marks, for a place that takes only words; formulas stay as LaTeX."""
    return "".join(piece.content for piece in pieces(text))


def harmless(text: str) -> str:
    r"""Returns text escaped for HTML, with Anki's own syntax made plain text, and `\(` no beginning of a formula.

    MathJax reads the page, where a character reference is the character again; an element between two of them it heeds.
    """
    return _DELIMITER.sub(r"\\<span></span>", attribute(text))


def attribute(text: str) -> str:
    """Returns text escaped for the value of an attribute, with Anki's own syntax made plain text."""
    return defused(html.escape(text))


def defused(markup: str) -> str:
    """Returns HTML in which {{fields}}, [sound:] and [latex] are only text to Anki."""
    return _ANKI.sub(lambda m: "".join(f"&#{ord(c)};" for c in m.group()), markup)


def placeholders(text: str) -> tuple[tuple[str, int], ...]:
    r"""Returns what stands in `{…}` outside \(maths\), each with its offset; `{{` and `}}` are braces."""
    found = []
    for start, part, math in _outside_math(text):
        if not math:
            found += [(m.group(1), start + m.start(1)) for m in _PLACEHOLDER.finditer(part) if m.group(1) is not None]
    return tuple(found)


def spot(text: str, offset: int) -> tuple[int, int]:
    """Returns the line, from 1, and the column, from 0, of an offset in a text."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1)


def fill(text: str, filled: tuple[str, ...]) -> str:
    """Returns the text with its placeholders replaced, in order."""
    values = iter(filled)
    parts = []
    for _, part, math in _outside_math(text):
        parts.append(part if math else _PLACEHOLDER.sub(lambda m: _brace_or(m, values.__next__), part))
    return "".join(parts)


def _brace_or(match: re.Match[str], value: Callable[[], str]) -> str:
    return match.group()[0] if match.group(1) is None else value()


def _outside_math(text: str) -> list[tuple[int, str, bool]]:
    parts, position = [], 0
    for math in _MATH.finditer(text):
        parts += [(position, text[position : math.start()], False), (math.start(), math.group(), True)]
        position = math.end()
    return [*parts, (position, text[position:], False)]

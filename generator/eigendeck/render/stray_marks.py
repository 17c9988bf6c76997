r"""What in a text will not show as its author meant it: marks of other languages, and maths outside \(…\)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from eigendeck.errors import clipped
from eigendeck.latex.commands import TexProblem
from eigendeck.text.markup import Piece

_MATHS = "Maths stands between \\( and \\)."
_COMMAND = re.compile(r"\\[A-Za-z]+")
# As in other languages that have it: no space inside the dollars and no digit behind, or it is about money.
_DOLLARS = re.compile(r"\$(?=[^\s$])[^$]*[^\s$]\$(?!\d)|\$[^\s$]\$(?!\d)")
_STRONG = re.compile(r"(?<!\w)(\*\*|__)(?=\S)[^*_]*[^\s*_]\1(?!\w)")
# Behind a letter or a script it is the argument of a command, as in `\bar{x}`.
_PLACEHOLDER = re.compile(r"(?<![\w^])\{([A-Za-z]\w*)(?::[^{}]*)?\}")
_ANY = re.compile(r"[\\$*{]|__")
_TEMPLATE = re.compile(r"<<.+?>>|(<<|>>)", re.DOTALL)


def slips(pieces: Collection[Piece], names: Collection[str] = ()) -> Iterator[TexProblem]:
    """Yields what the words of a text show as it stands though it was meant to be something else.

    names: what `{name}` would stand for, where a text takes no placeholders.
    """
    for piece in pieces:
        if piece.kind != "words" or not _ANY.search(piece.content):
            continue
        words, start = piece.content, piece.offset
        dollars = [match.span() for match in _DOLLARS.finditer(words)]
        for begin, end in dollars:
            yield TexProblem(start + begin, f"`{clipped(words[begin:end])}` is shown as it stands", _MATHS)
        for match in _COMMAND.finditer(words):
            if not any(begin < match.start() < end for begin, end in dollars):
                yield TexProblem(start + match.start(), f"`{clipped(match[0])}` is shown as it stands", _MATHS)
        for match in _STRONG.finditer(words):
            hint = r"Texts have no bold: only `code` and \(maths\) are marked up."
            yield TexProblem(start + match.start(), f"`{clipped(match[0])}` is shown as it stands", hint)
        for match in _PLACEHOLDER.finditer(words):
            if match[1] in names:
                hint = "Placeholders belong in `ask`, `show` and `work`: here is the same text for every variant."
                yield TexProblem(start + match.start(), f"`{match[0]}` is shown as it stands", hint)


def unmatched(template: str) -> Iterator[TexProblem]:
    """Yields each `<<` and `>>` of a template of numbers that has no partner."""
    for match in _TEMPLATE.finditer(template):
        if match[1]:
            yield TexProblem(match.start(), f"`{match[1]}` has no partner", "A number goes in as `<<expression>>`.")

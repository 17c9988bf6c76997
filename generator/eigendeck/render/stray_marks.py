r"""What in a text will not show as its author meant it: marks of other languages, and maths outside \(…\)."""

import re
from collections.abc import Collection, Iterator

from eigendeck.errors import clipped
from eigendeck.latex.commands import TexProblem
from eigendeck.text.markup import Piece

_MATHS = "Maths stands between \\( and \\)."
_NEVER_CHANGES = "Placeholders belong in `ask`, `show`, `work` and `plot.says`: this text never changes."
_COMMAND = re.compile(r"\\[A-Za-z]+")
# As in other languages that have it: no space inside the dollars and no digit behind, or it is about money.
_DOLLARS = re.compile(r"\$(?=[^\s$])[^$]*[^\s$]\$(?!\d)|\$[^\s$]\$(?!\d)")
_STRONG = re.compile(r"(?<!\w)(\*\*|__)(?=\S)[^*_]*[^\s*_]\1(?!\w)")
# Behind a letter or a script it is the argument of a command, as in `\bar{x}`.
_PLACEHOLDER = re.compile(r"(?<![\w^])\{([A-Za-z]\w*)(?::[^{}]*)?\}")
# Behind a sign no braces are needed in LaTeX.
_IN_MATHS = re.compile(r"(?:[=<>]|\\(?:approx|cdot|times|le|ge)(?![A-Za-z]))\s*(?P<group>\{[A-Za-z]\w*(?::[^{}]*)?\})")
_EMPHASIS = re.compile(r"(?<![\w*])\*[^\s*](?:[^*]*[^\s*])?\*(?![\w*])|(?<!\w)_[^\W_](?:[^_]*[^\s_])?_(?!\w)")
_LINK = re.compile(r"!?\[[^\[\]]+\]\([^\s()]*[./#:][^\s()]*\)")
_TAG = re.compile(
    r"</?(?:a|b|br|center|code|div|em|font|h[1-6]|hr|i|img|kbd|li|mark|ol|p|pre|small|span|strong|sub|sup|table|td|th|tr"
    r"|tt|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,15}|#\d+|#x[0-9A-Fa-f]+);")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+(?=\S)", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|(\d+)[.)])[ \t]+(?=\S)", re.MULTILINE)
_ANY = re.compile(r"[\\$*{_\[<&]")
# What the marks of other languages would be: their pattern, and what there is instead.
_FOREIGN = (
    (_STRONG, r"Texts have no bold: only `code` and \(maths\) are marked up."),
    (_EMPHASIS, r"Texts have no italics: only `code` and \(maths\) are marked up."),
    (_LINK, "Texts have no links: write the address out, or put it into `see`."),
    (_TAG, r"Texts have no HTML: only `code` and \(maths\) are marked up; an index is \(x_1\)."),
    (_ENTITY, "Type the letter itself: a file of a deck is UTF-8."),
)
_TEMPLATE = re.compile(r"<<.+?>>|(<<|>>)", re.DOTALL)


def slips(pieces: Collection[Piece], names: Collection[str] = ()) -> Iterator[TexProblem]:
    """Yields what the words of a text show as it stands though it was meant to be something else.

    names: what `{name}` would stand for, where a text takes no placeholders.
    """
    for piece in pieces:
        for match in _IN_MATHS.finditer(piece.content) if piece.kind == "math" else ():
            what = f"`{match['group']}` in maths is LaTeX, and no number"
            yield TexProblem(piece.offset + match.start("group"), what, r"A placeholder stands outside: `\(x\) = {x}`.")
        if piece.kind != "words" or not _ANY.search(piece.content):
            continue
        words, start = piece.content, piece.offset
        marks = [(match, _MATHS) for match in _DOLLARS.finditer(words)]
        dollars = [match.span() for match, _ in marks]
        commands = _COMMAND.finditer(words)
        marks += [(it, _MATHS) for it in commands if not any(begin < it.start() < end for begin, end in dollars)]
        marks += [(match, hint) for pattern, hint in _FOREIGN for match in pattern.finditer(words)]
        marks += [(match, _NEVER_CHANGES) for match in _PLACEHOLDER.finditer(words) if match[1] in names]
        for match, hint in marks:
            yield TexProblem(start + match.start(), f"`{clipped(match[0])}` is shown as it stands", hint)


def list_marks(text: str) -> Iterator[TexProblem]:
    """Yields the marks of a list: its lines run into one sentence. A single number with a dot may be a number.

    A mark of a heading is shown as it stands, too.
    """
    for heading in _HEADING.finditer(text):
        yield TexProblem(
            heading.start(), f"`{heading[0].strip()}` begins no heading", "Texts have none: write a sentence."
        )
    items = list(_ITEM.finditer(text))
    if len(items) > 1 or (items and not items[0][1] and not items[0].start()):
        hint = "Texts are one paragraph: write sentences, or `(1) …, (2) …`."
        yield TexProblem(items[0].start(), f"`{items[0][0].strip()}` begins no list", hint)


def unmatched(template: str) -> Iterator[TexProblem]:
    """Yields each `<<` and `>>` of a template of numbers that has no partner."""
    for match in _TEMPLATE.finditer(template):
        if match[1]:
            yield TexProblem(match.start(), f"`{match[1]}` has no partner", "A number goes in as `<<expression>>`.")

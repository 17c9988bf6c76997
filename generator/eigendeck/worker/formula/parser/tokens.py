"""LaTeX cut into tokens: what only moves things about on the page is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 2_000  # characters of a formula


class Unread(Exception):
    """This is outside the grammar, or cannot be executed; offset: where in the formula, in characters, if known."""

    def __init__(self, reason: str, offset: int = -1) -> None:
        super().__init__(reason)
        self.reason, self.offset = reason, offset


@dataclass(frozen=True, slots=True)
class Token:
    """kind: number, letter, command, word (upright letters), text, sign, space (a wide one), end."""

    kind: str
    text: str
    at: int
    end: int


_MOVES = """left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle
limits nolimits hspace phantom middle"""
_LAYOUT = frozenset(_MOVES.split())
_WORDS = frozenset(["operatorname", "operatorname*", "mathrm", "mathsf", "mathtt", "mathit"])
_DELIMITERS = {"lbrace": "{", "rbrace": "}", "lvert": "|<", "rvert": "|>", "vert": "|", "lVert": "‖<", "rVert": "‖>"}
_DELIMITERS |= {"Vert": "‖", "lbrack": "[", "rbrack": "]"}
_TOKEN = re.compile(r"\\([A-Za-z]+\*?)|\\(.)|(\d+(?:\.\d+)?|\.\d+)|([A-Za-z])|(\s+|~)|(.)", re.DOTALL)
_ARGUMENT = re.compile(r"\s*\{([^{}]*)\}|\s*([A-Za-z0-9])")


def tokens(latex: str) -> list[Token]:
    """Returns the tokens of a formula, an end token last.

    Raises:
        Unread: it is too long, or holds a character that no formula has.
    """
    if len(latex) > LONGEST:
        raise Unread("the formula is too long", LONGEST)
    found, at = [], 0
    while at < len(latex):
        match = _TOKEN.match(latex, at)
        assert match  # its last branch takes anything
        command, character, number, letter, blank, other = match.groups()
        start, at = at, match.end()
        if blank or command in _LAYOUT or (character and character in ",;:! "):
            if command in ("hspace", "phantom") and (argument := _ARGUMENT.match(latex, at)):
                at = argument.end()
            elif command in ("left", "right") and latex[at : at + 1] == ".":
                at += 1
        elif command in ("quad", "qquad"):
            found.append(Token("space", "", start, at))
        elif command == "text" or command in _WORDS:
            argument = _ARGUMENT.match(latex, at)
            if not argument:
                raise Unread(f"\\{command} has no plain argument", start)
            at = argument.end()
            words = " ".join(re.sub(r"\\[,;:! ]|~", " ", argument[1] or argument[2] or "").split())
            found.append(Token("text" if command == "text" else "word", words, start, at))
        elif command in _DELIMITERS:
            sign = _DELIMITERS[command]
            found.append(Token("sign", "\\" + sign if sign in "{}" else sign, start, at))
        elif command:
            found.append(Token("command", command, start, at))
        elif character:
            found.append(
                Token("sign", {"|": "‖", "{": "\\{", "}": "\\}", "\\": "\\\\"}.get(character, "\\"), start, at)
            )
        elif number or letter:
            found.append(Token("number" if number else "letter", match.group(), start, at))
        elif other in "+-*/=<>()[]|,;:!'.^_{}&":
            found.append(Token("sign", other, start, at))
        else:
            raise Unread(f"{other!r} has no meaning here", start)
    found.append(Token("end", "", len(latex), len(latex)))
    return found

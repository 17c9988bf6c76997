r"""LaTeX cut into tokens, by the rules of TeX that MathJax keeps: the one reading of it that all others build on.

Nothing is judged here: every character of a source belongs to exactly one token, also of one that is no LaTeX.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_DISTANCE = re.compile(r"\*?\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|px|mu)\s*\]")  # behind the `\\` of `\\[4pt]`
_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z]+\*?)|\\(?P<symbol>.)"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<letter>[A-Za-z])|(?P<blank>\s+|~)|(?P<sign>.)",
    re.DOTALL,
)
SUBSTACK = re.compile(r"(?<!\\)(?:\\\\)*(?P<command>\\substack)\s*\{")  # and its opening brace
_DIGITS = str.maketrans("123456789", "000000000")


@dataclass(frozen=True, slots=True)
class Token:
    r"""A token, and where it begins and ends in its source.

    kind: command (`\frac`, `\operatorname*`), symbol (a backslash and what is no letter), number, letter, blank, sign.
    text: as it is written; of a command and a symbol without the backslash.
    """

    kind: str
    text: str
    at: int
    end: int


def token_at(source: str, at: int) -> Token:
    """Returns the token that begins at an offset before the end of the source."""
    return next(_from(source, at))  # the last branch takes any character


def tokens(source: str, at: int = 0) -> Iterator[Token]:
    """Yields the tokens of a source from an offset on."""
    return iter(_tokens(source)) if at == 0 else _from(source, at)


@lru_cache(maxsize=1024)  # a formula is read by many, one soon after the other
def _tokens(source: str) -> tuple[Token, ...]:
    return tuple(_from(source, 0))


def _from(source: str, at: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(source, at):  # whose last branch takes any character
        assert match.lastgroup
        yield Token(match.lastgroup, match[match.lastgroup], match.start(), match.end())


def written(source: str) -> list[str]:
    """Returns the tokens of a source as they are written; joined they are the source."""
    return [source[token.at : token.end] for token in tokens(source)]


def without_digits(source: str) -> str:
    """Returns a source with 0 in the place of every digit: it has the same tokens, of the same lengths.

    Most formulas of a deck differ in their digits alone; what does not depend on those need be found out once.
    """
    return source.translate(_DIGITS)


def stripped(source: str) -> str:
    r"""Returns a source without the blanks around it, but with the one that a last backslash makes a space: `\ `."""
    bare = source.strip()
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and source != source.rstrip() else bare


def group_end(source: str, at: int) -> int | None:
    """Returns where a group ends, behind its closing brace, that begins at an offset; None where it has none."""
    depth = 0
    for token in tokens(source, at):
        depth += (token.text == "{") - (token.text == "}") if token.kind == "sign" else 0
        if not depth:
            return token.end
    return None


def formula_end(text: str, at: int) -> int | None:
    r"""Returns where the formula ends that began before `at` with `\(`: before the `\)` that MathJax would find.

    That one stands outside braces, and its backslash is no half of `\\`. Where a brace never closes, it is the first.
    None where there is none before the next `\(`, or nothing before it.
    """
    first, depth = None, 0
    for token in tokens(text, at):
        if token.kind == "symbol" and token.text == "(":
            break
        if token.kind == "symbol" and token.text == ")":
            first = token.at if first is None else first
            if not depth:
                return token.at if text[at : token.at].strip() else None
        elif token.kind == "sign":
            depth = max(0, depth + (token.text == "{") - (token.text == "}"))
    return first


def without_distances(source: str) -> str:
    """Returns a source with blanks for the distances behind the ends of rows, of which the sheet has none."""
    if "\\\\" not in source:
        return source
    parts, at = [], 0
    for token in tokens(source):
        if token.kind == "symbol" and token.text == "\\" and (distance := _DISTANCE.match(source, token.end)):
            parts += [source[at : token.end], " " * len(distance[0])]
            at = distance.end()
    return "".join((*parts, source[at:]))

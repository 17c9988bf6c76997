"""The characters of a piece of card code: how many there are, whether all can be seen, and whether names are plain."""

import io
import re
import tokenize
import unicodedata
from collections.abc import Iterator

from eigendeck.worker import budget
from eigendeck.worker.code.problems import Problem, foreign_letters
from eigendeck.worker.joiners import joins

# Letters that show as nothing: they are of the kinds "letter" and "mark", so that no general rule finds them.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def problems_of_text(source: str) -> Iterator[Problem]:
    """What is wrong with a text before it is parsed."""
    if len(source) > budget.CHARACTERS:
        yield Problem(1, 0, f"{len(source):,} characters of code; {budget.CHARACTERS:,} is the limit for one piece")
    if source.count("\n") >= budget.LINES and len(source.rstrip("\n").split("\n")) > budget.LINES:
        yield Problem(budget.LINES + 1, 0, f"more than {budget.LINES} lines of code in one piece")
    if source.isascii() and source.replace("\n", "").replace("\t", "").isprintable():
        return
    for number, line in enumerate(source[: budget.CHARACTERS].split("\n"), 1):
        for column, character in enumerate(line):
            if _invisible(character) and not joins(line, column):
                hint = "A plain space belongs there." if unicodedata.category(character) == "Zs" else "Delete it."
                yield Problem(number, column, f"an invisible character, U+{ord(character):04X}", hint)


def _invisible(character: str) -> bool:
    """Whether a character shows as nothing, or moves the others about, so that code reads as what it is not."""
    if character in "\t ":
        return False
    kind = unicodedata.category(character)
    return kind[0] in "CZ" or character in BLANK or unicodedata.name(character, "").startswith("VARIATION SELECTOR")


def problems_of_names(source: str) -> Iterator[Problem]:
    """Names in look-alike letters. The tree cannot tell: Python makes plain letters of some of them as it parses."""
    if source.isascii():
        return
    in_text = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.string.isascii():
                continue
            # Up to Python 3.11 an f-string is one token, the names in its braces included.
            formatted = token.type in in_text and not re.match(r"(?i)[rbu]*['\"]", token.string)
            if token.type == tokenize.NAME or (formatted and _looks_plain(token.string)):
                yield foreign_letters(*token.start, token.string)
    except (tokenize.TokenError, SyntaxError):
        yield Problem(1, 0, "not Python: its words cannot be told apart")


def _looks_plain(text: str) -> bool:
    """Whether Python could read a letter of the text as another, plain one: `𝐱` as `x`, but not `²` as `2`."""
    return any(("a" + c).isidentifier() and unicodedata.normalize("NFKC", c).isascii() for c in text if not c.isascii())

"""What stands on a line, how wide it is, and where a line breaks. Lengths are in ems of the text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from eigendeck.render import measures
from eigendeck.render.metrics import of_text


@dataclass(frozen=True, slots=True)
class Item:
    """What stands on a line. space: before it, where the line may break; 0: it may not. solid: it breaks nowhere."""

    width: float
    above: float
    below: float
    space: float
    solid: bool


def together(line: list[Item]) -> Iterator[list[Item]]:
    """Yields what no line breaks in."""
    word: list[Item] = []
    for item in line:
        if item.space and word:
            yield word
            word = []
        word.append(item)
    if word:
        yield word


@lru_cache(maxsize=2048)  # a side is laid out in several sizes
def pieces(text: str) -> tuple[str, ...]:
    """Returns words and the spaces between them; ideographs are words of their own."""
    found: list[str] = []
    for run in re.findall(r"[ \t\n\r\f]+|[^ \t\n\r\f]+", text):
        if run.isascii() or not any(map(_is_wide, run)):
            found.append(run)
            continue
        for place, letter in enumerate(run):
            found += (" ", letter) if place and _is_wide(letter) else (letter,)
    return tuple(found)


@lru_cache(maxsize=8192)
def of_words(text: str) -> float:
    """Returns the width of words; an ideograph, which no font of the page has, is as wide as it is high."""
    return sum(1.0 if _is_wide(letter) else of_text(letter) for letter in text)


def of_code(line: str) -> float:
    """Returns the width of a line of code."""
    wide = 0 if line.isascii() else sum(map(_is_wide, line))
    letters = len(line) - wide + wide / measures.CODE_ADVANCE
    return letters * measures.CODE_ADVANCE * measures.SHEET.code


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def rows_of(width: float, room: float) -> int:
    """Returns over how many lines a line of code breaks; all but the first hang by two characters."""
    rows = 1
    while width > room + 1e-6:
        rows += 1
        width = width - room + 2 * measures.CODE_ADVANCE * measures.SHEET.code
        if rows > 400:
            break
    return rows

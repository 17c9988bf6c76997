"""Texts on a page: how wide they are drawn, where their letters stand, and how they are cut to fit."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from eigendeck.plots.canvas.font import EM, advance, guessed_advance, kerning
from eigendeck.worker.joiners import JOINER, NON_JOINER

TEXT_SIZE = 8.0  # points
ASCENT, DESCENT = 0.94, 0.24  # of the text size: room for accents and tails
CAPITAL = 0.73  # height of capitals and digits, of the text size


class Run(NamedTuple):
    """The letters of a text, where each begins, and how wide they are together, in units of the font.

    missing: the letters that the plots' font lacks or cannot join. typed: only a page's own font can set the text, and
    the width is a guess.
    """

    letters: tuple[tuple[str, int], ...]
    width: int
    missing: str
    typed: bool


@lru_cache(maxsize=4096)
def run(words: str) -> Run:
    """Returns where the letters of a text stand beside each other."""
    words = unicodedata.normalize("NFC", words)
    strange = [letter for letter in words if advance(letter) is None]
    at, letters = 0, []
    for number, letter in enumerate(words):
        if number and not strange:
            at += kerning(words[number - 1], letter)
        letters.append((letter, at))
        wide = advance(letter)
        at += guessed_advance(letter) if wide is None else wide
    missing = "".join(letter for letter in strange if letter not in (JOINER, NON_JOINER))
    return Run(tuple(letters), at, missing, bool(strange))


def text_width(words: str, size: float = TEXT_SIZE) -> float:
    """Returns how wide a text is drawn, in points."""
    return run(words).width * size / EM


def fitted(words: str, room: float) -> str:
    """Returns the text, cut with an ellipsis where it is wider than `room` points."""
    if text_width(words) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(words[:middle].rstrip() + "…") <= room:
            low = middle
        else:
            high = middle - 1
    return words[:low].rstrip() + "…" if low else ""


def lines(words: str, room: float) -> list[str]:
    """Returns the text on one line, or on two of about the same width, cut where even these are wider than `room`."""
    if text_width(words) <= room or " " not in words.strip():
        return [fitted(words, room)]
    gaps = [at for at, letter in enumerate(words) if letter == " "]
    best = min(gaps, key=lambda at: max(text_width(words[:at]), text_width(words[at + 1 :])))
    return [fitted(part, room) for part in (words[:best], words[best + 1 :])]

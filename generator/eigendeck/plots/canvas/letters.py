"""Texts on a page: how wide they are drawn, and how they are cut to fit."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

TEXT_SIZE = 8.0  # points
ASCENT, DESCENT = 0.94, 0.24  # of the text size: room for accents and tails
CAPITAL = 0.73  # height of capitals and digits, of the text size


@lru_cache(maxsize=4096)
def text_width(words: str, size: float = TEXT_SIZE) -> float:
    """Returns how wide a text is drawn, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not words:
        return 0.0
    properties = FontProperties(family="DejaVu Sans", size=size)
    return float(text_to_path.get_text_width_height_descent(words, properties, ismath=False)[0])


def fitted(words: str, room: float, size: float = TEXT_SIZE) -> str:
    """Returns the text, cut with an ellipsis where it is wider than `room` points."""
    if text_width(words, size) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(words[:middle].rstrip() + "…", size) <= room:
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


def letters_missing(text: str) -> str:
    """Returns the letters of a text that the plots' font cannot draw."""
    font = _font()
    return "".join(letter for letter in text if not font.get_char_index(ord(letter)))


@cache
def _font() -> FT2Font:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return get_font(findfont(FontProperties(family="DejaVu Sans")))

"""Texts on a page: how wide they are drawn, where their letters stand, and how they are cut to fit.

The letters are those of DejaVu Sans, which comes with Matplotlib, measured and outlined in the units of the font.
Nothing is hinted or scaled, so the numbers are those of the font's own file, in every version of Matplotlib.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from eigendeck.plots.canvas.paths import Segment, segments
from eigendeck.worker.joiners import JOINER, NON_JOINER

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font, Glyph, GlyphIndexType

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
    cuts = [f"{words[:end].rstrip()}…" for end in range(1, len(words) + 1)]
    fitting = bisect_right(cuts, room, key=text_width)
    return cuts[fitting - 1] if fitting else ""


def lines(words: str, room: float) -> list[str]:
    """Returns the text on one line, or on two of about the same width, cut where even these are wider than `room`."""
    if text_width(words) <= room or " " not in words.strip():
        return [fitted(words, room)]
    gaps = [at for at, letter in enumerate(words) if letter == " "]
    best = min(gaps, key=lambda at: max(text_width(words[:at]), text_width(words[at + 1 :])))
    return [fitted(part, room) for part in (words[:best], words[best + 1 :])]


EM = 2048
_FIXED = 64  # Matplotlib divides the points of an outline by it, even those that are not scaled


@cache
def advance(letter: str) -> int | None:
    """Returns how wide a letter is with the room around it; None for one that only a page's own font can set.

    That is a letter that the font lacks, and one whose form or place depends on others, as in Arabic.
    """
    if letter in (JOINER, NON_JOINER) or unicodedata.bidirectional(letter) in ("R", "AL", "AN") or not _index(letter):
        return None
    return _loaded(letter).horiAdvance


def guessed_advance(letter: str) -> int:
    """Returns about how wide another font sets a letter."""
    if letter in (JOINER, NON_JOINER) or unicodedata.combining(letter):
        return 0
    return EM if unicodedata.east_asian_width(letter) in ("W", "F") else EM * 5 // 8


@cache
def kerning(left: str, right: str) -> int:
    """Returns by how much the right one of two letters stands further from the left one than their widths say."""
    from matplotlib.ft2font import Kerning

    return _font().get_kerning(_index(left), _index(right), Kerning.UNSCALED)


def outline(letter: str) -> list[Segment]:
    """Returns the outline of a letter, y upwards."""
    _loaded(letter)
    vertices, codes = _font().get_path()
    return segments((vertices * _FIXED).tolist(), codes.tolist())


@cache
def _index(letter: str) -> GlyphIndexType:
    return _font().get_char_index(ord(letter))


def _loaded(letter: str) -> Glyph:
    from matplotlib.ft2font import LoadFlags

    return _font().load_char(ord(letter), flags=LoadFlags.NO_SCALE)


@cache
def _font() -> FT2Font:
    import matplotlib
    from matplotlib.ft2font import FT2Font

    # Before 3.11 a font counts eighths of a unit across where it is not told otherwise; since then it may not be told.
    options: dict[str, Any] = {} if matplotlib.__version_info__ >= (3, 11) else {"hinting_factor": 1}
    return FT2Font(str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")), **options)

"""The letters of the plots: DejaVu Sans, which comes with Matplotlib, measured and outlined in the units of the font.

Nothing is hinted or scaled, so the numbers are those of the font's own file, in every version of Matplotlib.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eigendeck.plots.canvas.paths import Segment, segments
from eigendeck.worker.joiners import JOINER, NON_JOINER

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font, Glyph, GlyphIndexType

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

"""A picture as SVG: small, the same bytes every time, and safe to stand in a page beside others.

Inside, one unit is 1/40 point and y counts upwards: all numbers are whole, and the outlines of letters need no scale.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from itertools import groupby
from typing import NamedTuple

from eigendeck.model import Plot
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.letters import EM, TEXT_SIZE, outline
from eigendeck.plots.canvas.paths import Point, Segment, through
from eigendeck.worker.numerals import fixed

GRID = 40  # units a point
_TILE = 24  # points: the side of the square that a hatch repeats
_ODD = (False, True, False, True, False, True)


class Mark(NamedTuple):
    """Something drawn: a path, whose content is its data, or a group of elements; attributes are as they are written.

    above: it covers marks of a lower one. alone: it is not joined with marks that look alike.
    """

    above: float
    tag: str
    attributes: str
    content: str
    alone: bool = False


def document(size: Point, definitions: Mapping[str, str], marks: Iterable[Mark]) -> str:
    """Returns a picture of this size in points as a whole SVG document on opaque white.

    definitions: elements that marks refer to, by their ids.
    """
    width, height = (fixed(side, 2) for side in size)
    pixels = [round(side * 4 / 3) for side in size]
    defined = "".join(definitions.values())
    drawn = (f"<defs>{defined}</defs>" if defined else "") + _drawn(marks)
    font = ' font-family="sans-serif"' if "<text" in drawn else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{pixels[0]}" height="{pixels[1]}" '
        f'viewBox="0 0 {width} {height}"{font}>{_sheet(width, height)}'
        f'<g transform="matrix({1 / GRID:g} 0 0 {-1 / GRID:g} 0 {height})" fill="none" stroke-linejoin="round">'
        f"{drawn}</g></svg>\n"
    )


def inline(plot: Plot, prefix: str) -> str:
    """Returns a plot that `draw` made as an element for an HTML page: on the page's ground, in its colours and font.

    The colours are `currentColor` and the custom properties of `style.variables`. prefix: unique in the page; every
    id begins with it.

    Raises ValueError: the prefix cannot begin an id.
    """
    if not re.fullmatch(r"[A-Za-z][\w-]*", prefix, re.ASCII):
        raise ValueError(f"not the beginning of an id: {prefix!r}")
    head = re.match(r'<svg xmlns="\S+" (width="\d+" height="\d+" viewBox="0 0 (\S+) (\S+)")', plot.svg)
    if head is None:
        raise ValueError("not a plot that draw() made")
    body = plot.svg.strip().removesuffix("</svg>").partition(_sheet(head[2], head[3]))[2]
    for refers in (' id="', 'href="#', '="url(#'):
        body = body.replace(refers, f"{refers}{prefix}-")
    for colour, themed in _THEMED.items():
        body = body.replace(f'="{colour}"', f'="{themed}"')
    title, _, rest = plot.alt.partition(". ")
    title = f"{title}." if rest else title
    described = f'<desc id="{prefix}-desc">{escape(rest)}</desc>' if rest else ""
    labelled = f"{prefix}-title {prefix}-desc" if rest else f"{prefix}-title"
    return (
        f'<svg class="plot" role="img" aria-labelledby="{labelled}" {head[1]}>'
        f'<title id="{prefix}-title">{escape(title)}</title>{described}{body}</svg>'
    )


_THEMED = {style.INK: "currentColor", **{colour: f"var({name},{colour})" for name, colour in style.variables().items()}}


def _sheet(width: str, height: str) -> str:
    return f'<path fill="{style.PAPER}" d="M0 0h{width}v{height}h-{width}z"/>'


def _drawn(marks: Iterable[Mark]) -> str:
    """Returns the marks in the order in which they cover each other; neighbours that look alike are one element."""
    written = []
    numbered = enumerate(sorted(marks, key=lambda mark: mark.above))
    for _, alike in groupby(numbered, lambda it: (it[1].tag, it[1].attributes, it[0] if it[1].alone else -1)):
        group = [mark for _, mark in alike]
        content = "".join(mark.content for mark in group)
        inside = f' d="{content}"/>' if group[0].tag == "path" else f">{content}</{group[0].tag}>"
        written.append(f"<{group[0].tag} {group[0].attributes}{inside}")
    return "".join(written)


def path_data(drawn: Iterable[Segment], scale: float = GRID) -> str:
    """Returns segments as SVG writes them: whole numbers, from point to point, so that errors do not add up."""
    written: list[str] = []
    x = y = start_x = start_y = 0
    last = ""
    for letter, numbers in drawn:
        ends = [round(number * scale) for number in numbers]
        steps = [end - (y if odd else x) for end, odd in zip(ends, _ODD, strict=False)]
        x, y = ends[-2:] or (start_x, start_y)
        if letter == "M":
            start_x, start_y = x, y
        elif letter == "L" and not all(steps):
            if not any(steps) and last != "M":  # a dot is a line of no length
                continue
            letter, steps = "V" if steps[1] else "H", [sum(steps)]
        written.append(_spelt("" if letter == last and letter in "LQC" else letter.lower(), steps))
        last = letter
    return "".join(written).replace("m", "M", 1)


def _spelt(letter: str, numbers: Sequence[int]) -> str:
    text = "".join(str(number) if number < 0 else f" {number}" for number in numbers)
    return letter + text.lstrip() if letter else text


def stroke(colour: str, width: float, dash: Sequence[float] = (), cap: str = "butt", opacity: float = 1.0) -> str:
    """Returns the attributes of a line; width and dashes in points, cap as Matplotlib names it."""
    dashes = f' stroke-dasharray="{" ".join(fixed(part * GRID, 1) for part in dash)}"' if dash else ""
    ends = {"butt": "", "round": ' stroke-linecap="round"', "projecting": ' stroke-linecap="square"'}[cap]
    faint = f' stroke-opacity="{fixed(opacity, 2)}"' if opacity < 1 else ""
    return f'stroke="{colour}" stroke-width="{round(width * GRID)}"{dashes}{ends}{faint}'


def ground(colour: str, opacity: float = 1.0) -> str:
    """Returns the attributes of a filled area."""
    return f'fill="{colour}"' + (f' fill-opacity="{fixed(opacity, 2)}"' if opacity < 1 else "")


def lettering(letters: Iterable[tuple[str, int]], at: Point, size: float) -> str:
    """Returns uses of the symbols of letters that stand at these places, in units of the font, right of a point."""
    x, y = (round(side * GRID) for side in at)
    scale = TEXT_SIZE * GRID / EM
    placed = [(symbol(letter)[0], round(place * scale)) for letter, place in letters if symbol(letter)[1]]
    if len(placed) == 1 and size == TEXT_SIZE:
        return f'<use href="#{placed[0][0]}" x="{x + placed[0][1]}" y="{y}"/>'
    shrunk = "" if size == TEXT_SIZE else f"scale({fixed(size / TEXT_SIZE, 4)})"
    uses = "".join(
        f'<use href="#{name}" x="{place}"/>' if place else f'<use href="#{name}"/>' for name, place in placed
    )
    return f'<g transform="translate({x} {y}){shrunk}">{uses}</g>'


def typed(words: str, at: Point, size: float, anchor: float) -> str:
    """Returns a text in the page's own font; at the point stands its beginning (anchor −1), middle (0) or end (1)."""
    x, y = (round(side * GRID) for side in at)
    stands = {-1: "start", 0: "middle", 1: "end"}[round(anchor)]
    return (
        f'<text transform="matrix(1 0 0 -1 {x} {y})" font-size="{round(size * GRID)}" text-anchor="{stands}" '
        f'direction="ltr" unicode-bidi="plaintext">{escape(words)}</text>'
    )


@cache
def symbol(letter: str) -> tuple[str, str]:
    """Returns the id and the element of a letter's outline; it names the letter: equal ids are equal things."""
    name = f"d{ord(letter):x}"
    data = path_data(outline(letter), TEXT_SIZE * GRID / EM)
    return name, f'<path id="{name}" d="{data}"/>' if data else ""


@cache
def hatching(hatch: str, colour: str) -> tuple[str, str]:
    """Returns the id and the element of a pattern of lines; the id says how it looks: equal ids are equal things.

    hatch: signs of Matplotlib for lines: slash, backslash, bar, `-`, `x` and `+`; the more of a sign, the denser.
    """
    signs = {"rising": "/x", "falling": "\\x", "level": "-+", "upright": "|+"}
    counts = {way: sum(map(hatch.count, of)) for way, of in signs.items()}
    edge, far = -1, _TILE + 1  # past the tile's edge: the ends of lines do not show
    lines: list[list[Point]] = [[(edge, c + edge), (far, c + far)] for c in _steps(-_TILE, counts["rising"])]
    lines += [[(edge, c - edge), (far, c - far)] for c in _steps(0, counts["falling"])]
    lines += [[(edge, c / 2), (far, c / 2)] for c in _steps(0, counts["level"])]
    lines += [[(c / 2, edge), (c / 2, far)] for c in _steps(0, counts["upright"])]
    name = f"h{''.join(map(str, counts.values()))}{colour[1:]}"
    data = path_data(segment for line in lines for segment in through(line))
    return name, (
        f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{_TILE * GRID}" height="{_TILE * GRID}">'
        f'<path stroke="{colour}" stroke-width="28" d="{data}"/></pattern>'
    )


def _steps(first: float, count: int) -> list[float]:
    return [first + _TILE * n / count for n in range(2 * count + 1)] if count else []

"""A figure as SVG: small, the same bytes every time, and safe to stand in a page beside others."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from eigendeck.model import Plot
from eigendeck.plots.canvas import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_GROUND = f'<path fill="{style.PAPER}" d="M0 0h{{0}}v{{1}}h-{{0}}z"/>'
_GLYPH_UNITS = 20  # Matplotlib's outlines count 6,400 units an em: at 8 points, 320 are as sharp
_GRID = 10  # parts of a point that coordinates are rounded to: 1/720 inch
_INHERITED = {"stroke-linecap": "butt", "stroke-linejoin": "round", "fill": style.INK}
_IDLE = {"stroke-dashoffset": "0", "stroke-miterlimit": "100000", "opacity": "1", "fill-opacity": "1"}
_TOKEN = re.compile(r"[A-Za-z]|-?[\d.]+(?:e-?\d+)?")


def document(figure: Figure) -> str:
    """Returns a figure as a whole SVG document on opaque white, its size in CSS pixels."""
    buffer = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Type": None, "Format": None}  # each would change the bytes by itself
    figure.savefig(buffer, format="svg", metadata=nothing)
    root = ElementTree.fromstring(buffer.getvalue())
    width, height = (_trimmed(float(size)) for size in root.attrib["viewBox"].split()[2:])
    pixels = [_trimmed(round(float(size) * 4 / 3)) for size in (width, height)]
    body = "".join(_element(child, _used(root)) for child in root)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{pixels[0]}" height="{pixels[1]}" '
        f'viewBox="0 0 {width} {height}" stroke-linejoin="round">{_GROUND.format(width, height)}{body}</svg>\n'
    )


def inline(plot: Plot, prefix: str) -> str:
    """Returns a plot that `draw` made as an element for an HTML page: on the page's ground, in the page's colours.

    The colours are `currentColor` and the custom properties of `style.variables`. prefix: unique in the page; every
    id begins with it.

    Raises:
        ValueError: the prefix cannot begin an id.
    """
    if not re.fullmatch(r"[A-Za-z][\w-]*", prefix, re.ASCII):
        raise ValueError(f"not the beginning of an id: {prefix!r}")
    head, _, body = plot.svg.strip().partition(">")
    box = re.search(r'viewBox="0 0 (\S+) (\S+)"', head)
    size = re.search(r'width="(\d+)" height="(\d+)"', head)
    if box is None or size is None:
        raise ValueError("not a plot that draw() made")
    body = body.removesuffix("</svg>").replace(_GROUND.format(*box.groups()), "", 1)
    body = re.sub(r' id="', f' id="{prefix}-', body)
    body = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}-", body)
    body = re.sub(r'="(#[0-9a-f]{6})"', lambda match: f'="{_THEMED.get(match[1], match[1])}"', body)
    title, _, rest = plot.alt.partition(". ")
    title = f"{title}." if rest else title
    described = f'<desc id="{prefix}-desc">{escape(rest)}</desc>' if rest else ""
    labelled = f"{prefix}-title {prefix}-desc" if rest else f"{prefix}-title"
    return (
        f'<svg class="plot" role="img" aria-labelledby="{labelled}" width="{size[1]}" height="{size[2]}" '
        f'viewBox="0 0 {box[1]} {box[2]}" fill="currentColor" stroke-linejoin="round">'
        f'<title id="{prefix}-title">{escape(title)}</title>{described}{body}</svg>'
    )


_THEMED = {
    style.INK: "currentColor",
    **{colour: f"var({name},{colour})" for name, colour in style.variables().items()},
}


def _used(root: ElementTree.Element) -> dict[str, str]:
    """Returns short names for the ids that something refers to.

    A name says what it stands for (a glyph of the one font; the hash of a hatch), not where it came: two plots in one
    page, even without prefixes, then define a name twice alike.
    """
    wanted: dict[str, str] = {}
    for element in root.iter():
        for value in (element.get(f"{_XLINK}href", ""), element.get("style", ""), element.get("clip-path", "")):
            for name in re.findall(r"^#(.+)|url\(#([^)]+)\)", value):
                wanted[name[0] or name[1]] = (name[0] or name[1]).replace("DejaVuSans-", "d")
    return wanted


def _element(element: ElementTree.Element, ids: dict[str, str]) -> str:
    tag = element.tag.removeprefix(_SVG)
    if tag in ("metadata", "style") or (tag == "path" and not element.get("d") and element.get("id") not in ids):
        return ""
    attributes = _attributes(element, tag, ids)
    inside = "".join(_element(child, ids) for child in element)
    if tag in ("g", "defs") and not inside:
        return ""
    if tag == "g" and not attributes:
        return inside
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"


def _attributes(element: ElementTree.Element, tag: str, ids: dict[str, str]) -> dict[str, str]:
    """Returns an element's attributes, its style spelt as attributes: a page may forbid style, and it cannot leak."""
    found: dict[str, str] = {}
    glyph = tag == "path" and "scale(0.015625)" in element.get("transform", "")
    for name, value in element.attrib.items():
        if name == "id":
            if value in ids:
                found["id"] = ids[value]
        elif name == "style":
            for declaration in filter(None, map(str.strip, value.split(";"))):
                key, _, setting = declaration.partition(":")
                found[key.strip()] = setting.strip()
        elif name == f"{_XLINK}href":
            found["href"] = f"#{ids[value[1:]]}"
        elif name == "d":
            found["d"] = _path(value, 1 / _GLYPH_UNITS if glyph else _GRID, 1 if glyph else _GRID)
        elif name == "transform" and tag == "g":
            found["transform"] = _text_transform(value)
        elif name == "transform" and tag == "use":
            shift = float(value.removeprefix("translate(").split()[0])
            found["x"] = str(round(shift * 64 / _GLYPH_UNITS))
        elif not glyph or name != "transform":
            found[name] = value
    for name, value in found.items():
        if name in ("fill", "stroke", "stroke-dasharray", "stroke-width"):
            found[name] = _setting(value, ids)
    plain = {name: value for name, value in found.items() if _IDLE.get(name) != value}
    if plain.get("stroke", "none") == "none":
        plain = {name: value for name, value in plain.items() if not name.startswith("stroke")}
    return {name: value for name, value in plain.items() if _INHERITED.get(name) != value}


def _setting(value: str, ids: dict[str, str]) -> str:
    reference = re.fullmatch(r"url\(#(.+)\)", value)
    if reference:
        return f"url(#{ids[reference[1]]})"
    return re.sub(r"\d+\.\d+", lambda match: _trimmed(float(match[0])), value)


def _text_transform(value: str) -> str:
    """Returns the place and scale of a text whose glyphs count in units of their own."""
    match = re.fullmatch(r"translate\((\S+) (\S+)\) scale\((\S+) -\S+\)", value)
    if match is None:
        return value
    x, y, scale = map(float, match.groups())
    size = _trimmed(scale / 64 * _GLYPH_UNITS, 5)
    return f"translate({_trimmed(x)} {_trimmed(y)})scale({size} -{size})"


def _path(data: str, scale: float, grid: int) -> str:
    """Returns path data in relative commands, rounded so that errors do not add up."""
    written: list[str] = []
    arguments: list[int] = []
    command = last = ""
    here = start = (0, 0)
    sizes = {"M": 2, "L": 2, "Q": 4, "C": 6}

    def spell(values: list[int]) -> str:
        text = ""
        for value in values:
            number = re.sub(r"^(-?)0\.", r"\1.", _trimmed(value / grid))
            text += number if not text or number.startswith("-") else f" {number}"
        return text

    for token in _TOKEN.findall(data):
        if token in "zZ":
            written.append("z")
            last, here = "z", start
            continue
        if token in sizes:
            command, arguments = token, []
            continue
        arguments.append(round(float(token) * scale))
        if len(arguments) < sizes[command]:
            continue
        end = (arguments[-2], arguments[-1])
        moved = [value - here[i % 2] for i, value in enumerate(arguments)]
        arguments = []
        if command == "M":
            written.append("M" + spell(list(end)) if not written else "m" + spell(moved))
            start, last = end, "l"
        elif command == "L" and (moved[0] == 0 or moved[1] == 0) and (any(moved) or last == "l"):
            letter = "h" if moved[1] == 0 else "v"
            written.append(letter + spell([moved[0] if letter == "h" else moved[1]]))
            last = letter
        else:
            letter = command.lower()
            text = spell(moved)
            joined = letter == last and written and not written[-1].startswith(("M", "m"))
            written.append((text if text.startswith("-") else f" {text}") if joined else letter + text)
            last = letter
        here = end
    return "".join(written)


def _trimmed(value: float, decimals: int = 2) -> str:
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text

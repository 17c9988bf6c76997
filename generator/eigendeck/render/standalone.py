r"""A card as it shows itself where Anki is not, in a notebook: its sides as HTML that asks for nothing else.

Formulas become MathML, which browsers set themselves; pictures stand in the page.
"""

import base64
import html
import re
from collections.abc import Mapping

from eigendeck.latex.mathml import mathml
from eigendeck.render.templates import template_text

_FORMULA = re.compile(r"<(pre|code)\b.*?</\1>|\\\((.*?)\\\)", re.DOTALL)  # MathJax, too, leaves code alone


def standalone(concept: str, sides: Mapping[str, tuple[str, str]], media: Mapping[str, bytes]) -> str:
    """Returns the sides of a card, front above back, one direction after the other; of several variants the first.

    sides: front and back as HTML, by direction, with formulas as MathJax reads them. media: the pictures, by file name.
    """
    parts = "".join(
        f"<header>{direction.title()}</header><h1>{concept}</h1>{front}<hr id='answer'>{back}"
        for direction, (front, back) in sides.items()
    )
    shown = with_pictures(with_mathml(parts), media)
    style = template_text("anki/card.css")
    return f'<div><style>@scope {{ {style} }}</style><div class="card eigendeck">{shown}</div></div>'


def with_mathml(sides: str) -> str:
    """Returns HTML as MathJax reads it with its formulas as MathML."""
    return _FORMULA.sub(lambda found: found[0] if found[1] else mathml(html.unescape(found[2])), sides)


def with_pictures(sides: str, media: Mapping[str, bytes]) -> str:
    """Returns HTML with the pictures that it names standing in it. media: by file name."""
    for name, content in media.items():
        sides = sides.replace(f'src="{name}"', f'src="data:image/svg+xml;base64,{base64.b64encode(content).decode()}"')
    return sides

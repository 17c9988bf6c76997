"""Stage 4, beside the cards: what a panel of the sheet shows, as HTML."""

from __future__ import annotations

from markupsafe import Markup, escape

from eigendeck.latex.mathml import mathml
from eigendeck.model import Line, Number, WorkedPanel
from eigendeck.render.box import Panel
from eigendeck.text import markup
from eigendeck.worker import numerals


def panel(worked: WorkedPanel, number: int) -> Panel:
    """Returns the panel as the sheet takes it. number: its place in the deck, from 1."""
    points = Markup("").join(Markup("<li>{}</li>").format(_html(point)) for point in worked.panel.points)
    rows = Markup("").join(_row(line) for line in worked.lines)
    body = Markup("<ul>{}</ul>").format(points) if points else Markup("")
    body += Markup("<table>{}</table>").format(rows) if rows else Markup("")
    return Panel(f"panel-{number}", worked.panel.title, str(body))


def _row(line: Line) -> Markup:
    """Its caption, its code, and its value: a table that says where each number comes from."""
    code = Markup("<code>{}</code>").format(line.code)
    row = Markup('<tr><td>{}</td><td>{}</td><td class="number">{}</td></tr>')
    return row.format(_html(line.caption), code, escape(_shown(line)))


def _shown(line: Line) -> str:
    """The value to three decimals; what is no number, or has more than one axis, as `print` shows it."""
    value = line.value
    if value is None or value.shape is None or len(value.shape) > 1 or not value.numbers:
        return line.printed
    shown = [_number(number) for number in value.numbers]
    return shown[0] if not value.shape else f"[{' '.join(shown)}]"


def _number(number: Number) -> str:
    if not isinstance(number, float):
        return str(number)
    return numerals.fixed(number, numerals.DECIMALS) if abs(number) < 1e6 else f"{number:.{numerals.DECIMALS}g}"


def _html(words: str) -> Markup:
    return Markup(markup.to_html(words, mathml))

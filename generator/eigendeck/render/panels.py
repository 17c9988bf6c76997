"""Stage 4, beside the cards: what a panel of the sheet shows, as HTML."""

from markupsafe import Markup, escape

from eigendeck.latex.mathml import mathml
from eigendeck.model import Line, WorkedPanel
from eigendeck.render.box import Panel
from eigendeck.text import markup


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
    return row.format(_html(line.caption), code, escape(line.printed))


def _html(words: str) -> Markup:
    return Markup(markup.to_html(words, mathml))

"""The printable sheet: one HTML file that asks nothing of the network, and on paper fits A4 and Letter."""

from __future__ import annotations

import ast
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from eigendeck.outputs.page import colours, environment, font_faces, policy, stylesheet, template_text
from eigendeck.render import highlight
from eigendeck.render.arrangement import arrange, form_of, lines_of
from eigendeck.render.box import Box, Sheet


def emit(sheet: Sheet) -> str:
    """Returns the whole document; the same sheet gives the same text.

    Raises:
        MathError: a formula or a substituted line cannot be shown.
    """
    script = template_text("sheet.js")
    return (
        _environment()
        .get_template("sheet.html")
        .render(
            sheet=sheet,
            boxes=[box for section in sheet.sections for box in section.boxes],
            forms=sorted({box.form for section in sheet.sections for box in section.boxes if box.form}),
            told=sum(box.told for section in sheet.sections for box in section.boxes),
            hues={section.number: round(250 + 137.5 * place) % 360 for place, section in enumerate(sheet.sections)},
            policy=policy(script),
            font_faces=Markup(font_faces()),
            style=Markup(stylesheet("sheet.css")),
            colours=Markup(colours()),
            script=Markup(script),
        )
    )


def box_html(box: Box) -> str:
    """Returns the box of one card as it stands in the document; `print_style` belongs to it."""
    return _environment().get_template("box.html").render(box=box, words=box.words)


def print_style() -> str:
    """Returns the style of the sheet on paper, for a screen that shows how it prints."""
    on_paper = stylesheet("sheet.css").replace("@media screen", "@media not all").replace("@media print", "@media all")
    return f"{font_faces()}:root{{{colours()}}}\n{on_paper}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment({"arranged": arrange, "form": form_of, "lines": lines_of, "run": _run})


def _run(program: str) -> Markup:
    """Returns the program as HTML, a `<span>` a line so that a line too long hangs; `.given` marks the inputs."""
    given = _input_lines(program)
    lines = highlight.highlight(program).split("\n")
    return Markup(
        "\n".join(
            f'<span class="given">{line}</span>' if number in given else f"<span>{line}</span>"
            for number, line in enumerate(lines, start=1)
        )
    )


def _input_lines(program: str) -> set[int]:
    """Returns the numbers of the lines that only bind inputs: the first assignments, which read np and math alone."""
    try:
        statements = ast.parse(program).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # no program that the worker would have run
        return set()
    lines: set[int] = set()
    for statement in statements:
        names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        if not isinstance(statement, ast.Assign):
            break
        if (
            names
            - {node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
            - {"np", "math"}
        ):
            break
        lines |= set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return lines

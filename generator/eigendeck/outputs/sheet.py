"""The printable sheet: one HTML file that asks nothing of the network, and on paper fits A4 and Letter."""

from __future__ import annotations

import ast
import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from string import Template

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from eigendeck.latex.breaks import clauses
from eigendeck.latex.mathml import mathml, mathml_in_text
from eigendeck.plots.canvas.style import variables
from eigendeck.render import highlight, measures
from eigendeck.render.arrangement import arrange, form_of, lines_of
from eigendeck.render.box import Sheet
from eigendeck.text import markup

# family, weight, file. In text, what Sans and Mono lack (→ ≤ ✓ ✗) is taken from the maths font.
FONTS = (
    ("Sheet Sans", "400", "sans-400"),
    ("Sheet Sans", "600", "sans-600"),
    ("Sheet Mono", "400", "mono-400"),
    ("Sheet Mono", "600", "mono-600"),
    ("Sheet Math", "400", "math"),
)
_PACKAGE = files("eigendeck")


def emit(sheet: Sheet) -> str:
    """Returns the whole document; the same sheet gives the same text.

    Raises:
        MathError: a formula or a substituted line cannot be shown.
    """
    script = _text("sheet.js")
    return (
        _environment()
        .get_template("sheet.html")
        .render(
            sheet=sheet,
            boxes=[box for section in sheet.sections for box in section.boxes],
            forms=sorted({box.form for section in sheet.sections for box in section.boxes if box.form}),
            told=sum(box.told for section in sheet.sections for box in section.boxes),
            hues={section.number: round(250 + 137.5 * place) % 360 for place, section in enumerate(sheet.sections)},
            policy=_policy(script),
            font_faces=Markup(_font_faces()),
            style=Markup(stylesheet() + highlight.RULES),
            colours=Markup(_colours()),
            script=Markup(script),
        )
    )


def stylesheet() -> str:
    """Returns the style of the sheet, with the measures by which its boxes are laid out."""
    return Template(_text("sheet.css")).substitute(measures.SHEET.css())


def _colours() -> str:
    """Returns the colours of code and plots by day and by night, as custom properties; a plot's paper is its box."""
    pairs = {f"--code-{name}": pair for name, pair in highlight.COLOURS.items()}
    night = variables(dark=True)
    pairs |= {name: (light, night[name]) for name, light in variables().items()}
    pairs["--p0"] = ("var(--box)", "var(--box)")
    return "".join(f"{name}:light-dark({light},{dark});" for name, (light, dark) in pairs.items())


def _policy(script: str) -> str:
    """Returns the content-security policy: nothing from anywhere, and no script but this one."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("eigendeck"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "html": Markup,
        "marked": lambda text: Markup(markup.to_html(text, mathml_in_text)),
        "plain": lambda text: markup.to_plain(text, mathml_in_text),
        "css_string": css_string,
        "arranged": arrange,
        "form": form_of,
        "lines": lines_of,
        "formula": _formula,
        "run": _run,
        "pre": _pre,
    }
    return environment


@lru_cache(maxsize=1)
def _font_faces() -> str:
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};src:url(data:font/woff2;base64,'
        f'{base64.b64encode((_PACKAGE / "fonts" / f"{name}.woff2").read_bytes()).decode()})format("woff2")}}\n'
        for family, weight, name in FONTS
    )


def _text(name: str) -> str:
    return (_PACKAGE / "templates" / name).read_text(encoding="utf-8")


def css_string(text: str) -> Markup:
    """Returns text as a CSS string that cannot end early, neither the string nor the style element."""
    return Markup('"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"')


def _formula(latex: str, display: bool = False) -> Markup:
    """Returns LaTeX as MathML, in parts where a line may break: browsers do not break inside `<math>`."""
    shown = [" ".join(_inline(part, display) for part in clause) for clause in clauses(latex)]
    if len(shown) == 1:
        return Markup(shown[0])
    return Markup(" ".join(f'<span class="clause">{clause}</span>' for clause in shown))


def _inline(latex: str, display: bool) -> str:
    """Returns the formula as an element within a line; by CSS alone not every browser lets a block of maths be one."""
    return mathml(latex, display).replace('<math display="block">', '<math displaystyle="true">', 1)


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


def _pre(text: str) -> Markup:
    """Returns text for a `<pre>`, whose first line feed HTML would drop."""
    return Markup("\n" * text.startswith("\n")) + escape(text)

"""What all printed pages have in common: HTML files that ask nothing of the network, with their fonts inside."""

import base64
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from string import Template

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from eigendeck import __version__
from eigendeck.latex.breaks import in_clauses
from eigendeck.latex.mathml import mathml, mathml_in_text
from eigendeck.phrases import Phrases
from eigendeck.plots.canvas.style import variables
from eigendeck.render import measures
from eigendeck.render.arrangement import arrange, form_of, lines_of
from eigendeck.render.highlight import COLOURS, RULES, given_lines, highlight, in_lines
from eigendeck.render.templates import environment, template_text
from eigendeck.text import markup

# family, weight, file. In text, what Sans and Mono lack (→ ≤ ✓ ✗) is taken from the maths font.
FONTS = (
    ("Sheet Sans", "400", "sans-400"),
    ("Sheet Sans", "600", "sans-600"),
    ("Sheet Mono", "400", "mono-400"),
    ("Sheet Mono", "600", "mono-600"),
    ("Sheet Math", "400", "math"),
)


@lru_cache(maxsize=1)
def pages() -> Environment:
    """Returns the environment of the templates of all pages."""
    return environment(
        html=Markup,
        marked=_marked,
        plain=lambda text: markup.to_plain(text, mathml_in_text),
        css_string=css_string,
        formula=formula,
        pre=lambda text: Markup("\n" * text.startswith("\n")) + escape(text),  # HTML would drop the first line feed
        trimmed=trimmed,
        mm=lambda length: f"{trimmed(length)}mm",
        code=lambda source: Markup(in_lines(highlight(source))),
        run=lambda program: Markup(in_lines(highlight(program), given_lines(program))),
        arranged=arrange,
        form=form_of,
        lines=lines_of,
    )


def rendered(name: str, script: str = "", **shown: object) -> str:
    """Returns a page: its template with what all pages have, and what is shown in it. script: the one that may run."""
    return (
        pages()
        .get_template(f"{name}.html")
        .render(
            policy=policy(script),
            font_faces=Markup(font_faces()),
            style=Markup(stylesheet(f"{name}.css")),
            colours=Markup(colours()),
            script=Markup(script),
            eigendeck=__version__,
            **shown,
        )
    )


def marked(text: str, words: Phrases) -> Markup:
    """Returns a text of the author as HTML, among words of the deck's language."""
    return Markup(markup.to_html(text, mathml_in_text, apart=words.rtl))


@pass_context
def _marked(context: Context, text: str) -> Markup:
    return marked(text, context["words"])


def stylesheet(name: str) -> str:
    """Returns the style of a page: what all share, and then its own, with the measures by which boxes are laid out."""
    return Template(template_text("page.css") + template_text(name)).substitute(measures.css()) + RULES


def colours() -> str:
    """Returns the colours of code and plots by day and by night, as custom properties; a plot's paper is its box."""
    pairs = {f"--code-{name}": pair for name, pair in COLOURS.items()}
    night = variables(dark=True)
    pairs |= {name: (light, night[name]) for name, light in variables().items()}
    pairs["--p0"] = ("var(--box)", "var(--box)")
    return "".join(f"{name}:light-dark({light},{dark});" for name, (light, dark) in pairs.items())


def hues(sections: Iterable[str]) -> dict[str, int]:
    """Returns the hue of each section, as far from its neighbour's as it can be."""
    return {section: round(250 + 137.5 * place) % 360 for place, section in enumerate(sections)}


def policy(script: str = "") -> str:
    """Returns the content-security policy: nothing from anywhere, and no script but this one."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    scripts = f"script-src 'sha256-{digest}'; " if script else ""
    return (
        f"default-src 'none'; {scripts}style-src 'unsafe-inline'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=1)
def font_faces() -> str:
    """Returns the rules of the fonts, which stand in the page."""
    folder = files("eigendeck") / "fonts"
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};src:url(data:font/woff2;base64,'
        f'{base64.b64encode((folder / f"{name}.woff2").read_bytes()).decode()})format("woff2")}}\n'
        for family, weight, name in FONTS
    )


def css_string(text: str) -> Markup:
    """Returns text as a CSS string that cannot end early, neither the string nor the style element."""
    return Markup('"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"')


def formula(latex: str, display: bool = False) -> Markup:
    """Returns LaTeX as MathML, in parts where a line may break: browsers do not break inside `<math>`."""

    def inline(part: str) -> str:  # by CSS alone not every browser lets a block of maths stand within a line
        shown = mathml(part, display).replace('<math display="block">', '<math displaystyle="true">', 1)
        return f'<span class="part">{shown}</span>' if display else shown

    return Markup(in_clauses(latex, inline))


def trimmed(length: float) -> str:
    """Returns a length as style sheets and SVG write it, to a thousandth."""
    return f"{length:.3f}".rstrip("0").rstrip(".")

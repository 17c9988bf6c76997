"""Texts, formulas, code and pictures as HTML for Anki, and the templates that they go into."""

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from eigendeck.latex.breaks import in_clauses, parts
from eigendeck.latex.commands import problems
from eigendeck.latex.mathml import mathml_in_text
from eigendeck.model import Plot
from eigendeck.phrases import Phrases
from eigendeck.render.highlight import highlight, in_lines, unbroken
from eigendeck.render.metrics import width_in_text
from eigendeck.render.templates import environment
from eigendeck.text import escape, markup
from eigendeck.text.escape import defused, harmless
from eigendeck.worker.latex_tokens import formula_end, stripped, without_digits

_PHONE = 16.2  # ems of a formula that fit beside each other on a phone
_CODE_AND_SIGNS = re.compile(r'(?:<span class="held">)?<code>[^<]*</code>(?:</span>)?[.,;:?!)،؛؟，。；：？！、）]+')
_PLOT_WIDTH = 312  # px: fills a phone's card, and no more than that on a desktop


def media_name(plot: Plot) -> str:
    return f"eigendeck-{hashlib.sha256(plot.svg.encode()).hexdigest()[:24]}.svg"


def image(plot: Plot) -> Markup:
    return Markup(f'<img src="{media_name(plot)}" width="{_PLOT_WIDTH}" alt="{escape.attribute(plot.alt)}">')


def phrase(words: Phrases, name: str, /, **values: Markup) -> Markup:
    """A fixed phrase as HTML, with elements filled in."""
    phrase = escape.harmless(words[name])
    return Markup(re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), phrase))


def leading(words: Phrases, name: str, /, **values: Markup) -> Markup:
    """A fixed phrase before a sentence: what ends with a wide colon has its space in it."""
    return phrase(words, name, **values) + Markup("" if words[name].endswith("：") else " ")


def within(words: Phrases, content: str) -> str:
    """A field in the language and direction of the deck. English is what Anki's page is in anyway."""
    return (
        content if words.language == "en" else f'<div lang="{words.language}" dir="{words.direction}">{content}</div>'
    )


def marked(words: Phrases, content: str) -> str:
    """A line in the language of the deck. The template goes by its first letter, here a mark that nobody sees."""
    if words.language == "en":
        return content
    mark = "\u200f" if words.rtl else ""
    return f'<span lang="{words.language}">{mark}{content}</span>'


def asking_image(plot: Plot, question: str, words: Phrases) -> Markup:
    """The picture of a question: its text does not say what the picture shows."""
    return image(Plot(plot.svg, words.say("card.about_plot", question=markup.to_plain(question, mathml_in_text))))


@lru_cache(maxsize=1024)
def text(source: str) -> Markup:
    return Markup(markup.to_html(source, math))


def own(words: Phrases, source: str) -> Markup:
    """A text of a card, among words of its language."""
    return Markup(markup.to_html(source, math, apart=True)) if words.rtl else text(source)


@pass_context
def _text(context: Context, source: str) -> Markup:
    return own(context["words"], source)


def asked(content: str) -> Markup:
    """A question as HTML. Its code is a box, after which a line may break: a sign of punctuation stays beside it."""
    return Markup(_CODE_AND_SIGNS.sub(r'<span class="held">\g<0></span>', content))


def math(latex: str) -> str:
    """A formula inside a text. Values and code get into texts, too: what no card may use stays words."""
    if problems(latex):
        return escape.harmless(rf"\({latex}\)")
    shown = [for_anki(part) for part in parts(latex)]
    return shown[0] if len(shown) == 1 else f'<bdi dir="ltr">{" ".join(shown)}</bdi>'


@lru_cache(maxsize=1024)
def formula(latex: str) -> Markup:
    """A formula of its own, in parts between which a narrow screen may break the line."""
    return Markup(in_clauses(latex, _part))


def _part(latex: str) -> str:
    """A part that does not break. One too long for a phone is set smaller; what is still too long scrolls."""
    width = width_in_text(latex)
    size = " longest" if width > _PHONE * 1.13 else " long" if width > _PHONE else ""
    return f'<span class="part{size}">{for_anki(latex, display=True)}</span>'


@lru_cache(maxsize=1024)
def code(source: str) -> Markup:
    return Markup(escape.defused(unbroken(highlight(source))))


@lru_cache(maxsize=1024)
def lines(source: str) -> Markup:
    """Code in a block."""
    return Markup(in_lines(escape.defused(highlight(source))) if source else "")


@cache
def _environment() -> Environment:
    return environment(
        lambda value: value if isinstance(value, Markup) else escape.harmless(str(value)),
        text=_text,
        asked=asked,
        formula=formula,
    )


def render(template: str, context: Mapping[str, Any], folders: Sequence[str] = ("anki",)) -> str:
    """Returns a side as HTML, from the first of the folders that has the template."""
    return _environment().select_template([f"{folder}/{template}.html" for folder in folders]).render(context).strip()


@lru_cache(maxsize=4096)
def for_anki(latex: str, display: bool = False) -> str:
    r"""Returns a formula between \( and \), escaped once, as MathJax in Anki's desktop and phones reads it.

    Two closing braces get a space between them: in a cloze note they would end the cloze. display: fractions and sums
    at full size, though the formula stands in a line.

    The last look before a note: what MathJax would read otherwise than it was checked, or at all though no card may
    say it, is shown as words.
    """
    spaced = stripped(latex)
    while "{{" in spaced or "}}" in spaced:
        spaced = spaced.replace("{{", "{ {").replace("}}", "} }")
    style = "\\displaystyle " if display else ""
    formula = f"\\({style}{spaced}\\)"
    return defused(html.escape(formula, quote=False)) if _is_sound(without_digits(formula)) else harmless(formula)


@lru_cache(maxsize=4096)
def _is_sound(formula: str) -> bool:
    """Whether MathJax reads a formula to its end, and a card may say all that is in it."""
    return not problems(formula[2:-2]) and formula_end(formula, 2) == len(formula) - 2

"""The worksheet, problems with room to work and no answers, and the key that answers the same problems."""

from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from eigendeck.outputs.page import page_environment, rendered
from eigendeck.render.highlight import highlight, in_lines
from eigendeck.render.problem import Worksheet


def emit(worksheet: Worksheet, *, key: bool = False) -> str:
    """Returns the document, the same for the same worksheet. key: the answers, in place of the room for them.

    Raises MathError: a formula or a substituted line cannot be shown.
    """
    words = worksheet.words
    return rendered(_environment(), "worksheet", worksheet=worksheet, meta=worksheet.deck, words=words, key=key)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return page_environment(code=lambda source: Markup(in_lines(highlight(source))))

"""The templates that come along. They are constant: a card's text is escaped on its way in, and is never a template."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment(finalize: Callable[[Any], str] | None = None, **filters: Callable[..., Any]) -> Environment:
    """Returns an environment of the templates. finalize: escapes every value on its way in, in place of Jinja."""
    made = Environment(
        loader=PackageLoader("eigendeck"),
        autoescape=finalize is None,
        auto_reload=False,  # they are part of the program
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
    made.filters |= filters
    return made


def template_text(name: str) -> str:
    """Returns a file of the templates as it stands."""
    return (files("eigendeck") / "templates" / name).read_text(encoding="utf-8")

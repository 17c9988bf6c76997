"""A card as Anki shows it: the note type's own templates filled in, and the page that they are shown in."""

import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from markupsafe import Markup

from eigendeck.deck.schema import DeckMeta
from eigendeck.outputs import anki
from eigendeck.outputs.notetype import FIELDS, css, templates
from eigendeck.render.card import Face
from eigendeck.render.standalone import with_mathml, with_pictures
from eigendeck.render.templates import environment

_SECTION = re.compile(r"\{\{#([^}]+)\}\}(.*?)\{\{/\1\}\}", re.DOTALL)
_FIELD = re.compile(r"\{\{([^}#/]+)\}\}")
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)  # it picks a variant: here the reader does


@cache
def anki_web() -> Path | None:
    """Returns the folder of the scripts and styles of Anki's desktop program; None where it is not installed."""
    found = importlib.util.find_spec("_aqt")
    places = found.submodule_search_locations if found else None
    web = Path(next(iter(places))) / "data" / "web" if places else None
    return web if web and (web / "js" / "mathjax.js").is_file() else None


def sides(face: Face, meta: DeckMeta, seed: int) -> list[tuple[str, str, str]]:
    """Returns the name, the front and the back of each card that Anki makes of a note, in its order, as HTML.

    Formulas are as MathJax reads them where Anki's own is at hand, else MathML. Pictures stand in the page.
    """
    fields = dict(zip(FIELDS, anki.note(meta, face, seed).fields, strict=True))
    shown = []
    for template in templates():
        front = _filled(_SCRIPT.sub("", template["qfmt"]), fields)
        if front.strip():
            back = _filled(_SCRIPT.sub("", template["afmt"]), {**fields, "FrontSide": front})
            shown.append((template["name"], _inlined(front, face), _inlined(back, face)))
    return shown


def frame() -> str:
    """Returns the page that a side is shown in: that of Anki's reviewer, as far as it is at hand."""
    return environment().get_template("preview/card.html").render(web=anki_web() is not None, style=Markup(css()))


def _filled(template: str, fields: Mapping[str, str]) -> str:
    """A template of ours with the fields of a note: sections that are there or not, and names."""
    kept = _SECTION.sub(lambda found: found[2] if fields[found[1]] else "", template)
    return _FIELD.sub(lambda found: fields[found[1]], kept)


def _inlined(html: str, face: Face) -> str:
    return with_pictures(html if anki_web() else with_mathml(html), face.media)

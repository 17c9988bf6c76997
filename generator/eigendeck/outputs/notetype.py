"""The note type: frozen. Months of people's reviews hang on these names, numbers and their order.

Anki matches note types, fields and templates by the ids below. A field or template that is added, removed or moved
makes every import conflict with what people have; renaming one (with its id) and changing CSS or the text of a
template is safe. New needs take a spare field or the spare template into use, by renaming it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from eigendeck.render.templates import template_text

MODEL_ID = 1_763_879_451  # never change: Anki knows the note type by this number
NAME = "Eigendeck"
# Raise with each change of CSS or of a template's text, to the day of the change (seconds): Anki takes the newer one,
# so an older eigendeck does not bring old CSS back.
MODIFIED = 1_795_963_500  # 2026-11-29, 14:45

FIELDS = {  # name: id, both for ever; the order too
    "Id": 7_636_110_001,
    "Concept": 7_636_110_002,
    "Section": 7_636_110_003,
    "Says": 7_636_110_004,
    "Work Front": 7_636_110_005,
    "Work Back": 7_636_110_006,
    "Mistake Front": 7_636_110_007,
    "Mistake Back": 7_636_110_008,
    "Code Front": 7_636_110_009,
    "Code Back": 7_636_110_010,
    "Formula Front": 7_636_110_011,
    "Formula Back": 7_636_110_012,
    "Plot Front": 7_636_110_013,
    "Plot Back": 7_636_110_014,
    "See": 7_636_110_015,
    "Edition": 7_636_110_016,
    "Spare 1": 7_636_110_017,
    "Spare 2": 7_636_110_018,
    "Spare 3": 7_636_110_019,
    "Spare 4": 7_636_110_020,
    "Spare 5": 7_636_110_021,
    "Spare 6": 7_636_110_022,
}
TEMPLATES = {  # name: (id, front field, back field), both for ever; the order too
    "Work": (7_636_120_001, "Work Front", "Work Back"),
    "Mistake": (7_636_120_002, "Mistake Front", "Mistake Back"),
    "Code": (7_636_120_003, "Code Front", "Code Back"),
    "Formula": (7_636_120_004, "Formula Front", "Formula Back"),
    "Plot": (7_636_120_005, "Plot Front", "Plot Back"),
    "Spare": (7_636_120_006, "Spare 1", "Spare 2"),
}


@cache
def templates() -> tuple[Mapping[str, Any], ...]:
    """Returns the templates as Anki has them: name, id, front and back."""
    return tuple(
        {"name": name, "id": number, "qfmt": _front(name, front), "afmt": _back(back)}
        for name, (number, front, back) in TEMPLATES.items()
    )


def css() -> str:
    """Returns the CSS of all its cards."""
    return template_text("anki/card.css")


def _front(name: str, field: str) -> str:
    """The front: nothing unless its field has text, so that Anki makes exactly the cards that a note asks for."""
    return (
        f'{{{{#{field}}}}}<div class="eigendeck" data-note="{{{{Id}}}}" data-card="{name}">'
        '<header dir="auto">{{Section}}</header><h1 dir="auto">{{Concept}}</h1>'
        f"{{{{{field}}}}}</div>{_script()}{{{{/{field}}}}}"
    )


def _back(field: str) -> str:
    """The back: a mark for the script, the front, the answer, the reading list."""
    return (
        '<div class="eigendeck-back" hidden></div>{{FrontSide}}<hr id="answer">'
        f'<div class="eigendeck">{{{{{field}}}}}'
        '{{#See}}<div class="see">{{See}}</div>{{/See}}</div>'
        f"{_script()}"
    )


def _script() -> str:
    """The script as Anki takes it: without `//` comments, which cost every card, and without doubled braces."""
    written = (line.strip() for line in template_text("anki/variants.js").splitlines())
    return "<script>" + "\n".join(line.split(" // ")[0] for line in written if not line.startswith("//")) + "</script>"

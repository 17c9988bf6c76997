"""The keys of `deck.yaml` and of a section as JSON Schema, for editors: made from the models and the plot kinds."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from eigendeck.deck.card_parts import PlotSpec
from eigendeck.deck.card_schema import TOLD_KEYS, Card, ToldCard
from eigendeck.deck.key_types import Strictly
from eigendeck.deck.schema import DeckMeta, Heading
from eigendeck.plots import PLOTS, Kind, Parameter
from eigendeck.worker import budget

Part = Literal["deck", "section"]
FILES: Mapping[Part, str] = {"deck": "deck.schema.json", "section": "section.schema.json"}

# A parameter of a plot: an expression, or data as it stands.
_EXPRESSION = {
    "anyOf": [
        {"type": "string", "maxLength": budget.CHARACTERS},
        {"type": ["number", "boolean"]},
        {"type": "array", "items": {"$ref": "#/definitions/Expression"}},
    ]
}


def json_schema(part: Part) -> dict[str, Any]:
    """Returns the schema, draft 7, of `deck.yaml` or of a section's file. It may accept what a build refuses."""
    head = {"$schema": "http://json-schema.org/draft-07/schema#"}
    if part == "deck":
        return {**head, "title": "deck.yaml of an Eigendeck deck", **_draft7(DeckMeta)}
    section, card = _draft7(Heading), _draft7(Card)
    definitions = {**card.pop("definitions"), "Card": card, "PlotSpec": _plot(), "Expression": _EXPRESSION}
    told = _draft7(ToldCard)
    told = {key: value for key, value in told.items() if key not in ("definitions", "allOf", "required")}
    told["properties"] = {name: value for name, value in told["properties"].items() if name in TOLD_KEYS}
    definitions["ToldCard"] = {**told, "required": ["id", "concept", "ask", "says"], "additionalProperties": False}
    # An editor completes the keys of either; which one a card is depends on whether it has any key of a computed one.
    section["properties"]["cards"]["items"] = {
        "if": {"propertyNames": {"enum": sorted(TOLD_KEYS)}, "required": ["ask", "says"]},
        "then": {"$ref": "#/definitions/ToldCard"},
        "else": {"$ref": "#/definitions/Card"},
    }
    return {**head, "title": "A section of an Eigendeck deck", **section, "definitions": definitions}


def as_text(part: Part) -> str:
    """Returns the same as a file has it."""
    return json.dumps(json_schema(part), indent=2, ensure_ascii=False) + "\n"


def modeline(part: Part) -> str:
    """Returns the first line of a YAML file that tells an editor its schema, which lies beside it."""
    return f"# yaml-language-server: $schema={FILES[part]}\n"


def _draft7(model: type[Strictly]) -> dict[str, Any]:
    converted: dict[str, Any] = _converted(model.model_json_schema(ref_template="#/definitions/{model}"))
    return converted


def _converted(schema: Any) -> Any:
    """Pydantic's schema (2020-12) in the words of draft 7, without titles and defaults that say nothing.

    In draft 7 what stands beside a `$ref` is not looked at, so a description there needs an `allOf` around the `$ref`.
    """
    if isinstance(schema, list):
        return [_converted(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        "definitions" if key == "$defs" else key: _converted(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))  # a property of this name is no text
        and not (key == "default" and not isinstance(value, int))
    }
    if "$ref" in made and len(made) > 1:
        made = {"allOf": [{"$ref": made.pop("$ref")}], **made}
    return made


def _plot() -> dict[str, Any]:
    """A plot as it is written: exactly one kind, beside the words of the Plot card."""
    words = _draft7(PlotSpec)["properties"]
    return {
        "type": "object",
        "properties": {name: _kind(kind) for name, kind in PLOTS.items()}
        | {key: words[key] for key in ("ask", "says")},
        "additionalProperties": False,
        "oneOf": [{"required": [name]} for name in PLOTS],
    }


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "type": "object",
        "description": kind.shows,
        "properties": {name: _parameter(parameter) for name, parameter in kind.parameters.items()},
        "required": list(kind.required),
        "minProperties": 1,
        "additionalProperties": _parameter(kind.any_name) if kind.any_name else False,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    if parameter.choices:
        return {"description": parameter.takes, "enum": list(parameter.choices)}
    return {"description": parameter.takes, "allOf": [{"$ref": "#/definitions/Expression"}]}

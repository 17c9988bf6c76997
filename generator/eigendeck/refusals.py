"""What the schema refuses, in words for the author and at its place: pydantic's own words never reach anyone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from eigendeck.errors import Fault, nearest
from eigendeck.nodes import Node, Places
from eigendeck.schema import DIRECTIONS, Card, DeckMeta, Form, Heading, Mistake, Panel, Strictly

_QUOTE = "Put the value in quotes, or on lines of its own below `|`."

# What a required key is for, said where it is missing.
PURPOSES: Mapping[tuple[type[Strictly], str], str] = {
    (DeckMeta, "id"): "The permanent kebab-case name of the deck: it names the outputs and never changes.",
    (DeckMeta, "title"): "The name of the deck as people read it.",
    (Panel, "title"): "What the panel is about, in a few words.",
    (Heading, "section"): "The title of the section.",
    (Heading, "cards"): "The list of the section's cards.",
    (Card, "id"): "The permanent kebab-case name of the card: review history hangs on it.",
    (Card, "concept"): "What the card is about, in a few words: `Dot product`.",
    (Card, "says"): "What the formula means, in one or two sentences.",
    (Card, "formula"): "The formula, in LaTeX without dollar signs.",
    (Card, "numpy"): "The NumPy equivalent; its last expression is the answer.",
    (Card, "check"): "Conditions that hold for every draw, by another route than `numpy`.",
    (Card, "mistake"): "The common mistake: `says` in words and, where it can be run, its `numpy`.",
    (Mistake, "says"): "What is wrong about the common mistake, in a sentence or two.",
}

_NOUNS: Mapping[type[Strictly], str] = {
    DeckMeta: "deck.yaml",
    Heading: "a section",
    Card: "a card",
    Mistake: "mistake",
    Panel: "a panel",
}


def refusal(model: type[Strictly], error: Mapping[str, Any], places: Places, label: str) -> Fault | None:
    """Returns one error of pydantic as a fault; None where the YAML there already has one.

    error: an entry of `ValidationError.errors()`.
    label: the card's id, or what else `what` shall begin with.
    """
    path = _written_path(error["loc"], places.node)
    nodes = _along(path, places.node)
    if any(node.faulty for node in nodes):
        return None
    node, context = nodes[-1], error.get("ctx", {})
    place = places.key(*path)
    match error["type"]:
        case "said":
            what, hint = context["what"], context["hint"]
            if context["line"] and "[key]" not in error["loc"]:
                place = places.at(*path, line=context["line"], column=context["column"])
        case "missing":
            owner = _owner(model, path)
            what, hint = "is missing", PURPOSES[owner, str(path[-1])]
        case "extra_forbidden":
            owner = _owner(model, path)
            known = list(owner.model_fields)
            what = f"is no key of {_NOUNS[owner]}"
            hint = " ".join(filter(None, [nearest(_clip(str(path[-1])), known), f"Known keys: {', '.join(known)}."]))
        case "literal_error":
            options = DIRECTIONS if "cards" in path else get_args(Form)
            what = f'"{_clip(node.text)}" is no {"direction" if "cards" in path else "form"}'
            hint = " ".join(filter(None, [nearest(_clip(node.text), options), f"Known: {', '.join(options)}."]))
        case kind:
            what, hint = _wrong_kind(kind, node, str(path[-1]) if path and isinstance(path[-1], str) else "")
            if node.data is None and places.comment(*path):
                what, hint = "has no value: YAML drops what follows ` #`", _QUOTE
    keys = ".".join(_clip(step) for step in path if isinstance(step, str))
    return Fault(place, f"{label}: {keys}: {what}" if keys else f"{label}: {what}", hint)


def _owner(model: type[Strictly], path: tuple[str | int, ...]) -> type[Strictly]:
    """Returns the model that a key belongs to."""
    if path[:-1] == ("mistake",):
        return Mistake
    return Panel if path[0] == "panels" and len(path) > 2 else model


def _wrong_kind(kind: str, node: Node, key: str) -> tuple[str, str]:
    if node.data is None:
        return "has no value", "Write one, or take the key away."
    match kind:
        case "string_type" if isinstance(node.data, list | dict):
            return f"must be text, not {'a list' if isinstance(node.data, list) else 'keys of its own'}", _QUOTE
        case "string_type":
            return "must be text: put it in quotes", f'Write {key + ": " if key else ""}"{_clip(node.text)}".'
        case "int_type":
            return "must be a whole number", ""
        case "tuple_type":
            return (
                "must be a list",
                f"Write {key}: [{_clip(node.text)}]." if node.text else "Put it in square brackets.",
            )
        case _:
            return "must have keys of its own, one a line", "Write `key: value` lines below it, indented deeper."


def _written_path(loc: tuple[str | int, ...], root: Node) -> tuple[str | int, ...]:
    """Returns where the author wrote what pydantic located; a plot is `{kind: parameters}` in the file."""
    path = tuple(step for step in loc if step != "[key]")
    if path[:2] == ("plot", "parameters"):
        kind = next(key for key in root.children["plot"].children if key not in {"ask", "says"})
        return ("plot", kind, *path[2:])
    return path


def _along(path: tuple[str | int, ...], node: Node) -> list[Node]:
    nodes = [node]
    for step in path:
        if step not in nodes[-1].children:
            break
        nodes.append(nodes[-1].children[step])
    return nodes


def _clip(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"

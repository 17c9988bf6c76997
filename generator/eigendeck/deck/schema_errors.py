"""What the schema refuses, in words for the author and at its place: pydantic's own words never reach anyone.

The words for a value that is of the right kind and breaks a limit stand with the limit, in `key_types` and its users.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from eigendeck.deck import repairs
from eigendeck.deck.card_parts import ONE, SEVERAL, Mistake, Panel, PlotSpec
from eigendeck.deck.card_schema import CODE_KEYS, DIRECTIONS, Card, ToldCard
from eigendeck.deck.key_types import Strictly
from eigendeck.deck.repairs import flow, quoted, written
from eigendeck.deck.schema import DeckMeta, Heading
from eigendeck.deck.source_map import Node, SourceMap
from eigendeck.deck.yaml_quotes import KEY_LINE, QUOTE
from eigendeck.errors import Edit, Fault, Place, clipped, nearest

_CHOICES = {
    "cards": ("direction", DIRECTIONS),
    "allow": ("number that can be allowed", ("inf", "nan")),
}
_LISTED = {"cards": "card", "panels": "panel"}
# Control characters, and the letters that make them behind a backslash.
_ESCAPES = {"0000": "0", "0007": "a", "0008": "b", "0009": "t", "000B": "v", "000C": "f", "000D": "r", "001B": "e"}
_ESCAPES |= {"0085": "N", "2028": "L", "2029": "P"}

_NOUNS: Mapping[type[Strictly], str] = {
    DeckMeta: "deck.yaml",
    Heading: "a section",
    Card: "a card",
    ToldCard: "a card",
    Mistake: "mistake",
    Panel: "a panel",
}


def refusal(model: type[Strictly], error: Mapping[str, Any], source: SourceMap, label: str) -> Fault | None:
    """Returns one error of pydantic as a fault; None where the YAML there already has one.

    error: an entry of `ValidationError.errors()`.
    label: the card's id, or what else `what` shall begin with.
    """
    path = written_path(error["loc"], source.node)
    nodes = source.along(*path)
    if any(node.faulty for node in nodes):
        return None
    node, context = nodes[-1], error.get("ctx", {})
    place = source.key(*path)
    edits: tuple[Edit, ...] = ()
    match error["type"]:
        case "said":
            escaped = _escaped(node, context["what"])
            what, hint = escaped or (context["what"], context["hint"])
            edits = repairs.single_quotes(source.file, source.lines, node.start) if escaped else ()
            if context["line"] and "[key]" not in error["loc"]:
                place = source.at(*path, line=context["line"], column=context["column"])
        case "missing":
            owner = _owner(model, path)
            what, hint = "is missing", owner.model_fields[str(path[-1])].description or ""
        case "extra_forbidden":
            owner = _owner(model, path)
            known = list(owner.model_fields)
            what = f"is no key of {_NOUNS[owner]}"
            hint = nearest(clipped(str(path[-1])), known) or f"Known keys: {', '.join(known)}."
        case "literal_error":
            noun, options = next(choice for key, choice in _CHOICES.items() if key in path)
            what = f'"{clipped(node.text)}" is no {noun}'
            hint = nearest(clipped(node.text), options) or f"Known: {', '.join(options)}."
        case kind:
            field = model.model_fields.get(str(path[0])) if path else None
            example = f"{path[0]}: {flow(field.examples[0])}" if field and field.examples else ""
            what, hint = _wrong_kind(kind, node, path[-1] if path else "", example)
            edits = _quotes(source, node) if kind == "string_type" else ()
            if kind == "string_type" and isinstance(node.data, list) and path[-1] in CODE_KEYS:
                hint = f"Write `{path[-1]}: |`, and below it the lines without their hyphens."
            if kind == "string_type" and isinstance(node.data, list) and (value := _flow(source, node)):
                hint = f"Write {path[-1]}: {quoted(value)}."
            if node.data is None and kind not in ("string_type", "tuple_type") and _same_column(source, node):
                hint = f"What belongs to it is indented deeper than `{path[-1]}`."
            if node.data is None and source.comment(*path):
                what, hint = "has no value: YAML drops what follows ` #`", QUOTE
    keys = ".".join(clipped(step) for step in path if isinstance(step, str))
    return Fault(place, f"{label}: {keys}: {what}" if keys else f"{label}: {what}", hint, edits=edits)


def _flow(source: SourceMap, node: Node) -> str:
    """A list as it is written on one line, behind its key; empty where it is not."""
    row, start = node.start
    line = source.lines[row]
    value = line[start:].partition(" #")[0].rstrip()
    return value if KEY_LINE.match(line) and value.startswith("[") and value.endswith("]") else ""


def _same_column(source: SourceMap, node: Node) -> bool:
    """Whether the line below a key without a value begins where the key does, as if it belonged to it."""
    row, column = node.key
    below = source.lines[row + 1] if row + 1 < len(source.lines) else ""
    return bool(KEY_LINE.match(below)) and len(below) - len(below.lstrip()) == column


def _quotes(source: SourceMap, node: Node) -> tuple[Edit, ...]:
    """The quotes that make text of a number, or of a sentence with a colon that stands as an item of a list."""
    row, start = node.start
    if isinstance(node.data, dict) and source.lines[row][:start].strip() == "-":
        return repairs.value_in_quotes(source.file, source.lines, row, start)
    return repairs.scalar_in_quotes(source, node)


def _owner(model: type[Strictly], path: tuple[str | int, ...]) -> type[Strictly]:
    """Returns the model that a key belongs to."""
    if len(path) > 1 and path[0] == "mistake":
        return Mistake
    return Panel if path[0] == "panels" and len(path) > 2 else model


def folded(source: SourceMap, label: str) -> list[Fault]:
    """Returns a fault for each key of a card whose lines of code stand below it without `|`: YAML makes them one."""
    return [
        Fault(
            source.key(key),
            f"{label}: {key}: its lines need `|`, or YAML joins them to one",
            f"Write `{key}: |`.",
            edits=repairs.bar(source.file, source.lines, node.key[0]),
        )
        for key in CODE_KEYS
        if (node := source.node.children.get(key)) and not node.style and node.key[0] < node.start[0] < node.end[0]
    ]


def _wrong_kind(kind: str, node: Node, step: str | int, example: str) -> tuple[str, str]:
    if node.data is None and isinstance(step, int):
        word = f" The word itself stands in quotes: {quoted(node.text)}." if node.text.isalpha() else ""
        return "an entry has no value", f"Write one, or take the entry away.{word}"
    if node.data is None:
        return "has no value", "Write one, or take the key away."
    key = step if isinstance(step, str) else ""
    match kind:
        case "string_type" if isinstance(node.data, dict) and not key:
            return "`: ` makes a key of the words before it", "Put the sentence in quotes."
        case "string_type" if isinstance(node.data, list | dict):
            return f"must be text, not {'a list' if isinstance(node.data, list) else 'keys of its own'}", QUOTE
        case "string_type":
            return "must be text: put it in quotes", f"Write {key + ': ' if key else ''}{quoted(clipped(node.text))}."
        case "int_type":
            return "must be a whole number", "Digits alone, such as 6."
        case "bool_type":
            return "must be true or false", "Write it without quotes."
        case "tuple_type" if isinstance(node.data, dict) and key in _LISTED:
            return "must be a list", f"Begin each {_LISTED[key]} with `- `."
        case "tuple_type":
            item = clipped(node.text)
            if key == "cards" and item in DIRECTIONS:
                item = ", ".join(dict.fromkeys(("work", item)))
                return "must be a list", f"Write {key}: [{item}]."
            return "must be a list", f"Write {key}: [{written(item)}]." if item else "Put it in square brackets."
        case _:
            begun = f"Write `{example}`, or" if example else "Write"
            return "must have keys of its own", f"{begun} `key: value` lines below it, indented deeper."


def _escaped(node: Node, what: str) -> tuple[str, str] | None:
    """What is said of a control character that double quotes made of a backslash and a letter."""
    sign = _ESCAPES.get(what.removeprefix("contains U+")[:4])
    if node.style != '"' or sign is None:
        return None
    what = f"in double quotes YAML reads `\\{sign}` as a control character"
    return what, "Write it without quotes, in single quotes, or below `|`."


def written_path(loc: tuple[str | int, ...], root: Node) -> tuple[str | int, ...]:
    """Returns where the author wrote what pydantic located; a plot is `{kind: parameters}` in the file."""
    path = tuple(step for step in loc if step not in ("[key]", ONE, SEVERAL))
    if path[:2] == ("plot", "parameters"):
        kind = next(key for key in root.children["plot"].children if key not in {"ask", "says"})
        return ("plot", kind, *path[2:])
    return path


_INSIDE: Mapping[str, frozenset[str]] = {  # what belongs there
    "mistake": frozenset(Mistake.model_fields),
    "plot": (frozenset(PlotSpec.model_fields) - {"kind", "parameters"}) | {"shapes"},  # which is a plot kind, too
}
_KEY = re.compile(r"\s*(\w+):(?=\s|$)")

Path = tuple[str | int, ...]


def misplaced(source: SourceMap, label: str) -> dict[Path, Fault]:
    """Returns a fault for each such key of a card, by the path at which it was looked for, or was one too many."""
    faults: dict[Path, Fault] = {}
    for key, outer, place in (*_in_mappings(source), *_in_texts(source)):
        if key not in source.node.children:
            what = f"{label}: {key}: stands inside `{outer}`: it is indented too deep"
            fault = Fault(place, what, f"Begin it in the column of `{outer}`.")
            faults |= {(key,): fault, (outer, key): fault}
            faults |= {("plot",): fault} if outer == "plot" else {}
    return faults


def _in_mappings(source: SourceMap) -> Iterator[tuple[str, str, Place]]:
    for outer, own in _INSIDE.items():
        node = source.node.children.get(outer)
        for key, child in node.children.items() if node else ():
            is_kind = key == "shapes" and child.children  # a plot kind is called so, too
            if isinstance(key, str) and key in Card.model_fields and key not in own and not is_kind:
                yield key, outer, source.key(outer, key)


def _in_texts(source: SourceMap) -> Iterator[tuple[str, str, Place]]:
    """In code any key of a card, since no line of code looks like one; in prose those that no card may lack."""
    for outer, node in source.node.children.items():
        if not isinstance(outer, str) or node.style not in ("|", ">"):
            continue
        for number, line in enumerate(node.text.splitlines(), 1):
            found = _KEY.match(line)
            field = Card.model_fields.get(found[1]) if found else None
            if found and field and (outer in CODE_KEYS or field.is_required()):
                yield found[1], outer, source.at(outer, line=number, column=found.start(1))

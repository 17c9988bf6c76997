"""How inputs and shapes are written on a card."""

import ast
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from eigendeck.deck.card_schema import Card
from eigendeck.deck.key_types import ANGLES
from eigendeck.deck.schema import DeckMeta
from eigendeck.model import Number, Value, Variant
from eigendeck.text import markup
from eigendeck.worker.numerals import typed

NO_UNITS: Mapping[str, str] = MappingProxyType({})


THIN = "\u2009"  # the space between a number and its unit


def input_lines(
    inputs: Sequence[tuple[str, Value]], shown: Mapping[str, str], units: Mapping[str, str] = NO_UNITS
) -> str:
    """Returns the inputs as a reader likes to see them, with their units: `x = [5, 2, -1]`, matrices row under row."""
    return "\n".join(_line(name, value, shown.get(name)) + with_unit(units.get(name)) for name, value in inputs)


def named_in(card: Card) -> set[str]:
    """Returns the names of the inputs that `ask` shows."""
    return {content.partition(":")[0] for content, _ in markup.placeholders(card.ask)}


def unasked(card: Card, variant: Variant) -> str:
    """Returns the inputs of a variant that `ask` does not show, as lines."""
    named = named_in(card)
    return input_lines([pair for pair in variant.inputs if pair[0] not in named], variant.shown, card.units)


def with_unit(unit: str | None) -> str:
    """Returns what stands behind a number that has a unit; nothing where it has none."""
    return f"{'' if unit in ANGLES else THIN}{unit}" if unit else ""


def program_with_units(program: str, units: Mapping[str, str], unit: str | None) -> str:
    """Returns a program with the units as comments: behind each input that it binds, and behind its last line."""
    if not units and not unit:
        return program
    lines, left = program.splitlines(), dict(units)
    statements = ast.parse(program).body
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], end_lineno=int(end)) if name in left:
                lines[end - 1] += f"  # {left.pop(name)}"
    if unit:
        lines[-1] += f"  # {unit}"
    return "\n".join(lines)


def _line(name: str, value: Value, shown: str | None) -> str:
    if value.kind == "function":
        return value.literal
    if shown is not None:
        return f"{name} = {shown}"
    if value.kind != "array" or not value.shape or 0 in value.shape:
        return f"{name} = {value.literal}"
    entries = [_entry(number) for number in value.numbers]
    width = max(map(len, entries)) if len(value.shape) > 1 else 0
    body = _nested([entry.rjust(width) for entry in entries], value.shape, len(name) + 3)
    return f"{name} = {body}"


def _nested(entries: Sequence[str], shape: Sequence[int], indent: int) -> str:
    if len(shape) == 1:
        return f"[{', '.join(entries)}]"
    size = len(entries) // shape[0]
    parts = [_nested(entries[i * size : (i + 1) * size], shape[1:], indent + 1) for i in range(shape[0])]
    return "[" + (",\n" + " " * (indent + 1)).join(parts) + "]"


def _entry(number: Number) -> str:
    return typed(number) if isinstance(number, float) and math.isfinite(number) else repr(number)


def shows_shapes(card: Card, meta: DeckMeta) -> bool:
    """Whether a card asks for shapes and shows them."""
    return meta.shapes if card.shapes is None else card.shapes


def shape_trace(variant: Variant) -> str:
    """Returns `(3,) · (3,) → ()`, without the inputs that are single numbers; nothing where no shape is in question.

    One is where the answer is an array, or where a matrix or several arrays become a number: not in a mean of a list.
    """
    if variant.answer.shape is None:
        return ""
    axes = sum(len(value.shape) for _, value in variant.inputs if value.shape)
    if not variant.answer.shape and axes < 2:
        return ""
    inputs = " · ".join(str(value.shape) for _, value in variant.inputs if value.shape)
    return f"{inputs} → {variant.answer.shape}".strip()

"""How inputs and shapes are written on a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eigendeck.model import Number, Value, Variant
from eigendeck.worker import numerals


def input_lines(inputs: Sequence[tuple[str, Value]], shown: Mapping[str, str]) -> str:
    """Returns the inputs as a reader likes to see them: `x = [5, 2, -1]`, matrices row under row."""
    return "\n".join(_line(name, value, shown.get(name)) for name, value in inputs)


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
    return repr(numerals.clean(number) if isinstance(number, float) else number)


def has_shape(variant: Variant) -> bool:
    """Whether shapes say anything: not where inputs and answer are all single numbers or text."""
    return any(value.shape for value in (*(value for _, value in variant.inputs), variant.answer))


def shape_trace(variant: Variant) -> str:
    """Returns `(3,) · (3,) → ()`, without the inputs that are single numbers; nothing where shapes say nothing."""
    if not has_shape(variant) or variant.answer.shape is None:
        return ""
    inputs = " · ".join(str(value.shape) for _, value in variant.inputs if value.shape)
    return f"{inputs} → {variant.answer.shape}".strip()

"""The values that pass between the stages: frozen, plain, without NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eigendeck.deck.schema import Card, Panel

Number = bool | int | float | complex | str  # str: a text value's own text


@dataclass(frozen=True, slots=True)
class Value:
    """A value that card code made.

    kind: "number", "bool", "text", "array", "sequence" (tuple or list), or "function".
    literal: Python that makes it again: `np.array([5, 2, -1])`; a function's source.
    printed: what `print` shows of it, without noise.
    shape: () for a single number; None for text, functions and ragged sequences.
    numbers: its entries, flat, in row-major order.
    """

    kind: str
    literal: str
    printed: str
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of code, its caption, and what it printed; `raised` says that it printed an error instead."""

    code: str
    caption: str
    printed: str
    value: Value | None = None
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One worked example of a card."""

    number: int
    inputs: tuple[tuple[str, Value], ...]  # what `numpy` reads, in the order of `given`
    shown: Mapping[str, str]  # how an input is displayed, where the card says so (`show`)
    answer: Value
    program: str  # complete: after `import numpy as np` it prints exactly `output`
    output: str
    steps: tuple[Line, ...] = ()
    mistake: Line | None = None
    mistake_inputs: tuple[tuple[str, Value], ...] = ()  # what `numpy` or the mistake reads
    ask: tuple[str, ...] = ()  # the placeholders of `ask`, filled, in order
    work: tuple[Value, ...] = ()  # the values of the placeholders of `work`, in order
    plot: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plot:
    """A rendered figure: an SVG document on opaque white, and what it shows, in words and numbers."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class CardPlots:
    """The plots of a card: one for each variant, by its number, and the first variant's once more, drawn for print."""

    variants: Mapping[int, Plot] = field(default_factory=dict)
    printed: Plot | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A card with its variants, its checks in words, and what running its displayed formula has shown, if it binds."""

    card: Card
    variants: tuple[Variant, ...]
    checks: tuple[str, ...]
    formula_run: str = ""


@dataclass(frozen=True, slots=True)
class WorkedPanel:
    """A panel of the sheet with the values of its lines."""

    panel: Panel
    lines: tuple[Line, ...]

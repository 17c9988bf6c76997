"""The wire: what the parent asks of the worker, and the values that come back. Both ends make and read these classes.

They hold text, numbers, tuples and mappings alone, so that `frames` can write them as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from eigendeck.worker.formula_summary import Summary

# Where in a card something stands: `("numpy",)`, `("mistake", "numpy")`, `("show", "x")`, `("plot", "arrows", "x")`.
Key = tuple[str, ...]

# Lines (from 1) and columns (from 0) of the text of a key.
Signs = tuple[tuple[int, int], ...]

GIVEN: Key = ("given",)
WIDE: Key = ("wide",)
KEEP: Key = ("keep",)
NICE: Key = ("nice",)
NUMPY: Key = ("numpy",)
STEPS: Key = ("steps",)
CHECK: Key = ("check",)
MISTAKE: Key = ("mistake", "numpy")  # of a list of them `("mistake", "0", "numpy")`
ASK: Key = ("ask",)
WORK: Key = ("work",)
FORMULA: Key = ("formula",)


# ---- what is asked


@dataclass(frozen=True, slots=True)
class Nice:
    """What a hand-friendly answer is: on a grid, shown to some digits, or (both None) whatever comes out."""

    grid: float | None = None
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Code that is a part of a key's text; line (from 1) and column (from 0) say where in it."""

    key: Key
    source: str
    line: int = 1
    column: int = 0


@dataclass(frozen=True, slots=True)
class DisplayedFormula:
    """The displayed formula, to be run.

    reads: None where the card has none, so that the formula does not bind. excused: the card says why the formula
    holds for its mistake too. misprints: those that the draws would notice are counted.
    """

    latex: str
    reads: Mapping[str, str] | None = None
    excused: bool = False
    misprints: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A card: its code by key, and which draws of it are wanted.

    allow: `inf` and `nan`, where answers and steps may be so. alone: what each line of `check` alone refuses is wanted.
    wide: empty where its draws are not to be tried.
    formula: None where it is not to be run. seed, stream: with the number of a variant they fix its draw; the stream is
    the card's own. full: the variants themselves are wanted, each with other inputs, and not only the faults.
    tried: on other draws it was found sound: what does not depend on the draws is known, as that `check` can fail.
    """

    numpy: str
    given: str = ""
    wide: str = ""
    keep: str = ""
    steps: str = ""
    check: str = ""
    mistakes: tuple[Piece, ...] = ()
    nice: Nice = Nice()
    allow: tuple[str, ...] = ()
    show: Mapping[str, str] = field(default_factory=dict)
    ask: tuple[Piece, ...] = ()
    work: tuple[Piece, ...] = ()
    plot: Mapping[str, Piece] = field(default_factory=dict)
    formula: DisplayedFormula | None = None
    seed: int = 0
    stream: int = 0
    first: int = 1
    count: int = 1
    full: bool = True
    tried: bool = False
    alone: bool = False


def read_job(frame: Mapping[str, Any]) -> Job:
    """Returns the job in a frame, where JSON made lists of tuples, and tables of the classes."""

    def piece(table: Mapping[str, Any]) -> Piece:
        return Piece(**{**table, "key": tuple(table["key"])})

    inner = {
        "nice": Nice(**frame["nice"]),
        "allow": tuple(frame["allow"]),
        "ask": tuple(map(piece, frame["ask"])),
        "work": tuple(map(piece, frame["work"])),
        "mistakes": tuple(map(piece, frame["mistakes"])),
        "plot": {name: piece(table) for name, table in frame["plot"].items()},
        "formula": frame["formula"] and DisplayedFormula(**frame["formula"]),
    }
    return Job(**{**frame, **inner})


# ---- what comes back


@dataclass(frozen=True, slots=True)
class Layer:
    """A limit of the worker: whether it holds on this machine, and to what, or why it does not."""

    holds: bool
    says: str


@dataclass(frozen=True, slots=True)
class CardFault:
    """A fault that the worker found: the key, a line (from 1) and a column (from 0) in its text.

    signs: where signs stand that Python spells otherwise: `−` for `-`, `^` for `**`.
    """

    key: Key
    message: str
    hint: str = ""
    line: int = 1
    column: int = 0
    signs: Signs = ()


Number = bool | int | float | complex | str  # str: a text value's own text


@dataclass(frozen=True, slots=True)
class Value:
    """A value that card code made.

    literal: Python that makes it again: `np.array([5, 2, -1])`; a function's source.
    printed: what `print` shows of it, without noise.
    shape: () for a single number; None for text, functions, tuples and lists.
    numbers: its entries, flat, in row-major order.
    """

    kind: Literal["number", "bool", "text", "array", "sequence", "function"]
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
    mistakes: tuple[Line, ...] = ()
    mistake_inputs: tuple[tuple[str, Value], ...] = ()  # what `numpy` or the mistakes read
    ask: tuple[str, ...] = ()  # the placeholders of `ask`, and after them of `plot.says`, filled, in order
    work: tuple[Value, ...] = ()  # the values of the placeholders of `work`, in order
    plot: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a job: faults, or what was asked for; believed only as far as `worked.replies` has looked at it.

    answers: the printed answers of its draws, up to five different ones. checks: in words. alone: of each of them the
    wrong answers that no other refuses, in words, if that was asked for. short_of_memory: some code
    asked for more than there was, which may be for what other cards left.
    """

    faults: tuple[CardFault, ...] = ()
    variants: tuple[Variant, ...] = ()
    answers: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    alone: tuple[tuple[str, ...], ...] = ()
    formula: Summary | None = None
    short_of_memory: bool = False

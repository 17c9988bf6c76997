"""What a formula says, as a tree of frozen nodes. Two nodes are equal where they say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula."""


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A literal, as it is written: `2`, `0.5`, `12`."""

    text: str


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    r"""A letter, a Greek letter (`\theta`) or a word in upright letters; font: "", "bold", "bb", "cal"."""

    name: str
    font: str = ""


@dataclass(frozen=True, slots=True)
class Words(Node):
    r"""`\text{…}`."""

    text: str


@dataclass(frozen=True, slots=True)
class All(Node):
    """The colon of `A_{:,j}`."""


@dataclass(frozen=True, slots=True)
class Dots(Node):
    r"""`\ldots`."""


@dataclass(frozen=True, slots=True)
class Accented(Node):
    r"""`\hat{y}`; accent: hat, bar, tilde, vec, dot, ddot."""

    accent: str
    base: Node


@dataclass(frozen=True, slots=True)
class Indexed(Node):
    """Subscripts, one or several."""

    base: Node
    indices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Marked(Node):
    """A superscript that is no power: `x^{*}`, `x^{(i)}`."""

    base: Node
    mark: Node


@dataclass(frozen=True, slots=True)
class Primed(Node):
    """`f'`, with the number of strokes."""

    base: Node
    count: int


@dataclass(frozen=True, slots=True)
class Power(Node):
    """A power; of a matrix, `A^{-1}` is its inverse."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Transposed(Node):
    r"""`A^\top`."""

    base: Node


@dataclass(frozen=True, slots=True)
class Factorial(Node):
    """`n!`."""

    base: Node


@dataclass(frozen=True, slots=True)
class Negative(Node):
    r"""`-x`, as a term of a sum too; both: `\pm x`."""

    body: Node
    both: bool = False


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Two or more terms."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Two or more factors and what stands between them: "" (nothing), cdot, times, odot, ast."""

    factors: tuple[Node, ...]
    between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    """slash: written in the line, where several factors after it leave open how far it reaches (then rest has them)."""

    top: Node
    bottom: Node
    slash: bool = False
    rest: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Root(Node):
    """A square root, or one of another degree."""

    body: Node
    degree: Node | None = None


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """A binomial coefficient."""

    top: Node
    bottom: Node


@dataclass(frozen=True, slots=True)
class Big(Node):
    """operator: sum, prod, max, min, argmax, argmin, lim, int; below and above: what stands there, if anything does."""

    operator: str
    below: Node | None
    above: Node | None
    body: Node


@dataclass(frozen=True, slots=True)
class Function(Node):
    r"""A function with a name of its own, as in `\log_2 x`; below: its subscript."""

    name: str
    arguments: tuple[Node, ...]
    below: Node | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A symbol before brackets: a function of the card's, or a factor. Which one, only the values can tell."""

    head: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Event(Node):
    r"""`A \cap B`, `A \mid B` and their kind, which only `reads` can give a value."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Norm(Node):
    r"""`\lVert x\rVert`; kind: its subscript."""

    body: Node
    kind: Node | None = None


@dataclass(frozen=True, slots=True)
class Absolute(Node):
    """`|x|`."""

    body: Node


@dataclass(frozen=True, slots=True)
class Tuple(Node):
    """Things between brackets, with a comma or a space between them; brackets: the two that are written."""

    items: tuple[Node, ...]
    brackets: str


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """The rows of a matrix that is written out."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """Values with their conditions; a condition of None is the rest."""

    rows: tuple[tuple[Node, Node | None], ...]


@dataclass(frozen=True, slots=True)
class Derivative(Node):
    r"""`\frac{\partial f}{\partial w}`; sign: `d` or `\partial`."""

    of: Node
    by: Node
    sign: str


@dataclass(frozen=True, slots=True)
class Gradient(Node):
    r"""`\nabla f`, with its subscript."""

    of: Node
    by: Node | None = None


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Sides and the relations between them; one side alone has none."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """What a key of `reads` replaced: its number, the indices in the place of its letters, and what stood there."""

    key: int
    indices: tuple[Node, ...]
    stood: Node


def children(node: Node) -> Iterator[Node]:
    """The parts of a node, in order."""
    return _nodes_in(_fields(node))


def _fields(node: Node) -> tuple[Any, ...]:
    names: tuple[str, ...] = node.__slots__  # those of the dataclass itself, in order
    return tuple(getattr(node, name) for name in names)


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


def walk(node: Node, *, executed: bool = False) -> Iterator[Node]:
    """A node and all below it, parents first. executed: without what stood where `reads` gives a value."""
    yield node
    for child in node.indices if executed and isinstance(node, Bound) else children(node):
        yield from walk(child, executed=executed)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Returns the node with each of its parts changed."""

    def changed(value: Any) -> Any:
        if isinstance(value, Node):
            return change(value)
        return tuple(map(changed, value)) if isinstance(value, tuple) else value

    return type(node)(*map(changed, _fields(node)))


def is_letter(node: Node) -> bool:
    """Whether a node can name an index: a small Latin letter."""
    return isinstance(node, Symbol) and not node.font and len(node.name) == 1 and node.name.islower()

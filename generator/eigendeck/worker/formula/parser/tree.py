"""What a formula says, as a tree of frozen nodes. Two nodes are equal where they say the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from operator import is_
from typing import Any, TypeGuard, TypeVar, dataclass_transform

Of = TypeVar("Of", bound="Node")
Result = TypeVar("Result")


def of_tree(function: Callable[[Of], Result]) -> Callable[[Of], Result]:
    """What is found of a node alone, kept in the node: it is asked for on every draw."""

    @wraps(function)
    def kept(node: Of) -> Result:
        known: dict[Any, Any] = node.__dict__
        try:
            return known[function]  # type: ignore[no-any-return]
        except KeyError:
            found = known[function] = function(node)
            return found

    return kept


@dataclass_transform(frozen_default=True)
class Node:
    """A part of a formula. Its kinds are frozen dataclasses."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True)(cls)
        cls.__hash__ = of_tree(cls.__hash__)  # type: ignore[method-assign, assignment]


class Number(Node):  # a literal, as it is written: `2`, `0.5`, `12`
    text: str


class Symbol(Node):  # a letter, a Greek letter (`\theta`) or a word in upright letters; font: "", "bold", "bb", "cal"
    name: str
    font: str = ""


class Words(Node):  # `\text{…}`
    text: str


class All(Node):
    """The colon of `A_{:,j}`."""


class Dots(Node):
    r"""`\ldots`."""


class Accented(Node):  # `\hat{y}`; accent: hat, bar, tilde, vec, dot, ddot
    accent: str
    base: Node


class Indexed(Node):  # subscripts, one or several
    base: Node
    indices: tuple[Node, ...]


class Marked(Node):  # a superscript that is no power: `x^{*}`, `x^{(i)}`
    base: Node
    mark: Node


class Primed(Node):  # `f'`, with the number of strokes
    base: Node
    count: int


class Power(Node):  # a power; of a matrix, `A^{-1}` is its inverse
    base: Node
    exponent: Node


class Transposed(Node):  # `A^\top`
    base: Node


class Factorial(Node):  # `n!`
    base: Node


class Negative(Node):  # `-x`, as a term of a sum too; both: `\pm x`
    body: Node
    both: bool = False


class Sum(Node):  # two or more terms
    terms: tuple[Node, ...]


class Product(Node):  # two or more factors and what stands between them: "" (nothing), cdot, times, odot, ast
    factors: tuple[Node, ...]
    between: tuple[str, ...]


class Fraction(Node):
    """slash: written in the line, where several factors after it leave open how far it reaches (then rest has them)."""

    top: Node
    bottom: Node
    slash: bool = False
    rest: tuple[Node, ...] = ()


class Root(Node):  # a square root, or one of another degree
    body: Node
    degree: Node | None = None


class Choose(Node):  # a binomial coefficient
    top: Node
    bottom: Node


class Big(Node):
    """operator: sum, prod, max, min, argmax, argmin, lim, int; below and above: what stands there, if anything does."""

    operator: str
    below: Node | None
    above: Node | None
    body: Node


class Function(Node):  # a function with a name of its own, as in `\log_2 x`; below: its subscript
    name: str
    arguments: tuple[Node, ...]
    below: Node | None = None


class Call(Node):
    """A symbol before brackets: a function of the card's, or a factor. Which one, only the values can tell."""

    head: Node
    arguments: tuple[Node, ...]


class Event(Node):  # `A \cap B`, `A \mid B` and their kind, which only `reads` can give a value
    operator: str
    left: Node
    right: Node


class Norm(Node):  # `\lVert x\rVert`; kind: its subscript
    body: Node
    kind: Node | None = None


class Absolute(Node):  # `|x|`
    body: Node


class Tuple(Node):
    """Things between brackets, with a comma or a space between them; brackets: the two that are written."""

    items: tuple[Node, ...]
    brackets: str


class Matrix(Node):  # the rows of a matrix that is written out
    rows: tuple[tuple[Node, ...], ...]


class Cases(Node):  # values with their conditions; a condition of None is the rest
    rows: tuple[tuple[Node, Node | None], ...]


class Derivative(Node):  # `\frac{\partial f}{\partial w}`; sign: `d` or `\partial`
    of: Node
    by: Node
    sign: str


class Gradient(Node):  # `\nabla f`, with its subscript
    of: Node
    by: Node | None = None


class Chain(Node):  # sides and the relations between them; one side alone has none
    sides: tuple[Node, ...]
    relations: tuple[str, ...]


class Bound(Node):
    """What a key of `reads` replaced: its number, the indices in the place of its letters, and what stood there."""

    key: int
    indices: tuple[Node, ...]
    stood: Node


@of_tree
def children(node: Node) -> tuple[Node, ...]:
    return tuple(_nodes_in(_fields(node)))


def _fields(node: Node) -> tuple[Any, ...]:
    names: tuple[str, ...] = node.__match_args__  # type: ignore[attr-defined]  # each dataclass has it
    return tuple(getattr(node, name) for name in names)


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


@of_tree
def walk(node: Node) -> tuple[Node, ...]:
    """A node and all below it, parents first."""
    return (node, *(part for child in children(node) for part in walk(child)))


@of_tree
def walk_executed(node: Node) -> tuple[Node, ...]:
    """The same without what stood where `reads` gives a value."""
    below = node.indices if isinstance(node, Bound) else children(node)
    return (node, *(part for child in below for part in walk_executed(child)))


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Returns the node with each of its parts changed; where none is another, the node itself and what it keeps."""

    def changed(value: Any) -> Any:
        if isinstance(value, Node):
            return change(value)
        if not isinstance(value, tuple):
            return value
        parts = tuple(map(changed, value))
        return value if all(map(is_, parts, value)) else parts

    if not children(node):
        return node
    before = _fields(node)
    after = changed(before)
    return node if after is before else type(node)(*after)


def product(factors: Sequence[Node], between: Sequence[str] = ()) -> Node:
    """Returns the product of factors, side by side where nothing is said; of one alone it is that."""
    signs = tuple(between) or ("",) * (len(factors) - 1)
    return factors[0] if len(factors) == 1 else Product(tuple(factors), signs)


def subscripts(*nodes: Node) -> Iterator[Node]:
    """The subscripts of nodes and of all below them."""
    return (index for node in nodes for part in walk(node) if isinstance(part, Indexed) for index in part.indices)


def is_letter(node: Node | None) -> TypeGuard[Symbol]:
    """Whether a node can name an index: a small Latin letter."""
    return isinstance(node, Symbol) and not node.font and len(node.name) == 1 and node.name.islower()

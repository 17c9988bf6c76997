"""What is known while a formula is executed on one draw, and what executing a part of it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from eigendeck.worker.formula.evaluate.tensors import Array, Tensor, tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.bindings import Binding
from eigendeck.worker.formula.parser.causes import NotExecuted, Undefined, Unread, unknown_range
from eigendeck.worker.formula.parser.naming import name_of
from eigendeck.worker.formula.parser.printer import spelled

NOTHING: Mapping[Any, Any] = MappingProxyType({})
SAMPLE = "#sample"  # the letter of the entries of data whose mean or variance is taken

Rule = Callable[["Context", Any], Tensor]


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of an index letter, counted from 1 where nothing else is said, and their positions in an array."""

    values: Array
    positions: Array


@dataclass(frozen=True, slots=True)
class Count:
    """What a symbol such as n counts: the values of a letter in a place, `less` fewer."""

    letter: str
    place: t.Node
    less: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    r"""What the symbols of a clause mean on one draw.

    names: the inputs that symbols may stand for. bindings, values: the keys of `reads`, and the value of each or why it
    has none. conventions: the reading chosen where textbooks differ. definitions: symbols and what other clauses say
    that they are, as in `\mu = \mathbb{E}[X]`. counts: symbols such as n, and what they count. sets: what letters run
    over. imaginary: i and j are the imaginary unit where they are nothing else. tried: what a symbol is tried as, the
    answer.
    """

    rules: Mapping[type[t.Node], Rule]
    namespace: Mapping[str, Any]
    names: frozenset[str]
    bindings: Sequence[Binding]
    values: Sequence[Any | Unread]
    conventions: Mapping[str, str]
    definitions: Sequence[tuple[t.Node, t.Node]]
    counts: Mapping[str, Count]
    sets: frozenset[t.Node]
    imaginary: bool
    tried: Mapping[t.Node, Tensor]

    @property
    def reads_answer(self) -> bool:
        """Whether a symbol can mean the answer."""
        return bool(self.tried) or any(binding.reads_answer for binding in self.bindings)


class Context(NamedTuple):
    """Where in a formula something is executed.

    variables: what a limit, a derivative, an integral or a search has set. axes: index letters whose values matter.
    places: where the range of a letter can be found, which is an index then. sizes: ranges that the answer tells. sign:
    which sign ± has. sampling: data stand for their random variable. resolving: symbols whose definition is being
    executed. withheld: the answer must not be used.
    """

    known: Known
    variables: Mapping[t.Node, Tensor] = NOTHING
    axes: Mapping[str, Axis] = NOTHING
    places: Mapping[str, tuple[t.Node, ...]] = NOTHING
    sizes: Mapping[str, int] = NOTHING
    sign: int = 1
    sampling: bool = False
    resolving: tuple[t.Node, ...] = ()
    withheld: bool = False

    def value(self, node: t.Node) -> Tensor:
        """Returns the value of a node. Raises Undefined where a symbol has none, Unread where it is not executed."""
        if self.variables and node in self.variables:
            return self.variables[node]
        if self.known.tried and node in self.known.tried:
            if self.withheld:
                raise Unread("the answer is not to be used")
            return self.known.tried[node]
        rule = self.known.rules.get(type(node))
        if rule is None:
            raise NotExecuted(node)
        return rule(self, node)

    def has_value(self, node: t.Node) -> bool:
        """Whether a node has a value, also where it cannot be executed."""
        try:
            self.value(node)
        except Undefined:
            return False
        except Unread:
            pass
        return True

    def setting(self, variables: Mapping[t.Node, Tensor]) -> Context:
        """Returns the context in which these nodes have these values."""
        return self._replace(variables={**self.variables, **variables})

    def raw(self, node: t.Node) -> Any:
        """Returns the Python value behind a symbol or a key of `reads`, None where there is none."""
        if isinstance(node, t.Bound):
            return self.bound(node.key)
        name = name_of(node, self.known.names)
        return self.known.namespace.get(name) if name else None

    def bound(self, key: int) -> Any:
        """Returns the value of a key of `reads`. Raises Unread where its expression raises."""
        if self.withheld and self.known.bindings[key].reads_answer:
            raise Unread("the answer is not to be used")
        if isinstance(value := self.known.values[key], Unread):
            raise Unread(value.message)
        return value

    def function(self, node: t.Node) -> Callable[..., Any] | None:
        """Returns the function that a symbol stands for, None where it is no function."""
        value = self.raw(node)
        return value if callable(value) else None

    def defined(self, node: t.Node) -> Tensor | None:
        """Returns the value that another clause gives to a symbol."""
        for label, meaning in self.known.definitions:
            renamed = None if label in self.resolving else renaming(label, node)
            if renamed is None:
                continue
            inner = self._replace(axes={}, variables={}, resolving=(*self.resolving, label))
            value = inner.value(meaning)
            letters = tuple(renamed.get(letter, letter) for letter in value.letters)
            if len(set(letters)) == len(letters):
                return value._replace(letters=letters)
        return None

    def is_index(self, node: t.Node) -> bool:
        """Whether a sum or the left side binds this letter."""
        return t.is_letter(node) and (node.name in self.axes or node.name in self.places)

    def axis(self, letter: str) -> Axis:
        """Returns the values of an index letter, from the arrays that it indexes where nothing else is said.

        Raises Misfit where nothing tells its range.
        """
        if letter in self.axes:
            return self.axes[letter]
        if (size := self.size(letter)) is None:
            raise unknown_range(letter, is_input=letter in self.known.names)
        first = float(self.known.conventions.get("first", "1"))
        return Axis(np.arange(first, size + first), np.arange(size))

    def size(self, letter: str) -> int | None:
        """Returns how many values a letter has by the arrays that it indexes, None where that is not known."""
        for place in self.places.get(letter, ()):
            for node in t.walk(place):
                if (size := self._size_in(node, letter)) is not None:
                    return size
        return self.sizes.get(letter)

    def _size_in(self, node: t.Node, letter: str) -> int | None:
        symbol = t.Symbol(letter)
        if not isinstance(node, t.Bound | t.Indexed) or symbol not in node.indices:
            return None
        axis = node.indices.index(symbol)
        if isinstance(node, t.Bound):
            shape = np.shape(self.bound(node.key))
            return int(shape[axis]) if len(shape) > axis else None
        if name_of(node, self.known.names):
            return None
        try:
            base = self.value(node.base)
        except Unread:
            return None
        sized = not base.special and base.rank > axis and (base.rank == len(node.indices) or axis == 0)
        return base.shape[axis] if sized else None


def renaming(label: t.Node, node: t.Node) -> dict[str, str] | None:
    """Returns the letters of a label and those in their place in a node, None where the node is another symbol."""
    if label == node:
        return {}
    if isinstance(label, t.Indexed) and isinstance(node, t.Indexed) and label.base == node.base:
        pairs = list(zip(label.indices, node.indices, strict=False))
        if len(label.indices) == len(node.indices) and all(t.is_letter(a) and t.is_letter(b) for a, b in pairs):
            return {a.name: b.name for a, b in pairs if t.is_letter(a) and t.is_letter(b)}
    return None


def number(context: Context, node: t.Node, what: str) -> float:
    """Returns the value of a node that must be one plain number."""
    value = context.value(node)
    if value.data.ndim or value.special:
        raise Unread(f"{what} is no single number")
    return float(value.data.real)


def as_tensor(value: Any, node: t.Node) -> Tensor:
    """Returns a Python value as a tensor."""
    if value is None:
        raise Undefined(node)
    if callable(value):
        raise Unread(f"{spelled(node)} is a function")
    try:
        return tensor(value)
    except Unread as unread:
        raise Unread(f"{spelled(node)} is {unread.message}") from None

"""What is known while a formula is executed on one draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from eigendeck.worker.formula.evaluate.tensors import Array, Tensor, tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.bindings import Binding
from eigendeck.worker.formula.parser.causes import NotExecuted, Undefined, UnknownRange, Unread
from eigendeck.worker.formula.parser.naming import name_of
from eigendeck.worker.formula.parser.printer import spelled

SAMPLE = "#sample"  # the letter of the entries of data whose mean or variance is taken


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of an index letter, counted from 1 where nothing else is said, and their positions in an array."""

    values: Array
    positions: Array


@dataclass(frozen=True, slots=True)
class Definition:
    r"""A clause that says what a symbol of another clause is: `\mu = \mathbb{E}[X]`."""

    label: t.Node
    value: t.Node


Rule = Callable[["Scope", Any], Tensor]


@dataclass(slots=True)
class Scope:
    """The values of the symbols, innermost first.

    names: the inputs that symbols may stand for. conventions: the reading chosen where textbooks differ.
    variables: what a limit, a derivative, an integral or a search has set. known: what a symbol was tried as.
    axes: index letters whose values matter. places: where the range of a letter can be found. declared: letters that
    are indices for sure. sizes: ranges that the answer tells. sign: which sign ± has.
    coarse: something was computed by small differences. met: the answer was used as a value.
    """

    rules: Mapping[type[t.Node], Rule]
    namespace: Mapping[str, Any]
    names: frozenset[str]
    bindings: Sequence[Binding]
    conventions: Mapping[str, str]
    answer: Tensor
    definitions: Sequence[Definition] = ()
    variables: dict[t.Node, Tensor] = field(default_factory=dict)
    known: dict[t.Node, Tensor] = field(default_factory=dict)
    axes: dict[str, Axis] = field(default_factory=dict)
    places: dict[str, tuple[t.Node, ...]] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    sizes: dict[str, int] = field(default_factory=dict)
    counts: Mapping[str, tuple[str, t.Node]] = field(default_factory=dict)
    sets: frozenset[t.Node] = frozenset()
    sign: int = 1
    sampling: bool = False
    coarse: bool = False
    met: bool = False
    read: dict[int, Any] = field(default_factory=dict)
    _resolving: list[t.Node] = field(default_factory=list)

    def value(self, node: t.Node) -> Tensor:
        """Returns the value of a node.

        Raises:
            Undefined: a symbol in it has no value.
            Unread: it cannot be executed.
        """
        rule = self.rules.get(type(node))
        if rule is None:
            raise NotExecuted(node)
        return rule(self, node)

    def raw(self, node: t.Node) -> Any:
        """Returns the Python value behind a symbol or a key of `reads`, None where there is none."""
        if isinstance(node, t.Bound):
            return self.bound(node.key)
        name = name_of(node, self.names)
        return self.namespace.get(name) if name else None

    def bound(self, key: int) -> Any:
        """Returns the value of a key of `reads`.

        Raises:
            Unread: its expression raises.
        """
        expression = self.bindings[key].expression
        if "answer" in expression.free:
            self.met = True
        if key not in self.read:
            try:
                self.read[key] = expression.value({**self.namespace, "answer": self.answer.data})
            except Exception as error:
                raise Unread(f"reads {self.bindings[key].key}: {type(error).__name__}: {error}"[:200]) from None
        return self.read[key]

    def function(self, node: t.Node) -> Callable[..., Any] | None:
        """Returns the function that a symbol stands for, None where it is no function."""
        found = self.raw(node)
        return found if callable(found) else None

    def defined(self, node: t.Node) -> Tensor | None:
        """Returns the value that another clause gives to a symbol."""
        for definition in self.definitions:
            if definition.label in self._resolving:
                continue
            renamed = _renaming(definition.label, node)
            if renamed is None:
                continue
            self._resolving.append(definition.label)
            try:
                with self.inside(axes={}, variables={}):
                    found = self.value(definition.value)
            finally:
                self._resolving.pop()
            letters = tuple(renamed.get(letter, letter) for letter in found.letters)
            if len(set(letters)) == len(letters):
                return Tensor(found.data, letters, found.row, found.special, found.stretch)
        return None

    @contextmanager
    def inside(self, **changes: Any) -> Iterator[None]:
        """The scope with other axes, variables or places, for a while."""
        before = {name: getattr(self, name) for name in changes}
        for name, value in changes.items():
            setattr(self, name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                setattr(self, name, value)

    def is_index(self, node: t.Node) -> bool:
        """Whether a sum or the left side binds this letter."""
        if not isinstance(node, t.Symbol) or not t.is_letter(node):
            return False
        return node.name in self.axes or node.name in self.declared or node.name in self.places

    def axis(self, letter: str) -> Axis:
        """Returns the values of an index letter, from the arrays that it indexes where nothing else is said.

        Raises:
            Unread: its range is not known.
        """
        if letter in self.axes:
            return self.axes[letter]
        size = self.size(letter)
        if size is None:
            raise UnknownRange(letter)
        return Axis(np.arange(1.0, size + 1), np.arange(size))

    def size(self, letter: str) -> int | None:
        """Returns how many values a letter has by the arrays that it indexes, None where that is not known."""
        for place in self.places.get(letter, ()):
            for node in t.walk(place):
                size = self._size_in(node, letter)
                if size is not None:
                    return size
        return self.sizes.get(letter)

    def _size_in(self, node: t.Node, letter: str) -> int | None:
        symbol = t.Symbol(letter)
        if isinstance(node, t.Bound) and symbol in node.indices:
            axis = node.indices.index(symbol)
            shape = np.shape(self.bound(node.key))
            return int(shape[axis]) if len(shape) > axis else None
        if isinstance(node, t.Indexed) and symbol in node.indices:
            if name_of(node, self.names):
                return None
            axis = node.indices.index(symbol)
            try:
                base = self.value(node.base)
            except Unread:
                return None
            if not base.special and base.rank > axis and (base.rank == len(node.indices) or axis == 0):
                return base.shape[axis]
        return None


def _renaming(label: t.Node, node: t.Node) -> dict[str, str] | None:
    """The letters of a label and those in their place in a node, None where the node is another symbol."""
    if label == node:
        return {}
    if isinstance(label, t.Indexed) and isinstance(node, t.Indexed) and label.base == node.base:
        pairs = list(zip(label.indices, node.indices, strict=False))
        if len(label.indices) == len(node.indices) and all(t.is_letter(a) and t.is_letter(b) for a, b in pairs):
            return {a.name: b.name for a, b in pairs if isinstance(a, t.Symbol) and isinstance(b, t.Symbol)}
    return None


def number(scope: Scope, node: t.Node, what: str) -> float:
    """Returns the value of a node that must be one plain number."""
    found = scope.value(node)
    if found.data.ndim or found.special:
        raise Unread(f"{what} is no single number")
    return float(found.data.real)


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

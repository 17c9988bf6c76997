r"""`reads`: fragments of a formula and the NumPy expressions that give their values, matched by structure.

A key's small letters in subscripts name the leading axes of its value: `\mathbf{x}_i` reads the rows of a matrix.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.parse import parse_expression


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """What a key of `reads` reads, compiled by the caller.

    free: the names that it needs; `answer` is the answer. value: its value in a namespace.
    """

    free: frozenset[str]
    value: Callable[[dict[str, Any]], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A key of `reads`. letters: its index letters, in order."""

    key: str
    pattern: t.Node
    letters: tuple[str, ...]
    expression: Expression

    @property
    def reads_answer(self) -> bool:
        """Whether the answer goes into it: a side that uses it is no side that gives the answer."""
        return "answer" in self.expression.free


@dataclass(frozen=True, slots=True)
class KeyFault:
    """What is wrong with a key of `reads`, and what to write instead."""

    key: str
    message: str
    hint: str = "A key is a fragment of the formula, as it stands there; factors among others in braces: `2{D_u f}`."


def read_bindings(
    reads: Mapping[str, Expression], names: Collection[str]
) -> tuple[tuple[Binding, ...], tuple[KeyFault, ...]]:
    """Returns the keys of `reads` that are fragments, the largest first, and what is wrong with the others.

    names: what `given` draws.
    """
    bindings, faults = [], []
    for key, expression in reads.items():
        try:
            pattern = parse_expression(key, names)
        except Unread as unread:
            faults.append(KeyFault(key, f"`{key}`: {unread.message}"))
        else:
            bindings.append(Binding(key, pattern, letters_of(pattern, names), expression))
    return tuple(sorted(bindings, key=lambda binding: -sum(1 for _ in t.walk(binding.pattern)))), tuple(faults)


def letters_of(pattern: t.Node, names: Collection[str] = ()) -> tuple[str, ...]:
    """Returns the small letters in subscripts of a node, in order; in a key those that are inputs are no indices."""
    parts = (part for index in t.subscripts(pattern) for part in t.walk(index))
    return tuple(dict.fromkeys(part.name for part in parts if t.is_letter(part) and part.name not in names))


def bound(
    clauses: Sequence[t.Chain], bindings: Sequence[Binding], but: Collection[int] = ()
) -> tuple[tuple[t.Chain, ...], frozenset[int]]:
    """Returns the clauses with what the bindings read replaced, and the numbers of the bindings that occur.

    but: the numbers of those that are left in their place.
    """
    used: set[int] = set()

    def replaced(node: t.Node) -> t.Node:
        for number, binding in enumerate(bindings):
            found: dict[str, t.Node] = {}
            if number not in but and _matches(binding.pattern, node, binding.letters, found):
                used.add(number)
                return t.Bound(number, tuple(found[letter] for letter in binding.letters), node)
        return t.rebuilt(node, replaced) if not isinstance(node, t.Bound) else node

    return tuple(replace(clause, sides=tuple(map(replaced, clause.sides))) for clause in clauses), frozenset(used)


def _matches(
    pattern: t.Node, node: t.Node, letters: Sequence[str], found: dict[str, t.Node], below: bool = False
) -> bool:
    """Whether a node is the pattern; below, in its subscripts, with anything in the place of its index letters."""
    if below and isinstance(pattern, t.Symbol) and pattern.name in letters and not pattern.font:
        return found.setdefault(pattern.name, node) == node
    parts, others = t.children(pattern), t.children(node)
    if type(pattern) is not type(node) or len(parts) != len(others) or _bare(pattern) != _bare(node):
        return False
    is_indexed = isinstance(pattern, t.Indexed)
    pairs = enumerate(zip(parts, others, strict=True))
    return all(_matches(*pair, letters, found, place > 0 if is_indexed else below) for place, pair in pairs)


def _bare(node: t.Node) -> t.Node:
    """A node without what stands in its parts."""
    return t.rebuilt(node, lambda _: t.All())

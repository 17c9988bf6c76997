r"""`reads`: fragments of a formula and the NumPy expressions that give their values, matched by structure.

A key's small letters in subscripts name the leading axes of its value: `\mathbf{x}_i` reads the rows of a matrix.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from eigendeck.worker.code.statements import Faults, Path, Statement, read_expression
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.parse import parse_expression
from eigendeck.worker.formula.parser.tokens import Unread

MADE = "numpy:"  # in front of an expression that may read what the card's `numpy` binds
ANSWER = "answer"  # a side that reads it is no side that gives it: see `clauses`


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A key of `reads`.

    letters: its index letters, in order. statement: its expression.
    """

    key: str
    pattern: t.Node
    letters: tuple[str, ...]
    statement: Statement


def read_bindings(
    reads: Mapping[str, str], names: Collection[str], made: Collection[str], faults: Faults
) -> tuple[Binding, ...]:
    """Returns the keys of `reads` that are in order, the largest fragments first; the others are faults.

    names: what `given` draws. made: what `numpy` binds.
    """
    found = []
    for key, source in reads.items():
        path = ("reads", key)
        try:
            pattern = parse_expression(key, names)
        except Unread as unread:
            message = f"`{key}`: {unread.reason}"
            faults.add(path, message, "A key is a fragment of the formula, as it stands there.")
            continue
        if statement := _expression(path, source, names, made, faults):
            found.append(Binding(key, pattern, letters_of(pattern, names), statement))
    return tuple(sorted(found, key=lambda binding: -sum(1 for _ in t.walk(binding.pattern))))


def _expression(
    path: Path, source: str, names: Collection[str], made: Collection[str], faults: Faults
) -> Statement | None:
    before = len(source) - len(source.lstrip())
    express = source.lstrip().startswith(MADE)
    text = source.lstrip()[len(MADE) :] if express else source.lstrip()
    column = before + (len(MADE) if express else 0)
    column += len(text) - len(text.lstrip())
    known = {"np", *names, *made, ANSWER}
    statement = read_expression(path, text.strip(), known, faults, 1, column)
    if statement is None:
        return None
    for name in statement.names.free:
        if name in made and name not in names and not express:
            message = f'reads "{name}", which `numpy` binds: a mistake there would be taken over'
            hint = f'Write it over the inputs, or "{MADE} {text.strip()}" where that is meant.'
            faults.add(path, message, hint, 1, column)
            return None
    return statement


def letters_of(pattern: t.Node, names: Collection[str] = ()) -> tuple[str, ...]:
    """Returns the small letters in subscripts of a node, in order; in a key those that are inputs are no indices."""
    found: dict[str, None] = {}
    for node in t.walk(pattern):
        if isinstance(node, t.Indexed):
            for index in node.indices:
                for part in t.walk(index):
                    if isinstance(part, t.Symbol) and t.is_letter(part) and part.name not in names:
                        found.setdefault(part.name)
    return tuple(found)


def bound(clauses: Sequence[t.Chain], bindings: Sequence[Binding]) -> tuple[tuple[t.Chain, ...], frozenset[int]]:
    """Returns the clauses with what the bindings read replaced, and the numbers of the bindings that occur."""
    used: set[int] = set()

    def replaced(node: t.Node) -> t.Node:
        for number, binding in enumerate(bindings):
            found: dict[str, t.Node] = {}
            if _matches(binding.pattern, node, binding.letters, found):
                used.add(number)
                return t.Bound(number, tuple(found[letter] for letter in binding.letters), node)
        if isinstance(node, t.Product):
            node = _runs(node, bindings, used)
        return t.rebuilt(node, replaced) if not isinstance(node, t.Bound) else node

    found = tuple(t.rebuilt(clause, replaced) for clause in clauses)
    return tuple(clause for clause in found if isinstance(clause, t.Chain)), frozenset(used)


def _runs(node: t.Product, bindings: Sequence[Binding], used: set[int]) -> t.Node:
    """The product with the runs of factors replaced that a binding reads: `D_u f` in `2 D_u f`."""
    for number, binding in enumerate(bindings):
        pattern = binding.pattern
        if not isinstance(pattern, t.Product) or len(pattern.factors) >= len(node.factors):
            continue
        size = len(pattern.factors)
        for start in range(len(node.factors) - size + 1):
            run = t.Product(node.factors[start : start + size], node.between[start : start + size - 1])
            found: dict[str, t.Node] = {}
            if _matches(pattern, run, binding.letters, found):
                used.add(number)
                one = t.Bound(number, tuple(found[letter] for letter in binding.letters), run)
                factors = (*node.factors[:start], one, *node.factors[start + size :])
                return t.Product(factors, (*node.between[:start], *node.between[start + size - 1 :]))
    return node


def _matches(pattern: t.Node, node: t.Node, letters: Sequence[str], found: dict[str, t.Node]) -> bool:
    """Whether a node is the pattern, with anything in the place of its index letters."""
    if isinstance(pattern, t.Indexed) and isinstance(node, t.Indexed):
        return (
            len(pattern.indices) == len(node.indices)
            and _matches(pattern.base, node.base, letters, found)
            and all(_fits(one, other, letters, found) for one, other in zip(pattern.indices, node.indices, strict=True))
        )
    if type(pattern) is not type(node):
        return False
    parts, others = list(t.children(pattern)), list(t.children(node))
    if len(parts) != len(others) or _bare(pattern) != _bare(node):
        return False
    return all(_matches(one, other, letters, found) for one, other in zip(parts, others, strict=True))


def _fits(index: t.Node, other: t.Node, letters: Sequence[str], found: dict[str, t.Node]) -> bool:
    if isinstance(index, t.Symbol) and index.name in letters and not index.font:
        return found.setdefault(index.name, other) == other
    return _matches(index, other, letters, found)


def _bare(node: t.Node) -> t.Node:
    """A node without what stands in its parts."""
    return t.rebuilt(node, lambda _: t.All())

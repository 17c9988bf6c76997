"""How many single misprints of a formula its draws would notice.

A draw that notices none tests nothing: what is counted here tells an author which symbols the draws never test.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eigendeck.worker.formula.mutants.mutators import SLIPS, Around
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula.verdict.judge import AGREES, prepared

if TYPE_CHECKING:
    from eigendeck.worker.formula.verdict.reading import Convention, Reading

MOST = 80  # misprints of one formula
DRAWS = 12  # of the card's own that look for each of them, at most
WIDE = 20  # of those of `wide`, at most


@dataclass(frozen=True, slots=True)
class Misprint:
    """A formula with one slip in it, in words: `W_{i,j} → W_{j,i}`, and the symbols that it touches."""

    slip: str
    words: str
    clauses: tuple[t.Chain, ...]
    touches: frozenset[t.Node]


@dataclass(frozen=True, slots=True)
class MisprintReport:
    """How many misprints were made, and how many the draws noticed.

    missed: the others, in words. untested: symbols of which no misprint was noticed. named: sides that only name
    something, such as `s^2` before `=`: they are not executed, and no misprint is made in them.
    """

    made: int = 0
    noticed: int = 0
    missed: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def misprints(
    reading: Reading,
    draws: Sequence[tuple[Mapping[str, Any], Any]],
    convention: Convention,
    wide: Sequence[tuple[Mapping[str, Any], Any]] = (),
) -> MisprintReport:
    """Returns how many misprints of a formula the draws notice; nothing where the formula itself does not agree.

    A misprint is noticed where the formula with it no longer agrees. wide: draws of `wide`, on which the formula itself
    agrees too.
    """
    draws = [*draws[:DRAWS], *wide[:WIDE]]
    right = replace(reading, conventions=(convention,))
    first = [right.judge(namespace, answer).outcomes[convention] for namespace, answer in draws]
    bare = reading.bare
    if (
        bare is None
        or not first
        or first[0].kind not in AGREES
        or any(outcome.kind != first[0].kind for outcome in first)
    ):
        return MisprintReport()
    made = noticed = 0
    missed: list[str] = []
    tested: set[t.Node] = set()
    touched: dict[t.Node, None] = {}
    executed = frozenset.union(*(outcome.executed for outcome in first))
    named = [
        spelled(side)
        for number, clause in enumerate(reading.clauses)
        for place, side in enumerate(clause.sides)
        if (number, place) not in executed
    ]
    for misprint in misprinted(reading.clauses, executed):
        made += 1
        # Another symbol in its place is noticed whatever its own value does.
        touches = misprint.touches if misprint.slip != "symbol replaced" else frozenset()
        touched |= dict.fromkeys(sorted(touches, key=spelled))
        wrong = replace(right, bare=prepared(misprint.clauses, bare.bindings, bare.names))
        if _is_noticed(wrong, draws, convention, first[0].kind):
            noticed += 1
            tested |= touches
        else:
            missed.append(misprint.words)
    untested = tuple(spelled(node) for node in touched if node not in tested)
    return MisprintReport(made, noticed, tuple(missed), untested, tuple(named))


def _is_noticed(
    wrong: Reading, draws: Sequence[tuple[Mapping[str, Any], Any]], convention: Convention, kind: str
) -> bool:
    sides: frozenset[tuple[int, int]] | None = None
    for namespace, answer in draws:
        outcome = wrong.judge(namespace, answer).outcomes[convention]
        sides = outcome.sides if sides is None else sides & outcome.sides
        if outcome.kind != kind or not sides:
            return True
    return False


def misprinted(clauses: tuple[t.Chain, ...], executed: Collection[tuple[int, int]]) -> Iterator[Misprint]:
    """Every misprint that one slip makes in the executed sides, evenly thinned out where there are too many."""
    found: dict[tuple[t.Chain, ...], Misprint] = {}
    letters = tuple(_letters(clauses))
    symbols = tuple(dict.fromkeys(node for clause in clauses for node in _operands(clause)))
    for number, clause in enumerate(clauses):
        unchanged = [place for place in range(len(clause.sides)) if (number, place) not in executed]
        if len(unchanged) == len(clause.sides):
            continue
        for slip, before, after, whole in _slipped(clause, Around(letters, symbols, True)):
            if whole == clause or not isinstance(whole, t.Chain):
                continue
            if any(whole.sides[place] != clause.sides[place] for place in unchanged):
                continue
            wrong = (*clauses[:number], whole, *clauses[number + 1 :])
            there, here = frozenset(_operands(before)), frozenset(_operands(after))
            touches = there ^ here or (there if len(there) == 1 else frozenset())
            words = f"{slip}: {spelled(before)} → {spelled(after)}"
            found.setdefault(wrong, Misprint(slip, words, wrong, touches))
    every = list(found.values())
    step = max(1, -(-len(every) // MOST))
    yield from every[::step]


def _slipped(node: t.Node, around: Around) -> Iterator[tuple[str, t.Node, t.Node, t.Node]]:
    """The slips in a node and below it: which, what stood there, what stands there, and the whole node with it."""
    for name, slip in SLIPS.items():
        for wrong in slip(node, around):
            yield name, node, wrong, wrong
    for place, child in enumerate(t.children(node)):
        inner = replace(around, operand=_is_operand(node, place))
        for name, before, after, whole in _slipped(child, inner):
            yield name, before, after, _with_child(node, place, whole)


def _with_child(node: t.Node, place: int, child: t.Node) -> t.Node:
    counter = iter(range(10_000))
    return t.rebuilt(node, lambda part: child if next(counter) == place else part)


def _is_operand(node: t.Node, place: int) -> bool:
    """Whether a part of a node is a value of its own."""
    match node:
        case t.Indexed() | t.Marked() | t.Accented() | t.Primed() | t.Gradient() | t.Derivative() | t.Tuple():
            return False
        case t.Power():
            return place == 1 and not isinstance(node.exponent, t.Number)
        case t.Big():
            parts = [part for part in (node.below, node.above) if part is not None]
            return place >= len(parts) or not isinstance(parts[place], t.Symbol)
        case t.Call():
            return place > 0
        case t.Function():
            return place < len(node.arguments)
        case t.Norm():
            return place == 0
    return True


def _letters(clauses: Sequence[t.Node]) -> Iterator[str]:
    """The index letters of a formula."""
    found: dict[str, None] = {}
    for clause in clauses:
        for node in t.walk(clause):
            if isinstance(node, t.Indexed):
                found |= {i.name: None for i in node.indices if isinstance(i, t.Symbol) and t.is_letter(i)}
    yield from found


def _operands(node: t.Node) -> Iterator[t.Symbol]:
    """The symbols of a node that are no indices."""
    if isinstance(node, t.Symbol):
        if node.font != "bb" and node.name not in ("d", "e", "\\partial"):
            yield node
        return
    for place, child in enumerate(t.children(node)):
        if isinstance(node, t.Indexed) and place > 0:
            continue
        if isinstance(node, t.Big) and child in (node.below, node.above):
            continue
        yield from _operands(child)

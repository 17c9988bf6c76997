"""How many mutants of a formula its draws kill: formulas with one misprint, of which each should be noticed.

A draw that kills none tests nothing: what survives tells an author which symbols the draws never test.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from eigendeck.worker.formula.mutants.mutators import SYMBOL_REPLACED, Surroundings, mutations
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula.verdict.formula import Formula, Trial
from eigendeck.worker.formula.verdict.judge import prepare
from eigendeck.worker.formula_summary import AGREES, Convention, MutationReport

MOST = 80  # mutants of one formula
DRAWS = 12  # of the card's own that look for each of them, at most
WIDE = 20  # of those of `wide`, at most


@dataclass(frozen=True, slots=True)
class Mutant:
    """A formula with one misprint in it, in words: `W_{i,j} → W_{j,i}`, and the symbols that it touches."""

    mutator: str
    words: str
    clauses: tuple[t.Chain, ...]
    touches: frozenset[t.Node]


def mutation_report(
    formula: Formula, draws: Sequence[Trial], convention: Convention, wide: Sequence[Trial] = ()
) -> MutationReport:
    """Returns how many mutants of a formula the draws kill; nothing where the formula itself does not agree.

    A mutant is killed where it does not agree. convention: the one under which the formula agrees, as the summary of
    its draws says. wide: draws of `wide`, on which the formula itself agrees too. Raises nothing.
    """
    draws = [(namespace, answer, None) for namespace, answer, _ in (*draws[:DRAWS], *wide[:WIDE])]
    first = [formula.judge(draw, convention) for draw in draws]
    ready = formula.prepared
    if ready is None or not first or first[0].kind not in AGREES or len({verdict.kind for verdict in first}) > 1:
        return MutationReport()
    executed = frozenset.union(*(verdict.executed for verdict in first))
    sides = frozenset.intersection(*(verdict.sides for verdict in first))
    # The sides behind ≈ hold whatever they say: no misprint of them could be noticed.
    signs = [(n, k, sign) for n, clause in enumerate(formula.clauses) for k, sign in enumerate(clause.relations, 1)]
    rough = {(n, k) for n, k, sign in signs if sign == "≈"}
    executed -= rough if sides - rough else rough - sides
    killed: set[t.Node] = set()
    touched: dict[t.Node, None] = {}
    survived = []
    mutants = mutants_of(formula.clauses, executed)
    for mutant in mutants:
        touched |= dict.fromkeys(sorted(mutant.touches, key=spelled))
        wrong = replace(formula, prepared=prepare(mutant.clauses, ready.bindings, ready.names))
        if _is_killed(wrong, draws, convention, first[0].kind):
            killed |= mutant.touches
        else:
            survived.append(mutant.words)
    untested = tuple(spelled(node) for node in touched if node not in killed)
    return MutationReport(len(mutants), len(mutants) - len(survived), tuple(survived), untested)


def _is_killed(wrong: Formula, draws: Sequence[Trial], convention: Convention, kind: str) -> bool:
    sides: frozenset[tuple[int, int]] | None = None
    for draw in draws:
        verdict = wrong.judge(draw, convention)
        sides = verdict.sides if sides is None else sides & verdict.sides
        if verdict.kind != kind or not sides:
            return True
    return False


def mutants_of(clauses: tuple[t.Chain, ...], executed: Collection[tuple[int, int]]) -> list[Mutant]:
    """Returns the mutants with one misprint in the executed sides, evenly thinned out where there are too many."""
    mutants: dict[tuple[t.Chain, ...], Mutant] = {}
    symbols = tuple(dict.fromkeys(node for clause in clauses for node in _operands(clause)))
    letters = tuple(dict.fromkeys(index.name for index in t.subscripts(*clauses) if t.is_letter(index)))
    around = Surroundings(letters, symbols, operand=True)
    for number, clause in enumerate(clauses):
        fixed = [place for place in range(len(clause.sides)) if (number, place) not in executed]
        for mutator, before, after, whole in _mutated(clause, around):
            if whole == clause or not isinstance(whole, t.Chain):
                continue
            if all(whole.sides[place] == clause.sides[place] for place in fixed):
                wrong = (*clauses[:number], whole, *clauses[number + 1 :])
                words = f"{mutator}: {spelled(before)} → {spelled(after)}"
                mutants.setdefault(wrong, Mutant(mutator, words, wrong, _touched(mutator, before, after)))
    every = list(mutants.values())
    return every[:: max(1, -(-len(every) // MOST))]


def _touched(mutator: str, before: t.Node, after: t.Node) -> frozenset[t.Node]:
    """The symbols that a mutant tests: those that it adds or takes away, or the only one in what it changes."""
    if mutator == SYMBOL_REPLACED:
        return frozenset()  # another symbol in its place is noticed whatever its own value does
    there, here = frozenset(_operands(before)), frozenset(_operands(after))
    return there ^ here or (there if len(there) == 1 else frozenset())


def _mutated(node: t.Node, around: Surroundings) -> Iterator[tuple[str, t.Node, t.Node, t.Node]]:
    """The mutations of a node and below it: the mutator, what was, what is, and the whole node."""
    for name, wrong in mutations(node, around):
        yield name, node, wrong, wrong
    for place, child in enumerate(t.children(node)):
        inner = replace(around, operand=_is_operand(node, place))
        for name, before, after, whole in _mutated(child, inner):
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


def _operands(node: t.Node) -> Iterator[t.Symbol]:
    """The symbols of a node that are no indices."""
    if isinstance(node, t.Symbol):
        if node.font != "bb" and node.name not in ("d", "e", "\\partial"):
            yield node
        return
    for place, child in enumerate(t.children(node)):
        index = isinstance(node, t.Indexed) and place > 0
        if not index and not (isinstance(node, t.Big) and child in (node.below, node.above)):
            yield from _operands(child)

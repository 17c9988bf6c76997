"""What goes wrong when a formula is set: for one node, the nodes that a misprint would leave in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from eigendeck.worker.formula.parser import tree as t

Mutated = Iterator[t.Node]
ONE = t.Number("1")
_TURNED = {"≤": "≥", "≥": "≤", "<": ">", ">": "<"}
_OTHER_SIGN = {"sum": "prod", "prod": "sum", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax"}
_OTHER_FUNCTION = {"sin": "cos", "cos": "sin", "max": "min", "min": "max", "var": "std", "std": "var"}


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a node: the index letters of its formula, its other symbols, and what it is there."""

    letters: tuple[str, ...]
    symbols: tuple[t.Symbol, ...]
    operand: bool  # it is a value, not an index, a head, or a variable below a sign


def square_dropped(node: t.Node, _: Around) -> Mutated:
    """`x^2` → `x`."""
    if isinstance(node, t.Power):
        yield node.base


def square_added(node: t.Node, around: Around) -> Mutated:
    """`x_i` → `x_i^2`."""
    if around.operand and isinstance(node, t.Indexed | t.Symbol) and not _is_plain(node):
        yield t.Power(node, t.Number("2"))


def exponent_changed(node: t.Node, _: Around) -> Mutated:
    """`x^2` → `x^3`."""
    if isinstance(node, t.Power) and isinstance(node.exponent, t.Number):
        yield replace(node, exponent=_next(node.exponent))


def subscripts_swapped(node: t.Node, _: Around) -> Mutated:
    """`W_{ij}` → `W_{ji}`."""
    if isinstance(node, t.Indexed) and len(node.indices) == 2 and node.indices[0] != node.indices[1]:
        yield replace(node, indices=node.indices[::-1])
    if isinstance(node, t.Indexed) and len(node.indices) == 1 and isinstance(node.indices[0], t.Number):
        text = node.indices[0].text
        if len(text) == 2 and text[0] != text[1]:
            yield replace(node, indices=(t.Number(text[::-1]),))


def subscript_replaced(node: t.Node, around: Around) -> Mutated:
    """`x_i` → `x_j`, where j is an index of the formula; `A_{11}` → `A_{21}`."""
    if not isinstance(node, t.Indexed):
        return
    for place, index in enumerate(node.indices):
        if isinstance(index, t.Symbol) and t.is_letter(index):
            others = [letter for letter in around.letters if letter != index.name][:1]
            for letter in others:
                yield _with_index(node, place, t.Symbol(letter))
        elif isinstance(index, t.Number) and index.text in ("1", "2", "11", "12", "21", "22"):
            other = {"1": "2", "2": "1"}[index.text[0]] + index.text[1:]
            yield _with_index(node, place, t.Number(other))


def subscript_dropped(node: t.Node, around: Around) -> Mutated:
    """`x_i` → `x`."""
    if isinstance(node, t.Indexed) and around.operand:
        yield node.base


def sign_turned(node: t.Node, _: Around) -> Mutated:
    """`a + b` → `a - b`."""
    if isinstance(node, t.Sum):
        for place, term in enumerate(node.terms):
            if place:
                turned = term.body if isinstance(term, t.Negative) else t.Negative(term)
                yield _with_term(node, place, turned)


def minus_dropped(node: t.Node, _: Around) -> Mutated:
    """`-x` → `x`, at the beginning."""
    if isinstance(node, t.Negative) and not node.both:
        yield node.body


def term_dropped(node: t.Node, _: Around) -> Mutated:
    """`n - 1` → `n`."""
    if isinstance(node, t.Sum):
        for place in range(len(node.terms)):
            rest = node.terms[:place] + node.terms[place + 1 :]
            yield rest[0] if len(rest) == 1 else t.Sum(rest)


def one_less(node: t.Node, _: Around) -> Mutated:
    """`1/n` → `1/(n-1)`."""
    if isinstance(node, t.Fraction) and isinstance(node.bottom, t.Symbol):
        yield replace(node, bottom=t.Sum((node.bottom, t.Negative(ONE))))


def transpose_dropped(node: t.Node, _: Around) -> Mutated:
    """`W^⊤` → `W`."""
    if isinstance(node, t.Transposed):
        yield node.base


def transpose_added(node: t.Node, around: Around) -> Mutated:
    """`W` → `W^⊤`."""
    if around.operand and isinstance(node, t.Symbol) and _is_matrix(node):
        yield t.Transposed(node)


def factor_dropped(node: t.Node, _: Around) -> Mutated:
    """`a x y` → `a y`."""
    if isinstance(node, t.Product):
        for place in range(len(node.factors)):
            factors = node.factors[:place] + node.factors[place + 1 :]
            between = node.between[: max(place - 1, 0)] + node.between[max(place, 1) :]
            yield factors[0] if len(factors) == 1 else t.Product(factors, between)


def factors_swapped(node: t.Node, _: Around) -> Mutated:
    """`Q K^⊤` → `K^⊤ Q`: of matrices, whose order matters."""
    if isinstance(node, t.Product):
        for place, (one, other) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
            if _is_matrix(one) and _is_matrix(other) and one != other:
                factors = (*node.factors[:place], other, one, *node.factors[place + 2 :])
                yield replace(node, factors=factors)


def number_changed(node: t.Node, around: Around) -> Mutated:
    """`2 x` → `3 x`."""
    if isinstance(node, t.Number) and around.operand:
        yield _next(node)


def upside_down(node: t.Node, _: Around) -> Mutated:
    """`a/b` → `b/a`."""
    if isinstance(node, t.Fraction) and node.top != node.bottom:
        yield replace(node, top=node.bottom, bottom=node.top)


def root_dropped(node: t.Node, _: Around) -> Mutated:
    """`√x` → `x`."""
    if isinstance(node, t.Root):
        yield node.body


def letter_replaced(node: t.Node, around: Around) -> Mutated:
    """`Σ_i` → `Σ_j`."""
    if isinstance(node, t.Big) and isinstance(node.below, t.Symbol) and t.is_letter(node.below):
        for letter in [letter for letter in around.letters if letter != node.below.name][:1]:
            yield replace(node, below=t.Symbol(letter))


def sum_dropped(node: t.Node, _: Around) -> Mutated:
    """`Σ_i x_i` → `x_i`."""
    if isinstance(node, t.Big) and node.operator in ("sum", "prod"):
        yield node.body


def sign_replaced(node: t.Node, _: Around) -> Mutated:
    """`Σ` → `Π`, `max` → `min`."""
    if isinstance(node, t.Big) and node.operator in _OTHER_SIGN:
        yield replace(node, operator=_OTHER_SIGN[node.operator])


def base_changed(node: t.Node, _: Around) -> Mutated:
    """`log` → `log_2`, and back."""
    if isinstance(node, t.Function) and node.name == "log":
        yield replace(node, below=t.Number("2") if node.below is None else None)


def function_replaced(node: t.Node, _: Around) -> Mutated:
    """`sin` → `cos`, `max` → `min`."""
    if isinstance(node, t.Function) and node.name in _OTHER_FUNCTION:
        yield replace(node, name=_OTHER_FUNCTION[node.name])


def function_dropped(node: t.Node, _: Around) -> Mutated:
    """`log x` → `x`."""
    if isinstance(node, t.Function) and len(node.arguments) == 1 and not isinstance(node.arguments[0], t.Chain):
        yield node.arguments[0]


def norm_changed(node: t.Node, _: Around) -> Mutated:
    """`‖x‖_2` → `‖x‖_1`."""
    if isinstance(node, t.Norm):
        yield replace(node, kind=t.Number("2") if node.kind == t.Symbol("F") else ONE)


def symbol_replaced(node: t.Node, around: Around) -> Mutated:
    """`x` → `y`: by the next symbol of the formula."""
    if not isinstance(node, t.Symbol) or not around.operand or node not in around.symbols:
        return
    others = [s for s in around.symbols if s != node and s.font == node.font and _case(s) == _case(node)]
    yield from others[:1]


def accent_dropped(node: t.Node, _: Around) -> Mutated:
    """`ŷ` → `y`."""
    if isinstance(node, t.Accented):
        yield node.base


def stroke_dropped(node: t.Node, _: Around) -> Mutated:
    """`f'` → `f`."""
    if isinstance(node, t.Primed):
        yield node.base


def relation_turned(node: t.Node, _: Around) -> Mutated:
    """`≥` → `≤`."""
    if isinstance(node, t.Chain):
        for place, relation in enumerate(node.relations):
            if relation in _TURNED:
                turned = (*node.relations[:place], _TURNED[relation], *node.relations[place + 1 :])
                yield replace(node, relations=turned)


def sizes_swapped(node: t.Node, _: Around) -> Mutated:
    """`(m × k)` → `(k × m)`."""
    if isinstance(node, t.Tuple) and node.brackets == "××" and node.items[-1] != node.items[-2]:
        yield replace(node, items=(*node.items[:-2], node.items[-1], node.items[-2]))


MUTATORS: dict[str, Callable[[Any, Around], Mutated]] = {
    mutator.__name__.replace("_", " "): mutator
    for mutator in (
        square_dropped, square_added, exponent_changed, subscripts_swapped, subscript_replaced, subscript_dropped,
        sign_turned, minus_dropped, term_dropped, one_less, transpose_dropped, transpose_added, factor_dropped,
        factors_swapped, number_changed, upside_down, root_dropped, letter_replaced, sum_dropped, sign_replaced,
        base_changed, function_replaced, function_dropped, norm_changed, symbol_replaced, accent_dropped,
        stroke_dropped, relation_turned, sizes_swapped,
    )
}  # fmt: skip


def _next(node: t.Number) -> t.Number:
    return t.Number(f"{float(node.text) + 1:g}")


def _with_index(node: t.Indexed, place: int, index: t.Node) -> t.Node:
    return replace(node, indices=(*node.indices[:place], index, *node.indices[place + 1 :]))


def _with_term(node: t.Sum, place: int, term: t.Node) -> t.Node:
    return replace(node, terms=(*node.terms[:place], term, *node.terms[place + 1 :]))


def _is_plain(node: t.Node) -> bool:
    """A symbol that is no number: a constant, or a vector or matrix."""
    return isinstance(node, t.Symbol) and (bool(node.font) or _case(node) == "upper" or node.name in ("d", "e"))


def _is_matrix(node: t.Node) -> bool:
    while isinstance(node, t.Transposed | t.Power):
        node = node.base
    return isinstance(node, t.Symbol) and not node.font and _case(node) == "upper" and node.name not in "EPILN"


def _case(node: t.Symbol) -> str:
    if len(node.name.removeprefix("\\")) > 1 and not node.name.startswith("\\"):
        return "word"
    return "upper" if node.name.removeprefix("\\")[0].isupper() else "lower"

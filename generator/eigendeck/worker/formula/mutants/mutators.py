"""What goes wrong when a formula is set: for one node, the nodes that a misprint would leave in its place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from eigendeck.worker.formula.parser import tree as t

Mutations = Iterator[tuple[str, t.Node]]  # the name of the mutator, and what it leaves

T = TypeVar("T")

ONE = t.Number("1")
SYMBOL_REPLACED = "symbol replaced"
_TURNED = {"≤": "≥", "≥": "≤", "<": ">", ">": "<"}
_OTHER_OPERATOR = {"sum": "prod", "prod": "sum", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax"}
_OTHER_FUNCTION = {"sin": "cos", "cos": "sin", "max": "min", "min": "max", "var": "std", "std": "var"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a node: the index letters of its formula, its other symbols, and what it is there."""

    letters: tuple[str, ...]
    symbols: tuple[t.Symbol, ...]
    operand: bool  # it is a value, not an index, a head, or a variable below a sign


def mutations(node: t.Node, around: Surroundings) -> Mutations:
    """The misprints of one node."""
    match node:
        case t.Power(base, exponent):
            yield "square dropped", base
            if isinstance(exponent, t.Number):
                yield "exponent changed", replace(node, exponent=_next(exponent))
        case t.Indexed():
            yield from _of_subscripts(node, around)
        case t.Sum(terms):
            yield from _of_terms(terms)
        case t.Negative(body, False):
            yield "minus dropped", body
        case t.Fraction(top, bottom):
            if isinstance(bottom, t.Symbol):  # n for n - 1, the other way round
                yield "one less", replace(node, bottom=t.Sum((bottom, t.Negative(ONE))))
            if top != bottom:
                yield "upside down", replace(node, top=bottom, bottom=top)
        case t.Transposed(base):
            yield "transpose dropped", base
        case t.Product():
            yield from _of_factors(node)
        case t.Root(body):
            yield "root dropped", body
        case t.Big():
            yield from _of_big_operator(node, around)
        case t.Function():
            yield from _of_function(node)
        case t.Norm(_, kind):
            yield "norm changed", replace(node, kind=t.Number("2") if kind == t.Symbol("F") else ONE)
        case t.Accented(_, base):
            yield "accent dropped", base
        case t.Primed(base):
            yield "stroke dropped", base
        case t.Chain(_, relations):
            for place, relation in enumerate(relations):
                if relation in _TURNED:
                    yield "relation turned", replace(node, relations=_put(relations, place, _TURNED[relation]))
        case t.Tuple((*front, one, other), "××") if one != other:
            yield "sizes swapped", replace(node, items=(*front, other, one))
    if around.operand:
        yield from _of_operand(node, around)


def _of_operand(node: t.Node, around: Surroundings) -> Mutations:
    """The misprints of what is a value of its own."""
    if isinstance(node, t.Number):
        yield "number changed", _next(node)
    if isinstance(node, t.Indexed):
        yield "subscript dropped", node.base
    plain = isinstance(node, t.Symbol) and not node.font and _case(node) != "upper" and node.name not in ("d", "e")
    if plain or isinstance(node, t.Indexed):  # of an array or a constant it is no slip that anybody makes
        yield "square added", t.Power(node, t.Number("2"))
    if isinstance(node, t.Symbol):
        if _is_matrix(node):
            yield "transpose added", t.Transposed(node)
        # One of the same look: a misprint of another kind of symbol would be seen at once.
        alike = [s for s in around.symbols if s != node and s.font == node.font and _case(s) == _case(node)]
        if alike and node in around.symbols:
            yield SYMBOL_REPLACED, alike[0]


def _of_subscripts(node: t.Indexed, around: Surroundings) -> Mutations:
    indices = node.indices
    if len(indices) == 2 and indices[0] != indices[1]:
        yield "subscripts swapped", replace(node, indices=indices[::-1])
    if len(indices) == 1 and isinstance(indices[0], t.Number) and len(set(indices[0].text)) == 2:  # `a_{12}`
        yield "subscripts swapped", replace(node, indices=(t.Number(indices[0].text[::-1]),))
    for place, index in enumerate(indices):
        if t.is_letter(index):
            for letter in [letter for letter in around.letters if letter != index.name][:1]:
                yield "subscript replaced", replace(node, indices=_put(indices, place, t.Symbol(letter)))
        elif isinstance(index, t.Number) and index.text in ("1", "2", "11", "12", "21", "22"):
            other = t.Number({"1": "2", "2": "1"}[index.text[0]] + index.text[1:])
            yield "subscript replaced", replace(node, indices=_put(indices, place, other))


def _of_terms(terms: tuple[t.Node, ...]) -> Mutations:
    for place, term in enumerate(terms):
        if place:
            turned = term.body if isinstance(term, t.Negative) else t.Negative(term)
            yield "sign turned", t.Sum(_put(terms, place, turned))
        rest = terms[:place] + terms[place + 1 :]
        yield "term dropped", rest[0] if len(rest) == 1 else t.Sum(rest)


def _of_factors(node: t.Product) -> Mutations:
    factors, between = node.factors, node.between
    for place, one in enumerate(factors):
        rest = factors[:place] + factors[place + 1 :]
        signs = between[: max(place - 1, 0)] + between[max(place, 1) :]
        yield "factor dropped", t.product(rest, signs)
        for other in factors[place + 1 : place + 2]:  # of matrices, whose order matters
            if _is_matrix(one) and _is_matrix(other) and one != other:
                yield "factors swapped", replace(node, factors=(*factors[:place], other, one, *factors[place + 2 :]))


def _of_big_operator(node: t.Big, around: Surroundings) -> Mutations:
    if t.is_letter(node.below):
        for letter in [letter for letter in around.letters if letter != node.below.name][:1]:
            yield "letter replaced", replace(node, below=t.Symbol(letter))
    if node.operator in ("sum", "prod"):
        yield "sum dropped", node.body
    if node.operator in _OTHER_OPERATOR:
        yield "operator replaced", replace(node, operator=_OTHER_OPERATOR[node.operator])


def _of_function(node: t.Function) -> Mutations:
    if node.name == "log":
        yield "base changed", replace(node, below=t.Number("2") if node.below is None else None)
    if node.name in _OTHER_FUNCTION:
        yield "function replaced", replace(node, name=_OTHER_FUNCTION[node.name])
    if len(node.arguments) == 1 and not isinstance(node.arguments[0], t.Chain):
        yield "function dropped", node.arguments[0]


def _next(node: t.Number) -> t.Number:
    return t.Number(f"{float(node.text) + 1:g}")


def _put(items: tuple[T, ...], place: int, item: T) -> tuple[T, ...]:
    return (*items[:place], item, *items[place + 1 :])


def _is_matrix(node: t.Node) -> bool:
    """Whether it has a matrix's name; expectations, probabilities, identities, losses and counts have others."""
    while isinstance(node, t.Transposed | t.Power):
        node = node.base
    return isinstance(node, t.Symbol) and not node.font and _case(node) == "upper" and node.name not in "EPILN"


def _case(node: t.Symbol) -> str:
    if len(node.name.removeprefix("\\")) > 1 and not node.name.startswith("\\"):
        return "word"
    return "upper" if node.name.removeprefix("\\")[0].isupper() else "lower"

r"""Arithmetic on paper: terms of drawn numbers, how they are typeset, and the order in which one works them out.

A term keeps what was to be computed (`5\cdot 5 + 2\cdot 1`); `reduced` does the next round of it (`25 + 2`), as one
would on a blackboard, until a number is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from eigendeck.worker import numerals
from eigendeck.worker.numerals import numeral

LARGEST_TERM = 300  # nodes: a name that is used twice and inlined doubles, so terms could grow without bound
LARGEST_NUMBER = 1e12  # without a power of ten
NOISE = 1e-11  # relative to the largest part of a sum
SMALL, CHANGED = 1e-9, 0.5  # as `worker.noise` has them

SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly what was typeset holds together


class Unknown(Exception):
    """The code, or a number in it, cannot be written as arithmetic that a reader would follow."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number.

    symbol: its LaTeX where it has a name of its own, as π has. computed: it is no input, and no number of the code's.
    """

    value: float
    symbol: str = ""
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """How an operation is computed and typeset.

    typeset: gets the parts, and whether fractions are to be written on one line, as in exponents.
    binds: the weakest tie in what it typesets, from SUM to ATOM.
    between, around: how many characters it adds between its parts and around them.
    """

    apply: Callable[[Sequence[float]], float]
    typeset: Callable[[Sequence[Term], bool], str]
    binds: int = ATOM
    between: int = 2
    around: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands; `size` counts the numbers and operators in it."""

    operator: Operator
    parts: tuple[Term, ...]
    size: int


Term = Number | Operation


def number(value: float, symbol: str = "", *, computed: bool = False) -> Number:
    """Returns the term of a number. Raises Unknown where it is not finite or too long to be read."""
    if not math.isfinite(value):
        raise Unknown
    value = int(value) if isinstance(value, int) else numerals.clean(value) + 0.0
    if abs(value) >= LARGEST_NUMBER and numeral(value).exponent is None:
        raise Unknown
    return Number(value, symbol, computed)


def operation(operator: Operator, *parts: Term) -> Operation:
    """Returns the operation. Raises Unknown where it is too large."""
    size = 1 + sum(part.size if isinstance(part, Operation) else 1 for part in parts)
    if size > LARGEST_TERM:
        raise Unknown
    return Operation(operator, parts, size)


# Working out


def value(term: Term) -> float:
    """Returns what a term amounts to. Raises ArithmeticError or ValueError where it has no value."""
    if isinstance(term, Number):
        return math.pi if term.symbol == r"\pi" else math.e if term.symbol == "e" else float(term.value)
    apply, parts = term.operator.apply, [value(part) for part in term.parts]
    amount = apply(parts)
    if 0 < abs(amount) < SMALL * max(1.0, *map(abs, parts)):  # sin(π) is 0: with π in other last digits it differs
        again = apply([part * (1 + NOISE) for part in parts])
        return 0.0 if abs(again - amount) > CHANGED * abs(amount) else amount
    return amount


def loses(term: Term) -> bool:
    """Whether a summand in a term is so small that nothing of it is left in the sum: 1 - 1e-17 is no 1."""
    if isinstance(term, Number):
        return False
    sizes = [abs(value(part)) for part in term.parts] if term.operator is ADD else []
    return any(0 < size < NOISE * max(sizes) for size in sizes) or any(map(loses, term.parts))


def reduced(term: Term) -> Term:
    """Returns the term after the next round of working out: operations on bare numbers become numbers."""
    if isinstance(term, Number):
        return term
    if all(_settled(part, term.operator) for part in term.parts):
        amount = value(term)
        return number(int(amount) if _is_whole(term) else amount, computed=True)
    parts = (part if _settled(part, term.operator) else reduced(part) for part in term.parts)
    return operation(term.operator, *parts)


def _is_whole(term: Term) -> bool:
    """Whether integers are all that went into a term: then Python and NumPy make an integer of it."""
    if isinstance(term, Number):
        return isinstance(term.value, int)
    return term.operator in (ADD, MULTIPLY, NEGATIVE) and all(map(_is_whole, term.parts))


def _settled(part: Term, operator: Operator) -> bool:
    # In a sum `- 3` is written like a number, and is one: `5 - 3` takes one round, not two.
    subtracted = isinstance(part, Operation) and part.operator is NEGATIVE and operator is ADD
    return isinstance(part.parts[0] if subtracted and isinstance(part, Operation) else part, Number)


def as_shown(term: Term, digits: int | None) -> Term:
    """Returns the term with every number rounded as it is typeset; the same term where nothing is rounded.

    digits: the decimals of what is computed, if the card says how many.
    """
    if isinstance(term, Number):
        asked = numeral(term.value, digits if term.computed else None)
        shown = numeral(term.value if asked.exact else asked.value)  # as `typeset` writes it: with fewer digits still
        exact = term.symbol or (asked.exact and shown.exact)
        return term if exact else replace(term, value=shown.value)
    return Operation(term.operator, tuple(as_shown(part, digits) for part in term.parts), term.size)


# Typesetting


def typeset(term: Term, inline: bool = False) -> str:
    """Returns the LaTeX of a term; `inline` writes fractions as a/b."""
    if isinstance(term, Number):
        return term.symbol or numeral(term.value).latex
    return term.operator.typeset(term.parts, inline)


def width(term: Term) -> int:
    """Returns about how many characters wide a term is typeset."""
    if isinstance(term, Number):
        return 1 if term.symbol else len(numeral(term.value).latex.replace(r"\times", "·"))
    operator, parts = term.operator, [width(part) for part in term.parts]
    if operator is DIVIDE:
        return max(parts)
    loose = sum(_binds(part) == SUM for part in term.parts)
    parentheses = 2 * loose if operator in (MULTIPLY, RAISE) else -loose if operator is ADD else 0
    return sum(parts) + parentheses + operator.between * (len(parts) - 1) + operator.around


def parenthesized(latex: str) -> str:
    r"""Returns LaTeX in parentheses, growing ones where it has fractions or roots."""
    return rf"\left({latex}\right)" if r"\frac" in latex or r"\sqrt" in latex else f"({latex})"


def _binds(term: Term, inline: bool = False) -> int:
    if isinstance(term, Operation):
        return PRODUCT if term.operator is DIVIDE and inline else term.operator.binds
    return SUM if term.value < 0 else PRODUCT if r"\times" in typeset(term) else ATOM


def held(term: Term, least: int, inline: bool) -> str:
    """Returns the LaTeX of a term, in parentheses where it holds together less tightly than `least`."""
    latex = typeset(term, inline)
    return latex if _binds(term, inline) >= least else parenthesized(latex)


def _sum(parts: Sequence[Term], inline: bool) -> str:
    latex = ""
    for part in parts:
        sign, body = "+", part
        if isinstance(part, Operation) and part.operator is NEGATIVE:
            sign, body = "-", part.parts[0]
        elif isinstance(part, Number) and part.value < 0:
            sign, body = "-", replace(part, value=-part.value)
        latex += (f" {sign} " if latex else sign.strip("+")) + held(body, PRODUCT, inline)
    return latex


def _quotient(parts: Sequence[Term], inline: bool) -> str:
    top, bottom = parts
    if inline:
        return f"{held(top, PRODUCT, True)}/{held(bottom, POWER, True)}"
    return rf"\frac{{{typeset(top)}}}{{{typeset(bottom)}}}"


def _power(parts: Sequence[Term], inline: bool) -> str:
    base, exponent = held(parts[0], ATOM, inline), typeset(parts[1], True)
    return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^{{{exponent}}}"


def between(before: str, after: str, comma: str = ", ") -> Callable[[Sequence[Term], bool], str]:
    """Returns how an operation is typeset that stands between two signs, its parts between commas."""
    return lambda parts, inline: before + comma.join(typeset(part, inline) for part in parts) + after


def _total(values: Sequence[float]) -> float:
    total = math.fsum(values)
    # 0.1 + 0.2 - 0.3 is 0: what little binary fractions leave of it is not a number that anyone means.
    return total if abs(total) > NOISE * max(map(abs, values)) else 0.0


ADD = Operator(_total, _sum, SUM)
NEGATIVE = Operator(lambda v: -v[0], lambda parts, inline: "-" + held(parts[0], PRODUCT, inline), SUM, around=1)
MULTIPLY = Operator(
    math.prod, lambda parts, inline: r"\cdot ".join(held(part, POWER, inline) for part in parts), PRODUCT, between=1
)
DIVIDE = Operator(lambda v: v[0] / v[1], _quotient, POWER)
RAISE = Operator(lambda v: math.pow(v[0], v[1]), _power, POWER, between=0)
ROOT = Operator(lambda v: math.sqrt(v[0]), between(r"\sqrt{", "}"), around=1)

# Building


def _flat(operator: Operator, *terms: Term) -> Term:
    """Returns a sum or a product without parentheses that change nothing: (a + b) + c is a + b + c."""
    parts = [p for t in terms for p in (t.parts if isinstance(t, Operation) and t.operator is operator else (t,))]
    return parts[0] if len(parts) == 1 else operation(operator, *parts)


add, multiply = partial(_flat, ADD), partial(_flat, MULTIPLY)
negative, power, root = partial(operation, NEGATIVE), partial(operation, RAISE), partial(operation, ROOT)


def subtract(left: Term, right: Term) -> Term:
    return add(left, negative(right))


def divide(top: Term, bottom: Term) -> Term:
    """Returns the quotient; a minus sign of the whole numerator stands before the fraction."""
    if isinstance(top, Operation) and top.operator is NEGATIVE:
        return negative(operation(DIVIDE, top.parts[0], bottom))
    return operation(DIVIDE, top, bottom)

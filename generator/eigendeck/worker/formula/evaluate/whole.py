"""Whole numbers of any size, as remainders need them: floats would have lost their last digits."""

import math

import numpy as np

from eigendeck.worker.formula.evaluate.context import Context
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import NotExecuted, Undefined, Unread

BITS = 100_000  # of a number on the way
FACTORIAL = 2_000


def modulo(context: Context, node: t.Node, by: t.Node) -> int:
    """Returns the remainder of one node divided by another.

    Raises Unread where one of them is no whole number, or too large.
    """
    divisor = whole(context, by)
    if divisor <= 0:
        raise Unread("a remainder by what is no positive number")
    if isinstance(node, t.Power):
        exponent = whole(context, node.exponent)
        if 0 <= exponent < 2**BITS:
            return pow(whole(context, node.base), exponent, divisor)
    return whole(context, node) % divisor


def whole(context: Context, node: t.Node) -> int:
    """Returns the value of a node that is a whole number. Raises Unread where it is none, or too large."""
    match node:
        case t.Number(text) if text.isdigit():
            return int(text)
        case t.Negative(body, False):
            return -whole(context, body)
        case t.Sum(terms):
            return sum(whole(context, term) for term in terms)
        case t.Product(factors):
            return _bounded(math.prod(whole(context, factor) for factor in factors))
        case t.Power(base, exponent):
            number, power = whole(context, base), whole(context, exponent)
            if power < 0 or number.bit_length() * power > BITS:
                raise Unread("a power that is too large")
            return int(number**power)
        case t.Factorial(base):
            number = whole(context, base)
            if not 0 <= number <= FACTORIAL:
                raise Unread(f"the factorial of {number}"[:80])
            return math.factorial(number)
        case t.Symbol() | t.Indexed() | t.Bound():
            value = context.raw(node)
            if value is None:
                raise Undefined(node)
            if isinstance(value, int | np.integer) and not isinstance(value, bool):
                return _bounded(int(value))
    raise NotExecuted(node)


def _bounded(number: int) -> int:
    if number.bit_length() > BITS:
        raise Unread("a number that is too large")
    return number

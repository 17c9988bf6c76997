"""Functions and comparisons of terms: how they are computed, and how they are typeset."""

import ast
import math
import operator
from collections.abc import Callable, Sequence

from eigendeck.substitution import terms
from eigendeck.substitution.terms import ATOM, POWER, Operation, Operator, Term, held, typeset


def _applied(name: str) -> Callable[[Sequence[Term], bool], str]:
    return lambda parts, inline: name + terms.parenthesized(", ".join(typeset(part, inline) for part in parts))


def _comparison(holds: Callable[[float, float], bool], sign: str) -> Operator:
    """1 where it holds, else 0: Iverson's brackets."""

    def compared(parts: Sequence[Term], inline: bool) -> str:
        return f"[{typeset(parts[0], inline)} {sign} {typeset(parts[1], inline)}]"

    return Operator(lambda v: float(holds(v[0], v[1])), compared, around=2)


# What `\ln(3)^2` would mean is not plain to see, so functions hold together like powers.
FUNCTIONS = {
    "abs": Operator(lambda v: abs(v[0]), terms.between(r"\left|", r"\right|"), around=2),
    "exp": Operator(lambda v: math.exp(v[0]), lambda parts, _: f"e^{{{typeset(parts[0], True)}}}", POWER, around=1),
    "log": Operator(lambda v: math.log(v[0]), _applied(r"\ln"), POWER, around=4),
    "log2": Operator(lambda v: math.log2(v[0]), _applied(r"\log_2"), POWER, around=6),
    "log10": Operator(lambda v: math.log10(v[0]), _applied(r"\log_{10}"), POWER, around=7),
    "sin": Operator(lambda v: math.sin(v[0]), _applied(r"\sin"), POWER, around=5),
    "cos": Operator(lambda v: math.cos(v[0]), _applied(r"\cos"), POWER, around=5),
    "tanh": Operator(lambda v: math.tanh(v[0]), _applied(r"\tanh"), POWER, around=6),
    "max": Operator(max, _applied(r"\max"), POWER, around=5),
    "min": Operator(min, _applied(r"\min"), POWER, around=5),
    "comb": Operator(lambda v: math.comb(*map(round, v)), terms.between(r"\binom{", "}", "}{"), POWER, around=2),
    "factorial": Operator(
        lambda v: math.factorial(round(v[0])), lambda parts, inline: held(parts[0], ATOM, inline) + "!", POWER, around=1
    ),
    "gcd": Operator(lambda v: math.gcd(*map(round, v)), _applied(r"\gcd"), POWER, around=5),
    "lcm": Operator(lambda v: math.lcm(*map(round, v)), _applied(r"\operatorname{lcm}"), POWER, around=5),
    "isqrt": Operator(lambda v: math.isqrt(round(v[0])), terms.between(r"\lfloor\sqrt{", r"}\rfloor"), around=3),
    "erf": Operator(lambda v: math.erf(v[0]), _applied(r"\operatorname{erf}"), POWER, around=5),
    "erfc": Operator(lambda v: math.erfc(v[0]), _applied(r"\operatorname{erfc}"), POWER, around=6),
    "gamma": Operator(lambda v: math.gamma(v[0]), _applied(r"\Gamma"), POWER, around=3),
}

COMPARISONS: dict[type[ast.cmpop], Operator] = {
    ast.Gt: _comparison(operator.gt, r"\gt"),
    ast.GtE: _comparison(operator.ge, r"\ge"),
    ast.Lt: _comparison(operator.lt, r"\lt"),
    ast.LtE: _comparison(operator.le, r"\le"),
    ast.Eq: _comparison(operator.eq, "="),
    ast.NotEq: _comparison(operator.ne, r"\ne"),
}


def is_comparison(term: Term) -> bool:
    return isinstance(term, Operation) and term.operator in COMPARISONS.values()


def defined(name: str, argument: Term, result: Term) -> Operation:
    """Returns the call of a function that the card defines, written `f(3)`; `result` is what the body amounts to."""
    latex = name if len(name) == 1 else rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"
    amount = terms.value(result)
    return terms.operation(Operator(lambda _: amount, _applied(latex), around=2 + len(name)), argument)


def function(name: str, *parts: Term) -> Term:
    return terms.operation(FUNCTIONS[name], *parts)

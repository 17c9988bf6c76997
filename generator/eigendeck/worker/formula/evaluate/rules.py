"""Which rule executes which kind of node."""

from collections.abc import Mapping

from eigendeck.worker.formula.evaluate import arithmetic, big_operators, calculus, conditions, functions, symbols
from eigendeck.worker.formula.evaluate.context import Context, Rule
from eigendeck.worker.formula.evaluate.products import transposed
from eigendeck.worker.formula.evaluate.tensors import Tensor, tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Undefined, Unread


def _undefined(_: Context, node: t.Node) -> Tensor:
    raise Undefined(node)


def _one_side(context: Context, node: t.Chain) -> Tensor:
    if node.relations:
        raise Unread("a relation in the place of a value")
    return context.value(node.sides[0])


RULES: Mapping[type[t.Node], Rule] = {
    t.Number: lambda _, node: tensor(float(node.text)),
    t.Symbol: symbols.symbol,
    t.Words: symbols.symbol,
    t.Accented: symbols.accented,
    t.Indexed: symbols.indexed,
    t.Marked: symbols.marked,
    t.Primed: _undefined,
    t.Bound: symbols.bound,
    t.Power: arithmetic.superscript(arithmetic.powers),
    t.Transposed: arithmetic.superscript(lambda context, node: transposed(context.value(node.base))),
    t.Factorial: arithmetic.superscript(arithmetic.factorial),
    t.Negative: arithmetic.negative,
    t.Sum: arithmetic.total,
    t.Product: arithmetic.product,
    t.Fraction: arithmetic.fraction,
    t.Root: arithmetic.root,
    t.Choose: arithmetic.choose,
    t.Norm: arithmetic.norm,
    t.Absolute: arithmetic.absolute,
    t.Matrix: arithmetic.matrix,
    t.Tuple: arithmetic.listed,
    t.Cases: conditions.cases,
    t.Big: big_operators.big,
    t.Function: functions.function,
    t.Call: functions.call,
    t.Derivative: calculus.derivative,
    t.Gradient: calculus.gradient,
    t.Event: _undefined,
    t.Chain: _one_side,
}

"""Relations that are true or false of each value: below sums, in indicators and in cases."""

from collections.abc import Callable

import numpy as np

from eigendeck.worker.formula.evaluate.context import Context
from eigendeck.worker.formula.evaluate.tensors import Array, Tensor, each, tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.printer import spelled

_HOLDS: dict[str, Callable[[Array, Array, Array], Array]] = {  # of two values and what may be rounding errors
    "=": lambda a, b, slack: np.abs(a - b) <= slack,
    "≠": lambda a, b, slack: np.abs(a - b) > slack,
    "<": lambda a, b, _: a < b,
    ">": lambda a, b, _: a > b,
    "≤": lambda a, b, slack: a <= b + slack,
    "≥": lambda a, b, slack: a >= b - slack,
}


def holds(context: Context, node: t.Node) -> Tensor:
    """Returns where a condition holds, as 0 and 1. Raises Unread where it is no condition on numbers."""
    if not isinstance(node, t.Chain) or not node.relations:
        raise Unread(f"{spelled(node)} is no condition")
    sides = list(map(context.value, node.sides))
    if any(side.rank or side.special or side.data.dtype.kind == "c" for side in sides):
        raise Unread(f"{spelled(node)} compares arrays")
    found = tensor(1.0)
    for left, relation, right in zip(sides, node.relations, sides[1:], strict=False):
        if relation not in _HOLDS:
            raise Unread(f"{spelled(node)} is not executed as a condition")
        found = each(np.multiply, found, _holding(left, relation, right))
    return found


def _holding(left: Tensor, relation: str, right: Tensor) -> Tensor:
    noise = left.noise + right.noise

    def compared(a: Array, b: Array) -> Array:
        slack = 1e-9 * np.maximum(np.abs(a), np.abs(b)) + noise
        return _HOLDS[relation](a, b, np.where(np.isfinite(slack), slack, 0.0)).astype(float)

    return each(compared, left, right)._replace(noise=0.0)


def cases(context: Context, node: t.Cases) -> Tensor:
    """The value of the first case whose condition holds."""
    found: Tensor | None = None
    for value, when in reversed(node.rows):
        one = context.value(value)
        where = None if when is None else holds(context, when)
        if where is None or found is None:  # the last condition is the rest
            found = one
        else:
            found = each(lambda condition, a, b: np.where(condition != 0, a, b), where, one, found)
    assert found
    return found

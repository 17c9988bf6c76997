"""Derivatives by central differences, limits, integrals, and the best of a grid."""

import numpy as np

from eigendeck.worker.formula.evaluate.context import Context, number
from eigendeck.worker.formula.evaluate.products import times
from eigendeck.worker.formula.evaluate.tensors import NOISE, Array, Tensor, tensor
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import NotExecuted, Undefined, Unread
from eigendeck.worker.formula.parser.printer import spelled

MOST_CALLS = 5_000  # of a function of the card's, in one value
STEP = 1e-3  # of the four-point difference, whose error goes with its fourth power
APPROACH = 1e-4  # how near a limit comes: nearer, differences are lost in rounding errors
NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)  # here, since the closed worker imports nothing any more
_STENCILS = {1: (1, -8, 0, 8, -1), 2: (-1, 16, -30, 16, -1)}
COARSE = 1e-5  # of the result: by small steps no more can be had
GRID, ROUNDS, SPAN = 201, 12, 100.0  # of a search without a grid of the card's


def derivative_at(context: Context, function: t.Primed, argument: t.Node) -> Tensor:
    """Returns the derivative of a function of the card's of one number, at each number of a tensor."""
    point, stand_in = context.value(argument), t.Symbol("#point")
    if point.rank or function.count not in _STENCILS:
        raise Unread("a derivative that is not executed")
    return _differences(context, t.Call(function.base, (stand_in,)), stand_in, point, order=function.count)


def derivative(context: Context, node: t.Derivative) -> Tensor:
    """A derivative of a function of the card's, or of an expression, where its variable has a value."""
    by = node.by
    named = isinstance(node.of, t.Symbol | t.Accented | t.Indexed | t.Bound)
    depends = not named and (by.base if isinstance(by, t.Indexed) else by) in t.walk(node.of)
    if context.function(node.of) is None and not depends:
        raise Undefined(node)
    if isinstance(by, t.Indexed) and len(by.indices) == 1:
        gradient_ = _gradient_of(context, node.of, by.base)
        stand_in = t.Symbol("#gradient")
        return context.setting({stand_in: gradient_}).value(t.Indexed(stand_in, by.indices))
    point = context.value(by)
    if point.rank:
        return _gradient_of(context, node.of, by)
    return _differences(context, node.of, by, point)


def gradient(context: Context, node: t.Gradient) -> Tensor:
    """The vector of the derivatives of a function at a point that is said."""
    match node.of:
        case t.Call(head, (argument,)) if context.function(head):
            if not isinstance(argument, t.Symbol | t.Bound | t.Accented):
                raise NotExecuted(node)
            return _gradient_of(context, node.of, argument)
    if node.by is None:
        raise Undefined(node)
    return _gradient_of(context, node.of, node.by)


def _gradient_of(context: Context, of: t.Node, by: t.Node) -> Tensor:
    point = context.value(by)
    if point.letters or point.special or point.rank != 1:
        raise Unread(f"the gradient by {spelled(by)} is not executed")
    found = [_differences(context, of, by, point, k) for k in range(point.shape[0])]
    if any(item.data.ndim for item in found):
        raise Unread("the gradient of an array")
    return tensor(np.array([item.data for item in found]))._replace(noise=max(item.noise for item in found))


def _differences(
    context: Context, of: t.Node, by: t.Node, point: Tensor, entry: int | None = None, order: int = 1
) -> Tensor:
    """The derivative by the values at -2h … 2h. entry: by which of a vector; otherwise it is by each number."""
    size = np.abs(point.data) if entry is None else point.largest
    h = STEP * np.where((size > 0) & (size < STEP), size, np.maximum(size, 1.0))  # nearer to 0 its size is the scale
    place = np.ones(point.data.shape) if entry is None else np.eye(point.data.size)[entry]
    expression = t.Call(of, (by,)) if context.function(of) else of
    moved = [Tensor(point.data + k * h * place, point.letters) for k in range(-2, 3)]
    values = [context.setting({by: at}).value(expression) for at in moved]
    if values[0].special:
        raise Unread("a derivative of what has no size")
    largest = max(value.largest for value in values)
    total = sum(weight * value.data for weight, value in zip(_STENCILS[order], values, strict=True))
    scale = Tensor(1 / (12 * h**order), point.letters if entry is None else ())
    return _coarse(times(Tensor(np.asarray(total), values[0].letters, noise=12 * NOISE * largest), scale))


def _coarse(found: Tensor) -> Tensor:
    """A result with what small steps leave out as noise."""
    return found._replace(noise=found.noise + COARSE * found.largest)


def limit(context: Context, node: t.Big) -> Tensor:
    """A limit at a number, from above: three values near it, extrapolated."""
    below = node.below
    if not (isinstance(below, t.Chain) and below.relations == ("→",) and isinstance(below.sides[0], t.Symbol)):
        raise NotExecuted(node)
    variable = below.sides[0]
    target = number(context, below.sides[1], "where the limit is")
    if not np.isfinite(target):
        raise Unread("a limit at infinity")

    def at(step: float) -> Tensor:
        return context.setting({variable: tensor(target + step)}).value(node.body)

    nearest, near, far = (at(APPROACH / part) for part in (4, 2, 1))
    line = 2 * nearest.data - near.data
    parabola = (4 * line - (2 * near.data - far.data)) / 3
    if np.any(np.abs(near.data - far.data) > 0.1 * np.abs(near.data) + near.noise + far.noise + APPROACH):
        raise Unread(f"{spelled(node)} is not found: its values do not settle")
    # What the parabola through all three leaves out is less than what the line through two of them does.
    noise = 4 * nearest.noise + float(np.abs(parabola - line).max())
    return _coarse(Tensor(parabola, near.letters, noise=noise))


def integral(context: Context, node: t.Big) -> Tensor:
    """An integral between two numbers, by Gauss's rule."""
    if node.below is None or node.above is None:
        raise Unread("an integral without bounds")
    match node.body:
        case t.Product((*rest, t.Symbol("d", ""), t.Symbol(_, "") as variable), between):
            body = t.product(rest or [t.Number("1")], between[:-2])
        case _:
            raise Unread("an integral without its d")
    low, high = number(context, node.below, "a bound"), number(context, node.above, "a bound")
    if not (np.isfinite(low) and np.isfinite(high)):
        raise Unread("an integral without end")
    letter = f"#{spelled(variable)}"
    half = (high - low) / 2
    points = Tensor((low + high) / 2 + half * NODES, (letter,))
    found = context.setting({variable: points}).value(body)
    if found.rank:
        raise Unread("the integral of an array")
    if letter not in found.letters:
        return Tensor(found.data * (high - low), found.letters)
    axis = found.letters.index(letter)
    data = np.moveaxis(found.data, axis, -1) @ WEIGHTS * half
    letters = tuple(other for other in found.letters if other != letter)
    return _coarse(Tensor(np.asarray(data), letters, noise=(found.noise + NOISE * found.largest) * abs(high - low)))


def search(context: Context, node: t.Big) -> Tensor:
    """The largest or smallest value, or where it is: on the card's own grid, or on finer and finer ones."""
    variable = node.below
    if isinstance(variable, t.Chain) or variable is None or isinstance(variable, t.Tuple):
        raise Unread(f"{spelled(node)} is searched for under a condition")
    try:
        grid = context.value(variable)
    except Undefined:
        grid = tensor(0.0)
    if grid.letters or grid.rank != 1 or not 2 <= grid.shape[0] <= MOST_CALLS:
        return _zoomed(context, node, variable)
    values = _along(context, node, variable, grid.data)
    best = _best(node, values)
    return tensor(grid.data[best] if node.operator.startswith("arg") else values[best])


def _best(node: t.Big, values: Array) -> int:
    if not np.any(np.isfinite(values)):
        raise Unread("a search that finds nothing")
    upwards = values if node.operator.endswith("max") else -values
    return int(np.where(np.isnan(upwards), -np.inf, upwards).argmax())


def _along(context: Context, node: t.Big, variable: t.Node, grid: Array) -> Array:
    letter = f"#{spelled(variable)}"
    found = context.setting({variable: Tensor(grid, (letter,))}).value(node.body)
    if found.letters != (letter,) or found.rank:
        raise Unread(f"{spelled(node)}: its values do not depend on {spelled(variable)} alone")
    return found.data


def _zoomed(context: Context, node: t.Big, variable: t.Node) -> Tensor:
    """A search over all numbers in sight; what lies at their end is not found, and refused."""
    if not isinstance(variable, t.Symbol) or variable.font:
        raise NotExecuted(node)
    middle, span = 0.0, SPAN
    for round_ in range(ROUNDS):
        grid = np.linspace(middle - span, middle + span, GRID)
        values = _along(context, node, variable, grid)
        best = _best(node, values)
        if round_ == 0 and best in (0, GRID - 1):
            raise Unread(f"{spelled(node)}: its best value is out of sight")
        middle, step = float(grid[best]), 2 * span / (GRID - 1)
        # Around the best place the values are alike to their last digits: no finer grid would tell it better.
        others = np.flatnonzero(np.abs(values - values[best]) > 1e-14 * abs(values[best]))
        flat = step * float(others[others > best].min(initial=GRID) - others[others < best].max(initial=-1) - 2)
        if step <= 1e-7 * abs(middle) or flat > 2 * step:
            break
        span = 2 * step
    if node.operator.startswith("arg"):
        return _coarse(tensor(middle)._replace(noise=max(step, flat)))
    return _coarse(tensor(values[best]))

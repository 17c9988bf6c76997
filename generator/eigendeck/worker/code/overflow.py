"""The fourth guard, for the numbers: integers that leave the range of their type, where NumPy says nothing.

NumPy's integers wrap around: `np.prod(np.arange(1, 25))` is negative. So the arithmetic of checked code is compiled as
calls of the functions below. Each computes what the code says; where integers of NumPy come out, it computes once more
with floats. These never wrap, and a wrapped integer is off by a multiple of 2^bits, which no rounding error reaches.

Inside an `np.errstate(over="ignore")` that the author wrote, as a card on hashes may, integers may wrap.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from eigendeck.worker.code.strict import NumericFault

Operation = Callable[[Any, Any], Any]


# What may take an integer out of its range. Comparisons, `//`, `%` and bits cannot.
_OPERATORS: dict[type[ast.operator], tuple[str, Operation, Operation]] = {
    ast.Add: ("+", operator.add, operator.iadd),
    ast.Sub: ("-", operator.sub, operator.isub),
    ast.Mult: ("*", operator.mul, operator.imul),
    ast.Pow: ("**", operator.pow, operator.ipow),
    ast.MatMult: ("@", operator.matmul, operator.imatmul),
    ast.LShift: ("<<", operator.lshift, operator.ilshift),
}
_FUNCTIONS = """
add subtract multiply power square negative abs absolute left_shift sum nansum prod nanprod cumsum
cumprod cumulative_sum dot vdot inner outer matmul einsum tensordot kron trace cross convolve correlate matvec vecdot
vecmat diff ediff1d ptp polyval polymul polyadd polysub vander lcm trapezoid
"""
_OF_LINALG = "matrix_power multi_dot matmul outer tensordot trace vecdot cross"
_METHODS = frozenset(["sum", "prod", "cumsum", "cumprod", "dot", "trace"])
_OF_UFUNCS = frozenset(["reduce", "accumulate", "outer", "reduceat"])
_CAST = "astype"
_KINDS = "iu"


# The functions whose results are computed twice, each with its name; a newer NumPy may have fewer.
WATCHED: dict[Any, str] = {
    getattr(module, name): f"{prefix}.{name}"
    for module, prefix, names in ((np, "np", _FUNCTIONS), (np.linalg, "np.linalg", _OF_LINALG))
    for name in names.split()
    if hasattr(module, name)
}


class _Instrumented(ast.NodeTransformer):
    """Arithmetic and calls become calls of the functions of `NAMES`, at the same places in the text."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) not in _OPERATORS:
            return node
        return _call("__binary", node, _sign(node.op), node.left, node.right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.USub) or isinstance(node.operand, ast.Constant):
            return node
        return _call("__negative", node, node.operand)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        called = node.func
        if not isinstance(called, ast.Attribute) or called.attr == "errstate":  # the statement `with` needs it as it is
            return node
        return ast.copy_location(ast.Call(_name("__called"), [called, *node.args], node.keywords), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) not in _OPERATORS:
            return node
        target = node.target
        if isinstance(target, ast.Name):
            loaded = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            value = _call("__in_place", node, _sign(node.op), loaded, node.value)
            return ast.copy_location(ast.Assign([target], value), node)
        if isinstance(target, ast.Subscript):
            item = _call("__item_in_place", node, _sign(node.op), target.value, _index(target.slice), node.value)
            return ast.copy_location(ast.Expr(item), node)
        return node


def instrumented(node: ast.stmt) -> ast.stmt:
    """Returns a statement whose arithmetic is watched. It needs the names of `NAMES` among its builtins."""
    # On a copy: the names, the source and the program on the card are read from the statement itself.
    changed = _Instrumented().visit(_copy(node))
    assert isinstance(changed, ast.stmt)
    return ast.fix_missing_locations(changed)


def _copy(node: Any) -> Any:
    """A copy of a tree; `copy.deepcopy` takes five times as long."""
    if isinstance(node, list):
        return [_copy(part) for part in node]
    if not isinstance(node, ast.AST):
        return node
    made = type(node).__new__(type(node))
    for name, value in vars(node).items():
        setattr(made, name, _copy(value))
    return made


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(name: str, place: ast.AST, *arguments: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(ast.copy_location(_name(name), place), list(arguments), []), place)


def _sign(kind: ast.operator) -> ast.Constant:
    return ast.Constant(_OPERATORS[type(kind)][0])


def _index(node: ast.expr) -> ast.expr:
    """An index as an expression: `1:3` stands in square brackets alone."""
    if isinstance(node, ast.Slice):
        parts = [part or ast.Constant(None) for part in (node.lower, node.upper, node.step)]
        return _call("__slice", node, *parts)
    if isinstance(node, ast.Tuple):
        return ast.copy_location(ast.Tuple([_index(part) for part in node.elts], ast.Load()), node)
    return node


# --- at run time

BY_SIGN = {sign: (plain, in_place) for sign, plain, in_place in _OPERATORS.values()}


def _binary(sign: str, left: Any, right: Any) -> Any:
    operation = BY_SIGN[sign][0]
    value = operation(left, right)
    if isinstance(value, np.ndarray | np.integer) and value.dtype.kind in _KINDS:
        _compare(value, _shifted if sign == "<<" else operation, (left, right), sign)
    return value


def _in_place(sign: str, left: Any, right: Any) -> Any:
    if not isinstance(left, np.ndarray):
        return _binary(sign, left, right)
    before = left.copy()
    value = BY_SIGN[sign][1](left, right)
    if value.dtype.kind in _KINDS:
        _compare(value, _shifted if sign == "<<" else BY_SIGN[sign][0], (before, right), sign)
    return value


def _item_in_place(sign: str, whole: Any, index: Any, right: Any) -> None:
    whole[index] = _in_place(sign, whole[index], right)


def _negative(value: Any) -> Any:
    result = -value
    if isinstance(result, np.ndarray | np.integer) and result.dtype.kind in _KINDS:
        _compare(result, operator.sub, (0, value), "-")
    return result


def _called(function: Any, *arguments: Any, **options: Any) -> Any:
    value = function(*arguments, **options)
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind not in "iuf":
        return value
    name = _name_of(function)
    if name is None or (value.dtype.kind == "f" and name != "np.trapezoid"):
        return value
    owner = getattr(function, "__self__", None)
    if name == f".{_CAST}":
        _compare(value, lambda whole: whole, (owner,), name)
    elif isinstance(function, type):  # np.int8(x)
        _compare(value, lambda whole: whole, arguments[:1], name)
    else:
        kept = {key: option for key, option in options.items() if key not in ("dtype", "out")}
        if "where" in kept and isinstance(value, np.ndarray):  # at the other places stands what was there before
            kept["out"] = value.astype(np.float64)
        if isinstance(owner, np.ndarray | np.integer):
            again = getattr(_as_floats(owner), function.__name__)
            _compare(value, lambda *floats: again(*floats, **kept), arguments, name)
        else:
            _compare(value, lambda *floats: function(*floats, **kept), arguments, name)
    return value


def _name_of(function: Any) -> str | None:
    """What a function is called in a message, where its integers may leave their range."""
    if isinstance(function, type):
        return f"np.{function.__name__}" if issubclass(function, np.integer) else None
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ndarray | np.integer):
        name: str = function.__name__
        return f".{name}" if name in {*_METHODS, _CAST} and owner.dtype.kind in _KINDS else None
    if isinstance(owner, np.ufunc):
        name = function.__name__
        return f"np.{owner.__name__}.{name}" if owner in WATCHED and name in _OF_UFUNCS else None
    try:
        return WATCHED.get(function)
    except TypeError:  # what cannot be hashed is no function of NumPy
        return None


def _as_floats(value: Any) -> Any:
    """Integers as floats, in lists too; a tuple of Python's own may be axes or a shape, and stays."""
    if isinstance(value, np.ndarray | np.integer) and value.dtype.kind in _KINDS:
        return value.astype(np.float64)
    if isinstance(value, list):
        return [float(part) if type(part) is int else _as_floats(part) for part in value]
    if isinstance(value, tuple) and not all(type(part) is int for part in value):
        return tuple(map(_as_floats, value))
    return value


def _shifted(left: Any, right: Any) -> Any:
    return left * np.exp2(right)


def _compare(value: Any, again: Callable[..., Any], arguments: tuple[Any, ...], name: str) -> None:
    """Compares a result with what floats give.

    Raises:
        NumericFault: they are further apart than rounding errors are.
    """
    if np.geterr()["over"] == "ignore":
        return
    with np.errstate(all="ignore"):
        try:
            exact = np.asarray(again(*map(_as_floats, arguments)))
        except (TypeError, ValueError, IndexError):  # it takes integers alone, such as counts or places
            return
        if exact.dtype.kind not in "iuf" or exact.shape != np.shape(value):
            return
        off = np.abs(np.asarray(value, dtype=np.float64) - exact)
        is_float, half = value.dtype.kind == "f", 2.0 ** (8 * value.dtype.itemsize - 1)
        wrong = off > 1e-6 * np.abs(exact) if is_float else ~(off < half)
        if not np.any(wrong):
            return
        first = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        comes_out, should = np.asarray(value)[first], exact[first]
    raise NumericFault(
        f"integer overflow in `{name}`: {should:.6g} does not fit into {value.dtype}, and becomes {comes_out}",
        "Make the numbers smaller, or compute with floats (`1.0 * x`) or Python's own integers, which have no limit.",
    )


NAMES: Mapping[str, object] = {
    "__binary": _binary,
    "__in_place": _in_place,
    "__item_in_place": _item_in_place,
    "__negative": _negative,
    "__called": _called,
    "__slice": slice,
}


def arithmetic(changed: Callable[[Any], Any]) -> Mapping[str, object]:
    """Returns functions in the place of those of `NAMES` that do not look at their results, but change each."""

    def in_place(sign: str, left: Any, right: Any) -> Any:
        return changed(BY_SIGN[sign][1](left, right))

    def item_in_place(sign: str, whole: Any, index: Any, right: Any) -> None:
        whole[index] = in_place(sign, whole[index], right)

    return {
        "__binary": lambda sign, left, right: changed(BY_SIGN[sign][0](left, right)),
        "__in_place": in_place,
        "__item_in_place": item_in_place,
        "__negative": lambda value: changed(-value),
        "__called": lambda function, *arguments, **options: changed(function(*arguments, **options)),
    }


UNWATCHED = arithmetic(lambda value: value)  # of a mistake, that integers leave their range may be the point

"""The fourth guard, for the numbers: integers that leave the range of their type, where NumPy says nothing.

NumPy's integers wrap around: `np.prod(np.arange(1, 25))` is negative. So the arithmetic of checked code is compiled as
calls of the functions below. Each computes what the code says; where integers of NumPy come out, it computes once more
with floats. These never wrap, and a wrapped integer is off by a multiple of 2^bits, which no rounding error reaches.
Inside an `np.errstate(over="ignore")` that the author wrote, as a card on hashes may, integers may wrap.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from eigendeck.worker.code.cutting import named, refuse_cut, refuse_division
from eigendeck.worker.code.strict import NumericFault

# What may take an integer out of its range, as comparisons and bits cannot; and what cuts numbers off.
OPERATORS: dict[type[ast.operator], tuple[str, Callable[..., Any], Callable[..., Any]]] = {
    ast.Add: ("+", operator.add, operator.iadd),
    ast.Sub: ("-", operator.sub, operator.isub),
    ast.Mult: ("*", operator.mul, operator.imul),
    ast.Pow: ("**", operator.pow, operator.ipow),
    ast.MatMult: ("@", operator.matmul, operator.imatmul),
    ast.LShift: ("<<", operator.lshift, operator.ilshift),
    ast.FloorDiv: ("//", operator.floordiv, operator.ifloordiv),
    ast.Mod: ("%", operator.mod, operator.imod),
}
_FUNCTIONS = """
add subtract multiply power square negative abs absolute sum nansum prod nanprod cumsum mean
cumprod cumulative_sum dot vdot inner outer matmul einsum tensordot kron trace cross convolve correlate matvec vecdot
vecmat diff ediff1d ptp polyval polymul polyadd polysub vander lcm trapezoid round around insert pad
"""
_OF_LINALG = "matrix_power multi_dot matmul outer tensordot trace vecdot cross"
_MAKERS = (
    "array asarray full full_like linspace geomspace logspace arange concat concatenate stack hstack vstack astype"
)
_BUILTINS = {abs: "abs", pow: "pow", round: "round", sum: "sum"}
_METHODS = frozenset(["sum", "prod", "cumsum", "cumprod", "dot", "trace", "round", "mean"])
_OF_UFUNCS = frozenset(["reduce", "accumulate", "outer", "reduceat"])
INTEGERS = "iu"  # kinds of a dtype
_NARROW = 1.0  # more is never lost where floats become integers
MAKERS = named(np, _MAKERS, "np")  # which give the integers of the type that they are asked for
WATCHED = named(np.linalg, _OF_LINALG, "np.linalg") | named(np, _FUNCTIONS, "np") | MAKERS | _BUILTINS
BY_SIGN = {sign: (plain, in_place) for sign, plain, in_place in OPERATORS.values()}


def _binary(sign: str, left: Any, right: Any) -> Any:
    operation = BY_SIGN[sign][0]
    try:
        value = operation(left, right)
    except NumericFault:
        with np.errstate(all="ignore"):
            value = operation(left, right)
        _compare_operands(sign, value, left, right)  # it says more of integers than their processor
        raise
    _compare_operands(sign, value, left, right)
    return value


def _compare_operands(sign: str, value: Any, left: Any, right: Any) -> None:
    if sign in ("//", "%"):
        refuse_division(sign, left, right)
    elif isinstance(value, np.ndarray | np.integer) and value.dtype.kind in INTEGERS:
        again = BY_SIGN[sign][0] if sign != "<<" else lambda one, other: one * np.exp2(other)
        _compare(value, again, (left, right), sign)


def _in_place(sign: str, left: Any, right: Any) -> Any:
    if not isinstance(left, np.ndarray):
        return _binary(sign, left, right)
    before = left.copy()
    value = BY_SIGN[sign][1](left, right)
    _compare_operands(sign, value, before, right)
    return value


def _negative(value: Any) -> Any:
    result = -value
    _compare_operands("-", result, 0, value)
    return result


def _stored(value: Any, whole: Any, index: Any) -> None:
    """Puts a value into an array, as `whole[index] = value` does: NumPy cuts off what does not fit."""
    if isinstance(whole, np.ndarray) and whole.dtype.kind in INTEGERS:
        new = np.asarray(value) if isinstance(value, list | tuple) else value
        if isinstance(new, np.ndarray | np.generic) and new.dtype.kind in "iuf":
            limits = np.iinfo(whole.dtype)
            wrong = np.atleast_1d((np.trunc(new) < limits.min) | (np.trunc(new) > limits.max))
            if wrong.any():
                first = np.atleast_1d(new)[wrong][0]
                _raise("=", first, whole.dtype, first.astype(whole.dtype))
    whole[index] = value


def _called(function: Any, *arguments: Any, **options: Any) -> Any:
    if function is sum and arguments and isinstance(arguments[0], Iterator):
        return _sum(*arguments, **options)
    if any(map(callable, arguments)):
        arguments = tuple(_handed_over(argument, function) for argument in arguments)
    if arguments and isinstance(getattr(function, "__self__", None), np.ufunc) and function.__name__ == "at":
        return _at(function, *arguments)
    try:
        value = function(*arguments, **options)
    except NumericFault:
        if _name_of(function):
            with np.errstate(all="ignore"):
                value = function(*arguments, **options)
            _compare_call(value, function, arguments, options)
        raise
    refuse_cut(function, arguments, value)
    if isinstance(value, np.ndarray | np.generic):
        _compare_call(value, function, arguments, options)
    return value


def _sum(parts: Iterator[Any], *start: Any, **options: Any) -> Any:
    """Adds up what can be looked at once. Kept are NumPy's numbers; of Python's, which may be a billion, the sum."""
    whole, seen = 0, list[Any]()

    def noted() -> Iterator[Any]:
        nonlocal whole
        for part in parts:
            if type(part) is int:
                whole += part
            else:
                seen.append(part)
            yield part

    try:
        value = sum(noted(), *start, **options)
    except NumericFault:
        _called(sum, [whole, *seen, *parts], *start, **options)  # it says more of integers
        raise
    if isinstance(value, np.ndarray | np.generic):
        _compare_call(value, sum, ([whole, *seen], *start), options)
    return value


def _handed_over(argument: Any, function: Any) -> Any:
    """What is handed to a function; a function that is watched is watched there, too: `map(np.prod, rows)`."""
    a_type = isinstance(argument, type)  # one that is asked for, but in `map(int, row)`
    watched = argument is int and function is map if a_type else callable(argument) and _name_of(argument)
    return partial(_called, argument) if watched else argument


def _at(function: Any, *arguments: Any) -> None:
    """`np.add.at`, which works in place."""
    owner, whole = function.__self__, arguments[0]
    before = whole.astype(np.float64) if isinstance(whole, np.ndarray) and whole.dtype.kind in INTEGERS else None
    function(*arguments)
    if before is not None and owner in WATCHED:
        function(before, arguments[1], *map(_as_floats, arguments[2:]))
        _compare(whole, lambda: before, (), f"{WATCHED[owner]}.at")


def _compare_call(value: Any, function: Any, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> None:
    name = _name_of(function) if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "iuf" else None
    if name is None or (value.dtype.kind == "f" and name != "np.trapezoid"):
        return
    owner = getattr(function, "__self__", None)
    if name == ".astype":
        _compare(value, lambda whole: whole, (owner,), name, _NARROW)
    elif isinstance(function, type):  # np.int8(x)
        _compare(value, lambda whole: whole, arguments[:1], name, _NARROW)
    elif function not in MAKERS or options or len(arguments) > 1:
        kept = {key: option for key, option in options.items() if key not in ("dtype", "out")}
        if "where" in kept and isinstance(value, np.ndarray):  # at the other places stands what was there before
            kept["out"] = value.astype(np.float64)
        if arguments and function is not np.full:  # of which the first says the shape
            arguments = (_as_data(arguments[0]), *arguments[1:])
        again = function
        if isinstance(owner, np.ndarray | np.integer):
            again = getattr(_as_floats(owner), function.__name__)
        off = _NARROW if function in MAKERS or name.endswith("mean") else None
        _compare(value, lambda *floats: again(*floats, **kept), arguments, name, off)


def _name_of(function: Any) -> str | None:
    """What a function is called in a message, where its integers may leave their range."""
    if isinstance(function, type):
        return f"np.{function.__name__}" if issubclass(function, np.integer) else None
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ndarray | np.generic):
        watched = function.__name__ in (["astype", *_METHODS] if owner.dtype.kind in INTEGERS else ["astype"])
        return f".{function.__name__}" if watched else None
    if isinstance(owner, np.ufunc):
        return f"{WATCHED[owner]}.{function.__name__}" if owner in WATCHED and function.__name__ in _OF_UFUNCS else None
    try:
        return WATCHED.get(function)
    except TypeError:  # what cannot be hashed is no function of NumPy
        return None


def _compare(
    value: Any, again: Callable[..., Any], arguments: tuple[Any, ...], name: str, most: float | None = None
) -> None:
    """Compares a result with what floats give. most: by how much it may be off; None: less than by wrapping around.

    Raises NumericFault where they are further apart than rounding errors are.
    """
    if np.geterr()["over"] == "ignore":
        return
    with np.errstate(all="ignore"):
        exact = _exactly(again, arguments)
        if exact is None or exact.shape != np.shape(value):
            return
        off = np.abs(np.asarray(value, dtype=np.float64) - exact)
        if value.dtype.kind == "f":
            wrong = off > 1e-6 * np.abs(exact)
        elif most is None:
            wrong = ~(off < 2.0 ** (8 * value.dtype.itemsize - 1))
        else:
            wrong = ~(off < most + 1e-15 * np.abs(exact))
        if np.any(wrong):
            first = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
            _raise(name, exact[first], value.dtype, np.asarray(value)[first])


def _exactly(again: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """What comes out of floats, or where integers alone are taken out of Python's own; nothing where neither does."""
    for converted in (_as_floats, _as_objects):
        with suppress(TypeError, ValueError, IndexError, OverflowError):
            exact = np.asarray(again(*map(converted, arguments)))
            if exact.dtype.kind in "iuf":
                return exact
            if exact.dtype.kind == "O":
                return exact.astype(np.float64)
    return None


def _as_floats(value: Any) -> Any:
    """Integers as floats, in lists too; a tuple of Python's own may be axes or a shape, and stays."""
    if isinstance(value, np.ndarray | np.integer) and value.dtype.kind in INTEGERS:
        return value.astype(np.float64)
    if isinstance(value, list):
        return [float(part) if type(part) is int else _as_floats(part) for part in value]
    if isinstance(value, tuple) and not all(type(part) is int for part in value):
        return tuple(map(_as_floats, value))
    if isinstance(value, type) and issubclass(value, np.integer | int):  # a type that is asked for
        return np.float64
    return np.float64 if isinstance(value, str) and value.startswith(("int", "uint")) else value


def _as_data(value: Any) -> Any:
    """The numbers that a function takes; in a tuple, too."""
    return list(value) if isinstance(value, tuple) and all(type(part) is int for part in value) else value


def _as_objects(value: Any) -> Any:
    """Integers as Python's own, which have no limit."""
    return value.astype(object) if isinstance(value, np.ndarray) and value.dtype.kind in INTEGERS else value


def _raise(name: str, should: Any, kind: Any, comes_out: Any) -> None:
    raise NumericFault(
        f"integer overflow in `{name}`: {should:.6g} does not fit into {kind}, and becomes {comes_out}",
        "Make the numbers smaller, or compute with floats (`1.0 * x`) or Python's own integers, which have no limit.",
    )


def _names(binary: Any, in_place: Any, negative: Any, called: Any, stored: Any) -> Mapping[str, object]:
    """The functions by the names that the compiled code calls them."""

    def item_in_place(sign: str, whole: Any, index: Any, right: Any) -> None:
        whole[index] = in_place(sign, whole[index], right)

    names = {"__binary": binary, "__in_place": in_place, "__item_in_place": item_in_place, "__negative": negative}
    return {**names, "__called": called, "__slice": slice, "__stored": stored}


NAMES = _names(_binary, _in_place, _negative, _called, _stored)


def arithmetic(changed: Callable[[Any], Any]) -> Mapping[str, object]:
    """Returns functions in the place of those of `NAMES` that do not look at their results, but change each."""
    return _names(
        lambda sign, left, right: changed(BY_SIGN[sign][0](left, right)),
        lambda sign, left, right: changed(BY_SIGN[sign][1](left, right)),
        lambda value: changed(-value),
        lambda function, *arguments, **options: changed(function(*arguments, **options)),
        lambda value, whole, index: operator.setitem(whole, index, value),
    )


UNWATCHED = arithmetic(lambda value: value)  # of a mistake, that integers leave their range may be the point

"""The fifth guard, for the numbers: cutting off what is whole but for rounding errors. `int(0.29 * 100)` is 28."""

import math
from typing import Any

import numpy as np

from eigendeck.worker.code.strict import NumericFault

NEAR = 64 * float(np.finfo(float).eps)  # of a number, or of 1: so far rounding errors reach
FRACTION = 1e-3  # beyond 1e11 they could be more than that, and so could be what is meant


def named(module: Any, names: str, prefix: str) -> dict[Any, str]:
    """Functions of a module, each with its name; a newer NumPy may have fewer."""
    return {getattr(module, name): f"{prefix}.{name}" for name in names.split() if hasattr(module, name)}


def _by_identity(names: dict[Any, str]) -> dict[int, str]:
    return {id(function): name for function, name in names.items()}  # what is called need not be hashable


_CUTS = _by_identity(named(np, "floor ceil trunc fix", "np") | named(math, "floor ceil trunc", "math") | {int: "int"})
_DIVISIONS = _by_identity(named(np, "floor_divide mod remainder divmod", "np") | {divmod: "divmod"})
_CASTS = _by_identity(named(np, "array asarray", "np"))


def refuse_cut(function: Any, arguments: tuple[Any, ...], value: Any) -> None:
    """Raises NumericFault where a call has cut off a number that is whole but for rounding errors."""
    if (name := _CUTS.get(id(function))) and len(arguments) == 1:
        _refuse(name, arguments[0], value)
    elif (name := _DIVISIONS.get(id(function))) and len(arguments) == 2:
        refuse_division(name, *arguments)
    elif not isinstance(value, np.ndarray | np.generic) or value.dtype.kind not in "iu":
        return
    elif id(function) in _CASTS and arguments:
        _refuse(_CASTS[id(function)], np.broadcast_to(np.asarray(arguments[0]), value.shape), value)
    elif isinstance(owner := getattr(function, "__self__", None), np.ndarray | np.generic) and (
        function.__name__ == "astype"
    ):
        _refuse(".astype", owner, value)


def refuse_division(sign: str, left: Any, right: Any) -> None:
    """Raises NumericFault where a quotient is cut off that is whole but for rounding errors, for `//` or for `%`."""
    if any(map(_is_float, (left, right))) and not isinstance(left, str | bytes):
        with np.errstate(all="ignore"):
            _refuse(f"`{sign}`", np.divide(left, right), np.floor_divide(left, right))


def _is_float(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f")


def _refuse(name: str, number: Any, value: Any) -> None:
    if not _is_float(number):
        return
    with np.errstate(all="ignore"):
        number, value = np.atleast_1d(number), np.atleast_1d(np.asarray(value, dtype=float))
        whole = np.rint(number)
        near = np.minimum(NEAR * np.maximum(1, np.abs(whole)), FRACTION)
        wrong = (np.abs(number - whole) <= near) & (np.abs(value - whole) == 1)
    if wrong.any():
        cut, should = number[wrong][0], whole[wrong][0] + 0.0
        raise NumericFault(
            f"{name} cuts {cut:.17g} off, which is {should:.0f} but for rounding errors",
            "Round first, `round(…, 9)`, or compute with whole numbers, as cents in place of euros.",
        )

"""Integers in types that they cannot leave: floats, and Python's own."""

from typing import Any

import numpy as np

INTEGERS = "iu"  # kinds of a dtype


def as_floats(value: Any) -> Any:
    """Integers as floats, in lists too; a tuple of Python's own may be axes or a shape, and stays."""
    if isinstance(value, np.ndarray | np.integer) and value.dtype.kind in INTEGERS:
        return value.astype(np.float64)
    if isinstance(value, list):
        return [float(part) if type(part) is int else as_floats(part) for part in value]
    if isinstance(value, tuple) and not all(type(part) is int for part in value):
        return tuple(map(as_floats, value))
    if isinstance(value, type) and issubclass(value, np.integer | int):  # a type that is asked for
        return np.float64
    return np.float64 if isinstance(value, str) and value.startswith(("int", "uint")) else value


def as_data(value: Any) -> Any:
    """The numbers that a function takes; in a tuple, too."""
    return list(value) if isinstance(value, tuple) and all(type(part) is int for part in value) else value


def as_objects(value: Any) -> Any:
    """Integers as Python's own, which have no limit."""
    return value.astype(object) if isinstance(value, np.ndarray) and value.dtype.kind in INTEGERS else value

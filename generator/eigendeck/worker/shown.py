"""Values of card code as cards take them."""

from typing import Any

import numpy as np

from eigendeck.worker.budget import ELEMENTS, TEXT
from eigendeck.worker.job import Value
from eigendeck.worker.literals import literal, name_of, refuse_array, refuse_text
from eigendeck.worker.printing import printed
from eigendeck.worker.values import flat


def legible(value: Any) -> str:
    """Returns the literal of a value that can be shown and printed. Raises Unshowable where it cannot."""
    text = literal(value)
    if isinstance(value, (list, tuple)):
        printed(value)
    return text


def describe(value: Any, text: str = "", most: int = ELEMENTS, made: str | None = None) -> Value:
    """Returns a value as cards take it.

    text: how it prints, if anybody sees it. made: its literal, where it is known already.
    Raises Unshowable as `literal` does.
    """
    drawn = isinstance(value, np.ndarray) and ELEMENTS < value.size <= most  # for a plot: it is never printed
    if drawn:
        refuse_array(value, most)
        if value.dtype.kind == "U":
            refuse_text("".join(value.ravel().tolist()), TEXT)
    source = "" if drawn else made if made is not None else literal(value)
    numbers = tuple("None" if entry is None else entry for entry in flat(value))
    if isinstance(value, np.ndarray):
        return Value("array", source, text, value.shape, name_of(value.dtype), numbers)
    if isinstance(value, bool | np.bool_):
        return Value("bool", source, text, (), "bool", numbers)
    if isinstance(value, int | float | complex | np.number):
        return Value("number", source, text, (), type(value).__name__, numbers)
    return Value("text" if isinstance(value, str) else "sequence", source, text, None, "", numbers)

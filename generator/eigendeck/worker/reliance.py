"""NumPy as card code sees it, where functions that silently rely on something make sure of it.

`eigh` reads half of a matrix and takes the rest for its mirror image: on a matrix that is not symmetric its result is
right for another one. On a card's own draws that is the card's affair; elsewhere it says what the card relies on.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from eigendeck.worker.code.namespace import VIEW


class Unreliable(ValueError):
    """A function was given what it cannot work with, and does not refuse by itself."""


def _sure(function: Callable[..., Any], place: int, holds: Callable[[Any], bool]) -> Callable[..., Any]:
    def asked(*values: Any, **options: Any) -> Any:
        if len(values) > place and not holds(np.asarray(values[place])):
            raise Unreliable(getattr(function, "__name__", ""))
        return function(*values, **options)

    return asked


def _is_symmetric(value: Any) -> bool:
    return value.ndim >= 2 and bool(np.allclose(value, np.conj(np.swapaxes(value, -1, -2))))


def _is_sorted(value: Any) -> bool:
    return bool(np.all(np.diff(value) >= 0))


CHECKED = SimpleNamespace(**vars(VIEW))
CHECKED.linalg = SimpleNamespace(**vars(VIEW.linalg))
for _name in ("cholesky", "eigh", "eigvalsh"):
    setattr(CHECKED.linalg, _name, _sure(getattr(np.linalg, _name), 0, _is_symmetric))
CHECKED.searchsorted = _sure(np.searchsorted, 0, _is_sorted)
CHECKED.interp = _sure(np.interp, 1, _is_sorted)

"""The second guard: what checked code can reach while it runs, and how its errors read.

Even code that the static check let through by mistake finds few builtins, no modules, and the listed names of NumPy.
"""

import builtins
import math
import re
import sys
from collections.abc import Callable, Mapping
from itertools import islice
from operator import index
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from eigendeck.worker import budget
from eigendeck.worker.allowlist import BUILTINS, MATH, MODULES, NUMPY
from eigendeck.worker.code.overflow import NAMES
from eigendeck.worker.code.problems import Span
from eigendeck.worker.code.static import FILENAME
from eigendeck.worker.code.strict import NumericFault
from eigendeck.worker.literals import ADDRESS

MESSAGE = 300  # characters: an error is a line on a page
DIGITS = 3_000  # of a whole number: Python itself writes out no more than 4,300


def _loaded_numpy_module(name: str, *_: object) -> ModuleType:
    """NumPy imports parts of itself through the builtins of whoever called it: `A.sum()` fails without this."""
    if name.partition(".")[0] == "numpy" and name in sys.modules:
        return sys.modules[name]
    raise ImportError(f"{name} is not available in card code")


def _view(module: ModuleType, names: frozenset[str], **more: object) -> SimpleNamespace:
    """The listed names of a module, of which a newer NumPy may have fewer."""
    return SimpleNamespace(**{name: getattr(module, name) for name in names if hasattr(module, name)}, **more)


def _seeded(seed: Any = None) -> np.random.Generator:
    if seed is None:
        raise TypeError("np.random.default_rng needs its seed")
    return np.random.default_rng(seed)


# What grows fast in `math`: the most bits that a result may have, by what it is called with.
_BITS: dict[str, Callable[..., int]] = {
    "comb": lambda n, k: _factors(n, min(index(k), index(n) - index(k))),
    "factorial": lambda n: _factors(n, n),
    "lcm": lambda *integers: sum(index(n).bit_length() for n in integers),
    "perm": lambda n, k=None: _factors(n, n if k is None else k),
}


def _factors(largest: Any, count: Any) -> int:
    """The most bits that a product of so many numbers up to the largest has."""
    return max(index(count), 0) * index(largest).bit_length()


def _guarded(name: str) -> Callable[..., int]:
    """The function of that name, which computes only where nobody has to wait for it, or would not read the result."""

    def guarded(*arguments: Any) -> int:
        bits = _BITS[name](*arguments)
        small = bits <= 8 * DIGITS  # four times what fits: `bits` is a rough upper bound
        value: int = getattr(math, name)(*arguments) if small else 0
        if not small or abs(value) >= 10**DIGITS:
            raise NumericFault(
                f"`math.{name}` would have more than {DIGITS:,} digits",
                "Draw smaller numbers, or compute with its logarithm: math.lgamma(n + 1) is that of n!.",
            )
        return value

    return guarded


# The listed builtins, and an import that NumPy's own C code needs.
_BUILTINS = {name: getattr(builtins, name) for name in BUILTINS} | {"__import__": _loaded_numpy_module, **NAMES}
_MODULES = {name: _view(getattr(np, name), MODULES[name]) for name in ("linalg", "fft")}
VIEWS = {
    "np": _view(np, NUMPY, random=SimpleNamespace(default_rng=_seeded), **_MODULES),
    "math": _view(math, MATH - _BITS.keys(), **{name: _guarded(name) for name in _BITS}),
}


def names_for_cards(arithmetic: Mapping[str, object] | None = None, **given: object) -> dict[str, Any]:
    """A fresh namespace for one piece of code: np, math, and what is given.

    arithmetic: the functions that the operators of the code were compiled to, if they are not to watch integers.
    """
    builtins_of_it = _BUILTINS if arithmetic is None else {**_BUILTINS, **arithmetic}
    return {"__builtins__": builtins_of_it, "__name__": "card", **VIEWS, **given}


def failed(exception: BaseException, filename: str = FILENAME) -> Span:
    """Returns the innermost part of the card's own code that an error came out of."""
    span: Span = (None, None, None, None)
    trace = exception.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == filename:
            span = next(islice(trace.tb_frame.f_code.co_positions(), trace.tb_lasti // 2, None), span)
        trace = trace.tb_next
    return span


def message_of(exception: BaseException) -> str:
    """An error in one line of at most 300 characters: `ValueError: operands could not be broadcast together`."""
    if isinstance(exception, NumericFault):
        return str(exception)
    kind = next(base.__name__ for base in type(exception).__mro__ if not base.__name__.startswith("_"))
    try:
        text = str(exception)
    except Exception:  # the text of an error is the card's own value, which may fail to show itself
        text = ""
    if isinstance(exception, MemoryError) and not text:
        text = f"more than the {budget.IN_WORDS} that a card may use"
    # "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (…)"
    text = re.sub(r",? with gufunc signature \S+", "", text[: 10 * MESSAGE])
    text = ADDRESS.sub("0x…", text)  # it differs from run to run
    text = "".join(c if c.isprintable() else " " if c == "\n" else repr(c)[1:-1] for c in text)
    message = f"{kind}: {text}" if text else kind
    return message if len(message) <= MESSAGE else message[: MESSAGE - 1] + "…"

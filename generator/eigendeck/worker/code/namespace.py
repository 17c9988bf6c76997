"""The second guard: what checked code can reach while it runs, and how its errors read.

Even code that the static check let through by mistake finds few builtins, no modules, and the listed names of NumPy.
"""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Mapping
from itertools import islice
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from eigendeck.worker import budget
from eigendeck.worker.allowlist import BUILTINS, MODULES, NUMPY
from eigendeck.worker.code.mathematics import math_view
from eigendeck.worker.code.overflow import NAMES
from eigendeck.worker.code.problems import Span, place
from eigendeck.worker.code.static import FILENAME
from eigendeck.worker.code.strict import NumericFault
from eigendeck.worker.literals import ADDRESS

MESSAGE = 300  # characters: an error is a line on a page


def builtins_for_cards() -> dict[str, object]:
    """The builtins of card code: the listed ones, and an import that NumPy's own C code needs."""
    listed = {name: getattr(builtins, name) for name in BUILTINS}
    return {**listed, "__import__": _loaded_numpy_module, **NAMES}


def _loaded_numpy_module(name: str, *_: object) -> ModuleType:
    """NumPy imports parts of itself through the builtins of whoever called it: `A.sum()` fails without this."""
    if name.partition(".")[0] == "numpy" and name in sys.modules:
        return sys.modules[name]
    raise ImportError(f"{name} is not available in card code")


def numpy_view() -> SimpleNamespace:
    """What card code sees as np: the listed names, of which a newer NumPy may have fewer."""
    modules = {
        "linalg": _view(np.linalg, MODULES["linalg"]),
        "fft": _view(np.fft, MODULES["fft"]),
        "random": SimpleNamespace(default_rng=_seeded),
    }
    return SimpleNamespace(**vars(_view(np, NUMPY)), **modules)


def _view(module: ModuleType, names: frozenset[str]) -> SimpleNamespace:
    return SimpleNamespace(**{name: getattr(module, name) for name in names if hasattr(module, name)})


def _seeded(seed: Any) -> np.random.Generator:
    if seed is None:
        raise TypeError("np.random.default_rng needs its seed")
    return np.random.default_rng(seed)


_BUILTINS = builtins_for_cards()
VIEWS = {"np": numpy_view(), "math": math_view()}


def names_for_cards(arithmetic: Mapping[str, object] | None = None, **given: object) -> dict[str, Any]:
    """A fresh namespace for one piece of code: np, math, and what is given.

    arithmetic: the functions that the operators of the code were compiled to, if they are not to watch integers.
    """
    builtins_of_it = _BUILTINS if arithmetic is None else {**_BUILTINS, **arithmetic}
    return {"__builtins__": builtins_of_it, "__name__": "card", **VIEWS, **given}


def fault_of(exception: BaseException, filename: str = FILENAME, source: str = "") -> tuple[int, int, str]:
    """Line, column (from 1 and from 0) and message of an error, at the innermost line of the card's own code.

    source: the text of the piece; with it columns count characters, without it bytes of UTF-8.
    """
    start, _, column, _ = failed(exception, filename)
    line, byte = start or 1, column or 0
    return *(place(source, line, byte) if source else (line, byte)), message_of(exception)


def failed(exception: BaseException, filename: str = FILENAME) -> Span:
    """Returns the innermost part of the card's own code that an error came out of."""
    nowhere = (None, None, None, None)
    if own := _own_frame(exception, filename):
        code, instruction = own
        return next(islice(code.co_positions(), instruction // 2, None), nowhere)
    return nowhere


def _own_frame(exception: BaseException, filename: str) -> tuple[CodeType, int] | None:
    own, trace = None, exception.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == filename:
            own = trace.tb_frame.f_code, trace.tb_lasti
        trace = trace.tb_next
    return own


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

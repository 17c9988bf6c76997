"""The child of `snippets`: a worker that runs any lines of code, with guards left out and limits left open."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np

from eigendeck.worker import lockdown, loop
from eigendeck.worker.budget import DEPTH, ELEMENTS
from eigendeck.worker.code import namespace, overflow, static
from eigendeck.worker.code.problems import Refused, place
from eigendeck.worker.job import Layer


def main(off: Collection[str]) -> None:
    """Serves snippets. off: the limits that stay open."""
    lockdown.LAYERS |= {name: lambda: Layer(False, "switched off") for name in off}
    loop.serve(run)


def run(job: Mapping[str, Any], progress: Callable[[tuple[str, ...]], None]) -> dict[str, Any]:
    """Runs job["code"], with a generator where job["rng"] is a seed; returns what it shows, or its faults.

    job["without"]: the guards in front of it to leave out.
    """
    code, without = job["code"], job["without"]
    given = {"rng": np.random.default_rng(job["rng"])}
    progress(("snippet",))
    try:
        statements = _unchecked(code) if "static" in without else static.check(code, ["np", *given])
        names = namespace.names_for_cards(**given)
        if "namespace" in without:
            names |= {"np": np, "__builtins__": {**vars(builtins), **overflow.NAMES}}
        value = None
        for statement in statements:
            value = eval(statement.code, names)
        return {"shown": _shown(value)}
    except Refused as refused:
        return {"faults": [[p.line, p.column, p.message, p.hint] for p in refused.problems]}
    except Exception as error:
        line, _, byte, _ = namespace.failed(error)
        return {"faults": [[*place(code, line or 1, byte or 0), namespace.message_of(error), ""]]}


def _unchecked(code: str) -> list[static.Checked]:
    return [static.Checked(node, static.compiled(node, static.FILENAME, code)) for node in ast.parse(code).body]


def _shown(value: object) -> str:
    _bounded(value, DEPTH)
    with np.printoptions(precision=4, suppress=True):
        return repr(value)


def _bounded(value: object, depth: int) -> int:
    """How many elements a value holds.

    Raises:
        ValueError: it is not plain data, or more of it than can be shown.
    """
    inner: Iterable[object]
    if isinstance(value, (list, tuple, set, frozenset, dict)) and depth > 0 and len(value) <= ELEMENTS:
        inner = [*value.items()] if isinstance(value, dict) else value
        count = 1 + sum(_bounded(element, depth - 1) for element in inner)
    elif isinstance(value, str):
        count = len(value)
    elif isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
        count = max(value.size, value.nbytes // 16)  # 16 bytes: the widest number, four letters of text
    elif isinstance(value, int):
        count = 1 + value.bit_length() // 64
    elif value is None or isinstance(value, (float, complex, np.dtype, range, slice)):
        count = 1
    else:
        raise ValueError(f"a value of type {type(value).__name__} cannot be shown: end in numbers, text or arrays")
    if count > ELEMENTS:
        raise ValueError(f"too large a value to show: {ELEMENTS:,} elements is the limit")
    return count

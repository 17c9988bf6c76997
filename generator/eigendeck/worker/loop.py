"""The worker's own loop: one job after the other, each with its answer, until the parent is gone."""

from __future__ import annotations

import ast
import builtins
import gc
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import numpy as np

from eigendeck.worker import frames, lockdown, variants
from eigendeck.worker.code import namespace, static

Job = dict[str, Any]
Progress = Callable[[str], None]

ELEMENTS, DEPTH = 2_000, 5  # of a value that is shown


def main() -> None:
    """Serves jobs on standard input until it ends. The first frame says which limits hold.

    The process's second argument is a JSON list of the limits to leave open, for tests.
    """
    jobs, answers = _own_wires()
    frames.write(answers, {"hello": lockdown.close(json.loads(sys.argv[2]))})
    gc.freeze()  # what is loaded stays: the collector need not look through it again and again
    gc.set_threshold(20_000, 20, 20)  # a syntax tree is many objects, and none of them a cycle
    while (job := frames.read(jobs, frames.JOB_LIMIT)) is not None:
        answers.write(_answer(job, lambda at: frames.write(answers, {"at": at})))
        answers.flush()


def _own_wires() -> tuple[BinaryIO, BinaryIO]:
    """The streams to and from the parent, moved to where no print, and no line of NumPy's own C code, gets at them."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return jobs, answers


def _answer(job: Job, progress: Progress) -> bytes:
    """The frame that ends a job: what the task returned, or why there is nothing to return."""
    try:
        frame = frames.pack({"done": TASKS[job["task"]](job, progress)})
    except MemoryError:
        return frames.pack({"stopped": f"used more than {lockdown.MEMORY // 2**20} MB"})
    except Exception:
        # Reached by a fault of this program alone: a task answers for the code that it runs.
        return frames.pack({"failed": traceback.format_exc().encode("ascii", "backslashreplace").decode()[-10_000:]})
    return frame if len(frame) <= frames.ANSWER_LIMIT else frames.pack({"stopped": "too large an answer"})


def _snippet(job: Job, progress: Progress) -> dict[str, Any]:
    """Runs job["code"], with a generator where job["rng"] is a seed; returns what it shows, or its faults.

    job["without"]: the guards in front of it to leave out, for tests.
    """
    code, without = job["code"], job.get("without", ())
    given = {"rng": np.random.default_rng(job["rng"])} if isinstance(job.get("rng"), int) else {}
    progress("snippet")
    try:
        statements = _unchecked(code) if "static" in without else static.check(code, ["np", *given])
        names = namespace.names_for_cards(**given)
        if "namespace" in without:
            names |= {"np": np, "__builtins__": builtins}
        return {"shown": _shown(namespace.execute(statements, names))}
    except static.Refused as refused:
        return {"faults": [[p.line, p.column, p.message, p.hint] for p in refused.problems]}
    except Exception as error:
        return {"faults": [[*namespace.fault_of(error, source=code), ""]]}


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


TASKS: dict[str, Callable[[Job, Progress], dict[str, Any]]] = {"snippet": _snippet, "card": variants.run}

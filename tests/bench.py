"""What Eigendeck costs beside plain work that does the same: ratios of times that were measured in one run.

A row is a function in ROWS: it measures, and returns its name, the ratio, and the goal.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from eigendeck.sandbox import Pool

Row = tuple[str, float, float]

# Lines as cards have them; each ends in an expression.
SNIPPETS = (
    "x = np.array([3, -1, 4])\ny = np.array([2, 0, 5])\nx @ y",
    "A = np.arange(6.0).reshape(2, 3)\nA - A.mean(axis=0)",
    "z = np.array([2.0, 1.0, 0.5])\ne = np.exp(z - z.max())\ne / e.sum()",
    "p = np.array([0.5, 0.25, 0.25])\n-(p * np.log2(p)).sum()",
    "A = np.array([[2.0, 1.0], [1.0, 3.0]])\nnp.linalg.solve(A, np.array([3.0, 5.0]))",
    "w = 1.0\nfor _ in range(5):\n    w -= 0.1 * (2 * w - 4)\nround(w, 4)",
    "[n * n for n in range(8) if n % 2]",
    "u = np.array([3.0, 4.0])\nv = np.array([1.0, 2.0])\n(u @ v) / (v @ v) * v",
    "A = np.array([[4, 1], [2, 3]])\nnp.linalg.eigvals(A).sum().round(6)",
    "draw = np.random.default_rng(7)\ndraw.integers(0, 10, (2, 3)).sum(axis=1)",
)
PIECES = len(SNIPPETS)  # of one card


def plainly(cards: int) -> float:
    """Seconds for the snippets of some cards in a script of one's own: compiled, executed, and shown."""
    began = time.perf_counter()
    for _ in range(cards):
        for code in SNIPPETS:
            *lines, last = code.split("\n")
            names: dict[str, Any] = {"np": np}
            exec(compile("\n".join(lines), "<snippet>", "exec"), names)
            repr(eval(compile(last, "<snippet>", "eval"), names))
    return time.perf_counter() - began


def sandboxed(cards: int, workers: int) -> float:
    """Seconds for the same in workers that start with it: read, checked, executed, shown, and sent back."""
    jobs = ({"task": "snippet", "code": code} for _ in range(cards) for code in SNIPPETS)
    began = time.perf_counter()
    with Pool(workers) as pool:
        answers = list(pool.map(jobs))
    seconds = time.perf_counter() - began
    assert len(answers) == cards * PIECES
    assert all(isinstance(answer, dict) and "shown" in answer for answer in answers)
    return seconds


def small_deck() -> Row:
    cards = 60
    plain = plainly(cards)
    return f"{cards * PIECES} snippets: seconds over plain execution", sandboxed(cards, 2) - plain, 0.3


def large_deck() -> Row:
    cards = 10_000
    plain = plainly(cards)
    return f"{cards * PIECES:,} snippets on two workers, beside plain execution", sandboxed(cards, 2) / plain, 2.5


ROWS: Sequence[Callable[[], Row]] = (small_deck, large_deck)


def main() -> int:
    """Prints a line for each row; returns 1 where a goal was missed."""
    missed = 0
    for row in ROWS:
        name, ratio, goal = row()
        missed += ratio > goal
        print(f"{'ok    ' if ratio <= goal else 'MISSED'}  {ratio:6.2f}  (goal {goal:g})  {name}", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())

"""What Eigendeck costs beside plain work that does the same: ratios of times that were measured in one run.

A row is a function in ROWS: it measures, and returns its name, the ratio, and the goal.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eigendeck.deck.read import read_deck
from eigendeck.plots.draw import expressions
from eigendeck.worked.sandbox import Pool
from eigendeck.worked.work import work

AT_ONCE = 1_000  # cards in one file

Row = tuple[str, float, float]

# Ten pieces of code as a card has them: eight steps, of which the last is the answer; the answer; and the check.
# No two cards have the same ones.
STEPS = (
    "x = np.array([3.0, -1.0, {n}.0])",
    "A = np.arange({n}.0, {n}.0 + 6).reshape(2, 3)",
    "A - A.mean(axis=0) + {n}",
    "e = np.exp(x - x.max() - {n} % 3)",
    "(e / e.sum()).round(3) + {n}",
    "np.linalg.norm(x + {n}).round(4)",
    "[n * n for n in range({n}, {n} + 8) if n % 2]",
)
ANSWER = "np.arange(6.0).reshape(2, 3) @ np.array([3.0, -1.0, {n}.0])"
CHECK = "np.allclose(answer, [2 * {n} - 1, 5 * {n} + 5])"
PIECES = len(STEPS) + 3


def pieces(number: int) -> tuple[list[str], str, str]:
    """The steps, the answer and the check of a card."""
    steps = [step.replace("{n}", str(number)) for step in STEPS]
    steps.append(ANSWER.replace("{n}", str(number)))  # the last step is the answer
    return steps, ANSWER.replace("{n}", str(number)), CHECK.replace("{n}", str(number))


def plainly(cards: int) -> float:
    """Seconds for the pieces of some cards in a script of one's own: compiled, executed, and shown."""
    written = [pieces(number) for number in range(cards)]
    began = time.perf_counter()
    for steps, answer, check in written:
        names: dict[str, Any] = {"np": np}
        for code in steps:
            name, equals, value = code.partition(" = ")
            shown = eval(compile(value if equals else code, "<step>", "eval"), names)
            if equals:
                names[name] = shown
            repr(shown)
        names["answer"] = eval(compile(answer, "<answer>", "eval"), names)
        repr(names["answer"])
        assert eval(compile(check, "<check>", "eval"), names)
    return time.perf_counter() - began


def sandboxed(cards: int, processes: int) -> float:
    """Seconds for the same in workers that start with it: read, checked, executed, described, and believed."""
    card = {"concept": "C", "says": "S.", "formula": "x", "nice": "off", "mistake": {"says": "M."}}
    listed = []
    for number in range(cards):
        steps, answer, check = pieces(number)
        code = {"numpy": answer, "steps": "\n".join(steps), "check": check}
        listed.append(card | code | {"id": f"card-{number}"})
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "deck.yaml").write_text("id: bench\ntitle: Bench\n")
        for first in range(0, cards, AT_ONCE):
            part = {"section": f"Part {first}", "cards": listed[first : first + AT_ONCE]}
            Path(folder, f"{first:06}.yaml").write_text(json.dumps(part))
        deck = read_deck(Path(folder))
    assert not deck.faults
    began = time.perf_counter()
    with Pool(processes) as pool:
        worked, *_, faults = work(deck, 0, expressions, pool)
    seconds = time.perf_counter() - began
    assert not faults
    assert len(worked) == cards
    return seconds


def small_deck() -> Row:
    cards = 60
    plain = plainly(cards)
    return f"{cards} cards of {PIECES} pieces: seconds over plain execution", sandboxed(cards, 2) - plain, 0.3


def large_deck() -> Row:
    cards = 10_000
    plain = plainly(cards)
    return (
        f"{cards:,} cards of {PIECES} pieces on two workers, beside plain execution",
        sandboxed(cards, 2) / plain,
        2.5,
    )


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

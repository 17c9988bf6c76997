"""What Eigendeck costs beside plain work that does the same: ratios of times that were measured in one run.

    python bench.py [--rounds N] [ROW …]

A row is a function in ROWS. Times that are compared are measured in turns, N times each (default 5), and their medians
count. A table is printed, and written to `build/bench.json` with the times.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import genanki
import numpy as np

import decks
from eigendeck import build as build_deck
from eigendeck.deck.read import read_deck
from eigendeck.model import Worked
from eigendeck.outputs import anki
from eigendeck.outputs.collection import note_type
from eigendeck.plots.draw import expressions
from eigendeck.worked.sandbox import Pool, processors
from eigendeck.worked.work import work

ROOT = Path(__file__).parents[1]
CARDS = ROOT / "cards"
PLAIN = Path(__file__).with_name("plain.py")
EIGENDECK = ("-m", "eigendeck")
CORES = processors()
MANY = 10_000
# The most memory that a build has had, in kilobytes: `ru_maxrss` would count that of the process that starts it, too.
PEAK = (
    "import re, sys; from eigendeck import cli; code = cli.run(sys.argv[1:]);"
    " print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]); sys.exit(code)"
)
AT_ONCE = 1_000  # cards in one file


@dataclass(frozen=True)
class Row:
    """A line of the table: a ratio of two of the times, or a difference, and what it is to be."""

    name: str
    ratio: float
    goal: float
    times: dict[str, float]
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal


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
        worked = list(work(deck, 0, expressions, pool))
    seconds = time.perf_counter() - began
    assert len(worked) == cards
    assert all(isinstance(one, Worked) for one in worked)
    return seconds


def small_deck(rounds: int) -> list[Row]:
    cards = 60
    times = in_turns(rounds, plain=lambda: plainly(cards), ours=lambda: sandboxed(cards, CORES))
    name = f"{cards} cards of {PIECES} pieces: seconds over plain execution"
    return [Row(name, times["ours"] - times["plain"], 0.3, times)]


def large_deck(rounds: int) -> list[Row]:
    cards = MANY
    times = in_turns(min(rounds, 3), plain=lambda: plainly(cards), ours=lambda: sandboxed(cards, CORES))
    name = f"{cards:,} cards of {PIECES} pieces in the sandbox, beside plain execution"
    return [Row(name, times["ours"] / times["plain"], 2.5, times)]


# ---- whole builds of the shipped deck


def cold(rounds: int) -> list[Row]:
    """The first build beside the plain script, and beside the bare rendering of its figures."""

    def script() -> float:
        with tempfile.TemporaryDirectory() as out:
            return seconds(PLAIN, "script", CARDS, out)

    def build() -> float:
        with tempfile.TemporaryDirectory() as out:
            return seconds(*EIGENDECK, "build", CARDS, "--out", out)

    times = in_turns(rounds, script=script, bare=lambda: seconds(PLAIN, "figures", CARDS, CORES), ours=build)
    return [
        Row(
            "shipped deck, first build: the plain script takes so many times as long",
            times["script"] / times["ours"],
            5,
            times,
            True,
        ),
        Row(
            "shipped deck, first build, beside bare rendering of its figures on all cores",
            times["ours"] / times["bare"],
            0.8,
            times,
        ),
    ]


def again(rounds: int) -> list[Row]:
    """Builds of a deck that was built: with nothing changed, and with one word."""
    with tempfile.TemporaryDirectory() as folder:
        deck, out = Path(folder, "deck"), Path(folder, "out")
        shutil.copytree(CARDS, deck)
        path = sorted(deck.glob("[0-9]*.yaml"))[0]
        text, number = path.read_text("utf-8"), iter(range(1_000))
        seconds(*EIGENDECK, "build", deck, "--out", out)

        def unchanged() -> float:
            path.write_text(text, "utf-8")
            seconds(*EIGENDECK, "build", deck, "--out", out)
            return seconds(*EIGENDECK, "build", deck, "--out", out)

        def one_word() -> float:
            path.write_text(re.sub(r"(    says: \"?\w+)", rf"\1 word{next(number)}", text, count=1), "utf-8")
            return seconds(*EIGENDECK, "build", deck, "--out", out)

        times = in_turns(
            rounds,
            typer=lambda: seconds("-c", "import yaml, typer"),
            unchanged=unchanged,
            imports=lambda: seconds("-c", "import numpy, matplotlib.figure"),
            one_word=one_word,
        )
    return [
        Row("nothing changed, beside `import yaml, typer`", times["unchanged"] / times["typer"], 2, times),
        Row(
            "one word changed: seconds over the imports of NumPy and Matplotlib",
            times["one_word"] - times["imports"],
            1,
            times,
        ),
    ]


# ---- many cards


def many(rounds: int) -> list[Row]:
    """Decks of text-only cards of the usual kind: time by their number, memory, and the plain script."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = (100, 1_000, MANY)
        for cards in sizes:
            many_cards(Path(folder, str(cards)), cards)
        peaks: list[int] = []

        def build(cards: int) -> float:
            with tempfile.TemporaryDirectory() as out:
                began = time.perf_counter()
                command = [sys.executable, "-c", PEAK, "build", f"{folder}/{cards}", "--out", out]
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                peaks.append(int(said))
                return time.perf_counter() - began

        def script() -> float:
            with tempfile.TemporaryDirectory() as out:
                return seconds(PLAIN, "script", f"{folder}/{MANY}", out)

        builds = {str(cards): partial(build, cards) for cards in sizes}
        times = in_turns(min(rounds, 3), script=script, **builds)
        few, some, most = (times[str(cards)] for cards in sizes)
        each = (most - few) / (MANY - 100), (some - few) / (1_000 - 100)
        times |= package_alone(Path(folder, "100"), rounds)
    return [
        Row(f"a card among {MANY:,}, beside one among 1,000", each[0] / each[1], 1.2, times),
        Row(f"{MANY:,} cards: megabytes at most", max(peaks) / 1e3, 600, times),
        Row(f"{MANY:,} cards, first build, beside the plain script", times[str(MANY)] / times["script"], 3, times),
        Row(f"{MANY:,} notes into a package, beside genanki alone", times["package"] / times["genanki"], 1.5, times),
    ]


def many_cards(folder: Path, cards: int) -> None:
    """Writes a deck of so many, six variants each."""
    texts = [
        decks.card(
            id=f"card-{n}",
            concept=f"Sum {n}",
            says=f"Adds them up, {n}.",
            given=f"x = rng.integers(2, 9, {3 + n % 3})\n",
        )
        for n in range(cards)
    ]
    sections = [decks.section(*texts[n : n + 500], section=f"Part {n // 500}") for n in range(0, cards, 500)]
    decks.write(folder, *sections, id="many", title="Many", variants=6)


def package_alone(folder: Path, rounds: int) -> dict[str, float]:
    """Seconds for many notes of the usual size: ours, which are dated, and written by genanki alone."""
    built = build_deck(folder, time=1_800_000_000)
    some = [anki.note(built.deck.meta, face, 0) for face in built.cards.values()]
    notes = [
        replace(note, guid=f"{number}-{note.guid}", fields=(f"{note.id}-{number}", *note.fields[1:]))
        for number in range(MANY // len(some))
        for note in some
    ]
    times = {note.guid: 1_800_000_000 for note in notes}

    def alone() -> float:
        began = time.perf_counter()
        deck = genanki.Deck(1, "Many")
        for note in notes:
            deck.add_note(genanki.Note(note_type(), list(note.fields), tags=list(note.tags), guid=note.guid))
        with tempfile.TemporaryDirectory() as out:
            genanki.Package(deck).write_to_file(f"{out}/many.apkg")
        return time.perf_counter() - began

    def ours() -> float:
        began = time.perf_counter()
        anki.emit(built.deck, notes, times, {})
        return time.perf_counter() - began

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return in_turns(min(rounds, 3), genanki=alone, package=ours)


# ---- measuring


def seconds(*arguments: object) -> float:
    """Seconds for a Python with these arguments, from its start to its end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *map(str, arguments)], check=True, capture_output=True)
    return time.perf_counter() - began


def in_turns(rounds: int, **measured: Callable[[], float]) -> dict[str, float]:
    """The medians of several times that are measured one after the other, round by round: what slows one slows all."""
    times: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, measure in measured.items():
            times[name].append(measure())
    return {name: median(found) for name, found in times.items()}


ROWS: Sequence[Callable[[int], list[Row]]] = (cold, again, many, small_deck, large_deck)


def main() -> int:
    """Prints a line for each row; returns 1 where a goal was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", choices=[[], *(row.__name__ for row in ROWS)], default=[])
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    found: list[Row] = []
    for row in ROWS:
        for one in row(asked.rounds) if not asked.rows or row.__name__ in asked.rows else ():
            found.append(one)
            goal = f"{'at least' if one.at_least else 'at most'} {one.goal:g}"
            print(f"{'ok    ' if one.met else 'MISSED'}  {one.ratio:7.2f}  ({goal})  {one.name}", flush=True)
    written = {"cores": CORES, "python": sys.version, "rows": [asdict(one) | {"met": one.met} for one in found]}
    written |= {"versions": {name: version(name) for name in ("numpy", "matplotlib", "genanki")}}
    (ROOT / "build" / "bench.json").write_text(json.dumps(written, indent=1))
    return int(not all(one.met for one in found))


if __name__ == "__main__":
    sys.exit(main())

"""Stage 3. Worked cards → plots: the values of each variant, drawn by a named kind as an SVG and its alt text."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from eigendeck.deck.card_parts import PlotSpec
from eigendeck.deck.read import Deck
from eigendeck.errors import Fault, counted
from eigendeck.model import CardPlots, Plot, Value, Variant, Worked
from eigendeck.plots import PLOTS, PlotError, parameter_problem, read_values
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.style import CARD, SHEET, Space
from eigendeck.worker import budget

WORTH_A_PROCESS = 500  # plots: fewer are drawn sooner than another process starts

# Ctrl-C ends it without a word: the one who started it has the word.
_SERVE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); sys.path[:] = sys.argv[1:]; "
    "from eigendeck.plots import draw; draw.serve()"
)


@dataclass(frozen=True, slots=True)
class _Task:
    card: str
    variant: int
    kind: str
    values: Mapping[str, object]
    space: Space


_Drawn = Plot | tuple[str, str] | None  # a parameter and what is wrong with it; None: beyond what a deck may have


def draw(kind: str, values: Mapping[str, object], space: Space = CARD) -> Plot:
    """Returns the picture of plain values (numbers, nested lists, texts, booleans): the same bytes every time.

    space: for what it is drawn: CARD, or SHEET for print.

    Raises:
        PlotError: no such kind, a name that it does not take, or a value that it cannot draw.
    """
    if kind not in PLOTS:
        raise PlotError("", parameter_problem(kind, values) or "")
    page = Page(space)
    alt = PLOTS[kind](page, **read_values(PLOTS[kind], values))
    return Plot(page.document(), alt, "".join(sorted(page.missing)))


def expressions(plot: PlotSpec) -> dict[str, str]:
    """Returns the parameters of a plot that are code, by name; none of a kind that there is not."""
    kind = PLOTS.get(plot.kind)
    return {
        name: given
        for name, given in plot.parameters.items()
        if kind and isinstance(given, str) and name not in kind.options
    }


def draw_plots(
    deck: Deck, worked: Sequence[Worked], processes: int, step: Callable[[int], None] = lambda pieces: None
) -> tuple[Mapping[str, CardPlots], list[Fault]]:
    """Returns the plots by the card's id, and the faults of values that their kind cannot draw."""
    tasks = [
        _Task(w.card.id, variant.number, w.card.plot.kind, _values(w.card.plot, variant), space)
        for w in worked
        if w.card.plot and parameter_problem(w.card.plot.kind, w.card.plot.parameters) is None  # else said by `lint`
        for variant in w.variants
        for space in ((CARD, SHEET) if variant is w.variants[0] else (CARD,))
    ]
    plots: dict[str, dict[int, Plot]] = {}
    printed: dict[str, Plot] = {}
    known: set[tuple[str, str]] = set()
    faults = []
    undrawn: list[str] = []
    most = budget.deck_drawn(len({task.card for task in tasks}))
    for task, drawn in zip(tasks, _drawn(tasks, processes, most), strict=True):
        step(len(tasks))
        if drawn is None:
            undrawn += [] if task.card in undrawn[-1:] else [task.card]
            continue
        if isinstance(drawn, Plot) and drawn.missing and (task.card, "") not in known:
            known.add((task.card, ""))
            what = f"{task.card}: plot: the plots' font lacks {' '.join(drawn.missing)}"
            hint = "They are set in the font of whoever reads the card, whose letters may be wider or narrower."
            faults.append(Fault(deck.card_sources[task.card].key("plot"), what, hint, warning=True))
        if isinstance(drawn, Plot) and task.space == SHEET:
            printed[task.card] = drawn
        elif isinstance(drawn, Plot):
            plots.setdefault(task.card, {})[task.variant] = drawn
        elif (task.card, drawn[0]) not in known:  # once, not for each variant and its own numbers
            parameter, message = drawn
            known.add((task.card, parameter))
            place = deck.card_sources[task.card].at("plot", task.kind, *([parameter] if parameter else []))
            key = ".".join(part for part in ("plot", task.kind, parameter) if part)
            faults.append(Fault(place, f"{task.card}: {key}: {message} (variant {task.variant})"))
    faults += _undrawn(deck, undrawn, most)
    return {card: CardPlots(variants, printed.get(card)) for card, variants in plots.items()}, faults


def _undrawn(deck: Deck, cards: Sequence[str], most: int) -> list[Fault]:
    """The fault of the cards whose plots are more than a deck may have."""
    if not cards:
        return []
    others = f", and those of {counted(len(cards) - 1, 'card')} after it" if len(cards) > 1 else ""
    what = f"{cards[0]}: plot: not drawn{others}: the plots of this deck may have {most:,} characters of SVG together"
    hint = (
        f"A deck may have {budget.DECK_DRAWN:,} characters, and {budget.CARD_DRAWN:,} more for each card with a plot:"
        " draw fewer points, or write `variants:` with fewer."
    )
    return [Fault(deck.card_sources[cards[0]].key("plot"), what, hint)]


def _drawn(tasks: Sequence[_Task], processes: int, most: int) -> list[_Drawn]:
    processes = min(processes, len(tasks) // WORTH_A_PROCESS)
    if processes < 2:
        return _within(tasks, most)
    size = -(-len(tasks) // processes)
    shares = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    with ThreadPoolExecutor(len(shares)) as threads:
        drawn = threads.map(partial(_in_a_process, most // len(shares)), shares)
        return [one for share in drawn for one in share]


def _in_a_process(most: int, tasks: Sequence[_Task]) -> list[_Drawn]:
    """Draws in an interpreter of its own that knows nothing of this one but where modules are.

    A fork would hang where threads run, as in a notebook; what `multiprocessing` spawns runs the caller's script again.
    """
    command = [sys.executable, "-c", _SERVE, *sys.path]
    done = subprocess.run(command, input=pickle.dumps((tasks, most)), stdout=subprocess.PIPE, check=True)
    drawn: list[_Drawn] = pickle.loads(done.stdout)
    return drawn


def serve() -> None:
    """Draws what comes in, and sends it back: the whole of a process that `_in_a_process` starts."""
    sys.stdout.buffer.write(pickle.dumps(_within(*pickle.load(sys.stdin.buffer))))


def _within(tasks: Sequence[_Task], most: int) -> list[_Drawn]:
    """The plots, until those before have as many characters as they may."""
    drawn: list[_Drawn] = []
    for task in tasks:
        drawn.append(_draw(task) if most > 0 else None)
        most -= len(drawn[-1].svg) if isinstance(drawn[-1], Plot) else 0
    return drawn


def _draw(task: _Task) -> Plot | tuple[str, str]:
    try:
        return draw(task.kind, task.values, task.space)
    except PlotError as error:
        return error.parameter, error.message


def _values(plot: PlotSpec, variant: Variant) -> dict[str, object]:
    """The values of a plot's parameters: computed where they are expressions, as written where they are data."""
    return {
        name: _plain(variant.plot[name]) if name in variant.plot else parameter
        for name, parameter in plot.parameters.items()
    }


def _plain(value: Value) -> object:
    if value.shape is None:
        return value.numbers[0] if value.kind == "text" else list(value.numbers)
    return _nested(value.numbers, value.shape)


def _nested(numbers: Sequence[object], shape: tuple[int, ...]) -> object:
    if not shape:
        return numbers[0]
    size = len(numbers) // shape[0] if shape[0] else 0
    return [_nested(numbers[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]

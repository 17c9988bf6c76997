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
from eigendeck.deck.schema import DeckMeta
from eigendeck.errors import Fault, counted
from eigendeck.model import CardPlots, Plot, Value, Variant, Worked
from eigendeck.phrases import ENGLISH, Language, Phrases, phrases
from eigendeck.plots import PLOTS, PlotError, parameter_problem, read_values
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.style import CARD, SHEET, Space
from eigendeck.plots.words import told_in
from eigendeck.store import NO_STORE, Kind, Store
from eigendeck.worker import budget

NOTHING: Mapping[str, int] = {}
DRAWN = Kind(
    "drawn",
    code=("errors.py", "fonts", "model.py", "phrases", "plots", "worker"),
    versions=("numpy", "matplotlib", "contourpy"),
)
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
    language: Language
    own: tuple[tuple[str, str], ...]  # phrases in the deck's words, of those that pictures say


_Drawn = Plot | tuple[str, str] | None  # a parameter and what is wrong with it; None: beyond what a deck may have


def draw(kind: str, values: Mapping[str, object], space: Space = CARD, words: Phrases = ENGLISH) -> Plot:
    """Returns the picture of plain values (numbers, nested lists, texts, booleans): the same bytes every time.

    space: for what it is drawn: CARD, or SHEET for print. words: what it says, in the language of the deck.

    Raises:
        PlotError: no such kind, a name that it does not take, or a value that it cannot draw.
    """
    if kind not in PLOTS:
        raise PlotError("", parameter_problem(kind, values) or "")
    page = Page(space)
    with told_in(words):
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
    deck: Deck,
    worked: Sequence[Worked],
    processes: int,
    step: Callable[[int], None] = lambda pieces: None,
    store: Store = NO_STORE,
    done: Mapping[str, int] = NOTHING,
) -> tuple[Mapping[str, CardPlots], list[Fault]]:
    """Returns the plots by the card's id, and the faults of values that their kind cannot draw.

    store: the plots of the same values, drawn before. done: how many characters the plots of other cards have, by id.
    """
    tasks = {w.card.id: own for w in worked if (own := _tasks(deck.meta, w))}
    plots = {card: kept for card, own in tasks.items() if (kept := _kept(store, own))}
    missing = [task for card, own in tasks.items() if card not in plots for task in own]
    most = budget.deck_drawn(len(tasks) + sum(size > 0 for size in done.values()))
    left = most - sum(done.values()) - sum(one.characters for one in plots.values())
    drawn = iter(_drawn(missing, processes, left))
    faults: list[Fault] = []
    undrawn: list[str] = []
    total = sum(map(len, tasks.values()))
    for card, own in tasks.items():
        if card not in plots:
            results = [next(drawn) for _ in own]
            plots[card] = _plots_of(own, results)
            refused = _refusals(deck, own, results)
            faults += refused
            undrawn += [card] if None in results else []
            if not refused and None not in results:
                store.keep(DRAWN, own, results)
        for _ in own:
            step(total)
    faults += [fault for card, own in plots.items() for fault in lacking(deck, card, own.missing)]
    return plots, [*faults, *_undrawn(deck, undrawn, most)]


def lacking(deck: Deck, card_id: str, letters: str) -> list[Fault]:
    """Returns a warning of the letters of a card's plots that their font lacks, if there are any."""
    if not letters:
        return []
    what = f"{card_id}: plot: the plots' font lacks {' '.join(letters)}"
    hint = "They are set in the font of whoever reads the card, whose letters may be wider or narrower."
    return [Fault(deck.card_sources[card_id].key("plot"), what, hint, warning=True)]


def _tasks(meta: DeckMeta, worked: Worked) -> list[_Task]:
    plot, own = worked.card.plot, tuple((name, text) for name, text in meta.phrases.items() if name.startswith("plot."))
    if plot is None or parameter_problem(plot.kind, plot.parameters) is not None:  # which `lint` says
        return []
    return [
        _Task(worked.card.id, variant.number, plot.kind, _values(plot, variant), space, meta.language, own)
        for variant in worked.variants
        for space in ((CARD, SHEET) if variant is worked.variants[0] else (CARD,))
    ]


def _kept(store: Store, tasks: Sequence[_Task]) -> CardPlots | None:
    kept = store.find(DRAWN, tasks)
    return None if kept is None else _plots_of(tasks, [Plot(**plot) for plot in kept])


def _plots_of(tasks: Sequence[_Task], results: Sequence[_Drawn]) -> CardPlots:
    drawn = [(task, one) for task, one in zip(tasks, results, strict=True) if isinstance(one, Plot)]
    variants = {task.variant: plot for task, plot in drawn if task.space == CARD}
    return CardPlots(variants, next((plot for task, plot in drawn if task.space == SHEET), None))


def _refusals(deck: Deck, tasks: Sequence[_Task], results: Sequence[_Drawn]) -> list[Fault]:
    """The faults of values that cannot be drawn: once, not for each variant and its own numbers."""
    faults: dict[str, Fault] = {}
    for task, refusal in zip(tasks, results, strict=True):
        if isinstance(refusal, tuple):
            parameter, message = refusal
            place = deck.card_sources[task.card].at("plot", task.kind, *([parameter] if parameter else []))
            key = ".".join(part for part in ("plot", task.kind, parameter) if part)
            faults.setdefault(parameter, Fault(place, f"{task.card}: {key}: {message} (variant {task.variant})"))
    return list(faults.values())


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
        return draw(task.kind, task.values, task.space, phrases(task.language, dict(task.own)))
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

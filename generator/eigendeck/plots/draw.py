"""Stage 3. Worked cards → plots: the values of each variant, drawn by a named kind as an SVG and its alt text."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from eigendeck.deck.card_parts import PlotSpec
from eigendeck.deck.read import Deck
from eigendeck.deck.schema import DeckMeta
from eigendeck.errors import Fault, counted
from eigendeck.model import CardPlots, Plot, Value, Variant, Worked
from eigendeck.phrases import ENGLISH, Phrases, phrases
from eigendeck.plots import PLOTS, PlotError, parameter_problem, read_values
from eigendeck.plots.artists import Artists
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


@dataclass(frozen=True, slots=True)
class _Task:
    card: str
    variant: int
    kind: str
    values: Mapping[str, object]
    space: Space
    language: str
    own: tuple[tuple[str, str], ...]  # phrases in the deck's words, of those that pictures say


_Result = Plot | tuple[str, str] | None  # a parameter and what is wrong with it; None: beyond what a deck may have


@dataclass(frozen=True, slots=True)
class Drawn:
    """A worked card and its plots, and the faults of values that their kind cannot draw."""

    worked: Worked
    plots: CardPlots
    faults: tuple[Fault, ...] = ()


def draw(kind: str, values: Mapping[str, object], space: Space = CARD, words: Phrases = ENGLISH) -> Plot:
    """Returns the picture of plain values (numbers, nested lists, texts, booleans): the same bytes every time.

    space: for what it is drawn: CARD, or SHEET for print. words: what it says, in the language of the deck.

    Raises PlotError: no such kind, a name that it does not take, or a value that it cannot draw.
    """
    if kind not in PLOTS:
        raise PlotError("", parameter_problem(kind, values) or "")
    it, read = PLOTS[kind], read_values(PLOTS[kind], values)
    drawn: list[tuple[Page, str]] = []
    with told_in(words):
        for room in space.in_turn():
            page = Page(room)
            drawn.append((page, it.paint(page, read)))
            if not page.crowd:
                break
    page, alt = min(drawn, key=lambda one: one[0].crowd)
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
) -> tuple[Mapping[str, CardPlots], list[Fault]]:
    """Returns the plots of cards by their ids, and all faults. step, store: as of `Drawing`."""
    drawing = Drawing(deck, sum(len(one.variants) + 1 for one in worked if one.card.plot), processes, step, store)
    drawn = list(drawing.each(worked))
    faults = [fault for one in drawn for fault in one.faults]
    return {one.worked.card.id: one.plots for one in drawn}, [*faults, *drawing.faults()]


class Drawing:
    """Draws the plots of a deck's cards as they come: in processes of their own, where they are many.

    plots: how many there will be, which `step` is told. store: the plots of the same values, drawn before.
    done: how many characters the plots of other cards have, by id.
    """

    def __init__(
        self,
        deck: Deck,
        plots: int,
        processes: int,
        step: Callable[[int], None] = lambda plots: None,
        store: Store = NO_STORE,
        done: Mapping[str, int] = NOTHING,
    ) -> None:
        self._deck, self._plots, self._step, self._store = deck, plots, step, store
        self._processes = min(processes, plots // WORTH_A_PROCESS)
        self._most = budget.DECK_DRAWN + budget.CARD_DRAWN * sum(card.plot is not None for card in deck.cards)
        self._left = self._most - sum(done.values())
        self._undrawn: list[str] = []

    def each(self, worked: Iterable[Worked]) -> Iterator[Drawn]:
        """Yields the cards in their order, without those whose plots are more than a deck may have."""
        with Artists[_Task, _Result](self._processes, _draw) as artists:
            asked = deque[tuple[Worked, list[_Task], Callable[[], list[_Result]], bool]]()
            for one in worked:
                tasks = _tasks(self._deck.meta, one)
                if (kept := self._store.find(DRAWN, tasks) if tasks else []) is not None:
                    asked.append((one, tasks, partial(_plots, kept), False))
                elif self._left > 0:
                    asked.append((one, tasks, artists.ask(tasks), True))
                else:
                    asked.append((one, tasks, partial(list, [None] * len(tasks)), False))
                if len(asked) > artists.ahead:
                    yield from self._drawn(*asked.popleft())
            while asked:
                yield from self._drawn(*asked.popleft())

    def faults(self) -> list[Fault]:
        """Returns the fault of the cards whose plots are more than a deck may have, if there are any."""
        if not self._undrawn:
            return []
        first, *more = self._undrawn
        others = f", and those of {counted(len(more), 'card')} after it" if more else ""
        together = f"the plots of this deck may have {self._most:,} characters of SVG together"
        hint = (
            f"A deck may have {budget.DECK_DRAWN:,} characters, and {budget.CARD_DRAWN:,} more for each card"
            " with a plot: draw fewer points, or write `variants:` with fewer."
        )
        place = self._deck.card_sources[first].key("plot")
        return [Fault(place, f"{first}: plot: not drawn{others}: {together}", hint)]

    def _drawn(
        self, worked: Worked, tasks: list[_Task], drawn: Callable[[], list[_Result]], new: bool
    ) -> Iterator[Drawn]:
        results = drawn()
        for place, result in enumerate(results):
            if self._left <= 0:
                results[place] = None
            elif isinstance(result, Plot):
                self._left -= len(result.svg)
        for _ in tasks:
            self._step(self._plots)
        if None in results:
            self._undrawn.append(worked.card.id)
            return
        plots, refusals = _plots_of(tasks, results), _refusals(self._deck, tasks, results)
        if new and not refusals:
            self._store.keep(DRAWN, tasks, results)
        yield Drawn(worked, plots, (*refusals, *lacking(self._deck, worked.card.id, plots.missing)))


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


def _plots_of(tasks: Sequence[_Task], results: Sequence[_Result]) -> CardPlots:
    drawn = [(task, one) for task, one in zip(tasks, results, strict=True) if isinstance(one, Plot)]
    variants = {task.variant: plot for task, plot in drawn if task.space == CARD}
    return CardPlots(variants, next((plot for task, plot in drawn if task.space == SHEET), None))


def _refusals(deck: Deck, tasks: Sequence[_Task], results: Sequence[_Result]) -> list[Fault]:
    """The faults of values that cannot be drawn: once, not for each variant and its own numbers."""
    faults: dict[str, Fault] = {}
    for task, refusal in zip(tasks, results, strict=True):
        if isinstance(refusal, tuple):
            parameter, message = refusal
            place = deck.card_sources[task.card].at("plot", task.kind, *([parameter] if parameter else []))
            key = ".".join(part for part in ("plot", task.kind, parameter) if part)
            faults.setdefault(parameter, Fault(place, f"{task.card}: {key}: {message} (variant {task.variant})"))
    return list(faults.values())


def _plots(kept: Iterable[Mapping[str, str]]) -> list[_Result]:
    return [Plot(**plot) for plot in kept]


def _draw(task: _Task) -> _Result:
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
    nested: Sequence[object] = value.numbers
    for size in reversed(value.shape[1:]):
        nested = [nested[i : i + size] for i in range(0, len(nested), size or 1)]
    return nested if value.shape else nested[0]

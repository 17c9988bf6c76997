"""The run: the deck is tried, and tasks go to an executor; what a killed process leaves undone is tried again."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eigendeck.authoring.editions.making import Outcome, make_editions
from eigendeck.authoring.editions.order import Order
from eigendeck.authoring.editions.roster import Student
from eigendeck.deck.read import Deck, read_deck
from eigendeck.errors import DeckError, Fault, only_warnings
from eigendeck.plots.draw import expressions
from eigendeck.render import lint
from eigendeck.worked.sandbox import Pool, processors
from eigendeck.worked.work import work

TASK = 100  # students, at most: starting a task then takes a hundredth of the time
SHARES = 8  # tasks for each process, at least, where there are students enough: none is left alone with a long one
TRIES = 4  # rounds: a failure that may pass, such as a process that was killed, is tried again
LOOK = 2.0  # seconds between two looks whether the executor still lives


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works. executor: None: this process. size: processes. alive: whether what was submitted still comes back."""

    executor: Executor | None
    size: int
    alive: Callable[[], bool] = lambda: True


_Result = Callable[[], list[Outcome]]
Crews = Callable[[], AbstractContextManager[Crew]]  # of which each round takes a new one


def try_out(folder: Path, seed: int | None, processes: int | None) -> tuple[Deck, int]:
    """Returns a deck that was worked once, for all editions, and the seed from which theirs are derived.

    What is written wrong is found by that, a check that would take a wrong answer, and a formula that says something
    else than the code. seed, processes: None: the deck's own, one a core.

    Raises DeckError: the deck is at fault.
    """
    deck = read_deck(folder)
    seed = deck.meta.seed if seed is None else seed
    faults = [*deck.faults, *lint.faults(deck)]
    if only_warnings(faults):
        with Pool(processes or processors()) as pool:
            faults += [piece for piece in work(deck, seed, expressions, pool) if isinstance(piece, Fault)]
    if not only_warnings(faults):
        raise DeckError(faults)
    return deck, seed


def run(
    order: Order, students: Sequence[Student], crews: Crews, step: Callable[[int], None] = lambda pieces: None
) -> dict[str, Outcome]:
    """Returns what became of each student's edition, by id.

    step: told how many students there are, as each of them is done.
    """
    outcomes: dict[str, Outcome] = {}
    left = list(students)
    for _ in range(TRIES):
        for outcome in _round(order, left, crews):
            outcomes[outcome.student] = outcome
            if not outcome.problem:
                step(len(students))
        left = [student for student in left if outcomes[student.id].again]
        if not left:
            break
    return outcomes


def _round(order: Order, students: Sequence[Student], crews: Crews) -> Iterator[Outcome]:
    """Yields what became of each student's edition; of those in a task that never ended, why not."""
    undone = {student.id: "the process that was at it ended" for student in students}
    try:
        with crews() as crew:
            for chunk, result in _ended(order, _chunks(students, crew.size), crew):
                try:
                    ended = result()
                except (BrokenExecutor, CancelledError):
                    continue
                except Exception as error:  # of the executor's own: each library has others
                    undone |= {student.id: f"{type(error).__name__}: {error}" for student in chunk}
                    continue
                for outcome in ended:
                    del undone[outcome.student]
                    yield outcome
    except BrokenExecutor as broken:
        undone |= dict.fromkeys(undone, str(broken) or "the process that was at it ended")
    yield from (Outcome(student, problem=why, again=True) for student, why in undone.items())


def _ended(
    order: Order, chunks: Iterable[Sequence[Student]], crew: Crew
) -> Iterator[tuple[Sequence[Student], _Result]]:
    """Yields shares of the students, each as soon as its task has ended, and what that came to."""
    if crew.executor is None:
        yield from ((chunk, partial(make_editions, order, chunk)) for chunk in chunks)
        return
    tasks = {crew.executor.submit(make_editions, order, chunk): chunk for chunk in chunks}
    waiting = set(tasks)
    while waiting:
        done, waiting = wait(waiting, timeout=LOOK, return_when=FIRST_COMPLETED)
        yield from ((tasks[task], task.result) for task in done)
        if not done and not crew.alive():
            raise BrokenExecutor("the scheduler was lost")


def _chunks(students: Sequence[Student], processes: int) -> list[Sequence[Student]]:
    size = min(TASK, math.ceil(len(students) / (SHARES * processes)))
    return [students[start : start + size] for start in range(0, len(students), size)]

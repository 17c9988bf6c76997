"""Jobs → replies that may be believed, or faults: from the store where the worker has answered before."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

from eigendeck.errors import Fault
from eigendeck.store import Kind, Store
from eigendeck.worked.process import Stopped
from eigendeck.worked.replies import Distrusted, read_reply
from eigendeck.worked.sandbox import Answer, Failed, Pool, Untried
from eigendeck.worked.together import Found, characters
from eigendeck.worker import budget
from eigendeck.worker.job import ASK, CHECK, FORMULA, GIVEN, KEEP, NUMPY, STEPS, WIDE, WORK, CardFault, Job, Reply

MOST_FAULTS = 20  # of one card
WORKED = Kind("worked", code=("worker",), versions=("numpy",))

Step = Callable[[int], None]  # called as each job ends, with the number of jobs: progress


@dataclass(frozen=True, slots=True)
class Asked:
    """The jobs of a card or a panel. fault: makes one of what the worker has found."""

    jobs: tuple[Job, ...]
    fault: Callable[[CardFault], Fault]


def ask(asked: Sequence[Asked], pool: Pool, step: Step, store: Store) -> Generator[Found]:
    """Yields what the worker says to each of the asked, in their order, as soon as it is known.

    Replies without faults are kept. A fault is found anew each time: it may have been the machine's.
    """
    kept = [store.find(WORKED, one.jobs) for one in asked]
    missing = [job for one, known in zip(asked, kept, strict=True) if known is None for job in one.jobs]
    total = sum(len(one.jobs) for one in asked)
    with closing(pool.map(missing)) as answers:
        for one, known in zip(asked, kept, strict=True):
            found = _believed(one, known) if known is not None else None
            if found is None or found.faults:
                frames = [next(answers) for _ in one.jobs] if known is None else list(pool.map(one.jobs))
                found = _believed(one, frames)
                if not found.faults:
                    store.keep(WORKED, one.jobs, frames)
            for _ in one.jobs:
                step(total)
            yield found


def _believed(asked: Asked, answers: Sequence[Answer]) -> Found:
    replies: list[Reply] = []
    for job, answer in zip(asked.jobs, answers, strict=True):
        read = _read(asked.fault, job, answer)
        if not isinstance(read, Reply):
            return Found(tuple(replies), tuple(read), answer if isinstance(answer, Untried) else None)
        replies.append(read)
    return Found(tuple(replies))


def _read(fault: Callable[[CardFault], Fault], job: Job, answer: Answer) -> Reply | list[Fault]:
    """The worker's answer, or the faults of the card. fault: makes one of a fault of the worker."""
    if isinstance(answer, Untried):
        return [fault(CardFault((), "not tried: the cards before took all the time that the deck may"))]
    if isinstance(answer, Failed):
        hint = "This is a bug in eigendeck: please report it, with the card."
        return [fault(CardFault((), f"could not be worked: {answer}", hint))]
    if isinstance(answer, Stopped):
        return [_stopped(fault, job, answer)]
    try:
        read = read_reply(answer, job)
    except Distrusted as error:
        hint = "Make what the card shows smaller; if it is small, please report this as a bug in eigendeck."
        return [fault(CardFault((), f"the worker's answer cannot be used: {error}", hint))]
    if read.faults:
        return [fault(found) for found in read.faults[:MOST_FAULTS]]
    if (shown := sum(map(characters, read.variants))) > budget.SHOWN:
        what = f"shows {shown:,} characters in all variants together; {budget.SHOWN:,} are allowed"
        return [fault(CardFault(NUMPY, what, "Show fewer numbers, or write `variants:` with fewer."))]
    return read


def _stopped(fault: Callable[[CardFault], Fault], job: Job, stopped: Stopped) -> Fault:
    """The fault of a card that had to be stopped, at the key that the worker was at."""
    keys = [GIVEN, WIDE, KEEP, NUMPY, STEPS, CHECK, WORK, ASK, FORMULA, *(piece.key for piece in job.mistakes)]
    keys += [("show", name) for name in job.show] + [piece.key for piece in job.plot.values()]
    hint = (
        f"All variants of a card together may take {budget.SECONDS:g} seconds and {budget.IN_WORDS},"
        f" and their values {budget.ANSWER // 2**20} MB: make the numbers smaller, or fewer."
    )
    return fault(CardFault(stopped.at if stopped.at in keys else (), f"{stopped.why}; stopped", hint))

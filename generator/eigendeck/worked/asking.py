"""Jobs → replies that may be believed, or faults: from the store where the worker has answered before.

What the cards of a deck take together is counted, too: many that keep their own limits must not add up without end.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck
from eigendeck.errors import Fault, counted
from eigendeck.store import Kind, Store
from eigendeck.worked.jobs import stream
from eigendeck.worked.process import Stopped
from eigendeck.worked.replies import Distrusted, read_reply
from eigendeck.worked.sandbox import Answer, Failed, Pool, Untried
from eigendeck.worker import budget
from eigendeck.worker import job as wire
from eigendeck.worker.job import NUMPY, CardFault, Job, Reply, Variant

MOST_FAULTS = 20  # of one card
WORKED = Kind("worked", code=("worker",), versions=("numpy",))

NOTHING: Mapping[str, int] = {}
Step = Callable[[int], None]  # called as each job ends, with the number of jobs: progress


@dataclass(frozen=True, slots=True)
class Found:
    """What the worker says to the jobs of a card: its replies, up to the first of which something is wrong.

    untried: why that one was not tried.
    """

    replies: tuple[Reply, ...]
    faults: tuple[Fault, ...] = ()
    untried: Untried | None = None


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
        read = _read(job, answer)
        if faults := (read,) if isinstance(read, CardFault) else read.faults[:MOST_FAULTS]:
            untried = answer if isinstance(answer, Untried) else None
            return Found(tuple(replies), tuple(map(asked.fault, faults)), untried)
        assert isinstance(read, Reply)
        replies.append(read)
    return Found(tuple(replies))


def _read(job: Job, answer: Answer) -> Reply | CardFault:
    """The worker's answer, or what is wrong with it as a whole."""
    if isinstance(answer, Untried):
        return CardFault((), "not tried: the cards before took all the time that the deck may")
    if isinstance(answer, Failed):
        hint = "This is a bug in eigendeck: please report it, with the card."
        return CardFault((), f"could not be worked: {answer}", hint)
    if isinstance(answer, Stopped):
        return _stopped(job, answer)
    try:
        read = read_reply(answer, job)
    except Distrusted as error:
        hint = "Make what the card shows smaller; if it is small, please report this as a bug in eigendeck."
        return CardFault((), f"the worker's answer cannot be used: {error}", hint)
    if not read.faults and (shown := sum(map(characters, read.variants))) > budget.SHOWN:
        what = f"shows {shown:,} characters in all variants together; {budget.SHOWN:,} are allowed"
        return CardFault(NUMPY, what, "Show fewer numbers, or write `variants:` with fewer.")
    return read


def _stopped(job: Job, stopped: Stopped) -> CardFault:
    """The fault of a card that had to be stopped, at the key that the worker was at."""
    keys = [wire.GIVEN, wire.WIDE, wire.KEEP, NUMPY, wire.STEPS, wire.CHECK, wire.WORK, wire.ASK, wire.FORMULA]
    keys += [piece.key for piece in job.mistakes]
    keys += [("show", name) for name in job.show] + [piece.key for piece in job.plot.values()]
    hint = (
        f"All variants of a card together may take {budget.SECONDS:g} seconds and {budget.IN_WORDS},"
        f" and their values {budget.ANSWER // 2**20} MB: make the numbers smaller, or fewer."
    )
    return CardFault(stopped.at if stopped.at in keys else (), f"{stopped.why}; stopped", hint)


class Together:
    """A deck's cards as their answers come in, and those that are beyond what the deck may take.

    done: cards that nothing comes in for, by their ids, and how many characters they show.
    """

    def __init__(self, deck: Deck, done: Mapping[str, int] = NOTHING) -> None:
        self._deck = deck
        self._allowed = budget.DECK_SHOWN + budget.CARD_SHOWN * len(deck.cards)
        self._untried: list[str] = []
        self._reply: Untried | None = None
        self._shown = dict(done)
        self._total = sum(done.values())
        self._beyond: list[str] = []

    def leaves_out(self, card: Card, found: Found) -> bool:
        """Whether a card is beyond what the deck may take, for its time or for what it shows: `faults` says so once."""
        if found.untried:
            self._reply = found.untried
            self._untried.append(card.id)
            return True
        shown = sum(characters(variant) for reply in found.replies for variant in reply.variants)
        if found.faults or not shown:
            return False
        self._shown[card.id] = shown
        self._total += shown
        if self._total <= self._allowed:
            return False
        self._beyond.append(card.id)
        return True

    def faults(self) -> list[Fault]:
        """Returns a fault for each limit that was passed: it names the first card beyond it, and how many follow."""
        found = []
        if self._reply:
            ids = {stream(card.id): card.id for card in self._deck.cards}
            slowest = [ids[number] for number in self._reply.slowest if number in ids]
            what = f"the cards before took {self._reply.allowed:,.0f} s of computing, all that this deck may"
            hint = (
                f"A deck may take {budget.DECK_SECONDS:g} s, and {budget.JOB_SECONDS:g} s more for each card,"
                f" in `check` for each 10 draws of it.{_most('slowest', slowest)}"
            )
            found.append(self._fault(self._untried, f"not tried{_others(self._untried)}: {what}", hint))
        if self._beyond:
            most = sorted(self._shown, key=lambda card_id: -self._shown[card_id])[:3]
            what = f"all cards together show {self._total:,} characters; {self._allowed:,} are allowed in this deck"
            hint = (
                f"A deck may show {budget.DECK_SHOWN:,} characters, and {budget.CARD_SHOWN:,} more for each card."
                f"{_most('largest', most)}"
            )
            found.append(self._fault(self._beyond, f"left out{_others(self._beyond)}: {what}", hint))
        return found

    def _fault(self, ids: list[str], what: str, hint: str) -> Fault:
        return Fault(self._deck.card_sources[ids[0]].at("id"), f"{ids[0]}: {what}", hint)


def characters(variant: Variant) -> int:
    """Returns how many characters of what was computed a variant shows."""
    texts = [variant.program, variant.output, *variant.ask, *(value.literal for _, value in variant.inputs)]
    texts += [text for line in (*variant.steps, *variant.mistakes) for text in (line.code, line.printed)]
    return sum(map(len, (*texts, *(value.literal for value in variant.work))))


def _others(ids: list[str]) -> str:
    return f", and {counted(len(ids) - 1, 'card')} after it" if len(ids) > 1 else ""


def _most(word: str, ids: list[str]) -> str:
    return f" The {word}: {', '.join(ids)}." if ids else ""

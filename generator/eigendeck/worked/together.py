"""What the cards of a deck take together: each keeps its own limits, and many of them must not add up without end."""

from collections.abc import Mapping
from dataclasses import dataclass

from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck
from eigendeck.errors import Fault, counted
from eigendeck.worked.jobs import stream
from eigendeck.worked.sandbox import Untried
from eigendeck.worker import budget
from eigendeck.worker.job import Reply, Variant

NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """What the worker says to the jobs of a card: its replies, up to the first of which something is wrong.

    untried: why that one was not tried.
    """

    replies: tuple[Reply, ...]
    faults: tuple[Fault, ...] = ()
    untried: Untried | None = None


class Together:
    """A deck's cards as their answers come in, and those that are beyond what the deck may take.

    done: cards that nothing comes in for, by their ids, and how many characters they show.
    """

    def __init__(self, deck: Deck, done: Mapping[str, int] = NOTHING) -> None:
        self._deck = deck
        self._allowed = budget.deck_shown(len(deck.cards))
        self._streams: dict[int, str] = {}  # ids of the cards, by their stream
        self._untried: list[str] = []
        self._reply: Untried | None = None
        self._shown = dict(done)
        self._total = sum(done.values())
        self._beyond: list[str] = []

    def leaves_out(self, card: Card, found: Found) -> bool:
        """Whether a card is beyond what the deck may take, for its time or for what it shows: `faults` says so once."""
        self._streams[stream(card.id)] = card.id
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
            slowest = [self._streams[stream] for stream in self._reply.slowest if stream in self._streams]
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

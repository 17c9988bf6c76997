"""What each line of a card's `check` alone refuses: a line that refuses nothing alone could be left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eigendeck.deck.card_schema import Card
from eigendeck.worker.job import Reply


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of `check`, in words, its number from 1, and the wrong answers that no other line refuses."""

    id: str
    number: int
    says: str
    alone: tuple[str, ...]

    def __str__(self) -> str:
        refused = ", ".join(self.alone) or "nothing"
        return f"{self.id}: check {self.number}, `{self.says}`: alone refuses {refused}"


def check_lines(cards: Iterable[Card], run: Mapping[str, Sequence[Reply]]) -> list[CheckLine]:
    """Returns the lines of `check` of the cards that were run."""
    return [
        CheckLine(card.id, number, " ".join(says.split()), alone)
        for card in cards
        for reply in run.get(card.id, ())
        if reply.alone
        for number, (says, alone) in enumerate(zip(reply.checks, reply.alone, strict=True), 1)
    ]

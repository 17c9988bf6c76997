"""Cards on their way through the stages: each goes all the way as soon as it is worked, while others are worked."""

from collections.abc import Iterable, Iterator

from eigendeck.deck.read import Deck
from eigendeck.deck.subset import whose
from eigendeck.errors import Fault
from eigendeck.model import CardPlots, Worked, WorkedPanel
from eigendeck.plots.draw import Drawn


class Passage:
    """What comes out on the way.

    worked: the cards, if they are to be kept, which takes much memory. ids: of all that were worked. contradicting:
    warnings of formulas that say something else than the code, by the card's id. at_fault: ids of the cards in which
    something is wrong that no build would take.
    """

    def __init__(self, deck: Deck, faults: Iterable[Fault], *, keep: bool) -> None:
        self.faults: list[Fault] = []
        self.worked: list[Worked] = []
        self.ids: set[str] = set()
        self._keep = keep
        self.panels: list[WorkedPanel] = []
        self.contradicting: dict[str, Fault] = {}
        self.at_fault: set[str] = set()
        self._owner = whose(deck)
        self.note(faults)

    def note(self, faults: Iterable[Fault]) -> None:
        """Takes faults down, and the cards that they are of."""
        for fault in faults:
            self.faults.append(fault)
            if not fault.warning:
                self.at_fault.add(self._owner(fault.place)[1])

    def cards(self, pieces: Iterable[Worked | WorkedPanel | Fault], wanted: frozenset[str]) -> Iterator[Worked]:
        """Yields the cards among what was worked whose ids are wanted."""
        for piece in pieces:
            match piece:
                case Fault():
                    self.note([piece])
                case WorkedPanel():
                    self.panels.append(piece)
                case Worked():
                    self.ids.add(piece.card.id)
                    if self._keep:
                        self.worked.append(piece)
                    if piece.contradiction:
                        self.contradicting[piece.card.id] = piece.contradiction
                    if piece.card.id in wanted:
                        yield piece

    def sound(self, drawn: Iterable[Drawn]) -> Iterator[tuple[Worked, CardPlots]]:
        """Yields the cards in which nothing is wrong that no build would take."""
        for one in drawn:
            self.note(one.faults)
            if one.worked.card.id not in self.at_fault:
                yield one.worked, one.plots

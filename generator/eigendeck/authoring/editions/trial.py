"""What is found out once for all editions: whether the deck is sound, as far as that does not depend on the numbers."""

from eigendeck.deck.read import Deck
from eigendeck.errors import DeckError, Fault, only_warnings
from eigendeck.plots.draw import expressions
from eigendeck.render import lint
from eigendeck.worked.sandbox import Pool
from eigendeck.worked.work import work


def try_out(deck: Deck, seed: int, processes: int) -> None:
    """Works a deck with one seed.

    What is written wrong is found by that, a check that would take a wrong answer, and a formula that says something
    else than the code.

    Raises DeckError: the deck is at fault.
    """
    faults = [*deck.faults, *lint.faults(deck)]
    if only_warnings(faults):
        with Pool(processes) as pool:
            faults += [piece for piece in work(deck, seed, expressions, pool) if isinstance(piece, Fault)]
    if not only_warnings(faults):
        raise DeckError(faults)

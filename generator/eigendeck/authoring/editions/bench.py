"""What makes editions of a deck: it is read, its code is compiled, and a browser is started, once for all.

In a process that makes editions alone this stays from one task to the next; in another, such as one of a cluster, it
ends with the task.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from eigendeck.authoring.editions.order import Order
from eigendeck.deck.read import read_deck
from eigendeck.outputs.pdf import Printer
from eigendeck.program import Built, Request, edition
from eigendeck.worked.sandbox import Pool

_Key = tuple[str, str]  # the folder of a deck and the digest of its files
_kept: dict[_Key, "Bench"] = {}
_keeps = False


class Bench:
    """A deck, and a worker and a browser for its editions."""

    def __init__(self, folder: Path) -> None:
        self.deck = read_deck(folder)
        self._running = ExitStack()
        self._pool = self._running.enter_context(Pool(1))
        self._printer = self._running.enter_context(Printer())

    def make(self, request: Request) -> Built:
        """Returns the outputs of an edition. Raises: as `edition`."""
        return edition(self.deck, request, pool=self._pool, printer=self._printer)

    def close(self) -> None:
        """Ends worker and browser."""
        self._running.close()


@contextmanager
def bench(order: Order) -> Iterator[Bench]:
    """Yields what makes the editions of an order: as an earlier task has left it, or a new one."""
    key = order.folder, order.digest
    if key not in _kept:
        close()
        _kept[key] = Bench(Path(order.folder))
    try:
        yield _kept[key]
    finally:
        if not _keeps:
            close()


def keep(*, on: bool = True) -> None:
    """Keeps what tasks leave from now on, or not."""
    global _keeps
    _keeps = on


def close() -> None:
    """Ends what tasks have left."""
    while _kept:
        _kept.popitem()[1].close()

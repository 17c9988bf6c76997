"""The preview at work: serves its page, watches the files of the deck, and works what changes, until it is ended."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from eigendeck import errors
from eigendeck.authoring.preview.app import Told, application, guarded
from eigendeck.authoring.preview.cards import AROUND, Cards
from eigendeck.deck.read import Folder, is_of_a_deck
from eigendeck.program import store_of

HOST = "127.0.0.1"
USUAL_PORT = 8765  # where it is free: pages that are open find the next preview again
TRIED_AT_ONCE = 2  # the next save waits for them
AT_ONCE = 6  # cards that are worked before somebody who asks for another is heard


class PortTaken(Exception):
    """Another program listens at the port that was asked for."""


def require() -> None:
    """Returns where all that the preview needs is installed. Raises MissingPart: it is not."""
    errors.require("preview", "preview", "starlette", "uvicorn", "watchfiles")


def preview(folder: Path, port: int | None, processes: int, store: Folder | None, ready: Callable[[str], None]) -> None:
    """Serves a deck until the process is interrupted, and leaves nothing behind.

    port: 0 is any that is free; None the usual one, or where that is taken any. store: the folder of builds made
    before. ready: told the address.

    Raises MissingPart: what serves or watches is not installed; PortTaken: another program listens there.
    """
    require()
    told = Told()
    with (
        _listening(port) as listening,
        contextlib.closing(Cards(folder, processes, store_of(store))) as cards,
        _ended_by_signals(told),
    ):
        ready(f"http://{HOST}:{listening.getsockname()[1]}/")
        asyncio.run(_run(folder, cards, told, listening))


def _listening(port: int | None) -> socket.socket:
    """A socket at a port of this machine alone."""
    try:
        return socket.create_server((HOST, USUAL_PORT if port is None else port))
    except OSError:
        if port is not None:
            raise PortTaken(f"port {port} is taken or not allowed") from None
        return socket.create_server((HOST, 0))


async def _run(folder: Path, cards: Cards, told: Told, listening: socket.socket) -> None:
    saved = asyncio.Event()
    worker = ThreadPoolExecutor(1)
    in_turn = partial(asyncio.get_running_loop().run_in_executor, worker)
    server = _server(guarded(application(cards, told, in_turn), listening.getsockname()[1]))
    work = _watch(folder, told, saved), _build(cards, told, saved, in_turn)
    tasks = [asyncio.create_task(one) for one in work]
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await asyncio.wait([serving, *tasks], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = told.ending = True
    for task in tasks:
        task.cancel()
    await asyncio.to_thread(cards.close)  # ends a card that is at work, for which the thread waits
    worker.shutdown()
    done = await asyncio.gather(serving, *tasks, return_exceptions=True)
    for error in done:
        if isinstance(error, Exception):
            raise error


async def _watch(folder: Path, told: Told, saved: asyncio.Event) -> None:
    """Says whenever files of the deck were saved, until the end; what comes within a moment counts once."""
    from watchfiles import awatch

    def is_meant(change: object, path: str) -> bool:
        return is_of_a_deck(path)

    first = True
    saved.set()
    # Watching has begun with the first time-out: what was saved since the first look is looked at then.
    async for changes in awatch(folder, watch_filter=is_meant, rust_timeout=100, yield_on_timeout=True):
        if told.ending:
            break
        if changes or first:
            first = False
            saved.set()


async def _build(cards: Cards, told: Told, saved: asyncio.Event, in_turn: Callable[..., Any]) -> None:
    """Reads the deck at each save, works what changed, and then tries it on more draws.

    First comes the card that somebody looks at.
    """
    while True:
        await saved.wait()
        saved.clear()
        await in_turn(cards.read)
        while (waiting := cards.state.waiting) and not saved.is_set():
            ranked = sorted(waiting, key=lambda name: (name != told.wanted, name == AROUND))
            await in_turn(cards.work, ranked[:1] if told.wanted in waiting else ranked[:AT_ONCE])
        while (untried := cards.state.untried) and not saved.is_set():
            ranked = sorted(untried, key=lambda name: name != told.wanted)
            await in_turn(cards.try_more, ranked[:TRIED_AT_ONCE])


def _server(app: Any) -> Any:
    """A server that leaves signals to us: its own way raises them once more when all is over."""
    import uvicorn

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False))


@contextlib.contextmanager
def _ended_by_signals(told: Told) -> Iterator[None]:
    """Ctrl-C, and what asks a program to end, end the preview as soon as its address is known, and is no error."""

    def end(number: int, frame: FrameType | None) -> None:
        told.ending = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

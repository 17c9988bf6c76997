"""Interpreters that draw beside this one, where there is much to draw."""

import contextlib
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, Self, TypeVar

AHEAD = 4  # lists of tasks that each is given before the first of them is waited for

Task = TypeVar("Task")
Drawn = TypeVar("Drawn")


class Artists(Generic[Task, Drawn]):
    """Interpreters that know nothing of this one but where modules are. Fewer than two are none: this one draws itself.

    A fork would hang where threads run, as in a notebook; what `multiprocessing` spawns runs the caller's script again.

    draw: a function of a module; what it takes and returns can be pickled.
    """

    def __init__(self, size: int, draw: Callable[[Task], Drawn]) -> None:
        self.ahead = AHEAD * size if size > 1 else 0
        self._draw = draw
        self._threads = ThreadPoolExecutor(size, initializer=self._start) if size > 1 else None
        self._own = threading.local()
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads:
            self._threads.shutdown(wait=False, cancel_futures=True)
            for artist in self._started:
                artist.kill()  # and with it what it is at
            self._threads.shutdown(wait=True)
            for artist in self._started:
                artist.kill()
                with contextlib.suppress(BrokenPipeError), artist:
                    pass

    def ask(self, tasks: Sequence[Task]) -> Callable[[], list[Drawn]]:
        """Returns what returns what is drawn of each task: it waits for that, or draws it."""
        return (
            self._threads.submit(self._drawn, tasks).result if self._threads else lambda: list(map(self._draw, tasks))
        )

    def _drawn(self, tasks: Sequence[Task]) -> list[Drawn]:
        pickle.dump(tasks, self._own.artist.stdin)
        self._own.artist.stdin.flush()
        drawn: list[Drawn] = pickle.load(self._own.artist.stdout)
        return drawn

    def _start(self) -> None:
        """Begins a thread: each has an interpreter of its own."""
        module, name = self._draw.__module__, self._draw.__name__
        program = (
            "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"  # the one who started it has the word
            f" sys.path[:] = sys.argv[1:]; from {__name__} import serve; from {module} import {name}; serve({name})"
        )
        command = [sys.executable, "-c", program, *sys.path]
        self._own.artist = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._started.append(self._own.artist)


def serve(draw: Callable[[Task], Drawn]) -> None:
    """Draws what comes in, and sends it back, until nothing comes: the whole of such an interpreter."""
    with contextlib.suppress(EOFError):
        while True:
            tasks = pickle.load(sys.stdin.buffer)
            sys.stdout.buffer.write(pickle.dumps(list(map(draw, tasks))))
            sys.stdout.buffer.flush()

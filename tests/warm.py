"""Workers and a browser that outlive the command that started them, and do for the next one.

No test waits for the start of NumPy or of Chromium. What a command meets is a worker as the second card of a deck meets
it, and a browser as the second student's PDF does. A worker that was stopped, or was short of memory, is ended.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest import mock

from eigendeck import program
from eigendeck.outputs import pdf
from eigendeck.worked import sandbox
from eigendeck.worked.process import Process

MOST = 2  # that wait for a command


class Warm(Process):
    """A worker that waits for another command when it is ended in health."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.healthy = True
        super().__init__(program)

    def ask(self, frame: bytes, seconds: float) -> dict[str, Any]:
        self.healthy = False
        answer = super().ask(frame, seconds)
        done = answer.get("done")
        replies = done.get("replies", ()) if isinstance(done, dict) else ()
        self.healthy = isinstance(done, dict) and not any(reply.get("short_of_memory") for reply in replies)
        return answer

    def kill(self) -> None:
        if self.healthy and self.worked < sandbox.RETIRE and not self.ended() and _kept(self):
            return
        super().kill()


_waiting: list[Warm] = []
_starter = ThreadPoolExecutor(1)  # a worker ends with the thread that started it
_one_at_a_time = threading.Lock()


class WarmPrinter(pdf.Printer):
    """A printer whose browser stays for the next command of this thread. What asks for it is as in a new one."""

    def __init__(self) -> None:
        super().__init__()
        self.thread, self.path = threading.get_ident(), os.environ.get("PATH")
        self._loop: asyncio.AbstractEventLoop | None = None  # the browser's own

    def emit(self, *what: Any) -> Any:
        pdf.require()
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self._loop)
        try:
            return super().emit(*what)
        finally:
            self._loop = asyncio._get_running_loop() if self._browser else None
            asyncio._set_running_loop(before)

    def __exit__(self, *_: object) -> None:
        pass

    def end(self) -> None:
        """Ends the browser."""
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self._loop)
        try:
            self.close()
        finally:
            asyncio._set_running_loop(before)


@contextmanager
def warm() -> Iterator[None]:
    """Has commands of this process take over the workers, and the browser, of those before."""
    printer = WarmPrinter()

    def press() -> pdf.Printer:
        own = (threading.get_ident(), os.environ.get("PATH")) == (printer.thread, printer.path)
        return printer if own else pdf.Printer()  # a test that has another browser starts it

    try:
        with mock.patch.object(sandbox, "Process", _worker), mock.patch.object(program, "Printer", press):
            yield
    finally:
        printer.end()
        while _waiting:
            Process.kill(_waiting.pop())


def _worker(program: str) -> Warm:
    with _one_at_a_time:
        for worker in _waiting:
            if worker.program == program and not worker.ended():
                _waiting.remove(worker)
                return worker
    return _starter.submit(Warm, program).result()


def _kept(worker: Warm) -> bool:
    with _one_at_a_time:
        if worker not in _waiting and len(_waiting) < MOST:
            _waiting.append(worker)
        return worker in _waiting

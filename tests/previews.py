"""The preview, run as an author runs it."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

PATIENCE = 90  # seconds, for machines that do much else


@dataclass
class Preview:
    """A preview that runs, and its page's address."""

    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rsplit(":", 1)[1].rstrip("/"))

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        """The status and the body of an answer; the path goes out as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def deck(self) -> dict[str, Any]:
        """The list of cards, as the page gets it."""
        answer: dict[str, Any] = json.loads(self.ask("/deck")[1])
        return answer

    def card(self, card_id: str, seed: str = "") -> dict[str, Any]:
        """A card, as the page gets it."""
        answer: dict[str, Any] = json.loads(self.ask(f"/cards/{card_id}{seed and f'?seed={seed}'}")[1])
        return answer

    def settled(
        self, is_so: Callable[[dict[str, Any]], object] = lambda deck: True, patience: float = PATIENCE
    ) -> dict[str, Any]:
        """The list of cards once all are worked and tried, and something is so."""
        end = time.monotonic() + patience
        while (deck := self.deck())["waiting"] or deck["untried"] or not deck["builds"] or not is_so(deck):
            assert time.monotonic() < end, deck
            time.sleep(0.05)
        return deck

    def children(self) -> list[psutil.Process]:
        """The processes that it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)


@contextmanager
def previewing(deck: Path, *options: str) -> Iterator[Preview]:
    """Yields a running preview at any free port; it is ended as by Ctrl-C."""
    command = [sys.executable, "-m", "eigendeck", "preview", str(deck), "--port", "0", "--no-open", *options]
    with subprocess.Popen(
        command, cwd=deck.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout
            yield Preview(process, process.stdout.readline().strip())
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise

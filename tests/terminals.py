"""A pseudo-terminal that a command writes to: what people see of it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import struct
import termios
import threading
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from eigendeck import cli

UNSET = ("NO_COLOR", "FORCE_COLOR", "COLUMNS")  # whatever whoever runs the tests has set


def on_a_terminal(*arguments: str, cwd: Path, columns: int = 100, env: dict[str, str] | None = None) -> str:
    """What a command prints to a terminal of so many columns, which stands in for this process's own."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    pieces: list[bytes] = []
    reader = threading.Thread(target=lambda: pieces.extend(iter(lambda: _read(main), b"")))
    reader.start()
    with (
        mock.patch.dict(os.environ, {"TERM": "xterm-256color", **(env or {})}),
        os.fdopen(side, "w", encoding="utf-8") as terminal,
        contextlib.chdir(cwd),
        _standing_in(terminal.fileno()),
        contextlib.redirect_stdout(terminal),
        contextlib.redirect_stderr(terminal),
    ):
        for name in set(UNSET) - (env or {}).keys():
            os.environ.pop(name, None)
        cli.run(arguments)
        terminal.flush()
    reader.join()
    os.close(main)
    return b"".join(pieces).decode().replace("\r\n", "\n")


@contextlib.contextmanager
def _standing_in(terminal: int) -> Iterator[None]:
    """Has the standard streams of this process be a terminal, as libraries ask them for its size."""
    kept = [os.dup(standard) for standard in range(3)]
    for standard in range(3):
        os.dup2(terminal, standard)
    try:
        yield
    finally:
        for standard, own in enumerate(kept):
            os.dup2(own, standard)
            os.close(own)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when nobody writes any more
        return b""

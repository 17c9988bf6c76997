"""Commands that start at once, for tests that kill many: forks of a process that has imported the program already.

All that may be killed is still ahead of them: what is read, worked out, kept and written.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

FORKS = """
import gc, json, os, sys
import eigendeck.cli.commands, eigendeck.program, eigendeck.outputs.collection, eigendeck.outputs.package
from eigendeck import cli
gc.freeze()
for line in sys.stdin:
    folder, environment, arguments = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.chdir(folder)
        os.environ |= environment
        try:
            os._exit(cli.run(arguments))
        finally:
            os._exit(70)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Forked:
    """A command that runs, or has ended."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self._code = process, 0
        self._pid = int(self._line())
        self._ended = False

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        assert self._process.stdout
        return self.wait() if self._ended or select.select([self._process.stdout], [], [], 0)[0] else None

    def wait(self) -> int:
        if not self._ended:
            self._code, self._ended = int(self._line()), True
        return self._code

    def kill(self) -> None:
        """Kills it with all that it has started."""
        with suppress(ProcessLookupError):  # it ended this very moment
            os.killpg(self._pid, signal.SIGKILL)

    def _line(self) -> bytes:
        assert self._process.stdout
        return self._process.stdout.readline()


class Forks:
    """A process that starts one command after the other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def start(self, folder: Path, *arguments: object, env: Mapping[str, str] | None = None) -> Forked:
        """Starts a command in a folder, with more in its environment; the one before has ended."""
        assert self._process.stdin
        line = json.dumps([str(folder), dict(env or {}), [str(argument) for argument in arguments]])
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        return Forked(self._process)


@contextmanager
def forks() -> Iterator[Forks]:
    """Yields a process that has imported the program, and ends it."""
    command = [sys.executable, "-c", FORKS]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        yield Forks(process)

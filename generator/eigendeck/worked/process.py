"""A running worker: how it starts, is talked to through its pipes, watched and ended.

The only module that starts processes.
"""

import contextlib
import importlib
import importlib.util
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

from eigendeck.worker import budget, frames
from eigendeck.worker.job import Key, Layer

MOMENT = 0.05  # seconds: the least that is waited for more of it
START = 60.0  # seconds for a worker to start: NumPy's first import on a slow disk
WATCH = 0.02  # seconds between two looks at a worker's memory, where the system does not limit it
MOST_SAID = 2**16  # bytes of what a worker says aside
AT = 200  # characters of what a worker says of why it stopped

# The path that holds this package is taken off again, or the rest of its folder would go before the standard library.
PATHS = (
    "import sys; sys.path.insert(0, sys.argv[1]); import eigendeck; sys.path[0:1] = []; sys.path.append(sys.argv[2])"
)
# What is imported stays: to look through it for cycles, again and again, took a twentieth of the start.
PROGRAM = f"import gc; gc.disable(); {PATHS}; from eigendeck.worker.loop import main; main()"
# Empty but for this: one thread a worker, and what the linear algebra and Windows itself need to run at all.
KEPT = ("OPENBLAS_CORETYPE", "SYSTEMROOT")
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
# As `-I`, but that the environment counts: it is ours alone, and fixes the order of sets.
ISOLATED = ("-s", "-P")


class Stopped(Exception):
    """A job came to no end: the key at which it was, if that is known, and why, in words (`took longer than 2 s`)."""

    def __init__(self, at: Key, why: str) -> None:
        super().__init__(": ".join((".".join(at), why)) if at else why)
        self.at, self.why = at, why


def processor_time(pid: int) -> float:
    """Returns the seconds that a process has computed for, where the system tells; elsewhere endless.

    A busy machine makes honest code late: its time counts by what it computed, and only a multiple by the clock.
    """
    if sys.platform != "linux":
        return math.inf
    try:
        return time.clock_gettime(~pid << 3 | 2)  # the number that clock_getcpuclockid(3) gives of a process
    except OSError:  # it has ended
        return math.inf


def _memory_file() -> IO[bytes]:
    """A file of zeros that is in memory, where the system has such, and gone when it is closed."""
    if hasattr(os, "memfd_create"):
        file: IO[bytes] = os.fdopen(os.memfd_create("worker"), "r+b", 0)
    else:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  (it is closed with the worker)
    file.truncate(frames.PLACE)
    return file


class Process:
    """A running worker, and the thread that talks to it: pipes cannot be waited for with a deadline on all systems."""

    def __init__(self, program: str) -> None:
        here = Path(__file__).resolve().parents[2]
        numpy = importlib.util.find_spec("numpy")  # `-s` leaves out a user's own packages: NumPy may be one of them
        beside = Path(numpy.origin).parents[1] if numpy and numpy.origin else here
        self._aside = _memory_file()  # its errors while it starts, and then where it is
        self._popen = subprocess.Popen(
            [sys.executable, *ISOLATED, "-X", "utf8", "-c", program, str(here), str(beside)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._aside,
            cwd=tempfile.gettempdir() if sys.platform == "win32" else "/",
            env=ENVIRONMENT | {name: os.environ[name] for name in KEPT if name in os.environ},
            start_new_session=True,
        )
        self.pid = self._popen.pid
        self.worked = 0.0
        self.took = 0.0  # seconds of computing, for the last job
        self.layers: dict[str, Layer] = {}
        self._memory: Any = None
        self._jobs: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._talk, daemon=True).start()
        try:
            hello = self._answer(START)
        except Stopped as stopped:
            complaint = self._said().decode("utf-8", "replace").strip("\0")[-2000:]
            self.kill()
            raise RuntimeError(f"the worker did not start: {stopped}\n{complaint}") from None
        except BaseException:
            self.kill()
            raise
        self.layers = {name: Layer(**layer) for name, layer in hello["hello"].items()}
        if not self.layers["memory"].holds:
            self._watch()
        self._computed = processor_time(self.pid)

    def ask(self, frame: bytes, seconds: float) -> dict[str, Any]:
        began = time.monotonic()
        self._jobs.put(frame)
        try:
            return self._answer(seconds)
        finally:
            waited = time.monotonic() - began
            self.worked += waited
            before, self._computed = self._computed, processor_time(self.pid)
            self.took = min(waited, seconds, self._computed - before if self._computed < math.inf else math.inf)

    @property
    def at(self) -> Key:
        """The key at which the worker is, as it says."""
        return frames.read_place(self._said())

    def _said(self) -> bytes:
        with contextlib.suppress(ValueError):  # it was closed meanwhile
            self._aside.seek(0)
            return self._aside.read(MOST_SAID)
        return b""

    def ended(self) -> bool:
        return self._popen.poll() is not None

    def kill(self) -> None:
        """Ends the process and all that it may have started."""
        if not self.ended():
            if sys.platform == "win32":
                self._popen.kill()
            else:
                with contextlib.suppress(ProcessLookupError, PermissionError):  # it ended this very moment
                    os.killpg(self.pid, signal.SIGKILL)  # not yet waited for, so its number is still its own
        self._popen.wait()
        self._aside.close()
        self._jobs.put(None)

    def _answer(self, seconds: float) -> dict[str, Any]:
        end = time.monotonic() + seconds
        last = end + (budget.PATIENCE - 1) * seconds
        owed: float | None = None
        while True:
            left = end - time.monotonic()
            wait = WATCH if self._memory else MOMENT if owed is None else left
            try:
                answer = self._answers.get(timeout=max(min(left, wait), 0))
            except queue.Empty:
                if owed is None:  # most jobs are answered before this look, which takes longer than some of them
                    owed = processor_time(self.pid) + seconds
                if left <= 0 and end < last and (left := owed - processor_time(self.pid)) > 0:
                    end = min(last, time.monotonic() + max(left, MOMENT))
                    continue
                if left <= 0:
                    raise Stopped(self.at, f"took longer than {seconds:g} s") from None
                if self._memory and self._memory() > budget.MEMORY:
                    raise Stopped(self.at, f"used more than {budget.IN_WORDS}") from None
                continue
            if answer is None:
                raise Stopped(self.at, self._ending())
            if "stopped" in answer:
                raise Stopped((), str(answer["stopped"])[:AT])  # what it was at last is not what is too large
            return answer

    def _talk(self) -> None:
        """Sends jobs and passes answers on, in a thread of its own."""
        assert self._popen.stdin
        assert self._popen.stdout
        try:
            with self._popen.stdin as jobs, self._popen.stdout as answers:
                self._answers.put(frames.read(answers, budget.ANSWER))
                while (job := self._jobs.get()) is not None:
                    jobs.write(job)
                    jobs.flush()
                    self._answers.put(frames.read(answers, budget.ANSWER))
        except frames.Unreadable as error:
            self._answers.put({"stopped": str(error)})
        except OSError:  # it ended while it was written to
            self._answers.put(None)

    def _ending(self) -> str:
        try:
            code = self._popen.wait(1)
        except subprocess.TimeoutExpired:
            return "the worker fell silent"
        return f"the worker ended: {f'signal {-code}' if code < 0 else f'exit code {code}'}"

    def _watch(self) -> None:
        """Sets up the look at the worker's memory, for systems that do not limit it themselves."""
        try:
            psutil = importlib.import_module("psutil")
        except ImportError:
            reason = f"{self.layers['memory'].says}; with psutil installed it is watched"
            self.layers["memory"] = Layer(False, reason)
            return
        look = psutil.Process(self.pid).memory_info
        start = look().rss
        self._memory = lambda: look().rss - start
        self.layers["memory"] = Layer(True, f"{budget.IN_WORDS}, watched")

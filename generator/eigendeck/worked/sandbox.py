"""The parent's end of the sandbox: gives jobs to workers, and stops those that take too much.

It believes nothing that a worker says: answers are JSON of a bounded size.
"""

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from eigendeck.errors import printable
from eigendeck.worked.process import PROGRAM, WATCH, Process, Stopped
from eigendeck.worker import budget, frames
from eigendeck.worker.job import Job, Layer

RETIRE = budget.PROCESSOR / 2  # seconds of work after which a worker is replaced
SLOWEST = 3  # cards that are named where a deck takes too long
AHEAD = 32  # jobs that are given out before the first answer is looked at: an answer may take some megabytes
AT_ONCE, TOGETHER = 8, 0.1  # jobs that travel as one, and the seconds that they may be expected to take
WAITED = 5  # times as long for them, before each is tried alone
FEW, LONG = 12, 0.3  # jobs that one worker does before another has started; seconds that one of them may wait for it

# What each layer stands for, in the order in which card code meets them.
MEANINGS = {
    "list": "every line is read first, and runs only if all that it names is on the list",
    "names": "what runs finds the listed names of NumPy, few builtins, and no module",
    "landlock": "the kernel refuses files, connections and signals",
    "memory": "no more of it than a card may use",
    "files": "no file, and no socket",
    "processes": "no program, and no second process",
    "time": "the worker's own end, should nobody end it",
    "parent": "the worker ends with the program that started it",
    "audit": "Python refuses to open, import, start, and look behind the scenes",
    "clock": "a worker that takes longer for a card is ended, and another started",
}


class Failed(Exception):
    """The worker has a fault of its own; the message says which, and where."""


@dataclass(frozen=True, slots=True)
class Untried:
    """In place of an answer: the jobs before took all the seconds that they may take together.

    slowest: the streams of the cards that took most of them.
    """

    allowed: float
    slowest: tuple[int, ...]


class Worker(AbstractContextManager["Worker"]):
    """One process that runs card code. It starts with the first job, and anew after a job that had to be stopped.

    program: what the process runs.
    """

    program = PROGRAM

    def __init__(self) -> None:
        self._process: Process | None = None
        self.took = 0.0  # seconds of computing, for the last job: a busy machine makes no card slower

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def layers(self) -> Mapping[str, Layer]:
        """What each limit holds to on this machine, by its name."""
        return self._started().layers

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._started().pid

    def ask(self, jobs: Sequence[Job], seconds: float = budget.SECONDS) -> list[dict[str, Any]]:
        """Returns what the worker answers to some jobs, or to the first of them: nothing that may be believed yet.

        seconds: for all of them. Raises: as `send`.
        """
        replies = self.send(frames.pack({"jobs": jobs}), seconds).get("replies")
        if not isinstance(replies, list) or not replies or len(replies) > len(jobs) or {*map(type, replies)} != {dict}:
            raise Stopped((), "an answer that cannot be read")
        return replies

    def send(self, frame: bytes, seconds: float = budget.SECONDS) -> dict[str, Any]:
        """Returns what the worker answers to the frame of a job.

        Raises Stopped: it took too long or too much, ended, or answered with what cannot be read; Failed: the worker
        has a fault of its own.
        """
        process = self._started()
        try:
            answer = process.ask(frame, seconds)
        except BaseException:  # a KeyboardInterrupt too: its answer would be taken for that of the next job
            self.close()
            raise
        finally:
            self.took = process.took
        if process.worked > RETIRE:
            self.close()
        if "failed" in answer:
            raise Failed(printable(str(answer["failed"])[: budget.OWN_WORDS]))
        done = answer.get("done")
        if not isinstance(done, dict):
            raise Stopped(process.at, "an answer that cannot be read")
        return done

    @property
    def is_running(self) -> bool:
        """Whether its process has started and not ended."""
        return self._process is not None

    def start(self) -> None:
        """Starts the process before there is a job."""
        self._started()

    def close(self) -> None:
        """Ends the process; the next job starts another."""
        process, self._process = self._process, None
        if process:
            process.kill()

    def _started(self) -> Process:
        process = self._process
        if process is None or process.ended():
            self.close()
            self._process = process = Process(self.program)
        return process


def layers_in_words() -> list[str]:
    """Returns a line for each layer between card code and this machine: whether it holds here, and what it does."""
    with Worker() as worker:
        everywhere = Layer(True, "everywhere")
        clock = Layer(True, f"{budget.SECONDS:g} s a card")
        layers = {"list": everywhere, "names": everywhere, **worker.layers, "clock": clock}
    return [
        f"{'yes' if layers[name].holds else 'no '}  {name:<9}  {meaning} ({layers[name].says})"
        for name, meaning in MEANINGS.items()
    ]


Answer = dict[str, Any] | Stopped | Failed | Untried  # not yet believed


def processors() -> int:
    """Returns how many processors there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool(AbstractContextManager["Pool"]):
    """Workers side by side, one job each at a time.

    size: how many; each starts when there is a job that no other is free for, if there are many, or it waits for long.
    """

    def __init__(self, size: int) -> None:
        self._workers = [Worker() for _ in range(size)]
        self._fresh = [*self._workers]  # that have had no job
        self._free: queue.LifoQueue[Worker] = queue.LifoQueue()  # the last one first: it is started already
        self._threads = ThreadPoolExecutor(size)
        self._closed = False
        self._stopped: dict[int, Stopped] = {}  # by the stream of the card of which a job was stopped
        self._took: dict[int, float] = {}  # seconds, by the same
        self._spent, self._done = 0.0, 0  # seconds, by all, and how many jobs they were
        self._counting = threading.Lock()

    def __exit__(self, *_: object) -> None:
        self.close()

    def map(
        self, jobs: Sequence[Job], seconds: float = budget.SECONDS, together: float | None = None
    ) -> Generator[Answer]:
        """Yields the answers to jobs, in their order; where there is none, the reason in its place.

        A card of which a job was stopped is not tried again: its other jobs have the same end.
        seconds: for one job. together: for all of them, by default what a deck of so many may take.
        """
        allowed = budget.DECK_SECONDS + budget.JOB_SECONDS * len(jobs) if together is None else together
        self._stopped, self._took, self._spent, self._done = {}, {}, 0.0, 0  # it may be another deck's turn
        asked: deque[Future[list[Answer]]] = deque()
        given = answered = 0
        while answered < len(jobs):
            while given < min(len(jobs), answered + AHEAD):
                size = self._at_once(len(jobs) - given)
                several = jobs[given : given + size]
                asked.append(self._threads.submit(self._answers, several, seconds, allowed, len(jobs) > FEW))
                given += size
            for answer in asked.popleft().result():
                yield answer
                answered += 1

    def start(self) -> None:
        """Starts one worker, where none is running: the next job need not wait for it."""
        self._threads.submit(self._start)

    def close(self) -> None:
        """Ends all workers, at once, whatever they are doing."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        while self._free.qsize() + len(self._fresh) < len(self._workers):  # some are at work, or about to start
            for worker in self._workers:
                worker.close()
            time.sleep(WATCH)
        self._threads.shutdown(wait=True)
        for worker in self._workers:
            worker.close()

    def _worker(self, hurried: bool) -> Worker:
        """A worker that is free. hurried: another may start for it at once."""
        wait = 0.0
        while True:
            with suppress(queue.Empty):
                return self._free.get(timeout=wait)
            hurried = hurried or (wait > 0 and any(worker.is_running for worker in self._workers))
            with self._counting:
                if self._fresh and (hurried or len(self._fresh) == len(self._workers)):
                    return self._fresh.pop()
            wait = LONG

    def _start(self) -> None:
        worker = self._worker(hurried=False)
        try:
            if not self._closed:
                worker.start()
        finally:
            self._free.put(worker)

    def _at_once(self, left: int) -> int:
        """How many jobs travel as one: many where there are many, and those before were quick."""
        spread = left // (AT_ONCE * len(self._workers))  # towards the end no worker waits for another
        return max(1, min(AT_ONCE, spread, int(TOGETHER * self._done / self._spent) if self._spent else 1))

    def _answers(self, jobs: Sequence[Job], seconds: float, allowed: float, hurried: bool) -> list[Answer]:
        worker = self._worker(hurried)
        try:
            answered: list[Answer] = []
            while len(left := jobs[len(answered) :]) > 1 and self._spent < allowed:
                if not self._stopped.keys().isdisjoint(job.stream for job in left):
                    break
                answers = self._tried(worker, left, min(seconds, WAITED * TOGETHER))
                if not isinstance(answers, list) or any(map(_short, answers)):
                    worker.close()  # which of them it was is found out one by one
                    break
                answered += answers
            return [*answered, *(self._answer(worker, job, seconds, allowed) for job in jobs[len(answered) :])]
        finally:
            self._free.put(worker)

    def _answer(self, worker: Worker, job: Job, seconds: float, allowed: float) -> Answer:
        if job.stream in self._stopped:
            return self._stopped[job.stream]
        if self._spent >= allowed:
            with self._counting:
                slowest = nlargest(SLOWEST, self._took, key=self._took.__getitem__)
            return Untried(allowed, tuple(slowest))
        answer = self._tried(worker, [job], seconds)
        if isinstance(answer, Stopped) or (isinstance(answer, list) and _short(answer[0])):
            worker.close()
            # Once more, in a new worker: this one may have been short of what others took. One that computed for all
            # of its seconds was not.
            if worker.took < seconds and job.stream not in self._stopped:
                answer = self._tried(worker, [job], seconds)
        if isinstance(answer, Stopped) and job.stream:  # of a panel there is none
            return self._stopped.setdefault(job.stream, answer)
        return answer[0] if isinstance(answer, list) else answer

    def _tried(self, worker: Worker, jobs: Sequence[Job], seconds: float) -> list[dict[str, Any]] | Stopped | Failed:
        if self._closed:
            return Stopped((), "the pool was closed")
        try:
            answers = worker.ask(jobs, seconds)
            jobs = jobs[: len(answers)]
            return answers
        except (Stopped, Failed) as without:
            return without
        finally:
            with self._counting:
                self._spent += worker.took
                self._done += len(jobs)
                for job in jobs:
                    self._took[job.stream] = self._took.get(job.stream, 0) + worker.took / len(jobs)


def _short(answer: Mapping[str, Any]) -> bool:
    """Whether a job may have failed for the memory that others left."""
    return bool(answer.get("short_of_memory"))

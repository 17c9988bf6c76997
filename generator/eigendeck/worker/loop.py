"""The worker's own loop: one job after the other, each with its answer, until the parent is gone."""

import gc
import mmap
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from eigendeck.worker import budget, frames, lockdown
from eigendeck.worker.code.namespace import message_of
from eigendeck.worker.job import Key, read_job
from eigendeck.worker.variants import run

Progress = Callable[[Key], None]
Task = Callable[[Mapping[str, Any], Progress], object]  # bytes: what it returns, as JSON


def main() -> None:
    serve(lambda frame, progress: _replies(frame["jobs"], progress))


def _replies(jobs: Sequence[Mapping[str, Any]], progress: Progress) -> bytes:
    """The replies to jobs, as many as have room in one answer: the others are asked for again."""
    replies: list[bytes] = []
    size = 0
    for job in jobs:
        if size > budget.ANSWER // 2:
            break
        replies.append(frames.body(run(read_job(job), progress)))
        size += len(replies[-1])
    return b'{"replies":[%b]}' % b",".join(replies)


def serve(task: Task) -> None:
    """Answers jobs on standard input until it ends. The first frame says which limits hold."""
    jobs, answers, place = _own_wires()

    def progress(at: Key) -> None:
        place[:] = frames.place(at)

    progress(())
    frames.write(answers, {"hello": lockdown.close()})
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)  # a syntax tree is many objects, and none of them a cycle
    while (job := frames.read(jobs, budget.JOB)) is not None:
        answers.write(_answer(task, job, progress))
        answers.flush()
        progress(())
        gc.collect()  # what a card left in cycles would be missing to the next
        gc.freeze()  # what is left stays, as the formulas that were read: to look through it took as long as a job


def _own_wires() -> tuple[BinaryIO, BinaryIO, mmap.mmap]:
    """The streams to and from the parent, moved to where no print, and no line of NumPy's own C code, gets at them.

    And the memory in which the parent reads where a job is that never answers: to tell so costs less than any key.
    """
    jobs, answers, place = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"), mmap.mmap(2, frames.PLACE)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return jobs, answers, place


def _answer(task: Task, job: Mapping[str, Any], progress: Progress) -> bytes:
    """The frame that ends a job: what the task returned, or why there is nothing to return."""
    try:
        done = task(job, progress)
        body = done if isinstance(done, bytes) else frames.body(done)
        frame = frames.packed(b'{"done":%b}' % body)
    except MemoryError:
        return frames.pack({"stopped": f"used more than {budget.IN_WORDS}"})
    except Exception as error:
        # Reached by a fault of this program alone: a task answers for the code that it runs.
        last = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{message_of(error)} ({Path(last.filename).name}:{last.lineno})"
        return frames.pack({"failed": told.encode("ascii", "backslashreplace").decode()})
    return frame if len(frame) <= budget.ANSWER else frames.pack({"stopped": "too large an answer"})

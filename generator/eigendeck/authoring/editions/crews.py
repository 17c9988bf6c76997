"""Who works: processes on this machine, or those of a Dask cluster."""

import gc
import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from typing import Any

from eigendeck.authoring.editions import bench
from eigendeck.authoring.editions.running import Crew
from eigendeck.errors import clipped, printable

PATIENCE = 60.0  # seconds for a scheduler to be started again, and for its workers to come
FIRST = 5.0  # seconds for a scheduler to answer at all


@contextmanager
def local(processes: int) -> Iterator[Crew]:
    """Yields processes on this machine, which end with this one; of one alone there is this one, started already."""
    if processes == 1:
        usual = gc.get_threshold()
        try:
            _set_up()
            yield Crew(None, 1)
        finally:
            gc.set_threshold(*usual)
            bench.keep(on=False)
            bench.close()
        return
    context = multiprocessing.get_context("spawn")  # a fork would hang where threads run
    executor = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)
    try:
        yield Crew(executor, processes)
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.kill()
        raise
    finally:
        executor.shutdown()


def _begin() -> None:
    """Sets up a process: Ctrl-C ends it at once, and so does the end of the one that started it."""
    _set_up()
    Finalize(None, bench.close, exitpriority=1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent], daemon=True).start()


def _set_up() -> None:
    """Makes a process that makes editions alone do so faster."""
    gc.set_threshold(50_000, 20, 20)  # what is rendered is many objects, and few of them cycles
    bench.keep()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


class NoScheduler(Exception):
    """Nobody works there; says why."""


def meet(scheduler: str) -> None:
    """Returns when the scheduler of a Dask cluster answers. scheduler: its address.

    Raises NoScheduler: nobody answers soon, or something else does.
    """
    import asyncio  # imported here, and below: every process of a run imports this module

    address = printable(clipped(scheduler))
    try:
        kind = asyncio.run(_kind(scheduler))
    except ValueError:
        raise NoScheduler(f'"{address}" is no address. Write one such as tcp://10.0.0.1:8786.') from None
    except Exception:  # what is no scheduler may answer anything
        raise NoScheduler(f"no scheduler answers at {address}.") from None
    if kind != "Scheduler":  # a worker has an address, too
        raise NoScheduler(f"what answers at {address} is no scheduler.")


async def _kind(address: str) -> str:
    import asyncio

    distributed: Any = importlib.import_module("distributed")
    security = distributed.Security().get_connection_args("client")
    if address.startswith("tcp://"):  # distributed asks again and again where nobody listens
        host, port = distributed.comm.get_address_host_port(address, strict=True)
        async with asyncio.timeout(FIRST):
            (await asyncio.open_connection(host, port))[1].close()
    async with asyncio.timeout(FIRST), distributed.rpc(address, connection_args=security) as there:
        return str((await there.identity())["type"])


@contextmanager
def cluster(scheduler: str) -> Iterator[Crew]:
    """Yields the processes of a Dask cluster. scheduler: its address, such as `tcp://10.0.0.1:8786`.

    Raises BrokenExecutor: nobody answers there, or no worker comes.
    """
    distributed: Any = importlib.import_module("distributed")
    try:
        client = distributed.Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BrokenExecutor(f"no scheduler answers at {scheduler}: {error}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise BrokenExecutor(f"the scheduler at {scheduler} has no workers") from None
        size = sum(client.nthreads().values())
        executor = client.get_executor(pure=False, retries=0)
        connection = client.scheduler_comm

        def alive() -> bool:
            # After a loss the client has another one, but a result that was on its way may never come, nor an error.
            return client.scheduler_comm is connection and client.status == "running" and bool(client.nthreads())

        yield Crew(executor, size, alive)

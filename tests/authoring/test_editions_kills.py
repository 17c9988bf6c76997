"""Editions under fire: processes, a worker and the scheduler of a cluster are killed; in the end all is there, once."""

from __future__ import annotations

import os
import re
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from conftest import eigendeck
from decks import card, section, write

pytestmark = pytest.mark.kills

STUDENTS = 40
NOW = ("--now", 1_700_000_000)
SOON = 120  # seconds: a busy machine takes its time
UNWATCHED = {  # by themselves, a hundred times a second
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "10s",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
}


def files(out: Path) -> dict[str, bytes]:
    """What people see of the editions, by path."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small deck, and the editions of a run that nothing befell in `whole`."""
    folder = tmp_path_factory.mktemp("killed")
    write(folder / "deck", section(card(variants=6), card(id="again")))
    eigendeck("editions", "deck", "--count", STUDENTS, "--out", "whole", "--jobs", 1, *NOW, cwd=folder)
    assert len(list((folder / "whole").glob("*/small.apkg"))) == STUDENTS
    return folder


@contextmanager
def running(folder: Path, out: str, *options: object) -> Iterator[subprocess.Popen[str]]:
    """A run in a process of its own; what is left of it at the end is killed."""
    options = ("--count", STUDENTS, "--out", out, *NOW, *options)
    command = [sys.executable, "-m", "eigendeck", "editions", "deck", *map(str, options)]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as run:
        try:
            yield run
        finally:
            run.kill()


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.02)


def in_the_middle(folder: Path, out: str) -> None:
    """Returns when some editions are there."""
    until(lambda: len(list((folder / out).glob(".editions/*/record.json"))) > 5)
    assert len(list((folder / out).glob(".editions/*/record.json"))) < STUDENTS - 10


def ended(run: subprocess.Popen[str]) -> str:
    _, said = run.communicate(timeout=SOON)
    assert run.returncode == 0, said
    return said


def nothing_left_to_make(folder: Path, out: str, *options: object) -> None:
    """All editions are there and as they should be, nothing is half written, and a further run makes none."""
    options = ("--count", STUDENTS, "--out", out, "--jobs", 1, *NOW, *options)
    said = eigendeck("editions", "deck", *options, cwd=folder).stderr
    assert f"0 editions made, {STUDENTS} there already, 0 failed" in said
    assert files(folder / out) == files(folder / "whole")


def test_a_process_that_is_killed_leaves_no_edition_undone(folder: Path) -> None:
    with running(folder, "one", "--jobs", 2) as run:
        in_the_middle(folder, "one")
        spawned = [child for child in psutil.Process(run.pid).children() if "spawn_main" in " ".join(child.cmdline())]
        assert len(spawned) == 2
        spawned[0].kill()
        assert ", 0 failed" in ended(run)
    nothing_left_to_make(folder, "one")


def test_a_run_that_is_killed_leaves_no_process_and_the_next_one_makes_the_rest(folder: Path) -> None:
    with running(folder, "two", "--jobs", 2) as run:
        in_the_middle(folder, "two")
        children = psutil.Process(run.pid).children(recursive=True)
        run.kill()
        until(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))
    with running(folder, "two", "--jobs", 2) as run:
        assert f"{STUDENTS} editions made" not in ended(run)
    nothing_left_to_make(folder, "two")


def test_ctrl_c_ends_a_run_soon_and_says_that_nothing_is_lost(folder: Path) -> None:
    with running(folder, "three", "--jobs", 2) as run:
        in_the_middle(folder, "three")
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=SOON)
    assert run.returncode == 130
    assert said == "interrupted; what was made is whole. The same command makes the rest.\n"


# ---- a cluster


class Cluster:
    """A Dask scheduler with two worker processes on loopback."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start()

    def start(self) -> None:
        scheduler = self._begin("dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-jupyter")
        workers = self._begin("dask_worker", self.address, "--nworkers", "2", "--nthreads", "1")
        self.scheduler, self.workers = scheduler, workers

    def _begin(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments, "--no-dashboard"]
        with (self.folder / f"{program}.log").open("ab") as log:
            around = os.environ | UNWATCHED
            process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, env=around)
        self.processes.append(process)
        return process

    def a_worker(self) -> str:
        """The address of a process that works."""
        log = self.folder / "dask_worker.log"
        until(lambda: "Start worker at" in log.read_text(encoding="utf-8"))
        return re.findall(r"Start worker at: +(tcp://[\d.]+:\d+)", log.read_text(encoding="utf-8"))[-1]

    def kill_a_worker(self) -> None:
        """Kills the process that works, not the one that watches over it."""
        inner: list[psutil.Process] = []
        until(
            lambda: (
                inner.extend(filter(has_sandbox, psutil.Process(self.workers.pid).children(recursive=True))) or inner
            )
        )
        inner[0].kill()

    def kill(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
                process.kill()
                process.wait()


def has_sandbox(process: psutil.Process) -> bool:
    try:
        return any("eigendeck.worker.loop" in " ".join(child.cmdline()) for child in process.children())
    except psutil.NoSuchProcess:  # it ended this very moment
        return False


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield cluster
    finally:
        cluster.kill()


def test_a_cluster_makes_the_same_files_and_a_killed_worker_leaves_none_undone(folder: Path, cluster: Cluster) -> None:
    with running(folder, "four", "--scheduler", cluster.address) as run:
        in_the_middle(folder, "four")
        cluster.kill_a_worker()
        ended(run)
    nothing_left_to_make(folder, "four", "--scheduler", cluster.address)


def test_a_scheduler_that_is_killed_and_started_again_needs_no_memory(folder: Path, cluster: Cluster) -> None:
    with running(folder, "five", "--scheduler", cluster.address) as run:
        in_the_middle(folder, "five")
        cluster.kill()
        cluster.start()
        ended(run)
    nothing_left_to_make(folder, "five")


class AsOnTheWeb(socketserver.BaseRequestHandler):
    """Answers as a web server does."""

    def handle(self) -> None:
        self.request.recv(100)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def web_server() -> Iterator[str]:
    """The address, as of a scheduler, of something else."""
    server = socketserver.TCPServer(("127.0.0.1", 0), AsOnTheWeb)
    threading.Thread(target=server.serve_forever, args=[0.05]).start()
    yield f"tcp://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("there", ["nobody", "a web server", "a worker", "no address"])
def test_a_scheduler_that_nobody_finds_is_said_soon_and_nothing_is_written(
    folder: Path, there: str, request: pytest.FixtureRequest
) -> None:
    address, said = "tcp://127.0.0.1:9", "no scheduler answers at tcp://127.0.0.1:9"
    if there == "a web server":
        address = request.getfixturevalue("web_server")
        said = f"no scheduler answers at {address}"
    elif there == "a worker":
        address = request.getfixturevalue("cluster").a_worker()
        said = f"what answers at {address} is no scheduler"
    elif there == "no address":
        address, said = "10.0.0.1", '"10.0.0.1" is no address. Write one such as tcp://10.0.0.1:8786.'
    options = ("--count", 2, "--out", "six", "--scheduler", address, *NOW)
    start = time.monotonic()
    assert said in eigendeck("editions", "deck", *options, cwd=folder, code=2).stderr
    assert time.monotonic() - start < 30, "it takes six on an idle machine"
    assert not (folder / "six").exists()

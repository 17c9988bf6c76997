"""The third guard: what the operating system and Python itself still allow the worker, once it has all it needs.

After `close` the process computes and answers; it opens nothing, starts nothing, and holds a bounded amount of memory.
"""

import ctypes
import json
import os
import signal
import sys
import threading
import time
import traceback
import unicodedata
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.ma  # np.intersect1d imports it only when it is called, which is too late

from eigendeck.worker import budget
from eigendeck.worker.job import Layer

NOBODY = 65534  # the number of the user who owns nothing

# What Python reports of honest computing. Everything else that it reports has no place in a card.
HARMLESS = frozenset({"compile", "exec", "object.__getattr__", "builtins.id", "sys.unraisablehook", "sys.excepthook"})

LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446  # system calls, the same on all of Linux's architectures but Alpha
LANDLOCK_VERSION = 1
NO_NEW_PRIVILEGES = 38  # prctl: Landlock asks for it
DEATH_SIGNAL = 1  # prctl: the signal that a process gets when its parent ends
FILE_RIGHTS = (13, 14, 15, 15, 16)  # how many of the rights bits over files each version of Landlock knows
NETWORK_RIGHTS, SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals


def close() -> dict[str, Layer]:
    """Gives up every right that computing does not need, for good; returns what each layer now holds to."""
    warm_up()
    return {name: shut() for name, shut in LAYERS.items()}


def warm_up() -> None:
    """Runs once what Python and NumPy load on first use: afterwards it could not be loaded any more."""
    warnings.simplefilter("ignore")  # the shown output of a card is what it prints; a warning is not part of it
    rng, x, A = np.random.default_rng(0), np.arange(3.0), np.eye(2)
    (x.sum(), x.mean(), x.std(), x.max(), x.all(), np.median(x), np.intersect1d(x, x), np.histogram(x), A @ A)
    (np.linalg.svd(A), np.linalg.eigh(A), np.linalg.norm(A, 2), np.linalg.lstsq(A, A), np.fft.fft(x))
    (rng.normal(size=2), rng.choice(x), rng.permutation(x), rng.dirichlet(x + 1), rng.multivariate_normal([0, 0], A))
    (np.einsum("ij,j", A, A[0]), np.vectorize(float)(x), np.array_str(x), repr(A), f"{x[0]:.3f} {1j!a}")
    (np.array(["e"]).astype("S").astype("U"), str(bytearray(1), "latin-1"), unicodedata.name("a"))
    compile("x = [f'{y!r:>{3}}' for y in '\\N{EN DASH}']\nlambda: x", "<warm>", "exec")
    for wrong in ("x @ A", "A.smu", "np.linalg.inv(0 * A)", "np.zeros((9**9, 9**9))", "1 / 0", "(", "x['a']", "x[9]"):
        try:
            eval(wrong, {"np": np, "x": x, "A": A})
        except Exception as error:
            "".join(traceback.format_exception(error))
    json.loads(json.dumps({"é": [1, 0.5, None]}, ensure_ascii=False))


def _memory() -> Layer:
    # macOS accepts the limit and ignores it, Windows has none: there the parent watches (`worked.sandbox`).
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return Layer(False, "this system has no such limit")
    import resource  # not there on Windows

    in_use = pages * resource.getpagesize()
    return _limit({"AS": in_use + budget.MEMORY}, budget.IN_WORDS)


def _processes() -> Layer:
    # Linux counts for root, and does not refuse.
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not _no_longer_root():
        return Layer(False, "it does not bind root")
    return _limit({"NPROC": 0}, "none can be started")


def _no_longer_root() -> bool:
    """Becomes the user that owns nothing, where this process may; returns whether it did."""
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    except OSError:
        return False
    return True


def _limit(limits: dict[str, int], meaning: str) -> Layer:
    try:
        import resource  # not there on Windows
    except ImportError:
        return Layer(False, "this system has no such limit")
    try:
        for name, value in limits.items():
            kind = getattr(resource, f"RLIMIT_{name}")
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))
    except (OSError, ValueError, AttributeError) as error:
        return Layer(False, str(error))
    return Layer(True, meaning)


def _landlock() -> Layer:
    """Takes away all rights over files, sockets and other processes, where the Linux kernel has Landlock."""
    if sys.platform != "linux":
        return Layer(False, "only Linux has it")
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), LANDLOCK_VERSION)
    if version < 1:
        return Layer(False, "the kernel does not have it")
    files = (1 << FILE_RIGHTS[min(version, len(FILE_RIGHTS)) - 1]) - 1
    rights = (ctypes.c_uint64 * 3)(files, NETWORK_RIGHTS if version >= 4 else 0, SCOPES if version >= 6 else 0)
    rules = libc.syscall(LANDLOCK_CREATE, ctypes.byref(rights), ctypes.c_size_t(ctypes.sizeof(rights)), 0)
    if rules < 0 or libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.syscall(LANDLOCK_RESTRICT, rules, 0):
        return Layer(False, f"error {ctypes.get_errno()}")
    os.close(rules)
    return Layer(True, f"ABI {version}")


def _parent() -> Layer:
    """Has the kernel end the worker with the thread that started it: one call in C may compute for hours."""
    if sys.platform == "win32":
        return Layer(False, "only between two cards, by the end of its pipe")
    if sys.platform != "linux":
        threading.Thread(target=_watch, args=[os.getppid()], daemon=True).start()
        return Layer(True, "looked for every half second")
    if ctypes.CDLL(None, use_errno=True).prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0):
        return Layer(False, f"error {ctypes.get_errno()}")
    return Layer(True, "at once")


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _audit() -> Layer:
    """Makes Python refuse what it reports: opening, importing, starting, and looking behind the scenes."""

    def refuse(event: str, _: object) -> None:
        if event not in HARMLESS:
            raise PermissionError(f"{event} is not available in card code")  # an OSError: the library copes with those

    sys.addaudithook(refuse)
    return Layer(True, "on")


# In this order: what is read and opened comes first, the audit hook, which would refuse the rest, last.
LAYERS: dict[str, Callable[[], Layer]] = {
    "memory": _memory,
    "landlock": _landlock,
    "files": lambda: _limit({"NOFILE": 0, "FSIZE": 0, "CORE": 0}, "none can be opened"),
    "processes": _processes,
    "time": lambda: _limit({"CPU": budget.PROCESSOR}, f"{budget.PROCESSOR} s of processor time"),
    "parent": _parent,  # not before the processes, where the worker may become another user: this forgets it
    "audit": _audit,
}

"""What earlier builds made and checked, in files of `.eigendeck` under the output folder: nothing is done twice.

A file is named by the SHA-256 of everything that its content depends on, so an entry is never out of date; one that
is not wanted any more lies there until `tidy` clears it away. Deleting the folder is always safe.

    store = Store(out / FOLDER)          # Store(None) finds nothing and keeps nothing
    value = store.find(KIND, about)      # None: make it, and
    store.keep(KIND, about, value)

The folder may have come with somebody's deck. So each entry is sealed with a key that lies in the home of who builds:
what was made elsewhere, changed or cut is no entry. Links are never followed.
"""

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import Any

from eigendeck.worker import frames

FOLDER = ".eigendeck"
UNUSED = 30 * 86_400  # seconds after which an entry goes that nobody asked for
ROOM = 500 * 2**20  # bytes; above it the entries go that were asked for longest ago
LARGEST = 64 * 2**20  # bytes of an entry
MOST_OUTPUT = 2**30  # bytes of a file that a build has written
ABANDONED = 3_600  # seconds: what a killed build left half written is cleared away after this
_MARKED = 86_400  # seconds between two marks that an entry is in use
_PACKAGE = Path(__file__).parent
_KEY = 32  # bytes
_OURS = re.compile(r"[a-z]+-[0-9a-f]{64}\.json|[0-9a-f]{32}\.part")
_IGNORED = "*\n"  # of `.gitignore`: outputs may be tracked, these are not


@dataclass(frozen=True, slots=True)
class Kind:
    """What all entries of a kind depend on, beside what each of them is about.

    code: files and folders of this package. versions: of these distributions, as they are installed.
    """

    name: str
    code: tuple[str, ...]
    versions: tuple[str, ...] = ()


class Store:
    """A folder of entries. Whatever goes wrong with it costs time, and nothing else.

    folder: is made when something is kept; None: nothing is found, and nothing kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._key = _key(_state_folder()) if folder else None
        self._grown = False

    def find(self, kind: Kind, about: object) -> Any:
        """Returns what was kept: JSON, and complex numbers; None if nothing is.

        about: what the entry depends on beside its kind, as JSON has it, or as dataclasses of such values.
        """
        path = self._path(kind, about)
        if path is None:
            return None
        try:
            seal, _, body = _read(path).partition(b"\n")
            if hmac.compare_digest(seal, self._seal(path, body)):
                return json.loads(body, object_hook=frames.number_or_table)
        except (OSError, ValueError, RecursionError):
            pass
        return None

    def keep(self, kind: Kind, about: object, value: object) -> None:
        """Keeps a value, which is whole and right, for the next build."""
        path = self._path(kind, about)
        if path is None:
            return
        body = frames.body(value)
        beside = path.with_name(f"{secrets.token_hex(16)}.part")
        try:
            self._make_folder(path.parent)
            try:
                with beside.open("xb") as file:
                    file.write(self._seal(path, body) + b"\n" + body)
                beside.replace(path)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
        except OSError:
            self._folder = None  # it cannot be written: not tried again for every card
        self._grown = True

    def tidy(self) -> None:
        """Clears away what nobody has asked for lately, if anything was kept since."""
        if not self._grown or self._folder is None:
            return
        self._grown = False
        now, room = time.time(), ROOM
        with contextlib.suppress(OSError):
            for used, size, path in sorted(_files(self._folder), reverse=True):
                room -= size
                unused = ABANDONED if path.suffix == ".part" else UNUSED
                if now - used > unused or room < 0:
                    path.unlink(missing_ok=True)

    def _path(self, kind: Kind, about: object) -> Path | None:
        if self._folder is None or self._key is None or not (code := code_digest(kind.code)):
            return None
        versions = [(name, version_of(name)) for name in kind.versions]
        whole = [kind.name, code, sys.version, sys.platform, versions, about]
        try:
            digest = hashlib.sha256(frames.body(whole)).hexdigest()
        except UnicodeEncodeError:  # of a file whose name is no text
            return None
        return self._folder / f"{kind.name}-{digest}.json"

    def _seal(self, path: Path, body: bytes) -> bytes:
        assert self._key
        return hmac.digest(self._key, path.name.encode() + b"\n" + body, "sha256").hex().encode()

    def _make_folder(self, folder: Path) -> None:
        if not self._grown:
            folder.mkdir(parents=True, exist_ok=True)
            if not stat.S_ISDIR(folder.lstat().st_mode):
                raise NotADirectoryError(folder)
            with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x") as file:
                file.write(_IGNORED)


NO_STORE = Store(None)


def _read(path: Path) -> bytes:
    """The bytes of an entry, which is marked as one that is in use."""
    with plain_file(path, LARGEST) as file:
        if time.time() - os.fstat(file.fileno()).st_mtime > _MARKED:
            with contextlib.suppress(OSError):
                os.utime(path)
        return file.read()


def plain_file(path: Path, most: int) -> BufferedReader:
    """Returns a file that somebody else may have put there, opened to be read. most: bytes.

    Raises OSError: it is a link or lies behind one, is no file but a pipe for instance, or is larger.
    """
    if not stat.S_ISDIR(path.parent.lstat().st_mode):
        raise NotADirectoryError(path.parent)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode) or status.st_size > most:
        file.close()
        raise OSError(f"{path} is not what was made there")
    return file


def content_digest(path: Path, most: int) -> str:
    """Returns the SHA-256 of what `plain_file` opens; nothing where it refuses. most: bytes."""
    try:
        with plain_file(path, most) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def own_key(purpose: str) -> bytes | None:
    """Returns a key of this user for one purpose, ever the same one; None where there can be none."""
    key = _key(_state_folder())
    return hmac.digest(key, purpose.encode(), "sha256") if key else None


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each file of the store was last in use, and its size. What is not called as ours are is not ours."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                yield status.st_mtime, status.st_size, Path(entry.path)


def _state_folder() -> Path | None:
    """Where programs keep what is a user's own, and no document; None where the user has no home."""
    if named := os.environ.get("XDG_STATE_HOME" if sys.platform != "win32" else "LOCALAPPDATA"):
        return Path(named) / "eigendeck"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Application Support" if sys.platform == "darwin" else ".local/state") / "eigendeck"


def _key(folder: Path | None) -> bytes | None:
    """The key that seals the entries of this user, made at its first use; None where there can be none."""
    if folder is None:
        return None
    path, beside = folder / "key", folder / f"{secrets.token_hex(16)}.part"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            try:
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(secrets.token_bytes(_KEY))
                with contextlib.suppress(FileExistsError):
                    os.link(beside, path)  # whole, and only if no other build was first
            finally:
                beside.unlink(missing_ok=True)
        key = path.read_bytes()
        return key if len(key) == _KEY else None
    return None


@cache
def code_digest(parts: tuple[str, ...]) -> str:
    """Returns the digest of files and folders of this package; of a folder all files count."""
    digest = hashlib.sha256()
    for part in parts:
        for path in _sources(str(_PACKAGE / part)):
            digest.update(path.removeprefix(str(_PACKAGE)).encode() + b"\n" + _digest(path))
    return digest.hexdigest()


def _sources(path: str) -> list[str]:
    """A file, or all files of a folder: as texts, since every build looks at hundreds."""
    found = [] if os.path.isdir(path) else [path]  # noqa: PTH112
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [f"{folder}{os.sep}{name}" for name in files]
    return sorted(found)


@cache
def _digest(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123
        return hashlib.sha256(file.read()).digest()


@cache
def version_of(distribution: str) -> str:
    """Returns the version that is installed, by the name of its folder where that tells: importing it takes longer."""
    name = re.sub(r"[-_.]+", "_", distribution).lower()
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for entry in _entries(folder or "."):
                found = re.fullmatch(r"(.+?)-([^-]+)\.dist-info", entry)
                if found and re.sub(r"[-_.]+", "_", found[1]).lower() == name:
                    return found[2]
    from importlib import metadata

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


@cache
def _entries(folder: str) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.name.endswith(".dist-info")]

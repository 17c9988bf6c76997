"""Outputs on disk: each whole or not at all, whenever the build is stopped."""

import filecmp
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

ABANDONED = 3600  # seconds: what a killed build left half written is cleared away after this
_RANDOM = 16  # bytes in the name of a file that is being written: two builds may have one process number
_ALIKE = 8  # bytes in which all outputs of one kind begin


class LinkedFolder(Exception):
    """An output folder that a deck's own link leads away to: whose files are there, only the person who builds knows.

    leads: where to.
    """

    def __init__(self, link: Path, leads: Path) -> None:
        self.link, self.leads = link, leads
        super().__init__(f"{link} is a link to {leads}")


def refuse_links(folder: Path, deck: Path) -> None:
    """Returns where no link in or beside the deck's folder leads to an output folder: both may come from a stranger.

    Raises LinkedFolder: one does.
    """
    brought = _real(deck)
    for step in (folder, *folder.parents):
        inside = _real(step.absolute().parent)
        if step.is_symlink() and (inside.is_relative_to(brought) or inside == brought.parent):
            raise LinkedFolder(step, _real(step))


def refuse_links_of_decks(folder: Path) -> None:
    """The same for any deck at an output folder, where none is named. Raises: as `refuse_links`."""
    above = folder.absolute()
    for deck in (deck for step in (above, *above.parents) for deck in (step, step / "cards")):
        if (deck / "deck.yaml").exists():
            refuse_links(folder, deck)


def is_linked(folder: Path, deck: Path) -> bool:
    """Whether `refuse_links` refuses an output folder, or cannot tell: its name may be longer than the system takes."""
    try:
        refuse_links(folder, deck)
    except (LinkedFolder, OSError):
        return True
    return False


def _real(path: Path) -> Path:
    """A path without links; where they run in a circle, as far as they can be followed."""
    return Path(os.path.realpath(path))


def write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes all files beside their places first, and then moves them there. A file that is right is left alone.

    A link of that name is replaced, never followed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(folder, files)
    with ExitStack() as stack:
        ready: list[tuple[Path, Path]] = []
        for name, content in files.items():
            target = folder / name
            if not _holds(target, content):
                ready.append((stack.enter_context(_beside(target, [content])), target))
                if target.is_file() and not target.is_symlink():
                    shutil.copymode(target, ready[-1][0])
        for made, target in ready:
            made.replace(target)


@contextmanager
def _beside(target: Path, parts: Iterable[bytes]) -> Iterator[Path]:
    """Writes a file beside its place; what nobody has moved there is deleted."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(_RANDOM)}.part")
    try:
        with beside.open("xb") as file:  # x: what lies there meanwhile, a link for instance, is not opened
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _holds(target: Path, content: bytes) -> bool:
    """Whether a file has a content; one of another size is not read: it may be larger than the memory."""
    usual = target.is_file() and not target.is_symlink() and target.stat().st_size == len(content)
    return usual and target.read_bytes() == content


def write_parts(folder: Path, name: str, parts: Iterable[bytes]) -> None:
    """Writes a file piece by piece beside its place, and then moves it there; one that is right is left alone.

    A link of that name is replaced, never followed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    with _beside(target, parts) as made:
        if target.is_symlink() or not target.is_file() or not filecmp.cmp(made, target, shallow=False):
            made.replace(target)


def _clear_abandoned(folder: Path, files: Mapping[str, bytes]) -> None:
    """Deletes what an earlier build of the same files left half written: called as such, old, and begun as they are."""
    for name, content in files.items():
        for part in folder.glob(f".{name}.*.part"):
            random = part.name.removeprefix(f".{name}.").removesuffix(".part")
            if not re.fullmatch(rf"[0-9a-f]{{{2 * _RANDOM}}}", random) or part.is_symlink() or not part.is_file():
                continue
            with suppress(OSError):
                old = time.time() - part.stat().st_mtime > ABANDONED
                with part.open("rb") as file:
                    begun = file.read(_ALIKE)
                if old and content.startswith(begun):
                    part.unlink()

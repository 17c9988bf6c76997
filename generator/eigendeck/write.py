"""Outputs on disk: each whole or not at all, whenever the build is stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

ABANDONED = 3600  # seconds: what a killed build left half written is cleared away after this


def write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes all files beside their places first, and then moves them there. A file that is right is left alone.

    A link of that name is replaced, never followed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(folder)
    ready: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            target = folder / name
            if target.is_file() and not target.is_symlink() and target.read_bytes() == content:
                continue
            beside = folder / f".{name}.{os.getpid()}.part"
            beside.unlink(missing_ok=True)
            with beside.open("xb") as file:  # x: what lies there meanwhile, a link for instance, is not opened
                ready.append((beside, target))
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        while ready:
            beside, target = ready[0]
            beside.replace(target)
            ready.pop(0)
    finally:
        for beside, _ in ready:
            with suppress(FileNotFoundError):
                beside.unlink()


def _clear_abandoned(folder: Path) -> None:
    for part in folder.glob(".*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > ABANDONED:
                part.unlink()

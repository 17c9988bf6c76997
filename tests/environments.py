"""Environments with just what the metadata of the wheel asks for: linked from one that has it, not unpacked again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PATIENCE = 900  # seconds
VERSION = re.compile(r"(3\.\d+)\.\d+")
BIN = "Scripts" if os.name == "nt" else "bin"


def clean() -> dict[str, str]:
    """The environment without what would bring modules in."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def pip(python: Path | str, *arguments: object) -> None:
    """Runs pip for an environment."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", python]
    done = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr


def environment(folder: Path, python: str) -> Path:
    """Makes an environment, and returns its Python."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True, capture_output=True, env=clean())
    return folder / BIN / "python"


@cache
def site(python: Path) -> Path:
    """Where the packages of an environment lie."""
    (found,) = python.parents[1].glob("[Ll]ib/**/site-packages")
    return found


@dataclass(frozen=True)
class Package:
    """A distribution that is installed. tops: its files and folders at the top; tags: Python and ABI of its wheel."""

    name: str
    version: str
    folder: Path
    requires: tuple[Requirement, ...]
    tops: frozenset[str]
    tags: tuple[tuple[str, str], ...]


def packages(*folders: Path | str) -> dict[str, Package]:
    """What some folders hold, by name."""
    read = (package(info.resolve()) for folder in folders for info in Path(folder).glob("*.dist-info"))
    return {one.name: one for one in read}


@cache
def package(info: Path) -> Package:
    """What a folder of metadata says: read once, and not, as `importlib.metadata` does, for each question."""
    head = (info / "METADATA").read_text(encoding="utf-8").partition("\n\n")[0]
    said = [line.partition(": ")[::2] for line in head.splitlines()]
    record = (info / "RECORD").read_text(encoding="utf-8").splitlines()
    tags = re.findall(r"^Tag: (\w+)-(\w+)-", (info / "WHEEL").read_text(encoding="utf-8"), re.MULTILINE)
    return Package(
        canonicalize_name(next(value for name, value in said if name == "Name")),
        next(value for name, value in said if name == "Version"),
        info.parent,
        tuple(Requirement(value) for name, value in said if name == "Requires-Dist"),
        frozenset(line.strip('"').split(",")[0].split("/")[0] for line in record) - {"..", "__pycache__"},
        tuple(tags),
    )


def needed(extra: str, python: Path, there: Mapping[str, Package]) -> set[str]:
    """The names of what the metadata of the wheel with one extra asks for, on a Python; its own, too."""
    version = VERSION.search((python.parents[1] / "pyvenv.cfg").read_text())
    assert version
    asked, left = set[tuple[str, str]](), [("eigendeck", extra)]
    while left:
        name, of = left.pop()
        if (name, of) in asked:
            continue
        asked.add((name, of))
        for needs in there[name].requires if name in there else ():
            if not needs.marker or holds(needs.marker, of, version[0], version[1]):
                left += [(canonicalize_name(needs.name), more) for more in ("", *needs.extras)]
    return {name for name, _ in asked}


@cache
def holds(marker: Marker, extra: str, full: str, short: str) -> bool:
    """Whether a requirement is one of an extra on a Python of that version."""
    return marker.evaluate({"extra": extra, "python_version": short, "python_full_version": full})


def link(python: Path, there: Mapping[str, Package], names: Iterable[str]) -> None:
    """Has an environment hold packages of others."""
    for name in names:
        for top in there[name].tops:
            (site(python) / top).symlink_to(there[name].folder / top)

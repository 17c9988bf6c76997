"""A build since the last one of which nothing has changed: what it says is known, and nothing is imported for it."""

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eigendeck.cli.build_report import BuildReport, read_report
from eigendeck.store import MOST_OUTPUT, Kind, Store, content_digest

MOST_BYTES = 2**20  # of a file of a deck
_VERSIONS = "numpy matplotlib contourpy genanki jinja2 markupsafe math-core pydantic pygments pyyaml"
_BUILT = Kind("built", code=("",), versions=tuple(_VERSIONS.split()))  # all of the code


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build of the same has left: the outputs, and what is to be said of them now.

    folder: of the deck, as it was named: messages name its files so. only: cards and sections. day: as `days` counts
    them: it dates a part, which has no package to take its date from.
    """

    store: Store
    folder: Path
    seed: int | None
    only: frozenset[str]
    day: int

    def about(self) -> list[object] | None:
        """Returns everything that the outputs depend on, beside the program; None where the folder is no usual deck."""
        files = _digests(self.folder)
        if files is None:
            return None
        return [self.folder.as_posix(), files, self.seed, sorted(self.only), self.day if self.only else None]

    def report(self, about: list[object] | None, out: Path) -> BuildReport | None:
        """Returns what the build says, if all its outputs lie there as they were written."""
        kept, real = self.store.find(_BUILT, about) if about else None, Path(os.path.realpath(out))
        if not kept or any(content_digest(real / name, MOST_OUTPUT) != was for name, was in kept["outputs"].items()):
            return None
        return read_report(kept["report"])

    def keep(self, about: list[object] | None, report: BuildReport, outputs: Mapping[str, bytes]) -> None:
        """Keeps what the next build is to say. about: before this one: the deck may have changed meanwhile."""
        if about and about == self.about():
            digests = {name: hashlib.sha256(content).hexdigest() for name, content in outputs.items()}
            self.store.keep(_BUILT, about, {"report": report.once_more(), "outputs": digests})


def _digests(folder: Path) -> list[tuple[str, str]] | None:
    """The files of a deck by name; None where one of them is not a usual file: then the deck is to be read."""
    try:
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return None
    read = [name for name in names if name.lower().endswith((".yaml", ".yml"))]
    real = Path(os.path.realpath(folder))
    digests = [(name, digest) for name in read if (digest := content_digest(real / name, MOST_BYTES))]
    return digests if len(digests) == len(read) else None


def days(seconds: float | None = None) -> int:
    """Returns how many days there were since 1970, until now or until a time in seconds."""
    return int(time.time() if seconds is None else seconds) // 86_400

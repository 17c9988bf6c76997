"""What is ordered: a value that goes to other processes and machines, and a digest that tells whether it was done."""

import hashlib
import json
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from eigendeck import __version__
from eigendeck.authoring.editions.roster import Student
from eigendeck.outputs.key_table import COLUMNS
from eigendeck.outputs.pdf import Paper
from eigendeck.program import Output


@dataclass(frozen=True, slots=True)
class Order:
    """The editions of a deck that are wanted, but for whom.

    folder, out: as every machine that takes part sees them. digest: of the deck's files.
    paper: of paper cards and PDFs. pdf: pages are made as PDFs, too.
    now: the build time, in seconds. program: versions, which are the same everywhere.
    key: of whoever runs, for what was made; None: there is none, and all is made.
    """

    folder: str
    digest: str
    out: str
    seed: int
    make: frozenset[Output]
    paper: Paper
    pdf: bool
    now: int
    program: str
    key: bytes | None = field(repr=False)

    def of(self, student: Student) -> str:
        """Returns the digest of all that the files of a student depend on, but for the time."""
        parts = [self.digest, seed_of(self.seed, student.id), student.name, sorted(self.make), self.paper, self.pdf]
        return hashlib.sha256(json.dumps([*parts, self.program, COLUMNS]).encode()).hexdigest()


def seed_of(seed: int, student_id: str) -> int:
    """Returns the seed of a student's edition, for ever the same for the same seed and id; it has twelve digits."""
    digest = hashlib.sha256(f"{seed}/{student_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10**12


def digest_of(folder: Path) -> str:
    """Returns a digest of the files of a deck, by their names."""
    files = sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))
    listed = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def program_versions() -> str:
    """Returns the versions that the bytes of an edition depend on."""
    return f"eigendeck {__version__}, numpy {version('numpy')}"

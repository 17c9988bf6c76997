"""What was made, beside the outputs: a record a student, by which a run knows what is missing or damaged.

It is written when the files of the student are whole. No run needs any other memory. The folder may have come with
somebody's deck: a record is sealed with a key of whoever runs, and one that was made elsewhere or changed is none.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from glob import escape
from pathlib import Path

from eigendeck.store import MOST_OUTPUT, content_digest, plain_file
from eigendeck.write import write_whole

FOLDER = ".editions"  # below it a folder a student
ANSWERS = "key.csv"  # in it: the student's part of the whole
KEYS = "keys"  # folder of the keys, which no student is given
_RECORD = "record.json"
_LARGEST = 2**20  # bytes of a record


@dataclass(frozen=True, slots=True)
class Record:
    """The edition of a student. order: the digest of what it was made of. time: its build time. files: by path."""

    order: str
    seed: int
    time: int
    files: Mapping[str, str]  # SHA-256 of the content


def read_record(out: Path, student: str, key: bytes | None) -> Record | None:
    """Returns what was made for a student; None where that is not known. key: that the records are sealed with."""
    try:
        with plain_file(out / FOLDER / student / _RECORD, _LARGEST) as file:
            read = json.loads(file.read())
        seal, record = read.pop("seal"), Record(**read)
        return record if key and hmac.compare_digest(seal, _seal(record, student, key)) else None
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _seal(record: Record, student: str, key: bytes) -> str:
    body = json.dumps([student, asdict(record)], sort_keys=True).encode()
    return hmac.digest(key, body, "sha256").hex()


def is_whole(out: Path, record: Record) -> bool:
    """Whether all files of a record are there as they were made."""
    return all(content_digest(out / path, MOST_OUTPUT) == digest for path, digest in record.files.items())


def write_edition(out: Path, student: str, files: Mapping[str, bytes], record: Record, key: bytes | None) -> None:
    """Writes the files of a student, by path below the folder of outputs, and when they are whole, their record.

    key: that it is sealed with; None: it is not, and nobody will believe it.

    Raises OSError: a folder cannot be written, or is a link, which might lead elsewhere.
    """
    by_folder: dict[Path, dict[str, bytes]] = {}
    for path, content in files.items():
        by_folder.setdefault(out / Path(path).parent, {})[Path(path).name] = content
    for folder, contents in by_folder.items():
        _refuse_link(out, folder)
        write_whole(folder, contents)
    folder = out / FOLDER / student
    _refuse_link(out, folder)
    sealed = asdict(record) | {"seal": _seal(record, student, key) if key else ""}
    write_whole(folder, {_RECORD: json.dumps(sealed, sort_keys=True).encode()})


def clear_parts(out: Path, student: str, record: Record) -> None:
    """Deletes what a killed process left half written beside the files of a student, which are whole."""
    for path in (*record.files, f"{FOLDER}/{student}/{_RECORD}"):
        file = out / path
        for part in file.parent.glob(f".{escape(file.name)}.*.part"):
            part.unlink(missing_ok=True)


class Linked(OSError):
    """A link stands where a folder should: however often that is tried, it is not followed."""


def _refuse_link(out: Path, folder: Path) -> None:
    for step in (folder, *folder.parents):
        if step == out:
            return
        if step.is_symlink():
            raise Linked(f"{step} is a link, and links are not followed")

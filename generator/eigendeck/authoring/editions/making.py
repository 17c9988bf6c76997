"""One task: the editions of some students, made in a process of its own, on this machine or on another."""

import hashlib
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eigendeck.authoring.editions.bench import Bench, bench
from eigendeck.authoring.editions.order import Order, digest_of, program_versions, seed_of
from eigendeck.authoring.editions.records import (
    ANSWERS,
    FOLDER,
    KEYS,
    Linked,
    Record,
    clear_parts,
    is_whole,
    read_record,
    write_edition,
)
from eigendeck.authoring.editions.roster import Student
from eigendeck.errors import DeckError
from eigendeck.outputs import key_table
from eigendeck.outputs.imposition import layout
from eigendeck.outputs.ledger import Ledger, read_ledger
from eigendeck.outputs.package import DamagedPackage
from eigendeck.program import Request


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a student's edition. problem: why there is none; "" where it is there. again: that may pass."""

    student: str
    made: bool = False  # else it was there already
    problem: str = ""
    again: bool = False


def make_editions(order: Order, students: Sequence[Student]) -> list[Outcome]:
    """Returns what became of the editions of some students: each is made where it is not there already, and whole."""
    missing: list[tuple[Student, Record | None]] = []
    outcomes = []
    for student in students:
        record = read_record(Path(order.out), student.id, order.key)
        if record and record.order == order.of(student) and is_whole(Path(order.out), record):
            clear_parts(Path(order.out), student.id, record)
            outcomes.append(Outcome(student.id))
        else:
            missing.append((student, record))
    if missing:
        outcomes += _made(order, missing)
    return outcomes


def _made(order: Order, missing: Iterable[tuple[Student, Record | None]]) -> list[Outcome]:
    folder = Path(order.folder)
    problem = ""
    if order.program != program_versions():
        problem = f"here run {program_versions()}, not {order.program}: install the same everywhere"
    elif digest_of(folder) != order.digest:
        problem = f"{folder} is not the deck that the run began with"
    if problem:
        return [Outcome(student.id, problem=problem) for student, _ in missing]
    with bench(order) as ready:
        return [_outcome(order, ready, student, record) for student, record in missing]


def _outcome(order: Order, ready: Bench, student: Student, record: Record | None) -> Outcome:
    try:
        _make(order, ready, student, record)
    except DeckError as error:
        return Outcome(student.id, problem=str(error))
    except DamagedPackage as damage:
        return Outcome(student.id, problem=f"the previous package cannot be used: {damage}. Move it away.")
    except OSError as error:
        return Outcome(student.id, problem=f"cannot be written: {error}", again=not isinstance(error, Linked))
    except Exception:  # a bug in one edition leaves the others alone; the one who asked sees where it was
        return Outcome(student.id, problem=traceback.format_exc(), again=True)
    return Outcome(student.id, made=True)


def _make(order: Order, ready: Bench, student: Student, record: Record | None) -> None:
    out, digest, seed = Path(order.out), order.of(student), seed_of(order.seed, student.id)
    # What was damaged comes back as it was: people may have imported it.
    time = record.time if record and record.order == digest else order.now
    request = Request(
        seed=seed,
        now=time,
        previous=_previous(out / student.id, known=record is not None),
        processes=1,
        paper=order.paper if order.pdf else None,
        layout=layout(order.paper, "3x5"),
        make=order.make,
        student=student.name,
        worked=True,  # for the teacher's table of answers
        tried=True,  # by the one who started the run
    )
    built = ready.make(request)
    name = built.deck.meta.id
    files = {
        f"{KEYS}/{student.id}/{file}" if file.startswith(f"{name}.key.") else f"{student.id}/{file}": content
        for file, content in built.files.items()
    }
    files[f"{FOLDER}/{student.id}/{ANSWERS}"] = key_table.rows(student.id, built.worked)
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    made = Record(digest, seed, time, hashes)
    write_edition(out, student.id, files, made, order.key)
    clear_parts(out, student.id, made)


def _previous(folder: Path, *, known: bool) -> Callable[[str], Ledger | None]:
    """Reads a student's package, if there is one. known: an earlier run made it; a damaged one is then made again."""

    def read(deck_id: str) -> Ledger | None:
        package = folder / f"{deck_id}.apkg"
        if package.is_symlink() or not package.is_file():
            return None
        try:
            return read_ledger(package, deck_id)
        except DamagedPackage:
            if known:
                return None
            raise

    return read

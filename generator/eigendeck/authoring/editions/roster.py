"""The roster: the students of a class as a spreadsheet saves them, each with an id that can be a folder's name."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from eigendeck.errors import DeckError, Fault, Place, clipped

MOST_STUDENTS = 200_000
MOST_BYTES = 64 * 2**20
MOST_OF_AN_ID = 150  # bytes: file systems take names of 255, and what is being written is called longer
MOST_OF_A_NAME = 100  # characters
MOST_FAULTS = 100  # that are listed
RESERVED = frozenset({"index.html", "key.csv", "keys"})  # what lies beside the folders of the students
_SEPARATORS = ",;\t|"
_ID = re.compile(r"\w(?:[\w .@+-]*[\w@+-])?")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.IGNORECASE)  # names that Windows keeps
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+")  # what a spreadsheet makes of a long number
_HEADER = "The first line names the columns: `id,name`."
_LETTERS = "An id names a folder: letters, digits, `-`, `_`, `.`, `@`, `+` and spaces inside, such as `s1234`."


@dataclass(frozen=True, slots=True)
class Student:
    """A row of the roster. name: stands on paper; "" where there is none."""

    id: str
    name: str = ""


def numbered(count: int) -> tuple[Student, ...]:
    """Returns students without names, numbered from 1: the same ones, and more, for a larger count."""
    return tuple(Student(f"e{number:04}") for number in range(1, count + 1))


def read_roster(data: bytes, file: str) -> tuple[Student, ...]:
    """Returns the students of a CSV file, in whatever encoding, with whatever separator a spreadsheet wrote it.

    file: what messages call it.

    Raises DeckError: it cannot be read, or a row cannot be used; carries what is wrong with each.
    """
    if len(data) > MOST_BYTES:
        raise DeckError([Fault(Place(file), f"has more than {MOST_BYTES:,} bytes")])
    faults: list[Fault] = []
    students: dict[str, tuple[Student, int]] = {}
    for line, cells in _rows(_decoded(data, file), file):
        student, wrong = _student(*cells)
        alike = student.id.casefold()
        if not wrong and alike in students:
            other, first = students[alike]
            wrong = (f'the id "{clipped(student.id)}" is that of line {first}, too', "")
            if other.id != student.id:  # two folders on some systems, one on others
                wrong = (f'the id "{clipped(student.id)}" differs from that of line {first} in capitals alone', "")
        if wrong:
            faults.append(Fault(Place(file, line), *wrong))
        students.setdefault(alike, (student, line))
        if len(faults) == MOST_FAULTS or len(students) > MOST_STUDENTS:
            break
    if len(students) > MOST_STUDENTS:
        faults = [Fault(Place(file), f"has more than {MOST_STUDENTS:,} students", "Make it several rosters.")]
    if not students:
        faults.append(Fault(Place(file), "has no students", f"{_HEADER} Each line below is a student."))
    if faults:
        raise DeckError(faults)
    return tuple(student for student, _ in students.values())


def has_semicolons(data: bytes, file: str) -> bool:
    """Whether semicolons separate in a CSV file: spreadsheets write them where a comma stands before the decimals."""
    return _begun(io.StringIO(_decoded(data, file), newline=""), file)[1] == ";"


def _decoded(data: bytes, file: str) -> str:
    """The text of a file: by its mark, else UTF-8, else as Windows saves it in the West."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DeckError([Fault(Place(file), "is no text in UTF-8", "Save it as “CSV UTF-8”.")])


def _rows(text: str, file: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yields the line, the id and the name of each row that is not empty."""
    lines = io.StringIO(text, newline="")
    skipped, separator, header = _begun(lines, file)
    reader = csv.reader(lines, delimiter=separator)
    at = {name: header.index(name) for name in ("id", "name") if name in header}
    begins = 2 + skipped
    try:
        for row in reader:
            line, begins = begins, reader.line_num + 2 + skipped
            if any(cell.strip() for cell in row[len(header) :]):
                what = f"has {len(row)} cells, and the first line names {len(header)} columns"
                raise DeckError([Fault(Place(file, line), what, "A name with a separator in it stands in quotes.")])
            if any(cell.strip() for cell in row):
                cells = {name: row[place] if place < len(row) else "" for name, place in at.items()}
                yield line, (cells["id"], cells.get("name", ""))
    except csv.Error as error:
        raise DeckError([Fault(Place(file, begins), f"cannot be read as CSV: {error}")]) from None


def _begun(lines: io.StringIO, file: str) -> tuple[int, str, list[str]]:
    """Reads the first line; returns how many stand before it, what separates, and the names of the columns."""
    first = lines.readline()
    mark = re.fullmatch(r"sep=(.)\r?\n", first)  # a line of Excel's own
    if mark:
        first = lines.readline()
    for separator in mark[1] if mark else _SEPARATORS:
        header = [cell.strip().lower() for cell in next(csv.reader([first], delimiter=separator), [])]
        if "id" in header:
            return int(bool(mark)), separator, header
    raise DeckError([Fault(Place(file, 1 + bool(mark)), "names no column `id`", _HEADER)])


def _student(student_id: str, name: str) -> tuple[Student, tuple[str, str] | None]:
    """A row as a student, and what is wrong with it: what, and what to write instead."""
    student = Student(unicodedata.normalize("NFC", student_id.strip()), " ".join(name.split()))
    shown = clipped(student.id)
    if not student.id:
        return student, ("has no id", "Each student needs one that stays the same: the seed is derived from it.")
    if _ROUNDED.fullmatch(student.id):
        return student, (
            f'the id "{shown}" was rounded by a spreadsheet',
            "Format the column as text, and paste again.",
        )
    if not _ID.fullmatch(student.id) or len(student.id.encode()) > MOST_OF_AN_ID:
        return student, (f'the id "{shown}" cannot be used', _LETTERS)
    if student.id.casefold() in RESERVED or _DEVICE.fullmatch(student.id):
        return student, (f'the id "{shown}" is the name of something else', "Write another, such as `s1234`.")
    if len(student.name) > MOST_OF_A_NAME or not student.name.isprintable():
        return student, (f'the name of "{shown}" cannot be printed', f"It has at most {MOST_OF_A_NAME} letters.")
    return student, None

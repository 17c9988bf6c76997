"""For the teacher, beside the folders of the students: the answers of all editions, and a page that leads to them."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from markupsafe import Markup

from eigendeck.authoring.editions.records import ANSWERS, FOLDER, KEYS, read_record
from eigendeck.authoring.editions.roster import Student
from eigendeck.deck.read import Deck
from eigendeck.latex.mathml import mathml_in_text
from eigendeck.outputs import key_table
from eigendeck.render.templates import environment
from eigendeck.text import markup
from eigendeck.write import write_parts


def write_summary(
    out: Path,
    deck: Deck,
    students: Sequence[Student],
    problems: Mapping[str, str],
    key: bytes | None,
    *,
    semicolons: bool = False,
) -> list[Path]:
    """Writes `key.csv` and `index.html`, and returns where they are. problems: by the id of those without an edition.

    key: that the records are sealed with. semicolons: separate the columns of the table.

    Both are written piece by piece, for they may be larger than the memory, and left alone where they are right.
    """
    there = [student for student in students if student.id not in problems]
    most = max((len(card.mistakes) for card in deck.cards), default=0)
    parts = _key(out, there, most)
    write_parts(out, "key.csv", map(key_table.with_semicolons, parts) if semicolons else parts)
    write_parts(out, "index.html", _index(out, deck, students, problems, key))
    return [out / "key.csv", out / "index.html"]


def _key(out: Path, students: Sequence[Student], mistakes: int) -> Iterator[bytes]:
    yield key_table.header(mistakes)
    for student in students:
        yield (out / FOLDER / student.id / ANSWERS).read_bytes()


def _index(
    out: Path, deck: Deck, students: Sequence[Student], problems: Mapping[str, str], key: bytes | None
) -> Iterator[bytes]:
    def listed(student: Student) -> tuple[str, int | str, str, list[str], list[str]]:
        """A row: the id, the seed, what is wrong, and the paths of the files for the student and for the teacher."""
        problem = problems.get(student.id, "")
        record = None if problem else read_record(out, student.id, key)
        paths = sorted(record.files) if record else []
        own, keys = ([path for path in paths if path.startswith(f"{of}/")] for of in (student.id, KEYS))
        return student.id, record.seed if record else "", problem, own, keys

    page = environment(html=lambda text: Markup(escape(text))).get_template("editions.html")
    title = markup.to_plain(deck.meta.title, mathml_in_text)
    return map(str.encode, page.generate(title=title, count=len(students), rows=map(listed, students)))

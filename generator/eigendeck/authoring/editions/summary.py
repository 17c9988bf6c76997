"""For the teacher, beside the folders of the students: the answers of all editions, and a page that leads to them."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from eigendeck.authoring.editions.records import ANSWERS, FOLDER, KEYS, Record, read_record
from eigendeck.authoring.editions.roster import Student
from eigendeck.deck.read import Deck
from eigendeck.latex.mathml import mathml_in_text
from eigendeck.outputs import key_table
from eigendeck.text import markup
from eigendeck.write import write_parts

_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.4 sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{padding:.15rem 1rem .15rem 0;text-align:start;vertical-align:baseline}"
    "tr{border-bottom:1px solid #8886}td{overflow-wrap:anywhere}"
)


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
    title = escape(markup.to_plain(deck.meta.title, mathml_in_text))
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    yield (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f'<p>{len(students)} editions. All answers: <a href="key.csv">key.csv</a></p>\n'
        "<table>\n<tr><th>Student</th><th>Seed</th><th>For the student</th><th>For you</th></tr>\n"
    ).encode()
    for student in students:
        record = None if student.id in problems else read_record(out, student.id, key)
        cells = ["", escape(problems.get(student.id, "").splitlines()[-1] if student.id in problems else ""), ""]
        if record:
            cells = [str(record.seed), _links(record, f"{student.id}/"), _links(record, f"{KEYS}/")]
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in (escape(student.id), *cells))}</tr>\n".encode()
    yield b"</table>\n</body>\n</html>\n"


def _links(record: Record, folder: str) -> str:
    """Links to the files of a student below a folder."""
    paths = sorted(path for path in record.files if path.startswith(folder))
    return " · ".join(f'<a href="{quote(path)}">{escape(Path(path).name)}</a>' for path in paths)

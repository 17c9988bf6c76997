"""The answers of an edition as rows of a table, for spreadsheets and programs."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from eigendeck.model import Worked
from eigendeck.render.inputs import unasked
from eigendeck.text import markup

COLUMNS = ("student", "card", "variant", "inputs", "answer", "unit")  # and one for each mistake

# A cell that begins so is run by a spreadsheet; by those of the East, with a wide sign, too.
_FORMULA = re.compile(r"[=+@\t\r＝＋＠－-]")
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e[+-]?\d+)?")


def header(mistakes: int) -> bytes:
    """Returns the first row, behind the mark by which spreadsheets know UTF-8. mistakes: the most that a card has."""
    return "\ufeff".encode() + _written([[*COLUMNS, *(f"mistake {n}" for n in range(1, mistakes + 1))]])


def rows(student: str, worked: Iterable[Worked]) -> bytes:
    """Returns a row for each variant of cards: whose it is, card, variant, inputs, answer, unit, mistakes."""
    return _written([student, *row] for one in worked for row in _rows(one))


def _rows(worked: Worked) -> Iterator[Sequence[str]]:
    card = worked.card
    if card.told:
        asked, says = (_harmless(markup.to_plain(text, escape)) for text in (card.ask, card.says))
        yield card.id, "1", asked, says
    for variant in worked.variants:
        ask = markup.to_plain(card.ask, escape, variant.ask)
        asked = "\n".join(text for text in (ask, unasked(card, variant)) if text)
        gives = (variant.output, card.unit or "", *(line.printed for line in variant.mistakes))
        yield card.id, str(variant.number), *map(_harmless, (asked, *gives))


def with_semicolons(table: bytes) -> bytes:
    """Returns rows as spreadsheets read them in whose country a comma stands before the decimals."""
    read = csv.reader(io.StringIO(table.decode(), newline=""))
    return _written([[_with_comma(cell) for cell in row] for row in read], ";")


def _with_comma(cell: str) -> str:
    return cell.replace(".", ",") if _NUMBER.fullmatch(cell) else cell


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _written(table: Iterable[Sequence[str]], separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(table)
    return text.getvalue().encode()

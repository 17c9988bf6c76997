"""The answers of an edition as rows of a table, for spreadsheets and programs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from html import escape

from eigendeck.render.problem import Problem, Worksheet
from eigendeck.text import markup

# A cell that begins so is run by a spreadsheet; by those of the East, with a wide sign, too.
_FORMULA = re.compile(r"[=+@\t\r＝＋＠－-]")
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e[+-]?\d+)?")


def header(mistakes: int) -> bytes:
    """Returns the first row, behind the mark by which spreadsheets know UTF-8. mistakes: the most that a card has."""
    columns = ["student", "card", "variant", "inputs", "answer", *(f"mistake {n}" for n in range(1, mistakes + 1))]
    return "\ufeff".encode() + _written([columns])


def rows(student: str, worksheet: Worksheet) -> bytes:
    """Returns a row for each problem: whose it is, card, variant, inputs, answer, and what each mistake gives."""
    return _written(_row(student, problem) for problem in worksheet.problems)


def _row(student: str, problem: Problem) -> Sequence[str]:
    asked = "\n".join(text for text in (problem.asked, problem.inputs) if text)
    mistakes = [wrong.printed for wrong in problem.wrong if wrong.code]
    card, variant = problem.card, problem.variant
    answer = markup.to_plain(card.says, escape) if card.told else problem.answer
    return [student, card.id, str(variant.number if variant else 1), *map(_harmless, (asked, answer, *mistakes))]


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _written(table: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode()

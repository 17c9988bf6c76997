"""What a box of the sheet has no room for on paper: it prints broken over lines, or beyond its box."""

import math
import re
from collections.abc import Iterator

from eigendeck.latex.breaks import clauses
from eigendeck.render import measures
from eigendeck.render.arrangement import arrange
from eigendeck.render.box import Box
from eigendeck.render.metrics import of_formula


def too_wide(box: Box) -> Iterator[tuple[str, str, str]]:
    """Yields what does not fit on a line of the box on paper: the card's key, what is wrong, what to do.

    A formula may break before its relations, so its widest part counts. Widths are worked out from the advances of
    the fonts, true to some 3 %.
    """
    sheet = measures.SHEET
    room = sheet.room(measures.A4)
    for key, lines, size in (("formula", (box.formula,), sheet.formula), ("work", box.substituted, sheet.substituted)):
        parts = (part for line in lines for clause in clauses(line) for part in clause)
        widest = max((of_formula(part, size).width for part in parts), default=0.0)
        if widest > room:
            over = math.ceil((widest - room) * sheet.em)
            where = "the formula" if key == "formula" else "the formula with numbers"
            hint = (
                r"Break it with `aligned`, or shorten it: it can break before `=`, `\approx`, `\to` and the like alone."
            )
            yield key, f"{where} is about {over} mm too wide for its box on paper", hint
    breaks = f"characters; {sheet.line} fit on a line of the sheet, where it breaks"
    program = arrange(box).program.splitlines()
    longest = max(program, key=len, default="")
    if len(longest) > sheet.line:
        key = "given" if longest in program[:-1] and re.match(r"\w+ = (np\.array\()?[\[(\d-]", longest) else "numpy"
        what = f"a line of the program has {len(longest)} {breaks}"
        yield key, what, "Break the line, use shorter names, or give fewer numbers."
    widest = max(map(len, box.output.splitlines()), default=0)
    if widest > sheet.line:
        hint = "Round the numbers (`nice: 2 digits`), or give fewer of them."
        yield "numpy", f"a line of the output has {widest} {breaks}", hint

"""A hint that says what to write is taken at its word: what it writes is not refused in its turn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from decks import write
from eigendeck.deck.read import read_deck
from eigendeck.errors import DeckError, Fault
from slips import ADDED, REPLACED, VECTORS

ADDITIONS = (
    "concept: 1.10",
    "hint: no",
    "hint: 12:30",
    "hint: Yes",
    "says This: that",
    "says 'Tis: that",
    "hint What # of it",
    "see: yes",
    "see: 1e3",
    "see: Strang: Introduction",
    "see: it's",
    "tags: off",
    "tags: [1.10, no]",
    "tags: ['a \"b c']",
    "tags: ['it''s so \\ b']",
    "needs: no",
    "cards: mistake",
    "cards: [mistake, code]",
    "cards: [mistake]",
    "variants: '3'",
    "numpy: [x[0], x[1]]",
    "numpy: [x, 1]",
    "numpy: {x: x[0]}",
    "ask: [x[0], {x}]",
    "keep: [x[0] > 2, True]",
    "show: {x: np.array({x}, float)}",
    "plot: {bars: {x: x[0], y: x[:2]}}",
)


def faults_of(folder: Path) -> tuple[Fault, ...]:
    try:
        return tuple(sorted(read_deck(folder).faults))
    except DeckError as error:
        return error.faults


def applied(fault: Fault) -> bool:
    """Writes what the hint of a fault says into its file; returns whether it says so."""
    said = re.search(r"[Ww]rite (?:`(.+?)`|(.+?)(?:\.$|, or | on a line|, for ))", fault.hint)
    if not said:
        return False
    new = said[1] or said[2]
    path = Path(fault.place.file)
    lines = path.read_text().split("\n")
    line, column = lines[fault.place.line - 1], fault.place.column - 1
    if key := re.match(r"([\w-]+): ?", new):
        begun = re.search(rf"\b{key[1]}\b:? ?", line)
        assert begun
        column, value = begun.start(), begun.end()
        inside = line[:column].count("{") > line[:column].count("}")  # one entry of several
        end = value + len(_value(line[value:])) if inside else len(line)
    else:
        column += len(re.match(r"(- )?([\w-]+: )?", line[column:])[0])  # type: ignore[index]
        end = column + len(_value(line[column:]))
    lines[fault.place.line - 1] = line[:column] + new + line[end:]
    path.write_text("\n".join(lines))
    return True


def _value(rest: str) -> str:
    """The value with which a line goes on, up to the comma or bracket that its own brackets leave over."""
    depth = 0
    for at, character in enumerate(rest):
        if depth == 0 and character in ",]}":
            return rest[:at]
        depth += (character in "([{") - (character in ")]}")
    return rest


WRITTEN = [
    *(pytest.param(f"{VECTORS}    {lines}\n", id=name) for name, lines, said in ADDED if "Write" in said),
    *(pytest.param(VECTORS.replace(old, new, 1), id=name) for name, old, new, said in REPLACED if "Write" in said),
    *(
        pytest.param(f"{VECTORS}    {line}\n".replace("    concept: Dot product\n", "", "concept" in line), id=line)
        for line in ADDITIONS
    ),
    *(
        pytest.param(VECTORS.replace("id: dot-product", f"id: {written}"), id=written)
        for written in ("CON", "Ünï cöde", "Nul", "a" * 70)
    ),
]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_a_hint_says_to_write_is_read_without_another_word(text: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    for _ in range(4):  # a list may have several words that are none
        fault = faults_of(tmp_path)[0]
        if not applied(fault):
            return
        after = faults_of(tmp_path)
        assert (fault.place, fault.what) not in [(other.place, other.what) for other in after]
        if not after:
            return
    pytest.fail(f"it does not end: {after}")

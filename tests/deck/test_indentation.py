"""YAML that its author sees and YAML does not: indentation, spaces of another kind, quotes of books, further faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from decks import card, section, write
from eigendeck.deck.read import read_deck
from eigendeck.errors import DeckError

GOOD = section(card(steps=None))


def said(folder: Path) -> list[str]:
    """The faults of a deck as printed, with file names in place of whole paths."""
    try:
        faults = read_deck(folder).faults
    except DeckError as error:
        faults = error.faults
    return [str(fault).replace(f"{folder.as_posix()}/", "") for fault in sorted(faults)]


# Each replaces text of the good section, and is one fault.
ROWS = {
    "a key inside the mistake": ("    check: |\n      answer == sum(x.tolist())   # one by one\n    mistake:\n",
     "    mistake:\n      check: answer == sum(x)\n",
     "11:7: error: total: check: stands inside `mistake`: it is indented too deep"),
    "a key inside code": ("    numpy: x.sum()\n", "      numpy: x.sum()\n",
     "9:7: error: total: numpy: stands inside `given`: it is indented too deep\n    Begin it in the column of `g"),
    "a key that may be left out inside code": ("    numpy: x.sum()\n", "      keep: x.all()\n    numpy: x.sum()\n",
     "9:7: error: total: keep: stands inside `given`: it is indented too deep"),
    "a key inside a block of words": ("    says: Adds the entries up.\n    formula:",
     "    says: |\n      Adds the entries up.\n      formula:",
     "7:7: error: total: formula: stands inside `says`: it is indented too deep"),
    "a key below a word": ("    formula:", "      formula:",
     "6:7: error: total: `formula` stands inside `says`: it is indented too deep\n    Begin it in the column of"),
    "a key inside the plot": ("    check: |\n      answer == sum(x.tolist())   # one by one\n",
     "    plot:\n      bars: {x: x}\n      check: answer == sum(x)\n",
     "12:7: error: total: check: stands inside `plot`: it is indented too deep"),
    "no-break spaces that indent": ("    numpy:", "\u00a0\u00a0\u00a0 numpy:",
     "9:1: error: total: this line is indented with U+00A0 (no-break space)\n    YAML is indented with plain"),
    "an ideographic space that indents": ("    numpy:", "  \u3000numpy:",
     "9:3: error: total: this line is indented with U+3000 (ideographic space)"),
    "a no-break space behind the colon": ("says: Adds", "says:\u00a0Adds",
     "5:10: error: total: behind the colon stands U+00A0 (no-break space)\n    Write a plain space."),
    "curly quotes around a colon": ("says: Adds the entries up.", "says: “Sum: adds the entries up.”",
     "5:11: error: total: `“` is a letter to YAML, not a quote\n    Write straight quotes, \" or '"),
    "curly quotes in a list": ("    numpy: x.sum()\n", "    numpy: x.sum()\n    plot: {bars: {x: “x[0]”}}\n",
     "10:22: error: total: `“` is a letter to YAML, not a quote"),
    "a list of expressions where code goes": (
        "numpy: x.sum()",
        "numpy: [x[0], x[1]]",
        "9:12: error: total: `numpy` takes text, and a value that begins with `[` is a list\n"
        '    Write numpy: "[x[0], x[1]]", or put it on a line of its own below `|`.',
    ),
    "a list where code goes": ("numpy: x.sum()", "numpy: [x, 1]",
     '9:5: error: total: numpy: must be text, not a list\n    Write numpy: "[x, 1]".'),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), ROWS.values(), ids=ROWS)
def test_what_the_eye_passes_over_is_said_at_its_place(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in GOOD
    (printed,) = said(write(tmp_path, GOOD.replace(old, new, 1)))
    assert printed.startswith(f"01-numbers.yaml:{message}")


def test_the_good_section_is_good(tmp_path: Path) -> None:
    assert said(write(tmp_path, GOOD)) == []


def test_every_card_whose_yaml_is_at_fault_is_named(tmp_path: Path) -> None:
    cards = [card(id=f"c{n}", steps=None) for n in range(6)]
    cards[1] = cards[1].replace("says: Adds", "says: Sum: adds")
    cards[2] = cards[2].replace("says: Adds", "says: &a Adds")
    cards[4] = cards[4].replace("says: Adds the", "says: 'Adds' the")
    cards[5] = cards[5].replace("numpy: x.sum()", "numpy: x: sum()")
    printed = [line.split(": error: ") for line in said(write(tmp_path, section(*cards)))]
    assert [place for place, _ in printed] == [f"01-numbers.yaml:{at}" for at in ("17:14", "29:11", "53:18", "69:13")]


def test_a_quote_that_is_never_closed_hides_no_card_behind_it(tmp_path: Path) -> None:
    cards = [card(id=f"c{n}", steps=None) for n in range(4)]
    cards[0] = cards[0].replace("says: Adds", "says: 'Adds")
    cards[2] = cards[2].replace("numpy: x.sum()", "numpy: x: sum()")
    rows = [line.split(":")[1] for line in said(write(tmp_path, section(*cards)))]
    assert rows == ["5", "33"]


@pytest.mark.parametrize("name", ["Deck.yaml", "DECK.YAML", "deck.YML"])
def test_a_deck_yaml_in_other_letters_is_named(name: str, tmp_path: Path) -> None:
    (write(tmp_path, GOOD) / "deck.yaml").rename(tmp_path / name)
    assert said(tmp_path) == [
        f'{name}:1:1: error: is no deck.yaml, which is called so, in small letters\n    Rename it "deck.yaml".'
    ]


# --- zero-width joiners


@pytest.mark.parametrize("word", ["میانگین‌ها", "ക്‍ഷ", "👩‍🔬", "❤️‍🔥"])
def test_a_joiner_within_a_word_or_an_emoji_is_text(word: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, section(card(concept=word, steps=f"x.sum()  # {word}\n")), title=word)) == []


@pytest.mark.parametrize("text", ["a\u200c", "\u200db", "a \u200cb", "1\u200c2", "a\u200c\u200cb"])
def test_a_joiner_anywhere_else_is_hidden(text: str, tmp_path: Path) -> None:
    (printed,) = said(write(tmp_path, section(card(concept=text))))
    assert "concept: contains U+200" in printed


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ('  - id: first\n    says: "open\n  - id: second\n', "first"),
        ("  - concept: Late\n    says: a: b\n    id: late\n", "late"),
        ("  - {id: inline, says: a: b}\n", ""),
        ("  - id: fine\n    says: x\n  - concept: Nameless\n    says: a: b\n", ""),
    ],
)
def test_a_card_whose_yaml_cannot_be_read_is_named(broken: str, named: str, tmp_path: Path) -> None:
    write(tmp_path, f"section: Broken\ncards:\n{broken}")
    found = said(tmp_path)
    assert len(found) == 1
    assert found[0].split(": error: ")[1].startswith(f"{named}: ") == bool(named), found
    assert "fine: " not in found[0]

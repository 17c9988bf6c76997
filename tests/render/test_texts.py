"""What an author writes in words, wherever it is shown: questions, headings, and marks of other languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, section, write
from eigendeck.text.markup import to_html
from packages import fields
from programs import plain

WAIT: dict[str, Any] = {
    "ask": "Two friends wait {a} and {b} minutes. How long on average?",
    "given": "a, b = rng.integers(2, 9, 2)",
    "formula": r"m=\frac{a+b}{2}",
    "numpy": "(a + b) / 2",
    "nice": 0.5,
    "steps": None,
    "check": "2 * answer - a == b   # twice the mean \\(\\bar x\\) less one is the other",
    "mistake": {"says": "Adds.", "numpy": "a + b"},
}


def built(folder: Path, *cards: str, heading: str = "Numbers", **meta: Any) -> tuple[list[dict[str, str]], str]:
    """The notes and the sheet of a deck."""
    write(folder, section(*cards, section=heading), **meta)
    eigendeck("build", folder, "--out", folder / "out", cwd=folder)
    notes = list(fields(folder / "out" / "small.apkg").values())
    return notes, (folder / "out" / "small.html").read_text(encoding="utf-8")


def test_the_question_stands_on_every_front_with_an_example_and_on_the_sheet(tmp_path: Path) -> None:
    (note,), sheet = built(tmp_path, card(**WAIT))
    for markup in (note["Work Front"], note["Mistake Front"], sheet):
        assert re.search(r"Two friends wait \d and \d minutes", plain(markup))


def test_no_empty_box_stands_below_a_question_that_names_all_inputs(tmp_path: Path) -> None:
    (note,), _ = built(tmp_path, card(**WAIT))
    assert "inputs" not in note["Work Front"]
    assert "<code><span></span></code>" not in "".join(note.values())


def test_a_line_does_not_break_at_the_sign_of_a_short_sum(tmp_path: Path) -> None:
    text = "By n − 1, or (x + h) of 2 × 2: a + b + c, and 3 − 4.5 of 0.3 − 1."
    (note,), sheet = built(tmp_path, card(says=text))
    held = text.replace("n − 1", "n\xa0−\xa01").replace("x + h", "x\xa0+\xa0h").replace("2 × 2", "2\xa0×\xa02")
    assert held in plain(note["Work Back"])
    assert held in plain(sheet)


@pytest.mark.parametrize(
    ("ask", "unit", "held"),
    [
        ("分 {x} 个月等额偿还。", "个月", r"\d\xa0个月</span>等额"),
        ("ما مجموع {x} و {x}؟", "", r"و\xa0(?:<[^>]*>)*\d"),
        ("Of {x} %² in all?", "%²", r"\d\xa0%²\s*</span>"),
    ],
)
def test_what_belongs_together_in_a_language_stays_on_one_line(tmp_path: Path, ask: str, unit: str, held: str) -> None:
    units = {"unit": unit, "units": {"a": unit}} if unit else {}
    single = card(**WAIT | {"ask": ask.replace("{x}", "{a}")} | units)
    (note,), sheet = built(tmp_path, single)
    assert re.search(held, note["Work Front"]), note["Work Front"]
    assert re.search(held, sheet)
    assert r"\text{\%" not in note["Work Back"]  # MathJax shows the stroke


def test_maths_in_titles_sections_and_captions_is_set_on_the_sheet(tmp_path: Path) -> None:
    notes, sheet = built(
        tmp_path, card(**WAIT, concept=r"The mean \(\bar{x}\)"), heading=r"On \(\bar{y}\)", title=r"All of \(\bar{z}\)"
    )
    text = plain(re.sub(r"<(style|script)\b.*?</\1>", "", sheet, flags=re.DOTALL))
    assert "\\bar" not in text
    for place in ("h1", "h2", "h3", "p"):
        assert re.search(rf"<{place}\b[^>]*>(?:(?!</{place}>).)*<math", sheet, re.DOTALL), place
    assert "\\(\\bar{y}\\)" in notes[0]["Section"]


MARKS = {
    "a tag": ("x<sub>1</sub> is first", "<sub>", "Texts have no HTML"),
    "an entity": ("five&nbsp;apples", "&nbsp;", "Type the letter itself"),
    "emphasis": ("the *common* mean", "*common*", "Texts have no italics"),
    "emphasis with underscores": ("the _common_ mean", "_common_", "Texts have no italics"),
    "a link": ("see [this](https://example.org/a)", "[this](https://example.org/a)", "Texts have no links"),
    "a list": ("Two ways:\n- one\n- another", "-", "Texts are one paragraph"),
    "numbers of a list": ("1. one\n2. another", "1.", "Texts are one paragraph"),
}


@pytest.mark.parametrize(("text", "mark", "hint"), MARKS.values(), ids=MARKS)
def test_marks_of_other_languages_are_warned_of(tmp_path: Path, text: str, mark: str, hint: str) -> None:
    write(tmp_path, section(card(says=text)))
    said = eigendeck("check", tmp_path, cwd=tmp_path).stderr
    assert f"warning: total: says: `{mark}`" in said
    assert hint in said


PLAIN = ["2 * x * y and a*b*c", "snake_case_names stay", "f(x)[0](1) < 3 & y > 2; AT&T;", "2. Newton's law", "*args"]


def test_what_only_looks_like_marks_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, section(*(card(id=f"card-{n}", says=text) for n, text in enumerate(PLAIN))))
    assert "warning" not in eigendeck("check", tmp_path, cwd=tmp_path).stderr


def test_a_text_and_what_fills_it_are_no_sound_together() -> None:
    assert "[sound:" not in to_html("Hear [{s}", str, ["sound:a.mp3]"])

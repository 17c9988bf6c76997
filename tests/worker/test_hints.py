"""What an author is told instead, where code runs into something that is written otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, section, write
from packages import fields

SLIPS: dict[str, tuple[dict[str, Any], str]] = {
    "a plot as Matplotlib has it": ({"plot": "plt.plot(x)"}, "`eigendeck plots` shows the kinds"),
    "a tuple where an array goes": ({"given": "x = (1, 2, int(rng.integers(2, 9)))"}, "make it one with `np.array(…)`"),
    "numbers in quotes": (
        {"given": "x = np.array(['1', '2', str(rng.integers(2, 9))])"},
        "x holds text, not numbers: take the quotes around its numbers away",
    ),
    "a product without its sign": (
        {"given": "x, y = rng.integers(2, 9, 2)", "numpy": "x(y + 1)", "check": "answer == x * y + x"},
        "x is no function: to multiply, write `x * (…)`",
    ),
    "a tuple times a float": (
        {"given": "x = (1, 2, 3)", "numpy": "x * 2.5"},
        "A list or a tuple is repeated by `*`: make it an array with `np.array(…)`.",
    ),
    "a module that is not there": (
        {"numpy": "from sklearn.metrics import r2_score\nr2_score(x, x)"},
        "Take the line away, and write with np and math what it does.",
    ),
    "an entry behind the last": ({"numpy": "x[3]"}, "There x has the shape (3,). Entries are counted from 0."),
    "an entry of a number": (
        {"given": "x = rng.integers(2, 9)", "numpy": "x[0]"},
        "There x is a single number, without entries.",
    ),
    "arrays that do not fit": ({"numpy": "x @ np.eye(2)"}, "There x has the shape (3,)."),
    "a choice among arrays": ({"numpy": "2 if x > 3 else 1"}, "write `np.where(x > 3, 2, 1)`"),
    "conditions of arrays": ({"numpy": "1 if x > 3 and x < 8 else 2"}, "it is `(x > 3) & (x < 8)`"),
    "a shape in two arguments": ({"numpy": "np.zeros(2, 3).sum()"}, "write `np.zeros((2, 3))`"),
    "a method that is not called": ({"numpy": "x.sum"}, "call it, as in `x.sum()`"),
    "a mistake in words alone": ({"mistake": "You forget."}, "Write `mistake: {says: "),
    "a plot of a value": ({"plot": {"bar": "x"}}, "Write `plot: {bars: {x: x}}`"),
    "equality of floats": (
        {
            "given": "x = rng.integers(1, 9, 3) / 10",
            "nice": "off",
            "check": "answer == x[2] + x[1] + x[0] + 0.3 - 0.1 - 0.2",
        },
        "The two are equal but for rounding: write `np.isclose(answer, ",
    ),
    "a sum of floats that is 1 but for rounding": (
        {"given": "x = rng.integers(1, 9, 3) / 10", "nice": "off", "check": "(x / answer).sum() == 1"},
        "write `np.isclose((x / answer).sum(), 1, rtol=1e-9, atol=0)`",
    ),
    "a row of floats": (
        {
            "given": "x = rng.integers(1, 9, 3) / 10",
            "nice": "off",
            "formula": "y=x/7",
            "numpy": "x / 7",
            "check": "np.array_equal(answer, x * (1 / 7))",
            "mistake": {"says": "a", "numpy": "x * 7"},
        },
        "write `np.allclose(answer, x * (1 / 7), rtol=1e-9, atol=0)`",
    ),
    "rows of two lengths": (
        {"given": "x = np.array([[1, 2], [int(rng.integers(2, 9))]])"},
        "The rows of an array are all of one length",
    ),
    "a kind of plot by half of its name": ({"plot": {"hist": {"x": "x"}}}, 'Did you mean "histogram"?'),
    "a function as a product of letters": ({"formula": "s=sin(x_1)", "reads": {}}, r"write `\sin`"),
    "a word in a subscript": ({"formula": "s=x_{max}", "reads": {}}, r"write `\max`"),
    "quotes of a word processor around a unit": ({"unit": "“m/s”"}, "not a quote: write m/s."),
    "quotes of a word processor around a tag": ({"tags": ["‘a’"]}, "not a quote: write a."),
    "a currency's sign": ({"unit": "$"}, "such as USD"),
    "a word in a formula": ({"formula": r"s=PV+\sum_i x_i", "reads": {}}, r"write `\mathrm{PV}`"),
}


@pytest.mark.parametrize(("keys", "hint"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_answered_with_what_to_write(tmp_path: Path, keys: dict[str, Any], hint: str) -> None:
    write(tmp_path, section(card(**{"steps": None, **keys})))
    assert hint in eigendeck("check", tmp_path, cwd=tmp_path, code=1).stderr


def test_a_distance_behind_a_row_is_taken_and_left_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        section(card(formula=r"\begin{pmatrix} a \\[4pt] b \end{pmatrix}", cards=["work"])),
    )
    eigendeck("build", tmp_path, cwd=tmp_path)
    (note,) = fields(tmp_path / "build" / "small.apkg").values()
    assert "4pt" not in "".join(note.values())
    assert "<mtable" in (tmp_path / "build" / "small.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "keys",
    [
        {"says": r"So \(\begin{pmatrix} a \\[4pt] b \end{pmatrix}\)."},
        {"concept": r"So \(a \\*[ -0.5em ] b\)"},
        {"steps": "x.sum()  # so \\(\\begin{cases} a \\\\[4pt] b \\end{cases}\\)\n"},
        {"mistake": {"says": r"Not \(a \\[4pt] b\).", "numpy": "x.prod()"}},
        {"work": r"\begin{pmatrix} <<answer>> \\[4pt] b \end{pmatrix}"},
    ],
)
def test_a_distance_behind_a_row_is_left_out_wherever_maths_stands(tmp_path: Path, keys: dict[str, Any]) -> None:
    eigendeck("build", write(tmp_path, section(card(**keys))), cwd=tmp_path)
    (note,) = fields(tmp_path / "build" / "small.apkg").values()
    sheet = (tmp_path / "build" / "small.html").read_text(encoding="utf-8")
    assert not re.search(r"4pt|0\.5em \]", "".join(note.values()) + sheet[sheet.index("<article") :])


@pytest.mark.parametrize("latex", [r"\begin{pmatrix} a & b \end{pmatrix}_{11}\sum x", r"\left(x\right)_1^2\sum_i x_i"])
def test_a_sign_that_keeps_its_distance_from_a_bracket_is_shown(tmp_path: Path, latex: str) -> None:
    keys = {"formula": latex, "says": rf"So \({latex}\)."}
    eigendeck("build", write(tmp_path, section(card(**keys))), cwd=tmp_path)
    assert "∑" in (tmp_path / "build" / "small.html").read_text(encoding="utf-8")

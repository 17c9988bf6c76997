"""`wide`: draws that no card shows find what is wrong behind hand-friendly numbers, and say how to draw it again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, section, write

# What hand-friendly inputs hide: two entries, a symmetric matrix, positive numbers.
TWO: dict[str, Any] = {
    "formula": r"\bar x=\frac{1}{n}\sum_i x_i",
    "reads": {},
    "given": "x = 2 * rng.integers(2, 9, 2)",
    "wide": "x = rng.normal(0, 1000, 7)",
    "numpy": "x.mean()",
    "steps": None,
    "check": "np.isclose(answer * len(x), x.sum())",
    "mistake": {"says": "Adds them up.", "numpy": "x.sum()"},
}
SYMMETRIC: dict[str, Any] = {
    "formula": r"y_i=\sum_j A_{ij}x_j",
    "reads": {},
    "given": "a, b = rng.integers(1, 9, 2)\nA = np.array([[a, b], [b, a]])\nx = rng.integers(1, 9, 2)",
    "wide": "A = rng.normal(0, 50, (3, 3))\nx = rng.normal(0, 50, 3)",
    "numpy": "A @ x",
    "steps": None,
    "check": "np.allclose(answer, [sum(a * b for a, b in zip(row, x)) for row in A])",
    "mistake": {"says": "Entry by entry.", "numpy": "A * x"},
}
POSITIVE: dict[str, Any] = {
    "formula": r"d=|a-b|",
    "reads": {},
    "given": "b = rng.integers(1, 9)\na = b + rng.integers(1, 9)",
    "wide": "a, b = rng.normal(0, 1e4, 2)",
    "numpy": "abs(a - b)",
    "steps": None,
    "check": "answer == max(a, b) - min(a, b)",
    "mistake": {"says": "Adds.", "numpy": "a + b"},
}


def checked(folder: Path, *options: object, code: int = 1, **keys: Any) -> str:
    """What `check` says of a deck of one card; `build`, which runs no draws of `wide`, finds nothing wrong with it."""
    write(folder, section(card(**keys)))
    eigendeck("build", folder, "--out", folder / "out", cwd=folder)
    return eigendeck("check", folder, "--draws", 30, *options, cwd=folder, code=code).stderr


@pytest.mark.parametrize("keys", [TWO, SYMMETRIC, POSITIVE], ids=["two", "symmetric", "positive"])
def test_a_card_that_is_right_on_wide_draws_passes(tmp_path: Path, keys: dict[str, Any]) -> None:
    said = checked(tmp_path, "--formulas", code=0, **keys)
    assert "total: agrees on 30 draws and 20 wide ones" in said
    assert "1 of 1 formulas bind and agree" in said


@pytest.mark.parametrize(
    ("keys", "wrong", "said"),
    [
        (TWO, {"formula": r"\bar x=\frac12\sum_i x_i"}, r"formula: agrees on what `given` draws, but not on what "
         r"`wide` draws: with x = np\.array\(.* \(draw 1 of `wide`, seed 0\) formula gives .*, code gives "),
        (TWO, {"numpy": "x.sum() / 2"}, r"check: check failed, draw 1 of `wide`, seed 0: `np\.isclose.*` with x = np"),
        (SYMMETRIC, {"formula": r"y_i=\sum_j A_{ji}x_j"}, r"formula: agrees on what `given` draws, but not on what "),
        (SYMMETRIC, {"numpy": "A.T @ x"}, r"check: check failed, draw 1 of `wide`, seed 0: .*, answer = \["),
        (POSITIVE, {"formula": "d=a-b"}, r"formula: agrees .* with a = .*, b = .* \(draw \d+ of `wide`, seed 0\)"),
        (POSITIVE, {"numpy": "a - b"}, r"check: check failed, draw \d+ of `wide`, seed 0: .* with a = .*, answer = -"),
        (TWO, {"numpy": "x.reshape(2).mean()"}, r"numpy: ValueError: cannot reshape .* \(draw 1 of `wide`, seed 0\)"),
        (TWO, {"wide": "x = np.ones(3)[rng.integers(3, 9)]"}, r"wide: IndexError: .* \(draw 1 of `wide`, seed 0\)"),
        (TWO, {"wide": "x = rng"}, r'wide: "x" is a generator'),
        (TWO, {"wide": "y = rng.normal(0, 1, 9)"}, "wide: does not bind x, which `numpy`, `check` or the formula r"),
        (TWO, {"wide": "if rng.random() < 2: y = 2\nelse: x = rng.normal(0, 1, 9)"},
         r'wide: "x" was not bound this time \(draw 1 of `wide`, seed 0\)'),
        (TWO, {"wide": "x = answer"}, 'wide: "answer" is not defined'),
        (TWO, {"wide": "import os"}, "wide: `import` is not available"),
        pytest.param(TWO, {"wide": "x = rng.random(3)\nwhile x.size: x = x + 1"}, "wide: took longer than 2 s; stopped",
                     marks=pytest.mark.kills),
    ],
    ids=["n is 2 in the formula", "n is 2 in the code", "transposed formula", "transposed code", "sign in the formula",
         "sign in the code", "code that raises", "wide raises", "a generator", "another name", "a name not bound",
         "the answer", "no import", "no end"],
)  # fmt: skip
def test_what_is_wrong_behind_friendly_numbers_is_told_at_its_key(
    tmp_path: Path, keys: dict[str, Any], wrong: dict[str, Any], said: str
) -> None:
    told = checked(tmp_path, **{**keys, **wrong})
    key = said.partition(":")[0]
    text = (tmp_path / "01-numbers.yaml").read_text()
    (line, _), *_ = re.findall(rf"01-numbers\.yaml:(\d+):(\d+): error: total: {said}", told) or [("", told)]
    assert line, told
    assert f"    {key}:" in "\n".join(text.split("\n")[: int(line)]), "not at its key"


def test_wide_changes_no_number_and_no_card(tmp_path: Path) -> None:
    env = {"SOURCE_DATE_EPOCH": "1700000000"}
    packages = []
    for number, keys in enumerate([TWO, {**TWO, "wide": None}, {**TWO, "wide": "x = rng.random(9)"}]):
        folder = write(tmp_path / str(number), section(card(**keys)))
        eigendeck("build", folder, "--out", folder / "out", cwd=folder, env=env)
        packages.append((folder / "out" / "small.apkg").read_bytes())
    assert packages[0] == packages[1] == packages[2]


def test_wide_draws_are_the_same_again(tmp_path: Path) -> None:
    first, again, other = (checked(tmp_path, "--seed", seed, **{**TWO, "numpy": "x.sum() / 2"}) for seed in (3, 3, 4))
    told = [re.findall(r"draw 1 of `wide`, (seed \d: .*)", said) for said in (first, again, other)]
    assert told[0] == told[1] != told[2]


def test_misprints_that_given_would_not_notice_are_noticed_on_wide_draws(tmp_path: Path) -> None:
    noticed = []
    for wide in (None, SYMMETRIC["wide"]):
        write(tmp_path, section(card(**{**SYMMETRIC, "wide": wide})))
        done = eigendeck("check", tmp_path, "--draws", 30, "--formulas", "--json", cwd=tmp_path)
        (line,) = json.loads(done.stdout)["formulas"]
        noticed.append(line["missed"])
    assert any("swapped" in words for words in noticed[0])
    assert noticed[1] == []


def test_wide_without_given_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, section(card(given=None, numpy="1 + 2", steps=None, check="answer == 3", mistake={"says": "No."},
                                 wide="x = rng.normal()")))  # fmt: skip
    said = eigendeck("build", tmp_path, cwd=tmp_path, code=1).stderr
    assert "error: total: wide: draws other inputs than `given`, but the card has no `given`" in said

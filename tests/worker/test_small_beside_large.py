"""Nothing agrees, and nothing is even, because it is small beside something else; nor do digits part in braces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, section, write

USUAL = {"formula": "y", "given": "n = rng.integers(2, 60)\nq = 1.602e-19", "nice": "off", "steps": None}
DIFFER = {
    "an entry": ("np.array([1.0, n * q])", "np.array([1.0, 2 * n * q])"),
    "the other entry": ("np.array([n * q, 1.0])", "np.array([n * q / 2, 1.0])"),
    "in a tuple": ("(n, n * q)", "(n, 3 * n * q)"),
    "a part of a complex number": ("n * q + 1j", "2 * n * q + 1j"),
}
UNEVEN = {
    "tiny": ("n * 1e-12", 1),
    "tiny in an array": ("np.array([n * 1e-12, 1.0])", 1),
    "tiny on a small grid": ("n * 1e-15", 1e-6),
    "large": ("1e9 * n + 0.5", 1),
}
EVEN = {
    "large": ("1e9 * n * 3", 1),
    "small": ("n * 1e-12", 1e-12),
    "what rounding leaves": ("np.array([np.sin(np.pi) * n, n])", 1),
    "tenths": ("n * 0.1 + 0.2", 0.1),
}


def _says(folder: Path, code: int = 1, **keys: Any) -> str:
    line = keys["numpy"]
    usual = {**USUAL, "check": f"repr(answer) == repr(({line}))", "mistake": {"says": "It is wrong."}}
    write(folder, section(card(**{**usual, **keys})))
    return eigendeck("check", folder, "--draws", 20, cwd=folder, code=code).stderr


@pytest.mark.parametrize(("right", "wrong"), DIFFER.values(), ids=DIFFER)
def test_steps_and_mistakes_are_told_from_the_answer(right: str, wrong: str, tmp_path: Path) -> None:
    assert "steps end in" in _says(tmp_path, numpy=right, steps=f"{wrong}   # wrong\n")
    _says(tmp_path, 0, numpy=right, mistake={"says": "It is wrong.", "numpy": wrong})


@pytest.mark.parametrize(("line", "grid"), UNEVEN.values(), ids=UNEVEN)
def test_what_is_on_no_grid_is_not_even(line: str, grid: float, tmp_path: Path) -> None:
    assert f"the answer is no multiple of {grid:g} in any draw" in _says(tmp_path, numpy=line, nice=grid)


@pytest.mark.parametrize(("line", "grid"), EVEN.values(), ids=EVEN)
def test_what_is_on_a_grid_is_even(line: str, grid: float, tmp_path: Path) -> None:
    _says(tmp_path, 0, numpy=line, nice=grid)


@pytest.mark.parametrize("work", ["{2}<<n>>", "2{<<n>>}", "2.<<n>>", "<<n>>.5", "{2}{<<n>>}"])
def test_a_number_in_braces_runs_into_the_digit_beside_it_too(work: str, tmp_path: Path) -> None:
    assert r"\cdot" in _says(tmp_path, numpy="2 * n", work=f"{work}=<<answer>>")


def test_what_parts_numbers_is_no_such_brace(tmp_path: Path) -> None:
    work = r"\sqrt[3]{<<n>>}<<n>>\ne\frac{<<n>>}{2}\cdot{<<n>>}^{<<n>>}\ne x_{1}<<n>>=<<answer>>"
    _says(tmp_path, 0, numpy="2 * n", work=work)

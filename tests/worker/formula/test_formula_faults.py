"""A formula that binds and does not agree stops the build, at its place, in words that say what to change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck, left
from decks import card, section, write
from packages import fields

NUMBERLESS: Mapping[str, Any] = {"nice": "off", "steps": None, "mistake": {"says": "None."}}


@pytest.mark.parametrize(
    ("formula", "reads", "given", "numpy", "said"),
    [
        (
            r"s^2=\frac1n\sum_i(x_i-\bar x)^2",
            {},
            "x = rng.integers(0, 9, 5)",
            "np.var(x, ddof=1)",
            "formula = 0.8 × code",
        ),
        (r"H=-\frac1n\sum_i\ln p_i", {}, "p = rng.random(4)", "-np.log2(p).mean()", "same base"),
        (r"W_{ji}x_j", {}, "W, x = rng.random((3, 2)), rng.random(2)", "W @ x", "swap its subscripts"),
        (r"o=\frac{p}{1-q}", {}, "p = rng.random()", "p / (1 - p)", "The inputs are: p"),
        (r"S=QK", {}, "Q, K = rng.random((2, 3, 4))", "Q @ K.T", "is a transpose missing"),
        (r"y=2x", {"z": "x"}, "x = rng.random()", "2 * x", "`z` does not occur"),
        (r"y=2x", {"x": "made"}, "x = rng.random()", "2 * x", "made"),
    ],
    ids=[
        "n for n - 1",
        "nats for bits",
        "subscripts swapped",
        "a misprint",
        "no transpose",
        "an idle key",
        "no such name",
    ],
)
def test_a_formula_that_disagrees_is_a_fault(
    tmp_path: Path, formula: str, reads: dict[str, str], given: str, numpy: str, said: str
) -> None:
    check = f"np.allclose(answer, 1 * ({numpy}))"
    one = card(formula=formula, given=given, numpy=numpy, check=check, **NUMBERLESS, reads=reads)
    write(tmp_path, section(one))
    done = eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path, code=1)
    assert f"{tmp_path.as_posix()}/01-numbers.yaml:{14 if reads else 6}:" in done.stderr
    assert said in done.stderr
    assert not left(tmp_path / "out")


def test_without_reads_a_formula_is_only_reported(tmp_path: Path) -> None:
    one = card(formula="y=3x", given="x = rng.random()", numpy="2 * x", check="np.isclose(answer / 2, x)", **NUMBERLESS)
    write(tmp_path, section(one))
    eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)
    done = eigendeck("check", tmp_path, "--draws", 20, "--formulas", cwd=tmp_path)
    assert "total: formula gives" in done.stderr
    assert "formula = 1.5 × code" in done.stderr


def test_a_formula_that_binds_and_agrees_says_so_on_the_card(package: Path) -> None:
    assert "formula run on 6 draws: agrees with the code" in fields(package)["dot-product"]["Work Back"]


# ---- a formula that holds for the mistake too

PROPORTIONAL = section(
    card(
        formula=r"q_i\propto p_i^2",
        given="p = rng.dirichlet([1, 1, 1])",
        numpy="p**2 / (p**2).sum()",
        steps=None,
        check="np.isclose(answer.sum(), 1) and np.allclose(answer * p[0]**2, answer[0] * p**2)",
        mistake={
            "says": "It does not add up to 1.",
            "numpy": "p**2",
            "fits": "Being proportional leaves the total open.",
        },
        nice="off",
        reads={},
    )
)
FITS = "      fits: Being proportional leaves the total open.\n"


def checked(folder: Path, text: str, code: int = 0, *options: object) -> str:
    """What the program says of a deck with one section; building it says the same."""
    write(folder, text)
    built = eigendeck("build", folder, "--out", folder / "out", cwd=folder, code=code).stderr
    said = eigendeck("check", folder, "--draws", 30, *options, cwd=folder, code=code).stderr
    assert all(line in built for line in said.splitlines() if ": error: " in line)
    return said


def test_a_formula_that_accepts_the_mistake_is_a_fault_that_names_the_key(tmp_path: Path) -> None:
    said = checked(tmp_path, PROPORTIONAL.replace(FITS, ""), 1)
    assert "01-numbers.yaml:6:14: error: total: formula: the formula accepts the value of the mistake too" in said
    assert "or say in `mistake.fits` why it holds for both" in said


def test_a_card_may_say_why_the_formula_accepts_its_mistake(tmp_path: Path) -> None:
    said = checked(tmp_path, PROPORTIONAL, 0, "--formulas")
    assert "total: the answer satisfies it on 30 draws" in said
    assert "; holds for the mistake too: Being proportional leaves the total open; misprints" in said
    assert "1 of 1 formulas bind and agree" in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            r"q_i\propto p_i^2",
            r"q_i=\frac{p_i^2}{\sum_jp_j^2}",
            ":13:13: error: total: mistake.fits: says why the formula holds for the value of the mistake, too, but"
            " it does not hold for it\n    Take `fits` away.",
        ),
        (
            "numpy: p**2\n",
            "numpy: p @ p.reshape(2, 2)\n",
            ":13:13: error: total: mistake.fits: says why the formula holds for the value of the mistake, too",
        ),
        (
            "    reads: {}\n",
            "",
            ":13:7: error: total: mistake.fits: says why the formula holds for the mistake too, but without `reads`"
            " the formula is not held to anything\n    Write `reads`, or take `fits` away.",
        ),
        (
            "      numpy: p**2\n",
            "",
            ":12:7: error: total: mistake.fits: says why the formula holds for the mistake's value, but the mistake has"
            " no `numpy`\n    Write the line that makes the mistake, or take `fits` away.",
        ),
        ("leaves the", r"leaves \(\frac{1\) the", "error: total: mistake.fits: the brace opened"),
        ("fits: Being proportional leaves the total open.", "fits: [1, 2]", "mistake.fits: must be text, not a list"),
    ],
    ids=["refused", "raises", "no reads", "no value", "no formula in it", "no text"],
)
def test_a_reason_without_a_need_is_a_fault(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in PROPORTIONAL
    assert said in checked(tmp_path, PROPORTIONAL.replace(before, after), 1)

"""A formula that binds and does not agree stops the build, at its place, in words that say what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import eigendeck

CARD = r"""section: One
cards:
  - id: one
    concept: One
    says: A sentence.
    formula: {formula}
    reads: {reads}
    given: |
      {given}
    nice: off
    numpy: {numpy}
    check: np.all(np.isfinite(answer))
    mistake: {{says: None.}}
"""


@pytest.mark.parametrize(
    ("formula", "reads", "given", "numpy", "said"),
    [
        (
            r"s^2=\frac1n\sum_i(x_i-\bar x)^2",
            "{}",
            "x = rng.integers(0, 9, 5)",
            "np.var(x, ddof=1)",
            "formula = 0.8 × code",
        ),
        (r"H=-\frac1n\sum_i\ln p_i", "{}", "p = rng.random(4)", "-np.log2(p).mean()", "same base"),
        (r"W_{ji}x_j", "{}", "W, x = rng.random((3, 2)), rng.random(2)", "W @ x", "swap its subscripts"),
        (r"o=\frac{p}{1-q}", "{}", "p = rng.random()", "p / (1 - p)", "The inputs are: p"),
        (r"S=QK", "{}", "Q, K = rng.random((2, 3, 4))", "Q @ K.T", "is a transpose missing"),
        (r"y=2x", "{'z': 'x'}", "x = rng.random()", "2 * x", "`z` does not occur"),
        (r"y=2x", "{'x': 'made'}", "x = rng.random()", "2 * x", "made"),
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
    tmp_path: Path, formula: str, reads: str, given: str, numpy: str, said: str
) -> None:
    (tmp_path / "deck.yaml").write_text("id: one\ntitle: One\n")
    card = CARD.format(formula=formula, reads=reads, given=given, numpy=numpy)
    (tmp_path / "01-one.yaml").write_text(card)
    done = eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path, code=1)
    assert f"{tmp_path.as_posix()}/01-one.yaml:{6 if 'z' not in reads and 'made' not in reads else 7}:" in done.stderr
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_without_reads_a_formula_is_only_reported(tmp_path: Path) -> None:
    (tmp_path / "deck.yaml").write_text("id: one\ntitle: One\n")
    card = CARD.format(formula="y=3x", reads="{}", given="x = rng.random()", numpy="2 * x")
    (tmp_path / "01-one.yaml").write_text(card.replace("    reads: {}\n", ""))
    eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)
    done = eigendeck("check", tmp_path, "--draws", 20, "--formulas", cwd=tmp_path)
    assert "one: formula gives" in done.stderr
    assert "formula = 1.5 × code" in done.stderr


def test_a_formula_that_binds_and_agrees_says_so_on_the_card(package: Path) -> None:
    from eigendeck.outputs.package import packaged_notes

    (dot,) = [one.note for one in packaged_notes(package) if one.note.id == "dot-product"]
    assert "formula run on 6 draws: agrees with the code" in "".join(dot.fields)


# ---- a formula that holds for the mistake too

PROPORTIONAL = r"""section: One
cards:
  - id: one
    concept: One
    says: A sentence.
    formula: q_i\propto p_i^2
    reads: {}
    given: |
      p = rng.dirichlet([1, 1, 1])
    nice: off
    numpy: p**2 / (p**2).sum()
    check: np.isclose(answer.sum(), 1)
    mistake:
      says: It does not add up to 1.
      numpy: p**2
      fits: Being proportional leaves the total open.
"""
FITS = "      fits: Being proportional leaves the total open.\n"


def checked(folder: Path, section: str, code: int = 0, *options: object) -> str:
    """What the program says of a deck with one section; building it says the same."""
    (folder / "deck.yaml").write_text("id: one\ntitle: One\n")
    (folder / "01-one.yaml").write_text(section)
    built = eigendeck("build", folder, "--out", folder / "out", cwd=folder, code=code).stderr
    said = eigendeck("check", folder, "--draws", 30, *options, cwd=folder, code=code).stderr
    assert all(line in built for line in said.splitlines() if ": error: " in line)
    return said


def test_a_formula_that_accepts_the_mistake_is_a_fault_that_names_the_key(tmp_path: Path) -> None:
    said = checked(tmp_path, PROPORTIONAL.replace(FITS, ""), 1)
    assert "01-one.yaml:6:14: error: one: formula: the formula accepts the value of the mistake too" in said
    assert "or say in `mistake.fits` why it holds for both" in said


def test_a_card_may_say_why_the_formula_accepts_its_mistake(tmp_path: Path) -> None:
    said = checked(tmp_path, PROPORTIONAL, 0, "--formulas")
    assert "one: the answer satisfies it on 30 draws" in said
    assert "; holds for the mistake too: Being proportional leaves the total open; misprints" in said
    assert "1 of 1 formulas bind and agree" in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            r"q_i\propto p_i^2",
            r"q_i=\frac{p_i^2}{\sum_jp_j^2}",
            ":16:13: error: one: mistake.fits: says why the formula holds for the value of the mistake, too, but"
            " it does not hold for it\n    Take `fits` away.",
        ),
        (
            "numpy: p**2\n",
            "numpy: p @ p.reshape(2, 2)\n",
            ":16:13: error: one: mistake.fits: says why the formula holds for the value of the mistake, too",
        ),
        (
            "    reads: {}\n",
            "",
            ":15:7: error: one: mistake.fits: says why the formula holds for the mistake too, but without `reads`"
            " the formula is not held to anything\n    Write `reads`, or take `fits` away.",
        ),
        (
            "      numpy: p**2\n",
            "",
            ":15:7: error: one: mistake.fits: says why the formula holds for the mistake's value, but the mistake has"
            " no `numpy`\n    Write the line that makes the mistake, or take `fits` away.",
        ),
        ("leaves the", r"leaves \(\frac{1\) the", "error: one: mistake.fits: the brace opened"),
        ("fits: Being proportional leaves the total open.", "fits: [1, 2]", "mistake.fits: must be text, not a list"),
    ],
    ids=["refused", "raises", "no reads", "no value", "no formula in it", "no text"],
)
def test_a_reason_without_a_need_is_a_fault(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in PROPORTIONAL
    assert said in checked(tmp_path, PROPORTIONAL.replace(before, after), 1)

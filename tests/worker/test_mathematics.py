"""`math` in card code: what it computes, what it refuses, and that the shown program imports it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, section, write
from packages import fields
from programs import programs, run

USES: dict[str, dict[str, Any]] = {
    "comb": {
        "formula": r"\binom{n}{k}",
        "given": "n = rng.integers(5, 10)\nk = rng.integers(2, 4)",
        "numpy": "math.comb(n, k)",
        "steps": None,
        "check": "answer * math.factorial(k) * math.factorial(n - k) == math.factorial(n)",
        "mistake": {"says": "In order.", "numpy": "math.perm(n, k)"},
    },
    "erf": {
        "formula": r"p=\frac{1}{2}\left(1+\mathrm{erf}\left(\frac{z}{\sqrt 2}\right)\right)",
        "given": "z = rng.integers(1, 12) / 4",
        "nice": "3 digits",
        "numpy": "(1 + math.erf(z / np.sqrt(2))) / 2",
        "steps": None,
        "check": "np.isclose(1 - answer, math.erfc(z / np.sqrt(2)) / 2)",
        "mistake": {"says": "Both tails.", "numpy": "math.erf(z / np.sqrt(2))"},
    },
    "a function that is an input": {
        "formula": "c=f(a, b)",
        "given": "a, b = 6 * rng.integers(2, 9, 2)\nf = math.gcd",
        "numpy": "f(a, b)",
        "steps": None,
        "check": "answer > 0 and a % answer == 0 and b % answer == 0 and math.gcd(a // answer, b // answer) == 1",
        "mistake": {"says": "The multiple.", "numpy": "math.lcm(a, b)"},
    },
}


@pytest.mark.parametrize("keys", USES.values(), ids=USES)
def test_a_card_with_math_prints_what_its_program_prints(tmp_path: Path, keys: dict[str, Any]) -> None:
    deck = write(tmp_path / "deck", section(card(**keys)))
    eigendeck("build", deck, "--out", tmp_path / "out", cwd=tmp_path)
    markup = "\n".join(text for note in fields(tmp_path / "out" / "small.apkg").values() for text in note.values())
    for page in (markup, (tmp_path / "out" / "small.html").read_text()):
        listed = programs(page)
        assert listed
        assert all(program.startswith("import math\n") for program, _ in listed)
        assert run([program for program, _ in listed]) == [f"{output}\n" for _, output in listed]


def test_the_numbers_go_into_a_binomial(tmp_path: Path) -> None:
    deck = write(tmp_path / "deck", section(card(**USES["comb"], cards=["work"])))
    eigendeck("build", deck, "--out", tmp_path / "out", cwd=tmp_path)
    note = next(iter(fields(tmp_path / "out" / "small.apkg").values()))
    assert r"\binom{" in note["Work Back"]


REFUSED = {
    "a factorial without end": ("math.factorial(10**10)", "`math.factorial` would have more than 3,000 digits"),
    "a coefficient without end": ("math.comb(10**9, 5 * 10**8)", "`math.comb` would have more than 3,000 digits"),
    "permutations without end": ("math.perm(10**9)", "`math.perm` would have more than 3,000 digits"),
    "a whole number of a float": ("math.isqrt(x[0] / 2)", "math.isqrt takes whole numbers: divide with `//`"),
    "an array": ("math.erf(x)", "math.erf takes single numbers: write `np.array([math.erf(v) for v in x])`."),
    "no value": ("math.gamma(0 * x[0])", "math.gamma has no value there."),
    "a negative choice": ("math.comb(-x[0], 2)", "math.comb has no value there."),
    "a distance of numbers": ("math.dist(1, 2)", "math.dist takes two points"),
    "what NumPy has": ("math.sqrt(x[0])", "Write np.sqrt."),
    "a slip": ("math.fctorial(x[0])", 'Did you mean "math.factorial"?'),
    "the module itself": ("math", "math is used as math.NAME only"),
    "another name": ("math = 3\nx.sum()", "math is Python's module and stays so: choose another name"),
    "SciPy": ("scipy.special.comb(5, 2)", "Write math.comb."),
    "a density of SciPy": ("scipy.stats.norm.cdf(x[0])", "math.erf(x / np.sqrt(2))"),
    "pandas": ("import pandas as pd\npd.Series(x).sum()", "A table is an array"),
    "dates": ("import datetime\ndatetime.date(2020, 1, 1).year", "Count days or years as whole numbers."),
}


@pytest.mark.parametrize(("code", "words"), REFUSED.values(), ids=REFUSED)
def test_what_math_does_not_have_is_refused_once_with_a_way_out(tmp_path: Path, code: str, words: str) -> None:
    deck = write(tmp_path, section(card(numpy=code, steps=None)))
    said = eigendeck("check", deck, cwd=tmp_path, code=1).stderr
    assert words in said
    assert said.count(": error: ") == 1

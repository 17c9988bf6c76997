"""A formula that binds and does not agree stops the build, at its place, in words that say what to change."""

from __future__ import annotations

import re
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
        (r"s=\frac{F}{A}", {}, "F, A = rng.uniform(2, 9, 2)", "1000 * F / A", "as {'F': 1000 * F}"),
        (r"L=\log x", {}, "x = rng.uniform(2, 9)", "np.log10(x)", r"`\lg` and `\log_{10}` are not"),
        (r"q=\frac{a}{b}", {}, "a, b = rng.uniform(2, 9, 2)", "100 * a / b", r"\cdot 100\,\%"),
        (
            r"F=m\sin\alpha",
            {},
            "m, alpha = rng.uniform(2, 80, 2)",
            "m * np.sin(np.radians(alpha))",
            "np.radians(alpha)",
        ),
        (
            r"\varphi=\tan^{-1}\frac{y}{x}",
            {},
            "x, y = rng.uniform(2, 9, 2)",
            "np.degrees(np.arctan2(y, x))",
            "np.radians(answer)",
        ),
        (
            r"\sin h=\sin a\cos b",
            {},
            "a, b = rng.uniform(2, 80, 2)",
            "np.degrees(np.arcsin(np.sin(np.radians(a)) * np.cos(np.radians(b))))",
            "np.radians(answer)",
        ),
        (r"y=1\tfrac12x", {}, "x = rng.random()", "x / 2", r"write `\cdot` between them, or a decimal"),
        (r"W_{ji}x_j", {}, "W, x = rng.random((3, 2)), rng.random(2)", "W @ x", "swap its subscripts"),
        (r"o=\frac{p}{1-q}", {}, "p = rng.random()", "p / (1 - p)", "The inputs are: p"),
        (r"S=QK", {}, "Q, K = rng.random((2, 3, 4))", "Q @ K.T", "is a transpose missing"),
        (r"y=2x", {"z": "x"}, "x = rng.random()", "2 * x", "`z` does not occur"),
        (r"y=2x", {"x": "made"}, "x = rng.random()", "2 * x", "made"),
    ],
    ids=[
        "n for n - 1",
        "nats for bits",
        "a kilo too many",
        "natural for decadic",
        "no per cent",
        "an angle in degrees",
        "an arc in degrees",
        "an arc without its function",
        "a mixed number",
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


def test_without_reads_a_formula_that_disagrees_is_warned_of_with_both_values(tmp_path: Path) -> None:
    one = card(formula="y=3x", given="x = rng.random()", numpy="2 * x", check="np.isclose(answer / 2, x)", **NUMBERLESS)
    write(tmp_path, section(one))
    built = eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)
    again = eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)  # nothing has changed
    checked = eigendeck("check", tmp_path, "--draws", 20, "--out", tmp_path / "out", cwd=tmp_path)
    write(tmp_path, section(one, card(id="other")))
    beside = eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)  # only the other card is new
    for done in (built, again, checked, beside):
        assert done.stderr.count("warning: total: formula: formula gives") == 1, done.stderr
        assert re.search(r"01-numbers\.yaml:6:14: .* formula gives [\d.]+, code gives [\d.]+ ", done.stderr)
        assert "formula = 1.5 × code" in done.stderr
    done = eigendeck("check", tmp_path, "--draws", 20, "--formulas", cwd=tmp_path)
    assert "total: formula gives" in done.stderr


@pytest.mark.parametrize(
    ("formula", "given", "numpy"),
    [
        (r"\mathbf{R}\mathbf{i}=\mathbf{u}", "R = np.diag([2, 3]); i = rng.integers(1, 9, 2); u = R @ i", "u / [2, 3]"),
        (r"\cos\varphi=\frac{a}{c}", "a, c = rng.integers(1, 4), 5", "np.degrees(np.arccos(a / c))"),
        (r"c^2=a^2+b^2", "a, b = rng.integers(1, 9, 2)", "np.hypot(a, b)"),
        (r"K_w=h\,x=10^{-14}", "h = rng.uniform(1, 9) * 1e-5", "1e-14 / h"),
        (r"f=\frac{\sin x}{x}", "x = float(rng.integers(0, 3))", "np.sin(x) / x if x else 1.0"),
        (r"y=2z", "x = rng.random()", "2 * x"),
        (r"I=\frac{U}{R}", "U, R = rng.random(2)", "U / R"),
        (r"n=\sum_i n_i", "n = rng.integers(1, 9, 3)", "n.sum()"),
        (r"\hat p=\frac{k}{n}\cdot 100\,\%", "k, n = 3, rng.integers(5, 9)", "k / n"),
        (r"y=x+z", "x, z = (v for v in rng.random((2, 3))); w = zip([1], [2])", "x + z"),
        (r"y=h(x)", "x = rng.random(); f, g = (lambda t: t, lambda t: 2 * t); h = f", "2 * x"),
    ],
)
def test_nobody_is_warned_where_the_formula_may_speak_of_something_else(
    tmp_path: Path, formula: str, given: str, numpy: str
) -> None:
    one = card(formula=formula, given=given, numpy=numpy, check=f"np.all(answer == ({numpy}))", **NUMBERLESS)
    write(tmp_path, section(one))
    for command in (["build"], ["check", "--draws", 20]):
        assert "formula" not in eigendeck(command[0], tmp_path, *command[1:], cwd=tmp_path).stderr.replace(
            "of a formula", ""
        )


@pytest.mark.parametrize(
    "formula", [r"\quad", r"\,", "{}", r"\text{ }", r"\hspace{1em}", r"\phantom{x}", r"\left.\right."]
)
def test_a_formula_of_which_nothing_is_seen_is_a_fault(tmp_path: Path, formula: str) -> None:
    write(tmp_path, section(card(formula=formula)))
    said = eigendeck("check", tmp_path, "--draws", 2, cwd=tmp_path, code=1).stderr
    assert "error: total: formula: has no symbol: nothing of it is seen" in said


ODD = r"""
    a\not=b ; x\not\in y ; x_n\overset{d}\to X ; \overset{d}\to x ; a\stackrel{?}{=}b ; x\stackrel{d}{\to}y ;
    \lim_\to x ; \lim_{x\to} x ; \lim_{x\to0}\frac{1}{x} ; I=\frac{U}{R} ; x^{20} ; r^{20} ; r^{2000} ;
    \frac{r^{20}}{r^{19}} ; r^{20}-r^{20}+x_1 ; A^{20} ; \det(A^{20}) ; 1=0^{-1} ; \begin{cases}\end{cases} ;
    \begin{cases}x\end{cases} ; x!! ; (r)! ; \binom{r}{2} ; b\bmod 0 ; b\bmod 7 ; b^b\bmod 7 ; b!\bmod 7 ;
    \gcd(b,x) ; \gcd(r,2) ; \operatorname{lcm}(b,b) ; s=\sum_{i=1}^{b}x_i ; s=\prod_i b ; b-b ; \sqrt{b} ;
    \log b ; \frac{b}{b} ; s=x_{b} ; s=\arg\max_b b ; s=\nabla b ; s=\frac{d}{dx} x ; \mathbb{E}[b] ;
    \operatorname{Var}(b) ; x\times A ; |\vec x|=|\mathbf{A}| ; x^\circ ; 90^\circ\% ; \Delta ; \Delta x ;
    \Delta\Delta x ; \Delta 2 ; x^- ; x^+ ; A^- ; i^i=j ; e^{i\pi}=-1 ; \lg_2 x ; \cot x
"""


def test_no_formula_however_odd_is_more_than_unread(tmp_path: Path) -> None:
    odd = [formula.strip() for formula in ODD.split(" ;")]
    given = "x = rng.integers(2, 9, 3)\nr = 1e15 * x[0]\nA = r * np.ones((2, 2))\nb = 10**400 + 0 * int(x[0])\n"
    write(tmp_path, section(*(card(id=f"c{n}", formula=formula, given=given) for n, formula in enumerate(odd))))
    said = eigendeck("check", tmp_path, "--draws", 3, "--formulas", cwd=tmp_path)
    told = {line.split(":")[0]: line for line in (said.stdout + said.stderr).splitlines() if re.match(r"c\d+: ", line)}
    assert len(told) == len(odd)
    assert not [line for line in told.values() if "Error" in line], told


def test_a_name_that_only_the_formula_reads_cannot_make_a_card_fail_that_has_no_reads(tmp_path: Path) -> None:
    given = "x = rng.random()\nk = zip([1], [2])\nm = {'a': 1}\nf, g = np.sin, np.cos\nif x > 2:\n    n = 1\n"
    one = card(
        formula="y=2x+k-m+f+n", given=given, numpy="2 * x", check="answer == x + x", wide="x = 5.0", **NUMBERLESS
    )
    write(tmp_path, section(one))
    for command in ("build", "check"):
        assert "error" not in eigendeck(command, tmp_path, cwd=tmp_path).stderr


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


SUMS = {  # that begin at 0: the formula, what is drawn, and the code
    "to n-1": (r"s=\sum_{k=0}^{n-1} k x_k", "x = rng.integers(2, 9, 4)", "np.arange(4) @ x"),
    "to n-1, which is an input": (r"s=\sum_{k=0}^{n-1} k x_k", "n = 4\nx = rng.integers(2, 9, 4)", "np.arange(n) @ x"),
    "to n": (r"p=\sum_{k=0}^{n} a_k x^k", "a = rng.integers(1, 5, 4)\nx = rng.integers(2, 5)", "a @ x ** np.arange(4)"),
    "n is their number": (
        r"s=\frac{1}{n}\sum_{k=0}^{n-1} k x_k",
        "x = 4 * rng.integers(2, 9, 4)",
        "np.arange(4) @ x / 4",
    ),
    "n is the last one": (
        r"s=\frac{1}{n}\sum_{k=0}^{n} k x_k",
        "x = 3 * rng.integers(2, 9, 4)",
        "np.arange(4) @ x / 3",
    ),
    "a product": (r"p=\prod_{k=0}^{n-1} (x_k+k)", "x = rng.integers(2, 9, 3)", "np.prod(x + np.arange(3))"),
    "neighbours": (
        r"s=\sum_{k=0}^{n-2} k (x_{k+1}-x_k)^2",
        "x = rng.integers(2, 9, 4)",
        "np.arange(3) @ np.diff(x)**2",
    ),
    "two sums": (
        r"s=\sum_{i=0}^{m-1}\sum_{j=0}^{n-1} i j a_{ij}",
        "a = rng.integers(1, 5, (3, 4))",
        "np.arange(3) @ a @ np.arange(4)",
    ),
    "two letters without bounds": (
        r"s=\sum_{i,j} i j a_{ij}",
        "a = rng.integers(1, 5, (3, 4))",
        "np.arange(3) @ a @ np.arange(4)",
    ),
}


@pytest.mark.parametrize(("formula", "given", "numpy"), SUMS.values(), ids=SUMS)
def test_a_sum_that_begins_at_zero_begins_with_the_first_entry(
    tmp_path: Path, formula: str, given: str, numpy: str
) -> None:
    keys = {
        "formula": formula,
        "given": given,
        "numpy": numpy,
        "reads": {},
        **NUMBERLESS,
        "check": f"answer == {numpy}",
    }
    write(tmp_path, section(card(**keys)))
    said = eigendeck("check", tmp_path, "--draws", 20, "--formulas", cwd=tmp_path).stderr
    assert "total: agrees on 20 draws" in said
    wrong = numpy.replace("np.arange(4)", "np.arange(1, 5)").replace("np.arange(n)", "np.arange(1, n + 1)")
    wrong = wrong.replace("np.arange(3)", "np.arange(1, 4)")
    if "," not in formula:  # without bounds it may count from 1, too
        write(tmp_path, section(card(**{**keys, "numpy": wrong, "check": f"answer == {wrong}"})))
        assert "formula gives" in eigendeck("check", tmp_path, "--draws", 20, cwd=tmp_path, code=1).stderr


OUTSIDE = {  # the formula, `reads`, and what is said
    "entry 0": (r"s=x_0+x_1+x_2", {}, "Say in `reads` what it is: {'x_0': …}."),
    "beyond the end": (r"s=\sum_{k=0}^{5} x_k", {}, "Subscripts count from 1, to 3 here, and from 0 where"),
    "a letter that the sign binds": (
        r"s=\sum_k k x_k",
        {"k": "np.arange(3)"},
        "Write its values as bounds, `k=0` below",
    ),
}


@pytest.mark.parametrize(("formula", "reads", "hint"), OUTSIDE.values(), ids=OUTSIDE)
def test_a_subscript_out_of_range_is_answered_with_how_they_count(
    tmp_path: Path, formula: str, reads: dict[str, str], hint: str
) -> None:
    assert hint in checked(tmp_path, section(card(formula=formula, reads=reads)), 1)


COUNTED = {  # the formula, what is drawn, and the code, whose letter counts from 0
    "a factor": (r"y_k = k\,x_k", "x = rng.integers(1, 9, 4)", "np.arange(4) * x"),
    "a divisor": (r"y_k = \frac{x_k}{k+1}", "x = rng.integers(1, 9, 4)", "x / (np.arange(4) + 1)"),
    "an exponent": ("p_k = b^k", "b = rng.integers(2, 9)", "b ** np.arange(4)"),
    "without a subscript on the right": ("t_k = a + k d", "a, d = rng.integers(1, 9, 2)", "a + np.arange(4) * d"),
}


@pytest.mark.parametrize(("formula", "given", "numpy"), COUNTED.values(), ids=COUNTED)
def test_a_letter_that_counts_from_zero_is_said_in_reads(tmp_path: Path, formula: str, given: str, numpy: str) -> None:
    keys = {
        "formula": formula,
        "given": given,
        "numpy": numpy,
        **NUMBERLESS,
        "check": f"np.allclose(answer, {numpy} * 1)",
    }
    write(tmp_path, section(card(**keys, reads={})))
    said = eigendeck("check", tmp_path, "--draws", 20, cwd=tmp_path, code=1).stderr
    assert "`k` counts from 1. Where it counts from 0, write `reads: {k: np.arange(4)}`." in said
    write(tmp_path, section(card(**keys, reads={"k": "np.arange(4)"})))
    said = eigendeck("check", tmp_path, "--draws", 20, "--formulas", cwd=tmp_path).stderr
    assert "total: agrees on 20 draws" in said
    for wrong in ("np.arange(4) + 1", "np.arange(4)[::-1]"):
        write(tmp_path, section(card(**keys, reads={"k": wrong})))
        assert "formula gives" in eigendeck("check", tmp_path, "--draws", 20, cwd=tmp_path, code=1).stderr

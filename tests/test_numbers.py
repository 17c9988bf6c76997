"""Numbers as people read them, at any magnitude: on cards, on the sheet, and in what the programs print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import eigendeck
from decks import card, section, write
from packages import fields
from programs import plain, programs, run


def written(**keys: Any) -> str:
    """A card whose check is its own line, to the letter: nothing but its numbers is tested."""
    code = keys.get("numpy", "x.sum()")
    usual = {"formula": "y", "nice": "off", "steps": None, "check": f"repr(answer) == repr(({code}))"}
    return card(**{**usual, "mistake": {"says": "It is wrong."}, **keys})


# What cards show. By a name: `given`, `numpy` and other keys of the card, what stands in the words of its note, and
# what never does.
SHOWN: dict[str, tuple[str, str, Mapping[str, Any], list[str], list[str]]] = {
    # tiny and huge numbers keep their digits
    "photon": ("h = 6.626e-34\nf = rng.integers(4, 80) * 1e14", "h * f",
     {"steps": "h * f   # multiply", "mistake": {"says": "Divides.", "numpy": "h / f"}},
     [r"h = 6\.626e-34", r"f = \de14|f = \d\.\de15", r"\d\.\d+e-(18|19)", r"\\times 10\^\{-(18|19)\}", r"e-(48|49|50)"],
     [r"(?m)^0\.0$", r"np\.round"]),
    "coulomb": ("r = rng.integers(2, 9) * 1e-11\nq = 1.602e-19", "8.988e9 * q * q / r**2", {},
     [r"\d\.\d{1,3}e-0[789]", r"\\times 10\^\{-[789]\}"], [r"(?m)^0\.0$"]),
    "avogadro": ("n = rng.integers(2, 9)", "n * 6.02214076e23", {},
     [r"\d\.\d{3}e\+24", r"print\(f\"\{n \* 6\.02214076e23:\.3e\}\"\)"], [r"\d{12}"]),
    "astronomical unit": ("k = rng.integers(2, 9)", "k * 1.5e11", {}, [r"\d(\.\d+)?e\+1[12]"], [r"0{8}"]),
    "probabilities": ("p = rng.integers(1, 5, 40) / 10", "np.prod(p)", {"steps": "np.prod(p)   # multiply"},
     [r"\d\.\d+e-[12]\d"], [r"(?m)^0\.0$", r"np\.round"]),
    "coins": ("n = rng.integers(40, 60)", "0.5**n", {}, [r"\d\.\d+e-1[0-9]"], [r"(?m)^0\.0$"]),
    "tail": ("x = rng.integers(30, 60)", "np.exp(-x)", {}, [r"\d\.\d{3}e-[12]\d"], [r"(?m)^0\.0$"]),
    "currents": ("x = rng.integers(3, 99, 3) * 1e-13", "2 * x", {}, [r"\[ ?\d\.\d*e-1[123] "], [r"\[0\. 0\. 0\.\]"]),
    "thirds of currents": ("x = rng.integers(3, 99, 3) * 1e-13", "x / 3", {},
     [r"\[ ?\d\.\d{1,3}e-1[1234] ", r"with np\.printoptions\(precision=3\):"], [r"\d\.\d{4,}e"]),
    "all magnitudes": ("h, f = 6.626e-34, rng.integers(4, 9) * 1e14", "np.array([h, f])", {},
     [r"\[6\.626e-34 \d\.000e\+14\]"], [r"\[0\. "]),
    "softmax": ("a = rng.integers(30, 40)", "np.exp([0, -a]) / np.exp([0, -a]).sum()", {},
     [r"\[1\.0+e\+00 \d\.\d{3}e-1[3-8]\]"], [r"\[1\. 0\.\]"]),
    "a float of 32 bits": ("n = rng.integers(2, 90)", "np.float32(n) / np.float32(7)", {},
     [r"\d\.\d{3}\b"], [r"\d\.\d{4}"]),
    "one of 32 bits in a tuple": ("n = rng.integers(2, 90)", "np.float32(n) / np.float32(7), n", {},
     [r"\(\d+\.\d{3}, \d+\)"], [r"\d\.\d{4}"]),
    "what a sum swallows": ("n = rng.integers(2, 90)", "n * 1e16 + 2", {},
     [r"\\approx \d(\.\d)?\\times 10\^\{1[67]\} \+ 2", r"\\approx \d(\.\d)?\\times 10\^\{1[67]\}\\\)"],
     [r"= \d(\.\d)?\\times 10"]),
    # nothing is shown of what rounding leaves of a zero
    "deviations": ("x = rng.integers(10, 99, 7) / 10", "(x - x.mean()).sum()",
     {"keep": "(x - x.mean()).sum() != 0",
      "steps": "x - x.mean()   # deviations\n(x - x.mean()).sum()   # they cancel"},
     [r"they cancel \(x - x\.mean\(\)\)\.sum\(\) 0\.0", r":z?\.1f\}"], [r"e-1[4-9]", r"-0\.0"]),
    "eigenvector": ("a = rng.integers(2, 9)\nA = np.array([[2, 1], [1, a]])",
     "lam, V = np.linalg.eigh(A)\nA @ V[:, 1] - lam[1] * V[:, 1]",
     {"check": "answer.shape == (2,) and np.abs(answer).max() < 1e-9", "answers": 1, "variants": 1}, [r"\[0\. 0\.\]"],
     [r"e-1[4-9]", r"-0\."]),
    "half a turn": ("k = rng.integers(2, 9)", "np.array([np.sin(k * np.pi), k])", {},
     [r"\[0\. \d\.\]"], [r"e-1[4-9]", r"-0\."]),
    "turns in a sum": ("k = rng.integers(2, 9)", "k * np.sin(2 * np.pi) + k * np.cos(np.pi / 2) + 3 * k", {},
     [r"\d\\cdot 0 \+ \d\\cdot 0 \+ \d"], [r"10\^\{-"]),
    "a turn behind a step": ("k = rng.integers(2, 9)", "k + np.sin(np.pi * k)",
     {"steps": "np.sin(np.pi * k)\nk + np.sin(np.pi * k)"},
     [r"\d \+ 0\\\)"], [r"10\^\{-"]),
    "small, and no rest of a zero": ("k = rng.integers(2, 9)", "np.sin(k * 1e-11) + np.exp(-30)", {},
     [r"10\^\{-1[13]\}.* \+ .*10\^\{-1[34]\}"], [r"[^.\d]0 "]),
    "cut off": ("k = rng.integers(2, 9) + 0.75",
     "np.array([int(k), k // 0.25, k % 0.25, np.floor(-k), np.ceil(k), int(f'{k:.0f}'), '%.0f' % k == '2'])", {},
     [r"\d"], ["error"]),
    "singular": ("k = rng.integers(2, 9)", "np.array([np.linalg.det([[k, 3 * k], [2, 6]]), k])", {},
     [r"\[0\. \d\.\]"], [r"e-1[4-9]", r"-0\."]),
    "uncorrelated": ("k = rng.integers(2, 60)\nx = np.array([4, 9, 7, 9, 3])\ny = np.array([43, 0, -8, 86, 34])",
     "np.array([np.corrcoef(x, y)[0, 1], np.polyfit(x, y, 1)[0], k])",
     {"check": "answer.shape == (3,) and answer[2] == k and abs(answer[:2]).max() < 1e-9"},
     [r"\[ ?0\. +0\. +\d+\. *\]"], [r"e-1[4-9]", r"-0\."]),
    "negative zero": ("k = rng.integers(2, 9)", "np.array([-0.0, k])", {},
     [r"\[0\. \d\.\]", r"print\(\(np\.array\(\[-0\.0, k\]\)\) \+ 0\)"], [r"(?m)^\[-0\."]),
    "the mistake cancels": ("x = rng.integers(10, 99, 7) / 10", "x.sum()",
     {"keep": "(x - x.mean()).sum() != 0",
      "mistake": {"says": "Takes the mean away.", "numpy": "(x - x.mean()).sum()"}},
     [r"\(x - x\.mean\(\)\)\.sum\(\)\n0\.0"], [r"e-1[4-9]", r"-0\.0"]),
    # one precision for a card
    "two digits": ("a = rng.integers(11, 99)\nb = 31", "a / b",
     {"nice": "2 digits", "steps": "a / b   # divide", "mistake": {"says": "Upside down.", "numpy": "b / a"}},
     [r"\\approx \d\.\d{1,2}\\\)", r"divide a / b \d\.\d\d?\n"], [r"\d\.\d{3,}"]),
    "as people round": ("a = rng.integers(201, 999)", "a / 200",
     {"nice": "2 digits"}, [r"= \d\.\d{1,2}\\\)"], ["approx"]),
    "one digit": ("a = rng.integers(11, 99)", "a / 7",
     {"nice": "1 digits", "steps": "a / 7   # divide", "work": r"\frac{<<a>>}{7}=<<answer>>"},
     [r"\\frac\{\d\d\}\{7\} ?\}?\\\) \\\(\\displaystyle (\\approx|=)"], [r"\d\.\d{2,}"]),
    "a vector of two digits": ("x = rng.integers(11, 99, 3)", "x / 31",
     {"nice": "2 digits", "steps": "x / 31   # divide"}, [r"\[\d\.\d+ +\d\.\d+ +\d\.\d+ *\]"], [r"\d\.\d{3,}"]),
    "digits of a tiny number": ("n = rng.integers(1, 9)", "n / 7e20", {"nice": "2 digits"},
     [r"\d\.\d{1,2}e-2[01]"], [r"(?m)^0\.0", r"\d\.\d{3,}e"]),
    # tuples and lists keep the kinds of their entries
    "where and what": ("x = rng.permutation(9)[:4] + 0.5", "x.argmax(), x.max()", {},
     [r"\([0-3], \d\.5\)", r"print\(tuple\(v\.tolist\(\) for v in \(x\.argmax\(\), x\.max\(\)\)\)\)"],
     [r"\(\d\.0, ", r"np\.float64|np\.int64"]),
    "count and mean": ("x = rng.integers(1, 9, 7)", "len(x), x.mean()", {},
     [r"\(7, \d\.\d+\)"], [r"\d\.\d{4,}\)", r"np\.float64\("]),
    "pairs": ("x = rng.integers(2, 9, 2)", "[(n, n / 2) for n in x]", {},
     [r"\[\(\d, \d\.\d\), \(\d, \d\.\d\)\]"], [r"np\.(float64|int64)\("]),
    "truth and number": ("x = rng.integers(2, 9, 2)", "bool(x[0] > 0), x.mean()", {},
     [r"\(True, \d\.\d\)"], [r"\(1\.0", r"np\.float64\("]),
    "counts": ("x = rng.integers(2, 4, 6)", "np.unique(x, return_counts=True)", {"keep": "len(set(x.tolist())) == 2"},
     [r"\(\[2, 3\], \[\d, \d\]\)"], [r"(?<!np\.)array\("]),
    # numbers in `work`
    "power of a power": ("a = rng.integers(1, 99) * 1e-7", "a**2", {"work": "<<a>>^2=<<answer>>"},
     [r"\(\d(\.\d+)?\\times 10\^\{-[67]\}\)\^2"], []),
    "power of a negative": ("a = -rng.integers(2, 9)", "a**2", {"work": "<<a>>^2=<<answer>>"}, [r"\(-\d\)\^2"], []),
    "negative exponent": ("a = -rng.integers(2, 9)", "2.0**a", {"work": "2^<<a>>=<<answer>>"}, [r"2\^\{-\d\}"], []),
    "root": ("a = rng.integers(11, 99)**2", "np.sqrt(a)", {"work": r"\sqrt<<a>>=<<answer>>"},
     [r"\\sqrt\{\d{3,4}\}"], []),
    "complex factor": ("a, b = rng.integers(2, 9, 2)", "a * (b + 2j)", {"work": r"<<a>>\cdot <<b + 2j>>=<<answer>>"},
     [r"\d\\cdot \(\d \+ 2\\,\\mathrm\{i\}\)"], []),
    "rounded work": ("a = rng.integers(1, 9)", "a / 7", {"keep": "a % 7", "work": r"y=\frac{<<a>>}{7}=<<answer>>"},
     [r"\\approx \d\.\d{3}"], [r"= ?\d\.\d{3}\b"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict[str, str]], str]:
    """The fields of each card's note by its place in `SHOWN`, and the sheet."""
    folder = tmp_path_factory.mktemp("shown")
    rows = enumerate(SHOWN.values())
    cards = (written(id=f"c{place}", given=given, numpy=numpy, **more) for place, (given, numpy, more, *_) in rows)
    panel = {"title": "Constants", "numbers": "\n".join(f"{code}   # {name}" for name, (code, _) in PANEL.items())}
    write(folder / "deck", section(*cards), variants=3, panels=[panel])
    eigendeck("build", "deck", "--fresh", cwd=folder)
    return fields(folder / "build" / "small.apkg"), (folder / "build" / "small.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHOWN)
def test_a_number_is_shown_as_people_read_it(name: str, shown: tuple[dict[str, dict[str, str]], str]) -> None:
    note = shown[0][f"c{list(SHOWN).index(name)}"]
    words = plain(re.sub("<(?:br|/p|/pre|/samp|/li)>", "\n", note["Work Front"] + note["Work Back"]))
    *_, present, absent = SHOWN[name]
    assert [pattern for pattern in present if not re.search(pattern, words)] == [], words
    assert [pattern for pattern in absent if re.search(pattern, words)] == [], words


def test_the_programs_print_what_is_shown(shown: tuple[dict[str, dict[str, str]], str]) -> None:
    found = [pair for note in shown[0].values() for pair in programs(note["Work Back"])] + programs(shown[1])
    assert run([program for program, _ in found]) == [f"{output}\n" for _, output in found]


def test_the_box_the_steps_and_the_formula_show_the_same_digits(shown: tuple[dict[str, dict[str, str]], str]) -> None:
    for name in ("photon", "two digits", "one digit"):
        back = shown[0][f"c{list(SHOWN).index(name)}"]["Work Back"]
        for variant in back.split('<div class="variant"')[1:]:
            value = re.search(r'<p class="value[^"]*"><samp>(.*?)</samp>', variant)
            step = re.findall(r"<samp>(.*?)</samp></li>", variant)[-1]
            assert value
            assert step == value[1]
            number = Decimal(value[1])
            typeset = [
                Decimal(f"{a}e{b or 0}") for a, b in re.findall(r"(\d+(?:\.\d+)?)(?:\\times 10\^\{(-?\d+)\})?", variant)
            ]
            assert number in typeset, (name, variant)


PANEL = {  # by a name: the code, and what stands on the sheet
    "Planck": ("6.626e-34", "6.626e-34"),
    "light": ("2.998e8", "299800000.0"),
    "Avogadro": ("6.02214076e23", "6.022e+23"),
    "tolerance": ("0.0005", "0.0005"),
    "charge": ("1.602e-19 * np.array([1, 2])", "[1.602e-19 3.204e-19]"),
    "fine structure": ("1 / 137", "0.0073"),
    "third": ("1 / 3", "0.333"),
    "nothing": ("-np.sin(np.pi)", "0.0"),
    "turn": ("np.array([np.cos(np.pi / 2), 1])", "[0. 1.]"),
}  # fmt: skip


def test_a_panel_shows_numbers_as_cards_do(shown: tuple[dict[str, dict[str, str]], str]) -> None:
    rows = re.findall(r'<tr><td>(.*?)</td>.*?<td class="number">(.*?)</td></tr>', shown[1])
    assert dict(rows) == {name: text for name, (_, text) in PANEL.items()}


# What is refused, and what is said of it.
REFUSED: list[tuple[Mapping[str, Any], str]] = [
    ({"given": "p = rng.integers(1, 200) / 200", "numpy": "p", "ask": "Of {p:.0%}?"},
     r"ask: `\{p:.0%\}` shows p as .*Write `\{p:\.1%\}`"),
    ({"given": "x = rng.integers(9, 99) / 8", "numpy": "x", "ask": "Of {x:.1f}?"},
     r"ask: `\{x:.1f\}` shows x as .*Write `\{x:\.[23]f\}`"),
    ({"given": "x = rng.integers(1001, 9999) * 1e-10", "numpy": "x", "ask": "Of {x:.1e}?"},
     r"ask: `\{x:.1e\}` .*Write `\{x:\.[23]e\}`"),
    ({"given": "x = rng.integers(1001, 9999) * 1e-10", "numpy": "x", "ask": "Of {x:.3f}?"},
     r"ask: `\{x:.3f\}` shows x as 0\.000.*Write `\{x:?.*\}`"),
    ({"given": "n = 1000001 * rng.integers(2, 9)", "numpy": "n", "ask": "Of {n:g}?"},
     r"ask: `\{n:g\}` .*Write `\{n:\.7g\}`"),
    ({"given": "t = 'abcdef' + 'g' * int(rng.integers(9))", "numpy": "t", "ask": "Of {t:.3}?"},
     r"ask: `\{t:.3\}` shows t as abc.*Write `\{t\}`"),
    ({"given": "a, b = rng.integers(2, 9, 2)", "numpy": "2 * a + b", "work": "2<<a>>+<<b>>=<<answer>>"},
     r"work: `<<a>>` is \d, and runs into.*Write `\\cdot`"),
    ({"given": "a, b = rng.integers(2, 9, 2)", "numpy": "a * b", "work": "<<a>><<b>>=<<answer>>"},
     r"work: `<<b>>` is \d, and runs into"),
    ({"given": "a, b = rng.integers(2, 9, 2)", "numpy": "a * b", "work": r"<<a>>\,<<b>>=<<answer>>"},
     r"work: `<<b>>` is \d, and runs into"),
    ({"given": "a = rng.integers(2, 9)", "numpy": "np.exp(2 * a)", "work": "e^{2 <<a>>}=<<answer>>"},
     r"work: `<<a>>` is \d, and runs into"),
    ({"given": "a = 2 * rng.integers(9, 99) + 1", "numpy": "a / 200", "nice": "2 digits"},
     r"nice: the answer is not finite, or half-way between two numbers of 2 decimals in any draw: .*with more digits"),
    ({"given": "x = rng.integers(1, 100) / 100", "keep": "x == 0.29", "numpy": "int(x * 100)", "variants": 1},
     r"numpy: int cuts 28\.9{14}6 off, which is 29 but for rounding errors.*Round first"),
    ({"given": "x = rng.integers(1, 20) / 10", "keep": "x == 0.7", "numpy": "x // 0.1", "variants": 1},
     r"numpy: `//` cuts 6\.9+\d off, which is 7 but"),
    ({"given": "x = 360", "numpy": "np.degrees(np.angle(np.exp(1j * np.radians(x)))) % 360", "variants": 1},
     r"numpy: `%` cuts -\S+e-17 off, which is 0 but"),
    ({"given": "x = np.array([0.25, 0.29])", "numpy": "(100 * x).astype(int)", "variants": 1},
     r"numpy: \.astype cuts 28\.9"),
    ({"given": "x = np.array([0.25, 0.29])", "numpy": "np.array([100 * x], int, ndmin=3)", "variants": 1},
     r"numpy: np\.array cuts 28\.9"),
    ({"given": "x = [0.25, 0.29]", "numpy": "list(map(int, [100 * v for v in x]))", "variants": 1},
     r"numpy: int cuts 28\.9"),
    ({"given": "x = 6.3", "numpy": "divmod(x, 0.1)[0]", "variants": 1},
     r"numpy: `divmod` cuts 62\.9"),
    ({"given": "x = np.array([0.25, 1.3])", "numpy": "np.ceil(x * 3 / 0.3)", "variants": 1},
     r"numpy: np\.ceil cuts 13\.0+2 off"),
    ({"given": "k = 90 + 180 * rng.integers(0, 9)", "numpy": "np.tan(np.radians(k))"},
     r"numpy: the answer is infinite but for rounding errors: "),
    ({"given": "k = rng.integers(1, 9)", "numpy": "k / (0.1 + 0.2 - 0.3)"},
     r"numpy: the answer is infinite but for rounding errors: .*divided by zero"),
    ({"given": "k = rng.integers(1, 9)", "numpy": "np.array([k, 1 / np.sin(np.pi * k)])"},
     r"numpy: the answer is infinite but for rounding errors: "),
    ({"given": "x = rng.integers(2, 9, 3)", "numpy": "str(v for v in x)", "check": "len(answer) > 3"},
     r"numpy: the answer has the address of an object"),
    ({"given": "x = rng.integers(2, 9, 3)", "numpy": "x.sum(), str(lambda: 0)", "check": "answer[0] == x.sum()"},
     r"numpy: the answer has the address"),
    ({"given": "x = rng.integers(2, 9, 3)", "numpy": "f'{map(abs, x)}'", "check": "len(answer) > 3"},
     r"numpy: the answer has the address of an object"),
]  # fmt: skip


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `build` says of all cards that it refuses."""
    folder = tmp_path_factory.mktemp("refused")
    write(folder / "deck", section(*(written(id=f"c{place}", **keys) for place, (keys, _) in enumerate(REFUSED))))
    return eigendeck("build", "deck", "--fresh", cwd=folder, code=1).stderr


@pytest.mark.parametrize("place", range(len(REFUSED)))
def test_a_number_that_would_mislead_is_refused(place: int, refused: str) -> None:
    said = next(text for text in re.split(r"\n(?=\S)", refused) if f": c{place}: " in text)
    assert re.search(REFUSED[place][1], said.replace("\n    ", " ")), said


@pytest.mark.parametrize(
    ("given", "ask"),
    [
        ("p = rng.integers(1, 200) / 200", "Of {p:.1%}?"),
        ("p = rng.integers(1, 100) / 100", "Of {p:.0%}?"),
        ("n = 1000 * rng.integers(2, 9)", "Of {n:,}?"),
        ("n = 1000 * rng.integers(2, 9)", "Of {n:.0f} and {n:b}?"),
        ("x = rng.integers(9, 99) / 8", "Of {x:>8.3f}, {x:+} and {x:g}?"),
        ("h = rng.integers(1, 9) * 1e-34", "Of {h} and {h:.0e}?"),
    ],
)
def test_a_format_that_changes_nothing_is_welcome(given: str, ask: str, tmp_path: Path) -> None:
    name = given[0]
    write(tmp_path / "deck", section(written(given=given, ask=ask, numpy=f"2 * {name}")))
    eigendeck("check", "deck", cwd=tmp_path)


def test_rounding_errors_of_other_draws_are_no_wrong_answers(tmp_path: Path) -> None:
    check = "np.isclose(answer, [0, 1, 0, -1][n % 4], atol=1e-9)   # a quarter turn each"
    turns = {"given": "n = rng.integers(0, 12)", "numpy": "np.sin(n * np.pi / 2)", "check": check}
    write(tmp_path / "deck", section(written(**turns, nice="off")))
    eigendeck("check", "deck", cwd=tmp_path)


MAGNITUDES = st.integers(-300, 300)
DIGITS = st.integers(1, 10**15)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(numbers=st.lists(st.tuples(DIGITS, MAGNITUDES, st.booleans()), min_size=40, max_size=40))
def test_any_magnitude_is_shown_with_its_digits(
    numbers: list[tuple[int, int, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    exact = [Decimal(float(f"{'-' * sign}{digits}e{power - 15}")) for digits, power, sign in numbers]
    cards = (
        written(id=f"c{place}", given=None, numpy=f"1.0 * {float(number)!r}", steps=f"1.0 * {float(number)!r}   # it")
        for place, number in enumerate(exact)
    )
    write(folder / "deck", section(*cards))
    eigendeck("build", "deck", "--fresh", cwd=folder)
    notes = fields(folder / "build" / "small.apkg")
    for place, number in enumerate(exact):
        ((program, output),) = programs(notes[f"c{place}"]["Work Back"])
        assert abs(Decimal(output) - number) <= max(abs(number) * Decimal("0.0051"), Decimal(0)), (program, output)
        assert len(output) <= 22, (program, output)

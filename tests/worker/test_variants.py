"""Worked values: what is drawn, what is shown, and that the program shown prints exactly what stands below it."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import eigendeck
from decks import card, section, write
from packages import fields
from programs import plain, programs, run

PLAIN: Mapping[str, Any] = {"steps": None, "check": "True == True", "mistake": {"says": "It is wrong."}}


def checked(keys: Mapping[str, Any]) -> dict[str, str]:
    """A check of a card of which nothing else is tested: that the answer is what `numpy` gives, to the letter."""
    code = keys.get("numpy", "x.sum()")
    return {} if "\n" in code or ";" in code else {"check": f"repr(answer) == repr(({code}))"}


def build(
    folder: Path, cards: Mapping[str, Mapping[str, Any]], seed: int = 0, variants: int = 3
) -> dict[str, dict[str, str]]:
    """The fields of each note of a deck, by the card's id and the field's name; cards are given by their ids."""
    written = section(*(card(**{**PLAIN, **checked(keys), "id": card_id, **keys}) for card_id, keys in cards.items()))
    write(folder / "deck", written, variants=variants)
    eigendeck("build", "deck", "--seed", seed, "--fresh", cwd=folder)
    return fields(folder / "build" / "small.apkg")


def worked(note: dict[str, str]) -> list[tuple[str, str]]:
    """The program and the output of each variant."""
    return programs(note["Work Back"])


# --- what is printed


PRINTED = {  # by the code of an answer: what is printed, and how the program comes to it
    "0.1 + 0.2": ("0.3", 'print(f"{0.1 + 0.2:.1f}")'),
    "49.00000000000001": ("49.0", 'print(f"{49.00000000000001:.1f}")'),
    "np.float64(-0.0)": ("0.0", 'print(f"{np.float64(-0.0):z.1f}")'),
    "np.array([-0.0, 1.5])": ("[0.  1.5]", "print((np.array([-0.0, 1.5])) + 0)"),
    "np.array([1, 1e-17])": ("[1.e+00 1.e-17]", "print(np.array([1, 1e-17]))"),
    "np.array([1, 0.1 + 0.2 - 0.3])": (
        "[1. 0.]",
        "with np.printoptions(precision=0, suppress=True):\n    print(np.array([1, 0.1 + 0.2 - 0.3]))",
    ),
    "np.array([1, 0.3 - 0.1 - 0.2])": ("[1. 0.]", "print(np.round(np.array([1, 0.3 - 0.1 - 0.2]), 0) + 0)"),
    "1e-17": ("1e-17", "print(1e-17)"),
    "2e-10": ("2e-10", "print(2e-10)"),
    "1e16": ("1e+16", "print(1e16)"),
    "4.5e14": ("4.5e+14", 'print(f"{4.5e14:.1e}")'),
    "123456789012.5": ("123456789012.5", "print(123456789012.5)"),
    "1 / 3": ("0.333", 'print(f"{1 / 3:.3f}")'),
    "1 / 300": ("0.00333", 'print(f"{1 / 300:.5f}")'),
    "1 / 3e20": ("3.333e-21", 'print(f"{1 / 3e20:.3e}")'),
    "{'a': 1 / 3}['a']": ("0.333", """print(format({'a': 1 / 3}['a'], ".3f"))"""),
    "(1 +\n 0) / 3": ("0.333", 'print(format((1 +\n 0) / 3, ".3f"))'),
    "[np.int64(24), np.int64(3)]": ("[24, 3]", "print([v.tolist() for v in [np.int64(24), np.int64(3)]])"),
    "(np.int64(2), np.int64(3))": ("(2, 3)", "print(tuple(v.tolist() for v in (np.int64(2), np.int64(3))))"),
    "np.int64(2), np.float64(3)": ("(2, 3.0)", "print(tuple(v.tolist() for v in (np.int64(2), np.float64(3))))"),
    "np.int64(2), 'two', 1 / 3": (
        "(2, 'two', 0.333)",
        "print(tuple(v if isinstance(v, str) else np.round(v, 3).tolist() for v in (np.int64(2), 'two', 1 / 3)))",
    ),
    "[(np.int64(2), np.float64(1) / 3)]": (
        "[(2, 0.333)]",
        "print([tuple(np.round(v, 3).tolist() for v in row) for row in [(np.int64(2), np.float64(1) / 3)]])",
    ),
    "[1 / 3, 2 / 3]": ("[0.333, 0.667]", "print(np.round([1 / 3, 2 / 3], 3).tolist())"),
    "(1, 2), 3": ("((1, 2), 3)", "print(((1, 2), 3))"),
    "list(np.array([True]))": ("[True]", "print([v.tolist() for v in list(np.array([True]))])"),
    "list(np.array(['a']))": ("['a']", "print([v.tolist() for v in list(np.array(['a']))])"),
    "np.bool_(True)": ("True", "print(np.bool_(True))"),
    "'a text'": ("a text", "print('a text')"),
    "2**100": (str(2**100), "print(2**100)"),
    "complex(0.1 + 0.2, -1)": ("(0.3-1j)", "print(np.round(complex(0.1 + 0.2, -1), 1))"),
    "np.nan": ("nan", "print(np.nan)"),
    "np.array([np.nan, 1 / 3])": (
        "[  nan 0.333]",
        "with np.printoptions(precision=3):\n    print(np.array([np.nan, 1 / 3]))",
    ),
    "np.array([1 / 3, 2000])": (
        "[   0.333 2000.   ]",
        "with np.printoptions(precision=3, suppress=True):\n    print(np.array([1 / 3, 2000]))",
    ),
    "np.array([1, 2]) / 3e20": (
        "[3.333e-21 6.667e-21]",
        "with np.printoptions(precision=3):\n    print(np.array([1, 2]) / 3e20)",
    ),
    "np.float32(0.1)": ("0.1", "print(np.float32(0.1))"),
    "np.int8([1, 2])": ("[1 2]", "print(np.int8([1, 2]))"),
    "np.zeros((0, 2))": ("[]", "print(np.zeros((0, 2)))"),
    "np.array(1 / 3)": ("0.333", 'print(f"{np.array(1 / 3):.3f}")'),
    "np.arange(8).reshape(2, 2, 2)": (
        "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]",
        "print(np.arange(8).reshape(2, 2, 2))",
    ),
    "a = 2; a + 1  # the sum": ("3", "a = 2\nprint(a + 1)"),
    "a = 2  # two\n(a +  # plus\n 1)": ("3", "a = 2  # two\nprint((a +  # plus\n 1))"),
    "np.linalg.svd(np.eye(1))": (
        "([[1.0]], [1.0], [[1.0]])",
        "print(tuple(v.tolist() for v in np.linalg.svd(np.eye(1))))",
    ),
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """The program and the output of each code."""
    cards = {f"c{i}": {"given": None, "numpy": code, "nice": "off", "allow": ["nan"]} for i, code in enumerate(PRINTED)}
    notes = build(tmp_path_factory.mktemp("printed"), cards)
    return {code: worked(notes[f"c{i}"])[0] for i, code in enumerate(PRINTED)}


@pytest.mark.parametrize("code", PRINTED)
def test_noise_is_taken_away_by_the_code_that_is_shown(code: str, printed: dict[str, tuple[str, str]]) -> None:
    program, output = printed[code]
    assert (output, program) == PRINTED[code]


def test_these_programs_print_their_output(printed: dict[str, tuple[str, str]]) -> None:
    assert run([program for program, _ in printed.values()]) == [f"{output}\n" for _, output in printed.values()]


FLOATS = st.floats() | st.floats(-10, 10).map(lambda number: round(number, 3)) | st.floats(-1e-8, 1e-8)
NUMBERS = st.integers(-(2**70), 2**70) | FLOATS | st.booleans() | st.complex_numbers()
WORDS = st.text(string.ascii_letters + string.digits + "<>&'\"\\ {}[]$%λ→", max_size=8)
SHAPES = st.sampled_from([(), (0,), (1,), (3,), (2, 2), (2, 1, 2), (0, 2)])
DTYPES = ("float64", "float32", "float16", "int64", "int8", "uint8", "bool", "complex128", "complex64")


def written(value: object) -> str:
    """Python that makes a plain value, given np."""
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(written, value))},)"
    if isinstance(value, complex):
        return f"complex({written(value.real)}, {written(value.imag)})"
    if isinstance(value, float):
        return f"float('{value!r}')"
    return repr(value)


@st.composite
def arrays(draw: st.DrawFn) -> str:
    """Code that makes an array of some dtype and shape."""
    shape, dtype = draw(SHAPES), draw(st.sampled_from(DTYPES))
    size = int(np.prod(shape))
    whole = st.integers(0, 100).map(float)
    short = st.integers(-999, 999).map(lambda number: number / 8)  # a longer one would leave the range of its type
    entries = whole if dtype[0] in "iub" else short if dtype in ("float16", "float32") else FLOATS
    numbers = draw(st.lists(entries, min_size=size, max_size=size))
    return f"np.array({written(numbers)}).astype(np.{dtype}).reshape({shape})"


SCALARS = st.builds("np.{}({})".format, st.sampled_from(DTYPES[:6]), st.integers(0, 100))
NESTED = st.recursive(
    st.one_of(NUMBERS.map(written), WORDS.map(repr)),
    lambda inner: st.lists(inner, max_size=4).map(
        lambda parts: f"[{', '.join(parts)}]"
    ) | st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"({', '.join(parts)},)"),
    max_leaves=8,
)  # fmt: skip


ROWS = st.lists(SCALARS | WORDS.map(repr) | FLOATS.map(written), min_size=1, max_size=4).map(", ".join)
MIXED = SCALARS | ROWS.map("[{}]".format) | ROWS.map("({},)".format)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(codes=st.lists(NESTED | MIXED | arrays(), min_size=30, max_size=30))
def test_any_value_is_printed_by_its_program(codes: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    cards: dict[str, Mapping[str, Any]] = {
        f"a{i}": {"given": None, "numpy": code, "nice": "off", "allow": ["inf", "nan"]} for i, code in enumerate(codes)
    }
    cards |= {
        f"b{i}": {"given": f"x = {code}", "numpy": "x", "nice": "off", "allow": ["inf", "nan"], "variants": 1}
        for i, code in enumerate(codes)
    }
    found = [pair for note in build(tmp_path_factory.mktemp("any"), cards).values() for pair in worked(note)]
    assert len(found) == 60
    assert run([program for program, _ in found]) == [f"{output}\n" for _, output in found]


# --- what is drawn


def test_another_card_or_variant_changes_no_number(tmp_path: Path) -> None:
    alone = build(tmp_path / "alone", {"sum": {}})
    among = build(tmp_path / "among", {"first": {}, "sum": {}, "last": {}}, variants=5)
    assert len(worked(alone["sum"])) == 3
    assert worked(among["sum"])[:3] == worked(alone["sum"])
    assert worked(among["sum"]) != worked(among["first"])


def test_another_seed_changes_all_numbers_and_the_same_seed_none(tmp_path: Path) -> None:
    first, again, other = (build(tmp_path / str(i), {"sum": {}}, seed)["sum"] for i, seed in enumerate((1, 1, 2)))
    assert worked(first) == worked(again)
    assert not set(worked(first)) & set(worked(other))


RULES: dict[str, dict[str, Any]] = {
    "keep": {
        "given": "x = rng.integers(0, 3, 2)",
        "numpy": "x.sum()",
        "keep": "answer == 2\n1 / int(x[0]) > 0",
        "variants": 2,
    },
    "hidden": {
        "given": "big = rng.normal(size=9_000)\nx = rng.integers(2, 9, 3)\ntwice = 2 * x",
        "numpy": "twice.sum()",
        "check": "big.size == 9_000 and answer == 2 * x.sum()",
    },
    "digits": {"given": "x = rng.random(2)", "numpy": "x[0] + x[1]", "nice": "2 digits", "check": "answer == x.sum()"},
    "functions": {
        "given": "n = x = rng.integers(2, 9)\nt = np.pi\nf, g = (lambda v: v * n), np.exp\n"
        "def h(v):\n    return f(v) + 0 * g(0) + 0 * t\nk = x",
        "numpy": "int(h(k))",
        "check": "answer == x * x",
    },
    "copies": {
        "given": "x = [rng.integers(2, 9, 2), [1, 2]]\nv = x[0][:1]",
        "numpy": "before = x[0].sum()\nx[0][:] = 0\nx[1].append(9)\nbox = [before]\nv[0] = 0\nbefore",
        "steps": "box += [7]; less = x[1].append(0) or 0\nx[0].sum()",
        "keep": "x[0].fill(5) is None\nanswer == x[0].sum() == before and box == [before]",
        "check": "x[1].append(8) is None and x[0].fill(1) is None\n"
        "x[0].sum() == answer and x[1] == [1, 2] and box == [before]",
        "mistake": {"says": "It adds.", "numpy": "x[0].fill(3) is None and x[0].sum() * 100"},
    },
    "shown": {
        "given": "w = rng.integers(2, 9, 2)\nz = np.log(w)",
        "numpy": "np.exp(z).sum()",
        "show": {"z": "np.log({w})"},
        "check": "np.isclose(answer, w.sum())",
    },
    "asked": {
        "given": "p = rng.choice([.25, .5])\nn = rng.integers(2, 50)",
        "numpy": "p * n * 4",
        "ask": r"Of {n}, {p:.0%} {{do}} \(x_{i}\); f is {f}.",
    },
    "raises": {"mistake": {"says": "It raises.", "numpy": "x @ np.ones(4)"}},
    "alone": {"given": None, "numpy": "np.arange(4)"},
    "floats": {"given": "x = rng.normal(size=2)", "numpy": "x.sum()", "nice": "off", "check": "answer == x[0] + x[1]"},
    "lists": {
        "given": "x = rng.integers(0, 9, 3).tolist()\ny = [x, x]",
        "numpy": "y[0].append(1)\nlen(x) * sum(y[1])",
        "check": "answer == 3 * sum(x)",
    },
    "few": {"given": "x = rng.integers(1, 4)", "numpy": "x + 1"},
}
RULES["asked"]["given"] += "\nf = lambda t: t"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The notes of cards that each need one rule of drawing."""
    return build(tmp_path_factory.mktemp("rules"), RULES)


def test_programs_of_drawn_variants_print_their_output(rules: dict[str, dict[str, str]]) -> None:
    found = [pair for note in rules.values() for pair in worked(note)]
    assert len(found) == 3 * len(RULES) - 3  # "keep" has two, "alone" one
    assert run([program for program, _ in found]) == [f"{output}\n" for _, output in found]


def test_an_exception_in_keep_refuses_the_draw_alone(rules: dict[str, dict[str, str]]) -> None:
    drawn = {program.splitlines()[0] for program, _ in worked(rules["keep"])}
    assert drawn == {"x = np.array([1, 1])", "x = np.array([2, 0])"}


def test_names_that_numpy_does_not_read_stay_hidden(rules: dict[str, dict[str, str]]) -> None:
    for program, _ in worked(rules["hidden"]):
        assert program.startswith("twice = np.array([")
        assert len(program.splitlines()) == 2


def test_digits_are_decimals_that_are_shown_and_the_check_sees_them_all(rules: dict[str, dict[str, str]]) -> None:
    for program, output in worked(rules["digits"]):
        assert len(output.partition(".")[2]) <= 2
        assert re.search(r'print\(f"\{x\[0\] \+ x\[1\]:\.[12]f\}"\)$', program)


def test_functions_appear_as_their_source_with_what_they_close_over(rules: dict[str, dict[str, str]]) -> None:
    for program, output in worked(rules["functions"]):
        lines = program.splitlines()
        number = lines[0].removeprefix("n = ")
        assert lines == [
            f"n = {number}",
            "t = 3.14159265359",
            "f, g = (lambda v: v * n), np.exp",
            "def h(v):",
            "    return f(v) + 0 * g(0) + 0 * t",
            f"k = {number}",
            "print(int(h(k)))",
        ]
        assert int(output) == int(number) ** 2


def test_what_one_key_changes_no_other_key_sees(rules: dict[str, dict[str, str]]) -> None:
    assert len(worked(rules["copies"])) == 3  # its conditions would refuse it otherwise


def test_show_is_what_readers_see_and_what_runs(rules: dict[str, dict[str, str]]) -> None:
    for program, _ in worked(rules["shown"]):
        first = program.splitlines()[0]
        assert first.startswith("z = np.log([")
        assert first in plain(rules["shown"]["Work Front"])


def test_ask_is_filled_outside_of_maths(rules: dict[str, dict[str, str]]) -> None:
    front = plain(rules["asked"]["Work Front"])
    for program, _ in worked(rules["asked"]):
        p, n = (float(line.partition(" = ")[2]) for line in program.splitlines()[:2])
        assert f"Of {n:.0f}, {p:.0%} {{do}} \\(x_{{i}}\\); f is f = lambda t: t." in front


def test_a_mistake_that_raises_shows_its_error(rules: dict[str, dict[str, str]]) -> None:
    back = plain(rules["raises"]["Work Back"])
    assert (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0 (size 4 is different from 3)"
        in back
    )
    assert back.count("x @ np.ones(4)ValueError") == 3
    assert "ValueError" in rules["raises"]["Mistake Front"]


def test_a_card_that_draws_nothing_has_one_variant(rules: dict[str, dict[str, str]]) -> None:
    assert worked(rules["alone"]) == [("print(np.arange(4))", "[0 1 2 3]")]


def test_inputs_are_computed_with_as_they_are_shown(rules: dict[str, dict[str, str]]) -> None:
    for program, _ in worked(rules["floats"]):
        numbers = program.splitlines()[0].removeprefix("x = np.array([").removesuffix("])").split(", ")
        assert all(len(number.lstrip("-0.").replace(".", "")) <= 12 for number in numbers)


def test_lists_that_given_shares_are_shared_no_more(rules: dict[str, dict[str, str]]) -> None:
    for program, output in worked(rules["lists"]):
        x = eval(program.splitlines()[0].removeprefix("x = "))
        assert int(output) == 3 * sum(x)


def test_the_variants_of_a_card_differ(rules: dict[str, dict[str, str]]) -> None:
    assert sorted(output for _, output in worked(rules["few"])) == ["2", "3", "4"]
    for name in RULES:
        assert len(set(worked(rules[name]))) == len(worked(rules[name])), name


def test_a_mistake_that_prints_like_the_answer_is_drawn_anew(tmp_path: Path) -> None:
    near = {
        "given": "x = rng.integers(1, 4)",
        "numpy": "x / 7",
        "nice": "1 digits",
        "mistake": {"says": "It adds a little.", "numpy": "x / 7 + 0.04"},
        "variants": 2,
    }
    drawn = {program.splitlines()[0] for program, _ in worked(build(tmp_path, {"near": near})["near"])}
    assert drawn == {"x = 1", "x = 3"}  # with 2, both give 0.3

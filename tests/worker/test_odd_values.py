"""Values that no card can show, or hardly: each is said at its card's key in words, and every other card is told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import CONSTANT, card, section, write
from eigendeck.worked import process, sandbox

# What is said of a card with these keys; None: nothing, since it can be shown.
ODD: dict[str, tuple[dict[str, Any], str | None]] = {
    "texts like noise": ({"numpy": "np.array(['1.23456789', 'b'])", "nice": "off"}, None),
    "a text with scalars of NumPy": (
        {"numpy": "str([np.float64(2.5)])"},
        "numpy: the answer has `np.float64(` in it: convert",
    ),
    "texts of many digits": ({"numpy": "np.array(['0.1234'])", "nice": "2 digits"}, None),
    "a text like code": ({"numpy": "np.array([['np.sum'], ['1e5']])", "nice": "3 digits"}, None),
    "a text like noise": ({"numpy": "np.array('0.123456789')", "nice": "off"}, None),
    "a text like half a character": ({"numpy": r"['\\u12', 1 + 2j]", "nice": "off"}, None),
    "long doubles": ({"numpy": "np.ones(2).astype('g')"}, "numpy: the answer is an array"),
    "a long double": ({"numpy": "np.ones(2).astype('longdouble').sum()"}, "numpy: the answer is a longdouble, which"),
    "a complex long double": ({"numpy": "[np.ones(2).astype('G')[0]]"}, "numpy: the answer is a clongdouble, which"),
    "steps in long doubles": ({"numpy": "2.0", "steps": "np.ones(2).astype('g').sum()"}, "steps: `np.ones(2)"),
    "work in long doubles": ({"work": "<<np.ones(2).astype('g')>>"}, "work: `np.ones(2)"),
    "a time": ({"numpy": "np.arange(3).astype('m8[s]').sum()"}, "numpy: the answer is a timedelta64, which"),
    "times": (
        {"numpy": "np.arange(3).astype('m8[D]')"},
        "numpy: the answer is an array of dtype timedelta64[D], which",
    ),
    "a list of times": ({"numpy": "[np.arange(3).astype('m8[s]').max()]"}, "numpy: the answer is a timedelta64, which"),
    "a date": ({"numpy": "np.arange(3).astype('M8[D]').max()"}, "numpy: the answer is a datetime64, which a card"),
    "a record": ({"numpy": "np.zeros(1, dtype=[('a', 'i4')])[0]"}, "numpy: the answer is a void, which a card"),
    "a huge number": ({"numpy": "10**400", "check": "answer == 10**400"}, None),
    "a huge number among others": ({"numpy": "[10**400, 0.5]", "nice": "off"}, None),
    "a function called astype": (
        {"numpy": "def astype(v):\n    return np.int64(v)\nastype(6)", "check": "answer == 6"},
        None,
    ),
    "a fraction of a large number": (
        {"numpy": "int(np.floor(1e13 + 0.875)) % 1000", "check": "answer == 0"},
        None,
    ),
    "the largest number": ({"numpy": "1.79769313486231e308 + 0", "check": "answer > 1e308"}, None),
    "a number without end": ({"numpy": "10**5000"}, "numpy: the answer is an integer of more than 600 digits"),
    "a flood of text": (
        {"numpy": "np.array(['a' * 2000] * 100)"},
        "numpy: the answer takes 200,410 characters to write",
    ),
    "ragged steps": (
        {"numpy": "[[1], [2, 3]]", "steps": "[[1, 2], [3]]"},
        "steps: steps end in [[1, 2], [3]], numpy gives",
    ),
    "a ragged mistake": ({"numpy": "[[1], [2, 3]]", "mistake": {"says": "No.", "numpy": "[[1, 2], [3]]"}}, None),
    "a ragged answer, checked": (
        {"numpy": "[1, [2.5, 3]]", "nice": "off", "check": "np.array_equal(answer, [1, [2.5, 3]])"},
        "check: check failed",
    ),
    "a ragged answer, compared": (
        {"numpy": "[1, [2.5, 3]]", "nice": "off", "check": "answer == [1, [2.5, 4]]"},
        "check: check failed",
    ),
    "a ragged answer of a formula": (
        {"numpy": "[[1.0], [2.0, 3.0]]", "reads": {}},
        "formula: cannot be run: the answer is",
    ),
    "ragged reads": (
        {"reads": {"x": "[[1], [2, 3]]"}},
        "formula: cannot be run: x is a value that is no array of numbers",
    ),
    **{
        f"{name} that other digits turn into {other}": (
            {"given": "x = 0.3 + 0 * rng.integers(2)", "numpy": f"{value} if x == 0.3 else {turned}", "nice": "off"},
            None,
        )
        for name, value, other, turned in (
            ("a number", "1e-12 * x", "a text", "'text'"),
            ("an array", "1e-12 * np.ones(2)", "texts", "np.array(['a', 'b'])"),
            ("an array", "1e-12 * np.ones(2)", "what is no numbers", "np.array([None, 'b'])"),
            ("an array", "1e-12 * np.ones(2)", "a text", "'ab'"),
            ("a complex number", "1e-12j * x", "a text", "'text'"),
            ("a tuple", "(1e-12 * x, 'a')", "another", "('a', None)"),
        )
    },
    "reads of a text": ({"reads": {"x": "'a'"}}, "formula: cannot be run: x is a value that is no number"),
}
ASKED: dict[str, tuple[dict[str, Any], str | None]] = {
    "half a character": (
        {"given": "x = 55296 + 0 * rng.integers(2)", "ask": "What is {x:c}?"},
        "ask: `{x:c}` has the character U+D800",
    ),
    "a character for devices": (
        {"given": "x = 7 + 0 * rng.integers(2)", "ask": "What is {x:c}?"},
        "ask: `{x:c}` has the character U+0007",
    ),
    "no character": (
        {"given": "x = 65534 + 0 * rng.integers(2)", "ask": "What is {x:c}?"},
        "ask: `{x:c}` has the character U+FFFE",
    ),
    "a character beyond all": (
        {"given": "x = 10**9", "ask": "What is {x:c}?"},
        "ask: `:c` is no format for x, which is `1000000000`",
    ),
    "decimals of a huge number": (
        {"given": "x = 10**400", "ask": "What is {x:.2f}?"},
        "ask: `:.2f` is no format for x, which is `1000",
    ),
    "percents of a huge number": (
        {"given": "x = 10**400", "ask": "What is {x:.0%}?"},
        "ask: `:.0%` is no format for x, which is `1000",
    ),
    "a flood of spaces": (
        {"given": "x = 1.5", "ask": "What is {x:1000000000}?"},
        "ask: `:1000000000` is no format for x",
    ),
    "a flood of digits": ({"given": "x = 1.5", "ask": "What is {x:.99999f}?"}, "ask: `:.99999f` is no format for x"),
    "half a character to show": (
        {"given": "x = 55296\ny = x", "numpy": "y", "show": {"y": "{x:c}"}},
        "show.y: `{x:c}` has the character",
    ),
    "times to draw": ({"given": "x = rng.integers(0, 9, 3).astype('m8[s]').sum()"}, "given: x is a timedelta64, which"),
    "long doubles to draw": ({"given": "x = rng.random(3).astype('g')"}, "given: x is an array"),
}


def odd_cards() -> Iterator[str]:
    """A card for each, and a fair one behind each."""
    for number, (keys, _) in enumerate([*ODD.values(), *ASKED.values()]):
        usual: dict[str, Any] = {**CONSTANT, "check": f"str(answer) == str({keys.get('numpy', '6')})"}
        if "given" in keys:
            usual |= {"numpy": "x", "check": "str(answer) == str(y if 'y' in 'x' else x)", "nice": "off", "variants": 1}
            usual["check"] = f"str(answer) == str({keys.get('numpy', 'x')})"
        yield card(id=f"odd-{number}", **{**usual, **keys})
        yield card(id=f"fair-{number}", **CONSTANT)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a build says of a deck of all of them."""
    folder = write(tmp_path_factory.mktemp("odd"), section(*odd_cards()))
    return eigendeck("build", folder, cwd=folder, code=1).stderr


@pytest.mark.parametrize("number", range(len(ODD) + len(ASKED)), ids=[*ODD, *ASKED])
def test_an_odd_value_is_shown_or_refused_in_words(number: int, told: str) -> None:
    own = [line for line in told.splitlines() if f": error: odd-{number}: " in line]
    said = [*ODD.values(), *ASKED.values()][number][1]
    assert (own == []) if said is None else (len(own) == 1 and f"odd-{number}: {said}" in own[0]), own


def test_every_other_card_is_told_of(told: str) -> None:
    assert "fair-" not in told
    assert "could not be worked" not in told
    assert "cannot be used" not in told


BROKEN = """
from eigendeck.worker import loop
from eigendeck.worker.job import read_job
from eigendeck.worker.variants import run

def answer(job, progress):
    return {}["a table without keys"] if "666" in job.numpy else run(job, progress)

def task(frame, progress):
    return {"replies": [answer(read_job(job), progress) for job in frame["jobs"]]}

loop.serve(task)
"""


def test_a_fault_of_the_worker_itself_is_a_fault_of_that_card_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox.Worker, "program", f"{process.PATHS}\n{BROKEN}")
    cards = (card(**CONSTANT | {"id": f"c{number}", "numpy": str(number), "check": f"answer == {number}"})
             for number in (1, 666, 2, 1666, 3))  # fmt: skip
    wrong = card(**CONSTANT | {"id": "wrong", "check": "answer == 7"})
    folder = write(tmp_path, section(*cards, wrong))
    for command in ("build", "check"):
        told = eigendeck(command, folder, cwd=tmp_path, code=1).stderr
        assert (
            len(
                re.findall(
                    r"error: c1?666: could not be worked: KeyError: 'a table without keys' \(<string>:\d+\)", told
                )
            )
            == 2
        )
        assert told.count("This is a bug in eigendeck: please report it, with the card.") == 2
        assert "error: wrong: check: check failed" in told
        assert "Traceback" not in told

"""A deck of 400 cards of which 40 are hostile, in 40 ways: the other 360 are told of, and nothing else happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import constants

DEEP = "{" * 60 + "x" + "}" * 60
WAYS: dict[str, dict[str, Any]] = {
    "opens": {"numpy": "open('x', 'w')"},
    "imports": {"numpy": "import os\nos.getcwd()"},
    "climbs": {"numpy": "().__class__.__base__.__subclasses__()"},
    "evaluates": {"numpy": "eval('1')"},
    "formats": {"numpy": "'{0.__class__}'.format(1)"},
    "saves": {"numpy": "np.save('x', np.zeros(2))"},
    "loads": {"numpy": "np.load('x')"},
    "dumps": {"numpy": "np.zeros(1).dumps()"},
    "shows-settings": {"numpy": "np.show_config()"},
    "sets-printing": {"numpy": "np.set_printoptions(precision=1)\n0"},
    "replaces": {"numpy": "np.sin = abs\n0"},
    "seeds": {"numpy": "np.random.seed(1)\n0"},
    "raises-exit": {"numpy": "raise KeyboardInterrupt"},
    "frames": {"numpy": "(x for x in ()).gi_frame"},
    "overlaps": {"numpy": "np.ndarray((1,), dtype='O', buffer=np.zeros(1))"},
    "reads-memory": {"numpy": "np.empty(5)"},
    "endless": {"numpy": "n = 1\nwhile n:\n    n = n + 1\nn"},
    "tower": {"numpy": "7 ** 8 ** 9 ** 3"},
    "sums-up": {"numpy": "sum(range(10**11))"},
    "fills-memory": {"numpy": "np.ones((10**5, 10**5)).sum()"},
    "repeats": {"numpy": "len([0] * 10**10)"},
    "floods": {"numpy": "'ha' * 10**7"},
    "recurs": {"numpy": "def f(n): return f(n + 1)\nf(0)"},
    "empty-and-endless": {"numpy": "np.ones((0, 10**12))"},
    "steers": {"numpy": "'\\x1b]0;owned\\x07'"},
    "invisible": {"numpy": "x = 1  # \u2066\nx"},
    "look-alike": {"numpy": "sсore = 7\nsсore"},
    "nests": {"formula": DEEP},
    "links": {"formula": r"\href{javascript:alert(1)}{x}"},
    "defines": {"formula": r"\def\x{y}"},
    "reaches": {"formula": r"x \hspace{9999em}"},
    "ends-early": {"formula": r"x \) \href{a}{b} \( y"},
    "links-in-text": {"says": r"So \(\href{javascript:alert(1)}{x}\)."},
    "links-in-captions": {"steps": r"2 * 3  # \(\class{a}{b}\)" + "\n"},
    "links-in-the-mistake": {"mistake": {"says": r"\(\style{color:red}{x}\)"}},
    "turns-round": {"says": "abc \u202e def"},
    "is-no-character": {"hint": "a \ufdd0"},
    "lists-much": {"tags": ["t"] * 20_000},
    "names-many": {"unknown": 1},
    "draws-nothing": {"plot": {"bars": {"x": "[1e308, np.inf]"}}},
}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What `check` says of the deck, and the folder around it."""
    folder = tmp_path_factory.mktemp("crowd")
    hostile = [{"id": name, **keys} for name, keys in WAYS.items()]
    cards: list[dict[str, Any]] = []
    for number in range(360):
        cards.append({"id": f"fair-{number}", "check": f"answer == {7 if number % 90 == 1 else 6}"})
        if number % 9 == 0:
            cards.append(hostile[number // 9])
    deck = constants(folder / "deck", *cards)
    return json.loads(eigendeck("check", deck, "--draws", 1, "--json", cwd=folder, code=1).stdout), folder


def told(crowd: tuple[dict[str, Any], Path], name: str) -> list[str]:
    """The errors of a card."""
    return [f["what"] for f in crowd[0]["faults"] if not f["warning"] and f["what"].startswith(f"{name}: ")]


@pytest.mark.parametrize("name", WAYS)
def test_each_hostile_card_is_a_fault_in_words(name: str, crowd: tuple[dict[str, Any], Path]) -> None:
    assert told(crowd, name)
    assert not any("Traceback" in what for what in told(crowd, name))


def test_all_other_cards_are_told_of_as_if_they_were_alone(crowd: tuple[dict[str, Any], Path]) -> None:
    wrong = [number for number in range(360) if told(crowd, f"fair-{number}")]
    assert wrong == [number for number in range(360) if number % 90 == 1]


def test_nothing_else_happened(crowd: tuple[dict[str, Any], Path]) -> None:
    assert [path.name for path in crowd[1].iterdir()] == ["deck"]

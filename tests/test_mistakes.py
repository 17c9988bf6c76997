"""Several mistakes on one card: each is executed, all differ, and a learner finds their own number."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, section, write
from packages import fields, text_of
from programs import plain

MISTAKES: list[dict[str, str]] = [
    {"says": "You forgot the root.", "numpy": "(x**2).sum()"},
    {"says": "You added the entries.", "numpy": "x.sum()"},
]
NORM: dict[str, Any] = {
    "id": "norm",
    "formula": r"\lVert\mathbf{x}\rVert=\sqrt{\sum_i x_i^2}",
    "given": "x = rng.integers(1, 9, 3)",
    "numpy": "np.linalg.norm(x)",
    "nice": "3 digits",
    "steps": None,
    "check": "np.isclose(answer**2, x @ x) and answer > 0   # its square",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a deck of one card that has two mistakes."""
    folder = tmp_path_factory.mktemp("mistakes")
    write(folder / "deck", section(card(**NORM, mistake=MISTAKES)), variants=4)
    eigendeck("build", "deck", cwd=folder)
    return folder / "build"


def test_the_back_tells_what_each_wrong_number_means(built: Path) -> None:
    back = fields(built / "small.apkg")["norm"]["Work Back"]
    for variant in back.split('data-variant="')[1:]:
        numbers = [int(number) for number in re.findall(r"x = np\.array\(\[(.*?)\]\)", text_of(variant))[0].split(",")]
        wrong = re.findall(r'If you got</p><pre class="shown">(.*?)</pre><p>(.*?)</p>', variant)
        assert wrong == [
            (str(sum(number**2 for number in numbers)), "You forgot the root."),
            (str(sum(numbers)), "You added the entries."),
        ]


def test_the_mistake_cards_take_turns(built: Path) -> None:
    note = fields(built / "small.apkg")["norm"]
    told = re.findall(r"is a common mistake: (.*?)</p>", note["Mistake Back"])
    assert told == ["You forgot the root.", "You added the entries."] * 2


def test_the_sheet_shows_the_first_and_the_numbers_of_the_others(built: Path) -> None:
    box = re.findall(
        r'<article class="card" id="norm".*?</article>', (built / "small.html").read_text("utf-8"), re.DOTALL
    )
    assert "You forgot the root." in box[0]
    assert re.search(r"Also wrong: <samp>\d+</samp>\.", box[0])
    assert "You added the entries." not in box[0]


def test_a_mistake_stands_below_what_it_reads_and_not_below_what_another_one_reads(tmp_path: Path) -> None:
    mistakes = [{"says": "Counted twice.", "numpy": "np.linalg.norm(y)"}, MISTAKES[1]]
    norm = card(**{**NORM, "given": "x = rng.integers(1, 9, 3)\ny = 2 * x"}, mistake=mistakes)
    write(tmp_path / "deck", section(norm), variants=2)
    eigendeck("build", "deck", cwd=tmp_path)
    note = fields(tmp_path / "build" / "small.apkg")["norm"]
    for side, blocks in (("Work Back", [True, False] * 2), ("Mistake Front", [True, False])):
        code = re.findall(r'<pre class="line(?: inputs)?"><code>(.*?)</code>', note[side].replace("\n", " "))
        above = code if side == "Work Back" else code[::3]  # on a front: the inputs, then A and B
        assert ["y = " in text_of(each) for each in above] == blocks, side


def test_a_mistake_shows_what_it_alone_reads_though_the_question_says_its_value(tmp_path: Path) -> None:
    share = card(
        given="n = 100\nb = rng.choice([20, 25, 40])\nboth = rng.integers(2, 19)",
        ask="Of {n} people {b} swim, and {both} of those ride. Which share of those who swim rides?",
        **{"formula": "p", "numpy": "both / b", "nice": "off", "steps": None},
        check="np.isclose(answer * b, both)   # back again",
        mistake={"says": "Of all people.", "numpy": "both / n"},
    )
    write(tmp_path, section(share))
    eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)
    (note,) = fields(tmp_path / "out" / "small.apkg").values()
    assert "n = 100\nboth / n" in plain(note["Work Back"])


@pytest.mark.parametrize(
    ("mistakes", "message"),
    [
        ([MISTAKES[0], MISTAKES[0]], r"mistake\.numpy: equals the answer or another mistake in every draw"),
        (
            [MISTAKES[0], {"says": "It is right.", "numpy": "np.sqrt(x @ x)"}],
            r"mistake\.numpy: equals the answer or another mistake",
        ),
        ([MISTAKES[0], {"says": "It is told."}], r"mistake: each mistake of a list needs its `numpy`"),
        ([MISTAKES[0], {"numpy": "x.sum()"}], r"mistake\.says: is missing"),
        ([MISTAKES[0], {"says": "It is cut.", "numpy": "x.sum("}], r"mistake\.numpy: "),
        ([MISTAKES[0], MISTAKES[1] | {"why": "It is."}], r"mistake\.why: is no key of mistake"),
        ([], r"mistake: has 0 entries"),
    ],
)
def test_a_faulty_list_is_refused_at_its_place(mistakes: Any, message: str, tmp_path: Path) -> None:
    write(tmp_path / "deck", section(card(**NORM, mistake=mistakes)), variants=4)
    said = eigendeck("check", "deck", cwd=tmp_path, code=1).stderr
    assert re.search(rf"\.yaml:\d+:\d+: error: norm: {message}", said), said

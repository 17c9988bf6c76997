"""`check --weak` says for each line of a check which wrong answers it alone refuses."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import eigendeck
from decks import card, section, write

CHECK = """answer == sum(x.tolist())   # one by one
answer > 0
answer - x[0] == x[1] + x[2]
"""
STRONG = "answer == sum(x.tolist())\nanswer > 0   # a sum of positive numbers\n"


def test_each_line_says_what_it_alone_refuses(tmp_path: Path) -> None:
    write(tmp_path, section(card(check=STRONG), card(id="twice", check=CHECK), card(id="one")))
    told = eigendeck("check", tmp_path, "--draws", 12, "--weak", cwd=tmp_path).stderr
    assert "total: check 1, `answer == sum(x.tolist())`: alone refuses the answer of another draw, " in told
    assert "the value of the mistake, 1.2 times the answer\n" in told
    assert "total: check 2, `a sum of positive numbers`: alone refuses nothing" in told
    for line in ("check 1, `one by one`", "check 2, `answer > 0`", "check 3, `answer - x[0] == x[1] + x[2]`"):
        assert f"twice: {line}: alone refuses nothing" in told  # what the first refuses, the third does, too
    assert told.count("one: check ") == 1
    assert "alone refuses" not in eigendeck("check", tmp_path, "--draws", 12, cwd=tmp_path).stderr


def test_programs_get_the_same_as_data(tmp_path: Path) -> None:
    write(tmp_path, section(card(check=STRONG)))
    told = json.loads(eigendeck("check", tmp_path, "--draws", 2, "--weak", "--json", cwd=tmp_path).stdout)
    first, second = told["checks"]
    assert (first["id"], first["number"], second["alone"]) == ("total", 1, [])
    assert "1.2 times the answer" in first["alone"]


def test_a_check_of_one_part_of_a_complex_number_is_no_check(tmp_path: Path) -> None:
    for number, (condition, part) in enumerate(
        {"answer.real == x[0]": "imaginary", "answer.imag == x[1]": "real"}.items()
    ):
        keys = {"formula": "z=x_1+ix_2", "numpy": "x[0] + 1j * x[1]", "steps": None, "check": condition}
        folder = write(tmp_path / str(number), section(card(**keys, mistake={"says": "It is real."})))
        told = eigendeck("check", folder, "--draws", 4, cwd=tmp_path, code=1).stderr
        assert f"it accepts the answer with its {part} part changed by a fifth" in told


def test_only_a_check_that_is_near_is_told_how_near(tmp_path: Path) -> None:
    write(tmp_path, section(card(check="answer > 0"), card(id="near", check="np.isclose(answer, answer)")))
    told = eigendeck("check", tmp_path, "--draws", 12, cwd=tmp_path, code=1).stderr
    assert told.count("Compare the answer with what another route gives.") == 2
    assert told.count("`np.isclose` and `np.allclose` take small numbers for equal") == 1

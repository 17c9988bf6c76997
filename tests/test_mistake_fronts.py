"""The Mistake cards of the shipped deck cannot be answered by looking at the lines alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packages import fields, text_of

MOST = 0.55  # of the fronts, that a rule may get right which reads no code


@pytest.fixture(scope="module")
def fronts(package: Path) -> dict[str, list[tuple[str, str]]]:
    """The right and the wrong line of each variant, by the card's id."""
    return {name: list(lines(note)) for name, note in fields(package).items() if note["Mistake Front"]}


def lines(note: dict[str, str]) -> list[tuple[str, str]]:
    pairs = []
    for front, back in zip(
        *(note[f"Mistake {side}"].split('data-variant="')[1:] for side in ("Front", "Back")), strict=True
    ):
        right = re.findall(r'class="verdict">.*?<b>([AB])</b>', back)[0]
        code = dict(re.findall(r'letter">([AB])</b><div><pre class="line"><code>(.*?)</code>', front, re.DOTALL))
        wrong = "BA"[right == "B"]
        pairs.append((text_of(code[right]), text_of(code[wrong])))
    return pairs


@pytest.mark.parametrize("sign", [1, -1])
def test_length_does_not_tell_which_line_is_right(fronts: dict[str, list[tuple[str, str]]], sign: int) -> None:
    told = [sign * len(right) > sign * len(wrong) for pairs in fronts.values() for right, wrong in pairs]
    assert sum(told) <= MOST * len(told), [f"{name}: {pairs[0]}" for name, pairs in fronts.items()]

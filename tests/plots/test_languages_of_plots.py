"""What pictures say in words is in the deck's language: their alt texts, and what is written in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, section, write
from eigendeck.phrases import LANGUAGES, Language, phrases_of
from eigendeck.plots import PLOTS
from eigendeck.plots.draw import draw
from packages import fields

# Of each kind, values by which it says all that it can say.
SAYS: list[tuple[str, dict[str, Any]]] = [
    ("bars", {"x": [1, 2], "line": 1, "at": [0, 1], "marks": [0.5]}),
    ("contour", {"x": [0, 1], "y": [0, 1], "z": [[0, 1], [1, 2]], "steps": [[0, 1], [1, 0]]}),
    ("contour", {"x": [0, 1], "y": [0, 1], "z": [[0, 1], [1, 2]], "at": [0.5, 0.5], "arrows": [[0.1, 0.1]]}),
    ("curve", {"x": [0, 1, 2], "y": [0, 1, 4], "tangent": [1, 2], "points": [[1, 1]]}),
    ("curve", {"x": [0, 1, 2], "y": [[0, 1, 4], [1, 2, 3]]}),
    ("curve", {"x": [0, 1, 2, 3], "y": [1, 0, 2, 1]}),
    ("density", {"x": [0, 1, 2], "y": [0, 1, 0], "shade": [0.5, 1], "marks": [1]}),
    ("graph", {"x": 2, "y": 4, "back": [4, 1]}),
    ("grid", {"cells": [[1, 2], [3, 4]], "mark": [0, 1], "sums": "rows"}),
    ("grid", {"cells": [[1] * 5] * 4, "mark": [[1] * 5] * 4, "sums": "columns", "columns": list("12345")}),
    ("heatmaps", {"A": [[1, 2], [3, 4]]}),
    ("heatmaps", {"A": [[1, 2]], "B": [[3], [4]], "C": [[11]], "then": ["@", "="], "entry": [0, 0]}),
    ("line", {"x": [1, 2], "m": 1.5, "span": [0, 1]}),
    ("scatter", {"x": [1, 2], "y": [3, 4], "line": [1, 2]}),
    ("scatter", {"x": list(range(20)), "y": list(range(20)), "ellipse": [[2, 0], [0, 1]], "arrows": [[1, 1]]}),
    ("squares", {"y": [1, 2, 3], "line": [1, 1]}),
    ("shapes", {"A": [2, 3], "B": [3, 1]}),
    ("icons", {"A": 3, "B": 7}),
    ("mosaic", {"table": [[1, 2], [3, 4]]}),
    ("arrows", {"u": [1, 2], "v": [2, 1], "lengths": True, "angle": ["u", "v"]}),
    ("arrows", {"u": [1, 2], "v": [2, 1], "chain": True}),
    ("arrows", {"u": [1, 2]}),
    ("transform", {"matrix": [[1, 1], [0, 1]]}),
    ("transform", {"matrix": [[[1, 1], [0, 1]], [[2, 0], [0, 1]]], "shape": "circle"}),
    ("histogram", {"counts": [[1, 2]], "edges": [0, 1, 2], "marks": [1]}),
    ("histogram", {"counts": [[1, 2], [3, 4]], "edges": [0, 1, 2]}),
    ("curve", {"x": [0, 1, 2], "y": [0, 1, 4], "names": ["f"]}),
]
ENGLISH = re.compile(
    r"\b(?:the|from|with|at|and|row|column|marked|steps|step|start|before|after|of|lowest|highest|slope)\b", re.I
)


def drawn(kind: str, values: dict[str, Any], language: Language) -> Any:
    """The picture in a language."""
    return draw(kind, values, words=phrases_of(language))


@pytest.mark.parametrize(("kind", "values"), SAYS)
@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_a_picture_speaks_the_decks_language_with_the_same_numbers(
    kind: str, values: dict[str, Any], language: Language
) -> None:
    english, own = drawn(kind, values, "en"), drawn(kind, values, language)
    assert not ENGLISH.search(own.alt), own.alt
    numbers = re.compile(r"\d+(?:\.\d+)?")
    assert sorted(numbers.findall(own.alt)) == sorted(numbers.findall(english.alt))
    assert own.alt != english.alt


def test_every_kind_is_among_them() -> None:
    assert {kind for kind, _ in SAYS} == set(PLOTS)


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Säulen."), ("ar", "أعمدة."), ("zh", "条形图。"), ("en", "Bars.")]
)
def test_the_alt_text_on_card_and_sheet_is_in_the_decks_language(language: str, said: str, tmp_path: Path) -> None:
    deck = write(tmp_path, section(card(plot={"bars": {"x": "x"}})), language=language)
    eigendeck("build", deck, "--out", tmp_path / "out", cwd=tmp_path)
    (note,) = fields(tmp_path / "out" / "small.apkg").values()
    assert f'alt="{said}' in note["Work Back"]
    assert said in (tmp_path / "out" / "small.html").read_text(encoding="utf-8")


def test_a_phrase_of_pictures_may_be_the_decks_own(tmp_path: Path) -> None:
    own = {"plot.bars": "A bar chart: {series}."}
    for phrases, said in (({}, "Bars. "), (own, "A bar chart: "), ({}, "Bars. ")):
        deck = write(tmp_path, section(card(plot={"bars": {"x": "x"}})), phrases=phrases)
        eigendeck("build", deck, "--out", tmp_path / "out", cwd=tmp_path)
        (note,) = fields(tmp_path / "out" / "small.apkg").values()
        assert f'alt="{said}' in note["Work Back"]

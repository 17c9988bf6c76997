"""Labels stand next to what they name, and on nothing: no line, no dot, no other text."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from eigendeck.plots.canvas.paths import Box, Point
from eigendeck.plots.canvas.style import CARD, DIM, PAPER, SHEET, Space
from eigendeck.plots.draw import draw
from eigendeck.plots.words import say
from noting import Noting, common, noted

each_space = pytest.mark.parametrize("space", [CARD, SHEET], ids=["card", "sheet"])


def ridge(a: float, best: float, least: float, weight: float) -> dict[str, Any]:
    """Two parabolas, their sum, and the lowest point of each: three names in a row above them."""
    sum_at = a * best / (a + weight)
    x = np.linspace(-0.3 * best, 1.6 * best, 78)
    errors, prior = a * (x - best) ** 2 + least, weight * x**2
    lowest = a * (sum_at - best) ** 2 + least + weight * sum_at**2
    points = [[best, least], [0.0, 0.0], [sum_at, lowest]]
    curves = [row.tolist() for row in (errors, prior, errors + prior)]
    names = {"names": ["squared errors", "λ w²", "sum"], "labels": ["ML", "prior", "MAP"], "axis": ["w", ""]}
    return {"x": x.tolist(), "y": curves, "points": points, **names}


def parabola(*at: int) -> dict[str, Any]:
    """A parabola and the best line through points of it."""
    x = np.linspace(-max(at) - 0.5, max(at) + 0.5, 81)
    points = [[k, k * k] for k in sorted({sign * k for k in at for sign in (-1, 1)})]
    mean = float(np.mean([y for _, y in points]))
    curves = [(x * x).tolist(), [mean] * 81]
    return {"x": x.tolist(), "y": curves, "points": points, "names": ["x²", "best line"], "axis": ["x", "y"]}


CASES: list[tuple[str, dict[str, Any]]] = [
    ("curve", ridge(5.2, 4.2, 9.8, 9.4)),
    ("curve", ridge(3, 1, 0, 2)),
    ("curve", ridge(10, 2.2, 30, 30)),
    ("curve", parabola(7, 1)),
    ("curve", parabola(7, 5)),
    ("curve", parabola(3, 1)),
    ("arrows", {"x[0] a": [3, 3], "x[1] b": [-3, -9], "chain": True}),
    ("arrows", {"x[0] a": [6, 6], "x[1] b": [1, 3], "chain": True}),
    ("arrows", {"a x": [3, 12], "y": [4, 4], "chain": True}),
    ("arrows", {"x": [3, 4], "y": [-6, 8], "angle": ["x", "y"]}),
    ("arrows", {"F1": [-3, 3], "F2": [-5, -3], "Summe": [-8, 0]}),
    ("arrows", {"F1": [3, 3], "F2": [5, -3], "Summe": [8, 0]}),
    ("transform", {"matrix": [[3, -16], [4, 12]], "shape": "circle"}),
    ("transform", {"matrix": [[3, -4], [4, 3]], "shape": "square"}),
    (
        "scatter",
        {"x": [4, 5, 7, 11, 12], "y": [2, 9, 6, 3, 10], "arrows": [[3, 3], [-2, 2]], "labels": ["PC 1", "PC 2"]},
    ),
    ("bars", {"training": [0, 2, 3, 0], "new": [1, 4, 7, 8], "line": 5, "axis": ["example", "loss"]}),
    ("bars", {"期望收益率": [0.06, 0.15, 0.08], "labels": ["甲", "乙", "丙"], "line": 0.088}),
    ("bars", {"x": [250, 260, 330, 300, 230], "line": 274}),
    ("bars", {"x": [-250, -260, -330, -300, -230], "line": -274}),
    ("bars", {"x": [1, 2, 40], "line": 3}),
]


@each_space
@pytest.mark.parametrize(("kind", "values"), CASES)
def test_no_label_lies_on_a_line_a_dot_or_another_text(kind: str, values: dict[str, Any], space: Space) -> None:
    page = noted(kind, values, space)
    assert page.crossed() == []
    assert page.overlaps() == []


@pytest.mark.parametrize("level", range(20, 131))
def test_numbers_of_bars_keep_off_a_line_at_any_level(level: int) -> None:
    for values in ({"x": [100, 60, 30]}, {"x": [-100, 60, -30]}, {"x": [100, 60, 30], "y": [20, 70, 99]}):
        page = noted("bars", {**values, "line": level})
        assert page.crossed() == [], values


def test_a_text_on_a_line_is_noticed() -> None:
    page = Noting(CARD)
    page.line([(20, 50), (80, 50)])
    page.text((50, 50), "on")
    page.text((50, 60), "off")
    assert page.crossed() == ["on"]


def test_a_number_inside_a_solid_bar_has_the_colour_of_the_paper() -> None:
    assert PAPER in draw("bars", {"x": [250, 260, 330], "line": 274}).svg


TITLES = ["y", "f(t)", "期望收益率", "σ = √(2 / n)"]


@each_space
@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("top", np.linspace(55, 62, 29).tolist())
def test_the_title_stands_clear_of_the_highest_number(title: str, top: float, space: Space) -> None:
    for kind, values in (
        ("curve", {"x": [0, 1], "y": [0, top], "axis": ["", title]}),
        ("bars", {title: [top, 10]}),
        ("histogram", {"edges": [0, 1, 2], "counts": [[10, top]], "axis": ["", title]}),
    ):
        page = noted(kind, values, space)
        below = [box for words, _, box in page.texts if words != title]
        own = page.box(title)
        assert all(common((own[0], own[1] - 1.0, *own[2:]), (box[0], box[1] + 1.9, *box[2:])) <= 0 for box in below)


def apart(box: Box, point: Point) -> float:
    """How far a text is from a point."""
    return math.dist(point, (min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])))


@each_space
@pytest.mark.parametrize("mean", np.linspace(0.5, 3.2, 10).tolist())
@pytest.mark.parametrize("gap", [0.8, 2.6, 5])
def test_each_name_is_nearest_to_its_own_ring(mean: float, gap: float, space: Space) -> None:
    x = np.linspace(-1, 4, 101)
    points = [[mean, mean**2], [mean, mean**2 + gap]]
    labels = ["f(E[X])", "E[f(X)]"]
    page = noted(
        "curve",
        {"x": x.tolist(), "y": (x * x).tolist(), "points": points, "labels": labels, "axis": ["x", "x²"]},
        space,
    )
    low, high = (((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in page.spots[:2])
    for name, own, other in ((labels[0], low, high), (labels[1], high, low)):
        led = any(math.dist(start, own) < 4.5 for colour, (start, _) in page.lines if colour == DIM)
        assert led or apart(page.box(name), own) < apart(page.box(name), other), name


@each_space
@pytest.mark.parametrize("at", [(7, 1), (7, 3), (4, 2), (6, 2)])
def test_a_points_label_does_not_stand_among_the_curves_names(at: tuple[int, int], space: Space) -> None:
    page = noted("curve", parabola(*at), space)
    names = min(page.box("x²")[0], page.box("best line")[0])
    assert all(box[2] <= names for words, _, box in page.texts if words.startswith("("))


@each_space
@pytest.mark.parametrize(("kind", "values"), [case for case in CASES if "points" in case[1]])
def test_a_label_stands_next_to_its_point_or_a_line_leads_to_it(
    kind: str, values: dict[str, Any], space: Space
) -> None:
    page = noted(kind, values, space)
    middles = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in page.spots[: len(values["points"])]]
    labels = values.get("labels") or [f"({say(x)}, {say(y)})" for x, y in values["points"]]
    for words, middle in zip(labels, middles, strict=True):
        led = any(math.dist(start, middle) < 5 for colour, (start, _) in page.lines if colour == DIM)
        assert apart(page.box(words), middle) <= 12 or led, words


@each_space
@pytest.mark.parametrize("table", [[[0.14, 0.56], [0.06, 0.24]], [[0.32, 0.08], [0.48, 0.12]], [[30, 70], [10, 80]]])
def test_numbers_of_a_mosaic_stand_inside_their_tiles(table: list[list[float]], space: Space) -> None:
    page = noted("mosaic", {"table": table, "rows": ["A", "not A"], "columns": ["B", "not B"]}, space)
    assert page.spots == []  # which mark the tiles that are too small for their numbers
    assert page.overlaps() == []


@pytest.mark.parametrize("columns", range(2, 13))
def test_a_number_in_a_cell_is_that_number_or_is_left_out(columns: int) -> None:
    for row in ([0.25, 0.125, 0.5], [12.5, 0.25, 3], [100, 0.25, 7.5], [6.5, 1000, -0.5], [0.05, 20, 1.75]):
        matrix = [[row[j % 3] for j in range(columns)] for _ in range(2)]
        for kind, values in (("grid", {"cells": matrix}), ("heatmaps", {"A": matrix})):
            for space in (CARD, SHEET):
                texts = {words for words, _, _ in noted(kind, values, space).texts} - {"A"}
                assert texts in (set(), {say(number) for number in matrix[0]}), (kind, row)


def test_a_number_over_a_bar_is_that_number_or_is_left_out() -> None:
    for count in range(2, 20):
        heights = [(9.25, 0.25, 0.125)[j % 3] for j in range(count)]
        page = noted("bars", {"x": heights, "axis": ["", "x"], "labels": ["a"] * count})
        texts = {words for words, _, box in page.texts if words not in ("a", "x") and box[0] > 25}
        assert texts in (set(), {say(number) for number in heights}), count


@each_space
@pytest.mark.parametrize("top", [0.11, 0.15, 0.21, 0.26, 0.33, 0.42, 0.55])
def test_numbers_along_an_axis_stand_clear_of_each_other(top: float, space: Space) -> None:
    values = {
        "edges": [0, 1, 2],
        "counts": [[top, 0.1], [0.1, top]],
        "names": ["one", "two"],
        "axis": ["minus μ (curve: normal)", "count"],
    }
    page = noted("histogram", values, space)
    numbers = [box for words, _, box in page.texts if words.replace(".", "").isdigit()]
    taller = [(left, low - 0.5, right, high + 0.5) for left, low, right, high in numbers]
    assert all(common(one, other) <= 0 for i, one in enumerate(taller) for other in taller[:i])

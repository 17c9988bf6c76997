"""Plots: each kind draws its example from docs/plots.md, the same way every time, inside its page, harmlessly."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import yaml
from matplotlib.transforms import IdentityTransform

from conftest import ROOT
from eigendeck.model import Plot
from eigendeck.plots import PLOTS, PlotError, parameter_problem, parameters
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.style import CARD, PALETTE, PALETTE_DARK, SHEET, Space, variables
from eigendeck.plots.canvas.svg import inline
from eigendeck.plots.draw import draw
from eigendeck.plots.registry import Kind
from noting import Noting, noted

DOCS = ROOT / "docs" / "plots.md"


def plain(value: Any) -> Any:
    """Returns arrays and NumPy numbers as the lists and numbers that the worker hands over."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def computed(value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, str):
        return plain(eval(value, names))
    return [computed(item, names) for item in value] if isinstance(value, list) else value


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the kind and the computed values of every example in the documentation."""
    for block in re.findall(r"```yaml\n(given:.*?)```", DOCS.read_text(encoding="utf-8"), re.S):
        example = yaml.safe_load(block)
        names: dict[str, Any] = {"np": np, "rng": np.random.default_rng(0)}
        exec(example["given"], names)
        ((kind, parameters),) = example["plot"].items()
        options = PLOTS[kind].options
        yield kind, {name: v if name in options else computed(v, names) for name, v in parameters.items()}


EXAMPLES = list(examples())
each_example = pytest.mark.parametrize(
    "n", range(len(EXAMPLES)), ids=[f"{kind}-{n}" for n, (kind, _) in enumerate(EXAMPLES)]
)


@cache
def drawn(n: int) -> Plot:
    """Returns the plot of an example."""
    return draw(*EXAMPLES[n])


SVG = "{http://www.w3.org/2000/svg}"
Points = list[complex]  # x + y i


def extremes(data: str) -> Points:
    """Returns the corners of a path, and the points that its curves are drawn towards."""
    at = start = 0j
    points: Points = []
    for letter, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        given = list(map(float, re.findall(r"-?[\d.]+", numbers)))
        if letter in "hv":
            for number in given:
                at += number * (1 if letter == "h" else 1j)
                points.append(at)
            continue
        count = {"M": 1, "m": 1, "l": 1, "q": 2, "c": 3, "z": 1}[letter]
        pairs = [complex(x, y) for x, y in zip(given[::2], given[1::2], strict=True)]
        for n in range(0, len(pairs), count):
            points += [pair + (0 if letter == "M" else at) for pair in pairs[n : n + count]]
            at = points[-1]
            start = at if letter in "Mm" else start
        if letter == "z":
            at = start
    return points


def reach(element: ElementTree.Element, symbols: dict[str, Points], stroke: float = 0) -> Points:
    """Returns the outermost points of an element, strokes and transforms included."""
    stroke = float(element.get("stroke-width", stroke)) / 2 if element.get("stroke") else 0
    points: Points = []
    if element.tag == f"{SVG}path":
        points = [at + way * stroke for at in extremes(element.get("d", "")) for way in (1, -1, 1j, -1j)]
    elif element.tag == f"{SVG}use":
        place = complex(float(element.get("x", 0)), float(element.get("y", 0)))
        points = [place + at for at in symbols[element.get("href", "")[1:]]]
    elif element.tag in (f"{SVG}svg", f"{SVG}g"):
        points = [at for child in element for at in reach(child, symbols)]
    for name, numbers in reversed(re.findall(r"(\w+)\(([^)]*)\)", element.get("transform", ""))):
        n = list(map(float, numbers.split()))
        if name == "translate":
            points = [at + complex(*n) for at in points]
        elif name == "scale":
            points = [at * n[0] for at in points]
        else:
            a, _, _, d, e, f = n
            points = [complex(a * at.real + e, d * at.imag + f) for at in points]
    return points


def overhang(svg: str) -> float:
    """Returns by how many points a drawing sticks out of its page, as far as it is outlines."""
    root = ElementTree.fromstring(svg)
    symbols = {path.get("id", ""): extremes(path.get("d", "")) for path in root.iter(f"{SVG}path") if path.get("id")}
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    points = reach(root, symbols)
    return max(max(-at.real, at.real - width, -at.imag, at.imag - height) for at in points)


@each_example
def test_the_documented_example_draws_inside_its_page(n: int) -> None:
    plot = drawn(n)
    root = ElementTree.fromstring(plot.svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert plot.alt.endswith(".")
    for space in (CARD, SHEET):
        assert overhang(draw(*EXAMPLES[n], space).svg) <= 0.5, space
    assert float(root.attrib["width"]) <= 420


@each_example
def test_a_drawing_outlines_each_letter_once_and_counts_in_whole_numbers(n: int) -> None:
    svg = drawn(n).svg
    root = ElementTree.fromstring(svg)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    outlines = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("id")]
    assert len(ids) == len(set(ids))
    assert len(outlines) == len(set(outlines))
    assert set(ids) == set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
    assert not any("." in path.get("d", "") for path in root[1].iter(f"{SVG}path"))


def test_every_kind_is_documented_with_every_parameter_as_the_code_has_it() -> None:
    text = DOCS.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.S | re.M))
    assert set(PLOTS) == {name for name in sections if name in PLOTS} == {kind for kind, _ in EXAMPLES}
    for name, kind in PLOTS.items():
        named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.*?) \|", sections[name], re.M))))
        assert named == set(kind.parameters), name
        assert ("| any names |" in sections[name]) == (kind.any_name is not None), name
        for row in re.findall(r"^\| `.*", sections[name], re.M):
            for parameter in re.findall(r"`(\w+)`", row.split("|")[1]):
                assert ("| required" in row) == kind.parameters[parameter].required, (name, parameter)
                assert ("| as written" in row) == kind.parameters[parameter].option, (name, parameter)
        assert kind.shows.split(":")[0][:25] in sections[name]


def test_the_same_values_give_the_same_bytes_in_any_process_and_folder(tmp_path: Path) -> None:
    some = EXAMPLES[::3]
    wanted = [drawn(n) for n in range(0, len(EXAMPLES), 3)]
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\nfont.size: 30\nsvg.fonttype: none\ntext.usetex: True\n")
    code = (
        "import sys; from eigendeck.plots.draw import draw\n"
        "for example in eval(sys.stdin.read()): sys.stdout.write(draw(*example).svg)"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        input=repr(some),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": "4711", "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
        check=True,
    )
    assert made.stdout == "".join(plot.svg for plot in wanted)


def test_the_kinds_can_be_listed_without_matplotlib_or_numpy() -> None:
    code = (
        "import sys; from eigendeck.plots import parameter_problem\n"
        "parameter_problem('x', []); print({'matplotlib', 'numpy'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def random_cases(seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields values of any size for the kinds that place texts by their numbers."""
    draw_from = np.random.default_rng(seed)
    words = ["x", "a name of many words, longer than any plot is wide, and then some", "W" * 80, "Ågjp|"]

    def numbers(*shape: int) -> Any:
        scale = 10.0 ** draw_from.integers(-8, 9)
        shift = draw_from.choice([0, 0, 1]) * scale * 100
        return np.clip(draw_from.normal(size=shape) * scale + shift, -1e9, 1e9).tolist()

    def label() -> str:
        return str(draw_from.choice(words))

    def rising(n: int) -> Any:
        return np.sort(numbers(n)).tolist()

    x = rising(9)
    yield "arrows", {label(): numbers(2), "b": numbers(2), "angle": ["b", "c"], "c": numbers(2)}
    yield "arrows", {label(): numbers(2), "b": numbers(2), "chain": True, "lengths": True}
    yield "transform", {"matrix": numbers(2, 2), "shape": "circle", "names": [label(), label()]}
    yield "transform", {"matrix": numbers(3, 2, 2), "names": [label(), label(), label(), "x"]}
    yield "grid", {"cells": numbers(3, 4), "rows": [label() for _ in range(3)], "sums": "rows"}
    yield "grid", {"cells": numbers(2, 3), "columns": [label() for _ in range(3)], "sums": "columns"}
    yield "heatmaps", {label(): numbers(3, 4), "b": numbers(4, 4), "c": numbers(2, 12), "then": [label(), label()]}
    yield "shapes", {label(): [3, 4], "b": [2, 1_000_000, 5], "c": [], "then": [label(), label()]}
    yield "bars", {label(): numbers(4), "b": numbers(4), "labels": [label() for _ in range(4)], "line": numbers(1)[0]}
    yield "bars", {label(): numbers(9), "at": x, "marks": numbers(3)}
    yield "bars", {label(): numbers(3), "b": numbers(3), "c": numbers(3), "d": numbers(3), "panels": True}
    yield "histogram", {"edges": x, "counts": np.abs(numbers(2, 8)).tolist(), "names": [label(), label()]}
    yield "icons", {label(): int(draw_from.integers(1, 900)), "b": int(draw_from.integers(0, 900))}
    yield "mosaic", {"table": np.abs(numbers(2, 2)).tolist(), "rows": [label(), "b"], "columns": [label(), "d"]}
    yield "curve", {"x": x, "y": numbers(3, 9), "names": [label() for _ in range(3)], "points": numbers(2, 2)}
    yield "curve", {"x": x, "y": numbers(9), "tangent": [x[4], numbers(1)[0]], "axis": [label(), label()]}
    yield "density", {"x": x, "y": np.abs(numbers(2, 9)).tolist(), "names": [label(), "b"], "marks": [x[2], x[3]]}
    yield "scatter", {"x": numbers(9), "y": numbers(9), "line": numbers(2), "axis": [label(), label()]}
    yield "scatter", {"x": numbers(9), "y": numbers(9), "arrows": numbers(2, 2), "labels": [label(), label()]}
    yield "squares", {"x": numbers(5), "y": numbers(5), "predicted": numbers(5), "axis": [label(), label()]}
    yield "line", {label(): numbers(1)[0], "b": numbers(1)[0], "c": numbers(1)[0], "x": numbers(5), "axis": [label()]}
    yield "graph", {label(): numbers(1)[0], "b": numbers(1)[0], "c": numbers(1)[0], "back": numbers(3)}
    grid_x = np.unique(numbers(6)).tolist()
    yield "contour", {"x": grid_x, "y": [0, 1, 2], "z": numbers(3, len(grid_x)), "steps": numbers(3, 2)}


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_clipped_whatever_the_numbers_and_labels(seed: int) -> None:
    for kind, values in random_cases(seed):
        for space in (CARD, SHEET):
            assert overhang(draw(kind, values, space).svg) <= 0.5, (kind, values, space)


@pytest.mark.parametrize("space", [CARD, SHEET], ids=["card", "sheet"])
def test_labels_of_the_ordinary_cases_keep_off_each_other(space: Space) -> None:
    for kind, values in EXAMPLES:
        for (one, _, a), (other, _, b) in itertools.combinations(noted(kind, values, space).texts, 2):
            wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            assert wide <= 1 or high <= 3.5, (kind, one, other)  # 3.5 points: the room of tails and accents


def test_all_text_is_8_points_or_nearly() -> None:
    for kind, values in EXAMPLES:
        assert all(size >= 7 for _, size, _ in noted(kind, values).texts), kind
        assert all(size == 8 for _, size, _ in noted(kind, values, SHEET).texts), kind


def test_a_picture_for_the_sheet_is_as_wide_as_a_column_at_most() -> None:
    for kind, values in EXAMPLES:
        assert noted(kind, values, SHEET).width <= SHEET.widest, (kind, values)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("arrows", {"x": [5, 2], "y": [5, -1]}, "Arrows from the origin: x to (5, 2) and y to (5, −1)."),
        ("arrows", {"x": [3, 4], "y": [4, 3], "angle": ["x", "y"]}, "The angle between x and y is 16.3°."),
        ("arrows", {"x": [1, 2], "y": [3, 0], "chain": True}, "y by (3, 0) from (1, 2) to (4, 2)"),
        (
            "transform",
            {"matrix": [[1, 2], [3, 4]]},
            "[1, 2; 3, 4]. The corners go to (0, 0), (1, 3), (3, 7) and (2, 4).",
        ),
        (
            "grid",
            {"cells": [[1, 2], [3, 0.25]], "mark": [-1, 0]},
            "Row 0: 1, 2; row 1: 3, 0.25. Framed: row 1, column 0.",
        ),
        ("heatmaps", {"A": [[1, 2]], "B": [[-3]], "then": ["→"]}, "A, 1 × 2: [1, 2]. B, 1 × 1: [−3]."),
        ("shapes", {"A": [3, 2], "b": [2], "c": [3], "then": ["@", "→"]}, "A (3, 2) @ b (2,) → c (3,)."),
        ("bars", {"p": [0.5, 0.25], "labels": ["a", "b"]}, "p: a: 0.5 and b: 0.25."),
        ("histogram", {"edges": [0, 1, 2], "counts": [3, 4]}, "2 bins from 0 to 2. Counts: 3, 4, in all 7."),
        ("icons", {"hits": 9, "others": 991}, "Icon array of 1,000: 9 hits and 991 others."),
        ("mosaic", {"table": [[1, 2], [3, 4]], "rows": ["a", "b"], "columns": ["c", "d"]}, "b and c 3 and b and d 4."),
        (
            "histogram",
            {"edges": [0, 1, 2], "counts": [[3, 4], [1, 2]], "names": ["σ = 1", "one draw"]},
            " σ = 1: 3, 4, in all 7. one draw: 1, 2, in all 3.",
        ),
        ("grid", {"cells": [[1, 2]], "rows": ["σ"]}, "cells. σ: 1, 2."),
        ("curve", {"x": [0, 1, 2], "y": [0, 1, 4], "tangent": [1, 2]}, "touches at (1, 1) with slope 2."),
        ("curve", {"x": [0, 1, 2], "y": [5, 1, 4]}, "Curve from (0, 5) to (2, 4), lowest 1 at x = 1."),
        ("curve", {"x": [0, 1, 2], "y": [0, 1, 0]}, "Curve from (0, 0) to (2, 0), highest 1 at x = 1."),
        ("curve", {"x": [0, 1, 2, 3], "y": [1, 0, 2, 1]}, "(3, 1), lowest 0 at x = 1, highest 2 at x = 2."),
        ("curve", {"x": [0, 1, 2], "y": [3, 3, 3]}, "Curve from (0, 3) to (2, 3)."),
        ("density", {"x": [0, 2], "y": [0.5, 0.5], "shade": [0, 1]}, "Shaded from 0 to 1."),
        (
            "contour",
            {"x": [0, 1], "y": [0, 1], "z": [[0, 1], [1, 2]], "steps": [[0, 1], [1, 0]]},
            "(0, 1), then (1, 0).",
        ),
        ("scatter", {"x": [1, 2], "y": [3, 4], "line": [1, 2]}, "2 points: (1, 3), (2, 4). A line with slope 1"),
        ("squares", {"y": [1, 3], "predicted": [2, 2]}, "Predicted: 2, 2. Residuals: −1, 1."),
        ("line", {"x": [1, 2], "mean": 1.5}, "Marked: mean at 1.5. Dots at 1, 2."),
        ("graph", {"x": 2, "y": 4, "back": [4, 1]}, "x goes into y. Values: x = 2 and y = 4. Gradients: x 4 and y 1."),
    ],
)
def test_the_alt_text_says_the_numbers(kind: str, values: dict[str, Any], said: str) -> None:
    assert said in draw(kind, values).alt


@pytest.mark.parametrize(
    "label",
    [
        "$x^2$",
        "$\\frac{",
        "</text><script>alert(1)</script>",
        "--><b>",
        "W" * 80,
        "]]>&amp;",
        '語" id="x">',
        "語</text><script>&",
    ],
)
def test_hostile_labels_stay_harmless(label: str) -> None:
    for kind, values in (("arrows", {label: [1, 2]}), ("bars", {"a": [1], "labels": [label]})):
        plot = draw(kind, values)
        page = inline(plot, "card")
        assert label in plot.alt
        for text in (plot.svg, page):
            tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
            assert tags <= {"svg", "g", "path", "use", "defs", "pattern", "text", "title", "desc"}
            assert "<!--" not in text


def test_any_name_may_be_that_of_something_inside() -> None:
    for name in ("axes", "self", "kind", "values", "matrices", "vectors"):
        assert name in draw("arrows", {name: [1, 2]}).alt


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        ("arrows", {"x": [1, 2, 3]}, "x: needs 2 numbers, has 3 numbers: write `x[:2]`"),
        ("arrows", {"x": [1, float("nan")]}, "x: has nan, which has no place in a picture"),
        ("arrows", {"x": [1, float("-inf")]}, "x: has -inf, which has no place in a picture"),
        ("arrows", {"x": [1, 2e9]}, "x: has 2e+09: at most 1e+09 either way can be drawn"),
        ("arrows", {"x": [1, 10**400]}, "x: needs numbers, has something that is no number"),
        ("arrows", {"x": [1, None]}, "x: needs numbers, has nothing"),
        ("arrows", {"x": [1, 2j]}, "x: needs numbers, has a complex number"),
        ("arrows", {"x": "x"}, 'x: needs numbers, has the text "x"'),
        ("arrows", {"x": []}, "x: is empty: there is nothing to draw"),
        ("arrows", {"x": [1, 2], "chian": True}, 'chian: needs 2 numbers, has one number. Did you mean "chain"?'),
        ("arrows", {"x": [1, 2], "chain": 1}, "chain: needs true or false, has the number 1"),
        ("arrows", {"x": [1, 2], "angle": ["x", "z"]}, 'angle: names "z", which is no arrow here: write two of x'),
        ("arrows", {"x": [0, 0], "y": [1, 0], "angle": ["x", "y"]}, 'angle: "x" has no length, and so no angle'),
        ("transform", {"matrix": [[1, 2, 3]]}, "matrix: needs a 2 × 2 matrix, or a list of them, has a 1 × 3 matrix"),
        (
            "transform",
            {"matrix": [[1, 2], [3, 4]], "shape": "cube"},
            'needs one of square, circle, has the text "cube"',
        ),
        ("grid", {"cells": [[1, 2], [3]]}, "cells: has rows of different lengths"),
        ("grid", {"cells": [[0] * 13]}, "at most 12 × 12 can be read"),
        (
            "grid",
            {"cells": [[1, 2]], "rows": ["a", "b"]},
            "rows: needs 1 labels, one for each of the rows of `cells`, has 2",
        ),
        ("grid", {"cells": [[1, 2]], "mark": [1, 0]}, "mark: (1, 0) is outside the 1 × 2 cells"),
        ("grid", {"cells": [[1, 2]], "mark": [[True], [False]]}, "mark: is a mask of 2 × 1, but the cells are 1 × 2"),
        ("shapes", {"A": [[1, 2], [3, 4]]}, "A: needs a shape, such as (3, 2): write `A.shape`"),
        ("shapes", {"A": [3], "then": ["@"]}, "then: has 1 texts, but between 1 names fit only 0"),
        ("heatmaps", {"A": [[1]], "B": [[1]], "entry": [0, 0]}, "entry: needs three matrices"),
        ("bars", {"a": [1, 2], "b": [1]}, "the series need equally many bars: a 2, b 1"),
        ("bars", {"a": [1], "labels": ["x" * 81]}, "labels: has a label of 81 letters: at most 80"),
        ("bars", {"a": [1], "labels": ["a\u202eb"]}, "labels: has a label with letters that cannot be printed"),
        ("arrows", {"a\u0007": [1, 2]}, "a\u0007: has a label with letters that cannot be printed"),
        ("bars", {"a": [1], "marks": [2]}, "marks: needs `at`: the numbers at which the bars stand"),
        ("histogram", {"edges": [0, 1], "counts": [1, 2]}, "edges: needs one more than the 2 counts, has 2"),
        ("icons", {"a": 1.5}, "a: needs a whole number from 0 to 5000, has 1.5"),
        ("icons", {"a": 0}, "the groups count 0 together"),
        ("mosaic", {"table": [[1, -1]]}, "table: has a number below 0"),
        ("curve", {"x": [0, 1], "y": [1, 2, 3]}, "y: needs as many numbers as `x`, 2, has 3"),
        ("curve", {"x": [1, 0], "y": [1, 2]}, "x: must not turn back: write `np.sort(x)`"),
        (
            "curve",
            {"x": [0, 1], "y": [1, 2], "tangent": [3, 1]},
            "tangent: touches at 3, outside the curve's x, 0 to 1",
        ),
        ("curve", {"x": [0, 1], "y": [[1, 2]] * 9}, "y: has 9 series: at most 8 can be told apart"),
        (
            "contour",
            {"x": [0, 1], "y": [0, 1, 2], "z": [[1, 2], [3, 4]]},
            "z: needs 3 rows (one for each y) of 2 numbers",
        ),
        ("scatter", {"x": [0] * 5001, "y": [0]}, "x: has more than 5000 numbers: write `x[:5000]`"),
        ("scatter", {"x": [0], "y": [0], "ellipse": [[1, 2], [0, 1]]}, "ellipse: is not symmetric"),
        ("scatter", {"x": [0], "y": [0], "ellipse": [[1, 2], [2, 1]]}, "ellipse: is no covariance"),
        ("squares", {"y": [1]}, "predicted: or `line` is needed, and not both"),
        ("graph", {"x": 1, "y": 2, "edges": [["x", "z"]]}, 'edges: names "z", which is no node here'),
        ("graph", {"x": 1, "y": 2, "edges": [["x", "y"], ["y", "x"]]}, "edges: go round in a circle"),
    ],
)
def test_a_bad_value_is_refused_in_words(kind: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(PlotError) as refused:
        draw(kind, values)
    assert message in str(refused.value)
    assert str(refused.value).startswith(refused.value.parameter)


@pytest.mark.parametrize(
    ("kind", "names", "message"),
    [
        ("arows", ["x"], 'there is no plot kind "arows". Did you mean "arrows"? The kinds: '),
        (
            "grid",
            ["cels"],
            'grid has no parameter "cels". Did you mean "cells"? It takes cells (required), rows, columns,',
        ),
        ("curve", ["x"], "curve needs y. It takes x (required), y (required), names,"),
        (
            "arrows",
            ["chain"],
            "arrows has nothing to draw: it needs a name of your own. It takes any names of your own,",
        ),
        ("bars", list("abcdefghi"), "bars draws at most 8 names, here are 9."),
    ],
)
def test_faulty_parameters_name_those_that_the_kind_takes(kind: str, names: list[str], message: str) -> None:
    assert str(parameter_problem(kind, names)).startswith(message)
    with pytest.raises(PlotError, match=re.escape(message)):
        draw(kind, dict.fromkeys(names, 1))


def test_good_parameters_are_no_problem() -> None:
    for kind, values in EXAMPLES:
        assert parameter_problem(kind, values) is None


def test_parameters_taken_as_written_are_known() -> None:
    assert PLOTS["transform"].options == {"shape", "names"}
    assert PLOTS["arrows"].options == {"chain", "angle", "lengths"}


@each_example
def test_no_text_covers_a_dot_or_another_text(n: int) -> None:
    for space in (CARD, SHEET):
        assert noted(*EXAMPLES[n], space).overlaps() == [], space


PARABOLA = np.linspace(-2, 4, 80)


@pytest.mark.parametrize("mean", [-1, 0, 1.3, 3.1])
@pytest.mark.parametrize("gap", [1, 3, 8])
def test_names_of_points_above_each_other_stand_beside_their_rings(mean: float, gap: float) -> None:
    points = [[mean, mean**2], [mean, mean**2 + gap]]
    values = {"x": PARABOLA.tolist(), "y": (PARABOLA**2).tolist(), "points": points, "labels": ["f(E[X])", "E[f(X)]"]}
    for space in (CARD, SHEET):
        assert noted("curve", values, space).overlaps() == [], space


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(("a", "b"), [(3, 1), (4, 2), (2, 1), (4, 3), (7, 1)])
def test_names_of_arrows_leave_the_dots_of_a_scatter_alone(a: int, b: int, turn: int) -> None:
    x, y = [a, -a, b, -b, 0], [a * turn, -a * turn, -b * turn, b * turn, 0]
    covariance = [[(a * a + b * b) / 2, turn * (a * a - b * b) / 2], [turn * (a * a - b * b) / 2, (a * a + b * b) / 2]]
    arrows = [[a / 2**0.5, turn * a / 2**0.5], [-turn * b / 2**0.5, b / 2**0.5]]
    values = {"x": x, "y": y, "ellipse": covariance, "arrows": arrows, "labels": ["PC 1", "PC 2"]}
    for space in (CARD, SHEET):
        assert noted("scatter", values, space).overlaps() == [], space


def test_a_text_over_a_dot_is_noticed() -> None:
    page = Noting(CARD)
    page.rings([(50, 50)])
    page.text((50, 50), "over")
    assert set(page.overlaps()) == {"over over a dot"}


@each_example
def test_inline_is_ready_for_a_page(n: int) -> None:
    plot = drawn(n)
    page = inline(plot, "dot-product")
    root = ElementTree.fromstring(page)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(name.startswith("dot-product-") for name in ids if name)
    referred = re.findall(r'(?:href="#|url\(#)([^")]+)', page) + root.attrib["aria-labelledby"].split()
    assert set(referred) == set(ids)
    assert root.attrib["role"] == "img"
    assert root.attrib["class"] == "plot"
    assert " ".join(root.itertext()) == plot.alt
    assert "style" not in page
    assert "xmlns" not in page
    assert "#000000" not in page
    assert '="#ffffff"' not in page
    assert 'd="M0 0h' not in page  # the opaque ground


def test_inline_colours_follow_the_page() -> None:
    page = inline(draw("arrows", {"x": [1, 2]}), "a")
    assert 'fill="currentColor"' in page
    assert f"var(--p1,{PALETTE[0]})" in page
    assert set(re.findall(r"var\((--\w+)", page)) <= set(variables())


def test_inline_refuses_a_prefix_that_could_break_out() -> None:
    plot = draw("arrows", {"x": [1, 2]})
    for prefix in ('a"><script>', "", "1st", "a b"):
        with pytest.raises(ValueError, match="not the beginning of an id"):
            inline(plot, prefix)
    with pytest.raises(ValueError, match="not a plot"):
        inline(Plot("<svg/>", "Nothing."), "a")


def test_equal_ids_of_two_drawings_stand_for_equal_things() -> None:
    defined: dict[str, str] = {}
    for n in range(len(EXAMPLES)):
        for path in re.findall(r'<(?:path|pattern) id="[^"]+".*?(?:/>|</pattern>)', drawn(n).svg):
            name = re.search(r'id="([^"]+)"', path)
            assert name is not None
            assert defined.setdefault(name[1], path) == path


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("paper", "hues"), [("#ffffff", PALETTE), ("#1e1e1e", PALETTE_DARK)])
def test_every_series_colour_can_carry_text_on_its_paper(paper: str, hues: tuple[str, ...]) -> None:
    for hue in hues:
        light, dark = sorted((luminance(paper), luminance(hue)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, hue


def test_numbers_in_cells_stand_out_from_their_cells() -> None:
    svg = draw("grid", {"cells": [[-9, -5, -1, 0], [1, 4, 6, 9]]}).svg
    cells = set(re.findall(r'<path [^>]*fill="(#[0-9a-f]{6})"', svg)) - {"#ffffff"}
    assert len(cells) == 8
    for cell in cells:
        best = max((luminance(cell) + 0.05) / 0.05, 1.05 / (luminance(cell) + 0.05))
        assert best >= 4.5


def test_matrices_that_would_lose_a_half_side_by_side_stand_below_each_other() -> None:
    values = {"all": [[3, 0, 12]], "rank 1": [[6.5, 0, 12]], "left": [[-3.5, 0, 0]], "then": ["=", "+"]}
    assert {"6.5", "−3.5"} <= {words for words, _, _ in noted("heatmaps", values, CARD).texts}


HUGE = {"bars": {"a": [1e9, -1e9]}, "scatter": {"x": [-1e9, 1e9], "y": [1e-9, 0]}, "grid": {"cells": [[1e9, 1e-9]]}}


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("line", {"mean": 412.5, "x": [400, 425]}, "mean = 412.5"),
        ("line", {"x̄": 12.75, "x": [10, 15.5]}, "x̄ = 12.75"),
        ("bars", {"x": [1000.001, 1000.002]}, "1000.001"),
        ("bars", {"x": [14.225, 3], "line": 8.6125}, "14.225"),
        ("arrows", {"a": [3, 4], "b": [7.35, 9.8], "lengths": True}, "b (12.25)"),
        ("graph", {"x": 1234.5, "y": 2}, "= 1234.5"),
        ("heatmaps", {"A": [[0.3, 0], [2.675, 0]], "B": [[100000, 0], [1, 1]]}, "2.675"),
        ("grid", {"cells": [[12.34, 1], [2, 99]]}, "12.34"),
        ("curve", {"x": [2451545, 2451545.5, 2451546], "y": [0, 1, 0]}, "2451546"),
    ],
)
def test_no_picture_rounds_what_the_card_shows_in_full(kind: str, values: dict[str, Any], words: str) -> None:
    assert words in {text for text, _, _ in noted(kind, values, CARD).texts}


def test_nothing_warns(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw("scatter", {"x": [1, 1], "y": [-1e-300, 1e-300]})
        draw("curve", {"x": [0, 0], "y": [1e9, 1e9], "axis": ["é", "ŷ"]})
        draw("histogram", {"edges": [0, 1], "counts": [1], "names": [""]})
        draw("bars", {"语": [1, 2], "labels": ["عدد", "👩\u200d🔬"]})
        for kind, values in HUGE.items():
            draw(kind, values)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 1e308, -1e308, 10**400, []], ids=repr)
def test_what_has_no_place_in_a_picture_is_refused_by_every_kind(value: Any) -> None:
    for kind, values in EXAMPLES:
        for name in set(values) - PLOTS[kind].options:
            for put in (value, [value], [[value, 1], [1, 1]]):
                if kind == "shapes" and put == []:  # the shape of a single number
                    continue
                with pytest.raises(PlotError, match=re.escape(name)):
                    draw(kind, values | {name: put})


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("质量 m", "质量"),  # not in the font
        ("متوسط", "توسطم"),  # in the font, but its letters join
        ("ס", "ס"),
        ("mi\u200cravad", ""),  # the letters are in the font, but not what stands between them
        ("x̂ é fi ∑ −", ""),
    ],
)
def test_letters_that_the_font_lacks_are_set_in_the_font_of_the_page_and_named(words: str, missing: str) -> None:
    plot = draw("bars", {"a": [1, 2], "labels": [words, "b"]})
    typed = [text.text for text in ElementTree.fromstring(plot.svg).iter(f"{SVG}text")]
    assert plot.missing == "".join(sorted(missing))
    assert typed == ([words] if missing or "\u200c" in words else [])
    assert 'font-family="sans-serif"' in plot.svg or not typed  # alone, an image has no page to take a font from
    assert "font-family" not in inline(plot, "a")
    assert words in plot.alt


def test_letters_stand_as_close_as_their_font_says() -> None:
    page = noted("line", {"AVAVAVAV": 1, "AAAAVVVV": 2})
    close, apart = (box[2] - box[0] for words, _, box in page.texts if "V" in words)
    assert close < apart - 2


def test_text_in_the_font_of_the_page_gets_as_much_room_as_it_may_need() -> None:
    def room(label: str) -> float:
        page = noted("line", {label: 1, "b": 2})
        return next(box[2] - box[0] for words, _, box in page.texts if words.startswith(label))

    assert room("质量质量") > room("mmmm") * 0.9
    assert room("质量质量") == pytest.approx(room("质量") + 16)  # square letters of 8 points


@dataclass(frozen=True)
class Slices:
    """What the kind of the next test draws."""

    shares: Mapping[str, float] = parameters.any_name(parameters.number("a share"))


def pie(page: Page, values: Slices) -> str:
    """Draws with artists of Matplotlib: wedges, a hatch, a text at an angle, and axes that cut off what leaves them."""
    from matplotlib.patches import Wedge

    from eigendeck.plots.canvas.backend import figure_on

    with figure_on(page) as figure:
        axes = figure.add_axes((0.6, 0.2, 0.35, 0.7))
        axes.plot([0, 1, 9], [0, 2, 1], color=PALETTE[0])
        axes.set(xlim=(0, 2), ylabel="up")
        at = 0.0
        for n, (name, share) in enumerate(values.shares.items()):
            look = {"facecolor": PALETTE[n], "edgecolor": PALETTE[n], "hatch": ["", "//"][n], "alpha": 0.5}
            wedge = Wedge((55, 60), 40, at, at + 360 * share, **look)
            figure.add_artist(wedge).set_transform(IdentityTransform())
            figure.text(20, 20 + 90 * n, name, transform=IdentityTransform(), color=PALETTE[n])
            at += 360 * share
    return "A pie."


def test_a_kind_may_draw_with_the_artists_of_matplotlib(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import matplotlib

    monkeypatch.setitem(PLOTS, "pie", Kind("pie", "Shares as slices.", Slices, pie))
    monkeypatch.setitem(matplotlib.rcParams, "lines.linewidth", 9)  # somebody's own
    before = dict(matplotlib.rcParams)
    plot = draw("pie", {"sick": 0.25, "healthy": 0.75})
    assert plot == draw("pie", {"sick": 0.25, "healthy": 0.75})
    assert dict(matplotlib.rcParams) == before
    root = ElementTree.fromstring(plot.svg)
    letters = [use.get("href") for use in root.iter(f"{SVG}use")]
    assert {"#d73", "#d69", "#d63", "#d6b"} <= set(letters)  # s, i, c, k: symbols, as in the page's own texts
    assert len(list(root.iter(f"{SVG}clipPath"))) == 1
    assert root.findall(f".//{SVG}path[@fill='{PALETTE[0]}'][@fill-opacity='0.5']")
    assert root.findall(f".//{SVG}path[@fill='url(#h2000{PALETTE[1][1:]})']")
    assert f'stroke="{PALETTE[0]}" stroke-width="60"' in plot.svg  # 1.5 points, Matplotlib's default
    page = inline(plot, "a")
    assert f'="var(--p1,{PALETTE[0]})"' in page
    assert page.count("url(#a-") == page.count("url(#") > 0


def test_matplotlib_saves_a_figure_with_the_backend_of_the_plots(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    made = Figure(figsize=(2, 1))
    made.add_axes((0.1, 0.1, 0.8, 0.8)).plot([0, 1], [1, 0])
    for name in ("one.svg", "two.svg"):
        made.savefig(tmp_path / name, backend="module://eigendeck.plots.canvas.backend")
    written = (tmp_path / "one.svg").read_bytes()
    assert written == (tmp_path / "two.svg").read_bytes()
    assert ElementTree.fromstring(written).get("viewBox") == "0 0 144 72"

"""Plots: each kind draws its example from docs/plots.md, the same way every time, inside its page, harmlessly."""

from __future__ import annotations

import io
import itertools
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import yaml
from matplotlib.figure import Figure

from eigendeck.model import Plot
from eigendeck.plots import CARD, PLOTS, SHEET, PlotError, Space, draw, inline, parameter_problem, variables
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.style import PALETTE, PALETTE_DARK, settings
from eigendeck.plots.registry import read_values

DOCS = Path(__file__).parent.parent / "docs" / "plots.md"


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
    return draw(*EXAMPLES[n], "salt")


@cache
def figure(n: int, space: Space = CARD) -> Figure:
    """Returns the figure of an example."""
    return figure_with(*EXAMPLES[n], space)


def figure_with(kind: str, values: dict[str, Any], space: Space = CARD) -> Figure:
    with settings("salt"):
        page = Page(space)
        PLOTS[kind](page, **read_values(PLOTS[kind], values))
        return page.figure


def overhang(made: Figure) -> float:
    """Returns by how many points the drawing sticks out of its figure."""
    with settings("salt"):
        box = made.get_tightbbox()
    width, height = made.get_size_inches()
    return float(72 * max(-box.x0, -box.y0, box.x1 - width, box.y1 - height))


@each_example
def test_the_documented_example_draws_inside_its_page(n: int) -> None:
    plot = drawn(n)
    root = ElementTree.fromstring(plot.svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert plot.alt.endswith(".")
    for space in (CARD, SHEET):
        assert overhang(figure(n, space)) <= 0.5, space
    assert float(root.attrib["width"]) <= 420


@each_example
def test_a_drawing_is_at_most_60_percent_of_what_matplotlib_writes(n: int) -> None:
    buffer = io.StringIO()
    with settings("salt"):
        figure(n).savefig(buffer, format="svg")
    assert len(drawn(n).svg) <= 0.6 * len(buffer.getvalue())


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
        "import sys; from eigendeck.plots import draw\n"
        "for example in eval(sys.stdin.read()): sys.stdout.write(draw(*example, 'salt').svg)"
    )
    for seed in ("0", "4711"):
        made = subprocess.run(
            [sys.executable, "-c", code],
            input=repr(some),
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
            check=True,
        )
        assert made.stdout == "".join(plot.svg for plot in wanted)


def test_drawing_leaves_the_settings_of_matplotlib_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    draw("arrows", {"x": [1, 2]}, "salt")
    assert dict(matplotlib.rcParams) == before


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
            assert overhang(figure_with(kind, values, space)) <= 0.5, (kind, values, space)


@pytest.mark.parametrize("space", [CARD, SHEET], ids=["card", "sheet"])
def test_labels_of_the_ordinary_cases_keep_off_each_other(space: Space) -> None:
    for n, (kind, _) in enumerate(EXAMPLES):
        with settings("salt"):
            boxes = [(text.get_text(), text.get_window_extent()) for text in figure(n, space).axes[0].texts]
        for (one, a), (other, b) in itertools.combinations(boxes, 2):
            wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            assert wide <= 1 or high <= 3.5, (kind, one, other)  # 3.5 points: the room of tails and accents


def test_all_text_is_8_points_or_nearly() -> None:
    for n, (kind, _) in enumerate(EXAMPLES):
        assert all(text.get_fontsize() >= 7 for text in figure(n).axes[0].texts), kind
        assert all(text.get_fontsize() == 8 for text in figure(n, SHEET).axes[0].texts), kind


def test_a_picture_for_the_sheet_is_as_wide_as_a_column_at_most() -> None:
    for n, (kind, values) in enumerate(EXAMPLES):
        width = 72 * figure(n, SHEET).get_size_inches()[0]
        assert width <= SHEET.widest, (kind, values)


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
        ("curve", {"x": [0, 1, 2], "y": [0, 1, 4], "tangent": [1, 2]}, "touches at (1, 1) with slope 2."),
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
    assert said in draw(kind, values, "salt").alt


@pytest.mark.parametrize(
    "label", ["$x^2$", "$\\frac{", "</text><script>alert(1)</script>", "--><b>", "W" * 80, "]]>&amp;"]
)
def test_hostile_labels_stay_harmless(label: str) -> None:
    for kind, values in (("arrows", {label: [1, 2]}), ("bars", {"a": [1], "labels": [label]})):
        plot = draw(kind, values, "salt")
        page = inline(plot, "card")
        assert label in plot.alt
        for text in (plot.svg, page):
            tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
            assert tags <= {"svg", "g", "path", "use", "defs", "pattern", "rect", "title", "desc"}
            assert "<!--" not in text


def test_any_name_may_be_that_of_something_inside() -> None:
    for name in ("axes", "self", "kind", "values", "matrices", "vectors", "salt"):
        assert name in draw("arrows", {name: [1, 2]}, "salt").alt


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
        (
            "bars",
            {"a": [1], "labels": ["語"]},
            'labels: the plots\' font has no "語": write the label in other letters',
        ),
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
        draw(kind, values, "salt")
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
        draw(kind, dict.fromkeys(names, 1), "salt")


def test_good_parameters_are_no_problem() -> None:
    for kind, values in EXAMPLES:
        assert parameter_problem(kind, values) is None


def test_parameters_taken_as_written_are_known() -> None:
    assert PLOTS["transform"].options == {"shape", "names"}
    assert PLOTS["arrows"].options == {"chain", "angle", "lengths"}


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
    page = inline(draw("arrows", {"x": [1, 2]}, "salt"), "a")
    assert 'fill="currentColor"' in page
    assert f"var(--p1,{PALETTE[0]})" in page
    assert set(re.findall(r"var\((--\w+)", page)) <= set(variables())


def test_inline_refuses_a_prefix_that_could_break_out() -> None:
    plot = draw("arrows", {"x": [1, 2]}, "salt")
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
    svg = draw("grid", {"cells": [[-9, -5, -1, 0], [1, 4, 6, 9]]}, "salt").svg
    cells = set(re.findall(r'<path [^>]*fill="(#[0-9a-f]{6})"', svg)) - {"#ffffff"}
    assert len(cells) == 8
    for cell in cells:
        best = max((luminance(cell) + 0.05) / 0.05, 1.05 / (luminance(cell) + 0.05))
        assert best >= 4.5


def test_nothing_warns() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw("scatter", {"x": [1, 1], "y": [-1e-300, 1e-300]}, "salt")
        draw("histogram", {"edges": [0, 1], "counts": [1], "names": [""]}, "salt")
        draw("curve", {"x": [0, 0], "y": [1e9, 1e9], "axis": ["é", "ŷ"]}, "salt")

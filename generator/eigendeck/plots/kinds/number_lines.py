"""Numbers on a line."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eigendeck.plots import parameters
from eigendeck.plots.canvas import style
from eigendeck.plots.canvas.frame import Frame, Layout, frame, span, title_lines
from eigendeck.plots.canvas.letters import fitted, text_width
from eigendeck.plots.canvas.page import FOOT, Page
from eigendeck.plots.canvas.paths import rectangle
from eigendeck.plots.entries import Row
from eigendeck.plots.registry import kind
from eigendeck.plots.words import listed, say, say_list, tell

_NAMES = 40.0  # points above the line at which names stand
_NAME = 11.0  # points that a row of names takes
_BAR = 34.0  # points, the height of a bar over the line


@dataclass(frozen=True, slots=True)
class NumberLine:
    marks: Mapping[str, float] = parameters.any_name(parameters.number("a number, marked with this name"))
    x: Row = parameters.amounts("the numbers drawn as dots")
    span: Row | None = parameters.vector("(a, b): a bar over the line between them", size=2)
    axis: Sequence[str] = parameters.texts("the title under the line", size=1)


@kind("line", "A number line: numbers as dots, and named numbers above them.", NumberLine)
def line(page: Page, values: NumberLine) -> str:
    """Returns the alt text: the dots and the named numbers."""
    made, rows = _laid_out(page, values)
    foot, width = made.box[1], page.space.width
    _draw_dots(page, made, values.x)
    named = listed(tell("mark_at", name=name, number=say(number)) for name, number in values.marks.items())
    alt = tell("number_line", marks=named) + (f" {tell('dots', numbers=say_list(values.x))}" if values.x else "")
    if values.span:
        a, b = sorted(values.span)
        left, right = made.at((a, 0))[0], made.at((b, 0))[0]
        page.areas([rectangle((left, foot, right, foot + _BAR))], style.Fill(style.PALETTE[1], 0.12))
        page.strokes([[(at, foot), (at, foot + _BAR)] for at in (left, right)], style.PALETTE[1], 1.0)
        alt += f" {tell('bar', low=say(a), high=say(b))}"
    for i, (name, number) in enumerate(values.marks.items()):
        at, text = made.at((number, 0))[0], _mark_text(name, number, width)
        top = foot + _NAMES + _NAME * rows[i]
        colour = style.PALETTE[(i + 1) % 8]
        page.line([(at, foot), (at, top - 1)], colour, 1.4, style.DASHES[i % 8], above=1.5)
        half = text_width(text) / 2
        page.text((min(max(at, half + 1), width - half - 1), top), text, colour, FOOT, backing=True)
    return alt


def _draw_dots(page: Page, made: Frame, numbers: Row) -> None:
    """Draws the numbers as dots over the line, equal ones on top of each other."""
    piles = Counter(numbers)
    lift = min(5.5, 26.0 / max(piles.values(), default=1))
    foot = made.box[1]
    dots = [(made.at((number, 0))[0], foot + 4 + lift * n) for number, high in piles.items() for n in range(high)]
    page.dots(dots, style.PALETTE[0], min(5.0, lift + 0.5))


def _mark_text(name: str, number: float, width: float) -> str:
    return fitted(f"{name} = {say(number, 3)}", width - 4)


def _laid_out(page: Page, values: NumberLine) -> tuple[Frame, list[int]]:
    """Returns the line's frame and, for each mark, the row that its name stands in: names never meet."""
    marks, width = list(values.marks.items()), page.space.width
    across = span([*values.x, *(values.span or ()), *values.marks.values()], 0.08)
    rows, ends = [0] * len(marks), list[list[tuple[float, float]]]()
    unit = (width - 10) / (across[1] - across[0])
    for i in sorted(range(len(marks)), key=lambda n: marks[n][1]):
        half = text_width(_mark_text(*marks[i], width)) / 2 + 3
        middle = min(max(5 + (marks[i][1] - across[0]) * unit, half), width - half)
        row = 0
        while row < len(ends) and any(middle - half < b and a < middle + half for a, b in ends[row]):
            row += 1
        if row == len(ends):
            ends.append([])
        ends[row].append((middle - half, middle + half))
        rows[i] = row
    height = _NAMES + _NAME * len(ends) + 14 + 10 * len(title_lines(values.axis[0], width))
    page.resize(width, height)
    layout = Layout(box=(0, 0, width, height), titles=(values.axis[0], ""), y_ticks=False)
    return frame(page, across, (0.0, 1.0), layout), rows

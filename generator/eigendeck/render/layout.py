"""How the parts of a box go together on paper: of the few arrangements that there are, the one that takes least height.

Lengths are in ems of the sheet's text. One arrangement serves A4 and Letter: on the wider Letter a text may take a line
less, and a figure beside it then reaches further down.
"""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eigendeck.latex.breaks import clauses
from eigendeck.latex.mathml import mathml
from eigendeck.plots.canvas.style import PRINTED
from eigendeck.render import metrics
from eigendeck.render.box import Box

# What sheet.css says about paper.
EM = 7.6 * 25.4 / 72  # mm
WIDTH, WIDER = 94.0 / EM, 97.0 / EM  # inside a box on A4, and on Letter
CODE = 0.86  # size
FORMULA, SUBSTITUTED = 1.12, 1.04  # sizes
LEADING, CODE_LEADING = 1.16, CODE * 1.1
FIGURE_GAP = 2.0 / EM
FIGURE_MARGINS = 0.9 / EM
LEAST_BESIDE = 14.0  # what text needs beside a figure
PROGRAM_PADDING = 2.4 / EM + 0.15  # with a hair's breadth to spare: code must not break
OUT_PADDING = 3 * CODE * metrics.CODE_ADVANCE + 0.15
NEAR = 0.6  # so little below a figure's end code may in truth still stand beside it
FORMULA_PADDING = 3.0 / EM
LEAST_SAYS, LEAST_MISTAKE = 12.0, 8.0  # what words need beside a formula, or beside a printed matrix
CHIPS = 4.0  # the paddings of a mistake's code and of what it gives, and the arrow between them
BETWEEN = 1.6  # between the lines of a worked formula that stand side by side
SLACK = 1.04  # formulas are measured to a few per cent
GAP = 0.3 / EM  # between the parts
POINT = PRINTED * 25.4 / 72 / EM  # of a plot
RAGGED = 0.96  # of a line is filled, on average
LINE = math.floor((WIDTH - PROGRAM_PADDING) / (CODE * metrics.CODE_ADVANCE))  # characters of code on a full line

ABBREVIATED = {"linear combination": "lin. comb.", "expectation": "𝔼"}
BOLD, SMALL = 1.05, 0.76  # bold letters are wider; the size of shapes and forms in a heading

_NUMBER = re.compile(r"[A-Za-z_]\w* = -?[0-9][0-9_.]*(e-?[0-9]+)?")

Stand = Literal["beside", "column", "corner", "below"]
Place = Literal["top", "row", "work", "line"]
STANDS: tuple[Stand, ...] = ("corner", "beside", "column", "below")  # most boxes alike: they are found faster
HARDLY = 0.2  # a fifth of a line


@dataclass(frozen=True, slots=True)
class Fit:
    """An arrangement.

    formula: it stands beside the program, beside it below what the card says ("column"), in the corner of what the card
    says, or below that on a line of its own. beside: the output stands to the right of the program. figure: it floats
    on the right from the top, from the row of the program, or from the worked example on, or has a line of its own.
    width: of the figure, in mm. goes_on: the check
    stands in the line of the worked formula. aside: the mistake's sentence begins beside the matrix that the mistake
    prints. program: as it is shown.
    """

    formula: Stand
    beside: bool
    figure: Place
    width: float
    goes_on: bool
    aside: bool
    program: str


def fit(box: Box) -> Fit:
    """Returns the arrangement of a box that takes the least height, or the first that takes hardly more."""
    parts = _Parts(box)
    places = parts.places
    programs = dict.fromkeys((box.program, compact(box.program)))
    tried = ((program, stand, place) for stand in STANDS for program in programs for place in places)
    arranged = [parts.on_both(*choice) for choice in tried]
    least = min(height for height, _ in arranged)
    return next(found for height, found in arranged if height <= least + HARDLY)


def too_wide(box: Box) -> Iterator[tuple[str, str, str]]:
    """Yields what does not fit on a line of the box on paper: the card's key, what is wrong, what to do.

    A formula may break before its relations, so its widest part counts. Widths are worked out from the advances of
    the fonts, true to some 3 %.
    """
    for key, lines, size in (("formula", (box.formula,), FORMULA), ("work", box.substituted, SUBSTITUTED)):
        widest = max((_widest_part(line, size) for line in lines), default=0.0)
        if widest > WIDTH:
            over = math.ceil((widest - WIDTH) * EM)
            where = "the formula" if key == "formula" else "the formula with numbers"
            hint = (
                r"Break it with `aligned`, or shorten it: it can break before `=`, `\approx`, `\to` and the like alone."
            )
            yield key, f"{where} is about {over} mm too wide for its box on paper", hint
    program = fit(box).program.splitlines()
    longest = max(program, key=len, default="")
    if len(longest) > LINE:
        key = "given" if longest in program[:-1] and re.match(r"\w+ = (np\.array\()?[\[(\d-]", longest) else "numpy"
        what = (
            f"a line of the program has {len(longest)} characters; {LINE} fit on a line of the sheet, where it breaks"
        )
        yield key, what, "Break the line, use shorter names, or give fewer numbers."
    widest = max(map(len, box.output.splitlines()), default=0)
    if widest > LINE:
        what = f"a line of the output has {widest} characters; {LINE} fit on a line of the sheet, where it breaks"
        yield "numpy", what, "Round the numbers (`nice: 2 digits`), or give fewer of them."


def _widest_part(latex: str, size: float) -> float:
    return max(formula_extent(part, size).width for clause in clauses(latex) for part in clause)


def compact(program: str) -> str:
    """Returns the program with matrices on one line, and single numbers that follow each other bound on one.

    What is longer than a line of the sheet stays as it is; what the program does is unchanged.
    """
    try:
        statements = ast.parse(program).body
    except SyntaxError:
        return program
    lines = program.splitlines()
    sources = ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in statements]
    covered = {number for node in statements for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    if sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in statements) != len(covered) or len(
        covered
    ) != len(lines):
        return program  # comments or empty lines between, or two statements on a line
    shown = [_on_one_line(source) for source in sources]
    joined: list[str] = []
    for numbers, group in itertools.groupby(shown, key=lambda source: bool(_NUMBER.fullmatch(source))):
        together = list(group)
        if numbers and len(together) > 1:
            names, values = zip(*(source.split(" = ", 1) for source in together), strict=True)
            tuple_form = f"{', '.join(names)} = {', '.join(values)}"
            together = [tuple_form] if len(tuple_form) <= LINE else together
        joined += together
    return "\n".join(joined)


def _on_one_line(source: str) -> str:
    flat = re.sub(r"(?<=[(\[{])\s*\n\s*|\s*\n\s*(?=[)\]}])", "", source)
    flat = re.sub(r"\s*\n\s*", " ", flat)
    if "\n" not in source or len(flat) > LINE:
        return source
    try:
        same = ast.dump(ast.parse(flat)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return source
    return flat if same else source


def form_of(box: Box) -> str:
    """Returns the name of the form, or its abbreviation where the heading has no more room."""
    heading = metrics.of_text(f"{box.number} {box.concept}") * BOLD + SMALL * len(box.shapes) * metrics.CODE_ADVANCE
    whole = heading + SMALL * metrics.of_text(box.form) + 3.0
    return box.form if whole <= WIDTH else ABBREVIATED.get(box.form, box.form)


def lines_of(box: Box) -> list[tuple[str, bool]]:
    """Returns the lines of the worked formula, and of each whether it is so short that others may stand beside it."""
    wide, _ = figure_of(box)
    room = WIDTH - wide - FIGURE_GAP if floats(wide) else WIDTH
    return [(line, formula_extent(line, SUBSTITUTED).width < 0.96 * room) for line in box.substituted]


def floats(width: float) -> bool:
    """Whether text has room beside a figure of this width."""
    return width <= WIDTH - LEAST_BESIDE - FIGURE_GAP


def figure_of(box: Box) -> tuple[float, float]:
    """Returns the width and the height of the box's plot in print; 0 where there is none."""
    size = re.search(r'viewBox="0 0 (\S+) (\S+?)"', box.plot)
    return (float(size[1]) * POINT, float(size[2]) * POINT) if size else (0.0, 0.0)


def code_width(text: str) -> float:
    """Returns the width of the longest line of code."""
    return max((len(line) for line in text.splitlines()), default=0) * CODE * metrics.CODE_ADVANCE


def formula_extent(latex: str, size: float) -> metrics.Extent:
    """Returns the box of a formula shown at a size, text being 1."""
    return metrics.of_mathml(mathml(latex, True)).scaled(size)


class _Parts:
    """The parts of a box, measured once."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.says = metrics.of_markup(box.says, CODE)
        self.formula = formula_extent(box.formula, FORMULA * SLACK)
        self.substituted = [formula_extent(line, SUBSTITUTED) for line in box.substituted]
        self.check = metrics.of_text(f"✓ Check {box.checks[0]}") if box.checks else 0.0
        self.mistake_says = metrics.of_markup(box.mistake_says, CODE)
        self.mistake_lines = max(len(box.mistake_code.splitlines()), len(box.mistake_shown.splitlines()))
        self.mistake = metrics.of_text("✗ Mistake ")
        if box.mistake_code:
            self.mistake += code_width(box.mistake_code) + code_width(box.mistake_shown) + CHIPS
        self.figure = figure_of(box)
        self.figure_mm = round(self.figure[0] * EM, 1)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the figure may stand."""
        if not self.box.plot:
            return ("work",)
        return ("row", "work", "top", "line") if floats(self.figure[0]) else ("line",)

    def on_both(self, program: str, stand: Stand, place: Place) -> tuple[float, Fit]:
        """Returns the mean height of an arrangement on the two papers, endless where one has no room, and what it is.

        What stands beside something else does so only where there is room for it on both.
        """
        (height, found), (other, same) = (self._arranged(program, stand, place, width) for width in (WIDTH, WIDER))
        both = replace(
            found,
            beside=found.beside and same.beside,
            goes_on=found.goes_on and same.goes_on,
            aside=found.aside and same.aside,
        )
        return (height + other) / 2, both

    def _arranged(self, program: str, stand: Stand, place: Place, width: float) -> tuple[float, Fit]:
        """Returns the height of an arrangement on one paper, endless where it cannot be, and what it is."""
        flow = _Flow(width, self.figure[0] + FIGURE_GAP)
        if place == "top":
            flow.figure(self.figure[1])
        possible = self._lead(flow, stand)
        if place == "row":
            flow.figure(self.figure[1])
        code = code_width(program) + PROGRAM_PADDING
        taken, height = self._beside_program(stand, flow.sure - code)
        room = flow.sure - taken
        hangs = code > room  # only where there is no more room to be had
        if not possible or height == math.inf or (hangs and (taken or flow.sure < flow.full)):
            return math.inf, Fit(stand, False, place, self.figure_mm, False, False, program)
        out = self.box.output
        beside = code + code_width(out) + OUT_PADDING <= room
        hanging = sum(len(line) // LINE for line in program.splitlines())
        lines, below = len(program.splitlines()) + hanging, len(out.splitlines())
        program_height = (max(lines, below) if beside else lines + below + 0.2) * CODE_LEADING + 0.25
        flow.block(max(height, program_height))
        if place == "work":
            flow.figure(self.figure[1])
        if place == "line":
            flow.block(self.figure[1] + FIGURE_MARGINS)
        taken = flow.boxes(self.substituted)
        goes_on = 0 < taken < flow.width - self.check * SLACK
        if not goes_on:
            flow.text(self.check)
        aside = self._mistake(flow)
        return flow.end, Fit(stand, beside, place, self.figure_mm, goes_on, aside, program)

    def _lead(self, flow: _Flow, stand: Stand) -> bool:
        """Places what stands above the program; returns whether it can."""
        room = flow.width - self.formula.width - FORMULA_PADDING
        if stand == "corner":
            lines = math.ceil(self.formula.height / LEADING)
            rest = self.says - lines * room * RAGGED
            flow.block(self.formula.height if rest <= 0 else lines * LEADING)
            flow.text(rest)
            return room >= LEAST_SAYS
        if stand != "column":
            flow.text(self.says)
        if stand == "below":
            flow.block(self.formula.height)
        return True

    def _beside_program(self, stand: Stand, room: float) -> tuple[float, float]:
        """Returns the width and the height of what stands beside the program; the height is endless without room."""
        if stand == "beside":
            return self.formula.width + FORMULA_PADDING, self.formula.height
        if stand == "column":
            width = room - FORMULA_PADDING
            fits = width >= max(LEAST_SAYS, self.formula.width)
            lines = math.ceil(self.says / (width * RAGGED)) if fits else math.inf
            return room, lines * LEADING + self.formula.height
        return 0.0, 0.0

    def _mistake(self, flow: _Flow) -> bool:
        """Places the mistake; returns whether its sentence flows beside a matrix or lines of code."""
        if self.mistake_lines < 2:
            flow.text(self.mistake + self.mistake_says)
            return False
        left = flow.width - self.mistake
        height = self.mistake_lines * CODE_LEADING + 0.2
        aside = left >= LEAST_MISTAKE
        if aside:
            lines = math.ceil(height / LEADING)
            rest = self.mistake_says - lines * left * RAGGED
            flow.block(height if rest > 0 else max(height, math.ceil(self.mistake_says / left / RAGGED) * LEADING))
            flow.text(rest)
        else:
            flow.block(height * (2 if self.mistake > flow.width else 1))
            flow.text(self.mistake_says)
        return aside


class _Flow:
    """Where the next part of a box goes: below the last, and beside a figure as long as that goes on."""

    def __init__(self, full: float, figure_width: float) -> None:
        self.full = full
        self.at = 0.0
        self.figure_width = figure_width
        self.figure_end = 0.0

    @property
    def width(self) -> float:
        return self.full - self.figure_width if self.at < self.figure_end - 0.1 else self.full

    @property
    def sure(self) -> float:
        """The width that there is even where the figure reaches further down than was thought."""
        return self.full - self.figure_width if self.at < self.figure_end + NEAR else self.full

    @property
    def end(self) -> float:
        return max(self.at, self.figure_end)

    def figure(self, height: float) -> None:
        if height:
            self.figure_end = self.at + height + 0.2

    def block(self, height: float) -> None:
        self.at += height + GAP

    def boxes(self, boxes: Sequence[metrics.Extent]) -> float:
        """Places boxes side by side, as many on a line as fit; returns how much of the last line is taken.

        What is too long for a line goes on to the next.
        """
        used, height = 0.0, 0.0
        for box in boxes:
            if used and used + box.width > self.width:
                self.at += height
                used, height = 0.0, 0.0
            tall = max(LEADING, box.height + 0.1)
            more, rest = divmod(box.width, self.width)
            self.at += more * tall
            used, height = used + rest + BETWEEN, max(height, tall)
        self.at += height
        return used

    def text(self, width: float) -> None:
        while width > 0:
            width -= self.width * RAGGED
            self.at += LEADING
        self.at += GAP

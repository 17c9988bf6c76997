"""How the parts of a box go together on paper: of the few arrangements that there are, the one that takes least height.

Lengths are in ems of the sheet's text. One arrangement serves A4 and Letter: on the wider Letter a text may take a line
less, and a figure beside it then reaches further down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from eigendeck.latex.mathml import mathml_in_text
from eigendeck.plots.canvas.style import PRINTED
from eigendeck.render import measures, metrics
from eigendeck.render.box import Arrangement, Box, Place, Stand
from eigendeck.render.compact import compact
from eigendeck.text import markup

# What is not in the style sheet: what text needs, and how true the measuring is.
LEAST_BESIDE = 14.0  # beside a figure
LEAST_SAYS, LEAST_MISTAKE = 12.0, 8.0  # beside a formula, or beside a printed matrix
NEAR = 0.6  # so little below a figure's end code may in truth still stand beside it
CHIPS = 4.0  # the paddings of a mistake's code and of what it gives, and the arrow between them
SPACE = 0.3  # between words
SLACK = 1.04  # formulas are measured to a few per cent
RAGGED = 0.96  # of a line is filled, on average
HARDLY = 0.2  # a fifth of a line
BOLD = 1.05  # bold letters are wider

ABBREVIATED = {"linear combination": "lin. comb.", "expectation": "expect."}

STANDS: tuple[Stand, ...] = ("corner", "beside", "below")  # most boxes alike: they are found faster


def arrange(box: Box) -> Arrangement:
    """Returns the arrangement of a box: its own, or the first of those that take hardly more than the least height."""
    if box.arrangement:
        return box.arrangement
    parts = _Parts(box)
    places = parts.places
    programs = dict.fromkeys((box.program, compact(box.program)))
    tried = ((program, stand, place) for stand in STANDS for program in programs for place in places)
    arranged = [parts.on_both(*choice) for choice in tried]
    least = min(height for height, _ in arranged)
    return next(arrangement for height, arrangement in arranged if height <= least + HARDLY)


def form_of(box: Box) -> str:
    """Returns the name of the form, or its abbreviation where the heading has no more room."""
    small = measures.SHEET.small
    title = metrics.of_text(f"{box.number} ") + _width(box.concept)
    heading = title * BOLD + small * len(box.shapes) * measures.CODE_ADVANCE
    whole = heading + small * _width(box.form) + 3.0
    return box.form if whole <= measures.SHEET.room(measures.A4) else ABBREVIATED.get(box.form, box.form)


def _width(text: str) -> float:
    """The width of a text of the author on one line."""
    return metrics.of_markup(markup.to_html(text, mathml_in_text))


def lines_of(box: Box) -> list[tuple[str, bool]]:
    """Returns the lines of the worked formula, and of each whether it is so short that others may stand beside it."""
    wide, _ = figure_of(box)
    sheet = measures.SHEET
    room = sheet.room(measures.A4) - (wide + sheet.ems(sheet.side_gap) if floats(wide) else 0)
    return [(line, metrics.of_formula(line, sheet.substituted).width < 0.96 * room) for line in box.substituted]


def floats(width: float) -> bool:
    """Whether text has room beside a figure of this width."""
    sheet = measures.SHEET
    return width <= sheet.room(measures.A4) - LEAST_BESIDE - sheet.ems(sheet.side_gap)


def figure_of(box: Box) -> tuple[float, float]:
    """Returns the width and the height of the box's plot in print; 0 where there is none."""
    wide, high = metrics.viewed(box.plot) if box.plot else (0.0, 0.0)
    return wide * PRINTED / measures.SHEET.text, high * PRINTED / measures.SHEET.text


class _Parts:
    """The parts of a box, measured once."""

    def __init__(self, box: Box) -> None:
        self.box, self.sheet = box, measures.SHEET
        self.says = metrics.of_markup(box.says)
        self.ask = metrics.of_markup(box.ask)
        self.formula = metrics.of_formula(box.formula, self.sheet.formula * SLACK)
        self.substituted = [metrics.of_formula(line, self.sheet.substituted) for line in box.substituted]
        self.check = metrics.of_text(f"✓ {box.words['sheet.check']} ") + _width(box.checks[0]) if box.checks else 0.0
        self.mistake_says = metrics.of_markup(box.mistake_says)
        self.mistake_lines = max(len(box.mistake_code.splitlines()), len(box.mistake_shown.splitlines()))
        self.mistake = metrics.of_text(f"✗ {box.words['sheet.mistake']} ")
        if box.mistake_code:
            self.mistake += metrics.of_code(box.mistake_code) + metrics.of_code(box.mistake_shown) + CHIPS
        self.figure = figure_of(box)
        self.figure_mm = round(self.figure[0] * self.sheet.em, 1)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the figure may stand."""
        if not self.box.plot:
            return ("work",)
        return ("row", "work", "top", "line") if floats(self.figure[0]) else ("line",)

    def on_both(self, program: str, stand: Stand, place: Place) -> tuple[float, Arrangement]:
        """Returns the mean height of an arrangement on the two papers, endless where one has no room, and what it is.

        What stands beside something else does so only where there is room for it on both.
        """
        height, on_a4 = self._arranged(program, stand, place, self.sheet.room(measures.A4))
        other, on_letter = self._arranged(program, stand, place, self.sheet.room(measures.LETTER))
        both = replace(
            on_a4,
            beside=on_a4.beside and on_letter.beside,
            goes_on=on_a4.goes_on and on_letter.goes_on,
            aside=on_a4.aside and on_letter.aside,
        )
        return (height + other) / 2, both

    def _arranged(self, program: str, stand: Stand, place: Place, width: float) -> tuple[float, Arrangement]:
        """Returns the height of an arrangement on one paper, endless where it cannot be, and what it is."""
        flow = _Flow(width, self.figure[0] + self.sheet.ems(self.sheet.side_gap))
        if place == "top":
            flow.figure(self.figure[1])
        possible = self._lead(flow, stand)
        if self.ask:
            flow.text(self.ask)
        if place == "row":
            flow.figure(self.figure[1])
        code, sure = metrics.of_code(program) + self.sheet.around_program, flow.width(NEAR)
        taken = self.formula.width + self.sheet.around_formula if stand == "beside" else 0.0
        room = sure - taken
        hangs = code > room  # only where there is no more room to be had
        if not possible or (hangs and (taken or sure < flow.full)):
            return math.inf, Arrangement(stand, False, place, self.figure_mm, False, False, program)
        out = self.box.output
        beside = code + metrics.of_code(out) + self.sheet.around_out <= room
        hanging = sum(len(line) // self.sheet.line for line in program.splitlines())
        lines, below = len(program.splitlines()) + hanging, len(out.splitlines())
        program_height = (max(lines, below) if beside else lines + below + 0.2) * self.sheet.code_line + 0.25
        flow.block(max(self.formula.height if stand == "beside" else 0.0, program_height))
        if place == "work":
            flow.figure(self.figure[1])
        if place == "line":
            flow.block(self.figure[1] + self.sheet.ems(self.sheet.figure_above + self.sheet.figure_below))
        taken = flow.boxes(self.substituted)
        goes_on = 0 < taken < flow.width() - self.check * SLACK
        if not goes_on:
            flow.text(self.check)
        aside = self._mistake(flow)
        return flow.end, Arrangement(stand, beside, place, self.figure_mm, goes_on, aside, program)

    def _lead(self, flow: _Flow, stand: Stand) -> bool:
        """Places what stands above the program; returns whether it can."""
        room = flow.width() - self.formula.width - self.sheet.around_formula
        if stand == "corner":
            lines = math.ceil(self.formula.height / self.sheet.leading)
            rest = self.says - lines * room * RAGGED
            flow.block(self.formula.height if rest <= 0 else lines * self.sheet.leading)
            flow.text(rest)
            return room >= LEAST_SAYS
        flow.text(self.says)
        if stand == "below":
            flow.block(self.formula.height)
        return True

    def _mistake(self, flow: _Flow) -> bool:
        """Places the mistake; returns whether its sentence flows beside a matrix or lines of code."""
        if self.mistake_lines < 2:
            flow.text(self.mistake + self.mistake_says)
            return False
        left = flow.width() - self.mistake
        height = self.mistake_lines * self.sheet.code_line + 0.2
        aside = left >= LEAST_MISTAKE
        if aside:
            lines = math.ceil(height / self.sheet.leading)
            rest = self.mistake_says - lines * left * RAGGED
            words = math.ceil(self.mistake_says / left / RAGGED) * self.sheet.leading
            flow.block(height if rest > 0 else max(height, words))
            flow.text(rest)
        else:
            flow.block(height * (2 if self.mistake > flow.width() else 1))
            flow.text(self.mistake_says)
        return aside


class _Flow:
    """Where the next part of a box goes: below the last, and beside a figure as long as that goes on."""

    def __init__(self, full: float, figure_width: float) -> None:
        self.full = full
        self.at = 0.0
        self.figure_width = figure_width
        self.figure_end = 0.0

    def width(self, near: float = -0.1) -> float:
        """The width that there is. near: how much further down the figure may reach than was thought."""
        return self.full - self.figure_width if self.at < self.figure_end + near else self.full

    @property
    def end(self) -> float:
        return max(self.at, self.figure_end)

    def figure(self, height: float) -> None:
        if height:
            self.figure_end = self.at + height + 0.2

    def block(self, height: float) -> None:
        self.at += height + measures.SHEET.ems(measures.SHEET.part_gap)

    def boxes(self, boxes: Sequence[metrics.Extent]) -> float:
        """Places boxes side by side, as many on a line as fit; returns how much of the last line is taken.

        What is too long for a line goes on to the next.
        """
        used, height = 0.0, 0.0
        for box in boxes:
            if used and used + box.width > self.width():
                self.at += height
                used, height = 0.0, 0.0
            tall = max(measures.SHEET.leading, box.height + 0.1)
            more, rest = divmod(box.width, self.width())
            self.at += more * tall
            used, height = used + rest + measures.SHEET.word_gap + SPACE, max(height, tall)
        self.at += height
        return used

    def text(self, width: float) -> None:
        while width > 0:
            width -= self.width() * RAGGED
            self.at += measures.SHEET.leading
        self.at += measures.SHEET.ems(measures.SHEET.part_gap)

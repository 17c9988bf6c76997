"""Lengths and sizes by which the sheet's style and the layout of its boxes both go: the style is made from them."""

import math
from dataclasses import asdict, dataclass

CODE_ADVANCE = 0.6  # of Source Code Pro, whatever the character, in ems
A4, LETTER = 210.0, 215.9  # mm across
_MM = 72 / 25.4  # points
_HAIR = 0.15  # to spare beside code, in ems: it must not break


@dataclass(frozen=True, slots=True)
class Measures:
    """Of the printed sheet, but for the sizes, which hold on the screen, too.

    A size is a part of the text's; leading is in ems, a length in millimetres where it does not say ems or characters.
    """

    text: float = 7.6  # points
    leading: float = 1.16
    code: float = 0.86  # size
    code_leading: float = 1.1
    code_padding: float = 0.25  # ems of code within a text, on each side
    maths: float = 1.08  # size within a text
    formula: float = 1.12  # size
    substituted: float = 1.04  # size
    small: float = 0.76  # size of shapes and forms in a heading
    script: float = 0.71  # size of scripts, base being 1
    cell_padding: float = 0.35  # ems, on each side of a matrix's cell
    page_margin: float = 6  # at the sides
    column_gap: float = 2.6
    column_padding: float = 0.3  # at the outer sides
    box_border: float = 0.2
    box_padding: float = 1.5
    part_gap: float = 0.3  # above each part of a box
    side_gap: float = 2  # between what stands side by side
    figure_above: float = 0.4  # of one on a line of its own
    figure_below: float = 0.5
    formula_padding: float = 0.5
    program_padding: float = 1.2
    out_margin: float = 2  # characters, to the left of an output that stands beside its program
    out_padding: float = 1  # characters
    word_gap: float = 1.3  # ems that are added to the space between short lines

    @property
    def em(self) -> float:
        """The text's size in millimetres."""
        return self.text / _MM

    def ems(self, length: float) -> float:
        """Returns a length in millimetres in ems."""
        return length / self.em

    def column(self, paper: float) -> float:
        """Returns the width of a box of two columns. paper: its width."""
        return (paper - 2 * self.page_margin - 2 * self.column_padding - self.column_gap) / 2

    def room(self, paper: float) -> float:
        """Returns the width inside a box of two columns, in ems. paper: its width."""
        return (self.column(paper) - 2 * (self.box_padding + self.box_border)) / self.em

    @property
    def code_line(self) -> float:
        """The height of a line of code, in ems."""
        return self.code * self.code_leading

    @property
    def around_program(self) -> float:
        """What a program's width takes beside its code, in ems."""
        return 2 * self.program_padding / self.em + _HAIR

    @property
    def around_out(self) -> float:
        """What an output that stands beside its program takes beside its text, in ems."""
        return (self.out_margin + self.out_padding) * self.code * CODE_ADVANCE + _HAIR

    @property
    def around_formula(self) -> float:
        """What a formula takes with the gap between it and what it stands beside, in ems."""
        return (2 * self.formula_padding + self.side_gap) / self.em

    @property
    def line(self) -> int:
        """How many characters of code a full line on A4 has."""
        return math.floor((self.room(A4) - self.around_program) / (self.code * CODE_ADVANCE))


SHEET = Measures()


def css() -> dict[str, str]:
    """Returns what stands for `${name}` in a style sheet, without a unit."""
    return {name: f"{length:g}".removeprefix("0") or "0" for name, length in asdict(SHEET).items()}

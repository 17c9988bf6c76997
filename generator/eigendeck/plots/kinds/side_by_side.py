"""Named things side by side with texts between them: in a line, or in lines below each other where they need them."""

from collections.abc import Sequence

from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import Box
from eigendeck.plots.registry import PlotError

_LEAST = 60.0  # points across: so wide is a picture at least


def check_between(then: Sequence[str], names: Sequence[str]) -> None:
    """Refuses more texts than there are gaps between the things. Raises PlotError: there are more."""
    if len(then) > len(names) - 1:
        raise PlotError("then", f"has {len(then)} texts, but between {len(names)} names fit only {len(names) - 1}")


def slots(
    page: Page, widths: Sequence[float], heights: Sequence[float], gap: float, *, between: bool, leading: float = 0.0
) -> list[Box]:
    """Makes the page fit the things and returns the box of each, as high as the line that it stands in.

    gap: between two things, in points. between: whether texts stand there. leading: between two lines, in points.
    """
    lines = _lines(widths, gap, page.space.widest - 4)
    tall = [max(heights[i] for i in line) for line in lines]
    longest = max(sum(widths[i] for i in line) + gap * (len(line) - 1) for line in lines)
    overhang = gap if between and len(lines) > 1 else 0.0  # a text follows the last thing of a line
    height = sum(tall) + leading * (len(lines) - 1) + 4
    page.resize(max(longest, _LEAST) + overhang + 4, height)
    boxes = []
    top = height - 2
    for line, high in zip(lines, tall, strict=True):
        left = 2.0
        for i in line:
            boxes.append((left, top - high, left + widths[i], top))
            left += widths[i] + gap
        top -= high + leading
    return boxes


def _lines(widths: Sequence[float], gap: float, widest: float) -> list[list[int]]:
    """Returns the things' positions, line by line, each line no wider than the widest may be."""
    lines: list[list[int]] = [[]]
    used = 0.0
    for i, width in enumerate(widths):
        if lines[-1] and used + gap + width > widest:
            lines.append([])
            used = 0.0
        used += width + (gap if lines[-1] else 0)
        lines[-1].append(i)
    return lines

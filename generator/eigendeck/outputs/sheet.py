"""The printable sheet: HTML that asks nothing of the network, and on paper fits A4 and Letter."""

from collections.abc import Mapping, Sequence

from eigendeck.outputs.page import colours, font_faces, hues, pages, rendered, stylesheet
from eigendeck.phrases import phrases
from eigendeck.render.box import Box, Sheet, SheetSection
from eigendeck.render.templates import template_text
from eigendeck.store import version_of

MOST_BOXES = 1_000  # of one document: above it there is one for each section
NOTHING: Mapping[str, str] = {}


def documents(sheet: Sheet, name: str) -> dict[str, str]:
    """Returns the documents of a sheet by their names, without `.html`: one, or an index and one a section.

    Raises: as `emit`.
    """
    sections = [section for section in sheet.sections if section.boxes]
    if sum(len(section.boxes) for section in sections) <= MOST_BOXES or len(sections) < 2:
        return {name: emit(sheet)}
    numbers = [section.number for section in sections]
    if len({*numbers}) < len(numbers):
        numbers = [f"{place:02}" for place in range(1, len(sections) + 1)]
    links = {section.stem: f"{name}.{number}.html" for section, number in zip(sections, numbers, strict=True)}
    parts = {f"{name}.{number}": [section] for section, number in zip(sections, numbers, strict=True)}
    return {name: emit(sheet, [], links)} | {part: emit(sheet, shown, links) for part, shown in parts.items()}


def emit(sheet: Sheet, shown: Sequence[SheetSection] | None = None, links: Mapping[str, str] = NOTHING) -> str:
    """Returns a document; the same sheet gives the same text.

    shown: the sections whose boxes are in it; None: all of them, and the panels, which an index without boxes has, too.
    links: the documents of the sections by their stems, where they stand in others.

    Raises MathError: a formula or a substituted line cannot be shown.
    """
    script = template_text("sheet.js")
    sections = sheet.sections if shown is None else shown
    counted = [box for section in sections or sheet.sections for box in section.boxes]
    return rendered(
        "sheet",
        script,
        sheet=sheet,
        words=phrases(sheet.deck.language, sheet.deck.phrases),
        numpy=version_of("numpy"),
        shown=[section for section in sections if section.boxes],
        links=links,
        panels=() if shown else sheet.panels,
        count=len(counted),
        forms=sorted({box.form for section in sections for box in section.boxes if box.form}),
        told=sum(box.told for box in counted),
        hues=hues(section.number for section in sheet.sections),
    )


def box_html(box: Box) -> str:
    """Returns the box of one card as it stands in the document; `print_style` belongs to it."""
    return pages().get_template("box.html").render(box=box, words=box.words)


def print_style() -> str:
    """Returns the style of the sheet on paper, for a screen that shows how it prints."""
    on_paper = stylesheet("sheet.css").replace("@media screen", "@media not all").replace("@media print", "@media all")
    return f"{font_faces()}:root{{{colours()}}}\n{on_paper}"

"""Stage 4, at its end: all cards of a deck as they are shown, their sheet, and what it has no room for."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from eigendeck.deck.read import Deck
from eigendeck.errors import Fault
from eigendeck.model import CardPlots, Worked, WorkedPanel
from eigendeck.render.box import Sheet, SheetSection
from eigendeck.render.card import Face, face
from eigendeck.render.measures import SHEET


def faces_of(deck: Deck, drawn: Iterable[tuple[Worked, CardPlots]], seed: int) -> Iterator[Face]:
    """Yields the faces of cards of a deck, each under its number, as they come."""
    sections = {card.id: section for section in deck.sections for card in section.cards}
    for one, plots in drawn:
        yield face(one, sections[one.card.id], plots, deck.numbers[one.card.id], seed, deck.meta)


def sheet_of(deck: Deck, faces: Sequence[Face], panels: Sequence[WorkedPanel], seed: int, newest: int) -> Sheet:
    """Returns the sheet of a deck. newest: the time of its newest note, in seconds, which dates it."""
    boxes = {section.stem: tuple(one.box for one in faces if one.section is section) for section in deck.sections}
    sections = tuple(SheetSection(s.number, s.title, s.stem, boxes[s.stem], s.see) for s in deck.sections)
    return Sheet(deck.meta, seed, iso_date(newest), sections, tuple(panels))


def iso_date(seconds: int) -> str:
    """Returns the day of a time in seconds, by UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()


def small_faults(deck: Deck, small: Mapping[str, float]) -> list[Fault]:
    """Returns warnings of paper cards that hardly anybody can read. small: the points of their text, by card."""
    hint = "Take a larger --size, or give the card fewer numbers or shorter sentences."
    faults = []
    for name, points in small.items():
        note, _, direction = name.partition("_")
        what = f"{note}: on paper the {direction} card has more text than room: it is set in {points:g} points"
        faults.append(Fault(deck.card_sources[note].key("concept"), what, hint, warning=True))
    return faults


def wide_faults(deck: Deck, faces: Sequence[Face]) -> list[Fault]:
    """Returns warnings of what paper has no room for: it prints broken over lines, or beyond its box."""
    faults = []
    for one in faces:
        card = one.card
        for key, what, hint in one.wide:
            line = next((n for n, line in enumerate(card.numpy.splitlines(), 1) if len(line) > SHEET.line), 1)
            place = deck.card_sources[card.id].at(key, line=line if key == "numpy" else 1)
            faults.append(Fault(place, f"{card.id}: {key}: {what}", hint, warning=True))
    return faults

"""Stage 4, at its end: all cards of a deck as they are shown, their sheet, and what it has no room for."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from eigendeck import __version__
from eigendeck.deck.read import Deck
from eigendeck.errors import Fault
from eigendeck.latex.mathml import mathml
from eigendeck.model import CardPlots, Worked, WorkedPanel
from eigendeck.phrases import phrases
from eigendeck.render.box import Sheet, SheetSection
from eigendeck.render.card import Face, face
from eigendeck.render.measures import SHEET
from eigendeck.render.panels import panel
from eigendeck.store import version_of
from eigendeck.text import markup


def faces_of(deck: Deck, drawn: Iterable[tuple[Worked, CardPlots]], seed: int) -> Iterator[Face]:
    """Yields the faces of cards of a deck, each under its number, as they come."""
    sections = {card.id: section for section in deck.sections for card in section.cards}
    for one, plots in drawn:
        yield face(one, sections[one.card.id], plots, deck.numbers[one.card.id], seed, deck.meta)


def sheet_of(deck: Deck, faces: Sequence[Face], panels: Sequence[WorkedPanel], seed: int, newest: int) -> Sheet:
    """Returns the sheet of a deck. newest: the time of its newest note, in seconds, which dates it."""
    meta = deck.meta
    return Sheet(
        deck_id=meta.id,
        title=meta.title,
        description=meta.description,
        license=meta.license,
        version=meta.version or "",
        seed=seed,
        words=phrases(meta.language, meta.phrases),
        eigendeck=__version__,
        numpy=version_of("numpy"),
        date=iso_date(newest),
        sections=tuple(
            SheetSection(
                number=section.number,
                title=section.title,
                stem=section.stem,
                boxes=tuple(one.box for one in faces if one.section is section),
                see=tuple(markup.to_html(item, mathml) for item in section.see),
            )
            for section in deck.sections
        ),
        panels=tuple(panel(one, number) for number, one in enumerate(panels, 1)),
    )


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

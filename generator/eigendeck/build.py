"""The whole program: read → work → draw → face → outputs, one after the other, nothing on the way but values."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from eigendeck import __version__
from eigendeck.deck.read import Deck, read_deck
from eigendeck.deck.subset import part
from eigendeck.errors import DeckError, Fault
from eigendeck.latex.mathml import mathml
from eigendeck.model import CardPlots, Worked, WorkedPanel
from eigendeck.outputs import anki, ledger, pdf, sheet
from eigendeck.outputs.pdf import Paper
from eigendeck.plots.draw import draw_plots, expressions
from eigendeck.render import lint
from eigendeck.render.box import Sheet, SheetSection
from eigendeck.render.card import Face, face
from eigendeck.render.layout import LINE, too_wide
from eigendeck.render.panels import panel
from eigendeck.text import prose
from eigendeck.worked.formula_report import FormulaLine, formula_lines
from eigendeck.worked.work import stress, work

Step = Callable[[str], None]  # told the stage, once for each piece of work done


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be built. A stage knows no clock and no path but these."""

    folder: Path
    seed: int | None  # None: the deck's own
    now: int  # the build time, in seconds
    previous: Callable[[str], bytes | None]  # finds the package that is there already, by the deck's id
    processes: int
    only: frozenset[str] = frozenset()  # ids of cards and stems of sections; empty: everything
    paper: Paper | None = None  # of the PDF; None: no PDF


@dataclass(frozen=True, slots=True)
class Built:
    """The outputs, by file name, and what happened to the notes."""

    files: Mapping[str, bytes]
    deck: Deck
    seed: int
    variants: int
    changes: ledger.Changes
    compared: bool  # there was a previous package
    previous_edition: str  # of that package: `seed 7`
    warnings: tuple[Fault, ...]


def build(request: Request, step: Step = lambda stage: None) -> Built:
    """Returns the outputs of a deck; of a part of it, a sheet alone.

    Raises:
        DeckError: the deck is at fault; carries everything that is.
        ledger.DamagedPackage: the previous package is unreadable or another deck's.
        MissingPart: a PDF is asked for, and there is nothing to make it with.
    """
    deck = read_deck(request.folder)
    numbers = _numbers(deck)
    if request.only:
        deck = part(deck, request.only)
    previous = None if request.only else request.previous(deck.meta.id)
    before = None if previous is None else ledger.read_ledger(previous, deck.meta.id)
    seed = deck.meta.seed if request.seed is None else request.seed

    faults = [*deck.faults, *lint.faults(deck)]
    worked, panels, more = work(deck, seed, expressions, request.processes, lambda: step("working"))
    plots, most = draw_plots(deck, worked, request.processes, lambda: step("drawing"))
    faults += [*more, *most, *ledger.name_faults(deck, before)]
    if any(not fault.warning for fault in faults):
        raise DeckError(faults)

    faces = _faces(deck, worked, plots, seed, numbers)
    notes = anki.notes(deck.meta, faces, seed)
    times = ledger.times(notes, before, request.now)
    media = {name: content for one in faces for name, content in one.media.items()}
    whole = _sheet(deck, faces, panels, seed, max(times.values(), default=request.now))
    page = sheet.emit(whole)
    name = f"{deck.meta.id}-part" if request.only else deck.meta.id
    files = {f"{name}.html": page.encode()}
    if request.paper:
        files[f"{name}.pdf"] = pdf.emit(page, request.paper, whole.date)
    if not request.only:
        package = anki.emit(deck.meta, deck.sections, notes, times, media, _versions(deck))
        files = {f"{name}.apkg": package, **files}
    return Built(
        files=files,
        deck=deck,
        seed=seed,
        variants=sum(len(one.variants) for one in worked),
        changes=ledger.changes(notes, before),
        compared=before is not None,
        previous_edition=before.edition if before else "",
        warnings=(*faults, *_wide_faults(deck, faces)),
    )


def check(
    folder: Path,
    seed: int | None,
    draws: int,
    processes: int,
    step: Step = lambda stage: None,
    *,
    formulas: bool = False,
) -> tuple[Deck, list[Fault], list[FormulaLine]]:
    """Returns the deck, and everything that `build` would refuse, found over many draws of every card.

    formulas: what the draws say of every displayed formula is returned too, not only of those that bind.
    """
    deck = read_deck(folder)
    seed = deck.meta.seed if seed is None else seed
    worked, _, more = work(deck, seed, expressions, processes)
    plots, most = draw_plots(deck, worked, processes)
    faults = [*deck.faults, *lint.faults(deck), *more, *most]
    if all(fault.warning for fault in faults):
        faults += _wide_faults(deck, _faces(deck, worked, plots, seed))
    sound = [one.card for one in worked]
    rest, run = stress(deck, sound, seed, expressions, draws, processes, lambda: step("checking"), formulas=formulas)
    faults += rest
    return deck, faults, formula_lines(sound, run) if formulas else []


def _numbers(deck: Deck) -> dict[str, int]:
    """The places of the cards in the whole deck, from 1, by their ids."""
    return {card.id: number for number, card in enumerate(deck.cards, 1)}


def _faces(
    deck: Deck,
    worked: Sequence[Worked],
    plots: Mapping[str, CardPlots],
    seed: int,
    numbers: Mapping[str, int] | None = None,
) -> list[Face]:
    numbers = numbers or _numbers(deck)
    return [
        face(one, deck.section_of(one.card.id), plots.get(one.card.id, CardPlots()), numbers[one.card.id], seed)
        for one in worked
    ]


def _wide_faults(deck: Deck, faces: Sequence[Face]) -> list[Fault]:
    """Warnings of what paper has no room for: it prints broken over lines, or beyond its box."""
    found = []
    for one in faces:
        card = one.worked.card
        for key, what, hint in too_wide(one.box):
            line = next((n for n, line in enumerate(card.numpy.splitlines(), 1) if len(line) > LINE), 1)
            place = deck.places[card.id].at(key, line=line if key == "numpy" else 1)
            found.append(Fault(place, f"{card.id}: {key}: {what}", hint, warning=True))
    return found


def _versions(deck: Deck) -> str:
    edition = f"Deck {deck.meta.version}. " if deck.meta.version else ""
    return f"{edition}Built with eigendeck {__version__} and NumPy {version('numpy')}."


def _sheet(deck: Deck, faces: Sequence[Face], panels: Sequence[WorkedPanel], seed: int, newest: int) -> Sheet:
    meta = deck.meta
    return Sheet(
        deck_id=meta.id,
        title=meta.title,
        description=meta.description,
        license=meta.license,
        version=meta.version or "",
        seed=seed,
        eigendeck=__version__,
        numpy=version("numpy"),
        date=datetime.datetime.fromtimestamp(newest, datetime.UTC).date().isoformat(),
        sections=tuple(
            SheetSection(
                number=section.number,
                title=section.title,
                stem=section.stem,
                boxes=tuple(one.box for one in faces if one.section is section),
                see=tuple(prose.to_html(item, mathml) for item in section.see),
            )
            for section in deck.sections
        ),
        panels=tuple(panel(one, number) for number, one in enumerate(panels, 1)),
    )

"""The whole program: read → work → draw → render → outputs, one after the other, nothing on the way but values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eigendeck.deck.read import Deck, read_deck
from eigendeck.deck.subset import cards_at_fault, subset
from eigendeck.errors import DeckError, Fault, only_warnings
from eigendeck.model import WorkedPanel
from eigendeck.outputs import anki, ledger, pdf, sheet
from eigendeck.outputs.package import DamagedPackage
from eigendeck.outputs.pdf import Paper
from eigendeck.plots.draw import draw_plots, expressions
from eigendeck.render import lint
from eigendeck.render.card import Face
from eigendeck.render.sheet import faces_of, sheet_of, wide_faults
from eigendeck.worked.formula_report import FormulaLine, formula_lines
from eigendeck.worked.sandbox import Pool
from eigendeck.worked.work import stress, work

Step = Callable[[str, int], None]  # told the stage and how many pieces of work it has, as each of them ends


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be built. A stage knows no clock and no path but these."""

    folder: Path
    seed: int | None  # None: the deck's own
    now: int  # the build time, in seconds
    previous: Callable[[str], ledger.Ledger | None]  # reads the package that is there already, by the deck's id
    processes: int
    only: frozenset[str] = frozenset()  # ids of cards and stems of sections; empty: everything
    paper: Paper | None = None  # of the PDF; None: no PDF


@dataclass(frozen=True, slots=True)
class Built:
    """The outputs, by file name, and what happened to the notes. cards: as readers see them, by id."""

    files: Mapping[str, bytes]
    deck: Deck
    cards: Mapping[str, Face]
    seed: int
    variants: int
    changes: ledger.Changes
    compared: bool  # there was a previous package
    previous_edition: str  # of that package: `seed 7`
    warnings: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A deck, and everything that is wrong with it. formulas: what the draws say of them; None where nobody asked."""

    deck: Deck
    draws: int
    faults: tuple[Fault, ...]
    formulas: tuple[FormulaLine, ...] | None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A deck through all stages but the outputs. faces: of the cards that no fault but mere warnings is found in."""

    faces: tuple[Face, ...]
    panels: tuple[WorkedPanel, ...]
    sound: tuple[str, ...]  # ids of the cards that could be worked
    variants: int
    faults: tuple[Fault, ...]


def build(request: Request, step: Step = lambda stage, pieces: None) -> Built:
    """Returns the outputs of a deck; of a part of it, a sheet alone.

    Raises:
        DeckError: the deck is at fault; carries everything that is.
        DamagedPackage: the previous package is unreadable or another deck's.
        MissingPart: a PDF is asked for, and there is nothing to make it with.
    """
    deck = read_deck(request.folder)
    if request.only:
        deck = subset(deck, request.only)
    before = None if request.only else request.previous(deck.meta.id)
    if before and ledger.of_another_deck(deck, before):
        raise DamagedPackage("it shares no card with this deck: two decks have one id")
    seed = deck.meta.seed if request.seed is None else request.seed
    result = rendered(deck, seed, request.processes, step)
    faults = [*result.faults, *ledger.name_faults(deck, before)]
    if not only_warnings(faults):
        raise DeckError(faults)

    notes = anki.notes(deck.meta, result.faces, seed)
    times = ledger.times(notes, before, request.now)
    whole = sheet_of(deck, result.faces, result.panels, seed, max(times.values(), default=request.now))
    page = sheet.emit(whole)
    name = f"{deck.meta.id}.part" if request.only else deck.meta.id  # an id has no dot: no other deck is called so
    files = {f"{name}.html": page.encode()}
    if request.paper:
        files[f"{name}.pdf"] = pdf.emit(page, request.paper, whole.date)
    if not request.only:
        media = {name: content for face in result.faces for name, content in face.media.items()}
        files = {f"{name}.apkg": anki.emit(deck, notes, times, media), **files}
    return Built(
        files=files,
        deck=deck,
        cards={face.worked.card.id: face for face in result.faces},
        seed=seed,
        variants=result.variants,
        changes=ledger.changes(notes, before),
        compared=before is not None,
        previous_edition=before.edition if before else "",
        warnings=tuple(faults),
    )


def check(
    folder: Path,
    seed: int | None,
    draws: int,
    processes: int,
    step: Step = lambda stage, pieces: None,
    *,
    formulas: bool = False,
    only: frozenset[str] = frozenset(),
) -> Checked:
    """Returns the deck with everything that `build` would refuse, found over many draws of every card.

    formulas: what the draws say of every displayed formula is returned too, not only of those that bind.
    only: ids of cards and stems of sections; empty: everything.
    """
    deck = read_deck(folder)
    if only:
        deck = subset(deck, only)
    seed = deck.meta.seed if seed is None else seed
    with Pool(processes) as pool:
        result = rendered(deck, seed, processes, step, pool)
        sound = [card for card in deck.cards if card.id in result.sound]
        checking = partial(step, "checking")
        faults, run = stress(deck, sound, seed, expressions, draws, pool, checking, formulas=formulas)
    lines = tuple(formula_lines(sound, run)) if formulas else None
    return Checked(deck, draws, tuple(sorted({*result.faults, *faults})), lines)


def rendered(
    deck: Deck, seed: int, processes: int, step: Step = lambda stage, pieces: None, pool: Pool | None = None
) -> Rendered:
    """Returns what becomes of a deck, or of a part of it, before any output is made.

    pool: workers that are kept for the next time; None: the deck gets its own, which end with it.
    """
    with nullcontext(pool) if pool else Pool(processes) as workers:
        worked, panels, unworked = work(deck, seed, expressions, workers, partial(step, "working"))
    plots, undrawn = draw_plots(deck, worked, processes, partial(step, "drawing"))
    faults = [*deck.faults, *lint.faults(deck), *unworked, *undrawn]
    at_fault = cards_at_fault(deck, faults)
    faces = faces_of(deck, [one for one in worked if one.card.id not in at_fault], plots, seed)
    return Rendered(
        faces,
        panels,
        tuple(one.card.id for one in worked),
        sum(len(one.variants) for one in worked),
        (*faults, *wide_faults(deck, faces)),
    )

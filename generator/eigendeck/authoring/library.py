"""What a program may call: the functions that the package itself shows, and that the command line calls, too."""

import os
import time as clock
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path

from eigendeck import program
from eigendeck.deck import read
from eigendeck.deck.read import Deck
from eigendeck.outputs.imposition import ON_A4, Layout
from eigendeck.outputs.ledger import Ledger, read_ledger
from eigendeck.outputs.package import DamagedPackage
from eigendeck.outputs.pdf import Paper
from eigendeck.program import BUILT, Built, Checked, Output, Request, Step
from eigendeck.rehearsal import Rehearsal
from eigendeck.rehearsal import rehearse as rehearse_packages
from eigendeck.store import FOLDER, Store
from eigendeck.write import write_whole

Folder = str | os.PathLike[str]


def read_deck(folder: Folder) -> Deck:
    """Returns the deck of a folder as it is written, and in `faults` what is wrong in it; nothing is executed.

    Raises:
        DeckError: `deck.yaml` cannot be read; carries every fault of every file.
    """
    return read.read_deck(Path(folder))


def build(
    folder: Folder,
    *,
    seed: int | None = None,
    only: Iterable[str] = (),
    paper: Paper | None = None,
    previous: Folder | None = None,
    time: int | None = None,
    make: Iterable[Output] = BUILT,
    variants: Iterable[int] = (1,),
    layout: Layout = ON_A4,
    processes: int | None = None,
    store: Folder | None = None,
    step: Step = lambda stage, pieces: None,
) -> Built:
    """Returns the outputs of a deck, which nothing has written yet.

    seed: from which the numbers are drawn; None: the deck's own.
    only: ids of cards and names of section files without `.yaml`; then no package is made.
    paper: of a PDF of each page, "a4" or "letter"; None: no PDF.
    previous: the package to compare with, or the folder of outputs where it lies; None: every note counts as new.
    time: the build time, in seconds since 1970; None: now.
    make: "apkg", "sheet", "cards", "worksheet", "key". variants: the numbers of those that a worksheet and its key
    have; paper cards have the first. layout: of paper cards; by default 3 × 5 inches on A4, to fold.
    processes: None: one for each processor.
    store: the folder of outputs in whose `.eigendeck` lies what builds and checks have made before, and this one keeps
    what it makes, so that nothing is done twice; None: everything is made.
    step: called with a stage and its number of pieces, as each of them ends.

    Raises:
        DeckError: the deck is at fault; carries everything that is.
        UnknownName: `only` names what is neither a card nor a section, or `variants` a number that no card has.
        DamagedPackage: the previous package is unreadable or another deck's.
        MissingPart: a PDF is asked for, and there is nothing to make it with.
    """
    request = Request(
        folder=Path(folder),
        seed=seed,
        now=int(clock.time()) if time is None else time,
        previous=partial(_ledger, None if previous is None else Path(previous)),
        processes=processes or processors(),
        only=frozenset(only),
        paper=paper,
        make=frozenset(make),
        variants=tuple(variants),
        store=_store(store),
        layout=layout,
    )
    return program.build(request, step)


def check(
    folder: Folder,
    *,
    seed: int | None = None,
    draws: int = 100,
    only: Collection[str] = (),
    formulas: bool = False,
    weak: bool = False,
    processes: int | None = None,
    store: Folder | None = None,
    step: Step = lambda stage, pieces: None,
) -> Checked:
    """Returns the deck with everything that `build` would refuse, found over so many draws of every card.

    formulas: what the draws say of every displayed formula is returned too, and which misprints they would notice.
    weak: what each line of `check` alone refuses is returned.
    seed, only, processes, store, step: as in `build`.

    Raises:
        DeckError: `deck.yaml` cannot be read; what else is wrong is in `faults`.
        UnknownName: `only` names what is neither a card nor a section.
    """
    return program.check(
        Path(folder),
        seed,
        draws,
        processes or processors(),
        step,
        formulas=formulas,
        weak=weak,
        only=frozenset(only),
        store=_store(store),
    )


def save(built: Built, folder: Folder) -> list[Path]:
    """Writes the outputs into a folder, each whole or not at all, and returns where they are.

    Raises:
        OSError: the folder cannot be written.
    """
    write_whole(Path(folder), built.files)
    return [Path(folder, name) for name in built.files]


def rehearse(old: Folder, new: Folder) -> Rehearsal:
    """Returns what importing a package does to somebody who has studied an older one for weeks, in the real Anki.

    Raises:
        MissingPart: Anki's library is not installed.
        DamagedPackage: a package cannot be read.
    """
    return rehearse_packages(Path(old), Path(new))


def processors() -> int:
    """Returns how many processors there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _store(folder: Folder | None) -> Store:
    return Store(None if folder is None else Path(folder, FOLDER))


def _ledger(previous: Path | None, deck_id: str) -> Ledger | None:
    """The notes of the package that is there already, if one is."""
    if previous is None:
        return None
    package = previous if previous.suffix == ".apkg" else previous / f"{deck_id}.apkg"
    if package.is_symlink():
        raise DamagedPackage("it is a link, and links are not followed")
    return read_ledger(package, deck_id) if package.is_file() else None

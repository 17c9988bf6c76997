"""What a program calls to build a deck and to write the outputs, as the command line does."""

import time as clock
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from eigendeck.deck.read import Folder
from eigendeck.outputs.imposition import ON_A4, Layout
from eigendeck.outputs.ledger import Ledger, read_ledger
from eigendeck.outputs.package import DamagedPackage
from eigendeck.outputs.pdf import Paper
from eigendeck.program import BUILT, Built, Output, Request, Step, edition, part_of, store_of
from eigendeck.worked.sandbox import processors
from eigendeck.write import write_whole


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
        seed=seed,
        now=int(clock.time()) if time is None else time,
        previous=partial(_ledger, None if previous is None else Path(previous)),
        processes=processes or processors(),
        only=frozenset(only),
        paper=paper,
        make=frozenset(make),
        variants=tuple(variants),
        store=store_of(store),
        layout=layout,
    )
    return edition(part_of(folder, request.only), request, step)


def save(built: Built, folder: Folder) -> list[Path]:
    """Writes the outputs into a folder, each whole or not at all, and returns where they are.

    Raises:
        OSError: the folder cannot be written.
    """
    write_whole(Path(folder), built.files)
    return [Path(folder, name) for name in built.files]


def _ledger(previous: Path | None, deck_id: str) -> Ledger | None:
    """The notes of the package that is there already, if one is."""
    if previous is None:
        return None
    package = previous if previous.suffix == ".apkg" else previous / f"{deck_id}.apkg"
    if package.is_symlink():
        raise DamagedPackage("it is a link, and links are not followed")
    return read_ledger(package, deck_id) if package.is_file() else None

"""The command `check`: once or as files are saved, in words, for programs, with what is certain mended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from eigendeck.cli.app import app
from eigendeck.cli.options import (
    AsJson,
    DeckFolder,
    Draws,
    Fix,
    Format,
    FormatOption,
    Formulas,
    Jobs,
    NoStore,
    OnlyChecked,
    Seed,
    StoreOf,
    Verbose,
    Watch,
    Weak,
    chosen_names,
    deck_folder,
    store_folder,
)
from eigendeck.cli.terminal import AT_FAULT, print_json, progress, say, say_diff, say_faults
from eigendeck.cli.usable import usable
from eigendeck.errors import DeckError, Fault, MissingPart, counted, only_warnings
from eigendeck.write import write_whole

if TYPE_CHECKING:
    from eigendeck import Checked

MOST_ROUNDS = 20  # of repairs: one that is made may show the next


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be checked, and how it is to be said."""

    folder: Path
    seed: int | None
    draws: int
    processes: int | None
    only: frozenset[str]
    formulas: bool
    weak: bool
    format: Format
    store: Path | None  # the folder of outputs whose store is used

    def check(self) -> Checked:
        """Returns what a check finds."""
        from eigendeck import check

        with progress() as step:
            return check(
                self.folder,
                seed=self.seed,
                draws=self.draws,
                only=self.only,
                formulas=self.formulas,
                weak=self.weak,
                processes=self.processes,
                store=self.store,
                step=step,
            )


@app.command("check")
def check_command(
    deck: DeckFolder = None,
    only: OnlyChecked = None,
    draws: Draws = 100,
    seed: Seed = None,
    jobs: Jobs = None,
    formulas: Formulas = False,
    weak: Weak = False,
    watch: Watch = False,
    fix: Fix = False,
    format: FormatOption = Format.TEXT,
    json: AsJson = False,
    out: StoreOf = Path("build"),
    no_store: NoStore = False,
    verbose: Verbose = False,
) -> None:
    """Check everything that build would refuse, over many draws of every card. Changes no file but by --fix."""
    if verbose:
        from eigendeck.worked.sandbox import layers_in_words

        say("Between card code and this machine stand:", *(f"  {layer}" for layer in layers_in_words()))
    form = Format.JSON if json else format
    folder = deck_folder(deck)
    store = store_folder(out, folder, no_store)
    wanted = Wanted(folder, seed, draws, jobs, chosen_names(only), formulas, weak, form, store)
    if watch:
        for _ in _saved(wanted.folder):
            with _deck_error_said():
                _look(wanted, fix)
        return
    with usable(out):
        good = _look(wanted, fix)
    if not good:
        raise typer.Exit(AT_FAULT)


def _look(wanted: Wanted, fix: bool) -> bool:
    """Says what is wrong with the deck, and whether `build` would take it."""
    from eigendeck.cli import report

    edits = _mend(wanted) if fix else None
    start = time.monotonic()
    checked = wanted.check()
    if wanted.format is Format.JSON:
        print_json(report.check_as_json(checked) | ({} if edits is None else {"fixed": edits}))
    elif wanted.format is Format.GITHUB:
        print("".join(f"{line}\n" for line in report.github_lines(checked.faults)), end="")
    else:
        say(*map(str, (*(checked.formulas or ()), *(checked.checks or ()))))
        say_faults(checked.faults)
    if wanted.format is not Format.JSON:
        say(*report.check_lines(checked, wanted.folder, time.monotonic() - start))
    return only_warnings(checked.faults)


def _mend(wanted: Wanted) -> int:
    """Makes the repairs that are certain, shows each as a diff, and returns how many there were."""
    from eigendeck.authoring.mend import mended

    once = replace(wanted, draws=1, formulas=False, weak=False)
    made = 0
    for _ in range(MOST_ROUNDS):
        files = mended(wanted.folder, _faults(once.check))
        if not files:
            break
        for file in files:
            real = file.path.resolve()  # a link within the deck stays one
            write_whole(real.parent, {real.name: file.after})
            say_diff(file.diff())
            made += len(file.edits)
    say(f"{counted(made, 'repair')} made." if made else "Nothing here is certain enough to be mended.")
    return made


def _faults(check: Callable[[], Checked]) -> Sequence[Fault]:
    try:
        return check().faults
    except DeckError as error:
        return error.faults


def _saved(folder: Path) -> Iterator[None]:
    """Yields at once, and then whenever a file of the deck was saved."""
    from eigendeck.deck.read import is_of_a_deck

    try:
        from watchfiles import watch
    except ImportError:
        raise MissingPart("--watch needs watchfiles: pip install 'eigendeck[preview]'") from None
    first = True
    # Watching begins with the first time-out, before the first look: what is saved meanwhile is not missed.
    for changes in watch(
        folder, watch_filter=lambda _, path: is_of_a_deck(path), rust_timeout=100, yield_on_timeout=True
    ):
        if changes:
            names = sorted({Path(path).name for _, path in changes})
            say("", f"{time.strftime('%H:%M:%S')} {', '.join(names[:5])}")
        if changes or first:
            first = False
            yield


@contextmanager
def _deck_error_said() -> Iterator[None]:
    """A deck that cannot be read ends no watch: its author is at work on it."""
    from eigendeck import UnknownName

    try:
        yield
    except DeckError as error:
        say_faults(error.faults)
    except UnknownName as unknown:
        say(str(unknown))

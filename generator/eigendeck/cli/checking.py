"""The command `check`: once or as files are saved, in words, for programs, with what is certain mended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from eigendeck.cli import options as given
from eigendeck.cli.options import app, usable
from eigendeck.cli.terminal import AT_FAULT, print_json, progress, say, say_diff, say_faults
from eigendeck.errors import DeckError, counted, only_warnings, require
from eigendeck.write import write_whole

if TYPE_CHECKING:
    from eigendeck import Checked

MOST_ROUNDS = 20  # of repairs: one that is made may show the next

Format = Literal["text", "json", "github"]
Check = Callable[..., "Checked"]  # the library's `check` of what is wanted, of which parts may be left out


@app.command("check")
def check_command(
    deck: given.DeckFolder = None,
    only: given.Only = None,
    draws: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="Draws of each card.")] = 100,
    seed: given.Seed = None,
    jobs: given.Jobs = None,
    formulas: Annotated[
        bool, typer.Option("--formulas", help="List what running the displayed formulas finds, card by card.")
    ] = False,
    weak: Annotated[bool, typer.Option("--weak", help="Say for each line of a check what it alone refuses.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file of the deck is saved, until Ctrl-C.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what is certain: quotes, `|`, signs. Shows each change; makes no other.")
    ] = False,
    format: Annotated[
        Format, typer.Option("--format", help="In words; as JSON; or as notes on the lines of a pull request.")
    ] = "text",
    json: given.AsJson = False,
    out: given.StoreOf = Path("build"),
    no_store: given.NoStore = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say what keeps card code in its place here.")] = False,
) -> None:
    """Check everything that build would refuse, over many draws of every card. Changes no file but by --fix."""
    if verbose:
        from eigendeck.worked.sandbox import layers_in_words

        say("Between card code and this machine stand:", *(f"  {layer}" for layer in layers_in_words()))
    from eigendeck import check

    folder = given.deck_folder(deck)
    wanted = partial(check, folder, seed=seed, draws=draws, processes=jobs, formulas=formulas, weak=weak)
    wanted = partial(wanted, only=given.chosen_names(only), store=given.store_folder(out, folder, no_store))
    look = partial(_look, wanted, folder, "json" if json else format, fix)
    if watch:
        for _ in _saved(folder):
            with _deck_error_said():
                look()
        return
    with usable(out):
        good = look()
    if not good:
        raise typer.Exit(AT_FAULT)


def _look(check: Check, folder: Path, form: Format, fix: bool) -> bool:
    """Says what is wrong with the deck, and whether `build` would take it."""
    from eigendeck.cli import report

    edits = _mend(check, folder) if fix else None
    start = time.monotonic()
    with progress() as step:
        checked = check(step=step)
    if form == "json":
        print_json(report.check_as_json(checked) | ({} if edits is None else {"fixed": edits}))
    elif form == "github":
        print("".join(f"{line}\n" for line in report.github_lines(checked.faults)), end="")
    else:
        say(*map(str, (*(checked.formulas or ()), *(checked.checks or ()))))
        say_faults(checked.faults)
    if form != "json":
        say(*report.check_lines(checked, folder, time.monotonic() - start))
    return only_warnings(checked.faults)


def _mend(check: Check, folder: Path) -> int:
    """Makes the repairs that are certain, shows each as a diff, and returns how many there were."""
    from eigendeck.authoring.mend import mended

    made = 0
    for _ in range(MOST_ROUNDS):
        try:
            with progress() as step:
                faults = check(draws=1, formulas=False, weak=False, step=step).faults
        except DeckError as error:
            faults = error.faults
        files = mended(folder, faults)
        if not files:
            break
        for file in files:
            real = file.path.resolve()  # a link within the deck stays one
            write_whole(real.parent, {real.name: file.after})
            say_diff(file.diff())
            made += len(file.edits)
    say(f"{counted(made, 'repair')} made." if made else "Nothing here is certain enough to be mended.")
    return made


def _saved(folder: Path) -> Iterator[None]:
    """Yields at once, and then whenever a file of the deck was saved."""
    from eigendeck.deck.read import is_of_a_deck

    require("--watch", "preview", "watchfiles")
    from watchfiles import watch

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

"""The commands that make packages and try them. Imports that take time wait until they are needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eigendeck.cli import options as given
from eigendeck.cli.at_once import say_build
from eigendeck.cli.build_report import report_of
from eigendeck.cli.last_build import LastBuild, days
from eigendeck.cli.options import app, usable
from eigendeck.cli.terminal import AT_FAULT, print_json, progress, say
from eigendeck.errors import DeckError, Fault, MissingPart, Place
from eigendeck.store import FOLDER, Store
from eigendeck.write import is_linked, refuse_links

if TYPE_CHECKING:
    from eigendeck import Built


@app.command("build")
def build_command(
    deck: given.DeckFolder = None,
    seed: given.AnySeed = None,
    out: given.Out = Path("build"),
    jobs: given.Jobs = None,
    fresh: given.Fresh = False,
    no_store: given.NoStore = False,
    only: given.OnlyOnSheet = None,
    pdf: given.Pdf = False,
    paper: given.Paper = given.Sheet.A4,
    json: given.AsJson = False,
    quiet: given.Quiet = False,
    verbose: given.AllNamed = False,
) -> None:
    """Build the Anki deck and the printable sheet.

    The package that is in the output folder already tells what has changed: unchanged notes keep their time, so an
    import leaves them alone. Nobody's schedule is ever touched.
    """
    from eigendeck import build

    folder, number, time = given.deck_folder(deck), given.seed_number(seed), given.build_time()
    if pdf:
        from eigendeck.outputs.pdf import require

        require()
    if fresh and any(out.glob("*.apkg")):
        say("--fresh: the previous package is not looked at; every note is dated anew.")
    names = given.chosen_names(only)
    last = LastBuild(
        Store(None if no_store or pdf or is_linked(out, folder) else out / FOLDER), folder, number, names, days(time)
    )
    about = last.about()
    wanted = partial(build, seed=number, only=names, paper=paper.value if pdf else None, time=time, processes=jobs)
    built = saved(partial(wanted, previous=None if fresh else out), folder, out, no_store=no_store)
    report = report_of(built)
    last.keep(about, report, built.files)
    say_build(report, out, seed_given=seed is not None, quiet=quiet, verbose=verbose, json=json)


def saved(
    build: Callable[..., Built], folder: Path, out: Path, *, no_store: bool, variants: str = "--variants"
) -> Built:
    """Builds the deck of a folder, and writes the outputs. variants: the option that names them."""
    from eigendeck import save

    with progress() as step, usable(out, variants):
        refuse_links(out, folder)
        built = build(folder, store=None if no_store else out, step=step)
        save(built, out)
    return built


@app.command("open")
def open_command(deck: given.DeckFolder = None, out: given.Out = Path("build")) -> None:
    """Open the package that was built with the desktop's own program for it, which is Anki once Anki is installed."""
    from eigendeck import read_deck

    folder = given.deck_folder(deck)
    package = out / f"{read_deck(folder).meta.id}.apkg"
    with usable(out):
        refuse_links(out, folder)
        linked = package.is_symlink()  # it may lead to a program, which would be run
        there = package.is_file() and not linked
    if not there:
        what = "is a link, and links are not followed" if linked else "is not there"
        raise DeckError([Fault(Place(package.as_posix()), what, "Build it first; --out names the folder.")])
    if typer.launch(str(package.absolute())) != 0:
        raise MissingPart(
            f"nothing here opens {package}: install Anki from https://apps.ankiweb.net, or import it there"
        )
    say(f"  {package}")


@app.command("rehearse")
def rehearse_command(
    old: Annotated[Path, typer.Argument(metavar="OLD.apkg", help="What people have.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.apkg", help="What they are about to import.")],
    json: given.AsJson = False,
) -> None:
    """Import both packages into a throw-away real Anki, with weeks of faked reviews between, and say what happened."""
    from eigendeck import DamagedPackage, rehearse

    try:
        result = rehearse(old, new)
    except DamagedPackage as damage:
        raise DeckError([Fault(Place(str(new)), str(damage))]) from None
    if json:
        print_json(result.as_json())
    else:
        say(*result.lines(), "Safe to import: nothing is lost." if result.good else "Not safe to import.")
    if not result.good:
        raise typer.Exit(AT_FAULT)

"""The commands that make packages and try them. Imports that take time wait until they are needed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eigendeck.cli import options as given
from eigendeck.cli.at_once import say_build
from eigendeck.cli.build_report import report_of
from eigendeck.cli.last_build import LastBuild, days
from eigendeck.cli.options import app, optional, usable
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
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build without the previous package: every note counts as changed.")
    ] = False,
    no_store: given.NoStore = False,
    only: Annotated[
        str | None,
        optional(
            "--only",
            metavar="A,B,…",
            help="A sheet of these cards and sections alone, by id and file name; no package.",
        ),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print the sheet as a PDF, too.")] = False,
    paper: given.PaperOfPdf = "a4",
    json: given.AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what is wrong.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name every note that changed, and not the first ten of a kind.")
    ] = False,
) -> None:
    """Build the Anki deck and the printable sheet.

    The package that is in the output folder already tells what has changed: unchanged notes keep their time, so an
    import leaves them alone. Nobody's schedule is ever touched.
    """
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
    printed, before = paper if pdf else None, None if fresh else out
    wanted = partial(saved, folder, out, no_store=no_store, paper=printed, previous=before)
    built = wanted(seed=number, only=names, time=time, processes=jobs)
    report = report_of(built)
    last.keep(about, report, built.files)
    say_build(report, out, seed_given=seed is not None, quiet=quiet, verbose=verbose, json=json)


def saved(folder: Path, out: Path, *, no_store: bool, of: str = "--variants", **wanted: Any) -> Built:
    """Builds what is wanted of the deck of a folder, and writes the outputs. of: the option that names variants."""
    from eigendeck import build, save

    with progress() as step, usable(out, of):
        refuse_links(out, folder)
        built = build(folder, store=None if no_store else out, step=step, **wanted)
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

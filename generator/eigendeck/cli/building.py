"""The commands that make packages and try them. Imports that take time wait until they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eigendeck.cli.app import app
from eigendeck.cli.options import (
    AllNamed,
    AnySeed,
    AsJson,
    DeckFolder,
    Fresh,
    Jobs,
    NoStore,
    Only,
    Out,
    Paper,
    Pdf,
    Quiet,
    Sheet,
    build_time,
    chosen_names,
    deck_folder,
    seed_number,
)
from eigendeck.cli.terminal import AT_FAULT, print_json, progress, say, say_faults
from eigendeck.cli.usable import usable
from eigendeck.errors import DeckError, Fault, MissingPart, Place
from eigendeck.write import refuse_links


@app.command("build")
def build_command(
    deck: DeckFolder = None,
    seed: AnySeed = None,
    out: Out = Path("build"),
    jobs: Jobs = None,
    fresh: Fresh = False,
    no_store: NoStore = False,
    only: Only = None,
    pdf: Pdf = False,
    paper: Paper = Sheet.A4,
    json: AsJson = False,
    quiet: Quiet = False,
    verbose: AllNamed = False,
) -> None:
    """Build the Anki deck and the printable sheet.

    The package that is in the output folder already tells what has changed: unchanged notes keep their time, so an
    import leaves them alone. Nobody's schedule is ever touched.
    """
    from eigendeck import build, save
    from eigendeck.cli.report import build_as_json, build_lines

    if pdf:
        from eigendeck.outputs.pdf import require

        require()
    folder, number, time = deck_folder(deck), seed_number(seed), build_time()
    if fresh and any(out.glob("*.apkg")):
        say("--fresh: the previous package is not looked at; every note is dated anew.")
    with progress() as step, usable(out):
        refuse_links(out, folder)
        built = build(
            folder,
            seed=number,
            only=chosen_names(only),
            paper=paper.value if pdf else None,
            previous=None if fresh else out,
            time=time,
            processes=jobs,
            store=None if no_store else out,
            step=step,
        )
        saved = save(built, out)
    if json:
        print_json(build_as_json(built))
        return
    say_faults(built.warnings)
    if not quiet:
        say(*build_lines(built, seed is not None, verbose), *(f"  {path}" for path in saved))


@app.command("open")
def open_command(deck: DeckFolder = None, out: Out = Path("build")) -> None:
    """Open the package that was built with the desktop's own program for it, which is Anki once Anki is installed."""
    from eigendeck import read_deck

    package = out / f"{read_deck(deck_folder(deck)).meta.id}.apkg"
    if not package.is_file():
        hint = "Build it first; --out names the folder."
        raise DeckError([Fault(Place(package.as_posix()), "is not there", hint)])
    if typer.launch(str(package.resolve())) != 0:
        raise MissingPart(
            f"nothing here opens {package}: install Anki from https://apps.ankiweb.net, or import it there"
        )
    say(f"  {package}")


@app.command("rehearse")
def rehearse_command(
    old: Annotated[Path, typer.Argument(metavar="OLD.apkg", help="What people have.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.apkg", help="What they are about to import.")],
    json: AsJson = False,
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

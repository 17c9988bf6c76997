"""The commands. Imports that take time wait until they are needed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eigendeck import __version__
from eigendeck.cli.options import (
    AnySeed,
    AsJson,
    DeckFolder,
    Draws,
    Formulas,
    Fresh,
    Jobs,
    Only,
    Out,
    Paper,
    Pdf,
    Seed,
    Sheet,
    Verbose,
    build_time,
    chosen_names,
    cores,
    deck_folder,
    seed_number,
)
from eigendeck.cli.terminal import AT_FAULT, print_json, progress, say
from eigendeck.errors import DeckError, Fault, Place, only_warnings, printable
from eigendeck.write import LinkedFolder, refuse_links, write_whole

if TYPE_CHECKING:
    from eigendeck.outputs.ledger import Ledger

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Flashcards and cheat sheets whose worked examples are computed, never typed.",
)


@app.command("build")
def build_command(
    deck: DeckFolder = None,
    seed: AnySeed = None,
    out: Out = Path("build"),
    jobs: Jobs = None,
    fresh: Fresh = False,
    only: Only = None,
    pdf: Pdf = False,
    paper: Paper = Sheet.A4,
    json: AsJson = False,
) -> None:
    """Build the Anki deck and the printable sheet.

    The package that is in the output folder already tells what has changed: unchanged notes keep their time, so an
    import leaves them alone. Nobody's schedule is ever touched.
    """
    from eigendeck.build import Request, build
    from eigendeck.cli.report import build_as_json, build_lines
    from eigendeck.deck.subset import UnknownName
    from eigendeck.outputs.package import DamagedPackage

    if pdf:
        from eigendeck.outputs.pdf import require

        require()
    request = Request(
        folder=deck_folder(deck),
        seed=seed_number(seed),
        now=build_time(),
        previous=partial(_previous, out, fresh),
        processes=jobs or cores(),
        only=chosen_names(only),
        paper=paper.value if pdf else None,
    )
    with progress() as step, _usable(out):
        try:
            refuse_links(out, request.folder)
            built = build(request, step)
        except LinkedFolder as linked:
            what = f"{printable(str(linked))}: not followed, for the deck may have brought it. Name the folder itself."
            raise typer.BadParameter(what, param_hint="--out") from None
        except UnknownName as unknown:
            raise typer.BadParameter(str(unknown), param_hint="--only") from None
        except DamagedPackage as damage:
            hint = "Move it away, or build with --fresh: every note then counts as changed."
            what = f"the previous package cannot be used: {damage}"
            raise DeckError([Fault(Place(out.as_posix()), what, hint)]) from None
        write_whole(out, built.files)
    if json:
        print_json(build_as_json(built))
    else:
        say(*build_lines(built, seed is not None), *(f"  {out / name}" for name in built.files))


@app.command("check")
def check_command(
    deck: DeckFolder = None,
    draws: Draws = 100,
    seed: Seed = None,
    jobs: Jobs = None,
    json: AsJson = False,
    formulas: Formulas = False,
    verbose: Verbose = False,
) -> None:
    """Check everything that build would refuse, over many draws of every card. Writes nothing."""
    from eigendeck.build import check
    from eigendeck.cli.report import check_as_json, check_lines

    if verbose:
        from eigendeck.worked.sandbox import layers_in_words

        say("Between card code and this machine stand:", *(f"  {layer}" for layer in layers_in_words()))
    start = time.monotonic()
    with progress() as step:
        checked = check(deck_folder(deck), seed, draws, jobs or cores(), step, formulas=formulas)
    if json:
        print_json(check_as_json(checked))
    else:
        say(*check_lines(checked, time.monotonic() - start))
    if not only_warnings(checked.faults):
        raise typer.Exit(AT_FAULT)


@app.command("rehearse")
def rehearse_command(
    old: Annotated[Path, typer.Argument(metavar="OLD.apkg", help="What people have.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.apkg", help="What they are about to import.")],
    json: AsJson = False,
) -> None:
    """Import both packages into a throw-away real Anki, with weeks of faked reviews between, and say what happened."""
    from eigendeck.outputs.package import DamagedPackage
    from eigendeck.rehearse import rehearse

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


@app.callback(invoke_without_command=True)
def about(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """The options of the command itself."""
    if version:
        typer.echo(f"eigendeck {__version__}")
        raise typer.Exit


def _previous(out: Path, fresh: bool, deck_id: str) -> Ledger | None:
    package = out / f"{deck_id}.apkg"
    if fresh and package.exists():
        say(f"--fresh: {package} is not looked at; every note is dated anew.")
    if fresh:
        return None
    from eigendeck.outputs.ledger import read_ledger
    from eigendeck.outputs.package import DamagedPackage

    if package.is_symlink():
        raise DamagedPackage("it is a link, and links are not followed")
    return read_ledger(package, deck_id) if package.is_file() else None


@contextmanager
def _usable(out: Path) -> Iterator[None]:
    """A folder that cannot be read or written is a wrong option, not a bug."""
    try:
        yield
    except OSError as error:
        reached = error.filename if isinstance(error.filename, str) else out.as_posix()
        if not Path(reached).absolute().is_relative_to(out.absolute()):
            raise
        raise typer.BadParameter(f"{printable(reached)}: {error.strerror}.", param_hint="--out") from None

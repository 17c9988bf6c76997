"""What may stand on a command line, what it means, and in its words what a stage refuses because of it."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from eigendeck import __version__
from eigendeck.cli.at_once import deck_here, shipped_deck
from eigendeck.cli.terminal import say
from eigendeck.errors import DeckError, Fault, Place, printable
from eigendeck.outputs.pdf import Paper
from eigendeck.write import LinkedFolder, is_linked

MOST_OFFSET = 10  # mm

optional = partial(typer.Option, show_default=False)  # whose help says what its absence means

_folder = partial(typer.Argument, metavar="DECK", show_default=False)
_HERE = "Folder with a deck.yaml. Default: this one or ./cards, if it is a deck"
DeckFolder = Annotated[Path | None, _folder(help=f"{_HERE}, else the deck that comes along.")]
OwnDeck = Annotated[Path | None, _folder(help=f"{_HERE}.")]
Jobs = Annotated[int | None, optional(min=1, max=64, metavar="N", help="Processes; default: one a core.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, to standard output.")]
AnySeed = Annotated[
    str | None, optional(metavar="N|random", help="Draws all numbers anew; default: the deck's own seed.")
]
Seed = Annotated[int | None, optional(min=0, metavar="N", help="Default: the deck's own.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where the outputs go.")]
NoStore = Annotated[
    bool, typer.Option("--no-store", help="Make everything anew: neither use nor keep what is in DIR/.eigendeck.")
]
StoreOf = Annotated[
    Path,
    typer.Option("--out", metavar="DIR", help="Outputs beside which earlier builds have kept what they found right."),
]
Only = Annotated[
    str | None, optional("--only", metavar="A,B,…", help="These cards and sections alone, by id and file.")
]
PaperOfPdf = Annotated[Paper, typer.Option(help="Paper of the PDF; the HTML takes the paper of the print dialog.")]


def deck_folder(deck: Path | None) -> Path:
    """Returns the folder of the deck that is meant."""
    return deck or deck_here() or shipped_deck()


def store_folder(out: Path, deck: Path, no_store: bool) -> Path | None:
    """Returns the folder of outputs whose store is used by what writes no outputs itself; None: none."""
    return None if no_store or is_linked(out, deck) or not out.is_dir() else out


def own_deck_folder(deck: Path | None) -> Path:
    """Returns the folder of a deck that is to be written to: never the one that comes along."""
    if found := deck or deck_here():
        return found
    raise typer.BadParameter(
        "there is no deck here: name its folder, or make one with `eigendeck init`.", param_hint="DECK"
    )


def chosen_names(only: str | None) -> frozenset[str]:
    """Returns the names of `--only`; none where everything is meant."""
    chosen = frozenset(name.strip() for name in (only or "").split(",")) - {""}
    if only is not None and not chosen:
        raise typer.BadParameter("names no card and no section.", param_hint="--only")
    return chosen


def variant_numbers(variants: str) -> tuple[int, ...]:
    """Returns the numbers of `--variants`."""
    numbers = [number.strip() for number in variants.split(",")]
    if not all(re.fullmatch("[1-9][0-9]?", number) for number in numbers):
        raise typer.BadParameter(f"'{variants}' is no list of numbers such as 1,2.", param_hint="--variants")
    return tuple(sorted(set(map(int, numbers))))


def offset_lengths(offset: str) -> tuple[float, float]:
    """Returns the two lengths of `--offset`."""
    if not re.fullmatch(r"\s*[-+−]?\d{1,2}(\.\d+)?\s*,\s*[-+−]?\d{1,2}(\.\d+)?\s*", offset):
        what = f"'{offset}' is not two lengths in millimetres such as 1.5,-2."
        raise typer.BadParameter(what, param_hint="--offset")
    right, down = (float(length.replace("−", "-")) for length in offset.split(","))
    if max(abs(right), abs(down)) > MOST_OFFSET:
        what = f"'{offset}' is more than {MOST_OFFSET} mm: no offset takes that back."
        raise typer.BadParameter(what, param_hint="--offset")
    return right, down


def seed_number(seed: str | None) -> int | None:
    """Returns the seed, drawn here where it is to be random; None for the deck's own."""
    if seed is None:
        return None
    if seed == "random":
        import secrets

        chosen = secrets.randbelow(1_000_000)
        say(f"--seed random chose {chosen}; the same numbers again: --seed {chosen}")
        return chosen
    if seed.isascii() and seed.isdigit() and len(seed) <= 18:
        return int(seed)
    raise typer.BadParameter(f"'{seed}' is neither a whole number from 0 up nor 'random'.", param_hint="--seed")


def build_time() -> int:
    """Returns the time that this build is dated, in seconds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return int(time.time())
    if not (epoch.isascii() and epoch.isdigit() and len(epoch) <= 11):
        raise typer.BadParameter(f"'{epoch}' is no number of seconds.", param_hint="SOURCE_DATE_EPOCH")
    say(f"warning: SOURCE_DATE_EPOCH dates this build {epoch}; Anki takes changed notes only from a later build.")
    return int(epoch)


@contextmanager
def usable(out: Path, variants: str = "--variants", of: str = "--out") -> Iterator[None]:
    """Says which option is wrong where a name, a folder or the previous package in it cannot be used.

    out: the folder of the outputs. variants, of: the options that name variants and that folder.

    Raises BadParameter: `--only`, `--variants` or `--out`; DeckError: the previous package.
    """
    from eigendeck import DamagedPackage, UnknownName
    from eigendeck.deck.subset import UnknownVariant

    try:
        yield
    except UnknownName as unknown:
        hint = variants if isinstance(unknown, UnknownVariant) else "--only"
        raise typer.BadParameter(str(unknown), param_hint=hint) from None
    except LinkedFolder as linked:
        what = f"{printable(str(linked))}: not followed, for the deck may have brought it. Name the folder itself."
        raise typer.BadParameter(what, param_hint=of) from None
    except DamagedPackage as damage:
        hint = "Move it away, or build with --fresh: every note then counts as changed."
        what = f"the previous package cannot be used: {damage}"
        raise DeckError([Fault(Place(out.as_posix()), what, hint)]) from None
    except OSError as error:  # a folder that cannot be read or written is a wrong option, not a bug
        reached = error.filename if isinstance(error.filename, str) else out.as_posix()
        if not Path(reached).absolute().is_relative_to(out.absolute()):
            raise
        raise typer.BadParameter(f"{printable(reached)}: {error.strerror}.", param_hint=of) from None


app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Flashcards and cheat sheets whose worked examples are computed, never typed.",
)


@app.callback(invoke_without_command=True)
def about(version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False) -> None:
    """The options of the command itself."""
    if version:
        typer.echo(f"eigendeck {__version__}")
        raise typer.Exit

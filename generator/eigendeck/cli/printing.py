"""The commands that make pages to print. Imports that take time wait until they are needed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from eigendeck.cli import options as given
from eigendeck.cli.building import saved
from eigendeck.cli.options import app
from eigendeck.cli.terminal import say, say_faults
from eigendeck.errors import MissingPart, counted
from eigendeck.outputs.imposition import NAMES, Cut, Flip, Size, layout
from eigendeck.outputs.pdf import Paper, require


@app.command("worksheet")
def worksheet_command(
    deck: given.DeckFolder = None,
    only: given.Only = None,
    variants: Annotated[str, typer.Option(metavar="1,2,…", help="The variants of each card that are asked.")] = "1",
    key: Annotated[
        bool, typer.Option("--key", help="The key, too: the answers to the same numbers, step by step.")
    ] = False,
    seed: given.AnySeed = None,
    out: given.Out = Path("build"),
    paper: given.PaperOfPdf = "a4",
    jobs: given.Jobs = None,
    no_store: given.NoStore = False,
) -> None:
    """Make a worksheet: problems with room to work and no answers, to print; with --key their answers, too.

    As HTML, and as a PDF where the extra `pdf` is installed. The numbers are those of the package with the same seed.
    """
    asked, make = given.variant_numbers(variants), ("worksheet", "key") if key else ("worksheet",)
    wanted = _wanted(seed, only, paper, jobs)
    built = saved(given.deck_folder(deck), out, no_store=no_store, make=make, variants=asked, **wanted)
    say_faults(built.warnings)
    say(f"{built.deck.meta.title}: {counted(len(built.deck.cards), 'card')}, seed {built.seed}.")
    say(*(f"  {out / name}" for name in built.files))


@app.command("cards")
def cards_command(
    deck: given.DeckFolder = None,
    only: given.Only = None,
    size: Annotated[Size, typer.Option(help="3x5 and 4x6 are inches.")] = "3x5",
    paper: Annotated[Paper, typer.Option(help="The paper that the cards are cut from.")] = "a4",
    cut: Annotated[
        Cut, typer.Option(help="Front and back side by side, to fold; or on both sides of the paper.")
    ] = "fold",
    flip: Annotated[Flip, typer.Option(help="With `duplex`: the edge over which the printer turns.")] = "long",
    offset: Annotated[
        str,
        typer.Option(metavar="X,Y", help="With `duplex`: how far the printer misses, in mm, as the first sheet shows."),
    ] = "0,0",
    variant: Annotated[
        int, typer.Option(min=1, max=20, metavar="K", help="Which of its examples each card shows.")
    ] = 1,
    seed: given.AnySeed = None,
    out: given.Out = Path("build"),
    jobs: given.Jobs = None,
    no_store: given.NoStore = False,
) -> None:
    """Make paper flashcards to cut out: front and back side by side, to fold, or on both sides of the paper.

    As HTML, and as a PDF where the extra `pdf` is installed. The numbers are those of the package with the same seed.
    """
    on_paper = layout(paper, size, cut, flip, given.offset_lengths(offset))
    wanted = {"make": ("cards",), "variants": (variant,), "layout": on_paper} | _wanted(seed, only, paper, jobs)
    built = saved(given.deck_folder(deck), out, no_store=no_store, of="--variant", **wanted)
    say_faults(built.warnings)
    amount = sum(len(card.cards) for card in built.deck.cards)
    sheets = counted(-(-amount // on_paper.count) + (cut == "duplex"), "sheet")
    on = f"{sheets} of {NAMES[paper]} paper"
    say(f"{built.deck.meta.title}: {counted(amount, 'card')}, seed {built.seed}, {on}.")
    say(*(f"  {out / name}" for name in built.files))


def _wanted(seed: str | None, only: str | None, paper: Paper, jobs: int | None) -> dict[str, Any]:
    """What both ask of a build; a PDF, too, where one can be made here. Says what is missing where it cannot."""
    wanted: dict[str, Any] = {"seed": given.seed_number(seed), "only": given.chosen_names(only), "processes": jobs}
    try:
        require()
        wanted["paper"] = paper
    except MissingPart as missing:
        say(f"No PDF: {str(missing).removeprefix('--pdf ')}")
    return wanted | {"time": given.build_time()}

"""The commands that make pages to print. Imports that take time wait until they are needed."""

from functools import partial
from pathlib import Path

from eigendeck.cli import options as given
from eigendeck.cli.building import saved
from eigendeck.cli.options import app
from eigendeck.cli.terminal import say, say_faults
from eigendeck.errors import MissingPart, counted


@app.command("worksheet")
def worksheet_command(
    deck: given.DeckFolder = None,
    only: given.Only = None,
    variants: given.Variants = "1",
    key: given.WithKey = False,
    seed: given.AnySeed = None,
    out: given.Out = Path("build"),
    paper: given.Paper = given.Sheet.A4,
    jobs: given.Jobs = None,
    no_store: given.NoStore = False,
) -> None:
    """Make a worksheet: problems with room to work and no answers, to print; with --key their answers, too.

    As HTML, and as a PDF where the extra `pdf` is installed. The numbers are those of the package with the same seed.
    """
    from eigendeck import build

    number, asked = given.seed_number(seed), given.variant_numbers(variants)
    wanted = partial(build, seed=number, only=given.chosen_names(only), variants=asked, processes=jobs)
    wanted = partial(wanted, make=("worksheet", "key") if key else ("worksheet",))
    wanted = partial(wanted, paper=paper.value if _prints() else None, time=given.build_time())
    built = saved(wanted, given.deck_folder(deck), out, no_store=no_store)
    say_faults(built.warnings)
    say(f"{built.deck.meta.title}: {counted(len(built.deck.cards), 'card')}, seed {built.seed}.")
    say(*(f"  {out / name}" for name in built.files))


@app.command("cards")
def cards_command(
    deck: given.DeckFolder = None,
    only: given.Only = None,
    size: given.SizeOption = given.CardSize.INDEX,
    paper: given.CardPaper = given.Sheet.A4,
    cut: given.CutOption = given.Cut.FOLD,
    flip: given.FlipOption = given.Flip.LONG,
    offset: given.Offset = "0,0",
    variant: given.Variant = 1,
    seed: given.AnySeed = None,
    out: given.Out = Path("build"),
    jobs: given.Jobs = None,
    no_store: given.NoStore = False,
) -> None:
    """Make paper flashcards to cut out: front and back side by side, to fold, or on both sides of the paper.

    As HTML, and as a PDF where the extra `pdf` is installed. The numbers are those of the package with the same seed.
    """
    from eigendeck import build
    from eigendeck.outputs.imposition import NAMES, layout

    number, missed = given.seed_number(seed), given.offset_lengths(offset)
    on_paper = layout(paper.value, size.value, cut.value, flip.value, missed)
    names = given.chosen_names(only)
    wanted = partial(build, seed=number, only=names, make=("cards",), variants=(variant,), layout=on_paper)
    wanted = partial(wanted, paper=paper.value if _prints() else None, time=given.build_time(), processes=jobs)
    built = saved(wanted, given.deck_folder(deck), out, no_store=no_store, variants="--variant")
    say_faults(built.warnings)
    amount = sum(len(card.cards) for card in built.deck.cards)
    sheets = counted(-(-amount // on_paper.count) + (cut is given.Cut.DUPLEX), "sheet")
    on = f"{sheets} of {NAMES[paper.value]} paper"
    say(f"{built.deck.meta.title}: {counted(amount, 'card')}, seed {built.seed}, {on}.")
    say(*(f"  {out / name}" for name in built.files))


def _prints() -> bool:
    """Whether PDFs can be made here; says what is missing where they cannot."""
    from eigendeck.outputs.pdf import require

    try:
        require()
    except MissingPart as missing:
        say(f"No PDF: {str(missing).removeprefix('--pdf ')}")
        return False
    return True

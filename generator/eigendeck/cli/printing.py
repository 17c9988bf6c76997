"""The commands that make pages to print. Imports that take time wait until they are needed."""

from __future__ import annotations

from pathlib import Path

from eigendeck.cli.app import app
from eigendeck.cli.options import (
    AnySeed,
    CardPaper,
    CardSize,
    Cut,
    CutOption,
    DeckFolder,
    Flip,
    FlipOption,
    Jobs,
    NoStore,
    Offset,
    OnlyPrinted,
    Out,
    Paper,
    Sheet,
    SizeOption,
    Variant,
    Variants,
    WithKey,
    build_time,
    chosen_names,
    deck_folder,
    offset_lengths,
    seed_number,
    variant_numbers,
)
from eigendeck.cli.terminal import progress, say, say_faults
from eigendeck.cli.usable import usable
from eigendeck.errors import MissingPart, counted
from eigendeck.write import refuse_links


@app.command("worksheet")
def worksheet_command(
    deck: DeckFolder = None,
    only: OnlyPrinted = None,
    variants: Variants = "1",
    key: WithKey = False,
    seed: AnySeed = None,
    out: Out = Path("build"),
    paper: Paper = Sheet.A4,
    jobs: Jobs = None,
    no_store: NoStore = False,
) -> None:
    """Make a worksheet: problems with room to work and no answers, to print; with --key their answers, too.

    As HTML, and as a PDF where the extra `pdf` is installed. The numbers are those of the package with the same seed.
    """
    from eigendeck import build, save

    folder, number, asked = deck_folder(deck), seed_number(seed), variant_numbers(variants)
    with progress() as step, usable(out):
        refuse_links(out, folder)
        built = build(
            folder,
            seed=number,
            only=chosen_names(only),
            variants=asked,
            make=("worksheet", "key") if key else ("worksheet",),
            paper=paper.value if _prints() else None,
            time=build_time(),
            processes=jobs,
            store=None if no_store else out,
            step=step,
        )
        saved = save(built, out)
    say_faults(built.warnings)
    say(f"{built.deck.meta.title}: {counted(len(built.deck.cards), 'card')}, seed {built.seed}.")
    say(*(f"  {path}" for path in saved))


@app.command("cards")
def cards_command(
    deck: DeckFolder = None,
    only: OnlyPrinted = None,
    size: SizeOption = CardSize.INDEX,
    paper: CardPaper = Sheet.A4,
    cut: CutOption = Cut.FOLD,
    flip: FlipOption = Flip.LONG,
    offset: Offset = "0,0",
    variant: Variant = 1,
    seed: AnySeed = None,
    out: Out = Path("build"),
    jobs: Jobs = None,
    no_store: NoStore = False,
) -> None:
    """Make paper flashcards to cut out: front and back side by side, to fold, or on both sides of the paper.

    As HTML, and as a PDF where the extra `pdf` is installed. The numbers are those of the package with the same seed.
    """
    from eigendeck import build, save
    from eigendeck.outputs.imposition import NAMES, layout

    folder, number, missed = deck_folder(deck), seed_number(seed), offset_lengths(offset)
    on_paper = layout(paper.value, size.value, cut.value, flip.value, missed)
    with progress() as step, usable(out, "--variant"):
        refuse_links(out, folder)
        built = build(
            folder,
            seed=number,
            only=chosen_names(only),
            make=("cards",),
            variants=(variant,),
            layout=on_paper,
            paper=paper.value if _prints() else None,
            time=build_time(),
            processes=jobs,
            store=None if no_store else out,
            step=step,
        )
        saved = save(built, out)
    say_faults(built.warnings)
    amount = sum(len(card.cards) for card in built.deck.cards)
    sheets = counted(-(-amount // on_paper.count) + (cut is Cut.DUPLEX), "sheet")
    on = f"{sheets} of {NAMES[paper.value]} paper"
    say(f"{built.deck.meta.title}: {counted(amount, 'card')}, seed {built.seed}, {on}.")
    say(*(f"  {path}" for path in saved))


def _prints() -> bool:
    """Whether PDFs can be made here; says what is missing where they cannot."""
    from eigendeck.outputs.pdf import require

    try:
        require()
    except MissingPart as missing:
        say(f"No PDF: {str(missing).removeprefix('--pdf ')}")
        return False
    return True

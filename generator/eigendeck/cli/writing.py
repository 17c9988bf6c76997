"""The commands that help to write a deck. Imports that take time wait until they are needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from eigendeck.cli.options import OwnDeck, app, optional, own_deck_folder, usable
from eigendeck.cli.terminal import print_json, say
from eigendeck.errors import DeckError, Fault, Place, nearest
from eigendeck.write import refuse_links_of_decks, write_whole


@app.command("init")
def init_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the new deck.")],
    title: Annotated[str | None, optional(metavar="T", help="Default: made of the folder's name.")] = None,
) -> None:
    """Make a deck of three cards that builds at once, to learn from and to write over. Overwrites nothing."""
    from eigendeck.authoring.scaffold import NotAllowed, starter_deck

    try:
        files = starter_deck(folder, title)
    except NotAllowed as problem:
        raise typer.BadParameter(str(problem), param_hint=problem.about) from None
    with usable(folder, of="DIR"), _writable(folder):
        refuse_links_of_decks(folder)
        write_whole(folder, files)
    say(*(f"  {folder / name}" for name in files), f"Build it: eigendeck build {folder}")


@app.command("new")
def new_command(
    card_id: Annotated[str, typer.Argument(metavar="ID", help="The permanent name of the card, such as dot-product.")],
    deck: OwnDeck = None,
    section: Annotated[
        str | None, optional(metavar="FILE", help="The section's file, begun if it is new; default: the last one.")
    ] = None,
) -> None:
    """Append a card that builds, to write over. Prints the place where writing begins to standard output."""
    from eigendeck.authoring.scaffold import NotAllowed, new_card

    try:
        made = new_card(own_deck_folder(deck), card_id, section)
    except NotAllowed as problem:
        raise typer.BadParameter(str(problem), param_hint=problem.about) from None
    with _writable(made.path):
        write_whole(made.path.parent, {made.path.name: made.content})
    print(made.caret)
    say(f"{'Began' if made.new_file else 'Appended to'} {made.path}: write your own card over it.")


@app.command("schema")
def schema_command(
    part: Annotated[
        Literal["deck", "section"], typer.Argument(metavar="[deck|section]", help="Of deck.yaml, or of a section.")
    ] = "section",
) -> None:
    """Print the JSON Schema by which an editor completes and checks a file of a deck."""
    from eigendeck.authoring.json_schema import json_schema

    print_json(json_schema(part))


@app.command("plots")
def plots_command(
    kind: Annotated[str | None, typer.Argument(metavar="KIND", show_default=False, help="Default: all kinds.")] = None,
    out: Annotated[Path | None, optional(metavar="DIR", help="Write plots.html there, with the pictures.")] = None,
) -> None:
    """Show what can be drawn: the plot kinds and their parameters, one kind with its examples, or all on a page."""
    from eigendeck.authoring import gallery
    from eigendeck.plots import PLOTS
    from eigendeck.worked.sandbox import processors

    if kind is not None and kind not in PLOTS:
        meant = nearest(kind, PLOTS) or f"The kinds: {', '.join(PLOTS)}."
        raise typer.BadParameter(f'there is no plot kind "{kind}". {meant}', param_hint="KIND")
    kinds = list(PLOTS) if kind is None else [kind]
    drawn = kind is not None or out is not None
    shown = gallery.gallery(kinds, processors()) if drawn else [gallery.Shown(PLOTS[name]) for name in kinds]
    if out is None:
        print("\n\n".join("\n".join(gallery.lines(one)) for one in shown))
        return
    with usable(out), _writable(out):
        refuse_links_of_decks(out)
        write_whole(out, {"plots.html": gallery.page(shown).encode()})
    say(f"  {out / 'plots.html'}")


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    """A place that cannot be written is a fault of its author, not a bug."""
    try:
        yield
    except OSError as error:
        hint = "Choose another folder, or allow yourself to write there."
        raise DeckError([Fault(Place(path.as_posix()), f"cannot be written: {error.strerror}", hint)]) from None

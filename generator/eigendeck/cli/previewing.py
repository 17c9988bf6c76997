"""The command `preview`: the deck in the browser while it is written."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from eigendeck.cli.options import DeckFolder, Jobs, NoStore, StoreOf, app, deck_folder, optional, store_folder
from eigendeck.cli.terminal import say


@app.command("preview")
def preview_command(
    deck: DeckFolder = None,
    port: Annotated[
        int | None, optional(min=0, max=65535, metavar="N", help="0: any that is free. Default: 8765.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Leave the browser alone.")] = False,
    out: StoreOf = Path("build"),
    jobs: Jobs = None,
    no_store: NoStore = False,
) -> None:
    """Show the cards in the browser, as Anki shows them, and again whenever a file is saved. Ctrl-C ends it."""
    from eigendeck import read_deck
    from eigendeck.authoring.preview.serve import PortTaken, preview, require
    from eigendeck.worked.sandbox import processors

    folder = deck_folder(deck)
    require()
    if not os.path.isfile(folder / "deck.yaml"):  # noqa: PTH113  its name may be longer than the system takes
        read_deck(folder)  # says what is missing

    def ready(address: str) -> None:
        print(address, flush=True)
        say(f"  {folder} is watched; Ctrl-C ends it.")
        if not no_open and _desktop():
            typer.launch(address)

    try:
        preview(folder, port, jobs or processors(), store_folder(out, folder, no_store), ready)
    except PortTaken as taken:
        raise typer.BadParameter(f"{taken}: --port 0 takes one that is free.", param_hint="--port") from None


def _desktop() -> bool:
    """Whether there is one: elsewhere a browser would open in the terminal."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))

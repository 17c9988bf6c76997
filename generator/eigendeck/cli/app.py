"""The program as typer knows it; the modules beside this one add their commands."""

from typing import Annotated

import typer

from eigendeck import __version__

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

"""All commands, in the order in which `--help` lists them."""

from typer.main import get_command

from eigendeck.cli import building, checking, editions, previewing, printing, writing  # noqa: F401  each adds its own
from eigendeck.cli.options import app

__all__ = ["command"]

command = get_command(app)  # once: a process that runs many command lines need not read all options for each

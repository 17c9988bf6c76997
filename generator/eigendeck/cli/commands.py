"""All commands, in the order in which `--help` lists them."""

from eigendeck.cli import building, checking, editions, previewing, printing, writing  # noqa: F401  each adds its own
from eigendeck.cli.app import app

__all__ = ["app"]

"""Eigendeck: flashcards and cheat sheets whose worked examples are computed, never typed."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# What a program may use, by the module that has it. `__init__.pyi` says the same to type checkers.
_LIBRARY = {
    "build": "authoring.library",
    "check": "program",
    "read_deck": "deck.read",
    "rehearse": "rehearsal",
    "save": "authoring.library",
    "Built": "program",
    "Checked": "program",
    "DamagedPackage": "outputs.package",
    "Deck": "deck.read",
    "DeckError": "errors",
    "Fault": "errors",
    "MissingPart": "errors",
    "Rehearsal": "rehearsal",
    "UnknownName": "deck.subset",
}
__all__ = ["__version__", *_LIBRARY]


def __getattr__(name: str) -> Any:
    """Imports what is asked for when it is: the worker and `--help` ask for nothing."""
    if name not in _LIBRARY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"eigendeck.{_LIBRARY[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_LIBRARY]

"""The deck that is meant where none is named."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def deck_here() -> Path | None:
    """Returns this folder or `cards` in it, whichever is a deck; None if neither is."""
    return next((here for here in (Path(), Path("cards")) if (here / "deck.yaml").is_file()), None)


def shipped_deck() -> Path:
    """Returns the folder of the deck that comes along with the program."""
    inside = _PACKAGE / "cards"
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "cards"

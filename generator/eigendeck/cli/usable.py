"""What a stage refuses because of what stands on the command line, in the command line's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from eigendeck.errors import DeckError, Fault, Place, printable
from eigendeck.write import LinkedFolder


@contextmanager
def usable(out: Path, variants: str = "--variants", of: str = "--out") -> Iterator[None]:
    """Says which option is wrong where a name, a folder or the previous package in it cannot be used.

    out: the folder of the outputs. variants, of: the options that name variants and that folder.

    Raises:
        BadParameter: `--only`, `--variants` or `--out`.
        DeckError: the previous package.
    """
    from eigendeck import DamagedPackage, UnknownName
    from eigendeck.deck.subset import UnknownVariant

    try:
        yield
    except UnknownName as unknown:
        hint = variants if isinstance(unknown, UnknownVariant) else "--only"
        raise typer.BadParameter(str(unknown), param_hint=hint) from None
    except LinkedFolder as linked:
        what = f"{printable(str(linked))}: not followed, for the deck may have brought it. Name the folder itself."
        raise typer.BadParameter(what, param_hint=of) from None
    except DamagedPackage as damage:
        hint = "Move it away, or build with --fresh: every note then counts as changed."
        what = f"the previous package cannot be used: {damage}"
        raise DeckError([Fault(Place(out.as_posix()), what, hint)]) from None
    except OSError as error:  # a folder that cannot be read or written is a wrong option, not a bug
        reached = error.filename if isinstance(error.filename, str) else out.as_posix()
        if not Path(reached).absolute().is_relative_to(out.absolute()):
            raise
        raise typer.BadParameter(f"{printable(reached)}: {error.strerror}.", param_hint=of) from None

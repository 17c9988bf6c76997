"""`reads`: the NumPy expressions that say what symbols of the displayed formula are."""

from collections.abc import Collection, Mapping
from functools import partial

from eigendeck.worker.code.statements import Faults, read_piece
from eigendeck.worker.formula import Expression
from eigendeck.worker.job import Piece

MADE = "numpy:"  # in front of an expression that may read what the card's `numpy` binds


def compiled(
    reads: Mapping[str, str], names: Collection[str], made: Collection[str], faults: Faults
) -> dict[str, Expression]:
    """Returns the expressions by their keys; those at fault are left out.

    names: what `given` draws. made: what `numpy` binds.
    """
    found = {}
    for key, source in reads.items():
        text = source.strip()
        express = text.startswith(MADE)
        text = text.removeprefix(MADE).strip()
        column = source.index(text, source.index(MADE) + len(MADE) if express else 0)
        statement = read_piece(Piece(("reads", key), text, 1, column), {"np", *names, *made, "answer"}, faults)
        taken = [name for name in statement.names.free if name in made and name not in names] if statement else []
        if taken and not express:
            message = f'reads "{taken[0]}", which `numpy` binds: a mistake there would be taken over'
            hint = f'Write it over the inputs, or "{MADE} {text}" where that is meant.'
            faults.add(("reads", key), message, hint, 1, column)
        elif statement:
            found[key] = Expression(frozenset(statement.names.free), partial(eval, statement.code))  # checked code
    return found

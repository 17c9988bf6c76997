"""`reads`: the NumPy expressions that say what symbols of the displayed formula are."""

from collections.abc import Collection, Mapping
from functools import partial

from eigendeck.worker.code.statements import Faults, Statement, read_expression
from eigendeck.worker.formula import Expression
from eigendeck.worker.job import Key

MADE = "numpy:"  # in front of an expression that may read what the card's `numpy` binds


def compiled(
    reads: Mapping[str, str], names: Collection[str], made: Collection[str], faults: Faults
) -> dict[str, Expression]:
    """Returns the expressions by their keys; those at fault are left out.

    names: what `given` draws. made: what `numpy` binds.
    """
    statements = {key: _expression(("reads", key), source, names, made, faults) for key, source in reads.items()}
    return {
        key: Expression(frozenset(statement.names.free), partial(eval, statement.code))  # checked code
        for key, statement in statements.items()
        if statement
    }


def _expression(
    path: Key, source: str, names: Collection[str], made: Collection[str], faults: Faults
) -> Statement | None:
    text = source.strip()
    express = text.startswith(MADE)
    text = text.removeprefix(MADE).strip()
    column = source.index(text, source.index(MADE) + len(MADE) if express else 0)
    statement = read_expression(path, text, {"np", *names, *made, "answer"}, faults, 1, column)
    if statement is None:
        return None
    for name in statement.names.free:
        if name in made and name not in names and not express:
            message = f'reads "{name}", which `numpy` binds: a mistake there would be taken over'
            hint = f'Write it over the inputs, or "{MADE} {text}" where that is meant.'
            faults.add(path, message, hint, 1, column)
            return None
    return statement

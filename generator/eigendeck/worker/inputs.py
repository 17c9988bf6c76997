"""The inputs of one draw: `given` or `wide` runs, and what it binds is read back from the text that readers see."""

from collections.abc import Collection
from typing import Any, NoReturn

import numpy as np

from eigendeck.worker.code.card import Inputs
from eigendeck.worker.code.namespace import names_for_cards
from eigendeck.worker.code.statements import Statement, read_piece
from eigendeck.worker.draws import Draw, Run, Stop
from eigendeck.worker.job import Piece
from eigendeck.worker.literals import Unshowable, compact, literal, through_literal
from eigendeck.worker.values import copied, equal

_WIDE = 1  # behind a number: the stream of `wide`


def draw_given(run: Run, number: int, rng: np.random.Generator) -> Draw:
    """Returns a draw of `given` for a variant, with its inputs as the card shows them. Raises Stop at a fault."""
    return _drawn(Draw(run, run.card.given, number, {}, {}, {}), rng, frozenset(run.card.displayed))


def draw_wide(run: Run, wide: Inputs, number: int) -> Draw:
    """Returns a draw of `wide`. It has a stream of its own, on which no number of a deck depends.

    Raises Stop at a fault.
    """
    job = run.card.job
    rng = np.random.default_rng([job.seed, job.stream, number, _WIDE])
    return _drawn(Draw(run, wide, number, {}, {}, {}), rng, frozenset())


def _drawn(draw: Draw, rng: np.random.Generator, displayed: Collection[str]) -> Draw:
    """The draw with its names bound. displayed: those that readers see, which must have a literal."""
    inputs = draw.inputs
    namespace = names_for_cards(rng=rng)
    draw.evaluate(inputs.statements, namespace, inputs.key)
    for name, maker in inputs.makers.items():
        value = namespace.get(name)
        if isinstance(value, np.random.Generator):
            hint = "Draw a seed, and write np.random.default_rng(seed) where the generator is used."
            _refuse(draw, maker, f'"{name}" is a generator, which would give other numbers at each use', hint)
        if name in inputs.hoped:
            if name in namespace and not hasattr(value, "__next__") and (not callable(value) or maker.function):
                _bind(draw, name, value, maker, displayed=False)
        elif name in namespace and name in inputs.used:
            _bind(draw, name, value, maker, displayed=name in displayed)
        elif name in displayed or name in inputs.used:
            _refuse(draw, maker, f'"{name}" was not bound this time ({draw.where})', "Bind it in every draw.")
    return draw


def _bind(draw: Draw, name: str, value: Any, maker: Statement, *, displayed: bool) -> None:
    """Takes the value of a name over into the draw."""
    if callable(value):  # it can only be shown as the source that makes it
        if not maker.function and "rng" in maker.names.free:
            message = f'"{name}" draws from rng, which exists in `given` alone'
            _refuse(draw, maker, message, "Draw first, and let the function use what was drawn.")
        if not maker.function:
            message = f'"{name}" is a function that no line of its own defines'
            _refuse(draw, maker, message, f"Write `{name} = lambda t: …`, or `def {name}(t): …`.")
        draw.values[name] = maker
        if displayed:
            draw.literals[name] = maker.source
        return
    if hasattr(value, "__next__"):
        _refuse(draw, maker, f'"{name}" is used up by the first that reads it', f"Write `{name} = list(…)`.")
    try:
        draw.values[name] = through_literal(value)
        if displayed or draw.is_wide:
            draw.literals[name] = literal(draw.values[name])
    except Unshowable as error:
        if displayed:
            hint = "Make it in `numpy`, or draw two arrays." if isinstance(value, dict) else ""
            _refuse(draw, maker, f"{name} {error}", hint)
        draw.values[name] = copied(value)


def _refuse(draw: Draw, maker: Statement, message: str, hint: str) -> NoReturn:
    draw.refuse(draw.inputs.key, message, hint, maker.line, maker.column)


def apply_show(draw: Draw) -> None:
    """Makes what `show` displays what `numpy` gets: its text is filled in, checked, and executed.

    Raises Stop where it does not say what `given` drew, which is a fault.
    """
    for name, template in draw.card.job.show.items():
        if name not in draw.values:
            continue
        key, drawn = ("show", name), draw.values[name]
        text = draw.filled(Piece(key, template))
        statement = read_piece(Piece(key, text), {"np"}, draw.run.faults)
        if statement is None:
            raise Stop
        value = draw.evaluate([statement], draw.namespace(), key)
        draw.showable(key, value, f"`{statement.quoted}`")
        if not equal(value, drawn):
            message = f"`{statement.quoted}` is {compact(value)[:80]}, but `given` makes {name} = {compact(drawn)[:80]}"
            draw.refuse(key, message, "`show` must say what `given` draws.")
        if isinstance(value, np.ndarray) != isinstance(drawn, np.ndarray):
            kinds = ("an array", "a list") if isinstance(value, list) else ("a list", "an array")
            what = f"`{statement.quoted[:40]}` is {kinds[1]}, but `given` makes {name} {kinds[0]}"
            hint = f"Write np.array({{{name}}})." if isinstance(value, list) else "Leave out `np.array`."
            draw.refuse(key, f"{what}: code treats them differently", hint)
        draw.values[name], draw.literals[name] = value, text

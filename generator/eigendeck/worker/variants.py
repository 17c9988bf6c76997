"""The variants of one card: what is drawn, worked out and described.

Everything that is worked out of a draw runs on copies of its own, so that each piece is judged, whatever the others do.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from eigendeck.worker import budget
from eigendeck.worker.code.card import read_card
from eigendeck.worker.code.program import program
from eigendeck.worker.code.statements import Faults, Statement
from eigendeck.worker.code.strict import warnings_are_errors
from eigendeck.worker.draws import Draw, Run, Stop
from eigendeck.worker.job import ASK, STEPS, WORK, Job, Key, Line, Reply, Value, Variant
from eigendeck.worker.judgement import check, judge_formula, refused_alone, show_to_fail, wide_draws
from eigendeck.worker.literals import Unshowable, assignment, literal, name_of, refuse_array, refuse_text
from eigendeck.worker.printing import printed
from eigendeck.worker.tries import find
from eigendeck.worker.values import equal, flat

Part = TypeVar("Part")


def run(job: Job, progress: Callable[[Key], None]) -> Reply:
    """Returns the variants of a card, or its faults.

    progress: told the key before each.
    """
    progress(())
    faults = Faults()
    reply = Reply()
    with (
        suppress(Stop),
        warnings_are_errors(),
        np.errstate(all="ignore"),
    ):  # what this program computes warns of nothing
        card = read_card(job, faults)
        if card:
            reply = _worked_out(Run(card, progress, faults))
    reply = Reply(faults=tuple(faults.found)) if faults.found else reply
    return replace(reply, short_of_memory=True) if faults.short_of_memory else reply


def _worked_out(run: Run) -> Reply:
    """The reply to a job whose code can be run. Raises Stop where something is at fault."""
    card, job = run.card, run.card.job
    worked: list[tuple[Draw, Variant | None]] = []
    seen: set[str] | None = set() if job.full else None
    for number in range(job.first, job.first + job.count):
        draw = find(run, number, seen)
        worked.append((draw, _worked(draw)))
    draws = [draw for draw, _ in worked]
    if not job.tried:
        show_to_fail(run, draws)
    wide = wide_draws(run)
    summary = judge_formula(run, card.formula, draws, wide) if card.formula else None
    answers = dict.fromkeys(
        variant.output if variant else printed(draw.answer, job.nice.digits, draw.meant_answer).text
        for draw, variant in worked
    )
    checks = tuple(condition.caption or condition.source for condition in card.check)
    alone = refused_alone(card, draws) if job.alone else ()
    variants = tuple(variant for _, variant in worked if variant)
    return Reply((), variants, tuple(answers)[: budget.ANSWERS], checks, alone, summary)


# ---- one variant


def _worked(draw: Draw) -> Variant | None:
    """The variant that a draw is; nothing where only its faults are wanted.

    Raises Stop where something in it is at fault; all of it was looked at.
    """
    card = draw.card
    check(draw)
    steps = _tried(lambda: _steps(draw))
    work = _tried(lambda: tuple(_value_of(draw, piece) for piece in card.work))
    plot = _tried(lambda: {name: _value_of(draw, piece) for name, piece in card.plot.items()})
    draw.run.progress(ASK)
    ask = _tried(lambda: tuple(draw.filled(piece) for piece in card.job.ask))
    if steps is None or work is None or plot is None or ask is None or draw.run.faults.found:
        raise Stop
    if not card.job.full:
        return None
    output = printed(draw.answer, card.job.nice.digits, draw.meant_answer)
    lines = [_assignment(draw, name) for name in card.inputs]
    return Variant(
        number=draw.number,
        inputs=tuple((name, _input(draw, name)) for name in card.inputs),
        mistake_inputs=tuple((name, _input(draw, name)) for name in card.mistake_inputs),
        shown={name: draw.literals[name] for name in card.job.show if name in draw.literals},
        answer=_described(draw.meant_answer, output.text),
        program=program(lines, card.job.numpy, card.numpy[-1], output),
        output=output.text,
        mistakes=tuple(_mistake(draw, number) for number in range(len(draw.mistakes))),
        steps=steps,
        work=tuple(value for value in work if value),
        plot={name: value for name, value in plot.items() if value},
        ask=ask,
    )


def _tried(part: Callable[[], Part]) -> Part | None:
    """A part of the variant, or nothing where it is at fault: the parts do not depend on each other."""
    try:
        return part()
    except Stop:
        return None


def _steps(draw: Draw) -> tuple[Line, ...]:
    if not (steps := draw.card.steps):
        return ()
    namespace = draw.namespace(made=True)
    lines, meant = [], None
    for number, step in enumerate(steps, 1):
        value = draw.evaluate([step], namespace, STEPS)
        if not step.value:
            value = namespace.get(next(iter(step.names.bound)))
        literal = draw.showable(STEPS, value, f"`{step.quoted}`", (step.line, step.column))
        meant = draw.meant(value, steps[:number])
        if draw.card.job.full:
            text = printed(value, draw.card.job.nice.digits, meant).text
            lines.append(Line(step.source, step.caption, text, _described(meant, text, made=literal)))
    if not equal(meant, draw.meant_answer):
        ends, gives = printed(meant).text, printed(draw.answer).text
        message = f"steps end in {ends[:120]}, numpy gives {gives[:120]} ({draw.where})"
        draw.run.faults.add(STEPS, message, "The last step is the answer.", steps[-1].line, steps[-1].column)
    return tuple(lines)


def _mistake(draw: Draw, number: int) -> Line:
    code = draw.card.job.mistakes[number].source.strip()
    value, error = draw.mistakes[number]
    if error:
        return Line(code, "", error, raised=True)
    text = printed(value, draw.card.job.nice.digits).text
    return Line(code, "", text, _described(value, text))


def _value_of(draw: Draw, piece: Statement) -> Value | None:
    """The value of a placeholder, or of a parameter, whose lists of lists of numbers keep their shape, as an array."""
    drawn = piece.key != WORK
    most = budget.PLOT_ELEMENTS if drawn else budget.ELEMENTS
    value = draw.evaluate([piece], draw.namespace(answer=True), piece.key)
    place = piece.place(piece.line, piece.column)
    if drawn and isinstance(value, list | tuple):
        with suppress(ValueError):  # rows of different lengths
            array = np.array(value)
            value = array if array.dtype.kind in "biuf" else value
    if isinstance(value, np.ndarray) and value.size > most:
        message = f"`{piece.quoted}` has {value.size:,} elements; at most {most:,} can be shown"
        draw.refuse(piece.key, message, "", *place)
    plain = isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.dtype.char != "g"
    if plain and not draw.card.job.full:
        return None  # nobody will see it: writing numbers out takes most of the time of a draw
    try:
        if drawn:  # nobody sees how it prints
            return _described(value, most=most)
        meant = draw.meant(value, [piece])
        return _described(meant, printed(value, meant=meant).text)
    except Unshowable as error:
        draw.refuse(piece.key, f"`{piece.quoted}` {error}", "", *place)


def _input(draw: Draw, name: str) -> Value:
    value = draw.values[name]
    if isinstance(value, Statement):
        return Value("function", value.source, "")
    return _described(value, made=draw.literals[name])


def _assignment(draw: Draw, name: str) -> str:
    value = draw.values[name]
    if isinstance(value, Statement):
        return value.source
    if name in draw.card.job.show:
        return f"{name} = {draw.literals[name]}"
    return assignment(name, value, draw.literals[name])


def _described(value: Any, text: str = "", most: int = budget.ELEMENTS, made: str | None = None) -> Value:
    """Returns a value as cards take it.

    text: how it prints, if anybody sees it. made: its literal, where it is known already.
    Raises Unshowable as `literal` does.
    """
    drawn = isinstance(value, np.ndarray) and budget.ELEMENTS < value.size <= most  # for a plot: it is never printed
    if drawn:
        refuse_array(value, most)
        if value.dtype.kind == "U":
            refuse_text("".join(value.ravel().tolist()), budget.TEXT)
    source = "" if drawn else made if made is not None else literal(value)
    numbers = tuple("None" if entry is None else entry for entry in flat(value))
    if isinstance(value, np.ndarray):
        return Value("array", source, text, value.shape, name_of(value.dtype), numbers)
    if isinstance(value, bool | np.bool_):
        return Value("bool", source, text, (), "bool", numbers)
    if isinstance(value, int | float | complex | np.number):
        return Value("number", source, text, (), type(value).__name__, numbers)
    return Value("text" if isinstance(value, str) else "sequence", source, text, None, "", numbers)

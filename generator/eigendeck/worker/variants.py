"""The variants of one card: what is drawn, worked out and described.

Everything that is worked out of a draw runs on copies of its own, so that each piece is judged, whatever the others do.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from eigendeck.worker import budget, values
from eigendeck.worker.code.card import CardCode, read_card
from eigendeck.worker.code.program import program
from eigendeck.worker.code.statements import Faults, Statement
from eigendeck.worker.draws import Draw, Stop
from eigendeck.worker.formula import Formula, Summary, Verdicts, combine, mutation_report
from eigendeck.worker.job import ASK, CHECK, FORMULA, STEPS, Job, Key, Line, Value, Variant
from eigendeck.worker.reply import Reply

MISTAKES = 20  # draws on which the formula must refuse the mistake: one that it accepts, it accepts on all

Progress = Callable[[Key], None]
Part = TypeVar("Part")


def run(job: Job, progress: Progress) -> Reply:
    """Returns the variants of a card, or its faults.

    progress: told the key before each, where the job asks for it.
    """
    if not job.trace:
        progress = _silent  # a frame before each key costs more than the key
    faults = Faults()
    progress(())
    card = read_card(job, faults)
    found = _Found()
    seen: dict[str, int] | None = {} if job.full else None
    for number in range(job.first, job.first + job.count):
        if card is None or faults.found:
            break
        draw = Draw(card, number, progress, faults, seen)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                draw.find()
                found.add(draw, _worked(draw, progress))
                if card.formula:
                    progress(FORMULA)
                    found.verdicts.append(_verdict(card.formula, draw))
        except Stop:
            pass
    formula = _formula(card, found, faults) if card and card.formula and not faults.found else None
    if card is None or faults.found:
        return Reply(faults=tuple(faults.found))
    checks = tuple(condition.caption or condition.source for condition in card.check)
    return Reply((), tuple(found.variants), tuple(found.answers), checks, formula)


def _silent(_: Key) -> None:
    pass


@dataclass(slots=True)
class _Found:
    """What the draws of a job have given so far. answers: printed, the different ones in order."""

    draws: list[Draw] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    answers: dict[str, None] = field(default_factory=dict)
    verdicts: list[Verdicts] = field(default_factory=list)

    def add(self, draw: Draw, variant: Variant | None) -> None:
        self.draws.append(draw)
        if variant:
            self.variants.append(variant)
        if len(self.answers) < budget.ANSWERS:
            self.answers.setdefault(variant.output if variant else values.show(draw.answer, draw.card.digits)[1])


# ---- the displayed formula


def _verdict(formula: Formula, draw: Draw) -> Verdicts:
    told = draw.mistake and not draw.mistake[1] and draw.number <= MISTAKES
    mistake = draw.mistake[0] if draw.mistake and told else None
    return formula.judge(draw.namespace(made=True), draw.answer, mistake)


def _formula(card: CardCode, found: _Found, faults: Faults) -> Summary | None:
    """What the draws say of the displayed formula, and how many misprints of it they would notice."""
    formula, asked = card.formula, card.job.formula
    assert formula
    assert asked
    binding = asked.reads is not None
    summary = combine(found.verdicts, binding=binding, excused=asked.excused)
    if binding and not summary.agrees:
        _disagreement(card, formula, summary, faults)
        return None
    if asked.misprints and summary.agrees:
        own = [(draw.namespace(made=True), draw.answer) for draw in found.draws]
        summary = replace(summary, mutants=mutation_report(formula, own, summary.conventions[0]))
    return summary


def _disagreement(card: CardCode, formula: Formula, summary: Summary, faults: Faults) -> None:
    """The fault of a formula that binds, at the formula: at what could not be read in it, or at its start."""
    message, hint = summary.refusal(card.inputs)
    before = formula.latex[: max(formula.problem.offset, 0)] if formula.problem else ""
    faults.add(FORMULA, message, hint, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1))


# ---- one variant


def _worked(draw: Draw, progress: Progress) -> Variant | None:
    """The variant that a draw is; nothing where only its faults are wanted.

    Raises:
        Stop: something in it is at fault; all of it was looked at.
    """
    card = draw.card
    _check(draw)
    steps = _tried(lambda: _steps(draw))
    work = _tried(lambda: tuple(_value_of(draw, piece, budget.ELEMENTS) for piece in card.work))
    plot = _tried(
        lambda: {name: _value_of(draw, piece, budget.PLOT_ELEMENTS, rows=True) for name, piece in card.plot.items()}
    )
    progress(ASK)
    ask = _tried(lambda: tuple(draw.filled(piece) for piece in card.job.ask))
    if steps is None or work is None or plot is None or ask is None:
        raise Stop
    if not card.job.full:
        return None
    wrapped, printed = values.show(draw.answer, card.digits)
    lines = [_assignment(draw, name) for name in card.inputs]
    return Variant(
        number=draw.number,
        inputs=tuple((name, _input(draw, name)) for name in card.inputs),
        mistake_inputs=tuple((name, _input(draw, name)) for name in card.mistake_inputs),
        shown={name: draw.literals[name] for name in card.job.show if name in draw.literals},
        answer=values.describe(draw.answer, printed),
        program=program(lines, card.job.numpy, card.last, wrapped),
        output=printed,
        mistake=_mistake(draw),
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


def _check(draw: Draw) -> None:
    for condition in draw.card.check:
        try:
            value = draw.evaluate([condition], draw.namespace(answer=True), CHECK)
        except Stop:
            continue
        place = condition.line, condition.column
        if isinstance(value, np.ndarray) and value.ndim:
            message = f"`{condition.quoted}` gives {value.size} truths, not one"
            draw.fault(CHECK, message, "Write `np.all(…)` around it.", *place)
        elif not isinstance(value, bool | np.bool_):
            message = f"`{condition.quoted}` gives a value of type {type(value).__name__}, not True or False"
            draw.fault(CHECK, message, "Compare it with what it should be.", *place)
        elif not value:
            message = f"check failed, {draw.where}: `{condition.quoted}` with {draw.inputs}"
            hint = "Either `numpy` or the check is wrong: they must agree on every draw."
            draw.fault(CHECK, message, hint, *place)


def _steps(draw: Draw) -> tuple[Line, ...]:
    steps = draw.card.steps
    if not steps:
        return ()
    namespace = draw.namespace(made=True)
    lines, value = [], None
    for step in steps:
        value = draw.evaluate([step], namespace, STEPS)
        if not step.value:
            value = namespace.get(next(iter(step.names.bound)))
        literal = draw.showable(STEPS, value, f"`{step.quoted}`", (step.line, step.column))
        if draw.card.job.full:
            lines.append(_line(step.source, step.caption, values.show(value)[1], value, literal))
    if not values.equal(value, draw.answer):
        ends, gives = values.show(value)[1], values.show(draw.answer)[1]
        message = f"steps end in {ends[:120]}, numpy gives {gives[:120]} ({draw.where})"
        draw.fault(STEPS, message, "The last step is the answer.", steps[-1].line, steps[-1].column)
    return tuple(lines)


def _mistake(draw: Draw) -> Line | None:
    if draw.mistake is None:
        return None
    code = draw.card.job.mistake.strip()
    value, error = draw.mistake
    if error:
        return Line(code, "", error, raised=True)
    return _line(code, "", values.show(value, draw.card.digits)[1], value)


def _line(code: str, caption: str, printed: str, value: Any, literal: str | None = None) -> Line:
    return Line(code, caption, printed, values.describe(value, printed, made=literal))


def _value_of(draw: Draw, piece: Statement, most: int, *, rows: bool = False) -> Value | None:
    """The value of a placeholder or a parameter. rows: lists of lists of numbers keep their shape, as an array."""
    value = draw.evaluate([piece], draw.namespace(answer=True), piece.key)
    place = piece.place(piece.line, piece.column)
    if rows and isinstance(value, list | tuple):
        value = _as_array(value)
    if isinstance(value, np.ndarray) and value.size > most:
        message = f"`{piece.quoted}` has {value.size:,} elements; at most {most:,} can be shown"
        draw.fault(piece.key, message, "", *place)
        raise Stop
    if not draw.card.job.full and isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return None  # nobody will see it: writing numbers out takes most of the time of a draw
    try:
        return values.describe(value, most=most)
    except values.Unshowable as error:
        draw.fault(piece.key, f"`{piece.quoted}` {error}", "", *place)
        raise Stop from None


def _as_array(value: Any) -> Any:
    try:
        array = np.array(value)
    except ValueError:  # rows of different lengths
        return value
    return array if array.dtype.kind in "biuf" else value


def _input(draw: Draw, name: str) -> Value:
    value = draw.values[name]
    if isinstance(value, Statement):
        return Value("function", value.source, "")
    return values.describe(value, made=draw.literals[name])


def _assignment(draw: Draw, name: str) -> str:
    value = draw.values[name]
    if isinstance(value, Statement):
        return value.source
    if name in draw.card.job.show:
        return f"{name} = {draw.literals[name]}"
    return values.assignment(name, value, draw.literals[name])

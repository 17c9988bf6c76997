"""The variants of one card: what is drawn, worked out and described, as plain JSON.

Everything that is worked out of a draw runs on copies of its own, so that each piece is judged, whatever the others do.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from eigendeck.worker import values
from eigendeck.worker.code.card import CardCode, Job, read_card
from eigendeck.worker.code.program import program
from eigendeck.worker.code.statements import Faults, Statement
from eigendeck.worker.draws import Draw, Stop
from eigendeck.worker.formula import Summary, Verdicts, combine, mutation_report

MOST_ANSWERS = 4  # that are told: from then on they are various
MOST_PLOT_ELEMENTS = 5_000
MISTAKES = 20  # draws on which the formula must refuse the mistake: one that it accepts, it accepts on all

NOTHING: dict[str, Any] = {"variants": [], "answers": [], "checks": [], "formula": None}

Progress = Callable[[str], None]
Json = dict[str, Any]


def run(job: Job, progress: Progress) -> Json:
    """Returns the variants of a card and its faults, as plain JSON.

    job: the card's code by key, `seed`, `stream` (the card's own number), `first` and `count` of the variants,
    `distinct` (inputs must differ between them), `full` (the variants themselves are wanted, not only the faults),
    `trace` (a frame before each key says where the job is).
    """
    if not job["trace"]:
        progress = _silent  # a frame before each key costs more than the key
    faults = Faults()
    progress("code")
    card = read_card(job, faults)
    if card is None:
        return NOTHING | {"faults": faults.found}
    variants: list[Json] = []
    verdicts: list[Verdicts] = []
    draws: list[Draw] = []
    answers: dict[str, None] = {}
    seen: dict[str, int] | None = {} if job["distinct"] else None
    for number in range(job["first"], job["first"] + job["count"]):
        draw = Draw(card, number, progress, faults, seen)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                draw.find()
                variant = _worked(draw, progress)
                if card.formula:
                    progress("formula")
                    draws.append(draw)
                    told = draw.mistake and not draw.mistake[1] and number <= MISTAKES
                    mistake = draw.mistake[0] if draw.mistake and told else None
                    verdicts.append(card.formula.judge(draw.namespace(made=True), draw.answer, mistake))
        except Stop:
            pass
        else:
            if job["full"]:
                variants.append(variant)
            if len(answers) <= MOST_ANSWERS:
                answers.setdefault(variant["output"] if variant else values.show(draw.answer, card.digits)[1])
        if faults.found:
            return NOTHING | {"faults": faults.found}
    formula = None
    if card.formula:
        binding = job["formula"]["reads"] is not None
        summary = combine(verdicts, binding=binding, excused=job["formula"]["excused"])
        if binding and not summary.agrees:
            _disagreement(card, summary, faults)
            return NOTHING | {"faults": faults.found}
        formula = _formula(card, summary, draws)
    checks = [condition.caption or condition.source for condition in card.check]
    return {"faults": [], "variants": variants, "answers": list(answers), "checks": checks, "formula": formula}


def _disagreement(card: CardCode, summary: Summary, faults: Faults) -> None:
    """The fault of a formula that binds, at the formula: at what could not be read in it, or at its start."""
    assert card.formula
    message, hint = summary.refusal(card.inputs)
    before = card.formula.latex[: max(card.formula.problem.offset, 0)] if card.formula.problem else ""
    faults.add(("formula",), message, hint, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1))


def _formula(card: CardCode, summary: Summary, draws: Sequence[Draw]) -> Json:
    """What the draws say of the displayed formula, and how many misprints of it they would notice."""
    assert card.formula
    if card.job["formula"]["misprints"] and summary.agrees:
        own = [(draw.namespace(made=True), draw.answer) for draw in draws]
        summary = replace(summary, mutants=mutation_report(card.formula, own, summary.conventions[0]))
    return asdict(summary)


def _silent(_: str) -> None:
    pass


def _worked(draw: Draw, progress: Progress) -> Json:
    """The variant that a draw is.

    Raises:
        Stop: something in it is at fault; all of it was looked at.
    """
    card = draw.card
    _check(draw)
    parts = {
        "steps": _tried(lambda: _steps(draw)),
        "work": _tried(lambda: [_value_of(draw, piece, values.MOST_ELEMENTS) for piece in card.work]),
        "plot": _tried(lambda: {name: _plot_value(draw, piece) for name, piece in card.plot.items()}),
        "ask": _tried(lambda: _asked(draw, progress)),
    }
    if not card.job["full"]:
        return {}
    wrapped, printed = values.show(draw.answer, card.digits)
    lines = [_assignment(draw, name) for name in card.inputs]
    inputs = {name: _input(draw, name) for name in dict.fromkeys((*card.inputs, *card.mistake_inputs))}
    return parts | {
        "number": draw.number,
        "inputs": [[name, inputs[name]] for name in card.inputs],
        "mistake_inputs": [[name, inputs[name]] for name in card.mistake_inputs],
        "shown": {name: draw.literals[name] for name in card.job["show"] if name in draw.literals},
        "answer": values.describe(draw.answer, printed),
        "program": program(lines, card.job["code"]["numpy"], card.last, wrapped),
        "output": printed,
        "mistake": _mistake(draw),
    }


def _tried(part: Callable[[], Any]) -> Any:
    """A part of the variant, or nothing where it is at fault: the parts do not depend on each other."""
    try:
        return part()
    except Stop:
        return None


def _check(draw: Draw) -> None:
    for condition in draw.card.check:
        try:
            value = draw.evaluate([condition], draw.namespace(answer=True), ("check",))
        except Stop:
            continue
        place = condition.line, condition.column
        if isinstance(value, np.ndarray) and value.ndim:
            message = f"`{condition.quoted}` gives {value.size} truths, not one"
            draw.fault(("check",), message, "Write `np.all(…)` around it.", *place)
        elif not isinstance(value, bool | np.bool_):
            message = f"`{condition.quoted}` gives a value of type {type(value).__name__}, not True or False"
            draw.fault(("check",), message, "Compare it with what it should be.", *place)
        elif not value:
            message = f"check failed, {draw.where}: `{condition.quoted}` with {draw.inputs}"
            hint = "Either `numpy` or the check is wrong: they must agree on every draw."
            draw.fault(("check",), message, hint, *place)


def _steps(draw: Draw) -> list[Json]:
    steps = draw.card.steps
    if not steps:
        return []
    namespace = draw.namespace(made=True)
    lines, value = [], None
    for step in steps:
        value = draw.evaluate([step], namespace, ("steps",))
        if not step.value:
            value = namespace.get(next(iter(step.names.bound)))
        literal = draw.showable(("steps",), value, f"`{step.quoted}`", (step.line, step.column))
        if draw.card.job["full"]:
            lines.append(_line(step.source, step.caption, values.show(value)[1], value, literal))
    if not values.equal(value, draw.answer):
        ends, gives = values.show(value)[1], values.show(draw.answer)[1]
        message = f"steps end in {ends[:120]}, numpy gives {gives[:120]} ({draw.where})"
        draw.fault(("steps",), message, "The last step is the answer.", steps[-1].line, steps[-1].column)
    return lines


def _mistake(draw: Draw) -> Json | None:
    if draw.mistake is None:
        return None
    code = draw.card.job["code"]["mistake/numpy"].strip()
    value, error = draw.mistake
    if error:
        return {"code": code, "caption": "", "printed": error, "raised": True, "value": None}
    return _line(code, "", values.show(value, draw.card.digits)[1], value)


def _line(code: str, caption: str, printed: str, value: Any, literal: str | None = None) -> Json:
    described = values.describe(value, printed, made=literal)
    return {"code": code, "caption": caption, "printed": printed, "raised": False, "value": described}


def _asked(draw: Draw, progress: Progress) -> list[str]:
    progress("ask")
    return [draw.filled(("ask",), "{" + text + "}", (line, column)) for text, line, column in draw.card.job["ask"]]


def _plot_value(draw: Draw, piece: Statement) -> Json:
    return _value_of(draw, piece, MOST_PLOT_ELEMENTS, rows=True)


def _value_of(draw: Draw, piece: Statement, most: int, *, rows: bool = False) -> Json:
    """The value of a placeholder or a parameter. rows: lists of lists of numbers keep their shape, as an array."""
    value = draw.evaluate([piece], draw.namespace(answer=True), piece.key)
    place = piece.place(piece.line, piece.column)
    if rows and isinstance(value, list | tuple):
        value = _as_array(value)
    if isinstance(value, np.ndarray) and value.size > most:
        message = f"`{piece.quoted}` has {value.size:,} elements; at most {most:,} can be shown"
        draw.fault(piece.key, message, "", *place)
        raise Stop
    if not draw.card.job["full"] and isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return {}  # nobody will see it: writing numbers out takes most of the time of a draw
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


def _input(draw: Draw, name: str) -> Json:
    value = draw.values[name]
    if isinstance(value, Statement):
        source = {"kind": "function", "literal": value.source, "printed": ""}
        return source | {"shape": None, "dtype": "", "numbers": []}
    return values.describe(value, made=draw.literals[name])


def _assignment(draw: Draw, name: str) -> str:
    value = draw.values[name]
    if isinstance(value, Statement):
        return value.source
    if name in draw.card.job["show"]:
        return f"{name} = {draw.literals[name]}"
    return values.assignment(name, value, draw.literals[name])

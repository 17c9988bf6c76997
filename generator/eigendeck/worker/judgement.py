"""Whether draws bear out what a card says: its `check`, its displayed formula, and both again on draws of `wide`."""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eigendeck.worker.code.card import CardCode
from eigendeck.worker.code.statements import Statement
from eigendeck.worker.draws import Draw, Run, Stop
from eigendeck.worker.formula import Formula, Trial, Undefined, Unread, combine, mutation_report, widened
from eigendeck.worker.formula_summary import Summary
from eigendeck.worker.inputs import draw_wide
from eigendeck.worker.job import CHECK, FORMULA
from eigendeck.worker.literals import compact
from eigendeck.worker.wrong_answers import CLOSE, COMPARE, WrongAnswer, wrong_answers

_FUNCTION = re.compile(r"(?<![\\A-Za-z])(?<![a-z]\{)(sin|cos|tan|log|ln|exp|max|min|det|sinh|cosh|tanh)(?![A-Za-z])")
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Z]{2,}(?![A-Za-z])")  # which is read as a product of its letters
WIDE = 20  # draws of `wide`
SHOWN_TO_FAIL = 3  # draws of a job, of whose wrong answers a check must refuse each
SHOWN = 60  # characters of a value in a message
MISTAKES = 20  # draws on which the formula must refuse the mistake: one that it accepts, it accepts on all


def check(draw: Draw) -> None:
    """Runs the conditions of `check`: what does not hold is a fault."""
    for condition in draw.card.check:
        try:
            value = draw.evaluate([condition], draw.namespace(answer=True), CHECK)
        except Stop:
            continue
        place = condition.line, condition.column
        if isinstance(value, np.ndarray) and value.ndim:
            message = f"`{condition.quoted}` gives {value.size} truths, not one"
            draw.run.faults.add(CHECK, message, "Write `np.all(…)` around it.", *place)
        elif not isinstance(value, bool | np.bool_):
            message = f"`{condition.quoted}` gives a value of type {type(value).__name__}, not True or False"
            draw.run.faults.add(CHECK, message, "Compare it with what it should be.", *place)
        elif not value:
            message = f"check failed, {draw.where}: `{condition.quoted}` with {draw.in_words(answer=True)}"
            hint = "Either `numpy` or the check is wrong: they must agree on every draw."
            if nearly := _nearly_equal(draw, condition):
                hint = f"The two are equal but for rounding: write `{nearly}`."
            draw.run.faults.add(CHECK, message, hint, *place)


def _nearly_equal(draw: Draw, condition: Statement) -> str:
    """What to write for `a == b` of numbers that differ in their last digits alone; nothing for other conditions."""
    match condition.node:
        case ast.Expr(ast.Compare(left, [ast.Eq()], [right])) | ast.Expr(
            ast.UnaryOp(ast.Not(), ast.Compare(left, [ast.NotEq()], [right]))
        ):
            name = "isclose"
        case (
            ast.Expr(ast.Call(ast.Attribute(attr="array_equal"), [left, right], []))
            | ast.Expr(ast.Call(ast.Attribute(attr="all"), [ast.Compare(left, [ast.Eq()], [right])], []))
            | ast.Expr(ast.Call(ast.Attribute(ast.Compare(left, [ast.Eq()], [right]), "all"), [], []))
        ):
            name = "allclose"
        case _:
            return ""
    namespace, sides = draw.namespace(answer=True), map(ast.Expression, (left, right))
    # Both have just been executed: they are parts of what was checked.
    try:
        one, other = (
            np.asarray(eval(compile(side, "<check>", "eval", dont_inherit=True), namespace)) for side in sides
        )
    except ValueError:  # lists may be ragged
        return ""
    kinds = {one.dtype.kind, other.dtype.kind}
    if not {"f"} <= kinds <= {"f", "i"} or one.shape != other.shape:
        return ""
    close = np.allclose(one, other, rtol=1e-9, atol=0)
    return f"np.{name}({ast.unparse(left)}, {ast.unparse(right)}, rtol=1e-9, atol=0)" if close else ""


def show_to_fail(run: Run, draws: Sequence[Draw]) -> None:
    """Shows `check` wrong answers to some of the draws: what none of its lines refuses is a fault.

    Raises Stop at a fault.
    """
    card = run.card
    for draw in draws[:SHOWN_TO_FAIL] if card.given.statements else ():
        for wrong in _wrong_answers(draw, draws):
            if all(draw.holds(condition, wrong.value) for condition in card.check):
                given, right = compact(wrong.value)[:SHOWN], compact(draw.answer)[:SHOWN]
                message = f"would not notice a wrong answer: it accepts {wrong.words}, {given} in place of {right}"
                hint = wrong.hint or (CLOSE if "close(" in card.check[0].text else COMPARE)
                draw.run.faults.add(CHECK, f"{message} ({draw.where})", hint, card.check[0].line, card.check[0].column)
                raise Stop


def _wrong_answers(draw: Draw, draws: Sequence[Draw]) -> list[WrongAnswer]:
    others = [other.meant_answer for other in draws if other is not draw]
    return wrong_answers(draw.meant_answer, others, draw.wrong_values, draw.card.job.nice.digits)


def refused_alone(card: CardCode, draws: Sequence[Draw]) -> tuple[tuple[str, ...], ...]:
    """Returns for each line of `check` the wrong answers, in words, that it refuses and no other line does."""
    alone: list[dict[str, None]] = [{} for _ in card.check]
    for draw in draws[:SHOWN_TO_FAIL]:
        for wrong in _wrong_answers(draw, draws):
            refusing = [n for n, condition in enumerate(card.check) if not draw.holds(condition, wrong.value)]
            if len(refusing) == 1:
                alone[refusing[0]].setdefault(wrong.words)
    return tuple(map(tuple, alone))


def wide_draws(run: Run) -> list[Draw]:
    """Returns the draws of `wide`, without `nice`, `keep` and the mistake; what `numpy` and `check` find is at fault.

    Raises Stop at a fault.
    """
    draws: list[Draw] = []
    if run.card.wide is None:
        return draws
    for number in range(1, WIDE + 1):
        draw = draw_wide(run, run.card.wide, number)
        draw.work_out()
        check(draw)
        if run.faults.found:
            raise Stop
        draws.append(draw)
    return draws


def judge_formula(run: Run, formula: Formula, draws: Sequence[Draw], wide: Sequence[Draw]) -> Summary:
    """Returns what the draws say of the displayed formula, and how many misprints of it they would notice.

    Raises Stop where the formula binds and does not agree, which is a fault.
    """
    asked = run.card.job.formula
    assert asked
    run.progress(FORMULA)
    binding, tried = asked.reads is not None, run.card.job.tried
    own = [_trial(draw, mistake=draw.number <= MISTAKES and not tried) for draw in draws]
    summary = combine(formula, own, binding=binding, excused=asked.excused, first=tried)
    agreeing: list[Trial] = []
    if summary.agrees and wide:
        told = {f"{draw.in_words()} ({draw.where})": _trial(draw) for draw in wide}
        summary, agreeing = widened(formula, summary, told)
    if binding and not summary.agrees:
        message, hint = summary.refusal(run.card.inputs)
        if summary.cause.kind in (Undefined.kind, Unread.kind):
            hint = " ".join(filter(None, (_of_words(formula.latex), hint)))
        before = formula.latex[: max(formula.problem.offset, 0)] if formula.problem else ""
        run.faults.add(FORMULA, message, hint, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1))
        raise Stop
    if asked.misprints and summary.agrees:
        summary = replace(summary, mutants=mutation_report(formula, own, summary.conventions[0], agreeing))
    return summary


def _of_words(latex: str) -> str:
    """How a function or a name of several letters is written, where a formula has one as a product of letters."""
    if function := _FUNCTION.search(latex):
        return f"If {function[0]} is a function, write `\\{function[0]}`."
    if word := _WORD.search(latex):
        return f"If {word[0]} is one name and no product, write `\\mathrm{{{word[0]}}}`."
    return ""


def _trial(draw: Draw, *, mistake: bool = False) -> Trial:
    """A draw as formulas see it: what its names are, the answer, and where it is asked for the mistake's value."""
    return draw.namespace(made=True), draw.answer, draw.mistakes[0][0] if mistake and draw.mistakes else None

"""The code of a card, checked and compiled once for all its draws: what each piece reads, and what readers see."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eigendeck.worker.code.reads import compiled
from eigendeck.worker.code.statements import (
    Faults,
    Statement,
    read_conditions,
    read_lines,
    read_piece,
    read_statements,
    split_last,
)
from eigendeck.worker.formula import Formula, read
from eigendeck.worker.job import CHECK, GIVEN, KEEP, MISTAKE, NUMPY, STEPS, Job, Piece

# What the shown program calls by these names, it could not find where a card gives them to something else.
_TAKEN = {"print": "the shown program prints with it", "tuple": "the shown program may need it"}
_TAKEN_IN_GIVEN = _TAKEN | {"rng": "it is what `given` draws with", "answer": "it is the value of `numpy`"}


@dataclass(frozen=True, slots=True)
class CardCode:
    """A card's code.

    makers: the statement of `given` that binds a name, the last one where there are several.
    inputs: what `numpy` reads; mistake_inputs: what `numpy` or the mistake reads; displayed: what readers see at all;
    used: what any piece reads. All in the order of `given`.
    made: the names that `numpy` binds. formula: the displayed one, where it is to be run.
    """

    job: Job
    given: Sequence[Statement]
    keep_before: Sequence[Statement]
    body: Sequence[Statement]
    last: Statement
    keep_after: Sequence[Statement]
    mistake_body: Sequence[Statement]
    mistake_last: Statement | None
    check: Sequence[Statement]
    steps: Sequence[Statement]
    work: Sequence[Statement]
    plot: Mapping[str, Statement]
    makers: Mapping[str, Statement]
    made: Sequence[str]
    inputs: Sequence[str]
    mistake_inputs: Sequence[str]
    displayed: Sequence[str]
    used: Sequence[str]
    formula: Formula | None

    @property
    def digits(self) -> int | None:
        """The decimals that answers are shown with, where the card says so."""
        return self.job.nice.digits


def read_card(job: Job, faults: Faults) -> CardCode | None:
    """Returns the code of a card, or nothing where it is at fault."""
    given, drawn_names = read_statements(GIVEN, job.given, {"np", "rng"}, faults)
    makers = {name: statement for statement in given for name in statement.names.bound}
    drawn = list(makers) or sorted(drawn_names)
    names = {"np", *drawn}
    body, made_names = read_statements(NUMPY, job.numpy, names, faults)
    made = list({name: None for statement in body for name in statement.names.bound})
    before, last = split_last(NUMPY, body, faults)
    names_after = names | made_names
    mistake, _ = read_statements(MISTAKE, job.mistake, names_after, faults)
    mistake_body, mistake_last = split_last(MISTAKE, mistake, faults)
    steps = read_lines(STEPS, job.steps, names_after, faults)
    everything = names_after | {"answer"}
    keep = read_conditions(KEEP, job.keep, everything, faults)
    check = read_conditions(CHECK, job.check, everything, faults)
    work = [read_piece(piece, everything, faults) for piece in job.work]
    plot = {name: read_piece(piece, everything, faults) for name, piece in job.plot.items()}
    _refuse_taken_names(given, body, faults)
    asked = _placeholders_of_ask(job, drawn, faults)
    in_show = _placeholders_of_show(job, drawn, makers, faults)
    if job.given.strip() and not given and not faults.found:
        faults.add(GIVEN, "has no code", "Take it away, or draw the inputs in it.")
    if not body and not faults.found:
        faults.add(NUMPY, "has no code", "Its last line is the expression that gives the answer.")
    if last is None or any(fault.key == GIVEN for fault in faults.found):
        return None

    late = {"answer", *(name for name in made if name not in makers)}
    shown = asked | in_show | {name for piece in work if piece for name in piece.names.free}
    inputs = _read_by(body, makers)
    mistake_inputs = _read_by([*body, *mistake], makers)
    displayed = _closed({*mistake_inputs, *shown, *job.show}, makers)
    _check_that_steps_are_seen(steps, {*inputs, *asked, *in_show, *job.show, *shown}, inputs, makers, faults)
    formula = _formula(job, list(makers), made, faults)
    if faults.found:
        return None
    pieces = (*steps, *check, *keep, *work, *plot.values())
    used = _closed({*displayed, *(name for piece in pieces if piece for name in piece.names.free)}, makers)
    if formula:
        used = _closed({*used, *formula.wants}, makers)
    return CardCode(
        job=job,
        given=given,
        keep_before=[condition for condition in keep if not late & set(condition.names.free)],
        body=before,
        last=last,
        keep_after=[condition for condition in keep if late & set(condition.names.free)],
        mistake_body=mistake_body,
        mistake_last=mistake_last,
        check=check,
        steps=steps,
        work=[piece for piece in work if piece],
        plot={name: piece for name, piece in plot.items() if piece},
        makers=makers,
        made=made,
        inputs=inputs,
        mistake_inputs=mistake_inputs,
        displayed=displayed,
        used=used,
        formula=formula,
    )


def _formula(job: Job, names: Sequence[str], made: Sequence[str], faults: Faults) -> Formula | None:
    """The displayed formula as it reads, where it is to be run; what is wrong with `reads` is at fault."""
    if job.formula is None:
        return None
    reads = None if job.formula.reads is None else compiled(job.formula.reads, names, made, faults)
    formula = read(job.formula.latex, reads, names)
    for fault in formula.faults:
        faults.add(("reads", fault.key), fault.message, fault.hint)
    return formula


def _refuse_taken_names(given: Sequence[Statement], body: Sequence[Statement], faults: Faults) -> None:
    for statements, taken in ((given, _TAKEN_IN_GIVEN), (body, _TAKEN)):
        for statement in statements:
            for name in taken.keys() & statement.names.bound.keys():
                message = f'"{name}" cannot be given to something else: {taken[name]}'
                faults.add(statement.key, message, "Choose another name.", statement.line, statement.column)


def _read_by(statements: Iterable[Statement], makers: Mapping[str, Statement]) -> list[str]:
    """The names of `given` that the statements read, one after the other, with those that its functions read."""
    bound: set[str] = set()
    wanted: set[str] = set()
    for statement in statements:
        wanted |= {name for name in statement.names.free if name not in bound}
        bound |= set(statement.names.bound)
    return _closed(wanted, makers)


def _closed(wanted: Collection[str], makers: Mapping[str, Statement]) -> list[str]:
    """The wanted names of `given` in its order, with those that its functions read when they are called."""
    found: set[str] = set()
    left = [name for name in wanted if name in makers]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            if makers[name].function:
                left += [other for other in makers[name].names.free if other in makers]
    return [name for name in makers if name in found]


def _placeholders_of_ask(job: Job, drawn: Sequence[str], faults: Faults) -> set[str]:
    return {name for piece in job.ask for name in _names_in(piece, drawn, faults)}


def _placeholders_of_show(job: Job, drawn: Sequence[str], makers: Mapping[str, Statement], faults: Faults) -> set[str]:
    found: set[str] = set()
    for name, template in job.show.items():
        key = ("show", name)
        if name not in drawn:
            if not faults.blind:
                faults.add(key, f'"{name}" is not drawn in `given`', _here_are(drawn))
        elif name in makers and makers[name].function:
            faults.add(key, f'"{name}" is a function, and functions appear as their source', "Take it away.")
        elif not template.strip():
            faults.add(key, "is empty", f'Write how {name} is displayed, such as "np.log({{w}})".')
        found |= set(_names_in(Piece(key, template), drawn, faults))
    return found


def _names_in(template: Piece, drawn: Sequence[str], faults: Faults) -> list[str]:
    """The names in the placeholders of a template."""

    def refuse(message: str, hint: str) -> None:
        faults.add(template.key, message, hint, template.line, template.column)

    hint = "A placeholder is a name, {x}, or a name with a format, {p:.2f}; {{ and }} stand for the braces themselves."
    try:
        fields = [field[1:] for field in string.Formatter().parse(template.source) if field[1] is not None]
    except ValueError as error:
        refuse(f"`{template.source}`: {error}", hint)
        return []
    found = []
    for name, spec, conversion in fields:
        if not (name or "").isidentifier() or conversion or "{" in (spec or ""):
            refuse(f"`{template.source}` is no placeholder", _to_name(name or "", drawn) or hint)
        elif name not in drawn and not faults.blind:
            refuse(f'"{name}" is not drawn in `given`', _here_are(drawn))
        else:
            found.append(str(name))
    return found


def _to_name(expression: str, drawn: Sequence[str]) -> str:
    """How to name the value of an expression that stands where only names may."""
    found = re.match(r"[A-Za-z]\w*(?=\W)", expression)
    if not found or found[0] not in drawn:
        return ""
    name = re.sub(r"\W+", "", expression)[:20]
    return f"Give it a name in `given`: {name} = {expression}."


def _here_are(drawn: Sequence[str]) -> str:
    return f"`given` draws {', '.join(drawn[:20])}." if drawn else "The card has no `given`."


def _check_that_steps_are_seen(
    steps: Sequence[Statement], seen: set[str], inputs: Sequence[str], makers: Mapping[str, Statement], faults: Faults
) -> None:
    """A line that a reader sees may only use names that the reader sees."""
    seen = set(_closed(seen, makers))
    for statement in steps:
        for name in statement.names.free:
            if name in makers and name not in seen:
                message = f'"{name}" does not appear on the card: `numpy` does not read it'
                hint = f"Use {', '.join(inputs) or 'what `numpy` reads'}, or name {name} in `ask` or `show`."
                faults.add(STEPS, message, hint, statement.line, statement.column)
        seen |= set(statement.names.bound)

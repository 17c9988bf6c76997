"""The code of a card, checked and compiled once for all its draws: what each piece reads, and what readers see."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eigendeck.worker.code.reads import compiled
from eigendeck.worker.code.statements import (
    Faults,
    Path,
    Statement,
    read_conditions,
    read_expression,
    read_lines,
    read_statements,
    split_last,
)
from eigendeck.worker.formula import Formula, read

Job = Mapping[str, Any]

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
        digits: int | None = self.job["nice"]["digits"]
        return digits


def read_card(job: Job, faults: Faults) -> CardCode | None:
    """Returns the code of a card, or nothing where it is at fault."""

    def text(*key: str) -> str:
        source: str = job["code"].get("/".join(key), "")
        return source

    given, drawn_names = read_statements(("given",), text("given"), {"np", "rng"}, faults)
    makers = {name: statement for statement in given for name in statement.names.bound}
    drawn = list(makers) or sorted(drawn_names)
    names = {"np", *drawn}
    body, made_names = read_statements(("numpy",), text("numpy"), names, faults)
    made = list({name: None for statement in body for name in statement.names.bound})
    before, last = split_last(("numpy",), body, faults)
    names_after = names | made_names
    mistake, _ = read_statements(("mistake", "numpy"), text("mistake", "numpy"), names_after, faults)
    mistake_body, mistake_last = split_last(("mistake", "numpy"), mistake, faults)
    steps = read_lines(("steps",), text("steps"), names_after, faults)
    everything = names_after | {"answer"}
    keep = read_conditions(("keep",), text("keep"), everything, faults)
    check = read_conditions(("check",), text("check"), everything, faults)
    work = [
        read_expression(("work",), source, everything, faults, line, column) for source, line, column in job["work"]
    ]
    plot = {
        name: read_expression(tuple(path), source, everything, faults) for name, (path, source) in job["plot"].items()
    }
    _refuse_taken_names(given, body, faults)
    asked = _placeholders_of_ask(job, drawn, faults)
    in_show = _placeholders_of_show(job, drawn, makers, faults)
    if text("given").strip() and not given and not faults.found:
        faults.add(("given",), "has no code", "Take it away, or draw the inputs in it.")
    if not body and not faults.found:
        faults.add(("numpy",), "has no code", "Its last line is the expression that gives the answer.")
    if last is None or any(fault["key"] == ["given"] for fault in faults.found):
        return None

    late = {"answer", *(name for name in made if name not in makers)}
    shown = asked | in_show | {name for piece in work if piece for name in piece.names.free}
    inputs = _read_by(body, makers)
    mistake_inputs = _read_by([*body, *mistake], makers)
    displayed = _closed({*mistake_inputs, *shown, *job["show"]}, makers)
    _check_that_steps_are_seen(steps, {*inputs, *asked, *in_show, *job["show"], *shown}, inputs, makers, faults)
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
    told = job["formula"]
    if not told["run"]:
        return None
    reads = None if told["reads"] is None else compiled(told["reads"], names, made, faults)
    formula = read(told["text"], reads, names)
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
    return {
        name
        for text, line, column in job["ask"]
        for name in _names_in(("ask",), "{" + text + "}", drawn, faults, line, column)
    }


def _placeholders_of_show(job: Job, drawn: Sequence[str], makers: Mapping[str, Statement], faults: Faults) -> set[str]:
    found: set[str] = set()
    for name, template in job["show"].items():
        key = ("show", name)
        if name not in drawn:
            if not faults.blind:
                faults.add(key, f'"{name}" is not drawn in `given`', _here_are(drawn))
        elif name in makers and makers[name].function:
            faults.add(key, f'"{name}" is a function, and functions appear as their source', "Take it away.")
        elif not template.strip():
            faults.add(key, "is empty", f'Write how {name} is displayed, such as "np.log({{w}})".')
        found |= set(_names_in(key, template, drawn, faults, 1, 0))
    return found


def _names_in(key: Path, template: str, drawn: Sequence[str], faults: Faults, line: int, column: int) -> list[str]:
    """The names in the placeholders of a template."""
    hint = "A placeholder is a name, {x}, or a name with a format, {p:.2f}; {{ and }} stand for the braces themselves."
    try:
        fields = [field[1:] for field in string.Formatter().parse(template) if field[1] is not None]
    except ValueError as error:
        faults.add(key, f"`{template}`: {error}", hint, line, column)
        return []
    found = []
    for name, spec, conversion in fields:
        if not (name or "").isidentifier() or conversion or "{" in (spec or ""):
            faults.add(key, f"`{template}` is no placeholder", _to_name(name or "", drawn) or hint, line, column)
        elif name not in drawn and not faults.blind:
            faults.add(key, f'"{name}" is not drawn in `given`', _here_are(drawn), line, column)
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
                faults.add(("steps",), message, hint, statement.line, statement.column)
        seen |= set(statement.names.bound)

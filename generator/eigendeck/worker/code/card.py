"""The code of a card, checked and compiled once for all its draws: what each piece reads, and what readers see."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

from eigendeck.worker import frames
from eigendeck.worker.code.placeholders import named_in_templates
from eigendeck.worker.code.statements import Faults, Statement, read_lines, read_piece, read_statements
from eigendeck.worker.formula import Expression, Formula, read
from eigendeck.worker.job import CHECK, GIVEN, KEEP, NUMPY, STEPS, WIDE, Job, Key, Piece

# What the shown program calls by these names, it could not find where a card gives them to something else.
_TAKEN = {"print": "the shown program prints with it", "tuple": "the shown program may need it"}
_TAKEN_IN_GIVEN = _TAKEN | {"rng": "it is what `given` draws with", "answer": "it is the value of `numpy`"}

MADE = "numpy:"  # in front of an expression of `reads` that may read what the card's `numpy` binds
MOST_KEPT = 300  # cards whose code is kept: their trees take some 100 kB each
NEIGHBOURS = 8  # of these in a build
_KEPT: dict[bytes, CardCode] = {}  # by all of the job that is not the numbers of its draws
_OF_CODE = {field.name for field in fields(Job)} - {"seed", "stream", "first", "count"}


@dataclass(frozen=True, slots=True)
class Inputs:
    """The statements that draw inputs, at `given` or `wide`.

    makers: the one that binds each name, the last of several; in order. used: the names that any piece reads. hoped:
    those that only a formula reads that does not bind: where they cannot be had, it is not run.
    """

    key: Key
    statements: tuple[Statement, ...]
    makers: Mapping[str, Statement]
    used: tuple[str, ...] = ()
    hoped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardCode:
    """A card's code.

    made: the names that `numpy` binds. keep_before: the conditions of `keep` that hold or fail before `numpy` runs;
    keep_after: the others. inputs: the names of `given`, in its order, that `numpy` reads; mistake_inputs: that `numpy`
    or a mistake reads; displayed: that readers see at all. formula: the displayed one, where it is to be run.
    """

    job: Job
    given: Inputs
    wide: Inputs | None
    numpy: tuple[Statement, ...]
    made: tuple[str, ...]
    mistakes: tuple[tuple[Statement, ...], ...]
    steps: tuple[Statement, ...]
    keep_before: tuple[Statement, ...]
    keep_after: tuple[Statement, ...]
    check: tuple[Statement, ...]
    work: tuple[Statement, ...]
    plot: Mapping[str, Statement]
    inputs: tuple[str, ...]
    mistake_inputs: tuple[str, ...]
    displayed: tuple[str, ...]
    formula: Formula | None = None


def read_card(job: Job, faults: Faults) -> CardCode | None:
    """Returns the code of a card, or nothing where it is at fault.

    Sound code is kept: other draws of the card, its other editions, and often its neighbours in a large deck come as
    jobs that differ in numbers alone. A build keeps few: it works each card once, and trees that nobody asks for again
    lie in the way of those that are worked with.
    """
    key = frames.body([getattr(job, name) for name in _OF_CODE])
    card = _KEPT.pop(key, None) or _read_card(job, faults)
    if card and not faults.blind:
        _KEPT[key] = card  # again the last one
        while len(_KEPT) > (NEIGHBOURS if job.full and not job.tried else MOST_KEPT):
            del _KEPT[next(iter(_KEPT))]
    return card and (card if card.job is job else replace(card, job=job))


def _read_card(job: Job, faults: Faults) -> CardCode | None:
    card = _read_pieces(job, faults)
    if card is None:
        return None
    makers = card.given.makers
    formula = _formula(job, list(makers), card.made, faults)
    if faults.found:
        return None
    wants = _closed(formula.wants, makers) if formula else ()
    bound = wants if job.formula is not None and job.formula.reads is not None else ()
    pieces = (*card.steps, *card.check, *card.keep_before, *card.keep_after, *card.work, *card.plot.values())
    used = _closed({*card.displayed, *bound, *(name for piece in pieces for name in piece.names.free)}, makers)
    given = replace(card.given, used=used, hoped=tuple(name for name in wants if name not in used))
    card = replace(card, given=given, wide=_wide(card, bound, faults), formula=formula)
    return None if faults.found else card


def _read_pieces(job: Job, faults: Faults) -> CardCode | None:
    """The code of each key; nothing where `given` or `numpy` cannot be run."""
    statements, bound = read_statements(GIVEN, job.given, {"np", "rng"}, faults)
    others, _ = read_statements(WIDE, job.wide, {"np", "rng"}, faults)
    given = _inputs(GIVEN, statements)
    drawn = tuple(given.makers) or tuple(sorted(bound))  # also where it is refused
    names = {"np", *drawn}
    numpy, binds = read_statements(NUMPY, job.numpy, names, faults)
    names |= binds
    mistakes = [read_statements(piece.key, piece.source, names, faults)[0] for piece in job.mistakes]
    for code in (numpy, *mistakes):
        _check_that_it_ends_in_a_value(code, faults)
    steps = read_lines(STEPS, job.steps, names, faults)
    names |= {"answer"}
    keep = read_lines(KEEP, job.keep, names, faults)
    check = read_lines(CHECK, job.check, names, faults)
    work = tuple(statement for piece in job.work if (statement := read_piece(piece, names, faults)))
    plot = {name: statement for name, piece in job.plot.items() if (statement := read_piece(piece, names, faults))}
    if job.given.strip() and not statements and not faults.found:
        faults.add(GIVEN, "has no code", "Take it away, or draw the inputs in it.")
    if not numpy and not faults.found:
        faults.add(NUMPY, "has no code", "Its last line is the expression that gives the answer.")
    _refuse_taken_names([*statements, *others], _TAKEN_IN_GIVEN, faults)
    _refuse_taken_names(numpy, _TAKEN, faults)
    shown = named_in_templates(job, drawn, given.makers, faults) | {name for piece in work for name in piece.names.free}
    if not numpy or any(fault.key == GIVEN for fault in faults.found):
        return None
    wide = _inputs(WIDE, others) if others else None
    made = tuple({name: None for statement in numpy for name in statement.names.bound})
    late = {"answer", *(name for name in made if name not in given.makers)}
    before = tuple(condition for condition in keep if not late & set(condition.names.free))
    after = tuple(condition for condition in keep if condition not in before)
    inputs = _closed(_read_by(numpy), given.makers)
    mistake_inputs = _closed(_read_by(itertools.chain(numpy, *mistakes)), given.makers)
    seen = inputs, mistake_inputs, _closed({*mistake_inputs, *shown}, given.makers)
    _check_that_steps_are_seen(steps, {*inputs, *shown}, inputs, given.makers, faults)
    wrong = tuple(map(tuple, filter(None, mistakes)))
    return CardCode(job, given, wide, tuple(numpy), made, wrong, steps, before, after, check, work, plot, *seen)


def _inputs(key: Key, statements: Sequence[Statement]) -> Inputs:
    makers = {name: statement for statement in statements for name in statement.names.bound}
    return Inputs(key, tuple(statements), makers)


def _check_that_it_ends_in_a_value(statements: Sequence[Statement], faults: Faults) -> None:
    for last in statements[-1:]:
        if not last.value:
            gives = "the answer" if last.key == NUMPY else "what the mistake gives"
            hint = f"End with an expression: its value is {gives}."
            faults.add(last.key, f"ends in `{last.quoted}`, which has no value", hint, last.line, last.column)


def _wide(card: CardCode, wants: Collection[str], faults: Faults) -> Inputs | None:
    """The inputs of `wide`, which must bind what runs on them reads. wants: what a formula that binds reads."""
    if card.wide is None:
        return None
    checked = {name for condition in card.check for name in condition.names.free}
    wanted = {*_read_by(card.numpy), *checked, *wants}
    missing = [name for name in card.given.makers if name in wanted and name not in card.wide.makers]
    if missing:
        message = f"does not bind {', '.join(missing)}, which `numpy`, `check` or the formula reads"
        faults.add(WIDE, message, "`wide` draws other numbers under the names that `given` has.")
    return replace(card.wide, used=_closed(wanted, card.wide.makers))


def _formula(job: Job, names: Sequence[str], made: Sequence[str], faults: Faults) -> Formula | None:
    """The displayed formula as it reads, where it is to be run; what is wrong with `reads` is at fault."""
    if job.formula is None or (job.tried and job.formula.reads is None):
        return None
    reads = None if job.formula.reads is None else compiled(job.formula.reads, names, made, faults)
    formula = read(job.formula.latex, reads, names)
    for fault in formula.faults:
        faults.add(("reads", fault.key), fault.message, fault.hint)
    return formula


def compiled(
    reads: Mapping[str, str], names: Collection[str], made: Collection[str], faults: Faults
) -> dict[str, Expression]:
    """Returns the expressions of `reads` by their keys; those at fault are left out.

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


def _refuse_taken_names(statements: Iterable[Statement], taken: Mapping[str, str], faults: Faults) -> None:
    for statement in statements:
        for name in taken.keys() & statement.names.bound.keys():
            message = f'"{name}" cannot be given to something else: {taken[name]}'
            faults.add(statement.key, message, "Choose another name.", statement.line, statement.column)


def _read_by(statements: Iterable[Statement]) -> set[str]:
    """The names that statements read, one after the other, before any of them binds them."""
    bound: set[str] = set()
    wanted: set[str] = set()
    for statement in statements:
        wanted |= {name for name in statement.names.free if name not in bound}
        bound |= set(statement.names.bound)
    return wanted


def _closed(wanted: Collection[str], makers: Mapping[str, Statement]) -> tuple[str, ...]:
    """The wanted names of `given` in its order, with those that its functions read when they are called."""
    found: set[str] = set()
    left = [name for name in wanted if name in makers]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            if makers[name].function:
                left += [other for other in makers[name].names.free if other in makers]
    return tuple(name for name in makers if name in found)


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

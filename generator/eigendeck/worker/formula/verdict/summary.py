"""What all draws of a card together say of its formula: plain values, which travel from the worker to its parent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eigendeck.worker import numerals
from eigendeck.worker.formula.evaluate.tensors import Array
from eigendeck.worker.formula.parser.causes import NO_CAUSE, Cause, Undefined
from eigendeck.worker.formula.verdict.compare import ratio
from eigendeck.worker.formula.verdict.formula import Convention, Verdicts
from eigendeck.worker.formula.verdict.judge import AGREES, SIDES, Class, Verdict

GROSS = 1e-3  # relative to the largest entry: less may be rounding errors of large and ugly numbers
MOST = 2.0**53  # beyond it whole numbers and floats no longer tell neighbours apart

_VARIES = Cause("varies", "no reading of the formula agrees on all draws")
_WORDS = {"value": "agrees", "relation": "the answer satisfies it", "sizes": "the sizes agree"}
_ON_CARD = ("value", "relation")


@dataclass(frozen=True, slots=True)
class MutationReport:
    """How many mutants of a formula were made, and how many the draws killed.

    survived: the others, in words. untested: symbols of which no mutant was killed. named: sides that only name
    something, such as `s^2` before `=`: they are not executed, and no mutant is made of them.
    """

    made: int = 0
    killed: int = 0
    survived: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The class of a card's formula over its draws.

    kind: value, relation, sizes (agreement on all of them), part, differs, not checked. cause: why it does not agree.
    draw: the first draw, from 0, that does not agree. formula, code: its two values. ratio: formula over code, where
    it is the same on all draws that differ. conventions: those under which it agrees, the usual one first.
    mistake: the formula accepts the value of the card's mistake too; excused: the card says why. binding: the card has
    `reads`. doubtful: where it differs, it may speak of something else. wide: how many draws of `wide` it agrees on,
    too; inputs: those of `wide` on which it does not, in words.
    """

    kind: Class
    draws: int = 0
    cause: Cause = NO_CAUSE
    draw: int = -1
    formula: str = ""
    code: str = ""
    ratio: float | None = None
    conventions: tuple[Convention, ...] = ()
    mistake: bool = False
    excused: bool = False
    binding: bool = False
    wide: int = 0
    inputs: str = ""
    doubtful: bool = False
    mutants: MutationReport | None = None

    @property
    def contradicts(self) -> bool:
        """Whether it says something else than the code, and nothing but one of them being wrong explains that."""
        return self.kind == "differs" and not self.doubtful

    @property
    def agrees(self) -> bool:
        """Whether this is an agreement that counts."""
        return self.kind in AGREES and (not self.mistake or self.excused) and not self.inputs

    @property
    def message(self) -> str:
        """The summary in words."""
        return self._message("agrees in part", "not checked")

    def _message(self, part: str, unread: str) -> str:
        if self.mistake and not self.excused:
            return "the formula accepts the value of the mistake too, so that its agreement says nothing"
        gives = f"formula gives {self.formula}, code gives {self.code}"
        if self.cause.kind == SIDES:
            gives = f"{self.cause.message}: {self.formula} and {self.code}"
        if self.inputs:
            wide = f"on what `given` draws, but not on what `wide` draws: with {self.inputs} {gives}"
            return f"{_WORDS[self.kind]} {wide}"
        if self.kind in AGREES:
            return f"{_WORDS[self.kind]} on {self.draws} draws" + (f" and {self.wide} wide ones" if self.wide else "")
        if self.kind != "differs":
            return f"{part if self.kind == 'part' else unread}: {self.cause.message}"
        factor = ""
        if self.ratio is not None:
            of = "left = {:.4g} × right" if self.cause.kind == SIDES else "formula = {:.4g} × code"
            factor = f"; {of.format(self.ratio)} on all draws that differ"
        return f"{gives} (draw {self.draw}){factor}"

    @property
    def hint(self) -> str:
        """What to write instead, where that is known."""
        if self.mistake and not self.excused:
            return (
                r"Let the formula tell the two apart (`\propto` leaves a factor open: write `=` and the divisor),"
                " or say in `mistake.fits` why it holds for both. Without `reads` it is not checked at all."
            )
        if self.inputs:
            return (
                "The mistake is in the formula or in `numpy`, and `given` draws only inputs that hide it."
                " If the card is about such inputs alone, `wide` must draw no others."
            )
        return self.cause.hint

    def refusal(self, inputs: Sequence[str]) -> tuple[str, str]:
        """Returns the message and the hint of the fault of a formula that binds and does not agree.

        inputs: the names that the author may have meant.
        """
        message = self._message("cannot be run as a whole", "cannot be run")
        if self.cause.kind != Undefined.kind:
            return message, self.hint
        known = ", ".join(inputs) or "none"
        return message, f"A misprint? The inputs are: {known}. Otherwise: {self.hint[:1].lower()}{self.hint[1:]}"

    @property
    def report(self) -> str:
        """The summary as the list of all formulas has it."""
        binds = self.binding or not self.agrees
        return self.message + ("" if binds else ": add `reads: {}` to make this binding")

    @property
    def on_card(self) -> str:
        """The kind of what a card whose formula binds may say of it; nothing where that is too little."""
        return self.kind if self.binding and self.agrees and self.kind in _ON_CARD else ""


def combine(draws: Sequence[Verdicts], *, binding: bool = False, excused: bool = False) -> Summary:
    """Returns what the draws together say: one convention must hold on all of them.

    binding: the card has `reads`. excused: it says why the formula accepts its mistake.
    """
    if not draws:
        return Summary("not checked", cause=Cause("no draws", "there are no draws"))
    under = [
        replace(_under([verdicts[convention] for verdicts in draws], convention), binding=binding, excused=excused)
        for convention in draws[0]
    ]
    best = max(under, key=lambda summary: (summary.agrees, summary.kind == "part"))
    if not best.agrees:
        return replace(best, doubtful=not all(summary.contradicts for summary in under))
    return replace(best, conventions=tuple(c for summary in under if summary.agrees for c in summary.conventions))


def merge(runs: Sequence[Summary]) -> Summary:
    """Returns what one or more runs of draws say, one after the other. A run that does not agree speaks for all."""
    draws, common = 0, runs[0].conventions
    mutants = next((run.mutants for run in runs if run.mutants), None)
    for run in runs:
        if not run.agrees or run.kind != runs[0].kind:
            return replace(run, draw=draws + run.draw if run.draw >= 0 else -1, mutants=mutants)
        draws += run.draws
        common = tuple(convention for convention in common if convention in run.conventions)
    whole = replace(runs[0], draws=draws, conventions=common, mutants=mutants, wide=sum(run.wide for run in runs))
    if not common:
        return replace(whole, kind="not checked", cause=_VARIES, mistake=False)
    return replace(whole, mistake=any(run.mistake for run in runs))


def widened(summary: Summary, draws: Sequence[tuple[Verdicts, str]]) -> tuple[Summary, list[int]]:
    """Returns what the draws of `wide` add to the summary of a card's own, and which of them the formula agrees on.

    draws: the verdicts on each, and its inputs in words. Of those that the formula cannot be computed for it says
    nothing; values that are nearly the same may be rounding errors.
    """
    against = {
        convention: [number for number, (verdicts, _) in enumerate(draws) if _contradicts(verdicts[convention])]
        for convention in summary.conventions
    }
    kept = tuple(convention for convention in summary.conventions if not against[convention])
    if not kept:
        first = summary.conventions[0]
        verdicts, inputs = draws[against[first][0]]
        verdict = verdicts[first].tried or verdicts[first]
        formula, code = _text(verdict.formula), _text(verdict.code)
        return replace(summary, cause=verdict.cause, formula=formula, code=code, inputs=inputs), []
    agrees = [n for n, (verdicts, _) in enumerate(draws) if all(verdicts[c].kind == summary.kind for c in kept)]
    return replace(summary, conventions=kept, wide=len(agrees)), agrees


def _contradicts(verdict: Verdict) -> bool:
    verdict = verdict.tried or verdict  # the one unknown symbol is known to be the answer
    a, b = verdict.formula, verdict.code
    if verdict.kind != "differs" or verdict.bounded or a is None or b is None or a.shape != b.shape or not a.size:
        return False
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return False
    largest = max(float(np.abs(a).max()), float(np.abs(b).max()))
    return largest < MOST and float(np.abs(a - b).max()) > GROSS * largest


def _under(verdicts: Sequence[Verdict], convention: Convention) -> Summary:
    """What the draws say under one convention."""
    first, draws = verdicts[0], len(verdicts)
    common = frozenset.intersection(*(verdict.sides for verdict in verdicts))
    if first.kind in (*AGREES, "part") and all(verdict.kind == first.kind for verdict in verdicts) and common:
        mistake = any(verdict.accepts & common for verdict in verdicts)
        return Summary(first.kind, draws, first.cause, conventions=(convention,), mistake=mistake)
    if common and all(verdict.kind in (*AGREES, "part") for verdict in verdicts):
        cause = next((verdict.cause for verdict in verdicts if verdict.kind == "part"), _VARIES)
        return Summary("part", draws, cause, conventions=(convention,))
    kinds = [verdict.kind for verdict in verdicts]
    if "differs" in kinds:
        return _differing(verdicts, kinds.index("differs"))
    if "not checked" in kinds:
        draw = kinds.index("not checked")
        return Summary("not checked", draws, verdicts[draw].cause, draw)
    return Summary("not checked", draws, _VARIES, 0)


def _differing(verdicts: Sequence[Verdict], draw: int) -> Summary:
    ratios = [ratio(verdict.formula, verdict.code) for verdict in verdicts if verdict.kind == "differs"]
    known = [found for found in ratios if found is not None]
    same = len(known) == len(ratios) and all(abs(found - known[0]) <= 1e-6 * abs(known[0]) for found in known)
    factor = known[0] if same else None
    worst = verdicts[draw]
    cause = replace(worst.cause, hint=_advice(factor, worst))
    doubtful = any(verdict.doubtful for verdict in verdicts)
    gives, code = _text(worst.formula), _text(worst.code)
    return Summary("differs", len(verdicts), cause, draw, gives, code, factor, doubtful=doubtful)


def _advice(factor: float | None, worst: Verdict) -> str:
    if worst.from_zero and worst.code is not None:
        letter, size = worst.from_zero, len(worst.code)
        return f"`{letter}` counts from 1. Where it counts from 0, write `reads: {{{letter}: np.arange({size})}}`."
    if factor is not None and min(abs(factor - math.log(2)), abs(factor * math.log(2) - 1)) < 1e-6:
        return "ln 2 = 0.6931: do the formula and the code take logarithms to the same base?"
    return "Either the formula or `numpy` is wrong, or a symbol is read as another input: see `reads`."


def _text(array: Array | None) -> str:
    if array is None:
        return "nothing"
    with np.printoptions(formatter={"float_kind": lambda value: numerals.brief(float(value))}):
        text = np.array2string(array, threshold=20, separator=", ", max_line_width=10_000)
    return " ".join(text.split()).replace("[ ", "[")

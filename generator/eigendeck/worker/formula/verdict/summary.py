"""What all draws of a card together say of its formula."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from eigendeck.worker import numerals
from eigendeck.worker.formula.evaluate.tensors import Array
from eigendeck.worker.formula.verdict.compare import ratio
from eigendeck.worker.formula.verdict.formula import Formula, Trial
from eigendeck.worker.formula.verdict.judge import Verdict
from eigendeck.worker.formula_summary import AGREES, VARIES, Cause, Convention, Summary

GROSS = 1e-3  # relative to the largest entry: less may be rounding errors of large and ugly numbers
MOST = 2.0**53  # beyond it whole numbers and floats no longer tell neighbours apart


def combine(
    formula: Formula, draws: Sequence[Trial], *, binding: bool = False, excused: bool = False, first: bool = False
) -> Summary:
    """Returns what the draws together say: one convention must hold on all of them.

    binding: the card has `reads`. excused: it says why the formula accepts its mistake. first: the first convention
    that agrees will do.
    """
    if not draws:
        return Summary("not checked", cause=Cause("no draws", "there are no draws"))
    under: list[Summary] = []
    for convention in formula.conventions:
        summary = _under([formula.judge(draw, convention) for draw in draws], convention)
        under.append(replace(summary, binding=binding, excused=excused))
        if first and under[-1].agrees:
            return under[-1]
    best = max(under, key=lambda summary: (summary.agrees, summary.kind == "part"))
    if not best.agrees:
        return replace(best, doubtful=not all(summary.contradicts for summary in under))
    return replace(best, conventions=tuple(c for summary in under if summary.agrees for c in summary.conventions))


def widened(formula: Formula, summary: Summary, draws: Mapping[str, Trial]) -> tuple[Summary, list[Trial]]:
    """Returns what the draws of `wide` add to the summary of a card's own, and which of them the formula agrees on.

    draws: by the inputs of each in words. Of those that the formula cannot be computed for it says nothing; values that
    are nearly the same may be rounding errors.
    """
    verdicts = {c: {inputs: formula.judge(draw, c) for inputs, draw in draws.items()} for c in summary.conventions}
    against = {
        c: [inputs for inputs, verdict in found.items() if _contradicts(verdict)] for c, found in verdicts.items()
    }
    kept = tuple(convention for convention in summary.conventions if not against[convention])
    if not kept:
        first = summary.conventions[0]
        inputs = against[first][0]
        verdict = verdicts[first][inputs].tried or verdicts[first][inputs]
        formula_, code = _text(verdict.formula), _text(verdict.code)
        return replace(summary, cause=verdict.cause, formula=formula_, code=code, inputs=inputs), []
    agrees = [draw for inputs, draw in draws.items() if all(verdicts[c][inputs].kind == summary.kind for c in kept)]
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
        cause = next((verdict.cause for verdict in verdicts if verdict.kind == "part"), VARIES)
        return Summary("part", draws, cause, conventions=(convention,))
    kinds = [verdict.kind for verdict in verdicts]
    if "differs" in kinds:
        return _differing(verdicts, kinds.index("differs"))
    if "not checked" in kinds:
        draw = kinds.index("not checked")
        return Summary("not checked", draws, verdicts[draw].cause, draw)
    return Summary("not checked", draws, VARIES, 0)


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
    if factor is not None and min(abs(factor - math.log(2)), abs(factor * math.log(2) - 1)) < 1e-6:
        return "ln 2 = 0.6931: do the formula and the code take logarithms to the same base?"
    hint = "Either the formula or `numpy` is wrong, or a symbol is read as another input: see `reads`."
    if worst.counts and worst.code is not None:
        reads = f"`reads: {{{worst.counts}: np.arange({len(worst.code)})}}`"
        return f"{hint} `{worst.counts}` counts from 1. Where it counts from 0, write {reads}."
    return hint


def _text(array: Array | None) -> str:
    if array is None:
        return "nothing"
    with np.printoptions(formatter={"float_kind": lambda value: numerals.brief(float(value))}):
        text = np.array2string(array, threshold=20, separator=", ", max_line_width=10_000)
    return " ".join(text.split()).replace("[ ", "[")

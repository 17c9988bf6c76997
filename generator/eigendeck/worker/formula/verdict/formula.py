"""A formula, read once for a card, judged on each of its draws, and what these together say of it."""

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eigendeck.worker import numerals
from eigendeck.worker.formula.evaluate.tensors import Array
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.bindings import Expression, KeyFault, read_bindings
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.labels import counts_in
from eigendeck.worker.formula.parser.naming import joined_letters, name_of
from eigendeck.worker.formula.parser.parse import parse
from eigendeck.worker.formula.verdict.compare import EXACT, answer_of, close, ratio
from eigendeck.worker.formula.verdict.judge import Prepared, Verdict, overall, prepare
from eigendeck.worker.formula_summary import AGREES, NO_CAUSE, VARIES, Cause, Convention, Summary

Trial = tuple[Mapping[str, Any], Any, Any]  # of one draw its namespace, the answer, and the mistake's value or None

# Where textbooks differ, one reading must hold on all draws: the usual one first.
_CONVENTIONS = {
    "slash": ("all", "next"),
    "variance": ("n", "n-1"),
    "weights": ("equal", "p"),
    "norm": ("F", "2"),
    "softmax": ("rows", "columns"),
    "first": ("1", "0"),
    "percent": ("1", "0.01"),
    "degrees": ("degrees", "radians"),
}
_MOST_READINGS = 16  # of one formula: each is judged on every draw
GROSS = 1e-3  # relative to the largest entry: less may be rounding errors of large and ugly numbers
BASES = r"do both take logarithms to the same base? `\log` and `\ln` are natural, `\lg` and `\log_{10}` are not."
FACTORS = {  # between the formula and the code: what may be the matter
    math.log(2): f"ln 2 = 0.6931: {BASES}",
    math.log(10): f"ln 10 = 2.303: {BASES}",
    1000.0: "Does the code alone turn one unit into another? Say so in `reads`, as {'F': 1000 * F}.",
    100.0: r"Is one of them in per cent? Write `\cdot 100\,\%` in the formula, or `reads` as {'\eta': answer / 100}.",
}
IN_DEGREES: Convention = (("angles", "degrees"),)  # no reading that counts: the code may mistake radians for degrees
DEGREES = (
    r"With angles in degrees they agree: say so in `reads`, as {'\alpha': np.radians(alpha)} for an input, and"
    r" {'\varphi': np.radians(answer)} for the answer."
)
MOST = 2.0**53  # beyond it whole numbers and floats no longer tell neighbours apart


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it was read.

    clauses: as they were read, without what `reads` replaces. problem: why it is not checked at all. faults: what is
    wrong with `reads`. wants: the inputs that it needs.
    """

    latex: str
    clauses: tuple[t.Chain, ...] = ()
    prepared: Prepared | None = None
    conventions: tuple[Convention, ...] = ((),)
    problem: Unread | None = None
    faults: tuple[KeyFault, ...] = ()
    wants: tuple[str, ...] = ()

    def judge(self, trial: Trial, convention: Convention) -> Verdict:
        """Returns what one draw says under a convention. Raises nothing.

        trial: its namespace has `np`, the inputs, and what `numpy` bound.
        """
        namespace, answer, mistake = trial
        with np.errstate(all="ignore"):
            verdict = self._verdict(namespace, answer, convention)
            if verdict.kind not in AGREES or mistake is None or not _may_fit(verdict, answer, mistake):
                return verdict
            other = self._verdict(namespace, mistake, convention)
        return replace(verdict, accepts=other.sides if other.kind == verdict.kind else frozenset())

    def _verdict(self, namespace: Mapping[str, Any], answer: Any, convention: Convention) -> Verdict:
        if self.prepared is None:
            return Verdict("not checked", self.problem.cause if self.problem else NO_CAUSE)
        try:
            return overall(self.prepared, namespace, answer_of(answer), dict(convention))
        except Unread as unread:
            return Verdict("not checked", unread.cause)
        except (RecursionError, MemoryError):
            return Verdict("not checked", Cause("too large", "too large"))
        except Exception as error:  # of what a formula may combine some is of no use to NumPy, or to this program
            return Verdict("not checked", Cause("error", f"{type(error).__name__}: {error}"[:200]))


def _may_fit(verdict: Verdict, answer: Any, mistake: Any) -> bool:
    """Whether the sides that are the answer may be the mistake's value too: without that need to execute them again."""
    try:
        right, wrong = answer_of(answer), answer_of(mistake)
    except Unread:
        return False
    if verdict.kind != "value" or right.data.shape != wrong.data.shape or right.data.dtype != wrong.data.dtype:
        return True
    near = 3 * (verdict.noise + EXACT * max(right.largest, wrong.largest))  # each as far from the side as it may be
    return not near < math.inf or close(right.data, wrong.data, noise=near)


def read(latex: str, reads: Mapping[str, Expression] | None, names: Collection[str]) -> Formula:
    """Returns a formula as it reads with a card's `reads`. Raises nothing.

    names: the inputs of the card.
    """
    faults: tuple[KeyFault, ...] = ()
    try:
        bindings, faults = read_bindings(reads or {}, names)
        clauses = tuple(joined_letters(clause, names) for clause in parse(latex, names))
        prepared = prepare(clauses, bindings, frozenset(names))
    except Unread as unread:
        return Formula(latex, problem=unread, faults=faults)
    except RecursionError:
        return Formula(latex, problem=Unread("nested too deeply", 0), faults=faults)
    wanted = {name for binding in bindings for name in binding.expression.free}
    wanted |= {name_of(node, names) for clause in clauses for node in t.walk(clause)} | {"p"}  # p may be the weights
    idle = [binding.key for number, binding in enumerate(bindings) if number not in prepared.used]
    faults += tuple(KeyFault(key, f"`{key}` does not occur in the formula") for key in idle)
    wants = tuple(name for name in names if name in wanted)
    return Formula(latex, clauses, prepared, tuple(_conventions(clauses, names)), faults=faults, wants=wants)


def _conventions(clauses: Sequence[t.Chain], names: Collection[str]) -> list[Convention]:
    """The readings that the formula leaves open, the usual one first."""
    used: set[str] = set()
    for node in itertools.chain.from_iterable(map(t.walk, clauses)):
        match node:
            case t.Fraction(rest=rest) if rest:
                used.add("slash")
            case t.Function("var" | "std" | "cov" | "corr"):
                used |= {"variance", "weights"} if "p" in names else {"variance"}
            case t.Call(t.Symbol("E")) | t.Function("mean"):
                used |= {"weights"} if "p" in names else set()
            case t.Norm(_, None):
                used.add("norm")
            case t.Function("softmax", _, None):
                used.add("softmax")
            case t.Symbol("\\%"):
                used.add("percent")
            case t.Marked(t.Number(), t.Words("°")):
                used.add("degrees")
            case t.Big("sum" | "prod", (t.Symbol() | t.Tuple() | t.Product()) as below, None, body) if any(
                counts_in(body, part) for part in t.walk(below) if isinstance(part, t.Symbol)
            ):
                used.add("first")
    options = [[(key, value) for value in _CONVENTIONS[key]] for key in _CONVENTIONS if key in used]
    return list(itertools.islice(itertools.product(*options), _MOST_READINGS))


# ---- all draws together


def combine(
    formula: Formula, draws: Sequence[Trial], *, binding: bool = False, excused: bool = False, first: bool = False
) -> Summary:
    """Returns what the draws together say: one convention must hold on all of them.

    binding: the card has `reads`. excused: it says why the formula accepts its mistake. first: the first convention
    that agrees will do.
    """
    under: list[Summary] = []
    for convention in formula.conventions:
        summary = _under([formula.judge(draw, convention) for draw in draws], convention)
        under.append(replace(summary, binding=binding, excused=excused))
        if first and under[-1].agrees:
            return under[-1]
    best = max(under, key=lambda summary: (summary.agrees, summary.kind == "part"))
    if not best.agrees:
        if best.kind == "differs" and _under([formula.judge(draw, IN_DEGREES) for draw in draws], IN_DEGREES).agrees:
            best = replace(best, cause=replace(best.cause, hint=DEGREES))
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
    for known, advice in FACTORS.items():
        if factor and min(abs(factor / known - 1), abs(factor * known - 1)) < 1e-6:
            return advice
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

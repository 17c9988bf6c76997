"""What all draws of a card together say of its formula."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eigendeck.worker import numerals
from eigendeck.worker.formula.evaluate.tensors import Array
from eigendeck.worker.formula.verdict.compare import ratio
from eigendeck.worker.formula.verdict.judge import AGREES, Class, Outcome
from eigendeck.worker.formula.verdict.reading import Convention, Verdict

GROSS = 1e-3  # relative to the largest entry: less may be rounding errors of large and ugly numbers
LEAST, MOST = 1e-6, 2.0**53  # between them, floats and whole numbers tell values well enough apart

_VARIES = "no reading of the formula agrees on all draws"
_WORDS = {"value": "agrees", "relation": "the answer satisfies it", "sizes": "the sizes agree"}
_ON_CARD = {
    "value": "formula run on {} draws: agrees with the code",
    "relation": "the answer satisfies the formula on {} draws",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The class of a card's formula over its draws.

    kind: value, relation, sizes (agreement on all of them), part, differs, not checked. reason: in words.
    draw: the first draw, from 0, that does not agree. formula, code: its two values. ratio: formula over code, where
    it is the same on all draws that differ. mistake: the formula accepts the value of the card's mistake too.
    conventions: those under which it agrees, the usual one first. wide: how many draws of `wide` it agrees on, too.
    inputs: those of `wide` on which it does not, in words.
    excused: the card says why the formula accepts its mistake.
    """

    kind: Class
    reason: str = ""
    draws: int = 0
    draw: int = -1
    formula: str = ""
    code: str = ""
    ratio: float | None = None
    mistake: bool = False
    conventions: tuple[Convention, ...] = ()
    wide: int = 0
    inputs: str = ""
    excused: bool = False

    @property
    def agrees(self) -> bool:
        """Whether this is an agreement that counts."""
        return self.kind in AGREES and (not self.mistake or self.excused) and not self.inputs

    @property
    def message(self) -> str:
        """The summary in words."""
        if self.mistake and not self.excused:
            return "the formula accepts the value of the mistake too, so that its agreement says nothing"
        if self.inputs:
            gives = f"{self.reason}: {self.formula} and {self.code}"
            if not self.reason:
                gives = f"formula gives {self.formula}, code gives {self.code}"
            return (
                f"{_WORDS[self.kind]} on what `given` draws, but not on what `wide` draws: with {self.inputs} {gives}"
            )
        if self.kind in AGREES:
            more = f" and {self.wide} wide ones" if self.wide else ""
            return f"{_WORDS[self.kind]} on {self.draws} draws{more}"
        if self.kind != "differs":
            return f"{'agrees in part' if self.kind == 'part' else 'not checked'}: {self.reason}"
        found = f"formula gives {self.formula}, code gives {self.code}"
        if self.reason:
            found = f"{self.reason}: {self.formula} and {self.code}"
        factor = f"; {'left = {} × right' if self.reason else 'formula = {} × code'} on all draws that differ"
        return f"{found} (draw {self.draw})" + (factor.format(f"{self.ratio:.4g}") if self.ratio is not None else "")

    @property
    def hint(self) -> str:
        """What to write instead, where that is known."""
        log = math.log(2)
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
        if self.reason.endswith(" is not defined"):
            symbol = self.reason.removesuffix(" is not defined").rpartition(": ")[2]
            return f"Say in `reads` what it is: {{'{symbol}': …}}, over the inputs."
        if " would run over " in self.reason:
            return (
                "An index runs over one axis wherever it stands: swap its subscripts, or say in `reads` what they are."
            )
        if re.search(r"\) times \(", self.reason):
            return "The inner sizes of a product must agree: is a transpose missing in the formula, or the order wrong?"
        if self.ratio is not None and min(abs(self.ratio - log), abs(self.ratio * log - 1)) < 1e-6:
            return "ln 2 = 0.6931: do the formula and the code take logarithms to the same base?"
        if self.kind == "differs":
            return "Either the formula or `numpy` is wrong, or a symbol is read as another input: see `reads`."
        return ""

    def report(self, *, binding: bool) -> str:
        """The summary as the list of all formulas has it. binding: the card has `reads`."""
        return self.message + ("" if binding or not self.agrees else ": add `reads: {}` to make this binding")

    @property
    def on_card(self) -> str:
        """What a card whose formula binds may say of it; nothing where that is too little."""
        return _ON_CARD.get(self.kind, "").format(self.draws) if self.agrees else ""


def combine(verdicts: Sequence[Verdict]) -> Summary:
    """Returns what the draws together say: one convention must hold on all of them."""
    if not verdicts:
        return Summary("not checked", "there are no draws")
    found = [_under(verdicts, convention) for convention in verdicts[0].outcomes]
    best = max(found, key=lambda summary: (summary.agrees, summary.kind == "part"))
    if not best.agrees:
        return best
    return replace(best, conventions=tuple(c for summary in found if summary.agrees for c in summary.conventions))


def merge(summaries: Sequence[Summary]) -> Summary:
    """Returns what several runs of draws say, one after the other."""
    draws = 0
    common = summaries[0].conventions if summaries else ()
    for summary in summaries:
        if not summary.agrees or summary.kind != summaries[0].kind:
            return replace(summary, draw=draws + summary.draw if summary.draw >= 0 else -1)
        draws += summary.draws
        common = tuple(convention for convention in common if convention in summary.conventions)
    if not common:
        return Summary("not checked", _VARIES, draws)
    mistake = any(summary.mistake for summary in summaries)
    wide = sum(summary.wide for summary in summaries)
    return replace(summaries[0], draws=draws, conventions=common, mistake=mistake, wide=wide)


def widened(summary: Summary, found: Sequence[tuple[Verdict, str]]) -> tuple[Summary, list[int]]:
    """Returns what the draws of `wide` add to the summary of a card's own, and which of them the formula agrees on.

    found: the verdict on each, and its inputs in words. What the formula cannot be computed for it does not speak of.
    Values that are nearly the same may be rounding errors.
    """
    against = {
        convention: [n for n, one in enumerate(found) if _contradicts(_told(one[0].outcomes[convention]))]
        for convention in summary.conventions
    }
    kept = tuple(convention for convention in summary.conventions if not against[convention])
    if not kept:
        first = summary.conventions[0]
        verdict, inputs = found[against[first][0]]
        outcome = _told(verdict.outcomes[first])
        formula, code = _text(outcome.formula), _text(outcome.code)
        told = replace(summary, reason=outcome.reason, formula=formula, code=code, inputs=inputs)
        return told, []
    agrees = [n for n, one in enumerate(found) if all(one[0].outcomes[c].kind == summary.kind for c in kept)]
    return replace(summary, conventions=kept, wide=len(agrees)), agrees


def _told(outcome: Outcome) -> Outcome:
    """What a draw says where the one unknown symbol is known to be the answer."""
    return outcome.tried or outcome


def _contradicts(outcome: Outcome) -> bool:
    a, b = outcome.formula, outcome.code
    if outcome.kind != "differs" or outcome.bounded or a is None or b is None or a.shape != b.shape or not a.size:
        return False
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return False
    largest = max(float(np.abs(a).max()), float(np.abs(b).max()))
    return LEAST < largest < MOST and float(np.abs(a - b).max()) > GROSS * largest


def _under(verdicts: Sequence[Verdict], convention: Convention) -> Summary:
    outcomes = [verdict.outcomes[convention] for verdict in verdicts]
    first = outcomes[0]
    common = frozenset.intersection(*(outcome.sides for outcome in outcomes))
    if first.kind in (*AGREES, "part") and all(outcome.kind == first.kind for outcome in outcomes) and common:
        mistake = any(outcome.accepts & common for outcome in outcomes)
        return Summary(first.kind, first.reason, len(outcomes), mistake=mistake, conventions=(convention,))
    if common and all(outcome.kind in (*AGREES, "part") for outcome in outcomes):
        reason = next((outcome.reason for outcome in outcomes if outcome.kind == "part"), _VARIES)
        return Summary("part", reason, len(outcomes), conventions=(convention,))
    for kind in ("differs", "not checked"):
        for draw, outcome in enumerate(outcomes):
            if outcome.kind == kind == "differs":
                return _differing(outcomes, draw)
            if outcome.kind == kind:
                return Summary("not checked", outcome.reason, len(outcomes), draw)
    return Summary("not checked", _VARIES, len(outcomes), 0)


def _differing(outcomes: Sequence[Outcome], draw: int) -> Summary:
    ratios = [_ratio(outcome) for outcome in outcomes if outcome.kind == "differs"]
    known = [found for found in ratios if found is not None]
    same = len(known) == len(ratios) and all(abs(found - known[0]) <= 1e-6 * abs(known[0]) for found in known)
    worst = outcomes[draw]
    formula, code = _text(worst.formula), _text(worst.code)
    return Summary("differs", worst.reason, len(outcomes), draw, formula, code, known[0] if same else None)


def _ratio(outcome: Outcome) -> float | None:
    if outcome.formula is None or outcome.code is None:
        return None
    return ratio(outcome.formula, outcome.code)


def in_short(value: Any) -> str:
    """Returns a value of numbers as a message shows it."""
    return _text(np.asarray(value)) if isinstance(value, int | float | np.ndarray) else str(value)


def _text(array: Array | None) -> str:
    if array is None:
        return "nothing"
    with np.printoptions(formatter={"float_kind": lambda value: numerals.brief(float(value))}):
        text = np.array2string(array, threshold=20, separator=", ", max_line_width=10_000)
    return " ".join(text.split()).replace("[ ", "[")

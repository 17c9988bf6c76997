"""What all draws of a card together say of its formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eigendeck.worker.formula.judge import AGREES, Class, Outcome
from eigendeck.worker.formula.reading import Convention, Verdict


@dataclass(frozen=True, slots=True)
class Summary:
    """The class of a card's formula over its draws.

    kind: value, relation, sizes (agreement on all of them), part, differs, not checked. reason: in words.
    draw: the first draw, from 0, that does not agree. formula, code: its two values. ratio: formula over code, where
    it is the same on all draws that differ. mistake: the formula accepts the value of the card's mistake too.
    """

    kind: Class
    reason: str = ""
    draws: int = 0
    draw: int = -1
    formula: str = ""
    code: str = ""
    ratio: float | None = None
    mistake: bool = False
    convention: Convention = ()

    @property
    def agrees(self) -> bool:
        """Whether this is an agreement that counts."""
        return self.kind in AGREES and not self.mistake

    @property
    def message(self) -> str:
        """The summary in words."""
        if self.mistake:
            return "the formula accepts the value of the mistake too, so that its agreement says nothing"
        if self.kind in AGREES:
            words = {"value": "agrees", "relation": "the answer satisfies it", "sizes": "the sizes agree"}[self.kind]
            return f"{words} on {self.draws} draws"
        if self.kind != "differs":
            return f"{'agrees in part' if self.kind == 'part' else 'not checked'}: {self.reason}"
        found = (
            f"{self.reason}: {self.formula} and {self.code}"
            if self.reason
            else (f"formula gives {self.formula}, code gives {self.code}")
        )
        factor = f"; formula = {self.ratio:.4g} × code on all draws that differ" if self.ratio is not None else ""
        return f"{found} (draw {self.draw}){factor}"


def combine(verdicts: Sequence[Verdict]) -> Summary:
    """Returns what the draws together say: one convention must hold on all of them."""
    if not verdicts:
        return Summary("not checked", "there are no draws")
    found = [_under(verdicts, convention) for convention in verdicts[0].outcomes]
    return max(found, key=lambda summary: (summary.agrees, summary.kind == "part"))


def _under(verdicts: Sequence[Verdict], convention: Convention) -> Summary:
    outcomes = [verdict.outcomes[convention] for verdict in verdicts]
    first = outcomes[0]
    common = frozenset.intersection(*(outcome.sides for outcome in outcomes))
    if first.kind in (*AGREES, "part") and all(outcome.kind == first.kind for outcome in outcomes) and common:
        mistake = any(outcome.accepts & common for outcome in outcomes)
        return Summary(first.kind, first.reason, len(outcomes), mistake=mistake, convention=convention)
    draw, worst = next(
        ((k, o) for k, o in enumerate(outcomes) if o.kind == "differs"),
        next(((k, o) for k, o in enumerate(outcomes) if o.kind == "not checked"), (0, Outcome("not checked", _VARIES))),
    )
    if worst.kind != "differs":
        return Summary("not checked", worst.reason, len(outcomes), draw, convention=convention)
    ratios = [outcome.ratio for outcome in outcomes if outcome.kind == "differs"]
    constant = ratios[0] if ratios[0] is not None and all(_near(ratio, ratios[0]) for ratio in ratios) else None
    return Summary(
        "differs", worst.reason, len(outcomes), draw, worst.formula, worst.code, constant, convention=convention
    )


_VARIES = "another side of the formula is the answer on other draws"


def _near(one: float | None, other: float) -> bool:
    return one is not None and abs(one - other) <= 1e-6 * abs(other)

"""What the draws of `check` say of displayed formulas and of lines of `check`, for authors and programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eigendeck.deck.card_schema import Card
from eigendeck.worker.formula_summary import MutationReport, Summary, merge
from eigendeck.worker.job import Reply


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of `check`, in words, its number from 1, and the wrong answers that no other line refuses."""

    id: str
    number: int
    says: str
    alone: tuple[str, ...]

    def __str__(self) -> str:
        refused = ", ".join(self.alone) or "nothing"
        return f"{self.id}: check {self.number}, `{self.says}`: alone refuses {refused}"


def check_lines(cards: Iterable[Card], run: Mapping[str, Sequence[Reply]]) -> list[CheckLine]:
    """Returns the lines of `check` of the cards that were run."""
    return [
        CheckLine(card.id, number, " ".join(says.split()), alone)
        for card in cards
        for reply in run.get(card.id, ())
        if reply.alone
        for number, (says, alone) in enumerate(zip(reply.checks, reply.alone, strict=True), 1)
    ]


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """One card's formula, and why it holds for the value of the mistake too, where it does."""

    id: str
    summary: Summary
    fits: str = ""

    @property
    def mutants(self) -> MutationReport:
        """Its misprints, and how many the draws would notice."""
        return self.summary.mutants or MutationReport()

    def __str__(self) -> str:
        parts = [f"{self.id}: {self.summary.report}"]
        if self.fits:
            parts.append(f"holds for the mistake too: {self.fits}")
        if self.mutants.made:
            parts.append(f"misprints noticed {self.mutants.killed} of {self.mutants.made}")
        if self.mutants.untested:
            parts.append(f"never tested: {', '.join(self.mutants.untested)}")
        return "; ".join(parts)


def formula_lines(cards: Iterable[Card], run: Mapping[str, Sequence[Reply]]) -> list[FormulaLine]:
    """Returns what all slices of a card's draws together say of its formula, for the cards that were run."""
    lines = []
    for card in cards:
        if summaries := [reply.formula for reply in run.get(card.id, ()) if reply.formula]:
            summary = merge(summaries)
            fits = " ".join(card.mistakes[0].fits.split()).rstrip(".") if summary.mistake else ""
            lines.append(FormulaLine(card.id, summary, fits))
    return lines


def totals(lines: Sequence[FormulaLine]) -> str:
    """Returns the sum of the lines, in words."""
    binding = sum(line.summary.binding and line.summary.agrees for line in lines)
    made, killed = sum(line.mutants.made for line in lines), sum(line.mutants.killed for line in lines)
    share = f" ({100 * killed / made:.0f} %)" if made else ""
    return f"{binding} of {len(lines)} formulas bind and agree; misprints noticed {killed} of {made}{share}"


def as_json(lines: Sequence[FormulaLine]) -> list[dict[str, Any]]:
    """Returns the lines as plain data."""
    return [
        {
            "id": line.id,
            "kind": line.summary.kind,
            "says": line.summary.report,
            "binds": line.summary.binding,
            "agrees": line.summary.agrees,
            "made": line.mutants.made,
            "noticed": line.mutants.killed,
            "missed": line.mutants.survived,
            "untested": line.mutants.untested,
            "wide": line.summary.wide,
            "fits": line.fits,
        }
        for line in lines
    ]

"""What the draws of `check` say of the displayed formulas, card by card, for authors and programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from eigendeck.deck.schema import Card
from eigendeck.worked.replies import RunFormula
from eigendeck.worker.formula import Summary, merge


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """One card's formula. binds: it has `reads`. made, noticed: its misprints, and how many the draws would notice.

    wide: how many draws of `wide` it agrees on, too. fits: why it holds for the value of the mistake too.
    """

    id: str
    kind: str
    says: str
    binds: bool
    agrees: bool
    made: int = 0
    noticed: int = 0
    missed: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    wide: int = 0
    fits: str = ""

    def __str__(self) -> str:
        parts = [f"{self.id}: {self.says}"]
        if self.fits:
            parts.append(f"holds for the mistake too: {self.fits}")
        if self.made:
            parts.append(f"misprints noticed {self.noticed} of {self.made}")
        if self.untested:
            parts.append(f"never tested: {', '.join(self.untested)}")
        return "; ".join(parts)


def formula_lines(cards: Iterable[Card], run: Mapping[str, Sequence[RunFormula]]) -> list[FormulaLine]:
    """Returns what all slices of a card's draws together say of its formula, for the cards that were run."""
    return [_line(card, run[card.id]) for card in cards if run.get(card.id)]


def _line(card: Card, slices: Sequence[RunFormula]) -> FormulaLine:
    merged = merge([_summary(one) for one in slices])
    binds = card.reads is not None
    says, fits = merged.report(binding=binds), " ".join(card.mistake.fits.split()).rstrip(".") if merged.mistake else ""
    line = FormulaLine(card.id, merged.kind, says, binds, merged.agrees, wide=merged.wide, fits=fits)
    found = next((one.misprints for one in slices if one.misprints), None)
    if found is None:
        return line
    return replace(
        line, made=found.made, noticed=found.noticed, missed=tuple(found.missed), untested=tuple(found.untested)
    )


def _summary(one: RunFormula) -> Summary:
    fields = one.summary.model_dump()
    conventions = tuple(tuple((key, value) for key, value in convention) for convention in fields.pop("conventions"))
    return Summary(**fields, conventions=conventions)


def totals(lines: Sequence[FormulaLine]) -> str:
    """Returns the sum of the lines, in words."""
    binding = sum(line.binds and line.agrees for line in lines)
    made, noticed = sum(line.made for line in lines), sum(line.noticed for line in lines)
    share = f" ({100 * noticed / made:.0f} %)" if made else ""
    return f"{binding} of {len(lines)} formulas bind and agree; misprints noticed {noticed} of {made}{share}"


def as_json(lines: Sequence[FormulaLine]) -> list[dict[str, Any]]:
    """Returns the lines as plain data."""
    return [asdict(line) for line in lines]

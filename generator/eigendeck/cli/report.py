"""What a check says of itself: in words for people, as plain data for programs."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eigendeck.cli.build_report import named, told_of
from eigendeck.errors import Fault, counted, only_warnings, printable
from eigendeck.program import Checked
from eigendeck.worked import check_report


def check_lines(checked: Checked, folder: Path, seconds: float) -> list[str]:
    """Returns what a check looked at, how much it found, and how long it took."""
    deck = checked.deck
    said = [] if checked.formulas is None else [check_report.totals(checked.formulas)]
    cards, errors = len(deck.cards), sum(not fault.warning for fault in checked.faults)
    amount = counted(cards, "card")
    if cards < (whole := len(deck.card_sources)):
        amount = f"{named([card.id for card in deck.cards])} ({cards} of {counted(whole, 'card')})"
    amount += f"{told_of(sum(card.told for card in deck.cards))} × {counted(checked.draws, 'draw')}"
    return [*said, f"{deck.meta.title}: {amount}, {counted(errors, 'fault')}, {seconds:.1f} s, in {folder}"]


def github_lines(faults: Iterable[Fault]) -> Iterator[str]:
    """Yields faults as GitHub's workflows read them: each becomes a note on its line of a pull request."""
    for fault in faults:
        kind = "warning" if fault.warning else "error"
        place = f"file={_escaped(fault.place.file, ':,')},line={fault.place.line},col={fault.place.column}"
        words = "\n".join(part for part in (fault.what, fault.hint) if part)
        yield f"::{kind} {place}::{_escaped(words)}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + more else sign for sign in printable(text))


def check_as_json(checked: Checked) -> dict[str, Any]:
    """Returns the same as plain data."""
    faults = [{"place": str(f.place), "what": f.what, "hint": f.hint, "warning": f.warning} for f in checked.faults]
    good = only_warnings(checked.faults)
    ids = [card.id for card in checked.deck.cards]
    told = sum(card.told for card in checked.deck.cards)
    result = {"cards": len(ids), "told": told, "ids": ids, "draws": checked.draws, "good": good, "faults": faults}
    formulas = {} if checked.formulas is None else {"formulas": check_report.as_json(checked.formulas)}
    return result | formulas | ({} if checked.checks is None else {"checks": [asdict(one) for one in checked.checks]})

"""What a build and a check say of themselves: in words for people, as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from eigendeck.deck.card_schema import Card
from eigendeck.errors import Fault, counted, only_warnings
from eigendeck.program import Built, Checked
from eigendeck.worked import formula_report


def build_lines(built: Built, seed_given: bool, whole: bool = False) -> list[str]:
    """Returns what was built, what changed since the previous package, and what its users should know.

    seed_given: the seed was asked for, so that other numbers are no surprise.
    whole: all notes that changed are named, not only the first ten of each kind.
    """
    deck, changes = built.deck, built.changes
    cards = sum(len(card.cards) for card in deck.cards)
    notes = counted(len(deck.cards), "note")
    counts = f"{counted(cards, 'card')} from {notes}{told_of(deck.cards)}, {counted(built.variants, 'variant')}"
    said = [f"{deck.meta.title}: {counts}, seed {built.seed}."]
    if built.compared:
        kinds = ("new", "changed", "unchanged", "retired")
        amounts = ", ".join(f"{len(getattr(changes, kind))} {kind}" for kind in kinds)
        said.append(f"Against the previous package: {amounts}.")
        lists = [(kind, getattr(changes, kind)) for kind in kinds if kind != "unchanged"]
        said += [f"  {kind}: {', '.join(ids) if whole else named(ids)}" for kind, ids in lists if ids]
    before = built.previous_edition.removeprefix("seed ")
    if before and before != str(built.seed) and not seed_given:
        said.append(
            f"warning: the previous package has seed {before}: {counted(len(changes.changed), 'note')} change."
            f" To keep its numbers: eigendeck build --seed {before}"
        )
    if changes.changed:
        said.append("An import replaces the tags of changed notes. Schedules, flags and decks stay as they are.")
    if changes.retired:
        said.append(f"Retired notes stay with those who have them. In Anki's browser: {retired_search(built)}")
    for card_id, template in changes.blank:
        said.append(f"{card_id} has no {template} card any more: those who have it clear it by Tools › Empty Cards.")
    return said


def build_as_json(built: Built) -> dict[str, Any]:
    """Returns the same as plain data."""
    changes = built.changes
    return {
        "deck": built.deck.meta.id,
        "seed": built.seed,
        "notes": len(built.deck.cards),
        "cards": sum(len(card.cards) for card in built.deck.cards),
        "told": sum(card.told for card in built.deck.cards),
        "variants": built.variants,
        "files": sorted(built.files),
        "compared": built.compared,
        "previous": built.previous_edition,
        "new": list(changes.new),
        "changed": list(changes.changed),
        "unchanged": list(changes.unchanged),
        "retired": list(changes.retired),
        "retired_search": retired_search(built) if changes.retired else "",
        "blank": [{"id": card_id, "card": template} for card_id, template in changes.blank],
        "warnings": [str(fault) for fault in built.warnings],
    }


def check_lines(checked: Checked, folder: Path, seconds: float) -> list[str]:
    """Returns what a check looked at, how much it found, and how long it took."""
    deck = checked.deck
    said = [] if checked.formulas is None else [formula_report.totals(checked.formulas)]
    cards, errors = len(deck.cards), sum(not fault.warning for fault in checked.faults)
    amount = counted(cards, "card")
    if cards < (whole := len(deck.card_sources)):
        amount = f"{named([card.id for card in deck.cards])} ({cards} of {counted(whole, 'card')})"
    amount += f"{told_of(deck.cards)} × {counted(checked.draws, 'draw')}"
    return [*said, f"{deck.meta.title}: {amount}, {counted(errors, 'fault')}, {seconds:.1f} s, in {folder}"]


def told_of(cards: Sequence[Card]) -> str:
    """Returns how many of the cards are told, in brackets: nobody shall take them for checked ones."""
    told = sum(card.told for card in cards)
    return f" ({told} told, not computed)" if told else ""


def named(ids: Sequence[str]) -> str:
    """Returns ids in a sentence, the first ten of them, and how many more there are."""
    more = f" and {len(ids) - 10} more" if len(ids) > 10 else ""
    return f"{', '.join(ids[:10])}{more}" if ids else "nothing"


def github_lines(faults: Iterable[Fault]) -> Iterator[str]:
    """Yields faults as GitHub's workflows read them: each becomes a note on its line of a pull request."""
    for fault in faults:
        kind = "warning" if fault.warning else "error"
        place = f"file={_escaped(fault.place.file, ':,')},line={fault.place.line},col={fault.place.column}"
        words = "\n".join(part for part in (fault.what, fault.hint) if part)
        yield f"::{kind} {place}::{_escaped(words)}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + more else sign for sign in text)


def check_as_json(checked: Checked) -> dict[str, Any]:
    """Returns the same as plain data."""
    faults = [{"place": str(f.place), "what": f.what, "hint": f.hint, "warning": f.warning} for f in checked.faults]
    good = only_warnings(checked.faults)
    ids = [card.id for card in checked.deck.cards]
    told = sum(card.told for card in checked.deck.cards)
    result = {"cards": len(ids), "told": told, "ids": ids, "draws": checked.draws, "good": good, "faults": faults}
    return result | ({} if checked.formulas is None else {"formulas": formula_report.as_json(checked.formulas)})


def retired_search(built: Built) -> str:
    """Returns the search that finds, in Anki's browser, the notes which the deck no longer holds, and no other.

    By id and tag: neither holds a letter that means something to Anki, as `*` and `_` in a title would.
    """
    ids = [f'"Id:{card_id}"' for card_id in built.changes.retired]
    either = f"({' or '.join(ids)})" if len(ids) > 1 else "".join(ids)
    return f"{either} tag:{built.deck.meta.id}::*"

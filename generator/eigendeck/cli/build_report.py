"""What a build says of itself: in words for people, as plain data for programs, and to the next build."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from eigendeck.errors import Fault, Place, counted

if TYPE_CHECKING:
    from eigendeck import Built

_KINDS = ("new", "changed", "unchanged", "retired")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built, and what became of the notes since the previous package.

    told: how many of the notes. reused: how many of them were not made again. edition, previous: what the numbers of
    this package and of the one before were drawn with, `seed 7`. new … retired: ids of notes. blank: directions that
    a note has no more.
    """

    deck: str
    title: str
    notes: int
    cards: int
    told: int
    variants: int
    seed: int
    reused: int
    edition: str
    files: Sequence[str]
    compared: bool
    previous: str
    new: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    retired: Sequence[str]
    blank: Sequence[Sequence[str]]
    warnings: Sequence[Fault]

    def lines(self, seed_given: bool, whole: bool = False) -> list[str]:
        """Returns what was built, what changed since the previous package, and what its users should know.

        seed_given: the seed was asked for, so that other numbers are no surprise.
        whole: all notes that changed are named, not only the first ten of each kind.
        """
        counts = f"{counted(self.cards, 'card')} from {counted(self.notes, 'note')}{told_of(self.told)}"
        said = [f"{self.title}: {counts}, {counted(self.variants, 'variant')}, seed {self.seed}."]
        if self.reused:
            said.append(f"As an earlier build made them: {counted(self.reused, 'note')}.")
        if self.by_section:
            index = next(name for name in self.files if name in (f"{self.deck}.html", f"{self.deck}.part.html"))
            number = counted(len(self.by_section), "section")
            said.append(f"The sheet is written by section, as there are many cards: {index} leads to {number}.")
        if self.compared:
            amounts = ", ".join(f"{len(getattr(self, kind))} {kind}" for kind in _KINDS)
            said.append(f"Against the previous package: {amounts}.")
            lists = [(kind, getattr(self, kind)) for kind in _KINDS if kind != "unchanged"]
            said += [f"  {kind}: {', '.join(ids) if whole else named(ids)}" for kind, ids in lists if ids]
        before = self.previous.removeprefix("seed ")
        if before and before != str(self.seed) and not seed_given:
            said.append(
                f"warning: the previous package has seed {before}: {counted(len(self.changed), 'note')} change."
                f" To keep its numbers: eigendeck build --seed {before}"
            )
        if self.changed:
            said.append("An import replaces the tags of changed notes. Schedules, flags and decks stay as they are.")
        if self.retired:
            said.append(f"Retired notes stay with those who have them. In Anki's browser: {self._retired_search()}")
        for card_id, template in self.blank:
            said.append(
                f"{card_id} has no {template} card any more: those who have it clear it by Tools › Empty Cards."
            )
        return said

    @property
    def by_section(self) -> list[str]:
        """The files of a sheet that is written by section, but for the one that leads to them."""
        return [name for name in self.files if re.search(r"\.\d+\.(html|pdf)$", name)]

    def as_json(self) -> dict[str, Any]:
        """Returns the same as plain data."""
        names = ("deck", "seed", "notes", "cards", "told", "variants", "reused", "compared", "previous", *_KINDS)
        return {name: getattr(self, name) for name in names} | {
            "files": sorted(self.files),
            "retired_search": self._retired_search() if self.retired else "",
            "blank": [{"id": card_id, "card": template} for card_id, template in self.blank],
            "warnings": [str(fault) for fault in self.warnings],
        }

    def once_more(self) -> BuildReport:
        """Returns what the next build says, if nothing changes until then."""
        again = replace(self, reused=self.notes)
        if not any(name.endswith(".apkg") for name in self.files):  # of a part, which is compared with nothing
            return again
        ids = (*self.new, *self.changed, *self.unchanged)
        nothing: dict[str, Any] = dict.fromkeys(("new", "changed", "retired", "blank"), ())
        return replace(again, compared=True, previous=self.edition, unchanged=ids, **nothing)

    def _retired_search(self) -> str:
        """The search that finds, in Anki's browser, the notes which the deck no longer holds, and no other.

        By id and tag: neither holds a letter that means something to Anki, as `*` and `_` in a title would.
        """
        ids = [f'"Id:{card_id}"' for card_id in self.retired]
        either = f"({' or '.join(ids)})" if len(ids) > 1 else "".join(ids)
        return f"{either} tag:{self.deck}::*"


def report_of(built: Built) -> BuildReport:
    """Returns what a build says."""
    cards = built.deck.cards
    return BuildReport(
        deck=built.deck.meta.id,
        title=built.deck.meta.title,
        notes=len(cards),
        cards=sum(len(card.cards) for card in cards),
        told=sum(card.told for card in cards),
        variants=built.variants,
        seed=built.seed,
        reused=built.reused,
        edition=f"seed {built.seed}" if any(card.given for card in cards) else "",
        files=tuple(built.files),
        compared=built.compared,
        previous=built.previous_edition,
        warnings=built.warnings,
        **asdict(built.changes),
    )


def read_report(kept: Mapping[str, Any]) -> BuildReport:
    """Returns the report that was kept, as JSON has it."""
    warnings = tuple(Fault(Place(**one["place"]), one["what"], one["hint"], warning=True) for one in kept["warnings"])
    return BuildReport(**{**kept, "warnings": warnings})


def told_of(told: int) -> str:
    """Returns how many of the cards are told, in brackets: nobody shall take them for checked ones."""
    return f" ({told} told, not computed)" if told else ""


def named(ids: Sequence[str]) -> str:
    """Returns ids in a sentence, the first ten of them, and how many more there are."""
    more = f" and {len(ids) - 10} more" if len(ids) > 10 else ""
    return f"{', '.join(ids[:10])}{more}" if ids else "nothing"

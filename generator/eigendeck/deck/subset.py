"""A part of a deck: some of its cards, for a sheet of their own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import replace

from eigendeck.deck.read import Deck
from eigendeck.errors import DeckError, Fault, Place, nearest, only_warnings


class UnknownName(Exception):
    """A part of the deck is asked for that it has not; the message says which, and what may have been meant."""


def subset(deck: Deck, only: Collection[str]) -> Deck:
    """Returns the deck with nothing but the cards and sections that are named, and without its panels.

    only: ids of cards, and names of section files without `.yaml`. Faults of other cards are left out, too; those of
    `deck.yaml` and of the sections' own keys stay.

    Raises:
        UnknownName: a name is neither.
        DeckError: a name may be that of a card in a file which cannot be read.
    """
    names = {*deck.section_sources, *deck.card_sources}
    unknown = sorted(name for name in only if name not in names)
    if unknown and not only_warnings(deck.faults):
        raise DeckError(deck.faults)
    if unknown:
        hint = "Name cards by their ids, and sections by their files without `.yaml`."
        said = (f'"{name}" is no card and no section. {nearest(name, names) or hint}' for name in unknown)
        raise UnknownName(" ".join(said))
    kept = (
        section
        if section.stem in only
        else section.model_copy(update={"cards": tuple(card for card in section.cards if card.id in only)})
        for section in deck.sections
    )
    sections = tuple(section for section in kept if section.cards)
    meta = deck.meta.model_copy(update={"panels": ()})
    return replace(deck, meta=meta, sections=sections, faults=_faults_of(deck, only))


def _faults_of(deck: Deck, only: Collection[str]) -> tuple[Fault, ...]:
    """The faults that concern the cards and sections that are named.

    A fault is the last card's that begins above it in its file, or where none does, the section's.
    """
    files = {source.file: stem in only for stem, source in deck.section_sources.items()}
    starts: dict[str, list[tuple[int, bool]]] = {file: [(0, chosen)] for file, chosen in files.items()}
    for card_id, source in deck.card_sources.items():
        chosen = card_id in only or files[source.file]
        starts[source.file].append((source.node.start[0] + 1, chosen))
        if chosen:
            starts[source.file][0] = (0, True)
    in_order = {file: sorted(lines) for file, lines in starts.items()}

    def concerns(place: Place) -> bool:
        lines = in_order.get(place.file, [])
        above = bisect_right(lines, (place.line, True)) - 1
        return lines[above][1] if lines else place.file == deck.meta_source.file

    return tuple(fault for fault in deck.faults if concerns(fault.place))

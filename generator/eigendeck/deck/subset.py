"""A part of a deck: some of its cards, for a sheet of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from eigendeck.deck.read import Deck
from eigendeck.errors import DeckError, nearest


class UnknownName(Exception):
    """A part of the deck is asked for that it has not; the message says which, and what may have been meant."""


def subset(deck: Deck, only: Collection[str]) -> Deck:
    """Returns the deck with nothing but the cards and sections that are named, and without its panels.

    only: ids of cards, and names of section files without `.yaml`.

    Raises:
        UnknownName: a name is neither.
        DeckError: a name may be that of a card which is at fault.
    """
    stems = {section.stem for section in deck.sections}
    ids = {card.id for card in deck.cards}
    unknown = sorted(name for name in only if name not in stems | ids)
    if unknown and any(not fault.warning for fault in deck.faults):
        raise DeckError(deck.faults)
    if unknown:
        hint = "Name cards by their ids, and sections by their files without `.yaml`."
        said = (f'"{name}" is no card and no section. {nearest(name, stems | ids) or hint}' for name in unknown)
        raise UnknownName(" ".join(said))
    kept = (
        section
        if section.stem in only
        else section.model_copy(update={"cards": tuple(card for card in section.cards if card.id in only)})
        for section in deck.sections
    )
    sections = tuple(section for section in kept if section.cards)
    return replace(deck, meta=deck.meta.model_copy(update={"panels": ()}), sections=sections)

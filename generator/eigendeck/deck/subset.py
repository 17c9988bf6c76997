"""A part of a deck: some of its cards, or of their variants, for a page of their own."""

from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import replace

from eigendeck.deck.read import Deck
from eigendeck.errors import DeckError, Fault, Place, nearest, only_warnings


class UnknownName(Exception):
    """A part of the deck is asked for that it has not; the message says which, and what may have been meant."""


class UnknownVariant(UnknownName):
    """A variant is asked for that no card has."""


def subset(deck: Deck, only: Collection[str]) -> Deck:
    """Returns the deck with nothing but the cards and sections that are named, and without its panels.

    only: ids of cards, and names of section files without `.yaml`. Faults of other cards are left out, too; those of
    `deck.yaml` and of the sections' own keys stay.

    Raises UnknownName: a name is neither; DeckError: a name may be that of a card in a file which cannot be read.
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


def whose(deck: Deck) -> Callable[[Place], tuple[str, str]]:
    """Returns what tells the section of a place, and the card: the last one that begins above it in its file.

    Of a place above all cards the card is "", of one that is in no section both are.
    """
    stems = {source.file: stem for stem, source in deck.section_sources.items()}
    starts: dict[str, list[tuple[int, int, str]]] = {file: [(0, 0, "")] for file in stems}
    for card_id, source in deck.card_sources.items():
        row, column = source.node.start
        starts[source.file].append((row + 1, column + 1, card_id))
    in_order = {file: sorted(lines) for file, lines in starts.items()}

    def owner(place: Place) -> tuple[str, str]:
        if place.file not in stems:
            return "", ""
        above = bisect_right(in_order[place.file], (place.line, place.column), key=lambda start: start[:2]) - 1
        return stems[place.file], in_order[place.file][max(above, 0)][2]

    return owner


def known_variants(deck: Deck, numbers: Collection[int]) -> None:
    """Returns where some card has each of the variants. Raises UnknownVariant: none has."""
    most = max((card.variants or deck.meta.variants for card in deck.cards if card.given.strip()), default=1)
    if numbers and max(numbers) > most:
        raise UnknownVariant(f"no card has variant {max(numbers)}: the last one is {most}.")


def _faults_of(deck: Deck, only: Collection[str]) -> tuple[Fault, ...]:
    """The faults that concern the cards and sections that are named.

    One above all cards of a section concerns each of them; one of `deck.yaml` concerns all.
    """
    owner = whose(deck)
    chosen = {owner(deck.card_sources[name].key("id"))[0] for name in only if name in deck.card_sources}

    def concerns(place: Place) -> bool:
        stem, card = owner(place)
        return stem in only or card in only or (stem in chosen and not card) or place.file == deck.meta_source.file

    return tuple(fault for fault in deck.faults if concerns(fault.place))

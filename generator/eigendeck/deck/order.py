"""The order of a deck: identities that do not collide, and prerequisites that come before their dependants."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from eigendeck.deck.schema import Section
from eigendeck.deck.source_map import SourceMap
from eigendeck.errors import Fault, Place, nearest

# Finding the nearest of 10,000 ids takes a while, and so does finding a circle; nobody reads more than a few.
_MOST_HINTS = 20
_MOST_CIRCLES = 20


def identity_faults(ids: Iterable[tuple[str, SourceMap]], sections: Iterable[tuple[Section, SourceMap]]) -> list[Fault]:
    """Returns a fault for every id, section title and Anki deck name that another one before it already has.

    Names that differ in case alone collide, too: file systems and Anki take them for the same.
    """
    faults = []
    cards: dict[str, tuple[str, Place]] = {}
    for card_id, source in ids:
        here = source.key("id")
        first_id, first = cards.setdefault(card_id.casefold(), (card_id, here))
        if first == here:
            continue
        already = "" if first_id == card_id else f' as "{first_id}"; ids that differ in case alone are the same'
        what = f'{card_id}: id: id "{card_id}" already at {_row(first)}{already}'
        faults.append(Fault(here, what, "Ids carry review history: never reuse or rename."))
    titles: dict[str, Place] = {}
    names: dict[str, Place] = {}
    for section, source in sections:
        title, name = source.key("section"), source.key("deck" if section.deck else "section")
        if (first := titles.setdefault(section.title.casefold(), title)) != title:
            what = f'the section: section: the title "{section.title}" is already at {_row(first)}'
            faults.append(Fault(title, what))
        if (first := names.setdefault(section.anki_name.casefold(), name)) != name:
            what = f'the section: deck: "{section.anki_name}" already is the Anki deck of {_row(first)}'
            faults.append(Fault(name, what, "Give this section its own `deck:` name."))
    return faults


def order_faults(sections: Sequence[Section], sources: Mapping[str, SourceMap], *, whole: bool) -> list[Fault]:
    """Returns what is wrong with the prerequisites: unknown, circular, or placed after a card that needs them.

    sources: of all cards, also of those at fault otherwise. whole: there is no other card that could not be read; else
    unknown prerequisites are not reported.
    """
    needs = {card.id: card.needs for section in sections for card in section.cards}
    rank = {card_id: position for position, card_id in enumerate(needs)}
    faults: list[Fault] = []

    def blame(card_id: str, other: str, what: str, hint: str) -> None:
        place = sources[card_id].key("needs", needs[card_id].index(other))
        faults.append(Fault(place, f"{card_id}: needs: {what}", hint))

    in_circle: set[tuple[str, str]] = set()
    for circle in _circles(needs):
        in_circle |= set(pairwise(circle))
        what = "it needs itself" if len(circle) == 2 else f"needs run in a circle: {' → '.join(circle)}"
        blame(circle[0], circle[1], what, "Take one of these needs away.")
    for card_id, other in ((card_id, other) for card_id, wanted in needs.items() for other in wanted):
        if whole and other not in sources:
            hint = nearest(other, {*sources} - {card_id}) if len(faults) < _MOST_HINTS else ""
            blame(card_id, other, f'"{other}" is no card of this deck.', hint)
        elif rank.get(other, -1) > rank[card_id] and (card_id, other) not in in_circle:
            hint = f"Move it below {_row(sources[other].key())}."
            blame(card_id, other, f"comes before its prerequisite {other}", hint)
    return faults


def _circles(needs: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Returns circles of needs, first card repeated at the end, so that breaking each of them leaves none."""
    circles: list[tuple[str, ...]] = []
    left = {card_id: [other for other in wanted if other in needs] for card_id, wanted in needs.items()}
    rank = {card_id: position for position, card_id in enumerate(needs)}
    while len(circles) < _MOST_CIRCLES:
        try:
            TopologicalSorter(left).prepare()
            break
        except CycleError as error:
            backwards: list[str] = error.args[1]  # each card is needed by the next one; the last is the first again
        walked = backwards[:0:-1]
        first = walked.index(min(walked, key=rank.__getitem__))
        circle = (*walked[first:], *walked[:first], walked[first])
        circles.append(circle)
        left[circle[0]].remove(circle[1])
    return circles


def _row(place: Place) -> str:
    return f"{place.file}:{place.line}"

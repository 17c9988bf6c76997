"""The cards of a deck as they are being written: only what changed is worked again, and the last good card stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from eigendeck import program
from eigendeck.deck.read import Deck, Known, read_deck
from eigendeck.deck.source_map import SourceMap
from eigendeck.deck.subset import subset, whose
from eigendeck.errors import DeckError, Fault
from eigendeck.plots.draw import expressions
from eigendeck.render.card import Face
from eigendeck.store import NO_STORE, Store
from eigendeck.worked.sandbox import Pool
from eigendeck.worked.work import stress

DRAWS = 20  # of a card, beside those that are shown: enough for most faults, and done before the next save
OTHERS = 24  # cards with other seeds that are kept
AROUND = ""  # in place of a card's id: what is of no card

Made = tuple[object, ...]  # all that a card is made of, but for the seed


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as it was last worked.

    line: where the card began in its file. face: the last good one, None if there was none; of: what that is made of.
    tried: more draws than are shown found what is wrong.
    """

    made: Made
    line: int
    face: Face | None = None
    of: Made | None = None
    faults: tuple[Fault, ...] = ()
    tried: bool = False

    def faults_at(self, line: int) -> list[Fault]:
        """Returns the faults where they stand once the card begins at another line."""
        by = line - self.line
        return [replace(one, place=replace(one.place, line=one.place.line + by), edits=()) for one in self.faults]


@dataclass(frozen=True, slots=True)
class Listed:
    """A section and the ids of its cards, those at fault too, in their order."""

    stem: str
    title: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """The deck at one moment.

    read: faults of what is written, by the card's id. shown: what was worked, by the card's id.
    made: what each card is made of that can be read now. waiting: ids of the cards that are to be worked.
    builds: how often the files were read; revision: of all this.
    """

    deck: Deck | None = None
    sections: tuple[Listed, ...] = ()
    read: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    made: Mapping[str, Made] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    builds: int = 0
    revision: int = 0

    def faults(self, card_id: str) -> list[Fault]:
        """Returns what is wrong with a card as it is written now, or with what is of no card."""
        shown, source = self.shown.get(card_id), self.source(card_id)
        worked = shown.faults_at(source.node.start[0] if source else 0) if shown else []
        return sorted({*self.read.get(card_id, ()), *(worked if card_id not in self.waiting else ())})

    @property
    def untried(self) -> list[str]:
        """The ids of the cards that are sound as far as they are shown, and were not tried on more draws."""
        return [name for name, one in self.shown.items() if name != AROUND and not one.tried and one.of == one.made]

    def source(self, card_id: str) -> SourceMap | None:
        """Returns where the keys of a card stand; None if it cannot be found in the files."""
        return self.deck.card_sources.get(card_id) if self.deck else None


class Cards:
    """Reads and works a deck again and again. `state` may be looked at from anywhere, the rest is for one thread."""

    def __init__(self, folder: Path, processes: int, store: Store = NO_STORE) -> None:
        self.state = State()
        self._folder, self._processes, self._store = folder, processes, store
        self._known: Known = {}
        self._others: dict[tuple[str, int], Shown] = {}
        self._pool = Pool(processes)

    def close(self) -> None:
        """Ends all workers."""
        self._pool.close()

    def read(self) -> None:
        """Reads the files that have changed, and finds which cards are to be worked again."""
        self._pool.start()
        state = self.state
        try:
            deck = read_deck(self._folder, self._known)
        except DeckError as error:
            self._set(read={AROUND: error.faults}, builds=state.builds + 1)
            return
        if state.deck and not state.read.get(AROUND, ()) and _same(deck, state.deck):
            return
        owner = whose(deck)
        read: dict[str, list[Fault]] = {}
        for fault in deck.faults:
            read.setdefault(owner(fault.place)[1], []).append(fault)
        made = dict(_made_of(deck))
        sections = _listed(deck, state.sections)
        ids = {card_id for section in sections for card_id in section.ids} | {AROUND}
        shown = {card_id: one for card_id, one in state.shown.items() if card_id in ids}
        waiting = tuple(name for name, own in made.items() if name not in shown or shown[name].made != own)
        faults = {name: tuple(found) for name, found in read.items()}
        builds = state.builds + 1
        self._set(deck=deck, sections=sections, read=faults, shown=shown, made=made, waiting=waiting, builds=builds)

    def work(self, ids: Sequence[str]) -> None:
        """Works some of the cards that are waiting."""
        deck = self.state.deck
        assert deck is not None  # or nothing would be waiting
        shown = dict(self.state.shown)
        if AROUND in ids:
            shown[AROUND] = self._around(deck)
        if cards := [card_id for card_id in ids if card_id != AROUND]:
            shown |= self._worked(deck, cards, deck.meta.seed, shown)
        waiting = tuple(name for name in self.state.waiting if name not in ids)
        self._set(shown=shown, waiting=waiting)
        self._pool.start()  # a worker may have been ended

    def try_more(self, ids: Sequence[str]) -> None:
        """Tries cards on draws that are not shown, as `check` does."""
        deck, shown = self.state.deck, dict(self.state.shown)
        assert deck is not None
        part, owner = subset(deck, ids), whose(deck)
        found, _ = stress(part, part.cards, deck.meta.seed, expressions, DRAWS, self._pool, store=self._store)
        for card_id in ids:
            line = deck.card_sources[card_id].node.start[0]
            more = [fault for fault in found if owner(fault.place)[1] == card_id]
            faults = tuple(sorted({*shown[card_id].faults_at(line), *more}))
            shown[card_id] = replace(shown[card_id], line=line, faults=faults, tried=True)
        self._set(shown=shown)

    def with_seed(self, card_id: str, seed: int) -> Shown | None:
        """Returns a card with other numbers; None if it cannot be read as it is written now."""
        deck, made = self.state.deck, self.state.made.get(card_id)
        if deck is None or made is None:
            return None
        key = card_id, seed
        kept = self._others.pop(key, None)
        if kept is None or kept.made != made:
            before = {card_id: kept} if kept else {}
            kept = self._worked(deck, [card_id], seed, before)[card_id]
        self._others[key] = kept  # the last one is the one that was last asked for
        while len(self._others) > OTHERS:
            del self._others[next(iter(self._others))]
        return kept

    def _worked(self, deck: Deck, ids: Sequence[str], seed: int, before: Mapping[str, Shown]) -> dict[str, Shown]:
        part = replace(subset(deck, ids), faults=())
        result = program.rendered(part, seed, self._processes, pool=self._pool, store=self._store)
        owner = whose(deck)
        faces = {face.card.id: face for face in result.faces}
        worked = {}
        for card_id in ids:
            faults = tuple(fault for fault in result.faults if owner(fault.place)[1] == card_id)
            old = before.get(card_id)
            made = self.state.made[card_id]
            face, of = (faces[card_id], made) if card_id in faces else (old.face, old.of) if old else (None, None)
            line = deck.card_sources[card_id].node.start[0]
            worked[card_id] = Shown(made, line, face, of, faults)
        return worked

    def _around(self, deck: Deck) -> Shown:
        """What is wrong with the deck's and the sections' own keys, the panels among them."""
        empty = tuple(section.model_copy(update={"cards": ()}) for section in deck.sections)
        result = program.rendered(replace(deck, sections=empty, faults=()), 0, self._processes, pool=self._pool)
        return Shown(self.state.made[AROUND], 0, faults=result.faults)

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, revision=self.state.revision + 1, **changes)  # type: ignore[arg-type]


def _same(deck: Deck, before: Deck) -> bool:
    """Whether no file has changed: sections that are known are the same values."""
    sources, old = deck.section_sources, before.section_sources
    return (
        deck.meta_source.lines == before.meta_source.lines
        and deck.faults == before.faults
        and sources.keys() == old.keys()
        and all(source is old[stem] for stem, source in sources.items())
    )


def _made_of(deck: Deck) -> Iterable[tuple[str, Made]]:
    """All that each card is made of, by its id: its lines and what else of the deck shows in it."""
    quiet = {"panels": (), "description": "", "license": "", "version": None, "seed": 0}
    meta = deck.meta.model_copy(update=quiet), deck.meta.seed
    heads = tuple(section.model_copy(update={"cards": ()}) for section in deck.sections)
    places = tuple(source.key("section") for source in deck.section_sources.values())
    yield AROUND, (deck.meta_source.lines, heads, places)
    last = ends(deck)
    for section, head in zip(deck.sections, heads, strict=True):
        for card in section.cards:
            source = deck.card_sources[card.id]
            text = source.lines[source.node.start[0] : last[card.id]]
            yield card.id, (text, head, deck.numbers[card.id], *meta)


def ends(deck: Deck) -> dict[str, int]:
    """Returns the line, from 0, at which the next card of the file begins, by the card's id."""
    ends: dict[str, int] = {}
    for ids in _in_files(deck).values():
        starts = [deck.card_sources[card_id].node.start[0] for card_id in ids]
        lines = len(deck.card_sources[ids[0]].lines)
        ends |= dict(zip(ids, [*starts[1:], lines], strict=True))
    return ends


def _in_files(deck: Deck) -> dict[str, list[str]]:
    """The ids of the cards in each file, in the order in which they stand there."""
    files: dict[str, list[str]] = {}
    for card_id, source in sorted(deck.card_sources.items(), key=lambda item: item[1].node.start):
        files.setdefault(source.file, []).append(card_id)
    return files


def _listed(deck: Deck, before: Sequence[Listed]) -> tuple[Listed, ...]:
    """The sections with all their cards. What a fault in a file hides stays where it was."""
    broken = {Path(fault.place.file).stem for fault in deck.faults if not fault.warning}
    files, old = _in_files(deck), {section.stem: section for section in before}
    titles = {section.stem: section.title for section in deck.sections}
    listed = {}
    for stem in sorted({*titles, *(stem for stem in old if stem in broken)}):
        source = deck.section_sources.get(stem)
        ids = files.get(source.file, []) if source else []
        if stem in broken and stem in old:
            ids = _with_hidden(ids, [name for name in old[stem].ids if name in ids or name not in deck.card_sources])
        listed[stem] = Listed(stem, titles[stem] if stem in titles else old[stem].title, tuple(ids))
    return tuple(listed.values())


def _with_hidden(ids: Sequence[str], before: Sequence[str]) -> list[str]:
    """Ids with those that were there before, each behind the one that it stood behind."""
    merged = [*ids]
    for place, card_id in enumerate(before):
        if card_id not in merged:
            merged.insert(merged.index(before[place - 1]) + 1 if place else 0, card_id)
    return merged

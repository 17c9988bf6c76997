"""The whole program: read → work → draw → render → outputs, one after the other, nothing on the way but values."""

from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, get_args

from eigendeck.deck.read import Deck, Folder, read_deck
from eigendeck.deck.subset import known_variants, subset
from eigendeck.errors import DeckError, Fault, only_warnings
from eigendeck.model import Worked, WorkedPanel
from eigendeck.outputs import anki, cards, ledger, sheet
from eigendeck.outputs.imposition import ON_A4, Layout
from eigendeck.outputs.package import DamagedPackage
from eigendeck.outputs.page import rendered as rendered_page
from eigendeck.outputs.pdf import Paper, Printer
from eigendeck.plots.draw import Drawing, draw_plots, expressions
from eigendeck.render import lint
from eigendeck.render.card import Face
from eigendeck.render.kept import keep_face, kept_faces, lacking_letters
from eigendeck.render.paper import PaperDeck, one_variant, paper_deck
from eigendeck.render.passage import Passage
from eigendeck.render.problem import worksheet_of
from eigendeck.render.sheet import faces_of, iso_date, sheet_of, small_faults, wide_faults
from eigendeck.store import FOLDER, NO_STORE, Store
from eigendeck.worked.check_report import CheckLine, FormulaLine, check_lines, formula_lines
from eigendeck.worked.jobs import variants_of
from eigendeck.worked.sandbox import Pool, processors
from eigendeck.worked.work import stress, work

Step = Callable[[str, int], None]  # told the stage and how many pieces of work it has, as each of them ends
Output = Literal["apkg", "sheet", "cards", "worksheet", "key"]
OUTPUTS: tuple[Output, ...] = get_args(Output)
BUILT: frozenset[Output] = frozenset({"apkg", "sheet"})  # where nothing else is asked for: of cards as they are shown


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be built of a deck. A stage knows no clock and no path but these."""

    seed: int | None  # None: the deck's own
    now: int  # the build time, in seconds
    previous: Callable[[str], ledger.Ledger | None]  # reads the package that is there already, by the deck's id
    processes: int
    only: frozenset[str] = frozenset()  # ids of cards and stems of sections; empty: everything
    paper: Paper | None = None  # of the PDFs of all pages; None: no PDF
    make: frozenset[Output] = BUILT
    variants: tuple[int, ...] = (1,)  # that a worksheet asks; paper cards show the first of them
    layout: Layout = ON_A4  # of paper cards
    student: str = ""  # whose name stands on paper
    store: Store = NO_STORE  # what earlier builds have made
    worked: bool = False  # whether the cards are asked for as they were worked, too
    tried: bool = False  # whether the deck was found sound with another seed


@dataclass(frozen=True, slots=True)
class Built:
    """The outputs, by file name, and what happened to the notes.

    cards: as readers see them, by id. worked: as they were worked, if that was asked for or needed. reused: how many of
    them an earlier build has made.
    """

    files: Mapping[str, bytes]
    deck: Deck
    cards: Mapping[str, Face]
    worked: tuple[Worked, ...]
    seed: int
    variants: int
    reused: int
    changes: ledger.Changes
    compared: bool  # there was a previous package
    previous_edition: str  # of that package: `seed 7`
    warnings: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A deck, and everything that is wrong with it.

    formulas: what the draws say of them; checks: what each line of `check` alone refuses; None where nobody asked.
    """

    deck: Deck
    draws: int
    faults: tuple[Fault, ...]
    formulas: tuple[FormulaLine, ...] | None
    checks: tuple[CheckLine, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A deck through all stages but the outputs.

    worked: if they were asked for. faces: of the cards that no fault but mere warnings is found in. sound: ids of the
    cards that can be worked. reused: how many faces an earlier build has made.
    """

    worked: tuple[Worked, ...]
    faces: tuple[Face, ...]
    panels: tuple[WorkedPanel, ...]
    sound: frozenset[str]
    reused: int
    faults: tuple[Fault, ...]


def part_of(folder: Folder, only: Collection[str]) -> Deck:
    """Returns the deck of a folder; where cards or sections are named, nothing but those."""
    deck = read_deck(folder)
    return subset(deck, only) if only else deck


def edition(
    deck: Deck,
    request: Request,
    step: Step = lambda stage, pieces: None,
    pool: Pool | None = None,
    printer: Printer | None = None,
) -> Built:
    """Returns the outputs of a deck, or of a part of it. Raises: as `build` of the library. pool: as in `rendered`.

    printer: of PDFs, kept for the next time; None: the deck gets its own.
    """
    known_variants(deck, request.variants)
    packed = "apkg" in request.make and not request.only
    before = request.previous(deck.meta.id) if packed else None
    if before and ledger.of_another_deck(deck, before):
        raise DamagedPackage("it shares no card with this deck: two decks have one id")
    seed = deck.meta.seed if request.seed is None else request.seed
    result = _stages(deck, seed, request, step, pool)
    faults = [*result.faults, *ledger.name_faults(deck, before)]
    if not only_warnings(faults):
        raise DeckError(faults)

    notes = [anki.note(deck.meta, face, seed) for face in result.faces]
    times = ledger.times(notes, before, request.now)
    newest = max(times.values(), default=request.now)
    media = {name: content for face in result.faces for name, content in face.media.items()}
    files = {f"{deck.meta.id}.apkg": anki.emit(deck, notes, times, media)} if packed else {}
    pages = _pages(deck, result, seed, newest, request)
    cut: dict[str, str] = {}
    if "cards" in request.make:
        cut = {f"{deck.meta.id}.cards": cards.emit(_paper_deck(deck, result, seed, request, step), request.layout)}
    files |= {f"{name}.html": page.encode() for name, page in (pages | cut).items()}
    if request.paper:
        with nullcontext(printer) if printer else Printer() as press:
            printed, small = press.emit(pages, cut, request.paper, iso_date(newest))
        files |= printed
        faults += small_faults(deck, small)
    return Built(
        files=files,
        deck=deck,
        cards={face.card.id: face for face in result.faces},
        worked=result.worked,
        seed=seed,
        variants=sum(variants_of(deck.meta, card) for card in deck.cards),
        reused=result.reused,
        changes=ledger.changes(notes, before),
        compared=before is not None,
        previous_edition=next((note.edition for note in (before or {}).values() if note.edition), ""),
        warnings=tuple(faults),
    )


def _stages(deck: Deck, seed: int, request: Request, step: Step, pool: Pool | None) -> Rendered:
    return rendered(
        deck,
        seed,
        request.processes,
        step,
        pool,
        store=request.store,
        faces=bool(request.make & BUILT),
        worked=request.worked or bool(request.make - BUILT),
        tried=request.tried,
    )


def _pages(deck: Deck, result: Rendered, seed: int, newest: int, request: Request) -> dict[str, str]:
    """The printed pages as HTML, by their names, which no other deck's are: an id has no dot."""
    name = deck.meta.id
    pages: dict[str, str] = {}
    if "sheet" in request.make:
        whole = sheet_of(deck, result.faces, result.panels, seed, newest)
        pages |= sheet.documents(whole, f"{name}.part" if request.only else name)
    if request.make & {"worksheet", "key"}:
        asked = worksheet_of(deck, result.worked, seed, request.student, request.variants)
        kinds = [kind for kind in ("worksheet", "key") if kind in request.make]
        pages |= {f"{name}.{kind}": rendered_page("worksheet", worksheet=asked, key=kind == "key") for kind in kinds}
    return pages


def _paper_deck(deck: Deck, result: Rendered, seed: int, request: Request, step: Step) -> PaperDeck:
    """The cards to cut out, with the plots of the one variant that they show."""
    shown = [one_variant(one, request.variants[0]) for one in result.worked]
    plots, undrawn = draw_plots(deck, shown, request.processes, partial(step, "drawing"), request.store)
    if not only_warnings(undrawn):
        raise DeckError(undrawn)
    return paper_deck(deck, shown, plots, seed)


def check(
    folder: Folder,
    *,
    seed: int | None = None,
    draws: int = 100,
    only: Collection[str] = (),
    formulas: bool = False,
    weak: bool = False,
    processes: int | None = None,
    store: Folder | None = None,
    step: Step = lambda stage, pieces: None,
) -> Checked:
    """Returns the deck with everything that `build` would refuse, found over so many draws of every card.

    formulas: what the draws say of every displayed formula is returned too, and which misprints they would notice.
    weak: what each line of `check` alone refuses is returned.
    seed, only, processes, store, step: as in `build`.

    Raises:
        DeckError: `deck.yaml` cannot be read; what else is wrong is in `faults`.
        UnknownName: `only` names what is neither a card nor a section.
    """
    deck = part_of(folder, only)
    seed = deck.meta.seed if seed is None else seed
    kept, size = store_of(store), processes or processors()
    with Pool(size) as pool:
        result = rendered(deck, seed, size, step, pool, store=kept, contradictions=False)
        sound = [card for card in deck.cards if card.id in result.sound]
        checking = partial(step, "checking")
        faults, run = stress(
            deck, sound, seed, expressions, draws, pool, checking, misprints=formulas, alone=weak, store=kept
        )
    kept.tidy()
    lines = tuple(formula_lines(sound, run)) if formulas else None
    checks = tuple(check_lines(sound, run)) if weak else None
    return Checked(deck, draws, tuple(sorted({*result.faults, *faults})), lines, checks)


def store_of(outputs: Folder | None) -> Store:
    """Returns the store in a folder of outputs."""
    return NO_STORE if outputs is None else Store(Path(outputs, FOLDER))


def rendered(
    deck: Deck,
    seed: int,
    processes: int,
    step: Step = lambda stage, pieces: None,
    pool: Pool | None = None,
    *,
    store: Store = NO_STORE,
    faces: bool = True,
    worked: bool = False,
    contradictions: bool = True,
    tried: bool = False,
) -> Rendered:
    """Returns what becomes of a deck, or of a part of it, before any output is made.

    pool: workers that are kept for the next time; None: the deck gets its own, which end with it. store: where the
    faces lie that were made before, and those that are made now are kept; only the other cards go through the stages.
    faces: whether they are needed, and the plots on them. worked: whether all cards are wanted as they were worked.
    contradictions: whether formulas are warned of that say something else than the code, as `stress` finds too.
    tried: as in `work`.
    """
    kept = kept_faces(store, deck, seed) if faces else {}
    written = [] if tried else [*deck.faults, *lint.faults(deck)]
    passage = Passage(deck, [*written, *lacking_letters(deck, kept.values())], keep=worked)
    missing = [card for card in deck.cards if faces and card.id not in kept]
    plots = sum(variants_of(deck.meta, card) + 1 for card in missing if card.plot)
    drawn = {card_id: face.drawn for card_id, face in kept.items()}
    drawing = Drawing(deck, plots, processes, partial(step, "drawing"), store, drawn)
    done = {} if worked else {card_id: face.shown for card_id, face in kept.items()}
    known = dict(kept)
    with nullcontext(pool) if pool else Pool(processes) as workers:
        working = partial(step, "working")
        pieces = work(deck, seed, expressions, workers, working, store=store, done=done, tried=tried)
        fresh = drawing.each(passage.cards(pieces, frozenset(card.id for card in missing)))
        for face in faces_of(deck, passage.sound(fresh), seed):
            known[face.card.id] = face
            if face.card.id not in passage.contradicting:  # it is warned of next time, too
                keep_face(store, deck.meta, face, seed)
    passage.note(drawing.faults())
    store.tidy()
    shown = tuple(known[card.id] for card in deck.cards if card.id in known and card.id not in passage.at_fault)
    return Rendered(
        tuple(passage.worked),
        shown,
        tuple(passage.panels),
        frozenset({*kept, *passage.ids}),
        sum(face.card.id in kept for face in shown),
        (*passage.faults, *(passage.contradicting.values() if contradictions else ()), *wide_faults(deck, shown)),
    )

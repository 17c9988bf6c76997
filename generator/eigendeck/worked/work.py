"""Stage 2. Cards → worked examples. The only stage that has card code executed, and only in the sandboxed worker."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from eigendeck.deck.card_parts import Panel, PlotSpec
from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck
from eigendeck.deck.repairs import respelt
from eigendeck.errors import Fault
from eigendeck.model import Worked, WorkedPanel
from eigendeck.substitution import work_template
from eigendeck.substitution.worked_formula import misplaced
from eigendeck.text import markup
from eigendeck.worked.process import Stopped
from eigendeck.worked.replies import Distrusted, read_reply
from eigendeck.worked.sandbox import Answer, Failed, Pool, Untried
from eigendeck.worked.together import Together, characters
from eigendeck.worker import budget
from eigendeck.worker.formula import Summary
from eigendeck.worker.job import (
    ASK,
    CHECK,
    FORMULA,
    GIVEN,
    KEEP,
    MISTAKE,
    NUMPY,
    STEPS,
    WIDE,
    WORK,
    CardFault,
    DisplayedFormula,
    Job,
    Piece,
    Variant,
)
from eigendeck.worker.reply import Reply

SLICE = 10  # draws in one job of `check`
MOST_FAULTS = 20  # of one card
FEW = 20  # draws of which nobody can tell whether the answer varies

Step = Callable[[int], None]  # called as each job ends, with the number of jobs: progress
Expressions = Callable[[PlotSpec], Mapping[str, str]]  # which parameters of a plot are code


def work(
    deck: Deck,
    seed: int,
    expressions: Expressions,
    pool: Pool,
    step: Step = lambda jobs: None,
) -> tuple[tuple[Worked, ...], tuple[WorkedPanel, ...], list[Fault]]:
    """Returns the worked cards and panels in the deck's order, and the faults of those that could not be worked.

    seed: with a card's id and the variant's number it fixes every draw.
    """
    jobs = [_job(card, expressions, seed, 1, _variants(deck, card), full=True) for card in deck.cards if not card.told]
    jobs += [_panel_job(panel) for panel in deck.meta.panels if panel.numbers.strip()]
    replies = zip(jobs, _replies(jobs, pool, step), strict=True)
    worked: list[Worked] = []
    panels: list[WorkedPanel] = []
    faults: list[Fault] = []
    together = Together(deck)
    for card in deck.cards:
        if card.told:
            worked.append(Worked(card, (), ()))
            continue
        job, reply = next(replies)
        read = _read(partial(_fault, deck, card), job, reply)
        if together.leaves_out(card, job.stream, reply, read):
            continue
        if isinstance(read, Reply):
            faults += [*_idle_excuse(deck, card, read.formula), *_misplaced(deck, card, read.variants)]
            run = read.formula.on_card if read.formula else ""
            worked.append(Worked(card, read.variants, read.checks, run))
        else:
            faults += read
    for place, panel in enumerate(deck.meta.panels):
        if not panel.numbers.strip():
            panels.append(WorkedPanel(panel, ()))
            continue
        read = _read(partial(_panel_fault, deck, place), *next(replies))
        if isinstance(read, Reply):
            panels.append(WorkedPanel(panel, read.variants[0].steps))
        else:
            faults += read
    return tuple(worked), tuple(panels), [*faults, *together.faults()]


def stress(
    deck: Deck,
    cards: Sequence[Card],
    seed: int,
    expressions: Expressions,
    draws: int,
    pool: Pool,
    step: Step = lambda jobs: None,
    *,
    formulas: bool = False,
) -> tuple[list[Fault], dict[str, list[Summary]]]:
    """Returns what `draws` draws of each of the cards find wrong, and what they say of the displayed formulas.

    Answers that hardly ever change are found too. formulas: every formula is run, not only those that bind; what
    each slice of the draws says of it comes back by the card's id.
    """
    cards = [card for card in cards if not card.told]
    slices = []
    for card in cards:
        count = draws if card.given.strip() else 1
        for first in range(1, count + 1, SLICE):
            job = _job(card, expressions, seed, first, min(SLICE, count - first + 1), full=False, formulas=formulas)
            slices.append((card, job))
    faults: list[Fault] = []
    run: dict[str, list[Summary]] = {card.id: [] for card in cards}
    answers: dict[str, set[str]] = {card.id: set() for card in cards}
    faulty: set[str] = set()
    together = Together(deck)
    for (card, job), reply in zip(slices, _replies([job for _, job in slices], pool, step), strict=True):
        if card.id in faulty:
            continue
        read = _read(partial(_fault, deck, card), job, reply)
        if together.leaves_out(card, job.stream, reply, read):
            faulty.add(card.id)
        elif isinstance(read, Reply):
            answers[card.id] |= set(read.answers)
            run[card.id] += [read.formula] if read.formula else []
        else:
            faulty.add(card.id)
            faults += read
    for card in cards:
        if card.given.strip() and card.id not in faulty:
            faults += _monotony(deck, card, answers[card.id], draws)
    return [*faults, *together.faults()], run


def _idle_excuse(deck: Deck, card: Card, run: Summary | None) -> list[Fault]:
    """A reason why the formula holds for the mistake too, where it does not."""
    if not card.mistakes[0].fits.strip() or run is None or run.mistake:
        return []
    what = "says why the formula holds for the value of the mistake, too, but it does not hold for it"
    key = tuple(map(str, card.mistake_key(0, "fits")))
    return [_fault(deck, card, CardFault(key, what, "Take `fits` away."))]


def _misplaced(deck: Deck, card: Card, variants: Sequence[Variant]) -> list[Fault]:
    """What is wrong with `work` once numbers stand in it, of the first variant in which something is."""
    for variant in variants:
        faults = [
            CardFault(WORK, what, hint, *markup.line_and_column(card.work, offset))
            for offset, what, hint in misplaced(card, variant)
        ]
        if faults:
            return [_fault(deck, card, fault) for fault in faults]
    return []


def _monotony(deck: Deck, card: Card, answers: set[str], draws: int) -> list[Fault]:
    """Answers that a learner would memorise instead of computing."""
    if len(answers) > 3 or draws < FEW or card.answers == len(answers):
        return []
    hint = f"Vary `given`, or write `answers: {len(answers)}` where that is meant."
    shown = ", ".join(" ".join(answer.split())[:80] for answer in sorted(answers))
    what = f"all {draws} draws give {shown}" if len(answers) == 1 else f"{draws} draws give only {shown}"
    fault = CardFault(NUMPY, f"{what}; learners will memorise it", hint)
    return [_fault(deck, card, fault, warning=len(answers) > 1)]


def _variants(deck: Deck, card: Card) -> int:
    return (card.variants or deck.meta.variants) if card.given.strip() else 1


def stream(card_id: str) -> int:
    """Returns the number that gives a card its own stream of draws, whatever other cards there are."""
    return binascii.crc32(card_id.encode())


def _job(
    card: Card, expressions: Expressions, seed: int, first: int, count: int, *, full: bool, formulas: bool = False
) -> Job:
    plot = card.plot
    formula = DisplayedFormula(
        card.formula, card.reads, bool(card.mistakes[0].fits.strip()), misprints=formulas and first == 1
    )
    asked = [
        ("{" + content + "}", markup.line_and_column(card.ask, at)) for content, at in markup.placeholders(card.ask)
    ]
    in_work = [
        (content, markup.line_and_column(card.work, at)) for content, at in work_template.placeholders(card.work)
    ]
    return Job(
        given=card.given,
        wide=card.wide if not full and first == 1 else "",
        keep=card.keep,
        numpy=card.numpy,
        steps=card.steps,
        check=card.check,
        mistakes=tuple(
            Piece(tuple(map(str, card.mistake_key(number, "numpy"))), mistake.numpy)
            for number, mistake in enumerate(card.mistakes)
            if mistake.numpy.strip()
        ),
        nice=card.nice,
        allow=card.allow,
        show=card.show,
        ask=tuple(Piece(ASK, source, *spot) for source, spot in asked),
        work=tuple(Piece(WORK, source, *spot) for source, spot in in_work),
        plot={name: Piece(("plot", plot.kind, name), code) for name, code in expressions(plot).items()} if plot else {},
        formula=formula if formulas or card.reads is not None else None,
        seed=seed,
        stream=stream(card.id),
        first=first,
        count=count,
        full=full,
    )


def _panel_job(panel: Panel) -> Job:
    """A card without inputs, whose steps are the lines of the panel."""
    return Job(numpy=panel.numbers, steps=panel.numbers)


def _replies(jobs: Sequence[Job], pool: Pool, step: Step) -> Iterator[Answer]:
    for reply in pool.map(jobs):
        step(len(jobs))
        yield reply


def _read(fault: Callable[[CardFault], Fault], job: Job, reply: Answer) -> Reply | list[Fault]:
    """The worker's answer, or the faults of the card. fault: makes one of a fault of the worker."""
    if isinstance(reply, Untried):
        return [fault(CardFault((), "not tried: the cards before took all the time that the deck may"))]
    if isinstance(reply, Failed):
        hint = "This is a bug in eigendeck: please report it, with the card."
        return [fault(CardFault((), f"could not be worked: {reply}", hint))]
    if isinstance(reply, Stopped):
        return [_stopped(fault, job, reply)]
    try:
        read = read_reply(reply, job)
    except Distrusted as error:
        hint = "Make what the card shows smaller; if it is small, please report this as a bug in eigendeck."
        return [fault(CardFault((), f"the worker's answer cannot be used: {error}", hint))]
    if read.faults:
        return [fault(found) for found in read.faults[:MOST_FAULTS]]
    if (shown := sum(map(characters, read.variants))) > budget.SHOWN:
        what = f"shows {shown:,} characters in all variants together; {budget.SHOWN:,} are allowed"
        return [fault(CardFault(NUMPY, what, "Show fewer numbers, or write `variants:` with fewer."))]
    return read


def _stopped(fault: Callable[[CardFault], Fault], job: Job, stopped: Stopped) -> Fault:
    """The fault of a card that had to be stopped, at the key that the worker was at."""
    keys = [GIVEN, WIDE, KEEP, NUMPY, STEPS, CHECK, WORK, ASK, FORMULA, *(piece.key for piece in job.mistakes)]
    keys += [("show", name) for name in job.show] + [piece.key for piece in job.plot.values()]
    hint = (
        f"All variants of a card together may take {budget.SECONDS:g} seconds and {budget.IN_WORDS},"
        f" and their values {budget.ANSWER // 2**20} MB: make the numbers smaller, or fewer."
    )
    return fault(CardFault(stopped.at if stopped.at in keys else (), f"{stopped.why}; stopped", hint))


def _fault(deck: Deck, card: Card, found: CardFault, *, warning: bool = False) -> Fault:
    source = deck.card_sources[card.id]
    path = [int(step) if found.key[0] == MISTAKE[0] and step.isdigit() else step for step in found.key]
    named = ".".join(step for step in path if isinstance(step, str))
    what = ": ".join(part for part in (card.id, named, found.message) if part)
    key = path or ["id"]
    place = source.at(*key, line=found.line, column=found.column)
    signs = [source.at(*key, line=line, column=column) for line, column in found.signs]
    return Fault(place, what, found.hint, warning, respelt(source, signs))


def _panel_fault(deck: Deck, number: int, found: CardFault) -> Fault:
    """A fault in the lines of a panel, whichever key of the card-like job it was found in."""
    source, path = deck.meta_source, ("panels", number, "numbers")
    place = source.at(*path, line=found.line, column=found.column)
    signs = [source.at(*path, line=line, column=column) for line, column in found.signs]
    what = f"{deck.meta.panels[number].title}: numbers: {found.message}"
    return Fault(place, what, found.hint, edits=respelt(source, signs))

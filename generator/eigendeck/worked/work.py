"""Stage 2. Cards → worked examples. The only stage that has card code executed, and only in the sandboxed worker."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial

from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck
from eigendeck.deck.repairs import respelt
from eigendeck.deck.source_map import SourceMap
from eigendeck.errors import Fault, clipped
from eigendeck.model import Worked, WorkedPanel
from eigendeck.store import NO_STORE, Store
from eigendeck.substitution.worked_formula import misplaced
from eigendeck.text import markup
from eigendeck.worked.asking import NOTHING, Asked, Step, Together, ask
from eigendeck.worked.jobs import Expressions, panel_job, stress_jobs, variants_job
from eigendeck.worked.sandbox import Pool
from eigendeck.worker.formula_summary import Summary, merge
from eigendeck.worker.job import FORMULA, MISTAKE, NUMPY, WORK, CardFault, Reply, Variant

FEW = 20  # draws of which nobody can tell whether the answer varies


def work(
    deck: Deck,
    seed: int,
    expressions: Expressions,
    pool: Pool,
    step: Step = lambda jobs: None,
    *,
    store: Store = NO_STORE,
    done: Mapping[str, int] = NOTHING,
    tried: bool = False,
) -> Iterator[Worked | WorkedPanel | Fault]:
    """Yields the cards and then the panels in the deck's order, each as soon as it is worked, after its faults.

    One that could not be worked has faults alone.

    seed: with a card's id and the variant's number it fixes every draw. store: replies that were believed
    before. done: cards that are left out, by their ids, and how many characters they show. tried: they were worked with
    another seed, and found sound: what does not depend on the numbers is not looked for again.
    """
    cards = [card for card in deck.cards if card.id not in done]
    panels = list(enumerate(deck.meta.panels))
    jobs = partial(variants_job, deck.meta, expressions=expressions, seed=seed, tried=tried)
    asked = [Asked((jobs(card),), partial(_fault, deck, card)) for card in cards if not card.told]
    asked += [Asked((panel_job(one),), partial(_panel_fault, deck, n)) for n, one in panels if one.numbers.strip()]
    together = Together(deck, done)
    with closing(ask(asked, pool, step, store)) as found:
        for card in cards:
            if card.told:
                yield Worked(card, (), ())
                continue
            one = next(found)
            if together.leaves_out(card, one):
                continue
            yield from one.faults
            for reply in one.replies:
                yield from () if tried else _idle_excuse(deck, card, reply.formula)
                yield from (*_misplaced(deck, card, reply.variants), *_unmeasured(deck, card, reply.variants))
                run = reply.formula.on_card if reply.formula else ""
                yield Worked(card, reply.variants, reply.checks, run, _contradiction(deck, card, [reply]))
        for _, panel in panels:
            if not panel.numbers.strip():
                yield WorkedPanel(panel, ())
                continue
            one = next(found)
            yield from one.faults
            yield from (WorkedPanel(panel, reply.variants[0].steps) for reply in one.replies)
    yield from together.faults()


def stress(
    deck: Deck,
    cards: Sequence[Card],
    seed: int,
    expressions: Expressions,
    draws: int,
    pool: Pool,
    step: Step = lambda jobs: None,
    *,
    misprints: bool = False,
    alone: bool = False,
    store: Store = NO_STORE,
) -> tuple[list[Fault], dict[str, tuple[Reply, ...]]]:
    """Returns what `draws` draws of each of the cards find wrong, and by its id the replies for its slices of draws.

    Answers that hardly ever change are found too. misprints: those of formulas that the draws would notice are counted.
    alone: what each line of `check` alone refuses is found.
    """
    cards = [card for card in cards if not card.told]
    asked = [
        Asked(
            stress_jobs(card, expressions, seed, draws, misprints=misprints, alone=alone), partial(_fault, deck, card)
        )
        for card in cards
    ]
    faults: list[Fault] = []
    run: dict[str, tuple[Reply, ...]] = {}
    warnings: list[Fault] = []
    together = Together(deck)
    for card, found in zip(cards, ask(asked, pool, step, store), strict=True):
        run[card.id] = found.replies
        if together.leaves_out(card, found):
            continue
        faults += found.faults
        if not found.faults and (contradiction := _contradiction(deck, card, found.replies)):
            warnings.append(contradiction)
        if card.given.strip() and not found.faults:
            answers = {answer for reply in found.replies for answer in reply.answers}
            warnings += _monotony(deck, card, answers, draws)
    return [*faults, *warnings, *together.faults()], run


def _contradiction(deck: Deck, card: Card, replies: Sequence[Reply]) -> Fault | None:
    """A formula that does not bind, and says something else than the code."""
    run = [reply.formula for reply in replies if reply.formula]
    if card.reads is not None or not run or not (summary := merge(run)).contradicts:
        return None
    hint = f"{summary.hint} Where the formula is of something else, `reads` says what its symbols are."
    return _fault(deck, card, CardFault(FORMULA, summary.message, hint), warning=True)


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


def _unmeasured(deck: Deck, card: Card, variants: Sequence[Variant]) -> list[Fault]:
    """Units of truths and of texts, of the first variant that has one."""
    for variant in variants:
        inputs = [(("units", name), value) for name, value in variant.inputs if name in card.units]
        answer = [(("unit",), variant.answer)] if card.unit else []
        for key, value in (*answer, *inputs):
            if value.kind in ("bool", "text", "function") or (
                value.numbers and all(isinstance(entry, bool | str) for entry in value.numbers)
            ):
                one = clipped(" ".join((value.printed or value.literal).split()))
                hint = f"Take {'it' if len(key) > 1 else '`unit`'} away, or compute the quantity that it is of."
                return [_fault(deck, card, CardFault(key, f"a unit belongs to numbers, not to {one}", hint))]
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


def _fault(deck: Deck, card: Card, found: CardFault, *, warning: bool = False) -> Fault:
    source = deck.card_sources[card.id]
    path = [int(step) if found.key[0] == MISTAKE[0] and step.isdigit() else step for step in found.key]
    label = ": ".join(part for part in (card.id, ".".join(step for step in path if isinstance(step, str))) if part)
    return _placed(source, path or ["id"], label, found, warning)


def _panel_fault(deck: Deck, number: int, found: CardFault) -> Fault:
    """A fault in the lines of a panel, whichever key of the card-like job it was found in."""
    label = f"{deck.meta.panels[number].title}: numbers"
    return _placed(deck.meta_source, ["panels", number, "numbers"], label, found)


def _placed(source: SourceMap, path: Sequence[str | int], label: str, found: CardFault, warning: bool = False) -> Fault:
    place = source.at(*path, line=found.line, column=found.column)
    signs = [source.at(*path, line=line, column=column) for line, column in found.signs]
    what = f"{label}: {found.message}" if found.message else label
    return Fault(place, what, found.hint, warning, respelt(source, signs))

"""What the worker is asked of a card or a panel: its code by key, and which draws are wanted."""

import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace

from eigendeck.deck.card_parts import Panel, PlotSpec
from eigendeck.deck.card_schema import Card
from eigendeck.deck.schema import DeckMeta
from eigendeck.substitution import work_template
from eigendeck.text import markup
from eigendeck.worker.job import ASK, WORK, DisplayedFormula, Job, Key, Piece

SLICE = 10  # draws in one job of `check`

Expressions = Callable[[PlotSpec], Mapping[str, str]]  # which parameters of a plot are code


def variants_of(meta: DeckMeta, card: Card) -> int:
    """Returns how many examples a card has: one where nothing is drawn, and of a told card none."""
    if card.told:
        return 0
    return (card.variants or meta.variants) if card.given.strip() else 1


def stream(card_id: str) -> int:
    """Returns the number that gives a card its own stream of draws, whatever other cards there are."""
    return binascii.crc32(card_id.encode())


def variants_job(meta: DeckMeta, card: Card, expressions: Expressions, seed: int, *, tried: bool = False) -> Job:
    """Returns the job that works a card's examples out. tried: it was found sound with another seed."""
    job = _job(card, expressions, seed, misprints=False)
    return replace(job, wide="", count=variants_of(meta, card), tried=tried)


def stress_jobs(
    card: Card, expressions: Expressions, seed: int, draws: int, *, misprints: bool, alone: bool
) -> tuple[Job, ...]:
    """Returns the jobs that try a card on so many draws.

    misprints: those that they would notice are counted. alone: what each line of `check` alone refuses is wanted.
    """
    count = draws if card.given.strip() else 1
    first = replace(
        _job(card, expressions, seed, misprints=misprints), count=min(SLICE, count), full=False, alone=alone
    )
    other = replace(_job(card, expressions, seed, misprints=False), wide="", full=False)
    starts = range(1 + SLICE, count + 1, SLICE)
    return first, *(replace(other, first=start, count=min(SLICE, count - start + 1)) for start in starts)


def panel_job(panel: Panel) -> Job:
    """A card without inputs, whose steps are the lines of the panel."""
    return Job(numpy=panel.numbers, steps=panel.numbers)


def _job(card: Card, expressions: Expressions, seed: int, *, misprints: bool) -> Job:
    """What all jobs of a card have."""
    plot, places = card.plot, markup.line_and_column
    says = ("plot", "says")
    asked = [*_placeholders(ASK, card.ask), *(_placeholders(says, plot.says) if plot else ())]
    in_work = [(content, places(card.work, at)) for content, at in work_template.placeholders(card.work)]
    return Job(
        given=card.given,
        wide=card.wide,
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
        ask=tuple(asked),
        work=tuple(Piece(WORK, source, *spot) for source, spot in in_work),
        plot={name: Piece(("plot", plot.kind, name), code) for name, code in expressions(plot).items()} if plot else {},
        formula=DisplayedFormula(card.formula, card.reads, bool(card.mistakes[0].fits.strip()), misprints),
        seed=seed,
        stream=stream(card.id),
    )


def _placeholders(key: Key, text: str) -> list[Piece]:
    """The placeholders of a text that differs between variants, each with its braces and its place."""
    found = markup.placeholders(text)
    return [Piece(key, "{" + content + "}", *markup.line_and_column(text, at)) for content, at in found]

"""Stage 2. Cards → worked examples. The only stage that has card code executed, and only in the sandboxed worker."""

from __future__ import annotations

import binascii
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from eigendeck import model, sandbox, substitute, text
from eigendeck.draw import PLOTS
from eigendeck.errors import Fault
from eigendeck.model import Worked
from eigendeck.read import Deck
from eigendeck.schema import Card

SECONDS = 2.0  # for one job: a card's variants, or a slice of its draws
SLICE = 25  # draws in one job of `check`

Step = Callable[[], None]  # called as each job ends: progress


def work(deck: Deck, seed: int, processes: int, step: Step = lambda: None) -> tuple[tuple[Worked, ...], list[Fault]]:
    """Returns the worked cards in the deck's order, and the faults of those that could not be worked.

    seed: with a card's id and the variant's number it fixes every draw.
    """
    jobs = [_job(deck, card, seed, 1, _variants(deck, card), full=True) for card in deck.cards]
    worked, faults = [], []
    for card, reply in zip(deck.cards, _replies(jobs, processes, step), strict=True):
        found = _faults(deck, card, seed, reply)
        if not found and isinstance(reply, dict):
            try:
                worked.append(_worked(card, _Reply.model_validate(reply)))
            except ValidationError:
                found = [_fault(deck, card, ("numpy",), "gives a value that a card cannot show: control characters?")]
        faults += found
    return tuple(worked), faults


def stress(
    deck: Deck, cards: Sequence[Card], seed: int, draws: int, processes: int, step: Step = lambda: None
) -> list[Fault]:
    """Returns what `draws` draws of each of the cards find wrong; answers that hardly ever change are found too."""
    slices = []
    for card in cards:
        count = draws if card.given else 1
        for first in range(1, count + 1, SLICE):
            slices.append((card, _job(deck, card, seed, first, min(SLICE, count - first + 1), full=False)))
    faults: list[Fault] = []
    answers: dict[str, set[str]] = {card.id: set() for card in cards}
    faulty: set[str] = set()
    for (card, _), reply in zip(slices, _replies([job for _, job in slices], processes, step), strict=True):
        if card.id in faulty:
            continue
        found = _faults(deck, card, seed, reply)
        if found:
            faulty.add(card.id)
            faults += found
        elif isinstance(reply, dict):
            answers[card.id] |= {str(answer) for answer in reply.get("answers", ())}
    for card in cards:
        if card.given and card.id not in faulty:
            faults += _monotony(deck, card, answers[card.id], draws)
    return faults


def _monotony(deck: Deck, card: Card, answers: set[str], draws: int) -> list[Fault]:
    """Answers that a learner would memorise instead of computing."""
    few = len(answers) <= 3 and draws >= 20
    if not few or card.answers == len(answers):
        return []
    hint = f'vary `given`, or write "answers: {len(answers)}" if that is meant'
    shown = ", ".join(sorted(answers)).replace("\n", " ")
    what = f"all {draws} draws give {shown}" if len(answers) == 1 else f"{draws} draws give only {shown}"
    return [_fault(deck, card, ("numpy",), f"{what}; learners will memorise it", hint, warning=len(answers) > 1)]


def _variants(deck: Deck, card: Card) -> int:
    return (card.variants or deck.meta.variants) if card.given else 1


def stream(card_id: str) -> int:
    """Returns the number that gives a card its own stream of draws, whatever other cards there are."""
    return binascii.crc32(card_id.encode())


def _job(deck: Deck, card: Card, seed: int, first: int, count: int, *, full: bool) -> dict[str, Any]:
    code = {
        "given": card.given,
        "keep": card.keep,
        "numpy": card.numpy,
        "steps": card.steps,
        "check": card.check,
        "mistake/numpy": card.mistake.numpy,
    }
    plot: dict[str, Any] = {}
    if card.plot and card.plot.kind in PLOTS:
        options = PLOTS[card.plot.kind].options
        plot = {
            name: [["plot", card.plot.kind, name], expression]
            for name, expression in card.plot.parameters.items()
            if isinstance(expression, str) and name not in options
        }
    return {
        "task": "card",
        "code": code,
        "nice": {"grid": card.nice.grid, "digits": card.nice.digits},
        "show": dict(card.show),
        "ask": [content for content, _ in text.placeholders(card.ask)],
        "work": [[code, 1, 0] for code in substitute.placeholders(card.work)],
        "plot": plot,
        "seed": seed,
        "stream": stream(card.id),
        "first": first,
        "count": count,
        "distinct": full,
        "full": full,
        "trace": False,
    }


def _replies(jobs: Sequence[dict[str, Any]], processes: int, step: Step) -> Iterable[dict[str, Any] | sandbox.Stopped]:
    with sandbox.Pool(processes) as pool:
        for job, reply in zip(jobs, pool.map(jobs, SECONDS), strict=True):
            if isinstance(reply, sandbox.Stopped):
                # Once more, saying where it is before each key: too slow for every job, needed to name the line.
                reply = next(iter(pool.map([{**job, "trace": True}], SECONDS)))
            step()
            yield reply


def _faults(deck: Deck, card: Card, seed: int, reply: dict[str, Any] | sandbox.Stopped) -> list[Fault]:
    if isinstance(reply, sandbox.Stopped):
        key = tuple(reply.at.split(".")) if reply.at in _KEYS else ()
        hint = "card code has 2 seconds and 512 MB for all variants of a card: make it smaller"
        return [_fault(deck, card, key, f"{reply.why}; stopped", hint)]
    try:
        found = [_WorkerFault.model_validate(fault) for fault in reply.get("faults", [])]
    except ValidationError:
        return [_fault(deck, card, (), "the worker gave an answer that cannot be read")]
    return [
        _fault(deck, card, tuple(fault.key), fault.message, fault.hint, fault.line, fault.column)
        for fault in found[:20]
    ]


_KEYS = frozenset(["given", "keep", "numpy", "steps", "check", "mistake.numpy", "work", "ask"])


def _fault(
    deck: Deck,
    card: Card,
    key: tuple[str, ...],
    message: str,
    hint: str = "",
    line: int = 1,
    column: int = 0,
    *,
    warning: bool = False,
) -> Fault:
    place = deck.places[card.id].at(*(key or ("id",)), line=line, column=column)
    return Fault(place, ": ".join(part for part in (card.id, ".".join(key), message) if part), hint, warning)


# ---- what the worker answers: distrusted, so validated to the last character


def _plain_text(given: object) -> object:
    if isinstance(given, str) and any(not c.isprintable() and c not in "\n\t" for c in given):
        raise ValueError("control characters")
    return given


def _complex(given: object) -> object:
    if isinstance(given, dict) and set(given) == {"re", "im"}:
        return complex(float(given["re"]), float(given["im"]))
    return given


_Text = Annotated[str, BeforeValidator(_plain_text), Field(max_length=60_000)]
_Number = Annotated[bool | int | float | complex | str | None, BeforeValidator(_complex)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _WorkerFault(_Strict):
    key: list[str] = Field(max_length=5)
    line: int = Field(ge=1, le=10_000)
    column: int = Field(ge=0, le=10_000)
    message: str = Field(max_length=5_000)
    hint: str = Field(max_length=5_000)
    draw: int


class _Value(_Strict):
    kind: Literal["number", "bool", "text", "array", "sequence", "function"]
    literal: _Text
    printed: _Text
    shape: list[int] | None = Field(max_length=32)
    dtype: str = Field(max_length=40)
    numbers: list[_Number] = Field(max_length=5_000)

    def value(self) -> model.Value:
        shape = None if self.shape is None else tuple(self.shape)
        if shape is not None and math.prod(shape) != len(self.numbers):
            raise ValueError("a shape that its numbers do not fill")
        numbers = tuple("None" if number is None else number for number in self.numbers)
        return model.Value(self.kind, self.literal, self.printed, shape, self.dtype, numbers)


class _Line(_Strict):
    code: _Text
    caption: _Text
    printed: _Text
    value: _Value | None
    raised: bool = False

    def line(self) -> model.Line:
        return model.Line(
            self.code, self.caption, self.printed, self.value.value() if self.value else None, self.raised
        )


class _Variant(_Strict):
    number: int
    inputs: list[tuple[str, _Value]]
    mistake_inputs: list[tuple[str, _Value]]
    shown: dict[str, _Text]
    answer: _Value
    program: _Text
    output: _Text
    steps: list[_Line]
    mistake: _Line | None
    ask: list[_Text]
    work: list[_Value]
    plot: dict[str, _Value]

    def variant(self) -> model.Variant:
        return model.Variant(
            number=self.number,
            inputs=tuple((name, value.value()) for name, value in self.inputs),
            mistake_inputs=tuple((name, value.value()) for name, value in self.mistake_inputs),
            shown=self.shown,
            answer=self.answer.value(),
            program=self.program,
            output=self.output,
            steps=tuple(line.line() for line in self.steps),
            mistake=self.mistake.line() if self.mistake else None,
            ask=tuple(self.ask),
            work=tuple(value.value() for value in self.work),
            plot={name: value.value() for name, value in self.plot.items()},
        )


class _Reply(_Strict):
    faults: list[_WorkerFault]
    variants: list[_Variant] = Field(min_length=1, max_length=20)
    answers: list[_Text]
    checks: list[_Text]
    inputs: list[str]
    mistake_inputs: list[str]


def _worked(card: Card, reply: _Reply) -> Worked:
    return Worked(card, tuple(variant.variant() for variant in reply.variants), tuple(reply.checks))

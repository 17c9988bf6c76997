"""Draws for one variant, one after the other, until all conditions of the card hold; or why none did.

The order of one draw: `given`, the conditions of `keep` that do not ask for the answer, `numpy`, the other conditions,
`nice`, the mistake that must differ, and inputs that differ from those of the earlier variants.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from eigendeck.worker import budget
from eigendeck.worker.code.card import CardCode
from eigendeck.worker.code.namespace import message_of
from eigendeck.worker.code.overflow import UNWATCHED
from eigendeck.worker.code.statements import Statement
from eigendeck.worker.code.strict import leniently, strictly
from eigendeck.worker.draws import Draw, Run, Stop
from eigendeck.worker.inputs import apply_show, draw_given
from eigendeck.worker.job import GIVEN, KEEP, MISTAKE, NICE, NUMPY, Key
from eigendeck.worker.literals import Unshowable
from eigendeck.worker.printing import legible, printed
from eigendeck.worker.values import is_nice, look_the_same

RARE = 0.02  # of all draws
LOOK = 500  # draws between two looks at the clock
LAST = 0.75  # of its time: what has refused the draws by then is told, before the clock tells nothing
EXAMPLE = 80  # characters of a value that was refused


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a draw was refused: the key, and the condition of `keep` where it is one."""

    key: Key
    condition: Statement | None = None


class Redraw(Exception):
    """This draw is refused; carries the Refusal, and an example of it in words."""

    def __init__(self, refusal: Refusal, example: str = "") -> None:
        self.refusal, self.example = refusal, example


def find(run: Run, number: int, seen: set[str] | None) -> Draw:
    """Returns the first draw for a variant of which every condition holds.

    seen: how the inputs of earlier variants look, from which they must differ; None where that does not matter.
    Raises Stop at a fault, and where none of the draws passed.
    """
    job = run.card.job
    rng = np.random.default_rng([job.seed, job.stream, number])
    tally = _Tally(run.card, number, len(seen or ()))
    known: dict[str, Redraw] = {}
    for _ in range(1 if tally.alone else budget.TRIES):
        try:
            return _tried(draw_given(run, number, rng), seen, known)
        except Redraw as redraw:
            tally.refused[redraw.refusal] += 1
            tally.examples[redraw.refusal] = redraw.example
        if tally.tries % LOOK == 0 and run.share > LAST:
            break
    run.faults.add(*tally.told())
    raise Stop


def _tried(draw: Draw, seen: set[str] | None, known: dict[str, Redraw]) -> Draw:
    """The draw, worked out.

    known: what refused draws whose inputs look the same; with few possible ones most were tried before.
    Raises Redraw where a condition does not hold, or Stop at a fault.
    """
    card = draw.card
    looks = repr([(name, draw.literals.get(name)) for name in card.displayed])
    if looks in known:
        raise known[looks]
    try:
        _judge(draw, looks, seen)
    except Redraw as redraw:
        if set(card.given.used) <= set(card.displayed):  # nothing that is read is hidden from readers
            known[looks] = redraw
        raise
    return draw


def _judge(draw: Draw, looks: str, seen: set[str] | None) -> None:
    card = draw.card
    _keep(draw, card.keep_before, answer=False)
    apply_show(draw)
    draw.work_out()
    last = card.numpy[-1]
    draw.showable(NUMPY, draw.answer, "the answer", (last.line, last.column))
    _keep(draw, card.keep_after, answer=True)
    draw.meant_answer = draw.meant(draw.answer)
    draw.refuse_blown_up((last.line, last.column))
    if not is_nice(draw.meant_answer, card.job.nice):
        raise Redraw(Refusal(NICE), printed(draw.answer).text)
    _run_mistakes(draw)
    if seen is not None:
        if looks in seen:
            raise Redraw(Refusal(GIVEN))
        seen.add(looks)


def _keep(draw: Draw, conditions: Iterable[Statement], *, answer: bool) -> None:
    draw.run.progress(KEEP)
    for condition in conditions:
        why = ""
        try:
            with strictly(draw.card.job.allow):
                holds = bool(eval(condition.code, draw.namespace(answer=answer)))
        except Exception as error:  # card code may raise anything, and here that only refuses the draw
            draw.run.note(error)
            holds, why = False, message_of(error)
        if not holds:
            raise Redraw(Refusal(KEEP, condition), why)


def _run_mistakes(draw: Draw) -> None:
    """Runs the mistakes: each must differ from the answer, and from the others."""
    digits = draw.card.job.nice.digits
    for mistake in draw.card.mistakes:
        value, error = _ran(draw, mistake)
        alike = [error == other for _, other in draw.mistakes] if error else []
        if not error:
            value = draw.meant(value, mistake)
            alike = [look_the_same(other, value, digits) for other in (draw.meant_answer, *draw.wrong_values)]
        if any(alike):
            raise Redraw(Refusal(mistake[-1].key))
        draw.mistakes += ((value, error),)


def _ran(draw: Draw, mistake: Sequence[Statement]) -> tuple[Any, str]:
    """What a mistake gives, or the error that it raises: that may be the point of it."""
    last, value = mistake[-1], None
    key = last.key
    draw.run.progress(key)
    namespace = draw.namespace(made=True, arithmetic=UNWATCHED)
    try:
        with leniently():
            for statement in mistake:
                value = eval(statement.code, namespace)
    except Exception as error:  # card code may raise anything, and here readers see it
        draw.run.note(error)
        return None, message_of(error)
    try:
        legible(value)
    except Unshowable as error:
        draw.refuse(key, f"the mistake's value {error}", "", last.line, last.column)
    return value, ""


@dataclass(slots=True)
class _Tally:
    """What refused the draws for a variant, and how often. earlier: how many variants there are already."""

    card: CardCode
    number: int
    earlier: int
    refused: Counter[Refusal] = field(default_factory=Counter)
    examples: dict[Refusal, str] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """There is nothing to draw."""
        return not self.card.given.statements

    @property
    def tries(self) -> int:
        return self.refused.total()

    def told(self) -> tuple[Key, str, str, int, int]:
        """The fault of a card of which no draw passed: key, message, hint and place."""
        blamed = self._blamed()
        place = (blamed.condition.line, blamed.condition.column) if blamed.condition else (1, 0)
        return blamed.key, *self._words(blamed), *place

    def _blamed(self) -> Refusal:
        """What refused all that came so far, or most of them; where some passed, and were there already, just that."""
        if again := [refusal for refusal in self.refused if refusal.key == GIVEN]:
            return again[0]
        furthest = max(map(self._stage, self.refused))
        blamed = max(self.refused, key=lambda refusal: (self._stage(refusal) == furthest, self.refused[refusal]))
        if self.refused[blamed] >= RARE * self.tries:
            return blamed
        return max(self.refused, key=lambda refusal: self.refused[refusal])  # hardly any draw came so far

    def _stage(self, refusal: Refusal) -> int:
        """How far a draw came that was refused so: what came furthest stopped all that reached it."""
        if refusal.condition is None:
            return {NICE: 2, GIVEN: 4}.get(refusal.key, 3)  # 3: a mistake
        return 0 if refusal.condition in self.card.keep_before else 1

    def _words(self, refusal: Refusal) -> tuple[str, str]:
        job, example = self.card.job, self.examples[refusal]
        drawn = "Change the numbers" if self.alone else "Widen `given`"
        often, rest = self._how_often(refusal)
        if refusal.condition is not None:
            when = "does not hold" if self.alone else f"refused {often or f'all {self.tries:,} draws'}"
            raised = f" ({example})" if example else ""
            return f"`{refusal.condition.quoted}` {when}{raised}{rest}", f"{drawn}, or loosen the condition."
        if refusal.key == GIVEN:
            draws = "draw was" if self.earlier == 1 else "draws were"
            message = f"only {self.earlier} different {draws} found in {self.tries:,} tries, for variant {self.number}"
            loosen = ", loosen `keep`" if job.keep.strip() else ""
            return message, f"Widen `given`{loosen}, or write `variants: {self.earlier}`."
        if refusal.key[0] == MISTAKE[0]:
            same = "equals the answer" if len(self.card.mistakes) == 1 else "equals the answer or another mistake"
            when = "" if self.alone else f" in {often or 'every draw'}"
            return f"{same}{when}: nothing to show{rest}", f"{drawn} so that the mistake comes out wrong."
        wanted = f"not finite, or half-way between two numbers of {job.nice.digits} decimals"
        when = "" if self.alone else f" in {often or 'any draw'}"
        hint = f"{drawn}, or write `nice` with more digits, or off."
        if job.nice.grid:
            wanted = f"no multiple of {job.nice.grid:g}"
            hint = f"{drawn} so that it comes out even, or write `nice` with another grid, 3 digits, or off."
        return f"the answer is {wanted}{when}: {'' if self.alone else 'for instance '}{example[:EXAMPLE]}{rest}", hint

    def _how_often(self, refusal: Refusal) -> tuple[str, str]:
        """How often draws were refused so, empty where all were, and what that means for the others."""
        share = self.refused[refusal] / self.tries
        if share == 1:
            return "", ""
        often = f"{100 * share:.0f}% of {self.tries:,} draws"
        stage = self._stage(refusal)
        if any(self._stage(other) >= stage for other in self.refused if other != refusal):
            return often, "; none passed all conditions"
        worst = [(other, count) for other, count in self.refused.most_common() if other != refusal][:2]
        named = [(f"`{other.condition.quoted}`" if other.condition else ".".join(other.key), n) for other, n in worst]
        others = ", ".join(f"{name} refused {100 * count / self.tries:.0f}%" for name, count in named)
        return f"all draws that came so far, {often} ({others})", ""

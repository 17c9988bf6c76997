"""Wrong answers to show a check that it can fail: a guard that accepts them all proves nothing.

They are what a wrong program would give: the answer to other inputs, the mistake's value, another sign, a wrong factor,
one entry that is off. Each differs visibly from the right answer, by a fifth at least.
"""

import cmath
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from eigendeck.worker.values import flat, look_the_same

MOST_OTHERS = 4  # answers of other draws
FACTOR = 1.2
_PLAIN = (np.ndarray, np.generic, list, tuple, bool, int, float, complex)  # what has entries
COMPARE = "Compare the answer with what another route gives."
CLOSE = f"{COMPARE} `np.isclose` and `np.allclose` take small numbers for equal unless they have `rtol=1e-9, atol=0`."
SIGN = "Compare the answer with what another route gives, or say its sign in a line more, such as `answer > 0`."


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An answer that a check must refuse, and what it is, as in `check accepts 1.2 times the answer`."""

    words: str
    value: Any
    hint: str = ""  # what to do about it in particular


def wrong_answers(
    answer: Any, others: Sequence[Any], mistakes: Sequence[Any] = (), digits: int | None = None
) -> list[WrongAnswer]:
    """Returns what a check of a draw must refuse, of what looks different from its answer on a card.

    others: the answers of other draws. mistakes: what the mistakes give that do not raise.
    digits: the decimals that the card shows. Of texts and truths, answers of other draws and the mistakes' alone.
    """
    differing = (other for other in others if not look_the_same(answer, other, digits))
    found = [WrongAnswer("the value of the mistake", value) for value in mistakes if value is not None]
    return [
        *(WrongAnswer("the answer of another draw", other) for other in islice(differing, MOST_OTHERS)),
        *(wrong for wrong in (*found, *_altered(answer)) if not look_the_same(answer, wrong.value, digits)),
    ]


def _altered(answer: Any) -> Iterator[WrongAnswer]:
    entries = flat(answer) if isinstance(answer, _PLAIN) else []
    numbers = [place for place, entry in enumerate(entries) if _is_number(entry)]
    if not numbers:
        if len(entries) > 1 and all(isinstance(entry, bool) for entry in entries):
            yield WrongAnswer("the answer with one entry turned over", _with(answer, {0: not entries[0]}))
        return
    yield WrongAnswer(f"{FACTOR:g} times the answer", _with(answer, {n: _larger(entries[n]) for n in numbers}))
    yield WrongAnswer("the answer with the other sign", _with(answer, {n: -entries[n] for n in numbers}), SIGN)
    if both := [n for n in numbers if isinstance(entries[n], complex) and entries[n].real and entries[n].imag]:
        words = "the answer with its {} part changed by a fifth"
        real = {n: complex(entries[n].real * FACTOR, entries[n].imag) for n in both}
        yield WrongAnswer(words.format("real"), _with(answer, real))
        imaginary = {n: complex(entries[n].real, entries[n].imag * FACTOR) for n in both}
        yield WrongAnswer(words.format("imaginary"), _with(answer, imaginary))
    if len(entries) > 1:
        scale = max(abs(entries[n]) for n in numbers)
        largest = max(numbers, key=lambda n: abs(entries[n]))
        for place in dict.fromkeys((largest, numbers[0], numbers[-1])):
            changed = _larger(entries[place]) if entries[place] else _fifth(scale, entries[place])
            yield WrongAnswer("the answer with one entry changed by a fifth", _with(answer, {place: changed}))


def _is_number(entry: Any) -> bool:
    whole = isinstance(entry, int) and not isinstance(entry, bool)
    return whole or (isinstance(entry, float | complex) and cmath.isfinite(entry))


def _larger(entry: Any) -> Any:
    """A number that is larger by a fifth at least; a whole one stays whole."""
    if not isinstance(entry, int):
        return entry * FACTOR
    fifth = -(-abs(entry) // 5)
    return entry + (fifth if entry > 0 else -fifth)


def _fifth(scale: Any, entry: Any) -> Any:
    """What a zero becomes: a fifth of the largest entry, whole where the zero is."""
    fifth = -(-scale // 5) if isinstance(scale, int) else math.ceil(scale / 5) if isinstance(entry, int) else scale / 5
    return fifth or 1


def _with(answer: Any, changed: Mapping[int, Any], places: Iterator[int] | None = None) -> Any:
    """The answer with other entries at some places, counted through all its parts; of the same kind as it was."""
    places = places or itertools.count()
    if isinstance(answer, list | tuple):
        parts = [_with(part, changed, places) for part in answer]
        return parts if isinstance(answer, list) else tuple(parts)
    inside = {
        at: changed[place] for at, place in enumerate(itertools.islice(places, np.size(answer))) if place in changed
    }
    if isinstance(answer, np.ndarray):
        made = np.array(answer)
        if made.dtype.kind == "u" and any(value < 0 for value in inside.values()):
            made = made.astype(np.int64)
        limits = np.iinfo(made.dtype) if made.dtype.kind in "iu" else None
        for at, value in inside.items():
            made.flat[at] = min(max(value, int(limits.min)), int(limits.max)) if limits else value
        return made
    value = inside.get(0, answer)
    return type(answer)(value) if isinstance(answer, np.inexact) else value

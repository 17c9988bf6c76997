"""Unfriendly draws: variations of a card's draws, as far as the card allows them.

They look past what hand-friendly numbers hide: that a matrix is always symmetric, that numbers are never negative.
A card allows a variation on which its conditions on the inputs hold, its `numpy` gives an answer of the usual kind,
and its checks hold. Names that follow from others in `given` are not varied: they follow. Some variations are longer
along axes that have one length in all draws, where neither the code nor the formula says that length.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from eigendeck.worker.clues import labels, numbers, together
from eigendeck.worker.code.card import CardCode
from eigendeck.worker.code.statements import Statement
from eigendeck.worker.draws import Draw, Redraw, Stop
from eigendeck.worker.formula import Summary, further
from eigendeck.worker.formula.beyond import Habit, habit
from eigendeck.worker.formula.evaluate.tensors import Array
from eigendeck.worker.formula.verdict.summary import in_short

FEWEST = 5  # draws that show what they have in common
COUNT = 4  # variations of one draw, at most
TRIES = 12  # for them
LARGEST = 2.0**53  # beyond, whole numbers are no longer exact
STREAM = 1  # apart from that of the draws

Inputs = Mapping[str, Any]
Axis = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Unfriendly:
    """An allowed variation of a draw, and which names of `given` have other values in it."""

    draw: Draw
    changed: tuple[str, ...]


def unfriendly(draws: Sequence[Draw]) -> list[Unfriendly]:
    """Returns the allowed variations of a card's draws. Raises nothing, and changes no draw.

    They come from the card's own stream, apart from that of its draws.
    """
    if len(draws) < FEWEST:
        return []
    card = draws[0].card
    inputs = [draw.given for draw in draws]
    habits = {
        name: found
        for name in card.makers
        if all(name in one for one in inputs)
        and (found := habit([_plain(one[name]) for one in inputs], label=name in _labels(card))) is not None
    }
    sources = _sources(card, habits, inputs)
    if not sources:
        return []
    habits = {name: habits[name] for name in sources}
    bonds, tied = list(_bonds(card, inputs)), _tied_axes(card, habits, inputs)
    return [one for draw in draws for one in _variations(draw, habits, bonds, tied)]


def beyond(summary: Summary, draws: Sequence[Draw]) -> tuple[Summary, list[tuple[Inputs, Any]]]:
    """Returns what unfriendly draws add to the summary of a card's own, and those on which the formula agrees, too."""
    card = draws[0].card
    assert card.reading
    reading = replace(card.reading, conventions=summary.conventions)
    broken = [(one, _relied_on(one, draws)) for one in unfriendly(draws)]
    broken.sort(key=lambda pair: (len(pair[1]), len(pair[0].changed)))  # the first that differs is told: the plainest
    kept = [(one.draw.namespace(made=True), one.draw.answer) for one, _ in broken]
    verdicts = [reading.judge(*one) for one in kept]
    told = [(v, _in_words(one), " or ".join(lines)) for v, (one, lines) in zip(verdicts, broken, strict=True)]
    summary, agreeing = further(summary, told)
    return summary, [kept[number] for number in agreeing]


def _in_words(one: Unfriendly) -> str:
    card = one.draw.card
    assert card.reading
    names = [name for name in card.makers if name in {*card.inputs, *card.reading.wants}]
    numbers = {name: one.draw.values[name] for name in names if not isinstance(one.draw.values[name], Statement)}
    return _clipped(", ".join(f"{name} = {_clipped(in_short(value), 100)}" for name, value in numbers.items()), 300)


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _relied_on(one: Unfriendly, draws: Sequence[Draw]) -> list[str]:
    """What holds of the inputs of all draws and not of this variation, as lines of `keep`."""
    found = []
    for line, holds in _LINES:
        for name in one.changed:
            drawn = [np.asarray(draw.given[name]) for draw in draws]
            if drawn[0].ndim and all(map(holds, drawn)) and not holds(np.asarray(one.draw.given[name])):
                found.append(f"`{line.format(name)}`")
    return found


def _is_symmetric(x: Array) -> bool:
    return x.ndim == 2 and x.shape[0] == x.shape[1] and bool(np.allclose(x, x.T))


_LINES: list[tuple[str, Callable[[Array], bool]]] = [
    ("np.allclose({0}, {0}.T)", _is_symmetric),
    ("np.isin({0}, [0, 1]).all()", lambda x: bool(np.isin(x, [0, 1]).all())),
    ("({0} >= 0).all()", lambda x: bool((x >= 0).all())),
]


def _variations(
    draw: Draw, habits: Mapping[str, Habit], bonds: Sequence[Bond], tied: Sequence[Sequence[Axis]]
) -> Iterator[Unfriendly]:
    """Some of the names at a time, since a card may allow one to vary and not another; every other one is longer."""
    rng = np.random.default_rng([draw.card.job["seed"], draw.card.job["stream"], draw.number, STREAM])
    found = 0
    for turn in range(TRIES):
        signs = turn % 4 > 1
        chosen = [name for name in habits if turn < 3 or rng.random() < 0.5] or [rng.choice(list(habits)).item()]
        values = {name: _plain(draw.given[name]) for name in chosen}
        longer = turn % 2 == 1 and bool(tied)
        if longer:
            axes = tied[int(rng.integers(len(tied)))]
            values |= _longer(draw, [axis for axis in axes if turn < 2 or rng.random() < 0.6])
        instead = {name: habits[name].varied(value, rng, signs=signs) for name, value in values.items()}
        try:
            other = draw.again(instead)
        except (Stop, Redraw):
            continue
        if not all(bond.holds(other.given) for bond in bonds) or not _is_like(other.answer, draw.answer, longer):
            continue
        if all(other.holds(condition) for condition in draw.card.check):
            yield Unfriendly(other, tuple(instead))
            found += 1
            if found == COUNT:
                return


def _sources(card: CardCode, habits: Mapping[str, Habit], inputs: Sequence[Inputs]) -> list[str]:
    """The names to vary, so that all that the formula or the code reads still belongs together.

    These are names that some piece reads, unless they are made of others that are read; and names that are only steps
    to such ones. What follows from one of these is made by `given` again.
    """
    assert card.reading
    before = _before(card)
    moving = {name for name in card.makers if not _is_constant([one.get(name) for one in inputs])}
    drawn = {name for statement in card.given if "rng" in statement.names.free for name in statement.names.bound}
    made = {name for name in card.makers if name not in drawn and before[name] & moving & set(card.used)}
    made |= _together(card, inputs)
    chosen: list[str] = []
    for name in card.makers:
        after = {o for o in (*card.inputs, *card.reading.wants) if o == name or name in before[o]}
        is_step = name in moving and (len(after) > 1 or bool(after & made))
        moves = name not in made if name in card.used else is_step
        if name in habits and after and moves and not before[name] & set(chosen):
            chosen.append(name)
    return chosen


def _tied_axes(card: CardCode, habits: Mapping[str, Habit], inputs: Sequence[Inputs]) -> list[list[Axis]]:
    """The axes of the names that vary, those of one length in all draws together, where nothing says that length."""
    assert card.reading
    said = card.reading.lengths
    code = numbers(statement.source for statement in (*card.body, card.last, *_bound(card)))
    if said is None or code - {0, 1}:
        return []  # a number such as 4, or the 2 that is its root, may be there for a length
    code |= numbers(condition.source for condition in card.check)
    said |= {int(number) + more for number in code for more in (0, 1)}  # entry 2 is the last of three
    sizes = {name: [one.get(name) for one in inputs] for name in card.makers}
    counts = [found for found in sizes.values() if all(isinstance(size, int | np.integer) for size in found)]
    found: dict[tuple[int, ...], list[Axis]] = {}
    for name, its in habits.items():
        if its.kind in ("free", "labels", "shares", "balanced") and its.fixed is None:
            shapes = [np.shape(one[name]) for one in inputs]
            for axis in range(len(shapes[0])):
                found.setdefault(tuple(shape[axis] for shape in shapes), []).append((name, axis))
    return [axes for length, axes in found.items() if not said & set(length) and list(length) not in counts]


def _longer(draw: Draw, axes: Sequence[Axis]) -> dict[str, Any]:
    """The inputs that have some axes, longer along them; their entries are yet to be drawn."""
    found: dict[str, Any] = {}
    for name, axis in axes:
        value = found.get(name, draw.given[name])
        found[name] = np.concatenate([value, np.take(value, [0, 0], axis)], axis)
    return found


def _before(card: CardCode) -> dict[str, set[str]]:
    """For each name of `given`, those that it follows from."""
    found: dict[str, set[str]] = {}
    for statement in card.given:
        direct = {name for name in statement.names.free if name in card.makers}
        for name in statement.names.bound:
            found.setdefault(name, set()).update(direct, *(found.get(other, set()) for other in direct))
            found[name].discard(name)
    return {name: found.get(name, set()) for name in card.makers}


def _together(card: CardCode, inputs: Sequence[Inputs]) -> set[str]:
    """Single numbers that were drawn together, such as the sides of a triangle from a list."""
    names = {name for statement in card.given for name in together(statement.source)}
    return {name for name in names if not any(np.ndim(one.get(name, 0)) for one in inputs)}


def _labels(card: CardCode) -> set[str]:
    return labels(statement.source for statement in (*card.body, card.last, *_bound(card)))


def _bound(card: CardCode) -> list[Statement]:
    """The expressions of `reads`."""
    assert card.reading
    return [binding.statement for binding in card.reading.bare.bindings] if card.reading.bare else []


@dataclass(frozen=True, slots=True)
class Bond:
    """What holds between two inputs on all draws."""

    one: str
    other: str
    holds_of: Callable[[Array, Array], bool]

    def holds(self, inputs: Inputs) -> bool:
        """Whether it holds of some inputs."""
        pair = _pair(inputs, self.one, self.other)
        return pair is not None and self.holds_of(*pair)


def _bonds(card: CardCode, inputs: Sequence[Inputs]) -> Iterator[Bond]:
    """What all draws show of two inputs of one shape.

    Entry by entry one is below the other, or they add up to the same number; or they have the same sum, or stand at a
    right angle.
    """
    for one, other in itertools.permutations(card.used, 2):
        pairs = [pair for i in inputs if (pair := _pair(i, one, other)) is not None]
        if len(pairs) < len(inputs):
            continue
        total = (pairs[0][0] + pairs[0][1]).flat[0] if pairs[0][0].size else 0
        kinds: list[Callable[[Array, Array], bool]] = [] if _is_constant([a for a, _ in pairs]) else [_is_below]
        if one < other:
            kinds += [partial(_add_up, total), _have_one_sum, _are_at_right_angles]
        yield from (Bond(one, other, kind) for kind in kinds if all(kind(a, b) for a, b in pairs))


def _is_below(a: Array, b: Array) -> bool:
    return bool(np.all(a <= b))


def _add_up(total: float, a: Array, b: Array) -> bool:
    return bool(np.allclose(a + b, total))


def _have_one_sum(a: Array, b: Array) -> bool:
    return a.ndim > 0 and bool(np.isclose(a.sum(), b.sum()))


def _are_at_right_angles(a: Array, b: Array) -> bool:
    return a.ndim == 1 and a.size > 1 and bool(np.isclose(a @ b, 0))


def _pair(inputs: Inputs, one: str, other: str) -> tuple[Array, Array] | None:
    """Two inputs that can be compared entry by entry."""
    a, b = inputs.get(one), inputs.get(other)
    if not all(isinstance(value, int | float | np.number | np.ndarray) for value in (a, b)):
        return None
    a, b = np.asarray(a), np.asarray(b)
    return (a, b) if a.shape == b.shape and a.dtype.kind in "if" and b.dtype.kind in "if" else None


def _is_constant(found: Sequence[Any]) -> bool:
    try:
        return all(np.array_equal(value, found[0]) for value in found)
    except (TypeError, ValueError):  # what cannot be compared, such as rows of different lengths
        return False


def _is_like(answer: Any, usual: Any, longer: bool) -> bool:
    """Whether an answer is of the usual kind and shape, and finite. longer: another shape is expected."""
    try:
        a, b = np.asarray(answer), np.asarray(usual)
    except ValueError:
        return False
    if (a.ndim if longer else a.shape) != (b.ndim if longer else b.shape):
        return False
    if a.dtype.kind != b.dtype.kind or a.dtype.kind not in "bifc":
        return False
    return bool(np.all(np.isfinite(a)) and np.all(np.abs(a) < LARGEST))


def _plain(value: Any) -> Any:
    """NumPy's single numbers as Python's, as a card has them."""
    if isinstance(value, np.floating):
        return float(value)
    return None if isinstance(value, Statement) else value

"""Whether two values are the same, and whether a relation holds between them."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from eigendeck.worker.formula.evaluate.tensors import Array, Tensor, aligned, full, sized, tensor
from eigendeck.worker.formula.parser.causes import Unread

EXACT = 1e-6  # relative to the largest entry


def close(one: Array, other: Array, noise: float = 0.0) -> bool:
    """Whether two arrays of one shape are the same but for rounding errors.

    Nothing is the same because it is small: what differs by more than its noise must agree in its first digits.
    noise: what rounding errors, or small steps, may have left of a zero.
    """
    if one.shape != other.shape:
        return False
    slack = noise if np.isfinite(noise) else 0.0
    if one.size == 1 and one.dtype.kind == other.dtype.kind == "f":  # most are numbers: Python's own are quicker
        a, b = one.item(), other.item()
        if not (math.isfinite(a) and math.isfinite(b)):
            return bool(a == b or (math.isnan(a) and math.isnan(b)))
        return bool(abs(a - b) <= EXACT * max(abs(a), abs(b)) + slack)
    finite = np.isfinite(one) & np.isfinite(other)
    with np.errstate(all="ignore"):
        same = (one == other) | (np.isnan(one) & np.isnan(other))
    if not np.all(finite | same):
        return False
    one, other = one[finite], other[finite]
    if not one.size:
        return True
    largest = max(float(np.abs(one).max()), float(np.abs(other).max()))
    return bool(np.abs(one - other).max() <= EXACT * largest + slack)


def laid_out(found: Tensor, order: Sequence[str], shape: tuple[int, ...]) -> Array:
    """Returns a value as an array like the answer: its letters first, in the order of the left side.

    order: the letters of the left side. shape: of the answer, for what takes any size.
    Raises Unread where the left side has other letters.
    """
    letters = [letter for letter in order if letter in found.letters]
    letters += [letter for letter in found.letters if letter not in letters]
    if found.letters and order and set(letters) != set(order):
        left, right = ", ".join(order), ", ".join(sorted(found.letters))
        raise Unread(f"the left side is for every {left}, the right side for every {right}")
    if found.special:
        found = sized(found, Tensor(np.zeros(shape[len(letters) :])))[0]
    data = full(found, letters, dict(zip(found.letters, found.lead, strict=True)))
    if found.stretch and len(shape) == data.ndim:
        data = np.broadcast_to(data, (*data.shape[:-2], shape[-2], data.shape[-1]))
    return data


def related(one: Tensor, relation: str, other: Tensor) -> bool:
    """Whether `one relation other` holds, for every value of the letters.

    Raises Unread where the relation is not one of numbers, or the sides are for other letters.
    """
    noise = one.noise + other.noise
    if relation == "≈":
        return True  # how near is not said
    if relation in ("=", "←", "≠"):
        return close(*_pair(one, other), noise) != (relation == "≠")
    if relation == "∝":
        a, b = _pair(one, other)
        if a.shape != b.shape or not a.size:
            return False
        scale = np.vdot(b, a) / np.vdot(b, b) if np.any(b) else 0.0
        return bool(scale.real > 0) and close(a, b * scale, noise)
    if relation == "⊥":
        if one.rank != 1 or other.shape != one.shape or one.letters or other.letters:
            raise Unread("⊥ between what are no two vectors")
        size = float(np.linalg.norm(one.data) * np.linalg.norm(other.data))
        return bool(abs(one.data @ other.data) <= EXACT * size)
    if relation in ("<", ">", "≤", "≥"):
        if one.rank != other.rank and one.rank and other.rank:
            raise Unread("an inequality between arrays of different kinds")
        a, b = _broadcast(one, other) if relation in ("<", "≤") else _broadcast(other, one)
        if relation in ("<", ">"):
            return bool(np.all(a < b))
        return bool(np.all(a <= b + EXACT * max(one.largest, other.largest) + noise))
    raise Unread(f"{relation} is not executed")


def _is_zero(item: Tensor) -> bool:
    return not item.letters and not item.rank and not item.special and item.data == 0


def _pair(one: Tensor, other: Tensor) -> tuple[Array, Array]:
    if _is_zero(other) and not one.special:
        return one.data, np.zeros(one.data.shape)
    if _is_zero(one) and not other.special:
        return np.zeros(other.data.shape), other.data
    if one.special and other.special:
        return one.data, other.data if one.special == other.special else one.data + 1
    one, other = sized(one, other)
    if set(one.letters) != set(other.letters):
        left, right = (", ".join(sorted(item.letters)) or "nothing" for item in (one, other))
        raise Unread(f"one side is for every {left}, the other for every {right}")
    _, (a, b) = aligned(one, other)
    if one.stretch or other.stretch:
        a, b = np.broadcast_arrays(a, b)
    return a, b


def _broadcast(one: Tensor, other: Tensor) -> tuple[Array, Array]:
    one, other = sized(one, other)
    _, (a, b) = aligned(one, other)
    a = a.reshape(a.shape + (1,) * max(0, other.rank - one.rank))
    b = b.reshape(b.shape + (1,) * max(0, one.rank - other.rank))
    if a.dtype.kind == "c" or b.dtype.kind == "c":
        raise Unread("an inequality of complex numbers")
    try:
        a, b = np.broadcast_arrays(a, b)
    except ValueError:
        raise Unread("an inequality between arrays of different shapes") from None
    return a, b


def ratio(one: Array | None, other: Array | None) -> float | None:
    """Returns by which factor one array is the other, None where there is no such factor."""
    if one is None or other is None or one.shape != other.shape or not one.size:
        return None
    if "c" in (one.dtype.kind, other.dtype.kind):
        return None
    used = np.abs(other) > 1e-9 * max(1e-300, float(np.abs(other).max()))
    if not np.any(used) or not np.all(np.isfinite(one)) or not np.all(np.isfinite(other)):
        return None
    found = float((one[used] / other[used]).flat[0])
    return found if found and close(one, other * found) else None


def answer_of(value: Any) -> Tensor:
    """Returns the answer of a card as a tensor. Raises Unread where it is no array of numbers."""
    try:
        return tensor(value)
    except Unread:
        raise Unread("the answer is no array of numbers") from None

r"""Values of a formula: arrays whose leading axes have the names of index letters, and their typed products.

`x_i y_j` is a number for each i and j; `\mathbf{v}_s` is a vector for each s. What is left behind the letters decides
what a product means: number, vector or matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eigendeck.worker.formula.parser.causes import RangeClash, ShapeMismatch, UnknownRange, Unread, shown

Array = np.ndarray[Any, np.dtype[Any]]
MOST = 1_000_000  # elements


@dataclass(frozen=True, slots=True)
class Tensor:
    """An array.

    letters: the names of its leading axes. row: a vector that was transposed.
    special: "identity", "ones" or "zeros" times `data`, a number, whose size the context decides.
    stretch: its rows are all alike, and as many as the context asks for.
    """

    data: Array
    letters: tuple[str, ...] = ()
    row: bool = False
    special: str = ""
    stretch: bool = False

    @property
    def rank(self) -> int:
        """0 for numbers, 1 for vectors, 2 for matrices, for each value of the letters."""
        return self.data.ndim - len(self.letters)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape behind the letters."""
        return tuple(self.data.shape[len(self.letters) :])

    @property
    def lead(self) -> tuple[int, ...]:
        """How many values each letter has."""
        return tuple(self.data.shape[: len(self.letters)])


def tensor(value: Any, letters: Sequence[str] = ()) -> Tensor:
    """Returns numbers as a tensor.

    Raises:
        Unread: it is no array of numbers.
    """
    try:
        data = np.asarray(value)
    except (ValueError, TypeError):
        raise Unread("a value that is no array of numbers") from None
    if data.dtype.kind not in "biufc":
        raise Unread("a value that is no number")
    if data.size > MOST:
        raise Unread("a value that is too large")
    return Tensor(data.astype(complex if data.dtype.kind == "c" else float), tuple(letters))


def aligned(*tensors: Tensor) -> tuple[tuple[str, ...], list[Array]]:
    """Returns the letters of all tensors, and their data with one axis for each of them in front.

    Raises:
        Unread: a letter has two ranges.
    """
    sizes: dict[str, int] = {}
    for item in tensors:
        for letter, size in zip(item.letters, item.lead, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise RangeClash(letter, sizes[letter], size)
    letters = tuple(sizes)
    if all(item.letters == letters for item in tensors):
        return letters, [item.data for item in tensors]
    if np.prod([float(size) for size in sizes.values()]) > MOST:
        raise Unread("too many values of the index letters")
    found = []
    for item in tensors:
        have = [letter for letter in letters if letter in item.letters]
        order = [item.letters.index(letter) for letter in have]
        core = list(range(len(item.letters), item.data.ndim))
        data = item.data.transpose(order + core)
        shape = [sizes[letter] if letter in have else 1 for letter in letters]
        found.append(data.reshape([*shape, *item.shape]))
    return letters, found


def full(item: Tensor, letters: Sequence[str], sizes: dict[str, int]) -> Array:
    """Returns the data with an axis for each of the letters, in their order, repeated where nothing depends on it."""
    order = [item.letters.index(letter) for letter in letters if letter in item.letters]
    data = item.data.transpose(order + list(range(len(item.letters), item.data.ndim)))
    shape = [sizes[letter] if letter in item.letters else 1 for letter in letters]
    wanted = (*(sizes[letter] for letter in letters), *item.shape)
    return np.broadcast_to(data.reshape([*shape, *item.shape]), wanted)


def each(function: Callable[..., Any], *items: Tensor) -> Tensor:
    """Applies a function to numbers, or entry by entry to vectors and matrices of one shape, and numbers beside them.

    Raises:
        Unread: the shapes differ.
    """
    items = sized(*items)
    rank = max(item.rank for item in items)
    shapes = {item.shape for item in items if item.rank}
    stretch = [item for item in items if item.stretch]
    if len(shapes) > 1 and not (stretch and len({shape[1:] for shape in shapes}) == 1):
        raise Unread(" beside ".join(map(shown, [item.shape for item in items if item.rank])))
    letters, data = aligned(*items)
    for position, item in enumerate(items):
        if item.rank < rank:
            data[position] = data[position].reshape(data[position].shape + (1,) * (rank - item.rank))
    row = any(item.row for item in items if item.rank == 1)
    if row and not all(item.row for item in items if item.rank == 1):
        raise Unread("a row beside a column")
    keeps = bool(stretch) and all(item.stretch for item in items if item.rank)
    return Tensor(np.asarray(function(*data)), letters, row=row, stretch=keeps)


def sized(*items: Tensor) -> tuple[Tensor, ...]:
    """Gives the identity, the zeros and the ones among some tensors the size of the others."""
    if not any(item.special for item in items):
        return items
    shape = next((item.shape for item in items if item.rank and not item.special), None)
    found = []
    for item in items:
        if not item.special:
            found.append(item)
        elif shape is None:
            raise Unread(f"the size of {item.special} is not known")
        elif item.special == "identity":
            if len(shape) != 2 or shape[0] != shape[1]:
                raise Unread(f"{shown(shape)} beside the identity")
            found.append(replace(item, data=item.data[..., None, None] * np.eye(shape[0]), special=""))
        else:
            ones = np.ones(shape) if item.special == "ones" else np.zeros(shape)
            data = item.data.reshape(item.data.shape + (1,) * len(shape)) * ones
            found.append(
                replace(item, data=data, special="", row=next(i.row for i in items if i.rank and not i.special))
            )
    return tuple(found)


def add(one: Tensor, other: Tensor) -> Tensor:
    """The sum."""
    if one.special and one.special == other.special:
        return replace(one, data=one.data + other.data)
    return each(np.add, one, other)


def times(one: Tensor, other: Tensor, sign: str = "") -> Tensor:
    r"""The product, by its kinds: numbers scale, matrices and vectors multiply, and `\odot` works entry by entry.

    Raises:
        Unread: the shapes do not fit, or it may mean several things.
    """
    if sign == "odot":
        if one.rank and other.rank and (one.special or other.special or one.shape == other.shape):
            return each(np.multiply, one, other)
        raise Unread(f"{shown(one.shape)} ⊙ {shown(other.shape)}")
    if (one.special and other.rank) or (other.special and one.rank) or (one.special and other.special):
        return _special(one, other, sign)
    if not one.rank or not other.rank:
        scaled = other if one.rank == 0 else one
        letters, (a, b) = aligned(one, other)
        if one.rank < other.rank:
            a = a.reshape(a.shape + (1,) * other.rank)
        elif other.rank < one.rank:
            b = b.reshape(b.shape + (1,) * one.rank)
        return replace(scaled, data=a * b, letters=letters, special=one.special or other.special)
    if sign == "times":
        raise Unread("× between vectors or matrices")
    if max(one.rank, other.rank) > 2:
        raise Unread("a product of arrays with more than two axes")
    return _linear(one, other, sign)


def _linear(one: Tensor, other: Tensor, sign: str) -> Tensor:
    letters, (a, b) = aligned(one, other)
    if one.rank == other.rank == 1:
        if one.row == other.row and sign != "cdot":
            raise Unread("two vectors side by side: write a dot or a transpose between them")
        if other.row and not one.row:
            return Tensor(a[..., :, None] * b[..., None, :], letters)
        _fits(one.shape[-1], other.shape[0], one, other)
        return Tensor((a * b).sum(-1), letters)
    if one.rank == 1:  # a row, whether or not it says so: a column does not fit
        if other.shape[0] == 1 and not one.row:
            return Tensor(a[..., :, None] * b[..., 0:1, :], letters)
        _fits(one.shape[-1], other.shape[0], one, other)
        return Tensor(np.matmul(a[..., None, :], b)[..., 0, :], letters, row=True)
    _fits(one.shape[1], other.shape[0], one, other)
    if other.rank == 1:
        if other.row:
            raise Unread(f"{shown(one.shape)} times a row")
        return Tensor(np.matmul(a, b[..., None])[..., 0], letters, stretch=one.stretch)
    return Tensor(np.matmul(a, b), letters, stretch=one.stretch)


def _fits(inner: int, outer: int, one: Tensor, other: Tensor) -> None:
    if inner != outer:
        raise ShapeMismatch(one.shape, other.shape)


def _special(one: Tensor, other: Tensor, sign: str) -> Tensor:
    """A product with the identity, or with a vector of ones or zeros."""
    special, plain, first = (one, other, True) if one.special else (other, one, False)
    if plain.special:
        if "identity" in (one.special, other.special):
            kept = other if one.special == "identity" else one
            letters, (a, b) = aligned(one, other)
            return replace(kept, data=a * b, letters=letters)
        raise Unread("the size of the ones is not known")
    if special.special == "identity":
        if plain.rank == 1 and first == plain.row:
            raise Unread("the identity beside a vector that stands the other way")
        letters, (a, b) = aligned(special, plain)
        return replace(plain, data=a.reshape(a.shape + (1,) * plain.rank) * b, letters=letters)
    if first and not special.row and plain.rank == 1 and plain.row:
        letters, (a, b) = aligned(special, plain)
        factor = 1.0 if special.special == "ones" else 0.0
        return Tensor((factor * a[..., None] * b)[..., None, :], letters, stretch=True)
    size = plain.shape[0] if first else plain.shape[-1]
    factor = 1.0 if special.special == "ones" else 0.0
    filled = replace(special, data=special.data[..., None] * np.full(size, factor), special="")
    return times(filled, plain, sign) if first else times(plain, filled, sign)


def power(base: Tensor, exponent: Tensor) -> Tensor:
    """A power of numbers; of a matrix with a whole exponent; of a number with a vector in the exponent.

    Raises:
        Unread: the power of a vector, which may mean several things.
    """
    if base.special:
        if base.special == "identity" and not exponent.rank:
            return replace(base, data=base.data**exponent.data)
        raise Unread("a power of a vector")
    if base.rank == 0:
        if exponent.rank > 1:
            raise Unread("a matrix in the exponent")
        negative = np.any(base.data.real < 0) and np.any(exponent.data != np.round(exponent.data))
        if negative and base.data.dtype.kind != "c":
            raise Unread("a root of a negative number")
        return each(np.power, base, exponent)
    if base.rank == 1:
        raise Unread("a power of a vector")
    if exponent.data.ndim or base.shape[0] != base.shape[1] or base.rank != 2:
        raise Unread(f"a power of {shown(base.shape)}")
    whole = float(exponent.data.real)
    if not whole.is_integer() or abs(whole) > 50:
        raise Unread("a power of a matrix that is not whole")
    try:
        return Tensor(np.linalg.matrix_power(base.data, int(whole)), base.letters)
    except np.linalg.LinAlgError:
        raise Unread("the inverse of a singular matrix") from None


def transposed(item: Tensor) -> Tensor:
    """The transpose; that of a number is the number."""
    if item.rank == 1 or (item.special and item.special != "identity"):
        return replace(item, row=not item.row)
    if item.rank < 2:
        return item
    if item.rank > 2:
        raise Unread("the transpose of an array with more than two axes")
    if item.stretch:
        raise Unread("the size of the ones is not known")
    return replace(item, data=np.swapaxes(item.data, -1, -2))


def over(item: Tensor, letter: str) -> int:
    """Returns the axis of a letter.

    Raises:
        Unread: the value does not depend on the letter.
    """
    if letter not in item.letters:
        raise UnknownRange(letter)
    return item.letters.index(letter)


def without(item: Tensor, letter: str, data: Array) -> Tensor:
    """The tensor with other data, from which the axis of a letter is gone."""
    return replace(item, data=data, letters=tuple(other for other in item.letters if other != letter))

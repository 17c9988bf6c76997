r"""Typed sums, products and powers: what stands behind the letters decides what a product means."""

import numpy as np

from eigendeck.worker.formula.evaluate.tensors import NOISE, Tensor, aligned, each
from eigendeck.worker.formula.parser.causes import Unread, shape_mismatch, shown


def add(one: Tensor, other: Tensor) -> Tensor:
    """The sum: what is left where its terms cancel is the noise of the larger one."""
    noise = one.noise + other.noise + NOISE * max(one.largest, other.largest)
    if one.special and one.special == other.special:
        return one._replace(data=one.data + other.data, noise=noise)
    return each(np.add, one, other)._replace(noise=noise)


def times(one: Tensor, other: Tensor, sign: str = "") -> Tensor:
    r"""The product, by its kinds: numbers scale, matrices and vectors multiply, and `\odot` works entry by entry.

    Raises Unread where the shapes do not fit, or it may mean several things.
    """
    product = _times(one, other, sign)
    noise = one.noise * other.largest + other.noise * one.largest if one.noise or other.noise else 0.0
    if one.rank and other.rank:  # it sums up
        noise += NOISE * one.largest * other.largest
    return product._replace(noise=noise)


def _times(one: Tensor, other: Tensor, sign: str) -> Tensor:
    if sign == "odot":
        if one.rank and other.rank and (one.special or other.special or one.shape == other.shape):
            return each(np.multiply, one, other)
        raise Unread(f"{shown(one.shape)} ⊙ {shown(other.shape)}")
    if (one.special and other.rank) or (other.special and one.rank) or (one.special and other.special):
        return _special(one, other, sign)
    if not one.rank or not other.rank:
        scaled = other if one.rank == 0 else one
        letters, (a, b) = aligned(one, other)
        a = a.reshape(a.shape + (1,) * max(0, other.rank - one.rank))
        b = b.reshape(b.shape + (1,) * max(0, one.rank - other.rank))
        return scaled._replace(data=a * b, letters=letters, special=one.special or other.special)
    if sign == "times":
        if one.shape != (3,) or other.shape != (3,):
            raise Unread("× between what are no vectors of three entries")
        letters, (a, b) = aligned(one, other)
        return Tensor(np.cross(a, b), letters)
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
        _refuse_misfit(one, other)
        return Tensor((a * b).sum(-1), letters)
    if one.rank == 1:  # a row, whether or not it says so: a column does not fit
        if other.shape[0] == 1 and not one.row:
            return Tensor(a[..., :, None] * b[..., 0:1, :], letters)
        _refuse_misfit(one, other)
        return Tensor(np.matmul(a[..., None, :], b)[..., 0, :], letters, row=True)
    _refuse_misfit(one, other)
    if other.rank == 1:
        if other.row:
            raise Unread(f"{shown(one.shape)} times a row")
        return Tensor(np.matmul(a, b[..., None])[..., 0], letters, stretch=one.stretch)
    return Tensor(np.matmul(a, b), letters, stretch=one.stretch)


def _refuse_misfit(one: Tensor, other: Tensor) -> None:
    if one.shape[-1] != other.shape[0]:
        raise shape_mismatch(one.shape, other.shape)


def _special(one: Tensor, other: Tensor, sign: str) -> Tensor:
    """A product with the identity, or with a vector of ones or zeros."""
    special, plain, first = (one, other, True) if one.special else (other, one, False)
    letters, (a, b) = aligned(special, plain)
    factor = 1.0 if special.special == "ones" else 0.0
    if plain.special:
        if "identity" in (one.special, other.special):
            return (other if one.special == "identity" else one)._replace(data=a * b, letters=letters)
        raise Unread("the size of the ones is not known")
    if special.special == "identity":
        if plain.rank == 1 and first == plain.row:
            raise Unread("the identity beside a vector that stands the other way")
        return plain._replace(data=a.reshape(a.shape + (1,) * plain.rank) * b, letters=letters)
    if first and not special.row and plain.rank == 1 and plain.row:
        return Tensor((factor * a[..., None] * b)[..., None, :], letters, stretch=True)
    size = plain.shape[0] if first else plain.shape[-1]
    filled = special._replace(data=special.data[..., None] * np.full(size, factor), special="")
    return times(filled, plain, sign) if first else times(plain, filled, sign)


def power(base: Tensor, exponent: Tensor) -> Tensor:
    """A power of numbers; of a matrix with a whole exponent; of a number with a vector in the exponent.

    Raises Unread for the power of a vector, which may mean several things.
    """
    if base.special:
        if base.special == "identity" and not exponent.rank:
            return base._replace(data=base.data**exponent.data)
        raise Unread("a power of a vector")
    if base.rank == 0:
        if exponent.rank > 1:
            raise Unread("a matrix in the exponent")
        negative = np.any(base.data.real < 0) and np.any(exponent.data != np.round(exponent.data))
        if negative and base.data.dtype.kind != "c":
            raise Unread("a root of a negative number")
        size, top = base.largest, float(exponent.data.real.max(initial=0))
        noise = (size + base.noise) ** top - size**top if base.noise else 0.0
        return each(np.power, base, exponent)._replace(noise=noise)
    if base.rank == 1:
        raise Unread("a power of a vector")
    if exponent.data.ndim or base.shape[0] != base.shape[1] or base.rank != 2:
        raise Unread(f"a power of {shown(base.shape)}")
    whole = float(exponent.data.real)
    if not whole.is_integer() or abs(whole) > 50:
        raise Unread("a power of a matrix that is not whole")
    try:
        noise = NOISE * base.largest**whole if whole > 1 else base.noise
        return Tensor(np.linalg.matrix_power(base.data, int(whole)), base.letters, noise=noise)
    except np.linalg.LinAlgError:
        raise Unread("the inverse of a singular matrix") from None


def transposed(item: Tensor) -> Tensor:
    """The transpose; that of a number is the number."""
    if item.rank == 1 or (item.special and item.special != "identity"):
        return item._replace(row=not item.row)
    if item.rank < 2:
        return item
    if item.rank > 2:
        raise Unread("the transpose of an array with more than two axes")
    if item.stretch:
        raise Unread("the size of the ones is not known")
    return item._replace(data=np.swapaxes(item.data, -1, -2))

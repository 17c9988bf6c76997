r"""Values of a formula: arrays whose leading axes have the names of index letters, and their typed products.

`x_i y_j` is a number for each i and j; `\mathbf{v}_s` is a vector for each s. What is left behind the letters decides
what a product means: number, vector or matrix.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from eigendeck.worker.formula.parser.causes import Unread, range_clash, shown

Array = np.ndarray[Any, np.dtype[Any]]
MOST = 1_000_000  # elements
NOISE = 1e-13  # of the terms of a sum: what is left of them where they cancel; each step rounds at 1e-16


class Tensor(NamedTuple):  # of which changed ones are made much faster than of dataclasses
    """An array.

    letters: the names of its leading axes. row: a vector that was transposed.
    special: "identity", "ones" or "zeros" times `data`, a number, whose size the context decides.
    stretch: its rows are all alike, and as many as the context asks for.
    noise: what rounding errors may have left of a zero in it, where larger terms cancelled.
    """

    data: Array
    letters: tuple[str, ...] = ()
    row: bool = False
    special: str = ""
    stretch: bool = False
    noise: float = 0.0

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

    @property
    def largest(self) -> float:
        """The size of its largest entry that is a number."""
        sizes = np.abs(self.data)
        largest = np.float64(sizes.max(initial=0.0))  # NumPy's, whose powers may overflow
        return largest if np.isfinite(largest) else np.float64(sizes[np.isfinite(sizes)].max(initial=0.0))


def tensor(value: Any) -> Tensor:
    """Returns numbers as a tensor. Raises Unread where it is no array of numbers."""
    try:
        data = np.asarray(value)
    except (ValueError, TypeError):
        raise Unread("a value that is no array of numbers") from None
    if data.dtype.kind == "O" and all(type(entry) is int for entry in data.flat):  # beyond 64 bits
        try:
            data = data.astype(float)
        except OverflowError:
            raise Unread("a number beyond all floats") from None
    if data.dtype.kind not in "biufc":
        raise Unread("a value that is no number")
    if data.size > MOST:
        raise Unread("a value that is too large")
    return Tensor(data.astype(complex if data.dtype.kind == "c" else float))


def aligned(*tensors: Tensor) -> tuple[tuple[str, ...], list[Array]]:
    """Returns the letters of all tensors, and their data with one axis for each of them in front.

    Raises Unread where a letter has two ranges.
    """
    sizes: dict[str, int] = {}
    for item in tensors:
        for letter, size in zip(item.letters, item.lead, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise range_clash(letter, sizes[letter], size)
    letters = tuple(sizes)
    if all(item.letters == letters for item in tensors):
        return letters, [item.data for item in tensors]
    if np.prod([float(size) for size in sizes.values()]) > MOST:
        raise Unread("too many values of the index letters")
    return letters, [_spread(item, letters, sizes) for item in tensors]


def full(item: Tensor, letters: Sequence[str], sizes: dict[str, int]) -> Array:
    """Returns the data with an axis for each of the letters, in their order, repeated where nothing depends on it."""
    return np.broadcast_to(_spread(item, letters, sizes), (*(sizes[letter] for letter in letters), *item.shape))


def _spread(item: Tensor, letters: Sequence[str], sizes: dict[str, int]) -> Array:
    """The data with an axis for each of the letters, of size 1 where nothing depends on it."""
    order = [item.letters.index(letter) for letter in letters if letter in item.letters]
    data = item.data.transpose(order + list(range(len(item.letters), item.data.ndim)))
    return data.reshape([*(sizes[letter] if letter in item.letters else 1 for letter in letters), *item.shape])


def each(function: Callable[..., Any], *items: Tensor) -> Tensor:
    """Applies a function to numbers, or entry by entry to vectors and matrices of one shape, and numbers beside them.

    The noise of the result is that of all items: where the function is no choice between them, its caller knows better.
    Raises Unread where the shapes differ.
    """
    items = sized(*items)
    rank = max(item.rank for item in items)
    shapes = {item.shape for item in items if item.rank}
    stretch = [item for item in items if item.stretch]
    if len(shapes) > 1 and not (stretch and len({shape[1:] for shape in shapes}) == 1):
        raise Unread(" beside ".join(map(shown, [item.shape for item in items if item.rank])))
    letters, data = aligned(*items)
    data = [part.reshape(part.shape + (1,) * (rank - item.rank)) for part, item in zip(data, items, strict=True)]
    rows = {item.row for item in items if item.rank == 1}
    if len(rows) > 1:
        raise Unread("a row beside a column")
    keeps = bool(stretch) and all(item.stretch for item in items if item.rank)
    noise = sum(item.noise for item in items)
    return Tensor(np.asarray(function(*data)), letters, row=True in rows, stretch=keeps, noise=noise)


def sized(*items: Tensor) -> tuple[Tensor, ...]:
    """Gives the identity, the zeros and the ones among some tensors the size of the others."""
    if not any(item.special for item in items):
        return items
    beside = next((item for item in items if item.rank and not item.special), None)
    return tuple(_filled(item, beside) if item.special else item for item in items)


def _filled(item: Tensor, beside: Tensor | None) -> Tensor:
    if beside is None:
        raise Unread(f"the size of {item.special} is not known")
    shape = beside.shape
    if item.special != "identity":
        entries = np.ones(shape) if item.special == "ones" else np.zeros(shape)
        data = item.data.reshape(item.data.shape + (1,) * len(shape)) * entries
        return item._replace(data=data, special="", row=beside.row)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise Unread(f"{shown(shape)} beside the identity")
    return item._replace(data=item.data[..., None, None] * np.eye(shape[0]), special="")


def mapped(function: Callable[[Array], Any], item: Tensor) -> Tensor:
    """Applies a function to each entry. Its noise is how far the function moves where the entry moves by its own."""
    data = np.asarray(function(item.data))
    step = item.noise + NOISE * np.abs(item.data)
    moved = np.abs(np.stack([function(item.data + step) - data, function(item.data - step) - data]))
    return item._replace(data=data, noise=float(moved[np.isfinite(moved)].max(initial=0.0)))


def divided(item: Tensor, divisor: Array | float) -> Tensor:
    """Divides by numbers, whose own noise does not count: what they divide stays no smaller than it is."""
    smallest = float(np.abs(divisor).min(initial=np.inf))
    return item._replace(data=item.data / divisor, noise=item.noise / smallest if smallest else 0.0)

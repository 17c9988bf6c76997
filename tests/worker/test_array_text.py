"""Arrays print on cards as NumPy prints them, to the byte: also where its own printing is not asked."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from eigendeck.worker.array_text import text_of

# The values of an array are of one of these kinds, or of several: arrays of a few of them are printed shorter.
FLOATS: Mapping[str, Callable[[np.random.Generator, int], Any]] = {
    "any bits": lambda rng, n: rng.integers(0, 2**64, n, np.uint64).view(np.float64),
    "any magnitude": lambda rng, n: rng.normal(size=n) * 10.0 ** rng.integers(-320, 309, n),
    "of a card": lambda rng, n: rng.uniform(-1e3, 1e3, n),
    "small": lambda rng, n: rng.normal(size=n),
    "halves at the tenth digit": lambda rng, n: rng.integers(-(10**9), 10**9, n) / 512,
    "halves at the eighth digit": lambda rng, n: (rng.integers(-(10**9), 10**9, n) + 0.5) * 1e-8,
    "decimals": lambda rng, n: rng.integers(-(10**7), 10**7, n) / 10.0 ** rng.integers(0, 10, n),
    "whole": lambda rng, n: rng.integers(-99, 99, n) * 1.0,
    "noise in the last digits": lambda rng, n: rng.integers(-99, 99, n) * rng.choice([0.1, 0.7, 1 / 3], n),
    "about the least": lambda rng, n: rng.uniform(0.9e-4, 2e-3, n),
    "a thousandfold": lambda rng, n: rng.choice([1.0, 999.9, 1000.0, 1000.1], n),
    "millions": lambda rng, n: rng.uniform(1e6, 9e7, n),
    "about the largest": lambda rng, n: rng.choice([99999999.0, 1e8, 1e8 + 1], n),
    "special": lambda rng, n: rng.choice([0.0, -0.0, 1e-4, 9.9999e-5, 1000.0, 1000.1, 1e6, 1e8, np.inf, np.nan], n),
    "at the edge of the power of ten": lambda rng, n: rng.choice([999999.9999999999, 0.00099999999995], n),
}
OTHERS = (np.int64, np.uint8, np.int16, np.uint64, np.bool_, np.float32, np.complex128)


def shape(rng: np.random.Generator) -> tuple[int, ...]:
    """Of one to three dimensions: short lines most often, as on cards; some that NumPy breaks or leaves out."""
    sides = rng.integers(1, rng.choice([4, 10]), rng.integers(1, 4))
    sides[-1] *= rng.choice([1, 1, 4, 30])
    return tuple(map(int, sides))


def floats(number: int) -> Any:
    """An array of floats, another one for each number: of one kind, of two, or of all kinds."""
    rng = np.random.default_rng(number)
    sides = shape(rng)
    kinds = rng.choice([*FLOATS], rng.choice([1, 2, len(FLOATS)]), replace=False)
    size = int(np.prod(sides))
    with np.errstate(all="ignore"):
        values = np.array([FLOATS[kind](rng, size) for kind in kinds])
    return values[rng.integers(len(kinds), size=size), np.arange(size)].reshape(sides)


@pytest.mark.parametrize("first", range(0, 600, 200))
def test_floats(first: int) -> None:
    for number in range(first, first + 200):
        array = floats(number)
        assert text_of(array) == str(array), number
        assert text_of(array.T) == str(array.T), number


@pytest.mark.parametrize("first", range(0, 600, 200))
def test_floats_with_options(first: int) -> None:
    for number in range(first, first + 200):
        array, precision, suppress = floats(number), number % 13, number % 2 == 0
        text = text_of(array, precision, suppress=suppress)
        with np.printoptions(precision=precision, suppress=suppress):
            assert text == str(array), (number, precision, suppress)


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.__name__)
def test_other_numbers(kind: type[np.generic]) -> None:
    for number in range(100):
        rng = np.random.default_rng(number)
        sides = shape(rng)
        bits = rng.integers(0, 256, (*sides, np.dtype(kind).itemsize), np.uint8)
        array = (bits % 2).view(np.bool_)[..., 0] if kind is np.bool_ else bits.view(kind)[..., 0]
        assert text_of(array) == str(array), number


def test_the_usual_ones_are_not_given_to_numpy() -> None:
    with np.printoptions(precision=1, linewidth=1):  # what NumPy prints would be another text
        assert text_of(np.array([3, 0.25, -1])) == "[ 3.    0.25 -1.  ]"
        assert text_of(np.array([0.1 + 0.2, -1 / 3])) == "[ 0.3        -0.33333333]"
        assert text_of(np.array([1e-5, 0, 0.25])) == "[1.0e-05 0.0e+00 2.5e-01]"
        assert text_of(np.array([1e-5, 0, 0.25]), 3, suppress=True) == "[0.   0.   0.25]"
        assert text_of(np.arange(8, 12).reshape(2, 2)) == "[[ 8  9]\n [10 11]]"

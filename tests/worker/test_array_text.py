"""Arrays print on cards as NumPy prints them, to the byte: also where its own printing is not asked."""

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from eigendeck.worker.array_text import text_of

_SHAPES = array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=9)
_FLOATS = st.one_of(
    st.floats(width=64),
    st.floats(-1e3, 1e3),
    st.integers(-(10**9), 10**9).map(lambda n: n / 512),  # the tenth digit of these is a 5, with nothing behind it
    st.integers(-(10**9), 10**9).map(lambda n: (n + 0.5) * 1e-8),
    st.tuples(st.integers(-(10**7), 10**7), st.integers(0, 9)).map(lambda pair: pair[0] / 10 ** pair[1]),
    st.tuples(st.integers(-99, 99), st.sampled_from([0.1, 0.7, 1 / 3])).map(math.prod),  # noise in the last digits
    st.sampled_from([0.0, -0.0, 1e-4, 9.9999e-5, 1000.0, 1000.1, 999999.9999999999, 1e6, 1e8, math.inf, math.nan]),
)


_OTHERS = (np.int64, np.uint8, np.int16, np.uint64, np.bool_, np.float32, np.complex128)


@settings(max_examples=600, deadline=None)
@given(arrays(np.float64, st.one_of(_SHAPES, st.integers(1, 9)), elements=_FLOATS))
def test_floats(array: Any) -> None:
    assert text_of(array) == str(array)
    assert text_of(array.T) == str(array.T)


@settings(max_examples=600, deadline=None)
@given(arrays(np.float64, st.one_of(_SHAPES, st.integers(1, 9)), elements=_FLOATS), st.integers(0, 12), st.booleans())
def test_floats_with_options(array: Any, precision: int, suppress: bool) -> None:
    text = text_of(array, precision, suppress=suppress)
    with np.printoptions(precision=precision, suppress=suppress):
        assert text == str(array)


@settings(max_examples=200, deadline=None)
@given(st.one_of(*(arrays(kind, _SHAPES) for kind in _OTHERS)))
def test_other_numbers(array: Any) -> None:
    assert text_of(array) == str(array)


def test_the_usual_ones_are_not_given_to_numpy() -> None:
    with np.printoptions(precision=1, linewidth=1):  # what NumPy prints would be another text
        assert text_of(np.array([3, 0.25, -1])) == "[ 3.    0.25 -1.  ]"
        assert text_of(np.array([0.1 + 0.2, -1 / 3])) == "[ 0.3        -0.33333333]"
        assert text_of(np.array([1e-5, 0, 0.25])) == "[1.0e-05 0.0e+00 2.5e-01]"
        assert text_of(np.array([1e-5, 0, 0.25]), 3, suppress=True) == "[0.   0.   0.25]"
        assert text_of(np.arange(8, 12).reshape(2, 2)) == "[[ 8  9]\n [10 11]]"

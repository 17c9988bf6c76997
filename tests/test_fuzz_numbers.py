"""Numbers of every type and any magnitude: shown with the digits that they have, by decimal arithmetic, or refused.

A short run belongs to the suite. `make fuzz` goes on with ever other numbers.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from eigendeck.worked.replies import read_reply
from eigendeck.worked.sandbox import Pool
from eigendeck.worker.job import Job
from eigendeck.worker.values import flat
from fuzzing import quietly, tried

INTEGERS = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
REACH = {"float64": 300, "float32": 30, "float16": 3}  # powers of ten

TOKEN = re.compile(r"[-+]?(?:inf|nan|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)")


def floats(reach: int) -> st.SearchStrategy[str]:
    """Floats with one to seventeen digits, infinity, and what is no number."""
    digits = st.integers(1, 17).flatmap(lambda count: st.integers(10 ** (count - 1), 10**count - 1))
    plain = st.builds(
        "{}{}e{}".format, st.sampled_from(["", "-"]), digits.map(lambda n: f"{n}"[0] + "." + f"{n}0"[1:]),
        st.one_of(st.integers(-reach, reach), st.integers(-6, 6).map(lambda power: max(-reach, min(power, reach)))),
    )  # fmt: skip
    return st.one_of(plain, plain, plain, plain, st.sampled_from(["0.0", "-0.0", "np.inf", "-np.inf", "np.nan"]))


def integers(dtype: str) -> st.SearchStrategy[str]:
    """Integers of a type, its ends among them."""
    limits = np.iinfo(dtype)
    lowest, highest = int(limits.min), int(limits.max)
    return st.one_of(st.integers(lowest, highest), st.sampled_from([lowest, highest, 0])).map(str)


@st.composite
def values(draw: st.DrawFn) -> str:
    """Code of a number, an array, a list or a tuple."""
    kind = draw(st.sampled_from([*INTEGERS, *REACH, "complex128", "int", "mixed"]))
    if kind == "int":
        return f"{draw(st.integers(-(10**18), 10**18))} * 10**{draw(st.integers(0, 300))}"
    if kind == "mixed":
        parts = [st.one_of(floats(300), integers("int64")), st.lists(floats(30), min_size=1, max_size=3).map(str)]
        entries = draw(st.lists(parts[0], min_size=1, max_size=4))
        opening, closing = draw(st.sampled_from(["[]", "()"]))
        return f"{opening}{', '.join(entries)},{closing}"
    if kind == "complex128":
        parts_ = floats(300).filter(lambda text: "n" not in text)
        one = st.builds("complex({}, {})".format, parts_, parts_)
    else:
        one = integers(kind) if kind in INTEGERS else floats(REACH[kind])
    shape = draw(st.sampled_from(["", "", "1", "2", "3", "2x2"]))
    if not shape:
        return f"np.{kind}({draw(one)})"
    count = 4 if shape == "2x2" else int(shape)
    listed = draw(st.lists(one, min_size=count, max_size=count))
    rows = f"[[{listed[0]}, {listed[1]}], [{listed[2]}, {listed[3]}]]" if shape == "2x2" else f"[{', '.join(listed)}]"
    return f"np.array({rows}, dtype=np.{kind})"


def entries_of(value: Any) -> list[Any]:
    """What is shown of a value, one after the other: integers, and floats as decimals, with no digits of more bits."""
    narrow = isinstance(value, np.ndarray | np.generic) and value.dtype in (np.float32, np.float16)
    parts = [str(entry) for entry in np.ravel(value)] if narrow else flat(value)
    found: list[Any] = []
    for part in parts:
        if isinstance(part, complex):
            found += [Decimal(part.real), Decimal(part.imag)]
        else:
            found.append(part if isinstance(part, int) else Decimal(part))
    return found


def assert_digits(shown: str, value: Any) -> None:
    """Each number that is shown is the value to half of its last digit, and has digits enough to be told."""
    wanted, tokens = entries_of(value), TOKEN.findall(shown)
    if isinstance(value, complex | np.complexfloating) and len(tokens) == 1:
        wanted = [wanted[1]]  # `2.5j`
    assert len(tokens) == len(wanted), (shown, value)
    alone = np.ndim(value) == 0 and not isinstance(value, complex | list | tuple)
    enough = Decimal("0.0051") if alone else Decimal("0.051")  # of several numbers the smallest has two digits
    noise = Decimal("1e-11")
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc":
        noise += Decimal(float(np.finfo(value.dtype).eps))
    for token, number in zip(tokens, wanted, strict=True):
        if isinstance(number, int) and "e" not in token and "." not in token:
            assert int(token) == number, (shown, value)
        elif not Decimal(number).is_finite():
            assert str(Decimal(token)) == str(Decimal(number)), (shown, value)
        else:
            number, mantissa, _ = Decimal(number), *token.partition("e")[::2]
            unit = Decimal(10) ** (int(token.partition("e")[2] or 0) - len(mantissa.partition(".")[2]))
            off = abs(Decimal(token) - number)
            assert off <= unit * Decimal("0.5000001") + abs(number) * noise, (shown, value)
            assert off <= abs(number) * enough, (shown, value)


def test_numbers_of_all_types_and_magnitudes_are_shown_with_their_digits() -> None:
    counts = {"shown": 0, "refused": 0}
    with Pool(1) as pool:

        @quietly(4)
        @example(
            programs=[
                "np.array([1.11224e16, -np.inf, -1.86131596e-38])",  # the last was shown as -1.86100e-38
                "np.array([complex(-9.6325693e-94, 1.4294e-198), -7e208])",
                "np.float32(-2.419846e14)",
                "complex(3.6020366915909e-69, 0.0)",
                "np.array([complex(3.0020158e-258, 6.657e4), complex(1.96e-3, 1.00000000000010e-9)])",  # took seconds
            ]
        )
        @given(programs=st.lists(values(), min_size=25, max_size=25))
        def property_(programs: list[str]) -> None:
            jobs = [Job(numpy=program, steps=program, allow=("inf", "nan"), stream=1) for program in programs]
            for program, job, answer in zip(programs, jobs, pool.map(jobs), strict=True):
                assert isinstance(answer, dict), (program, answer)
                reply = read_reply(answer, job)
                counts["refused" if reply.faults else "shown"] += 1
                assert all(fault.message and "Error" not in fault.message for fault in reply.faults), (program, reply)
                for variant in reply.variants:
                    value = eval(program, {"np": np})
                    assert_digits(variant.output, value)
                    assert [line.printed for line in variant.steps] == [variant.output.strip()], (program, variant)

        tried(property_)
    assert counts["shown"] > 10 * counts["refused"], counts

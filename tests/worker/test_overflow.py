"""Integers that leave the range of their type, on whatever way card code takes them there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conftest import eigendeck
from decks import card, constants, section, write

WRAPS = "x = np.array([127], dtype=np.int8)\n(x + np.int8(1))[0]\n"
GIVEN = "n = rng.integers(25, 90)\nx = rng.integers(100, 127, 4).astype(np.int8)\nz = rng.integers(300, 999, 4)\n"
WRAP = {
    # by Python's own functions, under another name, and handed to another function
    "abs": "abs(x * np.int8(0) - np.int8(127) - np.int8(1)), n",
    "sum of rows": "sum([x, x])",
    "sum of a generator": "sum(v for v in [x, x])",
    "sum of a generator of both kinds": "sum(v for v in [n, x[0], 1, np.int8(100)][1:])",
    "pow": "pow(np.int64(7), n)",
    "round": "round(np.int8(127), -1), n",
    "another name": "f = np.prod\nf(np.arange(1, n + 1))",
    "map": "list(map(np.prod, [np.arange(1, n + 1)]))",
    "apply along an axis": "np.apply_along_axis(np.prod, 0, np.arange(1, n + 1)[:, None])",
    "a tuple of numbers": "np.prod((n, n, n, n, n, n, n, n, n, n, n, n, n, n))",
    "of integers alone": "np.lcm.reduce(np.arange(1, 60)) + n",
    "rounded": "np.round(x + (np.int8(127) - x), -1), n",
    "one integer": "np.int64(n) ** 14",
    # where another type is asked for
    "from floats": "(n * 50.5 * np.ones(3)).astype(np.int8)",
    "from large floats": "(n * 1e18 * np.ones(3)).astype(int)",
    "from negative floats": "(-n * np.ones(3)).astype(np.uint16)",
    "one from a float": "np.int32(z[0] * 1e9)",
    "array": "np.array(z, dtype=np.int8)",
    "array, its type behind": "np.asarray(z, np.uint8)",
    "array, its type in words": "np.array(z, 'int8')",
    "full": "np.full((2, 4), z, dtype=np.uint8)",
    "linspace": "np.linspace(0, 300 + n, 4, dtype=np.int8)",
    "joined": "np.concatenate([z, z], dtype=np.int8, casting='unsafe')",
    # where it is stored
    "stored": "b = np.zeros(4, np.int8)\nb[:] = z\nb",
    "one stored": "b = np.zeros(4, np.int8)\nb[0] = z[0]\nb",
    "a float stored": "b = np.zeros(4, np.uint8)\nb[0] = -1.0 * z[0]\nb",
    "added at places": "b = np.full(4, 100, np.int8)\nnp.add.at(b, [0, 0, 1], x[0])\nb",
}
FIT = {
    "sum of a generator": "sum(v * v for v in z)",
    "a long sum": "sum(i for i in range(3 * 10**5)), sum(map(int, z))",
    "sum with a start": "sum([z, z], z)",
    "a type that is wide enough": "np.array(z, dtype=np.int16), z.astype(np.uint16)",
    "cut off behind the point": "(z / 7).astype(np.int16)",
    "stored": "b = np.zeros(4, np.int16)\nb[:] = z\nb[0], b[1] = b[1], b[0]\nb[2] = -0.5\nb",
    "whole numbers of any length": "pow(int(n), 14), n",
    "largest of its type": "np.int8(127) - np.int8(0), abs(np.int8([-127])), n",
    "a shape": "np.full((2, 2), n)",
    "on purpose": "with np.errstate(over='ignore'):\n    h = np.uint64(n) * np.uint64(11400714819323198485)\nh",
    "a function called at": "def at(v):\n    return v + 1\nat(n)",
    "counted": "np.add.reduce(np.ones(4, np.int8)), n",
}


def _faults(folder: Path, lines: dict[str, str], code: int = 1, **keys: Any) -> dict[str, str]:
    """What `check` says of cards on these lines, by their names: the first fault, and behind a bar its hint."""
    usual = {"formula": "y", "given": GIVEN, "nice": "off", "steps": None, "mistake": {"says": "It is wrong."}}
    cards = [
        card(id=f"n{number}", numpy=line, check=f"repr(answer) == repr(({line.split(chr(10))[-1]}))", **usual | keys)
        for number, line in enumerate(lines.values())
    ]
    write(folder, section(*cards))
    told = json.loads(eigendeck("check", folder, "--draws", 2, "--json", cwd=folder, code=code).stdout)
    first: dict[str, str] = {}
    for fault in (fault for fault in told["faults"] if not fault["warning"]):
        name = [*lines][int(fault["what"].partition(":")[0][1:])]
        first.setdefault(name, f"{fault['what']}|{fault['hint']}")
    return first


def test_an_integer_that_leaves_its_type_is_a_fault_on_whatever_way(tmp_path: Path) -> None:
    faults = _faults(tmp_path, WRAP)
    assert {name: faults.get(name, "") for name in WRAP if "integer overflow in `" not in faults.get(name, "")} == {}
    assert all(fault.endswith("which have no limit.") for fault in faults.values())


def test_what_fits_into_its_type_is_none(tmp_path: Path) -> None:
    assert _faults(tmp_path, FIT, code=0) == {}


def test_what_is_too_large_for_any_type_says_what_to_do(tmp_path: Path) -> None:
    faults = _faults(tmp_path, {"whole": "np.int64(n**14)", "float": "float(math.factorial(n * 9))"})
    assert all("OverflowError" in fault and fault.endswith("|Make the numbers smaller.") for fault in faults.values())
    assert len(faults) == 2


def test_few_draws_are_told_before_the_clock_is(tmp_path: Path) -> None:
    slow = "k = rng.integers(1, 5)\ny = sorted(range(9000))[k]"  # 5,000 of them take longer than a card may
    fault = _faults(tmp_path, {"few": "k + 1"}, given=slow, variants=9)["few"]
    assert "given: only 4 different draws were found in " in fault
    assert fault.endswith("Widen `given`, or write `variants: 4`.")


def test_few_draws_are_told_where_a_condition_refuses_nearly_all_others(tmp_path: Path) -> None:
    given = "k = rng.integers(1, 100)"
    fault = _faults(tmp_path, {"few": "k + 1"}, given=given, keep="k in (4, 8)", variants=6)["few"]
    assert "given: only 2 different draws were found in 5,000 tries, for variant 3" in fault
    assert fault.endswith("Widen `given`, loosen `keep`, or write `variants: 2`.")


def test_where_it_is_the_point_an_integer_may_leave_its_type(tmp_path: Path) -> None:
    constants(tmp_path / "deck", {"id": "a", "mistake": {"says": "It wraps.", "numpy": WRAPS}})
    eigendeck("build", "deck", cwd=tmp_path)
    assert '<pre class="shown">-128</pre>' in (tmp_path / "build" / "small.html").read_text()

"""No card sees what another left in memory, or what readers would not get: fresh results, addresses, orders of sets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import CONSTANT, card, section, write
from eigendeck.worked import process, sandbox
from eigendeck.worker.job import Job

WHERE = "`where=` leaves the other places of the result as the memory happened to be"
PAD = "`np.pad` shows what happened to be in memory unless its mode is plain to see, and not 'empty'"
ADDRESS = "the answer has the address of an object in memory, which differs from run to run"
ORDER = "a set has no order that readers get again"

REFUSED = {
    "np.add([1, 2], [3, 4], where=[True, False])": WHERE,
    "np.sqrt(np.ones(3), where=np.zeros(3, dtype=bool))": WHERE,
    "np.add.outer([1, 2], [3, 4], where=[[True], [False]])": WHERE,
    "np.ones(3).clip(0, 1, where=[True, False, True])": WHERE,
    "f = np.add; f([1], [2], where=[False])": WHERE,
    "np.add([1], [2], where=[False], out=None)": WHERE,
    "o = None; np.add([1], [2], where=[False], out=o)": WHERE,
    "o = np.zeros(1); np.add([1], [2], where=[False], out=o)": WHERE,
    "np.divmod([1], [2], where=[False], out=(np.zeros(1), None))": WHERE,
    "np.pad([1, 2], 1, mode='empty')": PAD,
    "np.pad([1, 2], 1, 'empty')": PAD,
    "m = 'emp' + 'ty'; np.pad([1, 2], 1, m)": PAD,
    "p = np.pad; p([1, 2], 1, 'empty')": PAD,
    "np.pad(*[[1, 2], 1, 'empty'])": PAD,
    "np.empty(3)": "`np.empty` shows what happened to be in memory",
    "np.empty_like([1])": "`np.empty_like` shows what happened to be in memory",
    "str(lambda: 0)": ADDRESS,
    "f'{np.linalg.norm}'": ADDRESS,
    "repr([].append)": ADDRESS,
    "[str(x for x in 'ab')]": ADDRESS,
    "np.array([str(map)[:3], str(map(abs, [1]))])": ADDRESS,
    "'%s' % (lambda: 0)": ADDRESS,
    "list({'red', 'green'})": ORDER,
    "tuple(set('abc'))": ORDER,
    "[c for c in {'red', 'green'}]": ORDER,
    "''.join(frozenset('abc'))": ORDER,
    "s = {'red'} | {'green'}; [*s]": ORDER,
    "s = set('ab'); a, b = s; a": ORDER,
    "set('abc').pop()": ORDER,
    "f\"{ {'red', 'green'} }\"": ORDER,
    "str(set('abc'))": ORDER,
    "t = ''\nfor c in set('abc'):\n    t += c\nt": ORDER,
    "{c: 1 for c in set('abc')}['a']": ORDER,
    "sorted({'b', 'a'}, key=len)": ORDER,
    "max(set('ab'), key=lambda letter: 0)": ORDER,
    "min([c for c in set('ab')], key=len)": ORDER,
    "'%s' % set('ab')": ORDER,
    "'%s %d' % (set('ab'), 1)": ORDER,
    "str([1, {'a', 'b'}])": ORDER,
    "f'{[set(\"ab\")]}'": ORDER,
    "repr({1: set('ab')})": ORDER,
    "len([set('ab'), set('bc')])": ORDER,
    "next_one = list(enumerate(set('abc').union('d'))); next_one[0][1]": ORDER,
}
TAKEN = {  # code that is fine, and what it gives
    "np.add([1, 2], [3, 4], where=[True, False], out=np.zeros(2, dtype=int))": "[4 0]",
    "np.divide([1, 2], [2, 0], where=[True, False], out=np.zeros(2))": "[0.5 0. ]",
    "np.sum([1, 2, 4], where=[True, False, True])": "5",
    "np.array([1, 2, 4]).max(where=[True, True, False], initial=0)": "2",
    "np.add.reduce([1, 2, 4], where=[True, False, True])": "5",
    "np.pad([1, 2], 1)": "[0 1 2 0]",
    "np.pad([1, 2], 1, mode='edge')": "[1 1 2 2]",
    "sorted({'red', 'green'})": "['green', 'red']",
    "len(set('abca'))": "3",
    "sorted(['bb', 'a'], key=len)": "['a', 'bb']",
    "7 % len(set('abc'))": "1",
    "'a' in {'a', 'b'} and {'a', 'b'} == set('ba')": "True",
    "s = set('ab'); s.add('c'); sorted(s | {'d'})": "['a', 'b', 'c', 'd']",
    "max(len(c) for c in {'red', 'green'})": "5",
    "sorted([c.upper() for c in set('abc')])": "['A', 'B', 'C']",
    "f'{255:#x} {2**60:#x}'": "0xff 0x1000000000000000",
    "where = 3\nwhere + len('pad')": "6",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a check says of a deck with all of that code."""
    codes = {f"refused-{n}": (code, "answer is not None") for n, code in enumerate(REFUSED)}
    codes |= {f"taken-{n}": (code, f"str(answer) == {gives!r}") for n, (code, gives) in enumerate(TAKEN.items())}
    cards = [card(**CONSTANT | {"id": name, "numpy": code, "nice": "off", "check": check})
             for name, (code, check) in codes.items()]  # fmt: skip
    folder = write(tmp_path_factory.mktemp("leftovers"), section(*cards))
    return eigendeck("build", folder, cwd=folder, code=1).stderr


@pytest.mark.tries("shows what another left")
@pytest.mark.parametrize("number", range(len(REFUSED)), ids=REFUSED)
def test_code_that_shows_what_readers_do_not_get_is_refused(number: int, told: str) -> None:
    own = [line for line in told.splitlines() if f": error: refused-{number}: " in line]
    assert any(f"numpy: {[*REFUSED.values()][number]}" in line for line in own), own


@pytest.mark.parametrize("number", range(len(TAKEN)), ids=TAKEN)
def test_code_that_does_not_is_taken(number: int, told: str) -> None:
    assert f": error: taken-{number}: " not in told, [
        line for line in told.splitlines() if f": error: taken-{number}: " in line
    ]


@pytest.mark.tries("shows what another left")
def test_an_error_that_a_card_shows_says_no_address(tmp_path: Path) -> None:
    mistake = {"says": "It raises.", "numpy": "{}[lambda: 0]"}
    folder = write(tmp_path, section(card(**CONSTANT | {"mistake": mistake})))
    eigendeck("build", folder, "--out", tmp_path / "out", cwd=tmp_path)
    sheet = (tmp_path / "out" / "small.html").read_text()
    assert "KeyError: &lt;function &lt;lambda&gt; at 0x…" in sheet


HELD = {  # 240 MB in what only the collector finds; no page of them is touched
    "in a list": "b = [np.zeros(30 * 2**20)]\n    b.append(b)\n    return len(b)",
    "by a function": "a = np.zeros(30 * 2**20)\n    g = lambda: (g, a)\n    return len(g())",
    "in a dict": "d = {1: np.zeros(30 * 2**20)}\n    d[2] = [d]\n    return len(d)",
}


@pytest.mark.tries("shows what another left")
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by the system on Linux alone")
@pytest.mark.parametrize("held", HELD.values(), ids=HELD)
def test_memory_that_a_card_leaves_is_there_for_the_next(held: str) -> None:
    with sandbox.Worker() as worker:
        pid = worker.pid
        for _ in range(3):
            assert worker.ask([Job(f"def f():\n    {held}\nf()")])[0]["answers"]
            assert worker.ask([Job("np.zeros(45 * 2**20).size")])[0]["answers"]  # 360 MB
        assert worker.pid == pid


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by the system on Linux alone")
def test_a_card_that_ran_out_of_memory_is_tried_again_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A worker that cards have filled in a way that nobody knows of: only another process helps the next one.
    program = f"""{process.PATHS}
import numpy
from eigendeck.worker import job, loop, variants
left = []

def task(frame, progress):
    left.append(numpy.zeros(20 * 2**20))
    return {{"replies": [variants.run(job.read_job(one), progress) for one in frame["jobs"]]}}

loop.serve(task)
"""
    monkeypatch.setattr(sandbox.Worker, "program", program)
    keys: dict[str, Any] = {**CONSTANT, "numpy": "np.zeros(40 * 2**20).size", "check": "answer == 40 * 2**20"}
    folder = write(tmp_path, section(*(card(**{**keys, "id": f"honest-{number}"}) for number in range(3))))
    eigendeck("build", folder, "--jobs", 1, cwd=tmp_path)

"""What card code may do, what it may not, and what happens to it when it tries; each guard is shown to be needed."""

from __future__ import annotations

import ast
import io
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eigendeck.worked.process import Stopped
from eigendeck.worked.sandbox import Failed, Pool, Worker
from eigendeck.worker import allowlist, budget, frames
from eigendeck.worker.code import static
from eigendeck.worker.code.problems import Refused
from eigendeck.worker.job import Job, Layer, Piece
from snippets import Snippets

pytestmark = pytest.mark.usefixtures("cold")
# Reaches the functions of `os` without naming a module, as an attacker would: what the static check is there to stop.
OS = "[c for c in ().__class__.__mro__[-1].__subclasses__() if c.__name__ == '_wrap_close'][0].__init__.__globals__"


@pytest.fixture(scope="module")
def worker() -> Iterator[Snippets]:
    with Snippets() as worker:
        yield worker


def first_fault(answer: dict[str, Any]) -> str:
    assert "faults" in answer, f"it got through: {answer}"
    message: str = answer["faults"][0][2]
    return message


# --- honest code


DRAWN = ""  # whatever this version of NumPy draws
GOOD = {
    "statistics": (
        "x = np.array([2.0, 4.0, 9.0])\nx.mean(), x.std(ddof=1).round(3)",
        "(np.float64(5.0), np.float64(3.606))",
    ),
    "broadcasting": ("np.arange(3)[:, None] * np.arange(2)", "array([[0, 0],\n       [0, 1],\n       [0, 2]])"),
    "aliasing": ("x = np.arange(4)\ny = x[1:]\ny -= 1\nx", "array([0, 0, 1, 2])"),
    "slice assignment": ("x = np.zeros(3, dtype=int)\nx[::2] = 7, 8\nx", "array([7, 0, 8])"),
    "unpacking": ("a, *rest = range(4)\na, rest", "(0, [1, 2, 3])"),
    "default and keyword": ("def f(x, *, k=2):\n    return x**k\nf(3), f(2, k=5)", "(9, 32)"),
    "recursion": ("def f(n):\n    return 1 if n == 0 else n * f(n - 1)\nf(20)", "2432902008176640000"),
    "late binding": ("fs = [lambda x, k=k: k * x for k in range(3)]\n[f(2) for f in fs]", "[0, 2, 4]"),
    "walrus": ("(n := 3) + n", "6"),
    "loops": ("t = 0\nfor i in range(9):\n    if i == 7:\n        break\n    t += i\nt", "21"),
    "text": ("p = 0.25\nf'{p:.1%} of {12:>4d}'", "'25.0% of   12'"),
    "named character": ("'\\N{GREEK SMALL LETTER PI}'", "'π'"),
    "dictionary": ("d = {'a': 1}\nd.update(b=2)\nsum(d.values())", "3"),
    "linear algebra": ("np.linalg.eigvalsh(np.array([[2.0, 1.0], [1.0, 2.0]]))", "array([1., 3.])"),
    "named results": ("r = np.linalg.svd(np.eye(2))\nr.S", "array([1., 1.])"),
    "ufunc methods": (
        "np.add.reduce([1, 2, 3]), np.multiply.outer([1, 2], [3, 4]).sum()",
        "(np.int64(6), np.int64(21))",
    ),
    "fourier": ("np.fft.ifft(np.fft.fft([1.0, 2.0])).real", "array([1., 2.])"),
    "quiet division": ("with np.errstate(divide='ignore'):\n    y = np.log(0.0)\ny", "np.float64(-inf)"),
    "own seed": ("np.random.default_rng(5).integers(10, size=3)", DRAWN),
    "given generator": ("rng.integers(10, size=3)", DRAWN),
    "late import": ("np.intersect1d([1, 2, 3], [2, 3, 4])", "array([2, 3])"),
    "dtype": ("np.float32(1).dtype", "dtype('float32')"),
    "underscore": ("[0 for _ in range(2)]", "[0, 0]"),
    "greek in text and comment": ("'α ≤ β'  # ε, ℝ²", "'α ≤ β'"),
}


@pytest.mark.parametrize(("code", "shown"), GOOD.values(), ids=GOOD)
def test_honest_code_gives_what_python_gives(worker: Snippets, code: str, shown: str) -> None:
    names: dict[str, Any] = {"np": np, "rng": np.random.default_rng(0)}
    *body, last = ast.parse(code).body
    assert isinstance(last, ast.Expr)
    exec(compile(ast.Module(body, []), "plain", "exec"), names)
    with np.printoptions(precision=4, suppress=True):
        plain = repr(eval(compile(ast.Expression(last.value), "plain", "eval"), names))
    assert shown in (plain, DRAWN)
    assert worker.run(code) == {"shown": plain}


def test_allow_list_names_what_numpy_has() -> None:
    assert [name for name in allowlist.NUMPY if not hasattr(np, name)] == []
    assert [name for name in allowlist.MODULES["linalg"] if not hasattr(np.linalg, name)] == []
    assert [name for name in allowlist.MODULES["fft"] if not hasattr(np.fft, name)] == []


def test_every_generator_method_draws_after_the_limits_are_closed(worker: Snippets) -> None:
    given = {
        "choice": "5", "dirichlet": "[1, 2]", "f": "2, 3", "beta": "2, 3", "binomial": "5, 0.5", "chisquare": "2",
        "gamma": "2", "geometric": "0.5", "hypergeometric": "5, 5, 3", "integers": "5", "logistic": "0",
        "multinomial": "5, [0.5, 0.5]", "multivariate_normal": "[0, 0], np.eye(2)", "negative_binomial": "5, 0.5",
        "pareto": "2", "permutation": "5", "permuted": "[1, 2]", "shuffle": "[1, 2]", "standard_t": "3",
        "triangular": "0, 1, 2", "wald": "1, 2", "weibull": "2",
    }  # fmt: skip
    for method in allowlist.LIST["values"]["generator"]:
        assert "shown" in worker.run(f"rng.{method}({given.get(method, '')})"), method


def test_the_same_job_gives_the_same_answer_twice(worker: Snippets) -> None:
    assert worker.run("rng.normal(size=3)") == worker.run("rng.normal(size=3)")


# --- refused before it runs


REFUSED = {
    "import": ("import os", (1, 0), "`import` is not available: np and math are there already"),
    "import of a part": ("from numpy import sum", (1, 0), "`import` is not available: np and math are there already"),
    "file": ("np.load('x.npy')", (1, 0), "`np.load` reads or writes files; card code only computes"),
    "writing": ("np.ones(2).tofile('x')", (1, 11), "`.tofile` reads or writes files; card code only computes"),
    "print": ("print(1)", (1, 0), "`print` is not needed: the value of the last line is shown"),
    "global generator": ("np.random.randn(3)", (1, 0),
     "`np.random.randn` is not available: draw from rng, or the seed has no effect"),
    "no seed": ("np.random.default_rng()", (1, 0),
     "`np.random.default_rng` needs its seed: np.random.default_rng(SEED)"),
    "seed of None": ("np.random.default_rng(None)", (1, 0),
     "`np.random.default_rng` needs its seed: np.random.default_rng(SEED)"),
    "stale memory": ("np.empty(3)", (1, 0), "`np.empty` shows what happened to be in memory; use np.zeros"),
    "settings": ("np.set_printoptions(precision=1)", (1, 0),
     "`np.set_printoptions` changes NumPy for every other card; use `with np.errstate(...)` or np.round"),
    "module of numpy": ("np.f2py.os.system('x')", (1, 0), "`np.f2py` is not available in card code"),
    "np itself": ("f = [np]", (1, 5), "np is used as np.NAME only"),
    "module itself": ("m = np.linalg", (1, 4),
     "`np.linalg` is a module: name what you want of it, as in np.linalg.norm"),
    "module called": ("np.linalg(1)", (1, 0),
     "`np.linalg` is a module: name what you want of it, as in np.linalg.norm"),
    "np rebound": ("np = 3", (1, 0), "np is NumPy and stays so: choose another name"),
    "np as argument": ("lambda np: 3", (1, 7), "np is NumPy and stays so: choose another name"),
    "patch": ("np.sin = 3", (1, 3), "`.sin =` is not available: attributes are only read"),
    "reflection": ("().__class__", (1, 3), "`__class__`: names that begin with _ are not available"),
    "private name": ("_x = 3", (1, 0), "`_x`: names that begin with _ are not available"),
    "private argument": ("def f(_g_=3, /): pass", (1, 6), "`_g_`: names that begin with _ are not available"),
    "private keyword": ("dict(__class__=3)", (1, 5), "`__class__`: names that begin with _ are not available"),
    "builtin": ("getattr((), 'x')", (1, 0), "`getattr` is not available in card code"),
    "open": ("(lambda o=open: o)()", (1, 10), "`open` reads or writes files; card code only computes"),
    "format method": ("'{}'.format(1)", (1, 5), "`.format` is not needed: write an f-string"),
    "memory of an array": ("np.ones(2).view('u1')", (1, 11),
     "`.view` reaches into an array's memory; card code only computes"),
    "class": ("class A: pass", (1, 0), "`class` is not available: a function or a tuple does here"),
    "try": ("try:\n  1\nexcept E: 2", (1, 0), "`try` is not available: an error ends the example, and is shown"),
    "raise": ("raise E", (1, 0), "`raise` is not available: `assert` states what must hold"),
    "global": ("def f():\n  global x", (2, 2), "`global` is not available: hand the value over as an argument"),
    "del": ("x = 1\ndel x", (2, 0), "`del` is not available, and not needed"),
    "match": ("match 1:\n  case 1: pass", (1, 0), "`match` is not available: write `if` and `elif`"),
    "yield": ("def f():\n  yield 1", (2, 2), "`yield` is not available: build a list"),
    "async": ("async def f(): pass", (1, 0), "`async` is not available: card code runs line after line"),
    "annotation": ("x: int = 3", (1, 0), "annotations are not available: write `name = value`"),
    "argument annotation": ("def f(x: int): pass", (1, 9), "annotations are not available"),
    "result annotation": ("def f() -> int: pass", (1, 11), "annotations are not available"),
    "decorator": ("@len\ndef f(): pass", (1, 1), "decorators are not available"),
    "double star": ("dict(**{})", (1, 5), "`**` in a call is not available: write the arguments out"),
    "bytes": ("b'x'", (1, 0), "bytes are not available: write text, without the b"),
    "other with": ("with open('x') as f: pass", (1, 5), "`with` is for np.errstate(...) only"),
    "errstate named": ("with np.errstate(all='raise') as e: 3", (1, 5), "`with` is for np.errstate(...) only"),
    "errstate outside": ("np.errstate(1)", (1, 0), "`np.errstate` stands in a `with` line only"),
    "errstate callback": ("with np.errstate(call=len): 3", (1, 22),
     "np.errstate takes plain words: 'ignore', 'warn', 'raise'"),
    "invisible letter": ("x = 1\u200b", (1, 5), "an invisible character, U+200B"),
    "text that turns round": ("'\u202e'", (1, 1), "an invisible character, U+202E"),
    "blank that is a letter": ("'\u3164'", (1, 1), "an invisible character, U+3164"),
    "terminal control": ("'\x1b[31m'", (1, 1), "an invisible character, U+001B"),
    "look-alike": ("s\u0441ore = 1", (1, 0), "'s\u0441ore' is not in plain letters: names are ASCII"),
    "wide letters": ("().__\uff43lass__", (1, 3), "'__\uff43lass__' is not in plain letters: names are ASCII"),
    "half a character": ("'\\ud800'", (1, 0), "a text holds half a character"),
    "return outside": ("return 1", (1, 0), "not Python: 'return' outside function"),
    "unfinished": ("x = (1,", (1, 4), "not Python: '(' was never closed"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "place", "message"), REFUSED.values(), ids=REFUSED)
def test_refusal_says_where_and_why(code: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(Refused) as refused:
        static.check(code, ["np", "E"])
    assert any(((p.line, p.column), p.message) == (place, message) for p in refused.value.problems), refused.value


def refusals(code: str, names: tuple[str, ...] = ("np",), **more: Any) -> list[tuple[int, int, str, str]]:
    with pytest.raises(Refused) as refused:
        static.check(code, names, **more)
    return [(p.line, p.column, p.message, p.hint) for p in refused.value.problems]


def test_refusal_lists_all_problems_in_order() -> None:
    places = [(line, column) for line, column, _, _ in refusals("import os\nx = np.load('a') + y\nprint(x.foo)")]
    assert places == [(1, 0), (2, 4), (2, 19), (3, 0), (3, 8)]


def test_refused_syntax_is_reported_once() -> None:
    assert len(refusals("import os\nos")) == 1
    assert len(refusals("np.f2py.os.system('x')")) == 1
    assert len(refusals("class A(foo.bar):\n  x: int = open('x')\nA")) == 1


def test_unknown_name_is_answered_with_what_is_here() -> None:
    expected = (1, 9, '"tempo" is not defined', 'here are: rng, temp. Did you mean "temp"?')
    assert refusals("x = temp+tempo", ("np", "rng", "temp")) == [expected]


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("np.sqr(2)", 'Did you mean "np.sqrt"?'),
        ("np.ones(2).resape(2)", 'Did you mean ".reshape"?'),
        ("np.linalg.nrm([1])", 'Did you mean "np.linalg.norm"?'),
        ("np.hamming(2)", ""),
    ],
)
def test_unknown_numpy_name_is_answered_with_the_nearest(code: str, hint: str) -> None:
    assert refusals(code)[0][3] == hint


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("cmath.sqrt(2)", "Write np.sqrt."),
        ("cmath", ""),
        ("scipy.linalg.inv([[1]])", "Write np.linalg.inv."),
        ("cmath.atan2(1, 2)", "Write np.arctan2."),
        ("random.random()", "Draw from rng in `given`: rng.random()."),
        ("numpy.mean([1])", "Write np.mean."),
    ],
)
def test_another_module_is_refused_once_with_what_numpy_has(code: str, hint: str) -> None:
    assert refusals(code) == [(1, 0, "only NumPy is here, as np, and math", hint)]


def test_a_name_of_another_module_may_be_bound() -> None:
    static.check("stats = np.ones(2)\nstats.sum()", ["np"])
    static.check("random.sum()", ["np", "random"])


@pytest.mark.parametrize("name", ["ord", "chr", "bin", "hex", "next", "np.datetime64", "np.binary_repr"])
def test_a_name_that_authors_reach_for_is_refused_with_a_way_out(name: str) -> None:
    (found,) = refusals(f"{name}(7)")
    assert found[2].startswith(f"`{name}` is not ")
    assert ": " in found[2]


def test_a_function_of_numpy_without_np_is_answered_with_its_name() -> None:
    assert refusals("sqrt(2)") == [(1, 0, '"sqrt" is not defined', "Write np.sqrt.")]


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("2 × 3", "Write `*`."),
        ("“a”", 'Write straight quotes: ".'),
        ("x = ‘a’", "Write straight quotes: '."),
        ("√2", "Write `np.sqrt(…)`."),
        ("1 ≤ 2", "Write `<=`."),
        ("2 § 3", ""),
        ("2 * lambda", "Use lam."),
        ("in = 3", "Use in_."),
        ("f = lambda t: t +", ""),
    ],
)
def test_what_is_no_python_is_answered_with_what_to_type(code: str, hint: str) -> None:
    assert refusals(code)[0][3] == hint


def test_columns_count_characters_and_not_bytes() -> None:
    assert refusals("'π≈' + foo")[0][:2] == (1, 7)


def test_look_alike_letters_do_not_hide_in_an_f_string() -> None:
    assert "not in plain letters" in refusals("x = 1\nf'{\uff58}'")[0][2]
    static.check("x = 1\nf'{x} cm², Δ = {x}'", ["np"])


def test_pieces_of_conditions_take_expressions_only() -> None:
    static.check("1 < 2\nnp.all([True])", ["np"], expressions_only=True)
    assert refusals("1 < 2\nx = 3", expressions_only=True) == [
        (2, 0, "only expressions are available here, one a line", "")
    ]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("'" + "a" * 4000 + "'", "4,002 characters of code; 4,000 is the limit for one piece"),
        ("1\n" * 61, "more than 60 lines of code in one piece"),
        ("[" + "1," * 1999 + "]", "more than 2,000 parts of code in one piece"),
        ("1" + "+1" * 60, "nested more than 40 deep"),
        ("-" * 3900 + "1", "nested"),
        ("[" * 250 + "]" * 250, "not Python: too many nested parentheses"),
        ("x" + ".T" * 1900, "nested"),
    ],
    ids=["characters", "lines", "parts", "depth", "minus signs", "brackets", "attributes"],
)
def test_code_of_any_size_is_refused_in_words(code: str, message: str) -> None:
    assert refusals(code)[0][2].startswith(message)


def test_sizes_up_to_the_limits_pass() -> None:
    static.check("1\n" * 60, ["np"])
    static.check("'" + "a" * 3998 + "'", ["np"])


# --- errors while it runs


@pytest.mark.parametrize(
    ("code", "place", "message"),
    [
        ("x = 1\n'é' + x // 0", (2, 6), "ZeroDivisionError: integer division or modulo by zero"),
        ("def f(x):\n    return x[3]\nf([1])", (2, 11), "IndexError: list index out of range"),
        (
            "np.ones(3) @ np.ones(2)",
            (1, 0),
            "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0 (size 2 is different from 3)",
        ),
    ],
)
def test_an_error_is_told_at_its_place_in_the_code(
    worker: Snippets, code: str, place: tuple[int, int], message: str
) -> None:
    assert worker.run(code) == {"faults": [[*place, message, ""]]}


@pytest.mark.parametrize("code", ["lambda: 0", "np.array([1, None])", "map(abs, [1])", "rng", "[[[[[[1]]]]]]"])
def test_what_is_not_plain_data_is_not_shown(worker: Snippets, code: str) -> None:
    assert "cannot be shown: end in numbers, text or arrays" in first_fault(worker.run(code))


@pytest.mark.parametrize("code", ["'a' * 3000", "np.zeros(3000)", "[[0] * 50] * 50", "10**60000"])
def test_large_values_are_not_shown(worker: Snippets, code: str) -> None:
    assert "too large a value to show" in first_fault(worker.run(code))


def test_an_error_cannot_steer_the_terminal(worker: Snippets) -> None:
    assert first_fault(worker.run("assert False, '\\x1b[31m'")) == "AssertionError: \\x1b[31m"


def test_the_text_of_an_error_has_a_limit(worker: Snippets) -> None:
    assert len(first_fault(worker.run("assert False, 'a' * 10**6"))) == 300


def test_object_dtypes_end_in_an_error(worker: Snippets) -> None:
    overlap = "np.zeros(1, dtype={'names': ['a', 'b'], 'formats': ['O', 'i8'], 'offsets': [0, 0]})['b'] + 0"
    assert "overlapping object fields" in first_fault(worker.run(overlap))
    assert "cannot be shown" in first_fault(worker.run("np.zeros(2, dtype='O')"))


# --- too much


@pytest.mark.kills
def test_a_job_without_end_is_stopped_in_time_and_the_next_one_works(worker: Snippets) -> None:
    began = time.monotonic()
    with pytest.raises(Stopped) as stopped:
        worker.run("10**10**10", seconds=0.25)  # one call in C: no alarm inside the process would be heard
    assert time.monotonic() - began < 0.25 * budget.PATIENCE + 1  # on a machine that has no time for the worker
    assert (stopped.value.at, stopped.value.why) == (("snippet",), "took longer than 0.25 s")
    assert worker.run("1 + 1") == {"shown": "2"}


@pytest.mark.parametrize(
    "code", ["(1 << 10**11) & 1", "len([0] * 10**10)", "x = []\nwhile True:\n    x.append([0] * 10**6)"]
)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by the system on Linux alone")
def test_too_much_memory_is_an_ordinary_fault(worker: Snippets, code: str) -> None:
    before = worker.pid
    assert first_fault(worker.run(code, seconds=10)) == "MemoryError: more than the 512 MB that a card may use"
    assert worker.pid == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
@pytest.mark.kills
def test_parent_survives_a_worker_that_crashes(worker: Snippets) -> None:
    # A chain of a million iterators overflows the stack in C: CPython ends by a segmentation fault, or by the clock.
    with pytest.raises(Stopped, match=r"ended: signal|took longer"):
        worker.run("it = [1]\nfor i in range(10**6):\n    it = filter(None, it)\nlist(it)", seconds=10)
    assert worker.run("2") == {"shown": "2"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
@pytest.mark.kills
def test_parent_survives_a_worker_that_is_killed(worker: Snippets) -> None:
    threading.Timer(0.3, os.kill, [worker.pid, signal.SIGKILL]).start()
    with pytest.raises(Stopped, match="the worker ended: signal 9"):
        worker.run("while True: pass", seconds=10)
    os.kill(worker.pid, signal.SIGKILL)
    time.sleep(0.2)
    assert worker.run("3") == {"shown": "3"}  # one that died between two jobs is not even noticed


def test_a_flood_is_refused() -> None:
    # Only code that has broken out can answer by itself: on the worker's own wire, with 64 MB announced.
    with Snippets() as worker:
        with pytest.raises(Stopped, match="too large an answer"):
            worker.unchecked(f"{OS}['write'](4, b'\\x04\\x00\\x00\\x00')")
        assert worker.run("5") == {"shown": "5"}


@pytest.mark.parametrize(
    "body",
    [b"[1]", b"{", b"\xff", b"[" * 100_000, b'{"a":"\\ud800"}', b'{"a":' + b"9" * 5000 + b"}"],
    ids=["no object", "no JSON", "no UTF-8", "nested", "half a character", "a number without end"],
)
def test_an_answer_that_is_no_frame_is_not_believed(body: bytes) -> None:
    with pytest.raises(frames.Unreadable, match="cannot be read"):
        frames.read(io.BytesIO(frames.LENGTH.pack(len(body)) + body), budget.ANSWER)


def test_frames_come_back_as_they_were_sent() -> None:
    stream = io.BytesIO()
    sent = {"shown": "é\n\x00", "n": [1, 0.5, None, float("inf")]}
    frames.write(stream, sent)
    stream.seek(0)
    assert frames.read(stream, budget.ANSWER) == sent
    assert frames.read(stream, budget.ANSWER) is None


def test_what_is_printed_does_not_mix_with_the_answers(worker: Snippets) -> None:
    code = "with np.errstate(divide='print'):\n    y = np.log(np.zeros(1))\ny"  # printed by NumPy's own C code
    assert worker.run(code) == {"shown": "array([-inf])"}
    assert worker.run("4") == {"shown": "4"}


# --- each layer is needed: what it stops gets through when it alone is missing, in code that has fooled the check
# The limit on processes is the exception: all that starts one from Python the audit hook refuses, too. And the limit on
# processor time is no guard at all: it ends a worker whose parent was killed.


def test_layers_say_what_they_hold_to(worker: Snippets) -> None:
    layers = worker.layers
    assert list(layers) == ["memory", "landlock", "files", "processes", "time", "parent", "audit"]
    assert layers["audit"] == Layer(True, "on")
    if sys.platform == "linux":
        assert layers["memory"] == Layer(True, "512 MB")
        assert layers["files"] == Layer(True, "none can be opened")


def test_the_static_check_is_needed(worker: Snippets) -> None:
    code = "().__class__.__name__"
    assert "names that begin with _" in first_fault(worker.run(code))
    assert worker.unchecked(code) == {"shown": "'tuple'"}


def test_the_namespace_is_needed_by_checked_code(worker: Snippets) -> None:
    code = "np.random.default_rng(*[]).random() < 1"  # one argument to the eye of the check, none when it runs
    assert "np.random.default_rng needs its seed" in first_fault(worker.run(code))
    assert worker.run(code, without=["namespace"]) == {"shown": "True"}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("open.__name__", "name 'open' is not defined"),
        ("np.ma.__name__", "no attribute 'ma'"),
        ("import os", "os is not"),
    ],
)
def test_the_namespace_is_needed(worker: Snippets, code: str, message: str) -> None:
    assert message in first_fault(worker.unchecked(code))
    assert "shown" in worker.run(code, without=["static", "namespace"])


def test_the_audit_hook_is_needed(worker: Snippets) -> None:
    code = f"{OS}['putenv']('A', 'b')"
    assert "PermissionError: os.putenv" in first_fault(worker.unchecked(code))
    with Snippets(off=["audit"]) as opened:
        assert opened.unchecked(code) == {"shown": "None"}


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is of Linux")
def test_landlock_is_needed(worker: Snippets) -> None:
    if not worker.layers["landlock"].holds:
        pytest.skip(worker.layers["landlock"].says)
    with (
        tempfile.TemporaryDirectory() as folder,  # pytest's own is closed to the user that a worker of root becomes
        Snippets(off=["landlock"]) as opened,
    ):
        Path(folder).chmod(0o777)
        made = Path(folder, "made")
        code = f"{OS}['mkfifo']({str(made)!r})"  # nothing is opened, and Python does not report it
        assert "Permission denied" in first_fault(worker.unchecked(code))
        assert not made.exists()
        assert opened.unchecked(code) == {"shown": "None"}
        assert made.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_limit_on_files_is_needed(worker: Snippets) -> None:
    code = f"{OS}['pipe']()"
    assert "Too many open files" in first_fault(worker.unchecked(code))
    with Snippets(off=["files"]) as opened:
        assert "shown" in opened.unchecked(code)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by the system on Linux alone")
def test_the_limit_on_memory_is_needed(worker: Snippets) -> None:
    code = "np.zeros(10**8).size"  # 800 MB of address space; no page of it is touched
    assert first_fault(worker.run(code)).startswith("MemoryError: Unable to allocate")
    with Snippets(off=["memory"]) as opened:
        assert opened.run(code) == {"shown": "100000000"}


@pytest.mark.kills
def test_memory_is_watched_where_the_system_does_not_limit_it() -> None:
    pytest.importorskip("psutil")
    with Snippets(off=["memory"]) as watched:
        assert watched.layers["memory"] == Layer(True, "512 MB, watched")
        with pytest.raises(Stopped, match="used more than 512 MB"):
            watched.run("x = []\nwhile True:\n    x.append(np.ones(10**6))", seconds=10)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_limit_on_processes_is_needed() -> None:
    code = f"{OS}['_exit'](0) if (child := {OS}['fork']()) == 0 else child > 0"
    with Snippets(off=["audit"]) as closed, Snippets(off=["audit", "processes"]) as opened:
        if not closed.layers["processes"].holds:
            pytest.skip(closed.layers["processes"].says)
        assert "BlockingIOError" in first_fault(closed.unchecked(code))
        assert opened.unchecked(code) == {"shown": "True"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_limit_on_processor_time_is_set(worker: Snippets) -> None:
    code = f"{OS}['sys'].modules['resource'].getrlimit({OS}['sys'].modules['resource'].RLIMIT_CPU)"
    assert worker.unchecked(code) == {"shown": "(600, 600)"}
    with Snippets(off=["time"]) as opened:
        assert opened.unchecked(code) != {"shown": "(600, 600)"}


# --- the process


@pytest.mark.skipif(sys.platform == "win32", reason="the paths and names are of POSIX")
def test_the_worker_knows_nothing_of_its_surroundings(worker: Snippets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    worker.close()
    kept = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_CORETYPE", "PYTHONHASHSEED", "LC_CTYPE"}
    names = worker.unchecked(f"[n for n in {OS}['environ']]")["shown"]
    assert set(ast.literal_eval(names)) <= kept
    assert worker.unchecked(f"{OS}['getcwd']()") == {"shown": "'/'"}


def test_the_worker_imports_the_standard_library_and_numpy_alone(worker: Snippets) -> None:
    roots = worker.unchecked(f"[*{{m.partition('.')[0] for m in {OS}['sys'].modules}}]")["shown"]
    loaded = set(ast.literal_eval(roots)) - sys.stdlib_module_names
    assert {name for name in loaded if not name.startswith(("_", "cython", "sitecustomize"))} == {"numpy", "eigendeck"}


@pytest.mark.kills
def test_pool_answers_in_order_and_puts_a_stopped_job_in_its_place() -> None:
    codes = ["1", "while True:\n    pass\n2", "3", "import os", "5"]
    with Pool(2) as pool:
        answers = list(pool.map([Job(code) for code in codes], seconds=0.25))
    assert [a.why if isinstance(a, Stopped) else a["answers"] for a in answers] == [
        ["1"], "took longer than 0.25 s", ["3"], [], ["5"],
    ]  # fmt: skip


@pytest.mark.kills
def test_of_many_jobs_that_travel_together_one_that_hangs_is_the_only_one_without_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together: list[int] = []
    ask = Worker.ask

    def counted(worker: Worker, jobs: Sequence[Job], seconds: float) -> list[dict[str, Any]]:
        together.append(len(jobs))
        return ask(worker, jobs, seconds)

    monkeypatch.setattr(Worker, "ask", counted)
    with Pool(1) as pool:
        jobs = [Job("while True:\n    pass\n2" if n == 90 else str(n), stream=n) for n in range(120)]
        answers = list(pool.map(jobs, seconds=0.25))
    assert max(together) > 2
    assert [n for n, answer in enumerate(answers) if isinstance(answer, Stopped)] == [90]
    assert [a["answers"] for a in answers if isinstance(a, dict)] == [[str(n)] for n in range(120) if n != 90]


@pytest.mark.kills
def test_pool_ends_at_once_when_it_is_interrupted() -> None:
    began = time.monotonic()

    def answers_until_interrupted() -> None:
        with Pool(2) as pool:
            for _ in pool.map([Job("1"), *[Job("while True:\n    pass\n2")] * 9], seconds=30):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answers_until_interrupted()
    assert time.monotonic() - began < 5


def test_a_fault_of_the_worker_itself_is_told_as_one() -> None:
    with Worker() as worker:
        with pytest.raises(Failed, match="KeyError: 'nice'"):
            worker.send(frames.pack({"jobs": [{"no": "job"}]}))
        assert worker.ask([Job("6")])[0]["answers"] == ["6"]


def test_answers_that_are_too_large_together_cost_no_worker() -> None:
    drawn = {name: Piece(("plot", "curve", name), "np.arange(4000) / 7") for name in ("x", "y", "z")}
    jobs = [Job(numpy=str(n), plot=drawn, stream=n) for n in range(90)]
    with Pool(1) as pool:
        answers = pool.map(jobs)
        first, pid = next(answers), pool._workers[0].pid
        rest = list(answers)
        assert pool._workers[0].pid == pid
    sizes = [len(frames.pack(answer)) for answer in (first, *rest)]
    assert len(sizes) == 90
    assert sum(sizes) > 10 * budget.ANSWER

r"""What a stranger's card may try, by the cause that would let it: one table for all tests of hostile cards.

`python tests/tries.py` prints how many there are, by cause. What is tried otherwise than by a card, such as links,
packages and signals, is counted where it is tested: in the tests with the mark `tries`.
"""

# ruff: noqa: E501  (a table, whose rows stay rows)
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hostile_texts import texts

Keys = Mapping[str, Any]


@dataclass(frozen=True)
class Try:
    """Keys of a card, and a part of what must be said of it; empty where it may be shown, or refused in any words."""

    keys: Keys
    said: str = ""


def _code(said: str, *codes: str) -> list[Try]:
    return [Try({"numpy": code, "check": "answer is not None"}, said) for code in codes]


def _key(key: str, said: str, *values: Any) -> list[Try]:
    return [Try({key: value}, said) for value in values]


LONG = "np.array([1.5, 2], dtype=np.longdouble)"
CYCLE, DEEPER = "x = [1]\nx[0] = x\n", "x = 1\nfor i in range(2000):\n    x = [x]\n"
CYCLES: list[Keys] = [
    {"numpy": "x"},
    {"keep": "x == x"},
    {"ask": "{x}"},
    {"show": {"x": "{x}"}},
    {"steps": "x"},
    {"check": "answer == 1\nx == x"},
    {"mistake": {"says": "Itself.", "numpy": "x"}},
    {"plot": {"bars": {"x": "x"}}},
    {"reads": {"x": "x"}},
    {"work": "<<x>>"},
    {"given": DEEPER, "steps": "x\nlen(x)"},
    {"given": DEEPER, "mistake": {"says": "Deep.", "numpy": "x"}},
    {"given": "x = 1", "numpy": DEEPER.replace("x", "y") + "len(y) * x", "steps": "y\nlen(y) * x"},
]
DEEP = "{" * 60 + "x" + "}" * 60

TRIES: Mapping[str, list[Try]] = {
    "reaches files, programs, the network": [
        *_code("reads or writes files", "open('x', 'w')", "np.save('x', np.zeros(2))", "np.load('x')", "np.savetxt('x', [1])"),
        *_code("reads or writes files", "np.zeros(1).dumps()", "np.arange(3).tofile('x')", "np.fromfile('x')", "np.memmap('x')"),
        *_code("is not available", "import os\nos.getcwd()", "from os import system\n1", "eval('1')"),
        *_code("is not available", "exec('1')", "compile('1', '', 'eval')", "globals()", "locals()", "vars()", "input()"),
        *_code("is not available", "np.testing.os.system('x')", "np.f2py.os", "np.ctypeslib.ctypes", "np.lib.format"),
        *_code("", "np.random.seed", "breakpoint()", "help()", "print(1)", "memoryview(b'')", "np.DataSource('http://x')"),
    ],
    "climbs behind the scenes": [
        *_code("names that begin with _", "().__class__.__base__.__subclasses__()", "(lambda: 0).__globals__", "np.__loader__"),
        *_code("names that begin with _", "[].__class__", "''.__doc__", "(1).__init__", "__import__('os')", "np.ufunc.__call__"),
        *_code("is not available", "(x for x in ()).gi_frame", "(x for x in ()).gi_code", "getattr(1, 'real')", "type(1)"),
        *_code("", "(lambda: 0).func_globals", "np.zeros(1).base", "np.zeros(1).ctypes", "np.zeros(1).data", "np.zeros(1).flags"),
        *_code("is not needed: write an f-string", "'{0.__class__}'.format(1)", "'{0.__class__}'.format_map({})"),
        *_code("", "f'{np.zeros(1).__class__}'", "f'{(1).__class__!r}'", "'%(x)s' % {'x': np}", "str(np)", "repr(np.linalg)"),
        *_code("", "np.zeros(1).view('O')", "np.zeros(1, 'O')", "np.array([np], dtype=object)", "np.frompyfunc(len, 1, 1)"),
        *_code("is not needed", "np.ndarray((1,), dtype='O', buffer=np.zeros(1))"),
    ],
    "changes what others see": [
        *_code("attributes are only read", "np.sin = abs\n0", "np.linalg.det = abs\n0", "np.zeros(1).shape = (1,)\n0"),
        *_code("changes NumPy", "np.set_printoptions(precision=1)\n0", "np.seterr(all='ignore')\n0", "np.setbufsize(99)\n0"),
        *_code("draw from rng", "np.random.seed(1)\n0", "np.random.rand()"),
        *_code("needs its seed", "np.random.default_rng().random()"),
        *_code("", "del np\n0", "np = 3\nnp", "len = 3\nlen", "math.pi = 3\n0", "global x\n0", "answer = 3\nanswer"),
        *_code("", "raise KeyboardInterrupt", "raise SystemExit", "assert False", "1 / 0", "class A: pass\n0", "yield 1"),
    ],
    "takes time": [
        *_code("took longer than 2 s", "n = 1\nwhile n:\n    n = n + 1\nn", "7 ** 8 ** 9 ** 3", "sum(range(10**11))"),
        *_code("would have more than 3,000 digits", "math.factorial(10**5) % math.factorial(10**6)", "math.perm(10**6, 10**5)"),
        Try({"given": "x = rng.integers(1, 9)", "keep": "x > 9", "numpy": "x", "check": "answer == x"}, "draws"),
        Try({"check": "answer == sum(range(10**11))"}, "took longer than 2 s"),
        Try({"steps": "sum(range(10**11))\n2 * 3"}, "took longer than 2 s"),
        Try({"mistake": {"says": "Slow.", "numpy": "sum(range(10**11))"}}, "took longer than 2 s"),
        Try({"plot": {"bars": {"x": "[sum(range(10**11))]"}}}, "took longer than 2 s"),
        Try({"ask": "Now {sum(range(10**11))}?"}, ""),
    ],
    "takes memory": [
        *_code("MemoryError", "np.ones((10**5, 10**5)).sum()", "len([0] * 10**10)", "np.zeros(10**10).sum()", "'x' * 10**10"),
        *_code("MemoryError", "np.tile(np.ones(10**4), 10**6).sum()", "np.arange(10**9).sum()", "np.eye(10**5).sum()"),
        *_code("", "'ha' * 10**7", "f'{1:{10**9}}'", "'%999999999d' % 1", "'x'.ljust(10**9)", "'a,' .join('b' * 10**8)"),
        *_code("RecursionError", "def f(n): return f(n + 1)\nf(0)", "f = lambda n: f(n)\nf(0)"),
        *_code("does not fit on a card", "np.ones((0, 10**12))", "np.zeros((10**9, 0))"),
        *_code("more than 2,000 elements", "[0] * 2001", "(0,) * 2001"),
        *_code("at most 2,000", "np.zeros(2001)", "'x' * 2001", "np.zeros((50, 50))"),
        *_code("", "[[[[[[[1]]]]]]]", "x = []\nx.append(x)\nx", "d = {}\nd['d'] = d\nd", "10**700", "(1,) * 3000"),
    ],
    "is a value that the worker does not know": [
        *_code("", "np.array(['1.23456789', 'b'])", "np.array(['0.1234'])", LONG, "np.longdouble(3)", "np.clongdouble(1)"),
        *_code("", "np.array([1, 2], 'timedelta64[s]')", "np.array(['2020'], 'datetime64[D]')", "np.array([(1, 2)], 'i4,f8')"),
        *_code("", "np.array([b'a'])", "np.array([[1, 2], [3]], dtype=object)", "[[1, 2], [3]]", "np.ma.array([1])", "np.nan"),
        *_code("", "np.array([np.nan, np.inf])", "-0.0", "np.array(3)", "np.array([], 'U')", "''", "()", "[]", "{}", "None", "..."),
        *_code("", "range(3)", "slice(3)", "np.s_[1:2]", "iter([1])", "zip([1], [2])", "map(abs, [1])", "{1: 2}", "{1, 2}", "len"),
        *_code("", "lambda: 0", "np.sin", "np", "math", "int", "np.dtype('f8')", "np.float64", "1e308 * 10", "10**400", "2**1023"),
        *_code("", "complex('nan')", "1j", "True", "np.bool_(1)", "np.float16(1e5)", "np.int8(127) + np.int8(1)", "chr(55296)"),
        *_code("", "'\\ud800'", "'\\x1b]0;owned\\x07'", "'\\u202e'", "'\\ufffe'", "'\\x00'", "'a\\nb'", "'\\t'", "' '", "'\\u200d'"),
        Try({"given": "x = 55296", "numpy": "x", "ask": "{x:c}", "check": "answer == x"}, "ask"),
        Try({"given": "x = 10**400", "numpy": "x % 7", "ask": "{x:.2f}", "check": "answer == x % 7"}, "ask"),
        Try({"given": "x = 5", "numpy": "x", "ask": "{x:999999999d}", "check": "answer == x"}, "ask"),
        Try({"given": "x = 5", "numpy": "x", "ask": "{x!r:>{x}}", "check": "answer == x"}, ""),
        Try({"given": "x = 5", "numpy": "x", "ask": "{x.__class__}", "check": "answer == x"}, "is no placeholder"),
        Try({"given": "x = [[1, 2], [3]]", "numpy": "len(x)", "reads": {"x": "x"}, "check": "answer == 2"}, ""),
        Try({"given": "x = [[1, 2], [3]]", "numpy": "len(x)", "reads": {"x": "x[9]"}, "check": "answer == 2"}, ""),
        *(Try({"given": CYCLE, "numpy": "len(x)", "check": "answer == 1", **keys}, "nested") for keys in CYCLES),
        *_code("nested", CYCLE + "x", DEEPER + "x", CYCLE + "(x, x)"),
    ],
    "shows what another left": [
        *_code("shows what happened to be in memory", "np.empty(5)", "np.empty_like(np.ones(3))"),
        *_code("as the memory happened to be", "np.add([1, 2], 1, where=[True, False])", "np.sqrt([4, 9], where=[True, False])"),
        *_code("", "np.pad([1], 2, mode='empty')", "str(lambda: 0)", "f'{len}'", "repr(iter([]))", "hash('a')", "id(1)"),
        *_code("", "list({'red', 'green'})", "[x for x in {'b', 'a'}]", "tuple({3, 1})", "{'a', 'b'}.pop()", "str({'a', 'b'})"),
        *_code("", "np.array(list({'a', 'b'}))", "next(iter({'x', 'y'}))", "np.resize(np.zeros(0), 4)", "sorted({2, 1})"),
        *_code("", "np.ones(3).resize(9)", "np.ndarray(3)", "np.frombuffer(b'12345678')", "np.lib.stride_tricks.as_strided([1], (9,), (8,))"),
    ],
    "says LaTeX that no card may": [
        *_key("formula", "is not available on cards", r"\href{javascript:alert(1)}{x}", r"\def\x{y}", r"\input{a}", r"\class{a}{x}"),
        *_key("formula", "is not available on cards", r"\style{color:red}{x}", r"\require{html}", r"\unicode{x3c}", r"\mmlToken{mi}{x}"),
        *_key("formula", "is not available on cards", r"\cssId{a}{x}", r"\bbox[red]{x}", r"\newcommand{\x}{y}", r"\let\x=y", r"\tag{1}"),
        *_key("formula", "", r"x \) \href{a}{b} \( y", r"\hspace{9999em}", r"\begin{filecontents}x\end{filecontents}", "x{", "x}", "\\", "%", "$x$"),
        *_key("formula", "is nested deeper than 20 levels", DEEP, r"\sqrt{" * 60 + "x" + "}" * 60, r"\left(" * 40 + "x" + r"\right)" * 40),
        *_key("formula", "", r"\begin{matrix}" * 18 + "x" + r"\end{matrix}" * 18, r"\operatorname{<}", r"\text{<b>&}", "x^" * 30 + "2", "a" * 1001),
        *_key("work", "", r"\href{a}{<<answer>>}", "<<answer>> }{", "<<open('x')>>", "<<" * 40, r"\text{<<'a}\href{b}{c'>>}"),
        *_key("says", "is not available on cards", r"So \(\href{javascript:alert(1)}{x}\).", r"\(\text{\(\class{a}{b}\)}\)"),
        Try({"says": r"So \(x\ \) \href{javascript:evil()}{click} and \(y\)."}),
        Try({"mistake": {"says": r"\(\style{color:red}{x}\)"}}, "is not available on cards"),
        Try({"steps": "2 * 3  # \\(\\class{a}{b}\\)\n"}, "is not available on cards"),
        Try({"check": "answer == 6  # \\(\\cssId{a}{b}\\)\n"}, "is not available on cards"),
        Try({"hint": r"\(\require{html}\)"}, "is not available on cards"),
        Try({"see": [r"\(\input{a}\)"]}, "is not available on cards"),
        Try({"plot": {"bars": {"x": "[1]"}, "ask": r"\(\def\x{y}\)", "says": "x"}}, "is not available on cards"),
    ],
    "deceives whoever reads it": [
        *_key("says", "", "abc \u202e def", "a\u200bb", "a\u2066b", "\u00ad", "a\x07b", "<!-- x -->", "<script>alert(1)</script>", "{{Id}}"),
        *_key("concept", "", "\u202egpj", "<b>x</b>", "{{c1::x}}", "[sound:a.mp3]", "x\u2028y", "a" * 900),
        *_code("", "x = 1  # \u2066\nx", "sсore = 7\nsсore", "ｘ = 1\nｘ", "x\u200b = 1\nx", "a = '\u202e'\na"),
        *_key("tags", "", ["a b"], ["a::b"], ["\u202ea"], ["<b>"], ["x" * 200], [""], ["t"] * 60, ["a", "a"]),
        *_key("tags", "has more than 10,000 entries", ["t"] * 20_000),
        *_key("hint", "is no character", "a \ufdd0", "a \uffff"),
        *_key("unit", "", "m\\href", "<b>", "m/s" * 20, "{x}", "m\u202e", "$x$", "%"),
        *_key("unknown", "is no key of a card", 1, "x", ["x"]),
        *_key("needs", "", ["nobody"], ["../x"], [""]),
        *_key("cards", "", ["work"] * 9, ["spare"], ["mistake", "mistake"], []),
        *_key("variants", "", 10**9, -1, 0, 1.5, "x"),
        *_key("nice", "", 0, -1, 1e-300, 1e300, "9999 digits", "x"),
    ],
    "draws what cannot be drawn": [
        *_key("plot", "", {"bars": {"x": "[1e308, np.inf]"}}, {"bars": {"x": "[]"}}, {"bars": {"x": "[np.nan]"}}, {"bars": {"x": "'a'"}}),
        *_key("plot", "", {"curve": {"x": "[0, 1]", "y": "[1e308, -1e308]"}}, {"curve": {"x": "[1, 0]", "y": "[1, 2]"}}, {"curve": {}}),
        *_key("plot", "", {"grid": {"x": "np.zeros((99, 99))"}}, {"scatter": {"x": "np.zeros(5001)", "y": "np.zeros(5001)"}}),
        *_key("plot", "", {"nothing": {"x": "1"}}, {"bars": {"x": "[1]", "labels": ["\u202e"]}}, {"bars": {"<b>": "[1]"}}, {"bars": {"x": "np.array(['a'])"}}),
        *_key("plot", "", {"histogram": {"x": "[1]", "bins": "10**9"}}, {"bars": {"x": "[[1, 2], [3]]"}}, {"arrows": {"x": "[1, 2, 3, 4]"}}),
        *_key("plot", "", {"line": {"a": "1e400"}}, {"icons": {"a": "10**12"}}, {"mosaic": {"x": "[[0, 0], [0, 0]]"}}, {"shapes": {"a": "(10**9, 3)"}}),
    ],
}  # fmt: skip


def cards() -> dict[str, tuple[str, Try]]:
    """Every try with its cause, by the id of a card for it."""
    return {f"try-{number}": pair for number, pair in enumerate((c, t) for c, tries in TRIES.items() for t in tries)}


class Marked:
    """Counts the tests with the mark `tries`, by the cause that it names, as pytest collects them."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        self.counts.update(mark.args[0] for mark in item.iter_markers("tries"))


def counted() -> Counter[str]:
    """How many tries there are, by cause."""
    counts = Counter(cause for cause, _ in cards().values())
    counts["hides LaTeX in a text, each payload in each wrapping"] = sum(1 for _ in texts())
    marked, folder = Marked(), Path(__file__).parent
    files = [str(path) for path in sorted(folder.rglob("test_*.py")) if "mark.tries(" in path.read_text()]
    quietly = ["--collect-only", "-p", "no:terminal", "-o", "addopts=--import-mode=importlib"]
    pytest.main([*quietly, "-c", str(folder.parent / "pyproject.toml"), *files], plugins=[marked])
    return counts + marked.counts


if __name__ == "__main__":
    totals = counted()
    for cause, count in totals.items():
        print(f"{count:4}  {cause}")
    print(f"{totals.total():4}  in all")

"""Programs and card files that nobody would write: none of them crashes, hangs, or leaves a trace.

A short run belongs to the suite. `make fuzz` sets FUZZ_SECONDS, and goes on with ever other examples for so long.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from eigendeck import build
from eigendeck.errors import DeckError
from eigendeck.worked.process import Stopped
from eigendeck.worker.allowlist import LIST
from fuzzing import quietly, tried
from snippets import Snippets

Strategy = st.SearchStrategy[str]


# --- programs: everything in them is on the allow-list


def listed(table: str) -> list[str]:
    """The names of a table of the allow-list."""
    return sorted({name for names in LIST[table].values() for name in names})


MODULES = [f"{module}.{name}" for module, names in LIST["modules"].items() for name in names]
FUNCTIONS = st.sampled_from([f"np.{name}" for name in [*listed("numpy"), *MODULES] if name != "errstate"])
BUILTINS = st.sampled_from(sorted(LIST["builtins"]["names"]))
ATTRIBUTES = st.sampled_from(listed("values"))
KEYWORDS = st.sampled_from(["axis", "keepdims", "dtype", "out", "where", "key", "size", "k", "n", "order", "initial"])
NAMES = st.sampled_from(["x", "y", "z"])
# fmt: off
NUMBERS = st.sampled_from([
    "0", "1", "2", "3", "-1", "7", "0.5", "-2.25", "1e300", "1e-300", "10**20", "10**9", "2**70", "1j", "True", "None",
])
TEXTS = st.sampled_from(["''", "'a'", "'ij,jk'", "'int8'", "'float32'", "'O'", "'U5'", "'{0.x}'", "'%s'", "'\\x1b['"])
ARRAYS = st.sampled_from([
    "np.arange(6)", "np.eye(3)", "np.ones((2, 3))", "np.zeros(0)", "np.array([[1.5, -2], [3, 4]])", "np.zeros((3, 0))",
    "np.array(['a', 'b'])", "np.array([np.nan, np.inf])", "np.full((2, 2), 3j)", "[1, 2, 3]", "(4, 5)", "{'a': 1}",
    "{1, 2}", "range(5)", "rng",
])
OPERATORS = st.sampled_from([
    "+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>", "<", "<=", "==", "!=", "and", "or", "in", "is",
])
# fmt: on


def deeper(part: Strategy) -> Strategy:
    """Expressions made of others."""
    some = st.lists(part, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        st.builds("{}({})".format, FUNCTIONS, some),
        st.builds("{}({}, {}={})".format, FUNCTIONS, part, KEYWORDS, part),
        st.builds("{}({})".format, BUILTINS, some),
        st.builds("({}).{}".format, part, ATTRIBUTES),
        st.builds("({}).{}({})".format, part, ATTRIBUTES, some),
        st.builds("({} {} {})".format, part, OPERATORS, part),
        st.builds("(-{})".format, part),
        st.builds("({})[{}]".format, part, part),
        st.builds("({})[{}:{}]".format, part, part, part),
        st.builds("[{} for i in {}]".format, part, part),
        st.builds("{{i: {} for i in {}}}".format, part, part),
        st.builds("sum({} for i in {} if {})".format, part, part, part),
        st.builds("({} if {} else {})".format, part, part, part),
        st.builds("(lambda i: {})({})".format, part, part),
        st.builds('f"{{{}!r:>{{{}}}}}"'.format, NAMES, NAMES),
        st.builds("[{}]".format, some),
        st.builds("({},)".format, some),
        st.builds("(y := {})".format, part),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, NUMBERS, TEXTS, ARRAYS), deeper, max_leaves=8)
STATEMENTS = st.one_of(
    st.builds("{} = {}".format, NAMES, EXPRESSIONS),
    st.builds("{} += {}".format, NAMES, EXPRESSIONS),
    st.builds("{}[{}] = {}".format, NAMES, EXPRESSIONS, EXPRESSIONS),
    st.builds("for i in {}:\n    x = {}".format, EXPRESSIONS, EXPRESSIONS),
    st.builds("while {}:\n    x = {}\n    break".format, EXPRESSIONS, EXPRESSIONS),
    st.builds("def f(i):\n    return {}\nz = f({})".format, EXPRESSIONS, EXPRESSIONS),
    st.builds("with np.errstate(all='raise'):\n    x = {}".format, EXPRESSIONS),
    st.builds("assert {}, {}".format, EXPRESSIONS, EXPRESSIONS),
    st.builds("x, *y = {}".format, EXPRESSIONS),
)
PROGRAMS = st.builds(
    "i = 1\nx = {}\ny = {}\nz = {}\n{}\n{}".format,
    ARRAYS,
    ARRAYS,
    NUMBERS,
    st.lists(STATEMENTS, max_size=3).map("\n".join),
    EXPRESSIONS,
)

# What an honest card computes: the same after whatever another did.
HONEST = """
with np.errstate(divide='ignore'):
    y = np.log(np.zeros(1))
[repr(y), repr(np.array([0.1, 1e10])), repr(np.sin(1.0)), np.random.default_rng(3).random(), sum([1, 2]), 'x'.upper(),
 repr(np.finfo(float).eps), repr(np.linalg.det(np.eye(2))), repr(np.add.reduce([1, 2])), np.pi, len('ab'), max(1, 2)]
"""
# The environment, the settings of NumPy, and the modules: read by code that is not checked.
OS = "[c for c in ().__class__.__mro__[-1].__subclasses__() if c.__name__ == '_wrap_close'][0].__init__.__globals__"
STATE = f"""
numpy = {OS}['sys'].modules['numpy']
[len({OS}['environ']), len({OS}['sys'].modules), str(numpy.geterr()), numpy.get_printoptions()['precision'],
 {OS}['sys'].getrecursionlimit()]
"""


def traces(worker: Snippets) -> dict[str, object]:
    """What a program could have left behind in its worker, as the parent sees it."""
    found: dict[str, object] = {"honest": worker.run(HONEST), "state": worker.unchecked(STATE)}
    process = Path(f"/proc/{worker.pid}")
    if process.is_dir():
        found["open"] = sorted(str(name.readlink()) for name in (process / "fd").iterdir())
        found["threads"] = len(list((process / "task").iterdir()))
        found["children"] = [path.read_text() for path in process.glob("task/*/children")]
    return found


def _names(folder: Path) -> list[str]:
    """What is in a folder, but for what the search for examples itself keeps there."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".hypothesis")


def test_allow_listed_programs_leave_no_trace() -> None:
    folder = Path.cwd()
    files, environment = _names(folder), dict(os.environ)
    with Snippets() as worker:

        def fresh() -> tuple[int, dict[str, object]]:
            return worker.pid, traces(worker)

        pid, before = fresh()
        assert "shown" in before["honest"]  # type: ignore[operator]
        assert "shown" in before["state"]  # type: ignore[operator]

        @quietly(400)
        @given(program=PROGRAMS)
        def property_(program: str) -> None:
            nonlocal pid, before
            began = time.monotonic()
            try:
                answer = worker.run(program, seconds=1)
            except Stopped:
                answer = {"faults": []}
            assert time.monotonic() - began < 5
            assert answer.keys() in ({"shown"}, {"faults"})
            if worker.pid == pid:
                assert worker.run(HONEST) == before["honest"]
            else:  # the one that had to be stopped took its traces with it
                pid, before = fresh()

        tried(property_)
        if worker.pid == pid:
            assert traces(worker) == before
    assert _names(folder) == files
    assert dict(os.environ) == environment


# --- card files


DECK = r"""section: Numbers
see:
  - A book, `ch` 1
cards:
  - id: total
    concept: Sum of \(x_i\)
    says: "Adds `x` up: \\(\\sum_i x_i\\)."
    form: linear combination
    formula: s=\sum_{i=1}^n x_i
    given: |
      x = rng.integers(2, 9, 3)
      p = rng.integers(1, 9) / 10
    keep: |
      abs(answer) <= 30
    nice: 1
    numpy: |
      total = x.sum()
      total
    steps: |
      x * 1     # take them
      x.sum()   # add them up
    check: |
      answer == sum(x.tolist())   # one by one
    mistake:
      says: "Multiplies instead."
      numpy: x.prod()
    plot: {bars: {x: "x", labels: [a, b, c]}, ask: Which?, says: All.}
    cards: [work, mistake, plot]
    ask: Add {x} with \(p=1\) and {p:.0%}.
    hint: One by one.
    work: \sum = <<x[0]>> + <<x[1]>> + <<x[2]>> = <<answer>>
    variants: 2
    tags: [a, b]
  - id: mean
    needs: [total]
    concept: Mean
    says: The middle.
    formula: \frac{1}{n}\sum_i x_i
    given: "x = rng.integers(2, 9, (2, 2))"
    show: {x: "np.array({x})"}
    nice: 2 digits
    numpy: x.mean(axis=0)
    check: np.allclose(answer, x.sum(0) / 2)
    mistake: {says: It forgets the axis., numpy: x.mean()}
"""
TOKENS = st.one_of(
    st.sampled_from(
        [
            *"-:#|>&*!%@`'\"{}[],? \t\n\\$^_~=<()",
            *("\n\n", ": ", "- ", "  ", "&a", "*a", "<<", "!!python/object:x", "---\n", "...", "{{", "}}", "<<", ">>"),
            *(
                "\\(",
                "\\)",
                "\\[",
                "[sound:",
                "<b>",
                "</pre>",
                "null",
                "true",
                ".nan",
                "1e999",
                "0x1f",
                "10**9",
                "99999",
            ),
            *("np.", "rng", "x", "answer", "import os", "while 1: 0", ".T", "**", "[::-1]", "lambda: x", "(0, 10**9)"),
            *(
                r"\frac",
                r"\text{",
                r"\begin{matrix}",
                r"\left(",
                "\u202e",
                "\x00",
                "é",
                "\u2028",
                "\ufeff",
                "😀",
                "\xa0",
            ),
            *("id: ", "numpy: ", "check: ", "plot: ", "given: |\n      ", "    work: ", "    unknown: 1\n", "nice: 0"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=3),
    st.integers(0, len(DECK) - 40).map(lambda at: DECK[at : at + 40]),
)
EDITS = st.lists(st.tuples(st.integers(0, len(DECK)), st.integers(0, 12), TOKENS), min_size=1, max_size=4)


def edited(edits: list[tuple[int, int, str]]) -> str:
    """The deck with some of its characters replaced."""
    text = DECK
    for at, length, token in edits:
        text = text[:at] + token + text[at + length :]
    return text


def test_mutated_card_files_are_built_or_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "deck.yaml").write_text("id: fuzzed\ntitle: Fuzzed\nvariants: 2\n")
    section = tmp_path / "01-numbers.yaml"
    outcomes = {"built": 0, "refused": 0, "without a word": 0}

    @quietly(60)
    @given(edits=EDITS)
    def property_(edits: list[tuple[int, int, str]]) -> None:
        section.write_bytes(edited(edits).encode())
        began = time.process_time()  # a machine that has much else to do may take a minute for what is nothing
        try:
            built = build(tmp_path, time=1_800_000_000, processes=1)
            assert set(built.files) == {"fuzzed.apkg", "fuzzed.html"}
            outcomes["built"] += 1
        except DeckError as error:
            outcomes["refused" if error.faults and "Traceback" not in str(error) else "without a word"] += 1
        assert time.process_time() - began < 40
        assert sorted(path.name for path in tmp_path.iterdir()) == ["01-numbers.yaml", "deck.yaml"]

    section.write_text(DECK)
    build(tmp_path, time=1_800_000_000, processes=1)
    tried(property_)
    assert outcomes["built"] > 0 < outcomes["refused"], outcomes
    assert outcomes["without a word"] == 0

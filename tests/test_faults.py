"""What an author meets who makes a mistake: each fault at its place and in words, and nothing written."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import eigendeck, left
from decks import card, section, write

GOOD = section(card())


@dataclass(frozen=True)
class Case:
    """One edit to the good section, and what is then said: the beginning of the fault's line, and a part of its hint.

    old: what is replaced; empty: `new` is put behind the card. `…` in what is said stands for anything.
    """

    old: str
    new: str
    says: str
    hint: str = ""
    command: str = "build"

    @property
    def section(self) -> str:
        assert self.old in GOOD
        return GOOD.replace(self.old, self.new) if self.old else GOOD + self.new


CASES = {
    "unknown key": Case("", "    nmpy: x\n", "17:5: error: total: nmpy: is no key of a card", 'Did you mean "numpy"?'),
    "duplicate key": Case(
        "",
        "    concept: Sum\n",
        '17:5: error: total: the key "concept" is already at deck/01-numbers.yaml:4',
        "Keep one",
    ),
    "missing key": Case("    concept: Sum\n", "", "3:5: error: total: concept: is missing", "What the card is about"),
    "unknown prerequisite": Case(
        "", "    needs: [totl]\n", '17:13: error: total: needs: "totl" is no card of this deck.'
    ),
    "circle": Case("", "    needs: [total]\n", "17:13: error: total: needs: it needs itself", "Take one of these"),
    "two cards with one id": Case(
        "",
        GOOD.partition("cards:\n")[2],
        '17:5: error: total: id: id "total" already at deck/01-numbers.yaml:3',
        "never reuse or rename",
    ),
    "the mistake direction without its code": Case(
        "      numpy: x.prod()\n",
        "    cards: [work, mistake]\n",
        "16:5: error: total: cards: the Mistake direction needs mistake.numpy",
    ),
    "brace in a formula": Case(
        r"\sum_i x_i",
        r"\frac{1}{n",
        "6:24: error: total: formula: the brace opened at column 11 of the formula never closes",
    ),
    "brace in a text": Case(
        "Adds the entries up.",
        r"'Adds \(x_{i\) up.'",
        "5:21: error: total: says: the brace opened at column 3 of the formula never closes",
    ),
    "unknown command in a formula": Case(
        r"\sum_i", r"\sums_i", r"6:16: error: total: formula: \sums is not available on cards", r"\sum"
    ),
    "a list shown for an array": Case(
        "    numpy: x.sum()\n",
        '    show: {x: "{x}"}\n    numpy: np.sum(x)\n',
        "9:16: error: total: show.x: `[…]` is a list, but `given` makes x an array: code treats them differently",
        "Write np.array({x}).",
    ),
    "a condition that stops all that others let pass": Case(
        "    numpy: x.sum()\n",
        "    keep: x[0] > 5\n    numpy: x.sum()\n    nice: 50\n",
        "11:11: error: total: nice: the answer is no multiple of 50 in all draws that came so far, …% of 5,000 draws "
        "(`x[0] > 5` refused …%): for instance",
    ),
    "undefined name": Case(
        "numpy: x.sum()", "numpy: x.sum() + X", '9:22: error: total: numpy: "X" is not defined', "here are: x."
    ),
    "rng outside given": Case(
        "numpy: x.sum()",
        "numpy: x.sum() + rng.integers(3)",
        '9:22: error: total: numpy: "rng" is not defined here: it exists in `given` alone',
        "Draw in `given`",
    ),
    "refused function of NumPy": Case(
        "x.sum()   #", "np.save('f', x)   #", "11:7: error: total: steps: `np.save` reads or writes files"
    ),
    "another source of random numbers": Case(
        "x = rng.integers(2, 9, 3)",
        "x = np.random.randint(2, 9, 3)",
        "8:11: error: total: given: `np.random.randint` is not available: draw from rng, or the seed has no effect",
    ),
    "code that is no Python": Case(
        "numpy: x.sum()", "numpy: x.sum(", "9:17: error: total: numpy: not Python: '(' was never closed"
    ),
    "numpy that ends in a statement": Case(
        "numpy: x.sum()",
        "numpy: s = x.sum()",
        "9:12: error: total: numpy: ends in `s = x.sum()`, which has no value",
        "End with an expression",
    ),
    "numpy of comments alone": Case(
        "numpy: x.sum()\n    steps: |\n      x.sum()   # add them up",
        "numpy: |\n      # nothing",
        "10:7: error: total: numpy: has no code",
    ),
    "given that raises": Case(
        "rng.integers(2, 9, 3)", "rng.integers(2, 1, 3)", "8:11: error: total: given: ValueError: low >= high"
    ),
    "numpy that raises": Case(
        "numpy: x.sum()",
        "numpy: (x @ np.ones(4)).sum()",
        "9:13: error: total: numpy: ValueError: matmul: Input operand 1 has a mismatch",
    ),
    "numpy that raises behind letters of two bytes": Case(
        "numpy: x.sum()", "numpy: len('Σ²') + x[5]", "9:24: error: total: numpy: IndexError: index 5 is out of bounds"
    ),
    "generator bound in given": Case(
        "x = rng.integers(2, 9, 3)\n",
        "x = rng.integers(2, 9, 3)\n      g = rng\n",
        '9:7: error: total: given: "g" is a generator, which would give other numbers at each use',
        "np.random.default_rng(seed)",
    ),
    "function that draws": Case(
        "x = rng.integers(2, 9, 3)\n    numpy: x.sum()",
        "x = rng.integers(2, 9, 3)\n      f = lambda t: t + rng.integers(3)\n    numpy: f(x).sum()",
        '9:7: error: total: given: "f" draws from rng, which exists in `given` alone',
    ),
    "iterator as an input": Case(
        "x = rng.integers(2, 9, 3)\n    numpy: x.sum()",
        "x = rng.integers(2, 9, 3)\n      z = zip(x, x)\n    numpy: x.sum() + len(list(z))",
        '9:7: error: total: given: "z" is used up by the first that reads it',
        "z = list(…)",
    ),
    "input that is not always there": Case(
        "x = rng.integers(2, 9, 3)\n    numpy: x.sum()",
        "x = rng.integers(2, 9, 3)\n      if x[0] > 9:\n        k = 1\n    numpy: x.sum() if True else k",
        '9:7: error: total: given: "k" was not bound this time (seed 0, variant 1)',
    ),
    "input nested in itself": Case(
        "x = rng.integers(2, 9, 3)\n    numpy: x.sum()",
        "x = rng.integers(2, 9, 3)\n      y = []\n      y.append(y)\n    numpy: x.sum() + len(y)",
        "9:7: error: total: given: y is nested more than 5 deep",
    ),
    "name that the program needs": Case(
        "x = rng.integers(2, 9, 3)",
        "x, print = rng.integers(2, 9, (2, 3))",
        '8:7: error: total: given: "print" cannot be given to something else: the shown program prints with it',
    ),
    "keep that never holds": Case(
        "",
        "    keep: |\n      x.all()\n      answer > 100\n",
        "19:7: error: total: keep: `answer > 100` refused all 5,000 draws",
        "Widen `given`, or loosen the condition.",
    ),
    "keep that always raises": Case(
        "",
        "    keep: x > 0 and x < 9\n",
        "17:11: error: total: keep: `x > 0 and x < 9` refused all 5,000 draws (ValueError: The truth value of an array",
    ),
    "keep that mostly does not hold": Case(
        "",
        "    keep: |\n      x[0] == 2\n      x[1] == 99\n",
        "18:7: error: total: keep: `x[0] == 2` refused …%",
        "Widen `given`, or loosen the condition.",
    ),
    "nice that never holds": Case(
        "numpy: x.sum()",
        "numpy: x.sum() + 0.5\n    nice: 0.2",
        "10:11: error: total: nice: the answer is no multiple of 0.2 in any draw: for instance ",
        "3 digits, or off",
    ),
    "too few draws": Case(
        "x = rng.integers(2, 9, 3)",
        "x = np.full(3, 3)",
        "8:7: error: total: given: only 1 different draw was found in 5,000 tries, for variant 2",
        "`variants: 1`",
    ),
    "check that fails": Case(
        "answer == sum(x.tolist())",
        "answer == max(x.tolist())",
        "13:7: error: total: check: check failed, seed 0, variant 1: `answer == max(x.tolist())` with x = np.array([",
        "they must agree on every draw",
    ),
    "check that raises": Case(
        "answer == sum(x.tolist())",
        "answer == x[7]",
        "13:17: error: total: check: IndexError: index 7 is out of bounds",
    ),
    "check that gives an array": Case(
        "answer == sum(x.tolist())",
        "answer >= x",
        "13:7: error: total: check: `answer >= x` gives 3 truths, not one",
        "np.all",
    ),
    "check that gives a number": Case(
        "answer == sum(x.tolist())",
        "answer - sum(x)",
        "13:7: error: total: check: `answer - sum(x)` gives a value of type int64, not True or False",
    ),
    "check that is always true": Case(
        "answer == sum(x.tolist())",
        "answer == 3, 'one by one'",
        "13:7: error: total: check: `answer == 3, 'one by one'` is no condition",
        "A tuple is true whatever stands in it",
    ),
    "check that assigns": Case(
        "answer == sum(x.tolist())",
        "answer = sum(x.tolist())",
        "13:7: error: total: check: `answer = sum(x.tolist())` is no condition",
        "`==` compares",
    ),
    "check that binds a name": Case(
        "answer == sum(x.tolist())",
        "n = len(x)",
        "13:7: error: total: check: `n = len(x)` is no condition",
        "`check` has no assignments and loops: write one expression, or bind the name in `numpy`.",
    ),
    "check that loops": Case(
        "answer == sum(x.tolist())   # one by one",
        "for i in x:\n        assert i",
        "13:7: error: total: check: `for i in x: assert i` is no condition",
        "`check` has no assignments and loops",
    ),
    "show with a name in place of its value": Case(
        "",
        '    show: {x: "k + np.array(x)"}\n',
        '17:16: error: total: show.x: "k" is not defined',
        "Write {k} for the value of k.",
    ),
    "ask with a part of an array": Case(
        "",
        "    ask: Add {x[0]} to all.\n",
        "17:15: error: total: ask: `{x[0]}` is no placeholder",
        "Give it a name in `given`: x0 = x[0].",
    ),
    "dict as an input": Case(
        "x = rng.integers(2, 9, 3)\n    numpy: x.sum()",
        "x = rng.integers(2, 9, 3)\n      code = {'a': 1}\n    numpy: x.sum() + code['a']",
        "9:7: error: total: given: code is a dict, which a card cannot show",
        "Make it in `numpy`, or draw two arrays.",
    ),
    "old name of a draw": Case(
        "rng.integers(2, 9, 3)",
        "rng.randint(2, 9, 3)",
        "8:15: error: total: given: `.randint` is not available in card code",
        "Write rng.integers.",
    ),
    "random of Python": Case(
        "rng.integers(2, 9, 3)",
        "random.randint(2, 9)",
        "8:11: error: total: given: only NumPy is here, as np, and math",
        "rng.integers(0, 10)",
    ),
    "given that is refused": Case(
        "x = rng.integers(2, 9, 3)",
        "x = rng.integers(2, 9, k)\n      y, z = x",
        '8:30: error: total: given: "k" is not defined',
        "here are: rng.",
    ),
    "given that is no Python, and all that lacks its names": Case(
        "x = rng.integers(2, 9, 3)\n    numpy: x.sum()",
        "x = rng.integers(2, 9, 3))\n    ask: Add {x}.\n    show: {x: 'np.array({x})'}\n    numpy: x.sum()",
        "8:32: error: total: given: not Python: unmatched ')'",
    ),
    "letters that are not plain": Case(
        "x = rng.integers(2, 9, 3)\n    numpy: x.sum()",
        "é = 3\n      x = rng.integers(2, 9, 3) + é\n    numpy: x.sum() + é",
        "8:7: error: total: given: 'é' is not in plain letters: names are ASCII",
    ),
    "power of another language": Case(
        "numpy: x.sum()",
        "numpy: x.mean()^2",
        "9:12: error: total: numpy: TypeError: ufunc 'bitwise_xor' not supported",
        "A power is `**`.",
    ),
    "word of Python as a name": Case(
        "x = rng.integers(2, 9, 3)",
        "lambda = 3\n      x = rng.integers(2, 9, lambda)",
        "8:14: error: total: given: `lambda` is a word of Python and cannot be a name",
        "Use lam.",
    ),
    "minus sign of a text": Case(
        "numpy: x.sum()",
        "numpy: x.sum() − 1",
        "9:20: error: total: numpy: not Python: invalid character '−' (U+2212)",
        "Write `-`.",
    ),
    "plot labels that never fit": Case(
        "x = rng.integers(2, 9, 3)",
        "x = np.arange(rng.integers(2, 9))  # no two variants alike\n    plot: {grid: {cells: x, columns: [a]}}",
        "9:38: error: total: plot.grid.columns: needs ",
    ),
    "show in which all is wrong": Case(
        "",
        '    show: {x: "a + b + {x}"}\n',
        '17:16: error: total: show.x: "a" is not defined',
    ),
    "steps that end elsewhere": Case(
        "x.sum()   # add",
        "x.sum() + 1   # add",
        "11:7: error: total: steps: steps end in ",
        "The last step is the answer.",
    ),
    "step with a name that is not shown": Case(
        "x = rng.integers(2, 9, 3)\n    numpy: x.sum()\n    steps: |\n      x.sum()",
        "x = rng.integers(2, 9, 3)\n      w = 2 * x\n    numpy: x.sum()\n    steps: |\n      w.sum() // 2",
        '12:7: error: total: steps: "w" does not appear on the card: `numpy` does not read it',
        "name w in `ask` or `show`",
    ),
    "mistake that is right": Case(
        "x.prod()", "sum(x)", "16:14: error: total: mistake.numpy: equals the answer in every draw: nothing to show"
    ),
    "ask with an unknown placeholder": Case(
        "", "    ask: Add {x} and {y}.\n", '17:23: error: total: ask: "y" is not drawn in `given`', "`given` draws x."
    ),
    "plot.says with an unknown placeholder": Case(
        "",
        '    plot: {bars: {x: x}, says: "Add {y}."}\n',
        '17:38: error: total: plot.says: "y" is not drawn',
        "`given` draws",
    ),
    "ask with a format for one number": Case(
        "", "    ask: Add {x:.2f}.\n", "17:15: error: total: ask: `:.2f` is no format for x, which is `[", "one number"
    ),
    "show that says something else": Case(
        "",
        '    show: {x: "{x} + 1"}\n',
        "17:16: error: total: show.x: TypeError: can only concatenate list",
    ),
    "show of another value": Case(
        "",
        '    show: {x: "np.array({x}) + 1"}\n',
        "17:16: error: total: show.x: `np.array([",
        "`show` must say what `given` draws.",
    ),
    "placeholder of work that raises": Case(
        "",
        "    work: <<x>> + <<x[4]>> = <<answer>>\n",
        "17:21: error: total: work: IndexError: index 4 is out of bounds",
    ),
    "unknown plot kind": Case(
        "",
        '    plot: {arows: {x: "x[:2]"}}\n',
        '17:12: error: total: plot: there is no plot kind "arows". Did you mean "arrows"?',
    ),
    "unknown plot parameter": Case(
        "",
        "    plot: {grid: {cels: x}}\n",
        '17:19: error: total: plot: grid has no parameter "cels". Did you mean "cells"?',
    ),
    "faulty plot parameter": Case(
        "",
        "    plot: {arrows: {x: x}}\n",
        "17:24: error: total: plot.arrows.x: needs 2 numbers, has 3 numbers: write `x[:2]`",
    ),
    "plot parameter that raises": Case(
        "",
        "    plot: {arrows: {x: y}}\n",
        '17:24: error: total: plot.arrows.x: "y" is not defined',
    ),
    "answer that cannot be shown": Case(
        "numpy: x.sum()",
        "numpy: \"{'sum': x.sum()}\"",
        "9:13: error: total: numpy: the answer is a dict, which a card cannot show",
    ),
    "answer that steers the terminal": Case(
        "numpy: x.sum()",
        "numpy: \"'\\\\x1b[2J' + str(x)\"",
        "9:12: error: total: numpy: the answer has the character U+001B, which cannot be printed on a card",
    ),
    "hang in numpy": Case(
        "numpy: x.sum()", "numpy: x.sum() + 10**10**10", "9:12: error: total: numpy: took longer than 2 s; stopped"
    ),
    "hang in keep": Case(
        "",
        "    keep: x.sum() < 10**10**10\n",
        "17:11: error: total: keep: took longer than 2 s; stopped",
        "2 seconds and 512 MB",
    ),
    "memory bomb": Case(
        "numpy: x.sum()",
        "numpy: np.ones((10_000, 100_000)).sum() + x.sum()",
        "9:12: error: total: numpy: MemoryError: Unable to allocate 7.45 GiB",
    ),
    "one answer to all draws": Case(
        "numpy: x.sum()\n    steps: |\n      x.sum()   # add them up\n    check: |\n      answer == sum(x.tolist())",
        "numpy: x.size\n    check: |\n      answer == len(x)",
        "9:12: error: total: numpy: all 100 draws give 3; learners will memorise it",
        "`answers: 1`",
        command="check",
    ),
    "a check that no sign changes": Case(
        "check: |\n      answer == sum(x.tolist())",
        "check: |\n      abs(answer) == sum(x.tolist())",
        "13:7: error: total: check: would not notice a wrong answer: it accepts the answer with the other sign",
        "such as `answer > 0`",
    ),
}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the good deck, and its outputs."""
    folder = tmp_path_factory.mktemp("earlier")
    write(folder / "deck", GOOD)
    eigendeck("build", "deck", cwd=folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return left(folder / "build")


def test_the_good_card_builds(earlier: Path) -> None:
    assert set(files(earlier)) == {"small.apkg", "small.html"}


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=name, marks=[pytest.mark.kills] * name.startswith("hang")) for name, case in CASES.items()],
)
def test_a_fault_is_said_at_its_place(case: Case, earlier: Path, tmp_path: Path) -> None:
    shutil.copytree(earlier, tmp_path, dirs_exist_ok=True)
    write(tmp_path / "deck", case.section)
    said = eigendeck(case.command, "deck", cwd=tmp_path, code=1).stderr
    (fault,) = re.findall(r"^.*: error: .*$", said, re.MULTILINE)
    assert re.match(anything(f"deck/01-numbers.yaml:{case.says}"), fault), said
    assert not case.hint or re.search(rf"^    .*{anything(case.hint)}", said.partition(fault)[2], re.MULTILINE), said
    assert files(tmp_path) == files(earlier)


def anything(text: str) -> str:
    """A pattern of the text, in which `…` stands for anything."""
    return re.escape(text).replace("…", ".*")


def test_all_faults_of_all_files_are_said_at_once(earlier: Path, tmp_path: Path) -> None:
    shutil.copytree(earlier, tmp_path, dirs_exist_ok=True)
    other = GOOD.replace("Numbers", "More").replace("id: total", "id: other")
    third = GOOD.replace("Numbers", "Rest").replace("id: total", "id: third")
    write(
        tmp_path / "deck",
        GOOD.replace("numpy: x.sum()", "numpy: x.sum() + X").replace(r"\sum_i", r"\frac{x"),
        other.replace("x.sum()   #", "x.sum() + 1   #").replace("answer == sum(x.tolist())", "answer == 0")
        + '    plot: {arrows: {x: "x[9]"}}\n    ask: Add {y}.\n',
        third + "    nmpy: x\n" + GOOD.partition("cards:\n")[2].replace("id: total", "id: fourth") + "    nice: 0.7\n",
    )
    said = eigendeck("build", "deck", cwd=tmp_path, code=1).stderr
    assert [line.split(": error: ")[0] for line in said.splitlines() if ": error: " in line] == [
        "deck/01-numbers.yaml:6:21",  # the formula
        "deck/01-numbers.yaml:9:22",  # numpy
        "deck/02-numbers.yaml:18:15",  # ask: refused before anything runs
        "deck/03-numbers.yaml:17:5",  # the unknown key; the card behind it is read all the same
    ], said
    assert said.endswith("4 faults; nothing was written.\n")
    assert files(tmp_path) == files(earlier)


def test_each_piece_of_a_draw_is_judged_though_another_is_at_fault(tmp_path: Path) -> None:
    section = GOOD.replace("x.sum()   #", "x.sum() + 1   #").replace("answer == sum(x.tolist())", "answer == x[8]")
    plot, work, ask = '{arrows: {x: "x[9]"}}', "<<x>> = <<x[7]>>", "Add {x:d}."
    write(tmp_path / "deck", f"{section}    plot: {plot}\n    work: {work}\n    ask: {ask}\n")
    said = eigendeck("build", "deck", cwd=tmp_path, code=1).stderr
    keys = [line.split(": ")[3] for line in said.splitlines() if ": error: " in line]
    assert keys == ["steps", "check", "plot.arrows.x", "work", "ask"], said


def test_a_name_that_a_refused_piece_binds_is_no_news_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "deck", GOOD.replace("x = rng.integers(2, 9, 3)", "x = rng.integrs(2, 9, 3)"))
    said = eigendeck("build", "deck", cwd=tmp_path, code=1).stderr
    assert said.count(": error: ") == 1, said
    assert 'given: `.integrs` is not available in card code\n    Did you mean ".integers"?\n' in said


def test_code_that_is_no_python_is_one_fault(tmp_path: Path) -> None:
    write(tmp_path / "deck", GOOD.replace("x = rng.integers(2, 9, 3)", "x = rng.integers(2, 9, 3"))
    said = eigendeck("build", "deck", cwd=tmp_path, code=1).stderr
    assert said.count(": error: ") == 1, said
    assert "deck/01-numbers.yaml:8:23: error: total: given: not Python: '(' was never closed" in said


def test_a_card_at_fault_does_not_hide_what_draws_find_in_another(tmp_path: Path) -> None:
    other = GOOD.replace("Numbers", "More").replace("id: total", "id: other").replace("answer ==", "x[0] != 5 and 0 <")
    write(tmp_path / "deck", GOOD.replace("numpy: x.sum()", "numpy: x.smu()"), other)
    said = eigendeck("check", "deck", cwd=tmp_path, code=1).stderr
    assert ":9:14: error: total: numpy: `.smu` is not available in card code" in said
    assert "deck/02-numbers.yaml:13:7: error: other: check: check failed, seed 0, variant " in said
    assert not left(tmp_path / "build")


def test_two_or_three_answers_are_a_warning_that_changes_no_exit_code(tmp_path: Path) -> None:
    few = GOOD.replace("rng.integers(2, 9, 3)", "rng.choice([[2, 3, 4], [2, 3, 5]])")
    write(tmp_path / "deck", few)
    said = eigendeck("check", "deck", cwd=tmp_path).stderr
    assert "deck/01-numbers.yaml:9:12: warning: total: numpy: 100 draws give only 10, 9; learners" in said
    assert "`answers: 2`" in said
    assert "1 card × 100 draws, 0 faults" in said
    write(tmp_path / "deck", few + "    answers: 2\n")
    assert "warning" not in eigendeck("check", "deck", cwd=tmp_path).stderr


def test_an_error_does_not_steer_the_terminal_nor_fake_another(tmp_path: Path) -> None:
    key = r"'\\x1b[2J\\ndeck/01-numbers.yaml:1:1: error: fake' + str(x)"
    write(tmp_path / "deck", GOOD.replace("numpy: x.sum()", f'numpy: "{{}}[{key}]"'))
    said = eigendeck("build", "deck", cwd=tmp_path, code=1).stderr
    assert r"KeyError: '\x1b[2J\ndeck/" in said
    assert "\x1b" not in said
    assert len([line for line in said.splitlines() if line.startswith("deck/")]) == 1, said


def test_an_output_folder_that_cannot_be_written_is_a_wrong_option(tmp_path: Path) -> None:
    write(tmp_path / "deck", GOOD)
    (tmp_path / "taken").write_text("a file")
    said = eigendeck("build", "deck", "--out", "taken", cwd=tmp_path, code=2).stderr
    assert "Invalid value for --out: taken" in said


def test_what_is_too_wide_for_paper_is_a_warning_of_check_too(tmp_path: Path) -> None:
    given, check = "x = rng.integers(100, 999, 8)\n", "(answer * 7).sum() == x.sum()\n"
    mistake = {"says": "Forgets the 7.", "numpy": "x"}
    wide = card(given=given, numpy="x / 7", nice="6 digits", steps=None, check=check, mistake=mistake)
    write(tmp_path, section(wide))
    said = eigendeck("check", cwd=tmp_path).stderr  # a folder that is a deck needs no name
    assert "01-numbers.yaml:9:12: warning: total: numpy: a line of the output has 66 characters; 65 fit" in said
    assert "Small: 1 card × 100 draws, 0 faults" in said


def test_a_mistake_is_shown_with_what_it_alone_reads(tmp_path: Path) -> None:
    given = "k = rng.integers(2, 9)\nx = rng.integers(2, 9, 3)"
    write(tmp_path, section(card(given=given, mistake={"says": "Too much.", "numpy": "x.sum() * k"})))
    eigendeck("build", "--out", "out", cwd=tmp_path)
    page = (tmp_path / "out" / "small.html").read_text(encoding="utf-8")
    mistake = page.partition('<div class="mistake')[2].partition("</pre>")[0]
    assert re.fullmatch(r"k = \d\nx\.sum\(\) \* k", re.sub("<[^>]*>", "", mistake.partition("<code>")[2])), mistake

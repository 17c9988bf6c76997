"""What a text, a formula or a caption will not show: found before any code runs, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from decks import card, section, write
from eigendeck.deck.read import read_deck
from eigendeck.render import lint

NUMBERS = card(given="x, y = rng.integers(2, 9, (2, 3))\n", steps=None, check="answer == sum(x.tolist())")
GOOD = section(NUMBERS, see=["A book"])
# The good card's last line is 14.


def said(folder: Path) -> list[str]:
    """Returns what is said of the texts of a deck."""
    deck = read_deck(folder)
    assert not deck.faults, deck.faults
    return [str(fault).replace(f"{folder.as_posix()}/", "") for fault in lint.faults(deck)]


def test_the_good_card_is_good(tmp_path: Path) -> None:
    assert said(write(tmp_path, GOOD)) == []


# Each row adds lines behind the good card, whose last line is 14, or replaces text of it; then what is said.
DROPPED = "warning: total: {}: YAML drops what follows ` #`: `{}`\n    Put the value in quotes."
ROWS = [
    ("says", "Adds the entries up.", "Entry #1 is added.", "6:17: " + DROPPED.format("says", "#1 is added.")),
    ("concept", "concept: Sum", "concept: Sum  # short", "5:19: " + DROPPED.format("concept", "# short")),
    ("ask", "", "ask: Which #1 is it?", "15:16: " + DROPPED.format("ask", "#1 is it?")),
    ("hint of two lines", "", "hint: Add\n      all # up", "16:11: " + DROPPED.format("hint", "# up")),
    ("formula", "x_i\n", "x_i # n\n", "7:27: " + DROPPED.format("formula", "# n")),
    ("work", "", "work: <<x>> # n", "15:17: " + DROPPED.format("work", "# n")),
    ("mistake.says", "Multiplies instead.", "No. # 1", "13:17: " + DROPPED.format("mistake.says", "# 1")),
    ("see", "", "see:\n      - Book # 1", "16:14: " + DROPPED.format("see", "# 1")),
    ("plot.says", "", "plot: {bars: {x: x}, says: up # 1\n    }", "15:35: " + DROPPED.format("plot.says", "# 1")),
    ("section", "Numbers", "Numbers # 1", "1:18: warning: Numbers: section: YAML drops"),
    ("see of the section", "[A book]", "\n  - Book # 1", "3:10: warning: Numbers: see: YAML drops"),
    ("steps", "", "steps: x.sum()  # add",
     "15:21: error: total: steps: YAML drops what follows ` #`: the caption is lost\n    Put the line below `|`."),
    ("check", "(x.tolist())", "(x.tolist())  # one by one",
     "11:39: error: total: check: YAML drops what follows ` #`: the caption is lost\n    Put the line below `|`."),
    ("`<<` alone", "", "work: <<x.sum()> = 3", "15:11: error: total: work: `<<` has no partner\n    A number goes in"),
    ("`>>` alone", "", "work: <<x.sum()>> = 3>>", "15:26: error: total: work: `>>` has no partner"),
    ("placeholder in says", "Adds the entries up.", "Adds {x} up.",
     "6:16: warning: total: says: `{x}` is shown as it stands\n    Placeholders belong in `ask`, `show`, `work`"),
    ("placeholder in maths", "", r"ask: Is \(x={x}\) or \(\frac{x}{2}\approx {x:.1f}\)?",
     r"15:17: warning: total: ask: `{x}` in maths is LaTeX, and no number" "\n    A placeholder stands outside",
     r"15:47: warning: total: ask: `{x:.1f}` in maths"),
    ("heading", "", "hint: '# Try'", "15:12: warning: total: hint: `#` begins no heading"),
    ("placeholder in hint", "", "hint: Try {y:.2f}.", "15:15: warning: total: hint: `{y:.2f}` is shown as it stands"),
    ("answer in a plot's words", "", "plot: {bars: {x: x}, ask: 'Is it {answer}?'}", "15:38: warning: total: plot.ask"),
    ("command in words", "", r"hint: The \bar{x} of all", r"15:15: warning: total: hint: `\bar` is shown as it stands"),
    ("dollars", "", r"hint: The $x^2$ and $\bar{x}$",
     "15:15: warning: total: hint: `$x^2$` is shown as it stands\n    Maths stands between \\( and \\).",
     r"15:25: warning: total: hint: `$\bar{x}$` is shown as it stands"),
    ("stars", "", "hint: Do **not** sum", "15:14: warning: total: hint: `**not**` is shown as it stands\n    Texts"),
    ("underscores", "", "hint: Do __not__ sum", "15:14: warning: total: hint: `__not__` is shown as it stands"),
    ("formula without end", "", r"hint: Take \(x of all", r"15:16: error: total: hint: `\(` has no partner"),
    ("formula in a formula", "", r"hint: Take \(x \(y\) z\)", r"15:16: error: total: hint: `\(` has no partner",
     r"15:27: error: total: hint: `\)` has no partner"),
    ("open brace in a text", "", r"hint: Take \(\bar{x\)", "15:22: error: total: hint: the brace opened at column 5"),
    ("line break before the end", "", r"hint: Take \(x\\) y", r"15:16: error: total: hint: `\(` has no partner",
     r"15:20: error: total: hint: `\)` has no partner"),
    ("nothing to typeset", "", r"hint: Take \(\) y", "15:16: error: total: hint: `", "15:18: error: total: hint: `"),
    ("root as a sign", r"s=\sum_i x_i", "√2",
     r"7:14: error: total: formula: the sign `√` cannot be shown in a formula" "\n    Write \\sqrt{…}."),
    ("check that is numpy again", "answer == sum(x.tolist())", "np.isclose(answer, x.sum( ))",
     "11:12: warning: total: check: the same as `numpy`: it proves nothing\n    Take another route to the answer."),
    ("end of a line by accident", r"s=\sum_i x_i", r'"\nabla f"',
     r"7:14: error: total: formula: in double quotes YAML reads `\n` as the end of a line"),
    ("command in a caption", "", "steps: |\n      x.sum()  # add \\sum",
     r"16:22: warning: total: steps: `\sum` is shown as it stands"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "messages"), [pytest.param(*row[1:3], row[3:], id=row[0]) for row in ROWS])
def test_a_slip_is_said_at_its_place(old: str, new: str, messages: tuple[str, ...], tmp_path: Path) -> None:
    assert old in GOOD
    printed = said(write(tmp_path, GOOD.replace(old, new, 1) if old else f"{GOOD}    {new}\n"))
    assert len(printed) == len(messages), printed
    for line, message in zip(printed, messages, strict=True):
        assert f"01-numbers.yaml:{message}" in line


TRAPS = ("yes", "no", "on", "off", "True", "1.10", "1e3", ".5", "12:30")


@pytest.mark.parametrize("written", TRAPS)
@pytest.mark.parametrize(
    "plot",
    [
        "bars: {x: x, labels: [a, @, c]}",
        "grid: {cells: x, columns: [a, b, @]}",
        "transform: {matrix: [[1, 0], [0, 1]], names: [@, q]}",
        "graph: {x: 1, y: 2, edges: [[x, @]]}",
    ],
    ids=["labels", "columns", "names", "edges"],
)
def test_a_word_that_is_none_to_yaml_is_refused_with_the_quotes_to_write(
    plot: str, written: str, tmp_path: Path
) -> None:
    line = f"    plot: {{{plot}}}"
    ((place, what, hint),) = faults_of(write(tmp_path, f"{GOOD}{line.replace('@', written)}\n"))
    assert (place, hint) == (f"15:{line.index('@') + 1}", f'Write "{written}".')
    assert "put it in quotes" in what
    mended = line.replace("@", f'"{written}"')
    assert faults_of(write(tmp_path, f"{GOOD}{mended}\n")) == []


@pytest.mark.parametrize("plot", ["bars: {x: x, labels: [1, 2, 0.5]}", "bars: {no: x, yes: x}"])
def test_a_number_that_is_read_as_it_is_written_may_be_a_label(plot: str, tmp_path: Path) -> None:
    assert faults_of(write(tmp_path, f"{GOOD}    plot: {{{plot}}}\n")) == []


def faults_of(folder: Path) -> list[tuple[str, str, str]]:
    """The place, the words and the hint of each fault, of YAML or of what the cards say."""
    deck = read_deck(folder)
    return [(f"{f.place.line}:{f.place.column}", f.what, f.hint) for f in (*deck.faults, *lint.faults(deck))]


SUGGESTED = [
    (r"\sums_i", r"`\sum`"),
    (r"\fract{1}{2}", r"`\frac`"),
    (r"\opratorname{f}", r"`\operatorname`"),
    (r"\Alpha", r"`\alpha`"),
    (r"\lamdba", r"`\lambda`"),
    (r"\unit{m}", ""),
    (r"\mean", ""),
]


@pytest.mark.parametrize(("formula", "suggestion"), SUGGESTED)
def test_a_command_is_suggested_only_for_a_slip_of_the_keys(formula: str, suggestion: str, tmp_path: Path) -> None:
    (printed,) = said(write(tmp_path, GOOD.replace(r"s=\sum_i x_i", formula)))
    assert printed.partition("\n    ")[2] == (f"Did you mean {suggestion}?" if suggestion else "")


@pytest.mark.parametrize(
    ("formula", "hint"),
    [
        (r"\frac{\cancel{a}b}{\cancel{a}}", "say in words what cancels"),
        (r"\begin{align} a &= b \end{align}", r"write `\begin{aligned}`"),
        (r"\begin{equation*} a \end{equation*}", "leave it out"),
        (r"\ce{H2O}", r"write `\mathrm{H_2O}`"),
        (r"90\degree", r"write `^\circ`"),
        (r"20\,\celsius", r"write `^\circ\mathrm{C}`"),
        (r"5\,\ohm", r"write `\Omega`"),
        (r"a \mod n", r"write `\bmod`"),
        (r"y={n \choose k}", r"write `\binom{n}{k}`"),
        (r"y={a \over b}", r"write `\frac{a}{b}`"),
        (r"\tg x", r"such as `\tan`"),
        (r"y={\rm m}", r"write `\mathrm{…}`"),
        (r"x \tag{1}", "leave it out"),
        (r"\SI{3}{m}", r"write `9.81\,\mathrm{m/s^2}`"),
        (r"\color{red}{x}", "colours would be lost"),
    ],
)
def test_what_other_programs_know_is_answered_with_what_to_write(formula: str, hint: str, tmp_path: Path) -> None:
    printed = said(write(tmp_path, GOOD.replace(r"s=\sum_i x_i", formula)))
    assert all("is not available" in line and hint in line for line in printed)
    assert printed


def test_what_is_written_in_words_where_a_formula_stands_is_warned_of(tmp_path: Path) -> None:
    (printed,) = said(write(tmp_path, GOOD.replace(r"s=\sum_i x_i", "sum of all x")))
    assert "warning: total: formula: `sum of` is set as letters without blanks between them" in printed
    assert said(write(tmp_path / "b", GOOD.replace(r"s=\sum_i x_i", "PV = n R T"))) == []


def test_dollars_around_a_formula_are_one_fault(tmp_path: Path) -> None:
    (printed,) = said(write(tmp_path, GOOD.replace(r"s=\sum_i x_i", "$$s=x$$")))
    assert "`$` has no place in a formula" in printed


@pytest.mark.parametrize(
    "line",
    [
        "hint: 'Entry #1'",
        "hint: C#",
        "nice: 1  # whole numbers",
        "keep: x.all()  # no zeros",
        "hint: It costs $5 or $6, and $7-$8.",
        "hint: The set {u, v} and {z}, or {0}.",
        r"hint: 'The \(\bar{x}\) of `\bar{x}` and `{x}`'",
        "hint: 2 ** 3 and 4**5**6, snake_case__name, * and **",
        "ask: Add {x}.",
        r"hint: '`` `x` `` is code, `\(` too; \(\text{if } \{x\} \ \)'",
        r"hint: 'Rows: \(\begin{matrix}a \\(b) \\ [c]\end{matrix}\)'",
        "work: <<x.sum()>> = <<answer >= 3>>",
        "plot: {bars: {x: x}}  # a picture",
        r"hint: '\(A \rightleftharpoons B \therefore \cfrac{1}{1+\cfrac{1}{x}} \because \sum_{\substack{i\\ j}} x\)'",
        r"hint: '\(A \xleftarrow{k} B \overset{k}{\rightleftharpoons} C\uparrow \leqslant \dbinom{n}{k} \nexists\)'",
        r"work: a \bmod b, \pmod{n} \nmid \overrightarrow{AB} \textbf{and} \xrightarrow{f} <<answer>>",
    ],
)
def test_what_is_meant_passes(line: str, tmp_path: Path) -> None:
    assert said(write(tmp_path, f"{GOOD}    {line}\n")) == []


def test_the_texts_of_deck_yaml_are_looked_at(tmp_path: Path) -> None:
    panel = "panels:\n  - title: Box # 1\n    points:\n      - One # 2\n    numbers: np.e  # Euler\n"
    write(tmp_path, GOOD)
    (tmp_path / "deck.yaml").write_text("id: small\ntitle: Small\ndescription: Deck #1 of 2.\n" + panel)
    printed = said(tmp_path)
    assert [line.split(": YAML")[0] for line in printed] == [
        "deck.yaml:5:16: warning: Box: title",
        "deck.yaml:7:13: warning: Box: points",
        "deck.yaml:8:20: error: Box: numbers",
        "deck.yaml:3:19: warning: the deck: description",
    ]

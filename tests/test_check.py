"""`check` as the inner loop: a part of a deck, ways to say what is wrong, certain repairs, and a watch on the files."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import eigendeck
from eigendeck import cli
from terminals import on_a_terminal

META = "id: sums\ntitle: Sums\n"
CARD = """\
  - id: {id}
    concept: Sum
    says: Adds up.
    formula: s=\\sum_i x_i
    given: |
      x = rng.integers(1, 10, 3)
    numpy: x.sum()
    check: |
      answer == sum(x.tolist())
    mistake:
      says: Multiplies.
      numpy: x.prod()
"""
SECTION = "section: Sums\ncards:\n" + CARD.format(id="total")


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """The folder of a deck with three cards in two sections."""
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "deck.yaml").write_text(META)
    (folder / "01-sums.yaml").write_text(SECTION + CARD.format(id="second"))
    (folder / "02-more.yaml").write_text("section: More\ncards:\n" + CARD.format(id="third"))
    return folder


def said(deck: Path, *options: object, code: int = 0) -> str:
    """What a check says, run beside the deck, on standard error."""
    return eigendeck("check", deck.name, "--draws", 5, *options, cwd=deck.parent, code=code).stderr


def break_cards(deck: Path, *ids: str) -> None:
    """Gives each of the cards a key that there is not."""
    for path in deck.glob("0*.yaml"):
        text = path.read_text()
        for card_id in ids:
            text = text.replace(f"- id: {card_id}\n", f"- id: {card_id}\n    hnt: look\n")
        path.write_text(text)


# --- a part of a deck


def test_a_check_says_what_it_looked_at(deck: Path) -> None:
    assert re.search(r"^Sums: 3 cards × 5 draws, 0 faults, [\d.]+ s, in deck$", said(deck))
    assert said(deck, "--only", "third,total").startswith("Sums: total, third (2 of 3 cards) × 5 draws, 0 faults")
    assert said(deck, "--only", "01-sums").startswith("Sums: total, second (2 of 3 cards)")
    found = json.loads(eigendeck("check", "deck", "--only", "third", "--json", cwd=deck.parent).stdout)
    assert found["ids"] == ["third"]


def test_a_part_is_checked_whatever_is_wrong_elsewhere(deck: Path) -> None:
    break_cards(deck, "second", "third")
    assert "Sums: total (1 of 3 cards)" in said(deck, "--only", "total")
    for name, lines in (
        ("second", ["01-sums.yaml:16"]),
        ("third", ["02-more.yaml:4"]),
        ("01-sums", ["01-sums.yaml:16"]),
    ):
        wrong = said(deck, "--only", name, code=cli.AT_FAULT)
        assert re.findall(r"^deck/(\S+):\d+: error:", wrong, re.MULTILINE) == lines


def test_faults_of_the_deck_and_of_the_sections_own_keys_are_said_for_every_part(deck: Path) -> None:
    (deck / "deck.yaml").write_text(META + "sed: 1\n")
    assert "deck/deck.yaml:3:1: error: the deck: sed: is no key" in said(deck, "--only", "total", code=cli.AT_FAULT)
    (deck / "deck.yaml").write_text(META)
    (deck / "01-sums.yaml").write_text("se: a\n" + SECTION)
    assert "01-sums.yaml:1:1: error: the section: se:" in said(deck, "--only", "total", code=cli.AT_FAULT)
    assert "0 faults" in said(deck, "--only", "third")


def test_a_part_that_there_is_not_is_wrong_usage(deck: Path) -> None:
    wrong = said(deck, "--only", "totl", code=cli.USAGE)
    assert 'Invalid value for --only: "totl" is no card and no section. Did you mean "total"?' in wrong
    (deck / "02-more.yaml").write_text("section: [")
    assert "02-more.yaml:1:11: error" in said(deck, "--only", "third", code=cli.AT_FAULT)  # it may be in there


# --- ways to say it


def test_a_pipe_gets_a_line_a_fault(deck: Path) -> None:
    break_cards(deck, "second")
    lines = said(deck, code=cli.AT_FAULT).splitlines()
    assert lines[:2] == [
        "deck/01-sums.yaml:16:5: error: second: hnt: is no key of a card",
        '    Did you mean "hint"?',
    ]
    assert len(lines) == 3


def test_github_gets_a_note_on_each_line(deck: Path) -> None:
    (deck / "01-sums.yaml").write_text(SECTION + "    hnt: 100%\n    version:\n")
    (deck / "01-sums.yaml").rename(deck / "01-a.yaml")
    done = eigendeck("check", "deck", "--format", "github", "--draws", 5, cwd=deck.parent, code=cli.AT_FAULT)
    assert done.stdout.splitlines()[0] == (
        '::error file=deck/01-a.yaml,line=15,col=5::total: hnt: is no key of a card%0ADid you mean "hint"?'
    )
    assert "Sums: " in done.stderr


@pytest.mark.tries("commands whoever runs it")
def test_what_a_card_says_cannot_command_github(deck: Path) -> None:
    (deck / "01-sums.yaml").write_text(SECTION.replace("x.sum()", '"%0A::set-env name=a::b" + "" * x'))
    done = eigendeck("check", "deck", "--format", "github", "--draws", 5, cwd=deck.parent, code=cli.AT_FAULT)
    assert all(line.startswith(("::error file=deck/", "::warning file=deck/")) for line in done.stdout.splitlines())


@pytest.mark.tries("commands whoever runs it")
@pytest.mark.parametrize("options", [["--format", "github"], ["--format", "github", "--fix"], ["--fix"], ["--json"]])
def test_nothing_that_is_printed_commands_github(options: list[str], deck: Path) -> None:
    """It takes `::command::` at the beginning of a line, and an older `##[command]` anywhere."""
    card = "  - id: odd\n    concept: '##[add-mask]e'\n    ask: |\n      ::stop-commands::x\n    says: b\n"
    card += "    tags: [12:30]\n"
    (deck / "01-sums.yaml").write_text("section: '##[add-mask]e'\ncards:\n" + card)
    (deck / "deck.yaml").write_text("id: sums\ntitle: '##[add-mask]e'\n")
    (deck / "02-\x1b[2J.yaml").write_text("section: '##[add-mask]e'\n")
    done = eigendeck("check", "deck", "--draws", 5, *options, cwd=deck.parent, code=cli.AT_FAULT)
    said = done.stdout + done.stderr
    assert "##[" not in said
    assert not re.search(r"(?m)^\s*::(?!(error|warning) file=deck/)", said)
    assert "\x1b" not in said


def test_json_is_a_format_under_two_names(deck: Path) -> None:
    break_cards(deck, "second")
    outs = [
        eigendeck("check", "deck", "--draws", 5, *options, cwd=deck.parent, code=cli.AT_FAULT).stdout
        for options in (["--json"], ["--format", "json"])
    ]
    assert outs[0] == outs[1]
    assert json.loads(outs[0])["faults"][0]["place"] == "deck/01-sums.yaml:16:5"


def plain(printed: str) -> str:
    """A terminal's text without colours and progress."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[^\n]*\r", "", printed)


def test_a_terminal_shows_the_line_and_a_caret(deck: Path) -> None:
    (deck / "01-sums.yaml").write_text(SECTION.replace("x.sum()", "x.sum() + X_y"))
    printed = on_a_terminal("check", "deck", cwd=deck.parent)
    assert "\x1b[1;31merror" in printed
    assert (
        'error: total: numpy: "X_y" is not defined\n'
        " --> deck/01-sums.yaml:9:22\n"
        "  |\n"
        "9 |     numpy: x.sum() + X_y\n"
        "  |                      ^^^\n"
        "  = here are: x.\n"
    ) in plain(printed)
    assert "deck/01-sums.yaml:9:22: error" not in printed


def test_a_terminal_without_colours_gets_none(deck: Path) -> None:
    break_cards(deck, "second")
    printed = on_a_terminal("check", "deck", cwd=deck.parent, env={"NO_COLOR": "1"})
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", printed)
    assert " |     hnt: look\n   |     ^^^\n" in plain(printed)


def test_a_line_wider_than_the_terminal_is_cut_around_the_caret(deck: Path) -> None:
    (deck / "01-sums.yaml").write_text(SECTION.replace("x.sum()", f"sum([{'1, ' * 40}Y{', 2' * 40}])"))
    lines = plain(on_a_terminal("check", "deck", cwd=deck.parent, columns=60)).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("9 | "))
    assert max(map(len, lines[at : at + 2])) <= 60
    assert lines[at][lines[at + 1].index("^")] == "Y"


def test_wide_letters_and_tabs_move_the_caret(deck: Path) -> None:
    (deck / "01-sums.yaml").write_text(SECTION.replace("Adds up.", '"和 \\q"'))
    lines = plain(on_a_terminal("check", "deck", cwd=deck.parent)).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("5 | "))
    assert lines[at + 1].index("^") == lines[at].index("\\") + 1  # a letter that is two columns wide stands before it


def test_a_fault_of_a_whole_folder_shows_no_line(tmp_path: Path) -> None:
    printed = plain(on_a_terminal("check", "nowhere", cwd=tmp_path))
    assert "error: there is no such folder\n--> nowhere:1:1\n = Give the folder" in printed


def test_a_build_shows_its_faults_and_warnings_alike(deck: Path) -> None:
    break_cards(deck, "second")
    assert " |     hnt: look\n   |     ^^^\n" in plain(on_a_terminal("build", "deck", cwd=deck.parent))


# --- repairs

# What is mended: the lines of a card as they were, and as they are then. Each stands in the place of its key.
MENDED = {
    "colon in a text": ("says: Add up: then divide.", 'says: "Add up: then divide."'),
    "colon and quotes": ('says: Add "up": then divide.', "says: 'Add \"up\": then divide.'"),
    "colon in an item": ("see:\n      - Always: a bare number", 'see:\n      - "Always: a bare number"'),
    "at the start": ("hint: @home", 'hint: "@home"'),
    "backtick at the start": ("says: `x` is added up.", 'says: "`x` is added up."'),
    "percent at the start": ("hint: %a", 'hint: "%a"'),
    "number for a text": ("hint: 3", 'hint: "3"'),
    "truth for a text": ("hint: no", 'hint: "no"'),
    "number in a list": ("see: [a, 3]", 'see: [a, "3"]'),
    "comma in braces": ("plot: {bars: {x: np.append(x, answer)}}", 'plot: {bars: {x: "np.append(x, answer)"}}'),
    "bracket in braces": ("plot: {bars: {x: x[:2]}}", 'plot: {bars: {x: "x[:2]"}}'),
    "LaTeX in double quotes": ('formula: "s=\\sum_i x_i"', "formula: 's=\\sum_i x_i'"),
    "LaTeX that YAML would read": ('formula: "s=x\\times \\sum_i x_i"', "formula: 's=x\\times \\sum_i x_i'"),
    "LaTeX that YAML reads": ("says: \"\\(\\bar{x}\\) is 'it'\"", "says: '\\(\\bar{x}\\) is ''it'''"),
    "lines without a bar": ("given:\n      x = rng.integers(1, 10, 3)\n      y = 1",
     "given: |\n      x = rng.integers(1, 10, 3)\n      y = 1"),
    "captions without a bar": ("steps:\n      x         # one\n      x.sum()   # two",
     "steps: |\n      x         # one\n      x.sum()   # two"),
    "a bar before a comment": ("steps:   # all\n      x         # one\n      x.sum()   # two",
     "steps: |   # all\n      x         # one\n      x.sum()   # two"),
    "minus signs": ("numpy: x.sum() − 1 – 1 + len('a−b')  # 3 − 1", "numpy: x.sum() - 1 - 1 + len('a−b')  # 3 − 1"),
    "minus in a block": ("check: |\n      answer − 1 < sum(x.tolist())   # less − really\n      −answer < 0",
     "check: |\n      answer - 1 < sum(x.tolist())   # less − really\n      -answer < 0"),
    "minus in a plot": ('plot: {bars: {x: "x − 1"}}', 'plot: {bars: {x: "x - 1"}}'),
    "powers": ("numpy: ((x * 1.0) ^ 2).sum() + 0 * len('^')", "numpy: ((x * 1.0) ** 2).sum() + 0 * len('^')"),
    "a power in a step": ("steps: |\n      0.5 ^ 2   # not ^\n      x.sum()",
     "steps: |\n      0.5 ** 2   # not ^\n      x.sum()"),
}  # fmt: skip
# What may be meant otherwise, and stays.
LEFT = {
    "a comment, or not": "hint: a: b # c",
    "text over two lines": "hint: a: b\n      c",
    "an alias": "hint: *x @ y",
    "a tag": "hint: !vault x",
    "a bar at the start": "hint: |x|",
    "two keys on a line": "plot: bars: {x: x}",
    "an escape that is one": 'formula: "a\\nb \\mathbf{x}"',
    "an open quote": "hint: 'a",
    "quotes in quotes": 'hint: "Add the "numbers" up"',
    "bits": "numpy: x.sum() ^ 2",
    "an unknown name": "numpy: x.sum() + y",
    "a slip of a key": "hnt: a",
    "a typographic quote": "numpy: x.sum() + len(“a”)",
    "no value": "hint: #1",
}


def with_lines(lines: str) -> str:
    """The section with a key of its card in these lines, instead of what it was or at the end."""
    key = lines.partition(":")[0]
    card = SECTION.split("\n")
    start = next((n for n, line in enumerate(card) if re.match(rf"    {key}:", line)), None)
    new = [f"    {lines}"]
    if start is None:
        return SECTION + new[0] + "\n"
    end = next(n for n, line in enumerate(card[start + 1 :], start + 1) if not line.startswith("     "))
    return "\n".join([*card[:start], *new, *card[end:]])


def mend(deck: Path) -> str:
    """What `check --fix` says, whether all is well then or not."""
    said = io.StringIO()
    with contextlib.chdir(deck.parent), contextlib.redirect_stderr(said):
        cli.run(["check", deck.name, "--fix", "--draws", "5"])
    return said.getvalue()


@pytest.fixture
def one(deck: Path) -> Path:
    """The section of a deck of one card."""
    (deck / "02-more.yaml").unlink()
    return deck / "01-sums.yaml"


@pytest.mark.parametrize(("before", "after"), MENDED.values(), ids=MENDED)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_what_is_certain_is_mended_and_nothing_else_is_touched(before: str, after: str, ends: str, one: Path) -> None:
    was, is_to_be = (with_lines(lines).replace("\n", ends).encode() for lines in (before, after))
    one.write_bytes(was)
    told = mend(one.parent)
    assert one.read_bytes() == is_to_be
    assert re.search(r"^\d+ repairs? made\.$", told, re.MULTILINE)
    changed = [line[1:] for line in told.splitlines() if re.match(r"[-+](?![-+]{2} )", line)]
    assert {*changed} == {*was.decode().split(ends)} ^ {*is_to_be.decode().split(ends)}
    assert "--- a/deck/01-sums.yaml\n+++ b/deck/01-sums.yaml\n@@" in told


@pytest.mark.parametrize("lines", LEFT.values(), ids=LEFT)
def test_what_may_be_meant_otherwise_stays(lines: str, one: Path) -> None:
    one.write_text(with_lines(lines))
    before = one.stat()
    told = mend(one.parent)
    assert "Nothing here is certain enough to be mended." in told
    assert one.read_text() == with_lines(lines)
    assert one.stat().st_mtime_ns == before.st_mtime_ns


def test_repairs_go_on_until_none_is_left(deck: Path) -> None:
    twice = "check:\n      answer == sum(x.tolist())\n      answer > 0"
    text = with_lines("says: Add up: all.").replace("x.sum()", "x.sum() − 0")
    (deck / "01-sums.yaml").write_text(text.replace("check: |\n      answer == sum(x.tolist())", twice))
    (deck / "deck.yaml").write_text(META + "version: 1.0\n")
    told = said(deck, "--fix")
    assert "4 repairs made." in told
    assert "0 faults" in told
    assert (deck / "deck.yaml").read_text() == META + 'version: "1.0"\n'


def test_repairs_keep_the_byte_order_mark_the_mode_and_a_missing_end_of_line(one: Path) -> None:
    text = "\ufeffsection: 3\n" + SECTION.partition("\n")[2].rstrip("\n")
    one.write_text(text, encoding="utf-8")
    one.chmod(0o640)
    said(one.parent, "--fix")
    assert one.read_text(encoding="utf-8") == text.replace("section: 3", 'section: "3"')
    assert one.stat().st_mode & 0o777 == 0o640


def test_repairs_of_a_part_touch_that_part_alone(deck: Path) -> None:
    for path in deck.glob("0*.yaml"):
        path.write_text(path.read_text().replace("says: Adds up.", "says: 3"))
    said(deck, "--fix", "--only", "second")
    assert (deck / "01-sums.yaml").read_text().count("says: 3") == 1
    assert "says: 3" in (deck / "02-more.yaml").read_text()


def test_a_file_outside_the_deck_is_never_mended(deck: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(SECTION.replace("says: Adds up.", "says: 3"))
    (deck / "03-link.yaml").symlink_to(tmp_path / "outside.yaml")
    said(deck, "--fix", code=cli.AT_FAULT)
    assert "says: 3" in (tmp_path / "outside.yaml").read_text()


def test_repairs_are_counted_for_programs(one: Path) -> None:
    one.write_text(with_lines("hint: 3"))
    done = eigendeck("check", "deck", "--fix", "--json", cwd=one.parents[1])
    assert json.loads(done.stdout)["fixed"] == 1
    assert '+    hint: "3"' in done.stderr


def test_a_terminal_shows_a_repair_in_colour(one: Path) -> None:
    one.write_text(with_lines("hint: 3"))
    printed = on_a_terminal("check", "deck", "--fix", cwd=one.parents[1])
    assert '\x1b[31m-    hint: 3\x1b[0m\n\x1b[32m+    hint: "3"\x1b[0m' in printed


# --- a watch


@contextlib.contextmanager
def watched(deck: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A check that watches; it is ended if it has not ended by itself."""
    command = [sys.executable, "-m", "eigendeck", "check", deck.name, "--watch", "--draws", "5", *options]
    with subprocess.Popen(command, cwd=deck.parent, stderr=subprocess.PIPE) as running:
        try:
            yield running
        finally:
            running.kill()


def until(running: subprocess.Popen[bytes], end: str, seconds: float = 120) -> str:
    """What the check says from now on, up to a line that contains `end`."""
    assert running.stderr is not None
    heard, last = "", time.monotonic() + seconds
    while end not in heard or not heard.endswith("\n"):
        assert time.monotonic() < last, heard
        if select.select([running.stderr], [], [], 1)[0]:
            piece = os.read(running.stderr.fileno(), 4096)
            assert piece, heard
            heard += piece.decode()
    return heard


def test_a_watch_checks_again_whenever_a_file_is_saved_and_can_mend_and_be_of_a_part(deck: Path) -> None:
    path = deck / "01-sums.yaml"
    good = path.read_text()
    with watched(deck, "--fix", "--only", "second") as running:
        until(running, "Sums: second (1 of 3 cards) × 5 draws, 0 faults")
        path.write_text(good + "    hnt: a\n")
        heard = until(running, "1 fault, ")
        assert re.search(r"^\d\d:\d\d:\d\d 01-sums.yaml$", heard, re.MULTILINE)
        assert "error: second: hnt: is no key of a card" in heard
        (deck / "deck.yaml").write_text("id: [")
        until(running, "deck.yaml:1:6: error: a `[`")
        (deck / "deck.yaml").write_text(META)
        path.write_text(good + "    hint: 3\n")
        assert "1 repair made." in until(running, "0 faults")
        assert path.read_text().endswith('    hint: "3"\n')
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == cli.INTERRUPTED


def test_without_watchfiles_a_watch_says_what_to_install(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    done = eigendeck("check", "deck", "--watch", cwd=deck.parent, code=cli.MISSING)
    assert done.stderr == "--watch needs watchfiles: pip install 'eigendeck[preview]'\n"

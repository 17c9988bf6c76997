"""Decks begun by `init` and cards begun by `new`: they build as they are, and nothing that was there is lost."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import eigendeck, left
from eigendeck import cli
from eigendeck.deck.read import read_deck

CARD = """\
- id: total
  concept: Sum
  says: Adds up.
  formula: s=\\sum_i x_i
  given: |
    x = rng.integers(1, 10, 3)
  numpy: x.sum()
  check: answer == sum(x.tolist())
  mistake:
    says: Multiplies.
    numpy: x.prod()
"""
SECTION = "section: Sums\ncards:\n" + CARD
META = "id: sums\ntitle: Sums\n"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """The folder of a deck of one card."""
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "deck.yaml").write_text(META)
    (folder / "01-sums.yaml").write_text(SECTION)
    return folder


def run(*arguments: object, cwd: Path = Path(), code: int = 0) -> tuple[str, str]:
    """What a command prints, on standard output and on standard error."""
    done = eigendeck(*arguments, cwd=cwd, code=code)
    return done.stdout, done.stderr


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- init


def test_a_new_deck_builds_at_once_and_passes_many_draws(tmp_path: Path) -> None:
    said = eigendeck("init", "my-first-deck", cwd=tmp_path).stderr
    assert "eigendeck build my-first-deck" in said
    checked = eigendeck("check", "my-first-deck", "--draws", 300, cwd=tmp_path).stderr
    assert checked.startswith("My first deck: 3 cards × 300 draws, 0 faults")
    assert eigendeck("build", "my-first-deck", cwd=tmp_path).stderr.startswith("My first deck: 7 cards from 3 notes")
    assert left(tmp_path / "build").keys() == {"my-first-deck.apkg", "my-first-deck.html"}
    cards = read_deck(tmp_path / "my-first-deck").cards
    assert all(card.plot for card in cards)
    assert len({card.plot.kind for card in cards if card.plot}) == 3


def test_a_new_deck_explains_the_keys_it_uses(tmp_path: Path) -> None:
    run("init", tmp_path / "d")
    for name in ("deck", "01-first-cards"):
        text = (tmp_path / "d" / f"{name}.yaml").read_text(encoding="utf-8")
        assert len([line for line in text.splitlines() if line.lstrip().startswith("# ")]) >= 4


@pytest.mark.parametrize(
    ("folder", "options", "deck_id", "title"),
    [
        ("statistics", [], "statistics", "Statistics"),
        ("Über_uns.2", [], "uber-uns-2", "Über uns 2"),
        ("d", ["--title", 'Say "yes": \\(x\\)'], "d", 'Say "yes": \\(x\\)'),
        ("d", ["--title", "true"], "d", "true"),
        ("日本", ["--title", "Tokyo 1"], "tokyo-1", "Tokyo 1"),
        ("日本", [], "my-deck", "日本"),
        ("nul", [], "nul-deck", "Nul"),
        (".", [], "here", "Here"),
    ],
)
def test_a_new_deck_is_named_by_its_folder_or_its_title(
    folder: str, options: list[str], deck_id: str, title: str, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    run("init", folder, *options, cwd=tmp_path / "here")
    deck = read_deck(tmp_path / "here" / folder)
    assert not deck.faults
    assert (deck.meta.id, deck.meta.title) == (deck_id, title)


def test_a_title_that_no_deck_can_have_is_a_wrong_option(tmp_path: Path) -> None:
    _, said = run("init", tmp_path / "d", "--title", "A::B", code=cli.USAGE)
    assert '--title: contains "::", which separates decks in Anki. Use one colon.' in said
    assert not (tmp_path / "d").exists()


def test_a_folder_with_a_deck_is_left_as_it_is(deck: Path) -> None:
    before = files(deck)
    _, said = run("init", deck, code=cli.AT_FAULT)
    assert f"{deck}/deck.yaml:1:1: error: is there already; nothing is overwritten" in said
    assert f"{deck}/01-sums.yaml:1:1: error: is there already" in said
    assert files(deck) == before


def test_what_else_lies_in_the_folder_of_a_new_deck_stays(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / ".hidden.yaml").write_text("[")
    run("init", tmp_path)
    assert (tmp_path / "README.md").read_text() == "mine"
    assert not read_deck(tmp_path).faults


def test_a_place_that_is_no_folder_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in ("file", "file/deck"):
        _, said = run("init", tmp_path / place, code=cli.AT_FAULT)
        assert f"{tmp_path}/{place}:1:1: error: cannot be written: " in said
    assert (tmp_path / "file").read_text() == "mine"


# Root may write everywhere: without this capability it is as anybody else.
AS_ANYBODY = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.executable, [sys.executable, "-m", "eigendeck", *sys.argv[1:]])
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "prctl"), reason="folders of root are never read-only here")
@pytest.mark.parametrize("command", [["init", "deck/inside"], ["new", "another", "deck"]])
def test_a_read_only_folder_is_a_fault(command: list[str], deck: Path) -> None:
    before = files(deck)
    deck.chmod(0o555)
    try:
        line = [sys.executable, "-c", AS_ANYBODY, *command]
        done = subprocess.run(line, cwd=deck.parent, capture_output=True, text=True, check=False)
    finally:
        deck.chmod(0o755)
    assert done.returncode == cli.AT_FAULT, done.stderr
    assert "1:1: error: cannot be written: Permission denied\n    Choose another folder" in done.stderr
    assert files(deck) == before


# --- new


@pytest.mark.parametrize(
    "section",
    [
        pytest.param(SECTION, id="as it should be"),
        pytest.param(SECTION.rstrip("\n"), id="no newline at the end"),
        pytest.param(SECTION.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(SECTION.replace("\n", "\r\n").rstrip("\r\n"), id="CRLF, no newline at the end"),
        pytest.param("\ufeff" + SECTION, id="byte order mark"),
        pytest.param(SECTION.replace("\n", "\n    ").replace("    cards:", "cards:").rstrip(" "), id="four spaces"),
        pytest.param(SECTION.replace("\n", "\n  ").replace("  cards:", "cards:").rstrip(" "), id="two spaces"),
        pytest.param(SECTION.replace("- id", "-   id").replace("\n  ", "\n    "), id="wide dashes"),
        pytest.param(SECTION + "\n# the end\n\n", id="comment at the end"),
        pytest.param(SECTION + "  hint: |\n    Look.\n\n\n", id="block at the end"),
        pytest.param("section: Sums\ncards:\n", id="no card yet"),
        pytest.param("section: Sums\ncards:", id="no card yet, no newline at the end"),
        pytest.param(SECTION.replace("numpy: x.sum()", "numpyy: x"), id="another card at fault"),
    ],
)
def test_a_card_is_appended_and_reads_as_it_is(section: str, deck: Path) -> None:
    path = deck / "01-sums.yaml"
    path.write_bytes(section.encode())
    out, _ = run("new", "dot-product", deck)
    after = path.read_bytes()
    assert after.startswith(section.encode())
    assert after.endswith(b"\n")
    assert (after.count(b"\r\n") == after.count(b"\n")) == ("\r\n" in section)
    assert [card.id for card in read_deck(deck).cards][-1] == "dot-product"
    line, column = map(int, out.strip().removeprefix(f"{path}:").split(":"))
    assert after.decode().removeprefix("\ufeff").splitlines()[line - 1][column - 1 :] == "Dot product"


def test_a_new_card_builds_and_passes_many_draws(deck: Path) -> None:
    for card_id in ("a", "variance", "x-1"):
        eigendeck("new", card_id, deck, cwd=deck)
    said = eigendeck("check", deck, "--draws", 200, cwd=deck).stderr
    assert said.startswith("Sums: 4 cards × 200 draws, 0 faults")


@pytest.mark.parametrize(
    ("section", "place", "what"),
    [
        pytest.param(
            "cards:\n" + CARD + "section: Sums\n", "1:1", "`cards` is not its last key", id="cards come first"
        ),
        pytest.param("section: Sums\ncards: []\n", "2:1", "no card can be appended to its end", id="brackets"),
        pytest.param("section: Sums\n", "1:1", "`cards` is not its last key", id="no list of cards"),
        pytest.param(SECTION + "...\n", "2:1", "no card can be appended to its end", id="end of document"),
        pytest.param(SECTION + "  hint: |+\n    Look.\n", "2:1", "no card can be appended to its end", id="kept lines"),
        pytest.param("section: [", "1:11", "a `[` or `{` has no end", id="no YAML"),
        pytest.param("- a\n", "1:1", "`cards` is not its last key", id="a list"),
        pytest.param("", "1:1", "the file is empty", id="empty"),
    ],
)
def test_a_section_that_can_take_no_card_is_left_as_it_is(section: str, place: str, what: str, deck: Path) -> None:
    path = deck / "01-sums.yaml"
    path.write_text(section)
    out, said = run("new", "dot-product", deck, code=cli.AT_FAULT)
    assert f"{path}:{place}: error: {what}" in said
    assert "nothing was written" in said
    assert not out
    assert path.read_text() == section


def test_an_id_that_exists_is_refused_at_its_place(deck: Path) -> None:
    for section in (SECTION, SECTION.replace("numpy:", "numpyy:"), SECTION.replace("id: total", "id: TOTAL")):
        (deck / "01-sums.yaml").write_text(section)
        _, said = run("new", "total", deck, code=cli.AT_FAULT)
        assert f"{deck}/01-sums.yaml:3:3: error: total: id: a card of this deck has this id" in said


@pytest.mark.parametrize(
    ("card_id", "message"),
    [
        (
            "Dot Product",
            'must be kebab-case: lower-case letters a-z and digits, joined by single hyphens. Write "dot-p',
        ),
        ("con", '"con" opens a device on Windows'),
        ("a" * 65, "has 65 characters; 64 are allowed"),
    ],
)
def test_an_id_that_no_card_can_have_is_wrong_usage(card_id: str, message: str, deck: Path) -> None:
    _, said = run("new", card_id, deck, code=cli.USAGE)
    assert f"Invalid value for ID: {message}" in said


def test_a_card_goes_into_the_last_section_or_the_one_that_is_named(deck: Path) -> None:
    (deck / "02-more.yaml").write_text(SECTION.replace("Sums", "More").replace("total", "more"))
    run("new", "a", deck)
    run("new", "b", deck, "--section", "01-sums")
    run("new", "c", deck, "--section", "01-sums.yaml")
    assert [[card.id for card in section.cards] for section in read_deck(deck).sections] == [
        ["total", "b", "c"],
        ["more", "a"],
    ]


def test_a_section_is_begun_where_its_file_is_not_there(deck: Path) -> None:
    out, said = run("new", "determinant", deck, "--section", "02-square_matrices")
    assert (out, said.startswith("Began ")) == (f"{deck}/02-square_matrices.yaml:4:14\n", True)
    deck_after = read_deck(deck)
    assert not deck_after.faults
    assert [section.title for section in deck_after.sections] == ["Sums", "Square matrices"]


def test_a_deck_without_a_section_gets_its_first(deck: Path) -> None:
    (deck / "01-sums.yaml").unlink()
    run("new", "determinant", deck)
    assert not read_deck(deck).faults


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("01-sum", 'there is no section "01-sum". Did you mean "01-sums"?'),
        ("../elsewhere", '"../elsewhere" is no word of letters, digits, hyphens and dots such as 02-matrices'),
        (".hidden", '".hidden" is no word'),
        ("03-matrices.and-SUMS", ""),
        ("appendix-sums", ""),
        ("02-matrices", 'a section of this deck has the title "Matrices" already: name the file otherwise'),
        ("deck", '"deck" is no word'),
    ],
)
def test_a_section_that_cannot_be_begun_is_wrong_usage(section: str, message: str, deck: Path) -> None:
    (deck / "01-sums.yaml").write_text(SECTION.replace("section: Sums", "section: Matrices"))
    before = files(deck)
    _, said = run("new", "a", deck, "--section", section, code=cli.USAGE if message else 0)
    assert message in said
    assert (files(deck) == before) == bool(message)


def test_a_deck_that_is_not_there_takes_no_card(tmp_path: Path) -> None:
    _, said = run("new", "a", "nowhere", cwd=tmp_path, code=cli.AT_FAULT)
    assert "nowhere:1:1: error: there is no such folder" in said
    _, said = run("new", "a", cwd=tmp_path, code=cli.USAGE)  # above all not the deck that comes along
    assert "there is no deck here: name its folder, or make one with `eigendeck init`" in said


def test_the_deck_around_takes_a_card(deck: Path) -> None:
    assert run("new", "a", cwd=deck)[0] == "01-sums.yaml:16:12\n"


def test_a_link_out_of_the_deck_takes_no_card(deck: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(SECTION)
    (deck / "02-link.yaml").symlink_to(tmp_path / "outside.yaml")
    _, said = run("new", "a", deck, code=cli.AT_FAULT)
    assert "02-link.yaml:1:1: error: links to a file outside the deck's folder" in said
    assert (tmp_path / "outside.yaml").read_text() == SECTION

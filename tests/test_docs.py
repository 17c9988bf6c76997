"""The documents: what they show builds, what they quote is said, and what they name is there."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from conftest import CARDS, ROOT, eigendeck, left
from documents import DOCUMENTS, WRITING, blocks, prose, quoted, spans, with_key, written_files
from eigendeck import cli
from eigendeck.cli import commands
from eigendeck.deck.card_parts import Mistake, PlotSpec
from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import read_deck
from eigendeck.deck.schema import DeckMeta, Heading
from previews import previewing

named = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


# --- example decks

WITH_DECKS = [document for document in DOCUMENTS if written_files(document)]


def write(files: Mapping[str, str], folder: Path) -> Path:
    """Writes the files of an example deck below a folder; returns the deck's own folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / Path(next(iter(files))).parent


def test_the_readme_and_the_page_on_writing_cards_show_a_deck() -> None:
    assert {document.name for document in WITH_DECKS} >= {"README.md", "writing-cards.md"}


@pytest.mark.parametrize("document", WITH_DECKS, ids=lambda path: path.name)
def test_an_example_deck_builds_and_passes_many_draws(document: Path, tmp_path: Path) -> None:
    deck = write(written_files(document), tmp_path)
    name = read_deck(deck).meta.id
    assert "error" not in eigendeck("build", deck.name, cwd=tmp_path).stderr
    assert left(tmp_path / "build").keys() == {f"{name}.apkg", f"{name}.html"}
    assert "warning" not in eigendeck("check", deck.name, cwd=tmp_path).stderr


# --- messages


@pytest.mark.parametrize(("edit", "message"), list(quoted()))
def test_a_quoted_message_is_what_the_program_says(edit: str, message: str, tmp_path: Path) -> None:
    files = written_files(WRITING)
    section = next(name for name in files if not name.endswith("deck.yaml"))
    deck = write(files | {section: with_key(files[section], edit)}, tmp_path)
    said = eigendeck("check", deck.name, cwd=tmp_path, code=1 if ": error:" in message else 0).stderr
    assert without_drawn(message) in without_drawn(said)


def without_drawn(said: str) -> str:
    """A message without what NumPy happened to draw: another version of it may draw otherwise."""
    said = re.sub(r"\[[-\d., ]+\]", "[…]", said)
    return re.sub(r"\b(steps end in|gives|answer =|variant|give only) [-\d., ]+", r"\1 …", said)


def test_every_text_block_on_writing_cards_is_a_message_that_is_tested() -> None:
    text = [block for block in blocks(WRITING) if block.language == "text"]
    assert len(text) == len(list(quoted())) >= 10


@pytest.mark.anki
def test_the_rehearsal_on_the_page_about_anki_is_what_a_rehearsal_says(tmp_path: Path) -> None:
    deck = write(written_files(WRITING), tmp_path)
    eigendeck("build", deck, "--seed", 0, cwd=tmp_path, env={"SOURCE_DATE_EPOCH": "1780000000"})
    shutil.copy(tmp_path / "build" / "statistics.apkg", tmp_path / "old.apkg")
    eigendeck("build", deck, "--seed", 7, cwd=tmp_path, env={"SOURCE_DATE_EPOCH": "1780000001"})
    said = eigendeck("rehearse", "old.apkg", "build/statistics.apkg", cwd=tmp_path).stderr
    (shown,) = [b.text for b in blocks(ROOT / "docs" / "studying-in-anki.md") if b.language == "text"]
    # How many reviews Anki schedules in those weeks is Anki's affair, and the hour's.
    assert _without_count(shown) in _without_count(said)


def _without_count(said: str) -> str:
    return re.sub(r"all \d+ reviews", "all reviews", said)


# --- the first deck

FIRST = ROOT / "docs" / "first-deck.md"


def steps() -> list[tuple[list[list[str]], str]]:
    """The command lines of the page on the first deck, block by block, and what it says that they print."""
    found: list[tuple[list[list[str]], str]] = []
    for block in blocks(FIRST):
        if block.language == "text":
            found[-1] = (found[-1][0], block.text)
        elif not block.language:
            lines = [shlex.split(line) for line in block.text.splitlines()]
            found.append(([words[1:] for words in lines if words[0] == "eigendeck"], ""))
    return found


def test_the_page_on_the_first_deck_does_what_it_says(tmp_path: Path) -> None:
    assert sum(bool(shown) for _, shown in steps()) >= 5
    for commands_, shown in steps():
        printed = ""
        for arguments in commands_:
            if arguments[0] == "preview":  # which comes to no end by itself
                with previewing(tmp_path / arguments[1]) as running:
                    assert all(one["state"] == "good" for one in running.settled()["sections"][0]["cards"])
            elif arguments[0] != "open":  # a test of its own has a desktop
                done = eigendeck(*arguments, cwd=tmp_path)
                printed += done.stdout + done.stderr
        for line in shown.splitlines():
            assert line in printed


# --- keys

TABLES: Mapping[str, Mapping[str, str]] = {  # heading: key, and what the models say of it
    heading: {
        name: ("**Required.** " if field.is_required() else "") + (field.description or "")
        for name, field in model.model_fields.items()
        if name not in {"kind", "parameters"}  # of a plot: written as a key and its value
    }
    for heading, model in (
        ("deck.yaml", DeckMeta),
        ("A section file", Heading),
        ("A card", Card),
        ("mistake", Mistake),
        ("plot", PlotSpec),
    )
}


def table(document: Path, heading: str) -> dict[str, str]:
    """The rows of the first table below a heading: the name in backticks, and what stands beside it."""
    after = re.split(rf"^#+ {re.escape(heading)}$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    own = re.split(r"^#+ ", after, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", own, re.MULTILINE))


@pytest.mark.parametrize("heading", TABLES)
def test_the_tables_of_keys_say_what_the_models_say(heading: str) -> None:
    assert table(WRITING, heading) == TABLES[heading]
    assert all(TABLES[heading].values())


def test_a_snippet_of_a_card_uses_only_keys_that_exist() -> None:
    others = {text.rstrip() for text in written_files(WRITING).values()} | {case.values[0] for case in quoted()}
    snippets = [block.text for block in blocks(WRITING) if block.language == "yaml" and block.text not in others]
    assert snippets
    for snippet in snippets:
        assert set(yaml.safe_load(snippet)) <= set(Card.model_fields), snippet


def test_the_limits_on_variants_and_plots_are_those_of_the_program() -> None:
    from eigendeck.plots import PLOTS
    from eigendeck.worker import budget

    text = WRITING.read_text(encoding="utf-8")
    assert f"{budget.CHARACTERS:,} characters and {budget.LINES} lines" in text
    assert f"take {budget.SECONDS:g} seconds and {budget.IN_WORDS}" in text
    assert f"at most {budget.TRIES:,} times" in text
    assert len(PLOTS) == 16
    assert "Sixteen plot kinds" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# --- the command line

GROUP: Any = typer.main.get_command(commands.app)
HOW = ROOT / "docs" / "how-it-works.md"


def options() -> Iterator[tuple[str, str]]:
    """Every long option of every command, with the command; `""` for those of the program itself."""
    for name, command in [("", GROUP), *GROUP.commands.items()]:
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    yield name, option


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_an_option_is_in_the_table_of_options(command: str, option: str) -> None:
    rows = dict(re.findall(r"^\| (.*`--[\w-]+`.*?) \| (.*?) \|", HOW.read_text(encoding="utf-8"), re.MULTILINE))
    (of,) = [of for names, of in rows.items() if f"`{option}`" in names]
    assert of == "all" or command in of.split(", ")


def test_every_command_is_in_the_table_of_commands() -> None:
    commands = re.findall(r"^\| `eigendeck (\w+)` \|", HOW.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(commands) == sorted(GROUP.commands)


def command_lines(document: Path) -> Iterator[list[str]]:
    """The command lines of the program that a document shows, without the program itself."""
    lines = [line for block in blocks(document) if not block.language for line in block.text.splitlines()]
    for line in [*lines, *spans(document)]:
        if shown := re.match(r"(?:\.venv/bin/)?eigendeck( .+)", line):
            yield shlex.split(shown[1].partition(" > ")[0])


@named
def test_a_command_line_in_a_document_is_one_that_the_program_takes(document: Path) -> None:
    for arguments in command_lines(document):
        name, *rest = arguments
        if name.startswith("-"):
            assert ("", name) in set(options())
        elif not rest:  # the command by its name
            assert name in GROUP.commands
        else:
            GROUP.commands[name].make_context(name, rest)  # raises for what it does not take


@named
def test_an_option_that_a_document_names_exists(document: Path) -> None:
    from eigendeck.plots.canvas.style import variables

    known = {"--help", *(option for _, option in options())}
    known |= set(variables(dark=False))  # properties of CSS, which are written alike
    mentioned = {match for span in spans(document) for match in re.findall(r"(?:^|\s)(--[a-z][\w-]*)", span)}
    assert mentioned <= known


def test_the_exit_codes_are_those_of_the_program() -> None:
    codes = re.findall(r"^\| (\d+) \|", HOW.read_text(encoding="utf-8"), re.MULTILINE)
    known = {cli.DONE, cli.AT_FAULT, cli.USAGE, cli.MISSING, cli.BUG, cli.INTERRUPTED}
    assert {int(code) for code in codes} == known


# --- numbers, links, files


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_the_numbers_of_the_shipped_deck_are_right(name: str) -> None:
    deck = read_deck(CARDS)
    text = " ".join((ROOT / name).read_text(encoding="utf-8").split())
    assert f"{len(deck.cards)} notes" in text
    assert f"{len(deck.sections)} sections" in text
    assert f"{sum(len(card.cards) for card in deck.cards)} Anki cards" in text


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@named
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        assert found.is_file(), target
        assert not anchor or anchor in anchors(found), target


FILE = re.compile(r"[\w.*/-]+\.(py|md|yaml|toml|js|css|cfg|txt|png)|(?:[\w.-]+/)+")
EXAMPLES = {name for document in DOCUMENTS for name in written_files(document)}
MADE = ("build/", "dist/", "mydeck/")  # by a build, or by the reader


def is_there(name: str) -> bool:
    """Whether a file or folder of this name is in the repository, or in the program's own folder."""
    roots = (ROOT, ROOT / "generator" / "eigendeck")
    if any((root / name).exists() for root in roots):
        return True
    inside = (ROOT / folder for folder in ("cards", "docs", "generator", "tests"))
    return "/" not in name and any(next(folder.rglob(name), None) for folder in inside)


@named
def test_a_file_that_a_document_names_is_there(document: Path) -> None:
    for span in spans(document):
        if FILE.fullmatch(span) and span not in EXAMPLES and not span.startswith(MADE):
            assert is_there(span), span


# --- the guards above, shown to fail


def in_a_document(tmp_path: Path, text: str) -> Path:
    document = tmp_path / "page.md"
    document.write_text(text, encoding="utf-8")
    return document


@pytest.mark.parametrize(
    ("guard", "text"),
    [
        (test_every_link_leads_somewhere, "See [the moon](moon.md)."),
        (test_every_link_leads_somewhere, "# Here\n\nSee [there](#there)."),
        (test_a_file_that_a_document_names_is_there, "Read `moon.py`."),
        (test_a_file_that_a_document_names_is_there, "It lies in `generator/moon/`."),
        (test_an_option_that_a_document_names_exists, "Write `--moon`."),
        (test_an_option_that_a_document_names_exists, "Write `eigendeck build --moon`."),
    ],
)
def test_a_guard_refuses_a_document_that_is_wrong(guard: Callable[[Path], None], text: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        guard(in_a_document(tmp_path, text))


def test_the_guard_of_command_lines_refuses_an_option_of_another_command(tmp_path: Path) -> None:
    document = in_a_document(tmp_path, "```\neigendeck check --fresh\n```\n")
    with pytest.raises(Exception, match="--fresh"):
        test_a_command_line_in_a_document_is_one_that_the_program_takes(document)


def test_a_document_is_read_as_its_blocks_and_its_words(tmp_path: Path) -> None:
    document = in_a_document(tmp_path, "One `word`.\n\n`a/b.yaml`:\n\n```yaml\nid: x\n```\n```text\nsaid\n```\n")
    assert written_files(document) == {"a/b.yaml": "id: x\n"}
    assert [(block.language, block.follows) for block in blocks(document)] == [("yaml", False), ("text", True)]
    assert spans(document) == ["word", "a/b.yaml"]

"""Stage 1: what a folder of YAML becomes, and what its author is told where it is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck, read_deck
from eigendeck.deck.yaml import read_yaml
from eigendeck.errors import DeckError, Fault, Place
from eigendeck.worker.job import Nice
from slips import ADDED, META, REPLACED, VECTORS, dot

# Line 3 is `- id: dot-product`; a row of the tables below that begins on line 12 stands behind the card's last line.
BOTH_LOADERS = pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader], ids=["python", "c"])


def write(folder: Path, **files: str | bytes) -> Path:
    """Returns the folder of a deck; `deck` and `_01_vectors` name `deck.yaml` and `01-vectors.yaml`."""
    folder.mkdir(exist_ok=True)
    for name, content in {"deck": META, **files}.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name.removeprefix('_').replace('_', '-')}.yaml").write_bytes(data)
    return folder


def dots(title: str, *ids: str, **needs: str) -> str:
    """The YAML of a section of such cards, and which of them need which."""
    cards = (dot(i, needs=needs[i].split(", ") if i in needs else None) for i in ids)
    return f"section: {title}\ncards:\n{''.join(cards)}"


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """Returns what is wrong with a deck, sorted as it is printed; read in part or not at all."""
    try:
        found = DeckError(read_deck(folder).faults)
    except DeckError as error:
        found = error
    assert "pydantic" not in str(found)
    assert "type=" not in str(found)
    return found.faults


def said(folder: Path) -> list[str]:
    """Returns the faults as printed, with file names in place of whole paths."""
    return [str(fault).replace(f"{folder.as_posix()}/", "") for fault in faults_of(folder)]


def read(folder: Path, text: str) -> Deck:
    deck = read_deck(write(folder, _01_vectors=text))
    assert not deck.faults
    return deck


def test_a_deck_reads_whole(tmp_path: Path) -> None:
    meta = META + "deck: ML Refresher\nversion: '1.0'\nseed: 3\nvariants: 4\nlicense: CC BY 4.0\n"
    second = dots("Matrices", "matvec", "trace", trace="matvec, dot-product").replace(
        "cards:", "see: [Strang ch. 1]\ncards:", 1
    )
    deck = read_deck(write(tmp_path, deck=meta, _01_vectors=VECTORS, matrices=second))
    assert (deck.meta.anki_name, deck.meta.version, deck.meta.seed, deck.meta.variants) == ("ML Refresher", "1.0", 3, 4)
    assert [(s.stem, s.anki_name, s.see) for s in deck.sections] == [
        ("01-vectors", "01 Vectors", ()),
        ("matrices", "02 Matrices", ("Strang ch. 1",)),
    ]
    assert [card.id for card in deck.cards] == ["dot-product", "matvec", "trace"]
    assert deck.cards[2].needs == ("matvec", "dot-product")
    assert deck.section_of("trace").title == "Matrices"
    with pytest.raises(KeyError):
        deck.section_of("nothing")
    assert deck.meta_source.key("seed") == Place((tmp_path / "deck.yaml").as_posix(), 5, 1)
    assert deck.section_sources["matrices"].key("section").line == 1


def test_a_title_names_the_deck_in_anki_where_no_name_is_given(tmp_path: Path) -> None:
    deck = read(tmp_path, VECTORS.replace("cards:", "deck: Old name\ncards:", 1))
    assert deck.meta.anki_name == "Refresher"
    assert deck.sections[0].anki_name == "Old name"


def test_a_relative_folder_stays_relative_in_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "cards", _01_vectors=VECTORS)
    monkeypatch.chdir(tmp_path)
    deck = read_deck(Path("cards"))
    assert str(deck.card_sources["dot-product"].key("numpy")) == "cards/01-vectors.yaml:7:5"


def test_hidden_files_are_skipped(tmp_path: Path) -> None:
    write(tmp_path, _01_vectors=VECTORS)
    (tmp_path / ".draft.yaml").write_text("[")
    assert len(read_deck(tmp_path).cards) == 1


def test_cards_at_fault_are_left_out_of_the_deck(tmp_path: Path) -> None:
    first = dots("A", "a", "b", "c", c="a").replace("x @ y", "3", 1)
    second = dots("titel: x\nsection: B\ndeck: Old B", "c", "d").replace("section: titel", "titel", 1)
    deck = read_deck(write(tmp_path, first=first, open="section: [", second=second))
    assert [[card.id for card in part.cards] for part in deck.sections] == [["b", "c"], ["d"]]
    assert [(part.number, part.anki_name) for part in deck.sections] == [("01", "01 A"), ("03", "Old B")]
    assert deck.card_sources["c"].file.endswith("first.yaml")
    assert len(deck.faults) == 4


def test_a_deck_without_a_readable_deck_yaml_is_not_returned(tmp_path: Path) -> None:
    with pytest.raises(DeckError, match=r"(?s)01-vectors.yaml:12:5: .*deck.yaml:1:1: "):
        read_deck(write(tmp_path, deck="id: A\n", _01_vectors=VECTORS + "    x: 1\n"))


@pytest.mark.parametrize(
    ("lines", "attribute", "value"),
    [
        pytest.param("nice: 1", "nice", Nice(grid=1), id="grid"),
        pytest.param("nice: 0.05", "nice", Nice(grid=0.05), id="fraction"),
        pytest.param("nice: 3 digits", "nice", Nice(digits=3), id="digits"),
        pytest.param("nice: off", "nice", Nice(), id="bare off"),
        pytest.param("nice: 'off'", "nice", Nice(), id="quoted off"),
        pytest.param("form: dot product", "form", "dot product", id="form"),
        pytest.param("cards: [code, mistake, work]", "cards", ("work", "mistake", "code"), id="canonical order"),
        pytest.param("cards: [work]", "cards", ("work",), id="work alone"),
        pytest.param("reads: {P(A): prior}", "reads", {"P(A)": "prior"}, id="reads is reserved"),
        pytest.param("tags: [a, b::c]", "tags", ("a", "b::c"), id="tags"),
        pytest.param("hint: 2024-99-99", "hint", "2024-99-99", id="no date is a date"),
        pytest.param("hint: 010", "hint", "010", id="no octal number"),
        pytest.param("hint: '${a}'", "hint", "${a}", id="quoted braces"),
        pytest.param("variants: 2", "variants", 2, id="variants"),
    ],
)
def test_a_key_reads_as(lines: str, attribute: str, value: object, tmp_path: Path) -> None:
    card = read(tmp_path, VECTORS + f"    {lines}\n").cards[0]
    assert getattr(card, attribute) == value


def test_directions_follow_whether_the_mistake_can_be_run(tmp_path: Path) -> None:
    assert read(tmp_path, VECTORS).cards[0].cards == ("work", "mistake")
    assert read(tmp_path, VECTORS.replace("      numpy: x * y\n", "")).cards[0].cards == ("work",)


def test_a_plot_is_a_kind_with_expressions_and_literal_data(tmp_path: Path) -> None:
    card = read(tmp_path, VECTORS + "    plot: {arrows: {x: 'x[:2]', chain: true, a: [[1, 0.5], [b]]}, ask: Where?}\n")
    plot = card.cards[0].plot
    assert plot is not None
    assert (plot.kind, plot.ask, plot.says) == ("arrows", "Where?", "")
    assert plot.parameters == {"x": "x[:2]", "chain": True, "a": [[1, 0.5], ["b"]]}


def test_cards_are_frozen(tmp_path: Path) -> None:
    card = read(tmp_path, VECTORS).cards[0]
    with pytest.raises(ValueError, match="frozen"):
        card.concept = "Another"


@pytest.mark.parametrize(("lines", "message"), [pytest.param(*row[1:], id=row[0]) for row in ADDED])
def test_a_wrong_line_is_said_at_its_place(lines: str, message: str, tmp_path: Path) -> None:
    printed = said(write(tmp_path, _01_vectors=VECTORS + f"    {lines}\n"))
    assert len(printed) == 1, printed
    assert message in printed[0]
    assert printed[0].startswith("01-vectors.yaml:")


@pytest.mark.parametrize(("old", "new", "message"), [pytest.param(*row[1:], id=row[0]) for row in REPLACED])
def test_a_wrong_section_is_said_at_its_place(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in VECTORS
    printed = said(write(tmp_path, _01_vectors=VECTORS.replace(old, new, 1)))
    assert len(printed) == 1, printed
    assert message in printed[0]


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        pytest.param("title: T\n", "deck.yaml:1:1: error: the deck: id: is missing\n    The permanent", id="no id"),
        pytest.param("id: a\n", "deck.yaml:1:1: error: the deck: title: is missing", id="no title"),
        pytest.param(META + "seed: -1\n", "deck.yaml:3:1: error: the deck: seed: must be 0 or more", id="seed"),
        pytest.param(META + "seed: '7'\n", "deck.yaml:3:1: error: the deck: seed: must be a whole number", id="text"),
        pytest.param(META + "variants: 0\n", "the deck: variants: must be between 1 and 20", id="variants"),
        pytest.param(
            META + "version: 1.0\n",
            'deck.yaml:3:1: error: the deck: version: must be text: put it in quotes\n    Write version: "1.0".',
            id="version",
        ),
        pytest.param(
            META + "deck: 'A:: B::'\n",
            'deck.yaml:3:1: error: the deck: deck: has a space or nothing beside `::`\n    Write "A::B".',
            id="colons",
        ),
        pytest.param("id: a\ntitle: A::B\n", 'deck.yaml:2:1: error: the deck: title: contains "::"', id="title"),
        pytest.param(
            META + "tilte: b\n", 'the deck: tilte: is no key of deck.yaml\n    Did you mean "title"?', id="key"
        ),
        pytest.param("id: nul\ntitle: T\n", 'deck.yaml:1:1: error: the deck: id: "nul" opens a device', id="device"),
        pytest.param("", "deck.yaml:1:1: error: the file is empty", id="empty"),
    ],
)
def test_a_wrong_deck_yaml_is_said_at_its_place(meta: str, message: str, tmp_path: Path) -> None:
    printed = said(write(tmp_path, deck=meta, _01_vectors=VECTORS))
    assert len(printed) == 1, printed
    assert message in printed[0]


def test_all_faults_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    bad_card = dots("Vectors", "a", "b", b="a").replace("x @ y", "3", 1).replace("x^T y", "''", 1)
    printed = said(
        write(
            tmp_path,
            deck="id: A\n",
            _01_vectors=bad_card,
            _02_more="section: [",
            _03_last=dots("Last", "d") + "    x: 1\n",
        )
    )
    assert [line.split("error: ")[0] for line in printed] == [
        "01-vectors.yaml:6:5: ",
        "01-vectors.yaml:7:5: ",
        "02-more.yaml:1:11: ",
        "03-last.yaml:12:5: ",
        "deck.yaml:1:1: ",
        "deck.yaml:1:1: ",
    ]


def test_all_faults_of_yaml_in_one_card_are_said_at_once(tmp_path: Path) -> None:
    card = """
  - id: a
    concept: One: two
    says: “Curly: quotes.”
    formula: x
    numpy: @x
    check: [x[0], 1]
    mistake:
      says: Three: four.
"""
    printed = said(write(tmp_path, _01_a=f"section: A\ncards:{card}{card.replace('id: a', 'id: b')}"))
    lines = [int(line.split(":")[1]) for line in printed]
    assert lines == [4, 5, 7, 8, 10, 13, 14, 16, 17, 19]


@pytest.mark.parametrize(
    "cards", ["cards: {a: 1, a: 2}", "cards:\n  see:\n    b: 1\n    b: 2", "cards: {1: {b: 1, b: 2}}"]
)
def test_a_fault_of_yaml_within_cards_that_are_no_list_is_said(cards: str, tmp_path: Path) -> None:
    (message,) = [
        line for line in said(write(tmp_path, _01_vectors=f"section: S\n{cards}\n")) if "is already at" in line
    ]
    assert message.startswith("01-vectors.yaml:")


def test_a_wide_colon_is_named(tmp_path: Path) -> None:
    text = f"section: A\ncards:\n{dot('a')}".replace("says: ", "says：", 1)
    assert "：" in text
    (line,) = said(write(tmp_path, _01_a=text))
    assert "behind `says` stands U+FF1A (fullwidth colon)" in line


def test_a_prerequisite_in_an_unreadable_file_is_not_called_unknown(tmp_path: Path) -> None:
    printed = said(write(tmp_path, _01_a="section: [", _02_b=dots("B", "b", b="a")))
    assert len(printed) == 1
    assert printed[0].startswith("01-a.yaml:1:11: ")


def test_a_prerequisite_that_is_at_fault_is_not_called_unknown(tmp_path: Path) -> None:
    printed = said(write(tmp_path, _01_a=dots("A", "a", "b", b="a").replace("x @ y", "3", 1)))
    assert [line.split(": ")[3] for line in printed] == ["numpy"]


ORDER = [
    ("unknown", {"_01_a": dots("A", "dot-product", "b", b="dot-prodcut")},
     ['01-a.yaml:21:13: error: b: needs: "dot-prodcut" is no card of this deck.\n    Did you mean "dot-product"?']),
    ("unknown, and only like itself", {"_01_a": dots("A", "median", median="medians")},
     ['01-a.yaml:12:13: error: median: needs: "medians" is no card of this deck.']),
    ("itself", {"_01_a": dots("A", "a", a="a")},
     ["01-a.yaml:12:13: error: a: needs: it needs itself\n    Take one of these needs away."]),
    ("circle", {"_01_a": dots("A", "a", "b", "c", a="b", b="c", c="a")},
     ["01-a.yaml:12:13: error: a: needs: needs run in a circle: a → b → c → a\n    Take one of these needs away."]),
    ("two circles", {"_01_a": dots("A", "a", "b", "c", "d", a="b", b="a", c="d", d="c")},
     ["needs run in a circle: a → b → a", "needs run in a circle: c → d → c"]),
    ("before its prerequisite", {"_01_a": dots("A", "a", a="b"), "_02_b": dots("B", "b")},
     ["01-a.yaml:12:13: error: a: needs: comes before its prerequisite b\n    Move it below 02-b.yaml:3."]),
    ("same id", {"_01_a": dots("A", "matvec"), "_02_b": dots("B", "matvec")},
     ['02-b.yaml:3:5: error: matvec: id: id "matvec" already at 01-a.yaml:3\n    Ids carry review history: never']),
    ("same id, one card at fault", {"_01_a": dots("A", "matvec").replace("x @ y", "3"), "_02_b": dots("B", "matvec")},
     ["01-a.yaml:7:5: error: matvec: numpy: must be text", 'id "matvec" already at 01-a.yaml:3']),
    ("ids equal after case folding", {"_01_a": dots("A", "matvec"), "_02_b": dots("B", "Matvec")},
     ['02-b.yaml:3:5: error: Matvec: id: id "Matvec" already at 01-a.yaml:3 as "matvec"', "must be kebab-case"]),
    ("same title", {"_01_a": dots("Vectors", "a"), "_02_b": dots("vectors", "b")},
     ['02-b.yaml:1:1: error: the section: section: the title "vectors" is already at 01-a.yaml:1']),
    ("same deck in Anki", {"_01_a": dots("A", "a"), "_02_b": dots("B\ndeck: 01 a", "b")},
     ['02-b.yaml:2:1: error: the section: deck: "01 a" already is the Anki deck of 01-a.yaml:1']),
]  # fmt: skip


@pytest.mark.parametrize(("files", "messages"), [pytest.param(*row[1:], id=row[0]) for row in ORDER])
def test_a_wrong_order_is_said_at_its_place(files: dict[str, str], messages: list[str], tmp_path: Path) -> None:
    printed = said(write(tmp_path, **files))
    assert len(printed) == len(messages), printed
    for line, message in zip(printed, messages, strict=True):
        assert message in line
    assert not any('Did you mean "median"' in line for line in printed)


def test_a_long_chain_of_prerequisites_reads(tmp_path: Path) -> None:
    ids = [f"c{number}" for number in range(1500)]
    files = {f"_{n:02}": dots(f"S{n}", *ids[n::15]) for n in range(15)}
    assert len(read_deck(write(tmp_path / "flat", **files)).cards) == 1500
    chain = dots("Chain", *ids, **dict(zip(ids[1:], ids, strict=False)), **{ids[0]: ids[-1]})
    (fault,) = faults_of(write(tmp_path / "chain", _01=chain))
    assert "needs run in a circle: c0 → c1499 → " in fault.what


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "there is no such folder" in str(faults_of(tmp_path / "none")[0])
    (tmp_path / "file").write_text("")
    assert "is not a folder" in str(faults_of(tmp_path / "file")[0])


def test_a_folder_without_deck_yaml_or_section_is_a_fault(tmp_path: Path) -> None:
    messages = [str(fault) for fault in faults_of(tmp_path)]
    assert "the deck has no section" in messages[0]
    assert "deck.yaml:1:1: error: is missing\n    Write it with two lines at least" in messages[1]


@pytest.mark.parametrize("name", ["02-more.yml", "02-more.YAML"])
def test_another_file_ending_is_a_fault(name: str, tmp_path: Path) -> None:
    write(tmp_path, _01_vectors=VECTORS)
    (tmp_path / name).write_text("")
    assert said(tmp_path) == [f'{name}:1:1: error: the files of a deck end in .yaml\n    Rename it "02-more.yaml".']


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(VECTORS)
    folder = write(tmp_path / "deck")
    (folder / "01-vectors.yaml").symlink_to(tmp_path / "secret")
    assert said(folder) == [
        "01-vectors.yaml:1:1: error: links to a file outside the deck's folder\n    Copy the file into it."
    ]


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "vectors.txt").write_text(VECTORS)
    (folder / "01-vectors.yaml").symlink_to("vectors.txt")
    assert len(read_deck(folder).cards) == 1


def test_links_to_nothing_and_to_themselves_are_faults(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "01-gone.yaml").symlink_to("gone")
    (folder / "02-round.yaml").symlink_to("02-round.yaml")
    assert [line.split(": ")[0] for line in said(folder)] == ["01-gone.yaml:1:1", "02-round.yaml:1:1"]


def test_a_pipe_and_a_folder_are_no_files(tmp_path: Path) -> None:
    folder = write(tmp_path)
    os.mkfifo(folder / "01-pipe.yaml")
    (folder / "02-folder.yaml").mkdir()
    assert said(folder) == ["01-pipe.yaml:1:1: error: is not a file", "02-folder.yaml:1:1: error: is not a file"]


def test_a_file_beyond_a_mebibyte_is_refused_unread(tmp_path: Path) -> None:
    printed = said(write(tmp_path, _01_vectors=b"\xff" * 2**21))
    assert printed == ["01-vectors.yaml:1:1: error: has 2097152 bytes; 1048576 are allowed\n    Split it."]


def test_bytes_that_are_not_utf8_are_placed(tmp_path: Path) -> None:
    printed = said(write(tmp_path, _01_vectors=b"section: A\nsee: \xc3\xa4\xff\n"))
    assert printed == ["01-vectors.yaml:2:7: error: is not UTF-8 from here on\n    Save the file as UTF-8."]


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    deck = read_deck(write(tmp_path, _01_vectors=b"\xef\xbb\xbf" + VECTORS.replace("\n", "\r\n").encode()))
    assert deck.cards[0].formula == "x^T y"
    assert deck.card_sources["dot-product"].key("formula").line == 6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[" * 100_000, "nested deeper than 20 levels", id="brackets"),
        pytest.param("a: " + "{b: " * 100_000, "nested deeper than 20 levels", id="braces"),
        pytest.param("- " * 100_000, "nested deeper than 20 levels", id="dashes"),
        pytest.param("? " * 100_000, "nested deeper than 20 levels", id="question marks"),
        pytest.param(
            "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{'*a' + str(n - 1) + ', '}*a{n - 1}]\n" for n in range(1, 90)),
            "`&a0` is a YAML anchor",
            id="billion laughs",
        ),
        pytest.param(
            "a: &a {x: 1}\n" + "".join(f"b{n}: {{<<: [*a, *a]}}\n" for n in range(5000)), "merge keys", id="merge bomb"
        ),
        pytest.param("a: 1\n" * 200_000, "already at", id="one key over and over"),
        pytest.param("".join(f"k{n}: 1\n" for n in range(90_000)), "is no key of a section", id="many unknown keys"),
        pytest.param(f"{'k' * 1000}: 1\n", "is no key of a section", id="long key"),
        pytest.param(f"? {'k' * 900_000}\n: 1\n", "is no key of a section", id="endless key"),
        pytest.param("section: " + "9" * 900_000, "has 900000 characters", id="endless number"),
        pytest.param("%YAML 9.9\n---\na: b\n", "a plain value cannot start with `%`", id="directive"),
        pytest.param("a\x00b", "U+0000", id="null character"),
    ],
)
def test_a_hostile_file_is_refused_in_time(text: str, message: str, tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, _01_vectors=text))
    assert len(faults) <= 201  # at most 100 of the YAML, 100 of the schema
    assert any(message in fault.what for fault in faults), faults[:3]
    assert all(len(str(fault)) < 2000 for fault in faults)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


@BOTH_LOADERS
@given(text=st.text(st.sampled_from("ab:-?#&*!|>%@`'\"[]{},\\ \t\n01"), max_size=60) | TEXT)
def test_any_text_gives_places_or_faults(loader: type, text: str) -> None:
    places, faults = read_yaml(text, "any.yaml", loader)
    assert places is not None or faults
    for fault in faults:
        assert 1 <= fault.place.line <= text.count("\n") + text.count("\r") + 2


@settings(max_examples=50)
@given(key=st.from_regex(r"[a-z_]{1,12}", fullmatch=True))
def test_any_unknown_key_is_refused_at_its_place(key: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    assume(key not in Card.model_fields and key not in {"true", "false", "yes", "no", "on", "off", "null"})
    printed = said(write(tmp_path_factory.mktemp("deck"), _01_vectors=VECTORS + f"    {key}: x\n"))
    assert len(printed) == 1
    assert printed[0].startswith(f"01-vectors.yaml:12:5: error: dot-product: {key}: is no key of a card\n")


CODE_LINE = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Cf"], exclude_characters="\xa0"),
    max_size=12,
)


@BOTH_LOADERS
@given(
    code=st.lists(CODE_LINE, min_size=1, max_size=8),
    indent=st.integers(1, 6),
    chomp=st.sampled_from(["", "-", "+"]),
    explicit=st.booleans(),
    comment=st.sampled_from(["", "  # about it"]),
    before=st.integers(0, 3),
    data=st.data(),
)
def test_places_in_literal_blocks_are_exact(
    loader: type,
    code: list[str],
    indent: int,
    chomp: str,
    explicit: bool,
    comment: str,
    before: int,
    data: st.DataObject,
) -> None:
    # Without an indentation indicator, YAML takes the indentation from the first line that is not blank.
    assume(any(line.strip(" ") for line in code))
    if not explicit:
        first = next(line for line in code if line.strip(" "))
        assume(not first.startswith((" ", "\t")) and all(line.strip(" ") or not line for line in code))
    head = "# before\n" * before
    text = f"{head}a:\n  b: |{indent if explicit else ''}{chomp}{comment}\n"
    text += "".join(f"{' ' * (2 + indent)}{line}\n" if line else "\n" for line in code) + "c: end\n"
    places, faults = read_yaml(text, "f.yaml", loader)
    assert not faults
    assert places is not None
    value = places.within("a", "b").node.text
    rows = value.split("\n")
    row = data.draw(st.integers(0, len(rows) - 1))
    assume(rows[row])
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    place = places.at("a", "b", line=row + 1, column=column)
    assert text.split("\n")[place.line - 1][place.column - 1 :].startswith(rows[row][column:])
    assert place.line == before + 3 + row
    assert place.column == 1 + 2 + indent + column


@BOTH_LOADERS
@given(value=CODE_LINE, quote=st.sampled_from(["'", '"']), data=st.data())
def test_places_in_quoted_lines_are_exact(loader: type, value: str, quote: str, data: st.DataObject) -> None:
    assume(value and "\\" not in value and '"' not in value)
    column = data.draw(st.integers(0, len(value) - 1))
    written = value.replace("'", "''") if quote == "'" else value
    text = f"a: {{b: {quote}{written}{quote}, c: d}}\n"
    places, _ = read_yaml(text, "f.yaml", loader)
    assert places is not None
    place = places.at("a", "b", column=column)
    assert text[place.column - 1] == value[column]
    assert place.column == 9 + column + (value[:column].count("'") if quote == "'" else 0)


PLACED = """\
a: x @ y
b: "a\\tb"
c: one
  two
d: >
  folded
  text
e: [p, {q: r}]
f: |2-
   deep

  # comment
g: ''
"""


@BOTH_LOADERS
@pytest.mark.parametrize(
    ("path", "line", "column", "expected"),
    [
        pytest.param(("a",), 1, 2, "1:6", id="plain"),
        pytest.param(("a",), 1, 99, "1:9", id="behind the end"),
        pytest.param(("a",), 2, 0, "1:4", id="a line it has not"),
        pytest.param(("b",), 1, 2, "2:4", id="escapes: its start"),
        pytest.param(("c",), 1, 5, "3:4", id="plain of two lines: its start"),
        pytest.param(("d",), 2, 0, "5:4", id="folded: its start"),
        pytest.param(("e", 0), 1, 0, "8:5", id="list item"),
        pytest.param(("e", 1, "q"), 1, 0, "8:12", id="value in a list"),
        pytest.param(("f",), 1, 0, "10:3", id="indicator keeps a space"),
        pytest.param(("f",), 2, 0, "11:1", id="blank line"),
        pytest.param(("f",), 3, 2, "12:5", id="line that begins like a comment"),
        pytest.param(("f",), 9, 0, "12:3", id="a line the block has not"),
        pytest.param(("g",), 1, 0, "13:5", id="empty quotes"),
        pytest.param(("e", 1, "z"), 1, 0, "8:8", id="a key that is not there"),
    ],
)
def test_a_place_in_a_text(loader: type, path: tuple[str | int, ...], line: int, column: int, expected: str) -> None:
    places, faults = read_yaml(PLACED, "f", loader)
    assert not faults
    assert places is not None
    assert str(places.at(*path, line=line, column=column)) == f"f:{expected}"


def test_a_key_is_placed_where_it_is_written() -> None:
    places, _ = read_yaml(PLACED, "f")
    assert places is not None
    assert [str(places.key(*path)) for path in [("e",), ("e", 0), ("e", 1, "q"), ("none",), ()]] == [
        "f:8:1",
        "f:8:5",
        "f:8:9",
        "f:1:1",
        "f:1:1",
    ]


@pytest.mark.parametrize("lines", [row[1] for row in ADDED], ids=[row[0] for row in ADDED])
def test_both_parsers_of_pyyaml_lead_to_the_same_faults(lines: str) -> None:
    text = VECTORS + f"    {lines}\n"
    of_python, of_c = read_yaml(text, "f", yaml.SafeLoader)[1], read_yaml(text, "f", yaml.CSafeLoader)[1]
    if "ud800" in lines:  # the C parser refuses the escape itself
        assert len(of_python) == len(of_c) == 1
    else:
        assert of_python == of_c


def test_reading_needs_neither_numpy_nor_matplotlib() -> None:
    heavy = {"numpy", "matplotlib", "genanki", "typer", "jinja2"}
    code = f"import sys, eigendeck.deck.read; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

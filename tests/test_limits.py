"""What a deck may cost whoever builds it: time, memory and words have limits, and each says so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import eigendeck
from decks import constants
from eigendeck.deck import read
from eigendeck.deck.read import Deck, read_deck
from eigendeck.deck.yaml import read_yaml
from eigendeck.errors import DeckError, Fault, Place
from eigendeck.render.lint import faults
from memory import held_to

SECONDS = 20  # in which a busy machine does what takes an idle one a second or two
MEGABYTES = 200


@contextmanager
def cheaply() -> Iterator[None]:
    """Holds what runs within it to a time and to memory."""
    began = time.monotonic()
    with held_to(MEGABYTES):
        yield
    assert time.monotonic() - began < SECONDS


# --- files

CARD = (
    "section: S\ncards:\n"
    "- {{id: a, concept: D, says: T, formula: x, numpy: 2*3, check: answer == 6, mistake: {{says: H}}, {}}}\n"
)
MANY = f"[{'a,' * 450_000}]"
KEYS = ", ".join(f"k{n}: 1" for n in range(50_000))
FILES = {
    "directions": (CARD.format(f"cards: {MANY}"), "the list that begins here has more than 10,000 entries"),
    "tags": (CARD.format(f"tags: {MANY}"), "the list that begins here has more than 10,000 entries"),
    "lists in a list": (CARD.format(f"tags: [{'[],' * 300_000}]"), "the list that begins here has more than 10,000"),
    "parameters": (CARD.format(f"plot: {{bars: {{{KEYS}}}}}"), "a mapping has at most 200 keys"),
    "keys of a card": (CARD.format(KEYS), "a mapping has at most 200 keys"),
    "mappings as keys": (CARD.format(", ".join(f"? {{}} : {n}" for n in range(50_000))), "a key must be a word"),
    "values": (CARD.format(f"tags: [{('[' + 'a,' * 9_000 + '],') * 50}]"),
     "the file holds more than 100,000 values up to here"),
    "brackets on one line": (CARD.format(f"tags: [{'a(b,' * 200_000}]"), "a comma inside {…} or […] ends the value"),
    "few brackets on a long line": (CARD.format(f"tags: [{'a(b,' * 9_000}]") + "#" * 900_000,
     "a comma inside {…} or […] ends the value"),
    "half brackets": (CARD.format("[" * 900_000), "nested deeper than 20 levels"),
}  # fmt: skip


@pytest.mark.tries("floods")
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_would_fill_the_memory_or_the_day_is_refused_soon(name: str, tmp_path: Path) -> None:
    text, said = FILES[name]
    constants(tmp_path / "deck", {"id": "fair"})
    (tmp_path / "deck" / "02-hostile.yaml").write_text(text)
    with cheaply():
        deck = read_deck(tmp_path / "deck")
    assert any(said in fault.what for fault in deck.faults), deck.faults[:3]
    assert len(deck.faults) < 250
    assert "fair" in [card.id for card in deck.cards]


def test_what_follows_a_list_too_long_is_read(tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "long", "tags": ["t"] * 20_000}, {"id": "fair"})
    assert [card.id for card in read_deck(deck).cards] == ["fair"]


@pytest.mark.tries("floods")
def test_a_thousand_cards_on_one_line_are_read_soon(tmp_path: Path) -> None:
    one = "{id: c%d, concept: D, says: T, formula: x, numpy: 2*3, check: answer == 6, mistake: {says: H}, hint: h}"
    constants(tmp_path / "deck", {"id": "fair"})
    (tmp_path / "deck" / "02-line.yaml").write_text(
        f"section: T\ncards: [{', '.join(one % n for n in range(1000))}]{' ' * 800_000}"
    )
    with cheaply():
        deck = read_deck(tmp_path / "deck")
        assert faults(deck) == []
    assert len(deck.cards) == 1001


@pytest.mark.tries("floods")
def test_a_deck_of_too_many_values_is_read_up_to_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_VALUES", read.MOST_VALUES // 20)  # or it takes seconds
    constants(tmp_path / "deck", {"id": "fair"})
    for number in range(10, 30):
        (tmp_path / "deck" / f"{number}-more.yaml").write_text(f"section: S{number}\nsee: [{'[a,a,a,a,a],' * 495}]\n")
    deck = read_deck(tmp_path / "deck")
    assert "the deck is too large" in str(deck.faults)
    assert [card.id for card in deck.cards] == ["fair"]


@pytest.mark.tries("floods")
def test_a_deck_of_too_many_files_says_so(tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "fair"})
    for number in range(1100):
        (deck / f"s{number}.yaml").write_text("")
    with pytest.raises(DeckError, match="has 1101 sections; 1000 are allowed"):
        read_deck(deck)


@pytest.mark.tries("floods")
@pytest.mark.parametrize("text", ["[" * 100, f"a: [{'a, ' * 20_000}", "{a: " * 100, f"{{{KEYS}"])
def test_a_file_that_ends_within_what_is_left_out_is_a_fault(text: str) -> None:
    source, found = read_yaml(text, "f")
    assert source is None
    assert len(found) > 0


# --- formulas


def nested(begin: str, end: str, depth: int) -> str:
    return begin * depth + "x" + end * depth


DEEP = {
    "matrices": (nested(r"\begin{matrix}", r"\end{matrix}", 18), 18),
    "more matrices": (nested(r"\begin{matrix}", r"\end{matrix}", 36), 36),
    "aligned": (nested(r"\begin{aligned}", r"\end{aligned}", 22), 22),
    "cases in matrices": (nested(r"\begin{cases}\begin{bmatrix}", r"\end{bmatrix}\end{cases}", 9), 18),
    "braces": (nested("{", "}", 490), 490),
    "roots": (nested(r"\sqrt{", "}", 120), 120),
    "fractions": (nested(r"\frac{1}{", "}", 19), 19),
    "exponents": (nested("x^{", "}", 200), 200),
    "brackets": (nested(r"\left(", r"\right)", 60), 60),
    "hats": (nested(r"\hat{", "}", 100), 100),
}


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    """A deck of one card a formula that nests deeply, in the formula, in `work` and in a text."""
    cards = [
        {"id": f"{name.replace(' ', '-')}-{key}", key: latex if key != "says" else rf"So \({latex}\)."}
        for name, (latex, _) in DEEP.items()
        for key in ("formula", "work", "says")
        if len(latex) < 580
    ]
    return read_deck(constants(tmp_path_factory.mktemp("deep") / "deck", *cards))


@pytest.mark.tries("takes time")
@pytest.mark.parametrize("name", DEEP)
def test_a_formula_nested_deeply_is_refused_soon(name: str, deep: Deck) -> None:
    with cheaply():
        said = {fault.what.split(":")[0]: fault.what for fault in faults(deep)}
    for card in deep.cards:
        if card.id.rpartition("-")[0] == name.replace(" ", "-"):
            assert ("is nested deeper than 20 levels" in said.get(card.id, "")) == (DEEP[name][1] > 20), card.id


@pytest.mark.tries("takes time")
def test_a_formula_nested_as_deeply_as_may_be_is_built_soon(tmp_path: Path) -> None:
    cards = [
        {"id": f"c{n}", "formula": latex}
        for n, (latex, depth) in enumerate(DEEP.values())
        if depth <= 20 and "frac" not in latex
    ]
    deck = constants(tmp_path / "deck", *cards)
    with cheaply():
        eigendeck("build", deck, cwd=tmp_path)


UNCLOSED = {
    "parentheses": "(" * 30,
    "brackets": "[" * 300,
    "braces": r"\{" * 40,
    "angles": r"\langle x" * 40,
    "floors": r"\lfloor " * 40,
    "norms": r"\lVert " * 40,
    "one closes": "(" * 40 + "x)",
    "within a fraction": r"\frac{" + "(" * 40 + "}{" + ")" * 40 + "}",
    "within a root": r"\sqrt{" + "[x" * 40 + "}",
    "over rows": r"\begin{matrix}" + r"( \\ " * 40 + r"\end{matrix}",
    "sized and plain": r"\bigl((" * 40,
}


@pytest.mark.tries("takes time")
@pytest.mark.parametrize("name", UNCLOSED)
def test_brackets_that_never_close_are_refused_soon(name: str, tmp_path: Path) -> None:
    latex = UNCLOSED[name]
    cards = [
        {"id": "formula", "formula": latex},
        {"id": "work", "work": latex},
        {"id": "says", "says": rf"\({latex}\)"},
    ]
    cards.append(
        {"id": "value", "given": f"x = {latex!r}", "numpy": "len(x)", "check": "answer == len(x)", "ask": r"\({x}\)"}
    )
    deck = read_deck(constants(tmp_path / "deck", *cards))
    with cheaply():
        said = {fault.what.split(":")[0] for fault in faults(deck) if "brackets that never close" in fault.what}
    assert said == {"formula", "work", "says"}


@pytest.mark.tries("takes time")
def test_brackets_that_close_are_shown(tmp_path: Path) -> None:
    latex = [
        "(" * 19 + "x" + ")" * 19,
        "[0, 1) " * 40,
        "]a, b[" * 40,
        r"\lfloor x \rfloor" * 20,
        r"\bigl( x \bigr]" * 20,
    ]
    latex += [r"\left( x \right]" * 20, r"\text{((((((((((((((}", "((((x"]
    deck = read_deck(constants(tmp_path / "deck", *({"id": f"c{n}", "formula": one} for n, one in enumerate(latex))))
    with cheaply():
        assert faults(deck) == []


# --- messages


@pytest.mark.tries("floods")
def test_a_flood_of_faults_is_told_of_up_to_a_thousand(tmp_path: Path) -> None:
    cards = [{"id": f"c{n}", "needs": [f"c{m}" for m in range(n + 1, min(n + 15, 300))]} for n in range(300)]
    said = eigendeck("build", constants(tmp_path / "deck", *cards), cwd=tmp_path, code=1).stderr
    assert said.count("error: ") == 1000
    assert "and 3095 more" in said
    assert "4095 faults; nothing was written." in said


@pytest.mark.tries("floods")
def test_a_message_that_would_flood_is_cut() -> None:
    said = str(Fault(Place("f" * 9_000), "w" * 9_000, "h" * 9_000))
    assert len(said) < 7_000

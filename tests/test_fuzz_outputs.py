"""Texts, plots and previous packages that nobody would make: each ends in an output that holds, or in a word."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from anki_reviewer import reviewing
from conftest import eigendeck
from decks import constants
from eigendeck import build
from eigendeck.outputs.ledger import read_ledger
from eigendeck.outputs.package import DamagedPackage
from eigendeck.plots import PLOTS, PlotError
from eigendeck.plots.draw import draw
from eigendeck.rehearsal import import_package, open_collection
from fuzzing import quietly, tried
from hostile_texts import PAYLOADS, accepted, sides_that_make_nothing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# --- texts

FRAGMENTS = st.one_of(
    st.sampled_from(
        ["\\(", "\\)", "\\[", "\\]", "$", "`", "{", "}", "\\{", "\\}", "\\\\", "\\ ", "\\", " ", "x", "y_1"]
    ),
    st.sampled_from(
        ["\\text{", "\\begin{matrix}", "\\end{matrix}", "\\left(", "\\right)", "&", "%", "#", "^", "_", "'", "~"]
    ),
    st.sampled_from(
        ["<b>", "<!--", "-->", "</script>", "&#92;", "&lt;", "{{", "}}", "[sound:", "[$]", "\n", "é", "−", "∑"]
    ),
    st.sampled_from(
        [r"\(x\)", r"\(\frac{1}{2}\)", r"\operatorname{<}", r"\begin{align}", r"\ref{evil}", r"\quad", "="]
    ),
    st.sampled_from(sorted(PAYLOADS.values())),
)
TEXTS = st.lists(FRAGMENTS, min_size=2, max_size=8).map("".join).map(lambda text: text[:400].strip() or "x")


def test_texts_of_a_grammar_make_nothing_in_ankis_reviewer(browser: Browser, tmp_path: Path) -> None:
    shown = 0

    @quietly(1)  # each is a deck of many
    @given(texts=st.lists(TEXTS, min_size=25, max_size=25, unique=True))
    def property_(texts: list[str]) -> None:
        nonlocal shown
        folder = tmp_path / f"{time.monotonic_ns()}"
        deck, _ = accepted(folder, {f"{'abcdefghijklmnopqrstuvwxyz'[n]}": text for n, text in enumerate(texts)})
        built = build(deck, time=1_800_000_000, processes=2)
        (folder / "small.apkg").write_bytes(built.files["small.apkg"])
        collection = open_collection(folder / "user")
        import_package(collection, folder / "small.apkg")
        asked: list[str] = []
        with reviewing(collection, browser) as reviewer:
            reviewer.page.on("request", lambda request: asked.append(request.url))
            shown += sides_that_make_nothing(reviewer, collection)
        collection.close()
        assert not [url for url in asked if "evil" in url]

    tried(property_)
    assert shown


# --- plots

NUMBERS = st.sampled_from(
    [
        0,
        1,
        -1,
        2.5,
        -0.0,
        1e-320,
        1e308,
        -1e308,
        float("inf"),
        float("-inf"),
        float("nan"),
        10**400,
        1e9,
        -1e9,
        1e-9,
        True,
    ]
)
ODD = st.sampled_from([None, "", "a", "\x1b[2J", "\u202e", "x" * 200, "<script>", "]]>", "1", 1j, {}, ()])
VALUES = st.one_of(
    NUMBERS,
    ODD,
    st.lists(NUMBERS, max_size=9),
    st.lists(ODD, max_size=3),
    st.lists(st.lists(NUMBERS, min_size=2, max_size=2), max_size=5),
    st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=3, max_size=3),
    st.lists(st.one_of(NUMBERS, st.lists(NUMBERS, max_size=3)), max_size=4),
    st.sampled_from([[], [[]], [[], []], [[[]]], [[1, 2], [3]], [0.5] * 5_000, [1] * 5_001, [[1e308, -1e308]] * 8]),
    st.sampled_from(
        [[0, 1], [1, 2, 3], [[1, 0], [0, 1]], [[2, 1], [1, 3]], [0.2, 0.3, 0.5], [(1, 2), (3, 4)], ["a", "b"]]
    ),
)
NAMES = ["", "a", "x", "k", "<b>", "\u202e"]


@st.composite
def declarations(choose: st.DrawFn) -> tuple[str, dict[str, object]]:
    """A kind of plot, and values for some of its parameters."""
    kind = choose(st.sampled_from(sorted(PLOTS)))
    names = [*PLOTS[kind].parameters, *NAMES]
    required = [name for name, parameter in PLOTS[kind].parameters.items() if parameter.required]
    chosen = {*required, *choose(st.lists(st.sampled_from(names), max_size=4))}
    return kind, {name: choose(VALUES) for name in sorted(chosen)}


def test_plots_of_any_values_are_drawn_or_refused_in_words() -> None:
    outcomes = {"drawn": 0, "refused": 0, "without a word": 0}

    @quietly(600)
    @given(declared=declarations())
    def property_(declared: tuple[str, dict[str, object]]) -> None:
        began = time.monotonic()
        try:
            plot = draw(*declared)
        except PlotError as error:
            outcomes["refused" if error.message else "without a word"] += 1
        else:
            root = ElementTree.fromstring(plot.svg)
            assert not {element.tag.rpartition("}")[2] for element in root.iter()} & {"script", "a", "image", "style"}
            assert "nan" not in plot.svg
            assert "inf" not in plot.svg
            assert len(plot.svg) < 2**20
            outcomes["drawn"] += 1
        assert time.monotonic() - began < 10

    tried(property_)
    assert outcomes["drawn"] > 0 < outcomes["refused"], outcomes
    assert outcomes["without a word"] == 0


# --- previous packages

PATCHES = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), min_size=1, max_size=5)


def patched(content: bytes, patches: list[tuple[float, bytes, int]]) -> bytes:
    """Some bytes with parts of them replaced."""
    for share, new, length in patches:
        at = int(share * len(content))
        content = content[:at] + new + content[at + length :]
    return content


def test_mutated_packages_are_read_or_refused_in_words(tmp_path: Path) -> None:
    eigendeck("build", constants(tmp_path / "deck", {"id": "one"}, {"id": "two"}), cwd=tmp_path)
    good = (tmp_path / "build" / "small.apkg").read_bytes()
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        database = archive.read("collection.anki2")
    target = tmp_path / "mutated.apkg"
    outcomes = {"read": 0, "refused": 0, "without a word": 0}

    @quietly(150)
    @given(patches=PATCHES, inside=st.booleans(), same_length=st.booleans())
    def property_(patches: list[tuple[float, bytes, int]], inside: bool, same_length: bool) -> None:
        if same_length:  # so that what comes behind keeps its place
            patches = [(share, new, len(new)) for share, new, _ in patches]
        if inside:
            with zipfile.ZipFile(target, "w") as archive:
                archive.writestr("collection.anki2", patched(database, patches))
        else:
            target.write_bytes(patched(good, patches))
        began = time.monotonic()
        try:
            assert read_ledger(target, "small")
            outcomes["read"] += 1
        except DamagedPackage as error:
            outcomes["refused" if str(error) else "without a word"] += 1
        assert time.monotonic() - began < 20

    tried(property_)
    assert outcomes["read"] > 0 < outcomes["refused"], outcomes
    assert outcomes["without a word"] == 0

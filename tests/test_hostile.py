"""A stranger's deck: whatever its code, its texts, its names and its files try, it is data to Eigendeck."""

from __future__ import annotations

import json
import re
import sqlite3
import time
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, constants, section
from eigendeck.deck.read import read_deck
from eigendeck.errors import DeckError
from eigendeck.model import Value
from eigendeck.render.lint import faults
from eigendeck.substitution import substitute

Json = dict[str, Any]


# --- texts


TEXTS = {
    "script": '"><script>alert(1)</script>',
    "image": "<img src=x onerror=alert(1)>",
    "handler": '" onmouseover="alert(1)',
    "ends": "</pre></style></script></svg></math><h1>",
    "comment": "<!-- --!> <![CDATA[ <?php ?>",
    "reference": "&lt;b&gt; &#60;i&#62; &amp;amp;",
    "markdown": "[a](javascript:alert(1)) ![b](http://x.test/c) *d* # e",
    "jinja": "{{ ''.__class__ }} {% include 'x' %} {# y #}",
    "fields": "{{Id}}{{#Says}}{{/Says}}{{FrontSide}}",
    "cloze": "{{c1::hidden::hint}}",
    "sound": "[sound:a.mp3][SOUND:b.mp3][anki:tts lang=en]c[/anki:tts]",
    "latex": r"[latex]\input{a}[/latex] [$]b[/$] [$$]c[/$$]",
    "dollars": r"$\href{javascript:alert(1)}{x}$ $$\input{y}$$ \[z\]",
    "code": "`<b>{{Id}}[sound:a]</b>`",
}
PLAIN = {name: text.replace("`", "") for name, text in TEXTS.items()}  # as people read it
REFUSED = ("dollars",)  # in texts, where `\[` is taken for maths gone wrong
NOTE_TAGS = {
    "div", "span", "p", "pre", "code", "i", "b", "ul", "li", "ol", "samp", "hr", "h1", "header", "details", "summary",
    "img",
}  # fmt: skip


@dataclass
class Markup(HTMLParser):
    """What a browser would make of some HTML: its elements with their attributes, its text, and what is odd in it."""

    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    text: str = ""
    odd: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    handle_pi = unknown_decl = handle_comment


def markup(html: str) -> Markup:
    """Returns the parsed HTML, after a look for what runs, loads, or leads away."""
    found = Markup()
    found.feed(html)
    found.close()
    assert not found.odd
    for tag, name, value in found.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in ("src", "href", "action", "data", "srcset", "formaction", "poster", "xlink:href"):
            assert re.fullmatch(r"#[\w-]+|eigendeck-[0-9a-f]{24}\.svg", value), (tag, name, value)
    return found


def texts_of(text: str, card_id: str) -> Json:
    """A card that says the text wherever a card says anything."""
    plain = text not in (TEXTS[name] for name in REFUSED)
    said = text if plain else "Plain."
    filled = said.replace("{", "{{").replace("}", "}}") + " {x}"
    return {
        "id": card_id,
        "concept": said,
        "says": said,
        "ask": filled,
        "hint": said,
        "see": [said],
        "tags": [re.sub(r"\s", "-", text)],
        "given": "x = rng.integers(2, 60)",
        "numpy": f"text = {text!r}\n2 * x",
        "steps": f"2 * x  # {said}",
        "check": f"answer == x + x  # {said}",
        "work": rf"<<{text!r}>> = <<answer>>",
        "mistake": {"says": said, "numpy": f"{{}}[{text!r}]"},
        "plot": {"bars": {"x": "[x]", "labels": [text]}, "ask": said, "says": filled},
        "cards": ["work", "mistake", "plot"],
        "variants": 2,
    }


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[sqlite3.Connection, list[str], str]:
    """The database and the media of a package that says every text everywhere, and the sheet."""
    folder = tmp_path_factory.mktemp("spoken")
    short = TEXTS["script"] + TEXTS["cloze"] + TEXTS["handler"]
    every = " ".join(TEXTS[name] for name in TEXTS if name not in REFUSED)
    meta = {"title": short.replace("::", ":"), "description": every, "license": every[:600]}
    meta |= {"version": TEXTS["image"], "deck": TEXTS["sound"]}
    cards = [texts_of(text, name) for name, text in TEXTS.items()]
    values = [{"id": f"{name}-value", "numpy": repr(text), "check": "len(answer) > 0"} for name, text in TEXTS.items()]
    deck = constants(folder / "deck", *cards, *values, meta=meta, section=short.replace("::", ":"), see=[every[:600]])
    eigendeck("build", deck, cwd=folder)
    with zipfile.ZipFile(folder / "build" / "small.apkg") as package:
        database = sqlite3.connect(":memory:")
        database.deserialize(package.read("collection.anki2"))
        media = list(json.loads(package.read("media")).values())
    return database, media, (folder / "build" / "small.html").read_text()


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text_stays_text_in_every_field_of_a_note(
    name: str, spoken: tuple[sqlite3.Connection, list[str], str]
) -> None:
    for card_id in (name, f"{name}-value"):
        (fields,) = spoken[0].execute("SELECT flds FROM notes WHERE sfld = ?", (card_id,)).fetchone()
        read = ""
        for content in fields.split("\x1f"):
            assert not re.search(r"\{\{|\}\}|\[(sound:|/?latex\]|/?\$|anki:)", content, re.IGNORECASE), content
            found = markup(content)
            assert set(found.tags) <= NOTE_TAGS
            read += found.text
        assert PLAIN[name] in read or repr(PLAIN[name])[1:-1] in read


def test_hostile_text_stays_text_in_the_decks_names_and_description(
    spoken: tuple[sqlite3.Connection, list[str], str],
) -> None:
    (decks,) = spoken[0].execute("SELECT decks FROM col").fetchone()
    for deck in json.loads(decks).values():
        assert set(markup(deck.get("desc", "")).tags) <= {"br"}
        assert not re.search(r"\{\{|\[sound:|\[latex\]", deck.get("desc", ""), re.IGNORECASE)


def test_hostile_text_stays_text_on_the_sheet(spoken: tuple[sqlite3.Connection, list[str], str]) -> None:
    found = markup(spoken[2])
    assert found.tags.count("script") == found.tags.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "link", "base", "form"} & set(found.tags)
    assert sum(tag == "meta" for tag in found.tags) == 5
    for name in TEXTS:
        assert PLAIN[name] in found.text or repr(PLAIN[name])[1:-1] in found.text, name


def test_media_names_are_hashes(spoken: tuple[sqlite3.Connection, list[str], str]) -> None:
    names = spoken[1]
    assert names
    assert all(re.fullmatch(r"eigendeck-[0-9a-f]{24}\.svg", name) for name in names)
    assert len({name.casefold() for name in names}) == len(names)


@pytest.mark.parametrize(
    "latex",
    [
        r"\input{/etc/passwd}",
        r"\href{javascript:alert(1)}{x}",
        r"\htmlStyle{position:fixed}{x}",
        r"\class{a}{x}",
        r"\def\x{y}",
        r"\newcommand{\x}{y}",
        r"\require{html}",
        r"\unicode{x3c}",
        r"\text{$\href{a}{b}$}",
        r"\text{\(\href{a}{b}\)}",
        r"^^5cinput{x}",
        r"\begin{filecontents}x\end{filecontents}",
        r"x \) <b> \( y",
        r"\mmlToken{mi}{x}",
    ],
)
def test_tex_that_loads_defines_or_links_is_refused_in_formulas_and_texts(latex: str, tmp_path: Path) -> None:
    cards = [{"id": "formula", "formula": latex}, {"id": "work", "work": f"{latex} <<answer>>"}]
    cards.append({"id": "says", "says": rf"So \(x {latex} y\)."})
    found = {fault.what.split(":")[0] for fault in faults(read_deck(constants(tmp_path / "deck", *cards)))}
    if latex.startswith(r"x \)"):  # in a text these are two formulas, with words between them
        found.add("says")
    assert found == {"formula", "work", "says"}


@pytest.mark.parametrize("key", ["says", "steps", "check"])
def test_maths_in_comments_is_held_to_the_list_too(key: str, tmp_path: Path) -> None:
    text = r"\(\href{javascript:alert(1)}{x}\)"
    linked: Json = {"id": "linked", key: text if key == "says" else f"2 * 3 == 6  # {text}"}
    (fault,) = faults(read_deck(constants(tmp_path / "deck", linked)))
    assert "is not available on cards" in fault.what


# --- files and names


@pytest.mark.tries("deceives whoever reads it")
@pytest.mark.parametrize(
    "name", ["01 two words", "01-\x1b[2Jclear", "01-<b>", "01-{{x}}", "01-a\nb", "01-a::b", "01-\u202eabc"]
)
def test_a_section_file_of_an_odd_name_is_a_fault(name: str, tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "fair"})
    (deck / "01-numbers.yaml").rename(deck / f"{name}.yaml")
    assert [fault.what for fault in read_deck(deck).faults] == [
        "the name of a section's file is one word of letters, digits, hyphens and dots"
    ]


@pytest.mark.tries("leads the outputs elsewhere")
@pytest.mark.parametrize("name", ["../out", "/out", "a/b", "a\\b", "A", "con", "nul", "a.b", "a b", "-a", "ä", ""])
def test_an_id_that_could_leave_the_folder_or_open_a_device_is_a_fault(name: str, tmp_path: Path) -> None:
    assert "id: " in read_deck(constants(tmp_path / "card", {"id": name})).faults[0].what
    with pytest.raises(DeckError, match="the deck: id: "):
        read_deck(constants(tmp_path / "deck", {"id": "fair"}, meta={"id": name}))


@pytest.mark.tries("has another deck's name")
def test_names_that_differ_in_case_alone_are_the_same(tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "one"})
    (deck / "02-more.yaml").write_text(section(card(id="two"), section="NUMBERS"))
    assert "already" in read_deck(deck).faults[0].what


@pytest.mark.tries("leads the outputs elsewhere")
def test_a_link_in_place_of_the_previous_package_is_not_read(tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "fair"})
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "small.apkg").symlink_to("/dev/zero")
    assert "links are not followed" in eigendeck("build", deck, cwd=tmp_path, code=1).stderr
    eigendeck("build", deck, "--fresh", cwd=tmp_path)
    assert zipfile.is_zipfile(tmp_path / "build" / "small.apkg")


# --- floods


@pytest.mark.tries("floods")
def test_a_file_of_nothing_but_faults_is_not_read_to_its_end(tmp_path: Path) -> None:
    deck = constants(tmp_path / "deck", {"id": "fair"})
    (deck / "02-flood.yaml").write_text(f"section: Flood\ncards: [{'{},' * 300_000}]\n")
    began = time.monotonic()
    found = read_deck(deck)
    assert time.monotonic() - began < 30
    assert [card.id for card in found.cards] == ["fair"]
    assert len(found.faults) < 120
    assert "the rest of the file is not read" in found.faults[-1].what


@pytest.mark.tries("takes time")
def test_a_flood_of_unknown_commands_is_answered_in_time(tmp_path: Path) -> None:
    unknown = "".join(f"\\{a}{b}zq" for a in "abcdefghijklmn" for b in "opqrstuvwxyz")[:1000]
    deck = read_deck(constants(tmp_path / "deck", *({"id": f"c{n}", "formula": unknown} for n in range(100))))
    began = time.monotonic()
    assert len(faults(deck)) == 500
    assert time.monotonic() - began < 10


@pytest.mark.tries("takes time")
@pytest.mark.parametrize(
    "code",
    [
        "np.zeros((10**9, 0)).T.sum()",
        "x ** (x ** (x ** x))",
        "np.arange(10**11).sum()",
        "y = x\n" + "y = round(round(round(y))) + x\n" * 59 + "y",
        "f = lambda a: a + a\ng = lambda a: f(f(f(f(a))))\nh = lambda a: g(g(g(a)))\nh(h(h(x)))",
    ],
    ids=["empty axis", "tower", "range", "many lines", "functions"],
)
def test_working_out_on_paper_gives_up_in_time(code: str) -> None:
    nine = Value("number", "9", "9", (), "int", (9,))
    began = time.monotonic()
    assert substitute.substitute(code, {"x": nine}, nine) == ()
    assert time.monotonic() - began < 2

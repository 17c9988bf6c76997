"""Above a thousand cards the sheet is written by section: one page of ten thousand boxes is of no use to anybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import decks
from conftest import eigendeck, left
from eigendeck.outputs import sheet

CONSTANTS = [
    decks.card(**decks.CONSTANT | {"id": f"card-{number}", "concept": f"Card {number}"}) for number in range(5)
]


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a deck of five cards in two sections, where four are many."""
    monkeypatch.setattr(sheet, "MOST_BOXES", 4)
    panel = {"title": "By heart", "points": ["One."]}
    deck = decks.write(tmp_path / "deck", decks.section(*CONSTANTS[:3]), panels=[panel])
    (deck / "02-more.yaml").write_text(decks.section(*CONSTANTS[3:], section="More"))
    return tmp_path


def cards(page: bytes) -> list[str]:
    return re.findall(r'<article class="card[^>]* id="([^"]+)"', page.decode())


def test_there_is_a_page_a_section_and_one_that_leads_to_them(few: Path) -> None:
    said = eigendeck("build", "deck", cwd=few).stderr
    assert "The sheet is written by section, as there are many cards: small.html leads to 2 sections.\n" in said
    assert said.endswith("  build/small.apkg\n  build/small.html\n")
    pages = left(few / "build")
    assert sorted(pages) == ["small.01.html", "small.02.html", "small.apkg", "small.html"]
    assert cards(pages["small.html"]) == []
    assert cards(pages["small.01.html"]) == ["card-0", "card-1", "card-2"]
    assert cards(pages["small.02.html"]) == ["card-3", "card-4"]
    for name, own in (("small.html", ()), ("small.01.html", ("01-numbers",)), ("small.02.html", ("02-more",))):
        links = re.findall(r'<a href="([^"]+)"><b>', pages[name].decode())
        stems = ("01-numbers", "02-more")
        files = ("small.01.html", "small.02.html")
        assert links == [f"#_{stem}_section" if stem in own else file for stem, file in zip(stems, files, strict=True)]
    assert b"By heart" in pages["small.html"]
    assert b"<script>" not in pages["small.html"]
    assert b"By heart" not in pages["small.01.html"]
    assert "Cards: 5" in pages["small.html"].decode()
    assert "Cards: 3" in pages["small.01.html"].decode()


def test_sections_of_the_same_number_have_pages_of_their_own(few: Path) -> None:
    (few / "deck" / "02-more.yaml").rename(few / "deck" / "01-more.yaml")
    eigendeck("build", "deck", cwd=few)
    assert {"small.01.html", "small.02.html"} < left(few / "build").keys()


def test_a_sheet_of_fewer_cards_is_one_page(few: Path) -> None:
    (few / "deck" / "02-more.yaml").unlink()
    assert "by section" not in eigendeck("build", "deck", cwd=few).stderr
    assert sorted(left(few / "build")) == ["small.apkg", "small.html"]

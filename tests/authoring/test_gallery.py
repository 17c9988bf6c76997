"""`eigendeck plots`: every kind in words, with its examples, and on a page with their pictures."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from conftest import ROOT, eigendeck
from eigendeck import cli
from eigendeck.plots import PLOTS

DOCS = (ROOT / "docs" / "plots.md").read_text(encoding="utf-8")


def test_all_kinds_are_listed_with_what_they_take() -> None:
    out = eigendeck("plots", cwd=ROOT).stdout
    shown = dict(re.findall(r"^(\w+): (.*)$", out, re.MULTILINE))
    assert shown == {name: kind.shows for name, kind in PLOTS.items()}
    for name, kind in PLOTS.items():
        own = out.partition(f"{name}: ")[2].partition("\n\n")[0]
        for parameter, it in kind.parameters.items():
            words = ("required: " if it.required else "") + ("as written: " if it.option else "") + it.takes
            assert re.search(rf"^    {parameter} +{re.escape(words)}$", own, re.MULTILINE), (name, parameter)
        assert ("    any names " in own) == (kind.any_name is not None)


def test_one_kind_is_shown_with_its_examples_and_what_their_pictures_say() -> None:
    out = eigendeck("plots", "icons", cwd=ROOT).stdout
    assert out.startswith("icons: An icon array")
    assert "      sick and positive: hits\n" in out.replace("        ", "      ")
    assert "→ Icon array of 1,000: 9 sick and positive" in out


def test_a_kind_that_there_is_not_is_wrong_usage() -> None:
    said = eigendeck("plots", "arrow", cwd=ROOT, code=cli.USAGE).stderr
    assert 'Invalid value for KIND: there is no plot kind "arrow". Did you mean "arrows"?' in said


class Page(HTMLParser):
    """The headings, pictures and examples of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.code: list[str] = []
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        values = dict(attrs)
        if tag == "img":
            self.pictures.append((values["src"] or "", values["alt"] or ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "h2":
            self.headings.append(data)
        elif self.inside == "code":
            self.code.append(data)


def test_a_page_shows_every_kind_with_every_example_of_the_documents_as_a_picture(tmp_path: Path) -> None:
    said = eigendeck("plots", "--out", "there", cwd=tmp_path).stderr
    assert said.endswith("  there/plots.html\n")
    page = Page((tmp_path / "there" / "plots.html").read_text(encoding="utf-8"))
    assert page.headings == list(PLOTS)
    examples = re.findall(r"^```yaml\n(given:.*?)^```", DOCS, re.DOTALL | re.MULTILINE)
    assert sorted(code for code in page.code if code.startswith("given:")) == sorted(examples)
    assert len(page.pictures) == len(examples)
    for source, alt in page.pictures:
        assert unquote(source).startswith("data:image/svg+xml,<svg ")
        assert alt.endswith(".")


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    said = eigendeck("plots", "arrows", "--out", "file", cwd=tmp_path, code=cli.AT_FAULT).stderr
    assert "file:1:1: error: cannot be written: " in said


@pytest.mark.parametrize("kind", PLOTS)
def test_every_kind_has_an_example(kind: str) -> None:
    assert re.search(rf"^## {kind}\n.*?^```yaml\ngiven:", DOCS, re.DOTALL | re.MULTILINE)

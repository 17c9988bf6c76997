"""The documents of the project: their words and blocks, the files that they write out, the messages that they quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
WRITING = ROOT / "docs" / "writing-cards.md"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line of words before it, and whether a block stands right above."""

    language: str
    text: str
    before: str
    follows: bool


def blocks(document: Path) -> list[Block]:
    """The fenced blocks of a document."""
    found: list[Block] = []
    before, follows, lines = "", False, iter(document.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if not line.startswith("```"):
            before, follows = (line, False) if line.strip() else (before, False)
            continue
        inside: list[str] = []
        while not (inner := next(lines)).startswith("```"):
            inside.append(inner)
        found.append(Block(line.removeprefix("```").strip(), "\n".join(inside), before, follows))
        follows = True
    return found


def prose(document: Path) -> str:
    """A document without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def spans(document: Path) -> list[str]:
    """What stands between single backticks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose(document))


def written_files(document: Path) -> dict[str, str]:
    """The files that a document writes out in full, by their path."""
    return {
        name[1]: block.text + "\n"
        for block in blocks(document)
        if block.language == "yaml" and (name := re.search(r"`([\w./-]+\.yaml)`:$", block.before))
    }


TOP = re.compile(r"(    |  - )(\w+):")


def with_key(section: str, edit: str) -> str:
    """A section file of one card with one of the card's keys replaced, or added at its end."""
    key = edit.partition(":")[0]
    new = [f"    {line}" for line in edit.splitlines()]
    lines: list[str] = []
    inside = replaced = False
    for line in section.splitlines():
        if top := TOP.match(line):
            inside = top[2] == key
            if inside:
                lines += new
                replaced = True
        if not inside:
            lines.append(line)
    return "\n".join([*lines, *([] if replaced else new)]) + "\n"


def quoted() -> Iterator[Any]:
    """Each message of the page on writing cards, with the edit that it answers."""
    last = None
    for block in blocks(WRITING):
        if block.language == "text" and block.follows and last and last.language == "yaml":
            marks = [pytest.mark.kills] * ("took longer" in block.text)  # a worker is ended for it
            yield pytest.param(last.text, block.text, id=last.text.partition("\n")[0], marks=marks)
        last = block

"""Every program that a reader sees, run in a bare interpreter, prints what the card says it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from packages import fields
from programs import programs, run


def package_markup(package: Path) -> str:
    """The fields of all notes."""
    return "\n".join(content for note in fields(package).values() for content in note.values())


@pytest.mark.parametrize("where", ["package", pytest.param("reseeded", marks=pytest.mark.twice), "page"])
def test_every_program_prints_its_output(where: str, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(where)
    found = programs(path.read_text() if path.suffix == ".html" else package_markup(path))
    assert len(found) >= 9
    printed = run([program for program, _ in found])
    wrong = [
        (program, output, got) for (program, output), got in zip(found, printed, strict=True) if got != f"{output}\n"
    ]
    assert wrong == []


def test_the_check_sees_an_output_that_is_wrong(package: Path) -> None:
    program, output = programs(package_markup(package))[0]
    assert run([program]) == [f"{output}\n"]
    assert run([program.replace("print(", "print(0, ")]) != [f"{output}\n"]

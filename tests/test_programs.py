"""Every program that a reader sees, run in a bare interpreter, prints what the card says it prints."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from packages import fields

RUN = re.compile(r'<pre class="run"[^>]*><code[^>]*>(.*?)</code></pre><pre class="out"[^>]*>(.*?)</pre>', re.DOTALL)
HARNESS = """
import contextlib, io, json, sys
import numpy as np
results = []
for program in json.load(sys.stdin):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {"np": np})
    results.append(printed.getvalue())
json.dump(results, sys.stdout)
"""


def programs(markup: str) -> list[tuple[str, str]]:
    """The programs on a page with their outputs, as a reader would copy them."""
    assert markup.count('class="run"') == len(RUN.findall(markup)), "a program is not directly followed by its output"
    return [(plain(program), plain(output)) for program, output in RUN.findall(markup)]


def plain(markup: str) -> str:
    """The text that a browser shows of some markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def run(listed: list[str]) -> list[str]:
    """What each program prints after `import numpy as np`, in an interpreter that knows nothing of eigendeck."""
    done = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", HARNESS],
        input=json.dumps(listed),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def package_markup(package: Path) -> str:
    """The fields of all notes."""
    return "\n".join(content for note in fields(package).values() for content in note.values())


@pytest.mark.parametrize("where", ["package", "reseeded", "page"])
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

"""The programs on cards and sheets, as a reader would copy and run them."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys

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

"""The programs on cards and sheets, as a reader would copy and run them."""

from __future__ import annotations

import atexit
import html
import json
import re
import subprocess
import sys
import threading
from functools import cache

RUN = re.compile(r'<pre class="run"[^>]*><code[^>]*>(.*?)</code></pre><pre class="out"[^>]*>(.*?)</pre>', re.DOTALL)
HARNESS = """
import contextlib, io, json, sys
import numpy as np
for line in sys.stdin:
    results = []
    for program in json.loads(line):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(program, {"np": np})
        results.append(printed.getvalue())
    print(json.dumps(results), flush=True)
"""
PATIENCE = 120  # seconds


@cache
def _reader() -> subprocess.Popen[str]:
    """An interpreter that knows nothing of eigendeck: one for all that this process asks."""
    command = [sys.executable, "-I", "-W", "ignore", "-c", HARNESS]
    reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(reader.communicate)  # which it ends with
    return reader


def programs(markup: str) -> list[tuple[str, str]]:
    """The programs on a page with their outputs, as a reader would copy them."""
    assert markup.count('class="run"') == len(RUN.findall(markup)), "a program is not directly followed by its output"
    return [(plain(program), plain(output)) for program, output in RUN.findall(markup)]


def plain(markup: str) -> str:
    """The text that a browser shows of some markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def run(listed: list[str]) -> list[str]:
    """What each program prints after `import numpy as np`."""
    reader = _reader()
    assert reader.stdin
    assert reader.stdout
    clock = threading.Timer(PATIENCE, reader.kill)
    clock.start()
    reader.stdin.write(json.dumps(listed) + "\n")
    reader.stdin.flush()
    printed = reader.stdout.readline()
    clock.cancel()
    assert printed, "one of the programs ended by an error"
    found: list[str] = json.loads(printed)
    return found

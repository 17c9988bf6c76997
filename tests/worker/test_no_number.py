"""What NumPy warns of in words alone: a mean of nothing, and its kind."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import eigendeck
from decks import card, section, write

NOTHING = {
    "mean": "x[x > 100].mean()",
    "median": "np.median(x[x > 100])",
    "of no numbers": "np.nanmean([np.nan])",
    "largest": "np.nanmax([np.nan])",
    "spread": "np.var([n], ddof=1)",
}


def _hints(folder: Path, *, code: int = 0, allow: list[str] | None = None, around: str = "{}") -> list[tuple[str, str]]:
    cards = [
        card(
            id=f"n{number}",
            formula="y",
            given="n = rng.integers(2, 90)\nx = rng.integers(1, 9, 4)\n",
            numpy=around.format(f"y = {line}") + "\nnp.array([n, y])",
            nice="off",
            allow=allow,
            steps=None,
            check="answer[0] == n and not answer[1] > 0",
            mistake={"says": "It is wrong."},
        )
        for number, line in enumerate(NOTHING.values())
    ]
    write(folder, section(*cards))
    told = json.loads(eigendeck("check", folder, "--draws", 2, "--json", cwd=folder, code=code).stdout)
    return [(fault["what"], fault["hint"]) for fault in told["faults"] if not fault["warning"]]


def test_it_is_a_fault_whose_hint_helps(tmp_path: Path) -> None:
    faults = _hints(tmp_path, code=1)
    assert len(faults) == len(NOTHING)
    assert all("numpy: RuntimeWarning: " in what and "write `allow: [nan]`" in hint for what, hint in faults)
    assert _hints(tmp_path, allow=["nan"]) == []


def test_an_errstate_of_the_author_lets_it_pass(tmp_path: Path) -> None:
    quiet = "with np.errstate(invalid='ignore'):\n    {}\ny = np.nan_to_num(y)"
    assert _hints(tmp_path, around=quiet) == []
    assert len(_hints(tmp_path, around=quiet.replace("invalid", "over"), code=1)) == len(NOTHING)

"""The command line on terminals of all kinds: old encodings, a narrow one, none at all."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from conftest import eigendeck
from decks import card, section, write
from eigendeck import cli
from terminals import on_a_terminal

OLD = pytest.mark.parametrize("encoding", ["ascii", "cp850", "cp1252"])
COMMANDS = (["--help"], ["build", "--help"], ["check", "--help"], ["plots"], ["plots", "bars"], ["schema"])


def printed(encoding: str, *arguments: object, patch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """The exit code of a command whose standard streams have an old encoding, and what it prints on each."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding) for _ in range(2)]
    patch.setattr(sys, "argv", ["eigendeck", *map(str, arguments)])
    patch.setattr(sys, "stdout", streams[0])
    patch.setattr(sys, "stderr", streams[1])
    with pytest.raises(SystemExit) as end:
        cli.main()
    texts = []
    for stream in streams:
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(encoding, "replace"))  # type: ignore[attr-defined]
    return int(end.value.code or 0), texts[0], texts[1]


@OLD
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_what_is_printed_is_printed_on_an_old_terminal(
    arguments: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, error = printed(encoding, *arguments, patch=monkeypatch)
    assert (code, error) == (0, "")
    assert out
    assert arguments != ["schema"] or json.loads(out)


@OLD
def test_a_deck_in_letters_that_the_terminal_lacks_is_built(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = write(tmp_path / "deck", section(card(concept="大")), title="Größe 大")
    arguments = ("build", deck, "--out", tmp_path / "build")
    code, _, error = printed(encoding, *arguments, patch=monkeypatch)
    assert (code, error.splitlines()[0].split(" ", 1)[1]) == (0, r"\u5927: 2 cards from 1 note, 2 variants, seed 0.")
    code, out, _ = printed(encoding, *arguments, "--json", patch=monkeypatch)
    assert (code, json.loads(out)["unchanged"]) == (0, ["total"])
    write(deck, section(card(ask="大 {大}?")))
    code, out, _ = printed(encoding, "check", deck, "--json", patch=monkeypatch)
    assert code == 1
    assert "大" in json.loads(out)["faults"][0]["what"]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of POSIX")
def test_a_terminal_is_shown_how_far_each_stage_is_and_a_file_is_not(tmp_path: Path) -> None:
    write(tmp_path / "deck", section(card()))
    said = on_a_terminal("build", "deck", cwd=tmp_path)
    assert "working" in said
    assert "1/1" in said
    assert "working" not in eigendeck("build", "deck", cwd=tmp_path).stderr

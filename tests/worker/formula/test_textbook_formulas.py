"""Formulas of textbooks, run as `check --formulas` runs them: most agree with their code, and none raises an alarm."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, loaded, section, write

FORMULAS: Mapping[str, Mapping[str, list[str]]] = loaded(Path(__file__).parents[2] / "data" / "formulas.yaml")
AGREE = {"mathematics": 122, "physics": 117, "statistics": 64, "chemistry": 61, "economics": 68}  # at least


def deck(folder: Path, subject: str, factor: str = "") -> Path:
    """A deck with a card for each formula of a subject. factor: what its code multiplies the result by."""
    cards = [
        card(
            id=name,
            formula=formula,
            given=given or None,
            numpy=f"{factor}({numpy})",
            steps=None,
            check=f"np.all(answer == {factor}({numpy}))",
            nice="off",
            mistake={"says": "None."},
        )
        for name, (formula, given, numpy) in FORMULAS[subject].items()
    ]
    return write(folder, section(*cards), variants=1)


def run(folder: Path, *options: str) -> dict[str, Any]:
    """What `check` says of a deck."""
    told: dict[str, Any] = json.loads(eigendeck("check", folder, "--draws", 5, "--json", *options, cwd=folder).stdout)
    return told


def alarms(told: dict[str, Any]) -> set[str]:
    """The cards whose formula is warned of."""
    return {fault["what"].split(":")[0] for fault in told["faults"] if ": formula: " in fault["what"]}


def test_there_are_hundreds_of_them() -> None:
    assert sum(map(len, FORMULAS.values())) >= 450


@pytest.mark.parametrize("subject", FORMULAS)
def test_formulas_of_textbooks_agree_with_their_code(subject: str, tmp_path: Path) -> None:
    told = run(deck(tmp_path / subject, subject), "--formulas")
    lines = {line["id"]: line for line in told["formulas"]}
    assert lines.keys() == FORMULAS[subject].keys()
    assert not alarms(told)
    kinds = Counter(line["kind"] for line in lines.values())
    assert kinds["value"] + kinds["relation"] >= AGREE[subject], {
        name: line["says"] for name, line in lines.items() if line["kind"] not in ("value", "relation")
    }


@pytest.mark.parametrize("subject", ["statistics", "economics"])
def test_each_of_them_contradicts_code_that_gives_a_quarter_more(subject: str, tmp_path: Path) -> None:
    told = run(deck(tmp_path / subject, subject, "1.25 * "))
    assert len(alarms(told)) >= 0.9 * AGREE[subject], FORMULAS[subject].keys() - alarms(told)

"""A hundred cards of ten other subjects: they build and show the right digits, and a fault planted in each is refused.

`decks/planted.yaml` has the faults: the keys that change, and what the message must say.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from conftest import eigendeck
from decks import loaded
from packages import fields, text_of

DECKS = Path(__file__).parent / "decks"
PLANTED: Mapping[str, Mapping[str, dict[str, Any]]] = loaded(DECKS / "planted.yaml")
SUBJECTS = sorted(PLANTED)
WRITTEN = ("compound-interest", "descriptive-statistics", "projectile-motion")  # with `init`, `new` and `preview` alone


def section_of(subject: str) -> dict[str, Any]:
    """The section file of a subject, as plain data."""
    return dict(loaded(DECKS / subject / f"01-{subject}.yaml"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[str, Path]]:
    """What the build of a subject's deck says, and its package."""

    @cache
    def build(subject: str) -> tuple[str, Path]:
        folder = tmp_path_factory.mktemp(subject)
        return eigendeck("build", DECKS / subject, cwd=folder).stderr, folder / "build" / f"{subject}.apkg"

    return build


@pytest.mark.parametrize("subject", [*SUBJECTS, *WRITTEN])
def test_a_deck_of_another_subject_passes_and_builds_without_a_word(
    subject: str, built: Callable[[str], tuple[str, Path]]
) -> None:
    said, package = built(subject)
    said += eigendeck("check", DECKS / subject, "--draws", 40, cwd=package.parents[1]).stderr
    assert "warning" not in said, said


@pytest.mark.parametrize("subject", SUBJECTS)
def test_its_digits_are_those_of_the_value(subject: str, built: Callable[[str], tuple[str, Path]]) -> None:
    _, package = built(subject)
    cards = {card["id"]: card for card in section_of(subject)["cards"]}
    seen = set()
    for note in fields(package).values():
        for program, output in re.findall(
            r'<pre class="run"><code>(.*?)</code></pre>\s*<pre class="out">(.*?)</pre>', note["Work Back"], re.DOTALL
        ):
            card = cards[note["Id"]]
            value = value_of(text_of(program), card["numpy"])
            assert_shows(text_of(output), value, asked="digits" in str(card.get("nice")))
            seen.add(note["Id"])
    assert seen == set(cards)


def value_of(program: str, numpy: str) -> Any:
    """The answer in full precision: the inputs of a shown program, and the card's own lines."""
    names: dict[str, Any] = {"np": np}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(program, names)
    *body, last = ast.parse(numpy).body
    exec(compile(ast.Module(body, []), "<numpy>", "exec"), names)
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "<numpy>", "eval"), names)


NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?:[-+](?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?j|j)?")


def assert_shows(shown: str, value: Any, *, asked: bool) -> None:
    """Every number that is shown is the value to its last digit, with three significant ones at least.

    asked: the card says how many decimals are shown.
    """
    texts = NUMBER.findall(shown)
    entries = np.ravel(np.asarray(value)).tolist()
    assert len(texts) == len(entries), (shown, value)
    for text, entry in zip(texts, entries, strict=True):
        if isinstance(entry, complex):
            assert abs(complex(text) - entry) <= 5e-3 * abs(entry) + 1e-12, (shown, value)
        elif isinstance(entry, int):
            assert int(text) == entry, (shown, value)
        else:
            mantissa, _, exponent = text.partition("e")
            unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
            assert abs(float(text) - entry) <= 0.5000001 * unit, (shown, value)
            if not asked:
                assert abs(float(text) - entry) <= 5e-3 * abs(entry) + 1e-12 * max(map(abs, entries)), (shown, value)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_fault_planted_in_each_card_is_refused(subject: str, tmp_path: Path) -> None:
    section, planted = section_of(subject), PLANTED[subject]
    section["cards"] = [
        card | {key: value for key, value in planted[card["id"]].items() if key != "refuse"}
        for card in section["cards"]
    ]
    deck = shutil.copytree(DECKS / subject, tmp_path / subject)
    (deck / f"01-{subject}.yaml").write_text(yaml.safe_dump(section, sort_keys=False, allow_unicode=True), "utf-8")
    said = eigendeck("check", deck, cwd=tmp_path, code=1).stderr
    passed = [
        name for name, fault in planted.items() if not re.search(rf"error: {name}: .*(?:{fault['refuse']})", said)
    ]
    assert not passed, f"{passed}\n{said}"

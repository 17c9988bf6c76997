"""Sixty faulty files: what is said of each, where, above which caret, and that what it says to write is right."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from conftest import eigendeck
from decks import card, write
from eigendeck import Fault, check
from eigendeck.cli.excerpts import print_faults
from faulty_files import FAULTY, Faulty

NUMBERS = dict(zip(FAULTY, range(1, 100), strict=False))


def deck(folder: Path, *, mended: bool) -> Path:
    """The folder of a deck with a section for each of the files."""
    write(folder)
    for name, faulty in FAULTY.items():
        usual = f"section: Numbers {NUMBERS[name]:02}\ncards:\n{card()}"
        assert faulty.old in usual
        text = usual.replace(faulty.old, faulty.mended if mended else faulty.new, 1)
        text = re.sub("id: (t|T)otal", rf"id: \1otal-{NUMBERS[name]:02}", text, count=1)
        (folder / f"{NUMBERS[name]:02}-numbers.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Fault]]:
    """What is wrong in each of the files, by its number."""
    faults: dict[int, list[Fault]] = {}
    for fault in check(deck(tmp_path_factory.mktemp("faulty") / "deck", mended=False), draws=20).faults:
        faults.setdefault(int(Path(fault.place.file).name[:2]), []).append(fault)
    return faults


def test_there_are_sixty() -> None:
    assert len(FAULTY) == 60


@pytest.mark.parametrize(("name", "faulty"), FAULTY.items(), ids=FAULTY)
def test_a_fault_is_said_at_its_place_above_a_caret_with_what_to_write(
    name: str, faulty: Faulty, found: dict[int, list[Fault]]
) -> None:
    own = f"total-{NUMBERS[name]:02}"
    said = {
        (f"{fault.place.line}:{fault.place.column}", fault.hint.replace(own, "total")): re.sub(
            f"(?i)^{own}: ", "", fault.what
        )
        for fault in found[NUMBERS[name]]
    }
    assert said.get((faulty.place, faulty.hint), str(said)).startswith(faulty.says)
    (fault,) = [one for one in found[NUMBERS[name]] if str(one.place).endswith(f":{faulty.place}")]
    above, meant = with_caret(fault)
    assert meant == faulty.meant
    assert above.lstrip("0123456789 |").strip() in Path(fault.place.file).read_text(encoding="utf-8").replace(
        "\u00a0", "\\xa0"
    )


def with_caret(fault: Fault) -> tuple[str, str]:
    """The line that a terminal shows of a fault, and what stands above the caret."""
    stream = io.StringIO()
    print_faults([fault], Console(file=stream, width=120, color_system=None))
    lines = stream.getvalue().splitlines()
    (at,) = [number for number, line in enumerate(lines) if re.fullmatch(r" *\| +\^+", line)]
    return lines[at - 1], lines[at - 1][lines[at].index("^") : lines[at].rindex("^") + 1]


@pytest.mark.parametrize(("name", "faulty"), FAULTY.items(), ids=FAULTY)
def test_what_a_hint_says_to_write_is_what_mends(name: str, faulty: Faulty) -> None:
    suggested = re.findall(r"Did you mean [\"`](.+?)[\"`]\?|Write `(.+?)`\.|Write (.+?)\.$", faulty.hint + faulty.says)
    for words in suggested:
        (written,) = filter(None, words)
        assert written.strip("`").replace("…", "") in f"{faulty.mended}\n{faulty.mended}", name


def test_mended_as_the_messages_say_nothing_is_wrong_with_any_of_them(tmp_path: Path) -> None:
    said = eigendeck("check", deck(tmp_path / "deck", mended=True), "--draws", 20, cwd=tmp_path).stderr
    assert "60 cards × 20 draws, 0 faults" in said

"""What cards of other subjects than linear algebra show: units, no shapes, their own forms."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from conftest import eigendeck
from decks import card, section, write
from packages import fields
from programs import plain, programs, run

SPEED: dict[str, Any] = {
    "formula": r"v=\frac{s}{t}",
    "given": "t = rng.integers(2, 9)\ns = t * rng.integers(2, 9)",
    "numpy": "s / t",
    "unit": "m/s",
    "units": {"s": "m", "t": "s"},
    "steps": None,
    "check": "answer * t == s",
    "mistake": {"says": "Upside down.", "numpy": "t / s"},
}


def built(folder: Path, *cards: str, **meta: Any) -> tuple[list[dict[str, str]], str, str]:
    """The notes, the sheet, and what the build says."""
    write(folder, section(*cards), **meta)
    said = eigendeck("build", folder, "--out", folder / "out", cwd=folder).stderr
    notes = list(fields(folder / "out" / "small.apkg").values())
    return notes, (folder / "out" / "small.html").read_text(encoding="utf-8"), said


def test_units_are_shown_with_the_numbers_and_stay_out_of_the_arithmetic(tmp_path: Path) -> None:
    (note,), sheet, _ = built(tmp_path, card(**SPEED))
    assert re.search(r"s = \d+\u2009m\n?", plain(note["Work Front"]))
    assert re.search(r"\d\.0\u2009m/s", plain(note["Work Back"]))
    assert r"\,\text{m/s}" in note["Work Back"]
    assert "<mtext>m/s</mtext>" in sheet
    for page in ("".join(note.values()), sheet):
        listed = programs(page)
        assert all("  # m/s" in program and "  # m\n" in program for program, _ in listed)
        assert run([program for program, _ in listed]) == [f"{output}\n" for _, output in listed]
        assert not any("m/s" in output for _, output in listed)


def test_the_sign_of_an_angle_stands_at_its_number(tmp_path: Path) -> None:
    turn = {"given": "a = rng.integers(10, 80)", "formula": "b=90-a", "numpy": "90 - a", "unit": "°", "steps": None}
    turn |= {"check": "answer + a == 90   # a right angle", "mistake": {"says": "To 180.", "numpy": "180 - a"}}
    (note,), sheet, _ = built(tmp_path, card(**turn, units={"a": "°"}))
    pages = plain("".join(note.values()) + sheet)
    assert re.search(r"a = \d+°", pages)
    assert not re.search(r"\d[\s\u2009\xa0]°|\\,\\text\{°", pages)


def test_a_number_in_a_unit_has_not_the_colour_of_numbers(tmp_path: Path) -> None:
    turns = {"unit": "1/s", "units": {"t": "1/Hz"}}
    (note,), *_ = built(tmp_path, card(**SPEED | turns))
    shown = re.search(r"t = .*?Hz", note["Work Front"])
    assert shown
    assert shown[0].endswith("\u20091/Hz")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ("A car goes {s} m in {t}. How fast?", "ask: `{t}` stands without its unit, s\n    Write `{t} s`"),
        ("A car goes {s} km in {t:.0f}", "ask: `{t:.0f}` stands without its unit, s"),
        ("A car goes {s} metres in {t} seconds.", ""),
        ("In s and m: t = {t}, s = {s}.", ""),
        ("Metres: {s}. With m for metres and seconds: {t}.", ""),
    ],
)
def test_a_question_does_not_lose_the_unit_of_its_number(tmp_path: Path, ask: str, said: str) -> None:
    write(tmp_path, section(card(**SPEED, ask=ask)))
    found = eigendeck("check", tmp_path, "--draws", 20, cwd=tmp_path).stderr
    assert said in found
    assert ("stands without its unit" in found) == bool(said)


def test_a_share_is_not_in_per_cent_twice(tmp_path: Path) -> None:
    keys = {
        "given": "p = rng.integers(1, 99) / 100",
        "formula": "q=1-p",
        "numpy": "1 - p",
        "check": "np.isclose(answer + p, 1)",
    }
    keys |= {"steps": None, "nice": 0.01, "units": {"p": "%"}, "ask": "It rains with {p:.0%}. And does not?"}
    write(tmp_path, section(card(**keys, mistake={"says": "Twice.", "numpy": "2 - 2 * p"})))
    found = eigendeck("check", tmp_path, "--draws", 20, cwd=tmp_path).stderr
    assert "ask: `{p:.0%}` is a share in per cent, and `units` says so again\n    Take p out" in found


def test_a_unit_of_what_is_no_input_is_refused(tmp_path: Path) -> None:
    write(tmp_path, section(card(**{**SPEED, "units": {"v": "m"}})))
    assert 'total: units: "v" is no input' in eigendeck("check", tmp_path, cwd=tmp_path, code=1).stderr


@pytest.mark.parametrize("unit", ["m/s^2", "$", "m # per s", "{m}", "5", "-"])
def test_a_unit_that_would_read_otherwise_somewhere_is_refused(tmp_path: Path, unit: str) -> None:
    write(tmp_path, section(card(**{**SPEED, "unit": unit})))
    said = eigendeck("check", tmp_path, cwd=tmp_path, code=1).stderr
    assert "must be a unit such as m/s" in said
    assert ("write the code of a currency, such as USD" if unit == "$" else "m/s²") in said


ARRAY = {"numpy": "2 * x", "check": "(answer == x + x).all()", "mistake": {"says": "Squares.", "numpy": "x**2"}}


def test_shapes_are_asked_for_only_where_one_is_in_question(tmp_path: Path) -> None:
    cards = [
        card(id="number"),
        card(id="array", steps=None, **ARRAY),
        card(id="off", steps=None, shapes=False, **ARRAY),
    ]
    notes, sheet, _ = built(tmp_path, *cards)
    asked = {note["Id"]: "Say the shape" in note["Work Front"] for note in notes}
    traced = {note["Id"]: 'class="shapes"' in note["Work Back"] for note in notes}
    assert asked == traced == {"number": False, "array": True, "off": False}
    assert sheet.count('<span class="shapes">') == 1


def test_a_deck_may_do_without_shapes(tmp_path: Path) -> None:
    (note,), sheet, _ = built(tmp_path, card(steps=None, **ARRAY), shapes=False)
    assert "Say the answer." in note["Work Front"]
    assert '<span class="shapes">' not in sheet


def test_a_form_that_the_deck_does_not_name_is_warned_of_with_the_line_to_add(tmp_path: Path) -> None:
    _, sheet, said = built(tmp_path, card(form="rate"), forms=["balance"])
    assert "warning: total: form: `rate` is none of the deck's forms" in said
    assert "`forms: [balance, rate]`" in said
    assert 'data-form="rate"' in sheet


def test_maths_in_a_form_is_maths_on_the_sheet_and_letters_in_the_tag(tmp_path: Path) -> None:
    form = r"norm \(L^2\)"
    _, sheet, said = built(tmp_path, card(form=form), forms=[form])
    assert "warning" not in said
    assert re.search(r'<span class="form">norm <math.*?</math></span>', sheet)
    assert ">norm L2</option>" in sheet
    assert "\\(" not in "".join(re.findall(r"<option.*?>(.*?)</option>", sheet))


def test_maths_in_a_form_that_cannot_be_shown_is_refused_at_its_place(tmp_path: Path) -> None:
    write(tmp_path / "deck", section(card()), forms=[r"norm \(\foo\)"])
    said = eigendeck("check", "deck", cwd=tmp_path, code=1).stderr
    assert r"deck.yaml:4:" in said
    assert r"the deck: forms: \foo is not available on cards" in said


@pytest.mark.parametrize(
    ("keys", "place", "said"),
    [
        ({"numpy": "s > t", "check": "answer == (s > t)"}, "unit: ", "not to True"),
        ({"numpy": "np.array([s, t]) > 5", "check": "answer.tolist() == [s > 5, t > 5]"}, "unit: ", "not to ["),
        ({"numpy": "'fast' if s > 1 else 'slow'", "check": "answer == 'fast'"}, "unit: ", "not to fast"),
        (
            {"given": "t = True\ns = rng.integers(2, 99)", "numpy": "s * t", "check": "answer == s"},
            "units.t: ",
            "to True",
        ),
    ],
)
def test_a_unit_of_what_is_no_number_is_refused(tmp_path: Path, keys: dict[str, str], place: str, said: str) -> None:
    plain_card = {"formula": r"\text{answer}", "nice": "off", "mistake": {"says": "Upside down."}}
    write(tmp_path, section(card(**{**SPEED, **plain_card, **keys})))
    shown = eigendeck("check", tmp_path, cwd=tmp_path, code=1).stderr
    assert re.search(rf"error: total: {place}a unit belongs to numbers, .*{re.escape(said)}", shown), shown

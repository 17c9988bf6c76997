"""The languages of a deck: complete phrases, the right direction, and nothing English left in between."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from conftest import NO_BROWSER, eigendeck
from decks import card, section, write
from eigendeck.phrases import LANGUAGES, blanks, phrases_of
from packages import fields
from programs import plain

ENGLISH = re.compile(
    r"Which code|Grade the|Say the|Mistake|Check|Hint|Search|Colours|computed with|Show the answer|seed 0"
)
MEAN: dict[str, Any] = {
    "concept": "المتوسط",
    "says": "اجمع الأعداد ثم اقسم على عددها.",
    "ask": "ما متوسط {x}؟",
    "formula": r"\bar x=\frac{1}{n}\sum_i x_i",
    "given": "x = rng.integers(-9, 9, 4)",
    "nice": "off",
    "numpy": "x.mean()",
    "steps": None,
    "check": "np.isclose((x - answer).sum(), 0, atol=1e-9)   # ما فوقه يوازن ما تحته\n"
    "answer <= x.max()   # ليس فوق أكبرها\n",
    "mistake": {"says": "الوسيط عدد آخر.", "numpy": "np.median(x)"},
}


def built(folder: Path, language: str, **meta: Any) -> tuple[dict[str, str], str]:
    """The note and the sheet of a deck of one card, in a language."""
    write(folder, section(card(**MEAN), section="المتوسطات"), language=language, **meta)
    eigendeck("build", folder, "--out", folder / "out", cwd=folder)
    (note,) = fields(folder / "out" / "small.apkg").values()
    return note, (folder / "out" / "small.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_phrase_with_the_same_blanks(language: Any) -> None:
    english, own = phrases_of("en"), phrases_of(language)
    assert own.direction in ("ltr", "rtl")
    assert list(own.by_name) == list(english.by_name)
    assert {name: blanks(text) for name, text in own.by_name.items()} == {
        name: blanks(text) for name, text in english.by_name.items()
    }
    assert all(text.strip() for text in own.by_name.values())
    if language != "en":
        words = [name for name in own.by_name if not name.startswith("list.")]
        same = [name for name in words if own[name] == english[name]]
        assert len(same) < 5, same
        assert not re.search(r"\bshape\b", own["card.say_shape"] + own["worksheet.shape"])  # nor English beside them


def test_an_arabic_deck_runs_from_right_to_left_and_its_numbers_do_not(tmp_path: Path) -> None:
    note, sheet = built(tmp_path, "ar")
    for side in ("Work Front", "Work Back", "Mistake Front", "Mistake Back"):
        assert note[side].startswith('<div lang="ar" dir="rtl">')
        assert not ENGLISH.search(plain(note[side]))
    assert re.search(r'<bdi dir="ltr">\[[-\d, ]+\]</bdi>', note["Work Front"])
    assert note["Concept"] == '<span lang="ar">\u200fالمتوسط</span>'
    assert re.search(r'<span class="held"><bdi dir="ltr">\[[-\d, ]+\]</bdi>؟</span>', note["Work Front"])
    assert '<html lang="ar" dir="rtl">' in sheet
    assert 'ما فوقه يوازن ما تحته<span class="more">؛ ليس فوق أكبرها' in sheet
    assert not ENGLISH.search(plain(re.sub(r"<(style|script)\b.*?</\1>", "", sheet, flags=re.DOTALL)))


def test_single_phrases_may_be_the_decks_own(tmp_path: Path) -> None:
    note, _ = built(tmp_path, "de", phrases={"card.say_answer": "Wie groß?"})
    assert "Wie groß?" in note["Work Front"]
    assert "Bewerte den Weg" in note["Work Back"]


WRONG = {
    "an unknown phrase": ({"card.say_answr": "?"}, 'Did you mean "card.say_answer"?'),
    "a blank that is missing": ({"card.is_right": "stimmt"}, "card.is_right must name what is filled in"),
}


@pytest.mark.parametrize(("own", "words"), WRONG.values(), ids=WRONG)
def test_a_phrase_that_cannot_be_used_is_refused(tmp_path: Path, own: dict[str, str], words: str) -> None:
    write(tmp_path, section(card()), phrases=own)
    assert words in eigendeck("check", tmp_path, cwd=tmp_path, code=1).stderr


def test_an_unknown_language_is_answered_with_those_there_are(tmp_path: Path) -> None:
    write(tmp_path, section(card()), language="klingon")
    said = eigendeck("check", tmp_path, cwd=tmp_path, code=1).stderr
    assert '"klingon" is no language that there are phrases for' in said
    assert "en, de, es, fr, zh, ar" in said


def test_letters_that_the_plots_font_lacks_are_named(tmp_path: Path) -> None:
    write(tmp_path, section(card(plot={"bars": {"数据": "x"}})))
    said = eigendeck("check", tmp_path, cwd=tmp_path).stderr
    assert "warning: total: plot: the plots' font lacks 据 数" in said


@pytest.mark.parametrize("language", ["de-AT", "zh-Hant-TW", "en-GB"])
def test_a_language_may_name_a_region(tmp_path: Path, language: str) -> None:
    note, sheet = built(tmp_path, language)
    assert f'<div lang="{language}"' in note["Work Front"]
    assert f'<html lang="{language}"' in sheet
    assert phrases_of(language[:2])["card.say_answer"] in note["Work Front"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("de_AT", "Write de-AT."),
        ("DE", "Write de."),
        ("german", "Known: en, de"),
        ("de-", 'mean "de"?'),
        ("tlh", "Known: "),
    ],
)
def test_a_language_that_is_written_otherwise_is_answered_with_how(tmp_path: Path, written: str, hint: str) -> None:
    write(tmp_path, section(card()), language=written)
    assert hint in eigendeck("check", tmp_path, cwd=tmp_path, code=1).stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_counted_in_the_plural_where_there_is_one(tmp_path: Path, language: str) -> None:
    card_of_one = card(**MEAN, variants=1, reads={})
    write(tmp_path, section(card_of_one), language=language)
    eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)
    eigendeck("worksheet", tmp_path, "--out", tmp_path / "out", cwd=tmp_path, env=NO_BROWSER)
    pages = [(tmp_path / "out" / name).read_text("utf-8") for name in ("small.html", "small.worksheet.html")]
    (note,) = fields(tmp_path / "out" / "small.apkg").values()
    words = phrases_of(language)
    assert words["card.formula_value_once"] in note["Work Back"]
    for text in (words.say("sheet.cards", count=1), words.say("worksheet.count", count=1)):
        assert any(text in page for page in pages)
        assert re.search(r": 1$|1 [张道]", text)


def test_chinese_has_no_gap_behind_a_wide_colon(tmp_path: Path) -> None:
    note, _ = built(tmp_path, "zh")
    assert "：اجمع" in plain(note["Mistake Back"])


def test_words_and_code_without_arabic_letters_run_from_the_left_on_an_arabic_card(tmp_path: Path) -> None:
    one = {
        **MEAN,
        "given": "n = 4\nx = rng.integers(-9, 9, n)",
        "check": "np.isclose((x - answer).sum(), 0, atol=1e-9)",
        "says": "Mean, of all.",
        "ask": "ما (-{n}) {x}؟",
    }
    write(tmp_path, section(card(**one)), language="ar")
    eigendeck("build", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)
    (note,) = fields(tmp_path / "out" / "small.apkg").values()
    assert '<bdi dir="ltr">np.isclose((x - answer).sum(), 0, atol=1e-9)</bdi>' in note["Work Back"]
    assert '<bdi dir="ltr">Mean, of all.</bdi>' in note["Work Back"]
    assert '(<span class="held"><bdi dir="ltr">-4</bdi>)</span>' in note["Work Front"]
    sheet = (tmp_path / "out" / "small.html").read_text("utf-8")
    assert '<bdi dir="ltr">np.isclose((x - answer).sum(), 0, atol=1e-9)</bdi>' in sheet
    assert '<bdi dir="ltr">Mean, of all.</bdi>' in sheet

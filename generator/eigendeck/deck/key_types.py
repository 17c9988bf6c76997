"""The types of single keys: what the texts and numbers of a deck may be, each refusal in words for its author."""

import math
import re
import sys
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from eigendeck.deck.repairs import quoted
from eigendeck.errors import clipped, nearest
from eigendeck.phrases import LANGUAGES
from eigendeck.worker import budget
from eigendeck.worker.job import Nice
from eigendeck.worker.joiners import joins

# Ids become file names, and these names open devices on Windows.
DEVICES = frozenset({"con", "nul", "aux", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})

ID_LENGTH = 64
KEBAB = r"[a-z0-9]+(-[a-z0-9]+)*"
PATH_LENGTH = 300
NAME_LENGTH = 100  # of a deck in Anki, and of a tag


class Limit:
    """What a value may be: checked here, in words for its author, and told to editors in the words of JSON Schema.

    told: keywords of JSON Schema; they may say less than the check.
    """

    def __init__(self, check: Callable[[Any], Any], **told: object) -> None:
        self.check = check
        self.told = told

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), **self.told}


def said(what: str, hint: str = "", line: int = 0, column: int = 0) -> PydanticCustomError:
    """Returns an error in the author's words; a line (from 1) and column (from 0) place it inside the text."""
    return PydanticCustomError("said", "{what}", {"what": what, "hint": hint, "line": line, "column": column})


CURLY = "“”„«»‘‚’"  # what word processors make of quotes
UNIT = rf"^[^\s\\{{}}$#&~^_`<>{CURLY}]+( [^\s\\{{}}$#&~^_`<>{CURLY}]+)*$"
UNIT_LENGTH = 24
ANGLES = ("°", "′", "″")  # units that stand at the number itself, without a space
LOCALE = rf"^({'|'.join(LANGUAGES)})(-[A-Za-z0-9]{{2,8}}){{0,3}}$"


def unit(text: str) -> str:
    """Returns a unit unchanged: it stands in a formula, in a comment and in a page, and means the same in all."""
    _visible(text)
    _short(text, UNIT_LENGTH)
    if not re.fullmatch(UNIT, text) or not any(map(_measures, text)):
        hint = "Write exponents as letters: m/s², s⁻¹."
        if "$" in text:
            hint = "`$` begins maths: write the code of a currency, such as USD."
        raise said("must be a unit such as m/s or kg·m²", _straight(text) or hint)
    return text


def _measures(letter: str) -> bool:
    """Whether a sign can be a unit: a letter, a currency, or one of those for shares and angles."""
    return letter.isalpha() or unicodedata.category(letter) in ("Sc", "So") or letter in "%‰‱′″'\""


def _straight(text: str) -> str:
    """What to write for a text between curly quotes, of which YAML knows nothing; nothing for another one."""
    inside = text.strip(CURLY)
    return f"`{text[0]}` is a letter to YAML, not a quote: write {inside}." if text[:1] in CURLY and inside else ""


def locale(text: str) -> str:
    """Returns a language that there are phrases for, with or without a region."""
    if re.fullmatch(LOCALE, text):
        return text
    language, *region = re.split("[-_]", text)
    if language.lower() in LANGUAGES and re.fullmatch(LOCALE, made := "-".join((language.lower(), *region))):
        raise said("must be a language as in `de`, or with a region as in `de-AT`", f"Write {made}.")
    known = nearest(text, LANGUAGES) or f"Known: {', '.join(LANGUAGES)}."
    raise said(f'"{clipped(text)}" is no language that there are phrases for', known)


def code(text: str) -> str:
    """Returns lines of NumPy unchanged."""
    _visible(text, allowed="\t")
    _short(text, budget.CHARACTERS)
    if (count := len(text.rstrip("\n").split("\n"))) > budget.LINES:
        raise said(f"has {count} lines; {budget.LINES} are allowed")
    return text


def filled(value: Any) -> Any:
    """Returns a text or a list that is not empty, nor blank."""
    if not (value.strip() if isinstance(value, str) else value):
        raise said("is empty")
    return value


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return len(text) <= ID_LENGTH and bool(re.fullmatch(KEBAB, text))


def made_kebab(text: str) -> str:
    """Returns the id that a text comes nearest to; empty where it has no letter of an id."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:ID_LENGTH].strip("-")


def kebab(text: str) -> str:
    """Returns an id: it names files, and half of it is review history."""
    if not re.fullmatch(KEBAB, text):
        suggestion = made_kebab(text)
        suggestion += "-card" if suggestion in DEVICES else ""
        what = "must be kebab-case: lower-case letters a-z and digits, joined by single hyphens"
        raise said(what, f'Write "{suggestion}".' if suggestion else "")
    if text in DEVICES:
        raise said(f'"{text}" opens a device on Windows and cannot name a file', f'Write "{text}-card", for instance.')
    return _short(text, ID_LENGTH)


def deck_name(text: str) -> str:
    """Returns the name of one level of a deck in Anki."""
    _one_line(filled(_visible(text)))
    if text != text.strip():
        raise said("begins or ends with a space")
    if "::" in text:
        raise said('contains "::", which separates decks in Anki', "Use one colon.")
    return _short(text, NAME_LENGTH)


def deck_path(text: str) -> str:
    """Returns the name of a deck in Anki, which may stand below others: `Medicine::Biostatistics`."""
    levels = text.split("::")
    stripped = [level.strip() for level in levels]
    if len(levels) > 1 and (levels != stripped or not all(levels)):
        written = "::".join(filter(None, stripped))
        hint = f"Write {quoted(written)}." if written else "Write names around it: Medicine::Statistics."
        raise said("has a space or nothing beside `::`", hint)
    for level in levels:
        deck_name(level)
    return _short(text, PATH_LENGTH)


def tag(text: str) -> str:
    """Returns a tag: Anki separates tags by spaces."""
    if re.search(r"\s", filled(_visible(text))):
        raise said("a tag is one word without spaces", f"Write {quoted('-'.join(text.split())[:NAME_LENGTH])}.")
    if hint := _straight(text):
        raise said("a tag has no quotes", hint)
    return _short(text, NAME_LENGTH)


def sized(most: int) -> Limit:
    """Returns the limit of the length of a text."""
    return Limit(partial(_short, most=most), maxLength=most)


def whole(low: int, high: float = math.inf) -> Limit:
    """Returns the limits of a whole number."""

    def check(number: int) -> int:
        if not low <= number <= high:
            raise said(f"must be {low} or more" if high == math.inf else f"must be between {low} and {high}")
        return number

    return Limit(check, minimum=low, **({} if high == math.inf else {"maximum": high}))


def several(most: int) -> tuple[Any, ...]:
    """Returns the limits of a list without repeats; YAML gives lists where cards hold tuples."""

    def check(items: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(items) > most:
            raise said(f"has {len(items)} entries; {most} are allowed")
        return distinct(items)

    return (Strict(False), Limit(check, maxItems=most, uniqueItems=True))


def distinct(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """Returns entries of which none stands there twice."""
    for item in items:
        if items.count(item) > 1:
            raise said(f'"{str(item)[:60]}" stands there twice')
    return items


def _one_line(text: str) -> str:
    if "\n" in text:
        raise said("must be one line", "Write it behind the key, without `|`.")
    return text


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise said(f"has {len(text)} characters; {most} are allowed")
    return text


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _visible(text: str, allowed: str = "") -> str:
    """Refuses control characters, and format characters such as those that turn the direction of writing.

    Private and unassigned characters show as boxes and deceive nobody, so they pass, as joiners do within words.
    """
    for row, line in enumerate(text.split("\n"), 1):
        for column, character in enumerate("" if line.isprintable() else line):  # which none of them is
            if unicodedata.category(character) in _HIDDEN and character not in allowed and not joins(line, column):
                name = unicodedata.name(character, "a control character").lower()
                raise said(f"contains U+{ord(character):04X} ({name})", "Delete it.", row, column)
    return text


VISIBLE = Limit(_visible)
FILLED = Limit(filled, pattern=r"\S")
LINE = Limit(lambda text: _one_line(filled(text)), pattern=r"^[^\n]*\S[^\n]*$")
_NO_DEVICE = {"not": {"enum": sorted(DEVICES)}}
Id = Annotated[str, Limit(kebab, pattern=f"^{KEBAB}$", maxLength=ID_LENGTH, **_NO_DEVICE)]
DeckPath = Annotated[
    str, Limit(deck_path, pattern=r"^(?!::)(?!.*(\s::|::(::|\s|$)))\S([^\n]*\S)?$", maxLength=PATH_LENGTH)
]
DeckName = Annotated[str, Limit(deck_name, pattern=r"^(?!.*::)\S([^\n]*\S)?$", maxLength=NAME_LENGTH)]
Tag = Annotated[str, Limit(tag, pattern=r"^\S+$", maxLength=NAME_LENGTH)]
Name = Annotated[str, VISIBLE, LINE, sized(80)]
Sentence = Annotated[str, VISIBLE, sized(600)]
RequiredSentence = Annotated[str, VISIBLE, FILLED, sized(600)]
Latex = Annotated[str, VISIBLE, sized(1000)]
RequiredLatex = Annotated[str, VISIBLE, FILLED, sized(1000)]
Code = Annotated[str, Limit(code, maxLength=budget.CHARACTERS)]
RequiredCode = Annotated[Code, FILLED]
References = Annotated[tuple[Annotated[str, VISIBLE, LINE, sized(600)], ...], *several(50)]
Unit = Annotated[str, Limit(unit, pattern=UNIT, maxLength=UNIT_LENGTH)]
Phrase = Annotated[str, VISIBLE, LINE, sized(300)]
Forms = Annotated[tuple[Name, ...], *several(20)]
Locale = Annotated[str, Limit(locale, pattern=LOCALE)]
Variants = Annotated[int, whole(1, 20)]


def read_nice(value: object) -> Nice:
    if isinstance(value, Nice):
        return value
    if value is False or value == "off":
        return Nice()
    if isinstance(value, int | float) and value is not True and 0 < value < math.inf:
        return Nice(grid=float(value))
    if isinstance(value, str) and (digits := re.fullmatch(r"([1-6]) digits?", value)):
        return Nice(digits=int(digits[1]))
    raise said("must be a grid above 0 such as 0.25, `1 digits` to `6 digits`, or off")


NICE_IN_JSON = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": sys.float_info.max},
        {"type": "string", "pattern": "^[1-6] digits?$"},
        {"enum": ["off", False]},
    ]
}


def read_parameter(value: object) -> object:
    """Passes NumPy expressions and literal data: numbers, booleans, text, lists of them."""
    if isinstance(value, str):
        return code(value)
    if isinstance(value, list):
        return [read_parameter(item) for item in value]
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise said("must be a NumPy expression, a number, true or false, or a list of them")


class Strictly(BaseModel):
    """Refuses what it does not know, converts nothing, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

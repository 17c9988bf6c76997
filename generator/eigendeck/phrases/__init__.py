"""The fixed phrases of cards, sheet and package, one file a language: complete, and with the same names to fill in."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

Language = Literal["en", "de", "es", "fr", "zh", "ar"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a language by their names, such as `card.hint`; `direction`: ltr or rtl."""

    language: str
    direction: str
    by_name: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Returns a phrase with its {names}."""
        return self.by_name[name]

    def say(self, name: str, /, **values: object) -> str:
        """Returns a phrase with its names filled in."""
        return re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), self.by_name[name])

    @property
    def rtl(self) -> bool:
        """Whether it is written from right to left."""
        return self.direction == "rtl"


@cache
def phrases_of(language: Language) -> Phrases:
    """Returns the phrases of a language as they come along."""
    read = tomllib.loads((files("eigendeck") / "phrases" / f"{language}.toml").read_text(encoding="utf-8"))
    direction = read.pop("direction")
    return Phrases(
        language,
        direction,
        {f"{part}.{name}": text for part, phrases in read.items() for name, text in phrases.items()},
    )


ENGLISH = phrases_of("en")


def phrases(language: str, own: Mapping[str, str]) -> Phrases:
    """Returns the phrases of a language, which may name a region as `de-AT`, some of them in a deck's own words."""
    known = phrases_of(cast(Language, language.partition("-")[0]))
    return (
        known
        if language == known.language and not own
        else replace(known, language=language, by_name={**known.by_name, **own})
    )


def blanks(phrase: str) -> list[str]:
    """Returns the names that a phrase has filled in, sorted."""
    return sorted(re.findall(r"\{(\w+)\}", phrase))

"""The types of single keys, with their limits: names, texts, code, numbers.

What a validator refuses, it refuses in words for the author.
"""

import math
import re
import sys
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from eigendeck.deck import key_limits as limits
from eigendeck.deck.key_limits import Limit, said, several, whole, words
from eigendeck.worker import budget
from eigendeck.worker.job import Nice

_NO_DEVICE = {"not": {"enum": sorted(limits.DEVICES)}}
Id = Annotated[str, Limit(limits.kebab, pattern=f"^{limits.KEBAB}$", maxLength=limits.ID_LENGTH, **_NO_DEVICE)]
DeckPath = Annotated[
    str, Limit(limits.deck_path, pattern=r"^(?!::)(?!.*(\s::|::(::|\s|$)))\S([^\n]*\S)?$", maxLength=limits.PATH_LENGTH)
]
DeckName = Annotated[str, Limit(limits.deck_name, pattern=r"^(?!.*::)\S([^\n]*\S)?$", maxLength=limits.NAME_LENGTH)]
Tag = Annotated[str, Limit(limits.tag, pattern=r"^\S+$", maxLength=limits.NAME_LENGTH)]
Name = Annotated[str, words(80, required=True, one_line=True)]
Sentence = Annotated[str, words(600)]
RequiredSentence = Annotated[str, words(600, required=True)]
Latex = Annotated[str, words(1000)]
RequiredLatex = Annotated[str, words(1000, required=True)]
Code = Annotated[str, Limit(limits.code, maxLength=budget.CHARACTERS)]
RequiredCode = Annotated[Code, Limit(limits.filled, pattern=limits.FILLED)]
References = Annotated[tuple[Annotated[str, words(600, required=True, one_line=True)], ...], *several(50)]
Unit = Annotated[str, Limit(limits.unit, pattern=limits.UNIT, maxLength=limits.UNIT_LENGTH)]
Phrase = Annotated[str, words(300, required=True, one_line=True)]
Forms = Annotated[tuple[Name, ...], *several(20), AfterValidator(limits.distinct)]
Locale = Annotated[str, Limit(limits.locale, pattern=limits.LOCALE)]
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
        return limits.code(value)
    if isinstance(value, list):
        return [read_parameter(item) for item in value]
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise said("must be a NumPy expression, a number, true or false, or a list of them")


class Strictly(BaseModel):
    """Refuses what it does not know, converts nothing, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

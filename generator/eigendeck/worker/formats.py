"""Formats in a question: what readers see must be the number that was computed with."""

import re
from typing import Any

_SPEC = re.compile(r"(?:.?[<>=^])?[+\- ]?z?#?0?\d*[,_]?(?P<precision>\.\d+)?(?P<kind>[eEfFgGn%s]?)", re.DOTALL)
_MOST = 15  # decimals of a format that is suggested
_SAME = 1e-9  # relative


def better_format(value: Any, spec: str) -> str | None:
    """Returns the format to write in place of one that changes a number or cuts a text, or None where it does neither.

    An empty one says that none is needed.
    """
    match = _SPEC.fullmatch(spec)
    if not match or isinstance(value, bool) or not isinstance(value, int | float | complex | str):
        return None
    precision, kind = match["precision"], match["kind"]
    if isinstance(value, str):
        return "" if precision and len(value) > int(precision[1:]) else None
    if (not precision and not kind) or _keeps(value, precision or ".6", kind):
        return None
    for wider in range(_MOST + 1):
        if kind and _keeps(value, f".{wider}", kind):
            start, end = match.span("precision") if precision else (match.start("kind"),) * 2
            return f"{spec[:start]}.{wider}{spec[end:]}"
    return ""


def _keeps(value: complex, precision: str, kind: str) -> bool:
    """Whether a number can be read back from what the format makes of it."""
    text = format(value, f"{precision}{kind.replace('n', 'g')}")
    shown = complex(text.rstrip("%")) / (100 if kind == "%" else 1)
    return abs(shown - value) <= _SAME * abs(value)

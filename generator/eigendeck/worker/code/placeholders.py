"""The placeholders of `ask`, `show` and `plot.says`: names of `given` in braces, single numbers with a format.

What readers see must be the number that was computed with.
"""

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

from eigendeck.worker.code.statements import Faults, Statement
from eigendeck.worker.job import Job, Piece

_SPEC = re.compile(r"(?:.?[<>=^])?[+\- ]?z?#?0?\d*[,_]?(?P<precision>\.\d+)?(?P<kind>[eEfFgGn%s]?)", re.DOTALL)
_MOST = 15  # decimals of a format that is suggested
_SAME = 1e-9  # relative


def named_in_templates(job: Job, drawn: Sequence[str], makers: Mapping[str, Statement], faults: Faults) -> set[str]:
    """Returns the names of `given` that `ask`, `show` and `plot.says` name; what is wrong with those texts is at fault.

    drawn: the names of `given`. makers: what binds them, where that is known.
    """
    found = {name for piece in job.ask for name in _names_in(piece, drawn, faults)}
    for name, template in job.show.items():
        key = ("show", name)
        if name not in drawn:
            if not faults.blind:
                faults.add(key, f'"{name}" is not drawn in `given`', _here_are(drawn))
        elif name in makers and makers[name].function:
            faults.add(key, f'"{name}" is a function, and functions appear as their source', "Take it away.")
        elif not template.strip():
            faults.add(key, "is empty", f'Write how {name} is displayed, such as "np.log({{w}})".')
        found |= {name, *_names_in(Piece(key, template), drawn, faults)}
    return found


def _names_in(template: Piece, drawn: Sequence[str], faults: Faults) -> list[str]:
    """The names in the placeholders of a template."""

    def refuse(message: str, hint: str) -> None:
        faults.add(template.key, message, hint, template.line, template.column)

    hint = "A placeholder is a name, {x}, or a name with a format, {p:.2f}; {{ and }} stand for the braces themselves."
    try:
        fields = [field[1:] for field in string.Formatter().parse(template.source) if field[1] is not None]
    except ValueError as error:
        refuse(f"`{template.source}`: {error}", hint)
        return []
    found = []
    for name, spec, conversion in fields:
        if not (name or "").isidentifier() or conversion or "{" in (spec or ""):
            refuse(f"`{template.source}` is no placeholder", _to_name(name or "", drawn) or hint)
        elif name not in drawn and not faults.blind:
            refuse(f'"{name}" is not drawn in `given`', _here_are(drawn))
        else:
            found.append(str(name))
    return found


def _to_name(expression: str, drawn: Sequence[str]) -> str:
    """How to name the value of an expression that stands where only names may."""
    found, name = re.match(r"[A-Za-z]\w*(?=\W)", expression), re.sub(r"\W+", "", expression)[:20]
    return f"Give it a name in `given`: {name} = {expression}." if found and found[0] in drawn else ""


def _here_are(drawn: Sequence[str]) -> str:
    return f"`given` draws {', '.join(drawn[:20])}." if drawn else "The card has no `given`."


# ---- formats


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

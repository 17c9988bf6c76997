r"""Values as LaTeX, and the templates that they are put into.

Only commands that MathJax (base and ams) and math-core both know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from eigendeck.model import Number, Value
from eigendeck.worker import numerals

PLACEHOLDER = re.compile(r"<<(.+?)>>", re.DOTALL)
AFTER_OPERATOR = re.compile(r"(?:\\cdot|\\times|[-+/])\s*$")

# Neither engine's \text takes all of these, and they differ in which; as mathematics both take all.
IN_TEXT = {c: rf"\{c}" for c in "_#%&${}"} | {"\\": r"\backslash ", "^": r"\wedge ", "~": r"\sim "}


def text(words: str) -> str:
    r"""Returns words as LaTeX: `\text{dot product}`, with what LaTeX would read as a command written out."""
    parts = re.split(r"([_#%&${}\\^~])", re.sub(r"\s", " ", words))
    return "".join(IN_TEXT.get(part, rf"\text{{{part}}}") for part in parts if part) or r"\text{}"


def number(value: Value | Number) -> str:
    r"""Returns the LaTeX of a value.

    `-2`, `0.667`, `\text{True}`, `(1, 2, 3)`, a bmatrix; what has no such form is the text that `print` shows of it.
    """
    if not isinstance(value, Value):
        return _entry(value)
    if value.shape is None or math.prod(value.shape) != len(value.numbers):
        return text(value.numbers[0] if value.numbers and isinstance(value.numbers[0], str) else value.printed)
    return _array(value.numbers, value.shape)


def bmatrix(rows: Sequence[Sequence[str]]) -> str:
    return r"\begin{bmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"


def _array(numbers: Sequence[Number], shape: tuple[int, ...]) -> str:
    if not shape:
        return _entry(numbers[0])
    if len(shape) == 2 and 0 not in shape:
        columns = shape[1]
        return bmatrix([[_entry(n) for n in numbers[i : i + columns]] for i in range(0, len(numbers), columns)])
    step = len(numbers) // shape[0] if shape[0] else 0
    parts = [_array(numbers[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]
    opening, closing = (r"\left(", r"\right)") if len(shape) > 1 else ("(", ")")
    return opening + ", ".join(parts) + closing


def _entry(value: Number) -> str:
    if isinstance(value, bool | str):
        return text(str(value))
    if isinstance(value, complex):
        real, imaginary = _entry(value.real), _entry(value.imag)
        sign = "" if imaginary.startswith("-") else "+ "
        return rf"{real} {sign}{imaginary.replace('-', '- ', 1)}\,\mathrm{{i}}"
    if isinstance(value, int) and abs(value) >= 2**53:
        return numerals.whole_in_latex(value)
    if math.isnan(value):
        return r"\text{nan}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    return numerals.in_latex(float(value))


def placeholders(template: str) -> tuple[str, ...]:
    """Returns the expressions between `<<` and `>>`, in order."""
    return tuple(match.strip() for match in PLACEHOLDER.findall(template))


def fill(template: str, filled: Sequence[str]) -> str:
    r"""Returns the template with its placeholders replaced, in order, by LaTeX.

    What starts with a minus sign gets parentheses after an operator and under an exponent: `5\cdot (-1)`, `(-3)^2`.

    Raises:
        ValueError: there are more or fewer placeholders than replacements.
    """
    pieces = PLACEHOLDER.split(template)[::2]
    if len(pieces) != len(filled) + 1:
        raise ValueError(f"{len(pieces) - 1} placeholders, {len(filled)} replacements")
    latex = pieces[0]
    for replacement, following in zip(filled, pieces[1:], strict=True):
        bare = not replacement.startswith("-") or not (
            AFTER_OPERATOR.search(latex) or following.lstrip().startswith("^")
        )
        latex += (replacement if bare else f"({replacement})") + following
    return latex

r"""Values and numbers as LaTeX, short and without noise, and the templates that they are put into.

Only commands that MathJax (base and ams) and math-core both know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from eigendeck.model import Number, Value

PLACEHOLDER = re.compile(r"<<(.+?)>>", re.DOTALL)
AFTER_OPERATOR = re.compile(r"(?:\\cdot|\\times|[-+/])\s*$")

# Neither engine's \text takes all of these, and they differ in which; as mathematics both take all.
IN_TEXT = {c: rf"\{c}" for c in "_#%&${}"} | {"\\": r"\backslash ", "^": r"\wedge ", "~": r"\sim "}


def clean(value: float) -> float:
    """Returns the value without the noise of binary fractions: 12 significant digits, no negative zero."""
    return float(f"{value:.12g}") + 0.0


def places(value: float) -> int:
    """Returns to how many decimals a value is rounded if it has many: 3, or as many as show 2 significant digits."""
    return 3 if abs(value) >= 0.0095 or value == 0 else 1 - math.floor(math.log10(abs(value)))


@lru_cache(4096)
def rounded(value: float) -> float:
    """Returns the value that is shown: itself where its digits are few (6 decimals, 8 digits), else rounded."""
    exact = clean(value)
    few = float(f"{exact:.6f}") == exact and len(_plain(exact).replace(".", "").lstrip("-0")) <= 8
    return exact if few or exact.is_integer() else clean(round(exact, places(exact)))


@lru_cache(4096)
def decimal(value: float) -> str:
    r"""Returns the LaTeX of a finite number as it is shown: `-0.25`, `0.667`, `4.4\times 10^{-9}`."""
    shown = rounded(value)
    if abs(shown) < 1e15 and (shown.is_integer() or abs(shown) >= 1e-4 or float(f"{shown:.6f}") == shown):
        return _plain(shown)
    digits, exponent = f"{shown:.3e}".split("e")
    return rf"{digits.rstrip('0').rstrip('.')}\times 10^{{{int(exponent)}}}"


def _plain(value: float) -> str:
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


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
        return str(value) if abs(value) < 10**18 else _power_of_ten(value)
    if math.isnan(value):
        return r"\text{nan}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    return decimal(float(value))


def _power_of_ten(value: int) -> str:
    digits, exponent = f"{Decimal(value):.3e}".split("e")
    return rf"{digits}\times 10^{{{int(exponent)}}}"


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

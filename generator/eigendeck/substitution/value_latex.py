r"""Values as LaTeX.

Only commands that MathJax (base and ams) and math-core both know.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from eigendeck.model import Number, Value
from eigendeck.worker.numerals import numeral, shared_decimals

# Neither engine's \text takes all of these, and they differ in which; as mathematics both take all.
IN_TEXT = {c: rf"\{c}" for c in "_#%&${}"} | {"\\": r"\backslash ", "^": r"\wedge ", "~": r"\sim "}


def text(words: str) -> str:
    r"""Returns words as LaTeX: `\text{dot product}`, with what LaTeX would read as a command written out."""
    parts = re.split(r"([_#%&${}\\^~])", re.sub(r"\s", " ", words))
    return "".join(IN_TEXT.get(part, rf"\text{{{part}}}") for part in parts if part) or r"\text{}"


@dataclass(frozen=True, slots=True)
class Typeset:
    """A value in a formula.

    exact: no number in it was rounded. is_number: it is a single number. is_sum: one of several parts, as a complex
    number is. is_loose: it has a sign or a power of its own, and may need parentheses.
    """

    latex: str
    exact: bool = True
    is_number: bool = False
    is_sum: bool = False

    @property
    def is_negative(self) -> bool:
        """Whether it begins with a sign."""
        return self.is_number and self.latex.startswith("-")

    @property
    def is_loose(self) -> bool:
        """Whether it may need parentheses: it has a sign, or a power of its own."""
        return self.is_negative or self.is_sum or (self.is_number and "\\times" in self.latex)


def typeset(value: Value, digits: int | None = None) -> Typeset:
    r"""Returns a value as a formula shows it. digits: the decimals of its numbers, if the card says how many.

    `-2`, `0.667`, `\text{True}`, `(1, 2, 3)`, a bmatrix; what has no such form is the text that `print` shows of it.
    """
    if value.shape is None or math.prod(value.shape) != len(value.numbers):
        words = value.numbers[0] if value.numbers and isinstance(value.numbers[0], str) else value.printed
        return Typeset(text(words))
    parts = [part for entry in value.numbers for part in _parts(entry)]
    shared = shared_decimals(parts, digits) if value.shape else None
    digits = digits if shared is None else shared
    exact = all(numeral(part, digits).exact for part in parts)
    latex = _array(value.numbers, value.shape, digits)
    single = not value.shape and bool(parts)
    return Typeset(latex, exact, single, single and isinstance(value.numbers[0], complex))


def _parts(entry: Number) -> tuple[float, ...]:
    """The finite numbers of an entry, two of a complex one."""
    if isinstance(entry, bool | str):
        return ()
    parts = (entry.real, entry.imag) if isinstance(entry, complex) else (entry,)
    return tuple(part for part in parts if math.isfinite(part))


def bmatrix(rows: Sequence[Sequence[str]]) -> str:
    return r"\begin{bmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"


def _array(numbers: Sequence[Number], shape: tuple[int, ...], digits: int | None) -> str:
    if not shape:
        return _entry(numbers[0], digits)
    if len(shape) == 2 and 0 not in shape:
        columns = shape[1]
        return bmatrix([[_entry(n, digits) for n in numbers[i : i + columns]] for i in range(0, len(numbers), columns)])
    step = len(numbers) // shape[0] if shape[0] else 0
    parts = [_array(numbers[i * step : (i + 1) * step], shape[1:], digits) for i in range(shape[0])]
    opening, closing = (r"\left(", r"\right)") if len(shape) > 1 else ("(", ")")
    return opening + ", ".join(parts) + closing


def _entry(value: Number, digits: int | None) -> str:
    if isinstance(value, bool | str):
        return text(str(value))
    if isinstance(value, complex):
        real, imaginary = _entry(value.real, digits), _entry(value.imag, digits)
        sign = "" if imaginary.startswith("-") else "+ "
        return rf"{real} {sign}{imaginary.replace('-', '- ', 1)}\,\mathrm{{i}}"
    if math.isnan(value):
        return r"\text{nan}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    return numeral(value, digits).latex

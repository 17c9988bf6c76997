r"""LaTeX as MathML Core, which browsers draw without help."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import math_core

_CONVERTER = math_core.LatexToMathML(fancy_error=False)


class MathError(Exception):
    """LaTeX that cannot be shown.

    offset: the character of the formula, from 0, where reading failed.
    """

    def __init__(self, offset: int, message: str) -> None:
        self.offset, self.message = offset, message
        super().__init__(f"{offset}: {message}")


@lru_cache(maxsize=16384)
def mathml(latex: str, display: bool = False) -> str:
    r"""Returns the formula as a `<math>` element; `display` gives the large forms, as `\[…\]` does.

    Raises:
        MathError: the LaTeX is faulty, or uses a command that is not known.
    """
    try:
        return _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except math_core.LatexError as error:
        match = re.fullmatch(r"(\d+): (.*)", str(error), re.DOTALL)
        offset, message = (int(match[1]), match[2]) if match else (0, str(error))
        raise MathError(offset, message) from None


def mathml_in_text(latex: str) -> str:
    r"""Returns a formula inside a text as HTML. Values and code get into texts, too: what is no formula stays words."""
    try:
        return mathml(latex)
    except MathError:
        return html.escape(rf"\({latex}\)")

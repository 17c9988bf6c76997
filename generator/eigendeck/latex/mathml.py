r"""LaTeX as MathML Core, which browsers draw without help."""

from __future__ import annotations

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
        found = re.fullmatch(r"(\d+): (.*)", str(error), re.DOTALL)
        offset, message = (int(found[1]), found[2]) if found else (0, str(error))
        raise MathError(offset, message) from None


_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|.", re.DOTALL)
_OPEN = {"{", "(", "[", r"\begin", r"\left"}
_CLOSE = {"}", ")", "]", r"\end", r"\right"}
_RELATIONS = {"=", r"\approx", r"\le", r"\leq", r"\ge", r"\geq", r"\ne", r"\neq", r"\Rightarrow", r"\to", r"\equiv"}


_SPACES = {r"\quad", r"\qquad"}


def split_at_spaces(latex: str) -> list[str]:
    r"""Returns the formula cut at each outermost `\quad` and `\qquad`, where a line breaks best.

    `a = b,\quad c = d` gives `["a = b,", "c = d"]`: the spaces are left to the page. One whose brackets are not
    balanced comes back whole.
    """
    parts, depth = [""], 0
    for token in _TOKEN.findall(latex):
        depth += (token in _OPEN) - (token in _CLOSE)
        if token in _SPACES and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts if part.strip()] if depth == 0 else [latex]


def split_at_relations(latex: str) -> list[str]:
    r"""Returns the formula cut before each outermost `=`, `\approx`, `\to`, …, where a line may break.

    `a = b = c` gives `["a", "= b", "= c"]`. Nothing is lost: the parts joined are the formula. One whose brackets
    are not balanced comes back in one part.
    """
    parts, depth = [""], 0
    for token in _TOKEN.findall(latex):
        depth += (token in _OPEN) - (token in _CLOSE)
        if token in _RELATIONS and depth == 0 and parts[-1].strip():
            parts.append("")
        parts[-1] += token
    return parts if depth == 0 else [latex]

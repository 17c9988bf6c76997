"""Where a line of maths may break."""

from collections.abc import Callable
from functools import lru_cache

from eigendeck.latex.mathml import refusal
from eigendeck.worker.latex_tokens import stripped, without_digits, written

_OPEN = {"{", "(", "[", r"\begin", r"\left"}
_CLOSE = {"}", ")", "]", r"\end", r"\right"}
_RELATIONS = {"=", r"\approx", r"\le", r"\leq", r"\ge", r"\geq", r"\ne", r"\neq", r"\Rightarrow", r"\to", r"\equiv"}
_SPACES = {r"\quad", r"\qquad"}


def in_clauses(latex: str, part: Callable[[str], str]) -> str:
    """Returns the formula as HTML that breaks where it should. part: gives the HTML of what does not break."""
    shown = [" ".join(map(part, clause)) for clause in clauses(latex)]
    return shown[0] if len(shown) == 1 else " ".join(f'<span class="clause">{clause}</span>' for clause in shown)


def clauses(latex: str) -> tuple[tuple[str, ...], ...]:
    """Returns the formula cut at its wide spaces into clauses, and each of those into parts, if all stand alone."""
    cut = split_at_spaces(latex)
    return tuple(map(parts, cut)) if _stand_alone(cut) else (parts(latex),)


@lru_cache(maxsize=16384)
def parts(latex: str) -> tuple[str, ...]:
    r"""Returns the formula cut before its relations, if every part stands alone: `\not` would not, before `=`."""
    cut = split_at_relations(latex)
    return tuple(cut) if _stand_alone(cut) else (latex,)


def _stand_alone(cut: list[str]) -> bool:
    return not any(map(refusal, map(without_digits, cut)))


def split_at_spaces(latex: str) -> list[str]:
    r"""Returns the formula cut at each outermost `\quad` and `\qquad`, where a line breaks best.

    `a = b,\quad c = d` gives `["a = b,", "c = d"]`: the spaces are left to the page.
    """
    return [part for part in map(stripped, _cut(latex, _SPACES, keep=False)) if part]


def split_at_relations(latex: str) -> list[str]:
    r"""Returns the formula cut before each outermost `=`, `\approx`, `\to`, …, where a line may break.

    `a = b = c` gives `["a", "= b", "= c"]`. Nothing is lost: the parts joined are the formula.
    """
    return _cut(latex, _RELATIONS, keep=True)


def _cut(latex: str, signs: set[str], *, keep: bool) -> list[str]:
    """A formula cut at outermost signs, which begin a part or are left out; whole, if its brackets are not balanced."""
    parts, depth = [""], 0
    for token in written(latex):
        depth += (token in _OPEN) - (token in _CLOSE)
        cuts = token in signs and depth == 0
        if cuts and (parts[-1].strip() or not keep):
            parts.append("")
        parts[-1] += token if keep or not cuts else ""
    return parts if depth == 0 else [latex]

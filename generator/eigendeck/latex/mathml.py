r"""LaTeX as MathML Core, which browsers draw without help."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

import math_core

from eigendeck.latex.brackets import MOST_UNCLOSED, unclosed
from eigendeck.worker.latex_tokens import SUBSTACK, group_end

# What math-core may write; nothing else reaches a page. Of an element, whether it holds text.
_ELEMENTS = {
    **dict.fromkeys(("mi", "mn", "mo", "mtext", "b"), True),
    **dict.fromkeys(("math", "mrow", "mspace", "mpadded", "mphantom", "menclose", "mfrac", "msqrt", "mroot"), False),
    **dict.fromkeys(("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"), False),
}
_LENGTH = r"-?\d*\.?\d*(?:em|ex|pt|mu|px|mm|cm|in|pc)?"
_PROPERTY = r"(?:margin|padding|border)-(?:left|right)|padding-(?:top|bottom)|text-align|justify-items"
_ATTRIBUTES = {
    **dict.fromkeys(("lspace", "rspace", "width", "minsize", "maxsize", "linethickness"), _LENGTH),
    **dict.fromkeys(("stretchy", "symmetric", "movablelimits", "accent", "accentunder", "displaystyle"), "true|false"),
    "scriptlevel": r"\d",
    "display": "block",
    "mathvariant": "normal",
    "notation": "box",
    "form": "infix|prefix|postfix",
    "style": rf"(?:(?:{_PROPERTY}): ?[\w. -]+;?)+",
}
_ATTRIBUTE = re.compile("|".join(f' {name}="(?:{value})"' for name, value in _ATTRIBUTES.items()))
_TAG = re.compile(r'<(/?)([a-z]+)((?: [a-z]+="[^"<>]*")*)(/?)>')

_ESCAPED = re.compile("[&<>]")
_SCRIPTS = re.compile("<m(?:sub|sup|under|over)")
_WORD = re.compile("<mtext>[^<]*</mtext>")  # in a row of its own, or Firefox sets one that is a script at full size

_CONVERTER = math_core.LatexToMathML(fancy_error=False)


class MathError(Exception):
    """LaTeX that cannot be shown. offset: the character of the formula, from 0, where reading failed."""

    def __init__(self, offset: int, message: str) -> None:
        self.offset, self.message = offset, message
        super().__init__(f"{offset}: {message}")


@lru_cache(maxsize=16384)
def mathml(latex: str, display: bool = False) -> str:
    r"""Returns the formula as a `<math>` element; `display` gives the large forms, as `\[…\]` does.

    Raises MathError: the LaTeX is faulty, or uses a command that is not known.
    """
    if unclosed(latex) > MOST_UNCLOSED:
        raise MathError(0, f"has more than {MOST_UNCLOSED} brackets that never close")
    try:
        shown = "".join(_rebuilt(_CONVERTER.convert_with_local_state(_stacked(latex), displaystyle=display)))
        return _WORD.sub(r"<mrow>\g<0></mrow>", shown) if _SCRIPTS.search(shown) else shown
    except math_core.LatexError as error:
        match = re.fullmatch(r"(\d+): (.*)", str(error), re.DOTALL)
        offset, message = (int(match[1]), match[2]) if match else (0, str(error))
        raise MathError(offset, message) from None


def _stacked(latex: str) -> str:
    r"""The formula with the environment in place of each `\substack{…}`, which math-core does not know."""
    while (found := SUBSTACK.search(latex)) and (end := group_end(latex, found.end() - 1)):
        stack = rf"{{\begin{{subarray}}{{c}}{latex[found.end() : end - 1]}\end{{subarray}}}}"
        latex = latex[: found.start("command")] + stack + latex[end:]
    return latex


def refusal(latex: str, display: bool = False) -> MathError | None:
    """Returns why a formula cannot be shown; None where it can."""
    try:
        mathml(latex, display)
    except MathError as error:
        return error
    return None


def mathml_in_text(latex: str) -> str:
    r"""Returns a formula inside a text as HTML. Values and code get into texts, too: what is no formula stays words."""
    return html.escape(rf"\({latex}\)") if refusal(latex) else mathml(latex)


def _rebuilt(markup: str) -> Iterator[str]:
    r"""Yields MathML anew, from elements and attributes that are known, with its text escaped.

    math-core leaves the `<` of `\operatorname{<}` as it is.

    Raises MathError: there is something else in it.
    """
    opened: list[str] = []
    at = 0
    for tag in [*_TAG.finditer(markup), None]:
        text = markup[at : tag.start() if tag else len(markup)]
        if text and not (opened and _ELEMENTS[opened[-1]]):
            raise MathError(0, f"cannot be shown on the sheet: `{text[:40]}` is no part of a formula")
        yield html.escape(html.unescape(text), quote=False) if _ESCAPED.search(text) else text
        if tag is None:
            break
        at = tag.end()
        closes, name, attributes, empty = tag.groups()
        if (
            name not in _ELEMENTS
            or (attributes and _ATTRIBUTE.sub("", attributes))
            or (closes and [name] != opened[-1:])
        ):
            raise MathError(0, f"cannot be shown on the sheet: `{tag[0][:40]}` is no part of a formula")
        if closes:
            opened.pop()
        elif not empty:
            opened.append(name)
        yield f"<{closes}{name}{attributes}{empty}>"
    if opened:
        raise MathError(0, f"cannot be shown on the sheet: `{opened[-1]}` never ends")

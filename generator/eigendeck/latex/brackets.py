r"""Brackets that never close: the converter tries each of them in two ways, so that thirty take it for ever."""

from eigendeck.worker.latex_tokens import tokens

MOST_UNCLOSED = 12  # the converter's time doubles with each
_OPEN = frozenset({"(", "[", r"\{", r"\lbrace", r"\langle", r"\lfloor", r"\lceil", r"\lvert", r"\lVert"})
_CLOSE = frozenset({")", "]", r"\}", r"\rbrace", r"\rangle", r"\rfloor", r"\rceil", r"\rvert", r"\rVert"})
_SIZED = frozenset(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r"))
_SIZED |= {r"\left", r"\right"}
_WORDS = frozenset({r"\text", r"\textbf"})
_BEGIN, _END = frozenset({"{", r"\begin", r"\left"}), frozenset({"}", r"\end", r"\right"})


def unclosed(latex: str) -> int:
    """Returns how many brackets of one group never close, of that which has most of them."""
    groups: list[int | None] = [0]  # None: of words, in which brackets are letters
    most, before = 0, ""
    for token in tokens(latex):
        text = latex[token.at : token.end]
        count = groups[-1]
        if token.kind == "blank":
            continue
        if text in _BEGIN:
            groups.append(None if count is None or before in _WORDS else 0)
        elif text in _END and len(groups) > 1:
            most = max(most, groups.pop() or 0)
        elif count is not None and before not in _SIZED:  # what `\bigl` and `\left` give a size stands for itself
            groups[-1] = max(0, count + (text in _OPEN) - (text in _CLOSE))
        before = text
    return max(most, *(count or 0 for count in groups))

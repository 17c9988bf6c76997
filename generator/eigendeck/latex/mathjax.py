r"""LaTeX as MathJax finds it in Anki."""

from __future__ import annotations

import html

from eigendeck.text.escape import defused
from eigendeck.worker.latex_tokens import stripped


def for_anki(latex: str, display: bool = False) -> str:
    r"""Returns a formula between \( and \), escaped once, as MathJax in Anki's desktop and phones reads it.

    Two closing braces get a space between them: in a cloze note they would end the cloze. display: fractions and sums
    at full size, though the formula stands in a line.
    """
    spaced = stripped(latex)
    while "{{" in spaced or "}}" in spaced:
        spaced = spaced.replace("{{", "{ {").replace("}}", "} }")
    style = "\\displaystyle " if display else ""
    return f"\\({style}{defused(html.escape(spaced, quote=False))}\\)"

r"""LaTeX as MathJax finds it in Anki."""

import html
from functools import lru_cache

from eigendeck.latex.commands import problems
from eigendeck.text.escape import defused, harmless
from eigendeck.worker.latex_tokens import formula_end, stripped, without_digits


@lru_cache(maxsize=4096)
def for_anki(latex: str, display: bool = False) -> str:
    r"""Returns a formula between \( and \), escaped once, as MathJax in Anki's desktop and phones reads it.

    Two closing braces get a space between them: in a cloze note they would end the cloze. display: fractions and sums
    at full size, though the formula stands in a line.

    The last look before a note: what MathJax would read otherwise than it was checked, or at all though no card may
    say it, is shown as words.
    """
    spaced = stripped(latex)
    while "{{" in spaced or "}}" in spaced:
        spaced = spaced.replace("{{", "{ {").replace("}}", "} }")
    style = "\\displaystyle " if display else ""
    formula = f"\\({style}{spaced}\\)"
    return defused(html.escape(formula, quote=False)) if _is_sound(without_digits(formula)) else harmless(formula)


@lru_cache(maxsize=4096)
def _is_sound(formula: str) -> bool:
    """Whether MathJax reads a formula to its end, and a card may say all that is in it."""
    return not problems(formula[2:-2]) and formula_end(formula, 2) == len(formula) - 2

"""LaTeX of cards: the commands that MathJax in Anki and MathML on the sheet both render, and no others."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from eigendeck.errors import nearest
from eigendeck.text.prose import defused

_GREEK = """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho
varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
_RELATIONS = """le leq ge geq ne neq approx sim simeq equiv cong propto ll gg in notin ni subset subseteq supset
supseteq mid parallel perp to rightarrow leftarrow Rightarrow Leftarrow leftrightarrow Leftrightarrow longrightarrow
mapsto implies iff gets succ prec succeq preceq not nmid xrightarrow"""
_OPERATORS = """cdot times div pm mp ast star circ bullet oplus otimes odot cap cup setminus wedge vee land lor neg lnot
sum prod int iint oint bigcup bigcap coprod"""
_NAMES = """log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh max min sup inf lim arg det dim
ker rank Pr gcd deg hom limsup liminf bmod pmod"""
_SYMBOLS = """infty partial nabla forall exists emptyset varnothing ell hbar Re Im aleph prime top bot angle ldots cdots
vdots ddots dots quad qquad mathbb mathbf mathcal mathrm mathsf mathtt mathit mathfrak boldsymbol text operatorname frac
tfrac dfrac sqrt binom hat bar vec dot ddot tilde overline underline widehat overbrace underbrace overset underset
stackrel left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr lVert rVert lvert rvert Vert vert langle rangle
lfloor rfloor lceil rceil lbrace rbrace begin end displaystyle textstyle scriptstyle limits nolimits boxed
phantom hspace overrightarrow textbf backslash checkmark square blacksquare dagger"""
COMMANDS = frozenset(" ".join((_GREEK, _RELATIONS, _OPERATORS, _NAMES, _SYMBOLS)).split()) - {"rank", "square"}
CHARACTERS = frozenset("\\,;:! {}|%&#_")  # after a backslash
ENVIRONMENTS = frozenset(["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "cases", "aligned", "array"])
MOST_PROBLEMS = 20  # in one formula
_TOKEN = re.compile(r"\\([A-Za-z]+\*?)|\\(.)|([{}$%#&])|(\\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TexProblem:
    """What is wrong in a formula, at an offset in characters, and what to write instead."""

    offset: int
    message: str
    hint: str = ""


def problems(latex: str) -> tuple[TexProblem, ...]:
    """Returns what Anki or the sheet would not render in a formula, or would render wrong: the first 20 of it."""
    return tuple(islice(_problems(latex), MOST_PROBLEMS))


def _problems(latex: str) -> Iterator[TexProblem]:
    opened: list[int] = []
    environments: list[tuple[str, int]] = []
    if "\\)" in latex or "\\(" in latex or "\\[" in latex or "\\]" in latex:
        at = min(latex.find(mark) for mark in ("\\(", "\\)", "\\[", "\\]") if mark in latex)
        yield TexProblem(at, "has delimiters inside", "write the formula alone, without \\( \\) or \\[ \\]")
        return
    for match in _TOKEN.finditer(latex):
        command, character, special, trailing = match.groups()
        at = match.start()
        if trailing:
            yield TexProblem(at, "ends in a backslash")
        elif command in ("begin", "end"):
            name = re.match(r"\{([^{}]*)\}", latex[match.end() :])
            kind = name.group(1) if name else ""
            if kind not in ENVIRONMENTS:
                yield TexProblem(at, f"environment `{kind}` is not available", _choose(kind, ENVIRONMENTS))
            elif command == "begin":
                environments.append((kind, at))
            elif not environments or environments.pop()[0] != kind:
                yield TexProblem(at, f"\\end{{{kind}}} closes nothing")
        elif command is not None:
            if command.rstrip("*") not in COMMANDS or (command.endswith("*") and command != "operatorname*"):
                yield TexProblem(at, f"\\{command} is not available on cards", _choose(command, COMMANDS, "\\"))
        elif character is not None:
            if character not in CHARACTERS:
                yield TexProblem(at, f"\\{character} is not available on cards")
        elif special == "{":
            opened.append(at)
        elif special == "}":
            if not opened:
                yield TexProblem(at, "this `}` closes nothing", "write `\\}` for the sign, or take it away")
            else:
                opened.pop()
        elif special == "&":
            if not environments:
                yield TexProblem(at, "`&` stands outside a matrix or `aligned`", "write `\\&` for the sign")
        else:
            hint = "leave the dollar signs out" if special == "$" else f"write `\\{special}` for the sign"
            yield TexProblem(at, f"`{special}` has no place in a formula", hint)
    for at in opened:
        yield TexProblem(at, f"the brace opened at column {at + 1} of the formula never closes")
    for kind, at in environments:
        yield TexProblem(at, f"\\begin{{{kind}}} never ends")


def _choose(name: str, known: frozenset[str], mark: str = "") -> str:
    close = nearest(name, known)
    return close.replace('"', "`" + mark, 1).replace('"', "`", 1) if close else ""


def for_anki(latex: str, display: bool = False) -> str:
    r"""Returns a formula between \( and \), escaped once, as MathJax in Anki's desktop and phones reads it.

    Two closing braces get a space between them: in a cloze note they would end the cloze. display: fractions and sums
    at full size, though the formula stands in a line.
    """
    spaced = latex.strip()
    while "{{" in spaced or "}}" in spaced:
        spaced = spaced.replace("{{", "{ {").replace("}}", "} }")
    style = "\\displaystyle " if display else ""
    return f"\\({style}{defused(html.escape(spaced, quote=False))}\\)"

"""LaTeX of cards: the commands that MathJax in Anki and MathML on the sheet both render, and no others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from eigendeck.errors import nearest
from eigendeck.latex.brackets import MOST_UNCLOSED, unclosed
from eigendeck.worker.latex_tokens import tokens

_GREEK = """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho
varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
_RELATIONS = """le leq ge geq ne neq approx sim simeq equiv cong propto ll gg in notin ni subset subseteq supset
supseteq mid parallel perp to rightarrow leftarrow Rightarrow Leftarrow leftrightarrow Leftrightarrow longrightarrow
mapsto implies iff gets succ prec succeq preceq not nmid xrightarrow xleftarrow rightleftharpoons leftrightharpoons
rightharpoonup leftharpoonup longleftarrow longleftrightarrow Longleftarrow Longrightarrow Longleftrightarrow uparrow
downarrow nearrow searrow leqslant geqslant lesssim gtrsim asymp therefore because vdash models"""
_OPERATORS = """cdot times div pm mp ast star circ bullet oplus otimes odot cap cup setminus wedge vee land lor neg lnot
sum prod int iint oint bigcup bigcap coprod"""
_NAMES = """log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh max min sup inf lim arg det dim
ker rank Pr gcd deg hom limsup liminf bmod pmod"""
_SYMBOLS = """infty partial nabla forall exists emptyset varnothing ell hbar Re Im aleph prime top bot angle ldots cdots
vdots ddots dots quad qquad mathbb mathbf mathcal mathrm mathsf mathtt mathit mathfrak boldsymbol text operatorname frac
tfrac dfrac sqrt binom hat bar vec dot ddot tilde overline underline widehat overbrace underbrace overset underset
stackrel left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr lVert rVert lvert rvert Vert vert langle rangle
lfloor rfloor lceil rceil lbrace rbrace begin end displaystyle textstyle scriptstyle limits nolimits boxed
phantom hspace overrightarrow textbf backslash checkmark square blacksquare dagger cfrac dbinom substack nexists
triangle complement overleftarrow mathring check"""
COMMANDS = frozenset(" ".join((_GREEK, _RELATIONS, _OPERATORS, _NAMES, _SYMBOLS)).split()) - {"rank", "square"}
CHARACTERS = frozenset("\\,;:! {}|%&#_$")  # after a backslash
ENVIRONMENTS = frozenset(["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "cases", "aligned", "array"])
MOST_PROBLEMS = 20  # in one formula
DEPTH = 20  # of braces, environments and `\left`: browsers cut what is nested much deeper, and no reader follows it
_SPACE = re.compile(r"\s*\{-?(?:\d(?:\.\d*)?|\.\d+)(?:em|ex)\}")  # more would lie over other cards
_OTHERWISE = {  # MathJax in Anki lacks these, or the sheet does
    "cancel": "say in words what cancels",
    "ce": r"write `\mathrm{H_2O}`, and `\rightleftharpoons` or `\to` for the arrow",
    "degree": r"write `^\circ`",
    "xrightleftharpoons": r"write `\overset{k}{\rightleftharpoons}`",
    "SI": r"write `9.81\,\mathrm{m/s^2}`",
    "color": "colours would be lost on paper and at night: take it away",
}
_OTHERWISE |= {"bcancel": _OTHERWISE["cancel"], "qty": _OTHERWISE["SI"], "textcolor": _OTHERWISE["color"]}
_ALIGNED = r"write `\begin{aligned}` and `\end{aligned}`"
_OTHER_ENVIRONMENTS = {
    **dict.fromkeys(("align", "alignat", "alignedat", "eqnarray", "gather", "gathered", "multline", "split"), _ALIGNED),
    **dict.fromkeys(("equation", "displaymath", "math"), "leave it out: the formula alone stands here"),
    "smallmatrix": r"write `\begin{matrix}` and `\end{matrix}`",
}
_ENVIRONMENT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class TexProblem:
    """What is wrong in a formula, at an offset in characters, and what to write instead."""

    offset: int
    message: str
    hint: str = ""


@lru_cache(maxsize=4096)
def problems(latex: str) -> tuple[TexProblem, ...]:
    """Returns what Anki or the sheet would not render in a formula, or would render wrong: the first 20 of it."""
    if delimiters := [token.at for token in tokens(latex) if token.kind == "symbol" and token.text in "()[]"]:
        hint = "write the formula alone, without \\( \\) or \\[ \\]"
        return (TexProblem(delimiters[0], "has delimiters inside", hint),)
    if unclosed(latex) > MOST_UNCLOSED:
        return (TexProblem(0, f"has more than {MOST_UNCLOSED} brackets that never close", "Close them."),)
    return tuple(islice(_problems(latex), MOST_PROBLEMS))


def _problems(latex: str) -> Iterator[TexProblem]:
    opened: list[int] = []
    environments: list[tuple[str, int]] = []
    sides, dollars = 0, False
    for token in tokens(latex):
        if len(opened) + len(environments) + sides > DEPTH:
            yield TexProblem(token.at, f"is nested deeper than {DEPTH} levels")
            return
        match token.kind, token.text:
            case "command", "left" | "right":
                sides = max(0, sides + (1 if token.text == "left" else -1))
            case "command", "begin" | "end":
                name = _ENVIRONMENT.match(latex, token.end)
                yield from _environment(token.text, name[1] if name else "", token.at, environments)
            case "command", "hspace" if not _SPACE.match(latex, token.end):
                yield TexProblem(token.at, "\\hspace takes less than 10 em, in em or ex", "write `\\hspace{1em}`")
            case "command", command:
                if command.rstrip("*") not in COMMANDS or (command.endswith("*") and command != "operatorname*"):
                    hint = _OTHERWISE.get(command) or _choose(command, COMMANDS, "\\")
                    yield TexProblem(token.at, f"\\{command} is not available on cards", hint)
            case "symbol", "\\" if latex.startswith(("[", "*["), token.end):
                yield TexProblem(
                    token.at, "`[` behind `\\\\` is a distance in Anki, and text on the sheet", "write `\\\\ [`"
                )
            case "symbol", character if character not in CHARACTERS:
                yield TexProblem(token.at, f"\\{character} is not available on cards")
            case "sign", "{":
                opened.append(token.at)
            case "sign", "}":
                if not opened:
                    yield TexProblem(token.at, "this `}` closes nothing", "write `\\}` for the sign, or take it away")
                else:
                    opened.pop()
            case "sign", "&":
                if not environments:
                    hint = "write `\\&` for the sign"
                    yield TexProblem(token.at, "`&` stands outside a matrix or `aligned`", hint)
            case "sign", "$":
                if not dollars:
                    yield TexProblem(token.at, "`$` has no place in a formula", "leave the dollar signs out")
                dollars = True
            case "sign", "%" | "#" as sign:
                yield TexProblem(token.at, f"`{sign}` has no place in a formula", f"write `\\{sign}` for the sign")
            case "sign", "\\":
                yield TexProblem(token.at, "ends in a backslash")
    for at in opened:
        yield TexProblem(at, f"the brace opened at column {at + 1} of the formula never closes")
    for kind, at in environments:
        yield TexProblem(at, f"\\begin{{{kind}}} never ends")


def _environment(command: str, kind: str, at: int, begun: list[tuple[str, int]]) -> Iterator[TexProblem]:
    r"""What is wrong with a `\begin` or an `\end`; `begun` is kept: the environments that it stands in."""
    if kind not in ENVIRONMENTS and command == "begin":
        begun.append((kind, at))
        hint = _OTHER_ENVIRONMENTS.get(kind.rstrip("*")) or _choose(kind, ENVIRONMENTS)
        yield TexProblem(at, f"environment `{kind}` is not available", hint)
    elif command == "begin":
        begun.append((kind, at))
    elif not begun or begun.pop()[0] != kind:
        yield TexProblem(at, f"\\end{{{kind}}} closes nothing")


def _choose(name: str, known: frozenset[str], mark: str = "") -> str:
    close = nearest(name, known)
    return close.replace('"', "`" + mark, 1).replace('"', "`", 1) if close else ""

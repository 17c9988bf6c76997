"""The tokens of a formula that mean something: what only moves things about on the page is left out."""

import re

from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.latex_tokens import SUBSTACK, Token, group_end, token_at, written

LONGEST = 2_000  # characters of a formula

_MOVES = """left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle
limits nolimits hspace phantom middle"""
_LAYOUT = frozenset(_MOVES.split())
_WORDS = frozenset(["operatorname", "operatorname*", "mathrm", "mathsf", "mathtt", "mathit"])
_DELIMITERS = {"lbrace": "\\{", "rbrace": "\\}", "lvert": "|<", "rvert": "|>", "vert": "|", "lVert": "‖<"}
_DELIMITERS |= {"rVert": "‖>", "Vert": "‖", "lbrack": "[", "rbrack": "]"}
_SYMBOLS = {"|": "‖", "{": "\\{", "}": "\\}", "\\": "\\\\"}
_ARGUMENT = re.compile(r"\s*\{([^{}]*)\}|\s*([A-Za-z0-9])")
_STACKED = re.compile(  # `\overset{d}{\to}`: what stands above, and the sign
    r"\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^{}\\])\s*(?:\{\s*(?P<braced>\\[A-Za-z]+|=)\s*\}|(?P<sign>\\[A-Za-z]+|=))"
)
_NEGATED = re.compile(r"\\not\s*(?:=|(\\in)(?![A-Za-z]))")
_THIN = r"(?:\\[,:; ]|~)"
# `10\,000`; and `1 0`, which TeX shows as 10.
_DIGITS = re.compile(rf"(?<![\d.])\d{{1,3}}(?:{_THIN}\d{{3}})+(?!\d)|\d+(?:\s+\d+)+")
_XARROW = re.compile(r"\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|[A-Za-z0-9])")


def tokens(latex: str) -> list[Token]:
    """Returns the tokens of a formula, an end token last.

    Their kinds are number, letter, command, word (upright letters), text, sign, space (a wide one), and end.
    Raises Unread where it is too long, or holds a character that no formula has.
    """
    if len(latex) > LONGEST:
        raise Unread("the formula is too long", LONGEST)
    found, at = [], 0
    latex = _unstacked(latex).replace(":=", " =")
    latex = _DIGITS.sub(lambda number: re.sub(r"\D", "", number[0]).rjust(len(number[0])), latex)
    latex = _NEGATED.sub(lambda negated: ("\\notin" if negated[1] else "\\ne").ljust(len(negated[0])), latex)
    while at < len(latex):
        token = token_at(latex, at)
        kind, text, at = token.kind, token.text, token.end
        match kind, text:
            case ("command", command) if command in _LAYOUT:
                at = _behind_argument(latex, command, at)
                continue
            case ("blank", _) | ("symbol", "," | ";" | ":" | "!" | " "):
                continue
            case "command", "quad" | "qquad":
                kind, text = "space", ""
            case ("command", command) if command == "text" or command in _WORDS:
                argument = _ARGUMENT.match(latex, at)
                if not argument:
                    raise Unread(f"\\{command} has no plain argument", token.at)
                words = re.sub(r"\\[,;:! ]|~", " ", argument[1] or argument[2] or "")
                kind, text, at = "text" if command == "text" else "word", " ".join(words.split()), argument.end()
            case "command", "overset" | "stackrel" | "underset" if stacked := _STACKED.match(latex, at):
                relation = token_at(stacked["braced"] or stacked["sign"], 0)
                kind, text, at = relation.kind, relation.text, stacked.end()
            case "command", "xrightarrow" | "xleftarrow" if above := _XARROW.match(latex, at):
                text, at = text[1:], above.end()
            case "command", "cfrac" | "dbinom":
                text = text[1:]
            case "symbol", "%":
                kind = "command"
            case ("command", command) if command in _DELIMITERS:
                kind, text = "sign", _DELIMITERS[command]
            case "symbol", symbol:
                kind, text = "sign", _SYMBOLS.get(symbol, "\\")
            case ("sign", sign) if sign not in "+-*/=<>()[]|,;:!'.^_{}&":
                raise Unread(f"{sign!r} has no meaning here", token.at)
        found.append(Token(kind, text, token.at, at))
    found.append(Token("end", "", len(latex), len(latex)))
    return found


def _unstacked(latex: str) -> str:
    r"""The formula with commas between the lines of each `\substack{a \\ b}`, every other character in its place."""
    while found := SUBSTACK.search(latex):
        start, inside = found.start("command"), found.end()
        end = group_end(latex, inside - 1) or len(latex)
        lines = [", " if line == "\\\\" else line for line in written(latex[inside:end])]
        before, after = "{".rjust(inside - start), "".join(lines)
        if latex[:start].rstrip().endswith("{"):  # its own braces stand in others
            before, after = " " * len(before), after[:-1] + " "
        latex = latex[:start] + before + after + latex[end:]
    return latex


def _behind_argument(latex: str, command: str, at: int) -> int:
    r"""Where it goes on behind a command that only moves things: `\hspace` and `\phantom` take an argument along."""
    if command in ("hspace", "phantom") and (argument := _ARGUMENT.match(latex, at)):
        return argument.end()
    return at + 1 if command in ("left", "right") and latex[at : at + 1] == "." else at

"""LaTeX of cards: the commands that MathJax in Anki and MathML on the sheet both render, and no others."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from eigendeck.latex.brackets import MOST_UNCLOSED, unclosed
from eigendeck.worker.latex_tokens import tokens
from eigendeck.worker.suggest import meant

_LIST = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
GROUPS = {group: frozenset(names) for group, names in _LIST["commands"].items()}
COMMANDS = frozenset(chain.from_iterable(GROUPS.values()))
ENVIRONMENTS = frozenset(_LIST["environments"]["names"])
CHARACTERS = frozenset("\\,;:! {}|%&#_$")  # after a backslash
MOST_PROBLEMS = 20  # in one formula
DEPTH = 20  # of braces, environments and `\left`: browsers cut what is nested much deeper, and no reader follows it
_SPACE = re.compile(r"\s*\{-?(?:\d(?:\.\d*)?|\.\d+)(?:em|ex)\}")  # more would lie over other cards
_OTHERWISE, _OTHER_ENVIRONMENTS = (
    {name: entry["write"] for entry in _LIST["otherwise"] for name in entry.get(kind, ())}
    for kind in ("commands", "environments")
)
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
    close = meant(name, known)
    return f"Did you mean `{mark}{close}`?" if close else ""

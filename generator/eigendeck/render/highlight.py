"""Python code as HTML whose text is exactly the code, and the colours that go with it."""

import ast
import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from html import escape

from pygments.lexer import words
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token, _TokenType, is_token_subtype

from eigendeck.render.inputs import THIN

# Class: the colours by day and by night. Each has 4.5:1 or more on the background of code and of boxes in its scheme.
COLOURS = {
    "k": ("#0b4f8a", "#8ab8f0"),  # keywords and built-in names
    "f": ("#1a1a1a", "#f0f0f0"),  # functions: np.… and what `def` names
    "s": ("#7a3d00", "#e8b27d"),  # strings
    "m": ("#5b2a86", "#cda6f2"),  # numbers
    "c": ("#595959", "#b0b0b0"),  # comments
}

# Weight and slant carry the meaning too, so that it survives a grey printer.
RULES = (
    "pre i{font-style:normal}pre .j{white-space:nowrap}"
    + "".join(f"pre .{name}{{color:var(--code-{name})}}" for name in COLOURS)
    + "pre :is(.k,.f){font-weight:600}pre .c{font-style:italic}"
)

_CLASSES: dict[str, tuple[_TokenType, ...]] = {
    "c": (Comment,),
    "s": (String,),
    "m": (Number,),
    "k": (Keyword, Operator.Word, Name.Builtin, Name.Exception),
    "f": (Name.Function, Name.Class, Name.Decorator),
}
_MODULES = ("np", "math")
# What may reach over the end of a line, for the lexer: strings, names that are imported or defined, a broken line.
_LINE_BY_LINE = re.compile(r"""\"\"\"|\'\'\'|\\|\b(?:import|def|class|from)\b(?! numpy as np$| math$)""", re.MULTILINE)
# A line of names, numbers and signs; no keyword, and no name that means something else at its place. It is matched
# without a step back (`++`): a hostile line must not take for ever.
_NUMBER = r"(?<![\w.])\d++(?:\.\d*+)?+(?:e[-+]?\d++)?+(?![\w.])"
_NAME = r"(?<!\w)(?!\w*__)[A-Za-z_]\w*+(?!['\"])"
_OTHERWISE = r"\b(?:def|class|import|from|match|case|type|async|await|exec|as|with|yield|nonlocal|global)\b"
_PLAIN_LINE = re.compile(
    rf"(?!.*{_OTHERWISE})(?:{_NUMBER}|{_NAME}|(?<=[\w)\]])\.(?=[A-Za-z])|[ ,()\[\]=+\-*/<>:])++", re.ASCII
)
_PLAIN_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<name>[A-Za-z_]\w*)|(?P<sign>.)", re.ASCII)
_SIGNED = re.compile(r"""(?<=\S)-(?:<i class="\w">[^<]*</i>|[A-Za-z_(\[])""", re.ASCII)


@cache
def _lexer() -> PythonLexer:
    """The lexer, made when a line asks for it: plain ones do not, and it takes a while."""
    return PythonLexer(stripnl=False, ensurenl=False)


@lru_cache(maxsize=256)
def highlight(code: str) -> str:
    """Returns code as HTML: escaped, its tokens in `<i class="k">`; no element crosses the end of a line.

    The text of the result is the code, to the character. Classes are those of `COLOURS`.
    """
    if _LINE_BY_LINE.search(code) is None:  # most lines of a card stand in all of its variants
        return "\n".join(map(_highlighted, code.split("\n")))
    return _highlighted(code)


def in_lines(markup: str, given: Collection[int] = ()) -> str:
    """Returns code as HTML with a `<span>` a line: one too long hangs, and is not taken for two.

    given: the numbers of the lines, from 1, that only bind inputs: the style marks them.
    """
    marks = (' class="given"' if number in given else "" for number in itertools.count(1))
    return "\n".join(
        f"<span{mark}>{line}</span>" for mark, line in zip(marks, unbroken(markup).split("\n"), strict=False)
    )


def unbroken(markup: str) -> str:
    """Returns code as HTML in which no line ends with the sign of what follows, as `**-` of `**-n` would."""
    return _SIGNED.sub(r'<i class="j">\g<0></i>', markup)


def given_lines(program: str) -> set[int]:
    """Returns the numbers of the lines that only bind inputs: the first assignments, which read np and math alone."""
    try:
        statements = ast.parse(program).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # no program that the worker would have run
        return set()
    lines: set[int] = set()
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        bound = {name for target in targets for name in _names(target)}
        if not targets or _names(statement) - bound - {"np", "math"}:
            break
        lines |= set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return lines


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


@lru_cache(maxsize=4096)
def _highlighted(code: str) -> str:
    pieces = []
    code, thin, unit = code.partition(THIN) if "\n" not in code else (code, "", "")  # `1/s` behind a number is no code
    for name, text in _joined(_plain_tokens(code) if _PLAIN_LINE.fullmatch(code) else _lexer().get_tokens(code)):
        shown = escape(text)
        pieces.append(re.sub(r"[^\n]+", rf'<i class="{name}">\g<0></i>', shown) if name else shown)
    return "".join(pieces) + escape(thin + unit)


@cache
def _class_of(kind: _TokenType) -> str:
    return next((name for name, groups in _CLASSES.items() for group in groups if is_token_subtype(kind, group)), "")


def _plain_tokens(line: str) -> Iterator[tuple[_TokenType, str]]:
    """Yields what the lexer does of a line that holds nothing but names, numbers and signs, in a tenth of its time."""
    for match in _PLAIN_TOKEN.finditer(line):
        if match.lastgroup == "name":
            attribute = line[: match.start()].endswith(".")
            yield Name if attribute else _kind_of(match[0]), match[0]
        else:
            yield Number if match.lastgroup == "number" else Token, match[0]


def _kind_of(name: str) -> _TokenType:
    return _words().get(name, Name)


@cache
def _words() -> dict[str, _TokenType]:
    """The words that the lexer knows, out of its own lists: to make one takes longer than a small deck."""
    kinds = dict.fromkeys(("and", "in", "is", "not", "or"), Operator.Word)
    kinds |= dict.fromkeys(("self", "cls", "Ellipsis", "NotImplemented"), Name.Builtin.Pseudo)
    for state in ("keywords", "expr-keywords", "builtins"):
        for rule in PythonLexer.tokens.get(state, ()):
            if isinstance(rule, tuple) and isinstance(rule[0], words):
                kinds |= {word: rule[1] for word in rule[0].words if word not in kinds}
    return kinds


def _joined(tokens: Iterable[tuple[_TokenType, str]]) -> Iterator[tuple[str, str]]:
    """Yields (class or "", text), neighbours of the same class joined."""
    for name, alike in itertools.groupby(_classed(tokens), key=lambda token: token[0]):
        yield name, "".join(value for _, value in alike)


def _classed(tokens: Iterable[tuple[_TokenType, str]]) -> Iterator[tuple[str, str]]:
    inside_module = False  # in the attributes after `np` and `math`: np.linalg.norm
    for kind, value in tokens:
        name = _class_of(kind)
        if kind is Name:
            inside_module = value in _MODULES or inside_module
            name = "f" if inside_module and value not in _MODULES else name
        elif value != ".":
            inside_module = False
        yield name, value

"""The first guard: card code is read before it runs, and whatever is not on the allow-list is refused, in words.

The list is `allowlist.toml`. Everything unknown is refused, so that what decides stays small enough to be audited:
`judges` and this file.
"""

import ast
import io
import re
import tokenize
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType

from eigendeck.worker import budget
from eigendeck.worker.allowlist import NODES
from eigendeck.worker.code import substitutes
from eigendeck.worker.code.instrument import instrumented
from eigendeck.worker.code.judges import Family, Reading, judge
from eigendeck.worker.code.names import LEAVES, children
from eigendeck.worker.code.problems import Problem, Refused, foreign_letters, place
from eigendeck.worker.code.unstable import uninitialised, unordered
from eigendeck.worker.joiners import joins

FILENAME = "<card>"
# Letters that show as nothing: they are of the kinds "letter" and "mark", so that no general rule finds them.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement that may run, and its code: of an expression the code that `eval` takes, else that of `exec`."""

    node: ast.stmt
    code: CodeType


def check(
    source: str,
    names: Collection[str],
    *,
    expressions_only: bool = False,
    filename: str = FILENAME,
    shown: bool = False,
) -> list[Checked]:
    """The statements of a piece of card code, safe to run in the namespace for cards.

    names: what the piece may read from the start: np, rng, inputs.
    expressions_only: every line is an expression, as in `keep` and `check`.
    filename: the name by which a traceback tells the piece's own lines.
    shown: readers may run it, too, and must get the same.
    Raises Refused where something in it is not on the allow-list.
    """
    _refuse(_problems_of_text(source))
    tree = _parsed(source)
    nodes = _nodes(tree, source)
    binders = [node for node, _, _ in nodes if type(node) in _BINDERS]
    imported = {name for node in binders if isinstance(node, ast.alias) for name in _bound_by(node)}
    reading = Reading(source, frozenset(names), _bound(binders), frozenset(imported))
    for statement in tree.body if expressions_only else ():
        if not isinstance(statement, ast.Expr) and type(statement) in NODES:
            reading.refuse(statement, "only expressions are available here, one a line")
    judge(nodes, reading)
    if "where" in source or "pad" in source:
        for node, message, hint in uninitialised(tree):
            reading.refuse(node, message, hint)
    if shown and ("{" in source or "set" in source):
        for node in unordered(tree):
            reading.refuse(node, "a set has no order that readers get again", "Write sorted(…) around it.")
    _refuse([*reading.problems, *_problems_of_names(source)])
    # What was checked is what runs; the names, the source and the program on the card are read from the tree itself.
    return [Checked(node, compiled(instrumented(node), filename, source)) for node in tree.body]


def compiled(node: ast.stmt, filename: str, source: str) -> CodeType:
    """The code of one statement of a tree. The tree is compiled, not its text again: what was checked is what runs.

    Raises Refused where the compiler stops at what the grammar lets through: two arguments of a name.
    """
    try:
        if isinstance(node, ast.Expr):
            return compile(ast.Expression(node.value), filename, "eval", dont_inherit=True)
        return compile(ast.Module([node], type_ignores=[]), filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        problem = Problem(*place(source, error.lineno or 1, (error.offset or 1) - 1), f"not Python: {error.msg}")
    except (RecursionError, MemoryError, ValueError):
        problem = Problem(1, 0, "nested too deeply to be read")
    raise Refused([problem])


def _refuse(problems: Iterable[Problem]) -> None:
    if problems := list(problems):
        raise Refused(problems)


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), source.count("\n") + 1)
        column = max((error.offset or 1) - 1, 0)
        text = source.split("\n")[line - 1]
        message, hint = substitutes.of_word(text) or (
            f"not Python: {error.msg}",
            substitutes.of_sign(text[column : column + 1]),
        )
        signs = substitutes.dashes(source, (line, column))
        raise Refused([Problem(line, column, message, hint, signs=signs)]) from None
    except (RecursionError, MemoryError, ValueError):  # all three end a parse of deeply nested brackets
        raise Refused([Problem(1, 0, "nested too deeply to be read")]) from None


def _nodes(tree: ast.Module, source: str) -> list[Family]:
    """Every node, without recursion, which the code could exhaust before its depth is known.

    Raises Refused where there are too many of them, or they lie too deep to be judged.
    """
    level: list[Family] = [(tree, tree, tree)]
    nodes: list[Family] = []
    for _ in range(budget.NESTED + 1):
        nodes += level
        above = [family for family in level if type(family[0]) not in LEAVES]
        level = [(part, node, parent) for node, parent, _ in above for part in children(node)]
        if len(nodes) + len(level) > budget.PARTS:
            raise Refused([Problem(1, 0, f"more than {budget.PARTS:,} parts of code in one piece")])
        if not level:
            return nodes
    deepest = level[0][0]
    spot = place(source, getattr(deepest, "lineno", 1), getattr(deepest, "col_offset", 0))
    raise Refused([Problem(*spot, f"nested more than {budget.NESTED} deep", "write it in several lines")])


def _bound(nodes: Iterable[ast.AST]) -> dict[str, int]:
    """The names that a piece binds, each with the first line that does."""
    bound: dict[str, int] = {}
    for node in nodes:
        for name in _bound_by(node):
            line = getattr(node, "lineno", 1)
            bound[name] = min(line, bound.get(name, line))
    return bound


_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs)
_BINDERS = frozenset({ast.Name, ast.arg, ast.alias, *_NAMED})


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a node makes; those of refused syntax too, so that one fault is not reported twice."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case _ if isinstance(node, _NAMED) and node.name:
            yield node.name


# ---- characters: how many there are, whether all can be seen, and whether names are plain


def _problems_of_text(source: str) -> Iterator[Problem]:
    """What is wrong with a text before it is parsed."""
    if len(source) > budget.CHARACTERS:
        yield Problem(1, 0, f"{len(source):,} characters of code; {budget.CHARACTERS:,} is the limit for one piece")
    if source.count("\n") >= budget.LINES and len(source.rstrip("\n").split("\n")) > budget.LINES:
        yield Problem(budget.LINES + 1, 0, f"more than {budget.LINES} lines of code in one piece")
    if source.isascii() and source.replace("\n", "").replace("\t", "").isprintable():
        return
    for number, line in enumerate(source[: budget.CHARACTERS].split("\n"), 1):
        for column, character in enumerate(line):
            if _invisible(character) and not joins(line, column):
                hint = "A plain space belongs there." if unicodedata.category(character) == "Zs" else "Delete it."
                yield Problem(number, column, f"an invisible character, U+{ord(character):04X}", hint)


def _invisible(character: str) -> bool:
    """Whether a character shows as nothing, or moves the others about, so that code reads as what it is not."""
    if character in "\t ":
        return False
    kind = unicodedata.category(character)
    return kind[0] in "CZ" or character in BLANK or unicodedata.name(character, "").startswith("VARIATION SELECTOR")


def _problems_of_names(source: str) -> Iterator[Problem]:
    """Names in look-alike letters. The tree cannot tell: Python makes plain letters of some of them as it parses."""
    if source.isascii():
        return
    in_text = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.string.isascii():
                continue
            # Up to Python 3.11 an f-string is one token, the names in its braces included.
            formatted = token.type in in_text and not re.match(r"(?i)[rbu]*['\"]", token.string)
            if token.type == tokenize.NAME or (formatted and _looks_plain(token.string)):
                yield foreign_letters(*token.start, token.string)
    except (tokenize.TokenError, SyntaxError):
        yield Problem(1, 0, "not Python: its words cannot be told apart")


def _looks_plain(text: str) -> bool:
    """Whether Python could read a letter of the text as another, plain one: `𝐱` as `x`, but not `²` as `2`."""
    return any(("a" + c).isidentifier() and unicodedata.normalize("NFKC", c).isascii() for c in text if not c.isascii())

"""The first guard: card code is read before it runs, and whatever is not on the allow-list is refused, in words.

The list is `allowlist.toml`. Everything unknown is refused, so that this file stays small enough to be audited.
"""

from __future__ import annotations

import ast
import builtins
import io
import itertools
import re
import tokenize
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

from eigendeck.worker import budget
from eigendeck.worker.code import substitutes
from eigendeck.worker.code.names import PARTS, children
from eigendeck.worker.suggest import meant

LIST = tomllib.loads(Path(__file__).parents[1].joinpath("allowlist.toml").read_text(encoding="utf-8"))
NUMPY = frozenset(itertools.chain.from_iterable(LIST["numpy"].values()))
MODULES = {module: frozenset(names) for module, names in LIST["modules"].items()} | {
    "random": frozenset({"default_rng"})
}
VALUES = frozenset(itertools.chain.from_iterable(LIST["values"].values()))
BUILTINS = frozenset(LIST["builtins"]["names"])
NODES = frozenset(itertools.chain.from_iterable(LIST["syntax"].values()))
KINDS = frozenset(getattr(ast, name) for name in NODES)
LEFT_OUT = {name: entry["why"] for entry in LIST["left_out"] for name in entry["names"]}

FILENAME = "<card>"

SYNTAX = {
    "Import": "`import` is not available: np is there already",
    "ImportFrom": "`import` is not available: np is there already",
    "ClassDef": "`class` is not available: a function or a tuple does here",
    "Try": "`try` is not available: an error ends the example, and is shown",
    "TryStar": "`try` is not available: an error ends the example, and is shown",
    "Raise": "`raise` is not available: `assert` states what must hold",
    "Global": "`global` is not available: hand the value over as an argument",
    "Nonlocal": "`nonlocal` is not available: hand the value over as an argument",
    "Delete": "`del` is not available, and not needed",
    "Match": "`match` is not available: write `if` and `elif`",
    "Yield": "`yield` is not available: build a list",
    "YieldFrom": "`yield` is not available: build a list",
    "Await": "`await` is not available: card code runs line after line",
    "AsyncFor": "`async` is not available: card code runs line after line",
    "AsyncWith": "`async` is not available: card code runs line after line",
    "AsyncFunctionDef": "`async` is not available: card code runs line after line",
    "AnnAssign": "annotations are not available: write `name = value`",
}

# Letters that show as nothing: they are of the kinds "letter" and "mark", so that no general rule finds them.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a piece of code; line counts from 1, column from 0 in characters."""

    line: int
    column: int
    message: str
    hint: str = ""


class Refused(Exception):
    """A piece of code may not run; carries every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems))[: budget.PROBLEMS])
        super().__init__("\n".join(f"{p.line}:{p.column}: {p.message}" for p in self.problems))


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement that may run, and its code: of an expression the code that `eval` takes, else that of `exec`."""

    node: ast.stmt
    code: CodeType


def check(
    source: str, names: Collection[str], *, expressions_only: bool = False, filename: str = FILENAME
) -> list[Checked]:
    """The statements of a piece of card code, safe to run in the namespace for cards.

    names: what the piece may read from the start: np, rng, inputs.
    expressions_only: every line is an expression, as in `keep` and `check`.
    filename: the name by which a traceback tells the piece's own lines.

    Raises:
        Refused: something in it is not on the allow-list.
    """
    _refuse(_problems_of_text(source))
    tree = _parsed(source)
    nodes, reading = _nodes(tree), _Reading(source, frozenset(names))
    if problem := _problem_of_size(nodes, reading):
        _refuse([problem])
    for node, _ in nodes:
        if type(node) in BINDERS and not isinstance(getattr(node, "ctx", None), ast.Load):
            for name in _bound_by(node):
                reading.bound.setdefault(name, getattr(node, "lineno", 1))
    reading.known = BUILTINS | reading.names | reading.bound.keys()
    if expressions_only:
        for statement in tree.body:
            if not isinstance(statement, ast.Expr) and type(statement).__name__ in NODES:
                reading.refuse(statement, "only expressions are available here, one a line")
    hidden: set[int] = set()  # below a refused node: its parts would only be refused again
    for node, _ in nodes:
        if type(node) in QUIET and not hidden:
            continue
        if id(node) in hidden or not _judged(node, reading):
            hidden.update(map(id, children(node)))
    if not source.isascii():
        reading.problems += _problems_of_letters(source)
    _refuse(reading.problems)
    return [Checked(node, compiled(node, filename, source)) for node in tree.body]


def compiled(node: ast.stmt, filename: str, source: str) -> CodeType:
    """The code of one statement of a tree. The tree is compiled, not its text again: what was checked is what runs.

    Raises:
        Refused: the compiler stops at what the grammar lets through: `return` outside a function, two arguments of
            a name.
    """
    try:
        if isinstance(node, ast.Expr):
            return compile(ast.Expression(node.value), filename, "eval", dont_inherit=True)
        return compile(ast.Module([node], type_ignores=[]), filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        problem = placed(source, error.lineno or 1, (error.offset or 1) - 1, _sentence(error))
    except (RecursionError, MemoryError, ValueError):
        problem = Problem(1, 0, "nested too deeply to be read")
    raise Refused([problem])


@dataclass(slots=True)
class _Reading:
    """What is known of the piece while its nodes are judged, parents before children."""

    source: str
    names: frozenset[str]
    bound: dict[str, int] = field(default_factory=dict)  # by the piece itself, each with the line where it first is
    known: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    cleared: set[int] = field(default_factory=set)  # nodes that their parent makes right: the `np` of `np.sum`

    def refuse(self, node: ast.AST, message: str, hint: str = "", *, attribute: str = "") -> None:
        """Notes a problem at a node, or at the name behind its dot."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        if attribute:
            line = getattr(node, "end_lineno", line)
            column = max(getattr(node, "end_col_offset", 0) - len(attribute.encode()), 0)
        self.problems.append(placed(self.source, line, column, message, hint))


def placed(source: str, line: int, byte: int, message: str, hint: str = "") -> Problem:
    """The problem at a line and a column that Python gave: it counts bytes of UTF-8, people count characters."""
    lines = source.split("\n")
    line = min(max(line, 1), len(lines))
    column = len(lines[line - 1].encode("utf-8", "replace")[:byte].decode("utf-8", "ignore"))
    return Problem(line, column, message, hint)


def _refuse(problems: Iterable[Problem]) -> None:
    if problems := list(problems):
        raise Refused(problems)


# --- the text, before it is parsed


def _problems_of_text(source: str) -> Iterator[Problem]:
    if len(source) > budget.CHARACTERS:
        yield Problem(1, 0, f"{len(source):,} characters of code; {budget.CHARACTERS:,} is the limit for one piece")
    if source.count("\n") >= budget.LINES and len(source.rstrip("\n").split("\n")) > budget.LINES:
        yield Problem(budget.LINES + 1, 0, f"more than {budget.LINES} lines of code in one piece")
    if source.isascii() and source.replace("\n", "").replace("\t", "").isprintable():
        return
    for number, line in enumerate(source[: budget.CHARACTERS].split("\n"), 1):
        for column, character in enumerate(line):
            if _invisible(character):
                yield Problem(number, column, f"an invisible character, U+{ord(character):04X}")


def _invisible(character: str) -> bool:
    """Whether a character shows as nothing, or moves the others about, so that code reads as what it is not."""
    if character in "\t ":
        return False
    kind = unicodedata.category(character)
    return kind[0] in "CZ" or character in BLANK or unicodedata.name(character, "").startswith("VARIATION SELECTOR")


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), source.count("\n") + 1)
        message, hint = substitutes.of_word(source.split("\n")[line - 1]) or (
            _sentence(error),
            substitutes.of_sign(error.msg),
        )
        raise Refused([Problem(line, max((error.offset or 1) - 1, 0), message, hint)]) from None
    except (RecursionError, MemoryError, ValueError):  # all three end a parse of deeply nested brackets
        raise Refused([Problem(1, 0, "nested too deeply to be read")]) from None


def _sentence(error: SyntaxError) -> str:
    return f"not Python: {error.msg}"


def _problems_of_letters(source: str) -> Iterator[Problem]:
    """Names in look-alike letters. The tree cannot tell: Python makes plain letters of some of them as it parses."""
    in_text = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.string.isascii():
                continue
            # Up to Python 3.11 an f-string is one token, the names in its braces included.
            formatted = token.type in in_text and not re.match(r"(?i)[rbu]*['\"]", token.string)
            if token.type == tokenize.NAME or (formatted and _looks_plain(token.string)):
                yield Problem(*token.start, f"{token.string!r} is not in plain letters: names are ASCII")
    except (tokenize.TokenError, SyntaxError):
        yield Problem(1, 0, "not Python: its words cannot be told apart")


def _looks_plain(text: str) -> bool:
    """Whether Python could read a letter of the text as another, plain one: `𝐱` as `x`, but not `²` as `2`."""
    return any(("a" + c).isidentifier() and unicodedata.normalize("NFKC", c).isascii() for c in text if not c.isascii())


# --- the tree


def _nodes(tree: ast.Module) -> list[tuple[ast.AST, int]]:
    """Every node with its depth, parents first; without recursion, which the code could exhaust."""
    nodes: list[tuple[ast.AST, int]] = [(tree, 0)]
    for node, depth in nodes:
        if len(nodes) > budget.PARTS or depth > budget.NESTED:
            break
        for name in PARTS[type(node)]:  # as `children`, without a list for each node
            value = getattr(node, name, None)
            if isinstance(value, list):
                nodes += [(part, depth + 1) for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST):
                nodes.append((value, depth + 1))
    return nodes


def _problem_of_size(nodes: list[tuple[ast.AST, int]], reading: _Reading) -> Problem | None:
    deepest, depth = nodes[-1]
    place = getattr(deepest, "lineno", 1), getattr(deepest, "col_offset", 0)
    if depth > budget.NESTED:
        return placed(reading.source, *place, f"nested more than {budget.NESTED} deep", "write it in several lines")
    if len(nodes) > budget.PARTS:
        return Problem(1, 0, f"more than {budget.PARTS:,} parts of code in one piece")
    return None


BINDERS = frozenset(
    {ast.Name, ast.arg, ast.alias, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs}
)


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a node makes; those of refused syntax too, so that one fault is not reported twice."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.ExceptHandler() | ast.MatchAs():
            if node.name:
                yield node.name


def _judged(node: ast.AST, reading: _Reading) -> bool:
    """Notes what is wrong with one node; returns whether its parts are still worth a look."""
    kind = type(node)
    if kind not in KINDS:
        reading.refuse(node, SYNTAX.get(kind.__name__, f"`{kind.__name__}` is not available in card code"))
        return False
    judge = JUDGES.get(kind)
    return judge(node, reading) if judge else True


def _spelling(name: str) -> str:
    """Why nothing may have this name, or nothing."""
    if name.startswith("_") and name != "_":
        return f"`{name}`: names that begin with _ are not available"
    if not name.isascii():
        return f"{name!r} is not in plain letters: names are ASCII"
    return ""


def _name(node: ast.Name, reading: _Reading) -> bool:
    if wrong := _spelling(node.id):
        reading.refuse(node, wrong)
    elif node.id == "np":
        if not isinstance(node.ctx, ast.Load):
            reading.refuse(node, "np is NumPy and stays so: choose another name")
        elif id(node) not in reading.cleared:
            reading.refuse(node, "np is used as np.NAME only")
    elif node.id not in reading.known:
        if node.id in substitutes.ELSEWHERE:
            _elsewhere(node, [node.id], reading)
        elif node.id in dir(builtins):
            reading.refuse(node, *_left_out(node.id, ()))
        else:
            reading.refuse(node, f'"{node.id}" is not defined', _here(node, reading))
    return True


def _here(node: ast.Name, reading: _Reading) -> str:
    """The names that there are at a line: not those that it, or a later one, is only about to bind."""
    if node.id in NUMPY:
        return f"Write np.{node.id}."
    before = {name for name, line in reading.bound.items() if line < node.lineno}
    here = sorted((reading.names | before) - {"np"})
    listed = f"here are: {', '.join(here[:20])}." if here else ""
    return f"{listed} {_nearest(node.id, here)}".strip()


def _elsewhere(node: ast.AST, dotted: list[str], reading: _Reading) -> None:
    reading.refuse(node, "only NumPy is here, as np", substitutes.of_module(dotted, NUMPY, MODULES))


def _attribute(node: ast.Attribute, reading: _Reading) -> bool:
    dotted = _dotted(node)
    if dotted and dotted[0] in substitutes.ELSEWHERE - reading.known:
        _elsewhere(node, dotted, reading)
        return False
    if dotted[:1] == ["np"] and (len(dotted) == 2 or (len(dotted) == 3 and dotted[1] in MODULES)):
        reading.cleared.add(id(node.value))
    if not isinstance(node.ctx, ast.Load):
        reading.refuse(node, f"`.{node.attr} =` is not available: attributes are only read", attribute=node.attr)
    elif wrong := _spelling(node.attr):
        reading.refuse(node, wrong, attribute=node.attr)
    elif dotted[:1] == ["np"] and len(dotted) == 2:
        _numpy_name(node, reading)
    elif dotted[:1] == ["np"] and len(dotted) == 3 and dotted[1] in MODULES:
        _module_name(node, dotted[1], reading)
    elif dotted[:1] == ["np"] and dotted[1] not in NUMPY | MODULES.keys():
        pass  # `np.f2py.os.system`: refused once, at np.f2py
    elif node.attr not in VALUES:
        message, hint = _left_out(node.attr, VALUES, ".")
        reading.refuse(
            node, message, substitutes.of_attribute(dotted[0] if dotted else "", node.attr) or hint, attribute=node.attr
        )
    return True


def _dotted(node: ast.AST) -> list[str]:
    """The names of `np.linalg.norm`, first to last; nothing where they do not hang on a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


def _numpy_name(node: ast.Attribute, reading: _Reading) -> None:
    name = node.attr
    if name == "errstate" and id(node) not in reading.cleared:
        reading.refuse(node, "`np.errstate` stands in a `with` line only", "with np.errstate(divide='ignore'):")
    elif name in MODULES:
        if id(node) not in reading.cleared:
            reading.refuse(node, f"`np.{name}` is a module: name what you want of it, as in np.{name}.{_example(name)}")
    elif name not in NUMPY:
        reading.refuse(node, *_left_out(name, NUMPY, "np."))


def _example(module: str) -> str:
    return {"linalg": "norm", "random": "default_rng(SEED)"}.get(module, module)


def _module_name(node: ast.Attribute, module: str, reading: _Reading) -> None:
    name = node.attr
    if module == "random":
        if name != "default_rng":
            message = f"`np.random.{name}` is not available: draw from rng, or the seed has no effect"
            reading.refuse(node, message, substitutes.of_draw(name))
        elif id(node) not in reading.cleared:
            reading.refuse(node, "`np.random.default_rng` needs its seed: np.random.default_rng(SEED)")
    elif name not in MODULES[module]:
        reading.refuse(node, *_left_out(name, MODULES[module], f"np.{module}."))


def _call(node: ast.Call, reading: _Reading) -> bool:
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "default_rng":
        return True
    seeds = [*node.args, *(k.value for k in node.keywords if k.arg == "seed")]
    if seeds and not (isinstance(seeds[0], ast.Constant) and seeds[0].value is None):
        reading.cleared.add(id(node.func))
    return True


def _with(node: ast.With, reading: _Reading) -> bool:
    for item in node.items:
        match item:
            case ast.withitem(ast.Call(ast.Attribute(ast.Name("np"), "errstate") as called, []) as call, None):
                reading.cleared.add(id(called))
                for keyword in call.keywords:
                    if not isinstance(keyword.value, ast.Constant):
                        reading.refuse(keyword.value, "np.errstate takes plain words: 'ignore', 'warn', 'raise'")
            case _:
                reading.refuse(item.context_expr, "`with` is for np.errstate(...) only")
                return False
    return True


def _function(node: ast.FunctionDef, reading: _Reading) -> bool:
    for decorator in node.decorator_list:
        reading.refuse(decorator, "decorators are not available")
    for annotation in [node.returns, *getattr(node, "type_params", [])]:
        if annotation:
            reading.refuse(annotation, "annotations are not available")
    _own_name(node, node.name, reading)
    return True


def _argument(node: ast.arg, reading: _Reading) -> bool:
    if node.annotation:
        reading.refuse(node.annotation, "annotations are not available")
    _own_name(node, node.arg, reading)
    return True


def _own_name(node: ast.AST, name: str, reading: _Reading) -> None:
    if wrong := _spelling(name):
        reading.refuse(node, wrong)
    elif name == "np":
        reading.refuse(node, "np is NumPy and stays so: choose another name")


def _keyword(node: ast.keyword, reading: _Reading) -> bool:
    if node.arg is None:
        reading.refuse(node, "`**` in a call is not available: write the arguments out")
    elif wrong := _spelling(node.arg):
        reading.refuse(node, wrong)
    return True


def _constant(node: ast.Constant, reading: _Reading) -> bool:
    if isinstance(node.value, bytes):
        reading.refuse(node, "bytes are not available: write text, without the b")
    elif isinstance(node.value, str) and not node.value.isascii() and re.search("[\ud800-\udfff]", node.value):
        reading.refuse(node, "a text holds half a character")  # no file and no page could be written with it
    return True


JUDGES: dict[type, Callable[..., bool]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.With: _with,
    ast.FunctionDef: _function,
    ast.arg: _argument,
    ast.keyword: _keyword,
    ast.Constant: _constant,
}


QUIET = KINDS - JUDGES.keys()  # right wherever they stand: most of a piece


def _left_out(name: str, known: Iterable[str], before: str = "") -> tuple[str, str]:
    """The message for a name that is not on the list, and where no reason is known the listed name that is nearest."""
    if name in LEFT_OUT:
        return f"`{before}{name}` {LEFT_OUT[name]}", ""
    return f"`{before}{name}` is not available in card code", _nearest(name, known, before)


def _nearest(name: str, known: Iterable[str], before: str = "") -> str:
    close = meant(name, known)
    return f'Did you mean "{before}{close}"?' if close else ""

"""Pieces of card code: the text of a key, checked, and compiled statement by statement."""

import ast
import io
import itertools
import tokenize
from collections.abc import Collection
from dataclasses import dataclass, field
from types import CodeType

from eigendeck.worker.code.names import Names, dotted, names_of
from eigendeck.worker.code.namespace import VIEWS
from eigendeck.worker.code.problems import Problem, Refused
from eigendeck.worker.code.static import Checked, check
from eigendeck.worker.job import CHECK, GIVEN, MISTAKE, NUMPY, STEPS, CardFault, Key, Piece, Signs

QUOTED = 80  # characters of code that a message repeats


@dataclass(slots=True)
class Faults:
    """The faults of a card, collected.

    blind: what a piece binds cannot be told, so that a name which later pieces lack is no news.
    short_of_memory: some code asked for more than there was.
    foreign: the names in foreign letters, which are wrong wherever they stand: once is enough to hear of each.
    """

    found: list[CardFault] = field(default_factory=list)
    blind: bool = False
    short_of_memory: bool = False
    foreign: set[str] = field(default_factory=set)

    def add(self, key: Key, message: str, hint: str = "", line: int = 1, column: int = 0, signs: Signs = ()) -> None:
        """Adds a fault that is not there yet."""
        fault = CardFault(key, message, hint, line, column, signs)
        if fault not in self.found:
            self.found.append(fault)

    def is_news(self, problem: Problem) -> bool:
        """Whether an author should hear of a problem."""
        known = problem.foreign in self.foreign
        self.foreign |= {problem.foreign} - {""}
        return not known and not (self.blind and problem.undefined)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One checked statement, compiled.

    function: it binds a function, and can be executed again to make it anew.
    start: where `source` begins in `text`, in characters.
    text: the whole piece, by which the places of errors are found.
    before: lines and characters of its key in front of `text`.
    """

    key: Key
    node: ast.stmt
    code: CodeType
    source: str
    caption: str
    names: Names
    function: bool
    line: int
    column: int
    start: int
    text: str
    before: tuple[int, int] = (0, 0)

    @property
    def value(self) -> bool:
        """It is an expression, whose value counts."""
        return isinstance(self.node, ast.Expr)

    @property
    def quoted(self) -> str:
        """Its source as a message repeats it, on one line."""
        line = " ".join(self.source.split())
        return line if len(line) <= QUOTED else line[: QUOTED - 1] + "…"

    def place(self, line: int, column: int) -> tuple[int, int]:
        """The place in the key's text of a line and a column of `text`."""
        return _behind(self.before, line, column)


def _behind(before: tuple[int, int], line: int, column: int) -> tuple[int, int]:
    """A line and a column of a text that stands behind others: so many lines, and characters of its first line."""
    return before[0] + line, column + (before[1] if line == 1 else 0)


def file_of(key: Key) -> str:
    """Returns the name by which a traceback tells the code of one key from that of another."""
    return f"<{'.'.join(key)}>"


def read_statements(key: Key, source: str, names: Collection[str], faults: Faults) -> tuple[list[Statement], set[str]]:
    """Returns the statements of a key's text, and the names that they bind, also where they are refused."""
    if not source.strip():
        return [], set()
    try:
        shown = key[0] == MISTAKE[0] or key in (NUMPY, STEPS)
        checked = check(source, names, filename=file_of(key), shown=shown)
    except Refused as refused:
        _add(refused, key, faults)
        if key == GIVEN:
            faults.blind = True  # what it draws is missing everywhere: that is one fault, not many
        try:
            return [], set(names_of(ast.parse(source)).bound)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            faults.blind = True
            return [], set()
    captions = _captions(source)
    found = [_statement(one, key, source, captions.get(one.node.end_lineno or one.node.lineno, "")) for one in checked]
    return found, {name for statement in found for name in statement.names.bound}


def read_piece(piece: Piece, names: Collection[str], faults: Faults) -> Statement | None:
    """Returns the one expression of a placeholder or a parameter, or nothing where it is at fault."""
    before = (piece.line - 1, piece.column)
    try:
        checked = check(piece.source, names, expressions_only=True, filename=file_of(piece.key))
    except Refused as refused:
        _add(refused, piece.key, faults, before)
        return None
    if len(checked) != 1:
        what = f"`{piece.source.strip()}` is not one expression"
        faults.add(piece.key, what, "Write one expression.", piece.line, piece.column)
        return None
    return _statement(checked[0], piece.key, piece.source, before=before)


def read_lines(key: Key, source: str, names: Collection[str], faults: Faults) -> tuple[Statement, ...]:
    """Returns the lines of `steps`, each with a value to show, or the conditions of `keep` or `check`, one a line."""
    what = "has no value to show" if key == STEPS else "is no condition"
    sound = []
    for line in read_statements(key, source, names, faults)[0]:
        if hint := _instead(line):
            faults.add(key, f"`{line.quoted}` {what}", hint, line.line, line.column)
        else:
            sound.append(line)
    return tuple(sound)


def _instead(statement: Statement) -> str:
    """What to write in place of a step without a value, or a condition that its form alone makes true; else nothing."""
    key, tree = statement.key, statement.node
    if key == STEPS:
        shows = statement.value or len(statement.names.bound) == 1
        return "" if shows else "A step is an expression, or an assignment to one name."
    if isinstance(tree, ast.Assign) and "answer" in statement.names.bound:
        return "`=` gives a name to a value; `==` compares."
    if not isinstance(tree, ast.Expr):
        where = "numpy" if key == CHECK else "given"
        return f"`{key[0]}` has no assignments and loops: write one expression, or bind the name in `{where}`."
    if isinstance(tree.value, ast.Tuple):
        return "A tuple is true whatever stands in it: write the conditions on lines of their own."
    if isinstance(tree.value, ast.Constant | ast.List | ast.Dict | ast.Set | ast.JoinedStr | ast.Lambda):
        return "Compare something, as in `abs(answer) <= 30`."
    return ""


def _add(refused: Refused, key: Key, faults: Faults, before: tuple[int, int] = (0, 0)) -> None:
    shown = key[0] == "show"  # its text is filled in, so that places in it are none in the file, and one fault will do
    for problem in filter(faults.is_news, refused.problems[: 1 if shown else None]):
        signs = tuple(_behind(before, *sign) for sign in problem.signs)
        place = (*_behind(before, problem.line, problem.column), signs)
        faults.add(key, *_in_words_of(key, problem), *(() if shown else place))


def _in_words_of(key: Key, problem: Problem) -> tuple[str, str]:
    """The problem as it reads at its key: which names are where is a rule of cards, not of code."""
    match problem:
        case Problem(undefined="rng"):
            return '"rng" is not defined here: it exists in `given` alone', "Draw in `given`, and name what you drew."
        case Problem(undefined="answer") if key == GIVEN:
            return problem.message, "`given` makes the inputs; conditions on `answer` stand in `keep`."
        case Problem(undefined="answer"):
            hint = "`answer` is the value of `numpy`: it is there in `keep`, `check`, `work` and `plot`."
            return problem.message, hint
        case Problem(undefined=name) if name and key[0] == "show":
            return problem.message, f"Write {{{name}}} for the value of {name}."
    return problem.message, problem.hint


def _statement(one: Checked, key: Key, text: str, caption: str = "", before: tuple[int, int] = (0, 0)) -> Statement:
    names = names_of(one.node)
    start, end, column = _span(text, one.node)
    function, line = _makes_function(one.node, names), one.node.lineno
    return Statement(
        key, one.node, one.code, text[start:end], caption, names, function, line, column, start, text, before
    )


def _makes_function(node: ast.stmt, names: Names) -> bool:
    """Whether a statement of `given` binds functions alone, which its source can make again without `rng`."""
    if "rng" in names.free:
        return False
    if isinstance(node, ast.Assign):
        made = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        return all(isinstance(value, ast.Lambda) or _is_known_function(value) for value in made)
    return isinstance(node, ast.FunctionDef)


def _is_known_function(node: ast.expr) -> bool:
    """Whether an expression names a function: `np.exp`, `np.linalg.norm`, `math.comb`, but not `np.pi`."""
    module, *names = dotted(node) or [""]
    found: object = VIEWS.get(module)
    for name in names:
        found = getattr(found, name, None)
    return bool(names) and callable(found)


def _span(text: str, node: ast.stmt) -> tuple[int, int, int]:
    """Where a statement begins and ends in the text, and begins in its line, in characters; the tree counts bytes."""
    lines = text.split("\n")
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    begins = [0, *itertools.accumulate(len(line) + 1 for line in lines[:last])]
    column = _characters(lines[first], node.col_offset)
    return begins[first] + column, begins[last] + _characters(lines[last], node.end_col_offset or 0), column


def _characters(line: str, count: int) -> int:
    """How many characters the first bytes of a line are."""
    return count if line.isascii() else len(line.encode()[:count].decode())


def _captions(source: str) -> dict[int, str]:
    """The comment at the end of each line, by line number."""
    if "#" not in source:
        return {}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").rstrip() for t in tokens if t.type == tokenize.COMMENT}

"""Clues in card code to what its inputs are: names of things rather than numbers, of a fixed length, drawn together.

They only spare a card what it is sure to refuse, or what it cannot refuse although it is not meant.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

# Functions of NumPy that ask what an entry is, not how much.
_ASK = {
    "argwhere", "bincount", "choose", "count_nonzero", "flatnonzero", "in1d", "isin", "logical_and", "logical_not",
    "logical_or", "logical_xor", "nonzero", "select", "take", "take_along_axis", "where", "all", "any",
}  # fmt: skip

_APART = {"beta", "exponential", "gamma", "integers", "lognormal", "normal", "poisson", "random", "uniform"}


def labels(sources: Iterable[str]) -> set[str]:
    """Returns the names in some code that are compared for equality, index something, or are asked as truths."""
    found: set[str] = set()
    trees = [ast.parse(source) for source in sources]
    for tree in trees:
        for part in _asked(tree):
            found |= _plain(part)
    for tree in reversed(trees):  # `for t in y` makes y what t is
        for node in ast.walk(tree):
            if isinstance(node, ast.comprehension | ast.For) and _plain(node.target) & found:
                found |= _plain(node.iter)
    return found


def numbers(sources: Iterable[str]) -> set[float]:
    """Returns the numbers in some code by which it may say a length: all but exponents and those of keywords."""
    found: set[float] = set()
    for source in sources:
        tree = ast.parse(source)
        nodes = list(ast.walk(tree))
        apart = {node.value for node in nodes if isinstance(node, ast.keyword)}
        apart |= {node.right for node in nodes if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node not in apart:
                found.add(node.value)
    return found


def together(source: str) -> set[str]:
    """Returns the names that one statement binds to the parts of one value, unless it draws each part by itself.

    `a, b, c = rng.choice(triples)` may draw what belongs together; `a, b = rng.normal(size=2)` does not.
    """
    tree = ast.parse(source).body[0]
    if not isinstance(tree, ast.Assign) or not isinstance(tree.targets[0], ast.Tuple | ast.List):
        return set()
    value: ast.expr = tree.value
    while True:
        match value:
            case ast.Tuple() | ast.List():
                return set()
            case ast.Call(ast.Attribute(ast.Name("rng"), attr=name)) if name in _APART:
                return set()
            case ast.Call(ast.Attribute(ast.Name("np"), attr="round"), [inner, *_]):
                value = inner
            case ast.BinOp(inner, _, ast.Constant()) | ast.Call(ast.Attribute(inner, attr="astype" | "round")):
                value = inner
            case _:
                return _plain(tree.targets[0])


def _asked(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=index):
                yield index
            case ast.Compare(left, operators, others) if any(
                isinstance(operator, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for operator in operators
            ):
                yield from (left, *others)
            case ast.IfExp(test) | ast.If(test):
                yield test
            case ast.comprehension(ifs=tests) | ast.BoolOp(values=tests):
                yield from tests
            case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
                yield operand
            case ast.BinOp(left, ast.BitAnd() | ast.BitOr() | ast.BitXor(), right):
                yield from (left, right)
            case ast.Call(ast.Attribute(attr=name), arguments) if name in _ASK:
                yield from arguments[:1] if name != "take" else arguments[1:]
            case ast.Call(ast.Attribute(value, attr="astype"), [ast.Name("bool")]):
                yield value


def _plain(part: ast.AST) -> set[str]:
    """The names that an expression hands on as they are: in `y`, `y[i]`, `(x, y)`, `zip(x, y)`, but not in `x > 0`."""
    match part:
        case ast.Name(name):
            return {name}
        case ast.Subscript(value) | ast.Starred(value):
            return _plain(value)
        case ast.Tuple(parts) | ast.List(parts):
            return {name for item in parts for name in _plain(item)}
        case ast.Slice(lower, upper, step):
            return {name for item in (lower, upper, step) if item for name in _plain(item)}
        case ast.Call(ast.Name("zip" | "enumerate" | "reversed" | "sorted"), arguments):
            return {name for item in arguments for name in _plain(item)}
        case ast.Call(ast.Attribute(value, attr="astype" | "tolist" | "ravel"), _):
            return _plain(value)
        case ast.UnaryOp(_, operand):
            return _plain(operand)
    return set()

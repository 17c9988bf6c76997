"""Arithmetic of checked code, compiled as calls that watch for integers which leave their range (see `overflow`)."""

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import is_not
from types import NoneType, SimpleNamespace
from typing import Any

from eigendeck.worker.code.names import LEAVES, PARTS
from eigendeck.worker.code.overflow import OPERATORS

Rule = Callable[[Any], ast.AST | None]  # takes what a node holds, and returns what stands for it, if anything does

_AS_THEY_ARE = LEAVES | {NoneType, str, int}  # in which nothing can be watched


def instrumented(node: ast.stmt) -> ast.stmt:
    """Returns a statement with its arithmetic watched. It needs the names of `NAMES` among its builtins.

    Arithmetic and calls become calls of the functions of `NAMES`, at the same places in the text. What is given stays
    as it is: what changes is made anew, and the rest is shared.
    """
    changed = _changed(node)
    assert isinstance(changed, ast.stmt)
    return changed


def _changed(node: ast.AST) -> ast.AST:
    parts: dict[str, Any] = {}
    for name in PARTS[type(node)]:  # `ast.NodeTransformer` takes three times as long
        part: Any = getattr(node, name, None)
        if type(part) is list:
            items = [item if type(item) in _AS_THEY_ARE else _changed(item) for item in part]
            if any(map(is_not, items, part)):
                parts[name] = items
        elif type(part) in _AS_THEY_ARE or (type(part) is ast.Attribute and type(part.value) is ast.Name):
            pass  # a name like `np.exp`
        elif (changed := _changed(part)) is not part:
            parts[name] = changed
    rule = _RULES.get(type(node))
    if rule and (watched := rule(SimpleNamespace(**{**vars(node), **parts}) if parts else node)):
        return watched
    return type(node)(**{**vars(node), **parts}) if parts else node


def _binary(node: ast.BinOp) -> ast.AST | None:
    return _operation("__binary", node, node.left, node.right) if type(node.op) in OPERATORS else None


def _unary(node: ast.UnaryOp) -> ast.AST | None:
    minus = isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant)
    return _call("__negative", node, node.operand) if minus else None


def _called(node: ast.Call) -> ast.AST | None:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "errstate":
        return None  # the statement `with` needs it as it is
    return _call("__called", node, node.func, *node.args, options=node.keywords)


def _assigned(node: ast.Assign) -> ast.AST | None:
    match node.targets:
        case [ast.Subscript(whole, index)]:
            return ast.Expr(_call("__stored", node, node.value, whole, _index(index)), **_at(node))
    return None


def _in_place(node: ast.AugAssign) -> ast.AST | None:
    target = node.target
    if type(node.op) not in OPERATORS:
        return None
    if isinstance(target, ast.Name):
        loaded = ast.Name(target.id, ast.Load(), **_at(target))
        return ast.Assign([target], _operation("__in_place", node, loaded, node.value), **_at(node))
    if isinstance(target, ast.Subscript):
        parts = (target.value, _index(target.slice), node.value)
        return ast.Expr(_operation("__item_in_place", node, *parts), **_at(node))
    return None


_RULES: Mapping[type[ast.AST], Rule] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Call: _called,
    ast.Assign: _assigned,
    ast.AugAssign: _in_place,
}


def _at(place: Any) -> dict[str, Any]:
    """Where a node stands in the text, for one in its place."""
    return {name: getattr(place, name) for name in ast.stmt._attributes}


def _call(name: str, place: ast.AST, *arguments: ast.expr, options: Sequence[ast.keyword] = ()) -> ast.expr:
    return ast.Call(_named(name), list(arguments), list(options), **_at(place))


def _operation(name: str, node: ast.BinOp | ast.AugAssign, *operands: ast.expr) -> ast.expr:
    return _call(name, node, _sign(OPERATORS[type(node.op)][0]), *operands)


@cache
def _named(name: str) -> ast.Name:
    """One of `NAMES`, the same node wherever it is called: as it is always there, no error names its place."""
    return ast.Name(name, ast.Load(), lineno=1, col_offset=0)


@cache
def _sign(sign: str) -> ast.Constant:
    return ast.Constant(sign, lineno=1, col_offset=0)


def _index(node: ast.expr) -> ast.expr:
    """An index as an expression: `1:3` stands in square brackets alone."""
    if isinstance(node, ast.Slice):
        parts = [part or ast.Constant(None, **_at(node)) for part in (node.lower, node.upper, node.step)]
        return _call("__slice", node, *parts)
    if isinstance(node, ast.Tuple):
        return ast.Tuple([_index(part) for part in node.elts], ast.Load(), **_at(node))
    return node

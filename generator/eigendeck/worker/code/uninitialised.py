"""Calls that would show memory as somebody else left it: NumPy fills no more of a result than it was told to.

`where=` leaves out the other places of a fresh result, and `np.pad` has a mode that pads with nothing at all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

# What sums up with `where=` starts from a number.
_REDUCING = frozenset(
    [
        "all",
        "amax",
        "amin",
        "any",
        "max",
        "mean",
        "min",
        "nanmax",
        "nanmean",
        "nanmin",
        "nanprod",
        "nanstd",
        "nansum",
        "nanvar",
        "prod",
        "std",
        "sum",
        "var",
    ]
)
_REDUCING |= {"reduce"}
_FILLED = frozenset(
    ["arange", "array", "copy", "eye", "full", "full_like", "linspace", "ones", "ones_like", "zeros", "zeros_like"]
)

_WHERE = "`where=` leaves the other places of the result as the memory happened to be"
_PAD = "`np.pad` shows what happened to be in memory unless its mode is plain to see, and not 'empty'"


def uninitialised(tree: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """What in a piece of code would show stale memory: the node, what is wrong, and what to write instead."""
    called = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called.add(node.func)
        name = _name(node.func)
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if "where" in options and name not in _REDUCING and not _is_filled(options.get("out"), tree):
            yield node, _WHERE, "Write np.where(condition, …, …), or give `out=np.zeros(…)`."
        if name == "pad" and not _pads(node, options):
            yield node, _PAD, "Write mode='constant'."
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "pad" and node not in called:
            yield node, _PAD, "Call it where you name it."


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _is_filled(out: ast.expr | None, tree: ast.AST) -> bool:
    """Whether what a result goes to is plainly an array that has numbers already."""
    match out:
        case ast.Tuple(elts=parts):
            return all(_is_filled(part, tree) for part in parts)
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _FILLED
        case ast.Name(id=name):
            bound = [
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Assign)
                if any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
            ]
            others = sum(
                isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
                for node in ast.walk(tree)
            )
            arguments = any(isinstance(node, ast.arg) and node.arg == name for node in ast.walk(tree))
            plain = all(isinstance(value, ast.Call) and _is_filled(value, tree) for value in bound)
            return bool(bound) and plain and others == len(bound) and not arguments
    return False


def _pads(call: ast.Call, options: dict[str | None, ast.expr]) -> bool:
    """Whether the mode of `np.pad` is plain to see, and pads with something."""
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return False
    mode = call.args[2] if len(call.args) > 2 else options.get("mode", ast.Constant("constant"))
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and mode.value != "empty"

"""Calls that would show memory as somebody else left it: NumPy fills no more of a result than it was told to.

`where=` leaves out the other places of a fresh result, and `np.pad` has a mode that pads with nothing at all.
"""

import ast
from collections.abc import Iterator

# What sums up with `where=` starts from a number.
_REDUCERS = "all amax amin any max mean min nanmax nanmean nanmin nanprod nanstd nansum nanvar prod std sum var reduce"
_REDUCING = frozenset(_REDUCERS.split())
_FILLERS = "arange array copy eye full full_like linspace ones ones_like zeros zeros_like"
_FILLED = frozenset(_FILLERS.split())

_WHERE = "`where=` leaves the other places of the result as the memory happened to be"
_PAD = "`np.pad` shows what happened to be in memory unless its mode is plain to see, and not 'empty'"


def uninitialised(tree: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """What in a piece of code would show stale memory: the node, what is wrong, and what to write instead."""
    called = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called.add(node.func)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if "where" in options and name not in _REDUCING and not _is_filled(options.get("out")):
            yield node, _WHERE, "Write np.where(condition, …, …), or give `out=np.zeros(…)` in the call."
        if name == "pad" and not _pads(node, options):
            yield node, _PAD, "Write mode='constant'."
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "pad" and node not in called:
            yield node, _PAD, "Call it where you name it."


def _is_filled(out: ast.expr | None) -> bool:
    """Whether what a result goes to is plainly an array that has numbers already: it is made where it is named."""
    match out:
        case ast.Tuple(elts=parts):
            return all(map(_is_filled, parts))
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _FILLED
    return False


def _pads(call: ast.Call, options: dict[str | None, ast.expr]) -> bool:
    """Whether the mode of `np.pad` is plain to see, and pads with something."""
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return False
    mode = call.args[2] if len(call.args) > 2 else options.get("mode", ast.Constant("constant"))
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and mode.value != "empty"

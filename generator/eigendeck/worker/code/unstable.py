"""What code would give otherwise in the next run: memory as somebody else left it, and the order of a set.

NumPy fills no more of a result than it was told to: `where=` leaves out the other places of a fresh one, and `np.pad`
has a mode that pads with nothing at all. Texts lie in a set in the order of their hashes, which Python seeds anew in
every run: what a shown piece makes of a set must not depend on it.
"""

import ast
from collections.abc import Collection, Iterator, Mapping

# What sums up with `where=` starts from a number.
_REDUCERS = "all amax amin any max mean min nanmax nanmean nanmin nanprod nanstd nansum nanvar prod std sum var reduce"
_REDUCING = frozenset(_REDUCERS.split())
_FILLERS = "arange array copy eye full full_like linspace ones ones_like zeros zeros_like"
_FILLED = frozenset(_FILLERS.split())

_WHERE = "`where=` leaves the other places of the result as the memory happened to be"
_PAD = "`np.pad` shows what happened to be in memory unless its mode is plain to see, and not 'empty'"

# What gives a set, and what gives the same whatever its order is.
_MAKERS = frozenset({"set", "frozenset"})
_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference", "copy"})  # they give a set again
_OF_SETS = _METHODS | {"add", "clear", "discard", "issubset", "issuperset", "remove", "update"}  # `pop` takes any one
_OPERATORS = (ast.BitOr, ast.BitAnd, ast.BitXor, ast.Sub)
_BY_KEY = frozenset({"max", "min", "sorted"})  # of those that are alike by a key the first comes first
_ANY_ORDER = _MAKERS | _BY_KEY | {"all", "any", "bool", "isinstance", "len", "sum"}
_PLACES = ast.Compare | ast.BoolOp | ast.UnaryOp | ast.IfExp | ast.If | ast.While  # that ask what a set holds, or
_PLACES |= ast.NamedExpr | ast.Expr | ast.Return | ast.Lambda  # hand it on as it is


def uninitialised(tree: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """What in a piece of code would show stale memory: the node, what is wrong, and what to write instead."""
    called = set()
    for node in ast.walk(tree):  # a call comes before what it calls
        if isinstance(node, ast.Attribute) and node.attr == "pad" and node not in called:
            yield node, _PAD, "Call it where you name it."
        if not isinstance(node, ast.Call):
            continue
        called.add(node.func)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if "where" in options and name not in _REDUCING and not _is_filled(options.get("out")):
            yield node, _WHERE, "Write np.where(condition, …, …), or give `out=np.zeros(…)` in the call."
        if name == "pad" and not _pads(node, options):
            yield node, _PAD, "Write mode='constant'."


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


def unordered(tree: ast.AST) -> Iterator[ast.AST]:
    """The sets in a piece of code that stand where their order may show."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    sets = _names_of_sets(tree)
    for node, parent in parents.items():
        bound = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        if not bound and _is_set(node, sets) and not _takes_any_order(parent, parents):
            yield node


def _names_of_sets(tree: ast.AST) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value) if _is_set(value, found):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.NamedExpr(target=ast.Name(id=name), value=value) if _is_set(value, found):
                found.add(name)
    return frozenset(found)


def _is_set(node: ast.AST, names: Collection[str]) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Name(id=name):
            return name in names
        case ast.Call(func=ast.Name(id=name)):
            return name in _MAKERS
        case ast.Call(func=ast.Attribute(value=owner, attr=name)):
            return name in _METHODS and _is_set(owner, names)
        case ast.BinOp(left=left, op=operator, right=right):
            return isinstance(operator, _OPERATORS) and (_is_set(left, names) or _is_set(right, names))
        case ast.IfExp(body=body, orelse=other):
            return _is_set(body, names) or _is_set(other, names)
        case ast.NamedExpr(value=value):
            return _is_set(value, names)
    return False


def _takes_any_order(place: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether what stands directly around a set gives the same whatever its order is."""
    match place:
        case ast.Call(func=ast.Name(id=name), keywords=keywords):
            return name in _ANY_ORDER and not (name in _BY_KEY and keywords)
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Attribute(attr=name):
            return name in _OF_SETS
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator):
            return isinstance(operator, _OPERATORS)
        case ast.Assign(targets=targets):
            return all(isinstance(target, ast.Name) for target in targets)
        case ast.comprehension():
            made = parents[place]
            return isinstance(made, ast.SetComp) or (
                isinstance(parents[made], ast.Call) and _takes_any_order(parents[made], parents)
            )
    return isinstance(place, _PLACES)

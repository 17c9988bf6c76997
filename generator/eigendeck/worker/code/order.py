"""Sets have no order that readers get again: what a shown piece makes of one must not depend on it.

Texts lie in a set in the order of their hashes, and Python seeds these anew in every run.
"""

import ast
from collections.abc import Collection, Iterator, Mapping

_MAKERS = frozenset({"set", "frozenset"})
_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference", "copy"})  # they give a set again
_OF_SETS = _METHODS | {"add", "clear", "discard", "issubset", "issuperset", "remove", "update"}  # `pop` takes any one
_OPERATORS = (ast.BitOr, ast.BitAnd, ast.BitXor, ast.Sub)
_ANY_ORDER = _MAKERS | {"all", "any", "bool", "isinstance", "len", "max", "min", "sorted", "sum"}
_LISTING = "dict enumerate filter format list map repr reversed str tuple zip"
_IN_ORDER = frozenset(_LISTING.split())
_BY_KEY = frozenset({"max", "min", "sorted"})  # of those that are alike by a key the first comes first
_PRINTED = frozenset({"format", "repr", "str"})


def unordered(tree: ast.AST) -> Iterator[ast.AST]:
    """The sets in a piece of code whose order shows."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    sets = _names_of_sets(tree)
    for node, parent in parents.items():
        bound = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        if not bound and _is_set(node, sets) and _shows(node, parent, parents):
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


def _shows(node: ast.AST, parent: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether what is done with a set depends on its order."""
    match parent:
        case ast.Call(func=ast.Name(id=name)):
            return name in _IN_ORDER or (name in _BY_KEY and bool(parent.keywords))
        case ast.Call(func=ast.Attribute(attr=name)):
            return name not in _OF_SETS | {"append"}
        case ast.Attribute(attr=name):
            return name not in _OF_SETS
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Tuple | ast.List) for target in targets)
        case ast.comprehension():
            made = parents[parent]
            return not isinstance(made, ast.SetComp) and not _in_any_order(parents[made])
        case ast.For(iter=iterated):
            return iterated is node
        case ast.Starred() | ast.FormattedValue():
            return True
        case ast.BinOp() | ast.Tuple() | ast.List() | ast.Dict():
            return _is_printed(node, parent, parents)
    return False


def _is_printed(node: ast.AST, parent: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a text is made of it, or of a list that it is in."""
    while isinstance(parent, ast.Tuple | ast.List | ast.Dict):
        node, parent = parent, parents[parent]
    match parent:
        case ast.BinOp(op=ast.Mod(), right=right):
            return right is node
        case ast.Call(func=ast.Name(id=name)):
            return name in _PRINTED
    return isinstance(parent, ast.FormattedValue)


def _in_any_order(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name), keywords=keywords):
            return name in _ANY_ORDER and not (name in _BY_KEY and keywords)
    return False

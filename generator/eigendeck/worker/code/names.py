"""Which names a piece of card code reads from outside, and which it binds."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

# The fields of each kind of node that may hold others: not its names, nor a constant's value. What `ast` has for the
# parts of a node takes five times as long, and reading code is most of what a card costs.
_PLAIN = {"arg", "attr", "conversion", "ctx", "id", "kind", "type_comment"}
PARTS = {
    kind: () if kind is ast.Constant else tuple(name for name in kind._fields if name not in _PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
LEAVES = frozenset(kind for kind, parts in PARTS.items() if not parts)
_NAMELESS = LEAVES - {ast.Name}
_FUNCTIONS = (ast.Lambda, ast.FunctionDef)
_SPECIAL = {ast.Name, *_FUNCTIONS, *_COMPREHENSIONS, ast.Assign, ast.NamedExpr, ast.AugAssign, ast.For}


@dataclass(slots=True)
class Names:
    """`free`: read before the piece binds them, in order of appearance; `bound`: bound at its top level, in order."""

    free: dict[str, None] = field(default_factory=dict)
    bound: dict[str, None] = field(default_factory=dict)
    _late: list[tuple[str, frozenset[str]]] = field(default_factory=list)


def names_of(tree: ast.AST) -> Names:
    """Returns the names that `tree` reads from outside and binds, by Python's rules of scope.

    The body of a function or lambda runs later, so it sees what the piece binds anywhere.
    """
    found = Names()
    _visit(tree, found, frozenset())
    for name, local in found._late:
        if name not in local and name not in found.bound:
            found.free.setdefault(name)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """Returns the parts of a node in their order, but for Load and Store."""
    found: list[ast.AST] = []
    for name in PARTS[type(node)]:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def dotted(node: ast.AST) -> list[str]:
    """Returns the names of `np.linalg.norm`, first to last; nothing where they do not hang on a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


def _visit(node: ast.AST, found: Names, local: frozenset[str], late: bool = False) -> None:
    if type(node) not in _SPECIAL:
        _visit_all(children(node), found, local, late)
    elif isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Store):
            if node.id not in local and not late:
                found.bound.setdefault(node.id)
        elif late:
            found._late.append((node.id, local))
        elif node.id not in local and node.id not in found.bound:
            found.free.setdefault(node.id)
    elif isinstance(node, _FUNCTIONS):
        _visit_function(node, found, local, late)
    elif isinstance(node, _COMPREHENSIONS):
        targets = {n.id for c in node.generators for n in ast.walk(c.target) if isinstance(n, ast.Name)}
        _visit(node.generators[0].iter, found, local, late)
        for child in _in_order(node):
            _visit(child, found, local | targets, late)
    else:
        _visit_all(_in_order(node), found, local, late)


def _visit_all(nodes: Iterable[ast.AST], found: Names, local: frozenset[str], late: bool) -> None:
    for node in nodes:
        while isinstance(node, ast.Attribute):
            node = node.value
        if type(node) not in _NAMELESS:
            _visit(node, found, local, late)


def _visit_function(node: ast.Lambda | ast.FunctionDef, found: Names, local: frozenset[str], late: bool) -> None:
    if isinstance(node, ast.FunctionDef) and node.name not in local and not late:
        found.bound.setdefault(node.name)
    arguments = node.args
    for default in (*arguments.defaults, *(d for d in arguments.kw_defaults if d)):
        _visit(default, found, local, late)
    all_of_them = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    body: Iterable[ast.AST] = node.body if isinstance(node, ast.FunctionDef) else [node.body]
    parts = [part for statement in body for part in ast.walk(statement)]
    inner = {argument.arg for argument in all_of_them if argument}
    inner |= {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    inner |= {part.name for part in parts if isinstance(part, ast.FunctionDef)}
    for statement in body:
        _visit(statement, found, local | inner, late=True)


def _in_order(node: ast.AST) -> list[ast.AST]:
    """The children in the order in which Python evaluates them: values before the targets they are bound to."""
    if isinstance(node, ast.Assign | ast.NamedExpr):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [node.value, *targets]
    if isinstance(node, ast.AugAssign):
        loaded = ast.Name(node.target.id, ast.Load()) if isinstance(node.target, ast.Name) else node.target
        return [loaded, node.value, node.target]
    if isinstance(node, ast.For):
        return [node.iter, node.target, *node.body, *node.orelse]
    return children(node)

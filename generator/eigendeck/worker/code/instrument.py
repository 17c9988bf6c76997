"""Arithmetic of checked code, compiled as calls that watch for integers which leave their range (see `overflow`)."""

import ast

from eigendeck.worker.code.overflow import OPERATORS


class _Instrumented(ast.NodeTransformer):
    """Arithmetic and calls become calls of the functions of `NAMES`, at the same places in the text."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) not in OPERATORS:
            return node
        return _call("__binary", node, _sign(node.op), node.left, node.right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.USub) or isinstance(node.operand, ast.Constant):
            return node
        return _call("__negative", node, node.operand)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "errstate":
            return node  # the statement `with` needs it as it is
        return ast.copy_location(ast.Call(_name("__called"), [node.func, *node.args], node.keywords), node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        match node.targets:
            case [ast.Subscript() as target]:
                stored = _call("__stored", node, node.value, target.value, _index(target.slice))
                return ast.copy_location(ast.Expr(stored), node)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) not in OPERATORS:
            return node
        target = node.target
        if isinstance(target, ast.Name):
            loaded = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            value = _call("__in_place", node, _sign(node.op), loaded, node.value)
            return ast.copy_location(ast.Assign([target], value), node)
        if isinstance(target, ast.Subscript):
            item = _call("__item_in_place", node, _sign(node.op), target.value, _index(target.slice), node.value)
            return ast.copy_location(ast.Expr(item), node)
        return node


def instrumented(node: ast.stmt) -> ast.stmt:
    """Makes a statement one whose arithmetic is watched. It needs the names of `NAMES` among its builtins."""
    changed = _Instrumented().visit(node)
    assert isinstance(changed, ast.stmt)
    return ast.fix_missing_locations(changed)


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(name: str, place: ast.AST, *arguments: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(ast.copy_location(_name(name), place), list(arguments), []), place)


def _sign(kind: ast.operator) -> ast.Constant:
    return ast.Constant(OPERATORS[type(kind)][0])


def _index(node: ast.expr) -> ast.expr:
    """An index as an expression: `1:3` stands in square brackets alone."""
    if isinstance(node, ast.Slice):
        parts = [part or ast.Constant(None) for part in (node.lower, node.upper, node.step)]
        return _call("__slice", node, *parts)
    if isinstance(node, ast.Tuple):
        return ast.copy_location(ast.Tuple([_index(part) for part in node.elts], ast.Load()), node)
    return node

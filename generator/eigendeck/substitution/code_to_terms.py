"""NumPy code → arrays of terms: what each entry of the result is computed from, nothing computed yet.

It reads a part of Python and NumPy and refuses the rest; it executes nothing.
"""

import ast
import inspect
import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from eigendeck.model import Value
from eigendeck.substitution import term_arrays as arrays
from eigendeck.substitution import term_functions, terms
from eigendeck.substitution.numpy_calls import CALLS
from eigendeck.substitution.term_arrays import Array, Key
from eigendeck.substitution.terms import Term, Unknown
from eigendeck.worker.code.names import dotted

MOST_NODES = 1_000  # of syntax: functions that call functions could take for ever
MOST_ENTRIES = 5_000  # of all arrays on the way
ROUNDINGS = ("round", "np.round", "np.around")

UNREADABLE = (Unknown, SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError)

OPERATORS: dict[type[ast.operator], Callable[[Term, Term], Term]] = {
    ast.Add: terms.add,
    ast.Sub: terms.subtract,
    ast.Mult: terms.multiply,
    ast.Div: terms.divide,
    ast.Pow: terms.power,
}


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function of the card: its parameters and the expression that it returns."""

    parameters: tuple[str, ...]
    body: ast.expr


def read(code: str, inputs: Mapping[str, Value]) -> tuple[Array, int | None]:
    """Returns the terms of the code's last expression, and to how many decimals it rounds them, if it does.

    inputs: may also have names that the code binds; they serve where what binds them is not understood.

    Raises Unknown: there is something in the code that is not read here; SyntaxError, ValueError, ArithmeticError,
    RecursionError, MemoryError: it makes no sense, or too much of it.
    """
    *statements, last = _parsed(code) or [ast.Pass()]
    reader = _Reader(inputs)
    for statement in statements:
        reader.bind(statement)
    if not isinstance(last, ast.Expr):
        raise Unknown
    match last.value:
        case ast.Call(func=func, args=args, keywords=[]) if _dotted(func) in ROUNDINGS and 0 < len(args) < 3:
            return reader.array(args[0]), arrays.whole(reader.array(args[1])) if args[1:] else 0
        case ast.Call(func=ast.Attribute(value=value, attr="round"), args=args, keywords=[]) if len(args) < 2:
            return reader.array(value), arrays.whole(reader.array(args[0])) if args else 0
        case expression:
            return reader.array(expression), None


@lru_cache(maxsize=256)  # the same code for each variant
def _parsed(code: str) -> list[ast.stmt]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a warning about a card's syntax is for the card's checks to give
        return ast.parse(code).body


@cache
def _takes(name: str, arguments: int, keywords: frozenset[str]) -> bool:
    """Whether a function takes so many arguments, and these keywords."""
    try:
        inspect.signature(CALLS[name]).bind(*range(arguments), **dict.fromkeys(keywords))
    except TypeError:
        return False
    return True


def _dotted(node: ast.expr) -> str:
    """The dotted name of a function, such as `np.linalg.norm`; nothing for other expressions."""
    return ".".join(dotted(node))


def _function(node: ast.stmt | ast.expr) -> Lambda:
    match node:
        case ast.Lambda(args=args, body=body) | ast.FunctionDef(args=args, body=[ast.Return(value=ast.expr() as body)]):
            if not (args.vararg or args.kwarg or args.kwonlyargs or args.defaults):
                return Lambda(tuple(arg.arg for arg in (*args.posonlyargs, *args.args)), body)
        case ast.Assign(value=ast.expr() as value) | ast.Expr(value=value):
            return _function(value)
    raise Unknown


class _Reader:
    """The names that are bound so far, and how much was read."""

    def __init__(self, inputs: Mapping[str, Value]) -> None:
        self.inputs = inputs
        self.names: dict[str, Array | Lambda] = {}
        self.nodes = self.entries = 0

    def bind(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()) | ast.FunctionDef(name=name):
                self.names[name] = _function(statement)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._assign((name,), value)
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
                if len(names) != len(targets):
                    raise Unknown
                self._assign(tuple(names), value, unpack=True)
            case _:
                raise Unknown

    def _assign(self, names: tuple[str, ...], value: ast.expr, unpack: bool = False) -> None:
        try:
            bound = self.array(value)
            if unpack and (not bound.shape or bound.shape[0] != len(names)):
                raise Unknown
            parts = [arrays.select(bound, (i,)) for i in range(len(names))] if unpack else [bound]
            self.names.update(zip(names, parts, strict=True))
        except UNREADABLE:
            for name in names:  # from here on its given value serves, if there is one
                self.names.pop(name, None)

    def _named(self, name: str) -> Array | Lambda:
        if name not in self.names:
            if (given := self.inputs.get(name)) is None:
                raise Unknown
            statements = _parsed(given.literal) if given.kind == "function" else []
            self.names[name] = _function(statements[0]) if statements else arrays.of_value(given)
        return self.names[name]

    def array(self, node: ast.expr) -> Array:
        """The terms of an expression."""
        self.nodes += 1
        if self.nodes > MOST_NODES or self.entries > MOST_ENTRIES:
            raise Unknown
        array = self._array(node)
        self.entries += len(array.entries)
        return array

    def _array(self, node: ast.expr) -> Array:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return arrays.scalar(value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return arrays.scalar(-value)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return arrays.elementwise(terms.negative, self.array(operand))
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return arrays.matmul(self.array(left), self.array(right))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return arrays.elementwise(OPERATORS[type(op)], self.array(left), self.array(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in term_functions.COMPARISONS:
                compare = partial(terms.operation, term_functions.COMPARISONS[type(op)])
                return arrays.elementwise(compare, self.array(left), self.array(right))
            case ast.Name(id=name):
                named = self._named(name)
                if isinstance(named, Array):
                    return named
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return arrays.stack([self.array(part) for part in parts])
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript(value=value, slice=ast.Tuple(elts=parts)):
                return arrays.select(self.array(value), self._keys(self.array(value), parts))
            case ast.Subscript(value=value, slice=part):
                return arrays.select(self.array(value), self._keys(self.array(value), [part]))
            case ast.Call():
                return self._call(node)
        raise Unknown

    def _attribute(self, node: ast.Attribute) -> Array:
        match _dotted(node):
            case "np.pi" | "math.pi":
                return arrays.scalar(math.pi, r"\pi")
            case "np.e" | "math.e":
                return arrays.scalar(math.e, "e")
        receiver = self.array(node.value)
        match node.attr:
            case "T":
                return arrays.transpose(receiver)
            case "size":
                return arrays.scalar(len(receiver.entries))
            case "shape":
                return Array((len(receiver.shape),), tuple(terms.number(size) for size in receiver.shape))
        raise Unknown

    def _keys(self, array: Array, parts: list[ast.expr]) -> list[Key]:
        keys: list[Key] = []
        sizes = iter(array.shape)
        for part in parts:
            if (isinstance(part, ast.Constant) and part.value is None) or _dotted(part) == "np.newaxis":
                keys.append(None)
            elif (size := next(sizes, None)) is None:
                raise Unknown
            elif isinstance(part, ast.Slice):
                ends = (part.lower, part.upper, part.step)
                bounds = [None if end is None else arrays.whole(self.array(end)) for end in ends]
                keys.append(range(size)[slice(*bounds)])
            else:
                index = self.array(part)
                flat = [arrays.whole(Array((), (entry,))) for entry in index.entries]
                masks = any(term_functions.is_comparison(entry) for entry in index.entries)
                if masks or len(index.shape) > 1 or not all(-size <= i < size for i in flat):
                    raise Unknown
                keys.append(tuple(i % size for i in flat) if index.shape else flat[0] % size)
        return keys

    def _call(self, node: ast.Call) -> Array:
        name = _dotted(node.func)
        arguments = [self.array(argument) for argument in node.args]
        if name in self.names or name in self.inputs:
            return self._defined(name, arguments, bool(node.keywords))
        if isinstance(node.func, ast.Attribute) and not name.startswith(("np.", "math.")):
            arguments.insert(0, self.array(node.func.value))
            name = f".{node.func.attr}"
        if name not in CALLS:
            raise Unknown
        keywords = {str(k.arg): self._keyword(k) for k in node.keywords}
        if not _takes(name, len(arguments), frozenset(keywords)):
            raise Unknown
        return CALLS[name](*arguments, **keywords)

    def _keyword(self, keyword: ast.keyword) -> object:
        constant = keyword.value.value if isinstance(keyword.value, ast.Constant) else ...
        if constant is None or isinstance(constant, bool):
            return constant
        array = self.array(keyword.value)
        return array if keyword.arg == "axis" else arrays.whole(array)

    def _defined(self, name: str, arguments: list[Array], keywords: bool) -> Array:
        function = self._named(name)
        if isinstance(function, Array) or keywords or len(arguments) != len(function.parameters):
            raise Unknown
        outside = self.names
        self.names = outside | dict(zip(function.parameters, arguments, strict=True))
        try:
            result = self.array(function.body)
        finally:
            self.names = outside
        if len(arguments) == 1 and not arguments[0].shape and not result.shape:
            return Array((), (term_functions.defined(name, arguments[0].entries[0], result.entries[0]),))
        return result

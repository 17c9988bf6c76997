"""What to write instead of card code that raised an error, read off the code and the values in it."""

import ast
import re
from collections.abc import Mapping
from numbers import Number

import numpy as np

from eigendeck.worker.code.problems import Span, place
from eigendeck.worker.code.strict import NumericFault
from eigendeck.worker.code.substitutes import operators
from eigendeck.worker.job import Signs

_SHAPED = ("empty", "full", "ones", "zeros")  # their first argument is a shape


def of_error(
    error: Exception, node: ast.AST, failed: Span, text: str, values: Mapping[str, object]
) -> tuple[str, Signs]:
    """Returns what to write instead of what raised an error, or nothing, and where a `^` stands that is to be mended.

    failed: the part of the text, a part of the node, that raised it. values: what the names in it stand for.
    """
    if isinstance(error, NumericFault):
        return error.hint, ()
    if isinstance(error, OverflowError):
        return "Make the numbers smaller.", ()
    if isinstance(error, AttributeError) and isinstance(error.obj, tuple | list):
        kind = type(error.obj).__name__
        return f"An array is expected there, and this is a {kind}: make it one with `np.array(…)`.", ()
    if isinstance(error, TypeError) and "sequence by non-int" in str(error):
        return "A list or a tuple is repeated by `*`: make it an array with `np.array(…)`.", ()
    if isinstance(error, TypeError) and (name := _name_of_text(node, values)):
        return f"{name} holds text, not numbers: take the quotes around its numbers away.", ()
    if isinstance(error, ValueError) and "inhomogeneous" in str(error):
        return "The rows of an array are all of one length: put as many entries into each.", ()
    parts = (part for part in ast.walk(node) if isinstance(part, ast.expr | ast.AugAssign) and _span(part) == failed)
    part = next(parts, node)
    match part:
        case (
            ast.BinOp(op=ast.BitXor(), left=left, right=right)
            | ast.AugAssign(op=ast.BitXor(), target=left, value=right)
        ):
            start = place(text, left.end_lineno or left.lineno, left.end_col_offset or 0)
            end = place(text, right.lineno, right.col_offset)
            return "A power is `**`.", tuple(sign for sign in operators(text, "^") if start <= sign < end)
        case ast.Call(func=ast.Name(id=name)) if not callable(values.get(name, _span)):
            return f"{name} is no function: to multiply, write `{name} * (…)`.", ()
        case ast.Call(func=ast.Attribute(attr=name), args=[first, second, *_]) if name in _SHAPED and isinstance(
            error, TypeError
        ):
            sizes = f"{ast.unparse(first)}, {ast.unparse(second)}"
            return f"The shape is one argument: write `np.{name}(({sizes}))`.", ()
        case ast.Call(func=ast.Attribute(value=ast.Name(id="math"), attr=name)):
            return _of_math(name, str(error)), ()
    if isinstance(error, ValueError) and (hint := _choice(node, part)):
        return hint, ()
    shapes = _shapes(part, values)
    return f"{shapes} Entries are counted from 0." if shapes and isinstance(error, IndexError) else shapes, ()


def _span(part: ast.expr | ast.AugAssign) -> Span:
    return part.lineno, part.end_lineno, part.col_offset, part.end_col_offset


def _of_math(name: str, said: str) -> str:
    """What a function of `math` takes, by what Python says that it was given."""
    if "interpreted as an integer" in said:
        return f"math.{name} takes whole numbers: divide with `//`, or write `round(…)`."
    if "can be converted" in said:
        return f"math.{name} takes single numbers: write `np.array([math.{name}(v) for v in x])`."
    if "domain" in said or "negative" in said:
        return f"math.{name} has no value there. A line of `keep` refuses such draws."
    return "math.dist takes two points, lists of as many numbers." if name == "dist" else ""


def _choice(node: ast.AST, part: ast.AST) -> str:
    """What chooses, or joins, entry by entry where Python asks whether a whole array is true; nothing elsewhere."""
    for outer in ast.walk(node):
        if isinstance(outer, ast.IfExp) and outer.test is part:
            written = ", ".join(map(ast.unparse, (outer.test, outer.body, outer.orelse)))
            return f"To choose entry by entry, write `np.where({written})`."
        if isinstance(outer, ast.BoolOp) and part in outer.values:
            sign = " & " if isinstance(outer.op, ast.And) else " | "
            return f"Entry by entry it is `{sign.join(f'({ast.unparse(value)})' for value in outer.values)}`."
    return ""


def _shapes(part: ast.AST, values: Mapping[str, object]) -> str:
    """What the names in some code stand for, where one is an array or is indexed: most errors come from shapes."""
    names = dict.fromkeys(name.id for name in ast.walk(part) if isinstance(name, ast.Name))
    kinds = []
    for name in names:
        match values.get(name):
            case np.ndarray() as array:
                kinds.append(f"{name} has the shape {array.shape}")
            case list() | tuple() as entries:
                kinds.append(f"{name} has {len(entries)} entries")
            case Number():
                kinds.append(f"{name} is a single number, without entries")
    shaped = isinstance(part, ast.Subscript) or any(isinstance(values.get(name), np.ndarray) for name in names)
    return f"There {' and '.join(kinds[:3])}." if kinds and shaped else ""


def _name_of_text(node: ast.AST, values: Mapping[str, object]) -> str:
    """The first name in some code that stands for texts of numbers; nothing where none does."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(value := values.get(part.id), np.ndarray | list | tuple | str):
            array = np.asarray([value] if isinstance(value, str) else value, dtype=object)
            texts = [text for text in array.flat if isinstance(text, str)]
            if texts and all(re.fullmatch(r"\s*[-+]?[\d.]+(e[-+]?\d+)?\s*", text) for text in texts):
                return part.id
    return ""

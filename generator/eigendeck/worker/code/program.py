"""The program that a card shows: the inputs, the lines of `numpy`, and a `print` around the last of them."""

import ast
import re
from collections.abc import Iterable

from eigendeck.worker.code.statements import Statement
from eigendeck.worker.printing import Printed

_UNQUOTABLE = re.compile(r"[\"'\\{}\n!]|:=|lambda")


def program(inputs: Iterable[str], source: str, last: Statement, output: Printed) -> str:
    """Returns a program that after `import numpy as np` prints the answer. Where it needs `math`, it begins with it.

    inputs: the lines that make the inputs. source: the card's `numpy`, of which `last` is the last expression.
    output: how its value is printed.
    """
    body = source[: last.start].strip("\n").rstrip().removesuffix(";").rstrip()
    expression = last.source if _is_one_argument(last) else f"({last.source})"
    printing = f"print({_formatted(expression, output)})"
    if output.options:
        printing = f"with np.printoptions({output.options}):\n    {printing}"
    text = "\n".join(line for line in (*dict.fromkeys(inputs), body, printing) if line)
    nodes = ast.walk(ast.parse(text)) if "math." in text else ()
    reads_math = any(isinstance(node, ast.Name) and node.id == "math" for node in nodes)
    return f"import math\n{text}" if reads_math else text


def _formatted(expression: str, output: Printed) -> str:
    """What stands between the brackets of `print`: within a text in quotes not everything can stand."""
    argument = output.argument.format(expression)
    if output.spec and _UNQUOTABLE.search(argument):
        return f'format({argument}, "{output.spec}")'
    return f'f"{{{argument}:{output.spec}}}"' if output.spec else argument


def _is_one_argument(last: Statement) -> bool:
    """Whether a call takes an expression as it stands for one argument: it takes `1, 2` for two."""
    if not isinstance(last.node, ast.Expr) or not isinstance(last.node.value, ast.Tuple | ast.Starred):
        return True
    match ast.parse(f"f({last.source})", mode="eval").body:
        case ast.Call(ast.Name("f"), [argument], []):
            return not isinstance(argument, ast.Starred)
    return False

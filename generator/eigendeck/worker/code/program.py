"""The program that a card shows: the inputs, the lines of `numpy`, and a `print` around the last of them."""

from __future__ import annotations

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
    lines = [*dict.fromkeys(inputs), body, *_printing(_formatted(expression, output), output.options)]
    text = "\n".join(line for line in lines if line)
    return f"import math\n{text}" if _reads_math(text) else text


def _reads_math(text: str) -> bool:
    if "math." not in text:
        return False
    return any(isinstance(node, ast.Name) and node.id == "math" for node in ast.walk(ast.parse(text)))


def _printing(argument: str, options: str) -> tuple[str, ...]:
    return (f"with np.printoptions({options}):", f"    print({argument})") if options else (f"print({argument})",)


def _formatted(expression: str, output: Printed) -> str:
    """What stands between the brackets of `print`: within a text in quotes not everything can stand."""
    argument = output.argument.format(expression)
    if not output.spec:
        return argument
    return (
        f'format({argument}, "{output.spec}")' if _UNQUOTABLE.search(argument) else f'f"{{{argument}:{output.spec}}}"'
    )


def _is_one_argument(last: Statement) -> bool:
    """Whether a call takes an expression as it stands for one argument: it takes `1, 2` for two."""
    if not isinstance(last.node, ast.Expr) or not isinstance(last.node.value, ast.Tuple | ast.Starred):
        return True
    match ast.parse(f"f({last.source})", mode="eval").body:
        case ast.Call(ast.Name("f"), [argument], []):
            return not isinstance(argument, ast.Starred)
    return False

"""A program on paper: on as few lines as it takes."""

import ast
import itertools
import re

from eigendeck.render import measures

_NUMBER = re.compile(r"[A-Za-z_]\w* = -?[0-9][0-9_.]*(e-?[0-9]+)?")


def compact(program: str) -> str:
    """Returns the program with matrices on one line, and single numbers that follow each other bound on one.

    What is longer than a line of the sheet stays as it is; what the program does is unchanged.
    """
    try:
        statements = ast.parse(program).body
    except SyntaxError:
        return program
    lines = program.splitlines()
    sources = ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in statements]
    covered = [number for node in statements for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)]
    if covered != list(range(1, len(lines) + 1)):
        return program  # comments or empty lines between, or two statements on a line
    shown = [_on_one_line(source) for source in sources]
    joined: list[str] = []
    for numbers, group in itertools.groupby(shown, key=lambda source: bool(_NUMBER.fullmatch(source))):
        together = list(group)
        if numbers and len(together) > 1:
            names, values = zip(*(source.split(" = ", 1) for source in together), strict=True)
            tuple_form = f"{', '.join(names)} = {', '.join(values)}"
            together = [tuple_form] if len(tuple_form) <= measures.SHEET.line else together
        joined += together
    return "\n".join(joined)


def _on_one_line(source: str) -> str:
    flat = re.sub(r"(?<=[(\[{])\s*\n\s*|\s*\n\s*(?=[)\]}])", "", source)
    flat = re.sub(r"\s*\n\s*", " ", flat)
    if "\n" not in source or len(flat) > measures.SHEET.line:
        return source
    try:
        same = ast.dump(ast.parse(flat)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return source
    return flat if same else source

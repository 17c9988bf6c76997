"""The package stays one that a person can read: small modules, short functions, few of them at the root."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "generator/eigendeck"
MODULES = sorted(PACKAGE.rglob("*.py"))
LINES = 300  # of a module
FUNCTION = 50  # lines
PARAMETERS = 7  # that a caller has to remember the order of
OVERRIDDEN = {"draw_text"}  # as Matplotlib's RendererBase has it


def _too_large(source: str) -> Iterator[str]:
    if (lines := source.count("\n")) > LINES:
        yield f"{lines} lines"
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION:
            yield f"{node.name}: {lines} lines"
        # Of a command and of an overridden method somebody else decides what they take.
        if node.name in OVERRIDDEN or node.decorator_list:
            continue
        if (count := len(node.args.posonlyargs) + len(node.args.args)) > PARAMETERS + 1:
            yield f"{node.name}: {count} parameters"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_a_module_is_small(module: Path) -> None:
    assert list(_too_large(module.read_text(encoding="utf-8"))) == []


def test_the_root_holds_few_modules() -> None:
    assert len([module for module in PACKAGE.glob("*.py") if module.stem != "__init__"]) <= 10


def test_what_is_too_large_is_seen() -> None:
    names = ", ".join("abcdefghi")
    assert list(_too_large("x = 1\n" * 301)) == ["301 lines"]
    assert list(_too_large(f"def f({names}):\n" + "    x = 1\n" * 50)) == ["f: 51 lines", "f: 9 parameters"]

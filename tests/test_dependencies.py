"""What is declared is imported, what is imported is declared, and the worker's contract forbids all but NumPy."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PACKAGE = (*(ROOT / "generator" / "eigendeck").rglob("*.py"),)
TESTS = (*(ROOT / "tests").rglob("*.py"), ROOT / "generator" / "make_fonts.py")
distributions = cache(packages_distributions)  # that bring a module, by its name
OWN = {"eigendeck", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
# Called, not imported: by what is to be seen that they are.
TOOLS = {
    "hatchling": "-m hatchling",
    "import-linter": "lint-imports",
    "mypy": "/mypy",
    "pytest-xdist": "pytest -n",
    "ruff": "/ruff",
}
# Imported by a call: it may be missing.
ASKED_FOR = ("importlib.import_module", "pytest.importorskip")
# Anki's window: `make` installs it without what it needs, so it is declared nowhere.
BY_MAKE = {"aqt"}


def called(function: ast.Attribute) -> str:
    return f"{function.value.id}.{function.attr}" if isinstance(function.value, ast.Name) else ""


@cache
def imported(paths: tuple[Path, ...], *, at_once: bool = False) -> set[str]:
    """The distributions that modules import; at_once: as they are loaded, not within a function or for types alone."""
    modules: set[str] = set()
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body if at_once else ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and called(node.func) in ASKED_FOR:
                modules.add(ast.literal_eval(node.args[0]).partition(".")[0])
            if isinstance(node, ast.Import):
                modules |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    foreign = modules - OWN - sys.stdlib_module_names
    return {normalized(distributions()[module][0]) for module in foreign}


def declared(requirements: Iterable[str]) -> set[str]:
    """The distributions that requirements name."""
    return {normalized(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}


def normalized(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def faults(project: dict[str, Any]) -> list[str]:
    """What is wrong with the dependencies of a pyproject.toml."""
    extras = {name: declared(requirements) for name, requirements in project["optional-dependencies"].items()}
    needed, optional, test = (
        declared(project["dependencies"]),
        extras["anki"] | extras["cluster"] | extras["pdf"] | extras["preview"],
        extras["test"],
    )
    stubs = {name for name in test if name.startswith("types-")}
    in_package, in_tests = imported(PACKAGE), imported(TESTS) - BY_MAKE
    uncalled = {name for name in TOOLS if TOOLS[name] not in MAKEFILE}
    compared = {
        "imported by the package, not declared": in_package - needed - optional,
        "declared for the package, never imported": (needed | optional) - in_package,
        "an extra, but imported at once": imported(PACKAGE, at_once=True) & optional,
        "imported by tests, not declared": in_tests - test - needed,
        "declared for tests, never imported or called": test - in_tests - optional - (TOOLS.keys() - uncalled) - stubs,
        "types of what the package never imports": {name.removeprefix("types-") for name in stubs} - in_package,
    }
    return [f"{what}: {', '.join(sorted(names))}" for what, names in compared.items() if names]


def test_what_is_declared_is_imported_and_the_other_way_round() -> None:
    assert faults(PROJECT["project"]) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"dependencies": ["requests"]}, "declared for the package, never imported: requests"),
        ({"test": ["requests>=2"]}, "declared for tests, never imported or called: requests"),
        ({"pdf": ["weasyprint"]}, "declared for the package, never imported: weasyprint"),
        ({"pdf": ["typer"]}, "an extra, but imported at once: typer"),
        ({"test": ["types-requests"]}, "types of what the package never imports: requests"),
    ],
)
def test_the_guard_refuses_a_dependency_too_many(change: dict[str, list[str]], fault: str) -> None:
    project = PROJECT["project"]
    extras = {name: was + change.get(name, []) for name, was in project["optional-dependencies"].items()}
    more = project["dependencies"] + change.get("dependencies", [])
    assert fault in faults({"dependencies": more, "optional-dependencies": extras})


def test_the_guard_refuses_a_dependency_too_few() -> None:
    project = PROJECT["project"]
    fewer = [requirement for requirement in project["dependencies"] if not requirement.startswith("rich")]
    assert "imported by the package, not declared: rich" in faults({**project, "dependencies": fewer})


def test_the_workers_contract_forbids_all_that_the_dependencies_bring_but_numpy() -> None:
    project = PROJECT["project"]
    dependencies = declared(project["dependencies"]).union(*map(declared, project["optional-dependencies"].values()))
    modules = {
        module
        for module, bring in distributions().items()
        if dependencies & set(map(normalized, bring)) and re.fullmatch(r"[a-zA-Z]\w*", module)
    }
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if one.get("source_modules") == ["eigendeck.worker"]]
    assert set(contract["forbidden_modules"]) == modules - {"numpy"} | BY_MAKE

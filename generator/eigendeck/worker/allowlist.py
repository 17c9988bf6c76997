"""The names and the syntax that card code may use, as `allowlist.toml` lists them. Everything else is refused."""

import ast
import itertools
import tomllib
from pathlib import Path

LIST = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

NUMPY = frozenset(itertools.chain.from_iterable(LIST["numpy"].values()))
MODULES = {module: frozenset(names) for module, names in LIST["modules"].items()} | {
    "random": frozenset({"default_rng"})
}
MATH = frozenset(LIST["math"]["names"])
VALUES = frozenset(itertools.chain.from_iterable(LIST["values"].values()))
BUILTINS = frozenset(LIST["builtins"]["names"])
NODES = frozenset(getattr(ast, name) for names in LIST["syntax"].values() for name in names)

# What is said of the names and nodes that authors reach for. It refuses nothing by itself.
LEFT_OUT = {name: entry["why"] for entry in LIST["left_out"] for name in entry["names"]}
NO_SYNTAX = {name: entry["says"] for entry in LIST["no_syntax"] for name in entry["nodes"]}

"""What is wrong with each node of a syntax tree. A node is judged by what it is and by the two nodes above it alone.

A kind of node that is not on the list is refused with all that hangs on it; one that is on it and has no judge here is
right wherever it stands.
"""

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from eigendeck.worker.allowlist import BUILTINS, LEFT_OUT, MATH, MODULES, NO_SYNTAX, NODES, NUMPY, VALUES
from eigendeck.worker.code import substitutes
from eigendeck.worker.code.names import dotted
from eigendeck.worker.code.problems import Problem, foreign_letters, place
from eigendeck.worker.suggest import meant

Family = tuple[ast.AST, ast.AST, ast.AST]  # a node, the one above it, and the one above that

_ELSEWHERE = "only NumPy is here, as np, and math"
_MODULES = {"np": "NumPy", "math": "Python's module"}  # the names that are there and that nothing else may have


@dataclass(slots=True)
class Reading:
    """What is known of a piece while its nodes are judged, and the problems found so far.

    names: what it may read from the start. bound: what it binds itself, each with the line where it first is.
    imported: what of that it would import, which is refused once.
    """

    source: str
    names: frozenset[str]
    bound: Mapping[str, int]
    imported: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = BUILTINS | self.names | self.bound.keys()

    def refuse(self, node: ast.AST, message: str, hint: str = "", *, dot: bool = False) -> None:
        """Notes a problem at a node. dot: at an attribute's own name."""
        self.problems.append(Problem(*self.place(node, dot=dot), message, hint))

    def misspelt(self, node: ast.AST, name: str) -> bool:
        """Whether nothing may have a name that a node gives or reads, which is then noted."""
        private = name.startswith("_") and name != "_"
        if not private and name.isascii():
            return False
        spot = self.place(node, dot=True)
        wrong = Problem(*spot, f"`{name}`: names that begin with _ are not available")
        self.problems.append(wrong if private else foreign_letters(*spot, name))
        return True

    def place(self, node: ast.AST, *, dot: bool = False) -> tuple[int, int]:
        """Returns the line and column of a node. dot: of an attribute's own name."""
        if dot and isinstance(node, ast.Attribute):
            byte = (node.end_col_offset or 0) - len(node.attr.encode())
            return place(self.source, node.end_lineno or node.lineno, max(byte, 0))
        return place(self.source, getattr(node, "lineno", 1), getattr(node, "col_offset", 0))


def judge(nodes: Iterable[Family], reading: Reading) -> None:
    """Notes what is wrong with the nodes of a piece, each of which comes after those above it."""
    passed_over: set[ast.AST] = set()
    for node, parent, grandparent in nodes:
        kind = type(node)
        if passed_over and parent in passed_over:
            passed_over.add(node)
        elif kind not in NODES:
            _refused_kind(node, reading)
            passed_over.add(node)
        elif kind in _JUDGES and _JUDGES[kind](node, parent, grandparent, reading) is False:
            passed_over.add(node)


def _refused_kind(node: ast.AST, reading: Reading) -> None:
    name, hint = type(node).__name__, ""
    if isinstance(node, ast.Import | ast.ImportFrom):
        whole = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
        hint = substitutes.of_import(whole.partition(".")[0])
    reading.refuse(node, NO_SYNTAX.get(name, f"`{name}` is not available in card code"), hint)


# ---- a judge for each kind of node that is not always right; it says False where its parts are not worth a look


def _name(node: ast.Name, parent: ast.AST, _: ast.AST, reading: Reading) -> None:
    if reading.misspelt(node, node.id):
        pass
    elif node.id in _MODULES:
        if not isinstance(node.ctx, ast.Load):
            reading.refuse(node, _stays(node.id))
        elif not isinstance(parent, ast.Attribute):
            reading.refuse(node, f"{node.id} is used as {node.id}.NAME only")
    elif node.id not in reading.known:
        if node.id in substitutes.ELSEWHERE:
            reading.refuse(node, _ELSEWHERE, substitutes.of_module([node.id]))
        elif node.id in dir(builtins):
            reading.refuse(node, *_left_out(node.id, ()))
        else:
            undefined = Problem(*reading.place(node), f'"{node.id}" is not defined', _here(node, reading), node.id)
            reading.problems.append(undefined)


def _stays(name: str) -> str:
    return f"{name} is {_MODULES[name]} and stays so: choose another name"


def _here(node: ast.Name, reading: Reading) -> str:
    """The names that there are at a line: not those that it, or a later one, is only about to bind."""
    if node.id in NUMPY:
        return f"Write np.{node.id}."
    before = {name for name, line in reading.bound.items() if line < node.lineno}
    here = sorted((reading.names | before) - _MODULES.keys())
    listed = f"here are: {', '.join(here[:20])}." if here else ""
    return f"{listed} {_nearest(node.id, here)}".strip()


def _attribute(node: ast.Attribute, parent: ast.AST, grandparent: ast.AST, reading: Reading) -> bool | None:
    names = dotted(node)
    if reading.imported and _root(node) in reading.imported - _MODULES.keys():
        return False
    if names and names[0] in substitutes.ELSEWHERE and names[0] not in reading.known:
        reading.refuse(node, _ELSEWHERE, substitutes.of_module(names))
        return False
    if not isinstance(node.ctx, ast.Load):
        reading.refuse(node, f"`.{node.attr} =` is not available: attributes are only read", dot=True)
        return None
    if reading.misspelt(node, node.attr):
        return None
    match names:
        case ["math", name]:
            if name not in MATH:
                hint = substitutes.of_module(names) or _nearest(name, MATH, "math.")
                reading.refuse(node, f"`math.{name}` is not available in card code", hint)
        case ["math", first, *_] if first not in MATH:
            pass
        case ["np", name]:
            _numpy_name(node, name, parent, grandparent, reading)
        case ["np", module, name] if module in MODULES:
            _module_name(node, module, name, parent, reading)
        case ["np", first, *_] if first not in NUMPY and first not in MODULES:
            pass  # `np.f2py.os.system`: refused once, at np.f2py
        case _ if node.attr not in VALUES:
            message, hint = _left_out(node.attr, VALUES, ".")
            if names[:1] == ["rng"] and node.attr in substitutes.OLD_DRAWS:
                hint = f"Write rng.{substitutes.OLD_DRAWS[node.attr]}."
            reading.refuse(node, message, hint, dot=True)
    return None


def _root(node: ast.AST) -> str:
    """The name on which `pd.Series(x).sum` hangs; nothing where it is none."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _numpy_name(node: ast.Attribute, name: str, parent: ast.AST, grandparent: ast.AST, reading: Reading) -> None:
    if name == "errstate":
        called = isinstance(parent, ast.Call) and parent.func is node
        if not (called and isinstance(grandparent, ast.withitem)):
            reading.refuse(node, "`np.errstate` stands in a `with` line only", "with np.errstate(divide='ignore'):")
    elif name in MODULES:
        if not isinstance(parent, ast.Attribute):
            example = {"linalg": "norm", "random": "default_rng(SEED)"}.get(name, name)
            reading.refuse(node, f"`np.{name}` is a module: name what you want of it, as in np.{name}.{example}")
    elif name not in NUMPY:
        reading.refuse(node, *_left_out(name, NUMPY, "np."))


def _module_name(node: ast.Attribute, module: str, name: str, parent: ast.AST, reading: Reading) -> None:
    if module == "random":
        if name != "default_rng":
            message = f"`np.random.{name}` is not available: draw from rng, or the seed has no effect"
            reading.refuse(node, message, substitutes.of_draw(name))
        elif not (isinstance(parent, ast.Call) and parent.func is node and _has_seed(parent)):
            reading.refuse(node, "`np.random.default_rng` needs its seed: np.random.default_rng(SEED)")
    elif name not in MODULES[module]:
        reading.refuse(node, *_left_out(name, MODULES[module], f"np.{module}."))


def _has_seed(call: ast.Call) -> bool:
    seeds = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "seed")]
    return bool(seeds) and not (isinstance(seeds[0], ast.Constant) and seeds[0].value is None)


def _with(node: ast.With, _: ast.AST, __: ast.AST, reading: Reading) -> bool | None:
    for item in node.items:
        match item:
            case ast.withitem(ast.Call(ast.Attribute(ast.Name("np"), "errstate"), []) as call, None):
                for keyword in call.keywords:
                    if not isinstance(keyword.value, ast.Constant):
                        reading.refuse(keyword.value, "np.errstate takes plain words: 'ignore', 'warn', 'raise'")
            case _:
                reading.refuse(item.context_expr, "`with` is for np.errstate(...) only")
                return False
    return None


def _binder(node: ast.FunctionDef | ast.arg, _: ast.AST, __: ast.AST, reading: Reading) -> None:
    for decorator in getattr(node, "decorator_list", ()):
        reading.refuse(decorator, "decorators are not available")
    name, annotation = (node.arg, node.annotation) if isinstance(node, ast.arg) else (node.name, node.returns)
    for part in filter(None, (annotation, *getattr(node, "type_params", ()))):
        reading.refuse(part, "annotations are not available")
    if not reading.misspelt(node, name) and name in _MODULES:
        reading.refuse(node, _stays(name))


def _keyword(node: ast.keyword, _: ast.AST, __: ast.AST, reading: Reading) -> None:
    if node.arg is None:
        reading.refuse(node, "`**` in a call is not available: write the arguments out")
    else:
        reading.misspelt(node, node.arg)


def _constant(node: ast.Constant, _: ast.AST, __: ast.AST, reading: Reading) -> None:
    if isinstance(node.value, bytes):
        reading.refuse(node, "bytes are not available: write text, without the b")
    elif isinstance(node.value, str) and not node.value.isascii() and re.search("[\ud800-\udfff]", node.value):
        reading.refuse(node, "a text holds half a character")  # no file and no page could be written with it


_JUDGES: dict[type[ast.AST], Callable[..., bool | None]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.With: _with,
    ast.FunctionDef: _binder,
    ast.arg: _binder,
    ast.keyword: _keyword,
    ast.Constant: _constant,
}


# ---- words


def _left_out(name: str, known: Iterable[str], before: str = "") -> tuple[str, str]:
    """The message for a name that is not on the list, and where no reason is known the listed name that is nearest."""
    if name in LEFT_OUT:
        return f"`{before}{name}` {LEFT_OUT[name]}", ""
    return f"`{before}{name}` is not available in card code", _nearest(name, known, before)


def _nearest(name: str, known: Iterable[str], before: str = "") -> str:
    close = meant(name, known)
    return f'Did you mean "{before}{close}"?' if close else ""

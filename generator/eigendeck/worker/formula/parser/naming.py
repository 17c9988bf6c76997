r"""How symbols of a formula are spelled as names in Python: `\hat{y}` as y_hat, `\lambda` as lam."""

from collections.abc import Collection
from dataclasses import replace

from eigendeck.worker.formula.parser import tree as t

_OTHERS = {
    "\\lambda": ("lam", "lambda_", "lamda", "lmbda"),
    "\\epsilon": ("epsilon", "eps"),
    "\\varepsilon": ("epsilon", "eps", "varepsilon"),
    "\\varphi": ("phi", "varphi"),
    "\\vartheta": ("theta", "vartheta"),
    "\\varsigma": ("sigma",),
    "\\varrho": ("rho",),
    "\\ell": ("ell", "l"),
    "\\partial": (),
    "\\infty": (),
}
_MARKS = {"*": ("_star",), "°": ("_0", "0", "_std", "_standard"), "+": ("_plus",), "-": ("_minus",)}
MOST = 24  # spellings of one symbol
LONGEST = 12  # letters side by side that are one name


@t.of_tree
def spellings(node: t.Node) -> tuple[str, ...]:
    """Returns the names that a symbol may have in code, the likeliest first."""
    match node:
        case t.Symbol(name):
            return _OTHERS.get(name, (name.removeprefix("\\"),))
        case t.Words(text):
            return (text.replace(" ", "_").replace("-", "_"),)
        case t.Accented("Delta", base):
            plain = spellings(base)
            return tuple(form for name in plain for form in (f"Delta_{name}", f"delta_{name}", f"D{name}", f"d{name}"))
        case t.Accented(accent, base):
            plain = spellings(base)
            found = [form for name in plain for form in (f"{name}_{accent}", f"{name}{accent}", f"{accent}_{name}")]
            return tuple(found[:MOST])  # accents upon accents
        case t.Indexed(base, indices):
            parts = [_index(index) for index in indices]
            if not all(parts):
                return ()
            joined = "".join(parts)
            found = [form for name in spellings(base) for form in (f"{name}_{joined}", f"{name}{joined}")]
            if isinstance(base, t.Accented):  # `\bar x_1`, the mean of x_1
                found += spellings(t.Accented(base.accent, t.Indexed(base.base, indices)))
            if isinstance(base, t.Marked):  # `p_A^*`
                found += spellings(t.Marked(t.Indexed(base.base, indices), base.mark))
            return tuple(found[:MOST])
        case t.Marked(base, t.Words(mark)) if mark in _MARKS:
            return tuple(f"{name}{end}" for name in spellings(base) for end in _MARKS[mark])
    return ()


def is_name(node: t.Node) -> bool:
    """Whether a node is a symbol, with its accents, marks and subscripts."""
    while isinstance(node, t.Indexed | t.Marked | t.Accented | t.Primed):
        node = node.base
    return isinstance(node, t.Symbol | t.Words)


def name_of(node: t.Node, names: Collection[str]) -> str:
    """Returns the name among `names` that a symbol has, or nothing."""
    for name in spellings(node):
        if name in names:
            return name
    return ""


def _index(node: t.Node) -> str:
    match node:
        case t.Number(text):
            return text
        case t.Symbol() | t.Words():
            return next(iter(spellings(node)), "")
        case t.Product(factors, between) if not any(between):
            parts = [_index(factor) for factor in factors]
            return "".join(parts) if all(parts) else ""
    return ""


def joined_letters(clause: t.Chain, names: Collection[str]) -> t.Chain:
    """Returns a clause in which letters that spell an input, such as TP, are one symbol where not all are inputs."""
    return replace(clause, sides=tuple(_joined(side, names) for side in clause.sides))


def _joined(node: t.Node, names: Collection[str]) -> t.Node:
    node = t.rebuilt(node, lambda part: _joined(part, names))
    if not isinstance(node, t.Product):
        return node
    factors, between = list(node.factors), list(node.between)
    start = 0
    while start < len(factors):
        for end in range(min(len(factors), start + LONGEST), start + 1, -1):
            run = [part.name for part in factors[start:end] if isinstance(part, t.Symbol) and not part.font]
            word = "".join(run) if len(run) == end - start and not any(between[start : end - 1]) else ""
            if word in names and not all(letter in names for letter in run):
                factors[start:end], between[start : end - 1] = [t.Symbol(word)], []
                break
        start += 1
    return t.product(factors, between)

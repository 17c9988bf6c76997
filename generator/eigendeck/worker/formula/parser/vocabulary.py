"""The words of the grammar: which commands are letters, relations, operators and functions."""

from __future__ import annotations

_LETTERS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    ell partial infty emptyset hbar %"""
GREEK = frozenset(_LETTERS.split())
FONTS = {"mathbf": "bold", "boldsymbol": "bold", "mathbb": "bb", "mathcal": "cal", "mathfrak": "cal"}
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "vec": "vec"}
ACCENTS |= {"dot": "dot", "ddot": "ddot"}

RELATIONS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "propto": "∝", "in": "∈",
    "to": "→", "rightarrow": "→", "longrightarrow": "→", "leftarrow": "←", "gets": "←", "equiv": "=", "sim": "∼",
    "mapsto": "↦", "ll": "≪", "gg": "≫", "perp": "⊥", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cong": "≅",
    "simeq": "≃", "succ": "≻", "prec": "≺", "succeq": "⪰", "preceq": "⪯", "parallel": "∥", "leftrightarrow": "↔",
    "supset": "⊃", "supseteq": "⊇", "ni": "∋",
}  # fmt: skip
IMPLICATIONS = frozenset(["iff", "implies", "Rightarrow", "Leftarrow", "Leftrightarrow"])
EVENTS = {"cap": "∩", "cup": "∪", "setminus": "∖", "wedge": "∧", "vee": "∨", "land": "∧", "lor": "∨"}
TIMES = {"cdot": "cdot", "times": "times", "odot": "odot", "bullet": "cdot"}
MARKS = {"ast": "*", "star": "*", "dagger": "†", "circ": "°"}

# Functions that take their argument with or without brackets.
FUNCTIONS = {
    "log": "log", "ln": "log", "lg": "lg", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "arcsin",
    "arccos": "arccos", "arctan": "arctan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "det": "det", "dim": "dim",
    "cot": "cot", "sec": "sec", "csc": "csc", "coth": "coth", "gcd": "gcd",
}  # fmt: skip
WORDS = {
    "tr": "tr", "trace": "tr", "rank": "rank", "span": "span", "diag": "diag", "det": "det", "dim": "dim",
    "softmax": "softmax", "sigmoid": "sigmoid", "relu": "relu", "sign": "sign", "sgn": "sign", "log": "log",
    "exp": "exp", "var": "var", "std": "std", "sd": "std", "cov": "cov", "corr": "corr", "tanh": "tanh",
    "logsumexp": "logsumexp", "mean": "mean", "median": "median", "abs": "abs", "sqrt": "sqrt", "lg": "lg",
    "gcd": "gcd", "lcm": "lcm",
}  # fmt: skip
BIG = {"sum": "sum", "prod": "prod", "int": "int", "lim": "lim", "max": "max", "min": "min"}
BIG_WORDS = {"argmax": "argmax", "argmin": "argmin", "max": "max", "min": "min"}
_SQUARED = "log lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan"
SQUARED_IN_FRONT = frozenset(_SQUARED.split())  # `\log(x)^2`: of what?
LINEAR = frozenset(["tr", "rank", "dim", "det", "diag", "span"])  # `\operatorname{tr} AB` is of all that follows
STATISTICS = frozenset(["var", "std", "cov", "corr", "mean"])
_COMMANDS = "frac tfrac dfrac sqrt binom nabla arg begin langle lfloor lceil ldots cdots dots"
STARTERS = frozenset(_COMMANDS.split()) | GREEK | FONTS.keys() | ACCENTS.keys() | FUNCTIONS.keys() | BIG.keys()
AND = frozenset(["where", "with", "and", "so", "then", "i.e.", "that is", "so that", "hence"])  # another clause follows

"""The words of the grammar: which commands are letters, relations, operators and functions."""

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
    "supset": "⊃", "supseteq": "⊇", "ni": "∋", "leqslant": "≤", "geqslant": "≥", "lesssim": "≲", "gtrsim": "≳",
    "asymp": "≍", "longleftarrow": "←", "longleftrightarrow": "↔", "rightleftharpoons": "⇌", "leftrightharpoons": "⇋",
}  # fmt: skip
_IMPLICATIONS = """iff implies Rightarrow Leftarrow Leftrightarrow Longrightarrow Longleftarrow Longleftrightarrow
therefore because"""
IMPLICATIONS = frozenset(_IMPLICATIONS.split())
EVENTS = {"cap": "∩", "cup": "∪", "setminus": "∖", "wedge": "∧", "vee": "∨", "land": "∧", "lor": "∨"}
TIMES = {"cdot": "cdot", "times": "times", "odot": "odot", "bullet": "cdot"}
MARKS = {"ast": "*", "star": "*", "dagger": "†", "circ": "°"}

# Functions that take their argument with or without brackets.
_NAMED = "log lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth det dim gcd"
FUNCTIONS = {name: name for name in _NAMED.split()} | {"ln": "log"}
_UPRIGHT = """tr rank span diag det dim softmax sigmoid relu sign log lg exp var std cov corr tanh logsumexp mean median
abs sqrt gcd lcm"""
WORDS = {name: name for name in _UPRIGHT.split()} | {"trace": "tr", "sgn": "sign", "sd": "std"}
BIG = frozenset(["sum", "prod", "int", "lim", "max", "min"])
BIG_WORDS = frozenset(["argmax", "argmin", "max", "min"])
_SQUARED = "log lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan"
SQUARED_IN_FRONT = frozenset(_SQUARED.split())  # `\log(x)^2`: of what?
LINEAR = frozenset(["tr", "rank", "dim", "det", "diag", "span"])  # `\operatorname{tr} AB` is of all that follows
STATISTICS = frozenset(["var", "std", "cov", "corr", "mean"])
_COMMANDS = "frac tfrac dfrac sqrt binom nabla arg begin langle lfloor lceil ldots cdots dots"
STARTERS = frozenset(_COMMANDS.split()) | GREEK | FONTS.keys() | ACCENTS.keys() | FUNCTIONS.keys() | BIG
IF = frozenset(["if", "for", "when", "falls", "für", "wenn", "si", "pour", "para"])  # a case's condition follows
AND = frozenset(["where", "with", "and", "so", "then", "i.e.", "that is", "so that", "hence"])  # another clause follows

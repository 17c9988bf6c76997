"""A tree back as LaTeX, for messages: not always as it was written, but what it says."""

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.vocabulary import FUNCTIONS

_RELATIONS = {"≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx", "∝": "\\propto", "∈": "\\in", "→": "\\to"}
_RELATIONS |= {"←": "\\leftarrow", "∼": "\\sim", "⇌": "\\rightleftharpoons", "⇋": "\\leftrightharpoons"}
_EVENTS = {"∩": "\\cap", "∪": "\\cup", "∖": "\\setminus", "∧": "\\wedge", "∨": "\\vee", "|": "\\mid"}
_FONTS = {"bold": "mathbf", "bb": "mathbb", "cal": "mathcal"}
_NAMES = frozenset(FUNCTIONS.values())


@t.of_tree
def spelled(node: t.Node) -> str:
    """Returns a node as LaTeX."""
    match node:
        case t.Number(text):
            return text
        case t.Symbol(name, font):
            plain = name if len(name) == 1 or name.startswith("\\") else f"\\operatorname{{{name}}}"
            return f"\\{_FONTS[font]}{{{name}}}" if font else plain
        case t.Words(text):
            return f"\\text{{{text}}}"
        case t.All():
            return ":"
        case t.Dots():
            return "\\ldots"
        case t.Accented(accent, base):
            return f"\\{accent}{{{spelled(base)}}}"
        case t.Indexed(base, indices):
            return f"{_tight(base)}_{_braced(','.join(map(spelled, indices)))}"
        case t.Marked(base, mark):
            plain = mark.text if isinstance(mark, t.Words) and len(mark.text) == 1 else spelled(mark)
            return f"{_tight(base)}^{_braced(plain)}"
        case t.Primed(base, count):
            return _tight(base) + "'" * count
        case t.Power(base, exponent):
            return f"{_tight(base)}^{_braced(spelled(exponent))}"
        case t.Transposed(base):
            return f"{_tight(base)}^\\top"
        case t.Factorial(base):
            return f"{_tight(base)}!"
        case t.Negative(body, both):
            return ("\\pm " if both else "-") + _factor(body)
        case t.Sum(terms):
            signed = (("" if isinstance(term, t.Negative) else "+") + spelled(term) for term in terms)
            return "".join(signed).removeprefix("+")
        case t.Product(factors, between):
            signs = ["", *(f"\\{sign} " if sign else " " for sign in between)]
            closed = [*(_closed(item) for item in factors[:-1]), _factor(factors[-1])]
            return "".join(sign + item for sign, item in zip(signs, closed, strict=True))
        case t.Fraction(top, bottom, slash, rest):
            if slash:
                return "/".join([_factor(top), " ".join([_below(bottom), *map(_factor, rest)])])
            return f"\\frac{{{spelled(top)}}}{{{spelled(bottom)}}}"
        case t.Chain(sides, relations):
            words = [spelled(sides[0])]
            for relation, side in zip(relations, sides[1:], strict=True):
                words += [_RELATIONS.get(relation, relation), spelled(side)]
            return " ".join(words)
        case _:
            return _construct(node)


def _construct(node: t.Node) -> str:
    match node:
        case t.Bound(_, _, stood):
            return spelled(stood)
        case t.Root(body, degree):
            return f"\\sqrt{f'[{spelled(degree)}]' if degree else ''}{{{spelled(body)}}}"
        case t.Choose(top, bottom):
            return f"\\binom{{{spelled(top)}}}{{{spelled(bottom)}}}"
        case t.Big(operator, below, above, body):
            sign = operator.replace("arg", "\\arg\\") if operator.startswith("arg") else f"\\{operator}"
            under = f"_{_braced(spelled(below))}" if below else ""
            return f"{sign}{under}{f'^{_braced(spelled(above))}' if above else ''} {_factor(body)}"
        case t.Function(name, arguments, below):
            sign = f"\\{name}" if name in _NAMES else f"\\operatorname{{{name}}}"
            return f"{sign}{f'_{_braced(spelled(below))}' if below else ''}({', '.join(map(spelled, arguments))})"
        case t.Call(head, arguments):
            return f"{spelled(head)}({', '.join(map(spelled, arguments))})"
        case t.Event(operator, left, right):
            return f"{spelled(left)}{_EVENTS[operator]} {spelled(right)}"
        case t.Norm(body, kind):
            return f"\\lVert {spelled(body)}\\rVert{f'_{_braced(spelled(kind))}' if kind else ''}"
        case t.Absolute(body):
            return f"|{spelled(body)}|"
        case t.Tuple(items, "××"):
            return "(" + "\\times ".join(map(spelled, items)) + ")"
        case t.Tuple(items, brackets):
            opening, closing = ("\\{", "\\}") if brackets == "{}" else (brackets[0], brackets[1])
            return f"{opening}{', '.join(map(spelled, items))}{closing}"
        case t.Matrix(rows):
            inner = r" \\ ".join(" & ".join(map(spelled, row)) for row in rows)
            return f"\\begin{{bmatrix}}{inner}\\end{{bmatrix}}"
        case t.Cases(rows):
            cases = [f"{spelled(value)} & {spelled(when) if when else ''}" for value, when in rows]
            return "\\begin{cases}" + " \\\\ ".join(cases) + "\\end{cases}"
        case t.Derivative(of, by, sign):
            space = "" if sign == "d" else " "
            return f"\\frac{{{sign}{space}{spelled(of)}}}{{{sign}{space}{spelled(by)}}}"
        case t.Gradient(of, by):
            return f"\\nabla{f'_{_braced(spelled(by))}' if by else ''} {_below(of)}"
    raise TypeError(type(node).__name__)


def _factor(node: t.Node) -> str:
    loose = t.Sum | t.Negative | t.Event
    return f"({spelled(node)})" if isinstance(node, loose) else spelled(node)


def _below(node: t.Node) -> str:
    return f"({spelled(node)})" if isinstance(node, t.Product | t.Fraction) else _closed(node)


def _closed(node: t.Node) -> str:
    """A factor that does not reach into the next one."""
    return f"({spelled(node)})" if isinstance(node, t.Big) else _factor(node)


def _tight(node: t.Node) -> str:
    single = isinstance(
        node, t.Symbol | t.Number | t.Words | t.Accented | t.Indexed | t.Call | t.Norm | t.Absolute | t.Bound | t.Primed
    )
    return spelled(node) if single else f"({spelled(node)})"


def _braced(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"

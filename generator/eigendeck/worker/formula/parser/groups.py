r"""What stands between brackets, functions with names, and signs with limits such as \sum: how far they reach."""

from collections.abc import Callable

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.cursor import Cursor
from eigendeck.worker.formula.parser.naming import is_name
from eigendeck.worker.formula.parser.vocabulary import BIG, BIG_WORDS, FUNCTIONS, IF, LINEAR, SQUARED_IN_FRONT, WORDS
from eigendeck.worker.latex_tokens import Token

CLOSED_BY = {"(": (")", "]"), "[": ("]", ")"), "\\{": ("\\}",)}  # [0, 1) is an interval
_ROWS = frozenset(["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "cases"])


class Groups(Cursor):
    """The part of the parser for brackets, functions and signs."""

    def brackets(self, opening: str) -> t.Node:
        """An expression in brackets, a list, or a shape."""
        items = self.items(opening)
        closing = self.expect(*CLOSED_BY[opening])
        brackets = opening[-1] + closing[-1]
        if len(items) > 1 or opening == "\\{":
            return t.Tuple(items, brackets)
        if brackets in ("(]", "[)"):
            raise Unread(f"`{opening}` is not closed", self.token.at)
        item = items[0]
        if isinstance(item, t.Product) and set(item.between) == {"times"} and opening == "(":
            return t.Tuple(item.factors, "××")
        return item

    def items(self, opening: str) -> tuple[t.Node, ...]:
        """Expressions or conditions with commas between them."""
        with self.inside(opening):
            items = [self.item(opening)]
            while self.takes(",", ";") or (self.token.kind == "space" and opening != "call"):
                while self.token.kind == "space":
                    self.next()
                items.append(self.item(opening))
        return tuple(items)

    def item(self, opening: str) -> t.Node:
        chain = self.chain()
        item = chain if chain.relations else chain.sides[0]
        if opening == "call" and (self.is_command("mid") or self.is_sign("|", "‖") or self.is_command("parallel")):
            self.next()
            return t.Event("|", item, self.item(opening))
        return item

    def called(self, node: t.Node) -> t.Node:
        """A symbol with the brackets behind it, and their scripts."""
        head = node.base if isinstance(node, t.Power) else node
        indicator = isinstance(node, t.Symbol) and node.name == "1" and node.font in ("bold", "bb")
        expectation = head == t.Symbol("E", "bb")
        if indicator and self.is_sign("\\{", "[", "("):
            return self.scripted(t.Function("indicator", self.arguments()))
        if expectation and isinstance(node, t.Symbol) and self.starts_factor() and not self.is_sign("(", "["):
            return t.Call(node, (self.factor(),))  # `\mathbb{E} X`
        if is_name(node) and self.is_sign("(", "["):
            return self.scripted(t.Call(node, self.arguments()))
        return node

    def arguments(self) -> tuple[t.Node, ...]:
        """What stands between the brackets behind a function."""
        opening = self.next().text
        items = self.items("call")
        self.expect(CLOSED_BY[opening][0])
        return items

    def rows(self, token: Token) -> t.Node:
        """A matrix, or cases."""
        kind = self._environment()
        if kind not in _ROWS:
            raise Unread(f"\\begin{{{kind}}} is not executed", token.at)
        rows: list[list[t.Node]] = [[]]
        while not self.is_command("end"):
            if self.takes("\\\\"):
                rows.append([])
            elif self.is_sign("&", ",") or self.token.kind == "space" or self.token.text in IF:
                self.next()
            else:
                with self.inside("("):
                    rows[-1].append(self.item("row"))
        self.next()
        if self._environment() != kind:
            raise Unread(f"\\begin{{{kind}}} is not closed", token.at)
        rows = [row for row in rows if row]
        if kind == "cases" and rows:
            return t.Cases(tuple(self._case(row, token, row is rows[-1]) for row in rows))
        if not rows or len({len(row) for row in rows}) != 1:
            raise Unread("the rows of the matrix differ in length", token.at)
        matrix = t.Matrix(tuple(map(tuple, rows)))
        return t.Function("det", (matrix,)) if kind == "vmatrix" else matrix

    def _case(self, row: list[t.Node], token: Token, last: bool) -> tuple[t.Node, t.Node | None]:
        match row:
            case [value] | [value, t.Words()] if last:  # the rest, whatever it is called
                return value, None
            case [value, t.Chain() as condition]:
                return value, condition
        raise Unread("a case needs one condition, as in `x > 0`", token.at)

    def _environment(self) -> str:
        self.expect("{")
        name = ""
        while self.token.kind in ("letter", "number"):
            name += self.next().text
        self.expect("}")
        return name

    # ---- functions and signs

    def function(self, name: str, written: str = "") -> t.Node:
        """A function and its argument. written: its name in upright letters."""
        below, above = self._limits(self.argument)
        if above == t.Negative(t.Number("1")) and name in SQUARED_IN_FRONT:
            if name not in ("sin", "cos", "tan"):
                raise Unread(rf"\{name}^{{-1}} may be an inverse or a reciprocal: write \frac{{1}}{{…}}", self.token.at)
            name, above = f"arc{name}", None
        if name == "lg":
            name, below = "log", t.Number("10")
        if self.is_sign("(", "[") or (name in ("span", "diag") and self.is_sign("\\{")):
            call = t.Function(name, self.arguments(), below)
            if above is None and name in SQUARED_IN_FRONT and self.is_sign("^"):
                raise Unread(f"a power behind \\{name}(…) may be of either: put brackets around it", self.token.at)
            return self.scripted(t.Power(call, above) if above else call)
        if not self.starts_factor():
            symbol = t.Indexed(t.Symbol(written or name), (below,)) if below else t.Symbol(written or name)
            return t.Power(symbol, above) if above else symbol
        start = self.token.at
        run = [self.factor()]
        while self.starts_factor() and not self._ends_argument():
            run.append(self.factor())
        if len(run) > 1 and name not in LINEAR and not isinstance(run[0], t.Number):
            raise Unread(f"how far \\{name} reaches is not clear: put brackets around its argument", start)
        call = t.Function(name, (t.product(run),), below)
        return t.Power(call, above) if above else call

    def starts_big(self) -> bool:
        """Whether a sign with limits comes next, as a command or in upright letters."""
        kind, text = self.token.kind, self.token.text
        if kind == "word":
            return text.replace(" ", "").lower() in BIG_WORDS
        return kind == "command" and (text in BIG or text == "arg")

    def _ends_argument(self) -> bool:
        """Whether another function or sign comes next, or a `dx`, which ends the function that is integrated."""
        kind, text = self.token.kind, self.token.text
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        differential = text == "d" and "d" not in self.names and following.kind in ("letter", "command")
        named = text.lower() in WORDS if kind == "word" else kind == "command" and text in FUNCTIONS
        return differential or named or self.starts_big()

    def big(self) -> t.Node:
        """A sign, what stands below and above it, and the term that it reaches."""
        token = self.next()
        if token.text == "arg" and token.kind == "command":
            other = self.next()
            if other.kind != "command" or other.text not in ("max", "min"):
                raise Unread("\\arg stands without \\max or \\min", token.at)
            operator = "arg" + other.text
        else:
            operator = token.text.replace(" ", "").lower()
        below, above = self._limits(self._below)
        if operator in ("max", "min") and below is None:
            if self.is_sign("(", "[", "\\{"):
                return self.scripted(t.Function(operator, self.arguments()))
            if self.starts_factor():
                return t.Function(operator, (self.factor(),))
        if not self.starts_factor() and not self.is_sign("-"):
            return t.Indexed(t.Symbol(operator), (below,)) if below else t.Symbol(operator)
        return t.Big(operator, below, above, self.body())

    def _limits(self, read_below: Callable[[], t.Node]) -> tuple[t.Node | None, t.Node | None]:
        """What stands below and above."""
        below, above = None, None
        while self.is_sign("_", "^"):
            if self.next().text == "_":
                below = read_below()
            else:
                above = self.argument()
        return below, above

    def _below(self) -> t.Node:
        """What stands below a sign: a letter, letters, or conditions."""
        if not self.takes("{"):
            return self.argument()
        items = self.items("{")
        self.expect("}")
        return items[0] if len(items) == 1 else t.Tuple(items, "{}")

    def gradient(self) -> t.Node:
        r"""\nabla and what it is of."""
        self.next()
        by = self.argument() if self.takes("_") else None
        if self.is_sign("^"):
            raise Unread("a power of \\nabla is not executed", self.token.at)
        if not self.starts_factor():
            return t.Symbol("\\nabla")
        return t.Gradient(self.factor(), by)

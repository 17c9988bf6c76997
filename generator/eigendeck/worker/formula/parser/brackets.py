"""What stands between brackets: expressions, arguments, bars, and rows."""

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.cursor import Cursor
from eigendeck.worker.formula.parser.naming import is_name
from eigendeck.worker.latex_tokens import Token

CLOSED_BY = {"(": (")", "]"), "[": ("]", ")"), "\\{": ("\\}",)}  # [0, 1) is an interval
BARS = {"|": ("|", "|>"), "|<": ("|>", "|"), "‖": ("‖", "‖>"), "‖<": ("‖>", "‖")}
_ROWS = frozenset(["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "cases"])


class Brackets(Cursor):
    """The part of the parser for brackets."""

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

    def bars(self, opening: str) -> t.Node:
        body = self.enclosed(opening[0], *BARS[opening])
        return t.Absolute(body) if opening[0] == "|" else t.Norm(body)

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
            elif self.is_sign("&", ",") or self.token.kind == "space" or self.token.text in ("if", "for", "when"):
                self.next()
            else:
                with self.inside("("):
                    rows[-1].append(self.item("row"))
        self.next()
        if self._environment() != kind:
            raise Unread(f"\\begin{{{kind}}} is not closed", token.at)
        rows = [row for row in rows if row]
        if kind == "cases" and rows:
            return t.Cases(tuple(self._case(row, token) for row in rows))
        if not rows or len({len(row) for row in rows}) != 1:
            raise Unread("the rows of the matrix differ in length", token.at)
        matrix = t.Matrix(tuple(map(tuple, rows)))
        return t.Function("det", (matrix,)) if kind == "vmatrix" else matrix

    def _case(self, row: list[t.Node], token: Token) -> tuple[t.Node, t.Node | None]:
        match row:
            case [value] | [value, t.Words(), *_]:
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

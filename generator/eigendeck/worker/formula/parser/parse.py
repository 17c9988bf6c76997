"""LaTeX → tree, by recursive descent. What is outside the grammar is refused with its place, never guessed."""

from collections.abc import Collection

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.cursor import is_remark
from eigendeck.worker.formula.parser.scripts import Scripts
from eigendeck.worker.formula.parser.vocabulary import AND, EVENTS, IMPLICATIONS, RELATIONS, TIMES

SLASHES = 10  # in one term


def parse(latex: str, names: Collection[str] = ()) -> tuple[t.Chain, ...]:
    r"""Returns the clauses of a formula, each a chain of sides.

    names: those of the card's inputs. With an input `d`, `\frac{dr}{dk}` is no derivative; with an input `T`, `A^T`
    is no transpose. Raises Unread where something in it is outside the grammar.
    """
    try:
        return Parser(latex, names).clauses()
    except RecursionError:
        raise Unread("nested too deeply", 0) from None


def parse_expression(latex: str, names: Collection[str] = ()) -> t.Node:
    """Returns the one expression that a key of `reads` is. Raises Unread where it is no expression."""
    found = parse(latex, names)
    if len(found) != 1 or found[0].relations:
        raise Unread("is not one expression", 0)
    return found[0].sides[0]


class Parser(Scripts):
    """Reads clauses, chains of relations, sums and terms; factors and their scripts stand in `Scripts`."""

    def clauses(self) -> tuple[t.Chain, ...]:
        found: list[t.Chain] = []
        while self.token.kind != "end":
            if self._separates():
                self.next()
            elif is_remark(self.token):
                while self.token.kind not in ("end", "space"):  # a condition in words, and all that belongs to it
                    self.next()
            else:
                chain = self.chain()
                inner = chain.sides[0]
                found.append(inner if isinstance(inner, t.Chain) and not chain.relations else chain)  # `(where …)`
                if self.token.kind != "end" and not self._separates() and not is_remark(self.token):
                    raise Unread(f"{self.quoted} does not belong here", self.token.at)
        if not found:
            raise Unread("is empty", 0)
        return tuple(found)

    def _separates(self) -> bool:
        token = self.token
        return (
            token.kind == "space"
            or (token.kind == "text" and token.text.lower() in AND)
            or (token.kind == "sign" and token.text in (",", ";", ":", "\\\\"))
            or (token.kind == "command" and token.text in IMPLICATIONS)
            or (token.kind == "sign" and token.text == "." and self.tokens[self.at + 1].kind in ("end", "space"))
        )

    def chain(self) -> t.Chain:
        sides, relations = [self.sum()], []
        while relation := self._relation():
            relations.append(relation)
            sides.append(self.sum())
        return t.Chain(tuple(sides), tuple(relations))

    def _relation(self) -> str:
        at = self.at + (self.token.kind == "space")  # a wide space before a relation only moves it
        token = self.tokens[at]
        found = RELATIONS.get(token.text, "") if token.kind == "command" else ""
        found = token.text if token.kind == "sign" and token.text in "=<>" else found
        self.at = at + 1 if found else self.at
        return found

    def sum(self) -> t.Node:
        r"""Terms with + and - between them, and events with \cap."""
        with self.deeper():
            terms = [self._signed()]
            while self.is_sign("+", "-") or self.is_command("pm"):
                terms.append(self._signed())
            node = terms[0] if len(terms) == 1 else t.Sum(tuple(terms))
            while self.token.kind == "command" and self.token.text in EVENTS:
                operator = EVENTS[self.token.text]
                self.next()
                node = t.Event(operator, node, self.term())
            if self.is_command("bmod"):
                self.next()
                node = t.Function("mod", (node, self.term()))
            return node

    def _signed(self) -> t.Node:
        negative = both = False
        while self.is_sign("+", "-") or self.is_command("pm"):
            both = both or self.token.text == "pm"
            negative ^= self.token.text == "-"
            self.next()
        body = self.term()
        return t.Negative(body, both) if negative or both else body

    def body(self) -> t.Node:
        """What a sum sign, or its kind, reaches: the term after it, which may begin with a minus sign."""
        with self.deeper():
            return self._signed()

    def term(self) -> t.Node:
        r"""Factors side by side, or with \cdot, \times, \odot or / between them."""
        factors, between, slashes = [self.factor()], [], 0
        while True:
            if self.token.kind == "command" and self.token.text in TIMES:
                between.append(TIMES[self.token.text])
                self.next()
                factors.append(self.factor())
            elif self.token.text == "/" or self.is_command("div"):
                slashes += 1
                if slashes > SLASHES:
                    raise Unread("too many fractions in one line", self.token.at)
                self.next()
                factors, between = [self._slash(t.product(factors, between))], []
            elif self.starts_factor():
                token = self.token
                between.append("")
                factors.append(self.factor())
                bare = token.kind == "number" or token.text in ("frac", "tfrac", "dfrac")
                if bare and isinstance(factors[-2], t.Number) and _is_number(factors[-1]):  # `1\tfrac12` reads as 1.5
                    raise Unread(r"two numbers side by side: write `\cdot` between them, or a decimal", token.at)
            else:
                return t.product(factors, between)

    def _slash(self, top: t.Node) -> t.Node:
        bottom, rest = self.factor(), []
        while self.starts_factor():
            rest.append(self.factor())
        if bottom == t.Symbol("\\partial") and rest and (of := _differential(top, "\\partial")):
            derivative = t.Derivative(of, rest[0], "\\partial")
            return t.product([derivative, *rest[1:]])
        return t.Fraction(top, bottom, slash=True, rest=tuple(rest))

    def fraction(self) -> t.Node:
        r"""\frac with its two arguments, which may be a derivative."""
        top, bottom = self.argument(), self.argument()
        for sign in ("\\partial",) if "d" in self.names else ("\\partial", "d"):
            by = _differential(bottom, sign)
            if by and top == t.Symbol(sign) and self.starts_factor():
                return t.Derivative(self.factor(), by, sign)
            if by and (of := _differential(top, sign)):
                return t.Derivative(of, by, sign)
        return t.Fraction(top, bottom)


def _is_number(node: t.Node) -> bool:
    """Whether a node is a number, or a fraction of two."""
    parts = (node.top, node.bottom) if isinstance(node, t.Fraction) else (node,)
    return all(isinstance(part, t.Number) for part in parts)


def _differential(node: t.Node, sign: str) -> t.Node | None:
    """The x of `dx`, if this is what a node says."""
    if not isinstance(node, t.Product) or node.factors[0] != t.Symbol(sign) or any(node.between):
        return None
    return t.product(node.factors[1:]) if len(node.factors) == 2 or sign == "\\partial" else None

"""Factors: numbers, symbols, brackets, functions and signs such as \\sum, each with its subscripts and superscripts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from eigendeck.worker.formula import tree as t
from eigendeck.worker.formula.tokens import Token, Unread
from eigendeck.worker.formula.vocabulary import (
    ACCENTS,
    BIG,
    BIG_WORDS,
    FONTS,
    FUNCTIONS,
    GREEK,
    LINEAR,
    MARKS,
    SQUARED_IN_FRONT,
    WORDS,
)

T = TypeVar("T")

DEPTH = 80  # of sums, factors and arguments inside each other
CLOSED_BY = {"(": (")", "]"), "[": ("]", ")"), "\\{": ("\\}",)}  # [0, 1) is an interval
BARS = {"|": ("|", "|>"), "|<": ("|>", "|"), "‖": ("‖", "‖>"), "‖<": ("‖>", "‖")}
_COMMANDS = frozenset("frac tfrac dfrac sqrt binom nabla arg operatorname begin langle lfloor lceil ldots cdots dots".split())
_STARTERS = _COMMANDS | GREEK | FONTS.keys() | ACCENTS.keys() | FUNCTIONS.keys() | BIG.keys()
_ROWS = frozenset("matrix pmatrix bmatrix Bmatrix vmatrix cases".split())


class Scripts:
    """The part of the parser below terms."""

    def __init__(self, found: list[Token], names: Collection[str]) -> None:
        self.tokens, self.names = found, names
        self.at = self._depth = 0
        self._waiting: list[str] = []  # which brackets are open: "(", "call", "|", "‖"

    # ---- the grammar above, in `Parser`

    def chain(self) -> t.Chain:
        """Sides with relations between them."""
        raise NotImplementedError

    def sum(self) -> t.Node:
        """Terms."""
        raise NotImplementedError

    def body(self) -> t.Node:
        """One term with its sign."""
        raise NotImplementedError

    def fraction(self) -> t.Node:
        """What \\frac makes."""
        raise NotImplementedError

    # ---- tokens

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    @property
    def quoted(self) -> str:
        """It, as a message shows it."""
        token = self.token
        mark = "\\" if token.kind == "command" else ""
        return "the end" if token.kind == "end" else f"`{mark}{token.text}`"

    def next(self) -> Token:
        """Takes a token."""
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def is_command(self, name: str) -> bool:
        """Whether this command comes next."""
        return self.token.kind == "command" and self.token.text == name

    def is_sign(self, *signs: str) -> bool:
        """Whether one of these signs comes next."""
        return self.token.kind == "sign" and self.token.text in signs

    def expect(self, *signs: str) -> str:
        """Takes one of these signs."""
        if not self.is_sign(*signs):
            raise Unread(f"{self.quoted} stands where `{signs[0]}` is expected", self.token.at)
        return self.next().text

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further in."""
        self._depth += 1
        if self._depth > DEPTH:
            raise Unread("nested too deeply", self.token.at)
        yield
        self._depth -= 1

    # ---- factors

    def starts_factor(self) -> bool:
        """Whether a factor can begin here, behind another."""
        token = self.token
        if token.kind in ("number", "letter", "word", "text"):
            return True
        if token.kind == "command":
            return token.text in _STARTERS
        if token.kind != "sign":
            return False
        waiting = self._waiting[-1] if self._waiting else ""
        if token.text in ("|", "‖"):
            return waiting not in (token.text, "call")
        return token.text in ("(", "[", "\\{", "{", "|<", "‖<")

    def factor(self) -> t.Node:
        """One factor with its scripts and arguments."""
        with self.deeper():
            token = self.token
            if token.kind == "command" and (token.text in BIG or token.text == "arg"):
                return self._big()
            if token.kind == "word" and token.text.replace(" ", "").lower() in BIG_WORDS:
                return self._big()
            if token.kind == "command" and token.text in FUNCTIONS:
                return self._function(FUNCTIONS[self.next().text])
            if token.kind == "word" and (name := WORDS.get(token.text.lower())):
                self.next()
                return self._function(name, token.text)
            if token.kind == "command" and token.text == "nabla":
                return self._gradient()
            return self._called(self.scripted(self._primary()))

    def _primary(self) -> t.Node:
        token = self.next()
        match token.kind:
            case "number":
                return t.Number(token.text)
            case "letter":
                return t.Symbol(token.text)
            case "word":
                return t.Symbol(token.text)
            case "text":
                return t.Words(token.text)
            case "command":
                return self._command(token)
            case "sign":
                if token.text in CLOSED_BY:
                    return self._brackets(token.text)
                if token.text == "{":
                    found = self.sum()
                    self.expect("}")
                    return found
                if token.text in BARS:
                    return self._bars(token.text)
        self.at = self.tokens.index(token)
        raise Unread(f"{self.quoted} stands where an expression is expected", token.at)

    def _command(self, token: Token) -> t.Node:
        name = token.text
        if name in GREEK:
            return t.Symbol("\\" + name)
        if name in FONTS:
            return self._in_font(FONTS[name], self.argument(), token)
        if name in ACCENTS:
            return t.Accented(ACCENTS[name], self.argument())
        if name in ("frac", "tfrac", "dfrac"):
            return self.fraction()
        if name == "binom":
            return t.Choose(self.argument(), self.argument())
        if name == "sqrt":
            degree = None
            if self.is_sign("["):
                self.next()
                degree = self._inside("[", self.sum)
                self.expect("]")
            return t.Root(self.argument(), degree)
        if name == "begin":
            return self._rows(token)
        if name in ("ldots", "cdots", "dots"):
            return t.Dots()
        if name in ("langle", "lfloor", "lceil"):
            close = {"langle": "rangle", "lfloor": "rfloor", "lceil": "rceil"}[name]
            items = self._items("(")
            if not self.is_command(close):
                raise Unread(f"\\{name} is not closed", token.at)
            self.next()
            return t.Function({"langle": "inner", "lfloor": "floor", "lceil": "ceil"}[name], items)
        raise Unread(f"\\{name} is not executed", token.at)

    def _in_font(self, font: str, body: t.Node, token: Token) -> t.Node:
        if isinstance(body, t.Symbol):
            return t.Symbol(body.name, font)
        if isinstance(body, t.Number) and body.text in "01":
            return t.Symbol(body.text, "bb" if font == "bb" else "bold")
        if isinstance(body, t.Accented) and isinstance(body.base, t.Symbol):
            return t.Accented(body.accent, t.Symbol(body.base.name, font))
        raise Unread(f"\\{token.text} around more than a letter is not executed", token.at)

    def argument(self) -> t.Node:
        """What a command or a script takes: braces, or one token."""
        with self.deeper():
            if self.is_sign("{"):
                self.next()
                found = self._inside("{", self.sum)
                self.expect("}")
                return found
            if self.token.kind == "number" and len(self.token.text) > 1:  # `\frac12`: each digit for itself
                token = self.token
                self.tokens[self.at] = Token("number", token.text[1:], token.at + 1, token.end)
                return t.Number(token.text[0])
            return self._primary()

    def _inside(self, bracket: str, read: Callable[[], T]) -> T:
        self._waiting.append(bracket)
        found = read()
        self._waiting.pop()
        return found

    # ---- brackets

    def _brackets(self, opening: str) -> t.Node:
        items = self._items(opening)
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

    def _items(self, opening: str) -> tuple[t.Node, ...]:
        """Expressions or conditions with commas between them."""

        def read() -> tuple[t.Node, ...]:
            items = [self._item(opening)]
            while self.is_sign(",", ";") or (self.token.kind == "space" and opening != "call"):
                self.next()
                while self.token.kind == "space":
                    self.next()
                items.append(self._item(opening))
            return tuple(items)

        return self._inside(opening, read)

    def _item(self, opening: str) -> t.Node:
        chain = self.chain()
        item = chain if chain.relations else chain.sides[0]
        if opening == "call" and (self.is_command("mid") or self.is_sign("|", "‖") or self.is_command("parallel")):
            self.next()
            return t.Given(item, self._item(opening))
        return item

    def _bars(self, opening: str) -> t.Node:
        body = self._inside(opening[0], self.sum)
        self.expect(*BARS[opening])
        return t.Absolute(body) if opening[0] == "|" else t.Norm(body)

    def _called(self, node: t.Node) -> t.Node:
        """A symbol with the brackets behind it, and their scripts."""
        head = node.base if isinstance(node, t.Power) else node
        indicator = isinstance(node, t.Symbol) and node.name == "1" and node.font in ("bold", "bb")
        expectation = head == t.Symbol("E", "bb")
        if indicator and self.is_sign("\\{", "[", "("):
            return self.scripted(t.Function("indicator", self._arguments()))
        if expectation and isinstance(node, t.Symbol) and self.starts_factor() and not self.is_sign("(", "["):
            return t.Call(node, (self.factor(),))  # `\mathbb{E} X`
        named = isinstance(node, t.Symbol | t.Indexed | t.Accented | t.Primed | t.Marked | t.Words)
        if named and _is_name(node) and self.is_sign("(", "["):
            return self.scripted(t.Call(node, self._arguments()))
        return node

    def _arguments(self) -> tuple[t.Node, ...]:
        opening = self.next().text
        items = self._items("call")
        self.expect(CLOSED_BY[opening][0])
        return items

    def _rows(self, token: Token) -> t.Node:
        kind = self._environment()
        if kind not in _ROWS:
            raise Unread(f"\\begin{{{kind}}} is not executed", token.at)
        rows: list[list[t.Node]] = [[]]
        while not self.is_command("end"):
            if self.is_sign("\\\\"):
                self.next()
                rows.append([])
            elif self.is_sign("&") or self.token.kind == "space" or self.is_sign(","):
                self.next()
            else:
                rows[-1].append(self._inside("(", lambda: self._item("row")))
        self.next()
        if self._environment() != kind:
            raise Unread(f"\\begin{{{kind}}} is not closed", token.at)
        rows = [row for row in rows if row]
        if kind == "cases":
            return t.Cases(tuple(self._case(row, token) for row in rows))
        if not rows or len({len(row) for row in rows}) != 1:
            raise Unread("the rows of the matrix differ in length", token.at)
        matrix = t.Matrix(tuple(map(tuple, rows)))
        return t.Function("det", (matrix,)) if kind == "vmatrix" else matrix

    def _case(self, row: list[t.Node], token: Token) -> tuple[t.Node, t.Node | None]:
        if len(row) == 1:
            return row[0], None
        condition = row[1]
        if isinstance(condition, t.Words):
            return row[0], None
        if len(row) > 2 or not isinstance(condition, t.Chain):
            raise Unread("a case needs one condition, as in `x > 0`", token.at)
        return row[0], condition

    def _environment(self) -> str:
        self.expect("{")
        name = ""
        while self.token.kind in ("letter", "number"):
            name += self.next().text
        self.expect("}")
        return name

    # ---- functions and signs with limits

    def _function(self, name: str, written: str = "") -> t.Node:
        below, above = None, None
        while self.is_sign("_", "^"):
            if self.next().text == "_":
                below = self.argument()
            else:
                above = self.argument()
        if self.is_sign("(", "[") or (name in ("span", "diag") and self.is_sign("\\{")):
            call = t.Function(name, self._arguments(), below)
            if above is None and name in SQUARED_IN_FRONT and self.is_sign("^"):
                raise Unread(f"a power behind \\{name}(…) may be of either: put brackets around it", self.token.at)
            return self.scripted(t.Power(call, above) if above is not None else call)
        if not self._starts_argument():
            symbol: t.Node = t.Symbol(written or name)
            symbol = t.Indexed(symbol, (below,)) if below is not None else symbol
            return t.Power(symbol, above) if above is not None else symbol
        start = self.token.at
        run = [self.factor()]
        while self._starts_argument() and not self._starts_function():
            run.append(self.factor())
        if len(run) > 1 and name not in LINEAR and not isinstance(run[0], t.Number):
            raise Unread(f"how far \\{name} reaches is not clear: put brackets around its argument", start)
        argument = run[0] if len(run) == 1 else t.Product(tuple(run), ("",) * (len(run) - 1))
        call = t.Function(name, (argument,), below)
        return t.Power(call, above) if above is not None else call

    def _starts_argument(self) -> bool:
        return self.starts_factor()

    def _starts_function(self) -> bool:
        token = self.token
        if token.kind == "word":
            return token.text.lower() in WORDS or token.text.replace(" ", "").lower() in BIG_WORDS
        return token.kind == "command" and (token.text in FUNCTIONS or token.text in BIG or token.text == "arg")

    def _big(self) -> t.Node:
        token = self.next()
        if token.text == "arg" and token.kind == "command":
            other = self.next()
            if other.kind != "command" or other.text not in ("max", "min"):
                raise Unread("\\arg stands without \\max or \\min", token.at)
            operator = "arg" + other.text
        else:
            operator = BIG_WORDS[token.text.replace(" ", "").lower()] if token.kind == "word" else BIG[token.text]
        below, above = None, None
        while self.is_sign("_", "^"):
            if self.next().text == "_":
                below = self._below()
            else:
                above = self.argument()
        if operator in ("max", "min") and below is None:
            if self.is_sign("(", "[", "\\{"):
                return self.scripted(t.Function(operator, self._arguments()))
            if self.starts_factor():
                return t.Function(operator, (self.factor(),))
        if not self.starts_factor() and not self.is_sign("-"):
            symbol: t.Node = t.Symbol(operator)
            return t.Indexed(symbol, (below,)) if below is not None else symbol
        return t.Big(operator, below, above, self.body())

    def _below(self) -> t.Node:
        """What stands below a sign: a letter, letters, or conditions."""
        if not self.is_sign("{"):
            return self.argument()
        self.next()
        items = self._items("{")
        self.expect("}")
        return items[0] if len(items) == 1 else t.Tuple(items, "{}")

    def _gradient(self) -> t.Node:
        self.next()
        by = None
        if self.is_sign("_"):
            self.next()
            by = self.argument()
        if self.is_sign("^"):
            raise Unread("a power of \\nabla is not executed", self.token.at)
        if not self.starts_factor():
            return t.Symbol("\\nabla")
        return t.Gradient(self.factor(), by)

    # ---- scripts

    def scripted(self, base: t.Node) -> t.Node:
        """A node with the subscripts, superscripts and strokes behind it."""
        below: tuple[t.Node, ...] | None = None
        above: list[t.Node | str] = []
        strokes, first, start = 0, "", self.token.at
        while self.is_sign("_", "^", "'", "!"):
            sign = self.next().text
            first = first or sign
            if sign == "'":
                strokes += 1
            elif sign == "!":
                above.append("!")
            elif sign == "_":
                if below is not None:
                    raise Unread("two subscripts", start)
                below = self._indices()
            else:
                above.append(self._above())
            if len(above) > 2 or strokes > 3:
                raise Unread("too many superscripts", start)
        node = base
        if strokes:
            node = t.Primed(node, strokes)
        for mark in above:
            if isinstance(mark, t.Marked):
                node = t.Marked(node, mark.mark)
        powers = [mark for mark in above if not isinstance(mark, t.Marked)]
        matrix = any(mark == "⊤" or mark == t.Negative(t.Number("1")) for mark in powers)
        if below is not None and matrix and _several(below):
            if first != "^":
                raise Unread("whether the superscript is of the matrix or of its entry is not clear", start)
            return t.Indexed(_raised(node, powers), below)
        if below is not None:
            if isinstance(node, t.Norm):
                node = t.Norm(node.body, below[0])
            else:
                node = t.Indexed(node, below)
        return _raised(node, powers)

    def _above(self) -> t.Node | str:
        token = self.token
        if token.kind == "command" and token.text in ("top", "intercal", "prime", *MARKS):
            self.next()
            return "⊤" if token.text == "top" else t.Marked(t.All(), t.Words(MARKS.get(token.text, "'")))
        if self.is_sign("*", "+"):
            return t.Marked(t.All(), t.Words(self.next().text))
        if token.kind == "letter" and token.text == "T" and "T" not in self.names:
            self.next()
            return "⊤"
        if not self.is_sign("{"):
            return self._mark_or_power(self.argument())
        inner = self.tokens[self.at + 1], self.tokens[min(self.at + 2, len(self.tokens) - 1)]
        if inner[1].kind == "sign" and inner[1].text == "}":
            self.next()
            found = self._above()
            self.expect("}")
            return found
        if inner[0].text in ("-", "(") and inner[0].kind == "sign":
            start = self.at
            self.next()
            self.next()
            if inner[0].text == "-" and (self.is_command("top") or (self.token.text == "T" and "T" not in self.names)):
                self.next()
                self.expect("}")
                return "-⊤"
            if inner[0].text == "(":
                items = self._items("(")
                self.expect(")")
                if self.is_sign("}"):
                    self.next()
                    return t.Marked(t.All(), t.Tuple(items, "()"))
            self.at = start
        return self._mark_or_power(self.argument())

    def _mark_or_power(self, node: t.Node) -> t.Node:
        return t.Marked(t.All(), node) if isinstance(node, t.Words) else node

    def _indices(self) -> tuple[t.Node, ...]:
        if not self.is_sign("{"):
            if self.is_command("max") or self.is_command("min"):
                return (t.Symbol(self.next().text),)
            return (self.argument(),)
        self.next()

        def read() -> tuple[t.Node, ...]:
            found: list[t.Node] = []
            while not self.is_sign("}"):
                if self.is_sign(","):
                    self.next()
                elif self.is_sign(":"):
                    self.next()
                    found.append(t.All())
                else:
                    item = self._item("{")
                    letters = isinstance(item, t.Product) and not any(item.between)
                    if letters and isinstance(item, t.Product) and all(map(t.is_letter, item.factors)):
                        found += item.factors
                    else:
                        found.append(item)
                if len(found) > 8 or self.token.kind == "end":
                    raise Unread("the subscript is not closed", self.token.at)
            return tuple(found)

        found = self._inside("{", read)
        self.expect("}")
        if not found:
            raise Unread("the subscript is empty", self.token.at)
        return found


def _several(below: tuple[t.Node, ...]) -> bool:
    return len(below) > 1 or (isinstance(below[0], t.Number) and len(below[0].text) > 1)


def _raised(node: t.Node, powers: list[t.Node | str]) -> t.Node:
    for power in powers:
        if power == "⊤":
            node = t.Transposed(node)
        elif power == "-⊤":
            node = t.Transposed(t.Power(node, t.Negative(t.Number("1"))))
        elif power == "!":
            node = t.Factorial(node)
        elif isinstance(power, t.Node):
            node = t.Power(node, power)
    return node


def _is_name(node: t.Node) -> bool:
    """Whether a node is a symbol, with accents, marks and subscripts."""
    while isinstance(node, t.Indexed | t.Accented | t.Primed | t.Marked):
        node = node.base
    return isinstance(node, t.Symbol | t.Words)

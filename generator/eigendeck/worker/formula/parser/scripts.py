"""Factors: numbers, symbols, brackets, functions and signs, each with its subscripts and superscripts."""

from dataclasses import replace
from functools import reduce

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.groups import CLOSED_BY, Groups
from eigendeck.worker.formula.parser.vocabulary import ACCENTS, FONTS, FUNCTIONS, GREEK, MARKS, WORDS
from eigendeck.worker.latex_tokens import Token

_Script = t.Marked | t.Power | t.Transposed | t.Factorial
_BASE = t.All()  # stands in a superscript where what it is of will stand
_TRANSPOSED, _INVERSE = t.Transposed(_BASE), t.Power(_BASE, t.Negative(t.Number("1")))
_BARS = {"|": ("|", "|>"), "|<": ("|>", "|"), "‖": ("‖", "‖>"), "‖<": ("‖>", "‖")}
_LOW = frozenset(["max", "min", "parallel", "perp"])  # commands that stand alone below a symbol


class Scripts(Groups):
    """The part of the parser below terms."""

    def factor(self) -> t.Node:
        """One factor with its scripts and arguments."""
        with self.deeper():
            token = self.token
            if self.starts_big():
                return self.big()
            if token.kind == "command" and token.text in FUNCTIONS:
                return self.function(FUNCTIONS[self.next().text])
            if token.kind == "word" and (name := WORDS.get(token.text.lower())):
                self.next()
                return self.function(name, token.text)
            if token.kind == "command" and token.text == "nabla":
                return self.gradient()
            return self.called(self.scripted(self._primary()))

    def _primary(self) -> t.Node:
        token = self.next()
        match token.kind:
            case "number":
                return t.Number(token.text)
            case "letter" | "word":
                return t.Symbol(token.text)
            case "text":
                return t.Words(token.text)
            case "command":
                return self._command(token)
            case "sign":
                if token.text in CLOSED_BY:
                    return self.brackets(token.text)
                if token.text == "{":
                    found = self.sum()
                    self.expect("}")
                    return found
                if token.text in _BARS:
                    body = self.enclosed(token.text[0], *_BARS[token.text])
                    return t.Absolute(body) if token.text[0] == "|" else t.Norm(body)
        self.at = self.tokens.index(token)
        raise Unread(f"{self.quoted} stands where an expression is expected", token.at)

    def _command(self, token: Token) -> t.Node:
        name = token.text
        named = self.token.kind in ("letter", "word") or (self.token.kind == "command" and self.token.text in GREEK)
        if name == "Delta" and "Delta" not in self.names and named:
            return t.Accented(name, self._primary())  # `\Delta t` is one symbol
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
            degree = self.enclosed("[", "]") if self.takes("[") else None
            return t.Root(self.argument(), degree)
        if name == "begin":
            return self.rows(token)
        if name in ("ldots", "cdots", "dots"):
            return t.Dots()
        if name in ("langle", "lfloor", "lceil"):
            items = self.items("(")
            if not self.is_command("r" + name[1:]):
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
            if self.takes("{"):
                return self.enclosed("{", "}")
            if self.token.kind == "number" and len(self.token.text) > 1:  # `\frac12`: each digit for itself
                token = self.token
                self.tokens[self.at] = Token("number", token.text[1:], token.at + 1, token.end)
                return t.Number(token.text[0])
            return self._primary()

    def scripted(self, base: t.Node) -> t.Node:
        """A node with the subscripts, superscripts and strokes behind it."""
        below: tuple[t.Node, ...] | None = None
        above: list[_Script] = []
        strokes, first, start = 0, "", self.token.at
        while self.is_sign("_", "^", "'", "!"):
            sign = self.next().text
            first = first or sign
            if sign == "'":
                strokes += 1
            elif sign == "!":
                if t.Factorial(_BASE) in above:
                    raise Unread("a double factorial is not executed", start)
                above.append(t.Factorial(_BASE))
            elif sign == "_":
                if below is not None:
                    raise Unread("two subscripts", start)
                below = self._indices()
            else:
                above.append(self._above())
            if len(above) > 2 or strokes > 3:
                raise Unread("too many superscripts", start)
        marks = [mark for mark in above if isinstance(mark, t.Marked)]
        powers = [mark for mark in above if not isinstance(mark, t.Marked)]
        node = reduce(_on, marks, t.Primed(base, strokes) if strokes else base)
        matrix = _TRANSPOSED in powers or _INVERSE in powers
        if matrix and below and (len(below) > 1 or (isinstance(below[0], t.Number) and len(below[0].text) > 1)):
            if first != "^":
                raise Unread("whether the superscript is of the matrix or of its entry is not clear", start)
            return t.Indexed(reduce(_on, powers, node), below)
        if below is not None:
            node = t.Norm(node.body, below[0]) if isinstance(node, t.Norm) else t.Indexed(node, below)
        return reduce(_on, powers, node)

    def _above(self) -> _Script:
        """What a superscript makes of its base."""
        start, braced = self.at, self.takes("{")
        mark = self._mark(braced)
        if mark and (not braced or self.takes("}")):
            return mark
        self.at = start
        node = self.argument()
        return t.Marked(_BASE, node) if isinstance(node, t.Words) else t.Power(_BASE, node)

    def _mark(self, braced: bool) -> _Script | None:
        """A transpose, or a mark; nothing where a power comes next."""
        token = self.next()
        if (token.kind, token.text) == ("command", "top") or (token.text == "T" and "T" not in self.names):
            return _TRANSPOSED
        if token.kind == "command" and token.text in ("intercal", "prime", *MARKS):
            return t.Marked(_BASE, t.Words(MARKS.get(token.text, "'")))
        if token.kind == "sign" and token.text in ("*", "+", "-"):
            if braced and token.text == "-" and not self.is_sign("}"):
                return t.Transposed(_INVERSE) if self._mark(False) == _TRANSPOSED else None
            return t.Marked(_BASE, t.Words(token.text))
        if token.kind == "sign" and token.text == "(" and braced:
            items = self.items("(")
            self.expect(")")
            return t.Marked(_BASE, t.Tuple(items, "()"))
        return None

    def _indices(self) -> tuple[t.Node, ...]:
        if not self.takes("{"):
            low = self.token.kind == "command" and self.token.text in _LOW
            return (t.Symbol(self.next().text) if low else self.argument(),)
        found: list[t.Node] = []
        with self.inside("{"):
            while not self.takes("}"):
                if self.takes(","):
                    pass
                elif self.takes(":"):
                    found.append(t.All())
                else:
                    item = self.item("{")
                    factors = item.factors if isinstance(item, t.Product) and not any(item.between) else (item,)
                    found += factors if all(map(t.is_letter, factors)) else (item,)
                if len(found) > 8 or self.token.kind == "end":
                    raise Unread("the subscript is not closed", self.token.at)
        if not found:
            raise Unread("the subscript is empty", self.token.at)
        return tuple(found)


def _on(base: t.Node, script: _Script) -> t.Node:
    """A superscript on its base."""
    inner = script.base
    return replace(script, base=_on(base, inner) if isinstance(inner, t.Power) else base)

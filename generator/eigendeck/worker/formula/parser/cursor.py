"""The tokens of a formula, one after the other, and the parts of the grammar that call each other."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.tokens import tokens
from eigendeck.worker.formula.parser.vocabulary import AND, STARTERS
from eigendeck.worker.latex_tokens import Token

DEPTH = 80  # of sums, factors and arguments inside each other


def is_remark(token: Token) -> bool:
    """Whether words behind an expression are said about it, and are no name: `(unless …)`, `if x > 0`, `where`."""
    words = token.text.lower()
    return token.kind == "text" and (words.startswith("(") or " " in words or words in AND | {"if", "for", "when"})


class Cursor:
    """Where the parser is. Its subclasses add the grammar, whose parts call each other."""

    chain: Callable[[], t.Chain]
    sum: Callable[[], t.Node]
    body: Callable[[], t.Node]
    fraction: Callable[[], t.Node]
    factor: Callable[[], t.Node]
    argument: Callable[[], t.Node]
    scripted: Callable[[t.Node], t.Node]

    def __init__(self, latex: str, names: Collection[str]) -> None:
        self.tokens, self.names = tokens(latex), names
        self.at = self._depth = 0
        self.waiting: list[str] = []  # which brackets are open: "(", "call", "|", "‖"

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
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def is_command(self, name: str) -> bool:
        return self.token.kind == "command" and self.token.text == name

    def is_sign(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def takes(self, *signs: str) -> bool:
        """Whether one of these signs comes next, which is then behind the cursor."""
        found = self.is_sign(*signs)
        if found:
            self.next()
        return found

    def expect(self, *signs: str) -> str:
        if not self.is_sign(*signs):
            raise Unread(f"{self.quoted} stands where `{signs[0]}` is expected", self.token.at)
        return self.next().text

    def enclosed(self, bracket: str, *closing: str) -> t.Node:
        """A sum behind an open bracket, up to the sign that closes it."""
        with self.inside(bracket):
            found = self.sum()
        self.expect(*closing)
        return found

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further in."""
        self._depth += 1
        if self._depth > DEPTH:
            raise Unread("nested too deeply", self.token.at)
        yield
        self._depth -= 1

    @contextmanager
    def inside(self, bracket: str) -> Iterator[None]:
        """While a bracket is open."""
        self.waiting.append(bracket)
        yield
        self.waiting.pop()

    def starts_factor(self) -> bool:
        """Whether a factor can begin here, behind another."""
        token = self.token
        if token.kind in ("number", "letter", "word"):
            return True
        if token.kind == "text":
            return not is_remark(token)
        if token.kind == "command":
            return token.text in STARTERS
        if token.kind != "sign":
            return False
        waiting = self.waiting[-1] if self.waiting else ""
        if token.text in ("|", "‖"):
            return waiting not in (token.text, "call")
        return token.text in ("(", "[", "\\{", "{", "|<", "‖<")

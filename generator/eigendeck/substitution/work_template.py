r"""The template of `work`: LaTeX with `<<expression>>` where numbers go.

A number goes in as a number, not as characters: in braces where it is an argument, in parentheses where a sign or a
power of ten of its own would be misread. `=` beside a number that was rounded becomes `\approx`.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from eigendeck.latex.commands import GROUPS
from eigendeck.substitution.value_latex import Typeset
from eigendeck.worker.latex_tokens import tokens

PLACEHOLDER = re.compile(r"<<(.+?)>>", re.DOTALL)

_NUMBER = "\0"  # stands for a number while the template is cut into tokens: YAML has no such character
_ONE_ARGUMENT = """sqrt hat bar vec dot ddot tilde overline underline widehat overbrace underbrace mathbb mathbf mathcal
mathrm mathsf mathtt mathit mathfrak boldsymbol boxed text textbf operatorname phantom"""
_TWO_ARGUMENTS = "frac tfrac dfrac binom overset underset stackrel"
_ARGUMENTS = dict.fromkeys(_ONE_ARGUMENT.split(), 1) | dict.fromkeys(_TWO_ARGUMENTS.split(), 2)
_FUNCTIONS = GROUPS["names"] | {"operatorname"}
_OPERATORS = "cdot times div ast pm mp circ otimes * /"
_TIMES = frozenset(_OPERATORS.split())
_RELATIONS = GROUPS["relations"] | {"=", "<", ">"}
_CLAUSES = frozenset([",", ";", "quad", "qquad", "text"])
_OPEN, _CLOSE = frozenset(["{", "(", "[", "left", "begin"]), frozenset(["}", ")", "]", "right", "end"])


def placeholders(template: str) -> tuple[tuple[str, int], ...]:
    """Returns the expressions between `<<` and `>>` in order, each with its offset."""
    return tuple((match[1], match.start(1)) for match in PLACEHOLDER.finditer(template))


def fill(template: str, filled: Sequence[Typeset]) -> str:
    """Returns the template with its placeholders replaced, in order.

    Raises ValueError: there are more or fewer placeholders than replacements.
    """
    work = _Template(template)
    if len(work.places) != len(filled):
        raise ValueError(f"{len(work.places)} placeholders, {len(filled)} replacements")
    written = [work.source[token.at : token.end] for token in work.tokens]
    for place, number in zip(work.places, filled, strict=True):
        written[place] = work.set_in(place, number)
    for place in work.inexact_relations([not number.exact for number in filled]):
        written[place] = r"\approx "
    return "".join(written)


def run_together(template: str, filled: Sequence[Typeset]) -> tuple[int, ...]:
    """Returns which of the placeholders would run into a digit beside them, as in `2<<a>>`."""
    work = _Template(template)
    is_number = dict(zip(work.places, (number.is_number for number in filled), strict=True))

    def has_digits(place: int) -> bool:
        return is_number.get(place, work.tokens[place].kind == "number") and place not in work.arguments

    solid = [place for place in range(len(work.tokens)) if not work.is_gap(place) and not work.is_unseen(place)]
    met = [pair for pair in pairwise(solid) if all(map(has_digits, pair)) and any(place in is_number for place in pair)]
    return tuple(dict.fromkeys(work.places.index(b if b in is_number else a) for a, b in met))


class _Template:
    """A template in tokens.

    places: of the numbers that go in, among the tokens. arguments: of tokens that a command or a script takes whole.
    """

    def __init__(self, template: str) -> None:
        self.source = PLACEHOLDER.sub(_NUMBER, template)
        self.tokens = list(tokens(self.source))
        self.places = [place for place, token in enumerate(self.tokens) if token.text == _NUMBER]
        self.arguments: set[int] = set()
        self.behind: dict[int, int] = {}  # the first token of an argument → the sign or the command that takes it
        for place, token in enumerate(self.tokens):
            taken = 1 if token.kind == "sign" and token.text in "^_" else 0
            taken = _ARGUMENTS.get(token.text.rstrip("*"), 0) if token.kind == "command" else taken
            self._take(place, taken)

    def _take(self, command: int, count: int) -> None:
        """Notes which tokens are the arguments of a command: a group in braces, a token, or a digit each."""
        place, digits = command + 1, 0
        while count and place < len(self.tokens):
            token = self.tokens[place]
            if token.kind == "blank":
                place += 1
                continue
            if token.text == "[" and self.tokens[command].text == "sqrt":  # the degree of a root
                place += 1 + next((n for n, later in enumerate(self.tokens[place:]) if later.text == "]"), 0)
                continue
            if token.text == "{":
                end = self._closing(place)
                self.behind[end] = command
                place = end + 1
            elif token.kind == "number" and len(token.text) > digits + 1 and count > 1:
                digits += 1  # `\frac12`
            else:
                if token.kind != "number" or len(token.text) == digits + 1:
                    self.arguments.add(place)
                    self.behind[place] = command
                place, digits = place + 1, 0
            count -= 1

    def _closing(self, place: int) -> int:
        depths = accumulate((token.text == "{") - (token.text == "}") for token in self.tokens[place:])
        return next((place + n for n, depth in enumerate(depths) if not depth), len(self.tokens) - 1)

    def is_gap(self, place: int) -> bool:
        token = self.tokens[place]
        return token.kind == "blank" or (token.kind == "symbol" and token.text in ",;:! ")

    def is_unseen(self, place: int) -> bool:
        """Whether a token would not part two numbers: a brace of no argument, or a decimal point."""
        if self.tokens[place].text not in ("{", "}", "."):
            return False
        return (self._closing(place) if self.tokens[place].text == "{" else place) not in self.behind

    def _beside(self, place: int, step: int) -> int | None:
        """The next token, step 1, or the one before, step -1, that is no gap."""
        places = range(place + step, len(self.tokens) if step > 0 else -1, step)
        return next((other for other in places if not self.is_gap(other)), None)

    def set_in(self, place: int, number: Typeset) -> str:
        """Returns a number as it stands at a place."""
        if place in self.arguments:
            return f"{{{number.latex}}}"
        return f"({number.latex})" if number.is_loose and self._needs_parentheses(place, number) else number.latex

    def _needs_parentheses(self, place: int, number: Typeset) -> bool:
        before, after = self._beside(place, -1), self._beside(place, 1)
        first, last = place, place
        while before is not None and after is not None and self._is_group(before, after):
            first, last = before, after
            before, after = self._beside(first, -1), self._beside(last, 1)
        if after is not None:
            token = self.tokens[after]
            binds = token.text in _TIMES or token.kind in ("letter", "number") or token.text == "("
            if token.text in ("^", "!") or (number.is_sum and binds):
                return True
        while before is not None and before in self.behind and self.tokens[self.behind[before]].text in "^_":
            before = self._beside(self.behind[before], -1)  # `\log_2`
        return before is not None and self._asks_for_parentheses(before, number)

    def _is_group(self, before: int, after: int) -> bool:
        return self.tokens[before].text == "{" and self.tokens[after].text == "}" and after not in self.behind

    def _asks_for_parentheses(self, before: int, number: Typeset) -> bool:
        token = self.tokens[before]
        if token.kind == "command" and token.text in _FUNCTIONS:
            return True
        if (token.kind == "command" and token.text in _TIMES) or token.text in ("/", "*", "-"):
            return number.is_negative or number.is_sum or token.text == "/"
        if token.text == "+":
            return number.is_negative
        if before in self.behind:  # the end of an argument
            command = self.tokens[self.behind[before]].text
            return command == "operatorname" or (command != "text" and (number.is_negative or number.is_sum))
        stands_for_a_number = token.kind in ("letter", "number") or token.text in (")", "]", _NUMBER)
        return stands_for_a_number and (number.is_negative or number.is_sum)

    def inexact_relations(self, rounded: Sequence[bool]) -> Iterator[int]:
        """Yields the places of `=` beside which a number was rounded."""
        inexact = dict(zip(self.places, rounded, strict=True))
        frames = [_Frame()]
        for place, token in enumerate(self.tokens):
            if token.text in _OPEN and token.kind in ("sign", "command"):
                frames.append(_Frame())
            elif token.text in _CLOSE and token.kind in ("sign", "command") and len(frames) > 1:
                closed = frames.pop()
                yield from closed.ended()
                frames[-1].rounded |= closed.ever
            elif token.text in _RELATIONS and token.kind in ("sign", "command"):
                yield from frames[-1].related(place if token.text == "=" else None)
            elif (token.kind in ("sign", "command") and token.text in _CLAUSES) or self._ends_line(place):
                yield from frames[-1].ended()
            elif inexact.get(place):
                frames[-1].rounded = frames[-1].ever = True
        for frame in frames:
            yield from frame.ended()

    def _ends_line(self, place: int) -> bool:
        """Whether a line ends that the next does not continue with a relation."""
        token = self.tokens[place]
        if not (token.kind == "symbol" and token.text == "\\") and "\n" not in token.text:
            return False
        after = self._beside(place, 1)
        while after is not None and self.tokens[after].text == "&":
            after = self._beside(after, 1)
        return after is None or self.tokens[after].text not in _RELATIONS


class _Frame:
    """What stands in one pair of brackets: the last `=`, and whether a number beside it was rounded."""

    def __init__(self) -> None:
        self.relation: int | None = None
        self.before = self.rounded = self.ever = False

    def related(self, place: int | None) -> Iterator[int]:
        """A relation: what stands behind it is beside both this one and the next."""
        if self.relation is not None and (self.before or self.rounded):
            yield self.relation
        self.relation, self.before, self.rounded = place, self.rounded, False

    def ended(self) -> Iterator[int]:
        """A clause ends."""
        yield from self.related(None)
        self.before = self.rounded = False

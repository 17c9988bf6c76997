"""How values print: the text that stands on a card, and the code that prints it.

Where plain `print` shows noise, the output is formatted: `print(f"{x.mean():.3f}")`, or `np.printoptions` around an
array. What no format takes away, a conversion does: `.tolist()` for `np.float64(2.5)`, `+ 0` for `-0.`.
"""

import contextlib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from eigendeck.worker.array_text import text_of
from eigendeck.worker.literals import Unshowable, literal
from eigendeck.worker.numerals import DECIMALS, is_finite, numeral, shared_decimals
from eigendeck.worker.values import flat

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|inf|nan)")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_OF_NUMPY = re.compile(r"\bnp\.|array\(")
_ROUGH = 5.001e-4  # what is lost of a number when it is written with a power of ten and three decimals
_LONGEST = 10  # characters of a number with a power of ten
_SMALLEST = 320  # decimals that a float can have
_SHORT = 9  # characters of a number of which no rule takes a digit


@dataclass(frozen=True, slots=True)
class Printed:
    """What `print` shows of a value, and how.

    argument: what is printed, `{}` standing for the value's expression. spec: its format. options: of NumPy's printing.
    """

    text: str
    options: str = ""
    argument: str = "{}"
    spec: str = ""


def printed(value: Any, digits: int | None = None, meant: Any = None) -> Printed:
    """Returns how code prints a value without noise.

    digits: the decimals that the card asks for. meant: the value with zeros in place of its rounding errors.
    Raises Unshowable where no conversion makes a list or a tuple legible.
    """
    meant = value if meant is None else meant
    if isinstance(value, np.ndarray) and not value.ndim:
        value, meant = value[()], meant[()]  # it prints, and takes a format, as a number does
    plain = text_of(value)
    if isinstance(value, float | np.floating):
        return _float(value, float(meant), digits)
    whole = isinstance(value, np.ndarray) and value.dtype.kind not in "fc"
    if whole or not isinstance(value, complex | np.complexfloating | np.ndarray | list | tuple):
        return Printed(plain)
    if _has_short_numbers(plain, _numbers(meant), digits):
        return Printed(plain)
    goal = _Goal(meant, digits)
    best = None
    for way in chain([Printed(plain)], _conversions(value, goal) if goal.python else _formats(value, goal)):
        if _OF_NUMPY.search(way.text):
            continue
        if goal.is_met(way.text):
            return way
        best = best or way
    if best is None:
        raise Unshowable(f"prints as `{plain[:60]}`: convert its entries, with `float(…)`, `int(…)` or `.tolist()`")
    return best


def legible(value: Any) -> str:
    """Returns the literal of a value that can be shown and printed. Raises Unshowable where it cannot."""
    text = literal(value)
    if isinstance(value, (list, tuple)):
        printed(value)
    return text


def _has_short_numbers(plain: str, numbers: Sequence[float], digits: int | None) -> bool:
    """Whether a text has just these numbers, all of them with so few digits that no rule would change them."""
    tokens = _NUMBER.findall(plain)
    most = DECIMALS if digits is None else min(digits, DECIMALS)
    return (
        len(tokens) == len(numbers)
        and all(
            len(token) <= _SHORT
            and len(token.partition(".")[2]) <= most
            and float(token) == number
            and (number != 0 or token[0] != "-")
            for token, number in zip(tokens, numbers, strict=True)
        )
        and not _OF_NUMPY.search(plain)
    )


def _float(value: float | np.floating[Any], meant: float, digits: int | None) -> Printed:
    plain = str(value)
    if not math.isfinite(meant):
        return Printed(plain)
    shown = numeral(_as_written(value) if meant else 0.0, digits)
    if plain == shown.code:
        return Printed(plain)
    spec = shown.spec if shown.value else f"z{shown.spec}"  # no negative zero
    text = format(value, spec)
    return Printed(text, spec=spec if text != plain else "")


class _Goal:
    """What the numbers in a text should be.

    shared: the decimals that they have in common, None where each is shown by itself. powers: those with a power of
    ten. python: it is a list or a tuple. kinds: a float in it is written with a point.
    """

    def __init__(self, value: Any, digits: int | None) -> None:
        self.numbers = _numbers(value)
        self.shared = shared_decimals(self.numbers, digits)
        self.numerals = [
            numeral(number, digits if self.shared is None else self.shared) if is_finite(number) else None
            for number in self.numbers
        ]
        self.powers = [each for each in self.numerals if each and each.exponent is not None]
        self.python = isinstance(value, list | tuple)
        self.kinds = self.python and not any(isinstance(entry, complex) for entry in flat(value))

    @property
    def decimals(self) -> int:
        """How many are needed to show all numbers; where one has a power of ten, of the mantissas."""
        shown = self.powers or [each for each in self.numerals if each]
        needed = max((len(each.digits.partition(".")[2]) for each in shown), default=0)
        return max(needed, DECIMALS) if 0 < len(self.powers) < len(self.numerals) else needed

    @property
    def places(self) -> Sequence[int]:
        """To how many decimals rounding may make the numbers what they should be."""
        if self.powers:  # the smallest decides: to try all decimals that a float can have would take seconds
            ends = {len(each.digits.partition(".")[2]) - (each.exponent or 0) for each in self.powers}
            return sorted(end for end in ends if 0 <= end <= _SMALLEST)
        sizes = [abs(each.value) for each in self.numerals if each and each.value]
        last = DECIMALS + 1 - math.floor(math.log10(min(sizes))) if sizes else 0
        return range(min(self.decimals, DECIMALS), min(max(last, DECIMALS), _SMALLEST) + 1)

    def is_met(self, text: str) -> bool:
        """Whether a text has the right numbers, each with the digits that it should have."""
        tokens = _NUMBER.findall(_QUOTED.sub("", text))
        return len(tokens) == len(self.numbers) and all(map(self._shows, tokens, range(len(tokens))))

    def _shows(self, token: str, place: int) -> bool:
        number, wanted = self.numbers[place], self.numerals[place]
        if wanted is None:
            return True
        if isinstance(number, int):
            return token.lstrip("+") == str(number)
        if self.kinds and "." not in token and "e" not in token:
            return False
        if not wanted.value:
            return not float(token) and not token.startswith("-")
        if "e" in token and wanted.exponent is None:  # beside others that need it
            rough = abs(float(token) - number) <= _ROUGH * abs(number)
            return bool(self.powers) and rough and len(token) <= _LONGEST
        if len(token.partition(".")[2]) > 12 or not _is_honest(token, number):
            return False
        mantissas = (token.partition("e")[0], wanted.digits)
        decimals, needed = (len(mantissa.partition(".")[2]) for mantissa in mantissas)
        # What stands beside it may need more digits than it does.
        longer = "e" in token and needed <= decimals <= self.decimals and float(token) != 0
        return longer or abs(float(token) - wanted.value) <= 1e-9 * abs(wanted.value)


def _is_honest(token: str, number: float) -> bool:
    """Whether a text is a number to half of its last digit: 1.861316e-38 is no `1.86100e-38`."""
    mantissa, _, exponent = token.partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(float(token) - number) <= 0.500001 * unit + 1e-11 * abs(number)


def _formats(value: Any, goal: _Goal) -> Iterator[Printed]:
    """An array printed with fewer digits: without powers of ten where that can be, and rounded where it must."""
    if isinstance(value, np.ndarray):
        for suppress, more in ((False, ""), (True, ", suppress=True")):
            text = text_of(value, goal.decimals, suppress=suppress)
            yield Printed(text, options=f"precision={goal.decimals}{more}")
    yield Printed(text_of(value + 0), argument="({}) + 0")
    for places in goal.places:
        rounded = np.round(value, places)
        yield Printed(text_of(rounded), argument=f"np.round({{}}, {places})")
        yield Printed(text_of(rounded + 0), argument=f"np.round({{}}, {places}) + 0")


def _conversions(value: Any, goal: _Goal) -> Iterator[Printed]:
    """A list or a tuple with NumPy's scalars and arrays made Python's: each entry by itself keeps its kind."""
    levels, leaves = _levels(value)
    kinds = list(map(type, flat(value)))
    rounded = f"np.round({{0}}, {goal.decimals})"
    own = "{}.tolist()" if all(hasattr(entry, "tolist") for entry in leaves) else "np.asarray({}).tolist()"
    of_entries = (
        own,
        f"{rounded}.tolist()",
        f"({rounded} + 0).tolist()",
        f"np.round(np.asarray({{}}).tolist(), {goal.decimals}).tolist()",  # rounded, a float of 32 bits has noise
        f"{{0}} if isinstance({{0}}, str) else {rounded}.tolist()",
    )
    ways = [_comprehension(levels, "{}", code) for code in of_entries]
    whole = not isinstance(value, tuple) and all(issubclass(kind, float | complex) for kind in kinds)
    for argument in [f"np.round({{}}, {goal.decimals}).tolist()"] * whole + ways:
        with contextlib.suppress(TypeError, ValueError, AttributeError):  # rows of different lengths; text
            made = eval(argument.format("value"), {"np": np, "value": value})
            if argument not in ways or kinds == list(map(type, flat(made))):  # an array makes all entries text
                yield Printed(str(made), argument=argument)


def _levels(value: Any) -> tuple[list[type], list[Any]]:
    """Which sequences lie in each other, as long as all beside each other are of one kind, and what is in the last."""
    levels: list[type] = []
    siblings = [value]
    while siblings and (kind := next((k for k in (list, tuple) if all(isinstance(s, k) for s in siblings)), None)):
        levels.append(kind)
        siblings = [entry for each in siblings for entry in each]
    return levels, siblings


def _comprehension(levels: Sequence[type], name: str, leaf: str) -> str:
    """The code that converts what has a name: `tuple(v.tolist() for v in x)`."""
    if not levels:
        return leaf.format(name)
    inner = "row" if len(levels) > 1 and name == "{}" else "v"
    code = f"{_comprehension(levels[1:], inner, leaf)} for {inner} in {name}"
    return f"tuple({code})" if levels[0] is tuple else f"[{code}]"


def _numbers(value: Any) -> list[float]:
    """The numbers of a value in a row, complex ones as two: as many as `print` shows."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.ravel().tolist() if value.dtype.char == "d" else [_as_written(entry) for entry in value.ravel()]
    numbers: list[float] = []
    for entry in flat(value):
        if isinstance(entry, complex):
            whole = isinstance(value, np.ndarray) or entry.real or math.copysign(1, entry.real) < 0
            numbers += [entry.real, entry.imag] if whole else [entry.imag]
        elif isinstance(entry, int | float) and not isinstance(entry, bool):
            numbers.append(entry)
    return numbers


def _as_written(number: Any) -> float:
    """A float of any size as Python's: one of 32 bits with few digits has no more than it is written with."""
    if isinstance(number, float):
        return float(number)
    text = str(number)
    digits = len(text.partition("e")[0].replace(".", "").strip("-0"))
    return float(text) if digits <= np.finfo(number.dtype).precision else float(number)

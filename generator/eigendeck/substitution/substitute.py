r"""The drawn numbers put into a card's NumPy code, and worked out as on a blackboard.

`x @ y` becomes `5\cdot 5 + 2\cdot 1 + (-1)\cdot 3 = 25 + 2 - 3 = 24`. What is shown was read from the code without
running it, so it is compared with the answer that running it gave, and nothing is shown unless they agree.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from eigendeck.model import Value
from eigendeck.substitution import terms, value_latex
from eigendeck.substitution.code_to_terms import UNREADABLE, read
from eigendeck.substitution.terms import Number, Operation, Term, Unknown
from eigendeck.worker.numerals import numeral, shared_decimals

LINE = 42  # characters that fit a phone of 360 px, and a column of the sheet
HANGING = 6  # by which a line may be longer, rather than break before the value
WIDEST = 52  # of a single side of an equation, which cannot be broken
MOST_LINES = 6
ROUNDS = 2  # of working out that are shown between the substituted formula and the value
AGREES = 1e-9  # relative
NOISE = 1e-12  # about zero

Lay = Callable[[Sequence[Term]], tuple[str, int]]  # the entries of a result → LaTeX, width


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a chain of equations.

    exact: no number in it was rounded.
    honest: the numbers as they are shown come to the value, to within the rounding that the value would be shown with.
    """

    latex: str
    width: int
    exact: bool
    honest: bool


# To how many decimals the work and the answer are rounded, None where the rule says it for each number.
_Decimals = tuple[int | None, int | None]


def substitute(numpy: str, inputs: Mapping[str, Value], answer: Value, digits: int | None = None) -> tuple[str, ...]:
    r"""Returns the code with the inputs put in, worked out to the answer, as lines of LaTeX.

    A vector has a line for each entry, a matrix an equation of matrices. A line that starts with `=` or `\approx`
    continues the one before. `\approx` stands next to every side in which a number was rounded.

    numpy: the card's code; its last expression is worked out.
    inputs: may also have the names that the code binds: they serve where what binds them is not understood.
    digits: the decimals of what is computed, if the card says how many.

    Returns () where the code has something that is not read here, where the result would be hard to read, or where
    it does not come to the answer.
    """
    try:
        array, rounding = read(numpy, inputs)
        if array.shape != answer.shape or answer.kind in ("bool", "text") or not array.entries:
            return ()
        targets = [_target(entry, given, rounding) for entry, given in zip(array.entries, answer.numbers, strict=True)]
        shared = shared_decimals([target.value for target in targets], digits) if answer.shape else None
        decimals = digits, digits if shared is None else shared
        return _lines(array.shape, array.entries, targets, decimals)
    except UNREADABLE:
        return ()


def _target(entry: Term, given: object, rounding: int | None) -> Number:
    """The answer, if that is what the entry comes to."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise Unknown
    value = terms.value(entry)
    if _close(given, value) or (rounding is not None and _close(given, round(value, rounding))):
        return terms.number(given if value else 0, computed=True)
    raise Unknown


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= (AGREES * abs(b) if b else NOISE)


def _lines(
    shape: tuple[int, ...], entries: Sequence[Term], targets: Sequence[Number], decimals: _Decimals
) -> tuple[str, ...]:
    """A matrix as an equation of matrices if that is narrow enough, else entry by entry, else a matrix partly done."""

    def matrices(widest: int, whole: bool) -> tuple[str, ...]:
        return _fitting([_chain(entries, targets, lambda cells: _matrix(cells, shape[1]), decimals, widest, whole)])

    if len(shape) > 2:
        raise Unknown
    if len(shape) == 2:
        with suppress(Unknown):
            return matrices(LINE, whole=True)
    try:
        pairs = zip(entries, targets, strict=True)
        return _fitting([_chain([entry], [target], _single, decimals) for entry, target in pairs])
    except Unknown:
        if len(shape) < 2:
            raise
        return matrices(WIDEST, whole=False)


def _fitting(chains: Sequence[Sequence[_Side]]) -> tuple[str, ...]:
    """The lines of all chains, with as much of the work as there is room for."""
    if all(len(chain) == 1 for chain in chains):  # nothing was worked out
        raise Unknown
    for rounds in range(ROUNDS, -1, -1):
        work = [[*chain[:1], *chain[1:-1][max(0, len(chain) - 2 - rounds) :], *chain[1:][-1:]] for chain in chains]
        lines = tuple(line for chain in work for line in _wrapped(chain))
        if len(lines) <= MOST_LINES:
            return lines
    raise Unknown


def _single(cells: Sequence[Term]) -> tuple[str, int]:
    return terms.typeset(cells[0]), terms.width(cells[0])


def _matrix(cells: Sequence[Term], columns: int) -> tuple[str, int]:
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    widths = [max(terms.width(row[j]) for row in rows) for j in range(columns)]
    return value_latex.bmatrix([[terms.typeset(cell) for cell in row] for row in rows]), sum(widths) + 2 * columns


def _chain(
    entries: Sequence[Term],
    targets: Sequence[Number],
    lay: Lay,
    decimals: _Decimals,
    widest: int = WIDEST,
    whole: bool = False,
) -> list[_Side]:
    """The substituted entries, the rounds of working them out, and the answer.

    Where the substituted entries are too wide, the chain starts at the first round that is not, as long as two remain;
    with `whole` it must start with them.
    """
    rounds = [tuple(entries)]
    while any(isinstance(entry, Operation) for entry in rounds[-1]):
        rounds.append(tuple(terms.reduced(entry) for entry in rounds[-1]))
    values = [terms.value(entry) for entry in entries]
    work = [_side(cells, values, lay, decimals[0]) for cells in rounds[:-1]]
    shown = [side for side in work if side.honest and side.width <= widest]
    value = _side(targets, values, lay, decimals[1])
    begun = work[:1] == shown[:1]
    if value.width > widest or (not begun and (whole or len(shown) < 2)):
        raise Unknown
    chain: list[_Side] = []
    for side in (*shown, value):
        if chain and chain[-1].latex == side.latex:  # `-(3)` and `-3`
            chain[-1] = replace(side, exact=side.exact and chain[-1].exact)
        else:
            chain.append(side)
    return chain


def _side(cells: Sequence[Term], values: Sequence[float], lay: Lay, digits: int | None) -> _Side:
    shown = [terms.as_shown(cell, digits) for cell in cells]
    latex, width = lay(shown)
    amounts = [terms.value(cell) for cell in shown]
    exact = shown == list(cells) and all(map(_close, amounts, values)) and not any(map(terms.loses, cells))
    honest = exact or all(
        abs(amount - value) <= 0.5000001 * numeral(value, digits).unit
        for amount, value in zip(amounts, values, strict=True)
    )
    return _Side(latex, width, exact, honest)


def _wrapped(chain: Sequence[_Side]) -> Iterable[str]:
    """The lines of a chain, broken before relations."""
    line, width = chain[0].latex, chain[0].width
    for before, side in pairwise(chain):
        relation = "=" if before.exact and side.exact else r"\approx"
        room = LINE + HANGING if side is chain[-1] else LINE
        if width + 3 + side.width > room:
            yield line
            line, width = f"{relation} {side.latex}", side.width + 2
        else:
            line, width = f"{line} {relation} {side.latex}", width + 3 + side.width
    yield line

"""Which known name was meant by one that is mistyped."""

from collections.abc import Iterable


def meant(name: str, known: Iterable[str]) -> str:
    """Returns the known name that `name` is a plausible slip of the keys of, or nothing.

    A slip is a letter left out, added, exchanged, or swapped with its neighbour: one in a short name, up to three in
    a long one. Names that only share some letters mean other things, and a wrong suggestion is worse than none.
    """
    most = min(len(name) // 3, 3)
    word = name.casefold()
    best, fewest = "", most + 1
    # The same first letter wins among equals, then the alphabet: never the order of a set.
    for other in sorted(known, key=lambda other: (other[:1] != name[:1], other)):
        if abs(len(other) - len(name)) < fewest and (slips := _slips(word, other.casefold(), fewest)) < fewest:
            best, fewest = other, slips
    return best


def _slips(one: str, other: str, enough: int) -> int:
    """How many slips lead from one word to the other, or `enough` where it is no fewer."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) >= enough and (not last or min(before) >= enough):
            return enough
    return min(row[-1], enough)

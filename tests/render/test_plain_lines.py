"""A plain line of code is coloured as the lexer would colour it, in a tenth of the time."""

from __future__ import annotations

import time

import pytest

from conftest import CARDS, ROOT
from eigendeck.render import highlight

DECKS = [CARDS, *(path for path in (ROOT / "tests" / "decks").iterdir() if path.is_dir())]
LINES = {
    line.strip() for deck in DECKS for path in deck.glob("*.yaml") for line in path.read_text("utf-8").splitlines()
}
BY_HAND = {
    "x = np.array([5, -2, 8.25, 1e-05, 2., 1.5e+10])",
    "np.linalg.norm(x).round(3) + math.pi",
    "print(sum(self.x) if x is not None else True)",
    "x.print(np, 2).T + x.sum()",
    "[n for n in range(3) if n in x or not ValueError]",
}


def test_its_colours_are_those_of_the_lexer() -> None:
    plain = [line for line in LINES | BY_HAND if highlight._PLAIN_LINE.fullmatch(line)]
    assert len(plain) > 500
    assert set(plain) >= BY_HAND
    for line in plain:
        lexed = list(highlight._joined(highlight._lexer().get_tokens(line)))
        assert list(highlight._joined(highlight._plain_tokens(line))) == lexed, line


@pytest.mark.parametrize(
    "line", ["def f(x)", "match x:", "x = 'a'", "f'{x}'", "x = 1j", "0x1F", "__name__", ".5", "# a", "import np"]
)
def test_what_the_lexer_reads_by_what_stands_around_it_is_left_to_it(line: str) -> None:
    assert not highlight._PLAIN_LINE.fullmatch(line)


@pytest.mark.parametrize("line", ["a" * 4000 + "!", "1." * 2000 + "!", "(a1 " * 1000 + "!"])
def test_no_line_takes_for_ever(line: str) -> None:
    began = time.process_time()
    highlight._PLAIN_LINE.fullmatch(line)
    assert time.process_time() - began < 0.5

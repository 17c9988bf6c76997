"""Stage 1, second half: what the texts, formulas and plots of cards say must be something that cards can show."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from itertools import chain, islice

from eigendeck import tex, text
from eigendeck.draw import PLOTS, parameter_problem
from eigendeck.errors import Fault
from eigendeck.mathml import MathError, mathml
from eigendeck.read import Deck
from eigendeck.schema import Card, Section

MOST_FAULTS = 500  # of one deck: each costs a search for what its author may have meant

Path = tuple[str | int, ...]


def faults(deck: Deck) -> list[Fault]:
    """Returns every fault of formulas, texts and plot declarations, each at its place."""
    cards = (fault for card in deck.cards for fault in _card_faults(deck, card))
    sections = (fault for section in deck.sections for fault in _section_faults(deck, section))
    panels = (fault for number in range(len(deck.meta.panels)) for fault in _panel_faults(deck, number))
    return list(islice(chain(cards, sections, panels), MOST_FAULTS))


def _card_faults(deck: Deck, card: Card) -> Iterator[Fault]:
    yield from _formula(deck, card, ("formula",), card.formula)
    if card.work:
        yield from _formula(deck, card, ("work",), _as_numbers(card.work))
    texts: list[tuple[Path, str]] = [
        (("concept",), card.concept),
        (("says",), card.says),
        (("ask",), card.ask),
        (("hint",), card.hint),
        (("mistake", "says"), card.mistake.says),
        (("mistake", "fits"), card.mistake.fits),
        *((("see", i), item) for i, item in enumerate(card.see)),
    ]
    if card.plot:
        texts += [(("plot", "ask"), card.plot.ask), (("plot", "says"), card.plot.says)]
        problem = parameter_problem(card.plot.kind, card.plot.parameters)
        if problem:
            named = [name for name in card.plot.parameters if card.plot.kind in PLOTS and f'"{name}"' in problem]
            place = deck.places[card.id].key("plot", card.plot.kind, *named[:1])
            yield Fault(place, f"{card.id}: plot: {problem}")
    if card.mistake.fits.strip() and card.reads is None:
        place = deck.places[card.id].key("mistake", "fits")
        what = "says why the formula holds for the mistake too, but without `reads` the formula is not held to anything"
        yield Fault(place, f"{card.id}: mistake.fits: {what}", "Write `reads`, or take `fits` away.")
    for path, content in texts:
        yield from _text(deck, card, path, content)
    for key, code in (("steps", card.steps), ("check", card.check)):
        for caption, line, column in _comments(code):
            for offset, wrong in _problems_of_text(caption):
                place = deck.places[card.id].at(key, line=line, column=column + offset)
                yield Fault(place, f"{card.id}: {key}: {wrong.message}", wrong.hint)


def _section_faults(deck: Deck, section: Section) -> Iterator[Fault]:
    for i, item in enumerate(section.see):
        for offset, problem in _problems_of_text(item):
            place = deck.section_places[section.stem].at("see", i, column=offset)
            yield Fault(place, f"{section.title}: see: {problem.message}", problem.hint)


def _panel_faults(deck: Deck, number: int) -> Iterator[Fault]:
    """The texts of a panel: its title, its points, and the comments of its lines, which are captions."""
    panel = deck.meta.panels[number]
    texts: list[tuple[Path, str, int, int]] = [(("title",), panel.title, 1, 0)]
    texts += [(("points", i), point, 1, 0) for i, point in enumerate(panel.points)]
    texts += [(("numbers",), caption, line, column) for caption, line, column in _comments(panel.numbers)]
    for path, content, line, column in texts:
        for offset, problem in _problems_of_text(content):
            below, beside = text.spot(content, offset)
            start = column if below == 1 else 0
            place = deck.meta_places.at("panels", number, *path, line=line + below - 1, column=start + beside)
            yield Fault(place, f"{panel.title}: {path[0]}: {problem.message}", problem.hint)


def _comments(code: str) -> list[tuple[str, int, int]]:
    """The comments of code, each with its line, from 1, and its column; none where the worker will refuse the code."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    found = []
    for token in tokens:
        if token.type == tokenize.COMMENT:
            words = token.string.lstrip("# ")
            found.append((words, token.start[0], token.start[1] + len(token.string) - len(words)))
    return found


def _text(deck: Deck, card: Card, path: Path, content: str) -> Iterator[Fault]:
    for offset, problem in _problems_of_text(content):
        yield _fault(deck, card, path, content, offset, problem)


def _problems_of_text(content: str) -> Iterator[tuple[int, tex.TexProblem]]:
    for piece in text.pieces(content):
        if piece.kind == "math":
            for problem in _problems_of_formula(piece.content):
                yield piece.offset + problem.offset, problem
        elif piece.kind == "words":
            for mark in re.finditer(r"\\[()\[\]]", piece.content):
                offset = piece.offset + mark.start()
                yield offset, tex.TexProblem(offset, f"`{mark.group()}` has no partner", "maths stands in \\( … \\)")


def _formula(deck: Deck, card: Card, path: Path, latex: str) -> Iterator[Fault]:
    for problem in _problems_of_formula(latex):
        yield _fault(deck, card, path, latex, problem.offset, problem)


def _problems_of_formula(latex: str) -> Iterator[tex.TexProblem]:
    """First what no card may use; then, in a formula that passes, what the sheet's converter refuses."""
    found = tex.problems(latex)
    yield from found
    if not found:
        try:
            mathml(latex)
        except MathError as error:
            yield tex.TexProblem(error.offset, error.message)


def _fault(deck: Deck, card: Card, path: Path, content: str, offset: int, problem: tex.TexProblem) -> Fault:
    line, column = text.spot(content, offset)
    place = deck.places[card.id].at(*path, line=line, column=column)
    key = ".".join(str(step) for step in path)
    return Fault(place, f"{card.id}: {key}: {problem.message}", problem.hint)


def _as_numbers(template: str) -> str:
    """A template of numbers with a number in each place, of the same length where that is possible."""
    return re.sub(r"<<.*?>>", lambda m: "1".ljust(len(m.group())), template)

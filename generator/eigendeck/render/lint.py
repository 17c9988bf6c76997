"""Stage 1, second half: what the texts, formulas and plots of cards say must be something that cards can show."""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from eigendeck.deck.card_schema import Card
from eigendeck.deck.read import Deck
from eigendeck.deck.schema import Section
from eigendeck.deck.source_map import SourceMap
from eigendeck.errors import Fault, clipped, nearest
from eigendeck.latex.commands import TexProblem, problems
from eigendeck.latex.mathml import MathError, mathml, refusal
from eigendeck.render import stray_marks
from eigendeck.render.lint_plots import plot_faults
from eigendeck.text import markup

_WORDS = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,}|[A-Za-z]{2,} [A-Za-z]{3,}")  # in a formula, where blanks are nothing
MOST_FAULTS = 500  # of one deck: each costs a search for what its author may have meant

Path = tuple[str | int, ...]

# The names that a line of `given` makes. Read by eye, not by Python: no code of a card is parsed in this process.
_DRAWN = re.compile(r"^[ \t]*(\w+(?:[ \t]*,[ \t]*\w+)*)[ \t]*=(?!=)", re.MULTILINE)

# Conditions that hold because both sides are one line of code.
_REPEATED = (
    "answer=={}",
    "{}==answer",
    "np.all(answer=={})",
    "np.array_equal(answer,{})",
    "np.isclose(answer,{})",
    "np.allclose(answer,{})",
)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that people read, and where it stands.

    source, path: its key. line, column: where it begins in the value of the key, as `SourceMap.at` counts.
    names: what `{name}` would stand for, where the key takes no placeholders.
    """

    source: SourceMap
    label: str
    path: Path
    content: str
    line: int = 1
    column: int = 0
    names: frozenset[str] = frozenset()

    def fault(self, problem: TexProblem, *, warning: bool = False) -> Fault:
        """A problem in the text as a fault at its place."""
        below, beside = markup.line_and_column(self.content, problem.offset)
        start = self.column if below == 1 else 0
        place = self.source.at(*self.path, line=self.line + below - 1, column=start + beside)
        return Fault(place, f"{self.label}: {_key(self.path)}: {problem.message}", problem.hint, warning)


def faults(deck: Deck) -> list[Fault]:
    """Returns every fault of formulas, texts and plot declarations, each at its place."""
    cards = (fault for card in deck.cards for fault in _card_faults(deck, card))
    sections = (fault for section in deck.sections for fault in _section_faults(deck, section))
    panels = (fault for number in range(len(deck.meta.panels)) for fault in _panel_faults(deck, number))
    return list(islice(chain(cards, sections, panels, _meta_faults(deck)), MOST_FAULTS))


def _card_faults(deck: Deck, card: Card) -> Iterator[Fault]:
    source = deck.card_sources[card.id]
    if card.formula:  # a told card may have none
        formula = _Text(source, card.id, ("formula",), card.formula)
        yield from _of_formula(formula)
        yield from _of_comment(formula)
    if card.work:
        yield from _of_work(_Text(source, card.id, ("work",), card.work))
    if card.plot:
        yield from plot_faults(source, card.id, card.plot)
    yield from _of_texts(_texts(source, card))
    if not card.told:
        yield from _same_route(source, card)
    yield from _of_names(deck, source, card)
    yield from _of_units(source, card)
    if card.mistakes and card.mistakes[0].fits.strip() and card.reads is None:
        what = "says why the formula holds for the mistake too, but without `reads` the formula is not held to anything"
        place = source.key(*card.mistake_key(0, "fits"))
        yield Fault(place, f"{card.id}: mistake.fits: {what}", "Write `reads`, or take `fits` away.")
    for key, code in (("steps", card.steps), ("check", card.check)):
        yield from _of_captions(source, card.id, (key,), code)


def _texts(source: SourceMap, card: Card) -> Iterator[_Text]:
    """The texts of a card; all but `ask` and `plot.says` are the same in every variant."""
    yield _Text(source, card.id, ("ask",), card.ask)
    fixed: list[tuple[Path, str]] = [
        (("concept",), card.concept),
        (("says",), card.says),
        (("hint",), card.hint),
        *(
            (card.mistake_key(number, name), text)
            for number, mistake in enumerate(card.mistakes)
            for name, text in (("says", mistake.says), ("fits", mistake.fits))
        ),
        *((("see", i), item) for i, item in enumerate(card.see)),
    ]
    if card.plot:
        fixed.append((("plot", "ask"), card.plot.ask))
        yield _Text(source, card.id, ("plot", "says"), card.plot.says)
    for path, content in fixed:
        names = _drawn(card) if "{" in content else frozenset()
        yield _Text(source, card.id, path, content, names=names)


def _drawn(card: Card) -> frozenset[str]:
    names = (name for line in _DRAWN.findall(card.given) for name in re.findall(r"\w+", line))
    return frozenset({*names, "answer"})


def _of_names(deck: Deck, source: SourceMap, card: Card) -> Iterator[Fault]:
    """A form that the deck does not name, and units of what is no input."""
    if card.form and card.form not in deck.meta.forms:
        listed = ", ".join((*deck.meta.forms, card.form))
        what = f"{card.id}: form: `{clipped(card.form)}` is none of the deck's forms"
        hint = nearest(card.form, deck.meta.forms) or f"Write it in deck.yaml: `forms: [{listed}]`."
        yield Fault(source.key("form"), what, hint, warning=True)
    known = _drawn(card) - {"answer"}
    for name in card.units:
        if name not in known:
            hint = nearest(name, known) or f"The names of `given` are {', '.join(sorted(known)) or 'none'}."
            yield Fault(source.key("units", name), f'{card.id}: units: "{clipped(name)}" is no input', hint)


def _of_units(source: SourceMap, card: Card) -> Iterator[Fault]:
    """Numbers that `ask` shows without their unit, or in per cent where `units` says that they are already."""
    words = re.sub(r"\{[^{}]*\}", "", card.ask)
    for name, unit in card.units.items():
        for shown in re.finditer(rf"\{{{re.escape(name)}(?::[^{{}}]*)?\}}(?P<last>\s*(?:[.,;:!?)]|$))?", card.ask):
            number, what = shown[0].removesuffix(shown["last"] or ""), ""
            hint = f"Write `{number} {unit}`, or take {name} out of `units`."
            if unit == "%" and number.endswith("%}"):
                what, hint = "is a share in per cent, and `units` says so again", f"Take {name} out of `units`."
            elif shown["last"] is not None and not re.search(rf"(?<!\w){re.escape(unit)}", words):
                what = f"stands without its unit, {clipped(unit)}"
            if what:
                yield Fault(source.key("ask"), f"{card.id}: ask: `{number}` {what}", hint, warning=True)


def _same_route(source: SourceMap, card: Card) -> Iterator[Fault]:
    """A line of `check` that is nothing but the line of `numpy` again."""
    numpy = _bare(card.numpy) if "\n" not in card.numpy.strip() else ""
    repeated = [shape.format(numpy) for shape in _REPEATED]
    for number, line in enumerate(card.check.splitlines(), 1):
        if numpy and _bare(line) in repeated:
            what = f"{card.id}: check: the same as `numpy`: it proves nothing"
            yield Fault(source.at("check", line=number), what, "Take another route to the answer.", warning=True)


def _bare(code: str) -> str:
    """Code of one line without spaces and comment."""
    return "".join(code.partition("#")[0].split())


def _section_faults(deck: Deck, section: Section) -> Iterator[Fault]:
    source = deck.section_sources[section.stem]
    texts = [(("section",), section.title), *((("see", i), item) for i, item in enumerate(section.see))]
    yield from _of_texts(_Text(source, section.title, path, content) for path, content in texts)


def _panel_faults(deck: Deck, number: int) -> Iterator[Fault]:
    """The texts of a panel: its title, its points, and the comments of its lines, which are captions."""
    panel = deck.meta.panels[number]
    source = deck.meta_source.within("panels", number)
    texts = [(("title",), panel.title), *((("points", i), point) for i, point in enumerate(panel.points))]
    yield from _of_texts(_Text(source, panel.title, path, content) for path, content in texts)
    yield from _of_captions(source, panel.title, ("numbers",), panel.numbers)


def _meta_faults(deck: Deck) -> Iterator[Fault]:
    meta = deck.meta
    yield from _of_text(_Text(deck.meta_source, "the deck", ("title",), meta.title))
    for number, form in enumerate(meta.forms):
        yield from _of_text(_Text(deck.meta_source, "the deck", ("forms", number), form))
    for key, content in (("title", meta.title), ("description", meta.description), ("license", meta.license)):
        yield from _of_comment(_Text(deck.meta_source, "the deck", (key,), content))


def _comments(code: str) -> list[tuple[str, int, int]]:
    """The comments of code, each with its line, from 1, and its column; none where the worker will refuse the code."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    comments = [(token.string.lstrip("# "), token) for token in tokens if token.type == tokenize.COMMENT]
    return [(words, token.start[0], token.end[1] - len(words)) for words, token in comments]


def _of_captions(source: SourceMap, label: str, path: Path, code: str) -> Iterator[Fault]:
    """The comments behind lines of code that readers see, and the one that YAML has dropped."""
    for caption, line, column in _comments(code):
        yield from _of_text(_Text(source, label, path, caption, line, column))
    if code and (dropped := source.comment(*path)):
        what = f"{label}: {_key(path)}: YAML drops what follows ` #`: the caption is lost"
        yield Fault(dropped[0], what, "Put the line below `|`.")


def _of_comment(text: _Text) -> Iterator[Fault]:
    """A comment behind a plain value: it may be a comment, or the rest of the text."""
    if text.content and (dropped := text.source.comment(*text.path)):
        what = f"{text.label}: {_key(text.path)}: YAML drops what follows ` #`: `{clipped(dropped[1])}`"
        hint = "Put the value in quotes. A comment about it stands on a line of its own."
        yield Fault(dropped[0], what, hint, warning=True)


def _of_texts(texts: Iterable[_Text]) -> Iterator[Fault]:
    for text in texts:
        yield from _of_text(text)
        yield from _of_comment(text)


def _of_text(text: _Text) -> Iterator[Fault]:
    runs = markup.pieces(text.content)
    wrong = list(_problems_of_text(runs))
    yield from (text.fault(problem) for problem in wrong)
    if not wrong:  # half a formula makes a slip of every command in it
        marks = chain(stray_marks.slips(runs, text.names), stray_marks.list_marks(text.content))
        yield from (text.fault(problem, warning=True) for problem in marks)


def _problems_of_text(runs: tuple[markup.Piece, ...]) -> Iterator[TexProblem]:
    for piece in runs:
        if piece.kind == "math":
            for problem in _problems_of_formula(piece.content):
                yield replace(problem, offset=piece.offset + problem.offset)
        elif piece.kind == "words":
            for mark in re.finditer(r"\\[()\[\]]", piece.content):
                offset = piece.offset + mark.start()
                yield TexProblem(offset, f"`{mark.group()}` has no partner", "maths stands in \\( … \\)")


def _of_formula(text: _Text) -> Iterator[Fault]:
    if text.source.within(*text.path).node.style == '"' and "\n" in text.content:
        what = f"{text.label}: {_key(text.path)}: in double quotes YAML reads `\\n` as the end of a line"
        hint = "Write the formula without quotes, in single quotes, or below `|`."
        yield Fault(text.source.at(*text.path), what, hint)
        return
    yield from (text.fault(problem) for problem in _problems_of_formula(text.content))
    if "\\" not in text.content and (words := _WORDS.search(text.content)):
        what = f"`{clipped(words[0])}` is set as letters without blanks between them"
        yield text.fault(TexProblem(words.start(), what, r"Words stand in \text{…}."), warning=True)


def _of_work(text: _Text) -> Iterator[Fault]:
    """A template: first whether its marks pair, or what stands between them would be read as LaTeX."""
    yield from _of_comment(text)
    if wrong := list(stray_marks.unmatched(text.content)):
        yield from (text.fault(problem) for problem in wrong)
        return
    # A number in each place, of the same length where that is possible.
    numbers = re.sub(r"<<.*?>>", lambda m: "1".ljust(len(m.group())), text.content)
    yield from (text.fault(problem) for problem in _problems_of_formula(numbers))


def _problems_of_formula(latex: str) -> Iterator[TexProblem]:
    """First what no card may use; then, in a formula that passes, what the sheet's converter refuses."""
    unavailable = problems(latex)
    yield from unavailable
    if unavailable:
        return
    if error := refusal(latex):
        yield _unshown(latex, error)
    elif not re.sub(r"<mphantom>.*?</mphantom>|<[^>]*>|[\s\u2061-\u2064]", "", mathml(latex)):
        yield TexProblem(0, "has no symbol: nothing of it is seen", "Write a formula, or take it away.")


def _unshown(latex: str, error: MathError) -> TexProblem:
    sign = latex[error.offset : error.offset + 1]
    if "Unicode" not in error.message or sign.isascii():
        return TexProblem(error.offset, error.message)
    hint = r"Write \sqrt{…}." if sign == "√" else "Write its command in LaTeX."
    return TexProblem(error.offset, f"the sign `{sign}` cannot be shown in a formula", hint)


def _key(path: Path) -> str:
    return ".".join(step for step in path if isinstance(step, str))

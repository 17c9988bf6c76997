"""The plot kinds, shown: what each takes, and its examples with their pictures, as words or as one HTML page."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from markupsafe import Markup

from eigendeck.deck.read import Deck, read_deck
from eigendeck.errors import DeckError, Fault, only_warnings
from eigendeck.latex.mathml import mathml
from eigendeck.model import Plot, Worked
from eigendeck.plots import PLOTS, Kind
from eigendeck.plots.draw import draw_plots, expressions
from eigendeck.render.templates import environment
from eigendeck.text.markup import to_html
from eigendeck.worked.sandbox import Pool
from eigendeck.worked.work import work

# A card that has nothing but what an example shows.
_CARD = """\
  - id: {id}
    concept: Example
    says: An example of a plot.
    formula: x
    numpy: "0"
    check: answer == 0
    variants: 1
    mistake: {{says: There is none.}}
"""


Example = tuple[str, Plot]  # as an author writes it, and its picture


@dataclass(frozen=True, slots=True)
class Shown:
    """A plot kind and its examples."""

    kind: Kind
    examples: tuple[Example, ...] = ()

    @property
    def parameters(self) -> list[tuple[str, str, bool]]:
        """The name of each parameter, what it takes, and whether it is required."""
        free = [("any names", self.kind.any_name.takes, False)] if self.kind.any_name else []
        named = self.kind.parameters.items()
        return [*free, *((name, "as written: " * it.option + it.takes, it.required) for name, it in named)]


def gallery(kinds: Sequence[str], processes: int) -> list[Shown]:
    """Returns the kinds with their examples from the documents, worked and drawn as those of a card are."""
    written = {f"{kind}-{n}": (kind, text) for kind in kinds for n, text in enumerate(_examples(kind))}
    deck = _deck_of({card_id: text for card_id, (_, text) in written.items()})
    with Pool(processes) as pool:
        pieces = list(work(deck, 0, expressions, pool))
    plots, undrawn = draw_plots(deck, [piece for piece in pieces if isinstance(piece, Worked)], processes)
    unworked = (piece for piece in pieces if isinstance(piece, Fault))
    if not only_warnings(faults := [*deck.faults, *unworked, *undrawn]):
        raise DeckError(faults)
    examples = [(kind, (text, plots[card_id].variants[1])) for card_id, (kind, text) in written.items()]
    return [Shown(PLOTS[kind], tuple(one for of, one in examples if of == kind)) for kind in kinds]


def lines(shown: Shown) -> Iterator[str]:
    """Yields a kind in words, its pictures by what they show."""
    yield f"{shown.kind.name}: {shown.kind.shows}"
    width = max(len(name) for name, _, _ in shown.parameters)
    for name, takes, required in shown.parameters:
        yield f"    {name:{width}}  {'required: ' if required else ''}{takes}"
    for yaml, plot in shown.examples:
        yield from ("", indent(yaml, "    "), f"    → {plot.alt}")


def page(shown: Sequence[Shown]) -> str:
    """Returns the kinds as one HTML page, which asks nothing of the network."""
    own = environment(text=lambda text: Markup(to_html(text, mathml)))
    return own.get_template("plots.html").render(kinds=shown)


def _examples(kind: str) -> list[str]:
    """The examples of the page on plots, which comes along in a package that is installed."""
    package = Path(__file__).parents[1]
    folder = next(root / "docs" for root in (package, package.parents[1]) if (root / "docs" / "plots.md").is_file())
    own = re.split(r"^## ", (folder / "plots.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = next(part for part in own if part.partition("\n")[0] == kind)
    return re.findall(r"^```yaml\n(.*?)^```", section, re.DOTALL | re.MULTILINE)


def _deck_of(examples: dict[str, str]) -> Deck:
    """A deck of one card for each example, by its id."""
    cards = [_CARD.format(id=card_id) + indent(text, "    ") for card_id, text in examples.items()]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "deck.yaml").write_text("id: plots\ntitle: Plots\n", encoding="utf-8")
        section = "section: Plots\ncards:\n" + "\n".join(cards)
        (Path(folder) / "01-plots.yaml").write_text(section, encoding="utf-8")
        return read_deck(Path(folder))

"""The values that pass between the stages: frozen, plain, without NumPy. What the worker made passes as it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eigendeck.deck.card_parts import Panel
from eigendeck.deck.card_schema import Card
from eigendeck.errors import Fault
from eigendeck.worker.job import Line, Number, Value, Variant

__all__ = ["CardPlots", "Line", "Number", "Plot", "Value", "Variant", "Worked", "WorkedPanel"]


@dataclass(frozen=True, slots=True)
class Plot:
    """A rendered figure: an SVG document on opaque white, and what it shows, in words and numbers.

    missing: the letters that the plots' font lacks; they are set in the page's font, wherever it is read.
    """

    svg: str
    alt: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class CardPlots:
    """The plots of a card: one for each variant, by its number, and the first variant's once more, drawn for print."""

    variants: Mapping[int, Plot] = field(default_factory=dict)
    printed: Plot | None = None

    @property
    def missing(self) -> str:
        """The letters that the plots' font lacks, of the first of them that has such letters."""
        return next((plot.missing for plot in self._all if plot.missing), "")

    @property
    def characters(self) -> int:
        """How many all of them have together."""
        return sum(len(plot.svg) for plot in self._all)

    @property
    def _all(self) -> list[Plot]:
        return [*self.variants.values(), *([self.printed] if self.printed else [])]


@dataclass(frozen=True, slots=True)
class Worked:
    """A card with its variants and its checks in words.

    formula_run: what running its displayed formula on them has shown, `value` or `relation`; nothing if it does not
    bind. contradiction: where that gives another value than the code, and does not bind.
    """

    card: Card
    variants: tuple[Variant, ...]
    checks: tuple[str, ...]
    formula_run: str = ""
    contradiction: Fault | None = None


@dataclass(frozen=True, slots=True)
class WorkedPanel:
    """A panel of the sheet with the values of its lines."""

    panel: Panel
    lines: tuple[Line, ...]

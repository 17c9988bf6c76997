"""What the sheet shows: boxes of cards, and everything around them."""

from dataclasses import dataclass
from typing import Literal

from eigendeck.deck.schema import DeckMeta
from eigendeck.model import WorkedPanel
from eigendeck.phrases import ENGLISH, Phrases

Stand = Literal["beside", "corner", "below"]
Place = Literal["top", "row", "work", "line"]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where the parts of a box stand.

    formula: it stands beside the program, in the corner of what the card says, or below that on a line of its own.
    beside: the output stands to the right of the program. figure: it floats on the right from the top, from the row
    of the program, or from the worked example on, or has a line of its own. width: of the figure, in mm. goes_on:
    the check stands in the line of the worked formula. aside: the mistake's sentence begins beside the matrix that
    the mistake prints. program: as it is shown.
    """

    formula: Stand
    beside: bool
    figure: Place
    width: float
    goes_on: bool
    aside: bool
    program: str


@dataclass(frozen=True, slots=True)
class Box:
    r"""What the sheet shows of one card.

    A field is plain text, but where it says LaTeX, HTML, or a text of the author: that has `code` and \(maths\).
    """

    id: str
    number: int  # its place in the deck, from 1
    concept: str  # a text of the author
    form: str  # one of the deck's forms; "" if none
    says: str  # HTML
    formula: str  # LaTeX; "" if there is none
    shapes: str = ""  # "(3,) · (3,) → ()"; "" if there are none
    substituted: tuple[str, ...] = ()  # LaTeX, a line each
    program: str = ""  # complete: inputs, the lines, print
    output: str = ""  # what the program prints
    checks: tuple[str, ...] = ()  # texts of the author; paper has room for the first
    mistake_code: str = ""  # "" if the mistake is told, not run
    mistake_shown: str = ""  # what it prints
    mistake_says: str = ""  # HTML
    words: Phrases = ENGLISH
    told: bool = False  # it has a question and an answer alone
    ask: str = ""  # HTML; the question, "" where the inputs say it all
    plot: str = ""  # HTML: <svg role="img">
    arrangement: Arrangement | None = None  # of its parts on paper, once that was found


@dataclass(frozen=True, slots=True)
class SheetSection:
    """The boxes of one section, and what to read beside them."""

    number: str  # "01"
    title: str  # a text of the author
    stem: str  # of its file: `--only` names it
    boxes: tuple[Box, ...]
    see: tuple[str, ...] = ()  # texts of the author


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is on the sheet. date: ISO, of the newest note."""

    deck: DeckMeta
    seed: int
    date: str
    sections: tuple[SheetSection, ...]
    panels: tuple[WorkedPanel, ...] = ()

"""What the draws of a card say of its formula: plain values, which travel from the worker to its parent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Class = Literal["value", "relation", "sizes", "part", "differs", "not checked"]
Convention = tuple[tuple[str, str], ...]  # what a reading of the formula takes where textbooks differ

AGREES: tuple[Class, ...] = ("value", "relation", "sizes")
SIDES = "sides differ"  # the kind of cause where the two values are those of two sides
UNDEFINED = "Undefined"  # the kind of cause where a symbol has no value

_WORDS = {"value": "agrees", "relation": "the answer satisfies it", "sizes": "the sizes agree"}
_ON_CARD = ("value", "relation")


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause as it travels: its kind, what is wrong, and what to write instead, where that is known."""

    kind: str = ""
    message: str = ""
    hint: str = ""


NO_CAUSE = Cause()
VARIES = Cause("varies", "no reading of the formula agrees on all draws")


@dataclass(frozen=True, slots=True)
class MutationReport:
    """How many mutants of a formula were made, and how many the draws killed.

    survived: the others, in words. untested: symbols of which no mutant was killed.
    """

    made: int = 0
    killed: int = 0
    survived: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The class of a card's formula over its draws.

    kind: value, relation, sizes (agreement on all of them), part, differs, not checked. cause: why it does not agree.
    draw: the first draw, from 0, that does not agree. formula, code: its two values. ratio: formula over code, where
    it is the same on all draws that differ. conventions: those under which it agrees, the usual one first.
    mistake: the formula accepts the value of the card's mistake too; excused: the card says why. binding: the card has
    `reads`. doubtful: where it differs, it may speak of something else. wide: how many draws of `wide` it agrees on,
    too; inputs: those of `wide` on which it does not, in words.
    """

    kind: Class
    draws: int = 0
    cause: Cause = NO_CAUSE
    draw: int = -1
    formula: str = ""
    code: str = ""
    ratio: float | None = None
    conventions: tuple[Convention, ...] = ()
    mistake: bool = False
    excused: bool = False
    binding: bool = False
    wide: int = 0
    inputs: str = ""
    doubtful: bool = False
    mutants: MutationReport | None = None

    @property
    def contradicts(self) -> bool:
        """Whether it says something else than the code, and nothing but one of them being wrong explains that."""
        return self.kind == "differs" and not self.doubtful

    @property
    def agrees(self) -> bool:
        """Whether this is an agreement that counts."""
        return self.kind in AGREES and (not self.mistake or self.excused) and not self.inputs

    @property
    def message(self) -> str:
        """The summary in words."""
        return self._message("agrees in part", "not checked")

    def _message(self, part: str, unread: str) -> str:
        if self.mistake and not self.excused:
            return "the formula accepts the value of the mistake too, so that its agreement says nothing"
        gives = f"formula gives {self.formula}, code gives {self.code}"
        if self.cause.kind == SIDES:
            gives = f"{self.cause.message}: {self.formula} and {self.code}"
        if self.inputs:
            wide = f"on what `given` draws, but not on what `wide` draws: with {self.inputs} {gives}"
            return f"{_WORDS[self.kind]} {wide}"
        if self.kind in AGREES:
            return f"{_WORDS[self.kind]} on {self.draws} draws" + (f" and {self.wide} wide ones" if self.wide else "")
        if self.kind != "differs":
            return f"{part if self.kind == 'part' else unread}: {self.cause.message}"
        factor = ""
        if self.ratio is not None:
            of = "left = {:.4g} × right" if self.cause.kind == SIDES else "formula = {:.4g} × code"
            factor = f"; {of.format(self.ratio)} on all draws that differ"
        return f"{gives} (draw {self.draw}){factor}"

    @property
    def hint(self) -> str:
        """What to write instead, where that is known."""
        if self.mistake and not self.excused:
            return (
                r"Let the formula tell the two apart (`\propto` leaves a factor open: write `=` and the divisor),"
                " or say in `mistake.fits` why it holds for both. Without `reads` it is not checked at all."
            )
        if self.inputs:
            return (
                "The mistake is in the formula or in `numpy`, and `given` draws only inputs that hide it."
                " If the card is about such inputs alone, `wide` must draw no others."
            )
        return self.cause.hint

    def refusal(self, inputs: Sequence[str]) -> tuple[str, str]:
        """Returns the message and the hint of the fault of a formula that binds and does not agree.

        inputs: the names that the author may have meant.
        """
        message = self._message("cannot be run as a whole", "cannot be run")
        if self.cause.kind != UNDEFINED:
            return message, self.hint
        known = ", ".join(inputs) or "none"
        return message, f"A misprint? The inputs are: {known}. Otherwise: {self.hint[:1].lower()}{self.hint[1:]}"

    @property
    def report(self) -> str:
        """The summary as the list of all formulas has it."""
        binds = self.binding or not self.agrees
        return self.message + ("" if binds else ": add `reads: {}` to make this binding")

    @property
    def on_card(self) -> str:
        """The kind of what a card whose formula binds may say of it; nothing where that is too little."""
        return self.kind if self.binding and self.agrees and self.kind in _ON_CARD else ""


def merge(runs: Sequence[Summary]) -> Summary:
    """Returns what one or more runs of draws say, one after the other. A run that does not agree speaks for all."""
    if len(runs) == 1 and runs[0].conventions:
        return runs[0]
    draws = 0
    common = runs[0].conventions
    mutants = next((run.mutants for run in runs if run.mutants), None)
    for run in runs:
        if not run.agrees or run.kind != runs[0].kind:
            return replace(run, draw=draws + run.draw if run.draw >= 0 else -1, mutants=mutants)
        draws += run.draws
        common = tuple(convention for convention in common if convention in run.conventions)
    whole = replace(runs[0], draws=draws, conventions=common, mutants=mutants, wide=sum(run.wide for run in runs))
    if not common:
        return replace(whole, kind="not checked", cause=VARIES, mistake=False)
    return replace(whole, mistake=any(run.mistake for run in runs))

"""What the worker answers to a job. The parent believes it only as far as `worked.replies` has looked at it."""

from dataclasses import dataclass

from eigendeck.worker.formula_summary import Summary
from eigendeck.worker.job import CardFault, Variant


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a job: faults, or what was asked for.

    answers: the printed answers of its draws, up to five different ones. checks: in words. alone: of each of them the
    wrong answers that no other refuses, in words, if that was asked for. short_of_memory: some code
    asked for more than there was, which may be for what other cards left.
    """

    faults: tuple[CardFault, ...] = ()
    variants: tuple[Variant, ...] = ()
    answers: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    alone: tuple[tuple[str, ...], ...] = ()
    formula: Summary | None = None
    short_of_memory: bool = False

"""The formula with its numbers, as the card says it in `work`, or else from its code."""

import re
from collections.abc import Iterator

from eigendeck.deck.card_schema import Card
from eigendeck.deck.key_types import ANGLES
from eigendeck.latex.commands import TexProblem, problems
from eigendeck.latex.mathml import MathError, refusal
from eigendeck.model import Variant
from eigendeck.substitution import work_template
from eigendeck.substitution.substitute import substitute
from eigendeck.substitution.value_latex import Typeset, text, typeset

_INPUT = re.compile(r"\s*(\w+)\s*(\[[^\[\]]*\])?\s*")


def substituted(card: Card, variant: Variant) -> tuple[str, ...]:
    """Returns the formula with the numbers of a variant in it, as lines of LaTeX; the value with its unit."""
    if card.work:
        return _filled(card, _typeset(card, variant))
    lines = substitute(card.numpy, dict(variant.inputs), variant.answer, card.nice.digits)
    if not lines or not card.unit or variant.answer.shape:
        return lines
    gap = "" if card.unit in ANGLES else r"\,"
    return (*lines[:-1], f"{lines[-1]}{gap}{text(card.unit)}")


def _filled(card: Card, numbers: list[Typeset]) -> tuple[str, ...]:
    return tuple(line for line in work_template.fill(card.work, numbers).splitlines() if line.strip())


def misplaced(card: Card, variant: Variant) -> Iterator[tuple[int, str, str]]:
    """Yields what is wrong with `work` with a variant's numbers in it: an offset, what it is, what to write instead."""
    if not card.work:
        return
    filled, places = _typeset(card, variant), work_template.placeholders(card.work)
    together = work_template.run_together(card.work, filled)
    for which in together:
        expression, offset = places[which]
        what = f"`<<{expression}>>` is {filled[which].latex}, and runs into the digits beside it"
        yield offset, what, r"Write `\cdot` between them."
    if together:
        return
    for line in _filled(card, filled):
        wrong: TexProblem | MathError | None = next(iter(problems(line)), None) or refusal(line, True)
        if wrong:
            yield 0, f"with its numbers it cannot be shown: {wrong.message} in `{line[:80]}`", ""


def _typeset(card: Card, variant: Variant) -> list[Typeset]:
    """The values of the placeholders; the card says how many decimals those have that are no inputs."""
    inputs = {name for name, _ in (*variant.inputs, *variant.mistake_inputs)}
    expressions = [expression for expression, _ in work_template.placeholders(card.work)]
    return [
        typeset(value, None if (name := _INPUT.fullmatch(source)) and name[1] in inputs else card.nice.digits)
        for source, value in zip(expressions, variant.work, strict=True)
    ]

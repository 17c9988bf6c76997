"""What the templates show of one variant of a card."""

import binascii
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from eigendeck.deck.card_schema import Card
from eigendeck.model import Plot, Value, Variant, Worked
from eigendeck.phrases import Phrases
from eigendeck.render import anki_html as html
from eigendeck.render.inputs import input_lines, program_with_units, shape_trace, unasked, with_unit
from eigendeck.substitution.worked_formula import substituted
from eigendeck.text import escape, markup


def variant_context(
    worked: Worked, variant: Variant, plots: Mapping[int, Plot], seed: int, shapes: bool, words: Phrases
) -> dict[str, Any]:
    card = worked.card
    mistakes = [
        {
            "code": html.lines(line.code),
            "printed": line.printed,
            "raised": line.raised,
            "says": html.own(words, mistake.says),
        }
        for line, mistake in zip(variant.mistakes, card.mistakes, strict=False)
    ]
    turn = (variant.number - 1) % max(len(mistakes), 1)  # each mistake in its turn
    choices = _choices(card, variant, mistakes[turn : turn + 1], seed)
    # In large letters a long line would be cut on a phone.
    longest = max(map(len, (variant.output + with_unit(card.unit)).split("\n")))
    unit, plot = with_unit(card.unit), plots.get(variant.number)
    return {
        "number": variant.number,
        "ask": html.asked(markup.to_html(card.ask, html.math, variant.ask, apart=words.rtl, units=card.all_units)),
        "inputs": html.lines(unasked(card, variant)),
        "mistake_inputs": html.lines(input_lines(_read_with(variant, turn), variant.shown, card.units)),
        "shapes": shape_trace(variant) if shapes else "",
        "substituted": _substituted(card, variant),
        "steps": [
            {"code": html.code(s.code), "caption": html.own(words, s.caption), "printed": s.printed}
            for s in variant.steps
        ],
        "unit": unit,
        "length": " longer" if longest > 34 else " long" if longest > 23 else "",
        "program": html.lines(program_with_units(variant.program, card.units, card.unit)),
        "output": variant.output,
        "plot": html.image(plot) if plot else "",
        "asked_plot": html.asking_image(plot, card.plot.ask, words) if plot and card.plot else "",
        "plot_says": _plot_says(card, variant, words),
        "mistakes": [
            mistake | {"code": html.lines(whole_mistake(variant, number))} for number, mistake in enumerate(mistakes)
        ],
        "choices": choices,
        "right": next(choice for choice in choices if choice["right"]),
        "wrong": next((choice for choice in choices if not choice["right"]), None),
    }


def _plot_says(card: Card, variant: Variant, words: Phrases) -> Markup | str:
    """What a picture shows, where that differs between variants: else no variant says it by itself."""
    if not card.plot or not markup.placeholders(card.plot.says):
        return ""
    values = variant.ask[len(markup.placeholders(card.ask)) :]
    return Markup(markup.to_html(card.plot.says, html.math, values, apart=words.rtl, units=card.all_units))


def _choices(card: Card, variant: Variant, mistakes: Sequence[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """The right line and a mistake's, in an order that hangs on the variant alone."""
    choices = [{"code": html.lines(card.numpy.strip()), "printed": variant.output, "raised": False, "right": True}]
    choices += [mistake | {"right": False} for mistake in mistakes]
    if binascii.crc32(f"{seed}/{card.id}/{variant.number}".encode()) & 1:  # a coin that ever falls the same way
        choices.reverse()
    named = zip("AB", choices, strict=False)
    return [choice | {"letter": letter, "bold": Markup(f"<b>{letter}</b>")} for letter, choice in named]


def whole_mistake(variant: Variant, number: int = 0, asked: Collection[str] = ()) -> str:
    """Returns the code of a mistake, below what it reads that the right line does not, and `ask` does not name."""
    code = variant.mistakes[number].code
    known = {*asked, *(name for name, _ in variant.inputs)}
    more = input_lines([pair for pair in _read_with(variant, number) if pair[0] not in known], variant.shown)
    return f"{more}\n{code}" if more else code


def _read_with(variant: Variant, number: int) -> list[tuple[str, Value]]:
    """The inputs without those that only the other mistakes name."""
    if len(variant.mistakes) < 2:
        return list(variant.mistake_inputs)
    functions = (value.literal for _, value in variant.mistake_inputs if value.kind == "function")
    codes = [set(re.findall(r"\w+", line.code)) for line in variant.mistakes]
    kept = {*(name for name, _ in variant.inputs), *re.findall(r"\w+", " ".join(functions))}.union(
        *codes[number : number + 1]
    )
    dropped = set().union(*codes) - kept
    return [pair for pair in variant.mistake_inputs if pair[0] not in dropped]


def _substituted(card: Card, variant: Variant) -> list[Markup]:
    """The formula with its numbers. MathJax takes Arabic letters apart: a unit in them stands behind the formula."""
    if not card.unit or not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in card.unit):
        return [html.formula(line) for line in substituted(card, variant)]
    bare = card.model_copy(update={"unit": None})
    *lines, last = [html.formula(line) for line in substituted(bare, variant)] or [Markup("")]
    return [*lines, last + Markup(escape.harmless(with_unit(card.unit)))] if last else []

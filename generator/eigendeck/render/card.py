"""Stage 4. Worked cards → faces: the sides of each direction as Anki shows them, and the card's box on the sheet."""

from __future__ import annotations

import binascii
import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eigendeck.deck.card_schema import Card
from eigendeck.deck.schema import DeckMeta, Section
from eigendeck.latex.breaks import clauses, parts
from eigendeck.latex.commands import problems
from eigendeck.latex.mathjax import for_anki
from eigendeck.latex.mathml import mathml, mathml_in_text
from eigendeck.model import CardPlots, Plot, Variant, Worked
from eigendeck.phrases import Phrases, phrases
from eigendeck.render.box import Box
from eigendeck.render.highlight import highlight
from eigendeck.render.inputs import input_lines, program_with_units, shape_trace, with_unit
from eigendeck.render.metrics import of_mathml
from eigendeck.render.standalone import standalone
from eigendeck.substitution.worked_formula import substituted
from eigendeck.text import escape, markup

DIRECTIONS = ("work", "mistake", "code", "formula", "plot")
_PHONE = 16.2  # ems of a formula that fit beside each other on a phone
_PLOT_WIDTH = 312  # px: fills a phone's card, and no more than that on a desktop


@dataclass(frozen=True, slots=True)
class Face:
    """A card as its readers see it.

    heading: the title of its section. sides: front and back as HTML, by direction. media: the files that the sides
    refer to, by name.
    """

    worked: Worked
    section: Section
    heading: str
    concept: str
    says: str
    see: str
    sides: Mapping[str, tuple[str, str]]
    media: Mapping[str, bytes]
    box: Box

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return standalone(self.concept, self.sides, self.media)


def face(worked: Worked, section: Section, drawn: CardPlots, number: int, seed: int, meta: DeckMeta) -> Face:
    """Returns the faces of a card: pure text from the values of the earlier stages.

    number: the card's position in the deck. seed: shuffles A and B.
    """
    if worked.card.told:
        return _told(worked, section, number, meta)
    card, plots = worked.card, drawn.variants
    media = {_media_name(plot): plot.svg.encode() for plot in plots.values()}
    shapes = meta.shapes if card.shapes is None else card.shapes
    words = phrases(meta.language, meta.phrases)
    variants = [_variant(worked, variant, plots, seed, shapes, words) for variant in worked.variants]
    first = worked.variants[0]
    steps = first.steps
    context: dict[str, Any] = {
        "variants": variants,
        "words": words,
        "say": partial(_phrase, words),
        "task": words["card.say_shape" if shapes and shape_trace(first) else "card.say_answer"],
        "formula": _formula(card.formula),
        "hint": _anki(card.hint),
        "first_step": (_anki(steps[0].caption) or steps[0].code) if len(steps) > 1 else "",
        "checks": [_anki(check) for check in worked.checks],
        "formula_run": worked.formula_run
        and words.say(f"card.formula_{worked.formula_run}", count=len(worked.variants)),
        "says": _anki(card.says),
        "mistake_says": _anki(card.mistakes[0].says),
        "numpy": _lines(card.numpy.strip()),
        "plot": _asking_image(plots[1], card.plot.ask, words) if card.plot and 1 in plots else "",
        "plot_ask": _anki(card.plot.ask) if card.plot else "",
        "plot_says": _anki(card.plot.says) if card.plot else "",
    }
    sides: dict[str, tuple[str, str]] = {
        direction: (
            _within(words, _render(f"{direction}_front", context)),
            _within(words, _render(f"{direction}_back", context)),
        )
        for direction in DIRECTIONS
        if direction in card.cards
    }
    see = "".join(f"<li>{_anki(item)}</li>" for item in card.see)
    return Face(
        worked,
        section,
        heading=_marked(words, _anki(section.title)),
        concept=_marked(words, _anki(card.concept)),
        says=_within(words, _anki(card.says)),
        see=_within(words, f"<ul>{see}</ul>") if see else "",
        sides=sides,
        media=media,
        box=_box(worked, drawn.printed, number, shapes, words),
    )


def _told(worked: Worked, section: Section, number: int, meta: DeckMeta) -> Face:
    """The faces of a card that was not computed, and says so."""
    card, words = worked.card, phrases(meta.language, meta.phrases)
    context = {
        "words": words,
        "ask": _anki(card.ask),
        "says": _anki(card.says),
        "hint": _anki(card.hint),
        "formula": _formula(card.formula) if card.formula else "",
    }
    see = "".join(f"<li>{_anki(item)}</li>" for item in card.see)
    box = Box(
        id=card.id,
        number=number,
        concept=card.concept,
        form=card.form or "",
        says=markup.to_html(card.says, mathml),
        shapes="",
        formula=card.formula,
        substituted=(),
        program="",
        output="",
        checks=(),
        mistake_code="",
        mistake_shown="",
        mistake_says="",
        words=words,
        told=True,
        ask=markup.to_html(card.ask, mathml),
    )
    return Face(
        worked,
        section,
        heading=_marked(words, _anki(section.title)),
        concept=_marked(words, _anki(card.concept)),
        says=_within(words, _anki(card.says)),
        see=_within(words, f"<ul>{see}</ul>") if see else "",
        sides={"work": (_within(words, _render("told_front", context)), _within(words, _render("told_back", context)))},
        media={},
        box=box,
    )


def _variant(
    worked: Worked, variant: Variant, plots: Mapping[int, Plot], seed: int, shapes: bool, words: Phrases
) -> dict[str, Any]:
    card = worked.card
    asked = {content.partition(":")[0] for content, _ in markup.placeholders(card.ask)}
    mistakes = [
        {"code": _lines(line.code), "printed": line.printed, "raised": line.raised, "says": _anki(mistake.says)}
        for line, mistake in zip(variant.mistakes, card.mistakes, strict=False)
    ]
    choices = [{"code": _lines(card.numpy.strip()), "printed": variant.output, "raised": False, "right": True}]
    if mistakes:  # each in its turn
        choices.append(mistakes[(variant.number - 1) % len(mistakes)] | {"right": False})
    if _tossed(card.id, variant.number, seed):
        choices.reverse()
    lettered = [
        choice | {"letter": letter, "bold": Markup(f"<b>{letter}</b>")}
        for letter, choice in zip("AB", choices, strict=False)
    ]
    unasked = [pair for pair in variant.inputs if pair[0] not in asked]
    unit = with_unit(card.unit)
    return {
        "number": variant.number,
        "ask": Markup(markup.to_html(card.ask, _math, variant.ask, apart=words.rtl)) if card.ask else "",
        "inputs": _lines(input_lines(unasked, variant.shown, card.units)),
        "mistake_inputs": _lines(input_lines(variant.mistake_inputs, variant.shown, card.units)),
        "shapes": shape_trace(variant) if shapes else "",
        "substituted": _substituted(card, variant),
        "steps": [{"code": _code(s.code), "caption": _anki(s.caption), "printed": s.printed} for s in variant.steps],
        "value": variant.output,
        "unit": unit,
        "length": _length(variant.output + unit),
        "program": _lines(program_with_units(variant.program, card.units, card.unit)),
        "output": variant.output,
        "plot": _image(plots[variant.number]) if variant.number in plots else "",
        "mistakes": [
            mistake | {"code": _lines(whole_mistake(variant, number, asked))} for number, mistake in enumerate(mistakes)
        ],
        "choices": lettered,
        "right": next(choice for choice in lettered if choice["right"]),
        "wrong": next((choice for choice in lettered if not choice["right"]), None),
    }


def whole_mistake(variant: Variant, number: int = 0, asked: Collection[str] = ()) -> str:
    """Returns the code of a mistake, below what it reads that the right line does not, and `ask` does not name."""
    code = variant.mistakes[number].code
    known = {*asked, *(name for name, _ in variant.inputs)}
    more = input_lines([pair for pair in variant.mistake_inputs if pair[0] not in known], variant.shown)
    return f"{more}\n{code}" if more else code


def _substituted(card: Card, variant: Variant) -> list[Markup]:
    """The formula with its numbers. MathJax takes Arabic letters apart: a unit in them stands behind the formula."""
    if not card.unit or not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in card.unit):
        return [_formula(line) for line in substituted(card, variant)]
    bare = card.model_copy(update={"unit": None})
    *lines, last = [_formula(line) for line in substituted(bare, variant)] or [Markup("")]
    return [*lines, last + Markup(escape.harmless(with_unit(card.unit)))] if last else []


def _length(output: str) -> str:
    """The class of a value by its longest line: in large letters on a phone it would be cut."""
    longest = max(map(len, output.split("\n")))
    return " longer" if longest > 34 else " long" if longest > 23 else ""


def _tossed(card_id: str, variant: int, seed: int) -> bool:
    """A coin that falls the same way for the same card, variant and seed."""
    return bool(binascii.crc32(f"{seed}/{card_id}/{variant}".encode()) & 1)


def _box(worked: Worked, plot: Plot | None, number: int, shapes: bool, words: Phrases) -> Box:
    from eigendeck.plots import inline

    card, variant = worked.card, worked.variants[0]
    first, *others = variant.mistakes or (None,)
    wrong = [other.printed for other in others if other and "\n" not in other.printed and not other.raised]
    listed = ", ".join(f"<samp>{escape.attribute(printed)}</samp>" for printed in wrong)
    also = f" {escape.attribute(words['sheet.also_wrong'])} {listed}." if wrong else ""
    return Box(
        id=card.id,
        number=number,
        concept=card.concept,
        form=card.form or "",
        says=markup.to_html(card.says, mathml),
        shapes=shape_trace(variant) if shapes else "",
        ask=markup.to_html(card.ask, mathml, variant.ask, apart=words.rtl) if card.ask else "",
        words=words,
        formula=card.formula,
        substituted=substituted(card, variant),
        program=program_with_units(variant.program, card.units, card.unit),
        output=variant.output,
        checks=worked.checks,
        mistake_code=whole_mistake(variant) if first else "",
        mistake_shown=first.printed if first else "",
        mistake_says=markup.to_html(card.mistakes[0].says, mathml) + also,
        plot=inline(plot, f"{card.id}-") if plot else "",
    )


def _media_name(plot: Plot) -> str:
    return f"eigendeck-{hashlib.sha256(plot.svg.encode()).hexdigest()[:24]}.svg"


def _image(plot: Plot) -> Markup:
    return Markup(f'<img src="{_media_name(plot)}" width="{_PLOT_WIDTH}" alt="{escape.attribute(plot.alt)}">')


def _phrase(words: Phrases, name: str, /, **values: Markup) -> Markup:
    """A fixed phrase as HTML, with elements filled in."""
    phrase = escape.harmless(words[name])
    return Markup(re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), phrase))


def _within(words: Phrases, content: str) -> str:
    """A field in the language and direction of the deck. English is what Anki's page is in anyway."""
    return (
        content if words.language == "en" else f'<div lang="{words.language}" dir="{words.direction}">{content}</div>'
    )


def _marked(words: Phrases, content: str) -> str:
    """A line in the language of the deck. The template goes by its first letter, here a mark that nobody sees."""
    if words.language == "en":
        return content
    mark = "\u200f" if words.rtl else ""
    return f'<span lang="{words.language}">{mark}{content}</span>'


def _asking_image(plot: Plot, question: str, words: Phrases) -> Markup:
    """The picture of a question: its text does not say what the picture shows."""
    return _image(Plot(plot.svg, words.say("card.about_plot", question=markup.to_plain(question, mathml_in_text))))


def _anki(source: str) -> Markup:
    return Markup(markup.to_html(source, _math))


def _math(latex: str) -> str:
    """A formula inside a text. Values and code get into texts, too: what no card may use stays words."""
    if problems(latex):
        return escape.harmless(rf"\({latex}\)")
    shown = [for_anki(part) for part in parts(latex)]
    return shown[0] if len(shown) == 1 else f'<bdi dir="ltr">{" ".join(shown)}</bdi>'


def _formula(latex: str) -> Markup:
    """A formula of its own, in parts between which a narrow screen may break the line."""
    shown = [" ".join(map(_part, clause)) for clause in clauses(latex)]
    if len(shown) == 1:
        return Markup(shown[0])
    return Markup(" ".join(f'<span class="clause">{clause}</span>' for clause in shown))


def _part(latex: str) -> str:
    """A part that does not break. One too long for a phone is set smaller; what is still too long scrolls."""
    width = of_mathml(mathml(latex)).width
    size = " longest" if width > _PHONE * 1.13 else " long" if width > _PHONE else ""
    return f'<span class="part{size}">{for_anki(latex, display=True)}</span>'


def _code(source: str) -> Markup:
    return Markup(escape.defused(highlight(source)))


def _lines(source: str) -> Markup:
    """Code in a block, a `<span>` a line, so that a line too long for a phone hangs and is not taken for two."""
    if not source:
        return Markup("")
    return Markup("\n".join(f"<span>{line}</span>" for line in _code(source).split("\n")))


@cache
def _environment() -> Environment:
    """Constant templates, escaped by default: text of a card is never a template, and never markup."""
    return Environment(
        loader=PackageLoader("eigendeck", "templates/anki"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) else Markup(escape.harmless(str(value))),
    )


def _render(template: str, context: Mapping[str, Any]) -> str:
    return _environment().get_template(f"{template}.html").render(context).strip()

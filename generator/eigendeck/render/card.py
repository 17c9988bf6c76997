"""Stage 4. Worked cards → faces: the sides of each direction as Anki shows them, and the card's box on the sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from markupsafe import Markup

from eigendeck.deck.card_schema import DIRECTIONS, Card
from eigendeck.deck.schema import DeckMeta, Section
from eigendeck.latex.mathml import mathml
from eigendeck.model import CardPlots, Plot, Worked
from eigendeck.phrases import Phrases, phrases
from eigendeck.plots.canvas.svg import inline
from eigendeck.render import anki_html as html
from eigendeck.render.arrangement import arrange
from eigendeck.render.box import Box
from eigendeck.render.inputs import program_with_units, shape_trace, shows_shapes
from eigendeck.render.overflow import too_wide
from eigendeck.render.standalone import standalone
from eigendeck.render.variant import variant_context, whole_mistake
from eigendeck.substitution.worked_formula import substituted
from eigendeck.text import escape, markup
from eigendeck.worked.asking import characters


@dataclass(frozen=True, slots=True)
class Face:
    """A card as its readers see it.

    variants: how many examples it has. heading: the title of its section. sides: front and back as HTML, by direction.
    media: the files that the sides refer to, by name. missing: letters that the plots' font lacks. shown, drawn: how
    many characters of what was computed, and of plots. wide: what paper has no room for, as `too_wide` says it.
    """

    card: Card
    variants: int
    section: Section
    heading: str
    concept: str
    says: str
    see: str
    sides: Mapping[str, tuple[str, str]]
    media: Mapping[str, bytes]
    box: Box
    missing: str = ""
    shown: int = 0
    drawn: int = 0
    wide: tuple[tuple[str, str, str], ...] = ()

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return standalone(self.concept, self.sides, self.media)


def face(worked: Worked, section: Section, drawn: CardPlots, number: int, seed: int, meta: DeckMeta) -> Face:
    """Returns the faces of a card: pure text from the values of the earlier stages.

    number: the card's position in the deck. seed: shuffles A and B.
    """
    card, words = worked.card, phrases(meta.language, meta.phrases)
    box = _box(worked, drawn.printed, number, shows_shapes(card, meta), words)
    if not card.told:
        box = replace(box, arrangement=arrange(box))
    see = "".join(f"<li>{html.text(item)}</li>" for item in card.see)
    return Face(
        card,
        len(worked.variants),
        section,
        heading=html.marked(words, html.text(section.title)),
        concept=html.marked(words, html.text(card.concept)),
        says=html.within(words, html.text(card.says)),
        see=html.within(words, f"<ul>{see}</ul>") if see else "",
        sides=sides(worked, drawn.variants, seed, meta),
        media={html.media_name(plot): plot.svg.encode() for plot in drawn.variants.values()},
        box=box,
        missing=drawn.missing,
        shown=sum(map(characters, worked.variants)),
        drawn=drawn.characters,
        wide=() if card.told else tuple(too_wide(box)),
    )


def sides(
    worked: Worked, plots: Mapping[int, Plot], seed: int, meta: DeckMeta, folders: Sequence[str] = ("anki",)
) -> dict[str, tuple[str, str]]:
    """Returns front and back as HTML, by direction, with formulas as MathJax reads them.

    plots: by the variant's number. folders: of templates, by precedence.
    """
    card, words = worked.card, phrases(meta.language, meta.phrases)
    context: dict[str, Any] = {"card": card, "words": words}
    context |= {"say": partial(html.phrase, words), "lead": partial(html.leading, words)}
    if card.told:
        templates = {"work": "told"}
    else:
        templates = {direction: direction for direction in DIRECTIONS if direction in card.cards}
        context |= _context(worked, plots, seed, shows_shapes(card, meta), words)
    return {
        direction: (
            html.within(words, html.render(f"{template}_front", context, folders)),
            html.within(words, html.render(f"{template}_back", context, folders)),
        )
        for direction, template in templates.items()
    }


def _context(worked: Worked, plots: Mapping[int, Plot], seed: int, shapes: bool, words: Phrases) -> dict[str, Any]:
    """What the templates of a computed card show, beside the card itself. plots: by the variant's number."""
    card, first, count = worked.card, worked.variants[0], len(worked.variants)
    steps = first.steps
    return {
        "variants": [variant_context(worked, variant, plots, seed, shapes, words) for variant in worked.variants],
        "task": words["card.say_shape" if shapes and shape_trace(first) else "card.say_answer"],
        "first_step": (html.text(steps[0].caption) or steps[0].code) if len(steps) > 1 else "",
        "checks": worked.checks,
        "formula_run": worked.formula_run
        and words.say(f"card.formula_{worked.formula_run}{'_once' * (count == 1)}", count=count),
        "numpy": html.lines(card.numpy.strip()),
        "reckoned": first.answer.kind != "text",  # there is some arithmetic that a learner may get wrong
        "names": Markup(words["list.comma"]).join(html.text(f"`{name}`") for name, _ in first.inputs),
    }


def _box(worked: Worked, plot: Plot | None, number: int, shapes: bool, words: Phrases) -> Box:
    card = worked.card
    box = Box(
        id=card.id,
        number=number,
        concept=card.concept,
        form=card.form or "",
        says=markup.to_html(card.says, mathml, apart=words.rtl),
        formula=card.formula,
        words=words,
    )
    if card.told:
        return replace(box, told=True, ask=markup.to_html(card.ask, mathml, apart=words.rtl))
    variant = worked.variants[0]
    first, *others = variant.mistakes or (None,)
    wrong = [other.printed for other in others if other and "\n" not in other.printed and not other.raised]
    listed = words["list.comma"].join(markup.whole(printed, "samp") for printed in wrong)
    also = f" {escape.attribute(words['sheet.also_wrong'])} {listed}." if wrong else ""
    return replace(
        box,
        shapes=shape_trace(variant) if shapes else "",
        ask=markup.to_html(card.ask, mathml, variant.ask, apart=words.rtl, units=card.all_units),
        substituted=substituted(card, variant),
        program=program_with_units(variant.program, card.units, card.unit),
        output=variant.output,
        checks=worked.checks,
        mistake_code=whole_mistake(variant) if first else "",
        mistake_shown=first.printed if first else "",
        mistake_says=markup.to_html(card.mistakes[0].says, mathml, apart=words.rtl) + also,
        plot=inline(plot, f"{card.id}-") if plot else "",
    )

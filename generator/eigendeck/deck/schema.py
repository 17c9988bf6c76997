"""The keys of `deck.yaml` and of a section."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, Strict, field_validator

from eigendeck.deck import key_types as keys
from eigendeck.deck.card_parts import Panel
from eigendeck.deck.card_schema import Card
from eigendeck.deck.key_types import Limit, filled, said, several, whole
from eigendeck.errors import nearest
from eigendeck.phrases import blanks, phrases_of


class DeckMeta(keys.Strictly):
    """`deck.yaml`."""

    id: keys.Id = Field(
        description="The permanent name of the deck, such as `refresher`. It names the outputs and is half of every "
        "note's identity: it never changes."
    )
    title: keys.DeckName = Field(description="The name of the deck as people read it.")
    deck: keys.DeckPath | None = Field(
        None,
        description="The permanent name in Anki, or `Medicine::Statistics` below another deck; default is the title.",
    )
    description: keys.Latex = Field("", description="One or two sentences.")
    license: keys.Sentence = Field(
        "", description="Shown in the deck's description and on the sheet.", examples=["CC BY 4.0"]
    )
    version: keys.Name | None = Field(
        None, description='Your own version of the deck, as text: `"1.0"`.', examples=["1.0"]
    )
    seed: Annotated[int, whole(0)] = Field(0, description="What all numbers are drawn from; default 0.")
    variants: keys.Variants = Field(6, description="How many examples a card has, 1 to 20; default 6.")
    shapes: bool = Field(
        True,
        description="Whether cards ask for the shape of an answer that is an array, or is made of a matrix or of "
        "several arrays, and show the shapes; default true.",
    )
    language: keys.Locale = Field(
        "en",
        description="The language of the fixed phrases and the direction of the text: `en`, `de`, `es`, `fr`, `zh` or "
        "`ar`, with a region if you like, such as `de-AT`; default `en`.",
    )
    phrases: Mapping[str, keys.Phrase] = Field(
        default_factory=dict,
        description="Fixed phrases in your own words, by their names in `generator/eigendeck/phrases`.",
        examples=[{"card.say_answer": "What is the answer?"}],
    )
    forms: keys.Forms = Field(
        (),
        description="The names that `form` of a card may have, such as `[dot product, softmax]`; default none.",
        examples=[["dot product", "softmax"]],
    )
    panels: Annotated[tuple[Panel, ...], *several(10)] = Field(
        (),
        description="Boxes at the end of the sheet that are no cards: a list of `title` with `points` (sentences) or "
        "`numbers` (lines of NumPy with a comment each, whose values are computed and shown).",
    )

    @field_validator("phrases")
    @classmethod
    def _known_phrases(cls, own: Mapping[str, str]) -> Mapping[str, str]:
        known = phrases_of("en").by_name
        for name, text in own.items():
            if name not in known:
                raise said(f'"{name}" is no phrase', nearest(name, known) or "They stand in phrases/en.toml.")
            if blanks(text) != blanks(known[name]):
                raise said(f"{name} must name what is filled in as this does: {known[name]}")
        return own

    @property
    def anki_name(self) -> str:
        """The deck's name in Anki."""
        return self.deck or self.title


class Heading(keys.Strictly):
    """A section file without its cards."""

    section: keys.DeckName = Field(description="The title of the section.")
    deck: keys.DeckName | None = Field(
        None,
        description="The permanent name of its deck in Anki; default is the number of the file and the title, "
        "`01 Averages`.",
    )
    see: keys.References = Field((), description="A list of what to read; shown on the sheet.")
    cards: Annotated[tuple[Any, ...], Strict(False), Limit(filled, minItems=1)] = Field(
        description="The list of its cards."
    )


class Section(keys.Strictly):
    """One section file."""

    stem: str
    number: str
    title: str
    deck: str | None = None
    see: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()

    @property
    def anki_name(self) -> str:
        """The name of the section's deck in Anki, below the deck's own."""
        return self.deck or f"{self.number} {self.title}"

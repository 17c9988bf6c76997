"""Starters: a deck of three cards, and a card to write over. Values in, whole files out; nothing is overwritten."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from textwrap import indent
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eigendeck.authoring.json_schema import FILES, as_text, modeline
from eigendeck.deck.key_types import DEVICES, DeckName, Id, made_kebab
from eigendeck.deck.read import Deck, read_bytes, read_deck
from eigendeck.deck.repairs import quoted
from eigendeck.deck.source_map import SourceMap
from eigendeck.deck.written import parsed
from eigendeck.deck.yaml import read_yaml
from eigendeck.errors import DeckError, Fault, Place, nearest

TEMPLATES = Path(__file__).parents[1] / "templates" / "deck"
CARD_INDENT = "  "  # of the list items in a section that has no card yet


class NotAllowed(Exception):
    """A name that cannot be used; the message says why, and what can. about: which of the names it is."""

    def __init__(self, about: str, message: str) -> None:
        self.about = about
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class NewCard:
    """A section file with one card more. caret: where its author begins to write, in the new content."""

    path: Path
    content: bytes
    caret: Place
    new_file: bool


def starter_deck(folder: Path, title: str | None) -> Mapping[str, bytes]:
    """Returns the files of a deck that builds at once, by name.

    title: of the deck; None: made of the folder's name, as its id always is.

    Raises NotAllowed: the title cannot name a deck; DeckError: files of a deck are there already.
    """
    name = folder.resolve().name
    title = _validated(DeckName, "--title", title if title is not None else _words(name) or "My deck")
    deck_id = made_kebab(name) or made_kebab(title) or "my-deck"
    deck_id += "-deck" if deck_id in DEVICES else ""
    files = {
        "deck.yaml": modeline("deck") + _filled("deck.yaml", id=deck_id, title=quoted(title)),
        "01-first-cards.yaml": modeline("section") + _filled("01-first-cards.yaml"),
        **{FILES[part]: as_text(part) for part in FILES},
    }
    # A section that lies there would become one of this deck.
    there = [path for path in _visible(folder) if path.name in files or path.suffix.lower() in {".yaml", ".yml"}]
    if there:
        hint = "Give a folder that is new, or empty."
        raise DeckError(
            Fault(Place(path.as_posix()), "is there already; nothing is overwritten", hint) for path in there
        )
    return {name: content.encode() for name, content in files.items()}


def new_card(folder: Path, card_id: str, section: str | None) -> NewCard:
    """Returns the section file with a card appended that builds as it is.

    section: the name of its file, with or without `.yaml`; a new one is begun. None: the last section of the deck.

    Raises NotAllowed: the id or the section's name cannot be used; DeckError: there is no such deck, the id is taken,
    or the file cannot take a card at its end.
    """
    _validated(Id, "ID", card_id)
    stems = [path.stem for path in _visible(folder) if path.suffix == ".yaml" and path.name != "deck.yaml"]
    # A deck without a section cannot be read yet; without its own file it is none, as reading it says.
    deck = read_deck(folder) if stems or not (folder / "deck.yaml").is_file() else None
    taken = {written.casefold(): source for written, source in deck.card_sources.items()} if deck else {}
    if card_id in taken:
        what = f"{card_id}: id: a card of this deck has this id"
        raise DeckError([Fault(taken[card_id].key("id"), what, "Ids carry review history: choose another.")])
    stem = (section.removesuffix(".yaml") if section is not None else stems[-1]) if stems or section else "01-cards"
    card = _filled("card.yaml", id=card_id, concept=_words(card_id))
    path = folder / f"{stem}.yaml"
    new = stem not in stems
    content = _begun(path, stem, deck, stems, card) if new else _appended(path, folder, card, card_id)
    lines = content.splitlines()
    row, line = [(row, line) for row, line in enumerate(lines, 1) if line.lstrip().startswith("concept:")][-1]
    return NewCard(path, content.encode(), Place(path.as_posix(), row, line.index(":") + 3), new)


def _appended(path: Path, folder: Path, card: str, card_id: str) -> str:
    """A section file with the card at its end."""
    faults: list[Fault] = []
    data = read_bytes(path, folder, faults)
    source = None if data is None else parsed(path, data, faults)
    if data is None or source is None:
        raise DeckError(faults)
    line_end = "\r\n" if b"\r\n" in data else "\n"
    before = data.decode()
    ended = "" if before.endswith(("\n", "\r")) else "\n"
    text = before + f"{ended}\n{indent(card, ' ' * _dash_column(source))}".replace("\n", line_end)
    _insist_on_one_card_more(source, text, card_id)
    return text


def _begun(path: Path, stem: str, deck: Deck | None, stems: list[str], card: str) -> str:
    """A new section file with the card alone."""
    if meant := nearest(stem, stems):
        raise NotAllowed("--section", f'there is no section "{stem}". {meant}')
    if not re.fullmatch(r"\w[\w.-]*", stem) or stem == "deck":
        raise NotAllowed("--section", f'"{stem}" is no word of letters, digits, hyphens and dots such as 02-matrices')
    title = _words(re.sub(r"^[0-9]+[-_. ]*", "", stem)) or stem
    if any(section.title.casefold() == title.casefold() for section in (deck.sections if deck else ())):
        raise NotAllowed(
            "--section", f'a section of this deck has the title "{title}" already: name the file otherwise'
        )
    schema = modeline("section") if path.with_name(FILES["section"]).is_file() else ""
    return f"{schema}section: {quoted(title)}\ncards:\n{indent(card, CARD_INDENT)}"


def _dash_column(source: SourceMap) -> int:
    """The indentation of the list items of `cards`, which must be the last key, one item a line."""
    keys = list(source.node.children)
    cards = source.node.children.get("cards")
    if cards is None or keys[-1] != "cards":
        what, hint = "`cards` is not its last key: no card can be appended", "Move `cards:` to the end of the file."
        raise DeckError([Fault(source.key("cards"), what, hint)])
    items = [cards.children[number].start for number in range(len(cards.children))]
    if not items:
        return len(CARD_INDENT)
    row, column = items[-1]
    before = source.lines[row][:column]
    return before.index("-") if before.strip() == "-" else len(CARD_INDENT)


def _insist_on_one_card_more(before: SourceMap, text: str, card_id: str) -> None:
    """Refuses a text that does not say what the file said, and one card more: written in brackets, for instance."""
    after, faults = read_yaml(text, before.file)
    was, now = before.node.data, after.node.data if after else None
    if not faults and isinstance(was, dict) and isinstance(now, dict):
        cards = now.get("cards")
        same = {**now, "cards": None} == {**was, "cards": None}
        if same and isinstance(cards, list) and cards[:-1] == (was["cards"] or []) and cards[-1]["id"] == card_id:
            return
    what = "no card can be appended to its end"
    raise DeckError(
        [Fault(before.key("cards"), what, "Write each card of `cards` on lines of its own, behind a `- `.")]
    )


def _filled(name: str, **values: str) -> str:
    return Template((TEMPLATES / name).read_text(encoding="utf-8")).safe_substitute(values)


def _validated(kind: Any, about: str, text: str) -> str:
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError as error:
        context = error.errors(include_url=False)[0]["ctx"]
        raise NotAllowed(about, f"{context['what']}. {context['hint']}".strip()) from None
    return text


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if not path.name.startswith("."))


def _words(name: str) -> str:
    """A name of a file or card as the title that it may mean: `dot-product` is `Dot product`."""
    words = " ".join(re.sub(r"[-_.]+", " ", name).split())
    return words[:1].upper() + words[1:]

"""Small decks: one usual card, and what a test changes in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

META: Mapping[str, Any] = {"id": "small", "title": "Small", "variants": 2}
USUAL: Mapping[str, Any] = {
    "id": "total",
    "concept": "Sum",
    "says": "Adds the entries up.",
    "formula": r"s=\sum_i x_i",
    "given": "x = rng.integers(2, 9, 3)\n",
    "numpy": "x.sum()",
    "steps": "x.sum()   # add them up\n",
    "check": "answer == sum(x.tolist())   # one by one\n",
    "mistake": {"says": "Multiplies instead.", "numpy": "x.prod()"},
}
CONSTANT: Mapping[str, Any] = {  # in place of the usual: nothing is drawn, and nothing but words is wrong
    "formula": "2x",
    "given": None,
    "numpy": "2 * 3",
    "steps": None,
    "check": "answer == 6",
    "mistake": {"says": "Half as much."},
}


def card(**keys: Any) -> str:
    """The YAML of the usual card with other or more keys; None leaves one out."""
    return f"  - {_lines({**USUAL, **keys}, 4)[4:]}"


def section(*cards: str, **heading: Any) -> str:
    """The YAML of a section file."""
    return f"{_lines({'section': 'Numbers', **heading}, 0)}cards:\n{''.join(cards)}"


def write(folder: Path, *sections: str, **meta: Any) -> Path:
    """Returns the folder of a deck: a `deck.yaml` with other or more keys than usual, `01-numbers.yaml`, and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "deck.yaml").write_text(_lines({**META, **meta}, 0), encoding="utf-8")
    for number, text in enumerate(sections, 1):
        (folder / f"{number:02}-numbers.yaml").write_text(text, encoding="utf-8")
    return folder


def write_sections(folder: Path, sections: Mapping[str, Sequence[str]], **meta: Any) -> Path:
    """Returns the folder of a deck. sections: `id concept directions` of each card, by the file, as `_01_first`."""
    write(folder, **meta)
    for stem, listed in sections.items():
        parts = [(*line.split(" ", 2), "work, mistake")[:3] for line in listed]
        cards = (card(id=name, concept=concept, cards=given.split(", ")) for name, concept, given in parts)
        (folder / f"{stem[1:3]}-{stem[4:]}.yaml").write_text(section(*cards, section=stem[4:].title()))
    return folder


@cache
def loaded(path: Path) -> Any:
    """What a file of YAML says, read once and for all of a run; nobody changes it."""
    return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def constants(folder: Path, *cards: Mapping[str, Any], meta: Mapping[str, Any] | None = None, **heading: Any) -> Path:
    """Returns the folder of a deck whose cards compute a constant, but for what is given of each."""
    return write(folder, section(*(card(**{**CONSTANT, **keys}) for keys in cards), **heading), **(meta or {}))


def _lines(keys: Mapping[str, Any], indent: int) -> str:
    return "".join(
        f"{' ' * indent}{key}:{_value(value, indent + 2)}\n" for key, value in keys.items() if value is not None
    )


def _value(value: Any, indent: int) -> str:
    """A value as it stands behind its key: on lines of its own, plain where YAML reads it so, or as JSON."""
    if isinstance(value, dict) and value:
        return "\n" + _lines(value, indent).rstrip("\n")
    if isinstance(value, str) and "\n" in value and value[0] not in " \n" and _printable(value):
        return " |\n" + "\n".join(f"{' ' * indent}{line}".rstrip(" ") for line in value.rstrip("\n").split("\n"))
    if isinstance(value, str) and _is_plain(value):
        return f" {value}"
    if isinstance(value, list | tuple) and _is_list(value):
        return f" [{', '.join(value)}]"
    text = json.dumps(value, ensure_ascii=False)  # which is YAML, too
    return " " + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in text)


@cache
def _is_plain(text: str) -> bool:
    try:
        like_a_number = text[:1] in "+-.0123456789"  # which YAML 1.1 and readers of a part of it tell apart otherwise
        return not like_a_number and _printable(text) and yaml.safe_load(f"key: {text}") == {"key": text}
    except yaml.YAMLError:
        return False


def _is_list(items: Sequence[Any]) -> bool:
    return all(isinstance(item, str) and _is_plain(item) and not set(item) & set("[]{},\n") for item in items)


def _printable(text: str) -> bool:
    return all(character.isprintable() or character == "\n" for character in text)

"""The schema for editors: it takes every good deck, and refuses what can be seen without running anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from conftest import CARDS, ROOT, eigendeck
from documents import DOCUMENTS, WRITING, blocks, quoted, with_key, written_files
from eigendeck.deck.card_parts import Mistake, Panel
from eigendeck.deck.card_schema import Card
from eigendeck.deck.schema import DeckMeta, Heading
from eigendeck.deck.yaml import read_yaml
from eigendeck.plots import PLOTS
from slips import ADDED, META, REPLACED, VECTORS


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    """The schemas as the command prints them."""
    return {part: json.loads(eigendeck("schema", part, cwd=ROOT).stdout) for part in ("deck", "section")}


def refused(schemas: dict[str, Any], text: str, part: str = "section") -> list[str]:
    """What the schema finds wrong with a file, which must be YAML."""
    source, faults = read_yaml(text, "file")
    assert source is not None
    assert not faults
    validator = jsonschema.Draft7Validator(schemas[part])
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(source.node.data)]


def test_the_schemas_are_schemas_of_draft_7(schemas: dict[str, Any]) -> None:
    for schema in schemas.values():
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        jsonschema.Draft7Validator.check_schema(schema)
        assert not {"$defs", "prefixItems", "dependentRequired", "unevaluatedProperties"} & set(words(schema))


def words(schema: Any) -> Iterator[str]:
    """All keys of all mappings of a schema."""
    if isinstance(schema, dict):
        yield from schema
        for value in schema.values():
            yield from words(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from words(value)


def test_the_schema_of_a_section_is_printed_where_none_is_named(schemas: dict[str, Any]) -> None:
    assert json.loads(eigendeck("schema", cwd=ROOT).stdout) == schemas["section"]
    assert "Invalid value" in eigendeck("schema", "card", cwd=ROOT, code=2).stderr


def test_every_key_is_there_and_described(schemas: dict[str, Any]) -> None:
    section, cards = schemas["section"], schemas["section"]["definitions"]
    panel = schemas["deck"]["definitions"]["Panel"]
    for schema, model in (
        (section, Heading),
        (cards["Card"], Card),
        (cards["Mistake"], Mistake),
        (schemas["deck"], DeckMeta),
        (panel, Panel),
    ):
        assert set(schema["properties"]) == set(model.model_fields)
        assert all(key["description"] for key in schema["properties"].values())
        assert schema["additionalProperties"] is False


def test_every_plot_kind_is_there_with_its_parameters(schemas: dict[str, Any]) -> None:
    kinds = schemas["section"]["definitions"]["PlotSpec"]["properties"]
    assert set(kinds) == {*PLOTS, "ask", "says"}
    for name, kind in PLOTS.items():
        assert kinds[name]["description"] == kind.shows
        assert set(kinds[name]["properties"]) == set(kind.parameters)
        assert all(parameter["description"] for parameter in kinds[name]["properties"].values())
    assert kinds["grid"]["properties"]["sums"]["enum"] == ["rows", "columns"]
    assert kinds["arrows"]["properties"]["chain"]["enum"] == [True, False]


def part_of(name: str) -> str:
    return "deck" if Path(name).name == "deck.yaml" else "section"


@pytest.mark.parametrize("path", sorted(CARDS.glob("*.yaml")), ids=lambda path: path.name)
def test_the_shipped_deck_is_taken(path: Path, schemas: dict[str, Any]) -> None:
    assert not refused(schemas, path.read_text(encoding="utf-8"), part_of(path.name))


EXAMPLES = [(name, text) for document in DOCUMENTS for name, text in written_files(document).items()]


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_a_deck_of_the_documents_is_taken(name: str, text: str, schemas: dict[str, Any]) -> None:
    assert not refused(schemas, text, part_of(name))


def snippets() -> Iterator[str]:
    """The keys of a card that the documents show by themselves."""
    faulty = {case.values[0] for case in quoted()}
    for document in (WRITING, ROOT / "docs" / "plots.md"):
        for block in blocks(document):
            if block.language == "yaml" and block.text not in faulty and "section:" not in block.text:
                keys = yaml.safe_load(block.text)
                if set(keys) <= set(Card.model_fields):
                    yield block.text


@pytest.mark.parametrize("snippet", list(snippets()))
def test_a_snippet_of_the_documents_is_taken(snippet: str, schemas: dict[str, Any]) -> None:
    section = next(text for name, text in written_files(WRITING).items() if part_of(name) == "section")
    for key in yaml.safe_load(snippet):
        lines = snippet.splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith(f"{key}:"))
        end = next((i for i, line in enumerate(lines[start + 1 :], start + 1) if line[:1].strip()), len(lines))
        section = with_key(section, "\n".join(lines[start:end]))
    assert not refused(schemas, section)


def test_the_deck_of_init_is_taken_and_names_its_schemas(tmp_path: Path, schemas: dict[str, Any]) -> None:
    eigendeck("init", "d", cwd=tmp_path)
    for path in (tmp_path / "d").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert not refused(schemas, text, part_of(path.name))
        first, _, file = text.partition("\n")[0].partition("$schema=")
        assert first == "# yaml-language-server: "
        assert json.loads((path.parent / file).read_text(encoding="utf-8")) == schemas[part_of(path.name)]
    eigendeck("new", "x", "d", "--section", "02-more", cwd=tmp_path)
    assert (tmp_path / "d" / "02-more.yaml").read_text().startswith("# yaml-language-server: $schema=section.schema.j")


# What the reader refuses although the schema cannot know.
UNSEEN = {
    "bidi": "a character that nobody sees",
    "invisible in a block": "a character that nobody sees",
    "invisible key": "a character that nobody sees",
    "escaped control": "a character that nobody sees",
    "escaped letter of a command": "a character that nobody sees",
    "many lines": "schemas count no lines",
    "lines without a bar": "the text is one that could be meant",
}


def faulty_files() -> Iterator[Any]:
    """The files of the tests of reading which are YAML but no section."""
    rows = [(name, VECTORS + f"    {lines}\n") for name, lines, _ in ADDED]
    rows += [(name, VECTORS.replace(old, new, 1)) for name, old, new, _ in REPLACED]
    for name, text in rows:
        source, faults = read_yaml(text, "file")
        if source is not None and not faults:
            yield pytest.param(name, text, id=name)


@pytest.mark.parametrize(("name", "text"), list(faulty_files()))
def test_a_fault_that_can_be_seen_in_the_keys_is_refused(name: str, text: str, schemas: dict[str, Any]) -> None:
    assert bool(refused(schemas, text)) != (name in UNSEEN)


@pytest.mark.parametrize(
    "line",
    [
        "id: A",
        "id: con",
        "title: A::B",
        "title: ' a'",
        "seed: -1",
        "seed: '7'",
        "variants: 0",
        "variants: 21",
        "version: 1.0",
        "tilte: b",
        "panels: [{points: [a]}]",
        "panels: [{title: a, points: [b, b]}]",
    ],
)
def test_a_fault_in_deck_yaml_is_refused(line: str, schemas: dict[str, Any]) -> None:
    key = line.partition(":")[0]
    kept = [other for other in META.splitlines() if not other.startswith(f"{key}:")]
    assert not refused(schemas, META, "deck")
    assert refused(schemas, "\n".join([*kept, line]), "deck")


# Each key of a faulty example of the documents, and whether its fault stands in the keys.
IN_THE_KEYS = {"hints": True, "plot": True}


@pytest.mark.parametrize(("edit", "message"), [case.values for case in quoted()])
def test_a_faulty_example_of_the_documents_is_refused_where_it_can_be_seen(
    edit: str, message: str, schemas: dict[str, Any]
) -> None:
    section = next(text for name, text in written_files(WRITING).items() if part_of(name) == "section")
    text = with_key(section, edit)
    source, faults = read_yaml(text, "file")
    if source is not None and not faults:
        assert bool(refused(schemas, text)) == IN_THE_KEYS.get(edit.partition(":")[0], False)

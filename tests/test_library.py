"""The package as a library: in scripts, in notebooks, and as the documents say."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import decks
import eigendeck
from conftest import ROOT
from eigendeck import DamagedPackage, DeckError, UnknownName, build, check, read_deck, save
from eigendeck.outputs.package import packaged_notes

PYTHON_PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "generator" / "eigendeck"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """The folder of a deck of two cards, one with a plot."""
    cards = decks.card(plot={"bars": {"x": "x"}}), decks.card(id="other")
    return decks.write(tmp_path / "deck", decks.section(*cards))


def run(script: str, folder: Path) -> str:
    """What a script prints that is run as a file, as people run theirs."""
    (folder / "script.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- the door


def test_every_name_of_the_package_is_there_and_typed() -> None:
    for name in eigendeck.__all__:
        assert getattr(eigendeck, name) is not None
        assert name in dir(eigendeck)
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text())
    typed = {alias.asname for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert typed | {"__version__"} == set(eigendeck.__all__)
    with pytest.raises(AttributeError, match="moon"):
        _ = eigendeck.moon


def test_no_function_of_the_package_has_the_name_of_a_module() -> None:
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert not modules & set(eigendeck.__all__)


def test_the_package_imports_nothing_heavy_before_it_is_asked(tmp_path: Path) -> None:
    heavy = "[name for name in ('numpy', 'pydantic', 'yaml', 'jinja2', 'matplotlib', 'rich') if name in sys.modules]"
    assert run(f"import sys, eigendeck\nprint({heavy})", tmp_path) == "[]\n"


def test_the_command_line_calls_what_the_package_shows_and_nothing_beside_it() -> None:
    for path in (PACKAGE / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in {"eigendeck.program", "eigendeck.rehearsal"}:
                assert {alias.name for alias in node.names} <= {"Built", "Checked", "Output", "OUTPUTS"}, path.name


# --- the functions


def test_a_build_gives_its_files_and_writes_nothing(deck: Path) -> None:
    before = sorted(deck.parent.rglob("*"))
    built = build(str(deck))
    assert sorted(deck.parent.rglob("*")) == before
    assert list(built.files) == ["small.apkg", "small.html"]
    assert (built.changes.new, built.compared) == (("total", "other"), False)
    assert list(built.cards) == ["total", "other"]
    assert build(deck, seed=7).seed == 7


def test_saved_files_are_the_ledger_of_the_next_build(deck: Path, tmp_path: Path) -> None:
    first = build(deck, time=1_700_000_000)
    assert save(first, tmp_path / "out") == [tmp_path / "out" / name for name in first.files]
    (deck / "01-numbers.yaml").write_text((deck / "01-numbers.yaml").read_text().replace("Adds the", "Add the", 1))
    for previous in (tmp_path / "out", tmp_path / "out" / "small.apkg"):
        again = build(deck, time=1_700_000_100, previous=previous)
        assert (again.changes.changed, again.changes.unchanged) == (("total",), ("other",))
    times = {note.note.id: note.modified for note in packaged_notes(save(again, tmp_path / "out")[0])}
    assert times == {"total": 1_700_000_100, "other": 1_700_000_000}


def test_a_part_is_a_sheet_alone(deck: Path) -> None:
    assert list(build(deck, only=["other"]).files) == ["small.part.html"]
    assert [card.id for card in check(deck, only=["other"], draws=2).deck.cards] == ["other"]
    for function in (build, check):
        with pytest.raises(UnknownName, match='"othr" is no card and no section'):
            function(deck, only=["othr"])


def test_progress_is_told_by_stage(deck: Path) -> None:
    told: list[tuple[str, int]] = []
    build(deck, step=lambda stage, pieces: told.append((stage, pieces)))
    assert told.count(("working", 2)) == 2
    assert told.count(("drawing", 3)) == 3  # two variants, and the first for paper


def test_faults_are_values_in_a_check_and_an_error_in_a_build(deck: Path) -> None:
    (deck / "01-numbers.yaml").write_text((deck / "01-numbers.yaml").read_text().replace("x.sum()", "y.sum()", 1))
    (fault,) = check(deck, draws=2).faults
    assert (Path(fault.place.file).name, fault.what, fault.warning) == (
        "01-numbers.yaml",
        'total: numpy: "y" is not defined',
        False,
    )
    with pytest.raises(DeckError) as error:
        build(deck)
    assert error.value.faults == (fault,)


def test_a_damaged_package_is_an_error(deck: Path, tmp_path: Path) -> None:
    (tmp_path / "small.apkg").write_bytes(b"no package")
    with pytest.raises(DamagedPackage):
        build(deck, previous=tmp_path)


def test_a_deck_is_read_without_being_run(deck: Path) -> None:
    (deck / "01-numbers.yaml").write_text((deck / "01-numbers.yaml").read_text().replace("x.sum()", "1 / 0"))
    found = read_deck(str(deck))
    assert (found.meta.id, [card.numpy for card in found.cards], found.faults) == ("small", ["1 / 0"] * 2, ())


# --- scripts and notebooks


def test_a_script_needs_no_guard_and_runs_once(tmp_path: Path) -> None:
    """Its plots are drawn by processes of their own, as many plots are."""
    cards = [decks.card(id=f"card-{n}", plot={"bars": {"x": "x"}}) for n in range(5)]
    decks.write(tmp_path / "deck", decks.section(*cards))
    script = (
        "print('begins')\n"
        "import threading\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "from eigendeck import build\n"
        "from eigendeck.plots import draw\n"
        "draw.WORTH_A_PROCESS = 2\n"
        "built = build('deck', processes=2)\n"
        "print(len(built.cards), sum(len(card.media) for card in built.cards.values()))\n"
    )
    assert run(script, tmp_path) == "begins\n5 10\n"


def test_a_notebook_reads_builds_and_shows_a_card(deck: Path) -> None:
    cells = (
        "from eigendeck import build, check, read_deck",
        "read_deck('deck').meta.title",
        "[str(fault) for fault in check('deck', draws=3).faults]",
        "built = build('deck')\nbuilt.cards['total']",
    )
    import nbclient
    import nbformat

    importlib.import_module("ipykernel")  # started by its name; without it a notebook has nothing to run in

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(deck.parent)}}).execute()
    title, faults, card = (cell.outputs[0].data for cell in notebook.cells[1:])
    assert (title["text/plain"], faults["text/plain"]) == ("'Small'", "[]")
    html = card["text/html"]
    assert '<div class="card eigendeck">' in html
    assert html.count("<math") >= 2
    assert 'src="data:image/svg+xml;base64,' in html
    assert "\\(" not in html


def test_a_card_shows_itself_with_nothing_from_elsewhere_and_leaves_the_page_alone(deck: Path) -> None:
    html = build(deck).cards["total"]._repr_html_()
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", html)
    assert "http" not in html.replace("http://www.w3.org/1998/Math/MathML", "")
    assert html.startswith("<div><style>@scope { ")
    assert "<script" not in html


# --- the page


def test_the_page_on_python_does_what_it_says(tmp_path: Path) -> None:
    decks.write(tmp_path / "mydeck", decks.section(decks.card(id="mean")), id="mydeck")
    blocks = re.findall(r"^```python\n(.*?)^```", PYTHON_PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 5
    run("".join(blocks), tmp_path)
    assert (tmp_path / "build" / "mydeck.apkg").is_file()


def test_the_page_on_python_names_everything_that_there_is() -> None:
    for name in {*eigendeck.__all__} - {"__version__"}:
        assert re.search(rf"\b{name}\b", PYTHON_PAGE), name
    for function in (build, check):
        for keyword in function.__kwdefaults__:
            assert f"`{keyword}`" in PYTHON_PAGE, keyword

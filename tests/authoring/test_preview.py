"""The preview: what it answers and to whom, what it works again, and that it leaves nothing behind."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from conftest import eigendeck
from decks import card, section, write
from eigendeck import build, cli
from eigendeck.authoring.preview.sides import anki_web, frame, sides
from previews import PATIENCE, Preview, previewing

PLOT = {"bars": {"values": "x"}}


def deck_text(says: str = "Adds the entries up.", numpy: str = "x.sum()") -> str:
    """A section of two cards, the first as said."""
    return section(card(says=says, numpy=numpy), card(id="second", concept="Another sum", plot=PLOT))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Preview]]:
    """A folder with a deck of two cards, and a preview of it."""
    deck = write(tmp_path_factory.mktemp("running") / "deck", deck_text())
    with previewing(deck) as started:
        yield deck, started


@pytest.fixture
def deck(running: tuple[Path, Preview]) -> Path:
    """The folder of the deck, as it was at first."""
    folder, started = running
    save(folder, deck_text())
    started.settled(lambda seen: not seen["faults"] and _lines(started, seen) == deck_text().splitlines()[2:])
    return folder


def _lines(preview: Preview, seen: dict[str, Any]) -> list[str]:
    """The lines of all cards, as the page gets them; none while any is at fault, or was saved since and is at work."""
    ids = [one["id"] for part in seen["sections"] for one in part["cards"]]
    cards = [preview.card(card_id) for card_id in ids]
    if any(one.get("state") != "good" for one in cards):  # none: it left the deck between two questions
        return []
    return [line for one in cards for line in one["source"]["lines"]]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with such a deck that nothing looks at yet."""
    return write(tmp_path / "deck", deck_text())


@pytest.fixture
def preview(deck: Path, running: tuple[Path, Preview]) -> Preview:
    """A preview of it, all cards worked."""
    return running[1]


def save(deck: Path, text: str) -> None:
    """Saves the section as editors do: whole, or not at all."""
    beside = deck / ".01-numbers.yaml.part"
    beside.write_text(text, encoding="utf-8")
    beside.replace(deck / "01-numbers.yaml")


def until_said(preview: Preview, words: str) -> None:
    """Waits until the back of the first card has the words, and all is settled."""
    preview.settled(lambda seen: words in preview.card("total")["sides"][0]["back"])


# --- what it shows


def test_the_first_line_is_the_address_and_only_this_machine_is_listened_to(preview: Preview) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", preview.address)
    listening = [one for one in psutil.Process(preview.process.pid).net_connections() if one.status == "LISTEN"]
    assert [one.laddr for one in listening] == [("127.0.0.1", preview.port)]


def test_a_card_comes_with_all_that_is_shown_of_it(preview: Preview) -> None:
    total = preview.card("total")
    assert [side["name"] for side in total["sides"]] == ["Work", "Mistake"]
    assert total["variants"] == 2
    assert 'data-variant="2"' in total["sides"][0]["back"]
    assert 'id="total"' in total["box"]
    assert total["source"]["lines"][0].strip() == "- id: total"
    assert "data:image/svg+xml" in preview.card("second")["sides"][0]["back"]


def test_another_seed_gives_other_numbers_of_one_card_and_leaves_the_deck_as_it_is(preview: Preview) -> None:
    first, other = preview.card("total"), preview.card("total", "7")
    assert (first["seed"], other["seed"]) == (0, 7)
    assert first["sides"][0]["front"] != other["sides"][0]["front"]
    assert preview.card("total") == first
    assert preview.card("total", "no-number") == first


def test_each_part_of_a_card_has_its_place(deck: Path, preview: Preview) -> None:
    lines = (deck / "01-numbers.yaml").read_text().splitlines()
    places = preview.card("total")["places"]
    for key in ("concept", "says", "formula", "numpy"):
        _, line, column = places[key]
        assert lines[line - 1][: column - 1].strip() in (f"{key}:", f"- {key}:")
    (_, step, _), (_, check, _) = places["steps"][0], places["check"][0]
    assert "# add them up" in lines[step - 1]
    assert "# one by one" in lines[check - 1]
    assert "x.prod()" in lines[places["mistake"][0][1] - 1]


@pytest.mark.anki
def test_the_sides_are_those_that_anki_makes(deck: Path, tmp_path: Path, preview: Preview) -> None:
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

    eigendeck("build", deck, "--out", "out", cwd=tmp_path)
    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        options = ImportAnkiPackageOptions(merge_notetypes=True)
        collection.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(tmp_path / "out" / "small.apkg"), options=options)
        )
        shown = {}
        for card_id in collection.find_cards("Id:second"):
            made = collection.get_card(card_id)
            shown[made.template()["name"]] = (made.question(), made.answer())
    finally:
        collection.close()
    for side in preview.card("second")["sides"]:
        expected = [_bare(text) for text in shown[side["name"]]]
        assert [_bare(side["front"]), _bare(side["back"])] == expected


def _bare(html: str) -> str:
    """A side without its style, its scripts, the addresses of its pictures, and white space that nobody sees."""
    html = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r'src="[^"]*"', "", html).strip()


def test_without_ankis_own_mathjax_formulas_are_mathml(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_aqt", None)
    anki_web.cache_clear()
    built = build(deck)
    (_, _, back), *_ = sides(built.cards["total"], built.deck.meta, 0)
    assert "<math" in back
    assert "\\(" not in back
    assert "_anki" not in frame()
    anki_web.cache_clear()


# --- what it works again


def test_only_the_card_that_changed_is_worked_again(deck: Path, preview: Preview) -> None:
    second = preview.card("second")
    save(deck, deck_text(says="Adds all entries up."))
    until_said(preview, "Adds all entries up.")
    assert preview.card("second") == second


def test_saves_in_a_burst_are_one_build_and_a_save_that_changes_nothing_is_none(deck: Path, preview: Preview) -> None:
    before = preview.deck()["builds"]
    texts = [deck_text(says=f"Adds entry number {number}.") for number in range(20)]
    for text in texts:
        save(deck, text)
    until_said(preview, "Adds entry number 19.")
    assert preview.deck()["builds"] - before <= 2  # the first look may come within the burst
    before = preview.deck()["builds"]
    save(deck, deck_text(says="Adds entry number 19."))
    time.sleep(0.5)
    assert preview.deck()["builds"] == before


@pytest.mark.parametrize(
    ("faulty", "place", "what"),
    [
        (deck_text(numpy="y.sum()"), "01-numbers.yaml:9:12", 'total: numpy: "y" is not defined'),
        (deck_text().replace("concept: Sum", "concept: Sum\n    sais: x"), "01-numbers.yaml:5:5", "is no key"),
        (deck_text(numpy="x.sum() +"), "01-numbers.yaml:9:", "total: numpy:"),
        (deck_text().replace("x.prod()", "x.sum()", 1), "01-numbers.yaml:1", "total: mistake"),
    ],
)
def test_a_fault_is_said_with_its_place_and_the_last_good_card_stays(
    deck: Path, preview: Preview, faulty: str, place: str, what: str
) -> None:
    good = preview.card("total")
    save(deck, faulty)
    preview.settled(lambda seen: seen["sections"][0]["cards"][0]["state"] == "faulty")
    shown = preview.card("total")
    (fault,) = [fault for fault in shown["faults"] if not fault["warning"]]
    assert place in fault["place"]
    assert what in fault["what"]
    assert fault["excerpt"]
    assert shown["sides"] == good["sides"]
    assert shown["old"]
    assert preview.card("second")["state"] == "good"
    save(deck, deck_text())
    preview.settled(lambda seen: seen["sections"][0]["cards"][0]["state"] == "good")
    assert preview.card("total") == good


def test_a_fault_of_draws_that_are_not_shown_is_said_below_which_the_card_stands_as_it_is_now(
    deck: Path, preview: Preview
) -> None:
    rare = "answer == sum(x.tolist())   # one by one\nx.sum() > 10   # rarely not\n"
    save(deck, section(card(says="Adds all up.", check=rare), card(id="second", plot=PLOT)))
    preview.settled(lambda seen: seen["sections"][0]["cards"][0]["state"] == "faulty")
    shown = preview.card("total")
    (fault,) = shown["faults"]
    assert "check failed" in fault["what"]
    assert not shown["old"]
    assert "Adds all up." in shown["sides"][0]["back"]


def test_a_file_that_cannot_be_read_hides_no_card_and_says_why(deck: Path, preview: Preview) -> None:
    good = preview.card("second")
    save(deck, "section: [")
    seen = preview.settled(lambda seen: seen["faults"])
    assert [one["id"] for one in seen["sections"][0]["cards"]] == ["total", "second"]
    assert "01-numbers.yaml:1" in seen["faults"][0]["place"]
    assert preview.card("second")["state"] == "hidden"
    assert preview.card("second")["sides"] == good["sides"]
    save(deck, deck_text())
    preview.settled(lambda seen: not seen["faults"])
    assert preview.card("second") == good


def test_a_deck_file_at_fault_is_said_and_mended(deck: Path, preview: Preview) -> None:
    meta = (deck / "deck.yaml").read_text()
    for broken, place in (("id: [", "deck.yaml:1"), (meta + "sed: 1\n", "deck.yaml:4:1")):
        (deck / "deck.yaml").write_text(broken)
        seen = preview.settled(lambda seen: seen["faults"])
        assert place in seen["faults"][0]["place"]
        assert preview.card("total")["sides"]
        (deck / "deck.yaml").write_text(meta)
        preview.settled(lambda seen: not seen["faults"])


def test_a_fault_moves_with_its_card(deck: Path, preview: Preview) -> None:
    save(deck, deck_text().replace("bars", "bras"))
    preview.settled(lambda seen: seen["sections"][0]["cards"][1]["state"] == "faulty")
    (before,) = preview.card("second")["faults"]
    save(deck, deck_text().replace("bars", "bras").replace("cards:", "\n\ncards:"))
    preview.settled(lambda seen: preview.card("second")["faults"][0]["line"] != before["line"])
    (after,) = preview.card("second")["faults"]
    assert after["line"] == before["line"] + 2
    assert after["excerpt"] == before["excerpt"]


def test_a_card_that_is_added_comes_and_one_that_is_deleted_goes(deck: Path, preview: Preview) -> None:
    save(deck, deck_text() + card(id="third"))
    seen = preview.settled(lambda seen: len(seen["sections"][0]["cards"]) == 3)
    assert [one["id"] for one in seen["sections"][0]["cards"]] == ["total", "second", "third"]
    save(deck, section(card(id="third")))
    preview.settled(lambda seen: len(seen["sections"][0]["cards"]) == 1)
    assert preview.ask("/cards/total")[0] == 404
    assert preview.card("third")["sides"]


# --- to whom it answers


@pytest.mark.tries("asks the preview")
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_comes_from_elsewhere_is_refused(preview: Preview, method: str, headers: dict[str, str]) -> None:
    meant = {name: value.format(port=preview.port) for name, value in headers.items()}
    for path in ("/", "/deck", "/cards/total", "/changes", "/_anki/js/mathjax.js"):
        status, body = preview.ask(path, method, **meant)
        assert (status, "total" in body) == (403, False)


@pytest.mark.tries("asks the preview")
def test_nothing_but_its_own_pages_is_served(deck: Path, preview: Preview) -> None:
    (deck.parent / "secret.txt").write_text("secret")
    (deck / "01-numbers.yaml").chmod(0o600)
    outside = ["/secret.txt", "/../secret.txt", "/..%2fsecret.txt", "/deck/01-numbers.yaml", "//etc/passwd"]
    for prefix in ("/_anki/", "/cards/", "/page.css/"):
        outside += [
            prefix + up for up in ("../../../etc/passwd", "..%2f..%2f..%2fetc/passwd", "/etc/passwd", "%2fetc%2fpasswd")
        ]
    for path in outside:
        status, body = preview.ask(path)
        assert status in (400, 404), path
        assert "secret" not in body
        assert "root:" not in body
    assert preview.ask("/", "POST")[0] == 405
    assert preview.ask("/deck", "DELETE")[0] == 405


# --- how it ends


@pytest.mark.kills
def test_it_ends_with_ctrl_c_and_leaves_nothing_behind(own: Path) -> None:
    deck = own
    before = {path: path.read_bytes() for path in deck.iterdir()}
    with previewing(deck) as running:
        running.settled()
        running.ask("/cards/total?seed=3")
        children = running.children()
        assert children
    assert running.process.returncode == 0
    assert running.process.stderr is not None
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert {path: path.read_bytes() for path in deck.iterdir()} == before


@pytest.mark.kills
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_may_be_ended_as_soon_as_it_has_said_its_address(own: Path, how: signal.Signals) -> None:
    with previewing(own) as running:
        running.process.send_signal(how)
        assert running.process.wait(PATIENCE) == 0


@pytest.mark.kills
def test_it_ends_while_a_card_is_worked_and_a_page_listens(tmp_path: Path) -> None:
    deck = write(tmp_path / "deck", *(section(*(card(id=f"card-{n}-{k}") for k in range(9))) for n in range(4)))
    with previewing(deck) as running:
        import socket

        with socket.create_connection(("127.0.0.1", running.port)) as listener:
            listener.sendall(f"GET /changes HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n\r\n".encode())
            assert listener.recv(100).startswith(b"HTTP/1.1 200")
            running.process.send_signal(2)
            error = running.process.communicate(timeout=PATIENCE)[1]
    assert running.process.returncode == 0
    assert error.splitlines() == [f"  {deck} is watched; Ctrl-C ends it."]


@pytest.mark.kills
def test_200_saves_in_a_row_leave_no_process_and_no_growing_memory(deck: Path, preview: Preview) -> None:
    process = psutil.Process(preview.process.pid)
    taken = []
    for number in range(201):
        save(deck, deck_text(says=f"Adds the entries up, {number} times."))
        while f"up, {number} times." not in preview.card("total")["sides"][0]["back"]:
            time.sleep(0.05)
        if number in (100, 200):
            until_said(preview, f"up, {number} times.")
            taken.append(process.memory_info().rss)
    assert len(preview.children()) <= 2
    assert len(process.open_files()) < 10
    assert taken[1] - taken[0] < 8 * 2**20


# --- what may be missing


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "watchfiles"])
def test_without_a_part_it_says_what_to_install(own: Path, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    done = eigendeck("preview", own, "--port", 0, "--no-open", cwd=own, code=cli.MISSING)
    assert done.stderr == f"preview needs {missing}: pip install 'eigendeck[preview]'\n"


def test_a_port_that_is_taken_and_a_folder_without_a_deck_are_said(
    deck: Path, preview: Preview, tmp_path: Path
) -> None:
    taken = eigendeck("preview", deck, "--port", preview.port, "--no-open", cwd=tmp_path, code=cli.USAGE)
    assert f"port {preview.port} is taken" in taken.stderr
    none = eigendeck("preview", tmp_path, "--port", 0, "--no-open", cwd=tmp_path, code=cli.AT_FAULT)
    assert "deck.yaml" in none.stderr

"""The plain script that people write today, for `bench.py`: exec, pyplot, genanki; no sandbox, no checks, no sheet.

python plain.py script DECK OUT     the deck's cards with their variants and figures as OUT/plain.apkg
python plain.py figures DECK CORES  its figures alone, drawn bare and spread over the cores
"""

from __future__ import annotations

import ast
import html
import io
import math
import multiprocessing
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

TRIES = 200


def cards_of(folder: Path) -> Iterator[dict[str, Any]]:
    """The computed cards of a deck, each with its number of variants."""
    meta = yaml.safe_load((folder / "deck.yaml").read_text("utf-8"))
    for path in sorted(folder.glob("[0-9]*.yaml")):
        for card in yaml.safe_load(path.read_text("utf-8"))["cards"]:
            if "numpy" in card:
                yield card | {"variants": card.get("variants", meta["variants"]) if card.get("given") else 1}


def last_value(code: str, names: dict[str, Any]) -> Any:
    """What the last line of some code comes to."""
    *before, last = ast.parse(code).body or [ast.Pass()]
    exec(compile(ast.Module(before, []), "<card>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<card>", "eval"), names) if isinstance(last, ast.Expr) else None


def worked(card: Mapping[str, Any], variant: int) -> dict[str, Any]:
    """The names of one example: inputs, answer, steps, mistakes; drawn again where a line does not take it."""
    rng = np.random.default_rng(variant)
    for _ in range(TRIES):
        names: dict[str, Any] = {"np": np, "math": math, "rng": rng}
        try:
            exec(card.get("given", "") or "", names)
            names["answer"] = last_value(card["numpy"], names)
            if not all(eval(line, names) for line in (card.get("keep") or "").splitlines() if line.strip()):
                continue
            names["steps"] = [repr(last_value(line, names)) for line in (card.get("steps") or "").splitlines()]
            break
        except Exception:
            continue
    listed = card["mistake"] if isinstance(card["mistake"], list) else [card["mistake"]]
    names["wrong"] = [tried(mistake["numpy"], names) for mistake in listed if mistake.get("numpy")]
    return names


def tried(code: str, names: dict[str, Any]) -> str:
    try:
        return str(last_value(code, dict(names)))
    except Exception as error:
        return str(error)


def values(card: Mapping[str, Any], names: dict[str, Any]) -> list[Any]:
    """The values of its plot; what is no expression is taken as written."""
    ((_, parameters),) = [(k, v) for k, v in card["plot"].items() if k not in ("ask", "says")]
    found = []
    for given in parameters.values() if isinstance(parameters, dict) else ():
        try:
            found.append(eval(given, dict(names)) if isinstance(given, str) else given)
        except Exception:
            found.append(given)
    return found


def draw(axes: Any, given: Sequence[Any]) -> None:
    """Draws values as they come: a table as a picture, numbers as a line, words as the title."""
    for one in given:
        try:
            array = np.asarray(one, float)
        except (TypeError, ValueError):
            axes.set_title(str(one)[:40])
            continue
        if array.ndim == 2 and array.size:
            axes.imshow(array)
        elif array.ndim < 2:
            axes.plot(np.atleast_1d(array), "o-")
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    axes.grid(True)


def script(folder: Path, out: Path) -> None:
    import genanki
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot

    template = {"name": "Card", "qfmt": "{{Front}}", "afmt": "{{Back}}"}
    model = genanki.Model(1_607_392_319, "Plain", fields=[{"name": "Front"}, {"name": "Back"}], templates=[template])
    deck, media = genanki.Deck(2_059_400_110, "Plain"), []
    for card in cards_of(folder):
        fronts, backs = [], []
        for variant in range(card["variants"]):
            names = worked(card, variant)
            inputs = {k: v for k, v in names.items() if k not in ("np", "math", "rng") and not k.startswith("__")}
            fronts.append(f"<p>{html.escape(card['concept'])}</p><pre>{html.escape(str(inputs))}</pre>")
            shown = "".join(f"<li>{html.escape(step)}</li>" for step in names.get("steps", ()))
            answer, wrong = html.escape(str(names.get("answer"))), html.escape(str(names["wrong"]))
            back = f"<p>\\({html.escape(card['formula'])}\\)</p><ol>{shown}</ol><b>{answer}</b>"
            back += f"<pre>{html.escape(card['numpy'])}</pre><p>{html.escape(card['says'])}</p>{wrong}"
            if "plot" in card:
                figure, axes = pyplot.subplots()
                draw(axes, values(card, names))
                path = out / f"{card['id']}-{variant}.png"
                figure.savefig(path, dpi=150, bbox_inches="tight")
                pyplot.close(figure)
                media.append(str(path))
                back += f'<img src="{path.name}">'
            backs.append(back)
        deck.add_note(genanki.Note(model, ["<hr>".join(fronts), "<hr>".join(backs)], guid=genanki.guid_for(card["id"])))
    package = genanki.Package(deck)
    package.media_files = media
    package.write_to_file(out / "plain.apkg")


def bare(given: Sequence[Any]) -> int:
    """Draws one figure without pyplot, as SVG; returns its size."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasSVG(figure)
    draw(figure.add_subplot(), given)
    stream = io.BytesIO()
    figure.savefig(stream, format="svg")
    return len(stream.getvalue())


def figures(folder: Path, cores: int) -> None:
    drawn = []
    for card in cards_of(folder):
        if "plot" in card:
            own = [values(card, worked(card, variant)) for variant in range(card["variants"])]
            drawn += [own[0], *own]  # the first once more, for the sheet
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        print(len(drawn), sum(pool.imap(bare, drawn, chunksize=16)))


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore")
    command, deck, last = sys.argv[1:]
    if command == "script":
        script(Path(deck), Path(last))
    else:
        figures(Path(deck), int(last))

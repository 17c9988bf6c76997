"""The command line: the only place that reads options, writes files, and prints.

Imports that take time wait until they are needed: `--help` answers at once.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from eigendeck import __version__
from eigendeck.errors import DeckError, Fault, MissingPart, Place, printable
from eigendeck.write import write_whole

DONE, AT_FAULT, USAGE, MISSING, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Flashcards and cheat sheets whose worked examples are computed, never typed.",
)
DeckFolder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[DECK]",
        show_default=False,
        help="Folder with a deck.yaml. Default: this one or ./cards, if it is a deck, else the deck that comes along.",
    ),
]
Jobs = Annotated[
    int | None, typer.Option(min=1, max=64, metavar="N", show_default=False, help="Processes; default: one a core.")
]


class Sheet(StrEnum):
    """The papers that a PDF can have."""

    A4 = "a4"
    LETTER = "letter"


AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, to standard output.")]


@app.command("build")
def build_command(
    deck: DeckFolder = None,
    seed: Annotated[
        str | None,
        typer.Option(
            metavar="N|random", show_default=False, help="Draws all numbers anew; default: the deck's own seed."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the outputs go.")] = Path("build"),
    jobs: Jobs = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build without the previous package: every note counts as changed.")
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,…",
            show_default=False,
            help="A sheet of these cards and sections alone, by id and file name; no package.",
        ),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print the sheet as a PDF, too.")] = False,
    paper: Annotated[
        Sheet, typer.Option(help="Paper of the PDF; the HTML takes the paper of the print dialog.")
    ] = Sheet.A4,
    json: AsJson = False,
) -> None:
    """Build the Anki deck and the printable sheet.

    The package that is in the output folder already tells what has changed: unchanged notes keep their time, so an
    import leaves them alone. Nobody's schedule is ever touched.
    """
    from eigendeck.build import Request, build
    from eigendeck.deck.subset import UnknownName
    from eigendeck.outputs.ledger import DamagedPackage
    from eigendeck.report import as_json, lines

    def previous(deck_id: str) -> bytes | None:
        package = out / f"{deck_id}.apkg"
        if fresh and package.exists():
            _say(f"--fresh: {package} is not looked at; every note is dated anew.")
        if fresh:
            return None
        if package.is_symlink():
            raise DamagedPackage("it is a link, and links are not followed")
        return package.read_bytes() if package.is_file() else None

    if pdf:
        from eigendeck.outputs.pdf import require

        require()
    chosen = frozenset(name.strip() for name in (only or "").split(",")) - {""}
    if only is not None and not chosen:
        raise typer.BadParameter("names no card and no section.", param_hint="--only")
    request = Request(
        _folder(deck), _seed(seed), _now(), previous, jobs or _cores(), chosen, paper.value if pdf else None
    )
    with _progress() as step, _usable(out):
        try:
            built = build(request, step)
        except UnknownName as unknown:
            raise typer.BadParameter(str(unknown), param_hint="--only") from None
        except DamagedPackage as damage:
            hint = "Move it away, or build with --fresh: every note then counts as changed."
            what = f"the previous package cannot be used: {damage}"
            raise DeckError([Fault(Place(out.as_posix()), what, hint)]) from None
        write_whole(out, built.files)
    if json:
        _print_json(as_json(built))
        return
    for line in (*lines(built, seed is not None), *(f"  {out / name}" for name in built.files)):
        _say(line)


@app.command("check")
def check_command(
    deck: DeckFolder = None,
    draws: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="Draws of each card.")] = 100,
    seed: Annotated[
        int | None, typer.Option(min=0, metavar="N", show_default=False, help="Default: the deck's own.")
    ] = None,
    jobs: Jobs = None,
    json: AsJson = False,
    formulas: Annotated[
        bool, typer.Option("--formulas", help="List what running the displayed formulas finds, card by card.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say what keeps card code in its place here.")] = False,
) -> None:
    """Check everything that build would refuse, over many draws of every card. Writes nothing."""
    from eigendeck.build import check
    from eigendeck.worked.formula_report import as_json, totals

    if verbose:
        from eigendeck.worked.sandbox import layers_in_words

        for line in ("Between card code and this machine stand:", *(f"  {layer}" for layer in layers_in_words())):
            _say(line)
    start = time.monotonic()
    with _progress() as step:
        found, faults, lines = check(_folder(deck), seed, draws, jobs or _cores(), step, formulas=formulas)
    faults = sorted(set(faults))
    errors = [fault for fault in faults if not fault.warning]
    seconds = time.monotonic() - start
    if json:
        listed = [{"place": str(f.place), "what": f.what, "hint": f.hint, "warning": f.warning} for f in faults]
        result = {"cards": len(found.cards), "draws": draws, "good": not errors, "faults": listed}
        _print_json(result | ({"formulas": as_json(lines)} if formulas else {}))
    else:
        for formula in lines:
            _say(str(formula))
        for fault in faults:
            _say(str(fault))
        if formulas:
            _say(totals(lines))
        checked = f"{_count(len(found.cards), 'card')} × {_count(draws, 'draw')}"
        _say(f"{found.meta.title}: {checked}, {_count(len(errors), 'fault')}, {seconds:.1f} s")
    if errors:
        raise typer.Exit(AT_FAULT)


@app.command("rehearse")
def rehearse_command(
    old: Annotated[Path, typer.Argument(metavar="OLD.apkg", help="What people have.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.apkg", help="What they are about to import.")],
    json: AsJson = False,
) -> None:
    """Import both packages into a throw-away real Anki, with weeks of faked reviews between, and say what happened."""
    from eigendeck.outputs.ledger import DamagedPackage
    from eigendeck.rehearse import rehearse

    try:
        result = rehearse(old, new)
    except DamagedPackage as damage:
        raise DeckError([Fault(Place(str(new)), str(damage))]) from None
    if json:
        _print_json(result.as_json())
    else:
        for line in result.lines():
            _say(line)
        _say("Safe to import: nothing is lost." if result.good else "Not safe to import.")
    if not result.good:
        raise typer.Exit(AT_FAULT)


@app.callback(invoke_without_command=True)
def about(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """The options of the command itself."""
    if version:
        typer.echo(f"eigendeck {__version__}")
        raise typer.Exit


def main() -> NoReturn:
    """Run the command line; the process ends with the exit code of the design."""
    sys.exit(_run())


def _run() -> int:
    try:
        code = app(standalone_mode=False)
        return code if isinstance(code, int) else DONE
    except DeckError as error:
        for fault in error.faults:
            _say(str(fault))
        errors = sum(not fault.warning for fault in error.faults)
        _say(f"{_count(errors, 'fault')}; nothing was written.")
        return AT_FAULT
    except MissingPart as error:
        _say(str(error))
        return MISSING
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted; nothing was written.")
        return INTERRUPTED
    except Exception as error:
        if hasattr(error, "exit_code") and hasattr(error, "show"):  # click's usage errors
            error.show()
            return USAGE
        import traceback

        traceback.print_exc()
        _say("This is a bug in eigendeck; please report it with the lines above.")
        return BUG


def _folder(deck: Path | None) -> Path:
    if deck is not None:
        return deck
    for here in (Path(), Path("cards")):
        if (here / "deck.yaml").is_file():
            return here
    inside = Path(__file__).parent / "cards"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "cards"


def _seed(seed: str | None) -> int | None:
    if seed is None:
        return None
    if seed == "random":
        chosen = secrets.randbelow(1_000_000)
        _say(f"--seed random chose {chosen}; the same numbers again: --seed {chosen}")
        return chosen
    if seed.isascii() and seed.isdigit() and len(seed) <= 18:
        return int(seed)
    raise typer.BadParameter(f"'{seed}' is neither a whole number from 0 up nor 'random'.", param_hint="--seed")


def _now() -> int:
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return int(time.time())
    if not epoch.isdigit():
        raise typer.BadParameter(f"'{epoch}' is no number of seconds.", param_hint="SOURCE_DATE_EPOCH")
    _say(f"warning: SOURCE_DATE_EPOCH dates this build {epoch}; Anki takes changed notes only from a later build.")
    return int(epoch)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _usable(out: Path) -> Iterator[None]:
    """A folder that cannot be read or written is a wrong option, not a bug."""
    try:
        yield
    except OSError as error:
        reached = error.filename if isinstance(error.filename, str) else out.as_posix()
        if not Path(reached).absolute().is_relative_to(out.absolute()):
            raise
        raise typer.BadParameter(f"{printable(reached)}: {error.strerror}.", param_hint="--out") from None


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line that counts, on a terminal alone."""
    counts: dict[str, int] = {}
    shown = 0.0

    def step(stage: str) -> None:
        nonlocal shown
        counts[stage] = counts.get(stage, 0) + 1
        if time.monotonic() - shown > 0.1:
            shown = time.monotonic()
            print(f"\r\x1b[2K{stage} {counts[stage]}", end="", file=sys.stderr, flush=True)

    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    try:
        yield step
    finally:
        print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, indent=2, ensure_ascii=False))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _say(message: str) -> None:
    print(printable(message), file=sys.stderr)

"""What can be said before anything is imported that takes time: the version, and a build of which nothing has changed.

Whatever else a command line says, and whatever is wrong with it, is left to typer, whose import takes longer than this.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from eigendeck import __version__
from eigendeck.cli.build_report import BuildReport
from eigendeck.cli.last_build import LastBuild, days
from eigendeck.cli.terminal import print_json, say, say_faults
from eigendeck.store import FOLDER, Store
from eigendeck.write import is_linked

_FLAGS = frozenset({"--quiet", "--verbose", "--json"})
_VALUES = frozenset({"--out", "--seed", "--only"})
_PACKAGE = Path(__file__).parents[1]


def said_at_once(arguments: Sequence[str]) -> bool:
    """Says all that there is to say to a command line, if it can be said at once; whether it could."""
    if list(arguments) == ["--version"]:
        print(f"eigendeck {__version__}")
        return True
    if arguments[:1] != ["build"] or "SOURCE_DATE_EPOCH" in os.environ:
        return False
    options = _options(arguments[1:])
    report = options and _unchanged(options)
    if not options or not report:
        return False
    say_build(
        report,
        Path(options.get("--out", "build")),
        seed_given="--seed" in options,
        **{flag: f"--{flag}" in options for flag in ("quiet", "verbose", "json")},
    )
    return True


def deck_here() -> Path | None:
    """Returns this folder or `cards` in it, whichever is a deck; None if neither is."""
    return next((here for here in (Path(), Path("cards")) if (here / "deck.yaml").is_file()), None)


def shipped_deck() -> Path:
    """Returns the folder of the deck that comes along with the program."""
    inside = _PACKAGE / "cards"
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "cards"


def say_build(
    report: BuildReport, out: Path, *, seed_given: bool, quiet: bool = False, verbose: bool = False, json: bool = False
) -> None:
    """Says what was built, or left as it was. seed_given, verbose: as in `BuildReport.lines`."""
    if json:
        print_json(report.as_json())
        return
    say_faults(report.warnings)
    if not quiet:
        say(
            *report.lines(seed_given, verbose),
            *(f"  {out / name}" for name in report.files if name not in report.by_section),
        )


def _options(arguments: Sequence[str]) -> dict[str, str] | None:
    """The options of a build, and its deck under ""; None where anything stands there that needs a closer look."""
    options: dict[str, str] = {}
    left = list(arguments)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if not name.startswith("-") and not equals:
            name, value = "", name
        elif name in _VALUES:
            value = value if equals else left.pop(0) if left else ""
        elif name not in _FLAGS or equals:
            return None
        if name in options or (name not in _FLAGS and not value) or (name and value.startswith("-")):
            return None
        options[name] = value
    seed = options.get("--seed", "0")
    return options if seed.isascii() and seed.isdigit() and len(seed) <= 18 else None


def _unchanged(options: dict[str, str]) -> BuildReport | None:
    folder = Path(options[""]) if "" in options else deck_here() or shipped_deck()
    out = Path(options.get("--out", "build"))
    only = frozenset(name.strip() for name in options.get("--only", "").split(",")) - {""}
    if is_linked(out, folder) or ("--only" in options and not only):
        return None
    seed = int(options["--seed"]) if "--seed" in options else None
    last = LastBuild(Store(out / FOLDER), folder, seed, only, days())
    return last.report(last.about(), out)

"""The command `editions`. Imports that take time wait until they are needed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eigendeck.cli.options import DeckFolder, Jobs, PaperOfPdf, Seed, app, build_time, deck_folder, optional, usable
from eigendeck.cli.terminal import AT_FAULT, INTERRUPTED, progress, say
from eigendeck.errors import DeckError, Fault, Place, counted, nearest, require
from eigendeck.write import refuse_links

if TYPE_CHECKING:
    from eigendeck.authoring.editions.making import Outcome
    from eigendeck.authoring.editions.roster import Student
    from eigendeck.authoring.editions.running import Crews
    from eigendeck.program import Output

MOST_NAMED = 20  # failures that are shown
FEW = 60  # cards in all editions together that are made sooner than a process of their own would start

Roster = Annotated[Path | None, optional(metavar="FILE.csv", help="The students, a row each: the columns id and name.")]
Count = Annotated[int | None, optional(min=1, max=200_000, metavar="N", help="So many editions, without a roster.")]
Make = Annotated[
    str, typer.Option(metavar="A,B,…", help="Of apkg, sheet, cards, worksheet, key; pdf: pages as PDFs, too.")
]
EditionsOut = Annotated[Path, typer.Option("--out", metavar="DIR", help="Below it a folder a student.")]
Scheduler = Annotated[str | None, optional(metavar="tcp://…", help="Of a Dask cluster that works, not this machine.")]
Now = Annotated[int | None, optional(min=0, metavar="T", help="The build time, in seconds since 1970; default: now.")]


@app.command("editions")
def editions_command(
    deck: DeckFolder = None,
    roster: Roster = None,
    count: Count = None,
    make: Make = "apkg,sheet",
    out: EditionsOut = Path("editions"),
    seed: Seed = None,
    paper: PaperOfPdf = "a4",
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    now: Now = None,
) -> None:
    """Make an edition for every student, each with other numbers, and for the teacher the answers to all of them.

    Only what is missing or damaged is made. Another --seed makes second editions, which keep the review history.
    """
    from eigendeck.authoring.editions.order import Order, digest_of, program_versions
    from eigendeck.authoring.editions.running import run, try_out
    from eigendeck.authoring.editions.summary import write_summary
    from eigendeck.store import own_key

    folder, (outputs, pdf) = deck_folder(deck), _outputs(make)
    students, semicolons = _students(roster, count)
    crews = _crews(scheduler, jobs, len(students), pdf)
    read, seed = try_out(folder, seed, jobs)
    order = Order(
        folder=str(folder.absolute()),
        digest=digest_of(folder),
        out=str(out.absolute()),
        seed=seed,
        make=outputs,
        paper=paper,
        pdf=pdf,
        now=build_time() if now is None else now,
        program=program_versions(),
        key=own_key("editions"),
    )
    with progress() as step, usable(out):
        refuse_links(out, folder)
        out.mkdir(parents=True, exist_ok=True)
        try:
            outcomes = run(order, students, crews(len(read.cards)), partial(step, "editions"))
        except KeyboardInterrupt:
            say("interrupted; what was made is whole. The same command makes the rest.")
            sys.exit(INTERRUPTED)
        problems = {outcome.student: outcome.problem for outcome in outcomes.values() if outcome.problem}
        written = write_summary(out, read, students, problems, order.key, semicolons=semicolons)
    say(*_lines(read.meta.title, order.seed, outcomes), *(f"  {path}" for path in written))
    if problems:
        raise typer.Exit(AT_FAULT)


def _lines(title: str, seed: int, outcomes: dict[str, Outcome]) -> list[str]:
    failed = [outcome for outcome in outcomes.values() if outcome.problem]
    made = sum(outcome.made for outcome in outcomes.values())
    there = len(outcomes) - len(failed) - made
    said = [f"{outcome.student}: {outcome.problem}" for outcome in failed[:MOST_NAMED]]
    if len(failed) > MOST_NAMED:
        said.append(f"and {len(failed) - MOST_NAMED} more")
    counts = f"{counted(made, 'edition')} made, {there} there already, {len(failed)} failed"
    return [*said, f"{title}: {counts}, derived from seed {seed}."]


def _outputs(make: str) -> tuple[frozenset[Output], bool]:
    """The outputs that `--make` names, and whether their pages are to be PDFs, too."""
    from eigendeck.outputs import pdf
    from eigendeck.program import OUTPUTS

    named = frozenset(name.strip() for name in make.split(",")) - {""}
    known = (*OUTPUTS, "pdf")
    for name in sorted(named - set(known)):
        meant = nearest(name, known) or f"There are {', '.join(known)}."
        raise typer.BadParameter(f'"{name}" is nothing that can be made. {meant}', param_hint="--make")
    if "pdf" in named:
        pdf.require()
    if not named - {"pdf", "apkg"} and named != {"apkg"}:
        raise typer.BadParameter("names no page: add sheet, cards, worksheet or key.", param_hint="--make")
    return frozenset(name for name in OUTPUTS if name in named), "pdf" in named


def _students(roster: Path | None, count: int | None) -> tuple[Sequence[Student], bool]:
    """The students, and whether semicolons separate in their file."""
    from eigendeck.authoring.editions.roster import MOST_BYTES, has_semicolons, numbered, read_roster

    if (roster is None) == (count is None):
        raise typer.BadParameter("one of the two says for whom: a file, or how many.", param_hint="--roster, --count")
    if roster is None:
        return numbered(count or 0), False
    try:
        with roster.open("rb") as file:
            data = file.read(MOST_BYTES + 1)  # a device may never end
    except OSError as error:
        raise DeckError([Fault(Place(roster.as_posix()), f"cannot be read: {error.strerror}")]) from None
    return read_roster(data, roster.as_posix()), has_semicolons(data, roster.as_posix())


def _crews(scheduler: str | None, jobs: int | None, students: int, pdf: bool) -> Callable[[int], Crews]:
    """Returns who makes editions of a deck of so many cards."""
    from eigendeck.authoring.editions import crews
    from eigendeck.worked.sandbox import processors

    if scheduler is None:
        most = min(jobs or processors(), students)
        return lambda cards: partial(crews.local, most if jobs or pdf or students * cards > FEW else 1)
    require("--scheduler", "cluster", "distributed", called="dask.distributed")
    try:
        crews.meet(scheduler)
    except crews.NoScheduler as nobody:
        raise typer.BadParameter(str(nobody), param_hint="--scheduler") from None
    return lambda cards: partial(crews.cluster, scheduler)

"""The certain repairs of faults, carried out: whole new files, and what changes in them as a diff."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eigendeck.deck.read import read_bytes
from eigendeck.errors import Edit, Fault

_LINE_END = re.compile(r"(\r\n|\r|\n)")  # of YAML as it is read here; Python would take more signs for one


@dataclass(frozen=True, slots=True)
class Mended:
    """A file before and after its repairs."""

    path: Path
    before: bytes
    after: bytes
    edits: tuple[Edit, ...]

    def diff(self) -> Iterator[str]:
        """Yields the lines of a unified diff."""
        before, after = (_LINE_END.split(data.decode())[::2] for data in (self.before, self.after))
        name = self.path.as_posix()
        return difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")


def mended(folder: Path, faults: Iterable[Fault]) -> list[Mended]:
    """Returns the files of a deck with what is certain mended, those alone that change; nothing else in them does.

    Of edits that overlap, the first is made: what is left over shows at the next look.
    """
    by_file: dict[str, set[Edit]] = {}
    for fault in faults:
        for edit in fault.edits:
            by_file.setdefault(edit.start.file, set()).add(edit)
    made = []
    for file, edits in sorted(by_file.items()):
        before = read_bytes(Path(file), folder, [])
        if before is None:
            continue
        chosen = tuple(_apart(edits))
        after = _edited(before.decode(), chosen).encode()
        if after != before:
            made.append(Mended(Path(file), before, after, chosen))
    return made


def _apart(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits in their order, without those that overlap an earlier one."""
    line, column = 0, 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.length)):
        if (edit.start.line, edit.start.column) >= (line, column):
            yield edit
            line, column = edit.start.line, edit.start.column + max(edit.length, 1)


def _edited(text: str, edits: Iterable[Edit]) -> str:
    pieces = _LINE_END.split(text)  # lines, and between them what ends them
    for edit in reversed([*edits]):
        at = 2 * (edit.start.line - 1)
        start = edit.start.column - 1 + (at == 0 and text.startswith("\ufeff"))
        pieces[at] = pieces[at][:start] + edit.text + pieces[at][start + edit.length :]
    return "".join(pieces)

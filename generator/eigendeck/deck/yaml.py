"""YAML text to plain data, each piece knowing where it stands.

The event stream is judged as it comes, before anything is built from it: anchors, aliases, tags, merge keys, further
documents and deep nesting are faults. Only text, numbers, booleans, null, lists and mappings ever come out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice

import yaml

from eigendeck.deck.repairs import part_in_quotes, quoted, value_in_quotes
from eigendeck.deck.source_map import Node, Position, SourceMap
from eigendeck.deck.yaml_errors import DEPTH, balanced, syntax_fault
from eigendeck.deck.yaml_quotes import QUOTE, Quoted, indent
from eigendeck.errors import Edit, Fault, Place, clipped

MOST_FAULTS = 100  # of one file: a hostile file must not cost minutes of messages
MOST_VALUES = 100_000  # in one file: each is kept as an object of some 500 bytes
MOST_ENTRIES = 10_000  # in one list
MOST_KEYS = 200  # in one mapping

# The C parser reads some 10 times as fast; not every PyYAML was built with it.
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# YAML takes NEL, LS and PS for line breaks; editors do not, and every place behind them would be wrong.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# Escapes can write what no file can hold and no output could store: half a character, and what Unicode says is none.
_LAST = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))  # of each plane
_NO_CHARACTER = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_LAST}]")

# How much deeper an event leads.
_DEEPER = {yaml.SequenceStartEvent: 1, yaml.MappingStartEvent: 1, yaml.SequenceEndEvent: -1, yaml.MappingEndEvent: -1}
_COMMA = re.compile(r"\s*,")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {
    spelling: truth
    for word, truth in {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.items()
    for spelling in (word, word.capitalize(), word.upper())
}
# Narrower than YAML 1.1, where 010 is a number, too: it stays text here, and so do endless numbers.
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?((0|[1-9][0-9]{0,17})(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][-+]?[0-9]{1,3})?")
_CLOCK = re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?")  # a number to the base 60, for some readers of YAML
# Editors show them like the plain spaces that YAML alone takes for an indentation.
_WIDE_SPACE = re.compile("[ \t]*([\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])")
_LIST_LINE = re.compile(r"(\s*(?:- +)*[\w-]+:) +(?:\[.+\]|\{.+\})\s*")
MOST_READ_ON = 20  # times that a file is read on behind an error


class _Stop(Exception):
    """Reading on would be dangerous or pointless; the fault is already noted."""


@dataclass(frozen=True, slots=True)
class _Stream:
    file: str
    lines: tuple[str, ...]
    events: Iterator[yaml.Event]
    faults: list[Fault]
    quoted: list[Quoted]  # the last value in quotes, where there is one
    values: Iterator[int] = field(default_factory=count)

    def blame(self, position: Position, what: str, hint: str = "", edits: tuple[Edit, ...] = ()) -> None:
        self.faults.append(Fault(Place(self.file, position[0] + 1, position[1] + 1), what, hint, edits=edits))
        if len(self.faults) >= MOST_FAULTS:
            raise _Stop

    def leave(self, within: int) -> None:
        """Takes events until as many collections have ended: what is in them is not kept."""
        while within:
            within += _DEEPER.get(type(next(self.events)), 0)


def read_yaml(text: str, file: str, loader: type = LOADER) -> tuple[SourceMap | None, list[Fault]]:
    """Returns the one document of a YAML text, and what is wrong with its YAML.

    The document is None where it cannot be read behind a fault. It is then read on as if the value of that line stood
    in quotes, or from the next card on, so that what else is wrong with its YAML is said, too.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = tuple(text.split("\n"))
    for look in (_unreadable, _widely_indented):
        if faults := list(islice(look(lines, file), MOST_FAULTS)):
            return None, faults
    source, faults, error = _read(lines, file, loader)
    items, start = card_lines(lines) if error else [], 0
    for _ in range(MOST_READ_ON):
        if error is None or len(faults) >= MOST_FAULTS:
            break
        if better := _in_quotes(lines, error):
            lines = better
        elif (start := next((row for row in items if row >= error.place.line), -1)) < 0:
            break
        _, more, error = _read(lines, file, loader, start)
        known = {fault.place.line for fault in faults}
        faults += [fault for fault in more if fault.place.line not in known]
    return source, faults


def _in_quotes(lines: tuple[str, ...], error: Fault) -> tuple[str, ...]:
    """The lines with the value that an error names in quotes, or a list empty; nothing where it may go on below."""
    row = error.place.line - 1
    line = lines[row]
    if list_ := _LIST_LINE.fullmatch(line):
        return (*lines[:row], f"{list_[1]} []", *lines[row + 1 :])
    for edit in value_in_quotes(error.place.file, lines, row):
        start = edit.start.column - 1
        return (*lines[:row], line[:start] + edit.text + line[start + edit.length :], *lines[row + 1 :])
    return ()


def card_lines(lines: Sequence[str]) -> list[int]:
    """Returns the lines, from 0, with which the cards of a section begin."""
    begun = next((row for row, line in enumerate(lines) if line.startswith("cards:")), len(lines))
    dashes = [row for row, line in enumerate(lines) if row > begun and line.lstrip().startswith("- ")]
    return [row for row in dashes if indent(lines[row]) == indent(lines[dashes[0]])]


def _read(
    lines: tuple[str, ...], file: str, loader: type, start: int = 0
) -> tuple[SourceMap | None, list[Fault], Fault | None]:
    """What the lines from `start` on hold, what is wrong with it, and the error that ended it, where it is no YAML."""
    text = "\n" * start + "\n".join(lines[start:])
    stream = _Stream(file, lines, iter(loader(text).get_event, None), [], [])
    root: Node | None = None
    try:
        for event in stream.events:
            if root is not None and isinstance(event, yaml.DocumentStartEvent):
                stream.blame(_start(event), "a second YAML document begins here", "A file is one: drop `---`.")
                return None, stream.faults, None
            if isinstance(event, yaml.NodeEvent):
                root = _compose(event, stream, _start(event), 1)
    except _Stop:
        return None, stream.faults, None
    except yaml.MarkedYAMLError as error:
        fault = syntax_fault(error, lines, file, stream.quoted[-1] if stream.quoted else None)
        # An alias or a tag on the same line is the same slip, and already said better.
        if all(fault.place.line != known.place.line for known in stream.faults):
            stream.faults.append(fault)
        return None, stream.faults, fault
    if root is None or (root.data is None and not root.faulty):
        return None, [*stream.faults, Fault(Place(file), "the file is empty")], None
    return SourceMap(file, lines, root), stream.faults, None


def _widely_indented(lines: tuple[str, ...], file: str) -> Iterator[Fault]:
    for row, line in enumerate(lines, 1):
        if match := _WIDE_SPACE.match(line):
            what = f"this line is indented with U+{ord(match[1]):04X} ({unicodedata.name(match[1]).lower()})"
            yield Fault(Place(file, row, match.end()), what, "YAML is indented with plain spaces alone.")


def _unreadable(lines: tuple[str, ...], file: str) -> Iterator[Fault]:
    for row, line in enumerate(lines, 1):
        for match in _UNREADABLE.finditer(line):
            what = f"the character U+{ord(match[0]):04X} cannot stand in a YAML file"
            yield Fault(Place(file, row, match.start() + 1), what, "Delete it: it is invisible in most editors.")


def _compose(event: yaml.Event, stream: _Stream, key: Position, depth: int) -> Node:
    """Returns the node that begins with `event`, taking the rest of it from the stream."""
    start = _start(event)
    if next(stream.values) >= MOST_VALUES:
        stream.blame(start, f"the file holds more than {MOST_VALUES:,} values up to here", "Split it.")
        raise _Stop
    if isinstance(event, yaml.AliasEvent):
        stream.blame(start, f"`*{clipped(str(event.anchor))}` is a YAML alias; aliases are not read", QUOTE)
        return Node(None, start, key, faulty=True)
    faulty = _decorated(event, stream)
    if isinstance(event, yaml.ScalarEvent):
        if none := not event.value.isascii() and _NO_CHARACTER.search(event.value):
            what = f"contains U+{ord(none[0]):04X}, which is no character"
            stream.blame(start, what, "Write the character itself in place of the escape.")
            return Node(None, start, key, faulty=True)
        if not event.style and ":" in event.value and _CLOCK.fullmatch(event.value):
            hint, mended = f"Write {quoted(event.value)}.", part_in_quotes(stream.file, start, event.value)
            stream.blame(start, f"`{clipped(event.value)}` is a number in YAML: put it in quotes", hint, mended)
            faulty = True
        data = event.value if event.style else _resolve(event.value)
        style = event.style or ""
        if style in ("'", '"'):
            stream.quoted[:] = [Quoted(start, _end(event), style)]
        return Node(data, start, key, style=style, text=event.value, faulty=faulty, end=_end(event))
    if depth > DEPTH:
        stream.blame(start, f"nested deeper than {DEPTH} levels")
        stream.leave(1)
        return Node(None, start, key, faulty=True)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Node] = []
        while not isinstance(item := next(stream.events), yaml.SequenceEndEvent):
            if len(items) == MOST_ENTRIES:
                stream.blame(start, f"the list that begins here has more than {MOST_ENTRIES:,} entries")
                stream.leave(1 + isinstance(item, yaml.CollectionStartEvent))
                faulty = True
                break
            items.append(_compose(item, stream, _start(item), depth + 1))
        if event.flow_style:
            faulty |= _cut((("", item) for item in items), stream)
        return Node([item.data for item in items], start, key, children=dict(enumerate(items)), faulty=faulty)
    entries = _entries(stream, depth)
    if getattr(event, "flow_style", False):
        faulty |= _cut(((f"{name}: ", node) for name, node in entries.items()), stream)
    return Node({name: node.data for name, node in entries.items()}, start, key, children=entries, faulty=faulty)


def _entries(stream: _Stream, depth: int) -> dict[str | int, Node]:
    entries: dict[str | int, Node] = {}
    while not isinstance(event := next(stream.events), yaml.MappingEndEvent):
        position = _start(event)
        if len(entries) == MOST_KEYS:
            stream.blame(position, f"a mapping has at most {MOST_KEYS} keys")
            stream.leave(1 + isinstance(event, yaml.CollectionStartEvent))
            break
        key = _compose(event, stream, position, depth + 1)
        value = _compose(next(stream.events), stream, position, depth + 1)
        if not isinstance(event, yaml.ScalarEvent):
            if not key.faulty:
                stream.blame(position, "a key must be a word, not a list or a mapping", QUOTE)
        elif not event.style and key.text == "<<":
            stream.blame(position, "`<<` is a YAML merge key; merge keys are not read", "Write the keys out.")
        elif key.text in entries and key.text.count(")") > key.text.count("("):
            continue  # what a comma has cut off, of which a fault is known
        elif key.text in entries:
            first = entries[key.text].key[0] + 1
            what = f'the key "{clipped(key.text)}" is already at {stream.file}:{first}'
            stream.blame(position, what, "Keep one of the two.")
        else:
            entries[key.text] = value
    return entries


def _cut(values: Iterable[tuple[str, Node]], stream: _Stream) -> bool:
    """Returns whether a comma ended plain values of a flow collection inside their parentheses, which is a fault."""
    found = False
    for key, node in values:
        row, start = node.end
        opened = not node.style and node.text.count("(") > node.text.count(")")
        if opened and row < len(stream.lines) and _COMMA.match(stream.lines[row], start):
            found = True
            row, start = node.start
            whole = balanced(stream.lines[row][start:])
            hint = f"Write {key}{quoted(whole)}." if whole else "Put the value in quotes."
            mended = part_in_quotes(stream.file, node.start, whole)
            stream.blame(node.start, "a comma inside {…} or […] ends the value", hint, mended)
    return found


def _decorated(event: yaml.Event, stream: _Stream) -> bool:
    """Returns whether a value has an anchor or a tag, which are faults."""
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if anchor is tag is None:  # of most values
        return False
    if anchor is not None:
        stream.blame(_start(event), f"`&{clipped(anchor)}` is a YAML anchor; anchors are not read", QUOTE)
    if tag is not None:
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        hint = "Leave the tag out; a value that starts with `!` needs quotes."
        stream.blame(_start(event), f"`{clipped(shown)}` is a YAML tag; tags are not read", hint)
    return anchor is not None or tag is not None


def _resolve(text: str) -> object:
    """Returns what a plain scalar means; whatever is no number, truth or null is text, dates included."""
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if text[0] not in "+-.0123456789":  # most values: no number begins otherwise
        return text
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _start(event: yaml.Event) -> Position:
    assert event.start_mark is not None  # only events that no parser made have none
    return event.start_mark.line, event.start_mark.column


def _end(event: yaml.Event) -> Position:
    assert event.end_mark is not None
    return event.end_mark.line, event.end_mark.column

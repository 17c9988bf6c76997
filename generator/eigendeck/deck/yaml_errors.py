"""YAML that cannot be read: what its parsers say of it, made into what an author can do about it."""

import re
import unicodedata
from collections.abc import Callable, Mapping

import yaml

from eigendeck.deck import repairs, yaml_quotes
from eigendeck.deck.card_parts import Mistake, Panel
from eigendeck.deck.card_schema import CODE_KEYS, Card
from eigendeck.deck.repairs import quoted
from eigendeck.deck.schema import DeckMeta, Heading
from eigendeck.deck.source_map import Position
from eigendeck.deck.yaml_quotes import KEY_LINE, QUOTE, ParserError, Quoted, Said, indent
from eigendeck.errors import Edit, Fault, Place

_LONGEST = 200  # characters of a value that a hint writes out
DEPTH = 20
_KEYS = frozenset(key for model in (Card, DeckMeta, Heading, Mistake, Panel) for key in model.model_fields)
# A key of code with nothing behind it: its lines follow.
_CODE = "|".join((*CODE_KEYS, "numbers"))
_CODE_KEY = re.compile(rf"\s*(?:- +)*({_CODE}):\s*(#.*)?$")

_CODE_LIST = re.compile(rf"\s*(?:- +)*({_CODE}):\s+([\[{{].*)$")
_WIDE_SIGN = re.compile(
    r"\s*(?:- +)*(?:[\w-]+:(?P<space>[\u00a0\u2000-\u200a\u202f\u3000])|(?P<key>[a-z]+)\s*(?P<colon>[：﹕︓]))"
)

# Two keys on one line: the value of the first is no text.
_NESTED = re.compile(r"\s*(?:- +)*(plot|mistake|show|reads):\s+([^\s:]+): (.*\S)")

# What the two parsers of PyYAML say, and what an author can make of it. The place is the "problem", where the parser
# gave up, or the "context", where the construct began that it could not finish.
_WORDS: tuple[tuple[str, str, str, str], ...] = (
    # The parser's own limit, met while it reads ahead.
    (r"nesting depth", "problem", f"nested deeper than {DEPTH} levels", ""),
    (r"quoted scalar", "context", "this quoted text has no end", "Close the quotes; '' is one ' in single quotes."),
    (r"flow sequence", "context", "this `[` has no end, or a comma is missing in it", f"Close it. {QUOTE}"),
    (r"flow mapping", "context", "this `{` has no end, or a comma is missing in it", f"Close it. {QUOTE}"),
    (r"flow node", "problem", "a `[` or `{` has no end, or a comma stands where a value should", f"Close it. {QUOTE}"),
    (
        r"could not find expected ':'",
        "context",
        "this line is neither `key: value` nor part of a longer text",
        "Text over several lines goes below `|`, indented deeper than its key.",
    ),
)
_INDENTED = (
    "this line does not fit the lines above it: its indentation is wrong, or the value before it ended too early",
    "The keys of a card begin in one column. A value that starts with a quote or bracket ends with it.",
)


def syntax_fault(error: yaml.MarkedYAMLError, lines: tuple[str, ...], file: str, before: Quoted | None) -> Fault:
    """Returns the fault of a file that is no YAML. before: the last value in quotes that was read before the error."""
    assert error.problem_mark is not None  # a scanner or a parser always says where
    problem = _within(error.problem_mark, lines)
    context = _within(error.context_mark, lines) if error.context_mark else problem
    found = ParserError(f"{error.context or ''} {error.problem or ''}", problem, context, lines, before)
    look = next((look for look in _LOOKS if look(found)), _in_words)
    said = look(found)
    assert said is not None
    (line, place), what, hint = said
    mend = _LOOKS.get(look)
    return Fault(Place(file, line + 1, place + 1), what, hint, edits=mend(found, said[0], file) if mend else ())


def _within(mark: yaml.Mark, lines: tuple[str, ...]) -> Position:
    """The spot of a mark; the end of the text where it is behind it, where there is nothing to see."""
    last = max((number for number, line in enumerate(lines) if line.strip()), default=mark.line)
    return (mark.line, mark.column) if mark.line <= last else (last, len(lines[last]))


def balanced(rest: str) -> str:
    """Returns the start of a line up to the comma or bracket that its own brackets leave over, if they close soon."""
    depth = 0
    for position, character in enumerate(rest[:_LONGEST]):
        if depth == 0 and character in ",]}":
            return rest[:position].strip()
        depth += (character in "([{") - (character in ")]}")
    return rest.strip() if depth == 0 and len(rest) <= _LONGEST else ""


def _tabs(error: ParserError) -> Said | None:
    blank = error.line[: len(error.line) - len(error.line.lstrip())]
    if "\t" not in blank:
        return None
    return (error.problem[0], blank.index("\t")), "YAML cannot be indented with tabs", "Use spaces."


def _no_bar(error: ParserError) -> Said | None:
    """Lines of code below a key without `|`."""
    row = error.context[0] if "could not find expected ':'" in error.said else error.problem[0]
    least = indent(error.lines[row])
    for number in range(row - 1, -1, -1):
        line = error.lines[number]
        if not line.strip():
            continue
        if (key := _CODE_KEY.match(line)) and key.start(1) < least:
            what = f"`{key[1]}:` needs `|` where its lines stand below it"
            return (number, key.start(1)), what, f"Write `{key[1]}: |`."
        least = min(least, indent(line))
        if KEY_LINE.match(line):
            return None
    return None


def _no_colon(error: ParserError) -> Said | None:
    """A key with no colon behind it, or no space behind the colon."""
    row = error.context[0]
    begun = re.match(r"\s*(?:- +)*([a-z]+)(:(?=\S)| )[\s=]*(.*)", error.lines[row])
    if "could not find expected ':'" not in error.said or not begun or begun[1] not in _KEYS:
        return None
    value = begun[3].strip()
    plain = value[:1] in "\"'[{|>" or not re.search(r":(\s|$)| #|^[-?@`%*&!#,\]}]", value)
    hint = f"Write `{begun[1]}: {value if plain else quoted(value)}`." if len(value) <= _LONGEST else QUOTE
    return (row, begun.start(1)), f"a colon and a space belong after `{begun[1]}`", hint


def _wide_sign(error: ParserError) -> Said | None:
    """A colon or a space behind it as Chinese and Japanese have it, which YAML takes for a letter."""
    for row in (error.problem[0], error.context[0]):
        found = _WIDE_SIGN.match(error.lines[row])
        if found and (found["space"] or found["key"] in _KEYS):
            sign, name = ("space", "the colon") if found["space"] else ("colon", f"`{found['key']}`")
            what = f"behind {name} stands U+{ord(found[sign]):04X} ({unicodedata.name(found[sign]).lower()})"
            hint = "Write a plain space." if found["space"] else "Write a plain colon and a plain space."
            return (row, found.start(sign)), what, hint
    return None


def _shallow(error: ParserError) -> Said | None:
    row, column = error.problem
    if "mapping values" not in error.said or not re.fullmatch(r"\s*(- +)*[\w-]+", error.line[:column]):
        return None
    return (row, indent(error.line)), *_INDENTED


def _first_sign(error: ParserError) -> Said | None:
    row, column = error.problem
    begun = re.match(r"\s*(- +)*([\w-]+:\s+)?(?=[@`%*&!])", error.line)
    if "quoted" not in error.said and begun:
        return (row, begun.end()), f"a plain value cannot start with {_sign(error.line[begun.end()])}", QUOTE
    if "block scalar" in error.said:
        sign = next((sign for sign in reversed(error.line[:column]) if sign in "|>"), "|")
        return error.problem, f"a plain value cannot start with {_sign(sign)}", QUOTE
    return None


def _sign(sign: str) -> str:
    return "a backtick" if sign == "`" else f"`{sign}`"


def _flow_bracket(error: ParserError) -> Said | None:
    """A bracket in a plain value between braces or brackets, where it begins a list: `{x: A[0]}`."""
    row, column = error.problem
    before = re.search(r"[^\s,\[\]{}:][^,\[\]{}:]*$", error.line[:column])
    if "flow" not in error.said or error.line[column : column + 1] not in {"[", "{"} or not before:
        return None
    if begun := _CODE_LIST.match(error.line):
        value = begun[2].rstrip()
        kind = "is a list" if value[0] == "[" else "has keys of its own"
        what = f"`{begun[1]}` takes text, and a value that begins with `{value[0]}` {kind}"
        hint = f"Write {begun[1]}: {quoted(value)}, or put it on a line of its own below `|`."
        return (row, begun.start(2)), what, hint
    whole = balanced(error.line[before.start() :])
    name, colon, value = whole.partition(": ")
    written = f"{quoted(name)}: {value}" if colon else quoted(whole)  # what a bracket stands in may be a key
    hint = f"Write {written}." if whole else "Put the value in quotes."
    return (row, before.start()), f"a `{error.line[column]}` inside {{…}} or […] ends a plain value", hint


def _early_bracket(error: ParserError) -> Said | None:
    """Text behind a value in braces or brackets, such as a placeholder at the start of a sentence."""
    row, column = error.problem
    begun = re.match(r"\s*(?:- +)*[\w-]+:\s+[{[]", error.line)
    before = error.line[:column].rstrip()[-1:]
    if not begun or before not in {"}", "]"} or begun.end() > column:
        return None
    return (row, begun.end() - 1), f"this value ends at its `{before}`, and more stands behind it", QUOTE


def _dash(error: ParserError) -> Said | None:
    begun = re.match(r"\s*(?:- +)*[\w-]+:\s+(?=-\s|-$)", error.line)
    if not begun or begun.end() != error.problem[1]:
        return None
    hint = "Put a list in […] or each item on a line of its own; put a text in quotes."
    return error.problem, "a value on the line of its key cannot start with `- `", hint


def _deep(error: ParserError) -> Said | None:
    """A key that begins deeper than the one above it, whose value it thereby goes on."""
    row = error.problem[0]
    key = re.match(r"\s*([\w-]+):(?=\s|$)", error.line)
    above = re.match(r"(?:\s*(?:- +)*)([\w-]+): +[^\s|>'\"\[{#]", error.lines[row - 1]) if row else None
    if "mapping values" not in error.said or not key or not above or key[1] not in _KEYS:
        return None
    if key.start(1) <= above.start(1) or key.end() - 1 != error.problem[1]:
        return None
    what = f"`{key[1]}` stands inside `{above[1]}`: it is indented too deep"
    return (row, key.start(1)), what, f"Begin it in the column of `{above[1]}`."


def _colon(error: ParserError) -> Said | None:
    if "mapping values" not in error.said:
        return None
    hint = QUOTE
    if nested := _NESTED.match(error.line):
        key, name, value = nested.groups()
        inner = value.startswith("{")
        hint = f"Write {key}: {{{name}: {value}}}, or {name}" if inner else f"Write {name}"
        hint += " on a line of its own, indented deeper."
    return error.problem, "a plain value cannot contain `: `", hint


def _in_words(error: ParserError) -> Said:
    for words, where, what, hint in _WORDS:
        if re.search(words, error.said):
            return (error.context if where == "context" else error.problem), what, hint
    return error.problem, *_INDENTED


def _quote_of_value(error: ParserError, position: Position, file: str) -> tuple[Edit, ...]:
    return () if _NESTED.match(error.line) else repairs.value_in_quotes(file, error.lines, position[0])


# What is looked for, in this order, and the repair of what is found, where one is certain.
_Mend = Callable[[ParserError, Position, str], tuple[Edit, ...]]
_LOOKS: Mapping[Callable[[ParserError], Said | None], _Mend | None] = {
    _tabs: None,
    yaml_quotes.open_quote: None,
    yaml_quotes.early_quote: None,
    yaml_quotes.curly: None,
    _no_bar: lambda error, position, file: repairs.bar(file, error.lines, position[0]),
    _no_colon: None,
    _wide_sign: None,
    _deep: None,
    _shallow: None,
    yaml_quotes.escape: lambda error, position, file: repairs.single_quotes(file, error.lines, error.context),
    _first_sign: _quote_of_value,
    _flow_bracket: lambda error, at, file: repairs.part_in_quotes(file, at, balanced(error.lines[at[0]][at[1] :])),
    _early_bracket: None,
    _dash: None,
    _colon: _quote_of_value,
}

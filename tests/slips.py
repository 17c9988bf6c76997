"""What authors write wrong in a section, and what is said of it as it is read."""

from __future__ import annotations

from typing import Any

from decks import card, section

META = "id: refresher\ntitle: Refresher\n"


def dot(card_id: str = "dot-product", **keys: Any) -> str:
    """The YAML of a card of seven keys, on eight lines."""
    mistake = {"says": "It never sums.", "numpy": "x * y"}
    usual = {"concept": "Dot product", "says": "Multiplies and adds up.", "formula": "x^T y", "numpy": "x @ y"}
    return card(
        **{**usual, "id": card_id, "given": None, "steps": None, "check": "answer > 0", "mistake": mistake} | keys
    )


VECTORS = section(dot(), section="Vectors")

# Each row adds lines behind the card, whose last line is 11, and names the fault these lines make.
_ADDED = [
    ("unknown key", "numy: x", "12:5", 'numy: is no key of a card\n    Did you mean "numpy"?'),
    ("number for text", "hint: 3", "12:5", 'hint: must be text: put it in quotes\n    Write hint: "3".'),
    ("bool for text", "hint: no", "12:5", 'hint: must be text: put it in quotes\n    Write hint: "no"'),
    ("list for text", "given: [x]", "12:5", 'given: must be text, not a list\n    Write given: "[x]".'),
    ("keys for text", "given: {x: y}", "12:5", "given: must be text, not keys of its own"),
    ("no value", "hint:", "12:5", "hint: has no value"),
    ("text for a list", "needs: a", "12:5", "needs: must be a list\n    Write needs: [a]."),
    ("number in a list", "see: [a, 3]", "12:14", "see: must be text: put it in quotes\n    Write"),
    ("text for a number", "variants: many", "12:5", "variants: must be a whole number"),
    ("truth for a number", "variants: true", "12:5", "variants: must be a whole number"),
    ("too many variants", "variants: 21", "12:5", "variants: must be between 1 and 20"),
    ("no answers", "answers: 0", "12:5", "answers: must be 1 or more"),
    ("grid of zero", "nice: 0", "12:5", "nice: must be a grid above 0"),
    ("nice on", "nice: on", "12:5", "nice: must be a grid above 0"),
    ("endless grid", "nice: 1e999", "12:5", "nice: must be a grid above 0"),
    ("7 digits", "nice: 7 digits", "12:5", "nice: must be a grid above 0"),
    ("no work", "cards: [code]", "12:5", "cards: work is always among the directions\n    Write [work"),
    ("no direction", "cards: []", "12:5", "cards: work is always among the directions"),
    ("four directions", "cards: [work, mistake, code, formula]", "", "cards: has 4 directions; 3 are allowed"),
    ("direction twice", "cards: [work, work]", "12:5", 'cards: "work" stands there twice'),
    ("unknown direction", "cards: [work, coed]", "12:19", 'cards: "coed" is no direction\n    Did you'),
    ("plot direction alone", "cards: [work, plot]", "12:5", "cards: the Plot direction needs a plot"),
    ("plot without words", "cards: [work, plot]\n    plot: {a: {}}", "", "needs plot.ask and plot.says"),
    ("two plot kinds", "plot: {a: {}, b: {}}", "12:5", "plot: takes exactly one plot kind beside ask"),
    ("no plot kind", "plot: {ask: Why}", "12:5", "plot: takes exactly one plot kind beside ask and"),
    ("plot is text", "plot: arrows", "12:5", "plot: must name a kind of plot"),
    ("plot of text", "plot: {arrows: x}", "12:12", "plot.arrows: must have keys of its own"),
    ("null in a plot", "plot: {arrows: {x: [1, ~]}}", "12:21", "plot.arrows.x: must be a NumPy expres"),
    ("keys in a plot", "plot: {arrows: {x: {y: 1}}}", "12:21", "plot.arrows.x: must be a NumPy expr"),
    ("tag with a space", "tags: [a b]", "12:12", 'tags: a tag is one word without spaces\n    Write "a-'),
    ("need twice", "needs: [a, a]", "12:5", 'needs: "a" stands there twice'),
    ("ill-formed need", "needs: [A b]", "12:13", "needs: must be kebab-case"),
    ("long hint", f"hint: {'a' * 601}", "12:5", "hint: has 601 characters; 600 are allowed"),
    ("long work", f"work: {'a' * 1001}", "12:5", "work: has 1001 characters; 1000 are allowed"),
    ("long code", f"given: {'a' * 4001}", "12:5", "given: has 4001 characters; 4000 are allowed"),
    ("many lines", "given: |\n" + "      x = 1\n" * 61, "12:5", "given: has 61 lines; 60 are allowed"),
    ("bidi", "hint: ab\u202ec", "12:13", "hint: contains U+202E (right-to-left override)"),
    ("invisible in a block", "given: |\n      x = 1\n      y\u200b = 2", "14:8", "given: contains U+200B"),
    ("escaped control", r'hint: "\alpha"', "12:11", r"hint: in double quotes YAML reads `\a` as"),
    ("surrogate", r'hint: "\ud800"', "", "01-vectors.yaml:12:1"),
    ("invisible key", "show: {a\u200b: b}", "12:12", "show.a\\u200b: contains U+200B"),
    ("duplicate key", "hint: a\n    hint: b", "13:5", 'the key "hint" is already at 01-vectors.yaml:12'),
    ("duplicate in a map", "show: {a: b, a: c}", "12:18", 'the key "a" is already at 01-vectors.yaml:12'),
    ("python tag", "hint: !!python/object/apply:os.system [id]", "12:11", "`!!python/object/apply:os.system` is a Y"),
    ("unknown tag", "hint: !vault x", "12:11", "`!vault` is a YAML tag; tags are not read\n    Leave the tag out"),
    ("anchor", "hint: &a x", "12:11", "`&a` is a YAML anchor; anchors are not read\n    Put the value in quotes"),
    ("alias", "hint: *x @ y", "12:11", "`*x` is a YAML alias; aliases are not read\n    Put the value in quotes"),
    ("merge key", "<<: {hint: a}", "12:5", "`<<` is a YAML merge key; merge keys are not read"),
    ("list as key", "? [a]\n    : b", "12:7", "a key must be a word, not a list or a mapping"),
    ("value begins with @", "hint: @a", "12:11", "a plain value cannot start with `@`\n    Put the value in quotes"),
    ("value with a backtick", "hint: `a`", "12:11", "a plain value cannot start with a backtick\n"),
    ("value with a percent", "hint: %a", "12:11", "a plain value cannot start with `%`\n"),
    ("value with a bar", "hint: |x|", "12:12", "a plain value cannot start with `|`\n"),
    ("colon in a value", "hint: see: this", "12:14", "a plain value cannot contain `: `\n    Put the value in quotes"),
    ("text after quotes", 'hint: "a" b', "12:15", "the text ended at the quote before this"),
    ("open quote", "hint: 'a", "12:11", "this quoted text has no end"),
    ("wrong escape", r'hint: "\mathbf"', "12:12", "a backslash in double quotes starts an escape"),
    ("open bracket", "needs: [a", "12:12", "this `[` has no end, or a comma is missing in it"),
    ("open brace", "show: {a: b", "12:11", "this `{` has no end, or a comma is missing in it"),
    (
        "quotes in quotes",
        'hint: "Add the "numbers" up"',
        "12:21",
        "the text ended at the quote before this\n    Use single quotes outside, or",
    ),
    (
        "apostrophe in quotes",
        "hint: 'Don't forget'",
        "12:16",
        "the text ended at the quote before this\n    Use double quotes outside, or",
    ),
    (
        "quotes in quotes in braces",
        """show: {a: "b" c: "d"}""",
        "12:19",
        "the text ended at the quote before this\n    A comma is missing here, or it is",
    ),
    (
        "quote that takes a key in",
        'hint: "a\n    see: [b]\n    work: "c"',
        "12:11",
        "the quote opened here is closed only at line 14\n    Close it at the end of its",
    ),
    (
        "quote that takes an escape in",
        'hint: "a\n    work: \\bar\n    ask: "c"',
        "12:11",
        "the quote opened here is closed only at line 14",
    ),
    ("wrong escape on a second line", 'hint: "a\n      \\mathbf"', "13:7", "a backslash in double quotes starts an"),
    (
        "comma in parentheses in braces",
        "plot: {curve: {x: np.arange(1, 61), y: x}}",
        "12:23",
        'a comma inside {…} or […] ends the value\n    Write x: "np.arange(1, 61)".',
    ),
    (
        "comma in parentheses in a list",
        "see: [Smith (a, b), c]",
        "12:11",
        'a comma inside {…} or […] ends the value\n    Write "Smith (a, b)".',
    ),
    (
        "brackets in braces",
        "plot: {bars: {x: A[:2]}}",
        "12:22",
        'a `[` inside {…} or […] ends a plain value\n    Write "A[:2]".',
    ),
    (
        "two keys on a line",
        "plot: bars: {x: x}",
        "12:15",
        "a plain value cannot contain `: `\n    Write plot: {bars: {x: x}}, or bars on a",
    ),
    (
        "text behind braces",
        "ask: {x} is drawn",
        "12:10",
        "this value ends at its `}`, and more stands behind it\n    Put the value in quotes",
    ),
    (
        "dash behind a key",
        "needs: - a",
        "12:12",
        "a value on the line of its key cannot start with `- `\n    Put a list in […]",
    ),
    ("key without a colon", "hint Mean", "12:5", "a colon and a space belong after `hint`\n    Write `hint: Mean`."),
    ("colon without a space", "hint:Mean", "12:5", "a colon and a space belong after `hint`\n    Write `hint: Mean`."),
    (
        "bar without a colon",
        "given |\n      x = 1",
        "12:5",
        "a colon and a space belong after `given`\n    Write `given:",
    ),
    (
        "captions without a bar",
        "steps:\n      x  # one\n      y  # two",
        "12:5",
        "`steps:` needs `|` where its lines stand below it\n    Write `steps: |`.",
    ),
    ("lambda without a bar", "given:\n      f = lambda t: t\n      x = 1", "12:5", "`given:` needs `|` where its"),
    (
        "lines without a bar",
        "given:\n      x = 1\n      y = 2",
        "12:5",
        "given: its lines need `|`, or YAML joins them to one\n    Write `given: |`.",
    ),
    ("only a comment", "hint: #1", "12:5", "hint: has no value: YAML drops what follows ` #`\n    Put the"),
    (
        "comma in one text for a list",
        "see: Atkins, Physical Chemistry",
        "12:5",
        'see: must be a list\n    Write see: ["Atkins, Physical Chemistry"].',
    ),
    (
        "colon in an item",
        "see:\n      - Always: a bare number",
        "13:9",
        "see: `: ` makes a key of the words before it\n    Put the sentence in quotes.",
    ),
    ("colon in a listed item", "see: [Knuth: TAOCP]", "12:11", "see: `: ` makes a key of the words"),
    ("escaped letter of a command", r'work: "\bar{x}"', "12:11", r"work: in double quotes YAML reads `\b`"),
    ("tab", "\thint: a", "12:5", "YAML cannot be indented with tabs\n    Use spaces."),
    ("shallow key", " hint: a", "12:6", "this line does not fit the lines above it: its indentation"),
    ("line of text", "hint: a\n    more text\n    given: b", "13:5", "this line is neither `key: value` nor part"),
    ("second document", "hint: a\n---\nb: c", "13:1", "a second YAML document begins here"),
    ("control character", "hint: a\x07", "12:12", "the character U+0007 cannot stand in a YAML file"),
    ("line separator", "hint: a\u2028b", "12:12", "the character U+2028 cannot stand in a YAML file"),
]
ADDED = [
    (name, lines, f"{place}: error: dot-product: {says}" if place else says) for name, lines, place, says in _ADDED
]

# Each row replaces text of the good section file.
REPLACED = [
    ("no check", "    check: answer > 0\n", "", "3:5: error: dot-product: check: is missing\n    Conditions that hold"),
    (
        "no mistake.says",
        "      says: It never sums.\n",
        "",
        "9:5: error: dot-product: mistake.says: is missing\n    What is",
    ),
    (
        "unknown mistake key",
        "      says: It",
        "      sais: a\n      says: It",
        "10:7: error: dot-product: mistake.sais: is no key of mistake",
    ),
    (
        "mistake is text",
        "mistake:\n",
        "mistake: x\n    show:\n",
        "9:5: error: dot-product: mistake: must have keys of its",
    ),
    ("empty formula", "x^T y", "''", "6:5: error: dot-product: formula: is empty"),
    ("blank numpy", "numpy: x @ y", "numpy: ' '", "7:5: error: dot-product: numpy: is empty"),
    ("concept of two lines", "Dot product", "|\n      Dot\n      product", "concept: must be one line"),
    ("long concept", "Dot product", "a" * 81, "4:5: error: dot-product: concept: has 81 characters; 80 are allowed"),
    ("no id", "- id: dot-product\n    ", "- ", "3:5: error: card 1 of the section: id: is missing\n    The permanent"),
    ("id is a number", "dot-product", "7", "3:5: error: card 1 of the section: id: must be text: put it in quotes"),
    (
        "id with capitals",
        "dot-product",
        "Dot Product",
        "Dot Product: id: must be kebab-case: lower-case letters a-z and",
    ),
    ("device name", "dot-product", "com1", '3:5: error: com1: id: "com1" opens a device on Windows'),
    ("long id", "dot-product", "a" * 65, "3:5: error: card 1 of the section: id: has 65 characters; 64 are allowed"),
    (
        "no section title",
        "section: Vectors\n",
        "",
        "1:1: error: the section: section: is missing\n    The title of the",
    ),
    ("title with colons", "Vectors", "A::B", '1:1: error: the section: section: contains "::"'),
    ("title with a space", "Vectors", "'A '", "1:1: error: the section: section: begins or ends with a space"),
    ("empty title", "Vectors", "''", "1:1: error: the section: section: is empty"),
    (
        "unknown section key",
        "cards:",
        "titel: x\ncards:",
        "2:1: error: the section: titel: is no key of a section\n    Known k",
    ),
    ("cards is text", VECTORS, "section: V\ncards: x\n", "2:1: error: the section: cards: must be a list"),
    (
        "cards without dashes",
        VECTORS,
        "section: V\ncards:\n  id: a\n",
        "2:1: error: the section: cards: must be a list\n    Begin each card with `- `.",
    ),
    ("no cards", VECTORS, "section: V\ncards: []\n", "2:1: error: the section: cards: is empty"),
    (
        "card is text",
        VECTORS,
        "section: V\ncards:\n  - x\n",
        "3:5: error: card 1 of the section: must have keys of its",
    ),
    ("file is a list", VECTORS, "- a\n", "1:1: error: the section: must have keys of its own"),
    ("empty file", VECTORS, "# nothing\n", "1:1: error: the file is empty"),
]

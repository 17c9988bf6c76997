r"""Texts that try to bring LaTeX to MathJax which no card may use: what it would do, in what it hides.

Each of them says `evil` in whatever it would make of a page: an element, an attribute, a request, or a formula.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki_reviewer import Reviewer, describe
from decks import constants
from eigendeck.deck.read import read_deck
from eigendeck.render.lint import faults

if TYPE_CHECKING:
    from anki.collection import Collection
    from playwright.sync_api import Page

PAYLOADS = {
    "href": r"\href{javascript:evil()}{evil}",
    "style": r"\style{background:url(http://evil.test/a.png)}{evil}",
    "class": r"\class{evil}{evil}",
    "id": r"\cssId{evil}{evil}",
    "box": r"\bbox[background:url(http://evil.test/b.png)]{evil}",
    "sign": r"\unicode[evil]{x3c}",
    "token": r'\mmlToken{mi}[class="evil"]{evil}',
    "macro": r"\def\a{evil}\a",
    "extension": r"\require{html}\evil",
    "chemistry": r"\ce{evil}",
    "inner": r"\text{$\class{evil}{evil}$}",
    "element": r"<a href=//evil.test>evil</a>",
}
WRAPPERS = {
    "bare": "P",
    "maths": r"\(P\)",
    "a space at the end": r"So \(x\ \) P and \(y\).",
    "a break at the end": r"So \(x\\\) P and \(y\).",
    "two breaks at the end": r"So \(x\\\\\) P and \(y\).",
    "only a space": r"\(\ \) P \(\ \)",
    "a space at the start": r"\( \ x\) P \(y\)",
    "an open brace": r"\(x{\) P \(y}\)",
    "a closed brace": r"\(x}\) P \({y\)",
    "an escaped brace": r"\(x\{\) P \(y\}\)",
    "braces apart": r"\({{x\) P \(y}}\)",
    "text across": r"\(x\text{\) P \(}y\)",
    "brackets": r"\[P\]",
    "dollars": "$P$ $$P$$",
    "an environment": r"\begin{align}P\end{align} \begin{matrix}P\end{matrix}",
    "a reference": r"\ref{evil} \eqref{evil} P",
    "a double backslash": r"\\(P\\)",
    "three backslashes": r"\\\(P\\\)",
    "code between": r"`\`(P`\`)",
    "code before": r"`\`\(P\)",
    "code across": r"\(x `\) P` \(y\)",
    "ticks": r"`` \( ` P ``\)",
    "a comment": r"\(x %\) P \(y\)",
    "a line's end": "So \\\n(P\\\n) and \\(x\\\n\\) P \\(y\\)",
    "character references": r"&#92;(P&#92;) &bsol;(P\) &lpar;",
    "nothing": r"\(\) P \(\)",
    "one within another": r"\(a \(P\) b\)",
    "the wrong way round": r"\) P \(",
    "a last backslash": "P \\",
    "fields": r"{{Says}}\(x}}\) P \({{y\)",
    "sound": r"[sound:\(P\)] [latex]P[/latex] [$]P[/$]",
    "an element across": r"\(x<b>\) P \(</b>y\)",
    "a style": r"\(x\) <style>@import '//evil.test'</style> \(P\)",
}


def texts() -> Iterator[tuple[str, str]]:
    """Yields every text with its name; neighbours differ in both of their parts."""
    wrappers, payloads = list(WRAPPERS.items()), list(PAYLOADS.items())
    for turn in range(len(payloads)):
        for place, (wrapper, text) in enumerate(wrappers):
            payload, latex = payloads[(place + turn) % len(payloads)]
            yield f"{payload} in {wrapper}", text.replace("P", latex)


TEXT_KEYS = ("concept", "says", "ask", "hint", "see", "steps", "check", "mistake", "plot")


def hostile_card(name: str, text: str) -> dict[str, Any]:
    """A card that says a text, and computes it, wherever that is possible."""
    line = " ".join(text.split("\n"))
    filled = text.replace("{", "{{").replace("}", "}}") + r" \{t} {t} `{t}`"
    return {
        "id": re.sub(r"[^a-z]+", "-", name.lower()),
        "concept": line[:80],
        "says": text,
        "ask": filled,
        "hint": text,
        "see": [line],
        "given": f"n = rng.integers(2, 60)\nt = {text!r} + str(n)\n",
        "numpy": "t",
        "steps": f"t + ''  # {line}\nt  # {line}\n",
        "check": f"answer == {text!r} + str(n)  # {line}\n",
        "work": r"t = <<t>> + <<t + '\\'>>",
        "mistake": {"says": text, "numpy": f"{{}}[t + {text!r}]"},
        "plot": {"bars": {"x": "[n, n + 1]", "labels": ["a", line[:70]]}, "ask": text, "says": filled},
        "cards": ["work", "mistake", "plot"],
        "variants": 2,
    }


def accepted(folder: Path, texts: Mapping[str, str]) -> tuple[Path, int]:
    """A deck of cards that say the texts, but where one is refused; and in how many places one was."""
    cards = [hostile_card(name, text) for name, text in texts.items()]
    alone = (read_deck(constants(folder / card["id"], card)) for card in cards)
    wrong = [fault for deck in alone for fault in (*deck.faults, *faults(deck)) if not fault.warning]
    refused = {tuple(fault.what.split(": ")[:2]) for fault in wrong}
    for card, key in itertools.product(cards, TEXT_KEYS):
        if {(card["id"], key), (card["id"], f"{key}.says"), (card["id"], f"{key}.ask")} & refused:
            match key:
                case "mistake":
                    card[key]["says"] = "Plain."
                case "plot":
                    card[key] |= {"ask": "Plain?", "says": "Plain."}
                case "steps" | "check":
                    card[key] = re.sub("  # .*", "", card[key])
                case "ask":
                    card[key] = r"\{t} {t} `{t}`"
                case _:
                    card[key] = ["Plain."] if key == "see" else "Plain."
    return constants(folder / "deck", *cards), len(refused)


# What a side shows that a card made: elements and attributes beyond those of the templates, and formulas that say so.
MADE = r"""() => {
  const known = new Set(('div span p pre code i b ul li ol samp hr h1 header details summary img script br '
    + 'article section main h2 h3 nav button input label math mi mn mo mtext mrow mspace '
    + 'mpadded mphantom menclose mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd '
    + 'svg g path rect line text '
    + 'title circle polyline polygon defs clippath pattern use '
    + 'style footer aside table tbody thead tr td th select option a '
    + 'form figure figcaption strong em small time kbd search fieldset legend output desc').split(' '));
  // Attributes whose value people read; in any other a text of a card has no business.
  const words = new Set('alt aria-label placeholder title value data-all data-some data-form data-latex'.split(' '));
  const made = [];
  for (const element of document.querySelectorAll('ROOT *')) {
    const name = element.localName.toLowerCase();
    if (!name.startsWith('mjx-') && !element.closest('mjx-container') && !known.has(name)) made.push('element ' + name);
    for (const {name: key, value} of element.attributes)
      if (key.startsWith('on') || (!words.has(key) && /evil/.test(value)))
        made.push(`attribute ${key}=${value}`);
    if (name === 'mjx-container' || name === 'math') {
      const maths = element.cloneNode(true);  // in which the words of a value stand as words
      maths.querySelectorAll('mjx-mtext, mtext').forEach(words => words.remove());
      if (/evil/.test(maths.textContent)) made.push('formula ' + maths.textContent);
    }
  }
  return made }"""


def made_by_a_card(page: Page, root: str) -> list[str]:
    """What a page shows below an element that only a card can have made."""
    return list(page.evaluate(MADE.replace("ROOT", root)))


def sides_that_make_nothing(reviewer: Reviewer, collection: Collection) -> int:
    """How many sides all cards have; each of them is shown, and refused where a card made an element."""
    cards = collection.find_cards("")
    for card_id in cards:
        for side in (reviewer.show_question, reviewer.show_answer):
            side(card_id)
            assert made_by_a_card(reviewer.page, "#qa") == [], describe(collection, card_id)
    return 2 * len(cards)

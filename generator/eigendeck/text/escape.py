"""Text made harmless in a page and in Anki."""

import html
import re

# Anki reads these in a field; as character references they are only text.
_ANKI = re.compile(r"\{\{|\}\}|\[(?=sound:|latex\]|/latex\]|\$|/\$|anki:)", re.IGNORECASE)
_SPECIAL = re.compile(rf"[&<>\"'\\]|{_ANKI.pattern}", re.IGNORECASE)
_DELIMITER = re.compile(r"\\(?=[()\[\]]|begin\b|(?:eq)?ref\b|\Z)")  # what a configuration of MathJax may heed


def harmless(text: str) -> str:
    r"""Returns text escaped for HTML, with Anki's own syntax made plain text, and `\(` no beginning of a formula.

    MathJax reads the page, where a character reference is the character again; an element between two of them it heeds.
    """
    if not _SPECIAL.search(text):  # as in most: of a thousand cards, a twentieth of the time goes here otherwise
        return text
    return _DELIMITER.sub(r"\\<span></span>", defused(html.escape(text)))


def attribute(text: str) -> str:
    r"""Returns text escaped for the value of an attribute, with Anki's own syntax made plain text.

    MathJax reads no attribute; whoever looks for formulas in the markup finds no `\(` there, either.
    """
    return _DELIMITER.sub("&#92;", defused(html.escape(text)))


def defused(markup: str) -> str:
    """Returns HTML in which {{fields}}, [sound:] and [latex] are only text to Anki."""
    return _ANKI.sub(lambda m: "".join(f"&#{ord(c)};" for c in m.group()), markup)

"""Zero-width joiners and non-joiners: they are text between letters and in emoji, and hidden anywhere else."""

import re
import unicodedata

NON_JOINER, JOINER = "\u200c", "\u200d"
_JOINERS = re.compile(f"[{NON_JOINER}{JOINER}]")


def joins(text: str, at: int) -> bool:
    """Whether the character at a position is a joiner or non-joiner where people write one."""
    return (
        text[at] in (NON_JOINER, JOINER) and 0 < at < len(text) - 1 and _joined(text[at - 1]) and _joined(text[at + 1])
    )


def without_joiners(text: str) -> str:
    """Returns a text without those joiners and non-joiners that are a part of its words."""
    return _JOINERS.sub(lambda found: "" if joins(text, found.start()) else found[0], text)


def _joined(character: str) -> bool:
    """Whether it is a letter, a mark upon one, or a part of an emoji."""
    return unicodedata.category(character) in {"Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Mn", "So", "Sk"}

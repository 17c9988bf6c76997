"""Why a formula is not read, not executed, or does not agree: a type for each cause, with its words and its advice."""

from typing import ClassVar

from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula_summary import Cause


class Unread(Exception):
    """This is outside the grammar, or cannot be executed; offset: where in the formula, in characters, if known."""

    kind: ClassVar[str] = "Unread"
    missing: tuple[t.Node, ...] = ()  # the symbol without a value, where that is it

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__name__

    def __init__(self, message: str, offset: int = -1, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.hint = message, offset, hint

    @property
    def cause(self) -> Cause:
        """It, as it travels."""
        return Cause(self.kind, self.message, self.hint)


class NotExecuted(Unread):
    """The grammar has this, but nothing computes it."""

    def __init__(self, node: t.Node) -> None:
        super().__init__(f"{spelled(node)} is not executed")


class Undefined(Unread):
    """A symbol has no value."""

    def __init__(self, node: t.Node) -> None:
        hint = f"Say in `reads` what it is: {{'{spelled(node)}': …}}, over the inputs."
        super().__init__(f"{spelled(node)} is not defined", hint=hint)
        self.missing = (node,)


class Misfit(Unread):
    """Sizes, ranges or places do not fit: each of the functions below returns one of its kinds."""


def range_clash(letter: str, one: int, other: int) -> Misfit:
    """An index letter runs over axes of two sizes."""
    hint = "An index runs over one axis wherever it stands: swap its subscripts, or say in `reads` what they are."
    return Misfit(f"{letter.strip('#')} would run over 1..{one} and 1..{other}", hint=hint)


def out_of_range(node: t.Node, size: int) -> Misfit:
    """A subscript is no place in its array."""
    hint = f"Subscripts count from 1, to {size} here, and from 0 where the bound below the sign is 0."
    if isinstance(node, t.Indexed) and t.Number("0") in node.indices:
        hint = f"Numbers in subscripts count from 1. Say in `reads` what it is: {{'{spelled(node)}': …}}."
    return Misfit(f"{spelled(node)}: a subscript out of range", hint=hint)


def bound_by_sign(node: t.Node) -> Misfit:
    """A key of `reads` is the letter of a sum."""
    hint = f"Write its values as bounds, `{spelled(node)}=0` below the sign and the last one above it."
    return Misfit(f"the sign says what {spelled(node)} runs over, and so does `reads`", hint=hint)


def shape_mismatch(one: tuple[int, ...], other: tuple[int, ...]) -> Misfit:
    """The inner sizes of a product differ."""
    hint = "The inner sizes of a product must agree: is a transpose missing in the formula, or the order wrong?"
    return Misfit(f"{shown(one)} times {shown(other)}", hint=hint)


def unknown_range(letter: str, *, is_input: bool = False) -> Misfit:
    """Nothing tells how many values an index letter has."""
    hint = f"Say in `reads` which entry it is, as NumPy counts, from 0: {{'{letter}': {letter}}}." if is_input else ""
    return Misfit(f"the range of {letter} is not known", hint=hint)


def shown(shape: tuple[int, ...]) -> str:
    """Returns a shape as NumPy writes it."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"

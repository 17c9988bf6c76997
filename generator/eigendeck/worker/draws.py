"""One draw of a card: its inputs, what came of them, and copies of both on which each piece of the card runs."""

import re
import string
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from eigendeck.worker import budget
from eigendeck.worker.budget import ELEMENTS, TEXT
from eigendeck.worker.code.card import CardCode, Inputs
from eigendeck.worker.code.namespace import failed, message_of, names_for_cards
from eigendeck.worker.code.placeholders import better_format
from eigendeck.worker.code.problems import place
from eigendeck.worker.code.run_errors import of_error
from eigendeck.worker.code.statements import Faults, Statement, file_of
from eigendeck.worker.code.strict import fault_of_value, is_lost, strictly
from eigendeck.worker.job import NUMPY, Key, Piece, Signs
from eigendeck.worker.literals import Unshowable, compact, refuse_text
from eigendeck.worker.noise import Shaking, is_blown_up, quieted
from eigendeck.worker.printing import legible
from eigendeck.worker.values import copied

WORDS = 300  # characters of what was drawn, in a message


class Stop(Exception):
    """This draw cannot go on: its fault is in the list."""


@dataclass(frozen=True, slots=True)
class Run:
    """A card at work.

    progress: told the key before each piece. faults: those so far. began: by the processor's clock and the wall's.
    """

    card: CardCode
    progress: Callable[[Key], None]
    faults: Faults
    began: tuple[float, float] = field(default_factory=lambda: (time.process_time(), time.monotonic()))

    @property
    def share(self) -> float:
        """How much of its time it has taken, by the clock that ends it first."""
        computed, waited = time.process_time() - self.began[0], time.monotonic() - self.began[1]
        return max(computed, waited / budget.PATIENCE) / budget.SECONDS

    def note(self, error: Exception) -> None:
        """Takes down that card code raised an error."""
        self.faults.short_of_memory |= isinstance(error, MemoryError)


@dataclass(slots=True)
class Draw:
    """One draw, of `given` for the variant of its number, or of `wide`.

    values: the names that are read, those that readers see as the shown literals make them; a function as the statement
    that makes it anew. literals: how readers, or messages, see them. made: what `numpy` bound. answer: what it gave;
    meant_answer: the same without rounding errors, where it can be shown. mistakes: what each gave, or the error that
    it raised.
    """

    run: Run
    inputs: Inputs
    number: int
    values: dict[str, Any]
    literals: dict[str, str]
    made: dict[str, Any]
    answer: Any = None
    meant_answer: Any = None
    mistakes: tuple[tuple[Any, str], ...] = ()

    @property
    def wrong_values(self) -> list[Any]:
        """What those of the mistakes gave that did not raise."""
        return [value for value, error in self.mistakes if not error]

    @property
    def card(self) -> CardCode:
        """Whose draw it is."""
        return self.run.card

    @property
    def is_wide(self) -> bool:
        """Whether it is a draw of `wide`, of which readers see nothing."""
        return self.inputs is self.card.wide

    @property
    def where(self) -> str:
        """What draws the same again."""
        seed = self.card.job.seed
        if self.is_wide:
            return f"draw {self.number} of `wide`, seed {seed}"
        return f"seed {seed}, variant {self.number}"

    def in_words(self, *, answer: bool = False) -> str:
        """Returns what was drawn, as a message shows it; where that is asked for, with the answer."""
        plain = (name for name in self.literals if not isinstance(self.values.get(name), Statement))
        known = [f"{name} = {self.literals[name]}" for name in plain]
        with suppress(Unshowable):
            known += [f"answer = {compact(self.answer)}"] if answer else []
        return ", ".join(known)[:WORDS]

    def namespace(
        self, *, made: bool = False, answer: bool = False, arithmetic: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        """Returns a fresh copy of the inputs, and where they are asked for of what `numpy` bound, and of the answer.

        made: the names that `numpy` bound. answer: these too, and the answer. arithmetic: see `names_for_cards`.
        """
        namespace = names_for_cards(arithmetic)
        for name, value in self.values.items():
            if isinstance(value, Statement):
                exec(value.code, namespace)  # checked code: a function is made anew from its source
            else:
                namespace[name] = copied(value)
        if made or answer:
            namespace |= {name: copied(value) for name, value in self.made.items()}
        if answer:
            namespace["answer"] = copied(self.answer)
        return namespace

    def evaluate(self, statements: Iterable[Statement], namespace: dict[str, Any], key: Key) -> Any:
        """Returns the value of the last of some statements, None where it has none.

        Raises Stop where the code raises, which is a fault.
        """
        self.run.progress(key)
        value = None
        for statement in statements:
            try:
                with strictly(self.card.job.allow):
                    value = eval(statement.code, namespace)
            except Exception as error:
                self.run.note(error)
                part = failed(error, file_of(statement.key))
                where = "" if key == self.card.given.key else f" ({self.where})"
                hint, signs = of_error(error, statement.node, part, statement.text, namespace)
                signs = tuple(statement.place(*sign) for sign in signs)
                spot = place(statement.text, part[0] or 1, part[2] or 0)
                self.refuse(key, message_of(error) + where, hint, *statement.place(*spot), signs)
        return value

    def work_out(self) -> None:
        """Runs `numpy`. Raises Stop where it raises, which is a fault."""
        numpy, namespace = self.card.numpy, self.namespace()
        self.answer = self.evaluate(numpy, namespace, NUMPY)
        self.made = {name: namespace[name] for name in self.card.made if name in namespace}
        if is_lost(self.answer) and self._underflows():
            message = f"underflow: the answer is too small for a float, and comes out as 0 ({self.where})"
            hint = "Add logarithms instead of multiplying."
            self.refuse(NUMPY, message, hint, numpy[-1].line, numpy[-1].column)

    def _underflows(self) -> bool:
        """Whether the answer is zero only because something was too small for a float."""
        namespace = self.namespace()
        try:
            with np.errstate(all="ignore", under="raise"):
                for statement in self.card.numpy:
                    eval(statement.code, namespace)
        except FloatingPointError:
            return True
        return False

    def meant(self, value: Any, statements: Iterable[Statement] = ()) -> Any:
        """Returns a value without what is only rounding errors.

        statements: what it came out of, behind `numpy`; none for the answer itself.
        """
        return quieted(value, lambda: self._again(statements))

    def refuse_blown_up(self, place: tuple[int, int]) -> None:
        """Raises Stop where the answer is a division by zero but for rounding, which is a fault."""
        if is_blown_up(self.answer, lambda: self._again(())):
            message = f"the answer is infinite but for rounding errors: {compact(self.answer)[:WORDS]} ({self.where})"
            self.refuse(
                NUMPY, message, "Draw inputs for which nothing is divided by zero, also not in a tangent.", *place
            )

    def _again(self, statements: Iterable[Statement]) -> Any:
        """The value of the last of `numpy` and some statements, from numbers that differ in their last digits."""
        shaking = Shaking()
        namespace = self.namespace(arithmetic=shaking.arithmetic)
        namespace |= {name: shaking.shaken(namespace[name]) for name in self.values}
        try:
            with np.errstate(all="ignore"):
                for statement in self.card.numpy:
                    namespace["answer"] = value = eval(statement.code, namespace)
                for statement in statements:
                    value = eval(statement.code, namespace)
                    if not statement.value:
                        value = namespace.get(next(iter(statement.names.bound), ""))
        except Exception:  # card code may raise anything
            return None
        return value

    def holds(self, condition: Statement, answer: Any) -> bool:
        """Whether a condition is true of this draw with another answer; one that raises or warns is not."""
        namespace = self.namespace(answer=True) | {"answer": copied(answer)}
        try:
            with strictly(self.card.job.allow):
                return bool(eval(condition.code, namespace))
        except Exception:  # card code may raise anything
            return False

    def showable(self, key: Key, value: Any, what: str, place: tuple[int, int] = (1, 0)) -> str:
        """Returns the literal of a value that a card can show. Raises Stop where it cannot, which is a fault."""
        if wrong := fault_of_value(value, self.card.job.allow):
            self.refuse(key, f"{what} {wrong[0]} ({self.where})", wrong[1], *place)
        try:
            return legible(value)
        except Unshowable as error:
            self.refuse(key, f"{what} {error}", "", *place)

    def filled(self, template: Piece) -> str:
        """Returns a template with its placeholders filled.

        Raises Stop where a value does not take the format, which is a fault.
        """
        parts, place = [], (template.line, template.column)
        for before, name, spec, _ in string.Formatter().parse(template.source):
            parts.append(before)
            if name is None:
                continue
            try:
                if any(int(number) > ELEMENTS for number in re.findall(r"\d+", spec or "")):
                    raise ValueError  # to write millions of characters would take their memory first
                text = format(self.values[name], spec) if spec else self._as_text(name)
                refuse_text(text, TEXT)
            except (ValueError, TypeError, OverflowError):
                value = self.values[name]
                what = f"`{compact(value)}`" if not isinstance(value, Statement) else "a function"
                hint = "A format is for one number: leave it out, or bind the number to a name in `given`."
                self.refuse(template.key, f"`:{spec}` is no format for {name}, which is {what[:80]}", hint, *place)
            except Unshowable as error:
                self.refuse(template.key, f"`{template.source}` {error}", "", *place)
            if (better := better_format(self.values[name], spec or "")) is not None:
                message = f"`{{{name}:{spec}}}` shows {name} as {text}, but it is {self._as_text(name)}"
                write = f"{{{name}{':' * bool(better)}{better}}}"
                hint = f"Write `{write}`, or draw a number that the format does not change."
                self.refuse(template.key, message, hint, *place)
            parts.append(text)
        return "".join(parts)

    def refuse(
        self, key: Key, message: str, hint: str = "", line: int = 1, column: int = 0, signs: Signs = ()
    ) -> NoReturn:
        """Notes a fault that ends the draw."""
        self.run.faults.add(key, message, hint, line, column, signs)
        raise Stop

    def _as_text(self, name: str) -> str:
        value = self.values[name]
        if isinstance(value, str):
            return value
        return value.source if isinstance(value, Statement) else compact(value)

"""One draw after the other, until all conditions of a card hold.

The order of one draw: `given`, the conditions of `keep` that do not ask for the answer, `numpy`, the other conditions,
`nice`, the mistake that must differ, and inputs that differ from those of the earlier variants.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from eigendeck.worker import budget, values
from eigendeck.worker.code.card import CardCode
from eigendeck.worker.code.namespace import fault_of, message_of, names_for_cards
from eigendeck.worker.code.statements import Faults, Statement, file_of, read_expression
from eigendeck.worker.code.substitutes import of_error
from eigendeck.worker.job import GIVEN, KEEP, MISTAKE, NICE, NUMPY, Key, Piece

RARE = 0.02  # of all draws


class Stop(Exception):
    """This draw cannot go on: its fault is in the list."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a draw was refused: the key, and the condition of `keep` where it is one."""

    key: Key
    condition: Statement | None = None


class Redraw(Exception):
    """This draw is refused; carries the Refusal, and an example of it in words."""

    def __init__(self, refusal: Refusal, example: str = "") -> None:
        self.refusal, self.example = refusal, example


class Draw:
    """One variant: `find` draws until all conditions hold; then its pieces can be run on what was found.

    values: the names of `given`, those that readers see as the shown literals make them; a function as the statement
    that makes it anew. literals: how readers see them. made: what `numpy` bound. answer: what it gave.
    mistake: what the mistake gave, or the error that it raised.
    """

    def __init__(
        self,
        card: CardCode,
        number: int,
        progress: Callable[[Key], None],
        faults: Faults,
        seen: dict[str, int] | None,
    ) -> None:
        self.card, self.number = card, number
        self._progress, self._faults, self._seen = progress, faults, seen
        self.values: dict[str, Any] = {}
        self.literals: dict[str, str] = {}
        self.made: dict[str, Any] = {}
        self.answer: Any = None
        self.mistake: tuple[Any, str] | None = None

    def find(self) -> None:
        """Draws until every condition holds.

        Raises:
            Stop: a fault, or none of the draws passed.
        """
        job = self.card.job
        rng = np.random.default_rng([job.seed, job.stream, self.number])
        refused: Counter[Refusal] = Counter()
        examples: dict[Refusal, str] = {}
        tries = budget.TRIES if self.card.given else 1
        for _ in range(tries):
            try:
                self._try(rng)
                return
            except Redraw as redraw:
                refused[redraw.refusal] += 1
                examples[redraw.refusal] = redraw.example
        furthest = max(map(self._stage, refused))
        blamed = max(refused, key=lambda refusal: (self._stage(refusal) == furthest, refused[refusal]))
        if refused[blamed] < RARE * tries:  # hardly any draw came so far: what stopped them is to blame
            blamed = max(refused, key=lambda refusal: refused[refusal])
        self._say_why(blamed, refused, tries, examples[blamed])
        raise Stop

    def _stage(self, refusal: Refusal) -> int:
        """How far a draw came that was refused so: what came furthest stopped all that reached it."""
        if refusal.condition is None:
            return {NICE: 2, MISTAKE: 3, GIVEN: 4}[refusal.key]
        return 0 if refusal.condition in self.card.keep_before else 1

    def namespace(self, *, made: bool = False, answer: bool = False) -> dict[str, Any]:
        """Returns a fresh copy of the inputs, and where they are asked for of what `numpy` bound, and of the answer.

        made: the names that `numpy` bound. answer: these too, and the answer.
        """
        namespace = names_for_cards()
        for name, value in self.values.items():
            if isinstance(value, Statement):
                exec(value.code, namespace)  # checked code: a function is made anew from its source
            else:
                namespace[name] = values.copied(value)
        if made or answer:
            namespace |= {name: values.copied(value) for name, value in self.made.items()}
        if answer:
            namespace["answer"] = values.copied(self.answer)
        return namespace

    def evaluate(self, statements: Iterable[Statement], namespace: dict[str, Any], key: Key) -> Any:
        """Returns the value of the last of some statements, None where it has none.

        Raises:
            Stop: the code raises, which is a fault.
        """
        self._progress(key)
        value = None
        for statement in statements:
            try:
                value = eval(statement.code, namespace)
            except Exception as error:
                line, column, message = fault_of(error, file_of(statement.key), statement.text)
                where = "" if key == GIVEN else f" ({self.where})"
                self.fault(key, message + where, of_error(error, statement.node, line), *statement.place(line, column))
                raise Stop from None
        return value

    def showable(self, key: Key, value: Any, what: str, place: tuple[int, int] = (1, 0)) -> str:
        """Returns the literal of a value that a card can show.

        Raises:
            Stop: it cannot, which is a fault.
        """
        try:
            return values.literal(value)
        except values.Unshowable as error:
            self.fault(key, f"{what} {error}", "", *place)
            raise Stop from None

    def filled(self, template: Piece) -> str:
        """Returns a template with its placeholders filled.

        Raises:
            Stop: a value does not take the format, which is a fault.
        """
        parts = []
        for before, name, spec, _ in string.Formatter().parse(template.source):
            parts.append(before)
            if name is None:
                continue
            value = self.values[name]
            try:
                parts.append(format(value, spec) if spec else self._as_text(name))
            except (ValueError, TypeError):
                what = f"`{values.compact(value)}`" if not isinstance(value, Statement) else "a function"
                hint = "A format is for one number: leave it out, or bind the number to a name in `given`."
                message = f"`:{spec}` is no format for {name}, which is {what[:80]}"
                self.fault(template.key, message, hint, template.line, template.column)
                raise Stop from None
        return "".join(parts)

    def fault(self, key: Key, message: str, hint: str = "", line: int = 1, column: int = 0) -> None:
        """Notes a fault."""
        self._faults.add(key, message, hint, line, column)

    @property
    def where(self) -> str:
        """What draws the same again."""
        return f"seed {self.card.job.seed}, variant {self.number}"

    @property
    def inputs(self) -> str:
        """What was drawn, and the answer, as a message shows them."""
        known = [f"{name} = {text}" for name, text in self.literals.items() if not self._is_function(name)]
        return ", ".join([*known, f"answer = {values.compact(self.answer)}"])[:300]

    # ---- one try

    def _try(self, rng: np.random.Generator) -> None:
        card = self.card
        self._draw_inputs(rng)
        self._keep(card.keep_before, answer=False)
        self._apply_show()
        self._answer()
        self.showable(NUMPY, self.answer, "the answer", (card.last.line, card.last.column))
        self._keep(card.keep_after, answer=True)
        if not values.is_nice(self.answer, card.job.nice):
            raise Redraw(Refusal(NICE), values.show(self.answer)[1])
        self._run_mistake()
        if self._seen is not None:
            looks = repr([(name, self.literals.get(name)) for name in card.displayed])
            if looks in self._seen:
                raise Redraw(Refusal(GIVEN))
            self._seen[looks] = self.number

    def _answer(self) -> None:
        card = self.card
        namespace = self.namespace()
        self.answer = self.evaluate([*card.body, card.last], namespace, NUMPY)
        self.made = {name: namespace[name] for name in card.made if name in namespace}

    def _draw_inputs(self, rng: np.random.Generator) -> None:
        card = self.card
        self.values, self.literals = {}, {}
        namespace = names_for_cards(rng=rng)
        self.evaluate(card.given, namespace, GIVEN)
        for name, maker in card.makers.items():
            value = namespace.get(name)
            if isinstance(value, np.random.Generator):
                self._refuse_input(
                    maker,
                    f'"{name}" is a generator, which would give other numbers at each use',
                    "Draw a seed, and write np.random.default_rng(seed) where the generator is used.",
                )
            if name in namespace and name in card.used:
                self._bind(name, value, maker)
            elif name in card.displayed:
                self._refuse_input(maker, f'"{name}" was not bound this time ({self.where})', "Bind it in every draw.")

    def _bind(self, name: str, value: Any, maker: Statement) -> None:
        displayed = name in self.card.displayed
        if values.is_function(value):
            if not maker.function:
                reads_rng = "rng" in maker.names.free
                self._refuse_input(
                    maker,
                    f'"{name}" draws from rng, which exists in `given` alone'
                    if reads_rng
                    else f'"{name}" is a function that no line of its own defines',
                    "Draw first, and let the function use what was drawn."
                    if reads_rng
                    else f"Write `{name} = lambda t: …`, or `def {name}(t): …`.",
                )
            self.values[name] = maker
            if displayed:
                self.literals[name] = maker.source
            return
        if hasattr(value, "__next__"):
            hint = f"Write `{name} = list(…)`."
            self._refuse_input(maker, f'"{name}" is used up by the first that reads it', hint)
        try:
            self.values[name] = values.through_literal(value)
            if displayed:
                self.literals[name] = values.literal(self.values[name])
        except values.Unshowable as error:
            if displayed:
                hint = "Make it in `numpy`, or draw two arrays." if isinstance(value, dict) else ""
                self._refuse_input(maker, f"{name} {error}", hint)
            self.values[name] = values.copied(value)

    def _refuse_input(self, maker: Statement, message: str, hint: str) -> None:
        self.fault(GIVEN, message, hint, maker.line, maker.column)
        raise Stop

    def _apply_show(self) -> None:
        """What `show` displays is what `numpy` gets: the text is filled in, checked, and executed."""
        for name, template in self.card.job.show.items():
            if name not in self.values:
                continue
            key = ("show", name)
            text = self.filled(Piece(key, template))
            statement = read_expression(key, text, {"np"}, self._faults)
            if statement is None:
                raise Stop
            value = self.evaluate([statement], self.namespace(), key)
            self.showable(key, value, f"`{statement.quoted}`")
            if not values.equal(value, self.values[name]):
                drawn, shown = values.compact(self.values[name]), values.compact(value)
                message = f"`{statement.quoted}` is {shown[:80]}, but `given` makes {name} = {drawn[:80]}"
                self.fault(key, message, "`show` must say what `given` draws.")
                raise Stop
            if isinstance(value, np.ndarray) != isinstance(self.values[name], np.ndarray):
                kinds = ("an array", "a list") if isinstance(value, list) else ("a list", "an array")
                what = f"`{statement.quoted[:40]}` is {kinds[1]}, but `given` makes {name} {kinds[0]}"
                hint = f"Write np.array({{{name}}})." if isinstance(value, list) else "Leave out `np.array`."
                self.fault(key, f"{what}: code treats them differently", hint)
                raise Stop
            self.values[name], self.literals[name] = value, text

    def _keep(self, conditions: Iterable[Statement], *, answer: bool) -> None:
        self._progress(KEEP)
        for condition in conditions:
            why = ""
            try:
                holds = bool(eval(condition.code, self.namespace(answer=answer)))
            except Exception as error:  # card code may raise anything, and here that only refuses the draw
                holds, why = False, message_of(error)
            if not holds:
                raise Redraw(Refusal(KEEP, condition), why)

    def _run_mistake(self) -> None:
        card, key = self.card, MISTAKE
        if card.mistake_last is None:
            return
        self._progress(key)
        namespace = self.namespace(made=True)
        try:
            for statement in card.mistake_body:
                eval(statement.code, namespace)
            value = eval(card.mistake_last.code, namespace)
        except Exception as error:  # the mistake may be that it raises: then the error is what readers see
            self.mistake = (None, message_of(error))
            return
        self.showable(key, value, "the mistake's value", (card.mistake_last.line, card.mistake_last.column))
        if values.look_the_same(self.answer, value, card.digits):
            raise Redraw(Refusal(key))
        self.mistake = (value, "")

    # ---- words

    def _say_why(self, refusal: Refusal, refused: Counter[Refusal], tries: int, example: str) -> None:
        """The fault of a card of which no draw passed: what refused all that came so far, or most of them."""
        share = refused[refusal] / tries
        always = share == 1
        often, rest = f"{100 * share:.0f}% of {tries:,} draws", "; none passed all conditions"
        stage = self._stage(refusal)
        if always or any(self._stage(other) >= stage for other in refused if other != refusal):
            rest = "" if always else rest
        else:
            often, rest = f"all draws that came so far, {often} ({self._others(refusal, refused, tries)})", ""
        alone = not self.card.given
        drawn = "change the numbers" if alone else "widen `given`"
        place = (1, 0)
        key = refusal.key
        if key == GIVEN:
            found = len(self._seen or ())
            draws = "draw was" if found == 1 else "draws were"
            message = f"only {found} different {draws} found in {tries:,} tries, for variant {self.number}"
            loosen = ", loosen `keep`" if self.card.job.keep.strip() else ""
            hint = f"Widen `given`{loosen}, or write `variants: {found}`."
        elif key == NICE:
            grid = self.card.job.nice.grid
            wanted = f"no multiple of {grid:g}" if grid else "not finite"
            when = "" if alone else " in any draw" if always else f" in {often}"
            message = f"the answer is {wanted}{when}: {'' if alone else 'for instance '}{example[:80]}{rest}"
            hint = (
                f"{drawn.capitalize()} so that it comes out even, or write `nice` with another grid, 3 digits, or off."
            )
            hint = hint if grid else f"{drawn.capitalize()}, or write `nice: off` where that is meant."
        elif key == MISTAKE:
            when = "" if alone else " in every draw" if always else f" in {often}"
            message = f"equals the answer{when}: nothing to show{rest}"
            hint = f"{drawn.capitalize()} so that the mistake comes out wrong."
        else:
            assert refusal.condition is not None
            condition = refusal.condition
            place = condition.line, condition.column
            raised = f" ({example})" if example else ""
            when = "does not hold" if alone else f"refused all {tries:,} draws" if always else f"refused {often}"
            message = f"`{condition.quoted}` {when}{raised}{rest}"
            hint = f"{drawn.capitalize()}, or loosen the condition."
        self.fault(key, message, hint, *place)

    def _others(self, refusal: Refusal, refused: Counter[Refusal], tries: int) -> str:
        """What refused the other draws, the worst first."""
        worst = sorted((other for other in refused if other != refusal), key=lambda other: -refused[other])[:2]
        names = [f"`{other.condition.quoted}`" if other.condition else ".".join(other.key) for other in worst]
        shares = [f"{100 * refused[other] / tries:.0f}%" for other in worst]
        return ", ".join(f"{name} refused {share}" for name, share in zip(names, shares, strict=True))

    def _as_text(self, name: str) -> str:
        value = self.values[name]
        if isinstance(value, str):
            return value
        return value.source if isinstance(value, Statement) else values.compact(value)

    def _is_function(self, name: str) -> bool:
        return isinstance(self.values.get(name), Statement)

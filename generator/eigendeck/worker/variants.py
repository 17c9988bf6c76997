"""The variants of one card: inputs drawn, code run, answer, steps, check and mistake, in the order of the rules.

One draw: `given`, the conditions of `keep` that do not ask for the answer, `numpy`, the other conditions, `nice`,
the mistake that must differ, and inputs that differ from those of the earlier variants.
"""

from __future__ import annotations

import ast
import io
import string
import tokenize
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import numpy as np

from eigendeck.worker import values
from eigendeck.worker.names import Names, names_of
from eigendeck.worker.namespace import builtins_for_cards, fault_of, numpy_view
from eigendeck.worker.static import Problem, Refused, check

MOST_TRIES = 5_000
MOST_PLOT_ELEMENTS = 5_000
Path = tuple[str, ...]
Job = Mapping[str, Any]

_BUILTINS = builtins_for_cards()
_NP = numpy_view()


@dataclass(frozen=True, slots=True)
class Statement:
    """One checked statement, compiled; `value` says that it is an expression whose value counts."""

    code: CodeType
    value: bool
    source: str
    caption: str
    names: Names
    line: int
    start: int  # where `source` begins in the text of its key, in characters
    function: bool  # binds a function, and can be executed again to make it anew


@dataclass(slots=True)
class Faults:
    """The faults of a card, collected: a key, a place inside its text, what is wrong, what to write instead."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def add(self, key: Path, message: str, hint: str = "", line: int = 1, column: int = 0, draw: int = 0) -> None:
        fault = {"key": list(key), "line": line, "column": column, "message": message, "hint": hint, "draw": draw}
        if fault not in self.found:
            self.found.append(fault)


class Stop(Exception):
    """This draw cannot go on: its fault is in the list."""


class Redraw(Exception):
    """This draw is refused, for a reason that is counted."""


def run(job: Job, progress: Callable[[str], None]) -> dict[str, Any]:
    """Returns the variants of a card and its faults, as plain JSON.

    job: the card's code by key, `seed`, `stream` (the card's own number), `first` and `count` of the variants,
    `distinct` (inputs must differ between them), `full` (the variants themselves are wanted, not only the faults).
    """
    if not job["trace"]:
        progress = _silent  # a frame before each key costs more than the key
    faults = Faults()
    progress("code")
    card = _Card(job, faults)
    if faults.found:
        return {"faults": faults.found}
    variants: list[dict[str, Any]] = []
    answers: dict[str, None] = {}
    seen: dict[str, int] = {}
    for number in range(job["first"], job["first"] + job["count"]):
        draw = _Draw(card, number, progress, faults, seen if job["distinct"] else None)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                draw.find()
                worked = draw.work()
        except Stop:
            break
        if len(answers) <= 4:
            answers.setdefault(values.show(draw.answer, card.digits)[1])
        if job["full"]:
            variants.append(worked)
        if faults.found:
            break
    return {
        "faults": faults.found,
        "variants": variants,
        "answers": list(answers),
        "checks": [s.caption or s.source for s in card.check],
        "inputs": card.inputs,
        "mistake_inputs": card.mistake_inputs,
    }


def _silent(_: str) -> None:
    pass


class _Card:
    """A card's code, checked and compiled once for all its draws."""

    def __init__(self, job: Job, faults: Faults) -> None:
        self.job, self.faults = job, faults
        self.nice: dict[str, Any] = job["nice"]
        self.digits: int | None = self.nice.get("digits")
        self.given = self._statements(("given",), {"np", "rng"})
        drawn = {name: None for s in self.given for name in s.names.bound if name != "rng"}
        self.drawn = list(drawn)
        names = {"np", *drawn}
        body = self._statements(("numpy",), names)
        self.body, self.last = self._split_last(body)
        made = {name: None for s in body for name in s.names.bound}
        self.made = list(made)
        after = names | set(made) | {"answer"}
        self.check = self._conditions(("check",), after)
        keep = self._conditions(("keep",), after)
        late = {"answer", *(name for name in made if name not in drawn)}
        self.keep_before = [s for s in keep if not late & set(s.names.free)]
        self.keep_after = [s for s in keep if late & set(s.names.free)]
        mistake = self._statements(("mistake", "numpy"), names | set(made))
        self.mistake_body, self.mistake_last = self._split_last(mistake, ("mistake", "numpy"))
        self.steps = self._lines(("steps",), names | set(made))
        self.work = [self._expression(("work",), code, line, column, after) for code, line, column in job["work"]]
        self.plot = {
            name: self._expression(tuple(path), code, 1, 0, after) for name, (path, code) in job["plot"].items()
        }
        self.functions = {name: s for s in self.given if s.function for name in s.names.bound}
        self.inputs = self._inputs([*self.body, *([self.last] if self.last else [])])
        self.mistake_inputs = self._inputs([*self.body, *([self.last] if self.last else []), *mistake])
        self._check_show()
        self._check_ask()
        self._check_that_names_are_shown()
        used = {
            name
            for s in (*body, *mistake, *self.steps, *self.check, *keep, *self.work, *self.plot.values(), *self.given)
            if s is not None
            for name in s.names.free
        }
        self.used = [
            name for name in self.drawn if name in used | set(self.asked) | self.in_show or name in job["show"]
        ]

    # ---- reading the pieces

    def _statements(self, key: Path, names: set[str]) -> list[Statement]:
        source = self.job["code"].get("/".join(key), "")
        if not source.strip():
            return []
        try:
            tree = check(source, names)
        except Refused as refused:
            for problem in refused.problems:
                self._problem(key, problem, 1, 0)
            return []
        captions = _captions(source)
        found = []
        for node in tree.body:
            segment = ast.get_source_segment(source, node) or ""
            end = node.end_lineno or node.lineno
            found.append(_compiled(node, key, segment, captions.get(end, ""), _offset(source, node)))
        return found

    def _problem(self, key: Path, problem: Problem, line: int, column: int) -> None:
        message, hint = problem.message, problem.hint
        if message.startswith('"rng" is not defined'):
            message, hint = (
                '"rng" is not defined here: it exists in `given` alone',
                "draw in `given` and name what you drew",
            )
        elif message.startswith('"answer" is not defined'):
            hint = "`answer` is there in `check`, `keep`, `work` and `plot`, after `numpy` has run"
        place = (line + problem.line - 1, problem.column + (column if problem.line == 1 else 0))
        self.faults.add(key, message, hint, *place)

    def _expression(self, key: Path, code: str, line: int, column: int, names: set[str]) -> Statement | None:
        try:
            tree = check(code, names, expressions_only=True)
        except Refused as refused:
            for problem in refused.problems:
                self._problem(key, problem, line, column)
            return None
        if len(tree.body) != 1:
            self.faults.add(key, f"`{code}` must be one expression", "", line, column)
            return None
        return _compiled(tree.body[0], key, code)

    def _conditions(self, key: Path, names: set[str]) -> list[Statement]:
        found = []
        for statement in self._statements(key, names):
            if statement.value:
                found.append(statement)
            else:
                self.faults.add(
                    key,
                    f"`{statement.source}` is no condition",
                    "one condition a line, such as `abs(answer) <= 30`",
                    statement.line,
                )
        return found

    def _lines(self, key: Path, names: set[str]) -> list[Statement]:
        found = []
        for statement in self._statements(key, names):
            if statement.value or len(statement.names.bound) == 1:
                found.append(statement)
            else:
                self.faults.add(
                    key,
                    f"`{statement.source}` has no value to show",
                    "a step is an expression, or an assignment to one name",
                    statement.line,
                )
        return found

    def _split_last(
        self, statements: list[Statement], key: Path = ("numpy",)
    ) -> tuple[list[Statement], Statement | None]:
        if not statements:
            if key == ("numpy",) and not self.faults.found:
                self.faults.add(key, "is empty", "its last line is the expression that gives the answer")
            return [], None
        *body, last = statements
        if not last.value:
            self.faults.add(
                key,
                f"ends in `{last.source.splitlines()[0]}`, which has no value",
                "end with an expression: its value is the answer",
                last.line,
            )
        return body, last

    def _inputs(self, statements: Sequence[Statement]) -> list[str]:
        """The names of `given` that the statements read, with those that its functions read, in `given`'s order."""
        bound: set[str] = set()
        wanted: set[str] = set()
        for statement in statements:
            wanted |= {name for name in statement.names.free if name in self.drawn and name not in bound}
            bound |= set(statement.names.bound)
        for _ in self.functions:
            wanted |= {
                name
                for function in wanted & set(self.functions)
                for name in self.functions[function].names.free
                if name in self.drawn
            }
        return [name for name in self.drawn if name in wanted]

    # ---- what is displayed

    def _check_show(self) -> None:
        self.in_show: set[str] = set()
        for name, template in self.job["show"].items():
            if name not in self.drawn:
                self.faults.add(("show", name), f'"{name}" is not drawn in `given`', _here_are(self.drawn))
            for placeholder, _ in self._placeholders(("show", name), template):
                self.in_show.add(placeholder)

    def _check_ask(self) -> None:
        self.asked: list[str] = []
        for text in self.job["ask"]:
            self.asked += [name for name, _ in self._placeholders(("ask",), "{" + text + "}")]

    def _placeholders(self, key: Path, template: str) -> Iterator[tuple[str, str]]:
        try:
            fields = [(name, spec or "") for _, name, spec, _ in string.Formatter().parse(template) if name is not None]
        except ValueError as error:
            self.faults.add(key, f"`{template}`: {error}", "a placeholder is {name} or {name:.2f}; a brace is {{")
            return
        for name, spec in fields:
            if name not in self.drawn:
                self.faults.add(key, f'"{name}" is not drawn in `given`', _here_are(self.drawn))
            elif "{" in spec:
                self.faults.add(key, f"`{{{name}:{spec}}}` nests a placeholder", "write the format itself")
            else:
                yield name, spec

    def _check_that_names_are_shown(self) -> None:
        """A line that a reader sees may only use names that the reader sees."""
        seen = {"np", *self.made, *self.inputs, *self.asked, *self.in_show, *self.job["show"]}
        for name in [name for w in self.work if w for name in w.names.free]:
            seen.add(name)
        for statement in self.steps:
            for name in statement.names.free:
                if name in self.drawn and name not in seen:
                    self.faults.add(
                        ("steps",),
                        f'"{name}" does not appear on the card: `numpy` does not read it',
                        f"use {', '.join(self.inputs) or 'the inputs'}, or name {name} in `ask` or `show`",
                        statement.line,
                    )
            seen |= set(statement.names.bound)


class _Draw:
    """One variant on its way: `find` draws until all conditions hold, `work` runs the rest and describes it."""

    def __init__(
        self, card: _Card, number: int, progress: Callable[[str], None], faults: Faults, seen: dict[str, int] | None
    ) -> None:
        self.card, self.number, self.progress, self.faults, self.seen = card, number, progress, faults, seen
        self.values: dict[str, Any] = {}
        self.made: dict[str, Any] = {}
        self.literals: dict[str, str] = {}
        self.answer: Any = None
        self.mistake: tuple[Any, str] | None = None  # its value, or the error that it raised

    # ---- drawing

    def find(self) -> None:
        """Draws until every condition holds; the refused draws are counted by their reason."""
        card, job = self.card, self.card.job
        rng = np.random.default_rng([job["seed"], job["stream"], self.number])
        refused: Counter[tuple[Path, int, str]] = Counter()
        tries = MOST_TRIES if card.given else 1
        for _ in range(tries):
            try:
                self._try(rng)
                return
            except Redraw as reason:
                refused[reason.args] += 1
        (key, line, what), most = refused.most_common(1)[0]
        share = f"{100 * most / tries:.0f}%" if card.given else "the only draw: the card has no `given`"
        if what == "seen":
            found = len(self.seen or ())
            message = f"only {found} different draws were found in {tries:,} tries"
            self.faults.add(("given",), message, f"widen `given`, or write `variants: {found}`", draw=self.number)
        elif key == ("mistake", "numpy") and most == tries:
            self.faults.add(
                key, f"{what} in every draw: nothing to show", "choose inputs on which the mistake is wrong"
            )
        else:
            tail = "" if tries == 1 else f"; {tries:,} tries, none passed"
            hint = "" if key == ("nice",) else "widen `given` or loosen the condition"
            self.faults.add(key, f"{what} refused {share}{tail}", hint, line, draw=self.number)
        raise Stop

    def _try(self, rng: np.random.Generator) -> None:
        card = self.card
        self._draw_inputs(rng)
        for statement in card.keep_before:
            self._keep(statement, self._namespace())
        self._apply_show()
        namespace = self._namespace()
        self.answer = self._evaluate([*card.body, card.last], namespace, ("numpy",))
        self.made = {name: namespace[name] for name in card.made if name in namespace}
        self._showable(("numpy",), self.answer, "the answer")
        for statement in card.keep_after:
            self._keep(statement, self._namespace(answer=True))
        if not values.is_nice(self.answer, card.nice):
            grid = card.nice.get("grid")
            raise Redraw(
                ("nice",), 1, f"an answer off the grid of {grid:g}" if grid else "an answer that is not finite"
            )
        self._run_mistake()
        if self.seen is not None and card.given:
            looks = repr([(name, self.literals[name]) for name in self._displayed()])
            if looks in self.seen:
                raise Redraw(("given",), 1, "seen")
            self.seen[looks] = self.number

    def _displayed(self) -> list[str]:
        card = self.card
        shown = {*card.mistake_inputs, *card.asked, *card.in_show}
        return [name for name in card.drawn if name in shown and name in self.literals]

    def _draw_inputs(self, rng: np.random.Generator) -> None:
        card = self.card
        self.values, self.literals = {}, {}
        namespace: dict[str, Any] = {"__builtins__": _BUILTINS, "np": _NP, "rng": rng}
        for statement in card.given:
            self._execute(statement, namespace, ("given",))
        for name in card.drawn:
            value = namespace.get(name)
            if isinstance(value, np.random.Generator):
                self._fault(
                    ("given",),
                    f'"{name}" is a generator, which would give other numbers at each use',
                    "draw a seed, and make the generator with np.random.default_rng(seed) where it is used",
                )
            if name not in card.used or name not in namespace:
                continue
            if values.is_function(value):
                source = card.functions.get(name)
                if source is None:
                    self._fault(
                        ("given",),
                        f'"{name}" is a function that no line of its own defines',
                        f"write `{name} = lambda t: …` or `def {name}(t): …`",
                    )
                else:
                    self.values[name] = source
                    self.literals[name] = source.source
                continue
            try:
                self.values[name] = values.through_literal(value)
                self.literals[name] = values.literal(self.values[name])
            except values.Unshowable as error:
                self._fault(("given",), f"{name} {error}")

    def _apply_show(self) -> None:
        """What `show` displays is what `numpy` gets: the text is filled in, checked, and executed."""
        for name, template in self.card.job["show"].items():
            if name not in self.values:
                continue
            text = self._fill(("show", name), template)
            statement = self._checked(("show", name), text)
            value = self._evaluate([statement], self._namespace(), ("show", name))
            if not values.equal(value, self.values[name]):
                self._fault(
                    ("show", name),
                    f"`{text}` is {values.compact(value)}, but `given` makes {name} = "
                    f"{values.compact(self.values[name])}",
                    "show must say what `given` draws",
                )
            self.values[name] = value
            self.literals[name] = text

    def _checked(self, key: Path, text: str) -> Statement:
        try:
            tree = check(text, {"np"}, expressions_only=True)
        except Refused as refused:
            for problem in refused.problems:
                self._fault(key, f"`{text}`: {problem.message}", problem.hint)
            raise Stop from None
        return _compiled(tree.body[0], key, text)

    def _fill(self, key: Path, template: str) -> str:
        try:
            parts = []
            for before, name, spec, _ in string.Formatter().parse(template):
                parts.append(before)
                if name is not None:
                    value = self.values[name]
                    parts.append(format(value, spec) if spec else _text(value))
            return "".join(parts)
        except (ValueError, TypeError) as error:
            self._fault(key, f"`{template}`: {error}")
            raise Stop from None

    def _keep(self, statement: Statement, namespace: dict[str, Any]) -> None:
        try:
            holds = bool(eval(statement.code, namespace))  # checked code, in its own namespace
        except Exception:
            holds = False  # the design: an exception in `keep` refuses the draw
        if not holds:
            raise Redraw(("keep",), statement.line, f"`{statement.source}`")

    def _run_mistake(self) -> None:
        card = self.card
        if card.mistake_last is None:
            return
        self.progress("mistake.numpy")
        namespace = self._namespace(made=True)
        try:
            for statement in card.mistake_body:
                exec(statement.code, namespace)
            value = eval(card.mistake_last.code, namespace)
        except Exception as error:
            self.mistake = (None, fault_of(error, "<mistake.numpy>")[2])
            return
        self._showable(("mistake", "numpy"), value, "the mistake's value")
        if values.look_the_same(self.answer, value, card.digits):
            raise Redraw(("mistake", "numpy"), 1, "equals the answer")
        self.mistake = (value, "")

    # ---- working

    def work(self) -> dict[str, Any]:
        """Runs check, steps and plot on the inputs found, and returns the variant as plain JSON."""
        card = self.card
        self._check()
        steps = self._steps()
        work = [self._value_of(piece, ("work",)) for piece in card.work if piece]
        plot = {
            name: self._value_of(piece, tuple(card.job["plot"][name][0]), MOST_PLOT_ELEMENTS)
            for name, piece in card.plot.items()
            if piece
        }
        ask = [self._fill(("ask",), "{" + text + "}") for text in card.job["ask"]]
        if not card.job["full"] or self.faults.found:
            return {}
        wrapped, printed = values.show(self.answer, card.digits)
        return {
            "number": self.number,
            "inputs": [[name, self._describe(name)] for name in card.inputs],
            "mistake_inputs": [[name, self._describe(name)] for name in card.mistake_inputs],
            "shown": {name: self.literals[name] for name in card.job["show"] if name in self.literals},
            "answer": values.describe(self.answer, printed),
            "program": self._program(wrapped),
            "output": printed,
            "steps": steps,
            "mistake": self._mistake_line(),
            "ask": ask,
            "work": work,
            "plot": plot,
        }

    def _check(self) -> None:
        self.progress("check")
        for statement in self.card.check:
            value = self._evaluate([statement], self._namespace(answer=True), ("check",))
            try:
                holds = bool(value)
            except ValueError:
                self._fault(
                    ("check",),
                    f"`{statement.source}` gives an array of {np.size(value)} truths",
                    "write `np.all(…)` or `.all()` around it",
                    statement.line,
                )
                continue
            if not holds:
                self._fault(
                    ("check",),
                    f"check failed, {self._where()}: `{statement.source}` with {self._inputs_text()}",
                    "either `numpy` or the check is wrong: the two must agree on every draw",
                    statement.line,
                )

    def _steps(self) -> list[dict[str, Any]]:
        if not self.card.steps:
            return []
        self.progress("steps")
        namespace = self._namespace(made=True)
        lines, value = [], None
        for statement in self.card.steps:
            value = self._execute(statement, namespace, ("steps",))
            if not statement.value:
                value = namespace[next(iter(statement.names.bound))]
            self._showable(("steps",), value, f"`{statement.source}`")
            if self.card.job["full"]:
                lines.append(
                    {
                        "code": statement.source,
                        "caption": statement.caption,
                        "printed": values.show(value)[1],
                        "value": values.describe(value),
                    }
                )
        if not values.equal(value, self.answer):
            self._fault(
                ("steps",),
                f"steps end in {values.show(value)[1]}, numpy gives {values.show(self.answer)[1]} ({self._where()})",
                "the last step is the answer",
                self.card.steps[-1].line,
            )
        return lines

    def _mistake_line(self) -> dict[str, Any] | None:
        if self.mistake is None:
            return None
        value, raised = self.mistake
        code = self.card.job["code"]["mistake/numpy"].strip()
        if raised:
            return {"code": code, "caption": "", "printed": raised, "raised": True, "value": None}
        printed = values.show(value, self.card.digits)[1]
        return {
            "code": code,
            "caption": "",
            "printed": printed,
            "raised": False,
            "value": values.describe(value, printed),
        }

    def _program(self, wrapped: str) -> str:
        """The complete program: the inputs, the lines, and `print(…)` around the last expression."""
        source = self.card.job["code"]["numpy"].rstrip()
        last = self.card.last
        assert last is not None
        lines = [self._assignment(name) for name in self.card.inputs]
        body = source[: last.start].rstrip().removesuffix(";").rstrip()
        if body:
            lines.append(body)
        bare = ast.parse(last.source, mode="eval").body
        loose = isinstance(bare, ast.Tuple | ast.NamedExpr | ast.Starred) and not last.source.startswith("(")
        expression = f"({last.source})" if loose else last.source
        lines.append(f"print({wrapped.format(expression) if wrapped != '{}' else expression})")
        return "\n".join(lines)

    def _assignment(self, name: str) -> str:
        if name in self.card.functions:
            return self.literals[name]
        if name in self.card.job["show"]:
            return f"{name} = {self.literals[name]}"
        return values.assignment(name, self.values[name])

    # ---- running

    def _namespace(self, *, answer: bool = False, made: bool = False) -> dict[str, Any]:
        """A fresh copy of the inputs, with the names that `numpy` bound and the answer where a key may see them."""
        namespace: dict[str, Any] = {"__builtins__": _BUILTINS, "np": _NP}
        for name, value in self.values.items():
            if isinstance(value, Statement):
                exec(value.code, namespace)  # a function is made anew from its source
            else:
                namespace[name] = _copied(value)
        if answer or made:
            for name, value in self.made.items():
                namespace[name] = _copied(value)
        if answer:
            namespace["answer"] = _copied(self.answer)
        return namespace

    def _execute(self, statement: Statement, namespace: dict[str, Any], key: Path) -> Any:
        try:
            if statement.value:
                return eval(statement.code, namespace)
            exec(statement.code, namespace)
            return None
        except Exception as error:
            line, column, message = fault_of(error, _file(key))
            where = "" if key == ("given",) else f" ({self._where()})"
            self.faults.add(key, message + where, "", line, column, self.number)
            raise Stop from None

    def _evaluate(self, statements: Sequence[Statement | None], namespace: dict[str, Any], key: Path) -> Any:
        self.progress(".".join(key))
        value = None
        for statement in statements:
            if statement is not None:
                value = self._execute(statement, namespace, key)
        return value

    def _value_of(self, piece: Statement, key: Path, most: int = values.MOST_ELEMENTS) -> dict[str, Any]:
        value = self._evaluate([piece], self._namespace(answer=True), key)
        if isinstance(value, np.ndarray) and value.size > most:
            self._fault(key, f"has {value.size:,} elements; at most {most:,} can be drawn")
            raise Stop
        try:
            return values.describe(value, most=most)
        except values.Unshowable as error:
            self._fault(key, f"`{piece.source}` {error}")
            raise Stop from None

    def _describe(self, name: str) -> dict[str, Any]:
        value = self.values[name]
        if isinstance(value, Statement):
            return {
                "kind": "function",
                "literal": value.source,
                "printed": "",
                "shape": None,
                "dtype": "",
                "numbers": [],
            }
        return values.describe(value) | {"literal": self.literals[name]}

    def _showable(self, key: Path, value: Any, what: str) -> None:
        try:
            values.literal(value)
        except values.Unshowable as error:
            self._fault(key, f"{what} {error}")
            raise Stop from None

    def _fault(self, key: Path, message: str, hint: str = "", line: int = 1) -> None:
        self.faults.add(key, message, hint, line, 0, self.number)

    def _where(self) -> str:
        return f"seed {self.card.job['seed']}, variant {self.number}"

    def _inputs_text(self) -> str:
        known = [f"{name} = {self.literals[name]}" for name in self._displayed() if name not in self.card.functions]
        return ", ".join([*known, f"answer = {values.compact(self.answer)}"])[:300]


def _compiled(node: ast.stmt, key: Path, source: str, caption: str = "", start: int = 0) -> Statement:
    names = names_of(node)
    value = isinstance(node, ast.Expr)
    tree = ast.Expression(node.value) if isinstance(node, ast.Expr) else ast.Module([node], [])
    code = compile(tree, _file(key), "eval" if value else "exec")
    return Statement(code, value, source, caption, names, node.lineno, start, _makes_function(node, names))


def _makes_function(node: ast.stmt, names: Names) -> bool:
    """Whether a statement of `given` binds a function that its source alone can make again, without `rng`."""
    if "rng" in names.free:
        return False
    if isinstance(node, ast.Assign):
        made = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        return all(isinstance(value, ast.Lambda | ast.Attribute) for value in made)
    return isinstance(node, ast.FunctionDef)


def _offset(source: str, node: ast.stmt) -> int:
    """Where a statement begins, in characters; the syntax tree counts columns in bytes."""
    lines = source.splitlines(keepends=True)
    before = lines[node.lineno - 1].encode()[: node.col_offset].decode()
    return sum(len(line) for line in lines[: node.lineno - 1]) + len(before)


def _captions(source: str) -> dict[int, str]:
    """The comment at the end of each line, by line number."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").rstrip() for t in tokens if t.type == tokenize.COMMENT}


def _file(key: Path) -> str:
    return f"<{'.'.join(key)}>"


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    return values.through_literal(value) if isinstance(value, list) else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else values.compact(value)


def _here_are(names: Sequence[str]) -> str:
    return f"`given` draws {', '.join(names)}" if names else "the card has no `given`"

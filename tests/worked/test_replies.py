"""What the worker answers is believed only as far as it was asked for: a broken guard must not harm who reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from eigendeck.errors import Fault, Place
from eigendeck.worked.replies import Distrusted, read_reply
from eigendeck.worked.sandbox import Worker
from eigendeck.worker.job import ASK, WORK, Job, Nice, Piece

Json = dict[str, Any]

JOB = Job(
    given="x = rng.integers(2, 9, 3)",
    numpy="x.sum()",
    steps="x.sum()",
    check="answer == sum(x.tolist())",
    mistakes=(Piece(("mistake", "numpy"), "x.prod()"),),
    nice=Nice(grid=1),
    ask=(Piece(ASK, "{x}", 1, 4),),
    work=(Piece(WORK, "x[0]", 1, 2),),
    plot={"x": Piece(("plot", "arrows", "x"), "x[:2]")},
    count=2,
)


@pytest.fixture(scope="module")
def honest() -> Json:
    """What the worker really answers."""
    with Worker() as worker:
        return worker.ask([JOB])[0]


def test_an_honest_answer_is_read(honest: Json) -> None:
    first, second = read_reply(honest, JOB).variants
    assert first.output == str(sum(int(str(number)) for number in first.inputs[0][1].numbers))
    assert first.inputs != second.inputs


# Each takes the answer and its first variant, and changes it; what is said of it begins with the text.
Forgery = tuple[Callable[[Json, Json], object], str]


def value(*, says: str = "", **changes: object) -> Forgery:
    """The answer is another value."""
    return lambda reply, first: first["answer"].update(changes), f"variants.0.answer{says}"


def text(key: str, forged: object, says: str = ": control characters") -> Forgery:
    """A text of the first variant is another."""
    return lambda reply, first: first.update({key: forged}), f"variants.0.{key}{says}"


def fault(**changes: object) -> Forgery:
    """There is a fault instead of variants."""
    said = {"key": ["numpy"], "line": 1, "column": 0, "message": "", "hint": ""}
    return lambda reply, first: reply.update(faults=[said | changes]), "faults.0"


FORGED: dict[str, Forgery] = {
    "a key of its own": (lambda reply, first: reply.update(more=1), "more: "),
    "a key too many": text("secret", "x", ": "),
    "faults that are no list": (lambda reply, first: reply.update(faults=5), "faults: "),
    "answers without end": (lambda reply, first: reply.update(answers=["6"] * 11), "answers: more than"),
    "no variant": (lambda reply, first: reply["variants"].clear(), "not the variants 1 to 2"),
    "a variant missing": (lambda reply, first: reply["variants"].pop(), "not the variants 1 to 2"),
    "a variant twice": (lambda reply, first: reply["variants"][1].update(number=1), "not the variants 1 to 2"),
    "another variant": (lambda reply, first: first.update(number=3), "not the variants 1 to 2"),
    "a placeholder missing": (lambda reply, first: first["ask"].clear(), "variants.1: not a value for each placeh"),
    "a value not asked for": (lambda reply, first: first["work"].append(first["answer"]), "variants.1: not a value"),
    "a parameter missing": (lambda reply, first: first["plot"].clear(), "variants.1: not a value for each parameter"),
    "a mistake missing": (lambda reply, first: first.update(mistakes=[]), "variants.1: not a value for each mistake"),
    "a text that steers the terminal": text("output", "\x1b[2J"),
    "text that turns round": text("output", "\u202e6"),
    "half a character": text("program", "\ud800"),
    "text without end": text("program", "x" * 60_001, ": too long a text"),
    "a name that steers": text(
        "inputs", [["\x1b]0;x\x07", {"kind": "text", "literal": "", "printed": ""}]], ".0.0: co"
    ),
    "a shown name that steers": text("shown", {"\x9b2J": "x"}),
    "a text for a value": text("answer", "6", ": "),
    "a number for a text": text("output", 6, ": "),
    "an unknown kind": value(says=".kind: ", kind="html"),
    "a literal that steers": value(says=".literal: control characters", literal="\x1b[2J"),
    "a dtype that steers": value(says=".dtype: control characters", dtype="\x1b[2J"),
    "an entry that steers": value(says=".numbers.0: control", kind="text", shape=None, numbers=["\x1b[2J"]),
    "a shape that is not filled": value(says=": a shape that its numbers do not fill", kind="array", shape=[2]),
    "a negative shape": value(says=": a shape that its numbers do not fill", kind="array", shape=[-1, -1]),
    "a shape of nan": value(says=".shape.0: ", kind="array", shape=[float("nan")]),
    "a shape of many axes": value(says=": a shape of too many axes", kind="array", shape=[1] * 99),
    "an empty, endless shape": value(
        says=": a shape with too long an axis", kind="array", shape=[10**9, 0], numbers=[]
    ),
    "an empty shape of axes": value(says=": a shape with too", kind="array", shape=[100] * 15 + [0], numbers=[]),
    "too many numbers": value(says=": too many numbers", kind="array", shape=[5001], numbers=[1] * 5001),
    "a number that is text": value(says=": no number", numbers=["6"]),
    "a text that is no text": value(says=": no text", kind="text", shape=None),
    "a truth that is a number": value(says=": no bool", kind="bool"),
    "an array without a shape": value(says=": no array", kind="array", shape=None),
    "a function with numbers": value(says=": no function", kind="function", shape=None),
    "lists for numbers": value(says=".numbers.0", numbers=[[[[[6]]]]]),
    "half a complex number": value(says=".numbers.0", numbers=[{"re": 1.0}]),
    "a complex number of lists": value(says=".numbers.0", numbers=[{"re": [], "im": {}}]),
    "a number beyond bounds": value(says=".numbers.0: too large a number", numbers=[10**4000]),
    "a fault at no line": fault(line=0),
    "a fault beyond all lines": fault(line=10**9),
    "a fault before its line": fault(column=-1),
    "a fault at a name that steers": fault(key=["\x1b"]),
    "a fault without a place": fault(line=None),
}


@pytest.mark.parametrize("forged", FORGED)
def test_anything_else_is_not_believed(forged: str, honest: Json) -> None:
    reply = json.loads(json.dumps(honest))
    change, says = FORGED[forged]
    change(reply, reply["variants"][0])
    with pytest.raises(Distrusted) as refused:
        read_reply(reply, JOB)
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize("reply", [None, [], {}, "done", {"faults": []}], ids=repr)
def test_an_answer_of_another_form_is_not_believed(reply: object) -> None:
    with pytest.raises(Distrusted):
        read_reply(reply, JOB)


def test_variants_that_nobody_asked_for_are_not_believed(honest: Json) -> None:
    with pytest.raises(Distrusted, match="variants that nobody wants"):
        read_reply(honest, replace(JOB, full=False))


def test_a_fault_from_a_worker_cannot_steer_the_terminal() -> None:
    fault = {"key": ["numpy"], "line": 1, "column": 0, "message": "\x1b[2J\u202e", "hint": "\x9b"}
    (read,) = read_reply({"faults": [fault]}, JOB).faults
    assert (read.message, read.hint) == (r"\x1b[2J\u202e", r"\x9b")
    # The name of a file comes from the stranger, too.
    assert "\x1b" not in str(Fault(Place("\x1b[2J.yaml"), read.message))

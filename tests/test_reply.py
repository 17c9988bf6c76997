"""What the worker answers is believed only as far as it was asked for: a broken guard must not harm who reads it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from eigendeck.worked.replies import Distrusted, read_reply
from eigendeck.worked.sandbox import Worker

JOB = {
    "task": "card",
    "code": {
        "given": "x = rng.integers(2, 9, 3)",
        "keep": "",
        "numpy": "x.sum()",
        "steps": "x.sum()",
        "check": "answer == sum(x.tolist())",
        "mistake/numpy": "x.prod()",
    },
    "nice": {"grid": 1, "digits": None},
    "show": {},
    "ask": [["x", 1, 4]],
    "work": [["x[0]", 1, 2]],
    "plot": {"x": [["plot", "arrows", "x"], "x[:2]"]},
    "formula": {"text": "x", "reads": None, "run": False, "misprints": False},
    "seed": 0,
    "stream": 1,
    "first": 1,
    "count": 2,
    "distinct": True,
    "full": True,
    "trace": False,
}


@pytest.fixture(scope="module")
def honest() -> dict[str, Any]:
    """What the worker really answers."""
    with Worker() as worker:
        return worker.ask(JOB)


def test_an_honest_answer_is_read(honest: dict[str, Any]) -> None:
    first, second = (variant.variant() for variant in read_reply(honest, JOB).variants)
    assert first.output == str(sum(int(str(number)) for number in first.inputs[0][1].numbers))
    assert first.inputs != second.inputs


FORGED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a text that steers the terminal": (
        lambda reply: reply["variants"][0].update(output="\x1b[2J"),
        "variants.0.output: Value error, control characters",
    ),
    "an endless text": (lambda reply: reply["variants"][0].update(program="x" * 60_001), "variants.0.program: "),
    "a shape that its numbers do not fill": (
        lambda reply: reply["variants"][1]["answer"].update(shape=[2]),
        "variants.1.answer: Value error, a shape that its numbers do not fill",
    ),
    "a negative shape": (
        lambda reply: reply["variants"][0]["answer"].update(shape=[-1, -1]),
        "variants.0.answer.shape.0: ",
    ),
    "a number that is none": (
        lambda reply: reply["variants"][0]["answer"].update(numbers=[[1]]),
        "variants.0.answer.numbers.0",
    ),
    "another kind of value": (
        lambda reply: reply["variants"][0]["answer"].update(kind="html"),
        "variants.0.answer.kind: ",
    ),
    "a key of its own": (lambda reply: reply.update(more=1), "more: "),
    "faults that are no list": (lambda reply: reply.update(faults=5), "faults: "),
    "a fault at no line": (
        lambda reply: reply.update(
            faults=[{"key": ["numpy"], "line": 0, "column": 0, "message": "", "hint": "", "draw": 0}]
        ),
        "faults.0.line: ",
    ),
    "a variant missing": (lambda reply: reply["variants"].pop(), "not the variants 1 to 2"),
    "a variant twice": (lambda reply: reply["variants"][1].update(number=1), "not the variants 1 to 2"),
    "a placeholder missing": (
        lambda reply: reply["variants"][1]["ask"].clear(),
        "variants.2: not a value for each placeholder",
    ),
    "a parameter missing": (
        lambda reply: reply["variants"][0]["plot"].clear(),
        "variants.1: not a value for each parameter of the plot",
    ),
    "a mistake missing": (lambda reply: reply["variants"][0].update(mistake=None), "variants.1: no mistake"),
}


@pytest.mark.parametrize("forge", FORGED)
def test_anything_else_is_not_believed(forge: str, honest: dict[str, Any]) -> None:
    reply = copy.deepcopy(honest)
    change, says = FORGED[forge]
    change(reply)
    with pytest.raises(Distrusted) as refused:
        read_reply(reply, JOB)
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize("reply", [None, [], {}, "done", {"faults": []}], ids=repr)
def test_an_answer_of_another_form_is_not_believed(reply: object) -> None:
    with pytest.raises(Distrusted):
        read_reply(reply, JOB)

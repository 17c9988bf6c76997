"""What is typeset is read back by a small reader of LaTeX and must come to the answer."""

import math
import re
from itertools import pairwise

import math_core
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from eigendeck.model import Value
from eigendeck.substitution.substitute import substitute
from eigendeck.substitution.value_latex import Typeset, typeset
from eigendeck.substitution.work_template import fill, placeholders, run_together

# Commands that MathJax's base and ams packages and math-core all know.
PORTABLE = re.compile(
    r"\\(frac|sqrt|cdot|times|approx|left|right|begin|end|ln|log|max|min|sin|cos|tanh|pi|mathrm|text|gt|ge|lt|le|ne"
    r"|infty|backslash|wedge|sim|[\\,_#%&${}])(?![a-zA-Z])"
)


def value(v) -> Value:
    array = np.asarray(v)
    if array.dtype.kind not in "biufc":
        return Value("text", repr(v), str(v), None, "", (str(v),))
    kind = "array" if isinstance(v, np.ndarray) else "sequence" if isinstance(v, tuple | list) else "number"
    return Value(kind, repr(v), str(v), array.shape, str(array.dtype), tuple(array.ravel().tolist()))


def worked(code: str, given: dict, **more: Value) -> tuple[str, ...]:
    """The substitution of code whose answer is found by running it."""
    names = {name: np.array(v) if isinstance(v, list) else v for name, v in given.items()}
    inputs = {name: value(v) for name, v in names.items()}
    *lines, last = code.strip().split("\n")
    space = {"np": np, **names}
    exec("\n".join(lines), space)
    return substitute(code, inputs | more, value(eval(last, space)))


# A reader of what is typeset, which knows nothing of how that was made.


class Reader:
    TOKEN = re.compile(r"\\left|\\right|\\[a-zA-Z]+|\d+(?:\.\d+)?|\\.|\S")

    def __init__(self, latex: str) -> None:
        self.tokens = self.TOKEN.findall(latex)

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *expected: str) -> str:
        assert not expected or self.peek() in expected, (self.tokens, expected)
        return self.tokens.pop(0)

    def whole(self) -> float:
        result = self.sum()
        assert not self.tokens, self.tokens
        return result

    def sum(self) -> float:
        total = -self.product() if self.peek() == "-" and self.take() else self.product()
        while self.peek() in ("+", "-"):
            total += self.product() if self.take() == "+" else -self.product()
        return total

    def product(self) -> float:
        result = self.power()
        while self.peek() in (r"\cdot", r"\times", "/"):
            result = result * self.power() if self.take() != "/" else result / self.power()
        return result

    def power(self) -> float:
        base = self.atom()
        if self.peek() == "^":
            self.take()
            return base ** (self.group() if self.peek() == "{" else float(self.take()))
        return base

    def group(self, opening: str = "{", closing: str = "}") -> float:
        self.take(opening)
        result = self.sum()
        self.take(closing)
        return result

    def arguments(self) -> list[float]:
        tall = self.peek() == r"\left" and self.take()
        self.take("(")
        results = [self.sum()]
        while self.peek() == ",":
            self.take()
            results.append(self.sum())
        if tall:
            self.take(r"\right")
        self.take(")")
        return results

    def atom(self) -> float:
        token = self.peek()
        if token == "(" or (token == r"\left" and self.tokens[1] == "("):
            (result,) = self.arguments()
            return result
        self.take()
        if token[0].isdigit():
            return float(token)
        if token == r"\frac":
            top = self.group()
            return top / self.group()
        if token == r"\left":
            result = self.group("|", r"\right")
            self.take("|")
            return abs(result)
        if token == "[":
            left, sign, right = self.sum(), self.take(r"\gt", r"\lt"), self.sum()
            self.take("]")
            return float(left > right if sign == r"\gt" else left < right)
        match token:
            case r"\sqrt":
                return math.sqrt(self.group())
            case r"\pi":
                return math.pi
            case "e":
                return math.e
            case r"\ln":
                return math.log(*self.arguments())
            case r"\max":
                return max(self.arguments())
        raise AssertionError(f"cannot read {token} {self.tokens}")


def entries(side: str) -> list[float]:
    matrix = re.fullmatch(r"\\begin\{bmatrix\}(.*)\\end\{bmatrix\}", side)
    cells = [cell for row in matrix[1].split(r" \\ ") for cell in row.split(" & ")] if matrix else [side]
    return [Reader(cell).whole() for cell in cells]


def chains(lines: tuple[str, ...]) -> list[str]:
    """The chains of equations that the lines make: a line that starts with a relation continues the one before."""
    whole: list[str] = []
    for line in lines:
        if line.startswith(("= ", r"\approx ")):
            whole[-1] += " " + line
        else:
            whole.append(line)
    return whole


def half_unit(answer: float) -> float:
    power = math.floor(math.log10(abs(answer))) if answer else 0
    if answer and not 1e-4 <= abs(answer) < 1e15:
        return 0.500001 * 10.0 ** (power - 3)
    return 0.500001 * 10.0 ** -max(3, 2 - power)


def shared_decimals(entries: list[float]) -> int:
    """The decimals of all entries of an array: three, or what its smallest needs for two digits."""
    sizes = [float(f"{abs(entry):.3g}") for entry in entries if entry]
    if len(entries) == 1 or not sizes:
        return 20
    return max(3, 1 - math.floor(math.log10(min(sizes))))


def is_portable(latex: str) -> bool:
    math_core.LatexToMathML().convert_with_local_state(latex, displaystyle=True)
    assert "\\" not in PORTABLE.sub("", latex), latex
    return not re.search(r"\\\\\s*\[|(?<!\\)[%$]|\n|<|>", latex)


def assert_true(lines: tuple[str, ...], answer) -> None:
    """Each side of an `=` is the answer; each other side is the answer to the rounding that it shows."""
    assert 0 < len(lines) <= 6
    assert all(is_portable(line) for line in lines)
    flat = np.asarray(answer, float).ravel().tolist()
    found = chains(lines)
    if len(found) > 1:
        assert len(found) == len(flat)
        targets = [[target] for target in flat]
    else:
        targets = [flat]
    shared = 0.500001 * 10.0 ** -shared_decimals(flat)
    for chain, expected in zip(found, targets, strict=True):
        sides = re.split(r" (=|\\approx) ", chain)
        for i, side in enumerate(sides):
            if i % 2 == 0:
                exact = "=" in sides[max(0, i - 1) : i + 2]
                for got, target in zip(entries(side), expected, strict=True):
                    allowed = 1e-9 * max(1, abs(target)) if exact else max(half_unit(target), shared)
                    assert abs(got - target) <= allowed, (chain, side, got, target)


DOT = {"x": [5, 2, -1], "y": [5, 1, 3]}
MATVEC = {"W": [[2, -3], [-1, -3], [4, -3]], "x": [4, -1]}
BAYES = {"prior": 0.04, "hit": 0.9, "false_alarm": 0.15}
COUNTS = {"N": [[6, 2], [4, 8]]}
X = {"x": [1, 4, 4]}

EXAMPLES = [
    (
        "x @ y",
        DOT,
        [r"5\cdot 5 + 2\cdot 1 + (-1)\cdot 3 = 25 + 2 - 3 = 24"],
    ),
    (
        "W @ x",
        MATVEC,
        [
            r"2\cdot 4 + (-3)\cdot (-1) = 8 + 3 = 11",
            r"(-1)\cdot 4 + (-3)\cdot (-1) = -4 + 3 = -1",
            r"4\cdot 4 + (-3)\cdot (-1) = 16 + 3 = 19",
        ],
    ),
    ("np.linalg.norm(x)", {"x": [2, -3, 6]}, [r"\sqrt{2^2 + (-3)^2 + 6^2} = \sqrt{4 + 9 + 36} = \sqrt{49} = 7"]),
    ("N[0, 0] / N[:, 0].sum()", COUNTS, [r"\frac{6}{6 + 4} = \frac{6}{10} = 0.6"]),
    (
        "evidence = hit * prior + false_alarm * (1 - prior)\nhit * prior / evidence",
        BAYES,
        [
            r"\frac{0.9\cdot 0.04}{0.9\cdot 0.04 + 0.15\cdot (1 - 0.04)} = \frac{0.036}{0.036 + 0.144}",
            r"= \frac{0.036}{0.18} = 0.2",
        ],
    ),
    (
        "a * x + y",
        {"a": 2, "x": [1, -3], "y": [3, -4]},
        [r"2\cdot 1 + 3 = 2 + 3 = 5", r"2\cdot (-3) - 4 = -6 - 4 = -10"],
    ),
    ("x.mean()", X, [r"\frac{1 + 4 + 4}{3} = \frac{9}{3} = 3"]),
    ("np.mean(x)", X, [r"\frac{1 + 4 + 4}{3} = \frac{9}{3} = 3"]),
    ("x.sum(axis=0) / len(x)", X, [r"\frac{1 + 4 + 4}{3} = \frac{9}{3} = 3"]),
    ("sum(x) / x.size", X, [r"\frac{1 + 4 + 4}{3} = \frac{9}{3} = 3"]),
    ("np.sum(x) / x.shape[0]", X, [r"\frac{1 + 4 + 4}{3} = \frac{9}{3} = 3"]),
    ("x.mean()", {"x": [1, 4, 5]}, [r"\frac{1 + 4 + 5}{3} = \frac{10}{3} \approx 3.333"]),
    ("round(x.mean(), 1)", {"x": [1, 4, 5]}, [r"\frac{1 + 4 + 5}{3} = \frac{10}{3} \approx 3.3"]),
    ("np.round(x.mean())", X, [r"\frac{1 + 4 + 4}{3} = \frac{9}{3} = 3"]),
    ("int(x.mean()) + 1", X, [r"\frac{1 + 4 + 4}{3} + 1 = \frac{9}{3} + 1 = 3 + 1 = 4"]),
    ("float(a) * b", {"a": 0.1, "b": 3}, [r"0.1\cdot 3 = 0.3"]),
    ("a + b", {"a": 0.1, "b": 0.2}, ["0.1 + 0.2 = 0.3"]),
    ("a - b", {"a": 2, "b": -3}, ["2 - (-3) = 5"]),
    ("-a * b", {"a": 2, "b": -3}, [r"(-2)\cdot (-3) = 6"]),
    ("a - (b - a)", {"a": 2, "b": 5}, ["2 - (5 - 2) = 2 - 3 = -1"]),
    ("(a + b)**2", {"a": -2, "b": 5}, ["(-2 + 5)^2 = 3^2 = 9"]),
    ("a**-b", {"a": 2.0, "b": 3}, ["2^{-3} = 0.125"]),
    ("np.abs(a) * 2", {"a": -3}, [r"\left|-3\right|\cdot 2 = 3\cdot 2 = 6"]),
    ("np.exp(-a**2 / 2)", {"a": 1}, [r"e^{-1^2/2} = e^{-1/2} = e^{-0.5} \approx 0.607"]),
    ("2 * np.sqrt(a / b)", {"a": 1, "b": 4}, [r"2\cdot \sqrt{\frac{1}{4}} = 2\cdot \sqrt{0.25} = 2\cdot 0.5 = 1"]),
    ("np.maximum(a, 0) * b", {"a": 2, "b": 3}, [r"\max(2, 0)\cdot 3 = 2\cdot 3 = 6"]),
    ("max(a, 0) * b", {"a": 2, "b": 3}, [r"\max(2, 0)\cdot 3 = 2\cdot 3 = 6"]),
    ("a * (b > 0)", {"a": 2, "b": 3}, [r"2\cdot [3 \gt 0] = 2\cdot 1 = 2"]),
    ("x / x.max()", {"x": [2, 4]}, [r"\frac{2}{4} = 0.5", r"\frac{4}{4} = 1"]),
    ("P[np.arange(len(y)), y].prod()", {"P": [[0.5, 0.5], [0.2, 0.8]], "y": [0, 1]}, [r"0.5\cdot 0.8 = 0.4"]),
    ("x[i].mean()", {"x": [7, 8, 9], "i": [2, 0]}, [r"\frac{9 + 7}{2} = \frac{16}{2} = 8"]),
    ("x[i] - x[-1]", {"x": [7, 8, 9], "i": 1}, ["8 - 9 = -1"]),
    ("x[1:] - x[:-1]", {"x": [1, 4, 9]}, ["4 - 1 = 3", "9 - 4 = 5"]),
    (
        "np.var(x, ddof=1)",
        {"x": [1, 3, 5]},
        [r"\frac{(1 - 3)^2 + (3 - 3)^2 + (5 - 3)^2}{2} = \frac{4 + 0 + 4}{2} = \frac{8}{2} = 4"],
    ),
    (
        "np.outer(x, y)",
        {"x": [1, 2], "y": [3, -1]},
        [
            r"\begin{bmatrix}1\cdot 3 & 1\cdot (-1) \\ 2\cdot 3 & 2\cdot (-1)\end{bmatrix}"
            r" = \begin{bmatrix}3 & -1 \\ 6 & -2\end{bmatrix}"
        ],
    ),
    (
        "np.array([a * b, a + b])",
        {"a": 2, "b": 3},
        [r"2\cdot 3 = 6", "2 + 3 = 5"],
    ),
    ("np.eye(2) @ x", {"x": [7, -8]}, [r"1\cdot 7 + 0\cdot (-8) = 7 + 0 = 7", r"0\cdot 7 + 1\cdot (-8) = 0 - 8 = -8"]),
    ("2 * np.pi * r", {"r": 1}, [r"2\cdot \pi\cdot 1 \approx 6.283"]),
    ("e = a * b\nc, d = np.array([e, 1])\nc + d", {"a": 2, "b": 3}, [r"2\cdot 3 + 1 = 6 + 1 = 7"]),
    ("f = lambda t: t**2\n(f(a + b) - f(a)) / b", {"a": 2, "b": 1}, [
        r"\frac{f(2 + 1) - f(2)}{1} = \frac{9 - 4}{1} = \frac{5}{1} = 5"
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "given", "lines"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_substitute_works_an_example_out_as_on_a_blackboard(code, given, lines):
    assert worked(code, given) == tuple(lines)
    assert all(is_portable(line) for line in lines)


def test_a_number_that_was_rounded_has_no_equals_sign_beside_it():
    (line,) = worked("np.exp(a) * 2", {"a": 1})
    assert line == r"e^{1}\cdot 2 \approx 5.437"  # 2.718·2 would be 5.436
    assert_true((line,), 2 * math.e)


def test_rounded_steps_that_would_miss_the_value_are_left_out():
    assert worked("1000 * np.exp(a)", {"a": 1}) == (r"1000\cdot e^{1} \approx 2718.282",)


def test_noise_of_binary_fractions_is_not_shown():
    assert worked("p @ x", {"p": [0.1, 0.2, 0.7], "x": [1, 2, 3]}) == (
        r"0.1\cdot 1 + 0.2\cdot 2 + 0.7\cdot 3 = 0.1 + 0.4 + 2.1 = 2.6",
    )


def test_noise_about_zero_is_zero():
    assert worked("a + b - c", {"a": 0.1, "b": 0.2, "c": 0.3}) == ("0.1 + 0.2 - 0.3 = 0",)
    assert worked("a * b", {"a": 1e-9, "b": 1e-9}) == (r"(1\times 10^{-9})\cdot (1\times 10^{-9}) = 1\times 10^{-18}",)


def test_a_long_start_is_left_out_when_two_rounds_of_work_remain():
    x = [[12, 15], [14, 11], [13, 17], [16, 18]]
    lines = worked("np.linalg.norm(X - X.mean())", {"X": x})
    assert lines[0].startswith(r"\sqrt{6.25 + 0.25 + 0.25")
    assert_true(lines, np.linalg.norm(np.array(x) - np.mean(x)))


def test_what_the_card_defines_as_a_function_is_called_by_its_name():
    source = Value("function", "g = lambda t: a * t**2", "")
    inputs = {"a": value(3), "x": value(2), "g": source}
    assert substitute("g(x) + 1", inputs, value(13)) == ("g(2) + 1 = 12 + 1 = 13",)


def test_a_name_bound_by_unknown_code_takes_its_given_value():
    code = "U, s, Vt = np.linalg.svd(A)\ns**2 / (s**2).sum()"
    inputs = {"A": value(np.diag([3, 1])), "s": value(np.array([3.0, 1.0]))}
    assert substitute(code, inputs, value(np.array([0.9, 0.1]))) == (
        r"\frac{3^2}{3^2 + 1^2} = \frac{9}{9 + 1} = \frac{9}{10} = 0.9",
        r"\frac{1^2}{3^2 + 1^2} = \frac{1}{9 + 1} = \frac{1}{10} = 0.1",
    )
    assert substitute(code, {"A": inputs["A"]}, value(np.array([0.9, 0.1]))) == ()


def test_nothing_is_shown_that_does_not_come_to_the_answer():
    inputs = {name: value(np.array(v)) for name, v in DOT.items()}
    assert substitute("x @ y", inputs, value(24))
    assert substitute("x @ y", inputs, value(24.0000001)) == ()
    assert substitute("x @ y", inputs, value(np.array([24]))) == ()
    assert substitute("round(x @ y / 7, 2)", inputs, value(3.43))
    assert substitute("round(x @ y / 7, 2)", inputs, value(3.44)) == ()


NOT_SHOWN = {
    "no operation": ("x.T", {"x": [1, 2]}),
    "only picks entries": ("np.stack([x[:2], x[1:]])", {"x": [1, 2, 3]}),
    "shapes": ("W.shape", MATVEC),
    "an inverse": ("np.linalg.inv(W) @ x", {"W": [[2, 1], [1, 1]], "x": [1, 2]}),
    "a comprehension": ("sum([a * b for a, b in zip(x, y)])", DOT),
    "a keyword that is not read": ("(x * 2).sum(dtype=float)", X),
    "a mask as an index": ("x[x > 1].sum() + 1", {"x": [0, 5]}),
    "a list of masks as an index": ("x[m].sum() + 1", {"x": [5, 0], "m": [True, False]}),
    "too many entries": ("x * 2", {"x": list(range(9))}),
    "too long a sum": ("x.sum()", {"x": list(range(100, 140))}),
    "work of which only the last round would fit": ("np.linalg.norm(x)", {"x": list(range(10, 40))}),
    "a conversion that cuts decimals off": ("int(a / 2) - int(a / 2)", {"a": 3}),
    "too large an array": ("x.mean()", {"x": list(range(1000))}),
    "too large a number": ("a * a", {"a": 10**7}),
    "an infinite number": ("a * 2", {"a": math.inf}),
    "not a number": ("a * 2", {"a": math.nan}),
    "a complex number": ("a * 2", {"a": 1 + 2j}),
    "a truth value": ("a * 2 > 3", {"a": 2}),
    "three axes": ("x * 2", {"x": [[[1, 2]]]}),
    "an input that cannot be shown in three decimals": ("a * 1000", {"a": math.sqrt(2)}),
    "terms that grow without bound": ("a = a + a * a\n" * 30 + "a", {"a": 0}),
    "a matrix too wide": ("W @ W", {"W": [[1.25, 2.75, 3.25], [4.5, 5.5, 6.5], [7.75, 8.25, 9.75]]}),
}


@pytest.mark.parametrize(("code", "given"), NOT_SHOWN.values(), ids=NOT_SHOWN.keys())
def test_substitute_shows_nothing_for(code, given):
    assert worked(code, given) == ()


HOSTILE = {
    "empty": "",
    "a syntax error": "x @",
    "no expression at the end": "y = x",
    "brackets without end": "(" * 3900,
    "signs": "-" * 3900 + "a",
    "a tower of powers": "9**9**9**9",
    "a huge whole number": "9" * 3900,
    "a chain of indices": "x" + "[0]" * 1000,
    "a long sum": "+".join(["a"] * 1900),
    "division by zero": "a / 0",
    "a root of a negative number": "np.sqrt(-a)",
    "a huge identity": "np.eye(10**9) @ x",
    "huge ones": "np.ones((10**6, 10**6)).sum()",
    "a huge range": "np.arange(10**9).sum()",
    "a function that calls itself": "f = lambda t: f(t)\nf(a)",
    "functions that double the work": "f0 = lambda t: t + t\n"
    + "".join(f"f{i + 1} = lambda t: f{i}(t) + f{i}(t)\n" for i in range(60))
    + "f60(x).sum()",
    "functions that double the work and come to little": "f0 = lambda t: t\n"
    + "".join(f"f{i + 1} = lambda t: f{i}(t)[f{i}(t).size - 3:]\n" for i in range(60))
    + "f60(x).sum()",
    "products of everything with everything": "np.outer(" * 5 + "x, x)" + ", np.outer(x, x))" * 4 + ".sum()",
    "negative sizes": "np.ones((-1, -1)).sum() + 6",
    "an import": "__import__('os').getcwd()",
    "a null byte": "a\0",
    "an odd escape": "'\\d'",
    "a star": "np.array([*x]).sum()",
    "keywords in a dictionary": "x.sum(**{'axis': 0})",
    "an index out of range": "x[8] * 2",
    "too many indices": "x[0, 0] * 2",
    "a step of zero": "x[::0] * 2",
    "an axis out of range": "x.sum(axis=4)",
    "shapes that do not match": "x + np.arange(5)",
    "inner sizes that do not match": "np.eye(2) @ np.eye(3)",
    "a function as a number": "f = lambda t: t\nf * 2",
    "a number as a function": "a(2)",
    "an array of nothing": "np.arange(0).mean()",
}


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE.keys())
def test_substitute_never_raises_on_hostile_code(code):
    inputs = {"a": value(3), "x": value(np.array([1, 2, 3]))}
    assert substitute(code, inputs, value(6)) == ()


WORDS = re.findall(
    r"\S+",
    """a x y W np f . , : = == ( ) [ ] { } + - * ** / // @ % < > 0 1 2 0.5 'b' None True lambda if else for in not and
    sum mean linalg norm sqrt exp T shape axis keepdims dot outer len max ; await yield := ... ~ ^ |""",
)


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=30))
@settings(deadline=None, max_examples=400)
def test_substitute_never_raises_on_random_python(code):
    inputs = {"a": value(3), "x": value(np.array([1, 2])), "W": value(np.eye(2)), "y": value("word")}
    for answer in (value(3), value(np.array([1, 2])), value("word"), value(np.eye(2))):
        assert isinstance(substitute(code, inputs, answer), tuple)


# Random arithmetic against NumPy itself.

LEAVES = {
    "s": ["a", "b", "x[0]", "y[-1]", "W[0, 1]", "2", "0.5", "len(x)", "x.sum()", "W[:, 0].sum()"],
    "v": ["x", "y", "W[0]", "W[:, 1]", "np.square(x)", "np.ones(2)", "x[i]"],
    "m": ["W", "W.T", "np.eye(2)"],
}
# What each kind is made of: s is a scalar, v a vector, m a matrix, o an operator.
FORMS = {
    "s": """(s o s)|(s)**2|(-s)|np.sqrt(s)|np.abs(s)|np.exp(s / 4)|np.log(s)|max(s, 0)|(2 * (s > s))|(v @ v)|(v).sum()
        |(v).mean()|(v).prod()|(v).max()|(v).std()|np.linalg.norm(v)|np.cov(v, v)[0, 1]|np.corrcoef(v, v)[0, 1]""",
    "v": """(v o v)|(s o v)|(m @ v)|(v)**2|np.exp(v)|(m).sum(axis=0)|(m).mean(axis=-1)|np.array([s, s])
        |np.maximum(v, 0)""",
    "m": "(m @ m)|(m o m)|(m - (v)[:, None])|(m / (m).sum(axis=1, keepdims=True))|np.outer(v, v)",
}


@st.composite
def expressions(draw, kind: str, depth: int) -> str:
    """NumPy of a scalar, a vector or a matrix."""
    if depth == 0:
        return draw(st.sampled_from(LEAVES[kind]))
    form = draw(st.sampled_from(re.split(r"\s*\|", FORMS[kind])))
    parts = re.split(r"(?<![a-zA-Z.])([svmo])(?![a-zA-Z])", form)
    for i in range(1, len(parts), 2):
        below = draw(st.integers(0, depth - 1))
        parts[i] = draw(st.sampled_from("+-*/") if parts[i] == "o" else expressions(parts[i], below))
    return "".join(parts)


@st.composite
def programs(draw) -> str:
    last = draw(expressions(draw(st.sampled_from("svm")), draw(st.integers(1, 3))))
    if draw(st.booleans()):
        return last
    return f"a = {draw(expressions('s', 1))}\ny = {draw(expressions('v', 1))}\n{last}"


numbers = st.integers(-9, 9) | st.integers(-30, 30).map(lambda tenths: tenths / 10)
pairs = st.lists(numbers, min_size=2, max_size=2)


@given(programs(), numbers, numbers, pairs, pairs, st.lists(pairs, min_size=2, max_size=2))
@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
def test_what_is_typeset_comes_to_what_numpy_computes(code, a, b, x, y, w):
    space = {"np": np, "a": a, "b": b, "x": np.array(x), "y": np.array(y), "W": np.array(w), "i": np.array([1, 0])}
    inputs = {name: value(v) for name, v in space.items() if name != "np"}
    *lines, last = code.split("\n")
    with np.errstate(all="ignore"):
        try:
            exec("\n".join(lines), space)
            answer = eval(last, space)
        except (ArithmeticError, ValueError):  # Python's own numbers
            assume(False)
    lines = substitute(code, inputs, value(answer))
    event(f"{len(lines)} lines")
    if lines:
        assert_true(lines, answer)
        off = np.asarray(answer, float) + 1e-3 * (1 + np.abs(answer))
        assert substitute(code, inputs, value(off if off.shape else float(off))) == ()


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=4))
@settings(deadline=None)
def test_every_short_dot_product_is_shown(xy):
    x, y = np.array(xy).T
    lines = worked("x @ y", {"x": x, "y": y})
    assert_true(lines, x @ y)
    assert lines[0].startswith(
        " + ".join(rf"{f'({a})' if a < 0 else a}\cdot {f'({b})' if b < 0 else b}" for a, b in xy)
    )


@pytest.mark.parametrize("x", [[0.6931471, 0.0707], [5 / 10, 1 / 10], [69 / 100, 8 / 100], [50, 0.005]])
def test_the_entries_of_an_array_have_the_decimals_that_its_smallest_needs(x):
    assert_true(worked("x / 7", {"x": x}), np.array(x) / 7)


def test_a_large_entry_beside_a_small_one_is_equal_to_no_rounded_number():
    W = np.array([[0.2, -5], [-2.4, 1.2]])
    assert_true(worked("np.exp(W.T @ W[0])", {"W": W}), np.exp(W.T @ W[0]))


def test_the_reader_of_these_tests_notices_a_wrong_side():
    assert_true((r"\frac{2}{3} \approx 0.667",), 2 / 3)
    assert_true((r"\frac{5}{70} \approx 0.071", r"\frac{1}{70} \approx 0.014"), [5 / 70, 1 / 70])
    with pytest.raises(AssertionError):
        assert_true((r"\frac{5}{70} \approx 0.0715", r"\frac{1}{700} \approx 0.0014"), [5 / 70, 1 / 700])
    for wrong in (r"\frac{2}{3} = 0.667", r"\frac{2}{3} \approx 0.668", "1 + 1 = 3 - 1 = 2.1"):
        with pytest.raises(AssertionError):
            assert_true((wrong,), 2 if "1 + 1" in wrong else 2 / 3)


# Numbers and templates


def number(given) -> str:
    """The LaTeX of a value, or of a number of Python's."""
    if not isinstance(given, Value):
        kind = "text" if isinstance(given, str) else "bool" if isinstance(given, bool) else "number"
        given = Value(kind, repr(given), str(given), None if kind == "text" else (), "", (given,))
    return typeset(given).latex


NUMBERS = [
    (-2, "-2"),
    (0.1 + 0.2, "0.3"),
    (2 / 3, "0.667"),
    (-0.0, "0"),
    (3.0, "3"),
    (0.00125, "0.00125"),
    (1 / 300, "0.00333"),
    (1 / 30, "0.0333"),
    (0.00005, r"5\times 10^{-5}"),
    (6.62607015e-34, r"6.626\times 10^{-34}"),
    (4.5e14, r"4.5\times 10^{14}"),
    (12345678901.0, "12345678901"),
    (1.23e-7, r"1.23\times 10^{-7}"),
    (6.02e23, r"6.02\times 10^{23}"),
    (10**12, "1000000000000"),
    (2**80, r"1.209\times 10^{24}"),
    (math.inf, r"\infty"),
    (-math.inf, r"-\infty"),
    (math.nan, r"\text{nan}"),
    (-6 + 6.25j, r"-6 + 6.25\,\mathrm{i}"),
    (1 - 2j, r"1 - 2\,\mathrm{i}"),
    (True, r"\text{True}"),
    ("dot product", r"\text{dot product}"),
    ("W[:, j] {5%} a_b", r"\text{W[:, j] }\{\text{5}\%\}\text{ a}\_\text{b}"),
    ("", r"\text{}"),
    (value(np.array([1, 2.5, -3])), "(1, 2.5, -3)"),
    (value((4,)), "(4)"),
    (value(np.array([[1, 2], [3, 4]])), r"\begin{bmatrix}1 & 2 \\ 3 & 4\end{bmatrix}"),
    (value(np.array([[[1, 2]], [[3, 4]]])),
     r"\left(\begin{bmatrix}1 & 2\end{bmatrix}, \begin{bmatrix}3 & 4\end{bmatrix}\right)"),
    (value(np.zeros((0, 2))), r"\left(\right)"),
    (value(np.float64(0.5)), "0.5"),
    (value("ValueError: x"), r"\text{ValueError: x}"),
    (Value("sequence", "[[1], 2]", "[[1], 2]"), r"\text{[[1], 2]}"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "latex"), NUMBERS, ids=[latex for _, latex in NUMBERS])
def test_number_typesets(given, latex):
    assert number(given) == latex
    assert is_portable(latex)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_any_text_is_typeset_without_becoming_a_command(words):
    latex = number(words).replace("<", "").replace(">", "")
    assert is_portable(latex)


def test_a_float_is_shown_as_one_whatever_whole_number_that_is_equal_was_shown_before():
    assert [typeset(value(v)).latex for v in (7 * 10**12, 7e12)] == ["7000000000000", r"7\times 10^{12}"]


@given(st.floats(-1e300, 1e300, allow_subnormal=False))
def test_number_shows_a_value_to_three_decimals_or_three_digits(v):
    shown = Reader(number(v)).whole()
    assert abs(shown - v) <= (0.0005001 if 0.1 <= abs(v) < 1e9 else 0.00501 * abs(v))


def shown(given, exact: bool = True) -> Typeset:
    """A number that goes into a template; `exact` says that it was not rounded."""
    return Typeset(number(given), exact, True, isinstance(given, complex))


def filled(template: str, *numbers) -> str:
    return fill(template, [given if isinstance(given, Typeset) else shown(given) for given in numbers])


def test_fill_puts_numbers_into_a_template_in_order():
    template = r"\frac{<<w[0]>>}{<< w.sum() >>} = <<answer>>"
    assert [expression.strip() for expression, _ in placeholders(template)] == ["w[0]", "w.sum()", "answer"]
    assert filled(template, 1, -10, -0.1) == r"\frac{1}{-10} = -0.1"


SMALL = 4e-7
FILLED = [
    (r"<<a>>\cdot <<b>> + <<c>>^2 - <<d>>", (-1, -2, -3, -4), r"-1\cdot (-2) + (-3)^2 - (-4)"),
    (r"<<a>>^2 + e^{<<b>>}", (-1, -2), "(-1)^2 + e^{-2}"),
    (r"x^<<a>>_<<b>>", (12, -1), "x^{12}_{-1}"),
    (r"\sqrt<<a>>+\sqrt{<<b>>}", (25, 16), r"\sqrt{25}+\sqrt{16}"),
    (r"\frac<<a>><<b>>", (-2, 12), r"\frac{-2}{12}"),
    (r"\frac{x}<<b>>", (12,), r"\frac{x}{12}"),
    (r"\tfrac12<<b>>", (12,), r"\tfrac1212"),
    (r"<<a>>^2", (SMALL,), r"(4\times 10^{-7})^2"),
    (r"{<<a>>}^2", (-3,), r"({-3})^2".replace("({-3})", "{(-3)}")),
    (r"\left(<<a>>\right)^2", (-3,), r"\left(-3\right)^2"),
    (r"1/<<a>>", (SMALL,), r"1/(4\times 10^{-7})"),
    (r"2\cdot <<a>>", (SMALL,), r"2\cdot 4\times 10^{-7}"),
    (r"<<a>>\cdot <<b>>", (1 + 2j, -2j), r"(1 + 2\,\mathrm{i})\cdot (0 - 2\,\mathrm{i})"),
    (r"<<a>>+<<b>>", (1 + 2j, 1j), r"1 + 2\,\mathrm{i}+0 + 1\,\mathrm{i}"),
    (r"3-<<a>>", (1 + 2j,), r"3-(1 + 2\,\mathrm{i})"),
    (r"\ln<<a>>+\log_2 <<b>>+\log_{10}<<c>>", (-1, SMALL, 4), r"\ln(-1)+\log_2 (4\times 10^{-7})+\log_{10}4"),
    (r"x<<a>>", (-3,), "x(-3)"),
    (r"(x+1)<<a>>", (-3,), "(x+1)(-3)"),
    (r"<<n>>!", (-3,), "(-3)!"),
    (r"\begin{aligned}<<a>>\end{aligned}", (-3,), r"\begin{aligned}-3\end{aligned}"),
    (r"\text{is }<<a>>", (-3,), r"\text{is }-3"),
]


@pytest.mark.parametrize(("template", "numbers", "latex"), FILLED, ids=[row[0] for row in FILLED])
def test_a_number_goes_into_a_template_as_a_number(template, numbers, latex):
    assert filled(template, *numbers) == latex


THIRD = Typeset("0.333", False, True)
RELATED = [
    (r"\frac{<<a>>}{<<b>>}=<<c>>", (1, 3, THIRD), r"\frac{1}{3}\approx 0.333"),
    (r"\frac{<<a>>}{<<b>>}=<<c>>=<<d>>", (1, 3, THIRD, THIRD), r"\frac{1}{3}\approx 0.333\approx 0.333"),
    (r"a=<<a>>=<<b>>=<<c>>", (1, 1, THIRD), r"a=1=1\approx 0.333"),
    (r"a=<<a>>,\quad b=<<b>>", (THIRD, 2), r"a\approx 0.333,\quad b=2"),
    (r"P(X=<<k>>)=<<p>>", (2, THIRD), r"P(X=2)\approx 0.333"),
    (r"\sum_{i=1}^{<<n>>}x=\sqrt{<<p>>}", (2, THIRD), r"\sum_{i=1}^{2}x\approx \sqrt{0.333}"),
    (r"\begin{aligned}a&=<<a>>\\&=<<b>>\\c&=<<c>>\end{aligned}", (2, THIRD, 1),
     r"\begin{aligned}a&=2\\&\approx 0.333\\c&=1\end{aligned}"),
    ("a = <<a>>\nb = <<b>>\n= <<c>>", (THIRD, 1, 1), "a \\approx  0.333\nb = 1\n= 1"),
    (r"<<a>>\to b=<<b>>", (THIRD, 2), r"0.333\to b=2"),
]  # fmt: skip


@pytest.mark.parametrize(("template", "numbers", "latex"), RELATED, ids=[row[0] for row in RELATED])
def test_beside_a_number_that_was_rounded_stands_no_equals_sign(template, numbers, latex):
    assert filled(template, *numbers) == latex


@pytest.mark.parametrize(
    ("template", "which"),
    [
        ("2<<a>>", (0,)),
        ("<<a>> 2", (0,)),
        ("<<a>><<b>>", (1,)),
        (r"<<a>>\,<<b>>\;<<c>>", (1, 2)),
        ("e^{3<<a>>}", (0,)),
        ("x_12<<a>>", (0,)),
        (r"\sqrt23<<a>>", (0,)),
        (r"2\cdot<<a>>x", ()),
        ("<<a>>(<<b>>)", ()),
        ("x_1<<a>>", ()),
        (r"\log_2<<a>>", ()),
        (r"\tfrac12<<a>>", ()),
        (r"\frac<<a>><<b>>", ()),
        ("<<a>>^2<<b>>", ()),
        (r"<<a>>\quad<<b>>", ()),
        ("f(<<a>>, <<b>>)", ()),
    ],
)
def test_a_number_that_would_run_into_a_digit_is_noticed(template, which):
    assert run_together(template, [shown(4)] * len(placeholders(template))) == which
    assert run_together(template, [Typeset("(1, 2)")] * len(placeholders(template))) == ()


def test_fill_refuses_too_few_and_too_many_numbers():
    for numbers in ([], [shown(1), shown(2)]):
        with pytest.raises(ValueError, match=f"1 placeholders, {len(numbers)} replacements"):
            fill("<<a>>", numbers)


def test_a_chain_breaks_only_before_a_relation():
    lines = worked("((y - z)**2).mean()", {"y": [3, 2, 1, 4], "z": [4, 1, 0, 1]})
    assert len(lines) == 2
    assert [line.count("{") - line.count("}") for line in lines] == [0, 0]
    assert all(a.startswith(("=", r"\approx")) for _, a in pairwise(lines))

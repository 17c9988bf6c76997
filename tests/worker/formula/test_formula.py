"""The displayed formula, executed: what agrees, what is caught, what is refused, and what is never guessed."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from eigendeck.worker.code.card import compiled
from eigendeck.worker.code.namespace import names_for_cards
from eigendeck.worker.code.statements import Faults
from eigendeck.worker.formula import Formula, combine, mutation_report
from eigendeck.worker.formula import read as read_compiled
from eigendeck.worker.formula.mutants.mutants import mutants_of
from eigendeck.worker.formula.parser.causes import Unread
from eigendeck.worker.formula.parser.parse import parse
from eigendeck.worker.formula.parser.printer import spelled
from eigendeck.worker.formula_summary import MutationReport, Summary, merge

DRAWS = 12


def drawn(given: str, numpy: str, mistake: str = "", draws: int = DRAWS) -> list[tuple[dict[str, Any], Any, Any]]:
    """The namespace, the answer and the mistake's value of some draws."""
    found = []
    for seed in range(draws):
        inputs: dict[str, Any] = {"np": np, "rng": np.random.default_rng(seed)}
        exec(given, inputs)
        plain = {name: value for name, value in inputs.items() if name not in ("np", "rng", "__builtins__")}
        answer = eval(numpy, {"np": np, **plain})
        wrong = eval(mistake, {"np": np, **plain}) if mistake else None
        found.append(({**names_for_cards(), **plain}, answer, wrong))
    return found


def read(
    latex: str,
    reads: Mapping[str, str] | None,
    names: Sequence[str],
    made: Sequence[str] = (),
    faults: Faults | None = None,
) -> Formula:
    """A formula as a card reads it."""
    return read_compiled(latex, None if reads is None else compiled(reads, names, made, faults or Faults()), names)


def formula_of(formula: str, given: str, reads: Mapping[str, str] | None = None) -> Formula:
    inputs: dict[str, Any] = {"np": np, "rng": np.random.default_rng(0)}
    exec(given, inputs)
    return read(formula, reads, [name for name in inputs if name not in ("np", "rng", "__builtins__")])


def judged(
    formula: str, given: str, numpy: str, reads: Mapping[str, str] | None = None, mistake: str = "", draws: int = DRAWS
) -> Summary:
    read = formula_of(formula, given, reads)
    assert not read.faults, read.faults
    return combine(read, drawn(given, numpy, mistake, draws), binding=reads is not None)


X = "x = rng.integers(1, 9, 4)"
XY = "x, y = rng.integers(-4, 6, (2, 3))"
SQUARE = "A = rng.integers(-3, 5, (3, 3)) + 9 * np.eye(3)"
AB = "A = rng.integers(-4, 5, (2, 3)); B = rng.integers(-4, 5, (3, 2))"
PX = "p = rng.dirichlet([1, 1, 1]); x = rng.integers(-3, 9, 3)"

AGREES: dict[str, tuple[Any, ...]] = {
    "continued fraction": (r"y=\cfrac{1}{1+\cfrac{1}{a}}", "a = rng.integers(2, 9)", "1 / (1 + 1 / a)"),
    "a sum over two conditions": (r"s=\sum_{\substack{i,j\\ i\ne j}} x_i x_j", X, "x.sum()**2 - (x**2).sum()"),
    "a reaction, and what follows": (
        r"A\rightleftharpoons B,\quad K=\dfrac{b}{a}\quad\therefore b=K a",
        "a, b = rng.integers(2, 9, 2)",
        "b / a",
        {},
    ),
    "the entry behind a given one": (
        r"d_k=x_{k+1}-x_k",
        "x = rng.integers(1, 99, 6); k = rng.integers(1, 5)",
        "x[k] - x[k - 1]",
        {"k": "k - 1"},
    ),
    "all entries behind": (
        r"d_j=\frac{x_{j+1}-x_j}{h}",
        "x = rng.integers(1, 99, 6); h = 2",
        "np.diff(x) / h",
        {"x_{k+1}": "x[1:]", "x_k": "x[:-1]"},
    ),
    "a large binomial": (
        r"w=\dbinom{n}{2}\leqslant n^2", "n = rng.integers(4, 9)", "n * (n - 1) / 2"
    ),
    "an exponent with a mark of its own": (r"y=x^{a^*}", "x, a_star = rng.integers(2, 5, 2)", "x**a_star"),
    "sum": (r"s=\sum_i x_i", X, "x.sum()"),
    "mean": (r"\bar x=\frac1n\sum_{i=1}^n x_i", X, "x.mean()"),
    "weighted mean as a new meaning of x̄": (r"\bar x=\sum_i p_i x_i", PX, "p @ x"),
    "dot product": (r"\mathbf{x}\cdot\mathbf{y}=\sum_{i}x_iy_i", XY, "x @ y"),
    "transpose product": (r"\mathbf x^\top\mathbf y", XY, "x @ y"),
    "T for transpose": (r"x^T y", XY, "x @ y"),
    "an upright T": (r"x^{\mathrm{T}}y", XY, "x @ y"),
    "outer product": (r"\mathbf{x}\mathbf{y}^\top", XY, "np.outer(x, y)"),
    "distance": (r"d=\lVert\mathbf{x}-\mathbf{y}\rVert", XY, "np.linalg.norm(x - y)"),
    "manhattan": (r"\lVert\mathbf x\rVert_1=\sum_i|x_i|", XY, "np.abs(x).sum()"),
    "largest entry": (r"\lVert\mathbf{x}\rVert_\infty=\max_i|x_i|", XY, "np.abs(x).max()"),
    "angle": (r"\cos\theta=\frac{\mathbf x^\top\mathbf y}{\|\mathbf x\|\,\|\mathbf y\|}",
              "x, y = rng.normal(size=(2, 3))", "x @ y / np.sqrt((x @ x) * (y @ y))"),
    "entries of a product": (r"(AB)_{ij}=\sum_{k=1}^{n}A_{ik}B_{kj}", AB, "A @ B"),
    "trace of a product": (r"\operatorname{tr}(AB)=\sum_{i,j}A_{ij}B_{ji}", AB, "np.trace(A @ B)"),
    "sum of all entries": (r"\mathbf 1^\top A\mathbf 1=\sum_{ij}A_{ij}", SQUARE, "A.sum()"),
    "row sums": (r"r_i=\sum_j A_{ij}", AB, "A.sum(axis=1)"),
    "sums beside the diagonal": (r"r_i=\sum_{j\ne i}|A_{ij}|", SQUARE, "np.abs(A).sum(axis=1) - np.abs(np.diag(A))"),
    "pairs": (r"S=\sum_{i<j}(x_i-x_j)^2", X, "sum((a - b)**2 for k, a in enumerate(x) for b in x[k + 1:])"),
    "quadratic form": (r"q=\tfrac12\mathbf{x}^\top A\mathbf{x}-\mathbf{b}^\top\mathbf{x}",
                       SQUARE + "; x, b = rng.normal(size=(2, 3))", "x @ A @ x / 2 - b @ x"),
    "inverse of a product": (r"(AC)^{-1}=C^{-1}A^{-1}", SQUARE + "; C = A.T + np.eye(3)", "np.linalg.inv(A @ C)"),
    "determinant of an inverse": (r"\det A^{-1}=\frac1{\det A}", SQUARE, "1 / np.linalg.det(A)"),
    "projection matrix": (r"P=A(A^\top A)^{-1}A^\top", "A = rng.normal(size=(4, 2))", "A @ np.linalg.pinv(A)"),
    "ridge": (r"\mathbf w=(X^\top X+\lambda I)^{-1}X^\top\mathbf y",
              "X = rng.normal(size=(5, 2)); y = rng.normal(size=5); lam = 2.0",
              "np.linalg.solve(X.T @ X + lam * np.eye(2), X.T @ y)"),
    "linear system": (r"A\mathbf x=\mathbf b", SQUARE + "; b = rng.normal(size=3)", "np.linalg.solve(A, b)"),
    "householder": (r"H=I-2\frac{\mathbf v\mathbf v^\top}{\mathbf v^\top\mathbf v}", "v = rng.normal(size=3)",
                    "np.eye(3) - 2 * np.outer(v, v) / (v @ v)"),
    "centring": (r"C=I-\tfrac1n\mathbf 1\mathbf 1^\top", "n = 4; I = np.eye(4)", "np.eye(n) - np.ones((n, n)) / n",
                 {r"\mathbf 1": "np.ones(n)"}),
    "a matrix written out": (r"\mathbf{y}=\begin{pmatrix}\cos t&-\sin t\\\sin t&\cos t\end{pmatrix}\mathbf{x}",
                             "t = rng.normal(); x = rng.normal(size=2)",
                             "np.array([np.cos(t) * x[0] - np.sin(t) * x[1], np.sin(t) * x[0] + np.cos(t) * x[1]])"),
    "two by two determinant": (r"\det A=a_{11}a_{22}-a_{12}a_{21}", "A = rng.integers(-4, 5, (2, 2))",
                               "A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]", {"a": "A"}),
    "eigenvalues": (r"\operatorname{tr}S=\sum_i\lambda_i(S)", "B = rng.normal(size=(3, 3)); S = B @ B.T",
                    "np.linalg.eigvalsh(S).sum()"),
    "spectral norm": (r"\lVert A\rVert_2=\sigma_{\max}(A)", AB, "np.linalg.norm(A, 2)"),
    "spectral norm, unmarked": (r"\lVert A\rVert=\sigma_1(A)", AB, "np.linalg.norm(A, 2)"),
    "frobenius": (r"\lVert A\rVert=\sqrt{\operatorname{tr}(A^\top A)}", AB, "np.linalg.norm(A)"),
    "hadamard": (r"A\odot B^\top", AB, "A * B.T"),
    "softmax by entries": (r"p_k=\frac{\exp(z_k)}{\sum_{l}\exp(z_l)}", "z = rng.normal(size=4)",
                           "np.exp(z) / np.exp(z).sum()"),
    "softmax by columns": (r"\operatorname{softmax}(Z)", "Z = rng.normal(size=(2, 3))",
                           "np.exp(Z) / np.exp(Z).sum(axis=0)"),
    "log likelihood": (r"\log\prod_i p_i=\sum_i\log p_i", "p = rng.uniform(.1, 1, 4)", "np.log(p).sum()"),
    "bits": (r"H=-\sum_i p_i\log_2p_i", PX, "-(p * np.log2(p)).sum()"),
    "class of a row": (r"-\frac1n\sum_{i=1}^n\log P_{i,y_i}", "P = rng.dirichlet([1, 1], 4); y = rng.integers(0, 2, 4)",
                       "-np.log(P[np.arange(4), y]).mean()"),
    "expectation": (r"\mathbb E[X^2]", PX.replace("x =", "X ="), "p @ X**2"),
    "variance, two ways": (r"\operatorname{Var}(X)=\mathbb E[X^2]-\mathbb E[X]^2", "X = rng.integers(0, 9, 5)",
                           "np.var(X)"),
    "sample variance": (r"\operatorname{Var}(x)=\frac{1}{n-1}\sum_{i=1}^n(x_i-\bar x)^2", X, "np.var(x, ddof=1)"),
    "covariance": (r"\operatorname{Cov}(x,y)=\frac1n\sum_i(x_i-\bar x)(y_i-\bar y)", XY,
                   "np.cov(x, y, ddof=0)[0, 1]"),
    "scaled slope": (r"b=\operatorname{Cov}(x,y)/\operatorname{Var}(x)", "x, y = rng.normal(size=(2, 5))",
                     "np.cov(x, y)[0, 1] / np.var(x, ddof=1)"),
    "binomial": (r"P(K=k)=\binom{n}{k}p^k(1-p)^{n-k}", "n, k, p = 6, int(rng.integers(0, 7)), rng.uniform(.1, .9)",
                 "[1, 6, 15, 20, 15, 6, 1][k] * p**k * (1 - p)**(n - k)"),
    "poisson": (r"\frac{\lambda^ke^{-\lambda}}{k!}", "lam, k = rng.uniform(1, 4), 3", "lam**k * np.exp(-lam) / 6"),
    "gaussian with an open slash": (r"e^{-(x-\mu)^2/2\sigma^2}", "x, mu, sigma = rng.normal(size=3)",
                                    "np.exp(-((x - mu) / sigma)**2 / 2)"),
    "half of x": (r"1/2x", "x = rng.normal()", "x / 2"),
    "errors named e": (r"L=\frac1n\sum_ie_i^2", "e = rng.normal(size=4)", "(e**2).mean()"),
    "logistic": (r"\hat y=\sigma(\mathbf w^\top\mathbf x+b)", "w, x = rng.normal(size=(2, 3)); b = .5",
                 "1 / (1 + np.exp(-(w @ x + b)))"),
    "relu layer": (r"\mathbf h=\operatorname{ReLU}(W\mathbf x)", "W = rng.normal(size=(2, 3)); x = rng.normal(size=3)",
                   "np.maximum(W @ x, 0)"),
    "cases": (r"f(x)=\begin{cases}x&x>0\\ax&\text{otherwise}\end{cases}", "x = rng.normal(); a = .1",
              "x if x > 0 else a * x"),
    "indicator": (r"\text{accuracy}=\frac1n\sum_i\mathbb 1[y_i=\hat y_i]",
                  "y, y_hat = rng.integers(0, 2, (2, 6))", "(y == y_hat).mean()"),
    "batch": (r"\frac1{|B|}\sum_{i\in B}x_i", "x = rng.integers(0, 9, 6); B = rng.choice(6, 3, replace=False)",
              "x[B].mean()"),
    "update": (r"\mathbf w\leftarrow\mathbf w-\eta\mathbf g", "w, g = rng.normal(size=(2, 3)); eta = .1",
               "w - eta * g"),
    "moving window": (r"y_i=\tfrac12(x_i+x_{i+1})", X, "(x[:-1] + x[1:]) / 2"),
    "geometric series": (r"\sum_{k=0}^{n}r^k=\frac{1-r^{n+1}}{1-r}", "r, n = rng.uniform(.1, .9), 5",
                         "(1 - r**(n + 1)) / (1 - r)"),
    "derivative of a function": (r"f'(x)=2ax+b", "a, b, x = rng.normal(size=3)\nf = lambda t: a * t**2 + b * t",
                                 "2 * a * x + b"),
    "derivative of an expression": (r"\frac{d}{dx}\sin(ax)=a\cos(ax)", "a, x = rng.normal(size=2)",
                                    "a * np.cos(a * x)"),
    "gradient of an expression": (r"\nabla_{\mathbf x}(\mathbf x^\top A\mathbf x)=(A+A^\top)\mathbf x",
                                  SQUARE + "; x = rng.normal(size=3)", "(A + A.T) @ x"),
    "one-sided limit": (r"\lim_{h\to0}\frac{f(x+h)-f(x)}{h}", "x = rng.normal()\nf = lambda t: t**3", "3 * x**2"),
    "integral": (r"\int_a^bx^2\,dx=\frac{b^3-a^3}3", "a, b = np.sort(rng.normal(size=2))", "(b**3 - a**3) / 3"),
    "best of a grid": (r"\hat\theta=\arg\max_\theta\theta^k(1-\theta)^{n-k}",
                       "n, k = 5, int(rng.integers(1, 5)); theta = np.linspace(.05, .95, 19)",
                       "theta[(theta**k * (1 - theta)**(n - k)).argmax()]"),
    "best of all numbers": (r"\arg\min_m\sum_i(x_i-m)^2", X, "x.mean()"),
    "best class": (r"\hat y=\arg\max_kz_k", "z = rng.normal(size=4)", "z.argmax()"),
    "proportional": (r"q_i\propto p_i^2", "p = rng.dirichlet([1, 1, 1])", "p**2 / (p**2).sum()"),
    "definition after": (r"z_i=\frac{x_i-\mu}{s},\quad\mu=\bar x,\quad s=\sqrt{\operatorname{Var}(x)}",
                         "x = rng.permutation(5) * 2", "(x - x.mean()) / x.std()"),
    "both signs": (r"\det Q=\pm1,\quad\lVert Q\mathbf x\rVert=\lVert\mathbf x\rVert",
                   "s = rng.choice([-1, 1]); Q = np.array([[3, -4 * s], [4, 3 * s]]) / 5; x = rng.normal(size=2)",
                   "np.linalg.norm(Q @ x)"),
    "approximately": (r"f(x+h)\approx f(x)+hf'(x)", "x, h = rng.normal(), .1\nf = lambda t: t**2", "x**2 + 2 * h * x"),
    "a norm in an argument": (r"k(\mathbf x,\mathbf y)=\exp\left(-\gamma\lVert\mathbf x-\mathbf y\rVert^2\right)",
                              "gamma = .5; x, y = rng.normal(size=(2, 3))", "np.exp(-gamma * ((x - y)**2).sum())"),
    "a symbol with another symbol below": (r"\sigma_{\bar x}=\frac{\sigma}{\sqrt n}", "sigma, n = 2.0, 9",
                                           "sigma / np.sqrt(n)"),
    "words behind": (r"y=2x\;\text{if }x\text{ is small}", "x = rng.normal()", "2 * x"),
    "a condition in words": (r"y=x^2\quad\text{(unless }x<0\text{)}", "x = rng.normal()", "x**2"),
    "where": (r"y=2s\text{ where }s=\sum_ix_i", X, "2 * x.sum()"),
    "a definition in brackets": (r"y=2s\quad(s=\sum_ix_i)", X, "2 * x.sum()"),
    "letters that spell a name": (r"\frac{TP}{TP+FN}", "TP, FN = rng.integers(1, 20, 2)", "TP / (TP + FN)"),
    "rows of a matrix": (r"K_{ij}=\mathbf x_i^\top\mathbf x_j", "X = rng.integers(-3, 4, (3, 2))", "X @ X.T",
                         {r"\mathbf x_i": "X"}),
    "columns of a matrix": (r"K_{ij}=\mathbf x_i^\top\mathbf x_j", "X = rng.integers(-3, 4, (3, 2))", "X.T @ X",
                            {r"\mathbf x_i": "X.T"}),
    "thousands": (r"c=299\,792\,458\,t+12~000.5\,t+1 0t", "t = rng.integers(1, 9)", "299804468.5 * t"),
    "an inverse of the sine": (r"\alpha=\sin^{-1}u+\tan^{-1}(u)", "u = rng.uniform(0.1, 0.9)",
                               "np.arcsin(u) + np.arctan(u)"),
    "cases in another language": (r"y=\begin{cases}x&\text{falls }x>4\\2x&\text{sonst}\end{cases}",
                                  "x = rng.integers(1, 9)", "x if x > 4 else 2 * x"),
    "a shape": (r"A\in\mathbb R^{m\times n}", AB, "A.shape"),
    "shapes": (r"(m\times k)(k\times n)\to(m\times n)", "m, k, n = rng.choice(9, 3, replace=False) + 1",
               "(m, n)"),
}  # fmt: skip


@pytest.mark.parametrize("name", AGREES)
def test_a_correct_formula_agrees(name: str) -> None:
    formula, given, numpy, *reads = AGREES[name]
    summary = judged(formula, given, numpy, *reads)
    assert summary.agrees, summary.message


@pytest.mark.parametrize(
    ("formula", "given", "numpy", "ratio"),
    [
        (r"H=-\sum_ip_i\log p_i", PX, "-(p * np.log2(p)).sum()", "0.6931"),
        (r"s^2=\frac1n\sum_i(x_i-\bar x)^2", "x = rng.permutation(5)", "np.var(x, ddof=1)", "0.8"),
        (r"\mathbf x\cdot\mathbf y=\sum_ix_i", XY, "x @ y", ""),
        (r"(AB)_{ij}=\sum_kA_{ik}B_{kj}", "A, B = rng.integers(-4, 5, (2, 2, 2))", "A @ B.T", ""),
        (r"\mathbf y=W\mathbf x-\mathbf b", "W = rng.normal(size=(2, 2)); x, b = rng.normal(size=(2, 2))", "W @ x + b",
         ""),
        (r"q_i\propto p_i", "p = rng.dirichlet([1, 1, 1])", "p**2 / (p**2).sum()", ""),
        (r"\lVert\mathbf x\rVert=\sum_ix_i^2", "x = rng.integers(1, 5, 3)", "np.linalg.norm(x)", ""),
        (r"f'(x)=ax+b", "a, b, x = rng.normal(size=3)\nf = lambda t: a * t**2 + b * t", "2 * a * x + b", ""),
    ],
)  # fmt: skip
def test_a_wrong_formula_is_caught_with_both_values(formula: str, given: str, numpy: str, ratio: str) -> None:
    summary = judged(formula, given, numpy, {})
    assert summary.kind in ("differs", "not checked")
    if summary.kind == "differs":
        assert "formula gives" in summary.message or "differ: " in summary.message
    if ratio:
        assert f"formula = {ratio} × code" in summary.message


@pytest.mark.parametrize(
    ("formula", "given", "numpy", "reason"),
    [
        (r"x y", XY, "x @ y", "two vectors side by side"),
        (r"s=1\tfrac{1}{2}x", "x = 2.0", "x / 2", "two numbers side by side"),
        (r"s=2\,3x", "x = 2.0", "6 * x", "two numbers side by side"),
        (r"s=1\,000\,00x", "x = 2.0", "0.0", "two numbers side by side"),
        (r"s=(2n-1)!!", "n = 2", "720", "a double factorial"),
        (r"s=\ln^{-1}x", "x = 2.0", "1 / np.log(x)", "may be an inverse or a reciprocal"),
        (r"s=\begin{cases}x&\text{day}\\2x&\text{night}\end{cases}", "x = 2.0", "x", "a case needs one condition"),
        (r"s=\begin{cases}x&\text{unless }x>3\\2x&\text{else}\end{cases}", "x = 2.0", "x", "unless"),
        (r"\frac{q}{x}", "x = 2.0", "x", "q is not defined"),
        (r"\sum_i W_{ij}x_j", "W = np.ones((3, 2)); x = np.ones(3)", "x", "j would run over 1..2 and 1..3"),
        (r"(W\mathbf x)_i=\sum_jW_{ij}x_j+b_k", "W = np.ones((2, 2)); x, b = np.ones((2, 2))", "W @ x",
         "the left side is for every i, the right side for every"),
        (r"AB", "A, B = np.ones((2, 3, 4))", "A", "(3, 4) times (3, 4)"),
        (r"\log p q", "p, q = .5, .5", "p", "how far \\log reaches is not clear"),
        (r"\prod_i x_i c", "x = np.ones(3); c = 2", "x", "how far \\prod reaches is not clear"),
        (r"A_{ij}^{-1}", "A = np.eye(2)", "A", "whether the superscript is of the matrix or of its entry"),
        (r"|A|", "A = np.eye(2)", "A", "the bars of an array"),
        (r"\mathbf x^2", "x = np.ones(3)", "x", "a power of a vector"),
        (r"x_{i-1}+x_i", "x = np.ones(3)", "x", "the range of i is not known"),
        (r"s_i=s_{i-1}+x_i", "x = np.ones(3); s = np.ones(3)", "s", "a subscript out of range"),
        (r"\sum_ix_i=", "x = np.ones(3)", "x", "the end stands where an expression is expected"),
        (r"X\sim p", "X = p = 1.0", "X", "words alone"),
        (r"\begin{aligned}x\end{aligned}", "x = 1.0", "x", "\\begin{aligned} is not executed"),
        (r"\sqrt{x}", "x = -1.0", "x", "the root of a negative number"),
        (r"2x", "x = 1.0", "'two'", "the answer is no array of numbers"),
        (r"\sum_{k=0}^{n}k", "n = 10**9", "n", "the bounds 0 and 1e+09"),
        (r"\lim_{n\to\infty}\frac1n", "x = 1.0", "x", "a limit at infinity"),
        (r"W_{ij}+W_{ji}", "W = np.ones((2, 3))", "W", "would run over"),
    ],
)  # fmt: skip
def test_what_may_mean_several_things_or_nothing_is_not_checked(
    formula: str, given: str, numpy: str, reason: str
) -> None:
    summary = judged(formula, given, numpy)
    assert summary.kind == "not checked"
    assert reason in summary.cause.message


@pytest.mark.parametrize(
    ("formula", "given", "numpy", "reads"),
    [
        (r"y=x", "x = rng.normal()", "x", {}),
        (r"d_i=A_{ii}", SQUARE, "np.diag(A)", {}),
        (r"s=\sqrt{\sum_ix_i^2}", X, "np.linalg.norm(x)", {r"\sqrt{\sum_ix_i^2}": "np.linalg.norm(x)"}),
        (r"s=-1/n", "x = rng.normal()", "-3.0", {}),
        (r"p(y\mid x)=f(x)", "x = rng.normal()", "x", {}),
        (r"s=q", "x = rng.normal()", "x", {"q": "answer"}),
        (r"\lVert\mathbf x\rVert^2=\mathbf x^\top\mathbf x", "x = rng.normal(size=3)", "x * 2", {}),
    ],
)  # fmt: skip
def test_a_hollow_agreement_does_not_count(formula: str, given: str, numpy: str, reads: Mapping[str, str]) -> None:
    assert not judged(formula, given, numpy, reads).agrees


def test_a_formula_that_accepts_the_mistake_says_nothing() -> None:
    proportional = judged(r"q_i\propto p_i^2", "p = rng.dirichlet([1, 1, 1])", "p**2 / (p**2).sum()", {}, "p**2")
    assert proportional.mistake
    assert not proportional.agrees
    assert "accepts the value of the mistake" in proportional.message


def test_a_formula_that_refuses_the_mistake_agrees() -> None:
    summary = judged(r"\mathbf x\cdot\mathbf y=\sum_ix_iy_i", XY, "x @ y", {}, "x * y")
    assert summary.agrees
    assert summary.on_card == "value"


def test_the_other_side_of_an_inequation_is_no_answer() -> None:
    given = "z = rng.normal(size=3)\ndef softmax(v):\n    e = np.exp(v)\n    return e / e.sum()"
    formula = r"\operatorname{softmax}(\operatorname{softmax}(\mathbf z))\ne\operatorname{softmax}(\mathbf z)"
    assert judged(formula, given, "softmax(z)", {}, "softmax(softmax(z))").agrees


def test_a_clause_that_was_not_executed_leaves_agreement_in_part() -> None:
    summary = judged(r"\sigma=\sqrt{\frac2n},\quad q=\frac2{n+m}", "n = rng.integers(1, 9)", "np.sqrt(2 / n)", {})
    assert summary.kind == "part"
    assert "m is not defined" in summary.message
    assert not summary.agrees


def test_a_convention_must_hold_on_all_draws() -> None:
    reading = formula_of(r"\operatorname{Var}(x)+0", X)
    draws = drawn(X, "np.var(x)")[:3] + drawn(X, "np.var(x, ddof=1)")[3:]
    assert combine(reading, draws).kind == "differs"


def test_runs_of_draws_are_merged() -> None:
    reading = formula_of(r"\operatorname{Var}(x)+0", X)
    one, other = (combine(reading, drawn(X, code)) for code in ("np.var(x)", "np.var(x, ddof=1)"))
    assert merge([one, one]).draws == 24
    assert merge([one, other]).kind == "not checked"


# ---- numbers of any size

TINY = "c = rng.uniform(1, 9) * 1e-13; x, y = rng.uniform(1, 9, (2, 4)); a, b = rng.uniform(2, 9, 2) * 1e-12"
ZERO = "x, y = rng.integers(-5, 6, (2, 4)) / 7; A = rng.integers(-3, 4, (3, 3)) / 3; n = rng.integers(1, 5)"


@pytest.mark.parametrize(
    ("formula", "right", "wrong"),
    [
        (r"F=\frac{cab}{2}", "c * a * b / 2", "c * a * b / 3"),
        (r"d=a-b", "a - b", "(a - b) * 1.01"),
        (r"\mathbf v=c\mathbf x", "c * x", "c * x**2"),
        (r"s=c\sum_ix_iy_i", "c * (x @ y)", "c * (x * y).max()"),
        (r"s=\sqrt{a^2+b^2}", "np.hypot(a, b)", "a + b"),
        (r"\operatorname{Var}(cx)", "c**2 * x.var()", "c**2 * x.var() * 4 / 3.9"),
        (r"e^{a}-1", "np.expm1(a)", "np.expm1(a) * 2"),
        (r"\int_0^at\,dt", "a**2 / 2", "a**2"),
        (r"\frac{d}{da}\frac1a", "-1 / a**2", "1 / a"),
        (r"\lim_{h\to0}\frac{(a+h)^2-a^2}h", "2 * a", "a"),
        (r"\arg\min_m\sum_i(cx_i-m)^2", "c * x.mean()", "c * np.median(x)"),
    ],
)
def test_nothing_agrees_because_it_is_small(formula: str, right: str, wrong: str) -> None:
    assert judged(formula, TINY, right, {}).kind == "value"
    summary = judged(formula, TINY, wrong, {})
    assert summary.kind == "differs"
    assert "formula gives" in summary.message


@pytest.mark.parametrize(
    "formula",
    [
        r"\sum_i(x_i-\bar x)",
        r"\sin(\pi n)",
        r"\operatorname{Cov}(x,1-x)+\operatorname{Var}(x)",
        r"\det(AA^\top)-(\det A)^2",
        r"\frac{x_1}3-3\frac{x_1}9",
        r"\sqrt{\sum_i(x_i-\bar x)^2-\sum_i(x_i-\bar x)^2}",
        r"\log e^{n/3}-n/3",
        r"\lim_{h\to0}\sin h",
        r"\frac{d}{dn}\cos(\pi n)",
        r"\int_{-n}^ns^3\,ds",
        r"\arg\min_mm^2+0n",
    ],
)
def test_what_rounding_leaves_of_a_zero_is_zero(formula: str) -> None:
    assert judged(formula, ZERO, "0.0", {}).kind == "value"


def test_a_zero_among_large_entries_may_be_rounded() -> None:
    given = "A = rng.integers(1, 5, (3, 3)) * 1e9 + np.eye(3) * 1e10; b = rng.normal(size=3)"
    assert judged(r"A\mathbf x-\mathbf b=0", given, "np.linalg.solve(A, b)", {}).kind == "relation"


# ---- reads


def test_reads_name_leading_axes_by_index_letters() -> None:
    given = "X = rng.integers(-3, 4, (5, 2))"
    formula = r"\Sigma=\frac1{n-1}\sum_i(\mathbf x_i-\bar{\mathbf x})(\mathbf x_i-\bar{\mathbf x})^\top"
    assert judged(formula, given, "np.cov(X, rowvar=False)", {r"\mathbf x_i": "X"}).agrees


def test_factors_that_a_key_takes_together_stand_in_braces() -> None:
    reads = {"D_u f": "g"}
    assert judged(r"y=2{D_u f}x", "g, x = rng.normal(size=2)", "2 * g * x", reads).agrees
    reading = formula_of(r"y=2D_u fx", "g, x = rng.normal(size=2)", reads)
    assert [fault.hint for fault in reading.faults if "in braces: `2{D_u f}`" in fault.hint]


def test_reads_may_say_which_symbol_is_the_answer() -> None:
    given = "A = np.array([[2, 1], [1, 2]]) * rng.integers(1, 5)"
    reads = {r"\mathbf v": "answer", r"\lambda": "3 * A[0, 1]"}
    summary = judged(r"A\mathbf v=\lambda\mathbf v", given, "np.array([1, 1])", reads, "np.array([1, -1])")
    assert summary.agrees
    assert summary.kind == "relation"


@pytest.mark.parametrize(
    ("key", "expression", "message"),
    [
        ("q", "x.smu()", "`.smu` is not available"),
        ("q", "z", '"z" is not defined'),
        ("q", "total", '"total", which `numpy` binds'),
        ("q", "import os", "`import` is not available"),
        ("q", "open('a')", "open"),
        (r"\frac{q", "x", "stands where"),
        ("w", "x", "does not occur in the formula"),
        ("q=1", "x", "is not one expression"),
    ],
)
def test_a_fault_in_reads_names_its_key(key: str, expression: str, message: str) -> None:
    faults = Faults()
    reading = read("q^2", {key: expression}, ["x"], ["total"], faults)
    told = [(fault.key[1], fault.message) for fault in faults.found]
    told += [(fault.key, fault.message) for fault in reading.faults]
    assert any(named == key and message in said for named, said in told)


def test_reads_take_what_numpy_binds_where_they_say_so() -> None:
    reading = read("q^2", {"q": "numpy: total"}, ["x"], ["total"])
    assert not reading.faults
    assert reading.judge(({**names_for_cards(), "x": 1, "total": 3.0}, 9.0, None), ()).kind == "value"


def test_what_numpy_binds_is_not_read_by_itself() -> None:
    reading = read("t^2", {}, ["x"], ["t"])
    assert "t is not defined" in combine(reading, [({**names_for_cards(), "x": 1, "t": 3.0}, 9.0, None)]).message


def test_reads_that_raise_are_not_checked_in_words() -> None:
    summary = judged("q^2", "x = np.ones(3)", "1.0", {"q": "x[7]"})
    assert "reads q: IndexError" in summary.message


def test_the_inputs_that_a_formula_wants_are_told() -> None:
    assert read(r"\lambda\hat y_i", {"c": "b + 1"}, ["a", "b", "lam", "y_hat"]).wants == ("b", "lam", "y_hat")


def test_the_report_says_how_to_make_an_agreement_binding() -> None:
    summary = judged(r"2x", "x = rng.normal()", "2 * x")
    assert summary.report.endswith("add `reads: {}` to make this binding")
    assert judged(r"2q", "x = rng.normal()", "2 * x").hint == "Say in `reads` what it is: {'q': …}, over the inputs."


# ---- mutants

MUTATED = {
    "square dropped": (r"\sum_ix_i^2", X, "(x**2).sum()"),
    "square added": (r"\sum_ix_i", X, "x.sum()"),
    "exponent changed": (r"\sum_ix_i^2", X, "(x**2).sum()"),
    "subscripts swapped": (r"(W^\top)_{ij}=W_{ji}", "W = rng.normal(size=(3, 2))", "W.T"),
    "subscript replaced": (r"y_i=\sum_jW_{ij}x_j", "W = rng.normal(size=(2, 2)); x = rng.normal(size=2)", "W @ x"),
    "subscript dropped": (r"\sum_ix_i", X, "x.sum()"),
    "sign turned": (r"x+y", "x, y = rng.normal(size=2)", "x + y"),
    "minus dropped": (r"-2x", "x = rng.normal()", "-2 * x"),
    "term dropped": (r"\frac1{n-1}\sum_ix_i", X, "x.sum() / 3"),
    "one less": (r"\frac1n\sum_ix_i", X, "x.mean()"),
    "transpose dropped": (r"A^\top B", "A, B = rng.normal(size=(2, 2, 2))", "A.T @ B"),
    "transpose added": (r"AB", "A, B = rng.normal(size=(2, 2, 2))", "A @ B"),
    "factor dropped": (r"xyz", "x, y, z = rng.normal(size=3)", "x * y * z"),
    "factors swapped": (r"AB", "A, B = rng.normal(size=(2, 2, 2))", "A @ B"),
    "number changed": (r"2x", "x = rng.normal()", "2 * x"),
    "upside down": (r"\frac xy", "x, y = rng.normal(size=2)", "x / y"),
    "root dropped": (r"\sqrt{\sum_ix_i^2}", X, "np.linalg.norm(x)"),
    "letter replaced": (r"y_i=\sum_jW_{ij}x_j", "W = rng.normal(size=(2, 2)); x = rng.normal(size=2)", "W @ x"),
    "sum dropped": (r"\sum_ix_i", X, "x.sum()"),
    "operator replaced": (r"\sum_ix_i", X, "x.sum()"),
    "base changed": (r"\log x", "x = rng.uniform(1, 2)", "np.log(x)"),
    "function replaced": (r"\max(0,x)", "x = rng.choice([-2, 3])", "max(0, x)"),
    "function dropped": (r"\log x", "x = rng.uniform(1, 2)", "np.log(x)"),
    "norm changed": (r"\lVert\mathbf x\rVert", "x = rng.normal(size=3)", "np.linalg.norm(x)"),
    "symbol replaced": (r"xy^2", "x, y = rng.normal(size=2)", "x * y**2"),
    "accent dropped": (r"y-\hat y", "y, y_hat = rng.normal(size=2)", "y - y_hat"),
    "stroke dropped": (r"2f'(x)", "x = rng.normal()\nf = lambda t: t**2", "4 * x"),
    "relation turned": (r"\mathbb 1[x>0]y", "x, y = rng.normal(size=2)", "(x > 0) * y"),
    "sizes swapped": (r"(m\times k)(k\times n)\to(m\times n)", "m, k, n = 2, 3, 4", "(m, n)"),
}


def test_every_mutator_is_tried() -> None:
    named: set[str] = set()
    for formula, *_ in [*AGREES.values(), *MUTATED.values()]:
        clauses = parse(formula)
        every = [(number, side) for number, clause in enumerate(clauses) for side in range(len(clause.sides))]
        named |= {mutant.mutator for mutant in mutants_of(clauses, every)}
    assert named == MUTATED.keys()


def mutated(formula: str, given: str, numpy: str) -> MutationReport:
    return mutation_report(formula_of(formula, given), drawn(given, numpy), ())


@pytest.mark.parametrize("mutator", MUTATED)
def test_a_mutant_is_made_and_killed(mutator: str) -> None:
    formula, given, numpy = MUTATED[mutator]
    read = formula_of(formula, given)
    every = [(number, side) for number, clause in enumerate(read.clauses) for side in range(len(clause.sides))]
    assert mutator in {mutant.mutator for mutant in mutants_of(read.clauses, every)}
    report = mutation_report(read, drawn(given, numpy), read.conventions[0])
    assert report.killed
    assert not any(words.startswith(mutator) for words in report.survived), report.survived


def test_symbols_that_the_draws_never_test_are_named() -> None:
    assert mutated("2xc", "x = rng.normal(); c = 1.0", "2 * x").untested == ("c",)


def test_names_before_the_equals_sign_are_not_counted() -> None:
    report = mutated("s^2=2x", "x = rng.normal()", "2 * x")
    assert not any("s^2" in words for words in report.survived)
    assert report.made == report.killed > 0


def test_a_formula_that_does_not_agree_has_no_mutants() -> None:
    assert mutated("3x", "x = rng.normal()", "2 * x").made == 0


# ---- robustness


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 900,
        "(" * 400 + "x" + ")" * 400,
        r"\frac{" * 300 + "x" + "}{2}" * 300,
        "x^{" * 400 + "2" + "}" * 400,
        r"\sqrt" * 400 + "x",
        "-" * 1_900 + "x",
        "x!" * 900,
        "x" + "'" * 1_500,
        "x" + "/x" * 900,
        r"\sum_i" * 300 + "x_i",
        r"\hat" * 400 + "x",
        r"\log" * 400 + "x",
        "|" * 900,
        "x_{" * 600,
        "+".join(["x"] * 900),
        "x^x" * 600,
        "9" * 1_900,
        "2^{9^{9^{9}}}x",
    ],
)
def test_a_nesting_bomb_ends_in_words(bomb: str) -> None:
    began = time.process_time()
    reading = read(bomb, {"x": "x"}, ["x"])
    combine(reading, [({**names_for_cards(), "x": 2.0}, 1.0, None)])
    assert time.process_time() - began < 2


def test_edited_formulas_neither_crash_nor_hang() -> None:
    rng = random.Random(0)
    cases = [(case[0], case[1], case[2]) for case in AGREES.values()]
    prepared = [(formula, drawn(given, numpy, draws=1)[0]) for formula, given, numpy in cases]
    alphabet = "xyAb012ijn{}()[]_^+-=/|&,'!: " + "\\"
    pieces = [r"\sum_i", r"\frac", r"\sqrt", r"\top", r"\log", r"\hat", r"\mid", r"\lVert", r"\rVert", r"\begin{cases}"]
    began = time.process_time()
    for _ in range(5_000):
        formula, (namespace, answer, _) = rng.choice(prepared)
        edited = list(formula)
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(edited) + 1)
            kind = rng.random()
            if kind < 0.4 and place < len(edited):
                del edited[place]
            elif kind < 0.8:
                edited.insert(place, rng.choice(alphabet))
            else:
                edited.insert(place, rng.choice(pieces))
        reading = read("".join(edited), {}, [name for name in namespace if not name.startswith("__") and name != "np"])
        combine(reading, [(namespace, answer, None)])
    assert time.process_time() - began < 20


def test_a_formula_is_never_evaluated_as_code() -> None:
    for formula in ("__import__('os')", r"\text{__import__}(x)", "x.__class__", "lambda: 0"):
        reading = read(formula, {}, ["x"])
        assert combine(reading, [({**names_for_cards(), "x": 2.0}, 1.0, None)]).kind == "not checked"


def test_what_a_tree_says_reads_back_as_the_same_tree() -> None:
    for formula, *_ in AGREES.values():
        clauses = parse(formula)
        if "indicator" in " ".join(map(spelled, clauses)):
            continue  # it has a sign of its own, and a name in messages
        assert parse(",".join(map(spelled, clauses))) == clauses


def test_a_refused_formula_says_where() -> None:
    with pytest.raises(Unread) as refused:
        parse(r"\frac{1}{2}+\oint x")
    assert refused.value.offset == 12
    reading = read(r"\frac{1}{2}+\oint x", None, ["x"])
    assert reading.problem
    assert (reading.problem.message, reading.problem.offset) == ("\\oint is not executed", 12)


def test_a_greedy_function_of_the_card_is_stopped_by_its_error() -> None:
    given = "x = rng.normal()\ndef f(t):\n    return t / 0"
    assert judged("f(x)+1", given, "x").kind == "not checked"

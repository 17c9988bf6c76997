"""Unfriendly draws: what only `given` hides is found, and what is right is left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import eigendeck

Card = Mapping[str, Any]


def card(name: str, formula: str, given: str, numpy: str, check: str, **more: Any) -> Card:
    """A card whose formula binds."""
    return {
        "id": name,
        "concept": name,
        "says": "A sentence.",
        "formula": formula,
        "reads": {},
        "given": given,
        "nice": "off",
        "numpy": numpy,
        "check": check,
        "mistake": {"says": "None."},
        "variants": 1,
        **more,
    }


def written(folder: Path, *cards: Card) -> Path:
    """A deck of some cards."""
    (folder / "deck.yaml").write_text("id: one\ntitle: One\n")
    section = {"section": "One", "cards": [dict(one) for one in cards]}
    (folder / "01-one.yaml").write_text(yaml.safe_dump(section, allow_unicode=True, sort_keys=False, width=10_000))
    return folder


RIGHT: list[Card] = [
    # ---- statistics
    card(
        "mean-deviation",
        r"d=\frac1n\sum_i|x_i-\bar x|",
        "x = rng.integers(0, 12, 6)",
        "np.abs(x - x.mean()).mean()",
        "np.isclose(answer * len(x), sum(abs(v - x.sum() / len(x)) for v in x))",
    ),
    card(
        "geometric-mean",
        r"g=\exp\Bigl(\frac1n\sum_i\log x_i\Bigr)",
        "x = rng.choice([1, 2, 4, 8], 4)",
        "x.prod()**(1 / len(x))",
        "np.isclose(answer**len(x), x.prod())",
    ),
    card(
        "root-mean-square",
        r"r=\sqrt{\frac1n\sum_ix_i^2}",
        "x = rng.integers(1, 9, 5)",
        "np.linalg.norm(x) / np.sqrt(len(x))",
        "np.isclose(answer**2 * len(x), x @ x)",
    ),
    card(
        "median-of-sorted",
        r"m=\frac12(x_2+x_3)",
        "x = np.sort(rng.choice(20, 4, replace=False))",
        "np.median(x)",
        "(x < answer).sum() == (x > answer).sum()",
    ),
    card(
        "rank-correlation",
        r"r=1-\frac{6\sum_i(a_i-b_i)^2}{n(n^2-1)}",
        "a, b = rng.permutation(5) + 1, rng.permutation(5) + 1",
        "np.corrcoef(a, b)[0, 1]",
        "abs(answer) <= 1 + 1e-9",
    ),
    card(
        "bernoulli-likelihood",
        r"\ell=\sum_iy_i\log p+(n-\sum_iy_i)\log(1-p)",
        "y = rng.integers(0, 2, 6); p = rng.choice([.2, .4, .7])",
        "np.log(np.where(y == 1, p, 1 - p)).sum()",
        "answer < 0",
        reads={"n": "len(y)"},
    ),
    card(
        "binary-cross-entropy",
        r"L=-\frac1n\sum_i\bigl(y_i\log p_i+(1-y_i)\log(1-p_i)\bigr)",
        "y = rng.integers(0, 2, 4); p = np.round(rng.uniform(.1, .9, 4), 2)",
        "-np.mean([np.log(q) if t else np.log(1 - q) for t, q in zip(y, p)])",
        "answer > 0",
    ),
    card(
        "count-of-successes",
        r"\hat p=\frac1n\sum_iy_i",
        "y = rng.integers(0, 2, 8)",
        "np.count_nonzero(y) / len(y)",
        "0 <= answer <= 1",
    ),
    card(
        "pooled-variance",
        r"s^2=\frac{(n_1-1)v_1+(n_2-1)v_2}{n_1+n_2-2}",
        "n1, n2 = rng.integers(3, 9, 2); v1, v2 = rng.integers(1, 9, 2).astype(float)",
        "np.average([v1, v2], weights=[n1 - 1, n2 - 1])",
        "min(v1, v2) - 1e-9 <= answer <= max(v1, v2) + 1e-9",
        reads={"n_1": "n1", "n_2": "n2", "v_1": "v1", "v_2": "v2"},
    ),
    card(
        "normal-density-of-a-number",
        r"p=\frac{1}{\sqrt{2\pi\sigma^2}}e^{-(x-\mu)^2/(2\sigma^2)}",
        "x, mu = np.round(rng.normal(size=2), 1); sigma = rng.choice([.5, 1.5, 2.5])",
        "np.exp(-((x - mu) / sigma)**2 / 2) / (sigma * np.sqrt(2 * np.pi))",
        "0 < answer < 1",
    ),
    card(
        "uniform-share",
        r"F=\frac{x-a}{b-a}",
        "a, x, b = np.sort(np.round(rng.uniform(0, 9, 3), 1))",
        "(x - a) / (b - a)",
        "0 <= answer <= 1",
    ),
    card(
        "centred-covariance",
        r"C=\frac1nX^\top X",
        "X = rng.integers(-3, 4, (4, 2)); X = X - X.mean(axis=0)",
        "np.cov(X, rowvar=False, ddof=0)",
        "np.allclose(answer, answer.T)",
        reads={"n": "len(X)"},
    ),
    card(
        "slope-of-a-line",
        r"b=\frac{\sum_i(x_i-\bar x)(y_i-\bar y)}{\sum_i(x_i-\bar x)^2}",
        "x = np.arange(5); y = 2 * x + rng.integers(-2, 3, 5)",
        "np.polyfit(x, y, 1)[0]",
        "np.isclose(answer, np.cov(x, y)[0, 1] / np.var(x, ddof=1))",
    ),
    card(
        "markov-bound",
        r"P\le\frac1{na}\sum_ix_i",
        "x = rng.integers(0, 9, 6); a = rng.integers(3, 7)",
        "(x >= a).mean()",
        "answer <= 1",
        reads={"P": "answer", "n": "len(x)"},
    ),
    card(
        "largest-count",
        r"\hat k=\arg\max_kc_k",
        "c = rng.multinomial(12, [.2, .3, .5])",
        "c.argmax()",
        "c[answer] == c.max()",
        answers=3,
        keep="(c == c.max()).sum() == 1",
    ),
    # ---- probability
    card(
        "marginal",
        r"r_i=\sum_jP_{ij}",
        "P = rng.dirichlet(np.ones(6)).reshape(2, 3)",
        "P.sum(axis=1)",
        "np.isclose(answer.sum(), 1)",
    ),
    card(
        "mutual-information",
        r"I=\sum_{i,j}P_{ij}\log\frac{P_{ij}}{r_ic_j}",
        "P = rng.dirichlet(np.ones(4)).reshape(2, 2); r, c = P.sum(axis=1), P.sum(axis=0)",
        "-(r * np.log(r)).sum() - (c * np.log(c)).sum() + (P * np.log(P)).sum()",
        "answer >= -1e-9",
    ),
    card(
        "complement",
        r"v=p\,a+q\,b",
        "p = rng.choice([.2, .3, .6]); q = 1 - p; a, b = rng.integers(1, 9, 2)",
        "p * a + (1 - p) * b",
        "min(a, b) - 1e-9 <= answer <= max(a, b) + 1e-9",
    ),
    card(
        "one-step-of-a-chain",
        r"q_j=\sum_ip_iT_{ij}",
        "p = rng.dirichlet([1, 1, 1]); T = rng.dirichlet([1, 1, 1], 3)",
        "p @ T",
        "np.isclose(answer.sum(), 1)",
    ),
    card(
        "entropy-by-surprise",
        r"H=-\sum_ip_i\log_2p_i",
        "p = rng.choice([[.5, .25, .25], [.5, .5, 0.], [.25, .75, 0.]])\np = p[p > 0]",
        "np.log2(1 / p) @ p",
        "answer >= 0",
        answers=3,
    ),
    card(
        "expected-value-by-the-tail",
        r"E=\sum_ix_ip_i",
        "x = np.arange(4); p = rng.permutation([.1, .2, .3, .4])",
        "sum(p[k:].sum() for k in range(1, 4))",
        "0 <= answer <= 3",
    ),
    # ---- linear algebra
    card(
        "quadratic-form",
        r"q=\mathbf x^\top A\mathbf x",
        "B = rng.integers(-2, 3, (2, 2)); A = B + B.T; x = rng.integers(-3, 4, 2)",
        "sum(A[i, j] * x[i] * x[j] for i in range(2) for j in range(2))",
        "np.isclose(answer, x @ A @ x)",
    ),
    card(
        "trace-of-eigenvalues",
        r"\sum_i\lambda_i=\operatorname{tr}(A),\quad\lambda_i=\lambda_i(A)",
        "B = rng.integers(-2, 3, (2, 2)); A = B + B.T",
        "np.linalg.eigvalsh(A).sum()",
        "np.isclose(answer, A[0, 0] + A[1, 1])",
    ),
    card(
        "gradient-of-a-quadratic",
        r"\nabla_{\mathbf x}\bigl(\tfrac12\mathbf x^\top A\mathbf x\bigr)=A\mathbf x",
        "B = rng.integers(-2, 3, (2, 2)); A = B @ B.T; x = rng.integers(-3, 4, 2)",
        "A @ x",
        "np.allclose(answer, (A + A.T) @ x / 2)",
    ),
    card(
        "length-after-a-turn",
        r"\ell=\lVert Q\mathbf x\rVert=\lVert\mathbf x\rVert",
        "t = rng.integers(1, 7); Q = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])\n"
        "x = rng.integers(-4, 5, 2)",
        "np.hypot(*(Q @ x))",
        "answer >= 0",
    ),
    card(
        "shadow-on-a-direction",
        r"\mathbf s=(\mathbf u^\top\mathbf x)\mathbf u",
        "u = rng.choice([[.6, .8], [.8, -.6], [0, 1.]]); x = rng.integers(-4, 5, 2)",
        "(u @ x) / (u @ u) * u",
        "np.isclose((x - answer) @ u, 0)",
    ),
    card(
        "distance-to-itself-twice",
        r"P^2\mathbf x=P\mathbf x",
        "v = rng.integers(1, 4, 2); P = np.outer(v, v) / (v @ v); x = rng.integers(-3, 4, 2)",
        "P @ (P @ x)",
        "np.all(np.isfinite(answer))",
    ),
    card(
        "degrees-of-a-graph",
        r"d_i=\sum_jA_{ij}",
        "U = np.triu(rng.integers(0, 2, (4, 4)), 1); A = U + U.T",
        "np.array([np.flatnonzero(row).size for row in A])",
        "answer.min() >= 0",
    ),
    card(
        "diagonal-system",
        r"x_i=\frac{b_i}{D_{ii}}",
        "D = np.diag(rng.integers(1, 5, 3)); b = rng.integers(-4, 5, 3)",
        "np.linalg.solve(D, b)",
        "np.allclose(D @ answer, b)",
    ),
    card(
        "least-squares-with-intercept",
        r"\hat{\mathbf w}=(X^\top X)^{-1}X^\top\mathbf y",
        "X = np.column_stack([np.ones(4), rng.permutation(7)[:4]]); y = rng.integers(0, 9, 4)",
        "np.linalg.lstsq(X, y)[0]",
        "np.isclose((y - X @ answer).sum(), 0)",
    ),
    # ---- calculus
    card(
        "trapezium-rule",
        r"T=h\sum_iv_i-\tfrac12h(v_1+v_5)",
        "x = np.linspace(0, 2, 5); h = x[1] - x[0]; v = rng.integers(0, 9, 5)",
        "np.trapezoid(v, x)",
        "np.isfinite(answer)",
        reads={"h": "x[1] - x[0]"},
    ),
    card(
        "slope-of-a-cube",
        r"\frac{d}{dx}x^3=3x^2",
        "x = rng.choice([-2., -1., .5, 1., 2.])",
        "3 * x * x",
        "answer >= 0",
        answers=3,
    ),
    card(
        "logistic-slope",
        r"\sigma'(z)=\sigma(z)(1-\sigma(z))",
        "z = np.round(rng.normal(), 1)",
        "np.exp(-z) / (1 + np.exp(-z))**2",
        "0 < answer <= .25",
        reads={r"\sigma'(z)": "answer"},
    ),
    # ---- machine learning
    card(
        "one-hot-loss",
        r"L=-\frac1n\sum_i\sum_kY_{ik}\log P_{ik}",
        "Y = np.eye(3, dtype=int)[rng.integers(0, 3, 4)]; P = rng.dirichlet([1, 1, 1], 4)",
        "-np.log(P[np.arange(4), Y.argmax(axis=1)]).mean()",
        "answer > 0",
        reads={"n": "len(Y)"},
    ),
    card(
        "loss-of-labels",
        r"L=-\frac1n\sum_i\log P_{i,y_i}",
        "y = rng.integers(0, 3, 4); P = rng.dirichlet([1, 1, 1], 4)",
        "-np.log(P[np.arange(len(y)), y]).mean()",
        "answer > 0",
    ),
    card(
        "masked-mean",
        r"\bar x=\frac{\sum_im_ix_i}{\sum_im_i}",
        "m = rng.permutation([1, 1, 0, 0, 1]); x = rng.integers(0, 9, 5)",
        "x[m == 1].mean()",
        "x.min() <= answer <= x.max()",
    ),
    card(
        "accuracy",
        r"a=\frac1n\sum_i\mathbb 1[y_i=\hat y_i]",
        "y, y_hat = rng.integers(0, 2, (2, 6))",
        "np.mean(y == y_hat)",
        "0 <= answer <= 1",
    ),
    card(
        "rectifier",
        r"\mathbf h=\max(0,W\mathbf x)",
        "W = rng.integers(-2, 3, (3, 2)); x = rng.integers(-3, 4, 2)",
        "(W @ x) * (W @ x > 0)",
        "answer.min() >= 0",
    ),
    card(
        "shift-of-scores",
        r"p_i=\frac{e^{z_i}}{\sum_je^{z_j}}",
        "z = np.log(rng.permutation([1, 2, 5]))",
        "np.exp(z - z.max()) / np.exp(z - z.max()).sum()",
        "np.isclose(answer.sum(), 1)",
    ),
    card(
        "step-of-momentum",
        r"\mathbf v\leftarrow\beta\mathbf v+(1-\beta)\mathbf g",
        "beta = rng.choice([.5, .9]); v, g = rng.integers(-3, 4, (2, 2))",
        "g + beta * (v - g)",
        "np.all(np.isfinite(answer))",
    ),
    card(
        "embedding-of-tokens",
        r"\mathbf h=\frac1T\sum_tE_{k_t}",
        "E = rng.integers(0, 9, (5, 2)); k = rng.integers(0, 5, 3)",
        "E[k].mean(axis=0)",
        "answer.shape == (2,)",
        reads={"T": "len(k)"},
    ),
    card(
        "squared-distances",
        r"D_{ij}=\lVert\mathbf x_i-\mathbf x_j\rVert^2",
        "X = rng.integers(-3, 4, (3, 2))",
        "((X[:, None] - X)**2).sum(axis=-1)",
        "np.all(np.diag(answer) == 0)",
        reads={r"\mathbf x_i": "X"},
    ),
    card(
        "discounted-sum",
        r"G=\sum_{k=1}^4\gamma^{k-1}r_k",
        "gamma = rng.choice([.5, .8, .9]); r = rng.integers(0, 5, 4)",
        "np.polyval(r[::-1], gamma)",
        "np.isfinite(answer)",
    ),
    card(
        "f-score",
        r"F=\frac{2PR}{P+R}",
        "P, R = rng.choice([.25, .5, .75, .8], 2)",
        "2 / (1 / P + 1 / R)",
        "min(P, R) <= answer + 1e-9 and answer <= max(P, R) + 1e-9",
    ),
    card(
        "weighted-vote",
        r"s=\sum_iw_iy_i",
        "w = rng.dirichlet([1, 1, 1]); y = rng.choice([-1, 1], 3)",
        "w[y == 1].sum() - w[y == -1].sum()",
        "abs(answer) <= 1 + 1e-9",
    ),
    card(
        "gini-impurity",
        r"G=1-\sum_kp_k^2",
        "p = rng.multinomial(10, [.5, .3, .2]) / 10",
        "(p * (1 - p)).sum()",
        "0 <= answer < 1",
    ),
    card(
        "byte-average",
        r"m=\frac1n\sum_ix_i",
        "x = rng.integers(0, 256, 5).astype(np.uint8)",
        "x.mean()",
        "0 <= answer <= 255",
    ),
    card(
        "large-product",
        r"s=\prod_ix_i",
        "x = rng.integers(2, 9, 14)",
        "x.prod()",
        "answer > 0 or answer < 0",
    ),
    # ---- what belongs together, or is what it is, though only `given` says so
    card(
        "statistic-of-a-sample-of-four",
        r"t=\frac{\bar x-\mu}{s/\sqrt n}",
        "x = rng.permutation([1, 3, 4, 8]) + rng.integers(0, 3); mu = rng.integers(0, 5)",
        "(x.mean() - mu) / (x.std(ddof=1) / 2)",
        "np.isfinite(answer)",
        reads={"s": "x.std(ddof=1)", "n": "len(x)"},
    ),
    card(
        "entries-over-their-size",
        r"y_i=\frac{x_i}{\sqrt{\frac1n\sum_jx_j^2}}",
        "x = rng.integers(1, 9, 4)",
        "x / np.linalg.norm(x) * 2",
        "np.all(np.isfinite(answer))",
    ),
    card(
        "observed-and-expected",
        r"q=\sum_i\frac{(O_i-E_i)^2}{E_i}",
        "O = rng.multinomial(30, [.2, .3, .5]); E = np.array([6, 9, 15])",
        "(O**2 / E).sum() - O.sum()",
        "answer >= -1e-9",
    ),
    card(
        "sides-of-a-right-triangle",
        r"c=\sqrt{a^2+b^2}",
        "a, b, c = rng.choice([[3., 4., 5.], [5., 12., 13.], [6., 8., 10.], [8., 15., 17.]])",
        "c",
        "answer > max(a, b)",
        reads={"c": "answer"},
        answers=4,
    ),
    card(
        "crossing-arrows",
        r"s=\lVert\mathbf u\rVert^2+\lVert\mathbf v\rVert^2",
        "u = rng.integers(1, 6, 2); v = rng.integers(1, 4) * np.array([-u[1], u[0]])",
        "((u + v)**2).sum()",
        "answer > 0",
    ),
    card(
        "variance-of-a-portfolio",
        r"v=\mathbf w^\top\Sigma\mathbf w",
        "w = rng.dirichlet([1, 1]); Sigma = np.array([[4, 1], [1, 9]])",
        "w[0]**2 * Sigma[0, 0] + w[1]**2 * Sigma[1, 1] + 2 * w[0] * w[1] * Sigma[0, 1]",
        "answer > 0",
    ),
    card(
        "variance-of-a-sum",
        r"v=\sum_{i,j}C_{ij}",
        "B = rng.integers(-2, 3, (2, 2)); C = B @ B.T",
        "np.trace(C) + 2 * C[0, 1]",
        "answer >= 0",
    ),
    card(
        "energy-of-a-graph",
        r"q=\sum_{i,j}\frac12A_{ij}(x_i-x_j)^2",
        "U = np.triu(rng.integers(0, 2, (3, 3)), 1); A = U + U.T; x = rng.integers(0, 9, 3)",
        "x @ (np.diag(A.sum(axis=1)) - A) @ x",
        "answer >= 0",
    ),
    card(
        "eigenvalue-of-its-parts",
        r"A\mathbf v=\lambda\mathbf v",
        "p, k, low = rng.integers(1, 4, 3); A = low * np.eye(2, dtype=int) + k * np.outer([p, 1], [p, 1])",
        "np.array([p, 1])",
        "answer[1] == 1",
        reads={r"\mathbf v": "answer", r"\lambda": "low + k * (p * p + 1)"},
        answers=3,
    ),
    card(
        "factor-of-a-matrix",
        r"A=LL^\top",
        "L = np.tril(rng.integers(1, 4, (3, 3))); A = L @ L.T",
        "np.linalg.cholesky(A) @ L.T",
        "np.allclose(answer, answer.T)",
    ),
]

# What only an unfriendly draw shows, and the line of `keep` that is the other remedy.
WRONG: list[tuple[Card, str]] = [
    (
        card(
            "transpose-of-a-symmetric-matrix",
            r"\mathbf y=W^\top\mathbf x",
            "B = rng.integers(-2, 3, (2, 2)); W = B + B.T; x = rng.integers(-3, 4, 2)",
            "W @ x",
            "all(answer[i] == sum(W[i, j] * x[j] for j in range(2)) for i in range(2))",
        ),
        "np.allclose(W, W.T)",
    ),
    (
        card(
            "columns-for-rows",
            r"r_i=\sum_jA_{ji}",
            "A = np.array([[1, 2], [2, 1]]) * rng.integers(1, 9)",
            "A.sum(axis=1)",
            "answer.sum() == A.sum()",
        ),
        "np.allclose(A, A.T)",
    ),
    (
        card(
            "square-of-zeros-and-ones",
            r"s=\sum_ix_i^2",
            "x = rng.integers(0, 2, 6)",
            "x.sum()",
            "np.isclose(answer, len(x) * x.mean())",
        ),
        "np.isin(x, [0, 1]).all()",
    ),
    (
        card(
            "absolute-value-of-positive-numbers",
            r"s=\sum_i|x_i|",
            "x = rng.integers(1, 9, 4)",
            "x.sum()",
            "answer == sum(v for v in x)",
        ),
        "(x > 0).all()",
    ),
    (
        card(
            "n-for-one-less",
            r"v=\frac1n\sum_i(x_i-\bar x)^2",
            "a = rng.integers(1, 9); x = np.array([a, a, a])",
            "np.var(x, ddof=1)",
            "answer >= 0",
            answers=1,
        ),
        "np.allclose(x, x[0])",
    ),
    (
        card(
            "solution-of-the-transpose",
            r"A^\top\mathbf x=\mathbf b",
            "a = rng.integers(1, 4); A = np.array([[a, 5], [5, -a]]); b = rng.integers(-4, 5, 2)",
            "np.linalg.solve(A, b)",
            "np.allclose(A @ answer, b)",
        ),
        "np.allclose(A, A.T)",
    ),
    (
        card(
            "square-of-one",
            r"y=c^2x",
            "c = 1.0; x = rng.integers(1, 9)",
            "c * x",
            "np.isclose(answer / x, c)",
        ),
        "c == 1",
    ),
]


def test_what_is_right_is_left_alone(tmp_path: Path) -> None:
    assert len(RIGHT) >= 50
    done = eigendeck("check", written(tmp_path, *RIGHT), "--draws", 20, "--formulas", "--json", cwd=tmp_path)
    result = json.loads(done.stdout)
    assert not [fault for fault in result["faults"] if not fault["warning"]]
    assert all(formula["agrees"] for formula in result["formulas"])
    assert sum(formula["unfriendly"] >= 10 for formula in result["formulas"]) >= 45


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a check says of the wrong cards."""
    deck = written(tmp_path_factory.mktemp("wrong"), *(one for one, _ in WRONG))
    return eigendeck("check", deck, "--draws", 20, cwd=deck, code=1).stderr


@pytest.mark.parametrize("name", [one["id"] for one, _ in WRONG])
def test_what_only_given_hides_is_a_fault_at_the_formula(wrong: str, name: str) -> None:
    (said,) = [line for line in wrong.splitlines() if f" {name}: " in line]
    assert f":12: error: {name}: formula: " in said
    assert "on what `given` draws, but not beyond it: with " in said
    assert "formula gives" in said or "differ: " in said


def test_the_fault_says_both_remedies(wrong: str) -> None:
    hints = [
        line
        for line in wrong.splitlines()
        if line.startswith("    Look for the mistake in the formula or in `numpy` first: ")
    ]
    assert len(hints) == len(WRONG)
    assert all(hint.endswith("say so in a line of `keep`; the drawn numbers stay the same.") for hint in hints)
    assert sum("hide it, for which `np.allclose(W, W.T)` holds." in hint for hint in hints) == 1
    assert sum("hide it, for which `np.isin(x, [0, 1]).all()` holds." in hint for hint in hints) == 1


def test_a_line_of_keep_that_says_what_the_card_relies_on_is_the_other_remedy(tmp_path: Path) -> None:
    deck = written(tmp_path, *({**one, "keep": line} for one, line in WRONG))
    eigendeck("check", deck, "--draws", 20, cwd=tmp_path)


def test_without_unfriendly_draws_nobody_would_see_it(tmp_path: Path) -> None:
    """The guard, switched off: too few draws to vary leave the wrong formulas in agreement."""
    deck = written(tmp_path, *(one for one, _ in WRONG))
    done = eigendeck("check", deck, "--draws", 4, "--formulas", cwd=tmp_path)
    assert f"{len(WRONG)} of {len(WRONG)} formulas bind and agree" in done.stderr
    eigendeck("build", deck, "--out", tmp_path / "out", cwd=tmp_path)


def test_a_formula_that_does_not_bind_is_only_reported(tmp_path: Path) -> None:
    one = {key: value for key, value in WRONG[3][0].items() if key != "reads"}
    done = eigendeck("check", written(tmp_path, one), "--draws", 20, "--formulas", cwd=tmp_path)
    assert "agrees on what `given` draws, but not beyond it: with x = " in done.stderr
    assert "add `reads" not in done.stderr
    assert "0 of 1 formulas bind and agree" in done.stderr


@pytest.mark.parametrize("key", ["keep", "check"])
def test_a_card_that_refuses_every_variation_has_none(tmp_path: Path, key: str) -> None:
    one = card("one", r"s=\sum_ix_i", "x = rng.integers(1, 3, 8)", "x.sum()", "answer == sum(x)")
    (line,) = formulas(written(tmp_path, one))
    assert line["unfriendly"] == 40
    (line,) = formulas(written(tmp_path, {**one, key: "np.isin(x, [1, 2]).all()"}))
    assert line["says"] == "agrees on 20 draws"


def test_code_that_takes_too_long_on_an_unfriendly_draw_is_no_fault(tmp_path: Path) -> None:
    one = card(
        "one",
        r"c=10^m,\quad m=\max_ix_i",
        "x = rng.integers(1, 4, 3)",
        "sum(1 for _ in range(10**int(x.max())))",
        "answer > 0",
        answers=3,
    )
    (line,) = formulas(written(tmp_path, one))
    assert line["says"] == "agrees on 20 draws"


def test_longer_axes_show_what_a_square_hides(tmp_path: Path) -> None:
    one = card(
        "one",
        r"m_j=\frac1d\sum_iX_{ij}",
        "X = rng.integers(-3, 4, (3, 3))",
        "X.mean(axis=0)",
        "np.allclose(X.sum(axis=0), answer * len(X))",
        reads={"d": "X.shape[1]"},
    )
    done = eigendeck("check", written(tmp_path, one), "--draws", 20, cwd=tmp_path, code=1)
    assert "agrees on what `given` draws, but not beyond it" in done.stderr
    right = {**one, "reads": {"d": "len(X)"}}
    eigendeck("check", written(tmp_path, right), "--draws", 20, cwd=tmp_path)


def test_more_draws_make_misprints_visible(tmp_path: Path) -> None:
    one = card("one", r"y=c^2x", "c = 1.0; x = rng.integers(1, 9)", "c * c * x", "np.isclose(answer / c, c * x)")
    (line,) = formulas(written(tmp_path, one))
    assert line["made"] == line["noticed"] > 0
    alone = {**one, "keep": "c == 1"}
    (line,) = formulas(written(tmp_path, alone))
    assert line["noticed"] < line["made"]
    assert any("c^2" in missed for missed in line["missed"])


def test_the_report_is_the_same_each_time(tmp_path: Path) -> None:
    deck = written(tmp_path, *RIGHT[:8])
    assert formulas(deck) == formulas(deck, "--jobs", 1)


def test_the_report_says_how_many_unfriendly_draws_there_were(tmp_path: Path) -> None:
    done = eigendeck("check", written(tmp_path, RIGHT[0]), "--draws", 30, "--formulas", cwd=tmp_path)
    assert "mean-deviation: agrees on 30 draws and 40 unfriendly ones; " in done.stderr


def formulas(deck: Path, *options: object) -> list[dict[str, Any]]:
    """What a check finds of the formulas of a deck."""
    done = eigendeck("check", deck, "--draws", 20, "--formulas", "--json", *options, cwd=deck)
    found: list[dict[str, Any]] = json.loads(done.stdout)["formulas"]
    return found

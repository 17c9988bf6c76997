"""A sheet with boxes of every shape that cards take: short, long, wide, tall, without shapes, with a plot."""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace

import numpy as np

from eigendeck.deck.card_parts import Panel
from eigendeck.deck.schema import DeckMeta
from eigendeck.latex.mathml import mathml
from eigendeck.model import WorkedPanel
from eigendeck.render.box import Box, Sheet, SheetSection


def printed(program: str) -> str:
    """Returns what a program prints, without the last line feed."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(program, {"np": np})
    return output.getvalue().removesuffix("\n")


BARS = """<svg role="img" aria-labelledby="softmax-t" viewBox="0 0 120 80"><title id="softmax-t">Bars: 0.1, 0.3, 0.6 \
once; 0.26, 0.32, 0.43 twice</title><rect width="120" height="80" fill="#fff"/><g fill="#0b5fa5"><rect x="12" y="62" \
width="12" height="8"/><rect x="46" y="46" width="12" height="24"/><rect x="80" y="22" width="12" height="48"/></g>\
<g fill="#e6e6e6" stroke="#333"><rect x="25" y="49" width="12" height="21"/>\
<rect x="59" y="45" width="12" height="25"/>\
<rect x="93" y="36" width="12" height="34"/></g><path d="M6 70H114" stroke="#333"/>\
<text x="10" y="14" font-size="9" fill="#222">once, twice</text></svg>"""

DOT = Box(
    id="dot-product",
    number=1,
    concept="Dot product",
    form="dot product",
    says="Multiplies matching entries and adds them up; positive when the vectors point the same way.",
    shapes="(3,) · (3,) → ()",
    formula=r"\mathbf{x}\cdot\mathbf{y} = \sum_i x_i y_i",
    substituted=(r"5\cdot 5 + 2\cdot 1 + (-1)\cdot 3 = 25 + 2 - 3 = 24",),
    program="x = np.array([5, 2, -1])\ny = np.array([5, 1, 3])\nprint(x @ y)",
    output="24",
    checks=("y·x = 24; positive: acute angle",),
    mistake_code="x * y",
    mistake_shown="[25  2 -3]",
    mistake_says="<code>*</code> multiplies entry by entry and never sums: the result is still a vector.",
)
NORM = Box(
    id="l2-norm",
    number=2,
    concept="Euclidean (L2) norm",
    form="",
    says="The length of a vector: the square root of its dot product with itself.",
    shapes="(3,) → ()",
    formula=r"\lVert\mathbf{x}\rVert_2 = \sqrt{\sum_i x_i^2}",
    substituted=(r"\sqrt{2^2 + (-4)^2 + 4^2} = \sqrt{36} = 6",),
    program="x = np.array([2, -4, 4])\nprint(np.linalg.norm(x))",
    output="6.0",
    checks=("its square is x·x = 36",),
    mistake_code="np.abs(x).sum()",
    mistake_shown="10",
    mistake_says="Summing absolute values gives the L1 norm.",
)
MATVEC = Box(
    id="matvec",
    number=3,
    concept="Matrix-vector product",
    form="dot product",
    says="Each entry is the dot product of one row with the vector.",
    shapes="(3, 2) (2,) → (3,)",
    formula=r"(W\mathbf{x})_i = \sum_j W_{ij}\, x_j",
    substituted=(
        r"2\cdot 4 + (-3)\cdot(-1) = 11",
        r"(-1)\cdot 4 + (-3)\cdot(-1) = -1",
        r"4\cdot 4 + (-3)\cdot(-1) = 19",
    ),
    program="W = np.array([[2, -3], [-1, -3], [4, -3]])\nx = np.array([4, -1])\nprint(W @ x)",
    output="[11 -1 19]",
    checks=("each entry is a row times x",),
    mistake_code="W * x",
    mistake_shown="[[ 8  3]\n [-4  3]\n [16  3]]",
    mistake_says="Broadcasting scales the columns and keeps shape (3, 2); nothing was summed.",
)
SOFTMAX = Box(
    id="softmax",
    number=4,
    concept="Softmax",
    form="softmax",
    says="Turns scores into probabilities: exponentials, divided by their sum.",
    shapes="(3,) → (3,)",
    formula=r"\operatorname{softmax}(\mathbf z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
    substituted=(r"e^{\mathbf z} = [1, 3, 6], \quad \tfrac{1}{10}[1, 3, 6] = [0.1, 0.3, 0.6]",),
    program="z = np.log([1, 3, 6])\ne = np.exp(z - z.max())  # no overflow\nprint((e / e.sum()).round(3))",
    output="[0.1 0.3 0.6]",
    checks=("sums to 1, order kept",),
    mistake_code="softmax(softmax(z))",
    mistake_shown="[0.258 0.316 0.426]",
    mistake_says="Twice also sums to 1, so that check misses it: with 3 classes no entry exceeds e/(e + 2) ≈ 0.576.",
    plot=BARS,
)
BAYES = Box(
    id="bayes-rule",
    number=5,
    concept="Bayes’ rule",
    form="likelihood",
    says=f"Of all that are flagged, the share that has {mathml('A')}.",
    shapes="",
    formula=r"P(A\mid B) = \frac{P(B\mid A)\,P(A)}{P(B)}",
    substituted=(r"\frac{0.9\cdot 0.04}{0.9\cdot 0.04 + 0.15\cdot 0.96} = \frac{0.036}{0.18} = 0.2",),
    program="prior, hit, false_alarm = 0.04, 0.9, 0.15\n"
    "print(round(hit * prior / (hit * prior + false_alarm * (1 - prior)), 3))",
    output="0.2",
    checks=("of 1000: 40 have A, 36 of them flagged; 960 have not, 144 flagged; 36/180",),
    mistake_code="hit",
    mistake_shown="0.9",
    mistake_says="That is P(B | A): the base rate is ignored.",
)
SHAPE = Box(
    id="matrix-shape",
    number=6,
    concept="Shape = (rows, columns)",
    form="",
    says="Rows first, then columns.",
    shapes="(3, 2) → (2,)",
    formula=r"W\in\mathbb R^{m\times n}",
    substituted=(),
    program="W = np.array([[4, 1], [7, 0], [2, 9]])\nprint(W.shape)",
    output="(3, 2)",
    checks=("rows × columns = size: 3 · 2 = 6",),
    mistake_code="W.shape[::-1]",
    mistake_shown="(2, 3)",
    mistake_says="Pictures say width × height; NumPy says rows, then columns.",
)
SVD = Box(
    id="svd-rebuild",
    number=7,
    concept="Rebuild A from its SVD",
    form="linear combination",
    says="A sum of rank-1 layers: each singular value scales one outer product.",
    shapes="(2, 2) (2,) (2, 2) → (2, 2)",
    formula=r"A = U\Sigma V^\top = \sum_i s_i\,\mathbf u_i\mathbf v_i^\top",
    substituted=(
        r"\begin{bmatrix}0.6 & -0.8\\ 0.8 & 0.6\end{bmatrix}\begin{bmatrix}15 & 0\\ 0 & 10\end{bmatrix}"
        r"\begin{bmatrix}0.8 & 0.6\\ -0.6 & 0.8\end{bmatrix} = \begin{bmatrix}12 & -1\\ 6 & 12\end{bmatrix}",
    ),
    program="A = np.array([[12, -1], [6, 12]])\nU, s, Vt = np.linalg.svd(A, full_matrices=False)\n"
    "print((U @ np.diag(s) @ Vt).round(6) + 0.0)",
    output="[[12. -1.]\n [ 6. 12.]]",
    checks=("equals A",),
    mistake_code="U @ s @ Vt",
    mistake_shown="[17.2  5.4]",
    mistake_says="<code>s</code> is a vector, so the product collapses; and NumPy returns Vᵀ: do not transpose again.",
)
BATCH = Box(
    id="linear-layer-batch",
    number=8,
    concept="Linear layer on a batch of rows",
    form="linear combination",
    says="Every row of the batch goes through the same layer.",
    shapes="(2, 2) (2, 2) + (2,) → (2, 2)",
    formula=r"Y = XW^\top + \mathbf 1\mathbf b^\top",
    substituted=(
        r"\begin{bmatrix}1 & 3\\ -1 & 2\end{bmatrix}\begin{bmatrix}2 & 0\\ 1 & -1\end{bmatrix} = "
        r"\begin{bmatrix}5 & -3\\ 0 & -2\end{bmatrix}",
    ),
    program="X = np.array([[1, 3], [-1, 2]])\nW = np.array([[2, 1], [0, -1]])\nb = np.array([0, 2])\n"
    "print(X @ W.T + b)",
    output="[[ 5 -1]\n [ 0  0]]",
    checks=("row 0 equals the layer on row 0",),
    mistake_code="X @ W + b",
    mistake_shown="[[ 2  0]\n [-2 -1]]",
    mistake_says="Without the transpose a square W runs, and is wrong.",
)
ATTENTION = Box(
    id="attention-output",
    number=9,
    concept="Attention output = weighted average of values",
    form="expectation",
    says="Each output row averages the rows of V, with the weights of one row of A.",
    shapes="(3, 3) (3, 2) → (3, 2)",
    formula=r"\operatorname{Attention}(Q,K,V) = \operatorname{softmax}\Bigl(\frac{QK^\top}{\sqrt{d_k}}\Bigr)V",
    substituted=(r"0.1\,[2, 1] + 0.3\,[0, 4] + 0.6\,[5, 0] = [0.2, 0.1] + [0, 1.2] + [3, 0] = [3.2, 1.3]",),
    program="A = np.array([[0.1, 0.3, 0.6], [0.5, 0.4, 0.1], [0.2, 0.3, 0.5]])\n"
    "V = np.array([[2, 1], [0, 4], [5, 0]])\nprint((A @ V).round(3))",
    output="[[3.2 1.3]\n [1.5 2.1]\n [2.9 1.4]]",
    checks=("inside the range of V, row by row",),
    mistake_code="A.T @ V",
    mistake_shown="[[1.2 2.1]\n [1.6 1.9]\n [3.7 1. ]]",
    mistake_says="The columns of A do not sum to 1: no average.",
)
RAISES = Box(
    id="matmul-shape",
    number=10,
    concept="Shape of A B",
    form="",
    says="The inner sizes must be equal and cancel.",
    shapes="(5, 3) (3, 6) → (5, 6)",
    formula=r"(m\times k)(k\times n)\to(m\times n)",
    substituted=(),
    program="A = np.ones((5, 3))\nB = np.ones((3, 6))\nprint((A @ B).shape)",
    output="(5, 6)",
    checks=("3 = 3: the inner sizes cancel",),
    mistake_code="(B @ A).shape",
    mistake_shown="ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
    "(n?,k),(k,m?)->(n?,m?) (size 5 is different from 6)",
    mistake_says="Swapped: the inner sizes 6 and 5 do not match.",
)
BUDGET = Box(
    id="distribution-budget",
    number=11,
    concept="A distribution is a budget of 1",
    form="expectation",
    says="Probabilities are ≥ 0 and sum to 1, so the last one is known once the others are.",
    shapes="",
    formula=r"p_k \ge 0,\quad \sum_k p_k = 1",
    substituted=(r"1 - 0.2 - 0.5 - 0.1 = 0.2",),
    program="p = [0.2, 0.5, 0.1]\nprint(round(1 - sum(p), 3))",
    output="0.2",
    checks=("0.2 + 0.5 + 0.1 + 0.2 = 1",),
    mistake_code="",
    mistake_shown="",
    mistake_says="A density may exceed 1: only areas are probabilities, P(a ≤ X ≤ b) = ∫ p(x) dx.",
)
ENTROPY = Box(
    id="cross-entropy",
    number=12,
    concept="Cross-entropy of the true class",
    form="likelihood",
    says="Minus the log of what the model gave to the truth, on average over the batch; θ is what training moves.",
    shapes="(2, 3) (2,) → ()",
    formula=r"\mathcal L(\theta) = -\frac1n\sum_{i=1}^{n}\log p_\theta(y_i\mid\mathbf x_i)",
    substituted=(r"-\tfrac12(\ln 0.5 + \ln 0.25) \approx \tfrac12(0.693 + 1.386) \approx 1.04",),
    program="P = np.array([[0.5, 0.3, 0.2], [0.25, 0.25, 0.5]])\ny = np.array([0, 1])\n"
    "rows = np.arange(len(y))\nprint(-np.log(P[rows, y]).mean().round(3))  # pick, log, average",
    output="1.04",
    checks=("ln 2 ≈ 0.693: (ln 2 + 2 ln 2)/2 = 1.5 ln 2",),
    mistake_code="-np.log(P.max(axis=1)).mean().round(3)",
    mistake_shown="0.693",
    mistake_says="The largest probability is not the true class’s: this rewards any confident answer.",
)
BOXES = (DOT, NORM, MATVEC, SOFTMAX, BAYES, SHAPE, SVD, BATCH, ATTENTION, RAISES, BUDGET, ENTROPY)
BY_HEART = r"\(\ln 2 \approx 0.693\) · \(\sigma(0) = \tfrac12\) · \(\Phi(1.96) \approx 0.975\)"
PHI = WorkedPanel(Panel(title="By heart", points=(BY_HEART,)), ())


def sheet(*, count: int = 0, boxes: tuple[Box, ...] = BOXES, sections: int = 3) -> Sheet:
    """Returns a sheet of the boxes, repeated under ids of their own up to `count`, spread over sections."""
    every = []
    for place in range(count or len(boxes)):
        copy, which = divmod(place, len(boxes))
        box = boxes[which]
        id_ = f"{box.id}-{copy + 1}" if copy else box.id
        every.append(replace(box, id=id_, number=place + 1, plot=box.plot.replace("softmax-t", f"{id_}-t")))
    size = -(-len(every) // sections)
    titles = (
        "Vectors",
        "Matrices",
        "Inverse, rank, determinant",
        "SVD and eigenvalues",
        "Shapes",
        "Probability",
        "Random variables",
        "Information",
        "Learning",
        "Attention",
    )
    return Sheet(
        DeckMeta(
            id="refresher",
            title="Probability and Linear Algebra Refresher",
            description="Computed cards: every number was worked out by NumPy during the build, by two routes.",
            license="CC BY 4.0",
            version="1.0",
        ),
        seed=7,
        date="2026-11-20",
        sections=tuple(
            SheetSection(
                f"{place + 1:02}",
                titles[place % len(titles)],
                f"{place + 1:02}-section",
                tuple(every[place * size : (place + 1) * size]),
                ("Strang, Introduction to Linear Algebra, ch. 1", "Deisenroth et al., ch. 2"),
            )
            for place in range(sections)
        ),
        panels=(PHI,),
    )

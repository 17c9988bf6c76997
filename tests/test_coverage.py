"""Everything that the deck set out to cover has its card, and the deck holds no card that stands for nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from conftest import CARDS
from decks import loaded

# What a refresher of this mathematics has to say, and where the deck says it.
COVERED = {
    # vectors
    "a vector is a list of numbers: np.array([2.0, -1.0, 0.5])": ["vector-array"],
    "addition, component by component": ["vector-add-scale"],
    "scaling multiplies every entry": ["vector-add-scale"],
    "length as the Euclidean norm: sqrt(sum(x**2)), np.linalg.norm": ["l2-norm"],
    "dot product: np.dot(x, y) is (x * y).sum()": ["dot-product"],
    "dot product measures alignment: positive, zero, negative": ["dot-product", "cosine-similarity"],
    "alignment is the angle, not the length": ["most-aligned-key"],
    # matrices
    "a matrix is a grid; W.shape is (rows, columns)": ["matrix-shape"],
    "matrix times vector: W @ x": ["matvec", "matvec-columns"],
    "each entry is a row of W dot x": ["matvec"],
    "a linear layer computes it; W x + b": ["linear-layer", "linear-layer-batch"],
    "matrix times matrix: inner sizes must agree, the outer ones are the result": ["matmul-shape", "matmul-entry"],
    "thinking of shapes first": ["matmul-shape", "shape-trace"],
    "transpose swaps rows and columns": ["transpose"],
    "from the row of a batch to the column of features": ["linear-layer-batch"],
    "Q K transposed in attention": ["attention-scores"],
    # identity, inverse, rank
    "identity does nothing": ["identity-matrix"],
    "inverse: A times its inverse is I": ["matrix-inverse"],
    "only square, non-degenerate matrices have one": ["determinant-test"],
    "inverses are rarely computed; solve instead": ["solve-not-inverse"],
    "rank counts independent columns": ["matrix-rank"],
    "low rank carries less than its size; LoRA": ["low-rank-update"],
    # singular value decomposition, eigenvectors
    "A = U S V^T, np.linalg.svd": ["svd-shapes", "svd-rebuild"],
    "U and V turn or reflect, and keep lengths": ["orthogonal-matrix"],
    "singular values are not negative": ["singular-values"],
    "large singular values carry most of the energy": ["singular-energy"],
    "low-rank approximation": ["low-rank-approximation"],
    "the engine of PCA": ["pca-by-svd"],
    "A v = lambda v": ["eigenpair"],
    "symmetric matrices: an orthonormal basis of eigenvectors": ["eigenvector-order"],
    "eigenvalues of a covariance are variances; PCA": ["pca-variance-ratio"],
    # shapes
    "(batch, sequence, embedding)": ["split-heads"],
    "(batch, heads, sequence, head size)": ["split-heads", "transformer-shapes"],
    "(batch, classes)": ["shape-trace", "softmax-axis"],
    "annotate the shape after each step": ["shape-trace"],
    "most bugs are shape mismatches": ["broadcast-trap"],
    # distributions
    "a distribution: not negative, sums to 1": ["distribution-budget", "valid-distribution"],
    "softmax makes a distribution of any numbers": ["softmax"],
    "subtract the maximum for stability": ["softmax-stable"],
    "a density describes continuous values": ["density-not-probability"],
    # expectation and variance
    "E[f(X)] = sum p f(x)": ["expectation-of-function"],
    "expectation of a finite distribution: (p * x).sum()": ["expectation"],
    "losses are expectations; training minimises the average loss": ["expected-loss"],
    "Var X = E[(X - E X)^2]": ["variance"],
    "Std X = sqrt(Var X)": ["std-vs-variance"],
    "np.var and np.std in practice": ["sample-variance-ddof", "std-vs-variance"],
    # dependence
    "independent: knowing one tells nothing of the other": ["independence-product", "independent-or-not"],
    "uncorrelated: covariance zero": ["covariance-uncorrelated", "covariance-matrix", "uncorrelated-not-independent"],
    "uncorrelated does not imply independent": ["uncorrelated-not-independent"],
    "Pearson's r from -1 to 1: np.corrcoef(x, y)[0, 1]": ["pearson-correlation"],
    "P(A | B) = P(A and B) / P(B)": ["conditional-probability"],
    "Bayes' rule": ["bayes-rule"],
    "posterior proportional to likelihood times prior": ["posterior-proportional"],
    "MAP is loss plus regulariser": ["map-ridge", "ridge-lambda"],
    # likelihood
    "the likelihood of the observed labels": ["likelihood-product"],
    "cross-entropy maximises the likelihood": ["cross-entropy", "maximum-likelihood"],
    # normal distribution and sampling
    "the normal density": ["normal-density", "gaussian-68"],
    "mean and variance; N(mu, sigma^2) on sight": ["normal-notation"],
    "weight initialisation: He, Xavier": ["he-init"],
    "sums of many factors look normal": ["clt-standard-error"],
    "one seeded generator: default_rng": ["rng-seed"],
    "rng.normal": ["normal-notation"],
    "rng.choice with p": ["sampling-choice"],
    "bootstrap": ["bootstrap-mean"],
    "a batch drawn at each step of SGD": ["minibatch-indices"],
    # calculus
    "the derivative is the slope: up, down, flat": ["derivative-slope", "derivative-sign"],
    "rules for derivatives": ["derivative-rules"],
    "the gradient: partial derivatives in a vector": ["gradient-vector"],
    "it points uphill, steepest": ["gradient-direction"],
    "a step downhill": ["gradient-descent-step"],
    "a learning rate too large makes the loss rise": ["lr-too-large"],
    "PyTorch adds up gradients: zero_grad": ["grad-accumulates"],
    "chain rule": ["chain-rule"],
    "backpropagation reuses what the forward pass computed": ["backprop-reuse", "backprop-two-layers"],
    "ReLU, and where it stops the gradient": ["relu-mask"],
    # attention, and how to look at formulas
    "Q K^T / sqrt(d_k) in code": ["attention-scores", "attention-one-token"],
    "the last two axes of a batch": ["batched-transpose"],
    "attention on three tokens": ["attention-weights", "attention-output", "attention-one-token"],
    "linear combination, dot product, softmax, likelihood or expectation?": ["five-forms"],
    "habit: write the shapes": ["habit-shapes"],
    "habit: plug in tiny numbers": ["habit-tiny-numbers"],
    "habit: compare with the code": ["habit-compare-code"],
    "habit: which of the five forms": ["five-forms", "habit-forms"],
    "attention, transformers and linear regression are made of the same pieces": ["habit-forms"],
    # mistakes that people make
    "mistake: W @ x and W * x mixed up": ["matvec"],
    "mistake: the transpose of Q K^T forgotten": ["qk-transpose", "batched-transpose"],
    "mistake: odds taken for probabilities": ["probability-odds"],
    "mistake: softmax applied twice": ["softmax-twice", "ce-on-softmax"],
    "mistake: variance taken for standard deviation": ["std-vs-variance"],
    "mistake: the shape read after the error instead of before": ["matmul-shape", "shape-trace"],
    "mistake: uncorrelated taken for independent": ["uncorrelated-not-independent"],
    # practice
    "practice: W @ x for (3, 2) and (2,)": ["matvec"],
    "practice: softmax sums to 1": ["softmax"],
    "practice: 10,000 normal values and their histogram": ["normal-notation"],
    "practice: correlation of two vectors with noise": ["pearson-correlation"],
    "practice: drop the smallest singular values and rebuild": ["zero-small-singular"],
    "practice: attention in NumPy, three tokens": ["attention-scores", "attention-output"],
    # patterns of failure
    "failure: formulas without small numbers": ["softmax", "cross-entropy"],
    "failure: mathematics apart from code": ["attention-scores", "batched-transpose"],
}


@cache
def sections() -> dict[str, dict[str, object]]:
    """The section files, as they are written."""
    return {path.stem: loaded(path) for path in sorted(Path(CARDS).glob("[0-9]*.yaml"))}


def ids() -> list[str]:
    """The ids of all cards, in order."""
    return [card["id"] for section in sections().values() for card in section["cards"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("item", COVERED)
def test_each_item_has_a_card(item: str) -> None:
    assert COVERED[item]
    assert set(COVERED[item]) <= set(ids())


def test_each_card_stands_for_an_item() -> None:
    assert set(ids()) == {card_id for cards in COVERED.values() for card_id in cards}


def test_no_id_stands_twice() -> None:
    assert len(ids()) == len(set(ids())) > 70


def test_each_section_says_what_to_read() -> None:
    assert all(section.get("see") for section in sections().values())

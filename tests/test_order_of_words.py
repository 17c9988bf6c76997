"""No technical word is used before the card that explains it, in the order of study."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conftest import CARDS
from decks import loaded

# A technical word, as a regular expression, and the card that explains it.
EXPLAINED = {
    "norm": "l2-norm",
    "dot products?": "dot-product",
    "cosine": "cosine-similarity",
    "transposed?": "transpose",
    "bias": "linear-layer",
    "identity matrix": "identity-matrix",
    "inverse": "matrix-inverse",
    "ranks?": "matrix-rank",
    "low-rank": "low-rank-update",
    "LoRA": "low-rank-update",
    "orthogonal": "orthogonal-matrix",
    "singular values?": "singular-values",
    "SVD": "svd-shapes",
    "eigenvalues?": "eigenpair",
    "eigenvectors?": "eigenpair",
    "central difference": "derivative-slope",
    "derivatives?": "derivative-slope",
    "gradients?": "gradient-vector",
    "gradient descent": "gradient-descent-step",
    "learning rate": "gradient-descent-step",
    "chain rule": "chain-rule",
    "ReLU": "relu-mask",
    "backpropagation": "backprop-reuse",
    "softmax": "softmax",
    "logits?": "softmax",
    "density": "density-not-probability",
    "expectation": "expectation",
    "variance": "variance",
    "standard deviations?": "std-vs-variance",
    "prior": "bayes-rule",
    "posterior": "posterior-proportional",
    "likelihoods?": "posterior-proportional",
    "odds": "probability-odds",
    "covariance": "covariance-uncorrelated",
    "uncorrelated": "covariance-uncorrelated",
    "correlation": "pearson-correlation",
    "PCA": "pca-variance-ratio",
    "tokens?": "qk-transpose",
    "embedding": "split-heads",
    "Gaussian": "normal-density",
    "central limit theorem": "clt-standard-error",
    "bootstrap": "bootstrap-mean",
    "minibatch": "minibatch-indices",
    "stochastic gradient descent": "minibatch-indices",
    "cross-entropy": "cross-entropy",
    "maximum likelihood": "maximum-likelihood",
    "MAP": "map-ridge",
    "ridge": "map-ridge",
    "quer(?:y|ies)": "qk-transpose",
    "(?<=into )heads": "split-heads",
}
# Words that a card uses early on purpose, and why that is no fault.
QUERIES = "quer(?:y|ies)"
MEANT = {
    ("most-aligned-key", QUERIES): "a vector that others are compared with: the name is what is learned there",
    ("linear-layer", QUERIES): "says what the layer will be used for",
    ("solve-not-inverse", "SVD"): "says what to look up in another case",
}

Card = Mapping[str, Any]


def studied() -> list[Card]:
    """The cards in the order of study."""
    sections = [loaded(path) for path in sorted(CARDS.glob("[0-9]*.yaml"))]
    return [card for section in sections for card in section["cards"]]


def texts(card: Card) -> Iterator[str]:
    """What a learner reads of a card: sentences and captions, and no code."""
    mistakes = card.get("mistake", [])
    plot = card.get("plot") or {}
    sentences = [card.get(key) for key in ("concept", "says", "ask", "hint")]
    sentences += [mistake["says"] for mistake in (mistakes if isinstance(mistakes, list) else [mistakes])]
    sentences += [plot.get("ask"), plot.get("says")]
    captions = re.findall(r"#(.*)", card.get("steps", "") + "\n" + card.get("check", ""))
    return (re.sub(r"`[^`]*`|\\\(.*?\\\)", " ", text) for text in (*sentences, *captions) if text)


def too_early(cards: Sequence[Card]) -> list[str]:
    """The words that are used before the card that explains them, with the card that uses them."""
    place = {card["id"]: number for number, card in enumerate(cards)}
    return [
        f"{card['id']}: {word} ({explains})"
        for number, card in enumerate(cards)
        for word, explains in EXPLAINED.items()
        if number < place[explains] and (card["id"], word) not in MEANT
        if any(re.search(rf"\b(?:{word})\b", text, re.IGNORECASE if word.islower() else 0) for text in texts(card))
    ]


def test_no_technical_word_is_used_before_the_card_that_explains_it() -> None:
    assert too_early(studied()) == []


def test_each_word_is_explained_by_the_card_that_is_named() -> None:
    cards = {card["id"]: card for card in studied()}
    unsaid = [
        word
        for word, explains in EXPLAINED.items()
        if not any(re.search(rf"\b(?:{word})", text, re.IGNORECASE) for text in texts(cards[explains]))
    ]
    assert unsaid == []


def test_words_of_a_section_that_moved_behind_its_use_are_found() -> None:
    cards = studied()
    calculus = [card for card in cards if EXPLAINED["gradients?"] == card["id"]]
    found = too_early([card for card in cards if card not in calculus] + calculus)
    assert "minibatch-indices: gradients? (gradient-vector)" in found

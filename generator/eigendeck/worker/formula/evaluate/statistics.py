"""Means, variances and their kind, of data: an array that a plain letter names holds the values of one variable."""

from collections.abc import Callable

import numpy as np

from eigendeck.worker.formula.evaluate.context import SAMPLE, Context
from eigendeck.worker.formula.evaluate.tensors import NOISE, Array, Tensor, divided, mapped
from eigendeck.worker.formula.parser import tree as t
from eigendeck.worker.formula.parser.causes import NotExecuted, Unread
from eigendeck.worker.formula.parser.printer import spelled


def statistic(context: Context, name: str, arguments: tuple[t.Node, ...], node: t.Node) -> Tensor:
    """The mean, variance, standard deviation, covariance or correlation of data.

    The conventions say whether n or n-1 divides, and whether the card's p are the weights.
    """
    found = [context._replace(sampling=True).value(argument) for argument in arguments]
    if name == "cov" and len(found) == 1 and found[0].rank == 2 and not found[0].letters:
        centred = found[0].data - found[0].data.mean(axis=0)
        return Tensor(centred.T @ centred / (len(centred) - _freedom(context)))
    data = [_samples(item, node) for item in found]
    first, last = data[0], data[-1]
    letters = tuple(letter for letter in found[0].letters if letter != SAMPLE)
    pair = name in ("cov", "corr")
    if len(data) != (2 if pair else 1) or (pair and (letters or first.shape != last.shape)):
        raise NotExecuted(node)
    weights = _weights(context, first, node)
    count = first.shape[-1]
    free = 0 if weights is not None else _freedom(context)
    if count <= free:
        raise Unread("the variance of one number")

    def mean(values: Array) -> Array:
        return np.asarray(values.mean(-1) if weights is None else (values * weights).sum(-1))

    def spread(a: Array, b: Array) -> Tensor:
        one, other = a - mean(a)[..., None], b - mean(b)[..., None]
        # What rounding leaves of entries that are all alike, as far as it goes into the products.
        slack = NOISE * np.abs(a).max(), NOISE * np.abs(b).max()
        noise = slack[0] * np.abs(other).max() + slack[1] * np.abs(one).max() + slack[0] * slack[1]
        return Tensor(mean(one * other) * count / (count - free), letters, noise=float(noise))

    results: dict[str, Callable[[], Tensor]] = {
        "mean": lambda: Tensor(mean(first), letters, noise=NOISE * float(np.abs(first).max())),
        "var": lambda: spread(first, first),
        "std": lambda: mapped(np.sqrt, spread(first, first)),
        "cov": lambda: spread(first, last),
        "corr": lambda: divided(spread(first, last), np.sqrt(spread(first, first).data * spread(last, last).data)),
    }
    return results[name]()


def _freedom(context: Context) -> int:
    return 1 if context.known.conventions.get("variance", "n") == "n-1" else 0


def _samples(item: Tensor, node: t.Node) -> Array:
    """The data with the samples on the last axis."""
    if SAMPLE in item.letters and not item.rank:
        return np.moveaxis(item.data, item.letters.index(SAMPLE), -1)
    if item.rank == 1 and not item.special and SAMPLE not in item.letters:
        return item.data
    raise Unread(f"{spelled(node)}: what it runs over is not known")


def _weights(context: Context, data: Array, node: t.Node) -> Array | None:
    if context.known.conventions.get("weights", "equal") == "equal":
        return None
    found = context.raw(t.Symbol("p"))
    if found is None or np.shape(found) != data.shape[-1:]:
        raise Unread(f"{spelled(node)}: its weights are not known")
    return np.asarray(found, dtype=float)

"""How good lists are, for each user and for the titles: accuracy, coverage, concentration, honesty of probabilities."""

from __future__ import annotations

import numpy as np

from .arrays import Doubles, Floats, Ints, best

DISCOUNT = 1 / np.log2(np.arange(2, 102))


def gains(scores: Floats, wanted: Floats, at: int = 10) -> Doubles:
    """NDCG@`at` of each user who has something wanted (binary; the ideal list holds min(wanted, `at`))."""
    some = wanted.any(axis=1)
    top = best(scores[some], at)
    hits = np.take_along_axis(wanted[some], top, axis=1) > 0
    ideal = np.append(0.0, np.cumsum(DISCOUNT[:at]))[np.minimum((wanted[some] > 0).sum(axis=1), at)]
    found: Doubles = (hits * DISCOUNT[: top.shape[1]]).sum(axis=1) / ideal
    return found


def recalls(scores: Floats, wanted: Floats, at: int = 20) -> Doubles:
    """Recall@`at` of each user who has something wanted: hits over all that is wanted."""
    some = wanted.any(axis=1)
    hits = np.take_along_axis(wanted[some], best(scores[some], at), axis=1) > 0
    found: Doubles = hits.sum(axis=1) / (wanted[some] > 0).sum(axis=1)
    return found


def shown(lists: Ints, items: int) -> Ints:
    """How often each item stands in the lists (U x at)."""
    return np.bincount(lists.ravel(), minlength=items).astype(np.int64)


def coverage(counts: Ints) -> float:
    """Share of the items that stand in some list."""
    return float((counts > 0).mean())


def gini(counts: Ints) -> float:
    """0: every item is shown alike; 1: one item only."""
    ordered = np.sort(counts).astype(np.float64)
    n, total = len(ordered), ordered.sum()
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total)) if total else 0.0


def tail_share(counts: Ints, likes: Ints) -> float:
    """Share of all places in lists that go to the least liked items, which hold 20 % of the likes together."""
    order = np.argsort(likes, kind="stable")
    tail = order[np.cumsum(likes[order]) <= 0.2 * likes.sum()]
    return float(counts[tail].sum() / max(1, counts.sum()))


def calibration_errors(chances: Doubles, happened: Doubles, bins: int = 20) -> tuple[float, float]:
    """Expected calibration error: the mean of |promised - happened| over pairs, in bins that promise the same sum; and the same
    as a share of what was promised (0.1: where a hundred hits are promised, ten more or fewer come).

    Bins of the same sum, because in bins of the same number of pairs nearly all would be near zero.
    """
    order = np.argsort(chances)
    promised = np.cumsum(chances[order])
    ends = np.unique(np.append(0, np.searchsorted(promised, promised[-1] * np.arange(1, bins) / bins)))
    ends = ends[ends < len(order)]
    off = float(np.abs(np.add.reduceat(chances[order], ends) - np.add.reduceat(happened[order], ends)).sum())
    return off / len(order), off / float(promised[-1])


def half_width(values: Doubles) -> float:
    """Half the width of a 95 % interval of the mean."""
    return float(1.96 * values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0

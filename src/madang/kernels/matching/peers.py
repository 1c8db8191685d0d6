"""What the kernel is measured beside, in the same run: popularity, BM25 of metadata, item-kNN, plain EASE, and `implicit` ALS.

Each is a function of likes (U x I) that gives scores (U x I); `tuned` chooses among its settings on a slice of what is known.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_array, csr_matrix

from . import ease
from .arrays import Floats, Ints, Sparse, dense
from .features import Features
from .measures import gains

Way = Callable[[Sparse], Floats]


def popularity(likes: Sparse) -> Floats:
    """Everyone is shown what most liked."""
    row: Floats = np.asarray(likes.sum(axis=0), np.float32).ravel()
    return np.broadcast_to(row, likes.shape)


def random(likes: Sparse) -> Floats:
    """Chance."""
    found: Floats = np.random.default_rng(0).random(likes.shape, np.float32)
    return found


def bm25(features: Features) -> Way:
    """A user's liked items as the query, all families' tokens as words (Robertson; k1 = 1.2, b = 0.75)."""
    said = [(matrix > 0).astype(np.float32) for matrix in features.matrices]

    def scores(likes: Sparse) -> Floats:
        found = np.zeros(likes.shape, np.float32)
        for words in said:
            count = np.asarray(words.sum(axis=0)).ravel()
            long = np.asarray(words.sum(axis=1)).ravel()
            rare = np.log(1 + (words.shape[0] - count + 0.5) / (count + 0.5)).astype(np.float32)
            weight = 2.2 / (1 + 1.2 * (0.25 + 0.75 * long / max(1e-9, float(long.mean()))))
            query = dense(likes @ words) * rare
            found += np.asarray((words @ query.T).T, np.float32) * weight.astype(np.float32)
        return found

    return scores


def item_knn(near: int, shrink: float) -> Way:
    """Items by cosine (shrunk) to the `near` neighbours among the items taken."""

    def scores(likes: Sparse) -> Floats:
        together = dense(likes.T @ likes)
        count = np.diag(together).copy()
        np.fill_diagonal(together, 0)
        together /= np.sqrt(np.outer(count, count)) + np.float32(shrink) + np.float32(1e-9)
        if near < len(together):
            edge = np.partition(together, -near, axis=0)[-near]
            together[together < edge] = 0
        return np.asarray(likes @ together, np.float32)

    return scores


def plain_ease(ridge: float) -> Way:
    """EASE without content."""
    return lambda likes: np.asarray(likes @ ease.weights(dense(likes.T @ likes), ridge), np.float32)


def als(factors: int, ridge: float, alpha: float) -> Way:
    """Implicit ALS of the package `implicit`, 15 rounds; raises ImportError where it is not installed."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # the package warns that its threads and the BLAS's are in each other's way
    from implicit.als import AlternatingLeastSquares  # type: ignore[import-not-found,unused-ignore]  # a peer, not a requirement

    def scores(likes: Sparse) -> Floats:
        model = AlternatingLeastSquares(factors=factors, regularization=ridge, alpha=alpha, iterations=15, random_state=1)
        model.fit(csr_matrix(likes), show_progress=False)
        return np.asarray(model.user_factors @ model.item_factors.T, np.float32)

    return scores


KNN = tuple(item_knn(near, shrink) for near in (20, 50, 100, 200) for shrink in (0.0, 10.0, 100.0))
EASE = tuple(plain_ease(ridge) for ridge in (10.0, 30.0, 100.0, 200.0, 300.0, 500.0, 1000.0))


def all_als() -> tuple[Way, ...]:
    """The eight settings that are tried; none where the package is not installed."""
    try:
        return tuple(
            als(f, r, a)
            for f, r, a in (
                (32, 1, 1),
                (64, 1, 1),
                (64, 10, 4),
                (128, 10, 1),
                (128, 20, 4),
                (32, 10, 2),
                (64, 20, 8),
                (128, 50, 10),
            )
        )
    except ImportError:
        return ()


def tuned(ways: Sequence[Way], likes: Sparse, seed: int) -> Way:
    """The way that finds most of a tenth of the likes, learned from the rest (NDCG@10 over 2,000 users)."""
    if len(ways) == 1:
        return ways[0]
    flat = likes.tocoo()
    apart = np.random.default_rng(seed).random(flat.nnz) < 0.1
    left, wanted = (csr_array((flat.data[m], (flat.row[m], flat.col[m])), shape=likes.shape) for m in (~apart, apart))
    users: Ints = np.flatnonzero(np.diff(wanted.indptr) > 0)[:2000]
    asked, barred = dense(wanted[users]), dense(left[users]) > 0
    worth = [float(gains(np.where(barred, -np.inf, way(left)[users]).astype(np.float32), asked).mean()) for way in ways]
    return ways[int(np.argmax(worth))]

"""Items by the items taken before: EASE (Steck, 2019), with what is said of items as further rows of the same equations.

The item-to-item weights B minimise |X - XB|^2 + side * tr(B' K B) + ridge * |B|^2 with a zero diagonal, where K holds how alike
two items are in content. Its solution is closed: with P = (X'X + side K + ridge I)^-1, B = I - P / diag(P).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from .arrays import Floats, Sparse, dense


@dataclass(frozen=True)
class Products:
    """X'X in three parts, so that any weight of refusals is a sum: likes, likes with refusals, refusals (I x I each)."""

    likes: Floats
    mixed: Floats | None
    against: Floats | None

    def of(self, refused: float) -> Floats:
        """X'X for X = likes - refused * against, as a copy."""
        if self.mixed is None or self.against is None or not refused:
            return self.likes.copy()
        found: Floats = self.likes - np.float32(refused) * self.mixed + np.float32(refused**2) * self.against
        return found


def products(likes: Sparse, against: Sparse) -> Products:
    """The products of sparse (U x I) likes and refusals."""
    together = dense(likes.T @ likes)
    if against.nnz == 0:
        return Products(together, None, None)
    mixed = dense(likes.T @ against)
    return Products(together, mixed + mixed.T, dense(against.T @ against))


def weights(gram: Floats, ridge: float, content: Floats | None = None, side: float = 0.0) -> Floats:
    """B (I x I) for X'X = `gram` (which is used up), `content` (I x I) counting `side`."""
    if content is not None and side:
        gram += np.float32(side) * content
    gram[np.diag_indices_from(gram)] += np.float32(ridge)
    inverse = inverted(gram)
    found = np.asarray(-inverse / np.diag(inverse), np.float32)
    found[np.diag_indices_from(found)] = 0
    return found


def inverted(matrix: Floats) -> Floats:
    """The inverse of a symmetric positive definite matrix (Cholesky); where single precision finds none, the pseudo-inverse in
    double."""
    factor, failed = lapack.spotrf(matrix, lower=1)
    half, failed = lapack.spotri(factor, lower=1) if not failed else (factor, failed)
    if not failed and np.isfinite(half).all():
        lower = np.tril(half)
        return np.asarray(lower + np.tril(lower, -1).T, np.float32)
    return np.asarray(np.linalg.pinv(matrix.astype(np.float64), hermitian=True), np.float32)

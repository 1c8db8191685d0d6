"""The shapes that numbers have here."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Sparse = Any  # scipy.sparse.csr_array: SciPy has no types


def dense(matrix: Sparse) -> Floats:
    """A sparse matrix as float32 in full."""
    full: Floats = matrix.astype(np.float32).toarray()
    return full


def best(scores: Floats, most: int) -> Ints:
    """The columns of the `most` highest scores of each row, best first; equal scores by column."""
    most = min(most, scores.shape[1])
    found = np.argpartition(-scores, most - 1, axis=1)[:, :most] if most < scores.shape[1] else np.argsort(-scores, axis=1)
    found = np.sort(found, axis=1)
    order = np.argsort(-np.take_along_axis(scores, found, axis=1), axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1).astype(np.int64)

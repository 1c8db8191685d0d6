"""Lists that do not say the same thing ten times, and what is unlike what one saw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Floats


def varied(scores: Floats, alike: Floats, most: int, variety: float = 0.3) -> list[int]:
    """Maximal marginal relevance (Carbonell and Goldstein, 1998): the next is worth (1 - variety) * its score - variety * how
    alike (T x T, 0 to 1) it is to what is already in the list. `scores` (T) are first brought to 0..1; ties go to the earlier."""
    spread = float(np.ptp(scores)) if len(scores) else 0.0
    worth = (scores - scores.min()) / spread if spread else np.zeros(len(scores), np.float32)
    near, chosen = np.zeros(len(scores), np.float32), list[int]()
    for _ in range(min(most, len(scores))):
        value = (1 - variety) * worth - variety * near
        value[chosen] = -np.inf
        chosen.append(int(np.argmax(value)))
        near = np.maximum(near, alike[chosen[-1]])
    return chosen


def unlike(seen: Sequence[int], alike: Floats, most: int) -> list[int]:
    """Titles least alike (T x T) to anything of `seen`, each also unlike the others in the list (the farthest first)."""
    count = len(alike)
    near = alike[list(seen)].max(axis=0) if len(seen) else alike.mean(axis=0)
    near, chosen = np.asarray(near, np.float32).copy(), list[int]()
    near[list(seen)] = np.inf
    for _ in range(min(most, count - len(set(seen)))):
        chosen.append(int(np.argmin(near)))
        near = np.maximum(near, alike[chosen[-1]])
        near[chosen] = np.inf
    return chosen

"""Every plan of a tiny market, one by one."""

from __future__ import annotations

from itertools import product

import numpy as np

from madang.kernels.matching.assignment import Market, owed


def best(market: Market) -> tuple[int, float]:
    """The fewest meetings below the floors, and the most expected hits among those plans."""
    pairs = np.argwhere(market.gates)
    need, found = owed(market), (10**9, 0.0)
    for chosen in product((0, 1), repeat=len(pairs)):
        taken = np.zeros_like(market.gates)
        taken[tuple(pairs[np.array(chosen, bool)].T)] = True
        if (taken.sum(axis=1) > market.buyer_room).any() or (taken.sum(axis=0) > market.title_room).any():
            continue
        lacks = int(np.maximum(0, need - taken.sum(axis=0)).sum())
        lacks += sum(max(0, group.together - int(taken[:, list(group.members)].sum())) for group in market.groups)
        found = min(found, (lacks, -float(market.chances[taken].astype(float).sum())))
    return found[0], -found[1]

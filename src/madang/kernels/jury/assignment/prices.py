"""What a choice of pairs costs, in points: the same sum that the network minimises, over arrays."""

from __future__ import annotations

import numpy as np

from .ground import Flags, Ground, Ints


def price_of(ground: Ground, chosen: Flags) -> int:
    """Points of all that is not liked in a choice (E, J)."""
    alone = int(ground.price[chosen].sum())
    return alone + int(same_country_price(ground, chosen).sum()) + int(lopsided_price(ground, chosen).sum())


def price_around(ground: Ground, chosen: Flags, rows: Ints, columns: Ints) -> int:
    """The part of `price_of` that changes with pairs of these entries and jurors: for differences."""
    alone = int((ground.price[rows] * chosen[rows]).sum())
    return alone + int(same_country_price(ground, chosen[rows]).sum()) + int(lopsided_price(ground, chosen[:, columns]).sum())


def same_country_price(ground: Ground, chosen: Flags) -> Ints:
    """(E): n readers of one country cost 0 + 1 + ... + (n - 1) times the price."""
    counts = np.stack([chosen[:, ground.home == h].sum(axis=1) for h in range(len(ground.homes))] or [np.zeros(len(chosen), int)])
    total: Ints = ground.problem.aims.same_country * (counts * (counts - 1) // 2).sum(axis=0)
    return total


def lopsided_price(ground: Ground, chosen: Flags) -> Ints:
    """(J): a juror's readings of a main country beyond its fair number, and once more beyond twice that."""
    total = np.zeros(chosen.shape[1], np.int64)
    for country, fair in enumerate(ground.fair.tolist()):
        counts = chosen[ground.main == country].sum(axis=0)
        total += np.maximum(0, counts - fair) + np.maximum(0, counts - 2 * fair)
    return ground.problem.aims.lopsided * total


def compatriots_over(ground: Ground, chosen: Flags) -> bool:
    """Whether an entry has more compatriots among its readers than allowed, locked ones aside."""
    cap = ground.problem.most_compatriots
    if cap is None:
        return False
    counts = (chosen & ground.compatriot).sum(axis=1)
    held = (ground.locked & ground.compatriot).sum(axis=1)
    return bool((counts > np.maximum(cap, held)).any())

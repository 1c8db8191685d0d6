"""Marking titles by inverted lists in compiled code, to see what it would gain over NumPy. The kernel does without."""

from __future__ import annotations

import numba
import numpy as np
from measure import Took, took

from madang.kernels.rights import Ask, Kind, Scan


@numba.njit
def mark(marks, hits, terms, offsets, titles):
    for n in range(len(terms)):
        if hits[terms[n]]:
            for place in range(offsets[n], offsets[n + 1]):
                marks[titles[place]] = True


def compare(scan: Scan, asks: list[Ask], times: int) -> tuple[list[Took], list[Took]]:
    """What stands in the way of each question: with NumPy, and compiled. The marks are asserted equal."""
    plain, fast = [], []
    lists = scan.lists[Kind.RESTRICTION]
    for ask in asks:
        meets, _ = scan.hits(ask)
        one, two = (np.zeros(len(scan.columns.titles), np.bool_) for _ in range(2))
        arguments = (meets, lists.terms, lists.offsets, lists.titles)
        lists.mark(one, meets)
        mark(two, *arguments)
        if (one != two).any():
            raise SystemExit("compiled marks are not NumPy's")
        plain.append(took(lambda one=one, meets=meets: lists.mark(one, meets), times))
        fast.append(took(lambda two=two, given=arguments: mark(two, *given), times))
    return plain, fast

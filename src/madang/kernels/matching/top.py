"""The best titles of every buyer out of all pairs, gated and scored, in bounded memory.

Scores are products of two tables of factors, gates are packed bits; both go block by block, so that no table of all pairs exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .arrays import Bools, Floats, Ints
from .faults import MatchingError

Bits = npt.NDArray[np.uint8]
BUYERS, TITLES = 1024, 4096
"""A block of pairs: its 16 MB stay in the processor's cache between being made and being read, and are used again."""
STEP = 64


class Top(NamedTuple):
    """`items` (B x most), best first, and their `scores`; where fewer pass the gates: -1 and -inf."""

    items: Ints
    scores: Floats


def packed(gates: Bools) -> Bits:
    """Gates (B x T) as bits (B x ceil(T / 8)), an eighth of the memory."""
    return np.packbits(gates, axis=1, bitorder="little")


def passes(asked: Bits, offered: Bits) -> Callable[[slice], Bits]:
    """Gates made on the way: a title passes where it has every property that the buyer asks for.

    `asked` (B x bytes), `offered` (T x bytes): properties as bits. Gives the packed gates of a block of buyers.
    """
    titles = len(offered)
    holds = np.unpackbits(offered, axis=1, bitorder="little").T.astype(bool)  # property x title
    rows = [np.packbits(row, bitorder="little") for row in holds]
    everyone = np.packbits(np.ones(titles, bool), bitorder="little")

    def block(part: slice) -> Bits:
        wants = np.unpackbits(asked[part], axis=1, bitorder="little")
        found = np.tile(everyone, (len(wants), 1))
        for line, wanted in zip(found, wants, strict=True):
            for one in np.flatnonzero(wanted):
                line &= rows[one]
        return found

    return block


def top(
    buyers: Floats,
    titles: Floats,
    gates: Bits | Callable[[slice], Bits] | None = None,
    most: int = 50,
    said: Callable[[int, int], None] | None = None,
) -> Top:
    """The `most` highest of `buyers` (B x d) @ `titles` (T x d)' that pass `gates` (packed, or a function of a block of buyers).

    `said(done, of)` is told of each block of buyers. Raises `MatchingError` where the widths differ.
    """
    if buyers.shape[1] != titles.shape[1]:
        raise MatchingError(f"buyers have {buyers.shape[1]} factors and titles {titles.shape[1]}")
    most = min(most, len(titles))
    found = Top(np.full((len(buyers), most), -1, np.int64), np.full((len(buyers), most), -np.inf, np.float32))
    buyers, across = np.ascontiguousarray(buyers, np.float32), np.ascontiguousarray(titles.T, np.float32)
    room = np.empty(min(BUYERS, len(buyers)) * min(TITLES, len(titles)), np.float32)
    for part in _parts(len(buyers), BUYERS):
        bits = np.zeros((1, 1), np.uint8) if gates is None else gates(part) if callable(gates) else gates[part]
        for some in _parts(len(titles), TITLES):
            shape = part.stop - part.start, some.stop - some.start
            scores = np.matmul(buyers[part], across[:, some], out=room[: shape[0] * shape[1]].reshape(shape))
            _keep(scores, bits, gates is not None, some.start, found.items[part], found.scores[part])
        if said is not None:
            said(part.stop, len(buyers))
    return _sorted(found)


def _parts(count: int, size: int) -> list[slice]:
    return [slice(at, min(at + size, count)) for at in range(0, count, size)]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator,unused-ignore]  # as above
def _replace_root(heap: Floats, names: Ints, score: float, title: int) -> None:
    """Put a score where the worst one was and let it sink."""
    at, most = 0, len(heap)
    while 2 * at + 1 < most:
        child = 2 * at + 1
        if child + 1 < most and (
            heap[child + 1] < heap[child] or (heap[child + 1] == heap[child] and names[child + 1] > names[child])
        ):
            child += 1
        if heap[child] > score or (heap[child] == score and names[child] <= title):
            break
        heap[at], names[at] = heap[child], names[child]
        at = child
    heap[at], names[at] = score, title


@numba.njit(cache=True, nogil=True, fastmath={"nnan", "nsz", "reassoc"})  # type: ignore[untyped-decorator,unused-ignore]  # Numba has no types
def _keep(scores: Floats, bits: Bits, gated: bool, first: int, items: Ints, kept: Floats) -> None:
    """The best of each row into `items` and `kept`: a heap whose root is the worst one kept; ties go to the earlier title.
    `first`: the title of the first column."""
    count = scores.shape[1]
    for row in range(scores.shape[0]):
        line, heap, names = scores[row], kept[row], items[row]
        for start in range(0, count, STEP):
            end = min(start + STEP, count)
            highest = line[start]
            for at in range(start, end):
                highest = max(highest, line[at])
            if highest > heap[0]:
                for at in range(start, end):
                    title = first + at
                    if line[at] > heap[0] and (not gated or (bits[row, title >> 3] >> (title & 7)) & 1):
                        _replace_root(heap, names, line[at], title)


def _sorted(found: Top) -> Top:
    """Best first; equal scores by title, empty places last."""
    order = np.lexsort((found.items, -found.scores), axis=1)
    return Top(np.take_along_axis(found.items, order, axis=1), np.take_along_axis(found.scores, order, axis=1))

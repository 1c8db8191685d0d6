"""Sets of territories, media or languages as integers: one bit a leaf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Leaves:
    """The smallest parts of one dimension, in a fixed order; names above them stand for several.

    `masks`: code -> bits, for leaves and for what contains them. `all`: every leaf.
    """

    def __init__(self, leaves: Iterable[str]) -> None:
        self.leaves = tuple(leaves)
        self.masks: dict[str, int] = {code: 1 << n for n, code in enumerate(self.leaves)}
        self.all = (1 << len(self.leaves)) - 1

    def union(self, codes: Iterable[str]) -> int:
        """The bits of several codes. Raises KeyError for one that is not known."""
        mask = 0
        for code in codes:
            mask |= self.masks[code]
        return mask

    def codes(self, mask: int) -> tuple[str, ...]:
        """The leaves of a set, in the table's order."""
        return tuple(self.leaves[n] for n in bits(mask))


def bits(mask: int) -> Iterator[int]:
    """Positions of the bits that are set, rising."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low

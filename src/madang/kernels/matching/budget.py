"""How much may be tried: work is counted by the sizes of the tables and not timed, so that every machine tries the same."""

from __future__ import annotations

from dataclasses import dataclass

RATE = 20e9
"""Multiplications a second of a small machine that is not busy."""
SORTED, BEGUN = 200.0, 1e8
"""What ranking a pair, and beginning at all, take as many multiplications as."""


@dataclass
class Budget:
    """Multiplications that are `left`."""

    left: float

    @classmethod
    def of(cls, seconds: float) -> Budget:
        """About so many seconds of work."""
        return cls(seconds * RATE)

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    def spend(self, users: int, items: int) -> None:
        """A table of items was inverted and users were scored with it."""
        self.left -= 1.0 * items**3 + users * items**2 + SORTED * users * items + BEGUN

    def share(self, part: float) -> Budget:
        """A part of what is left, taken out of it."""
        given = Budget(part * max(0.0, self.left))
        self.left -= given.left
        return given

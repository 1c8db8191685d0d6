"""What placing a meeting is worth: the one rule, used by the site and by the command line alike."""

from __future__ import annotations


def weight_of(sender_wish: int, receiver_wish: int | None) -> int:
    """The wishes of both sides (1 if room, 2 like, 3 must) multiplied: 1 to 9.

    A product prizes what both want: two likes (4) come before one must that the other merely has room for (3),
    and a must on both sides (9) before anything else. A side that has not said how much counts as "if room".
    """
    return max(sender_wish, 1) * max(receiver_wish or 1, 1)

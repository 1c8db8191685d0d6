"""Made tastes: users like the genres of their group, items are described by genre, year and words."""

from __future__ import annotations

import numpy as np

from madang.kernels.matching import Rows, Table

GENRES = ("crime", "romance", "animation", "documentary")


def tastes(users: int = 120, items: int = 80, seed: int = 3) -> tuple[Rows, Table]:
    """About half of each user's own genre is liked, little of the others; values 1 to 5, times in any order."""
    draw = np.random.default_rng(seed)
    genre, group = np.arange(items) % 4, np.arange(users) % 4
    wanted = np.where(genre[None, :] == group[:, None], 0.55, 0.06)
    seen = draw.random((users, items)) < 0.5
    liked = draw.random((users, items)) < wanted * 1.4
    user, item = np.nonzero(seen)
    value = np.where(liked[user, item], draw.integers(4, 6, len(user)), draw.integers(1, 4, len(user))).astype(float)
    names = tuple(f"u{n}" for n in range(users)), tuple(f"i{n}" for n in range(items))
    table = Table(list(names[1]))
    for n, name in enumerate(names[1]):
        table.say(name, "title", f"Title {n} ({1980 + n % 30})")
        table.say(name, "genres", f"{GENRES[genre[n]]}|{'long' if n % 3 else 'short'}")
    return Rows(*names, user, item, value, draw.permutation(len(user)).astype(float)), table

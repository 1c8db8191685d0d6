"""Texts held against texts: BM25 within a language, a learned bridge between two, and whose words they are.

What a seller writes is counted so that saying a thing oftener or longer, hiding it, or taking another's words gains nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_array, diags_array

from .arrays import Floats, Sparse
from .faults import MatchingError
from .words import counted, tokens

K1, B = 1.2, 0.75
KEPT = 10_000
"""Wishes whose tokens are remembered."""
PASSAGE = 8
"""Tokens in a row that make a passage: two texts that share one did not both invent it."""


@dataclass(frozen=True)
class Index:
    """Texts for BM25 (Robertson and Zaragoza, 2009): `weights` (texts x tokens) hold all but the query."""

    places: dict[str, int]
    weights: Sparse

    def scores(self, queries: Sequence[str]) -> Floats:
        """Scores (queries x texts); each word of a query counts once."""
        row, column = [], []
        for n, query in enumerate(queries):
            asked = sorted({self.places[token] for token in asked_tokens(query) if token in self.places})
            row += [n] * len(asked)
            column += asked
        wanted = csr_array((np.ones(len(row), np.float32), (row, column)), shape=(len(queries), self.weights.shape[1]))
        return np.asarray((wanted @ self.weights.T).toarray(), np.float32)


@lru_cache(maxsize=KEPT)
def asked_tokens(query: str) -> frozenset[str]:
    """The tokens of a wish; the same wishes are held against one title after the other."""
    return frozenset(tokens(query))


def index(texts: Sequence[str]) -> Index:
    """BM25 weights of texts; a word counts three times at most, and the length that divides is the full one."""
    said = [tokens(text) for text in texts]
    counts = [counted(one) for one in said]
    spread = Counter(token for one in counts for token in one)
    places = {token: n for n, token in enumerate(sorted(spread))}
    mean = sum(map(len, said)) / max(1, len(said)) or 1.0
    row, column, weight = [], [], []
    for n, one in enumerate(counts):
        slow = K1 * (1 - B + B * len(said[n]) / mean)
        for token, count in one.items():
            rare = math.log(1 + (len(texts) - spread[token] + 0.5) / (spread[token] + 0.5))
            row.append(n)
            column.append(places[token])
            weight.append(rare * count * (K1 + 1) / (count + slow))
    shape = (len(texts), max(1, len(places)))
    return Index(places, csr_array((np.array(weight, np.float32), (row, column)), shape=shape))


@dataclass(frozen=True)
class _Space:
    """Tokens of one language with their rarity; texts become rows of length 1."""

    places: dict[str, int]
    rare: Floats

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Space:
        spread = Counter(token for text in texts for token in set(tokens(text)))
        kept = sorted(token for token, count in spread.items() if count <= max(2, 0.5 * len(texts)))
        rare = np.array([math.log(1 + len(texts) / spread[token]) for token in kept], np.float32)
        return cls({token: n for n, token in enumerate(kept)}, rare)

    def rows(self, texts: Sequence[str]) -> Sparse:
        row, column, weight = [], [], []
        for n, text in enumerate(texts):
            for token, count in counted(tokens(text)).items():
                if token in self.places:
                    row.append(n)
                    column.append(self.places[token])
                    weight.append((1 + math.log(count)) * self.rare[self.places[token]])
        found = csr_array((np.array(weight, np.float32), (row, column)), shape=(len(texts), max(1, len(self.places))))
        long = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        return (diags_array(1 / np.maximum(long, 1e-9).astype(np.float32)) @ found).tocsr()


@dataclass(frozen=True)
class Bridge:
    """Ridge regression from texts in one language to the same texts in another (`known` pairs), in closed form."""

    source: _Space
    target: _Space
    from_known: Sparse
    to_known: Sparse
    solved: Floats

    def scores(self, queries: Sequence[str], texts: Sequence[str]) -> Floats:
        """Likeness (queries x texts) of queries in the first language and texts in the second: the cosine, -1 to 1."""
        pulls = np.asarray((self.source.rows(queries) @ self.from_known.T).toarray(), np.float32) @ self.solved
        reached = pulls @ self.to_known
        long = np.maximum(np.linalg.norm(reached, axis=1, keepdims=True), 1e-9)
        return np.asarray((self.target.rows(texts) @ (reached / long).T).T, np.float32)


def bridge(sources: Sequence[str], targets: Sequence[str], ridge: float = 1.0) -> Bridge:
    """A bridge learned from parallel texts (the n-th source says what the n-th target says).

    Raises `MatchingError` where they are not as many, or none.
    """
    if len(sources) != len(targets) or not sources:
        raise MatchingError("a bridge needs as many sources as targets, and at least one pair")
    source, target = _Space.of(sources), _Space.of(targets)
    left, right = source.rows(sources), target.rows(targets)
    kernel = np.asarray((left @ left.T).toarray(), np.float64) + ridge * np.eye(len(sources))
    return Bridge(source, target, left, right, np.linalg.inv(kernel).astype(np.float32))


def own_words(
    texts: Sequence[str],
    owners: Sequence[str] | None = None,
    *,
    cut: Callable[[str], list[str]] = tokens,
    passage: int = PASSAGE,
    common: int | None = None,
) -> list[str]:
    """Each text's tokens, in the order of coming, without the passages that stand in an earlier text of another owner.

    A passage is `passage` tokens in a row, as `cut` gives them; what `common` owners or more say is nobody's. Give the result to
    `index` and the rest instead of what was written.
    """
    by = list(owners) if owners is not None else [str(n) for n in range(len(texts))]
    said = [cut(text) for text in texts]
    whose: dict[tuple[str, ...], dict[str, None]] = {}
    for one, owner in zip(said, by, strict=True):
        for begun in range(len(one) - passage + 1):
            whose.setdefault(tuple(one[begun : begun + passage]), {})[owner] = None
    taken = {run: next(iter(all_)) for run, all_ in whose.items() if len(all_) > 1 and (common is None or len(all_) < common)}
    return [" ".join(_kept(one, owner, passage, taken)) for one, owner in zip(said, by, strict=True)]


def _kept(said: list[str], owner: str, passage: int, taken: dict[tuple[str, ...], str]) -> list[str]:
    """Tokens outside of passages that were another's first (`taken`: passage to its first owner)."""
    gone = [False] * len(said)
    for begun in range(len(said) - passage + 1):
        if taken.get(tuple(said[begun : begun + passage]), owner) != owner:
            gone[begun : begun + passage] = [True] * passage
    return [token for token, out in zip(said, gone, strict=True) if not out]

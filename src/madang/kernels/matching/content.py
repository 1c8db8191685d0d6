"""What is said of titles turned into who will like them: kernel ridge regression from content to tastes.

Two items are as alike as their families say: K0 = sum of share * (cosine in the family), K = K0 + both * K0^2, where the square
counts what agrees in several families at once. A title that nobody took yet gets the taste of those like it. Left-one-out
predictions are closed, so the shares and the ridge are chosen by how well each known item would have been ranked while new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from .arrays import Floats, Ints
from .budget import Budget
from .ease import inverted
from .features import Features
from .measures import gains

TOGETHER = "together"
"""The name of what several families say at once."""


@dataclass(frozen=True)
class Setting:
    """`shares` of the families (adding up to 1), `both` of their square, `ridge`."""

    shares: tuple[float, ...]
    both: float = 1.0
    ridge: float = 2.0


@dataclass(frozen=True)
class Content:
    """Fitted: `solved` (I x I) is (K + ridge I)^-1 of the known items `features`."""

    features: Features
    setting: Setting
    solved: Floats

    def known(self, tastes: Floats) -> Floats:
        """What each known item would have been given while new (U x I), from `tastes` (U x I)."""
        return left_out(self.solved, tastes)

    def new(self, tastes: Floats, titles: Features) -> Floats:
        """Scores (U x T) of titles that nobody took, by `tastes` (U x I)."""
        base, middle = _pulls(self.solved, tastes)
        return np.asarray(middle + base @ mixed(likeness(self.features, titles), self.setting), np.float32)

    def parts(self, taste: Floats, titles: Features) -> dict[str, Floats]:
        """One taste's (I) scores of titles taken apart by family; with `base` they add up to `new`."""
        base, middle = _pulls(self.solved, taste[None, :])
        alike = likeness(self.features, titles)
        names = [family.name for family in titles.families]
        found = {
            name: np.asarray(share * (base @ one)[0], np.float32)
            for name, share, one in zip(names, self.setting.shares, alike, strict=True)
        }
        whole = sum_of(alike, self.setting.shares)
        found[TOGETHER] = np.asarray(self.setting.both * (base @ (whole * whole))[0], np.float32)
        found["base"] = np.full(len(titles.items), middle[0, 0], np.float32)
        return found


def likeness(known: Features, titles: Features) -> list[Floats]:
    """Cosines (I x T) of known items and titles, family by family."""
    return [np.asarray((one @ other.T).toarray(), np.float32) for one, other in zip(known.matrices, titles.matrices, strict=True)]


def sum_of(alike: list[Floats], shares: tuple[float, ...]) -> Floats:
    """The families' cosines, weighted."""
    found = np.zeros_like(alike[0])
    for share, one in zip(shares, alike, strict=True):
        if share:
            found += np.float32(share) * one
    return found


def mixed(alike: list[Floats], setting: Setting) -> Floats:
    """K from the families' cosines."""
    whole = sum_of(alike, setting.shares)
    return whole + np.float32(setting.both) * whole * whole if setting.both else whole


def left_out(solved: Floats, tastes: Floats) -> Floats:
    """Predictions (U x I) for each item from all others: the closed form of leaving one out."""
    base, _ = _pulls(solved, tastes)
    return np.asarray(tastes - base / np.diag(solved), np.float32)


def fitted(features: Features, setting: Setting, alike: list[Floats] | None = None) -> Content:
    """Content with this setting."""
    kernel = mixed(likeness(features, features) if alike is None else alike, setting)
    return Content(features, setting, _solved(kernel, setting.ridge))


def _solved(kernel: Floats, ridge: float) -> Floats:
    kernel[np.diag_indices_from(kernel)] += np.float32(ridge)
    return inverted(kernel)


def _pulls(solved: Floats, tastes: Floats) -> tuple[Floats, Floats]:
    middle: Floats = tastes.mean(axis=1, keepdims=True)
    return np.asarray((tastes - middle) @ solved, np.float32), middle


@dataclass(frozen=True)
class Trial:
    """What settings are tried on: `tastes` and `likes` (U x I) of some users, `draws` of items that count as the new ones."""

    tastes: Floats
    likes: Floats
    draws: tuple[Ints, ...]

    @classmethod
    def of(cls, tastes: Floats, likes: Floats, seed: int) -> Trial:
        """Three draws of a fifth of the items."""
        items = tastes.shape[1]
        some = max(min(items, 20), items // 5)
        draws = (np.sort(np.random.default_rng(seed + n).permutation(items)[:some]) for n in range(3))
        return cls(tastes, likes, tuple(draws))

    def worth(self, alike: list[Floats], setting: Setting) -> float:
        """NDCG@10 of the left-one-out scores among the items of each draw, averaged."""
        found = left_out(_solved(mixed(alike, setting), setting.ridge), self.tastes)
        return float(np.mean([gains(found[:, draw], self.likes[:, draw]).mean() for draw in self.draws]))


def chosen(features: Features, trial: Trial, budget: Budget, said: Callable[[str], None]) -> Setting:
    """The best setting found by changing one thing at a time until nothing helps or the `budget` is spent."""
    alike = likeness(features, features)
    here = Setting(_shares([_start(family.kind) for family in features.families]))
    worth = trial.worth(alike, here)
    for _ in range(3):
        before = worth
        for step in _neighbours(len(alike)):
            if budget.is_spent:
                return here
            budget.spend(*trial.tastes.shape)
            other = step(here)
            found = trial.worth(alike, other)
            if found > worth + 1e-5:
                here, worth = other, found
                said(f"content: NDCG@10 {worth:.4f} for items while new")
        if worth < before + 1e-4:
            break
    return here


def _start(kind: str) -> float:
    return {"label": 2.0, "number": 2.0, "words": 1.0}[kind]


def _shares(much: list[float]) -> tuple[float, ...]:
    total = sum(much) or 1.0
    return tuple(one / total for one in much)


def _neighbours(families: int) -> Iterator[Callable[[Setting], Setting]]:
    """Steps from wherever one stands when the step is taken."""
    yield from (partial(_ridge, factor) for factor in (3.0, 1 / 3, 3.0))
    yield from (partial(_both, value) for value in (3.0, 0.3, 0.0, 10.0))
    if families > 1:
        yield from (partial(_share, family, factor) for family in range(families) for factor in (2.5, 0.3, 0.0))


def _ridge(factor: float, setting: Setting) -> Setting:
    return replace(setting, ridge=setting.ridge * factor)


def _both(value: float, setting: Setting) -> Setting:
    return replace(setting, both=value)


def _share(family: int, factor: float, setting: Setting) -> Setting:
    return replace(setting, shares=_scaled(setting.shares, family, factor))


def _scaled(shares: tuple[float, ...], family: int, factor: float) -> tuple[float, ...]:
    much = [share * (factor if n == family else 1.0) for n, share in enumerate(shares)]
    return _shares(much) if sum(much) > 0 else shares

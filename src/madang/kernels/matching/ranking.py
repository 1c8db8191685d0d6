"""Who would want which title: fitted on who took what and on what is said of the titles, then asked for scores and reasons.

    model = fit(interactions, features)
    model.scores(likes, against)          # (users x items); items in the order of model.items
    model.new_scores(likes, new_titles)   # titles that nobody took yet
    model.reasons(likes, 0, item)         # what a score is made of; the parts add up to it

Items with many likes go by the items taken before (`ease`), items with few by their content (`content`), those between by both.
What a buyer refused comes last for her, and tells like the rest what she looks at. Same input and seed, same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from . import content, ease
from .arrays import Bools, Floats, Ints, Sparse, dense
from .budget import Budget
from .calibration import Chance, Curve, curve
from .content import Content, Trial
from .features import Features
from .likes import Interactions
from .measures import gains

MOST_WARM = 8_000
"""Items by which tastes are told: beyond them only the most liked (the matrices grow with the square)."""
SEEN_BY = 1_200
"""Users on which settings are tried."""
TRIED = 1_000
"""Items on which the setting of content is tried."""
SLICE, HIDDEN = 0.25, 0.1
AGAIN = 10.0
"""What a score loses where she refused the title: more than scores differ by."""
Said = Callable[[str], None]


@dataclass(frozen=True)
class Setting:
    """`ridge` and `side` of EASE, how much a refusal counts against titles like it (`refused`; below 0: for them, since she
    looked at it), likes at which content counts half (`half`)."""

    ridge: float = 100.0
    side: float = 0.0
    refused: float = 0.0
    half: float = 1.0
    content: content.Setting | None = None


@dataclass(frozen=True)
class Reason:
    """A part of a score: `kind` is `taken` (`what`: an item taken or refused before), `content` (`what`: a family) or `refused`
    (this very item was), and how much."""

    kind: str
    what: str
    much: float


@dataclass(frozen=True)
class Model:
    """`weights` (I x I) from items taken to items scored; `tastes` (I x I) smooth likes for content; `known` (I): likes."""

    items: tuple[str, ...]
    setting: Setting
    weights: Floats
    tastes: Floats
    known: Ints
    content: Content | None = None
    warm_curve: Curve | None = None
    cold_curve: Curve | None = None

    def scores(self, likes: Sparse, against: Sparse | None = None) -> Floats:
        """Scores (U x I) for histories `likes`, `against` (U x I), also of buyers whom the model never saw."""
        signed = self._signed(likes, against)
        found = np.asarray(signed @ self.weights, np.float32)
        if self.content is not None:
            share = self._share()
            found = np.asarray(share * found + (1 - share) * self.content.known(signed @ self.tastes), np.float32)
        if against is not None:
            found[against.nonzero()] -= np.float32(AGAIN)
        return found

    def new_scores(self, likes: Sparse, titles: Features, against: Sparse | None = None) -> Floats:
        """Scores (U x T) of titles that nobody took yet, by content alone; 0 where nothing is said of titles."""
        if self.content is None:
            return np.zeros((likes.shape[0], len(titles.items)), np.float32)
        return self.content.new(self._signed(likes, against) @ self.tastes, titles)

    def chances(self, scores: Floats, likes: Sparse, known: Ints) -> Chance:
        """Probabilities of scores from `scores` or (`known` all 0) `new_scores`, with their 90 % intervals."""
        chosen = self.cold_curve if not known.any() and self.cold_curve is not None else self.warm_curve
        if chosen is None:
            raise ValueError("the model was fitted without calibration")
        return chosen.chances(scores, np.diff(likes.tocsr().indptr), known)

    def reasons(self, likes: Sparse, user: int, item: int, against: Sparse | None = None) -> list[Reason]:
        """What `scores` gave a user for an item, the largest part first; the parts add up to the score."""
        row = likes[[user]]
        signed = self._signed(row, None if against is None else against[[user]]).tocsr()
        share = 1.0 if self.content is None else float(self._share()[item])
        found = [
            Reason("taken", self.items[i], share * float(v) * float(self.weights[i, item]))
            for i, v in zip(signed.indices, signed.data, strict=True)
        ]
        if self.content is not None and share < 1:
            found += self._content_reasons(signed, item, 1 - share)
        if against is not None and against[[user], [item]][0]:
            found.append(Reason("refused", self.items[item], -AGAIN))
        return sorted(found, key=lambda reason: -abs(reason.much))

    def new_reasons(self, likes: Sparse, user: int, titles: Features, title: int, against: Sparse | None = None) -> list[Reason]:
        """The same for `new_scores`: how much each family of content counts."""
        if self.content is None:
            return []
        signed = self._signed(likes[[user]], None if against is None else against[[user]])
        parts = self.content.parts((signed @ self.tastes)[0], titles.rows([title]))
        return sorted((Reason("content", name, float(much[0])) for name, much in parts.items()), key=lambda r: -abs(r.much))

    def _content_reasons(self, row: Sparse, item: int, share: float) -> list[Reason]:
        """Left-one-out has no closed parts: the parts of the item as if it were new, stretched to its left-one-out score."""
        assert self.content is not None  # noqa: S101  # asked only where there is content
        taste = (row @ self.tastes)[0]
        whole = float(self.content.known(taste[None, :])[0, item])
        parts = self.content.parts(taste, self.content.features.rows([item]))
        base = float(parts.pop("base")[0])
        total = sum(float(much[0]) for much in parts.values())
        stretch = (whole - base) / total if abs(total) > 1e-9 else 0.0
        rest = 0.0 if stretch else whole - base
        found = [Reason("content", name, share * stretch * float(much[0])) for name, much in parts.items()]
        return [*found, Reason("content", "base", share * (base + rest))]

    def _signed(self, likes: Sparse, against: Sparse | None) -> Sparse:
        if against is None or not self.setting.refused or against.nnz == 0:
            return likes
        return likes - self.setting.refused * against

    def _share(self) -> Floats:
        found: Floats = (self.known / (self.known + self.setting.half)).astype(np.float32)
        return found


def fit(
    known: Interactions,
    features: Features | None = None,
    *,
    seed: int = 0,
    seconds: float = 120.0,
    late: Sparse | None = None,
    said: Said | None = None,
) -> Model:
    """A model of `known`; `features` are of the same items in the same order.

    Settings are chosen on a slice of `known`: a quarter of each user's rows, or those of `late` (U x I) where the future is asked
    for, and all rows of a tenth of the items. The same slice calibrates. `seconds` is how much work that may be, counted and
    not timed (`Budget`), so that a busy machine chooses the same. `said` is told of it.
    """
    tell = said or (lambda _: None)
    if len(known.items) > MOST_WARM:
        kept = np.sort(np.argsort(-_count(known.likes), kind="stable")[:MOST_WARM])
        known = Interactions(known.users, tuple(known.items[n] for n in kept), known.likes[:, kept], known.against[:, kept])
        features = None if features is None else features.rows([int(n) for n in kept])
        late = None if late is None else late[:, kept]
    if features is not None and not features.families:
        features = None
    part = _Slice.of(known, seed, late)
    setting = _chosen(part, features, Budget.of(seconds), tell, seed)
    tell("calibrating")
    tried = fit_with(part.left, features, setting)
    curves = _curves(tried, part, seed)
    tell("fitting on everything")
    model = fit_with(known, features, setting)
    return replace(model, warm_curve=_grown(curves[0], tried, model, part), cold_curve=_grown(curves[1], tried, model, part))


def fit_with(known: Interactions, features: Features | None, setting: Setting) -> Model:
    """A model with these settings, without calibration."""
    products = ease.products(known.likes, known.against)
    tastes = _tastes(products, setting)
    kernel, fitted = None, None
    if features is not None and setting.content is not None:
        alike = content.likeness(features, features)
        kernel = content.mixed(alike, setting.content)
        fitted = content.fitted(features, setting.content, alike)
    weights = ease.weights(products.of(setting.refused), setting.ridge, kernel, setting.side)
    return Model(known.items, setting, weights, tastes, _count(known.likes), fitted)


@dataclass(frozen=True)
class _Slice:
    """`left` to learn from; `wanted` (users x I) was set apart; `hidden` (I): nothing of these items is left."""

    left: Interactions
    wanted: Sparse
    hidden: Bools
    users: Ints

    @classmethod
    def of(cls, known: Interactions, seed: int, late: Sparse | None) -> _Slice:
        draw = np.random.default_rng(seed)
        likes = known.likes.tocoo()
        apart = _apart(likes, draw, late)
        hidden = draw.random(len(known.items)) < HIDDEN
        left, wanted = _where(likes, ~apart & ~hidden[likes.col]), _where(likes, apart | hidden[likes.col])
        refused = known.against.tocoo()
        against = _where(refused, ~_apart(refused, draw, late) & ~hidden[refused.col])
        users = np.flatnonzero((np.diff(wanted.indptr) > 0) & (np.diff(left.indptr) > 0))
        users = np.sort(draw.permutation(users)[:SEEN_BY])
        return cls(Interactions(known.users, known.items, left, against), wanted, hidden, users)

    def worth(self, scores: Floats) -> float:
        """NDCG@10 among the items that are not hidden and not taken; `scores` (users x I)."""
        open_ = np.flatnonzero(~self.hidden)
        answered = dense(self.left.likes[self.users]) + dense(self.left.against[self.users]) > 0
        found = np.where(answered, -np.inf, scores)[:, open_]
        return float(gains(found.astype(np.float32), dense(self.wanted[self.users])[:, open_]).mean())


def _apart(rows: Sparse, draw: np.random.Generator, late: Sparse | None) -> Bools:
    """Which of these rows are set apart, for titles that are not hidden."""
    found: Bools = draw.random(rows.nnz) < SLICE if late is None else dense(late)[rows.row, rows.col] > 0
    return found


def _where(rows: Sparse, kept: Bools) -> Sparse:
    return csr_array((rows.data[kept], (rows.row[kept], rows.col[kept])), shape=rows.shape)


def _tastes(products: ease.Products, setting: Setting) -> Floats:
    """What a history says of all items, smoothed: what content is to foretell. An item itself counts like the nearest to it."""
    found = ease.weights(products.of(setting.refused), setting.ridge / 2)
    found[np.diag_indices_from(found)] = found.max(axis=0).mean()
    return found


def _chosen(part: _Slice, features: Features | None, budget: Budget, tell: Said, seed: int) -> Setting:
    """EASE's ridge first, then how content counts, then the rest; each one thing at a time."""
    if len(part.users) < 5:
        return Setting(content=None if features is None else content.Setting(_even(features)), side=10.0)
    bench = _Bench(part, ease.products(part.left.likes, part.left.against), budget, tell)
    setting = replace(Setting(), refused=0.0 if bench.products.against is None else -0.2)
    setting = bench.climbed(setting, "ridge", 10.0**0.5, 100)
    if features is None:
        return bench.climbed(setting, "refused", 0.2, 4, step=True)
    tastes = np.asarray(bench.signed(setting) @ _tastes(bench.products, setting), np.float32)
    some = np.sort(np.random.default_rng(seed).permutation(np.flatnonzero(~part.hidden))[:TRIED])
    trial = Trial.of(tastes[:, some], dense(bench.likes)[:, some], seed)
    given = budget.share(0.6)
    best = content.chosen(features.rows([int(n) for n in some]), trial, given, tell)
    budget.left += max(0.0, given.left)
    alike = content.likeness(features, features)
    bench.content, bench.kernel = content.fitted(features, best, alike).known(tastes), content.mixed(alike, best)
    setting = replace(setting, content=best, side=setting.ridge / 4)
    for _ in range(2):
        setting = bench.climbed(setting, "side", 2.0, 8)
        setting = bench.climbed(setting, "refused", 0.2, 4, step=True)
        setting = bench.climbed(setting, "half", 3.0, 4)
        setting = bench.climbed(setting, "ridge", 1.5, 3)
    return setting


@dataclass
class _Bench:
    """Tries settings on the slice and keeps what it learned of them."""

    part: _Slice
    products: ease.Products
    budget: Budget
    tell: Said
    kernel: Floats | None = None
    content: Floats | None = None

    def __post_init__(self) -> None:
        self.likes, self.against = self.part.left.likes[self.part.users], self.part.left.against[self.part.users]
        self.known = _count(self.part.left.likes)
        self.warm: dict[tuple[float, float, float], Floats] = {}
        self.worths: dict[Setting, float] = {}

    def worth(self, setting: Setting) -> float:
        if setting not in self.worths:
            scores = self._warm(setting)
            if self.content is not None:
                share = (self.known / (self.known + setting.half)).astype(np.float32)
                scores = share * scores + (1 - share) * self.content
            self.worths[setting] = self.part.worth(scores)
        return self.worths[setting]

    def _warm(self, setting: Setting) -> Floats:
        key = (setting.ridge, setting.side, setting.refused)
        if key not in self.warm:
            self.budget.spend(*self.likes.shape)
            weights = ease.weights(self.products.of(setting.refused), setting.ridge, self.kernel, setting.side)
            self.warm = {key: np.asarray(self.signed(setting) @ weights, np.float32)}
        return self.warm[key]

    def signed(self, setting: Setting) -> Sparse:
        return self.likes - setting.refused * self.against

    def climbed(self, setting: Setting, name: str, by: float, most: int, *, step: bool = False) -> Setting:
        """Up and down from here as long as it helps: times `by`, or (`step`) plus `by`."""
        if name == "refused" and self.products.against is None:
            return setting
        for sign in (1, -1):
            for _ in range(most):
                if self.budget.is_spent:
                    return setting
                value = getattr(setting, name)
                other = replace(setting, **{name: round(value + sign * by, 9) if step else value * by**sign})
                if self.worth(other) <= self.worth(setting):
                    break
                setting = other
                self.tell(f"{name} {getattr(setting, name):.3g}: NDCG@10 {self.worth(setting):.4f} on the slice")
        return setting


def _curves(tried: Model, part: _Slice, seed: int) -> tuple[Curve | None, Curve | None]:
    """Curves of the items that were left, and of those that were hidden."""
    if len(part.users) < 5:
        return None, None
    likes, wanted = part.left.likes[part.users], dense(part.wanted[part.users])
    taken, known = np.diff(likes.indptr), _count(part.left.likes)
    against = part.left.against[part.users]
    scores = tried.scores(likes, against)
    open_ = 1 - dense(likes) - dense(against)
    hidden = part.hidden
    warm = curve(scores[:, ~hidden], wanted[:, ~hidden], taken, known[~hidden], open_[:, ~hidden], seed)
    if tried.content is None or hidden.sum() < 5 or not wanted[:, hidden].any():
        return warm, None
    return warm, curve(scores[:, hidden], wanted[:, hidden], taken, known[hidden], None, seed)


def _grown(found: Curve | None, tried: Model, model: Model, part: _Slice) -> Curve | None:
    """The curve for scores that grew because more is known: of the same users, by how much the high ones did."""
    if found is None:
        return None
    likes = part.left.likes[part.users[:200]]
    before, after = (float(np.quantile(one.scores(likes), 0.99)) for one in (tried, model))
    return replace(found, scale=found.scale * after / before) if before > 0 and after > 0 else found


def _even(features: Features) -> tuple[float, ...]:
    return tuple(1 / len(features.families) for _ in features.families)


def _count(likes: Sparse) -> Ints:
    found: Ints = np.asarray(likes.sum(axis=0)).ravel().astype(np.int64)
    return found

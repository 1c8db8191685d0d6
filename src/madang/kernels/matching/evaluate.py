"""The kernel beside its peers on any set of interactions: one run, one protocol, every figure of every way.

Rows are made one a pair; users and items keep at least `at_least` likes (5); a part is set apart (`splits`); what a user liked
in the rest is not offered again. Settings of all ways are chosen inside the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np

from . import peers
from .arrays import Bools, Doubles, Floats, Ints, Sparse, best, dense
from .calibration import Chance
from .features import Features, features
from .likes import Rows, core, liked_from, without_doubles
from .measures import calibration_errors, coverage, gains, gini, half_width, recalls, shown, tail_share
from .ranking import fit
from .reading import Table
from .splits import Part, Split, parts

Said = Callable[[str], None]
Answer = tuple[Floats, Chance | None, float]
"""Scores (U x asked), chances where the way has them, seconds of fitting (settings included)."""


@dataclass(frozen=True)
class Line:
    """One way's figures. `ndcg_width`, `recall_width`: half of the 95 % interval over users. Where a way gives chances:
    `calibration` (expected calibration error), `off` (the same as a share of what was promised), `inside` (share of titles whose
    hits lie within what the 90 % intervals promise)."""

    way: str
    ndcg: float
    ndcg_width: float
    recall: float
    recall_width: float
    coverage: float
    gini: float
    tail: float
    calibration: float | None
    off: float | None
    inside: float | None
    fit_seconds: float
    score_seconds: float


@dataclass(frozen=True)
class Report:
    """What was measured: sizes after filtering, the value a like begins at, the split, a line for each way."""

    users: int
    items: int
    likes: int
    liked_from: float
    split: str
    draws: int
    described: int
    families: tuple[str, ...]
    lines: tuple[Line, ...]

    def to_json(self) -> dict[str, object]:
        """As plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Options:
    """`liked`: the value a like begins at (None: `liked_from`); `at_least`: likes of a user and an item that stay;
    `draws`: how often a part is set apart (cold: 4); `seconds`: for choosing settings of this kernel, a draw."""

    split: Split = Split.RANDOM
    liked: float | None = None
    at_least: int = 5
    draws: int | None = None
    seed: int = 0
    seconds: float = 300.0
    peers: bool = True


def evaluate(rows: Rows, table: Table | None, options: Options | None = None, said: Said | None = None) -> Report:
    """Every way measured on the same parts of `rows`; `table`: what is said of items (None: nothing).

    Raises `MatchingError` where the rows have no times for a temporal split, or nothing at all.
    """
    options, tell = options or Options(), said or (lambda _: None)
    rows = without_doubles(rows)
    liked = liked_from(rows.value) if options.liked is None else options.liked
    rows = core(rows, liked, options.at_least)
    draws = options.draws or (4 if options.split is Split.COLD else 1)
    found: dict[str, list[_Tally]] = {}
    about: Features | None = None
    for part in parts(rows, liked, options.split, options.seed, draws):
        about = features(part.known.items, table) if table is not None else None
        about = about if about is not None and about.families else None
        for name, answer in _ways(part, about, options, tell):
            tell(f"measuring {name}")
            found.setdefault(name, []).append(_Tally.of(part, *_timed(answer)))
    described = 0 if about is None else int((sum(np.diff(one.tocsr().indptr) for one in about.matrices) > 0).sum())
    names = () if about is None else tuple(family.name for family in about.families)
    likes = int((rows.value >= liked).sum())
    lines = tuple(_line(name, tallies) for name, tallies in found.items())
    return Report(len(rows.users), len(rows.items), likes, liked, options.split, draws, described, names, lines)


def _timed(answer: Callable[[], Answer]) -> tuple[Answer, float]:
    start = time.perf_counter()
    found = answer()
    return found, time.perf_counter() - start


def _ways(part: Part, about: Features | None, options: Options, tell: Said) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Each way's name and how it answers."""
    likes = part.known.likes
    yield "random", lambda: (peers.random(likes)[:, part.asked], None, 0.0)
    cold = options.split is Split.COLD
    if cold:
        yield "popularity (oracle)", lambda: (np.broadcast_to(part.wanted.sum(axis=0), likes.shape)[:, part.asked], None, 0.0)
    else:
        yield "popularity", lambda: (peers.popularity(likes), None, 0.0)
    if about is not None:
        yield "BM25 of metadata", lambda: (peers.bm25(about)(likes)[:, part.asked], None, 0.0)
    if options.peers and not cold:
        usual = {"item-kNN": peers.KNN, "implicit ALS": peers.all_als(), "EASE": peers.EASE}
        answers: dict[str, Answer] = {}
        for name, ways in usual.items():
            if ways:
                yield name, lambda name=name, ways=ways: answers.setdefault(name, _peer(ways, likes, options.seed))  # type: ignore[misc]  # the defaults bind the loop's values
        if part.known.against.nnz:
            yield "EASE, refused last", lambda: _refused_last(answers["EASE"], part.known.against)
    if cold and about is not None:
        yield "content profile", lambda: (_profile(about, likes)[:, part.asked], None, 0.0)
        yield "Madang", lambda: _madang_cold(part, about, options, tell)
    elif not cold:
        if part.known.against.nnz:
            yield "Madang, likes only", lambda: _madang(part, about, options, tell, refusals=False)
        yield "Madang", lambda: _madang(part, about, options, tell, refusals=True)


def _peer(ways: tuple[peers.Way, ...], likes: Sparse, seed: int) -> Answer:
    start = time.perf_counter()
    way = peers.tuned(ways, likes, seed)
    spent = time.perf_counter() - start
    return way(likes), None, spent


def _refused_last(answer: Answer, against: Sparse) -> Answer:
    """The same scores, with what each user refused at the end: what this alone gains."""
    scores = answer[0].copy()
    scores[against.nonzero()] = np.finfo(np.float32).min
    return scores, None, 0.0


def _profile(about: Features, likes: Sparse) -> Floats:
    """Cosine of a title and what the user liked, all families alike."""
    found = np.zeros(likes.shape, np.float32)
    for matrix in about.matrices:
        found += dense((likes @ matrix) @ matrix.T)
    return found


def _madang(part: Part, about: Features | None, options: Options, tell: Said, *, refusals: bool) -> Answer:
    known, start = part.known, time.perf_counter()
    if not refusals:
        known = type(known)(known.users, known.items, known.likes, known.against * 0)
        known.against.eliminate_zeros()
    model = fit(known, about, seed=options.seed, seconds=options.seconds, late=part.late, said=tell)
    spent = time.perf_counter() - start
    place = {item: n for n, item in enumerate(known.items)}
    kept = [place[item] for item in model.items]
    likes = known.likes[:, kept]
    scores = np.full(known.likes.shape, -np.inf, np.float32)
    scores[:, kept] = model.scores(likes, known.against[:, kept])
    chance = model.chances(scores[:, kept], likes, model.known) if model.warm_curve and len(kept) == len(place) else None
    return scores, chance, spent


def _madang_cold(part: Part, about: Features, options: Options, tell: Said) -> Answer:
    start = time.perf_counter()
    warm = np.setdiff1d(np.arange(len(part.known.items)), part.asked)
    known = type(part.known)(
        part.known.users,
        tuple(part.known.items[n] for n in warm),
        part.known.likes[:, warm],
        part.known.against[:, warm],
    )
    model = fit(known, about.rows(warm.tolist()), seed=options.seed, seconds=options.seconds, said=tell)
    spent = time.perf_counter() - start
    place = {item: n for n, item in enumerate(known.items)}
    kept = [place[item] for item in model.items]
    likes = known.likes[:, kept]
    scores = model.new_scores(likes, about.rows(part.asked.tolist()), known.against[:, kept])
    chance = model.chances(scores, likes, np.zeros(len(part.asked), np.int64)) if model.cold_curve else None
    return scores, chance, spent


@dataclass(frozen=True)
class _Tally:
    """One way on one part."""

    ndcg: Doubles
    recall: Doubles
    shares: tuple[float, float, float]
    calibration: float | None
    off: float | None
    inside: float | None
    seconds: tuple[float, float]

    @classmethod
    def of(cls, part: Part, answer: Answer, spent: float) -> _Tally:
        scores, chance, fitting = answer
        wanted = part.wanted[:, part.asked]
        taken: Bools = dense(part.known.likes)[:, part.asked] > 0
        offered = np.where(taken, -np.inf, scores).astype(np.float32)
        asked: Bools = np.asarray(wanted.any(axis=1), bool)
        counts = shown(best(offered[asked], 10), len(part.asked))
        liked: Ints = (
            part.wanted.sum(axis=0) if len(part.asked) < len(part.known.items) else dense(part.known.likes).sum(axis=0)
        )[part.asked].astype(np.int64)
        honest: tuple[float | None, float | None, float | None] = (None, None, None)
        if chance is not None:
            open_ = ~taken[asked]
            happened = wanted[asked].astype(np.float64)
            honest = (
                *calibration_errors(chance.middle[asked][open_], happened[open_]),
                _inside(chance, asked, open_, happened),
            )
        return cls(
            gains(offered, wanted),
            recalls(offered, wanted),
            (coverage(counts), gini(counts), tail_share(counts, liked)),
            *honest,
            (fitting, spent - fitting),
        )


def _inside(chance: Chance, asked: Bools, open_: Bools, happened: Doubles) -> float:
    """Share of titles whose hits lie within the sums of low and high chances, 1.645 deviations of the count added."""
    low, high = ((one[asked] * open_).sum(axis=0) for one in (chance.low, chance.high))
    came = (happened * open_).sum(axis=0)
    return float(((came >= low - 1.645 * np.sqrt(low)) & (came <= high + 1.645 * np.sqrt(high))).mean())


def _line(name: str, tallies: list[_Tally]) -> Line:
    """Draws put together: the mean of all users of all draws."""
    ndcg, recall = np.concatenate([t.ndcg for t in tallies]), np.concatenate([t.recall for t in tallies])
    shares = np.mean([t.shares for t in tallies], axis=0)
    honest = [
        [v for v in values if v is not None]
        for values in ([getattr(t, name) for t in tallies] for name in ("calibration", "off", "inside"))
    ]
    means = [float(np.mean(values)) if values else None for values in honest]
    seconds = np.mean([t.seconds for t in tallies], axis=0)
    wide, tail, few = map(float, shares)
    figures = (float(ndcg.mean()), half_width(ndcg), float(recall.mean()), half_width(recall), wide, tail, few)
    return Line(name, *figures, means[0], means[1], means[2], float(seconds[0]), float(seconds[1]))

"""Markets that are made up, with a truth that is known: what the estimators are tried on.

Every function takes a generator and gives the same world for the same seed.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np

from madang.kernels.impact import Counts, Registration

SHOWCASE = 9
FIRST = "2020-01"
SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def monthly(generator: np.random.Generator, typical: float = 12, titles: int = 200, months: int = 48) -> np.ndarray:
    """Monthly means of titles, shape (titles, months): heavy-tailed levels, trends, seasons, bursts that last."""
    level = generator.normal(np.log(typical), 1.1, (titles, 1))
    trend = generator.normal(-0.012, 0.012, (titles, 1)) * np.arange(months)
    season = 0.2 * np.sin(2 * np.pi * (np.arange(months) + generator.integers(12)) / 12) + generator.normal(0, 0.1, months)
    bursts = np.empty((titles, months))
    bursts[:, 0] = 0.45 * generator.standard_t(4, titles) / np.sqrt(2)
    fresh = 0.45 * np.sqrt(1 - 0.7**2) * generator.standard_t(4, (titles, months)) / np.sqrt(2)
    for month in range(1, months):
        bursts[:, month] = 0.7 * bursts[:, month - 1] + fresh[:, month]
    return np.exp(np.clip(level + trend + season + bursts, -6, 9))


def counted(generator: np.random.Generator, means: np.ndarray) -> np.ndarray:
    """Over-dispersed counts around monthly means (negative binomial, size 5)."""
    return generator.poisson(means * generator.gamma(5, 1 / 5, means.shape)).astype(float)


@cache
def real_counts() -> np.ndarray | None:
    """Monthly ratings of the 335 films with 60 ratings or more, shape (films, months); None where the data is not there.

    MovieLens latest-small, Harper and Konstan, ACM TiiS 5 (2015) 19: read where it lies, never kept.
    """
    path = SHARED / "data" / "ratings" / "ratings.csv"
    if not path.exists():
        return None
    seen: Counter[tuple[str, int]] = Counter()
    with path.open() as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            day = dt.datetime.fromtimestamp(int(row["timestamp"]), dt.UTC)
            seen[row["movieId"], day.year * 12 + day.month - 1] += 1
    total = Counter[str]()
    for (film, _), count in seen.items():
        total[film] += count
    films = sorted(film for film, count in total.items() if count >= 60)
    months = range(min(month for _, month in seen), max(month for _, month in seen) + 1)
    return np.array([[seen[film, month] for month in months] for film in films], dtype=float)


def chosen(generator: np.random.Generator, counts: np.ndarray, event: int, rising: bool) -> np.ndarray:
    """Which nine titles are shown: at random, or rather those whose counts rose over the year before."""
    if not rising:
        return generator.choice(len(counts), SHOWCASE, replace=False)
    halves = counts[:, event - 12 : event - 6].sum(axis=1), counts[:, event - 6 : event].sum(axis=1)
    slope = np.log(halves[1] + 0.5) - np.log(halves[0] + 0.5)
    lean = np.exp(np.clip((slope - slope.mean()) / slope.std(), -2, 2))
    return generator.choice(len(counts), SHOWCASE, replace=False, p=lean / lean.sum())


def showcase(
    generator: np.random.Generator, lift: float, *, rising: bool = False, typical: float = 12, gaps: float = 0
) -> tuple[Counts, Registration]:
    """Nine of 200 made-up titles are shown in month 36, and their means rise by `lift`; a share of months is lost."""
    means = monthly(generator, typical)
    before = counted(generator, means[:, :36])
    shown = chosen(generator, before, 36, rising)
    after = means[:, 36:]
    after[shown] *= lift
    table = np.hstack([before, counted(generator, after)])
    table[generator.random(table.shape) < gaps] = np.nan
    return _registered(table, shown, 36)


def real_showcase(
    generator: np.random.Generator, lift: float, *, rising: bool = False, least: int = 12
) -> tuple[Counts, Registration]:
    """Nine real films at a date at which nothing happened; a lift is put in as further ratings (Poisson) after it.

    Films count that had `least` ratings in the year before; dates with fewer than forty such films are passed over.
    """
    table = real_counts()
    assert table is not None
    while True:
        event = int(generator.integers(24, table.shape[1] - 12))
        kept = table[table[:, event - 12 : event].sum(axis=1) >= least][:, event - 24 : event + 12].copy()
        if len(kept) >= 40:
            break
    shown = chosen(generator, kept, 24, rising)
    kept[shown, 24:] += generator.poisson((lift - 1) * kept[shown, 24:])
    return _registered(kept, shown, 24)


def _registered(table: np.ndarray, shown: np.ndarray, event: int) -> tuple[Counts, Registration]:
    """The counts with names, and the comparison of the shown with all others."""
    names = [f"title-{index:03d}" for index in range(len(table))]
    ours = tuple(names[index] for index in sorted(shown))
    rest = tuple(name for name in names if name not in set(ours))
    month = f"{2020 + event // 12}-{event % 12 + 1:02d}"
    return Counts(FIRST, tuple(names), table), Registration("ratings@1", ours, rest, month)


def meetings(generator: np.random.Generator, buyers: int, rate: float, icc: float) -> tuple[np.ndarray, np.ndarray]:
    """Deals and meetings by buyer: 1 to about 12 meetings each (4 on average), some buyers keener than others."""
    trials = 1 + generator.negative_binomial(3, 0.5, buyers)
    keen = generator.beta(rate * (1 / icc - 1), (1 - rate) * (1 / icc - 1), buyers)
    return generator.binomial(trials, keen).astype(float), trials.astype(float)


def installation(generator: np.random.Generator, series: int = 40) -> list[tuple[list[int], int]]:
    """Series of counts by edition (3 to 8 past ones) and the count of the next edition; the CV between editions is about 25 %."""
    made = []
    for _ in range(series):
        mean = generator.lognormal(np.log(40), 0.9)
        cv = generator.lognormal(np.log(0.25), 0.3)
        editions = int(generator.integers(3, 9)) + 1
        counts = generator.poisson(mean * generator.gamma(1 / cv**2, cv**2, editions))
        made.append((counts[:-1].tolist(), int(counts[-1])))
    return made


def deals_by_age(generator: np.random.Generator, starts: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Months to a deal or to today, whether there is a deal, and the true share within 12 months (30 % ever, in about 9)."""
    ever = generator.random(starts) < 0.3
    wait = np.where(ever, generator.weibull(1.5, starts) * 10, np.inf)
    followed = generator.uniform(2, 30, starts)
    return np.minimum(wait, followed), wait <= followed, 0.3 * (1 - np.exp(-((12 / 10) ** 1.5)))


def editions(generator: np.random.Generator, number: int, between: float) -> list[tuple[float, float, float]]:
    """Effects, standard errors and degrees of freedom of editions with nine titles each around a true mean of log 1.5."""
    made = []
    for _ in range(number):
        titles = np.log(1.5) + generator.normal(0, between) + 0.56 * generator.standard_t(5, SHOWCASE) / np.sqrt(5 / 3)
        made.append((float(titles.mean()), float(titles.std(ddof=1) / 3), 8.0))
    return made

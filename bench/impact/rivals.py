"""What is usually done instead, each as (estimate, low, high) at a level of 90 %: beside these the kernel is measured."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from madang.kernels.impact.counts import log_ratios
from madang.kernels.impact.uplift import Windows

Z = 1.6448536269514722
Triple = tuple[float, float, float]


def pre_post(windows: Windows) -> Triple:
    """The nine titles before and after, without donors: mean log ratio, t interval."""
    return _t(log_ratios(windows.ours, windows.before, windows.after, 0.5))


def _t(values: np.ndarray) -> Triple:
    half = stats.t.ppf(0.95, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return values.mean(), values.mean() - half, values.mean() + half


def sums(windows: Windows) -> tuple[np.ndarray, ...]:
    """Sums before and after of each title and each donor."""
    return tuple(
        np.nansum(rows[:, months], axis=1)
        for rows in (windows.ours, windows.theirs)
        for months in (windows.before, windows.after)
    )


def ratio_of_sums(windows: Windows) -> Triple:
    """All counts of the nine added, over those of the donors; linearised standard error over titles."""
    before, after, donors_before, donors_after = sums(windows)
    log, error = 0.0, 0.0
    for sign, earlier, later in ((1, before, after), (-1, donors_before, donors_after)):
        ratio = later.sum() / earlier.sum()
        log += sign * math.log(ratio)
        error += len(earlier) * np.var(later - ratio * earlier, ddof=1) / later.sum() ** 2
    half = Z * math.sqrt(error)
    return log, log - half, log + half


def poisson_sums(windows: Windows) -> Triple:
    """The same sums taken for Poisson counts (Wald)."""
    added = [float(part.sum()) for part in sums(windows)]
    log = math.log(added[1] / added[0]) - math.log(added[3] / added[2])
    half = Z * math.sqrt(sum(1 / part for part in added))
    return log, log - half, log + half


def wald(events: np.ndarray, trials: np.ndarray) -> Triple:
    """p +- z sqrt(p(1-p)/n) as if no two meetings had a buyer in common."""
    p, n = events.sum() / trials.sum(), trials.sum()
    half = Z * math.sqrt(p * (1 - p) / n)
    return p, p - half, p + half


def wald_clustered(events: np.ndarray, trials: np.ndarray) -> Triple:
    """Wald with the variance between buyers."""
    p, n, m = events.sum() / trials.sum(), trials.sum(), len(trials)
    half = Z * math.sqrt(m / (m - 1) * np.sum((events - p * trials) ** 2)) / n
    return p, p - half, p + half


def bootstrap(events: np.ndarray, trials: np.ndarray, generator: np.random.Generator) -> Triple:
    """Percentiles of 400 draws of buyers."""
    drawn = generator.integers(0, len(trials), (400, len(trials)))
    low, high = np.quantile(events[drawn].sum(axis=1) / trials[drawn].sum(axis=1), [0.05, 0.95])
    return events.sum() / trials.sum(), low, high


def poisson_next(past: list[int]) -> Triple:
    """The next count as Poisson around the past mean."""
    mean = float(np.mean(past))
    return mean, stats.poisson.ppf(0.05, mean) if mean else 0.0, stats.poisson.ppf(0.95, mean) if mean else 0.0


def t_next(past: list[int]) -> Triple:
    """Mean +- t s sqrt(1 + 1/k)."""
    k, mean = len(past), float(np.mean(past))
    half = stats.t.ppf(0.95, k - 1) * np.std(past, ddof=1) * math.sqrt(1 + 1 / k)
    return mean, mean - half, mean + half


def last_year(past: list[int]) -> Triple:
    """Last edition's count, Wald."""
    half = Z * math.sqrt(past[-1])
    return past[-1], past[-1] - half, past[-1] + half


def share_so_far(months: np.ndarray, happened: np.ndarray) -> Triple:
    """Deals by 12 months over all meetings, old and young (Wald)."""
    return wald((happened & (months <= 12)).astype(float), np.ones(len(months)))


def fixed_effect(studies: list[tuple[float, float, float]]) -> Triple:
    """Editions weighted by their precision, as if all had the same effect (normal)."""
    weights = np.array([1 / error**2 for _, error, _ in studies])
    mean = float(weights @ np.array([effect for effect, *_ in studies]) / weights.sum())
    half = Z / math.sqrt(weights.sum())
    return mean, mean - half, mean + half


def dersimonian_laird(studies: list[tuple[float, float, float]]) -> Triple:
    """The usual random effects with a normal interval (DerSimonian and Laird, 1986)."""
    effects, weights = np.array([one[0] for one in studies]), np.array([1 / one[1] ** 2 for one in studies])
    mean = weights @ effects / weights.sum()
    excess = weights @ (effects - mean) ** 2 - (len(studies) - 1)
    between = max(0.0, excess / (weights.sum() - (weights**2).sum() / weights.sum()))
    return fixed_effect([(effect, math.sqrt(error**2 + between), df) for effect, error, df in studies])

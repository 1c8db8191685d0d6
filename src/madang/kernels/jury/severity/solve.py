"""The face: each axis on its own, from ratings to fair scores, severities, agreement and places."""

from __future__ import annotations

import zlib
from collections import Counter

import numpy as np

from .agreement import agreement_of
from .layout import Floats, Ints, Layout, groups_of, layout_of
from .model import Fit, Model, Posterior, draw, surprises
from .problem import Axis, Id, Problem, ProblemError, Result, Score, Severity, faults
from .ranking import bands, places

FEWEST = 3  # ratings beyond the number of groups, from which noise is measured


def solve(problem: Problem, *, seed: int = 0, draws: int = 1000, level: float = 0.9) -> Result:
    """Fair scores with intervals of `level`, from so many draws of the posterior; the same seed gives the same answer.

    An axis is computed from its own ratings and the seed alone. Raises `ProblemError` for ratings that make no sense.
    """
    found = faults(problem)
    if found:
        raise ProblemError("; ".join(found[:3]) + (f" (and {len(found) - 3} more)" if len(found) > 3 else ""))
    return Result(tuple(_axis(problem, name, seed, draws, level) for name in problem.axes))


def _axis(problem: Problem, name: str, seed: int, draws: int, level: float) -> Axis:
    layout = layout_of(problem, name)
    rated = set(layout.entries)
    unread = tuple(
        dict.fromkeys(e for e in (*problem.entries, *(r.entry for r in problem.ratings if r.axis == name)) if e not in rated)
    )
    abstained = Counter(r.juror for r in problem.ratings if r.axis == name and r.score is None)
    code = _code(layout)
    chance = np.random.default_rng([seed, zlib.crc32(name.encode())])
    if code == "no_ratings":
        return Axis(name, code, (), tuple(_silent(j, n) for j, n in abstained.items()), unread=unread, level=level)
    if code != "ok":
        return _plain(layout, name, code, unread, abstained, level, chance)
    return _modelled(layout, name, unread, abstained, (draws, level), chance)


def _code(layout: Layout) -> str:
    if not len(layout.score):
        return "no_ratings"
    if np.ptp(layout.score) == 0:
        return "constant"
    if layout.readings.max() < 2:
        return "one_reading"
    return "ok" if len(layout.score) - layout.groups >= FEWEST else "too_few"


def _plain(
    layout: Layout,
    name: str,
    code: str,
    unread: tuple[Id, ...],
    abstained: Counter[Id],
    level: float,
    chance: np.random.Generator,
) -> Axis:
    """Raw means, and nothing claimed of them."""
    order = np.lexsort((-layout.raw, layout.group_of_entry))
    scores = _scores(layout, layout.raw, order, None, level)
    jurors = _jurors(layout, abstained, None, None, level)
    agreement = agreement_of(layout, None, level, chance)
    return Axis(name, code, scores, jurors, agreement, groups_of(layout), unread, level=level)


def _modelled(
    layout: Layout, name: str, unread: tuple[Id, ...], abstained: Counter[Id], how: tuple[int, float], chance: np.random.Generator
) -> Axis:
    draws, level = how
    model = Model(layout)
    likely, fits = model.reml(), model.posterior()
    posterior = draw(model, fits, draws, chance)
    order = np.lexsort((-posterior.score, layout.group_of_entry))
    noise = likely.rest / model.freedom
    variances = (noise * likely.quality, noise * likely.severity, noise)
    return Axis(
        name=name,
        code="ok",
        scores=_scores(layout, posterior.score, order, posterior.scores, level),
        jurors=_jurors(layout, abstained, posterior, _misfits(model, likely), level),
        agreement=agreement_of(layout, variances, level, chance),
        groups=groups_of(layout),
        unread=unread,
        quality=variances[0] ** 0.5,
        severity=variances[1] ** 0.5,
        noise=variances[2] ** 0.5,
        level=level,
        draws=posterior.scores[order].astype(np.float32),
    )


def _scores(layout: Layout, score: Floats, order: Ints, draws: Floats | None, level: float) -> tuple[Score, ...]:
    """In the order given: by group, then best first."""
    readings, raw = layout.readings.tolist(), layout.raw.tolist()
    edges = _edges(draws, level)
    found: list[Score] = []
    for group in range(layout.groups):
        rows = order[layout.group_of_entry[order] == group]
        first, last, band = _standing(rows, draws, level)
        for n, row in enumerate(rows.tolist()):
            low, high, error = (None, None, None) if edges is None else edges[row]
            interval = (float(score[row]), low, high, error)
            found.append(Score(layout.entries[row], readings[row], raw[row], *interval, group, n + 1, first[n], last[n], band[n]))
    return tuple(found)


def _edges(draws: Floats | None, level: float) -> list[list[float]] | None:
    """[low, high, error] of each row."""
    if draws is None:
        return None
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=1)
    found: list[list[float]] = np.column_stack([low, high, draws.std(axis=1)]).tolist()
    return found


def _standing(rows: Ints, draws: Floats | None, level: float) -> tuple[list[int], list[int], list[int]]:
    if draws is None:
        return [1] * len(rows), [len(rows)] * len(rows), [0] * len(rows)
    first, last = places(draws[rows], level)
    return first.tolist(), last.tolist(), bands(draws[rows]).tolist()


def _misfits(model: Model, fit: Fit) -> tuple[Floats, Floats]:
    """(J) infit mean square, and as a normal deviate (Wright and Masters, 1982; Wilson and Hilferty, 1931)."""
    residuals, variances = surprises(model, fit)
    juror, count = model.layout.juror, len(model.layout.jurors)
    expected = np.bincount(juror, variances, count)
    infit = np.bincount(juror, residuals**2, count) / expected
    freedom = np.maximum(1e-6, expected / (fit.rest / model.freedom))
    return infit, (np.cbrt(infit) - (1 - 2 / (9 * freedom))) / np.sqrt(2 / (9 * freedom))


def _jurors(
    layout: Layout, abstained: Counter[Id], posterior: Posterior | None, misfits: tuple[Floats, Floats] | None, level: float
) -> tuple[Severity, ...]:
    """The most severe first; then those who only abstained."""
    sizes = np.bincount(layout.group_of_juror, minlength=layout.groups)
    edges = _edges(None if posterior is None else posterior.severities, level)
    found = []
    for n, juror in enumerate(layout.jurors):
        given = layout.score[layout.juror == n]
        group, spread = int(layout.group_of_juror[n]), float(given.std(ddof=1)) if len(given) > 1 else None
        known = posterior is not None and edges is not None and sizes[group] > 1
        severity, low, high = (
            (float(posterior.severity[n]), *edges[n][:2]) if known and posterior and edges else (None, None, None)
        )
        infit, surprise = (None, None) if misfits is None or not known else (float(misfits[0][n]), float(misfits[1][n]))
        own = (len(given), abstained[juror], float(given.mean()), spread)
        found.append(Severity(juror, *own, severity, low, high, infit, surprise, group))
    found.sort(key=lambda j: -(j.severity or 0.0))
    return (*found, *(_silent(j, n) for j, n in abstained.items() if j not in set(layout.jurors)))


def _silent(juror: Id, abstained: int) -> Severity:
    return Severity(juror, 0, abstained, None, None, None, None, None, None, None, None)

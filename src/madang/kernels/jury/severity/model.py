"""The additive crossed model of ratings: score = level of the group + quality of the entry - severity of the juror + noise.

Qualities and severities are random and crossed; their variances are found by REML (Patterson and Thompson, 1971), the rest by
Henderson's mixed-model equations (Henderson, 1975), with entries eliminated so that only a matrix of jurors is solved. It is
the linear form of the many-facet Rasch model (Linacre, 1989) as used for peer grading by Piech et al. (2013). Uncertainty
of the variances is kept: a posterior over a grid of their ratios, half-Cauchy on each (Gelman, 2006), and noise integrated out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize

from .layout import Floats, Layout

EDGE = 7.0  # |log| of a ratio of standard deviations, at most
STEPS = np.linspace(-3.0, 3.0, 9)  # of the grid, in standard deviations
TINY = 1e-9  # of the variance of scores: less noise than this is taken for this


@dataclass(frozen=True, slots=True)
class Fit:
    """The equations solved for ratios of variances: `quality` and `severity` to noise. T = p + J effects of groups and jurors.

    `effects` (T), `factor`: Cholesky factor of their precision (T, T); `weight` (E): precision of a quality given them;
    `rest`: y'Py; `logged`: log of the restricted likelihood, noise integrated out.
    """

    quality: float
    severity: float
    effects: Floats
    factor: Floats
    weight: Floats
    rest: float
    logged: float


class Model:
    """One axis, centred; sums that do not change with the variances are made once, by how often an entry was read."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.centre = float(layout.score.mean())
        self.scores = layout.score - self.centre
        self.freedom = len(self.scores) - layout.groups
        groups, jurors = layout.groups, len(layout.jurors)
        self.size = groups + jurors
        self.sums = np.bincount(layout.entry, self.scores, len(layout.entries))
        self.rows = np.zeros((len(layout.entries), self.size))
        np.add.at(self.rows, (layout.entry, groups + layout.juror), -1.0)
        self.rows[np.arange(len(layout.entries)), layout.group_of_entry] = layout.readings
        self._sum_up()

    def _sum_up(self) -> None:
        layout, groups = self.layout, self.layout.groups
        counts = np.bincount(layout.juror, minlength=len(layout.jurors)).astype(float)
        base = np.zeros((self.size, self.size))
        np.fill_diagonal(base, np.concatenate([np.bincount(layout.group_of_entry, layout.readings, groups), counts]))
        jurors = groups + np.arange(len(layout.jurors))
        base[layout.group_of_juror, jurors] = base[jurors, layout.group_of_juror] = -counts
        self.base = base
        by_juror = np.bincount(layout.juror, self.scores, len(layout.jurors))
        self.right = np.concatenate([np.bincount(layout.group_of_entry, self.sums, groups), -by_juror])
        self.total = float(self.scores @ self.scores)
        self.parts = []
        for times in np.unique(layout.readings):
            mine = layout.readings == times
            rows, sums = self.rows[mine], self.sums[mine]
            self.parts.append((float(times), int(mine.sum()), rows.T @ rows, rows.T @ sums, float(sums @ sums)))

    def fit(self, quality: float, severity: float) -> Fit:
        """Solve for given ratios of variances to that of noise."""
        groups, jurors = self.layout.groups, len(self.layout.jurors)
        matrix, right, rest = self.base.copy(), self.right.copy(), self.total
        logs = len(self.layout.entries) * np.log(quality) + jurors * np.log(severity)
        for times, count, rows, sums, squares in self.parts:
            weight = times + 1 / quality
            matrix -= rows / weight
            right -= sums / weight
            rest -= squares / weight
            logs += count * np.log(weight)
        matrix[np.arange(groups, self.size), np.arange(groups, self.size)] += 1 / severity
        factor = cholesky(matrix, lower=True)
        effects = cho_solve((factor, True), right)
        rest = max(float(rest - right @ effects), TINY * self.total)
        logs += 2 * np.log(np.diag(factor)).sum() + self.freedom * np.log(rest)
        return Fit(quality, severity, effects, factor, (self.layout.readings + 1 / quality).astype(float), rest, float(-logs / 2))

    def at(self, logs: npt.ArrayLike) -> Fit:
        """Solve for logs of ratios of standard deviations."""
        quality, severity = np.exp(2 * np.clip(np.asarray(logs, float), -EDGE, EDGE)).tolist()
        return self.fit(quality, severity)

    def predicted(self, effects: Floats, precision: Floats) -> Floats:
        """(E, k): best prediction of each quality, given k sets of effects (T, k) and their precisions (E, k)."""
        found: Floats = (self.sums[:, None] - self.rows @ effects) / precision
        return found

    def reml(self) -> Fit:
        """The most likely variances."""
        return self.at(_peak(lambda logs: self.at(logs).logged))

    def posterior(self) -> list[tuple[float, Fit]]:
        """(weight, fit) over a grid around the peak of the posterior of the two ratios; weights sum to 1."""

        def height(logs: Floats) -> float:
            prior = sum(u - np.log1p(np.exp(2 * u)) for u in logs.tolist())
            return self.at(logs).logged + float(prior)

        peak = _peak(height)
        axes = _widths(height, peak)
        points = [peak + axes @ np.array([a, b]) for a in STEPS for b in STEPS]
        points = [p for p in points if np.abs(p).max() <= EDGE]
        heights = np.array([height(p) for p in points])
        weights = np.exp(heights - heights.max())
        weights /= weights.sum()
        return [(w, self.at(p)) for w, p in zip(weights.tolist(), points, strict=True) if w > 1e-5]


def _peak(height: Callable[[Floats], float]) -> Floats:
    def depth(logs: Floats) -> float:
        over = np.maximum(0.0, np.abs(logs) - EDGE)
        return -height(np.clip(logs, -EDGE, EDGE)) + float((over**2).sum())

    found = minimize(depth, np.array([0.0, -0.5]), method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-5, "maxiter": 200})
    peak: Floats = np.clip(found.x, -EDGE, EDGE)
    return peak


def _widths(height: Callable[[Floats], float], peak: Floats, step: float = 0.1) -> Floats:
    """(2, 2) directions of the posterior at its peak, each as long as one standard deviation, at most 1."""
    first, second = np.eye(2) * step
    middle = height(peak)
    curve = np.empty((2, 2))
    for n, move in enumerate((first, second)):
        curve[n, n] = (2 * middle - height(peak + move) - height(peak - move)) / step**2
    corners = height(peak + first + second) + height(peak - first - second)
    corners -= height(peak + first - second) + height(peak - first + second)
    curve[0, 1] = curve[1, 0] = -corners / (4 * step**2)
    values, vectors = np.linalg.eigh(curve)
    widths: Floats = vectors / np.sqrt(np.maximum(values, 1.0))
    return widths


@dataclass(frozen=True, slots=True)
class Posterior:
    """`scores` (E, draws), `severities` (J, draws), their means `score` (E) and `severity` (J), of the mixture over the grid."""

    scores: Floats
    severities: Floats
    score: Floats
    severity: Floats


def draw(model: Model, fits: list[tuple[float, Fit]], count: int, chance: np.random.Generator) -> Posterior:
    """Draws of what all jurors of a group would give on average, and of each juror's severity beside that average."""
    weights = np.array([w for w, _ in fits])
    shares = chance.multinomial(count, weights / weights.sum())
    effects, noises, ratios = [], [], []
    for (_, fit), many in zip(fits, shares.tolist(), strict=True):
        noise = np.sqrt(fit.rest / chance.chisquare(model.freedom, many))
        noises.append(noise)
        ratios.append(np.full(many, fit.quality))
        effects.append(fit.effects[:, None] + noise * (np.linalg.inv(fit.factor).T @ chance.standard_normal((model.size, many))))
    drawn, ratio, noise = np.concatenate(effects, axis=1), np.concatenate(ratios), np.concatenate(noises)
    precision = model.layout.readings[:, None] + 1 / ratio
    qualities = model.predicted(drawn, precision)
    qualities += noise / np.sqrt(precision) * chance.standard_normal(qualities.shape)
    middle = np.column_stack([fit.effects for _, fit in fits])
    means = _centred(model, middle, model.predicted(middle, np.column_stack([fit.weight for _, fit in fits])))
    return Posterior(*_centred(model, drawn, qualities), *(m @ (weights / weights.sum()) for m in means))


def _centred(model: Model, effects: Floats, qualities: Floats) -> tuple[Floats, Floats]:
    layout, groups = model.layout, model.layout.groups
    severities = effects[groups:]
    sizes = np.bincount(layout.group_of_juror, minlength=groups)
    means = np.zeros((groups, severities.shape[1]))
    np.add.at(means, layout.group_of_juror, severities)
    means /= sizes[:, None]
    levels = effects[:groups] - means
    return model.centre + levels[layout.group_of_entry] + qualities, severities - means[layout.group_of_juror]


def surprises(model: Model, fit: Fit) -> tuple[Floats, Floats]:
    """(n) residuals, and their variances under the model."""
    layout = model.layout
    fitted = fit.effects[layout.group_of_entry[layout.entry]] - fit.effects[layout.groups + layout.juror]
    residuals = model.scores - fitted - model.predicted(fit.effects[:, None], fit.weight[:, None])[layout.entry, 0]
    lean = -(model.rows / fit.weight[:, None])[layout.entry]
    lean[np.arange(len(lean)), layout.group_of_entry[layout.entry]] += 1.0
    lean[np.arange(len(lean)), layout.groups + layout.juror] -= 1.0
    half = solve_triangular(fit.factor, lean.T, lower=True)
    leverage = (half**2).sum(axis=0) + 1 / fit.weight[layout.entry]
    return residuals, fit.rest / model.freedom * np.maximum(1e-12, 1 - leverage)

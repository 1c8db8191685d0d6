"""What the showcase changed: titles against donors, by differences of per-title log ratios.

Each title's log ratio (rate after / rate before) minus the mean log ratio of its donors over the same months; the mean over
the titles, with a t interval. A log ratio gives every title one voice, whatever its size, and the t interval takes the spread
between titles from the titles themselves. It assumes that without the event titles and donors would have moved alike (placebo
dates look at that) and that titles are hit independently of each other.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from .counts import Counts, log_ratios, month_number, rates
from .donors import donor_weights
from .faults import FloatArray, ImpactError
from .interval import Interval, t_quantile
from .registration import Registration


class Why(StrEnum):
    """Why a registered title or donor is not in the estimate."""

    WITHDRAWN = "withdrawn"
    NOT_OBSERVED = "not_observed"
    NO_BASE = "no_base"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A registered title or donor that is not in the estimate, and why."""

    title: str
    donor: bool
    why: Why


@dataclass(frozen=True, slots=True)
class TitleEffect:
    """One title: counts a month before and after, its lift and its donors' lift (ratios, 1 = unchanged), and one by the
    other.
    """

    title: str
    before: float
    after: float
    lift: float
    donors_lift: float

    @property
    def effect(self) -> float:
        """The title's lift over that of its donors (1 = nothing)."""
        return self.lift / self.donors_lift


@dataclass(frozen=True, slots=True)
class Uplift:
    """What the registered titles gained over their donors.

    `log`: in log units; `lift`: the same as a ratio (2.0 is a doubling). `df`: of the t interval. `p_gain`: one-sided p-value
    of "no gain". `digest`: of the registration it follows. `spread`, `donor_spread`: standard deviations of one title's effect
    and of one donor's log ratio, in log units; `donors_worth`: how many donors that all count alike these are worth. They say
    what such a comparison can show at all (`smallest_lift`).
    """

    log: Interval
    lift: Interval
    standard_error: float
    df: float
    p_gain: float
    spread: float
    donor_spread: float
    titles: tuple[TitleEffect, ...]
    donors: tuple[str, ...]
    donors_worth: float
    left_out: tuple[LeftOut, ...]
    digest: str


@dataclass(frozen=True, eq=False, slots=True)
class Windows:
    """The counts that an estimate uses: rows of titles and donors that count, and the columns before and after."""

    titles: tuple[str, ...]
    donors: tuple[str, ...]
    ours: FloatArray
    theirs: FloatArray
    before: slice
    after: slice
    left_out: tuple[LeftOut, ...] = ()


def uplift(counts: Counts, registration: Registration, withdrawn: Collection[str] = ()) -> Uplift:
    """The registered comparison on `counts`.

    `withdrawn`: titles that left before the event; they are named, not counted. A title that left later stays, as it was meant
    to be shown. Raises ImpactError where counts are missing, or fewer than two titles or two donors can be used. Source:
    difference-in-differences on group means with t intervals, Donald and Lang, Review of Economics and Statistics 89 (2007)
    221; degrees of freedom by Satterthwaite, Biometrics Bulletin 2 (1946) 110.
    """
    windows = usable(counts, registration, withdrawn)
    return estimate(windows, registration)


def usable(counts: Counts, registration: Registration, withdrawn: Collection[str] = ()) -> Windows:
    """The rows that can be used, by what was registered. Raises ImpactError where fewer than two titles or donors are left."""
    unknown = sorted(set(withdrawn) - {*registration.titles, *registration.donors})
    if unknown:
        raise ImpactError(f"withdrawn: {', '.join(unknown)} is not registered.")
    event = month_number(registration.event)
    before = counts.columns(event - registration.before, registration.before)
    after = counts.columns(event + registration.skip, registration.after)
    left_out: list[LeftOut] = []
    kept = []
    for donor, titles in ((False, registration.titles), (True, registration.donors)):
        faults = dict(_reasons(counts, registration, titles, before, after, withdrawn))
        left_out += [LeftOut(title, donor, why) for title, why in faults.items()]
        kept.append(tuple(title for title in titles if title not in faults))
        if len(kept[-1]) < 2:
            named = ", ".join(f"{title} ({why})" for title, why in faults.items())
            what = "donors" if donor else "titles"
            raise ImpactError(f"{what}: two are the least, and {len(kept[-1])} can be used; left out: {named}.")
    ours, theirs = (counts.rows(titles) for titles in kept)
    return Windows(kept[0], kept[1], ours, theirs, before, after, tuple(left_out))


def _reasons(
    counts: Counts, registration: Registration, titles: tuple[str, ...], before: slice, after: slice, withdrawn: Collection[str]
) -> Iterable[tuple[str, Why]]:
    """Each title that cannot be used. What happened after the event is no reason: leaving out by the outcome would bias it."""
    rows = counts.rows(titles)
    shares = [np.mean(~np.isnan(rows[:, window]), axis=1) for window in (before, after)]
    seen = np.minimum(*shares).tolist()
    bases = np.nansum(rows[:, before], axis=1).tolist()
    for title, observed, base in zip(titles, seen, bases, strict=True):
        if title in withdrawn:
            yield title, Why.WITHDRAWN
        elif observed < registration.observed or observed == 0:
            yield title, Why.NOT_OBSERVED
        elif base < registration.floor:
            yield title, Why.NO_BASE


def estimate(windows: Windows, registration: Registration) -> Uplift:
    """The estimate on windows that `usable` made."""
    own = log_ratios(windows.ours, windows.before, windows.after, registration.zero)
    weights = donor_weights(windows.ours, windows.theirs, windows.before, registration.nearest)
    compared = _donors_over_same_months(windows, weights, registration.zero)
    theirs = log_ratios(windows.theirs, windows.before, windows.after, registration.zero)
    found = _t_interval(own - compared, theirs, weights, registration.level)
    return Uplift(
        *found,
        titles=tuple(_effects(windows, own, compared)),
        donors=windows.donors,
        donors_worth=1 / float(np.sum(weights.mean(axis=0) ** 2)),
        left_out=windows.left_out,
        digest=registration.digest,
    )


def _donors_over_same_months(windows: Windows, weights: FloatArray, zero: float) -> FloatArray:
    """The weighted mean log ratio of each title's donors over the months in which the title was observed, shape (titles,)."""
    compared = np.empty(len(weights))
    patterns, which = np.unique(~np.isnan(windows.ours), axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        ratios = log_ratios(np.where(pattern, windows.theirs, np.nan), windows.before, windows.after, zero)
        rows = weights[which == number] * ~np.isnan(ratios)
        if not np.all(rows.sum(axis=1) > 0):
            raise ImpactError(f"No donor is observed in the same months as {windows.titles[int(np.argmax(which == number))]}.")
        compared[which == number] = rows @ np.nan_to_num(ratios) / rows.sum(axis=1)
    return compared


def _t_interval(
    effects: FloatArray, donors: FloatArray, weights: FloatArray, level: float
) -> tuple[Interval, Interval, float, float, float, float, float]:
    """`log`, `lift`, `standard_error`, `df`, `p_gain`, `spread`, `donor_spread` of an `Uplift`."""
    mean, spread, donor_spread = float(effects.mean()), float(effects.std(ddof=1)), float(donors.std(ddof=1))
    from_titles = spread**2 / len(effects)
    from_donors = donor_spread**2 * float(np.sum(weights.mean(axis=0) ** 2))
    error = math.sqrt(from_titles + from_donors)
    df = satterthwaite((from_titles, len(effects) - 1), (from_donors, len(donors) - 1))
    half = t_quantile(level, df) * error
    log = Interval(mean, mean - half, mean + half, level)
    p_gain = float(special.stdtr(df, -mean / error)) if error > 0 else float(mean <= 0)
    return log, log.mapped(math.exp), error, df, p_gain, spread, donor_spread


def satterthwaite(*parts: tuple[float, float]) -> float:
    """Degrees of freedom of a sum of variances, each given with its own; the least of them where all variances are 0."""
    total = sum(variance for variance, _ in parts)
    if total == 0:
        return min(df for _, df in parts)
    return 1 / sum((variance / total) ** 2 / df for variance, df in parts)


def _effects(windows: Windows, own: FloatArray, compared: FloatArray) -> Iterable[TitleEffect]:
    """One `TitleEffect` a title, in the registered order."""
    before, after = rates(windows.ours[:, windows.before]), rates(windows.ours[:, windows.after])
    for index, title in enumerate(windows.titles):
        ratios = math.exp(own[index]), math.exp(compared[index])
        yield TitleEffect(title, float(before[index]), float(after[index]), *ratios)

"""Would the comparison have seen a gain where there was none? The same estimate at earlier dates, and on donors."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from .counts import Counts, log_ratios, month_name, month_number
from .faults import ImpactError, at_least
from .interval import Interval
from .registration import Registration
from .uplift import uplift, usable


@dataclass(frozen=True, slots=True)
class PlaceboDate:
    """The estimate as if the event had been in `month`, in log units; nothing happened then."""

    month: str
    log: Interval


@dataclass(frozen=True, slots=True)
class PlaceboDates:
    """All earlier dates that the counts allow, in their order; they overlap, so they are not independent of each other.

    `largest`: the greatest distance from 0, log units. `alarms`: the share whose interval lies wholly above 0 (nominally half
    of 1 - level). `p`: rank of the real estimate among them, (1 + those at least as far from 0) / (1 + all).
    """

    dates: tuple[PlaceboDate, ...]
    largest: float
    alarms: float
    p: float


def placebo_dates(counts: Counts, registration: Registration, withdrawn: Collection[str] = ()) -> PlaceboDates:
    """The registered comparison at every date whose windows end before the event; where too few titles had a base, there is none.

    Raises ImpactError where the counts begin too late for any. Source: placebo dates ("in-time placebos"), Abadie, Diamond and
    Hainmueller, American Journal of Political Science 59 (2015) 495.
    """
    event, first = month_number(registration.event), month_number(counts.first)
    months = range(first + registration.before, event - registration.skip - registration.after + 1)
    if not months:
        needed = registration.before + registration.skip + registration.after
        raise ImpactError(
            f"A placebo date needs {needed} months of counts before {registration.event}; there are {event - first}."
        )
    real = uplift(counts, registration, withdrawn).log.estimate
    found = [date for month in months for date in _at(counts, registration, month_name(month), withdrawn)]
    if not found:
        raise ImpactError("At no earlier date could two titles be compared with two donors.")
    logs = [date.log for date in found]
    far = [abs(log.estimate) for log in logs]
    p = (1 + sum(one >= abs(real) for one in far)) / (1 + len(far))
    return PlaceboDates(tuple(found), max(far), sum(log.low > 0 for log in logs) / len(logs), p)


def _at(counts: Counts, registration: Registration, month: str, withdrawn: Collection[str]) -> Iterator[PlaceboDate]:
    """One placebo date, or none where too little can be compared."""
    with suppress(ImpactError):
        yield PlaceboDate(month, uplift(counts, replace(registration, event=month), withdrawn).log)


@dataclass(frozen=True, slots=True)
class PlaceboTitles:
    """As many donors as there are titles, drawn `draws` times, against the other donors.

    `p`: share of draws with at least the real gain (one-sided, the real one counted in). `low`, `high`: where the middle
    `level` of the draws lies, log units: what chance alone makes of so few titles.
    """

    draws: int
    low: float
    high: float
    p: float


def placebo_titles(
    counts: Counts, registration: Registration, withdrawn: Collection[str] = (), *, draws: int = 2_000, seed: int = 1
) -> PlaceboTitles:
    """The comparison of drawn donors with the rest, all donors alike, on the registered windows; the same for the same seed.

    Raises ImpactError where there are not two donors more than titles. Source: permutation of the treatment, Abadie, Diamond
    and Hainmueller, JASA 105 (2010) 493.
    """
    at_least("draws", draws, 1)
    windows = usable(counts, replace(registration, nearest=0), withdrawn)
    ratios = log_ratios(windows.theirs, windows.before, windows.after, registration.zero)
    size, all_donors = len(windows.titles), len(ratios)
    if all_donors < size + 2:
        raise ImpactError(f"donors: {size + 2} are needed to draw {size} of them as placebo titles; {all_donors} can be used.")
    own = log_ratios(windows.ours, windows.before, windows.after, registration.zero)
    real = float(own.mean() - ratios.mean())
    generator = np.random.default_rng(seed)
    drawn = np.argsort(generator.random((draws, all_donors)), axis=1)[:, :size]
    means = np.sort(ratios)[drawn].mean(axis=1)
    gains = means - (ratios.sum() - size * means) / (all_donors - size)
    low, high = np.quantile(gains, [0.5 - registration.level / 2, 0.5 + registration.level / 2])
    return PlaceboTitles(draws, float(low), float(high), float(1 + np.sum(gains >= real)) / (1 + draws))

"""How far the answer hangs on what was registered: the same counts, looked at in other ways, and how much bias would undo
it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np

from .counts import Counts, log_ratios
from .faults import ImpactError
from .interval import Interval
from .registration import Registration
from .uplift import estimate, uplift, usable


@dataclass(frozen=True, slots=True)
class Variant:
    """The estimate in another way, log units. `way` is one of `without` (with the title left out), `nearest` (donors a title;
    0: all), `zero` (the count added), `before`, `after` (months), `trimmed` (donors without the outer twentieths);
    `value` says which.
    """

    way: str
    value: str
    log: Interval


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All variants, the registered estimate, and `bias`: how far apart titles and donors would have to drift of themselves (log
    units; 0.1 is 10 %) for the interval to reach 0. 0 where it reaches it already.
    """

    registered: Interval
    variants: tuple[Variant, ...]
    bias: float

    @property
    def span(self) -> tuple[float, float]:
        """The least and the greatest estimate of all ways, log units."""
        found = [self.registered.estimate, *(variant.log.estimate for variant in self.variants)]
        return min(found), max(found)


def sensitivity(counts: Counts, registration: Registration, withdrawn: Collection[str] = ()) -> Sensitivity:
    """Every variant that the counts allow; a variant for which there is too little is not there.

    Raises ImpactError as `uplift` does. Source of the bias that would undo a finding: Rambachan and Roth, Review of Economic
    Studies 90 (2023) 2555 (their bound on a constant difference of trends).
    """
    registered = uplift(counts, registration, withdrawn).log
    found = []
    for way, value, changed in _changes(registration):
        try:
            found.append(Variant(way, value, uplift(counts, changed, _still(withdrawn, changed)).log))
        except ImpactError:
            continue
    found += _trimmed(counts, registration, withdrawn)
    return Sensitivity(registered, tuple(found), max(0.0, registered.low, -registered.high))


def _changes(registration: Registration) -> Iterator[tuple[str, str, Registration]]:
    """What else might have been registered, one change at a time."""
    for title in registration.titles if len(registration.titles) > 2 else ():
        rest = tuple(other for other in registration.titles if other != title)
        yield "without", title, replace(registration, titles=rest)
    for nearest in sorted({0, 5, 10, 20} - {registration.nearest}):
        yield "nearest", str(nearest), replace(registration, nearest=nearest)
    for zero in (0.25, 1.0):
        yield "zero", str(zero), replace(registration, zero=zero)
    for name in ("before", "after"):
        months = getattr(registration, name)
        for other in sorted({max(1, months // 2), months * 2} - {months}):
            yield name, str(other), replace(registration, **{name: other})


def _still(withdrawn: Collection[str], registration: Registration) -> list[str]:
    """Those withdrawn who are still registered."""
    return [title for title in withdrawn if title in {*registration.titles, *registration.donors}]


def _trimmed(counts: Counts, registration: Registration, withdrawn: Collection[str]) -> Iterator[Variant]:
    """Without the donors whose log ratio is among the lowest or the highest twentieth, where two are left."""
    windows = usable(counts, registration, withdrawn)
    ratios = log_ratios(windows.theirs, windows.before, windows.after, registration.zero)
    low, high = np.quantile(ratios, [0.05, 0.95])
    kept = np.flatnonzero((ratios >= low) & (ratios <= high))
    if len(kept) >= 2:
        fewer = replace(windows, donors=tuple(windows.donors[index] for index in kept), theirs=windows.theirs[kept])
        yield Variant("trimmed", "0.05", estimate(fewer, registration).log)

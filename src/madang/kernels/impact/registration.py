"""What is written down before the event, so that nothing is chosen after its effect is seen."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, fields

from .counts import month_number
from .faults import ImpactError, amount, at_least, no_doubles, share, within


@dataclass(frozen=True, slots=True)
class Registration:
    """Which titles are compared with which donors, on which measure, over which months, and how.

    `measure`: code and version of what is counted. `event`: the first month after ("2026-09"). `before`, `after`: months in
    each window; `skip`: months from `event` on that are counted in neither. `level`: of the interval. `zero`: counts added
    (see `log_ratios`). `floor`: counts that a title must have in the window before, or it has no base. `observed`: share of
    each window's months that must be observed. `nearest`: how many donors are taken for each title, those most like it before
    (0: all). `registered`: the day, ISO. Raises ImpactError where it makes no sense.
    """

    measure: str
    titles: tuple[str, ...]
    donors: tuple[str, ...]
    event: str
    before: int = 12
    after: int = 12
    skip: int = 0
    level: float = 0.90
    zero: float = 0.5
    floor: float = 1.0
    observed: float = 0.5
    nearest: int = 10
    registered: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "titles", tuple(self.titles))
        object.__setattr__(self, "donors", tuple(sorted(self.donors)))
        month_number(self.event)
        no_doubles("titles and donors", [*self.titles, *self.donors])
        if len(self.titles) < 2 or len(self.donors) < 2:
            raise ImpactError(f"Two titles and two donors are the least; there are {len(self.titles)} and {len(self.donors)}.")
        at_least("before", self.before, 1)
        at_least("after", self.after, 1)
        at_least("skip", self.skip, 0)
        at_least("nearest", self.nearest, 0)
        if self.registered:
            _day(self.registered)
        within("level", self.level)
        amount("zero", self.zero)
        amount("floor", self.floor)
        share("observed", self.observed)

    @property
    def in_time(self) -> bool | None:
        """Whether it was written down before the month of the event; None where no day is given."""
        return self.registered[:7] < self.event if self.registered else None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the registration as JSON with sorted keys; the order of titles and of donors does not matter."""
        plain: dict[str, object] = {field.name: getattr(self, field.name) for field in fields(self)}
        plain |= {"titles": sorted(self.titles), "donors": sorted(self.donors)}
        plain |= {name: float(getattr(self, name)) for name in ("level", "zero", "floor", "observed")}
        return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _day(text: str) -> None:
    """Raises ImpactError where `text` is not a day like 2026-09-01."""
    try:
        read = dt.date.fromisoformat(text).isoformat()
    except ValueError:
        read = ""
    if read != text:
        raise ImpactError(f"registered: {text!r} is not a day; write it like 2026-09-01.")

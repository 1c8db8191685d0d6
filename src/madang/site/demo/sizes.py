"""How large the demo edition is, and the moments at which it can be opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from madang.markets.models import Stage

ZONE = ZoneInfo("Asia/Seoul")
SEED = 2025
DAYS = (dt.date(2025, 5, 28), dt.date(2025, 5, 29), dt.date(2025, 5, 30))
MOMENTS = {
    Stage.REGISTRATION: dt.datetime(2025, 3, 10, 10, 0, tzinfo=ZONE),
    Stage.MEETINGS: dt.datetime(2025, 5, 12, 10, 0, tzinfo=ZONE),
    Stage.LIVE: dt.datetime(2025, 5, 29, 10, 40, tzinfo=ZONE),
    Stage.AFTER: dt.datetime(2025, 6, 10, 10, 0, tzinfo=ZONE),
}
"""The edition's "now" when the demo is started at a stage."""
PUBLISHED_AT = dt.datetime(2025, 5, 23, 18, 0, tzinfo=ZONE)
"""When the demo's timetable was published, in the demo's own history."""


@dataclass(frozen=True)
class Size:
    """Numbers of rows. The first two are the figures that the Busan Content Market published for 2025."""

    companies: int = 688
    professionals: int = 2202
    titles: int = 900
    mandates: int = 500
    requests: int = 9600
    tables: int = 140
    booths: int = 120
    press: int = 40
    guests: int = 30
    entries: int = 220

    def scaled(self, share: float) -> Size:
        """A smaller edition, for tests: every number times `share`, never less than 8."""
        return Size(**{name: max(8, round(value * share)) for name, value in vars(self).items()})

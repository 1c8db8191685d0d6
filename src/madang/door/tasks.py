"""What happens at the doors by itself as time goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from madang.door.actions.release import release_due
from madang.markets.models import Edition

EVERY_MINUTE: list[Callable[[Edition, dt.datetime], object]] = [release_due]
"""As in `meetings.tasks`: each does again what is still to do, and nothing twice."""

"""What happens to outcomes by itself as time goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from madang.markets.models import Edition
from madang.outcomes.actions.rounds import open_due_rounds, remind_due
from madang.outcomes.tasks_across import every_night

EVERY_MINUTE: list[Callable[[Edition, dt.datetime], object]] = [open_due_rounds, remind_due, every_night]
"""As in `meetings.tasks`: each does again what is still to do, and nothing twice."""

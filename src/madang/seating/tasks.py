"""What happens to places by itself as time goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from madang.markets.models import Edition
from madang.seating.actions.flowing import expire_holds, flow_allotments, serve_waiting
from madang.seating.actions.moved import tell_moves

EVERY_MINUTE: list[Callable[[Edition, dt.datetime], object]] = [expire_holds, flow_allotments, serve_waiting, tell_moves]
"""As in `meetings.tasks`: each does again what is still to do, and nothing twice."""

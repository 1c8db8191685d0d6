"""What happens to deals by itself as time goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from madang.deals.actions.offers import expire_documents
from madang.markets.models import Edition

EVERY_MINUTE: list[Callable[[Edition, dt.datetime], object]] = [expire_documents]
"""As in `meetings.tasks`: each does again what is still to do, and nothing twice."""

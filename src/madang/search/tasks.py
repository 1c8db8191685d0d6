"""What happens to search by itself as time goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from madang.markets.models import Edition, Stage
from madang.search.actions.refreshing import refresh_if_changed
from madang.search.actions.telling import tell_news

EVERY_MINUTE: list[Callable[[Edition, dt.datetime], object]] = [refresh_if_changed, tell_news]
"""As in `meetings.tasks`: each does again what is still to do, and nothing twice."""


def refresh_early() -> None:
    """Editions in preparation have no other steps, but their organisers search."""
    for edition in Edition.objects.filter(stage=Stage.PREPARATION).order_by("pk"):
        refresh_if_changed(edition, timezone.now())

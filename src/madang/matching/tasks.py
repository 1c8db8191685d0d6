"""Work of this app: what somebody waits for, done by a worker, and what is made ready beforehand, by the clock."""

from __future__ import annotations

import datetime as dt

from django_tasks import task

from madang.markets.models import Edition
from madang.matching.actions import exposure
from madang.matching.queries.answers import prepare


@task()
def propose_meetings(run_key: str) -> None:
    """Compute the meetings of the run with this key; a run that has begun already is left alone."""
    exposure.propose_meetings(run_key)


def prepare_matches(edition: Edition, _now: dt.datetime) -> bool:
    """Make ready what pages of matches are computed from, where a title or an answer changed it."""
    return prepare(edition)


EVERY_MINUTE = [prepare_matches]
"""What the clock does for an edition."""

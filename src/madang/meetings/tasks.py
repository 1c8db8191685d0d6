"""Work of this app that somebody waits for, done by a worker; and what happens by itself as time goes on."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.utils import timezone
from django_tasks import task

from madang.markets.models import Edition, Stage
from madang.meetings.actions import compute, prices, publishing, repair
from madang.meetings.actions.followups import remind_follow_ups
from madang.meetings.actions.introductions import introduce
from madang.meetings.actions.proposals import lapse_proposals
from madang.meetings.actions.requests import expire_requests, remind_receivers
from madang.meetings.queries.letters import calendar_of
from madang.people.letters import letters_wait, mail_letters

log = logging.getLogger(__name__)

Step = Callable[[Edition, dt.datetime], object]

EVERY_MINUTE: list[Step] = [
    expire_requests,
    remind_receivers,
    lambda edition, now: introduce(edition),
    lapse_proposals,
    remind_follow_ups,
]
"""What is done for each edition when its clock has gone on to `now`. Each does again what is still to do, and nothing twice."""


def tick(now: dt.datetime | None = None, *, more: Iterable[Step] = ()) -> int:
    """Do what time has made due in every edition; `now` is the real moment, `more`: steps of apps above this one.

    Gives the number of steps that failed.
    """
    moment, failed = now or timezone.now(), 0
    for edition in Edition.objects.exclude(stage=Stage.PREPARATION).order_by("pk"):
        for step in [*EVERY_MINUTE, *more]:
            try:
                step(edition, moment + edition.clock_shift)
            except Exception:  # one step that fails must not keep the others from being done
                log.exception("A step of every minute failed for %s", edition.slug)
                failed += 1
    if letters_wait():
        mail_notices.enqueue()
    return failed


@task()
def mail_notices(site: str = "") -> int:
    """Mail what is new, with calendar entries for those who want them; give back the number of letters."""
    return mail_letters(site, calendar_of)


@task()
def compute_timetable(run_key: str) -> None:
    """Compute the timetable of the run with this key; a run that has begun already is left alone."""
    compute.compute_timetable(run_key)


@task()
def price_dials(run_key: str) -> None:
    """Compare what each dial costs, for the run with this key; a run that has begun already is left alone."""
    prices.find_prices(run_key)


@task()
def publish_timetable(run_key: str, site: str = "") -> None:
    """Publish the draft of the run with this key, and have the letters mailed; a run that has begun already is left alone."""
    publishing.publish_run(run_key, after=lambda: mail_notices.enqueue(site))


@task()
def search_repair(run_key: str) -> None:
    """Search for the proposal of the run with this key; a run that has begun already is left alone."""
    repair.search_repair(run_key)

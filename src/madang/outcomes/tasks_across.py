"""Files of editions are made by a worker; each night the clock asks for those of every edition."""

from __future__ import annotations

import datetime as dt

from django_tasks import task

from madang.markets.models import Edition
from madang.outcomes.actions import across


@task()
def bring_up_to_date(run_key: str) -> None:
    """Carry out the run with this key; a run that has begun already is left alone."""
    across.carry_out_across(run_key)


@task()
def make_files(edition: int) -> None:
    """The files of one edition, where they are not as they should be."""
    across.make_files(Edition.objects.get(pk=edition))


def every_night(edition: Edition, now: dt.datetime) -> None:
    """Once a night at the venue: a step of the clock."""
    if across.claim_night(edition, now):
        make_files.enqueue(edition.pk)

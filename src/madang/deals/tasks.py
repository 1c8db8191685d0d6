"""What happens to deals by itself as time goes on; avails files, read and loaded by a worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django_tasks import task

from madang.deals.actions import avails_runs
from madang.deals.actions.offers import expire_documents
from madang.markets.models import Edition

EVERY_MINUTE: list[Callable[[Edition, dt.datetime], object]] = [expire_documents]
"""As in `meetings.tasks`: each does again what is still to do, and nothing twice."""


@task()
def read_avails(run_key: str) -> None:
    """Read and compare; an import that has begun already is left alone."""
    avails_runs.read_avails_import(run_key)


@task()
def load_avails(run_key: str) -> None:
    """Load a confirmed import."""
    avails_runs.load_avails_import(run_key)

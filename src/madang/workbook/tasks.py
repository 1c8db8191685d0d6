"""Reading and loading workbooks, done by a worker."""

from __future__ import annotations

from django_tasks import task

from madang.markets.models import Edition
from madang.search.actions.refreshing import refresh
from madang.workbook import actions


@task()
def read_workbook(run_key: str) -> None:
    """Read and compare; an import that has begun already is left alone."""
    actions.read_import(run_key)


@task()
def load_workbook(run_key: str) -> None:
    """Load a confirmed import."""
    actions.load_import(run_key)
    if edition := Edition.objects.filter(importruns__key=run_key).first():
        refresh(edition)

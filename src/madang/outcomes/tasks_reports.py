"""Work of reports that somebody waits for, done by a worker."""

from __future__ import annotations

from django_tasks import task

from madang.outcomes.actions.report_files import carry_out_files
from madang.outcomes.actions.reports import carry_out_freezing


@task()
def freeze(run_key: str, names: dict[str, str], replaces: int | None) -> None:
    """Freeze a report under these names."""
    carry_out_freezing(run_key, names, replaces)


@task()
def make_files(run_key: str) -> None:
    """Make the files of the run's report."""
    carry_out_files(run_key)

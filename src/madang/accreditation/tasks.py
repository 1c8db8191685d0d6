"""Work of this app that somebody waits for, done by a worker."""

from __future__ import annotations

from django_tasks import task

from madang.accreditation.actions import order_imports, printing


@task()
def print_badges(run_key: str) -> None:
    """Draw the badges of a run."""
    printing.print_badges(run_key)


@task()
def work_on_orders(run_key: str) -> None:
    """Read an export of the ticket shop, or load one that was confirmed."""
    order_imports.carry_out_import(run_key)

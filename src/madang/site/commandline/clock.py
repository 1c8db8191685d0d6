"""`madang tick`: what time has made due, done once, or over and over (`madang serve` runs it so)."""

from __future__ import annotations

import argparse
import time
from typing import Any

MINUTE = 60.0


def add_commands(commands: Any) -> None:
    """Add `madang tick`."""
    tick = commands.add_parser("tick", help="do what time has made due: expiries, reminders (serve does it every minute)")
    tick.add_argument("--every", type=float, metavar="SECONDS", help="go on, with so many seconds between")
    tick.set_defaults(run=run_tick)


def run_tick(given: argparse.Namespace) -> int:
    """Once, with 1 where a step failed; with --every until told to end."""
    from madang.meetings.tasks import tick
    from madang.search.tasks import refresh_early

    if not given.every:
        refresh_early()
        return 1 if tick(more=every_minute()) else 0
    while True:
        tick_quietly()
        time.sleep(given.every)


def every_minute() -> list[Any]:
    """The steps of all apps besides meetings."""
    from madang.deals.tasks import EVERY_MINUTE as OF_DEALS
    from madang.door.tasks import EVERY_MINUTE as OF_DOORS
    from madang.matching.tasks import EVERY_MINUTE as OF_MATCHES
    from madang.outcomes.tasks import EVERY_MINUTE as OF_OUTCOMES
    from madang.search.tasks import EVERY_MINUTE as OF_SEARCH
    from madang.seating.tasks import EVERY_MINUTE as OF_SEATS
    from madang.selection.tasks import EVERY_MINUTE as OF_CALLS

    return [*OF_CALLS, *OF_DEALS, *OF_DOORS, *OF_OUTCOMES, *OF_SEATS, *OF_SEARCH, *OF_MATCHES]


def tick_quietly() -> None:
    """One round; a database that is away or busy is asked again at the next."""
    from django.db import DatabaseError, close_old_connections

    from madang.meetings.tasks import tick
    from madang.search.tasks import refresh_early

    try:
        close_old_connections()
        refresh_early()
        tick(more=every_minute())
    except DatabaseError as fault:
        print(f"The clock could not read the database: {fault}", flush=True)
